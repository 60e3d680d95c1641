/* SPDX-License-Identifier: BSD-2-Clause */
/* Digests and signature schemes: every row, against OpenSSL where it knows the scheme. */
#include "support.h"

#include <openssl/core_names.h>
#include <openssl/objects.h>
#include <openssl/rsa.h>

#include "crypto/scheme.h"
#include "crypto/sigfmt.h"
#include "crypto/sm2.h"
#include "util/tlv.h"

static EVP_PKEY *keys[KEY_ALG_COUNT];
static struct pubkey *pubs[KEY_ALG_COUNT];
static const enum key_alg used[] = {
    KEY_RSA1024, KEY_RSA2048, KEY_P256, KEY_P384, KEY_ED25519, KEY_X25519, KEY_SM2};

#define USED (sizeof used / sizeof used[0])

/* FIPS 180-4, 202 and GB/T 32905 answers for "abc". */
static const char *const abc[MD_COUNT] = {
    [MD_SHA1] = "A9993E364706816ABA3E25717850C26C9CD0D89D",
    [MD_SHA224] = "23097D223405D8228642A477BDA255B32AADBCE4BDA0B3F7E36C9DA7",
    [MD_SHA256] = "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
    [MD_SHA384] = "CB00753F45A35E8BB5A03D699AC65007272C32AB0EDED1631A8B605A43FF5BED"
		  "8086072BA1E7CC2358BAECA134C825A7",
    [MD_SHA512] = "DDAF35A193617ABACC417349AE20413112E6FA4E89A97EA20A9EEEE64B55D39A"
		  "2192992A274FC1A836BA3C23A3FEEBBD454D4423643CE80E2A9AC94FA54CA49F",
    [MD_SHA3_224] = "E642824C3F8CF24AD09234EE7D3C766FC9A3A5168D0C94AD73B46FDF",
    [MD_SHA3_256] = "3A985DA74FE225B2045C172D6BD390BD855F086E3E9D525B46BFE24511431532",
    [MD_SHA3_384] = "EC01498288516FC926459F58E2C6AD8DF9B473CB0FC08C2596DA7CF0E49BE4B2"
		    "98D88CEA927AC7F539F1EDF228376D25",
    [MD_SHA3_512] = "B751850B1A57168A5693CD924B6B096E08F621827444F70D884F5D0240D2712E"
		    "10E116E9192AF3C91A7EC57647E3934057340B4CF408D5A56592F8274EEC53F0",
    [MD_SM3] = "66C7F0F462EEEDD9D1F2D46BDC10E4E24167C4875CF2F7A2297DA02B8F4BA8E0",
};

static int nid_of(struct rd oid)
{
	const unsigned char *p = oid.p;
	ASN1_OBJECT *o = d2i_ASN1_OBJECT(NULL, &p, (long)oid.n);
	int nid = OBJ_obj2nid(o);

	assert_ptr_equal(p, oid.p + oid.n);
	ASN1_OBJECT_free(o);
	return nid;
}

static void digests(void **state)
{
	(void)state;
	for (int i = 1; i < MD_COUNT; i++) {
		const struct md_row *row = md_row((enum md)i);
		struct digest *d, *half;
		uint8_t out[MD_MAX_SIZE];
		size_t n;

		assert_rc(digest_once(row->id, H("616263"), out, &n), ECERT_OK);
		assert_true(rd_equal(rd_of(out, n), H(abc[i])));
		assert_rc(digest_new(row->id, &d), ECERT_OK);
		assert_int_equal(digest_md(d), row->id);
		assert_rc(digest_update(d, H("61")), ECERT_OK);
		assert_rc(digest_update(d, rd_of(NULL, 0)), ECERT_OK);
		assert_rc(digest_dup(d, &half), ECERT_OK);
		assert_rc(digest_update(d, H("78")), ECERT_OK);
		assert_rc(digest_update(half, H("6263")), ECERT_OK);
		assert_rc(digest_final(half, out, &n), ECERT_OK);
		assert_true(rd_equal(rd_of(out, n), H(abc[i])));
		/* and it has begun anew */
		assert_rc(digest_update(half, H("616263")), ECERT_OK);
		assert_rc(digest_final(half, out, &n), ECERT_OK);
		assert_true(rd_equal(rd_of(out, n), H(abc[i])));
		digest_free(&d);
		digest_free(&half);
		digest_free(&half);
		assert_ptr_equal(md_by_name(row->name), row);
		assert_ptr_equal(md_by_evp(md_evp(row->id)), row);
		assert_int_equal(EVP_MD_get_block_size(md_evp(row->id)), row->block);
		if (row->ckm != 0)
			assert_ptr_equal(md_by_ckm(row->ckm), row);
		if (row->ckg != 0)
			assert_ptr_equal(md_by_ckg(row->ckg), row);
		assert_int_equal(nid_of(row->oid), EVP_MD_get_type(md_evp(row->id)));
	}
}

static void no_digests(void **state)
{
	uint8_t out[MD_MAX_SIZE];
	struct digest *d;
	size_t n;

	(void)state;
	assert_null(md_row(MD_NONE));
	assert_null(md_row(MD_COUNT));
	assert_null(md_by_name("MD5"));
	assert_null(md_by_name(NULL));
	assert_null(md_by_name("SHA25"));
	assert_null(md_by_name("SHA2567"));
	assert_non_null(md_by_name("sha-256"));
	assert_null(md_by_ckm(0));
	assert_null(md_by_ckg(0));
	assert_null(md_by_evp(NULL));
	assert_null(md_by_evp(EVP_md5()));
	assert_ptr_equal(md_by_evp(EVP_sha256()), md_row(MD_SHA256));
	assert_null(md_evp(MD_NONE));
	assert_rc(digest_new(MD_NONE, &d), ECERT_E_UNSUPPORTED);
	assert_null(d);
	assert_rc(digest_once(MD_COUNT, H("00"), out, &n), ECERT_E_UNSUPPORTED);
}

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

/* OpenSSL verifies over the message and the ID what was signed over our e. */
static int openssl_takes_sm2(struct rd raw, struct rd message, const char *id, size_t id_len)
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(keys[KEY_SM2], NULL);
	struct buf der = BUF_INIT(128);
	int rc;

	assert_rc(ecdsa_raw_to_der(raw, &der), ECERT_OK);
	if (id_len > 0)
		assert_int_equal(EVP_PKEY_CTX_set1_id(ctx, id, (int)id_len), 1);
	EVP_MD_CTX_set_pkey_ctx(md, ctx);
	assert_int_equal(EVP_DigestVerifyInit(md, NULL, EVP_sm3(), NULL, keys[KEY_SM2]), 1);
	rc = EVP_DigestVerify(md, buf_view(&der).p, buf_len(&der), message.p, message.n);
	EVP_PKEY_CTX_free(ctx);
	EVP_MD_CTX_free(md);
	buf_free(&der);
	return rc;
}

static void sm2_ids(void **state)
{
	struct rd m = H("6D657373616765");
	uint8_t e[32], sig[64];

	(void)state;
	assert_rc(sm2_e(pubs[KEY_SM2], rd_of(NULL, 0), m, e), ECERT_OK);
	assert_int_equal(card_sign(keys[KEY_SM2], KEY_SM2, rd_of(e, 32), sig), 64);
	assert_int_equal(openssl_takes_sm2(rd_of(sig, 64), m, SM2_DEFAULT_ID, 16), 1);
	assert_int_not_equal(openssl_takes_sm2(rd_of(sig, 64), m, "somebody", 8), 1);
	assert_rc(sm2_e(pubs[KEY_SM2], rd_of("somebody", 8), m, e), ECERT_OK);
	assert_int_equal(card_sign(keys[KEY_SM2], KEY_SM2, rd_of(e, 32), sig), 64);
	assert_int_equal(openssl_takes_sm2(rd_of(sig, 64), m, "somebody", 8), 1);
	/* an empty ID is not the default one: OpenSSL's own default is the empty one */
	assert_rc(sm2_e(pubs[KEY_SM2], (struct rd){(const uint8_t *)"", 0}, m, e), ECERT_OK);
	assert_int_equal(card_sign(keys[KEY_SM2], KEY_SM2, rd_of(e, 32), sig), 64);
	assert_int_equal(openssl_takes_sm2(rd_of(sig, 64), m, NULL, 0), 1);
}

/* GM/T 0003.5-2012 (the recommended curve), annex A: key, Z, e and signature. */
static void sm2_standard_answer(void **state)
{
	struct buf t = BUF_INIT(128);
	struct rd id = rd_of(SM2_DEFAULT_ID, 16);
	uint8_t z[32], e[32];
	struct pubkey *k;

	(void)state;
	tlv_put(&t, 0x86,
	    H("0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
	      "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"));
	assert_rc(pubkey_from_card(KEY_SM2, buf_view(&t), &k), ECERT_OK);
	assert_rc(sm2_z(k, id, z), ECERT_OK);
	assert_true(rd_equal(
	    rd_of(z, 32), H("B2E14C5C79C6DF5B85F4FE7ED8DB7A262B9DA7E07CCB0EA9F4747B8CCDA8A4F3")));
	assert_rc(sm2_e(k, id, rd_of("message digest", 14), e), ECERT_OK);
	assert_true(rd_equal(
	    rd_of(e, 32), H("F0B43E94BA45ACCAACE692ED534382EB17E6AB5A19CE7B31F4486FDFC0D28640")));
	assert_rc(pubkey_check(k, rd_of(e, 32),
		      H("F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
			"B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA")),
	    ECERT_OK);
	pubkey_free(&k);
	buf_free(&t);
}

static void sm2_refusals(void **state)
{
	static const uint8_t long_id[SM2_ID_MAX + 1];
	uint8_t z[32];
	struct digest *d;

	(void)state;
	assert_rc(sm2_z(pubs[KEY_P256], rd_of(NULL, 0), z), ECERT_E_KEY_TYPE);
	assert_rc(sm2_begin(pubs[KEY_P256], rd_of(NULL, 0), &d), ECERT_E_KEY_TYPE);
	assert_null(d);
	assert_rc(sm2_z(pubs[KEY_SM2], rd_of(long_id, SM2_ID_MAX + 1), z), ECERT_E_DATA_LEN);
	assert_rc(sm2_z(pubs[KEY_SM2], rd_of(long_id, SM2_ID_MAX), z), ECERT_OK);
}

static int setup(void **state)
{
	(void)state;
	for (size_t i = 0; i < USED; i++) {
		keys[used[i]] = make_key(used[i]);
		if (pubkey_from_evp(keys[used[i]], &pubs[used[i]]) != ECERT_OK)
			return 1;
	}
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	for (size_t i = 0; i < USED; i++) {
		EVP_PKEY_free(keys[used[i]]);
		pubkey_free(&pubs[used[i]]);
	}
	return 0;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(digests),
	    cmocka_unit_test(no_digests),
	    cmocka_unit_test(scheme_oids),
	    cmocka_unit_test(every_scheme),
	    cmocka_unit_test(defaults),
	    cmocka_unit_test(openssl_agrees),
	    cmocka_unit_test(input_lengths),
	    cmocka_unit_test(ecdsa_sizes),
	    cmocka_unit_test(digest_for_the_record),
	    cmocka_unit_test(raw_at_least_modulus),
	    cmocka_unit_test(pss_parameters),
	    cmocka_unit_test(sm2_ids),
	    cmocka_unit_test(sm2_standard_answer),
	    cmocka_unit_test(sm2_refusals),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
