/* SPDX-License-Identifier: BSD-2-Clause */
/* What the applet may never do, whatever the host sends. */
#include <string.h>

#include "applet_rules.h"

static void look(struct watch *w, struct watch_state *s)
{
	struct ap *ap = &w->chip.ap;
	bool was_broken = ap->st.broken, was_dead = w->chip.dead;

	/* We look into the flash, not the card. */
	w->chip.dead = false;
	s->readable = ap_refs_load(ap, &s->refs) == ECERT_SW_OK &&
		      ap_tries_load(ap, &s->tries) == ECERT_SW_OK &&
		      ap_mgm_load(ap, &s->mgm) == ECERT_SW_OK;
	s->changes = ap->st.changes;
	for (size_t i = 0; i < AP_SLOTS; i++) {
		uint8_t priv[AP_PRIVATE_MAX];

		memset(s->priv[i], 0, sizeof s->priv[i]);
		s->count[i] = ap_key_count(ap, ap_slots[i].ref);
		if (ap_key_find(ap, &ap_slots[i], &s->key[i]) == ECERT_SW_OK &&
		    ap_key_private(ap, &s->key[i], priv) == ECERT_SW_OK)
			memcpy(s->priv[i], priv, sizeof s->priv[i]);
		else
			s->key[i].alg = NULL;
	}
	w->chip.dead = was_dead;
	ap->st.broken = was_broken;
}

void watch_reset(struct watch *w)
{
	w->pin = w->pin_fresh = w->mgm = w->open = false;
	w->data_len = w->proof_len = 0;
	w->last = rd_of(NULL, 0);
}

void watch_begin(struct watch *w)
{
	toychip_card(&w->chip);
	watch_reset(w);
	look(w, &w->is);
}

/* ---- the command, as ISO 7816-4 says ---- */

/* Lengths: 5.1. False: no command at all. */
static bool dissect(struct rd apdu, struct rd *data, size_t *le, bool *extended)
{
	struct rd in = apdu, head;
	size_t lc = 0, size;

	*data = rd_of(NULL, 0);
	*le = 0;
	*extended = false;
	if (rd_take(&in, 4, &head) != ECERT_OK)
		return false;
	if (in.n == 0)
		return true;
	*extended = in.p[0] == 0 && in.n > 1;
	size = *extended ? 2 : 1;
	if (*extended)
		(void)!rd_take(&in, 1, &head);
	if (in.n < size)
		return false;
	lc = *extended ? (size_t)in.p[0] << 8 | in.p[1] : in.p[0];
	if (in.n == size) {
		*le = lc ? lc : *extended ? 65536 : 256;
		return true;
	}
	(void)!rd_take(&in, size, &head);
	if (lc == 0 || rd_take(&in, lc, data) != ECERT_OK || (in.n != 0 && in.n != size))
		return false;
	if (in.n) {
		*le = *extended ? (size_t)in.p[0] << 8 | in.p[1] : in.p[0];
		*le = *le ? *le : *extended ? 65536 : 256;
	}
	return true;
}

/* A chain of parts (5.1.1.1): same head but for the class's bit 5. */
static void assemble(struct watch *w, struct rd apdu, struct rd data)
{
	if (!w->open || memcmp(w->head + 1, apdu.p + 1, 3) != 0)
		w->data_len = 0;
	memcpy(w->head, apdu.p, 4);
	w->open = (apdu.p[0] & 0x10) != 0;
	w->whole = false;
	if (data.n > sizeof w->data - w->data_len) {
		w->open = false;
		return;
	}
	if (data.n)
		memcpy(w->data + w->data_len, data.p, data.n);
	w->data_len += data.n;
	w->whole = !w->open;
}

void watch_before(struct watch *w, struct rd apdu)
{
	struct rd data;
	bool extended;

	w->was = w->is;
	w->chip.private_uses = w->chip.touches = 0;
	w->whole = w->get_response = false;
	w->le = 0;
	if (!dissect(apdu, &data, &w->le, &extended) || (apdu.p[0] & 0xEF) != 0)
		return;
	w->get_response = apdu.p[0] == 0 && apdu.p[1] == ECERT_INS_GET_RESPONSE;
	if (!w->get_response)
		assemble(w, apdu, data);
	if (!w->le)
		w->le = extended ? 65536 : 256;
}

/* ---- the rules ---- */

static bool given(const struct watch *w, size_t at, const uint8_t *secret)
{
	return w->data_len >= at + 8 && memcmp(w->data + at, secret, 8) == 0;
}

/* What this whole command entitles to, by what was on the card before it. */
struct entitled {
	bool pin, puk; /* knew it */
	bool retries;  /* SET RETRIES by an administrator with the PIN */
	bool wipe;     /* RESET of a blocked card */
};

static struct entitled entitled(const struct watch *w)
{
	struct entitled e = {0};
	const struct watch_state *was = &w->was;

	if (!w->whole)
		return e;
	switch (w->head[1]) {
	case ECERT_INS_VERIFY:
		e.pin = w->head[2] == 0 && given(w, 0, was->refs.pin) && was->tries.pin > 0;
		break;
	case ECERT_INS_CHANGE_REFERENCE:
		e.pin = w->head[3] == ECERT_REF_PIN && given(w, 0, was->refs.pin) &&
			was->tries.pin > 0;
		e.puk = w->head[3] == ECERT_REF_PUK && given(w, 0, was->refs.puk) &&
			was->tries.puk > 0;
		break;
	case ECERT_INS_RESET_RETRY:
		e.puk = given(w, 0, was->refs.puk) && was->tries.puk > 0;
		break;
	case ECERT_INS_SET_RETRIES:
		e.retries = w->mgm && w->pin;
		break;
	case ECERT_INS_RESET:
		e.wipe = was->tries.pin == 0 && was->tries.puk == 0;
		break;
	default:
		break;
	}
	return e;
}

/* Tries and secrets change only for who knows one. */
static void check_secrets(const struct watch *w, struct entitled e)
{
	const struct watch_state *was = &w->was, *is = &w->is;
	bool all = e.wipe || e.retries;

	if (!was->readable || !is->readable)
		return;
	REQUIRE(is->tries.pin <= was->tries.pin || e.pin || all ||
		(e.puk && w->head[1] == ECERT_INS_RESET_RETRY));
	REQUIRE(is->tries.puk <= was->tries.puk || e.puk || all);
	REQUIRE(is->tries.pin <= is->refs.pin_max && is->tries.puk <= is->refs.puk_max);
	if (memcmp(&is->refs.pin, &was->refs.pin, 8) != 0)
		REQUIRE(e.pin || all || (e.puk && w->head[1] == ECERT_INS_RESET_RETRY));
	if (memcmp(&is->refs.puk, &was->refs.puk, 8) != 0)
		REQUIRE(e.puk || all);
	REQUIRE(memcmp(&is->mgm, &was->mgm, sizeof is->mgm) == 0 || w->mgm || e.wipe);
	/* A wrong VERIFY costs a try, unless the card refused to look at it. */
	if (w->whole && w->head[1] == ECERT_INS_VERIFY && w->last.n == 0 && was->tries.pin == 0)
		REQUIRE(is->tries.pin == 0);
}

/* Objects and keys change only for the administrator. */
static void check_writes(const struct watch *w, struct entitled e)
{
	const struct watch_state *was = &w->was, *is = &w->is;

	REQUIRE(is->changes == was->changes || w->mgm || e.wipe);
	for (size_t i = 0; i < AP_SLOTS; i++) {
		bool same = is->key[i].alg == was->key[i].alg &&
			    memcmp(is->priv[i], was->priv[i], sizeof is->priv[i]) == 0;

		REQUIRE(same || w->mgm || e.wipe || w->chip.dead);
		/* A key that stays counts on. */
		REQUIRE(!same || !is->key[i].alg || is->count[i] >= was->count[i]);
	}
}

/* The slot whose private key the chip was given, or AP_SLOTS. */
static size_t used_slot(const struct watch *w)
{
	for (size_t i = 0; i < AP_SLOTS; i++)
		if (w->was.key[i].alg && w->was.key[i].alg->id == w->chip.used_alg &&
		    memcmp(w->was.priv[i], w->chip.used, sizeof w->chip.used) == 0 &&
		    (w->head[1] != ECERT_INS_GENERAL_AUTHENTICATE || ap_slots[i].ref == w->head[3]))
			return i;
	return AP_SLOTS;
}

/* A private key works only for a command that asks it, by its policies, and is counted. */
static void check_use(struct watch *w, uint16_t sw)
{
	const struct ap_key *key;
	size_t i;

	if (w->chip.private_uses == 0) {
		REQUIRE(sw != ECERT_SW_OK || !w->whole || w->head[3] == ECERT_KEY_9B ||
			w->head[1] != ECERT_INS_GENERAL_AUTHENTICATE);
		return;
	}
	REQUIRE(w->chip.private_uses == 1 && w->whole);
	i = used_slot(w);
	REQUIRE(i < AP_SLOTS);
	if (w->head[1] == ECERT_INS_ATTEST) {
		REQUIRE(ap_slots[i].ref == ECERT_KEY_F9);
		return;
	}
	REQUIRE(w->head[1] == ECERT_INS_GENERAL_AUTHENTICATE && ap_slots[i].ref != ECERT_KEY_F9);
	key = &w->was.key[i];
	REQUIRE(key->pin == ECERT_PIN_POLICY_NEVER ||
		(key->pin == ECERT_PIN_POLICY_ONCE && w->pin) || w->pin_fresh);
	REQUIRE(key->touch != ECERT_TOUCH_POLICY_ALWAYS || w->chip.touches > 0);
	REQUIRE(w->is.count[i] == w->was.count[i] + 1);
	w->pin_fresh = false;
}

/* What the host has now earned. */
static void settle(struct watch *w, struct entitled e, uint16_t sw)
{
	if (!w->whole)
		return;
	if (sw == ECERT_SW_OK && e.pin)
		w->pin = w->pin_fresh = true;
	if (w->head[1] == ECERT_INS_VERIFY && w->head[2] == ECERT_VERIFY_P1_LOGOUT &&
	    sw == ECERT_SW_OK)
		w->pin = w->pin_fresh = false;
	if (e.wipe && sw == ECERT_SW_OK)
		watch_reset(w);
	if (e.retries && sw == ECERT_SW_OK)
		w->pin = w->pin_fresh = false;
}

/* 9B: the administrator proved the key with the answer to the last challenge, or is none. */
static void check_admin(struct watch *w, struct rd answer, uint16_t sw)
{
	struct ap_hal *hal = &w->chip.host.hal;
	size_t n = w->was.mgm.alg == ECERT_ALG_3DES ? 8 : 16;
	bool ours = w->whole && w->head[1] == ECERT_INS_GENERAL_AUTHENTICATE &&
		    w->head[3] == ECERT_KEY_9B;

	if (!w->whole)
		return;
	if (w->chip.ap.mgm_ok && !w->mgm) {
		REQUIRE(ours && sw == ECERT_SW_OK && w->proof_len == n);
		REQUIRE(memmem(w->data, w->data_len, w->proof, n));
		w->mgm = true;
	}
	w->mgm = w->mgm && w->chip.ap.mgm_ok;
	w->proof_len = 0;
	if (!ours || sw != ECERT_SW_OK || answer.n != 4 + n + 2 || answer.p[2] == 0x82)
		return;
	w->proof_len = n;
	hal->block(
	    hal->ctx, w->was.mgm.alg, answer.p[2] == 0x81, w->was.mgm.key, answer.p + 4, w->proof);
}

/* Not a fact that the fuzzer is to learn from: it would write the secret itself and read it back.
 */
#ifdef __clang__
__attribute__((no_sanitize("coverage")))
#endif
static bool
has(struct rd where, const uint8_t *what)
{
	uint64_t want, here;

	memcpy(&want, what, sizeof want);
	for (size_t i = 0; i + sizeof here <= where.n; i++) {
		memcpy(&here, where.p + i, sizeof here);
		if (here == want)
			return true;
	}
	return false;
}

static void check_answer(const struct watch *w, struct rd answer, uint16_t sw)
{
	static const struct {
		uint32_t tag;
		bool free;
	} objects[] = {
#define ROW(name, tag, free, writable, max) {tag, free},
	    ECERT_OBJ_ROWS(ROW)
#undef ROW
	};

	REQUIRE(!w->le || answer.n <= w->le + 2);
	REQUIRE(sw == ECERT_SW_OK || sw >> 8 == 0x61 || answer.n == 2);
	for (size_t i = 0; answer.n > 10 && i < AP_SLOTS; i++)
		REQUIRE(!w->was.key[i].alg || !has(answer, w->was.priv[i]));
	if (!w->whole || w->head[1] != ECERT_INS_GET_DATA || answer.n == 2 || w->data_len != 5)
		return;
	for (size_t i = 0; i < sizeof objects / sizeof objects[0]; i++)
		if (objects[i].tag ==
		    ((uint32_t)w->data[2] << 16 | (uint32_t)w->data[3] << 8 | w->data[4]))
			REQUIRE(objects[i].free || w->pin);
}

void watch_after(struct watch *w, struct rd apdu, struct rd answer)
{
	uint16_t sw = (uint16_t)(answer.p[answer.n - 2] << 8 | answer.p[answer.n - 1]);
	struct entitled e = entitled(w);
	struct rd data;
	size_t le;
	bool extended;

	look(w, &w->is);
	if (!dissect(apdu, &data, &le, &extended))
		REQUIRE(sw == ECERT_SW_WRONG_LENGTH);
	if (sw >> 8 == 0x61 && w->whole)
		sw = ECERT_SW_OK;
	check_answer(w, answer, sw);
	if (w->get_response)
		return;
	/* After a cut the memory of the card says nothing: watch_power looks at the flash, and by
	 * what the host had earned before the command. */
	if (w->chip.dead)
		return;
	if (!w->chip.ap.st.broken) {
		check_secrets(w, e);
		check_writes(w, e);
		check_use(w, sw);
	}
	settle(w, e, sw);
	check_admin(w, answer, sw);
	REQUIRE(!w->chip.ap.pin_ok || w->pin);
	REQUIRE(!w->chip.ap.pin_fresh || w->pin_fresh);
	w->pin = w->pin && w->chip.ap.pin_ok;
	w->pin_fresh = w->pin_fresh && w->chip.ap.pin_fresh;
}

void watch_power(struct watch *w)
{
	struct watch_state was = w->was;
	bool cut = w->chip.dead;

	REQUIRE(toychip_power(&w->chip) == AP_ST_OK);
	look(w, &w->is);
	REQUIRE(w->is.readable);
	if (cut) {
		struct entitled e = entitled(w);

		w->was = was;
		check_secrets(w, e);
		check_writes(w, e);
	}
	watch_reset(w);
}
