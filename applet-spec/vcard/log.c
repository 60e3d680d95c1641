/* SPDX-License-Identifier: BSD-2-Clause */
/* The APDU log: text, without secrets. */
#include "applet-spec/vcard/vcard.h"

#include <string.h>

/* Commands whose data field is a PIN, a PUK or a key. */
static bool is_secret(const uint8_t *apdu, size_t len)
{
	static const uint8_t secret[] = {ECERT_INS_VERIFY, ECERT_INS_CHANGE_REFERENCE,
	    ECERT_INS_RESET_RETRY, ECERT_INS_SET_MGM_KEY, ECERT_INS_IMPORT};

	return len > 5 && memchr(secret, apdu[1], sizeof(secret)) != NULL;
}

void vcard_log(FILE *log, char direction, const uint8_t *bytes, size_t len)
{
	size_t clear = len;

	if (log == NULL)
		return;
	if (direction == '>' && is_secret(bytes, len))
		clear = bytes[4] == 0 && len > 7 ? 7 : 5;
	fprintf(log, "%c ", direction);
	for (size_t i = 0; i < len; i++) {
		if (i < clear)
			fprintf(log, "%02X", bytes[i]);
		else
			fputs("**", log);
	}
	fputc('\n', log);
	fflush(log);
}
