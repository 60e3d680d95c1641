/* SPDX-License-Identifier: BSD-2-Clause */
/* The card as both doors see it: ATR, reset, APDUs. */
#include "applet-spec/vcard/vcard.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

/*
 * ISO 7816-3: T=1 only, IFSC 254. Historical bytes, ISO 7816-4, 8.1.1: category 80; card
 * capabilities 73 C0 01 C0 (selection by full and partial name; command chaining and extended
 * length); card issuer's data 55 "eCert". The last byte is the XOR of those after the first.
 */
#define ATR_LEN 19

const uint8_t *vcard_atr(size_t *len)
{
	static uint8_t atr[ATR_LEN] = {0x3B, 0x8B, 0x81, 0x31, 0xFE, 0x15, 0x80, 0x73, 0xC0, 0x01,
	    0xC0, 0x55, 'e', 'C', 'e', 'r', 't'};
	uint8_t tck = 0;

	*len = 18;
	for (size_t i = 1; i < 17; i++)
		tck ^= atr[i];
	atr[17] = tck;
	return atr;
}

void vcard_reset(struct vcard *v)
{
	ap_reset(&v->ap);
}

static void pause_us(unsigned long us)
{
	struct timespec t = {(time_t)(us / 1000000), (long)(us % 1000000) * 1000};

	if (us > 0)
		nanosleep(&t, NULL);
}

static void count(struct vcard *v)
{
	char text[24];
	int n;

	v->apdus++;
	if (v->count_fd < 0)
		return;
	n = snprintf(text, sizeof(text), "%lu\n", v->apdus);
	if (pwrite(v->count_fd, text, (size_t)n, 0) != n)
		v->count_fd = -1;
}

size_t vcard_apdu(struct vcard *v, const uint8_t *apdu, size_t len, uint8_t *resp)
{
	size_t n;

	if (v->opt->pull_after != 0 && v->apdus >= v->opt->pull_after) {
		v->pulled = true;
		return 0;
	}
	vcard_log(v->log, '>', apdu, len);
	n = ap_process(&v->ap, apdu, len, resp);
	pause_us(v->opt->delay_apdu + v->opt->delay_byte * (unsigned long)(len + n));
	vcard_log(v->log, '<', resp, n);
	count(v);
	return n;
}
