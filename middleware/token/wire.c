/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames, requests and answers. */
#include "token/wire.h"

#include <stddef.h>
#include <string.h>

#define RANGE(name, ...)	{__VA_ARGS__},
#define FIELD(name, most, kind) {most, kind},
#define SHAPE(TYPE, code, name, word, served, numbers, fields, answer)                             \
	[IPC_##TYPE] = {word, {numbers}, {fields}, answer},
static const struct wire_shape shapes[IPC_TYPE_END] = {IPC_REQUESTS(SHAPE, RANGE, FIELD)};

/* What the table's names stand for: the same places in each type's arguments. */
_Static_assert(offsetof(struct wire_request, arg.key_generate.policies) ==
		   offsetof(struct wire_request, number[2]),
    "named numbers");
_Static_assert(
    offsetof(struct wire_request, arg.confirm.nonce) == offsetof(struct wire_request, field[0]),
    "the first field");
_Static_assert(
    offsetof(struct wire_request, arg.key_import.part4) == offsetof(struct wire_request, field[4]),
    "the last field");

const struct wire_shape *wire_shape(uint8_t type)
{
	return type < IPC_TYPE_END && shapes[type].word ? &shapes[type] : NULL;
}

size_t wire_fields(const struct wire_shape *shape, size_t *least)
{
	size_t n = 0;

	*least = 0;
	for (; n < IPC_FIELDS && shape->field[n].kind != IPC_NO_FIELD; n++)
		*least += shape->field[n].kind != IPC_ADDED;
	return n;
}

bool wire_is_secret(uint8_t type)
{
	const struct wire_shape *shape = wire_shape(type);

	for (size_t i = 0; shape && i < IPC_FIELDS; i++)
		if (shape->field[i].kind == IPC_SECRET)
			return true;
	return false;
}

enum ecert_rc wire_in_range(const struct wire_request *q)
{
	const struct wire_shape *shape = wire_shape(q->type);

	if (!shape)
		return ECERT_E_ARG;
	for (size_t i = 0; i < IPC_NUMBERS; i++) {
		const struct wire_range *r = &shape->number[i];

		if (r->rc != ECERT_OK && (q->number[i] < r->least || q->number[i] > r->most))
			return r->rc;
	}
	return ECERT_OK;
}

uint8_t wire_ref(const struct wire_request *q)
{
	const struct wire_shape *shape = wire_shape(q->type);

	for (size_t i = 0; shape && i < IPC_NUMBERS; i++)
		if (shape->number[i].ref && q->number[i] <= shape->number[i].most)
			return (uint8_t)q->number[i];
	return 0;
}

/* ---- writing ---- */

enum ecert_rc wire_put_request(struct buf *out, const struct wire_request *q)
{
	const struct wire_shape *shape = wire_shape(q->type);
	size_t n = IPC_HEAD_LEN, most, least, fields;

	if (!shape)
		return ECERT_E_ARG;
	most = wire_fields(shape, &least);
	fields = q->fields != 0 ? q->fields : most;
	if (fields < least || fields > most)
		return ECERT_E_ARG;
	for (size_t i = 0; i < fields; i++) {
		if (q->field[i].n > shape->field[i].most)
			return ECERT_E_TOO_LARGE;
		n += 4 + q->field[i].n;
	}
	buf_u32(out, (uint32_t)n);
	buf_u8(out, IPC_VERSION);
	buf_u8(out, q->type);
	buf_u32(out, q->id);
	buf_u32(out, q->slot);
	buf_u32(out, q->generation);
	for (size_t i = 0; i < IPC_NUMBERS; i++)
		buf_u32(out, q->number[i]);
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

static enum ecert_rc get_numbers(struct rd *r, struct wire_request *out)
{
	enum ecert_rc rc = rd_u32(r, &out->id);

	if (rc == ECERT_OK)
		rc = rd_u32(r, &out->slot);
	if (rc == ECERT_OK)
		rc = rd_u32(r, &out->generation);
	for (size_t i = 0; rc == ECERT_OK && i < IPC_NUMBERS; i++)
		rc = rd_u32(r, &out->number[i]);
	return rc;
}

enum ecert_rc wire_get_request(struct rd body, struct wire_request *out)
{
	const struct wire_shape *shape;
	size_t fields, least;
	enum ecert_rc rc;

	memset(out, 0, sizeof *out);
	rc = get_head(&body, &out->type);
	shape = rc == ECERT_OK ? wire_shape(out->type) : NULL;
	if (rc == ECERT_OK && !shape)
		rc = ECERT_E_UNSUPPORTED;
	if (rc == ECERT_OK)
		rc = get_numbers(&body, out);
	if (rc != ECERT_OK)
		return rc;
	fields = wire_fields(shape, &least);
	for (size_t i = 0; rc == ECERT_OK && i < fields; i++) {
		out->field[i] = rd_of(body.p, 0);
		/* The end of the frame where a later field would begin. */
		if (body.n == 0 && i >= least)
			continue;
		rc = get_field(&body, shape->field[i].most, &out->field[i]);
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
