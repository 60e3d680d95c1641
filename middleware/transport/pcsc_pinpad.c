/* SPDX-License-Identifier: BSD-2-Clause */
/* PC/SC part 10: the PIN is typed at the reader and never seen by the host. */
#include "transport/pcsc_priv.h"

#include <reader.h>
#include <string.h>

#define FEATURES_MAX 256
#define TEMPLATE_MAX 64

/* How a PIV PIN lies in its command (SP 800-73-5 part 2, 3.2.1): ASCII, left justified, 8 bytes. */
#define FORMAT_ASCII_BYTES	0x82
#define PIN_BLOCK_8		0x08
#define PIN_6_TO_8		0x0608
#define END_BY_KEY		0x02
#define LANGUAGE_ENGLISH_US	0x0409
#define CONFIRM_AND_ASK_CURRENT 0x03

/* PC/SC part 10, 2.2: features are tag, length 4, control code big-endian. */
static void read_features(struct pcsc_channel *c, struct rd answer)
{
	uint8_t tag, len;
	uint32_t code;

	while (rd_u8(&answer, &tag) == ECERT_OK) {
		if (rd_u8(&answer, &len) != ECERT_OK || len != 4 ||
		    rd_u32(&answer, &code) != ECERT_OK)
			return;
		if (tag == FEATURE_VERIFY_PIN_DIRECT)
			c->verify_code = code;
		if (tag == FEATURE_MODIFY_PIN_DIRECT)
			c->modify_code = code;
	}
}

struct pinpad pcsc_pinpad(void *impl)
{
	struct pcsc_channel *c = impl;
	uint8_t answer[FEATURES_MAX];
	DWORD got = 0;

	c->verify_code = c->modify_code = 0;
	if (SCardControl(c->card, CM_IOCTL_GET_FEATURE_REQUEST, NULL, 0, answer, sizeof answer,
		&got) == SCARD_S_SUCCESS &&
	    got <= sizeof answer)
		read_features(c, rd_of(answer, got));
	return (struct pinpad){c->verify_code != 0, c->modify_code != 0};
}

static size_t verify_block(struct rd apdu_template, uint8_t *out)
{
	PIN_VERIFY_STRUCTURE head = {
	    .bmFormatString = FORMAT_ASCII_BYTES,
	    .bmPINBlockString = PIN_BLOCK_8,
	    .wPINMaxExtraDigit = HOST_TO_CCID_16(PIN_6_TO_8),
	    .bEntryValidationCondition = END_BY_KEY,
	    .bNumberMessage = 1,
	    .wLangId = HOST_TO_CCID_16(LANGUAGE_ENGLISH_US),
	    .ulDataLength = HOST_TO_CCID_32((uint32_t)apdu_template.n),
	};

	memcpy(out, &head, sizeof head);
	memcpy(out + sizeof head, apdu_template.p, apdu_template.n);
	return sizeof head + apdu_template.n;
}

static size_t modify_block(struct rd apdu_template, uint8_t *out)
{
	PIN_MODIFY_STRUCTURE head = {
	    .bmFormatString = FORMAT_ASCII_BYTES,
	    .bmPINBlockString = PIN_BLOCK_8,
	    .bInsertionOffsetOld = 0,
	    .bInsertionOffsetNew = 8,
	    .wPINMaxExtraDigit = HOST_TO_CCID_16(PIN_6_TO_8),
	    .bConfirmPIN = CONFIRM_AND_ASK_CURRENT,
	    .bEntryValidationCondition = END_BY_KEY,
	    .bNumberMessage = 3,
	    .wLangId = HOST_TO_CCID_16(LANGUAGE_ENGLISH_US),
	    .bMsgIndex1 = 0,
	    .bMsgIndex2 = 1,
	    .bMsgIndex3 = 2,
	    .ulDataLength = HOST_TO_CCID_32((uint32_t)apdu_template.n),
	};

	memcpy(out, &head, sizeof head);
	memcpy(out + sizeof head, apdu_template.p, apdu_template.n);
	return sizeof head + apdu_template.n;
}

/* What the reader itself answers in the place of a card (PC/SC part 10, 2.5.2). */
static enum ecert_rc reader_said(const uint8_t *resp, size_t len)
{
	if (len != 2 || resp[0] != 0x64)
		return ECERT_OK;
	switch (resp[1]) {
	case 0x00:
		return ECERT_E_TIMEOUT;
	case 0x01:
		return ECERT_E_CANCELLED;
	case 0x02: /* the new PIN and its repetition differ */
	case 0x03: /* too short or too long */
		return ECERT_E_PIN_FORMAT;
	default:
		return ECERT_OK;
	}
}

static enum ecert_rc control(
    struct pcsc_channel *c, uint32_t code, struct rd block, uint8_t *resp, size_t cap, size_t *len)
{
	DWORD got = 0;
	LONG rv = SCardControl(c->card, code, block.p, (DWORD)block.n, resp, (DWORD)cap, &got);

	if (rv != SCARD_S_SUCCESS)
		return pcsc_failed(c, rv);
	if (got > cap)
		return ECERT_E_BUFFER;
	*len = (size_t)got;
	return reader_said(resp, *len);
}

enum ecert_rc pcsc_pinpad_transmit(
    void *impl, struct rd apdu_template, bool modify, uint8_t *resp, size_t cap, size_t *len)
{
	struct pcsc_channel *c = impl;
	uint8_t block[sizeof(PIN_MODIFY_STRUCTURE) + TEMPLATE_MAX];
	bool was_held = c->held;
	enum ecert_rc rc = ECERT_OK;
	size_t n;

	if (apdu_template.n > TEMPLATE_MAX)
		return ECERT_E_ARG;
	n = modify ? modify_block(apdu_template, block) : verify_block(apdu_template, block);
	if (!was_held)
		rc = pcsc_worker_begin(c);
	if (rc == ECERT_OK)
		rc = control(
		    c, modify ? c->modify_code : c->verify_code, rd_of(block, n), resp, cap, len);
	if (!was_held)
		pcsc_give_back(c);
	return rc;
}
