/* SPDX-License-Identifier: BSD-2-Clause */
/* The payload of a JAdES signature, and files in its place (RFC 7515, F; TS 119 182-1, 5.2.8). */
#include "document/jose/jades_content.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "document/cms/profile/cades_told.h"
#include "util/file.h"
#include "util/hex.h"

/* One of its signatures says by name what it is about. */
static bool names_files(const struct jades *doc)
{
	for (size_t i = 0; i < doc->n; i++)
		if (json_object_get(doc->v[i].header, "sigD"))
			return true;
	return false;
}

const char *jades_content_read(const struct jades *doc, int fd, bool plain,
    const struct doc_verify_options *o, struct jades_content *out, enum reason *reason)
{
	*out = (struct jades_content){.o = o, .coded = doc->payload, .plain = plain, .fd = fd};
	buf_init(&out->decoded, DOC_SIGNATURE_MAX);
	buf_init(&out->file, DOC_SIGNATURE_MAX);
	buf_init(&out->text, DOC_SIGNATURE_MAX / 3 * 4 + 4);
	if (!doc->payload.n && fd < 0 && !(o->beside && names_files(doc))) {
		*reason = REASON_NO_CONTENT;
		return MSG_ID("the signed content is neither inside nor given");
	}
	*reason = REASON_NOT_A_SIGNATURE;
	if (!plain && b64url_get(doc->payload, &out->decoded) != ECERT_OK)
		return MSG_ID("what is inside is not base64url");
	out->bytes = plain ? doc->payload : buf_view(&out->decoded);
	out->size = out->bytes.n;
	return NULL;
}

void jades_content_free(struct jades_content *c)
{
	free(c->members);
	buf_free(&c->decoded);
	buf_free(&c->file);
	buf_free(&c->text);
}

/* A pipe is read once; signatures that want it in several ways are rare. */
static enum ecert_rc from_beginning(struct jades_content *c)
{
	bool again = c->used;

	c->used = true;
	return !again || lseek(c->fd, 0, SEEK_SET) == 0 ? ECERT_OK : ECERT_E_IO;
}

/* All of it, once. */
static enum ecert_rc read_file(struct jades_content *c)
{
	enum ecert_rc rc = ECERT_OK;

	if (c->whole)
		return ECERT_OK;
	rc = from_beginning(c);
	if (rc == ECERT_OK)
		rc = file_read_fd(c->fd, &c->file);
	c->whole = rc == ECERT_OK;
	c->size = buf_len(&c->file);
	if (rc == ECERT_OK && c->o->progress &&
	    !c->o->progress(c->o->progress_ctx, c->size, c->size))
		rc = ECERT_E_CANCELLED;
	return rc;
}

enum ecert_rc jades_content_digest(
    struct jades_content *c, const EVP_MD *md, bool coded, struct rd *out)
{
	size_t i = 0;
	enum ecert_rc rc = ECERT_OK;

	while (i < c->digests && (c->digest[i].md != md || c->digest[i].coded != coded))
		i++;
	i = i < JADES_DIGESTS_MAX ? i : 0;
	if (i >= c->digests || c->digest[i].md != md || c->digest[i].coded != coded) {
		rc = from_beginning(c);
		if (rc == ECERT_OK)
			rc = jades_object_digest(
			    c->fd, md, coded, c->o->progress, c->o->progress_ctx, &c->digest[i].d);
		c->digest[i].md = md;
		c->digest[i].coded = coded;
		c->digests = i >= c->digests ? i + 1 : c->digests;
		c->size = c->digest[i].d.size;
	}
	*out = rd_of(c->digest[i].d.value, c->digest[i].d.len);
	return rc;
}

static void tell(struct report *rep, enum reason reason, const char *why)
{
	report_add_why(rep, CHK_CONTENT_DIGEST, reason_state(reason), reason, MSG(why));
}

static void tell_itself(struct report *rep)
{
	report_add(rep, CHK_CONTENT_DIGEST, CHECK_SKIPPED,
	    MSG("none is signed: the signature is over the content itself"));
}

static enum ecert_rc check_inside(
    struct jades_content *c, struct rd *over, bool *known, struct report *rep)
{
	enum ecert_rc rc = c->fd >= 0 ? read_file(c) : ECERT_OK;

	*over = c->coded;
	*known = true;
	if (c->fd >= 0 && (rc == ECERT_E_TOO_LARGE ||
			      (rc == ECERT_OK && !rd_equal(buf_view(&c->file), c->bytes))))
		tell(rep, REASON_CONTENT_CHANGED, MSG_ID("the content inside is not the file"));
	else
		tell_itself(rep);
	return rc == ECERT_E_TOO_LARGE ? ECERT_OK : rc;
}

/* The signature is over the file. */
static enum ecert_rc check_itself(struct jades_content *c, const struct jades_header *h,
    struct rd *over, bool *known, struct report *rep)
{
	enum ecert_rc rc = read_file(c);

	if (rc == ECERT_E_TOO_LARGE) {
		report_add_why(rep, CHK_CONTENT_DIGEST, CHECK_UNKNOWN, REASON_NO_CONTENT,
		    MSG("the signature is over the file itself, which is larger than the {max} MiB "
			"that are read at once",
			P_NUMBER("max", DOC_SIGNATURE_MAX >> 20)));
		return ECERT_OK;
	}
	if (rc != ECERT_OK)
		return rc;
	if (!h->plain && !c->coded_whole) {
		b64url_put(&c->text, buf_view(&c->file));
		c->coded_whole = true;
		rc = buf_rc(&c->text);
	}
	*over = buf_view(h->plain ? &c->file : &c->text);
	*known = rc == ECERT_OK;
	tell_itself(rep);
	return rc;
}

/* 5.2.8.3.2: the only file that it names, beside the signature; another one than the signature
 * before named. */
static enum ecert_rc check_named(struct jades_content *c, const struct jades_header *h,
    const char *uri, struct rd *over, bool *known, struct report *rep)
{
	struct doc_member *row = NULL;
	enum ecert_rc rc = jades_files_open(c, uri, &c->fd, &row, rep);

	c->whole = c->coded_whole = c->used = false;
	buf_reset(&c->file);
	buf_reset(&c->text);
	if (rc == ECERT_OK && c->fd >= 0)
		rc = check_itself(c, h, over, known, rep);
	if (*known) {
		row->size = c->size;
		row->signatures++;
	}
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	return rc;
}

/* TS 119 182-1, 5.2.8.1: over the base64url of each file, unless b64 says that it is over itself.
 */
static enum ecert_rc check_digests(
    struct jades_content *c, const struct jades_header *h, time_t at, struct report *rep)
{
	const json_t *values = json_object_get(h->object, "hashV");
	const json_t *names = json_object_get(h->object, "pars");
	const EVP_MD *md = jades_object_md(json_string_value(json_object_get(h->object, "hashM")));

	if (!json_is_array(values) || json_array_size(values) != json_array_size(names)) {
		tell(rep, REASON_ATTRIBUTES_BAD,
		    MSG_ID("there are not as many digests as names of files"));
		return ECERT_OK;
	}
	if (!md) {
		tell(rep, REASON_ALGORITHM_UNKNOWN, MSG_ID("the digest algorithm is unknown"));
		return ECERT_OK;
	}
	return jades_files_check(c, h, md, at, rep);
}

enum ecert_rc jades_content_check(struct jades_content *c, const struct jades_header *h, time_t at,
    struct rd *over, bool *known, struct report *rep)
{
	const char *how = json_string_value(json_object_get(h->object, "mId"));
	const json_t *names = json_object_get(h->object, "pars");
	bool one;

	*over = rd_of(NULL, 0);
	*known = false;
	if (h->plain != c->plain) {
		tell(rep, REASON_ATTRIBUTES_BAD,
		    MSG_ID("its signatures have the content in different ways (RFC 7797, 6)"));
		return ECERT_OK;
	}
	if (c->coded.n && h->object) { /* told by the header's check */
		report_add(
		    rep, CHK_CONTENT_DIGEST, CHECK_SKIPPED, MSG("nobody can say what is signed"));
		return ECERT_OK;
	}
	if (c->coded.n)
		return check_inside(c, over, known, rep);
	if (how && !strcmp(how, JADES_BY_URI_HASH)) {
		*known = true;
		return check_digests(c, h, at, rep);
	}
	one = how && !strcmp(how, JADES_BY_URI) && json_array_size(names) == 1;
	if (c->fd < 0 && one && json_is_string(json_array_get(names, 0)))
		return check_named(
		    c, h, json_string_value(json_array_get(names, 0)), over, known, rep);
	if (c->fd < 0) {
		tell(rep, REASON_NO_CONTENT,
		    MSG_ID("the signed content is neither inside nor given"));
		return ECERT_OK;
	}
	if (!h->object || one)
		return check_itself(c, h, over, known, rep);
	report_add_why(rep, CHK_CONTENT_DIGEST, CHECK_UNKNOWN, REASON_NO_CONTENT,
	    MSG("what is signed is put together of several files or of parts of a message, "
		"which this version does not do"));
	return ECERT_OK;
}
