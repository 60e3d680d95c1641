/* SPDX-License-Identifier: BSD-2-Clause */
/* The APDU log: text, without secrets. */
#include "applet-spec/vcard/vcard.h"

#include <string.h>

#define INS_GET_RESPONSE 0xC0

/* Commands whose data field is a PIN, a PUK or a key. */
static bool is_secret(const uint8_t *apdu, size_t len)
{
	static const uint8_t secret[] = {ECERT_INS_VERIFY, ECERT_INS_CHANGE_REFERENCE,
	    ECERT_INS_RESET_RETRY, ECERT_INS_SET_MGM_KEY, ECERT_INS_IMPORT};

	return len > 5 && memchr(secret, apdu[1], sizeof(secret)) != NULL;
}

/* The answer may be what a key decrypted or agreed on; GET RESPONSE goes on with it. */
static bool hides_answer(const uint8_t *apdu, size_t len, bool before)
{
	if (len < 4 || apdu[1] == INS_GET_RESPONSE)
		return before;
	return apdu[1] == ECERT_INS_GENERAL_AUTHENTICATE && apdu[3] != ECERT_KEY_9B;
}

void vcard_log(FILE *log, char direction, const uint8_t *bytes, size_t len)
{
	static bool hide; /* one card talks in a process */
	size_t clear = len, tail = len;

	if (log == NULL)
		return;
	if (direction == '>') {
		hide = hides_answer(bytes, len, hide);
		if (is_secret(bytes, len))
			clear = bytes[4] == 0 && len > 7 ? 7 : 5;
	} else if (hide && len > 2) {
		clear = 0;
		tail = len - 2;
	}
	fprintf(log, "%c ", direction);
	for (size_t i = 0; i < len; i++) {
		if (i < clear || i >= tail)
			fprintf(log, "%02X", bytes[i]);
		else
			fputs("**", log);
	}
	fputc('\n', log);
	fflush(log);
}
