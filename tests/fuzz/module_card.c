/* SPDX-License-Identifier: BSD-2-Clause */
/* Two readers for the module's harness. */
#include "module_card.h"

#include <string.h>

#include "answers.h"
#include "fuzz.h"
#include "token/local/local.h"
#include "toycard.h"

static struct {
	struct toychip chip;
	struct rd script;
	uint8_t wait; /* commands that the card still answers itself */
	bool scripted;
	struct tokens_config cfg;
	bool present, other, service;
	uint32_t events;
	unsigned resets;
} world;

static const uint8_t atr_bytes[] = {0x3B, 0x8D, 0x80, 0x01, 0x80, 0x31, 0xC1, 0x73, 0xC8, 0x40,
    0x52, 0x65, 0x43, 0x65, 0x72, 0x74, 0x05, 0xB5};

void module_card_begin(struct rd script, bool scripted, const struct tokens_config *cfg)
{
	toycard(&world.chip);
	world.script = script;
	world.wait = 0;
	world.scripted = scripted;
	world.cfg = *cfg;
	world.present = world.service = true;
	world.other = false;
	world.events = 1;
	world.resets = 0;
}

void module_event(unsigned what)
{
	switch (what) {
	case 0:
		ap_reset(&world.chip.ap);
		world.other = false;
		world.resets++;
		break;
	case 1:
	case 2:
		if (world.present == (what == 2))
			break;
		world.present = what == 2;
		world.events++;
		ap_reset(&world.chip.ap);
		break;
	case 3:
		world.other = true;
		break;
	default:
		world.service = what != 4;
		break;
	}
}

bool module_signature_true(struct rd digest, struct rd signature)
{
	return toycard_signed(&world.chip, digest, signature);
}

/* ---- the channel ---- */

struct link {
	uint32_t events;
	unsigned resets;
};

static enum ecert_rc still_there(struct link *l)
{
	if (!world.service)
		return ECERT_E_NO_SERVICE;
	if (!world.present || l->events != world.events)
		return ECERT_E_REMOVED;
	if (l->resets != world.resets) {
		l->resets = world.resets;
		return ECERT_E_RESET;
	}
	return ECERT_OK;
}

static enum ecert_rc begin(void *impl)
{
	return still_there(impl);
}

static size_t true_answer(struct rd command, uint8_t *resp)
{
	if (world.other && command.p[1] != ECERT_INS_SELECT) {
		memcpy(resp, "\x6D\x00", 2);
		return 2;
	}
	world.other = false;
	return ap_process(&world.chip.ap, command.p, command.n, resp);
}

/* The answer with the input's bytes over it, from a place on. */
static size_t changed_answer(struct rd command, uint8_t *resp)
{
	size_t n = true_answer(command, resp);
	uint16_t len = 0, at = 0;
	struct rd with = {NULL, 0};

	(void)!rd_u16(&world.script, &len);
	if (rd_take(&world.script, len, &with) != ECERT_OK)
		(void)!rd_take(&world.script, world.script.n, &with);
	(void)!rd_u16(&with, &at);
	for (size_t i = 0; i < with.n && n; i++)
		resp[(at + i) % n] ^= with.p[i];
	return n;
}

static enum ecert_rc script_answer(struct rd command, uint8_t *resp, size_t cap, size_t *len)
{
	struct answers a = answers_of(world.script);
	enum ecert_rc rc = ECERT_OK;

	if (world.script.n && world.script.p[0] & 0x80) {
		(void)!rd_u8(&world.script, &(uint8_t){0});
		*len = changed_answer(command, resp);
	} else {
		rc = answers_next(&a, resp, cap, len);
		world.script = world.scripted && a.left.n < 3 ? a.all : a.left;
	}
	if (!world.scripted)
		(void)!rd_u8(&world.script, &world.wait);
	return rc;
}

static enum ecert_rc transmit(void *impl, struct rd command, uint8_t *resp, size_t cap, size_t *len)
{
	static uint8_t answer[AP_RESPONSE_MAX];
	enum ecert_rc rc = still_there(impl);

	*len = 0;
	if (rc != ECERT_OK)
		return rc;
	if (world.script.n && (world.scripted || world.wait == 0))
		return script_answer(command, resp, cap, len);
	if (world.wait)
		world.wait--;
	*len = true_answer(command, answer);
	if (*len > cap)
		return ECERT_E_BUFFER;
	memcpy(resp, answer, *len);
	return ECERT_OK;
}

static enum ecert_rc reset(void *impl)
{
	(void)impl;
	module_event(0);
	return ECERT_OK;
}

static struct rd atr(const void *impl)
{
	(void)impl;
	return rd_of(atr_bytes, sizeof atr_bytes);
}

static void close_channel(void *impl, bool forked)
{
	(void)forked;
	free(impl);
}

static const struct channel_ops link_ops = {
    .begin = begin,
    .transmit = transmit,
    .reset = reset,
    .atr = atr,
    .close = close_channel,
};

/* ---- the readers ---- */

static const char *const names[] = {"Fuzz reader 00 00", "Fuzz reader 01 00"};

static enum ecert_rc list(void *impl, struct reader_info *out, size_t cap, size_t *n)
{
	(void)impl;
	*n = 0;
	if (!world.service)
		return ECERT_E_NO_SERVICE;
	for (; *n < 2 && *n < cap; ++*n) {
		struct reader_info *r = &out[*n];

		memset(r, 0, sizeof *r);
		memcpy(r->name, names[*n], strlen(names[*n]));
		r->present = *n == 0 && world.present;
		r->events = *n == 0 ? world.events : 0;
		r->atr_len = r->present ? sizeof atr_bytes : 0;
		memcpy(r->atr, atr_bytes, r->atr_len);
	}
	return ECERT_OK;
}

static enum ecert_rc wait_change(void *impl, int timeout_ms)
{
	(void)impl;
	(void)timeout_ms;
	return ECERT_E_TIMEOUT;
}

static enum ecert_rc open_link(
    void *impl, const char *name, const struct channel_ops **ops, void **channel)
{
	struct link *l;

	(void)impl;
	if (!world.service)
		return ECERT_E_NO_SERVICE;
	if (strcmp(name, names[0]) != 0 || !world.present)
		return ECERT_E_NO_CARD;
	l = malloc(sizeof *l);
	REQUIRE(l);
	*l = (struct link){world.events, world.resets};
	*ops = &link_ops;
	*channel = l;
	return ECERT_OK;
}

static const struct readers_ops source_ops = {
    .list = list,
    .wait = wait_change,
    .open = open_link,
};

enum ecert_rc module_tokens_open(const struct tokens_config *cfg, struct tokens **out)
{
	const struct token_backend *ops;
	struct readers *r = NULL;
	void *impl;
	enum ecert_rc rc = readers_of(&source_ops, &world, &r);

	(void)cfg;
	if (rc == ECERT_OK)
		rc = local_of(r, world.cfg.isolation, &ops, &impl);
	if (rc == ECERT_OK)
		rc = local_configure(impl, &world.cfg);
	return rc == ECERT_OK ? tokens_of(ops, impl, out) : rc;
}
