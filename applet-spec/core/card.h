/* SPDX-License-Identifier: BSD-2-Clause */
/* What the applet's files tell each other. */
#ifndef AP_CARD_H
#define AP_CARD_H

#include "applet-spec/core/applet.h"
#include "applet-spec/core/mem.h"
#include "applet-spec/core/tlv.h"

/* A whole command, chain put together. */
struct ap_cmd {
	uint8_t ins, p1, p2;
	struct ap_span data;
};

/* A command's handler writes its answer to out and returns the status word. */
typedef uint16_t ap_handler(struct ap *ap, const struct ap_cmd *cmd, struct ap_out *out);

ap_handler ap_select, ap_get_data, ap_put_data, ap_verify, ap_change_reference, ap_reset_retry,
    ap_general_authenticate, ap_generate, ap_algorithm_map, ap_move_key, ap_get_metadata,
    ap_get_serial, ap_attest, ap_set_retries, ap_global_reset, ap_get_version, ap_import,
    ap_set_mgm_key;

/* The status word for what the store said. */
uint16_t ap_sw(enum ap_st st);

/* ---- algorithms ---- */
enum ap_kind { AP_NONE, AP_BLOCK, AP_RSA, AP_EC, AP_ED, AP_XDH, AP_SM2 };

struct ap_alg {
	uint16_t bits, priv_len, pub_len;
	uint8_t id; /* ECERT_ALG_ */
	enum ap_kind kind;
};

const struct ap_alg *ap_alg_by_id(uint8_t id);
/* By the number on the wire, which ALGORITHM MAP can change; NULL when unknown or off. */
const struct ap_alg *ap_alg_by_wire(struct ap *ap, uint8_t wire);
uint8_t ap_alg_wire(struct ap *ap, uint8_t id);
size_t ap_alg_field(const struct ap_alg *alg);

/* ---- keys ---- */
struct ap_slot {
	uint32_t cert;
	uint8_t ref, pin;
};

struct ap_key {
	const struct ap_slot *slot;
	const struct ap_alg *alg;
	const struct ap_entry *entry;
	uint8_t pin, touch, origin;
};

#define AP_SLOTS 25
extern const struct ap_slot ap_slots[AP_SLOTS];
const struct ap_slot *ap_slot_by_ref(uint8_t ref);

/* ECERT_SW_OK, ECERT_SW_NO_REFERENCE when the slot is empty. */
uint16_t ap_key_find(struct ap *ap, const struct ap_slot *slot, struct ap_key *key);
uint16_t ap_key_store(
    struct ap *ap, const struct ap_key *key, const uint8_t *priv, const uint8_t *pub);
uint16_t ap_key_public(struct ap *ap, const struct ap_key *key, uint8_t *pub);
uint16_t ap_key_private(struct ap *ap, const struct ap_key *key, uint8_t *priv);
uint32_t ap_key_count(struct ap *ap, uint8_t ref);
uint16_t ap_key_count_up(struct ap *ap, uint8_t ref);
/* The inside of 7F49: 81 n 82 e, or 86 point. */
uint16_t ap_key_put_public(struct ap *ap, const struct ap_key *key, struct ap_out *out);
size_t ap_key_public_size(const struct ap_alg *alg);
/* AA and AB of GENERATE and IMPORT; leaves what is not there at its default. */
bool ap_key_policy(struct ap_key *key, uint32_t tag, struct ap_span value);

/* ---- authorisation ---- */
struct ap_refs {
	uint8_t pin[ECERT_PIN_LEN], puk[ECERT_PIN_LEN];
	uint8_t pin_max, puk_max;
};

struct ap_tries {
	uint8_t pin, puk;
};

uint16_t ap_refs_load(struct ap *ap, struct ap_refs *refs);
uint16_t ap_tries_load(struct ap *ap, struct ap_tries *tries);
uint16_t ap_refs_store_default(struct ap *ap, uint8_t pin_max, uint8_t puk_max);
bool ap_pin_is_default(const struct ap_refs *refs);
bool ap_puk_is_default(const struct ap_refs *refs);
void ap_forget(struct ap *ap);

struct ap_mgm {
	uint8_t alg, touch;
	uint8_t key[32];
};

uint16_t ap_mgm_load(struct ap *ap, struct ap_mgm *mgm);
uint16_t ap_mgm_store(struct ap *ap, const struct ap_mgm *mgm);
void ap_mgm_default(uint8_t alg, struct ap_mgm *mgm);
uint16_t ap_mgm_authenticate(struct ap *ap, const struct ap_cmd *cmd, struct ap_out *out);
bool ap_touch(struct ap *ap, uint8_t ref, uint8_t policy);

/* ---- the rest ---- */
struct ap_config {
	uint32_t serial;
	uint8_t mgm_alg;
};

uint16_t ap_config_load(struct ap *ap, struct ap_config *config);
/* PIN, PUK, management key, CHUID and CCC of a new card, into a state being rewritten. */
uint16_t ap_fill_defaults(struct ap *ap, uint8_t mgm_alg);
/* Writes the whole object 5FFF20. */
uint16_t ap_put_status(struct ap *ap, struct ap_out *out);
/* r s, each of field bytes, as SEQUENCE of two INTEGERs. */
void ap_put_rs(struct ap_out *out, const uint8_t *rs, size_t field);

#endif
