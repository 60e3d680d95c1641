/* SPDX-License-Identifier: BSD-2-Clause */
/* Files that a JAdES signature names and has the digests of (TS 119 182-1, 5.2.8.3.3). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "document/cms/profile/cades_told.h"
#include "document/jose/jades_content.h"
#include "document/kind/named.h"
#include "util/hex.h"
#include "util/text.h"

/* So many of those that are changed, and of those that are not there, are told by their names. */
#define TOLD_MAX 8

struct look {
	struct jades_content *c;
	const EVP_MD *md;
	bool coded;
	struct rd given;	 /* the digest of the file that was given; empty: none was */
	size_t changed, missing; /* so many */
	struct report *rep;
};

static void tell(struct look *l, enum reason reason, const char *why, const char *name)
{
	size_t *n = reason == REASON_NOT_BESIDE ? &l->missing : &l->changed;

	if ((*n)++ < TOLD_MAX)
		report_add_why(l->rep, CHK_CONTENT_DIGEST, reason_state(reason), reason,
		    MSG(why, P_TEXT("name", name)));
}

static void tell_rest(struct look *l)
{
	if (l->changed > TOLD_MAX)
		report_add_why(l->rep, CHK_CONTENT_DIGEST, CHECK_FAILED, REASON_CONTENT_CHANGED,
		    MSG_N("{n} more file is not what was signed",
			"{n} more files are not what was signed", l->changed - TOLD_MAX));
	if (l->missing > TOLD_MAX)
		report_add_why(l->rep, CHK_CONTENT_DIGEST, CHECK_UNKNOWN, REASON_NOT_BESIDE,
		    MSG_N("{n} more file is not beside the signature",
			"{n} more files are not beside the signature", l->missing - TOLD_MAX));
}

/* What is no text is told by the header's check. */
static const char *name_at(const json_t *names, size_t i)
{
	const char *s = json_string_value(json_array_get(names, i));

	return s ? s : "";
}

static bool is_digest(const json_t *text, struct rd digest)
{
	struct buf want = BUF_INIT(EVP_MAX_MD_SIZE);
	bool is = json_is_string(text) &&
		  b64url_get(rd_of(json_string_value(text), json_string_length(text)), &want) ==
		      ECERT_OK &&
		  rd_equal(buf_view(&want), digest);

	buf_free(&want);
	return is;
}

/* The row of this name, a new one where there is none. Errors: ECERT_E_MEMORY. */
static enum ecert_rc member_of(struct jades_content *c, const char *name, struct doc_member **out)
{
	struct doc_member row = {.size = 0}, *all;

	text_copy(row.name, sizeof row.name, name);
	text_scrub(row.name);
	for (size_t i = 0; i < c->members_n; i++)
		if (!strcmp(c->members[i].name, row.name)) {
			*out = &c->members[i];
			return ECERT_OK;
		}
	all = realloc(c->members, (c->members_n + 1) * sizeof *all);
	if (!all)
		return ECERT_E_MEMORY;
	c->members = all;
	*out = &all[c->members_n++];
	**out = row;
	return ECERT_OK;
}

/* -1: it is not there, which is told. */
static int open_beside(struct look *l, const char *name)
{
	int fd = l->c->o->beside(l->c->o->beside_ctx, name);

	if (fd < 0)
		tell(l, REASON_NOT_BESIDE,
		    errno == ENOENT ? MSG_ID("{name}, which is signed, is not beside the signature")
				    : MSG_ID("{name}, which is signed, cannot be read beside the "
					     "signature (links are not followed)"),
		    name);
	return fd;
}

static enum ecert_rc digest_beside(
    struct look *l, const char *name, const json_t *value, struct doc_member *row)
{
	const struct doc_verify_options *o = l->c->o;
	int fd = open_beside(l, name);
	struct doc_digest d;
	enum ecert_rc rc;

	if (fd < 0)
		return ECERT_OK;
	rc = jades_object_digest(fd, l->md, l->coded, o->progress, o->progress_ctx, &d);
	close(fd);
	if (rc != ECERT_OK)
		return rc;
	row->size = d.size;
	l->c->size += d.size;
	if (is_digest(value, rd_of(d.value, d.len)))
		row->signatures++;
	else
		tell(l, REASON_CONTENT_CHANGED, MSG_ID("{name} is not what was signed"), name);
	return ECERT_OK;
}

/* Whether it is a name of a file that can be looked for; if not, that is told. */
static bool can_look(struct look *l, const char *uri, bool beside, const char *name)
{
	if (beside && l->c->o->beside)
		return true;
	tell(l, REASON_NOT_BESIDE,
	    beside ? MSG_ID("{name}, which is signed as well, is not at hand")
		   : MSG_ID("{name} is no name of a file beside the signature, and nothing is "
			    "fetched from anywhere"),
	    beside ? name : uri);
	return false;
}

static enum ecert_rc check_one(struct look *l, const char *uri, const json_t *value)
{
	char name[256];
	bool beside = named_beside(uri, name, sizeof name);
	struct doc_member *row;
	enum ecert_rc rc = member_of(l->c, beside ? name : uri, &row);

	if (rc != ECERT_OK)
		return rc;
	if (l->given.n && is_digest(value, l->given)) {
		row->size = l->c->size_given;
		row->signatures++;
		return ECERT_OK;
	}
	return can_look(l, uri, beside, name) ? digest_beside(l, name, value, row) : ECERT_OK;
}

enum ecert_rc jades_files_open(
    struct jades_content *c, const char *uri, int *fd, struct doc_member **row, struct report *rep)
{
	struct look l = {.c = c, .rep = rep};
	char name[256];
	bool beside = named_beside(uri, name, sizeof name);
	enum ecert_rc rc = member_of(c, beside ? name : uri, row);

	*fd = rc == ECERT_OK && can_look(&l, uri, beside, name) ? open_beside(&l, name) : -1;
	return rc;
}

static bool is_one_of(const json_t *values, struct rd digest)
{
	for (size_t i = 0; i < json_array_size(values); i++)
		if (is_digest(json_array_get(values, i), digest))
			return true;
	return false;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Nobody could tell which of its digests is meant. Errors: ECERT_E_MEMORY. */
static enum ecert_rc names_twice(const json_t *names, bool *twice)
{
	size_t n = json_array_size(names);
	const char **v = calloc(n + 1, sizeof *v);

	*twice = false;
	if (!v)
		return ECERT_E_MEMORY;
	for (size_t i = 0; i < n; i++)
		v[i] = name_at(names, i);
	qsort(v, n, sizeof *v, by_text);
	for (size_t i = 1; i < n; i++)
		*twice = *twice || !strcmp(v[i - 1], v[i]);
	free(v);
	return ECERT_OK;
}

/* The file that was given has to be one of them. */
static enum ecert_rc look_at_given(struct look *l, const json_t *values, bool *good)
{
	enum ecert_rc rc = ECERT_OK;

	if (l->c->fd >= 0) {
		rc = jades_content_digest(l->c, l->md, l->coded, &l->given);
		if (rc == ECERT_OK && !l->c->size_given)
			l->c->size_given = l->c->size;
	}
	l->c->size = l->c->size_given;
	*good = rc == ECERT_OK && (l->c->fd < 0 || is_one_of(values, l->given));
	if (rc == ECERT_OK && !*good)
		tell(l, REASON_CONTENT_CHANGED, MSG_ID("the content is not what was signed"), "");
	return rc;
}

static const char *unfit(size_t n, bool twice, enum reason *reason)
{
	*reason = n > JADES_FILES_MAX ? REASON_TOO_MUCH : REASON_ATTRIBUTES_BAD;
	return n > JADES_FILES_MAX ? MSG_ID("it names {n} files, and {max} are looked at")
	       : twice		   ? MSG_ID("it names one file twice")
				   : NULL;
}

enum ecert_rc jades_files_check(struct jades_content *c, const struct jades_header *h,
    const EVP_MD *md, time_t at, struct report *rep)
{
	const json_t *values = json_object_get(h->object, "hashV");
	const json_t *names = json_object_get(h->object, "pars");
	size_t n = json_array_size(values);
	struct look l = {.c = c, .md = md, .coded = !h->plain, .rep = rep};
	enum reason reason;
	const char *why;
	bool twice = false, good = false;
	enum ecert_rc rc = names_twice(names, &twice);

	why = unfit(n, twice, &reason);
	if (rc == ECERT_OK && why)
		report_add_why(rep, CHK_CONTENT_DIGEST, reason_state(reason), reason,
		    MSG(why, P_NUMBER("n", n), P_NUMBER("max", JADES_FILES_MAX)));
	else if (rc == ECERT_OK)
		rc = look_at_given(&l, values, &good);
	/* Of a file alone its name counts for nothing: it is the one that was given. */
	if (c->fd < 0 || n > 1)
		for (size_t i = 0; rc == ECERT_OK && good && i < n; i++)
			rc = check_one(&l, name_at(names, i), json_array_get(values, i));
	if (rc == ECERT_OK && !why && !l.changed && !l.missing)
		cades_digest_fits(c->o, md, at, true, rep);
	else if (rc == ECERT_OK)
		tell_rest(&l);
	return rc;
}
