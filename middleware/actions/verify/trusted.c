/* SPDX-License-Identifier: BSD-2-Clause */
/* Who was trusted in the end: each certificate that a check came down to, once. */
#include "actions/verify/trusted.h"

#include <string.h>

#include "actions/verify/verifying.h"
#include "util/hex.h"
#include "util/text.h"

void verify_trusted_of(const struct trust_entry *e, struct verify_trusted *out)
{
	*out = (struct verify_trusted){.source = e->source, .option = e->option};
	text_copy(out->name, sizeof out->name, e->name);
	hex_str(rd_of(e->sha256, sizeof e->sha256), out->sha256);
	text_copy(out->file, sizeof out->file, e->file);
	text_copy(out->list, sizeof out->list, e->list);
}

struct message verify_trusted_words(const struct verify_trusted *t)
{
	static const char *const words[][2] = {
	    [TRUST_OF_LINE] = {MSG_ID("{name}, by {option} {file}"),
		MSG_ID("{name}, by the trust list of {list} ({option} {file})")},
	    [TRUST_OF_PERSON] = {MSG_ID("{name}, by your trust store"),
		MSG_ID("{name}, by the trust list of {list} in your trust store")},
	    [TRUST_OF_MACHINE] = {MSG_ID("{name}, by this computer's trust store"),
		MSG_ID("{name}, by the trust list of {list} in this computer's trust store")},
	};

	return *MSG(words[t->source][t->list[0] != 0], P_TEXT("name", t->name),
	    P_TEXT("option", t->option), P_FILE("file", t->file), P_TEXT("list", t->list));
}

const char *verify_trusted_by(const struct verify_trusted *t)
{
	static const char *const names[] = {[TRUST_OF_LINE] = "option",
	    [TRUST_OF_PERSON] = "person",
	    [TRUST_OF_MACHINE] = "machine"};

	return names[t->source];
}

static json_t *text_or_null(const char *text)
{
	char copy[256];

	if (!text || !*text)
		return json_null();
	text_copy(copy, sizeof copy, text);
	text_utf8(copy, false);
	return json_string(copy);
}

json_t *verify_trusted_json(const struct verify_trusted *v, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < n; i++)
		if (json_array_append_new(list,
			json_pack("{s:o, s:s, s:s, s:o, s:o, s:o}", "name", text_or_null(v[i].name),
			    "sha256", v[i].sha256, "by", verify_trusted_by(&v[i]), "option",
			    text_or_null(v[i].option), "file", text_or_null(v[i].file), "list",
			    text_or_null(v[i].list)))) {
			json_decref(list);
			return NULL;
		}
	return list;
}

struct collecting {
	struct verified *r;
	const struct trust_set *set;
};

static void add(struct collecting *c, const struct check *check)
{
	const unsigned any = TRUST_ECERT_SIGNING | TRUST_TSA | TRUST_MARK_ISSUER;
	const struct trust_entry *e = trust_set_find(c->set, check->anchor, any);
	struct verify_trusted t;

	if (!e || c->r->trusted_n == VERIFY_TRUSTED_MAX)
		return;
	verify_trusted_of(e, &t);
	for (size_t i = 0; i < c->r->trusted_n; i++)
		if (!strcmp(c->r->trusted[i].sha256, t.sha256))
			return;
	c->r->trusted[c->r->trusted_n++] = t;
}

static void add_report(struct collecting *c, const struct report *rep)
{
	for (size_t i = 0; i < rep->n; i++)
		if (rep->checks[i].has_anchor)
			add(c, &rep->checks[i]);
}

/* Depth is bounded where they are read. */
static void add_signers(struct collecting *c, const struct doc_signature *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		add_report(c, &s[i].report);
		for (size_t k = 0; k < s[i].stamps_n; k++)
			add_report(c, &s[i].stamps[k].report);
		add_signers(c, s[i].counter, s[i].counters);
	}
}

void verify_trusted_collect(struct verified *r, const struct trust_set *set)
{
	struct collecting c = {r, set};

	add_report(&c, &r->report);
	if (r->signature) {
		add_report(&c, &r->signature->report);
		add_signers(&c, r->signature->signer, r->signature->n);
	}
	if (r->renewal)
		add_report(&c, &r->renewal->report);
	if (r->counterparty)
		add_report(&c, &r->counterparty->report);
}
