/* SPDX-License-Identifier: BSD-2-Clause */
/* Claims of every token of the trust room, signed rightly here, so that what comes after the
 * signature is reached. The first byte chooses the kind. */
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <string.h>

#include "crypto/pad/sigfmt.h"
#include "fuzz.h"
#include "trust/counterparty/counterparty.h"
#include "trust/list/list.h"
#include "trust/renewal/renewal.h"
#include "document/jose/jws.h"

#define NOW ((time_t)1780000000)

static EVP_PKEY *key;
static struct rd cert;
static struct trust_set *set;

static enum ecert_rc sign(void *ctx, enum doc_sig_alg alg, struct rd in, struct buf *raw)
{
	uint8_t sig[128];
	size_t n = sizeof sig;
	(void)alg;
	EVP_PKEY_CTX *p = EVP_PKEY_CTX_new(ctx, NULL);
	REQUIRE(p && EVP_PKEY_sign_init(p) == 1 && EVP_PKEY_sign(p, sig, &n, in.p, in.n) == 1);
	EVP_PKEY_CTX_free(p);
	return ecdsa_der_to_raw(rd_of(sig, n), 32, raw);
}

/* One certificate that is everything: CA, issuer, owner, list signer. */
static void make_trust(void)
{
	unsigned char *der = NULL;
	X509 *x = X509_new();
	key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	X509_set_version(x, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_NAME_add_entry_by_txt(
	    X509_get_subject_name(x), "CN", MBSTRING_ASC, (const uint8_t *)"fuzz", -1, -1, 0);
	X509_set_issuer_name(x, X509_get_subject_name(x));
	ASN1_TIME_set(X509_getm_notBefore(x), NOW - 1000);
	ASN1_TIME_set(X509_getm_notAfter(x), NOW + 1000000);
	X509_set_pubkey(x, key);
	REQUIRE(X509_sign(x, key, EVP_sha256()) > 0);
	int n = i2d_X509(x, &der);
	REQUIRE(n > 0);
	cert = rd_of(der, (size_t)n);
	X509_free(x);
	REQUIRE(trust_set_new(&set) == ECERT_OK);
	REQUIRE(trust_set_add_der(set, cert,
		    TRUST_ECERT_SIGNING | TRUST_MARK_ISSUER | TRUST_ATTESTATION, TRUST_EXPLICIT,
		    NULL) == ECERT_OK);
}

static void printable(const struct report *r)
{
	REQUIRE(r->n > 0);
	for (size_t i = 0; i < r->n; i++)
		for (const char *p = r->checks[i].detail; *p; p++)
			REQUIRE((unsigned char)*p >= 0x20 && *p != 0x7F);
}

static void counterparty(struct rd text)
{
	struct counterparty_expect e = {
	    .audience = "https://a.example", .nonce = "12345678", .now = NOW, .trust = set};
	struct counterparty_result *r = NULL;
	if (counterparty_verify(text, &e, &r) != ECERT_OK)
		return;
	printable(&r->report);
	json_t *j = counterparty_json(r);
	REQUIRE(j);
	json_decref(j);
	/* There is no store, so that nothing may be plainly accepted. */
	REQUIRE(report_verdict(&r->report) != VERDICT_PASSED);
	counterparty_result_free(&r);
}

static void renewal(struct rd text)
{
	struct renewal_expect e = {.audience = "https://i.example", .now = NOW, .trust = set};
	struct renewal_result *r = NULL;
	if (renewal_verify(text, &e, &r) != ECERT_OK)
		return;
	printable(&r->report);
	json_t *j = renewal_json(r);
	REQUIRE(j);
	json_decref(j);
	renewal_result_free(&r);
}

static void mark(struct rd text)
{
	const struct mark_expect e = {.now = NOW, .trust = set};
	struct mark_info m;
	struct report rep;
	report_init(&rep);
	REQUIRE(mark_verify(text, &e, &m, &rep) == !report_reason(&rep));
	printable(&rep);
	json_t *j = mark_json(&m);
	REQUIRE(j);
	json_decref(j);
}

static void status(struct rd text)
{
	const struct mark_expect e = {.now = NOW, .trust = set};
	struct report rep;
	char value[32];
	report_init(&rep);
	REQUIRE(
	    mark_status_verify(text, rd_of("a.b.c", 5), &e, value, &rep) == !report_reason(&rep));
	REQUIRE(strlen(value) < sizeof value);
}

static void list(struct rd text)
{
	struct trust_set *fresh = NULL;
	struct report rep;
	report_init(&rep);
	REQUIRE(trust_set_new(&fresh) == ECERT_OK);
	enum ecert_rc rc = trust_list_read(fresh, text, cert, NOW, NULL, &rep);
	REQUIRE((rc == ECERT_OK) == (trust_set_count(fresh) > 0));
	trust_set_free(&fresh);
}

static void file(struct rd json)
{
	struct report rep;
	report_init(&rep);
	REQUIRE(renewal_check_file(json, &rep) == (report_verdict(&rep) == VERDICT_PASSED));
	printable(&rep);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct {
		char letter;
		const char *typ;
		void (*run)(struct rd text);
	} kinds[] = {
	    {'c', COUNTERPARTY_TYP, counterparty},
	    {'r', RENEWAL_TYP, renewal},
	    {'m', TRUST_MARK_TYP, mark},
	    {'s', TRUST_MARK_STATUS_TYP, status},
	    {'l', TRUST_LIST_TYP, list},
	};
	if (!set)
		make_trust();
	if (size < 2)
		return 0;
	if (data[0] == 'f') {
		file(rd_of(data + 1, size - 1));
		return 0;
	}
	char kid[44];
	struct doc_signer s = {.key = KEY_P256, .cert = cert, .sign = sign, .ctx = key};
	json_t *claims = json_loadb((const char *)data + 1, size - 1, 0, NULL);
	REQUIRE(trust_kid(cert, kid) == ECERT_OK);
	for (size_t i = 0; json_is_object(claims) && i < sizeof kinds / sizeof kinds[0]; i++) {
		struct jws_options o = {.typ = kinds[i].typ, .kid = kid, .x5c = true};
		struct buf text = BUF_INIT(JWS_MAX_SIZE);
		if (kinds[i].letter == (char)data[0] &&
		    jws_create(&s, &o, claims, &text) == ECERT_OK)
			kinds[i].run(buf_view(&text));
		buf_free(&text);
	}
	json_decref(claims);
	return 0;
}
