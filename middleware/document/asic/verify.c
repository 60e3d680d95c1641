/* SPDX-License-Identifier: BSD-2-Clause */
/* Verifying a container: each CAdES in it over its manifest, and every reference of that; or over
 * the only file, as ASiC-S has it. XAdES names the files itself (xades.c). */
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "document/asic/verify_priv.h"
#include "document/cms/cades.h"
#include "document/cms/profile/cades_told.h"
#include "document/cert.h"
#include "util/file.h"

/* ---- digests of members ---- */
struct taking {
	struct asic_member *m;
	const struct doc_verify_options *o;
	bool out; /* it is asked for */
};

static enum ecert_rc take(void *ctx, struct rd part)
{
	const struct taking *t = ctx;
	enum ecert_rc rc = digest_set_update(&t->m->digests, part);

	if (rc == ECERT_OK && t->out)
		rc = t->o->content(t->o->content_ctx, part);
	return rc;
}

/* By every digest that is used anywhere: a member is unpacked once. */
static enum ecert_rc add_digests(const struct asic_job *j, struct digest_set *set)
{
	enum ecert_rc rc = ECERT_OK;

	for (size_t i = 0; i < j->n; i++)
		for (size_t k = 0; rc == ECERT_OK && k < j->sig[i].manifest.n; k++)
			if (j->sig[i].manifest.v[k].md)
				rc = digest_set_add(set, j->sig[i].manifest.v[k].md);
	return rc == ECERT_E_TOO_LARGE || rc == ECERT_E_CRYPTO ? ECERT_OK : rc;
}

static enum ecert_rc digest_member(
    struct asic_job *j, size_t i, const char **why, enum reason *reason)
{
	struct taking t = {&j->c.v[i], j->o, asic_is_wanted(j, &j->c.v[i]) && !j->put};
	enum ecert_rc rc = ECERT_OK;

	*why = NULL;
	if (t.m->read)
		return ECERT_OK;
	j->put = j->put || t.out;
	rc = add_digests(j, &t.m->digests);
	if (rc == ECERT_OK)
		rc = asic_read(&j->c, i, take, &t, why, reason);
	if (rc == ECERT_OK && !*why)
		rc = digest_set_final(&t.m->digests);
	t.m->read = rc == ECERT_OK && !*why;
	return rc;
}

/* ---- a signature over a manifest ---- */
static bool fits(const struct asic_member *m, const struct asic_reference *r)
{
	struct buf want = BUF_INIT(EVP_MAX_MD_SIZE), text = BUF_INIT(r->digest.n + 1);
	bool same;

	/* xsd:base64Binary may have blanks. */
	for (size_t i = 0; i < r->digest.n; i++)
		if (!strchr(" \t\r\n", r->digest.p[i]))
			buf_u8(&text, r->digest.p[i]);
	same = b64_get(buf_view(&text), &want) == ECERT_OK &&
	       rd_equal(buf_view(&want), digest_set_get(&m->digests, r->md));
	buf_free(&want);
	buf_free(&text);
	return same;
}

/* Why not, as an id with {name}; NULL: it is as it was signed. */
static enum ecert_rc check_reference(struct asic_job *j, const struct asic_reference *r,
    size_t *member, const char **why, enum reason *reason)
{
	enum ecert_rc rc;

	*why = NULL;
	*reason = REASON_CONTENT_CHANGED;
	if (!asic_find(&j->c, r->uri, member)) {
		*member = j->c.n;
		*reason = REASON_NO_CONTENT;
		*why = MSG_ID("{name}, which was signed, is not in the container");
		return ECERT_OK;
	}
	if (!r->md) {
		*reason = REASON_ALGORITHM_UNKNOWN;
		*why = MSG_ID("the digest algorithm of {name} is unknown");
		return ECERT_OK;
	}
	rc = digest_member(j, *member, why, reason);
	if (rc != ECERT_OK || *why)
		return rc;
	if (!digest_set_get(&j->c.v[*member].digests, r->md).n) {
		*reason = REASON_ALGORITHM_UNKNOWN;
		*why = MSG_ID("the digest algorithm of {name} is unknown");
	} else if (!fits(&j->c.v[*member], r)) {
		*reason = REASON_CONTENT_CHANGED;
		*why = MSG_ID("{name} is not what was signed");
	} else if (algorithm_ended(j->o->algorithms, algorithm_of_digest(r->md), j->o->now)) {
		*reason = REASON_ALGORITHM_OLD;
		*why = MSG_ID("{name} fits, but its digest is too old to rely on");
	} else {
		j->covers[*member]++;
	}
	return ECERT_OK;
}

/* Check "content" of every signer of it: all references, of which the first that does not hold is
 * told. */
static enum ecert_rc check_references(struct asic_job *j, struct asic_signature *s)
{
	const char *why = NULL;
	enum reason reason = REASON_NONE;
	enum ecert_rc rc = ECERT_OK;
	struct asic_member bad = {.size = 0};
	struct report rep;

	report_init(&rep);
	for (size_t i = 0; rc == ECERT_OK && i < s->manifest.n; i++) {
		const char *told;
		enum reason more;
		size_t member;

		rc = check_reference(j, &s->manifest.v[i], &member, &told, &more);
		if (told && (!why || (reason_state(reason) == CHECK_UNKNOWN &&
					 reason_state(more) == CHECK_FAILED))) {
			why = told;
			reason = more;
			bad.name = member < j->c.n ? j->c.v[member].name : s->manifest.v[i].uri;
		}
	}
	if (why)
		asic_tell(&rep, CHK_CONTENT, reason, why, &bad);
	else
		report_add(&rep, CHK_CONTENT, CHECK_OK,
		    MSG_N("{n} file, as it was signed", "{n} files, each as it was signed",
			s->manifest.n));
	for (size_t i = 0; i < s->r->n; i++)
		report_append(&s->r->signer[i].report, &rep);
	return rc;
}

static enum ecert_rc write_part(void *ctx, struct rd part)
{
	return file_write_fd(*(const int *)ctx, part) ? ECERT_OK : ECERT_E_IO;
}

struct over {
	int fd;
	const struct doc_verify_options *o;
	bool out;
};

static enum ecert_rc take_over(void *ctx, struct rd part)
{
	struct over *t = ctx;
	enum ecert_rc rc = write_part(&t->fd, part);

	if (rc == ECERT_OK && t->out)
		rc = t->o->content(t->o->content_ctx, part);
	return rc;
}

enum ecert_rc asic_unpack(
    struct asic_job *j, size_t member, int *fd, const char **why, enum reason *reason)
{
	struct over t = {file_nameless(j->c.v[member].size), j->o, false};
	enum ecert_rc rc = t.fd < 0 ? ECERT_E_IO : ECERT_OK;

	*fd = t.fd;
	t.out = asic_is_wanted(j, &j->c.v[member]) && !j->put;
	j->put = j->put || t.out;
	if (rc == ECERT_OK)
		rc = asic_read(&j->c, member, take_over, &t, why, reason);
	if (rc == ECERT_OK && lseek(t.fd, 0, SEEK_SET) != 0)
		rc = ECERT_E_IO;
	return rc;
}

/* The only file, as a file. */
static enum ecert_rc open_only(
    struct asic_job *j, int *fd, size_t *member, const char **why, enum reason *reason)
{
	for (*member = 0; !asic_is_data(&j->c.v[*member]);)
		++*member;
	return asic_unpack(j, *member, fd, why, reason);
}

static enum ecert_rc judge_signature(struct asic_job *j, struct asic_signature *s)
{
	struct buf p7s = BUF_INIT(DOC_SIGNATURE_MAX);
	struct doc_verify_options o = *j->o;
	enum reason reason = REASON_NONE;
	const char *why = NULL;
	size_t only = 0;
	int fd = -1;
	enum ecert_rc rc = asic_read_all(&j->c, s->member, &p7s, &why, &reason);

	o.content = NULL;
	if (rc == ECERT_OK && !why && s->has_manifest)
		fd = file_in_memory(buf_view(&s->manifest.xml));
	else if (rc == ECERT_OK && !why && j->data == 1)
		rc = open_only(j, &fd, &only, &why, &reason);
	else if (!why) {
		reason = REASON_FORMAT_BROKEN;
		why = MSG_ID("no manifest says what {name} is about");
	}
	if (rc == ECERT_OK && !why && fd < 0)
		rc = ECERT_E_IO;
	if (rc == ECERT_OK && !why)
		rc = cades_verify(buf_view(&p7s), fd, &o, &s->r);
	if (rc == ECERT_OK && s->r && s->has_manifest)
		rc = check_references(j, s);
	else if (rc == ECERT_OK && s->r)
		j->covers[only]++;
	if (why)
		asic_tell(&j->doc, CHK_STRUCTURE, reason, why, &j->c.v[s->member]);
	if (fd >= 0)
		close(fd);
	buf_free(&p7s);
	return rc;
}

static void job_free(struct asic_job *j)
{
	for (size_t i = 0; i < j->n; i++) {
		asic_manifest_free(&j->sig[i].manifest);
		doc_result_free(&j->sig[i].r);
	}
	for (size_t i = 0; i < j->spares; i++)
		asic_manifest_free(&j->spare[i]);
	asic_close(&j->c);
	free(j->covers);
	free(j->said);
}

enum ecert_rc asic_verify_fd(
    int fd, int content_fd, const struct doc_verify_options *o, struct doc_result **out)
{
	struct asic_job *j = calloc(1, sizeof *j);
	enum reason reason = REASON_NONE;
	const char *why = NULL;
	enum ecert_rc rc = j ? ECERT_OK : ECERT_E_MEMORY;

	*out = NULL;
	(void)content_fd;
	if (rc == ECERT_OK) {
		j->o = o;
		rc = asic_open(fd, &j->c, &why, &reason);
	}
	if (rc == ECERT_OK && why)
		asic_tell(&j->doc, CHK_STRUCTURE, reason, why, NULL);
	if (rc == ECERT_OK && !why)
		rc = asic_look_around(j);
	if (rc == ECERT_OK) {
		j->covers = calloc(j->c.n + 1, sizeof *j->covers);
		j->said = calloc(j->c.n + 1, sizeof *j->said);
		rc = j->covers && j->said ? ECERT_OK : ECERT_E_MEMORY;
	}
	for (size_t i = 0; rc == ECERT_OK && !why && i < j->n; i++)
		rc = j->sig[i].is_xml ? asic_judge_xml(j, &j->sig[i])
				      : judge_signature(j, &j->sig[i]);
	if (rc == ECERT_OK && !why)
		rc = asic_check_list(j);
	if (rc == ECERT_OK)
		rc = asic_merge(j, out);
	if (rc != ECERT_OK)
		doc_result_free(out);
	if (j)
		job_free(j);
	free(j);
	return rc;
}

enum ecert_rc asic_verify(struct rd container, int content_fd, const struct doc_verify_options *o,
    struct doc_result **out)
{
	int fd = file_in_memory(container);
	enum ecert_rc rc = fd < 0 ? ECERT_E_IO : asic_verify_fd(fd, content_fd, o, out);

	if (fd < 0)
		*out = NULL;
	else
		close(fd);
	return rc;
}
