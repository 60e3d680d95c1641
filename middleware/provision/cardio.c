/* SPDX-License-Identifier: BSD-2-Clause */
/* Opening the card in one reader. */
#include "provision/cardio.h"

enum ecert_rc cardio_open(const struct job *job, const char *reader, struct cardio *out)
{
	struct reader_info all[READER_MAX];
	struct channel *ch = NULL;
	size_t n;
	enum ecert_rc rc;

	*out = (struct cardio){NULL, NULL};
	rc = readers_open(job_reader(job), &out->readers);
	if (rc == ECERT_OK)
		rc = readers_list(out->readers, all, READER_MAX, &n);
	if (rc == ECERT_OK)
		rc = channel_open(out->readers, reader, &ch);
	if (rc == ECERT_OK)
		rc = card_open(&ch, &out->card);
	if (rc != ECERT_OK)
		cardio_close(out);
	return rc;
}

void cardio_close(struct cardio *io)
{
	card_close(&io->card);
	readers_close(&io->readers);
}

static const struct card_defaults nothing_known = {
    .pin = {.tries = -1, .tries_max = -1}, .puk = {.tries = -1, .tries_max = -1}};

void cardio_defaults(struct card *card, struct card_defaults *out)
{
	*out = (struct card_defaults){
	    .pin = {.tries = -1, .tries_max = -1}, .puk = {.tries = -1, .tries_max = -1}};
	if (card_pin_metadata(card, CARD_PIN_APPLICATION, &out->pin) != ECERT_OK &&
	    card_pin_status(card, CARD_PIN_APPLICATION, &out->pin) != ECERT_OK)
		out->pin = (struct card_pin_status){.tries = -1, .tries_max = -1};
	if (card_pin_metadata(card, CARD_PUK, &out->puk) != ECERT_OK)
		out->puk = (struct card_pin_status){.tries = -1, .tries_max = -1};
	out->mgm_known = card_mgm_is_default(card, &out->mgm_default) == ECERT_OK;
}

void cardio_defaults_at(const struct job *job, const char *reader, struct card_defaults *out)
{
	struct cardio io;

	*out = nothing_known;
	if (cardio_open(job, reader, &io) != ECERT_OK)
		return;
	cardio_defaults(io.card, out);
	cardio_close(&io);
}

int cardio_puk_tries(const struct job *job, const char *reader)
{
	struct card_defaults now;

	cardio_defaults_at(job, reader, &now);
	return now.puk.tries;
}
