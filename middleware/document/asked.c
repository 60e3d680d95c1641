/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose signatures a verdict is about. */
#include <string.h>
#include <strings.h>

#include "document/result.h"

/* Hexadecimal with colons or blanks between, as programs show fingerprints. */
static bool is_fingerprint(const char *who, const char *sha256)
{
	for (; *who; who++) {
		if (*who == ':' || *who == ' ')
			continue;
		if (!*sha256 || strncasecmp(who, sha256, 1) != 0)
			return false;
		sha256++;
	}
	return !*sha256;
}

/* The whole of a name: a part of one is anybody's. */
static bool is_named(const struct identity *id, const char *who)
{
	const char *const names[] = {id->name, id->user_name, id->email, id->subject};

	if (id->sha256[0] && is_fingerprint(who, id->sha256))
		return true;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (names[i][0] && strcasecmp(names[i], who) == 0)
			return true;
	return false;
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

void doc_result_ask(struct doc_result *r, const char *who)
{
	size_t found = ask(r->signer, r->n, who);

	/* Where nobody could be found there is another word about it already. */
	if (r->n)
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
