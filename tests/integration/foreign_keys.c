/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys of foreign cards: slots that are not there, uses that are not allowed, imported ones. */
#include "tests/integration/foreign_card.h"

#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>

#define IMPORTED(ref) (AP_OBJECT_HIDDEN + 0x2000u + (ref))
#define CERTIFIED     (AP_OBJECT_HIDDEN + 0x3000u)

static bool has(struct vcard *v, uint32_t id)
{
	return ap_st_find(&v->ap.st, AP_REC_OBJECT, id) != NULL;
}

static uint8_t ref_of(const struct command *c)
{
	return c->ins == ECERT_INS_ATTEST ? c->p1 : c->p2;
}

static bool names_key(uint8_t ins)
{
	switch (ins) {
	case ECERT_INS_GENERAL_AUTHENTICATE:
	case ECERT_INS_GENERATE:
	case ECERT_INS_IMPORT:
	case ECERT_INS_GET_METADATA:
	case ECERT_INS_ATTEST:
		return true;
	default:
		return false;
	}
}

/* SP 800-73-5 part 1, table 4b: 9D and the retired keys agree on keys, the others sign. With RSA
 * both are the same command. */
static bool against_rule(const struct command *c)
{
	bool management = c->p2 == ECERT_KEY_9D || (c->p2 >= ECERT_KEY_82 && c->p2 <= ECERT_KEY_95);
	struct ap_span in = {c->data, c->len}, body, part;

	if (c->p1 != ECERT_ALG_P256 && c->p1 != ECERT_ALG_P384)
		return false;
	if (!ap_tlv_take(&in, ECERT_TAG_AUTH, &body) ||
	    !ap_tlv_take(&body, ECERT_TAG_AUTH_RESPONSE, &part))
		return false;
	return body.len > 0 && (body.p[0] == ECERT_TAG_AUTH_EXPONENT ? !management : management);
}

uint16_t keys_refuse(struct vcard *v, const struct skin *s, const struct command *c)
{
	uint8_t ref = ref_of(c);

	if (!c->complete || !names_key(c->ins))
		return 0;
	if (s->retired > 0 && ref >= ECERT_KEY_82 + s->retired && ref <= ECERT_KEY_95)
		return 0x6A86;
	if (s->strict_use && c->ins == ECERT_INS_GENERAL_AUTHENTICATE && against_rule(c))
		return 0x6A86;
	if (s->blind_import && c->ins == ECERT_INS_GET_METADATA && has(v, IMPORTED(ref)))
		return 0x6F00;
	return 0;
}

/* The applet attests only what it made: it is told that it made this one. */
static void imported(struct vcard *v, uint8_t ref)
{
	static uint8_t priv[AP_PRIVATE_MAX], pub[512];
	const struct ap_slot *slot = ap_slot_by_ref(ref);
	struct ap_key key;

	if (slot == NULL || ap_key_find(&v->ap, slot, &key) != ECERT_SW_OK ||
	    ap_key_private(&v->ap, &key, priv) != ECERT_SW_OK ||
	    ap_key_public(&v->ap, &key, pub) != ECERT_SW_OK)
		return;
	key.origin = ECERT_ORIGIN_GENERATED;
	if (ap_key_store(&v->ap, &key, priv, pub) == ECERT_SW_OK)
		(void)ap_object_put(&v->ap, IMPORTED(ref), &ref, 1);
}

void keys_note(struct vcard *v, const struct skin *s, const struct command *c)
{
	if (s->blind_import && c->ins == ECERT_INS_IMPORT)
		imported(v, c->p2);
	if (s->blind_import && c->ins == ECERT_INS_GENERATE)
		(void)ap_st_delete(&v->ap.st, AP_REC_OBJECT, IMPORTED(c->p2));
}

/* ---- F9 ---- */

static bool add_raw(X509 *x, const char *oid, const uint8_t *value, int len)
{
	ASN1_OBJECT *id = OBJ_txt2obj(oid, 1);
	ASN1_OCTET_STRING *octets = ASN1_OCTET_STRING_new();
	X509_EXTENSION *ext = NULL;
	bool ok = id != NULL && octets != NULL && ASN1_OCTET_STRING_set(octets, value, len) == 1;

	if (ok)
		ext = X509_EXTENSION_create_by_OBJ(NULL, id, 0, octets);
	ok = ext != NULL && X509_add_ext(x, ext, -1) == 1;
	X509_EXTENSION_free(ext);
	ASN1_OCTET_STRING_free(octets);
	ASN1_OBJECT_free(id);
	return ok;
}

static X509 *self_signed(EVP_PKEY *key)
{
	static const uint8_t version[] = {5, 4, 0}, policy[] = {2, 1};
	static const unsigned char cn[] = "PIVApplet Attestation";
	X509 *x = X509_new();
	X509_NAME *name = x != NULL ? X509_get_subject_name(x) : NULL;

	if (x != NULL && X509_set_version(x, X509_VERSION_3) == 1 &&
	    ASN1_INTEGER_set(X509_get_serialNumber(x), 0x5EED) == 1 &&
	    ASN1_TIME_set_string_X509(X509_getm_notBefore(x), "20180101000000Z") == 1 &&
	    ASN1_TIME_set_string_X509(X509_getm_notAfter(x), "20500101000000Z") == 1 &&
	    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, cn, -1, -1, 0) == 1 &&
	    X509_set_issuer_name(x, name) == 1 && X509_set_pubkey(x, key) == 1 &&
	    add_raw(x, "1.3.6.1.4.1.41482.3.3", version, sizeof version) &&
	    add_raw(x, "1.3.6.1.4.1.41482.3.8", policy, sizeof policy) &&
	    X509_sign(x, key, EVP_sha256()) > 0)
		return x;
	X509_free(x);
	return NULL;
}

static EVP_PKEY *f9_key(struct vcard *v)
{
	static uint8_t priv[AP_PRIVATE_MAX], pub[512];
	struct ap_key key;

	if (ap_key_find(&v->ap, ap_slot_by_ref(ECERT_KEY_F9), &key) != ECERT_SW_OK ||
	    ap_key_private(&v->ap, &key, priv) != ECERT_SW_OK ||
	    ap_key_public(&v->ap, &key, pub) != ECERT_SW_OK)
		return NULL;
	return host_private_key(key.alg->id, priv, pub);
}

bool keys_certify(struct vcard *v)
{
	EVP_PKEY *key = has(v, CERTIFIED) ? NULL : f9_key(v);
	X509 *x = key != NULL ? self_signed(key) : NULL;
	uint8_t object[1024] = {ECERT_TAG_CERT, 0x82}, *p = object + 4;
	int n = x != NULL ? i2d_X509(x, NULL) : 0;
	bool ok = has(v, CERTIFIED);

	if (n > 255 && (size_t)n + 4 <= sizeof object && i2d_X509(x, &p) == n) {
		object[2] = (uint8_t)(n >> 8);
		object[3] = (uint8_t)n;
		/* 70 alone: neither CertInfo nor the error detection code follows. */
		ok = ap_object_put(&v->ap, ECERT_OBJ_CERT_F9, object, (size_t)n + 4) == AP_ST_OK &&
		     ap_object_put(&v->ap, CERTIFIED, object, 1) == AP_ST_OK;
	}
	X509_free(x);
	EVP_PKEY_free(key);
	return ok;
}
