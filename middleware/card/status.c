/* SPDX-License-Identifier: BSD-2-Clause */
/* The e-Cert profile object. */
#include "card/card_priv.h"

#include <stdio.h>
#include <string.h>

#include "util/tlv.h"

static enum ecert_rc read_key(struct rd value, struct card_status_key *key)
{
	uint8_t f[6];
	const struct alg *alg;
	enum ecert_rc rc = rd_copy(&value, f, sizeof f);

	if (rc == ECERT_OK)
		rc = rd_u32(
		    &value, &key->signatures); /* what a later profile adds is passed over */
	if (rc != ECERT_OK)
		return rc;
	alg = alg_by_piv(f[1]);
	key->ref = f[0];
	key->alg = alg ? alg->id : KEY_NONE;
	key->pin = f[2] <= PIN_ALWAYS ? (enum pin_policy)f[2] : PIN_DEFAULT;
	key->touch = f[3] <= TOUCH_CACHED ? (enum touch_policy)f[3] : TOUCH_DEFAULT;
	key->origin = f[4] <= ORIGIN_IMPORTED ? (enum key_origin)f[4] : ORIGIN_UNKNOWN;
	key->has_cert = (f[5] & ECERT_STATUS_FLAG_CERT) != 0;
	return ECERT_OK;
}

static enum ecert_rc read_field(struct card *c, struct card_status *s, const struct tlv *t)
{
	struct rd v = t->value;
	uint32_t serial;
	enum ecert_rc rc = ECERT_OK;

	switch (t->tag) {
	case ECERT_TAG_STATUS_PROFILE:
		rc = rd_copy(&v, s->profile, sizeof s->profile);
		/* Told since minor version 1, by the tag that follows. */
		s->no_chain = s->profile[1] >= 1;
		break;
	case ECERT_TAG_STATUS_SERIAL:
		rc = rd_u32(&v, &serial);
		(void)snprintf(c->identity.serial, sizeof c->identity.serial, "%u", serial);
		break;
	case ECERT_TAG_STATUS_CHANGES:
		rc = rd_u32(&v, &s->changes);
		break;
	case ECERT_TAG_STATUS_VERSION:
		rc = rd_copy(&v, c->identity.version, sizeof c->identity.version);
		break;
	case ECERT_TAG_STATUS_FREE:
		rc = rd_u32(&v, &s->room);
		break;
	case ECERT_TAG_STATUS_LABEL:
		if (v.n > 0 && v.n < sizeof s->label)
			memcpy(s->label, v.p, v.n); /* zeroed before, so it ends */
		break;
	case ECERT_TAG_STATUS_NAMES:
		s->has_names = true;
		break;
	case ECERT_TAG_STATUS_CHAIN:
		s->no_chain = false;
		break;
	case ECERT_TAG_STATUS_CERTS:
		s->certs_n = v.n < CARD_KEYS_MAX ? v.n : CARD_KEYS_MAX;
		rc = rd_copy(&v, s->certs, s->certs_n);
		break;
	case ECERT_TAG_STATUS_KEY:
		rc = s->n < CARD_KEYS_MAX ? read_key(v, &s->key[s->n++]) : ECERT_E_MALFORMED;
		break;
	default: /* of a later minor version */
		break;
	}
	return rc;
}

static enum ecert_rc read_status(struct card *c, struct rd object, struct card_status *s)
{
	struct tlv t;
	enum ecert_rc rc;

	memset(s, 0, sizeof *s);
	while ((rc = tlv_next(&object, &t)) == ECERT_OK) {
		rc = read_field(c, s, &t);
		if (rc != ECERT_OK)
			return rc;
	}
	if (rc != ECERT_E_NOT_FOUND)
		return rc;
	return s->profile[0] == ECERT_PROFILE_MAJOR ? ECERT_OK : ECERT_E_UNSUPPORTED;
}

enum ecert_rc card_status(struct card *c, bool fresh, struct card_status *out)
{
	struct buf object = BUF_INIT(CARD_OBJECT_MAX);
	enum ecert_rc rc = ECERT_OK;

	memset(out, 0, sizeof *out);
	if ((c->features & CARD_HAS_ECERT) == 0)
		return ECERT_E_UNSUPPORTED;
	if (fresh || !c->status_known) {
		rc = card_object_get(c, ECERT_OBJ_ECERT_STATUS, &object);
		if (rc == ECERT_OK)
			rc = read_status(c, buf_view(&object), &c->status);
		c->status_known = rc == ECERT_OK;
		/* A card that bears the name without the object, or with nonsense in it, is
		 * treated as plain PIV from here on: its keys may be well. */
		if (rc == ECERT_E_NOT_FOUND || rc == ECERT_E_MALFORMED || rc == ECERT_E_CARD ||
		    rc == ECERT_E_TOO_LARGE || rc == ECERT_E_UNSUPPORTED) {
			c->features &= ~(unsigned)CARD_HAS_ECERT;
			rc = ECERT_E_UNSUPPORTED;
		}
	}
	if (rc == ECERT_OK)
		*out = c->status;
	buf_free(&object);
	return rc;
}

void card_status_drop(struct card *c)
{
	c->status_known = false;
}
