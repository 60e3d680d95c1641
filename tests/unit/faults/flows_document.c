/* SPDX-License-Identifier: BSD-2-Clause */
/* Documents and trust: sign and verify, attestation, nonces used once, PKCS#12. */
#include "tests/unit/faults/flows.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/cert/pkcs12.h"
#include "document/jose/jws.h"
#include "tests/unit/faults/inject.h"
#include "tests/unit/trust/token_sim.h"
#include "trust/attestation/attestation.h"
#include "trust/nonce.h"

static struct pki_id ca, signer, stmt, other;
static struct token_sim vendor;
static struct buf p12 = BUF_INIT(65536);
static char scratch[] = "/tmp/ecert-faults-XXXXXX", nonces[sizeof scratch + 8];

static void load(const char *name)
{
	const char *src = getenv("top_srcdir");
	char path[512];
	uint8_t bytes[4096];
	size_t n;
	FILE *f;

	(void)snprintf(path, sizeof path, "%s/%s", src ? src : ".", name);
	f = fopen(path, "rb");
	assert_non_null(f);
	n = fread(bytes, 1, sizeof bytes, f);
	(void)fclose(f);
	buf_put(&p12, bytes, n);
}

void document_flows_prepare(void)
{
	pki_make(&(struct pki_spec){.cn = "CA", .ca = true}, &ca);
	pki_make(&(struct pki_spec){.cn = "Chan", .key = KEY_P256, .issuer = &ca}, &signer);
	pki_make(&(struct pki_spec){.cn = "Other", .key = KEY_P256, .issuer = &ca}, &other);
	token_sim_make("Vendor PIV Root", &vendor);
	token_sim_attest(&vendor, signer.key, 2, false, &stmt);
	load("tests/fuzz/corpus/pkcs12/modern");
	assert_non_null(mkdtemp(scratch));
	(void)snprintf(nonces, sizeof nonces, "%s/n", scratch);
}

void document_flows_end(void)
{
	char command[sizeof scratch + 16];

	(void)snprintf(command, sizeof command, "rm -rf '%s'", scratch);
	assert_int_equal(system(command), 0);
	pki_free(&stmt);
	token_sim_free(&vendor);
	pki_free(&other);
	pki_free(&signer);
	pki_free(&ca);
	buf_free(&p12);
}

/* The signer's software key is the test's, not ours. */
static enum ecert_rc sign(void *ctx, enum doc_sig_alg alg, struct rd in, struct buf *raw)
{
	enum ecert_rc rc;

	fault_pause();
	rc = pki_sign(ctx, alg, in, raw);
	fault_resume();
	return rc;
}

static bool flow_sign(void)
{
	static const struct jws_rules rules = {.typ = "test+jwt"};
	static const struct jws_options options = {.typ = "test+jwt", .kid = "k", .x5c = true};
	struct doc_signer s = pki_signer(&signer);
	struct buf text = BUF_INIT(JWS_MAX_SIZE);
	struct jws *j = NULL;
	json_t *claims;
	bool ok;

	s.sign = sign;
	fault_pause();
	claims = json_pack("{s:s}", "iss", "https://a.example");
	fault_resume();
	ok = jws_create(&s, &options, claims, &text) == ECERT_OK &&
	     jws_parse(buf_view(&text), &rules, &j, NULL) == ECERT_OK &&
	     jws_check_cert(j, signer.der) == ECERT_OK;
	if (ok)
		assert_string_equal(jws_str(j, "iss"), "https://a.example");
	/* What somebody else signed is never found right. */
	if (j)
		assert_int_not_equal(jws_check_cert(j, other.der), ECERT_OK);
	jws_free(&j);
	buf_free(&text);
	json_decref(claims);
	return ok;
}

static bool attested(const struct pki_id *leaf, struct rd chain)
{
	struct trust_set *s = NULL;
	struct attestation a;
	struct report rep;
	bool ok;

	report_init(&rep);
	ok = trust_set_new(&s) == ECERT_OK &&
	     trust_set_add_der(s, vendor.root.der, TRUST_ATTESTATION, TRUST_EXPLICIT, NULL) ==
		 ECERT_OK &&
	     attestation_check(s, leaf->der, &chain, 1, T0, &a, &rep);
	if (ok)
		assert_true(a.has_serial && a.serial == 1234567 && a.pin_policy == 2);
	trust_set_free(&s);
	return ok;
}

static bool flow_attestation(void)
{
	/* A certificate that is no statement, and a statement without its issuer. */
	assert_false(attested(&other, vendor.f9.der));
	assert_false(attested(&stmt, other.der));
	return attested(&stmt, vendor.f9.der);
}

static bool flow_nonce(void)
{
	static unsigned run;
	struct nonce_store *s = NULL;
	char value[32];
	bool seen = false, ok;

	(void)snprintf(value, sizeof value, "nonce-%08u", ++run);
	ok = nonce_store_open(nonces, T0, &s) == ECERT_OK &&
	     nonce_store_burn(s, "scope", value, T0 + 60) == ECERT_OK;
	nonce_store_close(&s);
	if (!ok)
		return false;
	/* What was acknowledged is there. */
	fault_pause();
	assert_int_equal(nonce_store_open(nonces, T0, &s), ECERT_OK);
	assert_int_equal(nonce_store_seen(s, "scope", value, &seen), ECERT_OK);
	assert_true(seen);
	assert_int_equal(nonce_store_burn(s, "scope", value, T0 + 60), ECERT_E_EXISTS);
	nonce_store_close(&s);
	fault_resume();
	return true;
}

static bool flow_pkcs12(void)
{
	struct pkcs12 *p = NULL;
	struct pubkey *leaf = NULL;
	bool ok = pkcs12_load(buf_view(&p12), "secret", NULL, &p) == ECERT_OK;

	assert_int_equal(ok, p != NULL);
	fault_pause();
	if (ok) {
		assert_int_equal(pubkey_from_cert(pkcs12_leaf(p, 0), &leaf), ECERT_OK);
		assert_true(pubkey_equal(leaf, privkey_public(pkcs12_key(p, 0))));
	}
	pubkey_free(&leaf);
	fault_resume();
	pkcs12_free(&p);
	/* The wrong password stays wrong. */
	assert_int_not_equal(pkcs12_load(buf_view(&p12), "secreT", NULL, &p), ECERT_OK);
	assert_null(p);
	return ok;
}

const struct flow document_flows[] = {
    {"sign and verify a document", flow_sign},
    {"verify an attestation", flow_attestation},
    {"use a nonce once", flow_nonce},
    {"read a PKCS#12 file", flow_pkcs12},
    {NULL, NULL},
};
