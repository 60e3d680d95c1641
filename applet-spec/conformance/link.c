/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands to the card under test. Written apart from the middleware's own APDU layer. */
#include "applet-spec/conformance/conformance.h"

#include <stdlib.h>
#include <string.h>

#include "util/tlv.h"

#define RAW_MAX	   (7 + 4096 + 2)
#define PIECES_MAX 64

static enum ecert_rc once(struct session *s, struct rd command)
{
	uint8_t r[CHANNEL_RESPONSE_MAX > 4096 ? 4096 : CHANNEL_RESPONSE_MAX];
	size_t n = 0;
	enum ecert_rc rc = channel_transmit(s->ch, command, r, sizeof r, &n);

	if (rc == ECERT_OK && n - 2 > sizeof s->a.data - s->a.len)
		rc = ECERT_E_TOO_LARGE;
	if (rc != ECERT_OK)
		return rc;
	memcpy(s->a.data + s->a.len, r, n - 2);
	s->a.len += n - 2;
	s->a.sw = (uint16_t)(r[n - 2] << 8 | r[n - 1]);
	s->a.pieces++;
	return ECERT_OK;
}

uint16_t send_raw(struct session *s, struct rd command, bool follow)
{
	enum ecert_rc rc;

	s->a.len = 0;
	s->a.pieces = 0;
	s->a.sw = 0;
	if (s->dead != ECERT_OK)
		return 0;
	rc = once(s, command);
	while (rc == ECERT_OK && follow && s->a.sw >> 8 == 0x61 && s->a.pieces < PIECES_MAX) {
		const uint8_t more[] = {0, ECERT_INS_GET_RESPONSE, 0, 0, (uint8_t)s->a.sw};

		rc = once(s, rd_of(more, sizeof more));
	}
	if (rc != ECERT_OK) {
		s->dead = rc;
		report_note("the card or its reader failed: %s", ecert_strerror(rc));
	}
	return rc == ECERT_OK ? s->a.sw : 0;
}

uint16_t send(struct session *s, uint8_t ins, uint8_t p1, uint8_t p2, struct rd data)
{
	uint8_t cmd[5 + 255 + 1];
	size_t n;

	while (data.n > 255) {
		uint8_t head[] = {ECERT_CLA_CHAIN, ins, p1, p2, 255};

		memcpy(cmd, head, sizeof head);
		memcpy(cmd + 5, data.p, 255);
		data.p += 255;
		data.n -= 255;
		if (send_raw(s, rd_of(cmd, 5 + 255), false) != ECERT_SW_OK)
			return s->a.sw;
	}
	memcpy(cmd, (uint8_t[]){ECERT_CLA_PLAIN, ins, p1, p2, (uint8_t)data.n}, 5);
	n = data.n > 0 ? 5 + data.n : 4;
	if (data.n > 0)
		memcpy(cmd + 5, data.p, data.n);
	cmd[n++] = 0;
	return send_raw(s, rd_of(cmd, n), true);
}

uint16_t send_extended(struct session *s, uint8_t ins, uint8_t p1, uint8_t p2, struct rd data)
{
	static uint8_t cmd[RAW_MAX];
	size_t n = 7;

	memcpy(cmd,
	    (uint8_t[]){ECERT_CLA_PLAIN, ins, p1, p2, 0, (uint8_t)(data.n >> 8), (uint8_t)data.n},
	    7);
	memcpy(cmd + n, data.p, data.n);
	n += data.n;
	cmd[n++] = 0;
	cmd[n++] = 0;
	return send_raw(s, rd_of(cmd, n), true);
}

uint16_t select_piv(struct session *s)
{
	static const uint8_t aid[] = ECERT_AID_PIV_SHORT;

	return send(s, ECERT_INS_SELECT, 0x04, 0x00, rd_of(aid, sizeof aid));
}

struct rd answer_of(const struct session *s)
{
	return rd_of(s->a.data, s->a.len);
}

bool path_find(struct rd in, const char *path, struct rd *value)
{
	while (*path != '\0') {
		char *end;
		unsigned long tag = strtoul(path, &end, 16);

		if (tlv_find(in, (uint32_t)tag, value) != ECERT_OK)
			return false;
		in = *value;
		path = *end == '/' ? end + 1 : end;
	}
	return true;
}

bool answer_path(const struct session *s, const char *path, struct rd *value)
{
	return path_find(answer_of(s), path, value);
}
