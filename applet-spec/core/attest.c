/* SPDX-License-Identifier: BSD-2-Clause */
/* ATTEST: an X.509 certificate that says this key was made here, signed by F9. RFC 5280. */
#include "applet-spec/core/card.h"

#define DER_BOOLEAN   0x01
#define DER_INTEGER   0x02
#define DER_BITS      0x03
#define DER_OCTETS    0x04
#define DER_NULL      0x05
#define DER_OID	      0x06
#define DER_UTF8      0x0C
#define DER_SEQUENCE  0x30
#define DER_SET	      0x31
#define DER_EXPLICIT0 0xA0
#define DER_EXPLICIT3 0xA3

#define SUBJECT "e-Cert PIV Attestation "

static const uint8_t oid_common_name[] = {0x55, 0x04, 0x03};
static const uint8_t oid_rsa[] = {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01};
static const uint8_t oid_rsa_sha256[] = {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B};
static const uint8_t oid_ec[] = {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01};
static const uint8_t oid_ecdsa_sha256[] = {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02};
static const uint8_t oid_p256[] = {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07};
static const uint8_t oid_p384[] = {0x2B, 0x81, 0x04, 0x00, 0x22};
static const uint8_t oid_sm2[] = {0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x01, 0x82, 0x2D};
static const uint8_t oid_ed25519[] = {0x2B, 0x65, 0x70};
static const uint8_t oid_x25519[] = {0x2B, 0x65, 0x6E};

static const uint8_t ext_firmware[] = ECERT_OID_YUBICO_FIRMWARE_DER;
static const uint8_t ext_serial[] = ECERT_OID_YUBICO_SERIAL_DER;
static const uint8_t ext_policy[] = ECERT_OID_YUBICO_POLICY_DER;
static const uint8_t ext_form[] = ECERT_OID_YUBICO_FORM_FACTOR_DER;
static const uint8_t ext_counter[] = ECERT_OID_SIGNATURE_COUNTER_DER;

#define OID(o, oid) ap_put_tlv(o, DER_OID, oid, sizeof(oid))

/* How F9's certificate names itself: our issuer, and how long it is good. */
struct issuer {
	struct ap_span name;
	struct ap_span validity;
};

/* The content of the object is 70 { certificate }; the certificate's fields come in order. */
static bool find_issuer(struct ap_span object, struct issuer *is)
{
	struct ap_span cert, body, tbs, skipped;
	const uint8_t *start;
	uint32_t tag;

	if (!ap_tlv_take(&object, ECERT_TAG_CERT, &cert) ||
	    !ap_tlv_take(&cert, DER_SEQUENCE, &body) || !ap_tlv_take(&body, DER_SEQUENCE, &tbs))
		return false;
	if (tbs.len > 0 && tbs.p[0] == DER_EXPLICIT0 && !ap_tlv_take(&tbs, DER_EXPLICIT0, &skipped))
		return false;
	/* serialNumber, signature, issuer */
	for (int i = 0; i < 3; i++) {
		if (!ap_tlv_next(&tbs, &tag, &skipped))
			return false;
	}
	start = tbs.p;
	if (!ap_tlv_take(&tbs, DER_SEQUENCE, &skipped))
		return false;
	is->validity = (struct ap_span){start, (size_t)(tbs.p - start)};
	start = tbs.p;
	if (!ap_tlv_take(&tbs, DER_SEQUENCE, &skipped))
		return false;
	is->name = (struct ap_span){start, (size_t)(tbs.p - start)};
	return true;
}

static void put_signature_algorithm(struct ap_out *o, const struct ap_alg *alg)
{
	size_t seq = ap_open(o, DER_SEQUENCE);

	if (alg->kind == AP_RSA) {
		OID(o, oid_rsa_sha256);
		ap_put_tlv(o, DER_NULL, NULL, 0);
	} else if (alg->kind == AP_EC) {
		OID(o, oid_ecdsa_sha256);
	} else {
		OID(o, oid_ed25519);
	}
	ap_close(o, seq);
}

static void put_key_algorithm(struct ap_out *o, const struct ap_alg *alg)
{
	size_t seq = ap_open(o, DER_SEQUENCE);

	switch (alg->kind) {
	case AP_RSA:
		OID(o, oid_rsa);
		ap_put_tlv(o, DER_NULL, NULL, 0);
		break;
	case AP_ED:
		OID(o, oid_ed25519);
		break;
	case AP_XDH:
		OID(o, oid_x25519);
		break;
	default:
		OID(o, oid_ec);
		if (alg->kind == AP_SM2)
			OID(o, oid_sm2);
		else if (alg->id == ECERT_ALG_P384)
			OID(o, oid_p384);
		else
			OID(o, oid_p256);
		break;
	}
	ap_close(o, seq);
}

/* RFC 3279, 2.3.1: the RSA key is a SEQUENCE of modulus and exponent; points are plain. */
static void put_spki(struct ap_out *o, const struct ap_key *key, const uint8_t *pub)
{
	static const uint8_t exponent[] = {0x01, 0x00, 0x01};
	size_t spki = ap_open(o, DER_SEQUENCE), bits, seq;

	put_key_algorithm(o, key->alg);
	bits = ap_open(o, DER_BITS);
	ap_put_byte(o, 0);
	if (key->alg->kind == AP_RSA) {
		seq = ap_open(o, DER_SEQUENCE);
		ap_put_integer(o, pub, key->alg->pub_len);
		ap_put_integer(o, exponent, sizeof(exponent));
		ap_close(o, seq);
	} else {
		ap_put(o, pub, key->alg->pub_len);
	}
	ap_close(o, bits);
	ap_close(o, spki);
}

static void put_subject(struct ap_out *o, uint8_t ref)
{
	static const char hex[] = "0123456789abcdef";
	size_t name = ap_open(o, DER_SEQUENCE);
	size_t set = ap_open(o, DER_SET);
	size_t attribute = ap_open(o, DER_SEQUENCE);

	OID(o, oid_common_name);
	ap_put_head(o, DER_UTF8, sizeof(SUBJECT) - 1 + 2);
	ap_put(o, (const uint8_t *)SUBJECT, sizeof(SUBJECT) - 1);
	ap_put_byte(o, (uint8_t)hex[ref >> 4]);
	ap_put_byte(o, (uint8_t)hex[ref & 15]);
	ap_close(o, attribute);
	ap_close(o, set);
	ap_close(o, name);
}

static void put_extension(struct ap_out *o, const uint8_t *oid, size_t oid_len,
    const uint8_t *value, size_t len, bool integer)
{
	size_t seq = ap_open(o, DER_SEQUENCE), octets;

	ap_put_tlv(o, DER_OID, oid, oid_len);
	octets = ap_open(o, DER_OCTETS);
	if (integer)
		ap_put_integer(o, value, len);
	else
		ap_put(o, value, len);
	ap_close(o, octets);
	ap_close(o, seq);
}

static uint16_t put_extensions(struct ap *ap, const struct ap_key *key, struct ap_out *o)
{
	static const uint8_t version[] = {
	    ECERT_VERSION_MAJOR, ECERT_VERSION_MINOR, ECERT_VERSION_PATCH};
	const uint8_t policy[] = {key->pin, key->touch};
	struct ap_config config;
	uint8_t serial[4], count[4];
	uint16_t sw = ap_config_load(ap, &config);
	size_t outer = ap_open(o, DER_EXPLICIT3);
	size_t seq = ap_open(o, DER_SEQUENCE);

	ap_put_be32(serial, config.serial);
	ap_put_be32(count, ap_key_count(ap, key->slot->ref));
	put_extension(o, ext_firmware, sizeof(ext_firmware), version, sizeof(version), false);
	put_extension(o, ext_serial, sizeof(ext_serial), serial, sizeof(serial), true);
	put_extension(o, ext_policy, sizeof(ext_policy), policy, sizeof(policy), false);
	put_extension(o, ext_form, sizeof(ext_form), &ap->hal->form_factor, 1, false);
	put_extension(o, ext_counter, sizeof(ext_counter), count, sizeof(count), true);
	ap_close(o, seq);
	ap_close(o, outer);
	return sw;
}

static uint16_t put_tbs(struct ap *ap, const struct ap_key *key, const struct ap_key *f9,
    const struct issuer *is, struct ap_out *o)
{
	static const uint8_t v3[] = {DER_INTEGER, 1, 2};
	uint8_t number[16], pub[512];
	uint16_t sw = ap_key_public(ap, key, pub);
	size_t tbs = ap_open(o, DER_SEQUENCE);

	if (sw == ECERT_SW_OK && ap->hal->random(ap->hal->ctx, number, sizeof(number)) != AP_HAL_OK)
		sw = ECERT_SW_UNKNOWN;
	if (sw != ECERT_SW_OK)
		return sw;
	number[0] = (uint8_t)((number[0] & 0x7F) | 0x40); /* positive, and always 16 bytes */
	ap_put_tlv(o, DER_EXPLICIT0, v3, sizeof(v3));
	ap_put_integer(o, number, sizeof(number));
	put_signature_algorithm(o, f9->alg);
	ap_put(o, is->name.p, is->name.len);
	ap_put(o, is->validity.p, is->validity.len);
	put_subject(o, key->slot->ref);
	put_spki(o, key, pub);
	sw = put_extensions(ap, key, o);
	ap_close(o, tbs);
	return sw;
}

/* RFC 8017, 9.2 */
static void pad_pkcs1(uint8_t *em, size_t len, const uint8_t hash[32])
{
	static const uint8_t info[] = {0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
	    0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};
	size_t fill = len - 3 - sizeof(info) - 32;

	em[0] = 0x00;
	em[1] = 0x01;
	memset(em + 2, 0xFF, fill);
	em[2 + fill] = 0x00;
	memcpy(em + 3 + fill, info, sizeof(info));
	memcpy(em + 3 + fill + sizeof(info), hash, 32);
}

/* F9 over the bytes tbs, which are in ap->out already. */
static uint16_t put_signature(
    struct ap *ap, const struct ap_key *f9, struct ap_span tbs, struct ap_out *o)
{
	const struct ap_hal *hal = ap->hal;
	uint8_t hash[32], pub[512], sig[512];
	struct ap_span in = {hash, sizeof(hash)};
	uint16_t sw = ap_key_private(ap, f9, ap->priv);
	size_t bits;

	if (sw == ECERT_SW_OK)
		sw = ap_key_public(ap, f9, pub);
	if (sw != ECERT_SW_OK)
		return sw;
	if (hal->sha256(hal->ctx, tbs.p, tbs.len, hash) != AP_HAL_OK)
		return ECERT_SW_UNKNOWN;
	if (f9->alg->kind == AP_RSA) {
		pad_pkcs1(sig, f9->alg->pub_len, hash);
		in = (struct ap_span){sig, f9->alg->pub_len};
	} else if (f9->alg->kind == AP_ED) {
		in = tbs;
	}
	if (hal->sign(hal->ctx, f9->alg->id, ap->priv, pub, in.p, in.len, sig) != AP_HAL_OK)
		return ECERT_SW_UNKNOWN;
	bits = ap_open(o, DER_BITS);
	ap_put_byte(o, 0);
	if (f9->alg->kind == AP_EC)
		ap_put_rs(o, sig, ap_alg_field(f9->alg));
	else
		ap_put(o, sig, f9->alg->kind == AP_RSA ? f9->alg->pub_len : 64);
	ap_close(o, bits);
	return ECERT_SW_OK;
}

static bool can_attest(const struct ap_alg *alg)
{
	return alg->kind == AP_RSA || alg->kind == AP_EC || alg->kind == AP_ED;
}

uint16_t ap_attest(struct ap *ap, const struct ap_cmd *cmd, struct ap_out *out)
{
	const struct ap_slot *slot = ap_slot_by_ref(cmd->p1);
	struct ap_key key, f9;
	struct ap_span object = {ap->in, 0}, tbs;
	struct issuer is;
	size_t cert, start;
	uint16_t sw;

	if (cmd->p2 != 0 || slot == NULL)
		return ECERT_SW_BAD_P1P2;
	if (cmd->data.len != 0)
		return ECERT_SW_WRONG_LENGTH;
	sw = ap_key_find(ap, slot, &key);
	if (sw == ECERT_SW_OK)
		sw = ap_key_find(ap, ap_slot_by_ref(ECERT_KEY_F9), &f9);
	if (sw != ECERT_SW_OK)
		return sw;
	if (key.origin != ECERT_ORIGIN_GENERATED)
		return ECERT_SW_BAD_DATA;
	/* The command had no data: its buffer holds F9's certificate meanwhile. */
	if (ap_object_get(ap, ECERT_OBJ_CERT_F9, ap->in, sizeof(ap->in), &object.len) != AP_ST_OK ||
	    !find_issuer(object, &is) || !can_attest(f9.alg))
		return ECERT_SW_CONDITIONS;
	cert = ap_open(out, DER_SEQUENCE);
	start = out->len;
	sw = put_tbs(ap, &key, &f9, &is, out);
	if (sw != ECERT_SW_OK || out->bad)
		return ECERT_SW_UNKNOWN;
	tbs = (struct ap_span){out->p + start, out->len - start};
	put_signature_algorithm(out, f9.alg);
	sw = put_signature(ap, &f9, tbs, out);
	ap_close(out, cert);
	return sw;
}
