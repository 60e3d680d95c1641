/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys: every algorithm made, used, attested, counted; PIN rules; import. */
#include "applet-spec/conformance/conformance.h"

#include <string.h>

#include "util/tlv.h"

#define USE_CLAUSE    "SP 800-73-5 part 2, 3.2.4"
#define MAKE_CLAUSE   "SP 800-73-5 part 2, 3.3.2"
#define ATTEST_CLAUSE "e-Cert profile, ATTEST"
#define IMPORT_CLAUSE "e-Cert profile, IMPORT KEY"
#define COUNT_CLAUSE  "e-Cert profile, signature counter"

struct key_row {
	uint8_t alg;
	enum feature feature;
	bool signs;
	const char *name;
};

static const struct key_row rows[] = {
    {ECERT_ALG_P256, F_P256, true, "P-256"},
    {ECERT_ALG_P384, F_P384, true, "P-384"},
    {ECERT_ALG_RSA2048, F_RSA2048, true, "RSA-2048"},
    {ECERT_ALG_RSA3072, F_RSA3072, true, "RSA-3072"},
    {ECERT_ALG_RSA4096, F_RSA4096, true, "RSA-4096"},
    {ECERT_ALG_ED25519, F_ED25519, true, "Ed25519"},
    {ECERT_ALG_X25519, F_X25519, false, "X25519"},
    {ECERT_ALG_SM2, F_SM2, true, "SM2"},
};

static uint16_t generate(struct session *s, uint8_t slot, uint8_t alg)
{
	const uint8_t data[] = {ECERT_TAG_GENERATE, 3, ECERT_TAG_GENERATE_ALG, 1, alg};

	return send(s, ECERT_INS_GENERATE, 0, slot, rd_of(data, sizeof data));
}

static uint16_t use(struct session *s, uint8_t slot, uint8_t alg, uint32_t tag, struct rd in)
{
	struct buf inner = BUF_INIT(1024), outer = BUF_INIT(1024);
	uint16_t sw = 0;

	tlv_put(&inner, ECERT_TAG_AUTH_RESPONSE, rd_of(NULL, 0));
	tlv_put(&inner, tag, in);
	tlv_put(&outer, ECERT_TAG_AUTH, buf_view(&inner));
	if (buf_rc(&outer) == ECERT_OK)
		sw = send(s, ECERT_INS_GENERAL_AUTHENTICATE, alg, slot, buf_view(&outer));
	buf_free(&inner);
	buf_free(&outer);
	return sw;
}

static uint16_t sign(struct session *s, uint8_t slot, uint8_t alg)
{
	uint8_t in[512];
	size_t n = check_input(alg, in, sizeof in);

	return use(s, slot, alg, ECERT_TAG_AUTH_CHALLENGE, rd_of(in, n));
}

static bool signs(struct session *s, uint8_t slot, uint8_t alg, struct evp_pkey_st *pub)
{
	struct rd sig;

	return sign(s, slot, alg) == ECERT_SW_OK && answer_path(s, "7C/82", &sig) &&
	       check_signature(alg, pub, sig);
}

static bool agrees(struct session *s, uint8_t slot, uint8_t alg, struct evp_pkey_st *pub)
{
	uint8_t point[133];
	size_t n = sizeof point;
	struct evp_pkey_st *peer = check_peer(alg, point, &n);
	struct rd secret;
	bool ok = peer != NULL &&
		  use(s, slot, alg, ECERT_TAG_AUTH_EXPONENT, rd_of(point, n)) == ECERT_SW_OK &&
		  answer_path(s, "7C/82", &secret) && check_agreement(peer, pub, secret);

	check_free(peer);
	return ok;
}

static void attestation(struct session *s, uint8_t slot, struct evp_pkey_st *pub)
{
	static uint8_t f9[ANSWER_MAX];
	struct rd cert;
	size_t n = 0;

	if (s->has[F_ATTEST] != YES)
		return;
	if (get_object(s, ECERT_OBJ_CERT_F9) == ECERT_SW_OK && answer_path(s, "53/70", &cert)) {
		n = cert.n;
		memcpy(f9, cert.p, n);
	}
	(void)send(s, ECERT_INS_ATTEST, slot, 0, rd_of(NULL, 0));
	report_ok(s, s->a.sw == ECERT_SW_OK && check_attestation(answer_of(s), rd_of(f9, n), pub),
	    ATTEST_CLAUSE, "the attestation holds the key and F9 signed it");
}

static struct evp_pkey_st *made(struct session *s, uint8_t slot, uint8_t alg)
{
	struct rd body;

	if (generate(s, slot, alg) != ECERT_SW_OK || !answer_path(s, "7F49", &body))
		return NULL;
	return check_public(alg, body);
}

/* SP 800-73-5 part 1, table 4b: agreement is 9D's; a card may keep 9A from it. */
static void agreement(struct session *s, uint8_t alg, struct evp_pkey_st *pub)
{
	bool ok = agrees(s, ECERT_KEY_9A, alg, pub);

	if (!ok && s->a.sw == ECERT_SW_BAD_P1P2)
		report_skip(
		    s, USE_CLAUSE, "ECDH agrees", "the card keeps 9A from it, as PIV's rule says");
	else
		report_ok(s, ok, USE_CLAUSE, "ECDH agrees");
}

static void one_algorithm(struct session *s, const struct key_row *row)
{
	struct evp_pkey_st *pub = NULL;
	bool without_pin;

	(void)select_piv(s);
	if (management(s))
		pub = made(s, ECERT_KEY_9A, row->alg);
	s->has[row->feature] = pub != NULL ? YES : NO;
	if (pub == NULL) {
		report_skip(s, MAKE_CLAUSE, row->name, "the card does not make such keys");
		return;
	}
	report_ok(s, true, MAKE_CLAUSE, row->name);
	(void)send(s, ECERT_INS_VERIFY, ECERT_VERIFY_P1_LOGOUT, ECERT_REF_PIN, rd_of(NULL, 0));
	without_pin = sign(s, ECERT_KEY_9A, row->alg) == ECERT_SW_OK;
	report_ok(s, !without_pin, USE_CLAUSE, "9A does nothing before VERIFY");
	if (row->signs)
		report_ok(s, login(s) && signs(s, ECERT_KEY_9A, row->alg, pub), USE_CLAUSE,
		    "its signature verifies");
	else
		report_ok(s, login(s) && agrees(s, ECERT_KEY_9A, row->alg, pub), USE_CLAUSE,
		    "its agreement is the shared secret");
	if (row->alg == ECERT_ALG_P256 || row->alg == ECERT_ALG_P384)
		agreement(s, row->alg, pub);
	attestation(s, ECERT_KEY_9A, pub);
	check_free(pub);
}

/* 9C asks the PIN before each signature, 9E never (SP 800-73-5 part 1, table 4b). */
static void pin_rules(struct session *s)
{
	struct evp_pkey_st *pub;
	bool first, second;

	(void)select_piv(s);
	pub = management(s) ? made(s, ECERT_KEY_9C, ECERT_ALG_P256) : NULL;
	first = login(s) && signs(s, ECERT_KEY_9C, ECERT_ALG_P256, pub);
	second = sign(s, ECERT_KEY_9C, ECERT_ALG_P256) == ECERT_SW_OK;
	report_ok(s, first && !second, USE_CLAUSE, "9C signs once after VERIFY, and not twice");
	check_free(pub);
	(void)select_piv(s);
	pub = management(s) ? made(s, ECERT_KEY_9E, ECERT_ALG_P256) : NULL;
	(void)send(s, ECERT_INS_VERIFY, ECERT_VERIFY_P1_LOGOUT, ECERT_REF_PIN, rd_of(NULL, 0));
	report_ok(
	    s, signs(s, ECERT_KEY_9E, ECERT_ALG_P256, pub), USE_CLAUSE, "9E signs without a PIN");
	check_free(pub);
}

static void counters(struct session *s)
{
	uint32_t before = 0, after = 0;

	if (s->has[F_COUNTERS] != YES) {
		report_skip(s, COUNT_CLAUSE, "signature counter", "the card does not have it");
		return;
	}
	(void)select_piv(s);
	report_ok(s,
	    status_counter(s, ECERT_KEY_9E, &before) &&
		sign(s, ECERT_KEY_9E, ECERT_ALG_P256) == ECERT_SW_OK &&
		status_counter(s, ECERT_KEY_9E, &after) && after == before + 1,
	    COUNT_CLAUSE, "one signature moves it by one, and it is read without a PIN");
}

/* A scalar that every curve of 256 bits has room for. */
static void import(struct session *s)
{
	uint8_t data[34] = {ECERT_TAG_IMPORT_EC, 32, 0, 0x11, 0x22, 0x33};
	struct rd v;

	if (s->has[F_IMPORT] != YES) {
		report_skip(s, IMPORT_CLAUSE, "import", "the card does not have it");
		return;
	}
	data[33] = 0x77;
	(void)select_piv(s);
	report_ok(s,
	    management(s) && send(s, ECERT_INS_IMPORT, ECERT_ALG_P256, ECERT_KEY_9D,
				 rd_of(data, sizeof data)) == ECERT_SW_OK,
	    IMPORT_CLAUSE, "a P-256 key is imported");
	if (s->has[F_METADATA] == YES)
		report_ok(s,
		    send(s, ECERT_INS_GET_METADATA, 0, ECERT_KEY_9D, rd_of(NULL, 0)) ==
			    ECERT_SW_OK &&
			answer_path(s, "03", &v) && v.n == 1 && v.p[0] == ECERT_ORIGIN_IMPORTED,
		    IMPORT_CLAUSE, "its origin says imported");
	if (s->has[F_ATTEST] == YES)
		report_ok(s,
		    send(s, ECERT_INS_ATTEST, ECERT_KEY_9D, 0, rd_of(NULL, 0)) != ECERT_SW_OK,
		    ATTEST_CLAUSE, "an imported key is not attested");
}

void run_keys(struct session *s)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		one_algorithm(s, &rows[i]);
	pin_rules(s);
	counters(s);
	import(s);
}
