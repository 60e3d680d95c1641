/* SPDX-License-Identifier: BSD-2-Clause */
/* Signature schemes: every row, against OpenSSL where it knows the scheme. */
#include "scheme_fix.h"

static int key_nid(enum key_family family)
{
	return family == FAMILY_RSA  ? NID_rsaEncryption
	       : family == FAMILY_EC ? NID_X9_62_id_ecPublicKey
				     : NID_sm2;
}

/* Our table names the OIDs that OpenSSL knows for the pair of digest and key; of those with SHA-3
 * it knows the name only. */
static void scheme_oids(void **state)
{
	const struct scheme *s;

	(void)state;
	for (size_t i = 0; (s = scheme_row(i)) != NULL; i++) {
		int md = NID_undef, key = NID_undef;

		if (s->oid.n == 0 || s->md == MD_NONE || s->kind == SCHEME_PSS)
			continue;
		if (OBJ_find_sigid_algs(nid_of(s->oid), &md, &key) == 1) {
			assert_int_equal(md, EVP_MD_get_type(md_evp(s->md)));
			assert_int_equal(key, key_nid(s->family));
		} else {
			assert_non_null(strstr(md_row(s->md)->name, "SHA3"));
			assert_non_null(
			    strcasestr(OBJ_nid2sn(nid_of(s->oid)), md_row(s->md)->name));
			assert_non_null(strcasestr(
			    OBJ_nid2sn(nid_of(s->oid)), s->family == FAMILY_RSA ? "RSA" : "ECDSA"));
		}
	}
}

/* What to sign: a message, or for schemes without a digest something that fits. */
static struct rd input(const struct scheme *s, enum key_alg alg)
{
	static uint8_t bytes[512];
	size_t n = 33;

	memset(bytes, 0x61, sizeof bytes);
	if (s->md == MD_NONE && s->kind == SCHEME_PSS)
		n = 32;
	else if (s->md == MD_NONE && (s->kind == SCHEME_SM2 || s->kind == SCHEME_ECDSA))
		n = alg_row(alg)->block;
	return rd_of(bytes, n);
}

static void sign_and_verify(const struct scheme *s, enum key_alg alg)
{
	const struct scheme_params params = {.md = s->md == MD_NONE ? MD_SHA256 : MD_NONE};
	struct buf block = BUF_INIT(SCHEME_MESSAGE_MAX);
	struct rd in = input(s, alg);
	struct scheme_op *op, *copy;
	uint8_t sig[512];
	size_t n;

	assert_rc(scheme_begin(s, &params, pubs[alg], &op), ECERT_OK);
	assert_int_equal(scheme_signature_size(op), alg_row(alg)->signature);
	assert_rc(scheme_update(op, rd_of(in.p, 5)), ECERT_OK);
	assert_rc(scheme_dup(op, &copy), ECERT_OK);
	assert_rc(scheme_update(op, rd_of(in.p + 5, in.n - 5)), ECERT_OK);
	assert_rc(scheme_update(copy, rd_of(in.p + 5, in.n - 5)), ECERT_OK);
	assert_rc(scheme_block(op, &block), ECERT_OK);
	scheme_free(&op);
	assert_null(op);
	n = card_sign(keys[alg], alg, buf_view(&block), sig);
	assert_rc(pubkey_check(pubs[alg], buf_view(&block), rd_of(sig, n)), ECERT_OK);
	assert_rc(scheme_verify(copy, rd_of(sig, n)), ECERT_OK);
	scheme_free(&copy);

	for (int bad = 0; bad < 3; bad++) {
		assert_rc(scheme_begin(s, &params, pubs[alg], &op), ECERT_OK);
		assert_rc(scheme_update(op, in), ECERT_OK);
		sig[n / 2] ^= 1;
		assert_rc(scheme_verify(op, rd_of(sig, bad == 1	  ? n - 1
						       : bad == 2 ? 0
								  : n)),
		    ECERT_E_BAD_SIGNATURE);
		sig[n / 2] ^= 1;
		scheme_free(&op);
	}
	buf_free(&block);
}

static void every_scheme(void **state)
{
	const struct scheme *s;

	(void)state;
	for (size_t i = 0; (s = scheme_row(i)) != NULL; i++) {
		assert_ptr_equal(scheme_by_name(s->name), s);
		if (s->ckm != 0)
			assert_ptr_equal(scheme_by_ckm(s->ckm), s);
		if (s->jws != NULL)
			assert_ptr_equal(scheme_by_jws(s->jws), s);
		assert_ptr_equal(scheme_find(s->kind, s->md), s);
		for (size_t j = 0; j < USED; j++) {
			struct scheme_op *op;

			/* SHA-512 in PSS with a digest-long salt wants more than 1024 bits. */
			if (used[j] == KEY_RSA1024 && s->kind == SCHEME_PSS)
				continue;
			if (scheme_fits(s, used[j]))
				sign_and_verify(s, used[j]);
			else
				assert_rc(
				    scheme_begin(s, NULL, pubs[used[j]], &op), ECERT_E_KEY_TYPE);
		}
	}
	assert_null(scheme_by_name("RSA"));
	assert_null(scheme_by_name(NULL));
	assert_null(scheme_by_jws("rs256"));
	assert_null(scheme_by_jws(NULL));
	assert_null(scheme_by_ckm(0));
	assert_null(scheme_find(SCHEME_EDDSA, MD_SHA256));
}

static void defaults(void **state)
{
	(void)state;
	assert_string_equal(scheme_default(KEY_RSA2048)->name, "RSA-PKCS1-SHA256");
	assert_string_equal(scheme_default(KEY_P256)->name, "ECDSA-SHA256");
	assert_string_equal(scheme_default(KEY_P384)->name, "ECDSA-SHA384");
	assert_string_equal(scheme_default(KEY_ED25519)->name, "EdDSA");
	assert_string_equal(scheme_default(KEY_SM2)->name, "SM2-SM3");
	assert_null(scheme_default(KEY_X25519));
	assert_null(scheme_default(KEY_NONE));
}

/* OpenSSL, given the message, agrees with what we prepared from it. */
static void openssl_agrees(void **state)
{
	static const enum key_alg algs[] = {KEY_RSA2048, KEY_P256, KEY_P384};

	(void)state;
	for (size_t i = 0; i < sizeof algs / sizeof algs[0]; i++) {
		const struct scheme *s = scheme_default(algs[i]);
		struct rd m = H("48656C6C6F");
		EVP_MD_CTX *ctx = EVP_MD_CTX_new();
		struct buf der = BUF_INIT(256);
		struct scheme_op *op;
		uint8_t sig[512];
		size_t n = sizeof sig;
		struct rd raw;

		assert_int_equal(
		    EVP_DigestSignInit(ctx, NULL, md_evp(s->md), NULL, keys[algs[i]]), 1);
		assert_int_equal(EVP_DigestSign(ctx, sig, &n, m.p, m.n), 1);
		raw = rd_of(sig, n);
		if (s->family == FAMILY_EC) {
			assert_rc(
			    ecdsa_der_to_raw(raw, alg_row(algs[i])->signature / 2, &der), ECERT_OK);
			raw = buf_view(&der);
		}
		assert_rc(scheme_begin(s, NULL, pubs[algs[i]], &op), ECERT_OK);
		assert_rc(scheme_update(op, m), ECERT_OK);
		assert_rc(scheme_verify(op, raw), ECERT_OK);
		scheme_free(&op);
		buf_free(&der);
		EVP_MD_CTX_free(ctx);
	}
}

struct length_case {
	const char *scheme;
	enum key_alg alg;
	size_t n;
	enum ecert_rc rc; /* of update or of block */
	size_t block;
};

static const struct length_case lengths[] = {
    {"RSA-PKCS1", KEY_RSA1024, 0, ECERT_OK, 128},
    {"RSA-PKCS1", KEY_RSA1024, 117, ECERT_OK, 128},
    {"RSA-PKCS1", KEY_RSA1024, 118, ECERT_E_DATA_LEN, 0},
    {"RSA-RAW", KEY_RSA1024, 0, ECERT_E_DATA_LEN, 0},
    {"RSA-RAW", KEY_RSA1024, 1, ECERT_OK, 128},
    {"RSA-RAW", KEY_RSA1024, 128, ECERT_OK, 128},
    {"RSA-RAW", KEY_RSA1024, 129, ECERT_E_DATA_LEN, 0},
    {"RSA-PSS", KEY_RSA1024, 31, ECERT_E_DATA_LEN, 0},
    {"RSA-PSS", KEY_RSA1024, 32, ECERT_OK, 128},
    {"RSA-PSS", KEY_RSA1024, 33, ECERT_E_DATA_LEN, 0},
    {"ECDSA", KEY_P256, 0, ECERT_E_DATA_LEN, 0},
    {"ECDSA", KEY_P256, 1, ECERT_OK, 32},
    {"ECDSA", KEY_P256, 64, ECERT_OK, 32},
    {"ECDSA", KEY_P384, 20, ECERT_OK, 48},
    {"ECDSA", KEY_P256, 129, ECERT_E_DATA_LEN, 0},
    {"SM2", KEY_SM2, 31, ECERT_E_DATA_LEN, 0},
    {"SM2", KEY_SM2, 32, ECERT_OK, 32},
    {"SM2", KEY_SM2, 33, ECERT_E_DATA_LEN, 0},
    {"EdDSA", KEY_ED25519, 0, ECERT_OK, 0},
    {"EdDSA", KEY_ED25519, SCHEME_MESSAGE_MAX, ECERT_OK, SCHEME_MESSAGE_MAX},
    {"EdDSA", KEY_ED25519, SCHEME_MESSAGE_MAX + 1, ECERT_E_DATA_LEN, 0},
};

static void input_lengths(void **state)
{
	static uint8_t zeros[SCHEME_MESSAGE_MAX + 1];
	const struct scheme_params params = {.md = MD_SHA256};

	(void)state;
	for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
		const struct length_case *c = &lengths[i];
		struct buf block = BUF_INIT(SCHEME_MESSAGE_MAX);
		struct scheme_op *op;
		enum ecert_rc rc;

		assert_rc(
		    scheme_begin(scheme_by_name(c->scheme), &params, pubs[c->alg], &op), ECERT_OK);
		rc = scheme_update(op, rd_of(zeros, c->n));
		if (rc == ECERT_OK)
			rc = scheme_block(op, &block);
		else
			assert_rc(scheme_block(op, &block), rc);
		assert_rc(rc, c->rc);
		assert_int_equal(buf_len(&block), c->block);
		scheme_free(&op);
		buf_free(&block);
	}
}

static void ecdsa_sizes(void **state)
{
	struct buf block = BUF_INIT(64);
	struct scheme_op *op;

	(void)state;
	assert_rc(scheme_begin(scheme_by_name("ECDSA"), NULL, pubs[KEY_P256], &op), ECERT_OK);
	assert_rc(scheme_update(op, H("0102")), ECERT_OK);
	assert_rc(scheme_block(op, &block), ECERT_OK);
	assert_true(rd_equal(buf_view(&block),
	    H("0000000000000000000000000000000000000000000000000000000000000102")));
	scheme_free(&op);
	buf_free(&block);
}

static void digest_for_the_record(void **state)
{
	/* SHA-256 of "ab", and of itself as RFC 8017, 9.2 note 1 wraps it */
	static const char sum[] =
	    "fb8e20fc2e4c3f248c60c39bd652f3c1347298bb977b8b4d5903b85055620603";
	static const char info[] =
	    "3031300d060960864801650304020105000420"
	    "fb8e20fc2e4c3f248c60c39bd652f3c1347298bb977b8b4d5903b85055620603";
	static const struct {
		const char *scheme;
		enum key_alg alg;
		const char *in, *digest;
	} cases[] = {
	    {"ECDSA-SHA256", KEY_P256, "6162", sum},
	    {"ECDSA", KEY_P256, sum, sum},
	    {"RSA-PKCS1-SHA256", KEY_RSA1024, "6162", sum},
	    {"RSA-PKCS1", KEY_RSA1024, info, sum},
	    {"RSA-PKCS1", KEY_RSA1024, sum, ""},
	    {"RSA-PSS-SHA256", KEY_RSA1024, "6162", sum},
	    {"RSA-RAW", KEY_RSA1024, "6162", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct buf block = BUF_INIT(512), digest = BUF_INIT(64);
		struct scheme_op *op;

		assert_rc(
		    scheme_begin(scheme_by_name(cases[i].scheme), NULL, pubs[cases[i].alg], &op),
		    ECERT_OK);
		assert_rc(scheme_update(op, H(cases[i].in)), ECERT_OK);
		assert_rc(scheme_block_digest(op, &block, &digest), ECERT_OK);
		assert_true(rd_equal(buf_view(&digest), H(cases[i].digest)));
		scheme_free(&op);
		buf_free(&block);
		buf_free(&digest);
	}
}

/* PKCS#11's X.509 mechanism takes numbers below the modulus only. */
static void raw_at_least_modulus(void **state)
{
	struct buf block = BUF_INIT(128);
	struct scheme_op *op;
	uint8_t ff[128];
	struct rd n, e;

	(void)state;
	memset(ff, 0xFF, sizeof ff);
	assert_rc(pubkey_rsa(pubs[KEY_RSA1024], &n, &e), ECERT_OK);
	assert_rc(scheme_begin(scheme_by_name("RSA-RAW"), NULL, pubs[KEY_RSA1024], &op), ECERT_OK);
	assert_rc(scheme_update(op, rd_of(ff, 128)), ECERT_OK);
	assert_rc(scheme_block(op, &block), ECERT_E_DATA);
	scheme_free(&op);
	assert_rc(scheme_begin(scheme_by_name("RSA-RAW"), NULL, pubs[KEY_RSA1024], &op), ECERT_OK);
	assert_rc(scheme_update(op, n), ECERT_OK);
	assert_rc(scheme_block(op, &block), ECERT_E_DATA);
	scheme_free(&op);
	buf_free(&block);
}

static void pss_parameters(void **state)
{
	static const struct scheme_params bad[] = {
	    {.md = MD_SHA1},			/* not the mechanism's own digest */
	    {.mgf = MD_COUNT},			/* no such mask */
	    {.md = MD_COUNT},			/* no such digest */
	    {.has_salt = true, .salt_len = 95}, /* one too many */
	    {.has_salt = true, .salt_len = SIZE_MAX},
	};
	const struct scheme_params fits = {.has_salt = true, .salt_len = 94};
	struct scheme_op *op;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_rc(
		    scheme_begin(scheme_by_name("RSA-PSS-SHA256"), &bad[i], pubs[KEY_RSA1024], &op),
		    ECERT_E_ARG);
		assert_null(op);
	}
	assert_rc(
	    scheme_begin(scheme_by_name("RSA-PSS"), NULL, pubs[KEY_RSA1024], &op), ECERT_E_ARG);
	assert_rc(scheme_begin(scheme_by_name("RSA-PSS-SHA256"), &fits, pubs[KEY_RSA1024], &op),
	    ECERT_OK);
	scheme_free(&op);
	scheme_free(&op);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(scheme_oids),
	    cmocka_unit_test(every_scheme),
	    cmocka_unit_test(defaults),
	    cmocka_unit_test(openssl_agrees),
	    cmocka_unit_test(input_lengths),
	    cmocka_unit_test(ecdsa_sizes),
	    cmocka_unit_test(digest_for_the_record),
	    cmocka_unit_test(raw_at_least_modulus),
	    cmocka_unit_test(pss_parameters),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
