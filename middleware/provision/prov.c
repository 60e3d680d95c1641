/* SPDX-License-Identifier: BSD-2-Clause */
/* Opening a token by our own card layer, and the secrets it wants. */
#include "provision/prov.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/text.h"
#include "client/escrow.h"
#include "client/p11.h"
#include "client/pick.h"
#include "provision/secret.h"

enum ecert_rc prov_tokens(const struct job *job, struct tokens **out)
{
	struct tokens_config cfg = {.reader = job_reader(job), .daemon = DAEMON_AUTO};

	/* As the module, which logs what it does not understand, and goes on without it. */
	(void)!tokens_config_env(&cfg);
	return tokens_open(&cfg, out);
}

static enum ecert_rc open_tokens(const struct job *job, struct prov *out)
{
	*out = (struct prov){.job = job};
	return prov_tokens(job, &out->tokens);
}

void prov_close(struct prov *p)
{
	tokens_close(&p->tokens);
	*p = (struct prov){0};
}

/* The slots that hold a token we know, with what it says of itself; only the one of this reader
 * unless that is NULL. *last: why the last was left out. */
static size_t survey(struct prov *p, const char *reader, struct token_slot *slots,
    struct token_info *infos, size_t cap, enum ecert_rc *last)
{
	struct token_slot all[TOKEN_SLOTS_MAX];
	size_t n = 0, found = 0;

	*last = tokens_slots(p->tokens, true, all, TOKEN_SLOTS_MAX, &n);
	for (size_t i = 0; *last == ECERT_OK && i < n && found < cap; i++) {
		struct token_at at = {p->tokens, all[i].id, 0};
		enum ecert_rc rc;

		if (!all[i].present || (reader && strncmp(all[i].reader, reader, 64)))
			continue;
		rc = token_info(&at, &infos[found]);
		if (rc != ECERT_OK)
			*last = rc;
		else
			slots[found++] = all[i];
	}
	return found;
}

size_t prov_present(struct prov *p, struct token_slot *slots, struct token_info *infos, size_t cap)
{
	enum ecert_rc last;

	return open_tokens(p->job, p) != ECERT_OK ? 0 : survey(p, NULL, slots, infos, cap, &last);
}

void prov_take(struct prov *p, const struct token_slot *slot, const struct token_info *info)
{
	p->slot = *slot;
	p->info = *info;
	p->at = (struct token_at){p->tokens, slot->id, info->generation};
}

static enum outcome choose(struct prov *p)
{
	struct token_slot slots[PICK_MAX];
	struct token_info infos[PICK_MAX];
	struct candidate list[PICK_MAX];
	enum ecert_rc last;
	size_t chosen, n = survey(p, NULL, slots, infos, PICK_MAX, &last);
	enum outcome code;

	if (!n && last != ECERT_OK && last != ECERT_E_UNRECOGNISED && last != ECERT_E_NO_SERVICE)
		return ui_fail_rc(p->job->ui, last, MSG("Cannot read the token: {why}"));
	if (!n && p11_foreign(p->job))
		return ui_fail(p->job->ui, OUT_NO_TOKEN, "piv-only",
		    MSG("This command is for PIV tokens, and there is none; it does not go through "
			"--module"),
		    MSG("Do it with the program of the token's maker; sign, attest, `cert "
			"request`, "
			"`cert "
			"list`, `key list` and `token info` go through its module."));
	if (!n)
		return pick_explain_none(p->job, "ecert");
	for (size_t i = 0; i < n; i++) {
		text_copy(list[i].label, sizeof list[i].label, infos[i].label);
		text_copy(list[i].serial, sizeof list[i].serial, infos[i].serial_full);
		text_copy(list[i].where, sizeof list[i].where, slots[i].reader);
		list[i].slot_id = (long)slots[i].id;
	}
	code = pick_token(p->job, list, n, &chosen);
	if (!code)
		prov_take(p, &slots[chosen], &infos[chosen]);
	return code;
}

enum outcome prov_open(const struct job *job, struct prov *out)
{
	enum outcome code = ui_fail_rc(
	    job->ui, open_tokens(job, out), MSG("Cannot reach the tokens: {why}"));

	if (!code)
		code = choose(out);
	if (code)
		prov_close(out);
	return code;
}

enum ecert_rc prov_open_reader(const struct job *job, const char *reader, struct prov *out)
{
	struct token_slot slot;
	struct token_info info;
	enum ecert_rc last, rc = open_tokens(job, out);

	if (rc == ECERT_OK && survey(out, reader, &slot, &info, 1, &last)) {
		prov_take(out, &slot, &info);
		return ECERT_OK;
	}
	prov_close(out);
	return rc != ECERT_OK ? rc : ECERT_E_NOT_FOUND;
}

enum outcome prov_login_mgm(struct prov *p, const char *source)
{
	struct mgm_key key = {0};
	bool done = false;
	enum ecert_rc rc;
	enum outcome code = source ? OUT_OK : prov_login_protected(p, &done);

	if (code || done)
		return code;
	code = secret_mgm(p->job, source,
	    MSG("Token {token}, key of the administrator (hexadecimal)",
		P_TEXT("token", p->info.label)),
	    p->info.serial_full, &key);
	if (code)
		return code;
	rc = mgm_login(&p->at, &key);
	mgm_key_wipe(&key);
	if (rc == ECERT_E_PIN_WRONG)
		return ui_fail(p->job->ui, OUT_PIN, "management-key-wrong",
		    MSG("The management key is wrong"),
		    MSG("Use the escrow file that `ecert token init` wrote for this token."));
	return ui_fail_rc(p->job->ui, rc, MSG("Cannot log in with the management key: {why}"));
}
