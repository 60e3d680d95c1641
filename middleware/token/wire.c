/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames, requests and answers. */
#include "token/wire.h"

#include <string.h>

#define SECRET_MAX_LEN 64 /* a management key in hexadecimal */

/* clang-format off */
static const struct wire_shape shapes[IPC_TYPE_END] = {
    [IPC_HELLO] = {"hello", 0, {0}, false, 0},
    [IPC_SLOTS] = {"slots", 0, {0}, false, 0},
    [IPC_SLOT] = {"slot", 0, {0}, false, 0},
    [IPC_WAIT] = {"wait", 0, {0}, false, 0},
    [IPC_CANCEL] = {"cancel", 0, {0}, false, 0},
    [IPC_INFO] = {"info", 0, {0}, false, 0},
    [IPC_LOGIN] = {"login", 1, {SECRET_MAX_LEN}, true, 0},
    [IPC_LOGOUT] = {"logout", 0, {0}, false, 0},
    [IPC_USER] = {"user", 0, {0}, false, 0},
    [IPC_LOGIN_ONCE] = {"login-once", 1, {SECRET_MAX_LEN}, true, 0},
    [IPC_CHANGE] = {"change", 2, {SECRET_MAX_LEN, SECRET_MAX_LEN}, true, 0},
    [IPC_UNBLOCK] = {"unblock", 2, {SECRET_MAX_LEN, SECRET_MAX_LEN}, true, 0},
    [IPC_KEY_GET] = {"key-get", 0, {0}, false, 0},
    [IPC_CERT_GET] = {"cert-get", 0, {0}, false, 0},
    [IPC_REFS] = {"refs", 0, {0}, false, 0},
    [IPC_ATTEST] = {"attest", 0, {0}, false, 0},
    [IPC_DATA_GET] = {"data-get", 0, {0}, false, 0},
    [IPC_USE] = {"use", 2, {IPC_DATA_MAX, 64}, false, 0},
    [IPC_KEY_GENERATE] = {"key-generate", 0, {0}, false, 0},
    [IPC_KEY_IMPORT] = {"key-import", 5, {512, 512, 512, 512, 512}, true, 0},
    [IPC_KEY_DELETE] = {"key-delete", 0, {0}, false, 0},
    [IPC_CERT_PUT] = {"cert-put", 1, {IPC_DATA_MAX}, false, 0},
    [IPC_DATA_PUT] = {"data-put", 1, {IPC_DATA_MAX}, false, 0},
    [IPC_LABEL_PUT] = {"label-put", 1, {32}, false, 0},
    [IPC_RANDOM] = {"random", 0, {0}, false, 0},
    [IPC_LET_WRITE] = {"let-write", 1, {SECRET_MAX_LEN}, true, 0},
    [IPC_NAMES] = {"names", 0, {0}, false, 0},
    [IPC_NAME_PUT] = {"name-put", 4, {TOKEN_ID_MAX, TOKEN_NAME_MAX, TOKEN_NAME_MAX, TOKEN_NAME_MAX}, false, 1},
    [IPC_CONFIRM] = {"confirm", 1, {IPC_NONCE_LEN}, false, 0},
};
/* clang-format on */

const struct wire_shape *wire_shape(uint8_t type)
{
	return type < IPC_TYPE_END && shapes[type].name != NULL ? &shapes[type] : NULL;
}

/* ---- writing ---- */

enum ecert_rc wire_put_request(struct buf *out, const struct wire_request *q)
{
	const struct wire_shape *shape = wire_shape(q->type);
	size_t n = IPC_HEAD_LEN,
	       fields = shape == NULL || q->fields != 0 ? q->fields : shape->fields;

	if (shape == NULL || fields + shape->added < shape->fields || fields > shape->fields)
		return ECERT_E_ARG;
	for (size_t i = 0; i < fields; i++) {
		if (q->field[i].n > shape->max[i])
			return ECERT_E_TOO_LARGE;
		n += 4 + q->field[i].n;
	}
	buf_u32(out, (uint32_t)n);
	buf_u8(out, IPC_VERSION);
	buf_u8(out, q->type);
	buf_u32(out, q->id);
	buf_u32(out, q->slot);
	buf_u32(out, q->generation);
	buf_u32(out, q->a);
	buf_u32(out, q->b);
	buf_u32(out, q->c);
	for (size_t i = 0; i < fields; i++) {
		buf_u32(out, (uint32_t)q->field[i].n);
		buf_rd(out, q->field[i]);
	}
	return buf_rc(out);
}

enum ecert_rc wire_put_answer(struct buf *out, const struct wire_answer *w)
{
	if (w->field.n > IPC_DATA_MAX)
		return ECERT_E_TOO_LARGE;
	buf_u32(out, (uint32_t)(16 + w->field.n));
	buf_u8(out, IPC_VERSION);
	buf_u8(out, w->type | IPC_ANSWER);
	buf_u32(out, w->id);
	buf_u16(out, (uint16_t)w->rc);
	buf_u32(out, w->a);
	buf_u32(out, (uint32_t)w->field.n);
	buf_rd(out, w->field);
	return buf_rc(out);
}

/* ---- reading ---- */

static enum ecert_rc get_u32s(struct rd *r, uint32_t *const *to, size_t n)
{
	enum ecert_rc rc = ECERT_OK;

	for (size_t i = 0; i < n && rc == ECERT_OK; i++)
		rc = rd_u32(r, to[i]);
	return rc;
}

static enum ecert_rc get_head(struct rd *r, uint8_t *type)
{
	uint8_t version;
	enum ecert_rc rc = rd_u8(r, &version);

	if (rc == ECERT_OK && version != IPC_VERSION)
		rc = ECERT_E_UNSUPPORTED;
	return rc == ECERT_OK ? rd_u8(r, type) : rc;
}

static enum ecert_rc get_field(struct rd *r, uint32_t max, struct rd *out)
{
	uint32_t n;
	enum ecert_rc rc = rd_u32(r, &n);

	if (rc == ECERT_OK && n > max)
		rc = ECERT_E_TOO_LARGE;
	return rc == ECERT_OK ? rd_take(r, n, out) : rc;
}

enum ecert_rc wire_get_request(struct rd body, struct wire_request *out)
{
	uint32_t *const numbers[] = {
	    &out->id, &out->slot, &out->generation, &out->a, &out->b, &out->c};
	const struct wire_shape *shape;
	enum ecert_rc rc;

	memset(out, 0, sizeof *out);
	rc = get_head(&body, &out->type);
	shape = rc == ECERT_OK ? wire_shape(out->type) : NULL;
	if (rc == ECERT_OK && shape == NULL)
		rc = ECERT_E_UNSUPPORTED;
	if (rc == ECERT_OK)
		rc = get_u32s(&body, numbers, sizeof numbers / sizeof numbers[0]);
	for (size_t i = 0; rc == ECERT_OK && i < shape->fields; i++) {
		out->field[i] = rd_of(body.p, 0);
		/* The end of the frame where a later field would begin. */
		if (body.n == 0 && i + shape->added >= shape->fields)
			continue;
		rc = get_field(&body, shape->max[i], &out->field[i]);
		out->fields++;
	}
	return rc == ECERT_OK ? rd_end(&body) : rc;
}

enum ecert_rc wire_get_answer(struct rd body, struct wire_answer *out)
{
	uint16_t code = 0;
	enum ecert_rc rc;

	memset(out, 0, sizeof *out);
	rc = get_head(&body, &out->type);
	if (rc == ECERT_OK && (out->type & IPC_ANSWER) == 0)
		rc = ECERT_E_MALFORMED;
	out->type &= (uint8_t)~IPC_ANSWER;
	if (rc == ECERT_OK)
		rc = rd_u32(&body, &out->id);
	if (rc == ECERT_OK)
		rc = rd_u16(&body, &code);
	if (rc == ECERT_OK && code >= ECERT_RC_COUNT)
		rc = ECERT_E_MALFORMED;
	out->rc = (enum ecert_rc)code;
	if (rc == ECERT_OK)
		rc = rd_u32(&body, &out->a);
	if (rc == ECERT_OK)
		rc = get_field(&body, IPC_DATA_MAX, &out->field);
	return rc == ECERT_OK ? rd_end(&body) : rc;
}
