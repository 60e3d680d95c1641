/* SPDX-License-Identifier: BSD-2-Clause */
/* What a token says of itself. */
#include <stdio.h>
#include <string.h>

#include "token/clock.h"
#include "token/local.h"

/* Tries that were read so recently need no new look for mere display. */
#define INFO_TRIES_MS 1000
#define VIRTUAL_MARK  " (virtual)"

static const struct {
	const char *model, *maker;
} makers[] = {
    {"e-Cert PIV", "e-Cert"},
    {"YubiKey", "Yubico (www.yubico.com)"},
    {"CanoKey", "canokeys.org"},
    {"Nitrokey", "Nitrokey"},
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

/* Bytes of the UTF-8 character at s, 0 when it is none that may be shown (RFC 3629, 4). */
static size_t character(const uint8_t *s)
{
	size_t n = s[0] < 0x80	     ? 1
		   : s[0] >> 5 == 6  ? 2
		   : s[0] >> 4 == 14 ? 3
		   : s[0] >> 3 == 30 ? 4
				     : 0;
	uint32_t v = n == 1 ? s[0] : n == 0 ? 0 : s[0] & (0x7Fu >> n);

	for (size_t i = 1; i < n; i++) {
		if (s[i] >> 6 != 2) /* also the NUL that ends the text */
			return 0;
		v = v << 6 | (s[i] & 0x3F);
	}
	if (v < 0x20 || (v >= 0x7F && v < 0xA0) || (v >= 0xD800 && v < 0xE000) || v > 0x10FFFF)
		return 0;
	return n;
}

/* As much of the text as fits into cap - 1 bytes, whole characters; what cannot be shown becomes
 * '?', so that a hostile card cannot forge a prompt. */
static void put_text(char *out, size_t cap, const char *text)
{
	size_t used = 0;

	for (size_t i = 0; text[i] != '\0';) {
		size_t n = character((const uint8_t *)text + i);

		if (used + (n ? n : 1) >= cap)
			break;
		if (n == 0)
			out[used] = '?';
		else
			memcpy(out + used, text + i, n);
		used += n ? n : 1;
		i += n ? n : 1;
	}
	out[used] = '\0';
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
	put_text(out->label, room, made);
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

	return c->tries_read == 0 || clock_ms() - c->tries_read >= ms;
}

static enum ecert_rc info(struct conn *c, struct slots *s, void *arg)
{
	struct token_info *out = arg;
	struct slot slot;
	unsigned has, unknown;
	enum ecert_rc rc = conn_identify(c, s);

	memset(out, 0, sizeof *out);
	if (rc == ECERT_OK && tries_are_old(c))
		rc = conn_ask_tries(c);
	if (rc == ECERT_OK)
		rc = slots_get(s, c->id, &slot);
	if (rc != ECERT_OK)
		return rc;
	has = card_features(c->card, &unknown);
	out->is_virtual = slot.is_virtual || c->identity.is_virtual;
	fill_names(c, out);
	out->generation = atomic_load(&c->generation);
	out->pinpad = card_pinpad(c->card).verify;
	slots_set_pinpad(s, c->id, out->pinpad);
	out->pin_tries = c->tries;
	out->puk_tries = out->pin_tries_max = -1;
	out->initialised = true;
	out->has_attestation = (has & CARD_HAS_ATTEST) != 0;
	out->has_metadata = (has & CARD_HAS_METADATA) != 0;
	out->has_ecert = (has & CARD_HAS_ECERT) != 0;
	return ECERT_OK;
}

enum ecert_rc local_info(void *impl, const struct token_at *at, struct token_info *out)
{
	return local_run_looked(impl, at, info, out);
}
