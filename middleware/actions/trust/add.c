/* SPDX-License-Identifier: BSD-2-Clause */
/* Trusting somebody from now on, after a person has compared the fingerprint. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "actions/trust/content.h"
#include "actions/trust/place.h"
#include "util/hex.h"
#include "util/text.h"

/* "AB:CD EF" as "abcdef"; false: not 64 digits. */
static bool digits_of(const char *text, char out[65])
{
	size_t n = 0;

	for (; *text; text++) {
		if (*text == ':' || *text == ' ' || *text == '-')
			continue;
		if (n == 64 || !strchr("0123456789abcdefABCDEF", *text))
			return false;
		out[n++] = *text >= 'A' && *text <= 'F' ? (char)(*text - 'A' + 'a') : *text;
	}
	out[n] = 0;
	return n == 64;
}

static enum outcome check_options(const struct job *job, const struct trust_add_deed *deed)
{
	enum store_kind kind = STORE_ANCHOR;
	char hex[65];

	if (deed->kind && !store_kind_by_name(deed->kind, &kind))
		return ui_fail(job->ui, OUT_USAGE, "trust-kind-unknown",
		    MSG("--kind takes anchor, list, attestation, tsa or mark-issuer, not '{kind}'",
			P_TEXT("kind", deed->kind)),
		    NULL);
	if (deed->url && kind != STORE_MARK_ISSUER && kind != STORE_TSA)
		return ui_fail(job->ui, OUT_USAGE, "trust-url-misplaced",
		    MSG("--url is for --kind mark-issuer and --kind tsa"), NULL);
	for (size_t i = 0; i < deed->fingerprint.n; i++)
		if (!digits_of(deed->fingerprint.v[i], hex))
			return ui_fail(job->ui, OUT_USAGE, "fingerprint-malformed",
			    MSG("--fingerprint takes a SHA-256 of 64 digits, not '{text}'",
				P_TEXT("text", deed->fingerprint.v[i])),
			    MSG("SHA-1 and shorter ones can be forged: ask for the SHA-256."));
	return OUT_OK;
}

/* The fingerprint before the name, which is its maker's choice and may look like another one. */
static const char *const questions[STORE_KINDS] = {
    [STORE_ANCHOR] = MSG_ID("Trust the CA with SHA-256 {fingerprint} for signatures? Compare it "
			    "with what the CA publishes. It calls itself '{name}', until {date}."),
    [STORE_LIST] = MSG_ID("Trust the lists signed by SHA-256 {fingerprint}? Compare it with what "
			  "the publisher says. It calls itself '{name}', until {date}."),
    [STORE_ATTESTATION] = MSG_ID("Trust what tokens below SHA-256 {fingerprint} attest? Compare it "
				 "with what the maker publishes. It calls itself '{name}', until "
				 "{date}."),
    [STORE_TSA] = MSG_ID("Trust time stamps by SHA-256 {fingerprint}? Compare it with what the TSA "
			 "publishes. It calls itself '{name}', until {date}."),
    [STORE_MARK_ISSUER] = MSG_ID("Trust the marks issued by SHA-256 {fingerprint}? Compare it with "
				 "what the issuer publishes. It calls itself '{name}', until "
				 "{date}.")};

/* No more of it than a person reads: what is behind the question is not asked for. */
#define NAME_SHOWN 60

static void shown_name(const char *name, char out[NAME_SHOWN + 4])
{
	size_t n = strlen(name);
	bool cut = n > NAME_SHOWN;

	for (n = cut ? NAME_SHOWN : n; cut && n && (name[n] & 0xC0) == 0x80;)
		n--;
	(void)snprintf(out, NAME_SHOWN + 4, "%.*s%s", (int)n, name, cut ? "..." : "");
}

/* "ab:cd:...": as CAs print it. */
static void grouped(const char *hex, char out[96])
{
	size_t n = 0;

	for (size_t i = 0; hex[i] && n < 95; i++) {
		if (i && i % 2 == 0)
			out[n++] = ':';
		out[n++] = hex[i] >= 'a' ? (char)(hex[i] - 'a' + 'A') : hex[i];
	}
	out[n] = 0;
}

static enum outcome by_fingerprint(
    const struct job *job, const struct trust_add_deed *deed, const struct trust_row *row)
{
	char hex[65], shown[96];

	for (size_t i = 0; i < deed->fingerprint.n; i++)
		if (digits_of(deed->fingerprint.v[i], hex) && !strcmp(hex, row->sha256))
			return OUT_OK;
	grouped(row->sha256, shown);
	return ui_fail(job->ui, OUT_REFUSED, "fingerprint-other",
	    MSG("{name} has another fingerprint: {fingerprint}", P_TEXT("name", row->name),
		P_TEXT("fingerprint", shown)),
	    MSG("It is not the certificate that you were told of. Do not trust it before you know "
		"why."));
}

/* Whoever makes a certificate chooses its name: one who has that of somebody trusted, and another
 * key, is a CA's next root, or somebody who wants to be taken for it. */
static void warn_of_namesake(
    const struct job *job, const struct trust_rows *have, const struct trust_row *row)
{
	char theirs[96], ours[96];

	for (size_t i = 0; i < have->n; i++) {
		const struct trust_row *r = &have->v[i];

		if (strcasecmp(r->name, row->name) != 0 || !strcmp(r->key, row->key))
			continue;
		grouped(r->sha256, ours);
		grouped(row->sha256, theirs);
		ui_note(job->ui,
		    MSG("Warning: {name} is trusted already with another key (SHA-256 {ours}), and "
			"this one is {theirs}. A CA that has a new key says so itself: ask it, and "
			"not who sent you the file.",
			P_TEXT("name", row->name), P_TEXT("ours", ours), P_TEXT("theirs", theirs)));
		return;
	}
}

static enum outcome confirmed(
    const struct job *job, const struct trust_add_deed *deed, const struct trust_row *row)
{
	char shown[96], name[NAME_SHOWN + 4];

	if (deed->fingerprint.n)
		return by_fingerprint(job, deed, row);
	shown_name(row->name, name);
	grouped(row->sha256, shown);
	if (!ui_attended(job->ui))
		return ui_fail(job->ui, OUT_REFUSED, "fingerprint-missing",
		    MSG("Nobody is here to compare the fingerprint of {name}: {fingerprint}",
			P_TEXT("name", row->name), P_TEXT("fingerprint", shown)),
		    MSG("Take it from the CA by another way, and say it: --fingerprint SHA256."));
	if (ui_confirm(job->ui, MSG(questions[row->kind], P_TEXT("name", name),
				    P_TEXT("fingerprint", shown), P_TIME("date", row->until))))
		return OUT_OK;
	return ui_fail(job->ui, OUT_REFUSED, "not-confirmed", MSG("Nothing was added"),
	    MSG("Answer yes when the fingerprints are the same."));
}

static enum outcome store(
    const struct job *job, const struct trust_place *at, const struct content *c)
{
	struct stored e = {.kind = c->row.kind, .cert = buf_view(&c->cert)};
	struct buf digest = BUF_INIT(32);
	enum ecert_rc rc = hex_get(rd_of(c->row.sha256, 64), &digest);

	e.list = buf_view(&c->list);
	text_copy(e.name, sizeof e.name, c->row.name);
	text_copy(e.url, sizeof e.url, c->row.url);
	if (rc == ECERT_OK) {
		memcpy(e.sha256, buf_view(&digest).p, sizeof e.sha256);
		rc = trust_store_put(at->store, &e, job_now(job));
	}
	buf_free(&digest);
	if (rc == ECERT_E_EXISTS) {
		ui_note(
		    job->ui, MSG("Note: {name} is trusted already.", P_TEXT("name", c->row.name)));
		return OUT_OK;
	}
	return rc == ECERT_OK ? OUT_OK : trust_place_told(job, at, rc, "");
}

/* Of both stores. What is wrong with one of them is told by who needs it. */
static struct trust_listed *trusted_so_far(const struct job *job)
{
	static const struct ui_calls silent = {.failed = NULL};
	const struct ui nobody = {&silent, NULL};
	struct trust_listed *l = calloc(1, sizeof *l);
	struct job quietly = *job;

	quietly.ui = &nobody;
	if (l && trust_listing(&quietly, l))
		l->rows.n = 0;
	return l;
}

static enum outcome add_all(const struct job *job, const struct trust_add_deed *deed,
    const struct strlist *files, struct contents *all, struct trust_rows *out)
{
	struct trust_place at = {.machine = false};
	struct trust_listed *have = trusted_so_far(job);
	enum outcome code = have ? check_options(job, deed)
				 : ui_fail_rc(job->ui, ECERT_E_MEMORY, MSG("Cannot start: {why}"));

	for (size_t i = 0; !code && i < files->n; i++)
		code = content_read(job, deed, files->v[i], all);
	/* Who may not, is not asked. */
	if (!code)
		code = trust_place_open(job, deed->machine, true, &at);
	for (size_t i = 0; !code && i < all->n; i++) {
		warn_of_namesake(job, &have->rows, &all->v[i].row);
		code = confirmed(job, deed, &all->v[i].row);
	}
	if (!code) {
		out->v = calloc(all->n, sizeof *out->v);
		if (!out->v)
			code = ui_fail_rc(job->ui, ECERT_E_MEMORY, MSG("Cannot start: {why}"));
	}
	for (size_t i = 0; !code && i < all->n; i++) {
		code = store(job, &at, &all->v[i]);
		if (!code)
			out->v[out->n++] = all->v[i].row;
	}
	trust_place_close(&at);
	if (have)
		trust_rows_free(&have->rows);
	free(have);
	return code;
}

enum outcome trust_add(const struct job *job, const struct trust_add_deed *deed,
    const struct strlist *files, struct trust_rows *out)
{
	struct contents *all = calloc(1, sizeof *all);
	enum outcome code;

	*out = (struct trust_rows){NULL, 0};
	if (!all)
		return ui_fail_rc(job->ui, ECERT_E_MEMORY, MSG("Cannot start: {why}"));
	code = add_all(job, deed, files, all, out);
	contents_free(all);
	free(all);
	if (code)
		trust_rows_free(out);
	return code;
}
