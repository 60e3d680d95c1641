/* SPDX-License-Identifier: BSD-2-Clause */
/* Which card this is: serial number by the profile object, GET SERIAL or the CHUID's GUID. */
#include "card/card_priv.h"

#include <stdio.h>
#include <string.h>

#include "util/hex.h"
#include "util/tlv.h"

#define GUID_BYTES 16

static enum ecert_rc serial_by_command(struct card *c)
{
	const struct apdu cmd = {.ins = ECERT_INS_GET_SERIAL, .le = APDU_LE_ALL};
	struct buf answer = BUF_INIT(256);
	struct rd view;
	uint32_t serial = 0;
	uint16_t sw;
	enum ecert_rc rc = card_exchange(c, &cmd, &answer, &sw);

	if (rc != ECERT_OK)
		goto out;
	(void)card_lacks(c, CARD_HAS_SERIAL, sw);
	view = buf_view(&answer);
	/* CanoKey without a serial number programmed says 0: as good as none. */
	if (sw != ECERT_SW_OK || rd_u32(&view, &serial) != ECERT_OK || serial == 0)
		rc = ECERT_E_UNSUPPORTED;
	else
		(void)snprintf(c->identity.serial, sizeof c->identity.serial, "%u", serial);
out:
	buf_free(&answer);
	return rc;
}

/* SP 800-73-5 part 1, 3.1.2: 34 is the GUID, 16 bytes. */
static enum ecert_rc serial_by_chuid(struct card *c)
{
	struct buf chuid = BUF_INIT(CARD_OBJECT_MAX);
	struct rd guid;
	enum ecert_rc rc = card_object_get(c, ECERT_OBJ_CHUID, &chuid);

	if (rc == ECERT_OK)
		rc = tlv_find(buf_view(&chuid), ECERT_TAG_CHUID_GUID, &guid);
	if (rc == ECERT_OK && guid.n != GUID_BYTES)
		rc = ECERT_E_MALFORMED;
	if (rc == ECERT_OK)
		hex_str(guid, c->identity.serial);
	buf_free(&chuid);
	return rc;
}

/* A card may have no serial number; only a lost channel is a failure. */
static enum ecert_rc ask_serial(struct card *c)
{
	struct card_status status;
	enum ecert_rc rc = ECERT_E_UNSUPPORTED;

	if ((c->features & CARD_HAS_ECERT) != 0)
		rc = card_status(c, false, &status); /* fills the identity too */
	if (rc == ECERT_E_UNSUPPORTED || rc == ECERT_E_NOT_FOUND || rc == ECERT_E_MALFORMED)
		rc = ((c->features | c->unknown) & CARD_HAS_SERIAL) != 0 ? serial_by_command(c)
									 : ECERT_E_UNSUPPORTED;
	if (rc == ECERT_E_UNSUPPORTED)
		rc = serial_by_chuid(c);
	switch (rc) {
	case ECERT_E_NOT_FOUND:
	case ECERT_E_MALFORMED:
	case ECERT_E_AUTH:
	case ECERT_E_CARD:
	case ECERT_E_UNSUPPORTED:
	case ECERT_E_DATA:
	case ECERT_E_ARG:
		return ECERT_OK;
	default:
		return rc;
	}
}

enum ecert_rc card_identity(struct card *c, struct card_identity *out)
{
	enum ecert_rc rc = ECERT_OK;

	memset(out, 0, sizeof *out);
	if (!c->identity_known) {
		rc = card_enter(c);
		if (rc != ECERT_OK)
			return rc;
		(void)snprintf(c->identity.model, sizeof c->identity.model, "%s", c->model->name);
		c->identity.is_virtual = c->marked_virtual || channel_is_virtual(c->ch);
		rc = ask_serial(c);
		card_end(c);
	}
	if (rc != ECERT_OK)
		return rc;
	c->identity_known = true;
	*out = c->identity;
	return ECERT_OK;
}
