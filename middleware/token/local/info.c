/* SPDX-License-Identifier: BSD-2-Clause */
/* What a token says of itself. */
#include <stdio.h>
#include <string.h>

#include "util/clock.h"
#include "token/local/local.h"
#include "token/text.h"
#include "util/log.h"

/* Tries that were read so recently need no new look for mere display. */
#define INFO_TRIES_MS 1000
#define VIRTUAL_MARK  " (virtual)"

static const struct {
	const char *model, *maker;
} makers[] = {
    {.model = "e-Cert PIV", .maker = "e-Cert"},
    {.model = "YubiKey", .maker = "Yubico (www.yubico.com)"},
    {.model = "CanoKey", .maker = "canokeys.org"},
    {.model = "Nitrokey", .maker = "Nitrokey"},
};

static const char *maker_of(const char *model)
{
	for (size_t i = 0; i < sizeof makers / sizeof makers[0]; i++)
		if (strcmp(model, makers[i].model) == 0)
			return makers[i].maker;
	return "PIV card";
}

/* A GUID has 32 digits; its end tells cards apart as well as its beginning, and fits. */
static const char *tail_of(const char *serial, size_t n)
{
	size_t len = strlen(serial);

	return len > n ? serial + (len - n) : serial;
}

/* The owner's label, which an e-Cert card keeps; else model and serial number. */
static void put_label(struct conn *c, struct token_info *out)
{
	const char *mark = out->is_virtual ? VIRTUAL_MARK : "";
	size_t room = sizeof out->label - strlen(mark);
	struct card_status status;
	char made[64];

	if (card_status(c->card, false, &status) == ECERT_OK && status.label[0] != '\0')
		(void)snprintf(made, sizeof made, "%s", status.label);
	else
		(void)snprintf(made, sizeof made, "%.11s%s%.10s", c->identity.model,
		    c->identity.serial[0] != '\0' ? " " : "", tail_of(c->identity.serial, 10));
	text_show(out->label, room, rd_of(made, strlen(made)));
	(void)strcat(out->label, mark);
}

static void fill_names(struct conn *c, struct token_info *out)
{
	const struct card_identity *id = &c->identity;

	(void)snprintf(out->serial_full, sizeof out->serial_full, "%s", id->serial);
	(void)snprintf(out->serial, sizeof out->serial, "%.16s", tail_of(id->serial, 16));
	(void)snprintf(out->model, sizeof out->model, "%.16s", id->model);
	(void)snprintf(out->manufacturer, sizeof out->manufacturer, "%s", maker_of(id->model));
	put_label(c, out);
	out->firmware[0] = id->version[0];
	out->firmware[1] = id->version[1];
}

static bool tries_are_old(const struct conn *c)
{
	int ms = c->trust_ms > INFO_TRIES_MS ? c->trust_ms : INFO_TRIES_MS;

	return c->tries.read == 0 || clock_ms() - c->tries.read >= ms;
}

/*
 * Verified, when this client has just come and nobody has logged in here: a program that was killed
 * has left it so, and what is behind the PIN (the management key, perhaps) would be anybody's. It
 * cannot be told from another program's login that is in use, so that only a client's first look
 * ends it, and only once. The tries come to light with that.
 */
static enum ecert_rc end_leftover(struct conn *c)
{
	bool mine = pinstate_user(&c->pin) != TOKEN_NOBODY || c->once.paid;
	bool first = !c->tries.judged;
	enum ecert_rc rc;

	c->tries.judged = true;
	if (!first || mine || !c->tries.verified)
		return ECERT_OK;
	log_info("the token was left with its PIN verified: it is logged out");
	rc = card_logout(c->card);
	/* A card that knows no logout stays as it is. */
	return rc == ECERT_OK ? conn_ask_tries(c) : rc == ECERT_E_UNSUPPORTED ? ECERT_OK : rc;
}

static void fill_abilities(struct conn *c, struct token_info *out)
{
	struct card_abilities can;
	unsigned unknown, has = card_features(c->card, &unknown);

	card_can(c->card, &can);
	out->has_attestation = (has & CARD_HAS_ATTEST) != 0;
	out->attestation_known = (unknown & CARD_HAS_ATTEST) == 0;
	out->has_metadata = (has & CARD_HAS_METADATA) != 0;
	out->metadata_known = (unknown & CARD_HAS_METADATA) == 0;
	out->can_delete = (has & CARD_HAS_MOVE) != 0;
	out->can_delete_known = (unknown & CARD_HAS_MOVE) == 0;
	out->has_ecert = (has & CARD_HAS_ECERT) != 0;
	out->fixed_size = can.fixed_size;
	out->algs = can.algs;
	out->retired = can.retired;
	out->object_max = (uint16_t)can.object_max;
}

struct info_args {
	bool prove;
	struct token_info *out;
};

static enum ecert_rc info(struct conn *c, struct slots *s, void *arg)
{
	struct info_args *a = arg;
	struct token_info *out = a->out;
	struct slot slot;
	enum ecert_rc rc = conn_identify(c, s);

	memset(out, 0, sizeof *out);
	if (rc == ECERT_OK && tries_are_old(c))
		rc = conn_ask_tries(c);
	if (rc == ECERT_OK)
		rc = end_leftover(c);
	if (rc == ECERT_OK && a->prove)
		rc = card_prove(c->card);
	if (rc == ECERT_OK)
		rc = slots_get(s, c->id, &slot);
	if (rc != ECERT_OK)
		return rc;
	out->is_virtual = slot.is_virtual || c->identity.is_virtual;
	fill_names(c, out);
	out->generation = atomic_load(&c->generation);
	out->pinpad = card_pinpad(c->card).verify;
	slots_set_pinpad(s, c->id, out->pinpad);
	out->pin_tries = c->tries.left;
	out->pin_tries_max = conn_full_tries(c);
	out->puk_tries = -1;
	out->initialised = true;
	fill_abilities(c, out);
	return ECERT_OK;
}

enum ecert_rc local_prove(void *impl, const struct token_at *at, struct token_info *out)
{
	struct info_args a = {.prove = true, .out = out};

	return local_run_looked(impl, at, info, &a);
}

enum ecert_rc local_info(void *impl, const struct token_at *at, struct token_info *out)
{
	struct info_args a = {.out = out};

	return local_run_looked(impl, at, info, &a);
}
