/* SPDX-License-Identifier: BSD-2-Clause */
/* Making the signatures of a container last: each by the rules of its own format, and a container
 * anew around them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "document/asic/make.h"
#include "document/asic/verify_priv.h"
#include "document/cms/extend/cades_extend.h"
#include "document/extend/lacking.h"
#include "document/xml/extend/extend.h"

static const struct doc_refusal broken = {REASON_ID("container-broken"),
				    MSG_ID("it breaks the rules of its own format"),
				    MSG_ID("Have it sent again, or made anew.")},
				too_much = {REASON_ID("container-too-large"),
				    MSG_ID("there is more in it than is looked at"), NULL},
				covered = {REASON_ID("container-covered"),
				    MSG_ID("a signature in it is about another one, which anything "
					   "that is added would break"),
				    MSG_ID("Extend signatures before others are put over them.")};

/* One that is to be another one. */
struct remade {
	size_t member;
	struct buf bytes; /* owned */
};

struct extending {
	const struct doc_extend_options *o;
	struct asic_container c;
	struct remade v[ASIC_SIGNATURES_MAX];
	size_t n;
};

/* ---- which signatures ---- */
/* What is known of the part-th signature alone; copies, but for what they own. */
struct slice {
	struct doc_extend_options o;
	struct doc_result *found;
	struct doc_material *material;
	bool lacks, covered;
};

static void slice_free(struct slice *s)
{
	free(s->found);
	free(s->material);
}

static bool slice_of(const struct doc_extend_options *o, size_t part, struct slice *s)
{
	const struct doc_result *r = o->found;
	size_t first = 0;

	*s = (struct slice){.o = *o};
	s->found = calloc(1, sizeof *s->found + r->n * sizeof s->found->signer[0]);
	s->material = calloc(o->material_n + 1, sizeof *s->material);
	if (!s->found || !s->material)
		return false;
	while (first < r->n && r->signer[first].part != part)
		first++;
	for (size_t i = first; i < r->n && r->signer[i].part == part; i++) {
		s->lacks = s->lacks || doc_lacks(o, i);
		s->covered = s->covered || r->signer[i].covered;
		memcpy(&s->found->signer[s->found->n++], &r->signer[i], sizeof r->signer[i]);
	}
	s->o.material_n = 0;
	for (size_t i = 0; i < o->material_n; i++) {
		if (o->material[i].signer < first || o->material[i].signer - first >= s->found->n)
			continue;
		s->material[s->o.material_n] = o->material[i];
		s->material[s->o.material_n++].signer -= first;
	}
	s->o.found = s->found;
	s->o.material = s->material;
	return true;
}

static enum ecert_rc remake(struct extending *e, size_t member, enum asic_kind kind,
    const struct slice *s, const struct doc_refusal **why)
{
	struct remade *to = &e->v[e->n];
	struct buf old = BUF_INIT(DOC_SIGNATURE_MAX);
	enum reason reason = REASON_NONE;
	const char *defect = NULL;
	enum ecert_rc rc = asic_read_all(&e->c, member, &old, &defect, &reason);

	to->member = member;
	buf_init(&to->bytes, DOC_SIGNATURE_MAX);
	e->n++;
	if (defect)
		*why = reason == REASON_TOO_MUCH ? &too_much : &broken;
	else if (rc == ECERT_OK && kind == ASIC_KIND_XADES)
		rc = xades_extend_bytes(&s->o, buf_view(&old), &to->bytes, why);
	else if (rc == ECERT_OK)
		rc = cades_extend_bytes(&s->o, buf_view(&old), rd_of(NULL, 0), &to->bytes, why);
	buf_free(&old);
	return rc;
}

static enum ecert_rc remake_all(struct extending *e, const struct doc_refusal **why)
{
	enum ecert_rc rc = ECERT_OK;
	size_t part = 0;

	for (size_t i = 0; i < e->c.n; i++)
		if (e->c.v[i].encrypted)
			*why = &broken;
		else if (asic_named(&e->c.v[i], "META-INF/ASiCArchiveManifest", ".xml"))
			*why = &covered;
	for (size_t i = 0; rc == ECERT_OK && !*why && i < e->c.n; i++) {
		enum asic_kind kind = asic_kind_of(&e->c.v[i]);
		struct slice s;

		if (kind == ASIC_KIND_OTHER)
			continue;
		if (part == ASIC_SIGNATURES_MAX)
			*why = &too_much;
		else if (!slice_of(e->o, part, &s))
			rc = ECERT_E_MEMORY;
		if (rc == ECERT_OK && !*why && s.lacks && s.covered)
			*why = &covered;
		else if (rc == ECERT_OK && !*why && s.lacks)
			rc = remake(e, i, kind, &s, why);
		if (part++ < ASIC_SIGNATURES_MAX)
			slice_free(&s);
	}
	return rc;
}

/* ---- the container ---- */
static const struct remade *remade_of(const struct extending *e, size_t member)
{
	for (size_t i = 0; i < e->n; i++)
		if (e->v[i].member == member)
			return &e->v[i];
	return NULL;
}

/* Read twice: what it is called and how it ends stands before it. */
static enum ecert_rc put_member(
    struct extending *e, size_t i, struct zip_writer *zip, const struct doc_refusal **no)
{
	const struct remade *new = remade_of(e, i);
	struct asic_seen seen, again;
	char name[ZIP_NAME_MAX + 1];
	const char *why = NULL;
	enum ecert_rc rc;

	(void)snprintf(
	    name, sizeof name, "%.*s", (int)e->c.v[i].name.n, (const char *)e->c.v[i].name.p);
	if (new)
		return zip_write_whole(zip, name, buf_view(&new->bytes));
	rc = asic_pass_over(&e->c, i, EVP_sha256(), NULL, &seen, &why);
	e->c.taken = 0;
	if (rc == ECERT_OK && why)
		*no = &broken;
	if (rc != ECERT_OK || why)
		return rc;
	rc = zip_write_member(zip, name, seen.size, seen.crc);
	if (rc == ECERT_OK)
		rc = asic_pass_over(&e->c, i, EVP_sha256(), zip, &again, &why);
	e->c.taken = 0;
	/* It changed meanwhile. */
	if (rc == ECERT_OK &&
	    (why || memcmp(seen.digest.value, again.digest.value, sizeof seen.digest.value) != 0))
		rc = ECERT_E_IO;
	return rc;
}

static bool is_type(const struct asic_member *m)
{
	return rd_equal(m->name, rd_of("mimetype", 8));
}

/* The type first, wherever it stood; then all others in their order. */
static enum ecert_rc put_all(
    struct extending *e, doc_content_fn *put, void *ctx, const struct doc_refusal **why)
{
	struct zip_writer zip;
	enum ecert_rc rc = ECERT_OK;

	zip_write_begin(&zip, put, ctx, e->o->now);
	for (int type = 1; type >= 0; type--)
		for (size_t i = 0; rc == ECERT_OK && !*why && i < e->c.n; i++)
			if (is_type(&e->c.v[i]) == (type == 1))
				rc = put_member(e, i, &zip, why);
	if (rc == ECERT_OK && !*why)
		rc = zip_write_end(&zip);
	zip_write_free(&zip);
	return rc;
}

enum ecert_rc asic_extend(const struct doc_extend_options *o, int fd, int content_fd,
    doc_content_fn *put, void *ctx, const struct doc_refusal **why)
{
	struct extending *e = calloc(1, sizeof *e);
	enum reason reason = REASON_NONE;
	const char *defect = NULL;
	enum ecert_rc rc = e ? asic_open(fd, &e->c, &defect, &reason) : ECERT_E_MEMORY;

	(void)content_fd;
	*why = NULL;
	if (rc == ECERT_OK && defect)
		*why = reason == REASON_TOO_MUCH ? &too_much : &broken;
	if (rc == ECERT_OK && !*why) {
		e->o = o;
		rc = remake_all(e, why);
	}
	if (rc == ECERT_OK && !*why)
		rc = put_all(e, put, ctx, why);
	for (size_t i = 0; e && i < e->n; i++)
		buf_free(&e->v[i].bytes);
	if (e)
		asic_close(&e->c);
	free(e);
	return rc;
}
