/* SPDX-License-Identifier: BSD-2-Clause */
/* A chip for the applet that is fast and repeatable. */
#include "toychip.h"

#include <string.h>

#include "fuzz.h"

/* ---- flash ---- */

static enum ap_hal_rc flash_read(void *ctx, uint32_t off, uint8_t *out, size_t len)
{
	const struct toychip *c = ctx;

	REQUIRE(off <= 2 * c->area && len <= 2 * c->area - off);
	if (c->dead)
		return AP_HAL_FAIL;
	memcpy(out, c->flash + off, len);
	return AP_HAL_OK;
}

/* The operation that the cut hits is half done. */
static size_t survives(struct toychip *c, size_t len)
{
	if (c->dead)
		return 0;
	if (++c->ops != c->cut_at)
		return len;
	c->dead = true;
	return len / 2;
}

static enum ap_hal_rc flash_write(void *ctx, uint32_t off, const uint8_t *in, size_t len)
{
	static uint8_t erased[TOY_AREA_MAX];
	struct toychip *c = ctx;
	size_t n = survives(c, len);

	if (erased[0] == 0)
		memset(erased, 0xFF, sizeof erased);
	REQUIRE(off <= 2 * c->area && len <= 2 * c->area - off);
	/* A byte is written once after an erase. */
	REQUIRE(n <= sizeof erased && memcmp(c->flash + off, erased, n) == 0);
	memcpy(c->flash + off, in, n);
	return c->dead ? AP_HAL_FAIL : AP_HAL_OK;
}

static enum ap_hal_rc flash_erase(void *ctx, unsigned int area)
{
	struct toychip *c = ctx;

	REQUIRE(area < 2);
	memset(c->flash + area * c->area, 0xFF, survives(c, c->area));
	return c->dead ? AP_HAL_FAIL : AP_HAL_OK;
}

static enum ap_hal_rc flash_sync(void *ctx)
{
	const struct toychip *c = ctx;

	return c->dead ? AP_HAL_FAIL : AP_HAL_OK;
}

/* ---- arithmetic ---- */

static uint32_t step(uint32_t x)
{
	return x * 1664525u + 1013904223u;
}

/* Every byte of in changes every byte of out. */
static void mix(uint32_t x, const uint8_t *in, size_t n, uint8_t *out, size_t len)
{
	for (size_t i = 0; i < n; i++)
		x = step(x ^ in[i]);
	for (size_t i = 0; i < len; i++) {
		x = step(x);
		out[i] = (uint8_t)(x >> 24);
	}
}

static enum ap_hal_rc toy_random(void *ctx, uint8_t *out, size_t len)
{
	struct toychip *c = ctx;

	c->seed = step(c->seed);
	mix(c->seed, NULL, 0, out, len);
	return AP_HAL_OK;
}

static enum ap_hal_rc toy_sha256(void *ctx, const uint8_t *in, size_t len, uint8_t out[32])
{
	(void)ctx;
	mix(1, in, len, out, 32);
	return AP_HAL_OK;
}

static enum ap_hal_rc toy_derive(void *ctx, uint8_t alg, const uint8_t *priv, uint8_t *pub)
{
	(void)ctx;
	mix(alg, priv, host_priv_len(alg), pub, host_pub_len(alg));
	if (ap_alg_by_id(alg)->kind == AP_EC || ap_alg_by_id(alg)->kind == AP_SM2)
		pub[0] = 0x04;
	/* Some numbers are no key. */
	return priv[0] == 0 ? AP_HAL_INPUT : AP_HAL_OK;
}

static enum ap_hal_rc toy_keygen(void *ctx, uint8_t alg, uint8_t *priv, uint8_t *pub)
{
	toy_random(ctx, priv, host_priv_len(alg));
	priv[0] |= 1;
	return toy_derive(ctx, alg, priv, pub);
}

static void note_use(struct toychip *c, uint8_t alg, const uint8_t *priv)
{
	c->private_uses++;
	c->used_alg = alg;
	memcpy(c->used, priv, sizeof c->used);
}

static enum ap_hal_rc toy_sign(void *ctx, uint8_t alg, const uint8_t *priv, const uint8_t *pub,
    const uint8_t *in, size_t in_len, uint8_t *out)
{
	const struct ap_alg *row = ap_alg_by_id(alg);
	size_t n = row->kind == AP_RSA ? row->pub_len : 2 * ap_alg_field(row);

	(void)pub;
	note_use(ctx, alg, priv);
	mix(priv[1], in, in_len, out, n);
	return AP_HAL_OK;
}

static enum ap_hal_rc toy_agree(void *ctx, uint8_t alg, const uint8_t *priv, const uint8_t *pub,
    const uint8_t *peer, uint8_t *out)
{
	(void)pub;
	note_use(ctx, alg, priv);
	mix(priv[1], peer, host_pub_len(alg), out, ap_alg_field(ap_alg_by_id(alg)));
	/* Some points are on no curve. */
	return peer[1] == 0 ? AP_HAL_INPUT : AP_HAL_OK;
}

static enum ap_hal_rc toy_block(
    void *ctx, uint8_t alg, bool encrypt, const uint8_t *key, const uint8_t *in, uint8_t *out)
{
	size_t n = alg == ECERT_ALG_3DES ? 8 : 16;

	(void)ctx;
	(void)encrypt;
	for (size_t i = 0; i < n; i++)
		out[i] = (uint8_t)(in[i] ^ key[i] ^ 0x5C);
	return AP_HAL_OK;
}

static bool toy_touch(void *ctx, uint8_t key_ref)
{
	struct toychip *c = ctx;

	(void)key_ref;
	c->touches += c->touching;
	return c->touching;
}

static uint32_t toy_millis(void *ctx)
{
	return ((struct toychip *)ctx)->now;
}

static void use_flash(struct toychip *c)
{
	struct ap_hal *hal = &c->host.hal;

	hal->area_size = c->area;
	hal->flash_read = flash_read;
	hal->flash_write = flash_write;
	hal->flash_erase = flash_erase;
	hal->flash_sync = flash_sync;
	hal->touch = toy_touch;
	hal->millis = toy_millis;
}

static void use_toys(struct toychip *c)
{
	struct ap_hal *hal = &c->host.hal;

	hal->random = toy_random;
	hal->sha256 = toy_sha256;
	hal->derive = toy_derive;
	hal->keygen = toy_keygen;
	hal->sign = toy_sign;
	hal->agree = toy_agree;
	hal->block = toy_block;
}

static void blank(struct toychip *c, uint32_t area)
{
	memset(c, 0, sizeof *c);
	c->host.fd = -1;
	c->host.hal.ctx = c;
	c->area = area;
	c->touching = true;
	memset(c->flash, 0xFF, sizeof c->flash);
	use_flash(c);
}

/* ---- a card ---- */

void toychip_generate(struct toychip *c, uint8_t ref, uint8_t alg, uint8_t pin, uint8_t touch)
{
	const uint8_t apdu[] = {0x00, ECERT_INS_GENERATE, 0x00, ref, 11, ECERT_TAG_GENERATE, 9,
	    ECERT_TAG_GENERATE_ALG, 1, alg, ECERT_TAG_PIN_POLICY, 1, pin, ECERT_TAG_TOUCH_POLICY, 1,
	    touch, 0x00};
	uint8_t resp[AP_RESPONSE_MAX];
	size_t n;

	c->ap.mgm_ok = true;
	n = ap_process(&c->ap, apdu, sizeof apdu, resp);
	REQUIRE(n > 2 && (resp[n - 2] == 0x90 || resp[n - 2] == 0x61));
}

void toychip_real(struct toychip *c, uint32_t area,
    enum ap_hal_rc (*keygen)(void *ctx, uint8_t alg, uint8_t *priv, uint8_t *pub))
{
	const struct ap_profile profile = {20261120, ECERT_ALG_AES192};

	blank(c, area);
	host_hal_crypto(&c->host);
	use_flash(c);
	c->host.hal.keygen = keygen;
	REQUIRE(ap_init(&c->ap, &c->host.hal) == AP_ST_BLANK);
	REQUIRE(ap_personalise(&c->ap, &profile) == AP_ST_OK && host_certify(&c->ap) == 0);
}

/* The attestation key is a real one, because it has a certificate. */
static void make(struct toychip *c)
{
	toychip_real(c, TOY_AREA, host_keygen);
	host_forget_keys(&c->host);
	use_toys(c);
	toychip_generate(c, 0x9A, ECERT_ALG_P256, ECERT_PIN_POLICY_DEFAULT, 0);
	toychip_generate(c, 0x9C, ECERT_ALG_P384, ECERT_PIN_POLICY_ALWAYS, 0);
	toychip_generate(c, 0x9D, ECERT_ALG_X25519, ECERT_PIN_POLICY_ONCE, 0);
	toychip_generate(c, 0x9E, ECERT_ALG_ED25519, ECERT_PIN_POLICY_NEVER, 0);
	toychip_generate(
	    c, 0x82, ECERT_ALG_P256, ECERT_PIN_POLICY_ALWAYS, ECERT_TOUCH_POLICY_ALWAYS);
	toychip_generate(
	    c, 0x83, ECERT_ALG_RSA2048, ECERT_PIN_POLICY_ONCE, ECERT_TOUCH_POLICY_CACHED);
	toychip_generate(c, 0x84, ECERT_ALG_SM2, ECERT_PIN_POLICY_ONCE, 0);
	ap_reset(&c->ap);
	c->private_uses = c->touches = 0;
}

void toychip_copy(struct toychip *c, const struct toychip *from)
{
	struct host_key cache[HOST_KEY_CACHE];

	/* The first copy has none of its own yet. */
	memcpy(cache, c->host.cache, sizeof cache);
	*c = *from;
	memcpy(c->host.cache, cache, sizeof cache);
	c->host.hal.ctx = c;
	c->ap.hal = c->ap.st.hal = &c->host.hal;
}

void toychip_card(struct toychip *c)
{
	static struct toychip *first;

	if (!first) {
		first = malloc(sizeof *first);
		REQUIRE(first);
		make(first);
	}
	toychip_copy(c, first);
}

enum ap_st toychip_power(struct toychip *c)
{
	c->dead = false;
	c->cut_at = 0;
	return ap_init(&c->ap, &c->host.hal);
}
