/* SPDX-License-Identifier: BSD-2-Clause */
/* Slots, algorithms and the keys in the store. */
#include "applet-spec/core/card.h"

/* A key's record: algorithm, PIN policy, touch policy, origin, public key, private key. */
#define KEY_HEAD 4

#define SLOT(name, ref_, cert_, pin_) {.cert = cert_, .ref = ref_, .pin = pin_},
const struct ap_slot ap_slots[AP_SLOTS] = {ECERT_KEY_ROWS(SLOT)};

#define ALG(name, id_, kind_, bits_, priv_, pub_)                                                  \
	{.bits = bits_, .priv_len = priv_, .pub_len = pub_, .id = id_, .kind = AP_##kind_},
static const struct ap_alg algs[] = {ECERT_ALG_ROWS(ALG)};
#define ALGS (sizeof(algs) / sizeof(algs[0]))

/* What the bytes of ALGORITHM MAP stand for; the first is the switch. */
static const uint8_t mapped[ECERT_MAP_LEN] = {0, ECERT_ALG_ED25519, ECERT_ALG_RSA3072,
    ECERT_ALG_RSA4096, ECERT_ALG_X25519, ECERT_ALG_SECP256K1, ECERT_ALG_SM2};

const struct ap_slot *ap_slot_by_ref(uint8_t ref)
{
	for (size_t i = 0; i < AP_SLOTS; i++) {
		if (ap_slots[i].ref == ref)
			return &ap_slots[i];
	}
	return NULL;
}

const struct ap_alg *ap_alg_by_id(uint8_t id)
{
	for (size_t i = 0; i < ALGS; i++) {
		if (algs[i].id == id && algs[i].kind != AP_NONE)
			return &algs[i];
	}
	return NULL;
}

size_t ap_alg_field(const struct ap_alg *alg)
{
	return alg->bits / 8u;
}

static void map_load(struct ap *ap, uint8_t map[ECERT_MAP_LEN])
{
	static const uint8_t fresh[ECERT_MAP_LEN] = ECERT_MAP_DEFAULT;
	const struct ap_entry *e = ap_st_find(&ap->st, AP_REC_MAP, 0);

	if (e == NULL || ap_st_read(&ap->st, e, 0, map, ECERT_MAP_LEN) != AP_ST_OK)
		memcpy(map, fresh, ECERT_MAP_LEN);
}

static bool is_extension(uint8_t id)
{
	for (size_t i = 1; i < ECERT_MAP_LEN; i++) {
		if (mapped[i] == id)
			return true;
	}
	return false;
}

const struct ap_alg *ap_alg_by_wire(struct ap *ap, uint8_t wire)
{
	uint8_t map[ECERT_MAP_LEN];

	map_load(ap, map);
	for (size_t i = 1; i < ECERT_MAP_LEN; i++) {
		if (map[i] == wire)
			return map[0] != 0 ? ap_alg_by_id(mapped[i]) : NULL;
	}
	/* An extension's own number means nothing once it has been moved away. */
	return is_extension(wire) ? NULL : ap_alg_by_id(wire);
}

uint8_t ap_alg_wire(struct ap *ap, uint8_t id)
{
	uint8_t map[ECERT_MAP_LEN];

	map_load(ap, map);
	for (size_t i = 1; i < ECERT_MAP_LEN; i++) {
		if (mapped[i] == id)
			return map[i];
	}
	return id;
}

/* Extensions may take any number that no standard algorithm has, each its own. */
static bool map_is_sound(const uint8_t map[ECERT_MAP_LEN])
{
	if (map[0] > 1)
		return false;
	for (size_t i = 1; i < ECERT_MAP_LEN; i++) {
		if (map[i] == 0)
			return false;
		for (size_t j = 1; j < i; j++) {
			if (map[i] == map[j])
				return false;
		}
		for (size_t j = 0; j < ALGS; j++) {
			if (algs[j].id == map[i] && !is_extension(map[i]))
				return false;
		}
	}
	return true;
}

uint16_t ap_algorithm_map(struct ap *ap, const struct ap_cmd *cmd, struct ap_out *out)
{
	uint8_t map[ECERT_MAP_LEN];
	const struct ap_part part = {cmd->data.p, cmd->data.len};

	if (!ap->mgm_ok)
		return ECERT_SW_SECURITY_STATUS;
	if (cmd->p2 != 0 || (cmd->p1 != ECERT_MAP_P1_READ && cmd->p1 != ECERT_MAP_P1_WRITE))
		return ECERT_SW_BAD_P1P2;
	if (cmd->data.len != (cmd->p1 == ECERT_MAP_P1_WRITE ? ECERT_MAP_LEN : 0))
		return ECERT_SW_WRONG_LENGTH;
	if (cmd->p1 == ECERT_MAP_P1_READ) {
		map_load(ap, map);
		ap_put(out, map, sizeof(map));
		return ECERT_SW_OK;
	}
	if (!map_is_sound(cmd->data.p))
		return ECERT_SW_BAD_DATA;
	return ap_sw(ap_st_put(&ap->st, AP_REC_MAP, 0, &part, 1));
}

uint16_t ap_key_find(struct ap *ap, const struct ap_slot *slot, struct ap_key *key)
{
	uint8_t head[KEY_HEAD];
	const struct ap_entry *e = ap_st_find(&ap->st, AP_REC_KEY, slot->ref);

	*key = (struct ap_key){.slot = slot};
	if (e == NULL)
		return ECERT_SW_NO_REFERENCE;
	if (ap_st_read(&ap->st, e, 0, head, sizeof(head)) != AP_ST_OK)
		return ECERT_SW_MEMORY_FAILURE;
	key->entry = e;
	key->alg = ap_alg_by_id(head[0]);
	key->pin = head[1];
	key->touch = head[2];
	key->origin = head[3];
	if (key->alg == NULL || e->len != KEY_HEAD + key->alg->pub_len + key->alg->priv_len)
		return ECERT_SW_MEMORY_FAILURE;
	return ECERT_SW_OK;
}

uint16_t ap_key_store(
    struct ap *ap, const struct ap_key *key, const uint8_t *priv, const uint8_t *pub)
{
	const uint8_t head[KEY_HEAD] = {key->alg->id, key->pin, key->touch, key->origin};
	const struct ap_part part[] = {
	    {head, sizeof(head)}, {pub, key->alg->pub_len}, {priv, key->alg->priv_len}};

	return ap_sw(ap_st_put(&ap->st, AP_REC_KEY, key->slot->ref, part, 3));
}

uint16_t ap_key_public(struct ap *ap, const struct ap_key *key, uint8_t *pub)
{
	return ap_sw(ap_st_read(&ap->st, key->entry, KEY_HEAD, pub, key->alg->pub_len));
}

uint16_t ap_key_private(struct ap *ap, const struct ap_key *key, uint8_t *priv)
{
	return ap_sw(ap_st_read(
	    &ap->st, key->entry, KEY_HEAD + key->alg->pub_len, priv, key->alg->priv_len));
}

uint32_t ap_key_count(struct ap *ap, uint8_t ref)
{
	uint8_t be[4] = {0};
	const struct ap_entry *e = ap_st_find(&ap->st, AP_REC_COUNT, ref);

	if (e != NULL && ap_st_read(&ap->st, e, 0, be, sizeof(be)) != AP_ST_OK)
		ap->st.broken = true;
	return ap_be32(be);
}

uint16_t ap_key_count_up(struct ap *ap, uint8_t ref)
{
	uint8_t be[4];
	const struct ap_part part = {be, sizeof(be)};
	uint32_t count = ap_key_count(ap, ref);

	/* It stops rather than begins again. */
	if (count == UINT32_MAX)
		return ECERT_SW_OK;
	ap_put_be32(be, count + 1);
	return ap_sw(ap_st_put(&ap->st, AP_REC_COUNT, ref, &part, 1));
}

uint16_t ap_key_put_public(struct ap *ap, const struct ap_key *key, struct ap_out *out)
{
	static const uint8_t exponent[] = {0x01, 0x00, 0x01};
	bool rsa = key->alg->kind == AP_RSA;
	uint8_t *pub;

	ap_put_head(
	    out, rsa ? ECERT_TAG_PUBLIC_MODULUS : ECERT_TAG_PUBLIC_POINT, key->alg->pub_len);
	pub = ap_put_room(out, key->alg->pub_len);
	if (pub == NULL)
		return ECERT_SW_UNKNOWN;
	if (rsa)
		ap_put_tlv(out, ECERT_TAG_PUBLIC_EXPONENT, exponent, sizeof(exponent));
	return ap_key_public(ap, key, pub);
}

bool ap_key_policy(struct ap_key *key, uint32_t tag, struct ap_span value)
{
	if (value.len != 1)
		return false;
	if (tag == ECERT_TAG_PIN_POLICY && value.p[0] <= ECERT_PIN_POLICY_ALWAYS)
		key->pin = value.p[0] != ECERT_PIN_POLICY_DEFAULT ? value.p[0] : key->slot->pin;
	else if (tag == ECERT_TAG_TOUCH_POLICY && value.p[0] <= ECERT_TOUCH_POLICY_CACHED)
		key->touch = value.p[0] != ECERT_TOUCH_POLICY_DEFAULT ? value.p[0]
								      : ECERT_TOUCH_POLICY_NEVER;
	else
		return false;
	return true;
}

enum ap_st ap_public_key(struct ap *ap, uint8_t ref, uint8_t *alg, uint8_t out[512], size_t *len)
{
	const struct ap_slot *slot = ap_slot_by_ref(ref);
	struct ap_key key;

	*alg = 0;
	*len = 0;
	if (slot == NULL || ap_key_find(ap, slot, &key) != ECERT_SW_OK)
		return ap->st.broken ? AP_ST_FAIL : AP_ST_OK;
	if (ap_key_public(ap, &key, out) != ECERT_SW_OK)
		return AP_ST_FAIL;
	*alg = key.alg->id;
	*len = key.alg->pub_len;
	return AP_ST_OK;
}
