/* SPDX-License-Identifier: BSD-2-Clause */
/* Key attestation in Yubico's format: the chain, and what the statement says. */
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

#include "document/cert.h"
#include "ecert/piv_const.h"
#include "trust/attestation.h"
#include "trust/path_priv.h"
#include "util/hex.h"
#include "util/tlv.h"

static const char *const level_names[EVIDENCE_COUNT] = {
    [EVIDENCE_NONE] = "none",
    [EVIDENCE_DECLARED] = "declared",
    [EVIDENCE_CO_RESIDENT] = "co-resident",
    [EVIDENCE_ATTESTED] = "attested",
};

const char *evidence_name(enum evidence_level l)
{
	return (unsigned)l < EVIDENCE_COUNT ? level_names[l] : "none";
}

bool evidence_by_name(const char *name, enum evidence_level *out)
{
	for (enum evidence_level l = EVIDENCE_NONE; l < EVIDENCE_COUNT; l++) {
		if (strcmp(level_names[l], name) == 0) {
			*out = l;
			return true;
		}
	}
	return false;
}

/* Content of an unsigned DER INTEGER of at most 8 bytes. */
static bool get_integer(struct rd v, uint64_t *out)
{
	struct rd n;
	if (tlv_only(v, 0x02, &n) != ECERT_OK || n.n == 0 || (n.p[0] & 0x80))
		return false;
	if (n.n > 1 && n.p[0] == 0)
		n = rd_of(n.p + 1, n.n - 1);
	if (n.n > 8)
		return false;
	*out = 0;
	for (size_t i = 0; i < n.n; i++)
		*out = *out << 8 | n.p[i];
	return true;
}

static void get_firmware(struct attestation *a, struct rd v)
{
	a->has_firmware = v.n == sizeof a->firmware;
	if (a->has_firmware)
		memcpy(a->firmware, v.p, sizeof a->firmware);
}

static void get_serial(struct attestation *a, struct rd v)
{
	a->has_serial = get_integer(v, &a->serial);
}

/* Newer firmware adds values, and may add bytes. */
static void get_policy(struct attestation *a, struct rd v)
{
	a->has_policy = v.n >= 2;
	if (a->has_policy) {
		a->pin_policy = v.p[0];
		a->touch_policy = v.p[1];
	}
}

static void get_form(struct attestation *a, struct rd v)
{
	a->has_form = v.n == 1;
	if (a->has_form) {
		a->form_factor = v.p[0] & 0x7F;
		a->fips = a->fips || (v.p[0] & 0x80);
	}
}

static void get_fips(struct attestation *a, struct rd v)
{
	(void)v;
	a->fips = true;
}

static void get_counter(struct attestation *a, struct rd v)
{
	a->has_counter = get_integer(v, &a->counter);
}

/* OID content bytes. Yubico: 1.3.6.1.4.1.41482.3.x */
static const uint8_t oid_firmware[] = {0x2B, 6, 1, 4, 1, 0x82, 0xC4, 0x0A, 3, 3};
static const uint8_t oid_serial[] = {0x2B, 6, 1, 4, 1, 0x82, 0xC4, 0x0A, 3, 7};
static const uint8_t oid_policy[] = {0x2B, 6, 1, 4, 1, 0x82, 0xC4, 0x0A, 3, 8};
static const uint8_t oid_form[] = {0x2B, 6, 1, 4, 1, 0x82, 0xC4, 0x0A, 3, 9};
static const uint8_t oid_fips[] = {0x2B, 6, 1, 4, 1, 0x82, 0xC4, 0x0A, 3, 10};
static const uint8_t oid_counter[] = ECERT_OID_SIGNATURE_COUNTER_DER;

static const struct {
	struct rd oid;
	void (*get)(struct attestation *a, struct rd value);
} extensions[] = {
    {{oid_firmware, sizeof oid_firmware}, get_firmware},
    {{oid_serial, sizeof oid_serial}, get_serial},
    {{oid_policy, sizeof oid_policy}, get_policy},
    {{oid_form, sizeof oid_form}, get_form},
    {{oid_fips, sizeof oid_fips}, get_fips},
    {{oid_counter, sizeof oid_counter}, get_counter},
};

static void read_extension(struct attestation *a, X509_EXTENSION *e)
{
	const ASN1_OBJECT *o = X509_EXTENSION_get_object(e);
	const ASN1_OCTET_STRING *v = X509_EXTENSION_get_data(e);
	struct rd oid = rd_of(OBJ_get0_data(o), OBJ_length(o));
	for (size_t i = 0; i < sizeof extensions / sizeof extensions[0]; i++)
		if (rd_equal(oid, extensions[i].oid))
			extensions[i].get(
			    a, rd_of(ASN1_STRING_get0_data(v), (size_t)ASN1_STRING_length(v)));
}

static void read_all(struct attestation *a, const X509 *x)
{
	for (int i = 0; i < X509_get_ext_count(x); i++)
		read_extension(a, X509_get_ext(x, i));
}

enum ecert_rc attestation_read(struct rd slot, struct attestation *out)
{
	X509 *x = NULL;
	memset(out, 0, sizeof *out);
	enum ecert_rc rc = cert_parse(slot, &x);
	if (rc == ECERT_OK)
		read_all(out, x);
	X509_free(x);
	return rc;
}

bool attestation_same_key(struct rd a, struct rd b)
{
	X509 *x = NULL, *y = NULL;
	bool same = cert_parse(a, &x) == ECERT_OK && cert_parse(b, &y) == ECERT_OK &&
		    X509_get0_pubkey(x) && X509_get0_pubkey(y) &&
		    EVP_PKEY_eq(X509_get0_pubkey(x), X509_get0_pubkey(y)) == 1;
	X509_free(x);
	X509_free(y);
	ERR_clear_error();
	return same;
}

static bool name_says_test(const X509_NAME *name)
{
	for (int i = 0; i < X509_NAME_entry_count(name); i++) {
		const ASN1_STRING *s = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i));
		const uint8_t *p = ASN1_STRING_get0_data(s);
		size_t n = (size_t)ASN1_STRING_length(s);
		if (memmem(p, n, "TEST", 4))
			return true;
	}
	return false;
}

static bool marked_test(const X509 *x)
{
	return name_says_test(X509_get_subject_name(x)) || name_says_test(X509_get_issuer_name(x));
}

struct f9_chain {
	X509 *slot, *f9;
	STACK_OF(X509) * rest;
};

static bool f9_parse(struct f9_chain *c, struct rd slot, const struct rd *others, size_t n)
{
	memset(c, 0, sizeof *c);
	c->rest = sk_X509_new_null();
	if (!c->rest || n == 0 || n > ATTESTATION_MAX || cert_parse(slot, &c->slot) != ECERT_OK ||
	    cert_parse(others[0], &c->f9) != ECERT_OK)
		return false;
	for (size_t i = 1; i < n; i++) {
		X509 *x = NULL;
		if (cert_parse(others[i], &x) != ECERT_OK)
			return false;
		if (sk_X509_push(c->rest, x) <= 0) {
			X509_free(x);
			return false;
		}
	}
	return true;
}

static void f9_free(struct f9_chain *c)
{
	X509_free(c->slot);
	X509_free(c->f9);
	sk_X509_pop_free(c->rest, X509_free);
}

static bool has_extension(const X509 *x, struct rd oid)
{
	for (int i = 0; i < X509_get_ext_count(x); i++) {
		const ASN1_OBJECT *o = X509_EXTENSION_get_object(X509_get_ext(x, i));
		if (rd_equal(rd_of(OBJ_get0_data(o), OBJ_length(o)), oid))
			return true;
	}
	return false;
}

/* A slot's key signs whatever its owner likes, so that a slot's statement never takes F9's place:
 * only statements tell a PIN policy, whatever the bytes of it. */
static bool is_statement(const X509 *x)
{
	return has_extension(x, rd_of(oid_policy, sizeof oid_policy));
}

/* Nothing but what any certificate may have: no name of a person or a host, no purpose, nothing
 * that another application of a token states. */
static bool is_bare(X509 *x)
{
	static const int plain[] = {NID_subject_key_identifier, NID_authority_key_identifier,
	    NID_key_usage, NID_certificate_policies, NID_crl_distribution_points, NID_info_access};
	for (int i = 0; i < X509_get_ext_count(x); i++) {
		int nid = OBJ_obj2nid(X509_EXTENSION_get_object(X509_get_ext(x, i)));
		bool known = false;
		for (size_t k = 0; k < sizeof plain / sizeof plain[0]; k++)
			known = known || plain[k] == nid;
		if (!known)
			return false;
	}
	/* A person's or a machine's says what its key does; absent, every bit is set. */
	return (X509_get_key_usage(x) & KU_KEY_CERT_SIGN) != 0;
}

/* Makers' roots stand above other things than F9 too: statements of OpenPGP and FIDO keys, whose
 * owner signs with them what he likes. Those are no CAs. The F9 of a YubiKey up to firmware 5.2
 * does not say what it is: its only extension is the PIV application's firmware. Other makers' say
 * nothing at all: the relying party that named the root itself knows what is below it. */
static bool may_attest(X509 *f9, enum trust_origin named)
{
	if (X509_check_ca(f9) == 1)
		return true;
	return X509_get_ext_by_NID(f9, NID_basic_constraints, -1) < 0 &&
	       (has_extension(f9, rd_of(oid_firmware, sizeof oid_firmware)) ||
		   (named == TRUST_EXPLICIT && is_bare(f9)));
}

static bool names_statement(const struct f9_chain *c)
{
	for (int i = 0; i < sk_X509_num(c->rest); i++)
		if (is_statement(sk_X509_value(c->rest, i)))
			return true;
	return is_statement(c->f9);
}

/* F9 signs for its slots without being a CA on some tokens, so that this one step is done by
 * hand. */
static bool f9_signed_slot(const struct f9_chain *c)
{
	EVP_PKEY *key = X509_get0_pubkey(c->f9);
	return key &&
	       X509_NAME_cmp(X509_get_issuer_name(c->slot), X509_get_subject_name(c->f9)) == 0 &&
	       EVP_PKEY_get_security_bits(key) >= 112 && X509_verify(c->slot, key) == 1;
}

/* True with the entry's facts in out when F9 chains to an attestation root. */
static bool f9_trusted(const struct trust_set *s, const struct f9_chain *c, time_t at,
    struct attestation *out, char *why, size_t size)
{
	struct doc_path_query q = {c->f9, c->rest, NULL, at, at};
	struct path_job j = {.set = s, .q = &q, .purpose = TRUST_ATTESTATION};
	enum path_acceptance how;
	const struct trust_entry *e = NULL;
	if (path_open(&j, NULL) && path_build(&j))
		e = path_entry(&j, &how);
	(void)snprintf(why, size, "%s", j.anchors ? j.why : "no attestation root is trusted");
	if (e) {
		uint8_t hash[32];
		(void)snprintf(out->root, sizeof out->root, "%s", e->name);
		out->pinned = cert_sha256(c->f9, hash) == ECERT_OK &&
			      memcmp(hash, e->sha256, 32) == 0;
		out->test_root = strstr(e->name, "TEST") != NULL;
		for (int i = 0; i < sk_X509_num(j.chain); i++)
			out->test_root = out->test_root || marked_test(sk_X509_value(j.chain, i));
		if (!out->pinned && !may_attest(c->f9, e->origin)) {
			(void)snprintf(why, size,
			    "what stands in the place of the token's attestation key may not "
			    "attest");
			e = NULL;
		} else if (out->test_root && e->origin != TRUST_EXPLICIT) {
			(void)snprintf(
			    why, size, "it ends in a TEST root that was not given explicitly");
			e = NULL;
		}
	}
	path_close(&j);
	return e != NULL;
}

static bool chain_check(const struct trust_set *s, const struct f9_chain *c, time_t now,
    struct attestation *out, struct report *rep)
{
	char why[256];
	if (names_statement(c)) {
		report_add(rep, "attestation chain", CHECK_FAILED,
		    "a slot's key stands where the token's attestation key has to");
		return false;
	}
	if (!f9_signed_slot(c)) {
		report_add(rep, "attestation chain", CHECK_FAILED,
		    "the statement is not signed by the token's attestation key");
		return false;
	}
	/* A card has no clock: path_build judges no certificate's time, only the entry's. */
	bool ok = f9_trusted(s, c, now, out, why, sizeof why);
	return report_test(
	    rep, "attestation chain", ok, "%s%s", ok ? "to " : "", ok ? out->root : why);
}

bool attestation_check(const struct trust_set *s, struct rd slot, const struct rd *others, size_t n,
    time_t now, struct attestation *out, struct report *rep)
{
	struct f9_chain c;
	bool ok = false;
	memset(out, 0, sizeof *out);
	if (!f9_parse(&c, slot, others, n)) {
		report_add(rep, "attestation chain", CHECK_FAILED,
		    "it is not a statement followed by the token's attestation certificate");
		report_add(rep, "attestation statement", CHECK_SKIPPED, "it cannot be read");
		goto out;
	}
	read_all(out, c.slot);
	ok = chain_check(s, &c, now, out, rep);
	if (!ok) {
		report_add(
		    rep, "attestation statement", CHECK_SKIPPED, "nobody trusted vouches for it");
	} else if (!out->has_policy) {
		/* An OpenPGP application attests imported keys as well, under the same root. */
		ok = report_test(rep, "attestation statement", false,
		    "it is not a PIV token's statement about a key");
	} else if (out->pinned && !out->has_serial) {
		/* PivApplet attests imported keys as well, and gives no serial number. */
		report_add(rep, "attestation statement", CHECK_SKIPPED,
		    "this kind of token attests imported keys too, so that the origin is not "
		    "known");
		ok = false;
	} else if (!out->has_serial) {
		/* YubiKey 4. */
		report_add(rep, "attestation statement", CHECK_OK,
		    "generated in a token that does not state its serial number");
	} else {
		report_add(rep, "attestation statement", CHECK_OK, "generated in token %llu",
		    (unsigned long long)out->serial);
	}
out:
	f9_free(&c);
	ERR_clear_error();
	return ok;
}

json_t *attestation_json(const struct attestation *a)
{
	char firmware[16] = "";
	if (a->has_firmware)
		(void)snprintf(firmware, sizeof firmware, "%u.%u.%u", a->firmware[0],
		    a->firmware[1], a->firmware[2]);
	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:b, s:o, s:b, s:b, s:s}", "firmware", firmware,
	    "serial", a->has_serial ? json_integer((json_int_t)a->serial) : json_null(),
	    "pin_policy", a->has_policy ? json_integer(a->pin_policy) : json_null(), "touch_policy",
	    a->has_policy ? json_integer(a->touch_policy) : json_null(), "form_factor",
	    a->has_form ? json_integer(a->form_factor) : json_null(), "fips", a->fips,
	    "signature_counter",
	    a->has_counter ? json_integer((json_int_t)a->counter) : json_null(), "test_root",
	    a->test_root, "pinned", a->pinned, "root", a->root);
}
