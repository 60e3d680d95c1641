/* SPDX-License-Identifier: BSD-2-Clause */
/* META-INF/manifest.xml, which lists what is in a container (Open Document 1.2 part 3, 3 and 4;
 * EN 319 162-1, 4.4.3.1). No signature covers it: what it says is told, and decides nothing. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "document/asic/make.h"
#include "document/asic/verify_priv.h"
#include "document/wall/ask.h"
#include "util/text.h"

static const char list_name[] = "META-INF/manifest.xml";

/* What is wrong: the first of each kind, and how many there are. */
struct differences {
	size_t missing, unlisted, types, kinds, n; /* n: files that are there and listed */
	struct rd first_missing, first_type, type, first_kind, kind;
	const char *said; /* by who signed it, of the kind that is another */
	size_t first_unlisted;
};

static bool next_string(struct rd *rest, struct rd *out)
{
	uint32_t n = 0;

	return rd_u32(rest, &n) == ECERT_OK && rd_take(rest, n, out) == ECERT_OK;
}

static bool is_text(struct rd r, const char *text)
{
	return rd_equal(r, rd_of(text, strlen(text)));
}

static bool begins(struct rd r, const char *text)
{
	size_t n = strlen(text);

	return r.n >= n && !memcmp(r.p, text, n);
}

/* RFC 6838, 4.2, as far as its shape goes. */
static bool is_media_type(struct rd type)
{
	const uint8_t *slash = type.n ? memchr(type.p, '/', type.n) : NULL;

	for (size_t i = 0; i < type.n; i++)
		if (type.p[i] < ' ')
			return false;
	return slash && slash > type.p && slash + 1 < type.p + type.n;
}

static struct rd essence(struct rd type)
{
	const uint8_t *end = type.n ? memchr(type.p, ';', type.n) : NULL;

	type.n = end ? (size_t)(end - type.p) : type.n;
	while (type.n && strchr(" \t\r\n", type.p[0]))
		type = rd_of(type.p + 1, type.n - 1);
	while (type.n && strchr(" \t\r\n", type.p[type.n - 1]))
		type.n--;
	return type;
}

/* Letters of either case, whatever parameters there are (RFC 2045, 5.1). */
static bool same_kind(struct rd a, struct rd b)
{
	a = essence(a);
	b = essence(b);
	return a.n == b.n && !strncasecmp((const char *)a.p, (const char *)b.p, a.n);
}

/* The container's own type has to be the one that it begins with. */
static void compare(struct asic_job *j, struct rd path, struct rd type, struct rd own, bool *listed,
    struct differences *d)
{
	size_t at;
	bool whole = is_text(path, "/");

	if (!whole && (is_text(path, "mimetype") || begins(path, "META-INF/") ||
			  (path.n && path.p[path.n - 1] == '/')))
		return;
	if (!whole && !asic_find(&j->c, path, &at)) {
		if (!d->missing++)
			d->first_missing = path;
		return;
	}
	if (!whole && !listed[at]) {
		listed[at] = true;
		d->n++;
	}
	if ((whole ? own.n && !rd_equal(type, own) : !is_media_type(type)) && !d->types++) {
		d->first_type = path;
		d->type = type;
	}
	if (!whole && j->said[at][0] && is_media_type(type) &&
	    !same_kind(type, rd_of(j->said[at], strlen(j->said[at]))) && !d->kinds++) {
		d->first_kind = path;
		d->kind = type;
		d->said = j->said[at];
	}
}

static void show(struct rd r, char *out, size_t cap)
{
	size_t n = r.n < cap - 1 ? r.n : cap - 1;

	if (n)
		memcpy(out, r.p, n);
	out[n] = 0;
	text_scrub(out);
}

static void tell(struct asic_job *j, const struct differences *d)
{
	char name[256] = "", type[128] = "", said[128] = "";
	enum check_state state = CHECK_SKIPPED;
	const char *why;
	size_t n = d->missing ? d->missing : d->unlisted;

	if (d->missing)
		show(d->first_missing, name, sizeof name);
	else if (d->unlisted)
		asic_show(&j->c.v[d->first_unlisted], name, sizeof name);
	else
		show(d->types ? d->first_type : d->first_kind, name, sizeof name);
	show(d->types ? d->type : d->kind, type, sizeof type);
	if (d->said)
		show(rd_of(d->said, strlen(d->said)), said, sizeof said);
	if (d->missing || d->unlisted) {
		why = d->missing ? n > 1 ? MSG_ID("{list} lists {name} and others, {n} in all, "
						  "which are not there")
					 : MSG_ID("{list} lists {name}, which is not there")
		      : n > 1 ? MSG_ID("{list} does not list {name} and others, {n} in all, which "
				       "are there")
			      : MSG_ID("{list} does not list {name}, which is there");
	} else if (d->types) {
		why = is_text(d->first_type, "/")
			  ? MSG_ID("{list} says that the container is of the type {type}, and it "
				   "begins with another")
			  : MSG_ID(
				"{list} says that {name} is of the type '{type}', which is none");
	} else if (d->kinds) {
		why = MSG_ID("{list} says that {name} is of the type {type}, and whoever signed it "
			     "says {said}");
	} else {
		n = d->n;
		state = CHECK_OK;
		why = MSG_ID("{list} lists the {n} that are there");
	}
	report_add(&j->doc, CHK_FILE_LIST, state,
	    MSG(why, P_TEXT("list", list_name), P_TEXT("name", name), P_TEXT("type", type),
		P_TEXT("said", said), P_NUMBER("n", n)));
}

/* False: the answer is not what was asked for. */
static bool look(struct asic_job *j, struct rd answer, struct rd own, bool *listed)
{
	struct differences d = {.missing = 0};
	struct rd path, type;
	uint32_t n = 0;

	if (rd_u32(&answer, &n) != ECERT_OK)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		if (!next_string(&answer, &path) || !next_string(&answer, &type))
			return false;
		compare(j, path, type, own, listed, &d);
	}
	for (size_t i = 0; i < j->c.n; i++)
		if (asic_is_data(&j->c.v[i]) && !listed[i] && !d.unlisted++)
			d.first_unlisted = i;
	if (!rd_empty(&answer))
		return false;
	tell(j, &d);
	return true;
}

/* Errors: wall_ask's. */
static enum ecert_rc ask(struct asic_job *j, size_t member, struct buf *answer, const char **why)
{
	struct buf xml = BUF_INIT(ASIC_MANIFEST_MAX);
	struct wall_question q = {.op = ASIC_LIST_OP};
	enum wall_end end = WALL_ANSWERED;
	enum reason reason;
	enum ecert_rc rc = asic_read_all(&j->c, member, &xml, why, &reason);

	q.request = buf_view(&xml);
	if (rc == ECERT_OK && !*why)
		rc = wall_ask(&q, answer, &end);
	if (rc == ECERT_OK && end != WALL_ANSWERED)
		*why = wall_words(end);
	buf_free(&xml);
	return rc;
}

/* 4.3.3.2, 4.4.3.2: with CAdES, that of ASiC-E is over a manifest, that of ASiC-S over the file. */
static bool is_signed_as_other(const struct asic_job *j, struct rd type)
{
	bool with = is_text(type, ASIC_TYPE), other = false;

	for (size_t i = 0; (with || is_text(type, ASIC_SIMPLE_TYPE)) && i < j->n; i++)
		other = other || (!j->sig[i].is_xml && j->sig[i].has_manifest != with);
	return other;
}

/* 4.3.3: one file, and all that signs it; A.1: what a container begins with, when it does. */
static void check_type(struct asic_job *j, struct rd type)
{
	char shown[128];

	show(type, shown, sizeof shown);
	if (is_text(type, ASIC_SIMPLE_TYPE) && j->data > 1)
		asic_tell(&j->doc, CHK_STRUCTURE, REASON_FORMAT_BROKEN,
		    MSG_ID("it says that it is a container of one file, and there are more"), NULL);
	else if (type.n && !is_text(type, ASIC_SIMPLE_TYPE) && !is_text(type, ASIC_TYPE))
		report_add(&j->doc, CHK_FILE_LIST, CHECK_SKIPPED,
		    MSG("it begins with the type '{type}', which is not that of a container of "
			"signatures",
			P_TEXT("type", shown)));
	else if (is_signed_as_other(j, type))
		report_add(&j->doc, CHK_FILE_LIST, CHECK_SKIPPED,
		    MSG("it begins with the type '{type}', and is signed as another kind of "
			"container is",
			P_TEXT("type", shown)));
}

enum ecert_rc asic_check_list(struct asic_job *j)
{
	struct buf answer = BUF_INIT(2 * ASIC_MANIFEST_MAX), type = BUF_INIT(256);
	size_t list = j->c.n, own = j->c.n;
	bool *listed = calloc(j->c.n + 1, sizeof *listed);
	enum reason reason;
	const char *why = NULL;
	enum ecert_rc rc = listed ? ECERT_OK : ECERT_E_MEMORY;

	for (size_t i = 0; i < j->c.n; i++) {
		list = is_text(j->c.v[i].name, list_name) ? i : list;
		own = is_text(j->c.v[i].name, "mimetype") ? i : own;
	}
	if (rc == ECERT_OK && own < j->c.n)
		rc = asic_read_all(&j->c, own, &type, &why, &reason);
	if (rc == ECERT_OK && own < j->c.n)
		check_type(j, buf_view(&type));
	why = NULL;
	if (rc == ECERT_OK && list < j->c.n)
		rc = ask(j, list, &answer, &why);
	if (rc == ECERT_OK && list < j->c.n &&
	    (why || !look(j, buf_view(&answer), buf_view(&type), listed)))
		report_add(&j->doc, CHK_FILE_LIST, CHECK_SKIPPED,
		    MSG("{list} cannot be read: {why}", P_TEXT("list", list_name),
			P_WORD("why", why ? why : wall_words(WALL_MALFORMED))));
	buf_free(&answer);
	buf_free(&type);
	free(listed);
	return rc;
}
