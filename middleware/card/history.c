/* SPDX-License-Identifier: BSD-2-Clause */
/* What a card says of its retired keys: Key History (SP 800-73-5 part 1, 3.3.3), or the e-Cert
 * profile object. */
#include "card/card_priv.h"

#include "util/log.h"
#include "util/tlv.h"

#define HISTORY_ON_CARD	 0xC1u /* keysWithOnCardCerts */
#define HISTORY_OFF_CARD 0xC2u /* keysWithOffCardCerts */
#define HISTORY_EDC	 0xFEu

static uint32_t bit_of(uint8_t ref)
{
	return ref >= ECERT_KEY_82 && ref <= ECERT_KEY_95 ? 1u << (ref - ECERT_KEY_82) : 0;
}

static void mask_of_status(const struct card_status *s, uint32_t *mask)
{
	for (size_t i = 0; i < s->n; i++)
		*mask |= bit_of(s->key[i].ref);
	for (size_t i = 0; i < s->certs_n; i++)
		*mask |= bit_of(s->certs[i]);
}

/* The two numbers. The URL that may follow is not read. */
static enum ecert_rc read_history(struct rd object, unsigned *with, unsigned *without)
{
	struct rd on, off;
	enum ecert_rc rc = tlv_find(object, HISTORY_ON_CARD, &on);

	if (rc == ECERT_OK)
		rc = tlv_find(object, HISTORY_OFF_CARD, &off);
	if (rc != ECERT_OK || on.n != 1 || off.n != 1)
		return ECERT_E_MALFORMED;
	*with = on.p[0];
	*without = off.p[0];
	return *with + *without > CARD_RETIRED_MAX ? ECERT_E_MALFORMED : ECERT_OK;
}

enum ecert_rc card_retired_keys(struct card *c, uint32_t *mask)
{
	struct buf object = BUF_INIT(CARD_OBJECT_MAX);
	struct card_status status;
	unsigned with = 0, without = 0;
	enum ecert_rc rc = card_status(c, false, &status);

	*mask = 0;
	if (rc == ECERT_OK)
		mask_of_status(&status, mask);
	if (rc != ECERT_E_UNSUPPORTED)
		return rc;
	rc = card_object_get(c, ECERT_OBJ_KEY_HISTORY, &object);
	if (rc == ECERT_OK)
		rc = read_history(buf_view(&object), &with, &without);
	buf_free(&object);
	/* On-card certificates fill 82 upwards, keys whose certificate is elsewhere 95 downwards.
	 */
	if (rc == ECERT_OK)
		*mask = ((1u << with) - 1) |
			(((1u << without) - 1) << (CARD_RETIRED_MAX - without));
	/* Absent, or nonsense: the card has not told. */
	return rc == ECERT_E_NOT_FOUND || rc == ECERT_E_MALFORMED ? ECERT_E_UNSUPPORTED : rc;
}

/* The same object with another number of keys: what else stands in it, a URL, stays. */
static enum ecert_rc write_history(
    struct card *c, struct rd before, unsigned with, unsigned without)
{
	struct buf fresh = BUF_INIT(CARD_OBJECT_MAX);
	struct tlv t;
	enum ecert_rc rc;

	tlv_put_u8(&fresh, HISTORY_ON_CARD, (uint8_t)with);
	tlv_put_u8(&fresh, HISTORY_OFF_CARD, (uint8_t)without);
	while (tlv_next(&before, &t) == ECERT_OK)
		if (t.tag != HISTORY_ON_CARD && t.tag != HISTORY_OFF_CARD && t.tag != HISTORY_EDC)
			tlv_put(&fresh, t.tag, t.value);
	tlv_put(&fresh, HISTORY_EDC, rd_of(NULL, 0));
	rc = buf_rc(&fresh);
	if (rc == ECERT_OK)
		rc = card_object_put(c, ECERT_OBJ_KEY_HISTORY, buf_view(&fresh));
	buf_free(&fresh);
	return rc;
}

/*
 * On a card that tells its keys one by one none is begun: programs that do not keep it would hide
 * their keys behind it. On one that does not, a retired key is found by it alone.
 */
static bool wanted(const struct card *c, enum ecert_rc there)
{
	return there == ECERT_OK ||
	       (there == ECERT_E_NOT_FOUND && (c->features & CARD_HAS_METADATA) == 0);
}

void card_history_add(struct card *c, uint8_t ref)
{
	struct buf object = BUF_INIT(CARD_OBJECT_MAX);
	unsigned with = 0, without = 0, at = (unsigned)(ref - ECERT_KEY_82);
	enum ecert_rc rc;

	if (ref < ECERT_KEY_82 || ref > ECERT_KEY_95 || (c->features & CARD_HAS_ECERT) != 0)
		return;
	rc = card_object_get(c, ECERT_OBJ_KEY_HISTORY, &object);
	if (!wanted(c, rc))
		goto out;
	if (rc == ECERT_OK && read_history(buf_view(&object), &with, &without) != ECERT_OK)
		goto out;
	rc = ECERT_OK;
	if (at >= with && at < CARD_RETIRED_MAX - without) {
		with = at + 1;
		rc = write_history(c, buf_view(&object), with, without);
	}
	if (rc != ECERT_OK)
		log_info("key history: %s", ecert_rc_name(rc));
out:
	buf_free(&object);
}
