/* SPDX-License-Identifier: BSD-2-Clause */
/* A simulated card: the applet's core on flash in memory. */
#include "tests/unit/token/sim_card.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "applet-spec/host/host.h"
#include "util/hex.h"

struct sim_card {
	pthread_mutex_t lock;
	pthread_cond_t free;
	const void *holder;
	unsigned resets;
	struct host host;
	struct ap ap;
	size_t count, ins[256];
	bool other, plain, told, foreign, no_logout, tries_old;
	sim_before before;
	sim_after after;
	void *arg;
};

void *sim_alloc(size_t n)
{
	void *p = calloc(1, n);

	if (p == NULL)
		abort();
	return p;
}

/* ---- flash in memory ---- */

static enum ap_hal_rc flash_read(void *ctx, uint32_t off, uint8_t *out, size_t len)
{
	struct host *h = ctx;

	memcpy(out, h->image + off, len);
	return AP_HAL_OK;
}

static enum ap_hal_rc flash_write(void *ctx, uint32_t off, const uint8_t *in, size_t len)
{
	struct host *h = ctx;

	memcpy(h->image + off, in, len);
	return AP_HAL_OK;
}

static enum ap_hal_rc flash_erase(void *ctx, unsigned int area)
{
	struct host *h = ctx;

	memset(h->image + area * HOST_AREA_SIZE, 0xFF, HOST_AREA_SIZE);
	host_forget_keys(h);
	return AP_HAL_OK;
}

static enum ap_hal_rc flash_sync(void *ctx)
{
	(void)ctx;
	return AP_HAL_OK;
}

struct sim_card *sim_card_new(uint32_t serial)
{
	struct sim_card *c = sim_alloc(sizeof *c);
	const struct ap_profile profile = {.serial = serial, .mgm_alg = ECERT_ALG_AES192};

	(void)pthread_mutex_init(&c->lock, NULL);
	(void)pthread_cond_init(&c->free, NULL);
	c->host.fd = -1;
	c->host.image = sim_alloc(2 * HOST_AREA_SIZE);
	memset(c->host.image, 0xFF, 2 * HOST_AREA_SIZE);
	host_hal_crypto(&c->host);
	c->host.hal.area_size = HOST_AREA_SIZE;
	c->host.hal.flash_read = flash_read;
	c->host.hal.flash_write = flash_write;
	c->host.hal.flash_erase = flash_erase;
	c->host.hal.flash_sync = flash_sync;
	if (ap_init(&c->ap, &c->host.hal) != AP_ST_BLANK ||
	    ap_personalise(&c->ap, &profile) != AP_ST_OK || host_certify(&c->ap) != 0)
		abort();
	return c;
}

void sim_card_free(struct sim_card **c)
{
	host_forget_keys(&(*c)->host);
	free((*c)->host.image);
	free(*c);
	*c = NULL;
}

/* ---- power, resets, transactions ---- */

void sim_card_power(struct sim_card *c)
{
	(void)pthread_mutex_lock(&c->lock);
	ap_reset(&c->ap);
	c->other = false;
	c->holder = NULL;
	(void)pthread_cond_broadcast(&c->free);
	(void)pthread_mutex_unlock(&c->lock);
}

unsigned sim_card_resets(struct sim_card *c)
{
	unsigned n;

	(void)pthread_mutex_lock(&c->lock);
	n = c->resets;
	(void)pthread_mutex_unlock(&c->lock);
	return n;
}

static void wait_free(struct sim_card *c, const void *who)
{
	while (c->holder != NULL && c->holder != who)
		(void)pthread_cond_wait(&c->free, &c->lock);
}

static enum ecert_rc note_reset(struct sim_card *c, unsigned *resets)
{
	bool moved = *resets != c->resets;

	*resets = c->resets;
	return moved ? ECERT_E_RESET : ECERT_OK;
}

enum ecert_rc sim_card_hold(struct sim_card *c, const void *who, unsigned *resets)
{
	enum ecert_rc rc;

	(void)pthread_mutex_lock(&c->lock);
	wait_free(c, who);
	c->holder = who;
	rc = note_reset(c, resets);
	(void)pthread_mutex_unlock(&c->lock);
	return rc;
}

void sim_card_let(struct sim_card *c, const void *who)
{
	(void)pthread_mutex_lock(&c->lock);
	if (c->holder == who)
		c->holder = NULL;
	(void)pthread_cond_broadcast(&c->free);
	(void)pthread_mutex_unlock(&c->lock);
}

static size_t answer_sw(uint8_t *resp, uint16_t sw)
{
	resp[0] = (uint8_t)(sw >> 8);
	resp[1] = (uint8_t)sw;
	return 2;
}

/* PivApplet: the old PIN is verified before the new one is refused for its form. */
static bool refuses_change(struct sim_card *c, struct rd command, uint8_t *resp)
{
	uint8_t verify[5 + ECERT_PIN_LEN] = {0, ECERT_INS_VERIFY, 0, 0, ECERT_PIN_LEN};

	if (!c->tries_old || command.p[1] != ECERT_INS_CHANGE_REFERENCE || command.n < 21 ||
	    (command.p[13] >= '0' && command.p[13] <= '9'))
		return false;
	verify[3] = command.p[3];
	memcpy(verify + 5, command.p + 5, ECERT_PIN_LEN);
	(void)ap_process(&c->ap, verify, sizeof verify, resp);
	return resp[0] == 0x90;
}

static size_t process(struct sim_card *c, struct rd command, uint8_t *resp)
{
	bool verified = c->ap.pin_ok;
	uint8_t ins = command.p[1];
	size_t n;

	c->ins[ins]++;
	if (c->foreign)
		return answer_sw(resp, ECERT_SW_NOT_FOUND);
	if (c->other && ins != ECERT_INS_SELECT)
		return answer_sw(resp, ECERT_SW_BAD_INS);
	c->other = false;
	if (c->plain && ins >= 0xF0 && !(c->told && ins == ECERT_INS_GET_METADATA))
		return answer_sw(resp, ECERT_SW_BAD_INS);
	if (c->no_logout && ins == ECERT_INS_VERIFY && command.p[2] == ECERT_VERIFY_P1_LOGOUT)
		return answer_sw(resp, ECERT_SW_BAD_P1P2);
	if (refuses_change(c, command, resp))
		return answer_sw(resp, ECERT_SW_BAD_DATA);
	n = ap_process(&c->ap, command.p, command.n, resp);
	if (c->no_logout && ins == ECERT_INS_SELECT)
		c->ap.pin_ok = verified;
	return n;
}

/* A base PIV card has another name in SELECT's answer. */
static void rename_card(struct sim_card *c, uint8_t *resp, size_t len)
{
	uint8_t *at = memmem(resp, len, "e-Cert PIV", 10);

	if (c->plain && at != NULL)
		memcpy(at, "Plain. PIV", 10);
}

enum ecert_rc sim_card_ask(struct sim_card *c, const void *who, unsigned *resets, struct rd command,
    uint8_t *resp, size_t cap, size_t *len)
{
	static _Thread_local uint8_t answer[AP_RESPONSE_MAX];
	enum ecert_rc rc = ECERT_OK;
	size_t number;

	(void)pthread_mutex_lock(&c->lock);
	wait_free(c, who);
	number = ++c->count;
	(void)pthread_mutex_unlock(&c->lock);
	/* Unlocked, because a hook acts on the card as another process would. */
	if (c->before != NULL)
		rc = c->before(c->arg, c, number);
	(void)pthread_mutex_lock(&c->lock);
	if (rc == ECERT_OK)
		rc = note_reset(c, resets);
	if (rc == ECERT_OK) {
		*len = process(c, command, answer);
		rename_card(c, answer, *len);
		if (c->after != NULL)
			c->after(c->arg, command, answer, len);
		if (*len > cap)
			rc = ECERT_E_BUFFER;
		else
			memcpy(resp, answer, *len);
	}
	(void)pthread_mutex_unlock(&c->lock);
	return rc;
}

/* ---- what other processes do ---- */

void sim_reset(struct sim_card *c)
{
	(void)pthread_mutex_lock(&c->lock);
	ap_reset(&c->ap);
	c->other = false;
	c->resets++;
	(void)pthread_mutex_unlock(&c->lock);
}

void sim_select_other(struct sim_card *c, bool lose_pin)
{
	(void)pthread_mutex_lock(&c->lock);
	if (lose_pin)
		ap_reset(&c->ap);
	c->other = true;
	(void)pthread_mutex_unlock(&c->lock);
}

uint16_t sim_apdu(struct sim_card *c, const char *hex)
{
	struct buf cmd = BUF_INIT(4096);
	uint8_t answer[AP_RESPONSE_MAX];
	struct rd v;
	size_t n;

	if (hex_get(rd_of(hex, strlen(hex)), &cmd) != ECERT_OK)
		abort();
	v = buf_view(&cmd);
	(void)pthread_mutex_lock(&c->lock);
	n = ap_process(&c->ap, v.p, v.n, answer);
	(void)pthread_mutex_unlock(&c->lock);
	buf_free(&cmd);
	return (uint16_t)(answer[n - 2] << 8 | answer[n - 1]);
}

size_t sim_count(const struct sim_card *c)
{
	return c->count;
}

size_t sim_ins(const struct sim_card *c, uint8_t ins)
{
	return c->ins[ins];
}

bool sim_held(struct sim_card *c)
{
	bool held;

	(void)pthread_mutex_lock(&c->lock);
	held = c->holder != NULL;
	(void)pthread_mutex_unlock(&c->lock);
	return held;
}

bool sim_verified(struct sim_card *c)
{
	bool ok;

	(void)pthread_mutex_lock(&c->lock);
	ok = c->ap.pin_ok;
	(void)pthread_mutex_unlock(&c->lock);
	return ok;
}

bool sim_administrator(struct sim_card *c)
{
	bool ok;

	(void)pthread_mutex_lock(&c->lock);
	ok = c->ap.mgm_ok;
	(void)pthread_mutex_unlock(&c->lock);
	return ok;
}

int sim_tries(struct sim_card *c)
{
	bool was;
	uint16_t sw;

	(void)pthread_mutex_lock(&c->lock);
	was = c->ap.pin_ok;
	c->ap.pin_ok = false;
	(void)pthread_mutex_unlock(&c->lock);
	sw = sim_apdu(c, "00200080");
	(void)pthread_mutex_lock(&c->lock);
	c->ap.pin_ok = was;
	(void)pthread_mutex_unlock(&c->lock);
	return sw == ECERT_SW_BLOCKED ? 0 : sw & 0x0F;
}

void sim_hooks(struct sim_card *c, sim_before before, sim_after after, void *arg)
{
	c->before = before;
	c->after = after;
	c->arg = arg;
}

void sim_tries_old(struct sim_card *c)
{
	c->tries_old = true;
}

void sim_no_logout(struct sim_card *c)
{
	c->no_logout = true;
}

void sim_plain(struct sim_card *c)
{
	c->plain = true;
}

void sim_metadata_only(struct sim_card *c)
{
	c->plain = c->told = true;
}

void sim_foreign(struct sim_card *c, bool foreign)
{
	c->foreign = foreign;
}
