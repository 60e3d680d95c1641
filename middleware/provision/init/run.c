/* SPDX-License-Identifier: BSD-2-Clause */
/* Setting one token up, from its present secrets to the end. */
#include "provision/init/init.h"

#include <unistd.h>

#include "client/outfile.h"

static enum outcome write_escrow(struct init *in)
{
	if (in->o->resume)
		return OUT_OK;
	return outfile_failed(in->job, escrow_write(in->o->escrow, in->escrow), in->o->escrow);
}

static enum outcome open_card(struct init *in)
{
	return ui_fail_rc(in->job->ui, cardio_open(in->job, in->token.slot.reader, &in->io),
	    MSG("Cannot reach the token: {why}"));
}

/* The token layer lets go of it; which one it is stays known. */
static void let_go(struct init *in)
{
	struct prov was = in->token;

	prov_close(&in->token);
	in->token = (struct prov){.job = in->job, .slot = was.slot, .info = was.info};
}

/* Keys that are there already. What cannot be asked is not counted. */
static size_t count_keys(const struct init *in)
{
	uint8_t refs[TOKEN_KEYS_MAX];
	size_t n = 0, found = 0;

	if (token_refs(&in->token.at, refs, &n) != ECERT_OK)
		return 0;
	for (size_t i = 0; i < n; i++) {
		struct token_key k = {0};

		found += refs[i] != 0xF9 && token_key_get(&in->token.at, refs[i], &k) == ECERT_OK;
		token_key_clear(&k);
	}
	return found;
}

/* Everything is asked and read before the card is opened. */
static enum outcome set_up(struct init *in)
{
	enum outcome code = init_secrets(in);

	if (!code && !in->io.card)
		code = open_card(in);
	if (!code)
		code = init_check(in);
	if (!code)
		code = write_escrow(in);
	return code ? code : init_card(in);
}

/* Which file, and whether it is one to go on with. */
static enum outcome among_others(struct init *in)
{
	enum outcome code = ui_fail_rc(in->job->ui,
	    init_path(&in->run, in->token.info.serial_full, in->path),
	    MSG("Cannot name the escrow after the token's serial number: {why}"));

	if (code)
		return code;
	in->run.escrow = in->path;
	if (access(in->path, F_OK)) {
		in->run.resume = false; /* a new one among those that are gone on with */
		return OUT_OK;
	}
	code = open_card(in);
	return code ? code : init_look_again(in, &in->run.resume);
}

enum outcome init_run(struct init *in)
{
	enum outcome code = OUT_OK;

	in->run = *in->o;
	in->o = &in->run;
	in->keys = count_keys(in);
	let_go(in);
	if (in->run.escrow_dir)
		code = among_others(in);
	return code || in->already ? code : set_up(in);
}

/* Neither the PIN nor the management key stays verified for whoever asks the card next; the latter
 * ends by a reset only. */
static void leave_card(struct init *in)
{
	enum ecert_rc rc;

	if (!in->io.card || card_power_reset(in->io.card) == ECERT_OK)
		return;
	rc = card_logout(in->io.card); /* the PIN's login at least */
	ui_note(in->job->ui,
	    MSG(rc != ECERT_OK
		    ? MSG_ID("Pull the token out and put it in again: it could not be reset or "
			     "logged out.")
		    : MSG_ID("Pull the token out and put it in again: it could not be reset.")));
}

void init_free(struct init *in)
{
	leave_card(in);
	cardio_close(&in->io);
	prov_close(&in->token);
	pin_free(&in->pin);
	pin_free(&in->puk);
	pin_free(&in->old_pin);
	pin_free(&in->old_puk);
	mgm_key_wipe(&in->old_mgm);
	escrow_free(&in->escrow);
}
