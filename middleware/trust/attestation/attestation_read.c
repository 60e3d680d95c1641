/* SPDX-License-Identifier: BSD-2-Clause */
/* What an attestation certificate says, and how the levels of evidence are called. */
#include <inttypes.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

#include "document/cert.h"
#include "ecert/piv_const.h"
#include "trust/attestation/attestation_priv.h"
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

void attestation_extensions(struct attestation *a, const X509 *x)
{
	for (int i = 0; i < X509_get_ext_count(x); i++)
		read_extension(a, X509_get_ext(x, i));
}

enum ecert_rc attestation_read(struct rd slot, struct attestation *out)
{
	X509 *x = NULL;
	enum ecert_rc rc;

	memset(out, 0, sizeof *out);
	rc = cert_parse(slot, &x);
	if (rc == ECERT_OK)
		attestation_extensions(out, x);
	X509_free(x);
	return rc;
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
bool attestation_is_statement(const X509 *x)
{
	return has_extension(x, rd_of(oid_policy, sizeof oid_policy));
}

bool attestation_has_firmware(const X509 *x)
{
	return has_extension(x, rd_of(oid_firmware, sizeof oid_firmware));
}

/* A policy by its number, as `ecert key list` has the words; Yubico's newer ones behind them. */
static json_t *policy_json(bool known, uint8_t policy, const char *const words[], size_t n)
{
	return !known ? json_null() : json_string(policy && policy < n ? words[policy] : "unknown");
}

json_t *attestation_json(const struct attestation *a)
{
	static const char *const pin_policies[] = {
	    "", "never", "once", "always", "match-once", "match-always"};
	static const char *const touch_policies[] = {"", "never", "always", "cached"};
	char firmware[16] = "", serial[24] = "";

	if (a->has_firmware)
		(void)snprintf(firmware, sizeof firmware, "%u.%u.%u", a->firmware[0],
		    a->firmware[1], a->firmware[2]);
	if (a->has_serial)
		(void)snprintf(serial, sizeof serial, "%" PRIu64, a->serial);
	return json_pack("{s:s, s:s?, s:o, s:o, s:o, s:b, s:o, s:b, s:b, s:s}", "firmware",
	    firmware, "serial", *serial ? serial : NULL, "pin_policy",
	    policy_json(a->has_policy, a->pin_policy, pin_policies,
		sizeof pin_policies / sizeof pin_policies[0]),
	    "touch_policy",
	    policy_json(a->has_policy, a->touch_policy, touch_policies,
		sizeof touch_policies / sizeof touch_policies[0]),
	    "form_factor", a->has_form ? json_integer(a->form_factor) : json_null(), "fips",
	    a->fips, "signature_counter",
	    a->has_counter ? json_integer((json_int_t)a->counter) : json_null(), "test_root",
	    a->test_root, "pinned", a->pinned, "root", a->root);
}
