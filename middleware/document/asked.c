/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose signatures a verdict is about. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "document/result.h"

/* 64 hexadecimal digits with colons or blanks between, as programs show fingerprints; in small
 * letters. */
static bool as_fingerprint(const char *who, char sha256[65])
{
	size_t n = 0;

	for (; *who; who++) {
		if (*who == ':' || *who == ' ')
			continue;
		if (n == 64 || !isxdigit((unsigned char)*who))
			return false;
		sha256[n++] = (char)tolower((unsigned char)*who);
	}
	sha256[n] = 0;
	return n == 64;
}

/* An address, and no subject that has one in it. */
static bool is_address(const char *who)
{
	return strchr(who, '@') && !strpbrk(who, " ,=");
}

/* The whole of a name: a part of one is anybody's. Subscribers choose their common name more
 * freely than the rest: one that looks like a fingerprint, an address or a person of an
 * organisation does not stand for that. */
static bool is_named(const struct identity *id, const char *who)
{
	char sha256[65];
	bool composed = strstr(who, ", ");

	if (as_fingerprint(who, sha256))
		return strcasecmp(id->sha256, sha256) == 0;
	if (is_address(who))
		return id->email[0] && strcasecmp(id->email, who) == 0;
	if (id->subject[0] && strcasecmp(id->subject, who) == 0)
		return true;
	if (composed)
		return id->company[0] && strcasecmp(id->name, who) == 0;
	return (id->name[0] && strcasecmp(id->name, who) == 0) ||
	       (id->user_name[0] && strcasecmp(id->user_name, who) == 0);
}

static size_t ask(struct doc_signature *s, size_t n, const char *who)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++) {
		s[i].asked = is_named(&s[i].who, who);
		found += s[i].asked + ask(s[i].counter, s[i].counters, who);
	}
	return found;
}

static size_t left(const struct doc_signature *s, size_t n)
{
	size_t all = 0;

	for (size_t i = 0; i < n; i++)
		all += s[i].counters_left + left(s[i].counter, s[i].counters);
	return all;
}

void doc_result_ask(struct doc_result *r, const char *who)
{
	size_t found = ask(r->signer, r->n, who), beyond = left(r->signer, r->n);

	/* Where nobody could be found there is another word about it already. */
	if (!r->n)
		return;
	if (!found && beyond)
		report_add_why(&r->report, CHK_SIGNER_ASKED, CHECK_UNKNOWN, REASON_TOO_MUCH,
		    MSG_N("there is none by {who} among those that were looked at, and {n} "
			  "counter-signature was not",
			"there is none by {who} among those that were looked at, and {n} "
			"counter-signatures were not",
			beyond, P_TEXT("who", who)));
	else
		report_add(&r->report, CHK_SIGNER_ASKED, found ? CHECK_OK : CHECK_FAILED,
		    MSG(found ? MSG_ID("{found} by {who}") : MSG_ID("there is none by {who}"),
			P_NUMBER("found", found), P_TEXT("who", who)));
}

static const struct doc_signature *nth(const struct doc_signature *s, size_t n, size_t *i)
{
	const struct doc_signature *found = NULL;

	for (size_t k = 0; !found && k < n; k++) {
		if (s[k].asked && (*i)-- == 0)
			return &s[k];
		found = nth(s[k].counter, s[k].counters, i);
	}
	return found;
}

const struct doc_signature *doc_asked(const struct doc_result *r, size_t i)
{
	return nth(r->signer, r->n, &i);
}

static bool is_asked_in(const struct doc_signature *s)
{
	size_t i = 0;

	return s->asked || nth(s->counter, s->counters, &i);
}

struct judgement doc_judge_asked(const struct doc_signature *s, size_t n, struct judgement worst)
{
	for (size_t i = 0; i < n; i++) {
		if (!is_asked_in(&s[i]))
			continue;
		worst = judgement_worst(worst, report_judge(&s[i].report));
		worst = doc_judge_asked(s[i].counter, s[i].counters, worst);
	}
	return worst;
}
