/* SPDX-License-Identifier: BSD-2-Clause */
/* The doctor's facts: readers, tokens, certificates, the clock, as they are. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>

#include "util/text.h"
#include "provision/cardio.h"
#include "actions/doctor/doctor.h"
#include "client/p11.h"
#include "client/slot.h"
#include "document/identity.h"
#include "transport/reader.h"

static bool is_imported(const struct token_at *at, uint8_t ref)
{
	struct token_key k = {0};
	bool imported = token_key_get(at, ref, &k) == ECERT_OK && k.origin == 2;

	token_key_clear(&k);
	return imported;
}

static void probe_cert(const struct token_at *at, uint8_t ref, struct doctor_card *k)
{
	struct doctor_cert *out = &k->cert[k->certs];
	struct buf der = BUF_INIT(65536);
	struct identity who;

	if (token_cert_get(at, ref, &der) == ECERT_OK &&
	    identity_read(buf_view(&der), &who) == ECERT_OK && !who.is_ca) {
		text_copy(out->name, sizeof out->name, who.name);
		text_copy(out->id, sizeof out->id, slot_name(ref));
		out->from = who.not_before;
		out->until = who.not_after;
		out->imported = is_imported(at, ref);
		k->certs++;
	}
	buf_free(&der);
}

static void probe_token(
    const struct job *job, struct tokens *t, const struct token_slot *slot, struct doctor_card *k)
{
	struct token_at at = {t, slot->id, 0};
	struct token_info info;
	struct card_defaults more;
	uint8_t refs[TOKEN_KEYS_MAX];
	size_t n = 0;

	k->rc = token_info(&at, &info);
	if (k->rc != ECERT_OK)
		return;
	text_copy(k->label, sizeof k->label, info.label);
	text_copy(k->serial, sizeof k->serial, info.serial_full);
	cardio_defaults_at(job, slot->reader, &more);
	k->pin_tries = more.pin.tries >= 0 ? more.pin.tries : info.pin_tries;
	k->puk_tries = more.puk.tries;
	k->pin_default = more.pin.is_default;
	k->puk_default = more.puk.is_default;
	k->mgm_default = more.mgm_default;
	if (token_refs(&at, refs, &n) != ECERT_OK)
		n = 0;
	for (size_t i = 0; i < n && k->certs < DOCTOR_CERTS; i++)
		if (refs[i] != 0xF9)
			probe_cert(&at, refs[i], k);
}

static void probe_tokens(const struct job *job, struct doctor *d)
{
	struct token_slot slot[TOKEN_SLOTS_MAX];
	struct tokens *t = NULL;
	size_t n = 0;
	enum ecert_rc rc = prov_tokens(job, &t);

	if (rc == ECERT_OK)
		rc = tokens_slots(t, true, slot, TOKEN_SLOTS_MAX, &n);
	for (size_t k = 0; k < d->cards; k++) {
		struct doctor_card *card = &d->card[k];

		/* Opening one that is mute or held would only cost time. */
		card->rc = rc != ECERT_OK ? rc : ECERT_E_NOT_FOUND;
		for (size_t i = 0; rc == ECERT_OK && i < n; i++)
			if (card->present && !card->mute && !card->exclusive &&
			    !strcmp(slot[i].reader, card->reader))
				probe_token(job, t, &slot[i], card);
	}
	tokens_close(&t);
}

static void probe_readers(const struct job *job, struct doctor *d)
{
	struct reader_info all[READER_MAX];
	struct readers *r = NULL;
	size_t n = 0;

	d->service = readers_open(job_reader(job), &r);
	if (d->service == ECERT_OK)
		d->service = readers_list(r, all, READER_MAX, &n);
	readers_close(&r);
	for (size_t i = 0; i < n && d->cards < DOCTOR_CARDS; i++) {
		struct doctor_card *k = &d->card[d->cards++];

		*k = (struct doctor_card){.present = all[i].present,
		    .mute = all[i].mute,
		    .exclusive = all[i].exclusive,
		    .pin_tries = -1,
		    .puk_tries = -1};
		text_copy(k->reader, sizeof k->reader, all[i].name);
	}
}

/* adjtimex(2): TIME_ERROR means that nobody disciplines the clock. */
static int clock_kept(void)
{
	struct timex t = {.modes = 0};
	int state = adjtimex(&t);

	return state < 0 ? -1 : state != TIME_ERROR;
}

void doctor_probe(const struct job *job, struct doctor *d)
{
	const char *user = getenv("USER");

	d->root = "";
	d->home = getenv("HOME");
	d->runtime = getenv("XDG_RUNTIME_DIR");
	d->reader = job_reader(job);
	d->module = p11_default_module(d->module_at, sizeof d->module_at);
	d->user = user ? user : "YOU";
	d->ssh = getenv("SSH_CONNECTION");
	d->now = job_now(job);
	d->clock_kept = clock_kept();
	probe_readers(job, d);
	if (d->service == ECERT_OK)
		probe_tokens(job, d);
	if (job->module)
		doctor_probe_module(job, &d->named);
}
