/* SPDX-License-Identifier: BSD-2-Clause */
/* References: digests compared (XML Signature 1.1, 3.2.1). */
#include "document/xml/content.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "document/xml/algs.h"
#include "document/xml/beside.h"
#include "util/text.h"

/* The first of the worst that was found. */
struct finding {
	enum reason reason;
	enum check_state state;
	const char *why; /* an id with {name}, {digest}, {since}; NULL: nothing */
	char name[256], since[16];
	const EVP_MD *md;
};

static void note(
    struct finding *f, enum reason reason, enum check_state state, const char *why, struct rd name)
{
	size_t n = name.n < sizeof f->name ? name.n : sizeof f->name - 1;

	if (f->why && (f->state == CHECK_FAILED || state != CHECK_FAILED))
		return;
	f->reason = reason;
	f->state = state;
	f->why = why;
	if (n)
		memcpy(f->name, name.p, n);
	f->name[n] = 0;
	text_scrub(f->name);
}

static void note_reason(struct finding *f, enum reason reason, const char *why, struct rd name)
{
	note(f, reason, reason_state(reason), why, name);
}

static struct rd shown(const struct xml_ref *r)
{
	return r->path.n ? r->path : r->uri;
}

/* It fits; is it relied on? */
static void check_age(
    const struct xml_content *c, const struct xml_ref *r, const EVP_MD *md, struct finding *f)
{
	const struct algorithm_rules rules = {c->o->algorithms, c->at};
	enum algorithm a = algorithm_of_digest(md);
	time_t since = 0;
	bool had = f->why;

	if (!algorithm_digest_old(&rules, md, &since))
		return;
	note_reason(f, a == ALGORITHM_SHA224 ? REASON_DIGEST_SHORT : REASON_ALGORITHM_OLD,
	    since ? MSG_ID("everything fits, but {digest} is not relied on since {since}")
		  : MSG_ID("everything fits, but {digest} is too old to rely on"),
	    shown(r));
	if (had)
		return;
	f->md = md;
	if (since)
		(void)text_day(since, f->since);
}

static bool fits(const struct xml_ref *r, struct rd have)
{
	struct buf want = BUF_INIT(EVP_MAX_MD_SIZE);
	bool same = xml_base64(r->value, &want) && rd_equal(buf_view(&want), have);

	buf_free(&want);
	return same;
}

/* ---- in the document ---- */
static enum ecert_rc check_octets(
    struct xml_content *c, const struct xml_ref *r, const EVP_MD *md, struct finding *f)
{
	uint8_t have[EVP_MAX_MD_SIZE] = {0};
	unsigned n = 0;

	if (EVP_Digest(r->octets.p ? r->octets.p : have, r->octets.n, have, &n, md, NULL) != 1)
		return ECERT_E_CRYPTO;
	if (!fits(r, rd_of(have, n)))
		note_reason(
		    f, REASON_CONTENT_CHANGED, MSG_ID("{name} is not what was signed"), shown(r));
	else if (r->flags & XML_REF_EMPTY)
		note(f, REASON_NO_CONTENT, CHECK_FAILED,
		    MSG_ID("nothing of {name} is left by what the signature leaves out of it"),
		    shown(r));
	else
		check_age(c, r, md, f);
	if (xml_is_data(r))
		c->size += r->octets.n;
	return ECERT_OK;
}

static void check_unread(const struct xml_ref *r, struct finding *f)
{
	switch (r->state) {
	case XML_NOT_THERE:
		note(f, REASON_NO_CONTENT, CHECK_FAILED,
		    MSG_ID("no element has the Id that {name} asks for"), r->uri);
		break;
	case XML_DOUBLED:
		note_reason(f, REASON_FORMAT_BROKEN,
		    MSG_ID("several elements have the Id that {name} asks for, so that nobody can "
			   "tell which one is signed"),
		    r->uri);
		break;
	case XML_POINTER:
		note_reason(f, REASON_CRITICAL_UNKNOWN,
		    MSG_ID("{name} selects in a way that this version does not read"), r->uri);
		break;
	case XML_TRANSFORM:
		note_reason(f, REASON_CRITICAL_UNKNOWN,
		    MSG_ID("the transform {name} is not known here"), r->unknown);
		break;
	case XML_UNDONE:
		note_reason(f, REASON_CRITICAL_UNKNOWN,
		    MSG_ID("the transform {name} could not be done"), r->unknown);
		break;
	default:
		note(f, REASON_TOO_MUCH, CHECK_UNKNOWN, MSG_ID("{name} is more than is looked at"),
		    shown(r));
	}
}

/* ---- outside ---- */
/* What transforms make of it, which is asked behind the wall. ECERT_E_NOT_FOUND: they cannot be
 * done. */
static enum ecert_rc feed_transformed(int fd, const struct xml_ref *r, struct digest_set *set)
{
	struct wall_question q = {
	    .op = XML_TRANSFORM_OP, .request = r->unknown, .fd = &fd, .fds = 1};
	struct buf answer = BUF_INIT(WALL_ANSWER_MAX);
	enum wall_end end = WALL_ANSWERED;
	enum ecert_rc rc = wall_ask(&q, &answer, &end);
	struct rd rest = buf_view(&answer);
	uint8_t state = 0;

	if (rc == ECERT_OK)
		rc = end == WALL_ANSWERED && rd_u8(&rest, &state) == ECERT_OK && state == XML_OCTETS
			 ? digest_set_update(set, rest)
			 : ECERT_E_NOT_FOUND;
	buf_free(&answer);
	return rc;
}

static enum ecert_rc feed_file(
    struct xml_content *c, const struct xml_ref *r, int fd, struct digest_set *set, uint64_t *size)
{
	*size = 0;
	if (r->unknown.n)
		return feed_transformed(fd, r, set);
	/* Several references may be about it. */
	(void)lseek(fd, 0, SEEK_SET);
	return digest_set_fd(set, fd, c->o->progress, c->o->progress_ctx, size);
}

/* Nothing in have: transforms cannot be done. */
static enum ecert_rc digest_file(struct xml_content *c, const struct xml_ref *r, int fd,
    const EVP_MD *md, struct rd *have, uint8_t value[EVP_MAX_MD_SIZE])
{
	struct digest_set set = {.n = 0};
	uint64_t size = 0;
	enum ecert_rc rc = digest_set_add(&set, md);

	if (rc == ECERT_OK)
		rc = feed_file(c, r, fd, &set, &size);
	if (rc == ECERT_OK)
		rc = digest_set_final(&set);
	c->size += size;
	*have = rc == ECERT_OK ? digest_set_get(&set, md) : rd_of(NULL, 0);
	if (have->n)
		memcpy(value, have->p, have->n);
	have->p = value;
	digest_set_free(&set);
	return rc == ECERT_E_NOT_FOUND ? ECERT_OK : rc;
}

static enum ecert_rc check_file(struct xml_content *c, const struct xml_ref *r, int fd,
    const EVP_MD *md, bool alone, struct finding *f)
{
	uint8_t value[EVP_MAX_MD_SIZE];
	struct rd have;
	enum ecert_rc rc = digest_file(c, r, fd, md, &have, value);

	if (rc != ECERT_OK)
		return rc;
	if (!have.n)
		note_reason(f, REASON_CRITICAL_UNKNOWN,
		    MSG_ID("the transform {name} could not be done"), r->unknown);
	else if (!fits(r, have) && alone)
		note_reason(f, REASON_CONTENT_CHANGED, MSG_ID("the content is not what was signed"),
		    r->uri);
	else if (!fits(r, have))
		note(f, REASON_NO_CONTENT, CHECK_FAILED,
		    MSG_ID("{name} is another file, which is not at hand: one can be named"),
		    r->uri);
	else {
		check_age(c, r, md, f);
		if (c->files)
			c->files->fits(c->files->ctx, r->uri);
	}
	return ECERT_OK;
}

/* Every reference outside is about one file. */
static bool is_alone(const struct xml_sig *s, const struct xml_ref *r)
{
	for (uint32_t i = 0; i < s->refs; i++)
		if (s->ref[i].state == XML_OUTSIDE && !rd_equal(s->ref[i].uri, r->uri))
			return false;
	return true;
}

static enum ecert_rc check_outside(struct xml_content *c, const struct xml_sig *s,
    const struct xml_ref *r, const EVP_MD *md, struct finding *f)
{
	enum ecert_rc rc = ECERT_OK;
	int fd = c->fd;

	if (c->files) {
		rc = c->files->open(c->files->ctx, r->uri, &fd);
		if (rc == ECERT_OK && fd < 0)
			note(f, REASON_NO_CONTENT, CHECK_FAILED,
			    MSG_ID("{name}, which was signed, is not in the container"), r->uri);
	} else if (fd < 0) {
		note(f, REASON_NO_CONTENT, CHECK_FAILED,
		    MSG_ID("{name} is outside of the document, and nothing is fetched from "
			   "anywhere"),
		    r->uri);
	}
	if (rc == ECERT_OK && fd >= 0)
		rc = check_file(c, r, fd, md, c->files || is_alone(s, r), f);
	if (c->files && fd >= 0)
		close(fd);
	return rc;
}

enum ecert_rc xml_content_feed(
    struct xml_content *c, const struct xml_sig *s, const struct xml_ref *r, struct digest_set *set)
{
	enum ecert_rc rc = ECERT_OK;
	uint64_t size;
	int fd = c->fd;

	if (r->state == XML_OCTETS)
		return digest_set_update(set, r->octets);
	if (r->state != XML_OUTSIDE || (!c->files && !is_alone(s, r)))
		return ECERT_E_NOT_FOUND;
	if (c->files)
		rc = c->files->open(c->files->ctx, r->uri, &fd);
	if (rc == ECERT_OK)
		rc = fd < 0 ? ECERT_E_NOT_FOUND : feed_file(c, r, fd, set, &size);
	if (c->files && fd >= 0)
		close(fd);
	return rc;
}

/* ---- all of them ---- */
static enum ecert_rc check_one(
    struct xml_content *c, const struct xml_sig *s, const struct xml_ref *r, struct finding *f)
{
	const EVP_MD *md = xml_digest(r->digest);

	if (r->state != XML_OCTETS && r->state != XML_OUTSIDE) {
		check_unread(r, f);
		return ECERT_OK;
	}
	if (!md) {
		note_reason(f, REASON_ALGORITHM_UNKNOWN,
		    MSG_ID("the digest algorithm of {name} is unknown"), shown(r));
		return ECERT_OK;
	}
	return r->state == XML_OCTETS ? check_octets(c, r, md, f) : check_outside(c, s, r, md, f);
}

/* The only thing that is signed goes to whoever wants it. */
static enum ecert_rc put_content(struct xml_content *c, const struct xml_sig *s)
{
	const struct xml_ref *only = NULL;

	if (!c->o->content || c->taken || s->of)
		return ECERT_OK;
	for (uint32_t i = 0; i < s->refs; i++)
		if (xml_is_data(&s->ref[i])) {
			if (only)
				return ECERT_OK;
			only = &s->ref[i];
		}
	if (!only || only->state != XML_OCTETS)
		return ECERT_OK;
	c->taken = true;
	return c->o->content(c->o->content_ctx, only->octets);
}

enum ecert_rc xml_content_check(struct xml_content *c, const struct xml_sig *s, struct report *rep)
{
	struct finding f = {.why = NULL};
	const EVP_MD *md = s->refs ? xml_digest(s->ref[0].digest) : NULL;
	enum ecert_rc rc = ECERT_OK;

	if (!s->refs)
		note(&f, REASON_NO_CONTENT, CHECK_FAILED, MSG_ID("it names nothing that it signs"),
		    rd_of(NULL, 0));
	for (uint32_t i = 0; rc == ECERT_OK && i < s->refs; i++)
		rc = check_one(c, s, &s->ref[i], &f);
	if (rc == ECERT_OK)
		rc = put_content(c, s);
	if (rc != ECERT_OK)
		return rc;
	if (f.why)
		report_add_why(rep, CHK_CONTENT_DIGEST, f.state, f.reason,
		    MSG(f.why, P_TEXT("name", f.name), P_TEXT("since", f.since),
			P_TEXT("digest", f.md ? EVP_MD_get0_name(f.md) : "")));
	else
		report_add(rep, CHK_CONTENT_DIGEST, CHECK_OK,
		    MSG_N("{n} reference ({digest})", "{n} references ({digest})", s->refs,
			P_TEXT("digest", md ? EVP_MD_get0_name(md) : "")));
	return ECERT_OK;
}
