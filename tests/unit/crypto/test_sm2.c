/* SPDX-License-Identifier: BSD-2-Clause */
/* SM2 signatures: identities, the standard's answer, what is refused. */
#include "scheme_fix.h"

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

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sm2_ids),
	    cmocka_unit_test(sm2_standard_answer),
	    cmocka_unit_test(sm2_refusals),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
