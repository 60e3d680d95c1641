/* SPDX-License-Identifier: BSD-2-Clause */
/* A card in memory for the tests. */
#include "tests/unit/applet/applet_fixture.h"

#include <stdlib.h>
#include <string.h>

static enum ap_hal_rc flash_read(void *ctx, uint32_t off, uint8_t *out, size_t len)
{
	const struct card *c = ctx;

	if (c->dead)
		return AP_HAL_FAIL;
	assert_true(off <= 2 * c->area && len <= 2 * c->area - off);
	memcpy(out, c->flash + off, len);
	return AP_HAL_OK;
}

/* How many of len bytes get through before the power goes. */
static size_t survives(struct card *c, size_t len)
{
	if (c->dead)
		return 0;
	c->ops++;
	if (c->ops != c->cut_at)
		return len;
	c->dead = true;
	switch (c->mode) {
	case CUT_BEFORE:
		return 0;
	case CUT_HALF:
		return len / 2;
	case CUT_ALMOST:
		return len - 1;
	default:
		return len;
	}
}

static enum ap_hal_rc flash_write(void *ctx, uint32_t off, const uint8_t *in, size_t len)
{
	struct card *c = ctx;
	size_t n = survives(c, len);
	bool erased = true;

	assert_true(off <= 2 * c->area && len <= 2 * c->area - off);
	for (size_t i = 0; i < n; i++) {
		erased = erased && c->flash[off + i] == 0xFF;
		c->flash[off + i] = in[i];
	}
	/* Flash: a byte is written once after an erase. */
	assert_true(erased);
	return c->dead ? AP_HAL_FAIL : AP_HAL_OK;
}

static enum ap_hal_rc flash_erase(void *ctx, unsigned int area)
{
	struct card *c = ctx;

	assert_true(area < 2);
	memset(c->flash + area * c->area, 0xFF, survives(c, c->area));
	host_forget_keys(&c->host);
	return c->dead ? AP_HAL_FAIL : AP_HAL_OK;
}

static enum ap_hal_rc flash_sync(void *ctx)
{
	const struct card *c = ctx;

	return c->dead ? AP_HAL_FAIL : AP_HAL_OK;
}

static bool touch(void *ctx, uint8_t key_ref)
{
	struct card *c = ctx;

	(void)key_ref;
	c->touches += c->touching;
	return c->touching;
}

static uint32_t millis(void *ctx)
{
	const struct card *c = ctx;

	return c->now;
}

static enum ap_hal_rc toy_random(void *ctx, uint8_t *out, size_t len)
{
	struct card *c = ctx;

	for (size_t i = 0; i < len; i++) {
		c->seed = c->seed * 1664525u + 1013904223u;
		out[i] = (uint8_t)(c->seed >> 24);
	}
	return AP_HAL_OK;
}

static enum ap_hal_rc toy_derive(void *ctx, uint8_t alg, const uint8_t *priv, uint8_t *pub)
{
	(void)ctx;
	for (size_t i = 0; i < host_pub_len(alg); i++)
		pub[i] = (uint8_t)(priv[i % host_priv_len(alg)] ^ 0xA5);
	return AP_HAL_OK;
}

static enum ap_hal_rc toy_keygen(void *ctx, uint8_t alg, uint8_t *priv, uint8_t *pub)
{
	toy_random(ctx, priv, host_priv_len(alg));
	return toy_derive(ctx, alg, priv, pub);
}

static enum ap_hal_rc toy_sign(void *ctx, uint8_t alg, const uint8_t *priv, const uint8_t *pub,
    const uint8_t *in, size_t in_len, uint8_t *out)
{
	(void)ctx;
	(void)pub;
	(void)in_len;
	for (size_t i = 0; i < 64; i++)
		out[i] = (uint8_t)(priv[i % host_priv_len(alg)] + in[0]);
	return AP_HAL_OK;
}

void card_use_toys(struct card *c)
{
	c->host.hal.random = toy_random;
	c->host.hal.derive = toy_derive;
	c->host.hal.keygen = toy_keygen;
	c->host.hal.sign = toy_sign;
}

struct card *card_blank(uint32_t area)
{
	struct card *c = calloc(1, sizeof(*c));

	assert_non_null(c);
	c->area = area;
	c->flash = malloc(2 * area);
	assert_non_null(c->flash);
	memset(c->flash, 0xFF, 2 * area);
	c->host.fd = -1;
	c->touching = true;
	host_hal_crypto(&c->host);
	c->host.hal.area_size = area;
	c->host.hal.flash_read = flash_read;
	c->host.hal.flash_write = flash_write;
	c->host.hal.flash_erase = flash_erase;
	c->host.hal.flash_sync = flash_sync;
	c->host.hal.touch = touch;
	c->host.hal.millis = millis;
	return c;
}

void card_personalise(struct card *c)
{
	const struct ap_profile profile = {TEST_SERIAL, ECERT_ALG_AES192};

	(void)ap_init(&c->ap, &c->host.hal);
	assert_int_equal(ap_personalise(&c->ap, &profile), AP_ST_OK);
}

struct card *card_new(void)
{
	struct card *c = card_blank(HOST_AREA_SIZE);

	assert_int_equal(ap_init(&c->ap, &c->host.hal), AP_ST_BLANK);
	card_personalise(c);
	return c;
}

void card_free(struct card *c)
{
	host_forget_keys(&c->host);
	free(c->flash);
	free(c);
}

static int nibble(char ch)
{
	if (ch >= '0' && ch <= '9')
		return ch - '0';
	if (ch >= 'A' && ch <= 'F')
		return ch - 'A' + 10;
	if (ch >= 'a' && ch <= 'f')
		return ch - 'a' + 10;
	return -1;
}

size_t from_hex(const char *hex, uint8_t *out, size_t cap)
{
	size_t n = 0;

	for (; *hex != '\0'; hex++) {
		if (*hex == ' ')
			continue;
		assert_true(n < cap && nibble(hex[0]) >= 0 && nibble(hex[1]) >= 0);
		out[n++] = (uint8_t)(nibble(hex[0]) << 4 | nibble(hex[1]));
		hex++;
	}
	return n;
}

static uint16_t process(struct card *c, const uint8_t *apdu, size_t len)
{
	size_t n = ap_process(&c->ap, apdu, len, c->resp);

	assert_in_range(n, 2, AP_RESPONSE_MAX);
	c->len = n - 2;
	return (uint16_t)(c->resp[n - 2] << 8 | c->resp[n - 1]);
}

uint16_t card_send(struct card *c, const char *hex)
{
	uint8_t apdu[1024];

	return process(c, apdu, from_hex(hex, apdu, sizeof(apdu)));
}

uint16_t card_command(
    struct card *c, uint8_t ins, uint8_t p1, uint8_t p2, const uint8_t *data, size_t len)
{
	uint8_t apdu[9 + 65535] = {0x00, ins, p1, p2, 0x00, (uint8_t)(len >> 8), (uint8_t)len};

	if (len == 0)
		return process(c, apdu, 7);
	memcpy(apdu + 7, data, len);
	return process(c, apdu, 9 + len);
}

uint16_t card_chained(struct card *c, uint8_t ins, uint8_t p1, uint8_t p2, const uint8_t *data,
    size_t len, size_t part)
{
	static const uint8_t more[] = {0x00, 0xC0, 0x00, 0x00, 0x00};
	uint8_t apdu[5 + 256 + 1], all[AP_RESPONSE_MAX];
	size_t have = 0;
	uint16_t sw;

	do {
		size_t n = len < part ? len : part;
		const uint8_t head[5] = {len > part ? ECERT_CLA_CHAIN : 0, ins, p1, p2, (uint8_t)n};

		memcpy(apdu, head, 5);
		memcpy(apdu + 5, data, n);
		apdu[5 + n] = 0;
		data += n;
		len -= n;
		sw = process(c, apdu, 5 + n + (len == 0));
	} while (len > 0 && sw == ECERT_SW_OK);
	for (;;) {
		assert_true(c->len <= sizeof(all) - have);
		memcpy(all + have, c->resp, c->len);
		have += c->len;
		if ((sw & 0xFF00) != ECERT_SW_MORE_DATA)
			break;
		sw = process(c, more, sizeof(more));
	}
	memcpy(c->resp, all, have);
	c->len = have;
	return sw;
}

void card_login(struct card *c)
{
	assert_sw(card_send(c, "00200080 08 313233343536FFFF"), ECERT_SW_OK);
}

void card_admin(struct card *c)
{
	struct ap_mgm mgm;
	uint8_t data[20] = {ECERT_TAG_AUTH, 0, ECERT_TAG_AUTH_RESPONSE, 0};
	uint8_t n;

	assert_sw(ap_mgm_load(&c->ap, &mgm), ECERT_SW_OK);
	n = mgm.alg == ECERT_ALG_3DES ? 8 : 16;
	assert_sw(card_command(c, ECERT_INS_GENERAL_AUTHENTICATE, mgm.alg, ECERT_KEY_9B,
		      (const uint8_t *)"\x7C\x02\x81\x00", 4),
	    ECERT_SW_OK);
	assert_int_equal(c->len, 4 + n);
	data[1] = (uint8_t)(n + 2);
	data[3] = n;
	assert_int_equal(
	    c->host.hal.block(&c->host, mgm.alg, true, mgm.key, c->resp + 4, data + 4), AP_HAL_OK);
	assert_sw(card_command(c, ECERT_INS_GENERAL_AUTHENTICATE, mgm.alg, ECERT_KEY_9B, data,
		      (size_t)n + 4),
	    ECERT_SW_OK);
}

void card_generate(struct card *c, uint8_t slot, uint8_t alg, int pin, int touch_policy)
{
	const uint8_t data[] = {ECERT_TAG_GENERATE, 9, ECERT_TAG_GENERATE_ALG, 1, alg,
	    ECERT_TAG_PIN_POLICY, 1, (uint8_t)pin, ECERT_TAG_TOUCH_POLICY, 1,
	    (uint8_t)touch_policy};

	assert_sw(card_command(c, ECERT_INS_GENERATE, 0, slot, data, sizeof(data)), ECERT_SW_OK);
}

static size_t put_path(uint8_t *p, uint32_t tag)
{
	size_t n = tag > 0xFFFF ? 3 : tag > 0xFF ? 2 : 1;

	p[0] = ECERT_TAG_PATH;
	p[1] = (uint8_t)n;
	for (size_t i = 0; i < n; i++)
		p[2 + i] = (uint8_t)(tag >> 8 * (n - 1 - i));
	return 2 + n;
}

uint16_t card_put(struct card *c, uint32_t tag, const uint8_t *value, size_t len)
{
	uint8_t data[4096 + 16];
	size_t n = put_path(data, tag);

	assert_true(len <= 4096);
	data[n++] = ECERT_TAG_OBJECT;
	data[n++] = 0x82;
	data[n++] = (uint8_t)(len >> 8);
	data[n++] = (uint8_t)len;
	if (len > 0)
		memcpy(data + n, value, len);
	return card_command(c, ECERT_INS_PUT_DATA, 0x3F, 0xFF, data, n + len);
}

uint16_t card_get(struct card *c, uint32_t tag)
{
	uint8_t data[8];

	return card_command(c, ECERT_INS_GET_DATA, 0x3F, 0xFF, data, put_path(data, tag));
}

uint16_t card_authenticate(struct card *c, uint8_t alg, uint8_t slot, uint8_t tag,
    const uint8_t *data, size_t len, struct ap_span *out)
{
	uint8_t body[1024];
	struct ap_out o = {body, sizeof(body), 0, false};
	struct ap_span in, inner;
	size_t mark = ap_open(&o, ECERT_TAG_AUTH);
	uint16_t sw;

	ap_put_tlv(&o, ECERT_TAG_AUTH_RESPONSE, NULL, 0);
	ap_put_tlv(&o, tag, data, len);
	ap_close(&o, mark);
	assert_false(o.bad);
	*out = (struct ap_span){NULL, 0};
	sw = card_command(c, ECERT_INS_GENERAL_AUTHENTICATE, alg, slot, body, o.len);
	if (sw != ECERT_SW_OK)
		return sw;
	in = (struct ap_span){c->resp, c->len};
	assert_true(ap_tlv_take(&in, ECERT_TAG_AUTH, &inner));
	assert_int_equal(in.len, 0);
	assert_true(ap_tlv_take(&inner, ECERT_TAG_AUTH_RESPONSE, out));
	assert_int_equal(inner.len, 0);
	return sw;
}

bool card_flash_has(const struct card *c, const uint8_t *bytes, size_t len)
{
	return memmem(c->flash, 2 * c->area, bytes, len) != NULL;
}
