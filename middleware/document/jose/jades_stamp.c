/* SPDX-License-Identifier: BSD-2-Clause */
/* sigTst made, and put into signatures that are there. */
#include "document/jose/jades_stamp.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "document/cert.h"
#include "document/extend/lacking.h"
#include "document/jose/jades_read.h"
#include "document/json.h"
#include "util/file.h"
#include "util/hex.h"

#define TOKEN_MAX (1u << 20)

static const struct doc_refusal is_compact = {REASON_ID("jws-compact"),
    MSG_ID("a JWS in its compact form has no place for a time stamp"),
    MSG_ID("Sign the file again with --flattened or --general.")};
static const struct doc_refusal is_odd = {REASON_ID("jws-unprotected"),
    MSG_ID("its unprotected header cannot be added to: etsiU is no list of one kind, or a number "
	   "in it would change"),
    MSG_ID("Extend it with the program that has made it.")};

/* A member of etsiU as JSON. */
static enum ecert_rc make(doc_stamp_fn *stamp, void *ctx, struct rd value, struct buf *out)
{
	struct buf token = BUF_INIT(TOKEN_MAX);
	enum ecert_rc rc = stamp(ctx, value, &token);

	if (rc == ECERT_OK && buf_len(&token)) {
		buf_str(out, "{\"sigTst\":{\"tstTokens\":[{\"val\":\"");
		b64_put(out, buf_view(&token));
		buf_str(out, "\"}]}}");
		rc = buf_rc(out);
	}
	buf_free(&token);
	return rc;
}

enum ecert_rc jades_put_stamp(doc_stamp_fn *stamp, void *ctx, struct rd value, struct buf *out)
{
	struct buf json = BUF_INIT(2 * TOKEN_MAX);
	enum ecert_rc rc = make(stamp, ctx, value, &json);

	if (rc == ECERT_OK) {
		b64url_put(out, buf_view(&json));
		rc = buf_rc(out);
	}
	buf_free(&json);
	return rc;
}

/* ---- signatures that are there ---- */
/* The object that one signature is in. */
static json_t *object_of(const struct jades *j, size_t i)
{
	return j->form == DOC_JSON_GENERAL
		   ? json_array_get(json_object_get(j->root, "signatures"), i)
		   : j->root;
}

/* 5.3.1: all members of etsiU are of one kind. */
static bool is_list(const json_t *list)
{
	if (list && (!json_is_array(list) || !json_array_size(list)))
		return false;
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *v = json_array_get(list, i);

		if ((!json_is_string(v) && !json_is_object(v)) ||
		    json_typeof(v) != json_typeof(json_array_get(list, 0)))
			return false;
	}
	return true;
}

static const struct doc_refusal *refusal_of(
    const struct doc_extend_options *o, const struct jades *j, struct rd text)
{
	char number[64];

	if (j->form == DOC_JSON_COMPACT)
		return &is_compact;
	if (json_number_lost(text, number, sizeof number))
		return &is_odd;
	for (size_t i = 0; i < j->n; i++) {
		const json_t *header = json_object_get(object_of(j, i), "header");

		if (doc_is_stamped(&o->found->signer[i]))
			continue;
		if (o->found->signer[i].stamps_n >= DOC_STAMPS_MAX)
			return &doc_stamps_full;
		if (!is_list(json_object_get(header, "etsiU")))
			return &is_odd;
	}
	return NULL;
}

/* As the members that are there are. */
static json_t *member_of(const json_t *list, struct rd json)
{
	struct buf coded = BUF_INIT(3 * TOKEN_MAX);
	json_t *v = NULL;

	if (json_is_object(json_array_get(list, 0)))
		return json_loadb((const char *)json.p, json.n, 0, NULL);
	b64url_put(&coded, json);
	if (buf_rc(&coded) == ECERT_OK)
		v = json_stringn((const char *)buf_view(&coded).p, buf_len(&coded));
	buf_free(&coded);
	return v;
}

/* The list, made when there is none; a view. */
static json_t *list_in(json_t *object)
{
	json_t *header = json_object_get(object, "header");

	if (!header && json_object_set_new(object, "header", json_object()) == 0)
		header = json_object_get(object, "header");
	if (header && !json_object_get(header, "etsiU") &&
	    json_object_set_new(header, "etsiU", json_array()) != 0)
		return NULL;
	return json_object_get(header, "etsiU");
}

static enum ecert_rc add_stamp(const struct doc_extend_options *o, const struct jades *j, size_t i)
{
	struct buf json = BUF_INIT(2 * TOKEN_MAX);
	json_t *list;
	enum ecert_rc rc = make(o->stamp, o->stamp_ctx, j->v[i].value, &json);

	if (rc == ECERT_OK && !buf_len(&json))
		rc = ECERT_E_NO_SERVICE;
	if (rc == ECERT_OK) {
		list = list_in(object_of(j, i));
		if (!list || json_array_append_new(list, member_of(list, buf_view(&json))) != 0)
			rc = ECERT_E_MEMORY;
	}
	buf_free(&json);
	return rc;
}

static enum ecert_rc put_all(const struct jades *j, doc_content_fn *put, void *ctx)
{
	char *text = json_text(j->root, JSON_COMPACT | JSON_PRESERVE_ORDER);
	enum ecert_rc rc = text ? put(ctx, rd_of(text, strlen(text))) : ECERT_E_MEMORY;

	free(text);
	return rc == ECERT_OK ? put(ctx, rd_of("\n", 1)) : rc;
}

static enum ecert_rc extend(const struct doc_extend_options *o, struct rd text, doc_content_fn *put,
    void *ctx, const struct doc_refusal **why)
{
	struct jades j;
	enum reason reason;
	const char *defect = jades_read(text, &j, &reason);
	/* It is another file than the one that was verified. */
	enum ecert_rc rc = defect || j.n != o->found->n ? ECERT_E_IO : ECERT_OK;

	if (rc == ECERT_OK)
		*why = refusal_of(o, &j, text);
	for (size_t i = 0; rc == ECERT_OK && !*why && i < j.n; i++)
		if (!doc_is_stamped(&o->found->signer[i]))
			rc = add_stamp(o, &j, i);
	if (rc == ECERT_OK && !*why)
		rc = put_all(&j, put, ctx);
	jades_free(&j);
	return rc;
}

enum ecert_rc jades_extend(const struct doc_extend_options *o, int fd, int content_fd,
    doc_content_fn *put, void *ctx, const struct doc_refusal **why)
{
	struct buf text = BUF_INIT(DOC_SIGNATURE_MAX / 3 * 4);
	enum ecert_rc rc = lseek(fd, 0, SEEK_SET) < 0 ? ECERT_E_IO : file_read_fd(fd, &text);

	(void)content_fd;
	*why = NULL;
	if (rc == ECERT_OK)
		rc = extend(o, buf_view(&text), put, ctx, why);
	buf_free(&text);
	return rc;
}
