/* SPDX-License-Identifier: BSD-2-Clause */
/* The algorithm table, private keys for import, points of peers, block ciphers, random bytes. */
#include "crypto_support.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>

#include "crypto/cipher.h"
#include "crypto/key/ec.h"
#include "crypto/names.h"
#include "crypto/key/privkey.h"
#include "crypto/random.h"

static void algorithms(void **state)
{
	(void)state;
	for (int i = 1; i < KEY_ALG_COUNT; i++) {
		const struct alg *row = alg_row((enum key_alg)i);

		assert_non_null(row);
		assert_int_equal(row->id, i);
		assert_ptr_equal(alg_by_piv(row->piv), row);
		assert_ptr_equal(alg_by_name(row->name), row);
		assert_int_equal(alg_by_algid(row->algid)->family, row->family);
		assert_int_equal(row->signature != 0, row->can_sign);
		if (row->family == FAMILY_RSA)
			assert_ptr_equal(alg_by_rsa_bits(row->bits), row);
	}
	assert_null(alg_row(KEY_NONE));
	assert_null(alg_row(KEY_ALG_COUNT));
	assert_null(alg_row((enum key_alg) - 1));
	assert_null(alg_by_piv(0x00));
	assert_null(alg_by_piv(0x53));
	assert_null(alg_by_rsa_bits(0));
	assert_null(alg_by_rsa_bits(2047));
	assert_null(alg_by_algid(rd_of(NULL, 0)));
	assert_ptr_equal(alg_by_name("rsa2048"), alg_row(KEY_RSA2048));
	assert_ptr_equal(alg_by_name("p256"), alg_row(KEY_P256));
	assert_ptr_equal(alg_by_name("ED25519"), alg_row(KEY_ED25519));
	assert_null(alg_by_name("RSA"));
	assert_null(alg_by_name(""));
	assert_null(alg_by_name(NULL));
}

static void names(void **state)
{
	(void)state;
	assert_true(name_matches("-a-B", "Ab-"));
	assert_true(name_matches("", "--"));
	assert_false(name_matches("ab", "abc"));
	assert_false(name_matches("abc", "ab"));
}

static BIGNUM *bn(struct rd bytes)
{
	BIGNUM *n = BN_bin2bn(bytes.p, (int)bytes.n, NULL);

	assert_non_null(n);
	return n;
}

/* RFC 8017, 3.2: e dP = 1 mod (p - 1), and so on; p q is the modulus. */
static void check_rsa_parts(const struct privkey *k)
{
	const struct rd *part = privkey_parts(k);
	BIGNUM *p = bn(part[0]), *q = bn(part[1]), *t = BN_new(), *m = BN_new(), *e;
	BIGNUM *exponent[2] = {bn(part[2]), bn(part[3])}, *qinv = bn(part[4]);
	BIGNUM *prime[2] = {p, q};
	BN_CTX *ctx = BN_CTX_new();
	struct rd n, en;
	BIGNUM *modulus;

	assert_rc(pubkey_rsa(privkey_public(k), &n, &en), ECERT_OK);
	e = bn(en);
	modulus = bn(n);
	for (int i = 0; i < 2; i++) {
		BN_sub(m, prime[i], BN_value_one());
		BN_mod_mul(t, e, exponent[i], m, ctx);
		assert_true(BN_is_one(t));
	}
	BN_mod_mul(t, q, qinv, p, ctx);
	assert_true(BN_is_one(t));
	BN_mul(t, p, q, ctx);
	assert_int_equal(BN_cmp(t, modulus), 0);
	for (int i = 0; i < 2; i++)
		BN_free(exponent[i]);
	BN_free(p);
	BN_free(q);
	BN_free(t);
	BN_free(m);
	BN_free(e);
	BN_free(qinv);
	BN_free(modulus);
	BN_CTX_free(ctx);
}

static void import_parts(void **state)
{
	static const enum key_alg algs[] = {
	    KEY_RSA1024, KEY_RSA2048, KEY_P256, KEY_P384, KEY_ED25519, KEY_X25519, KEY_SM2};

	(void)state;
	for (size_t i = 0; i < sizeof algs / sizeof algs[0]; i++) {
		const struct alg *row = alg_row(algs[i]);
		EVP_PKEY *key = make_key(algs[i]);
		struct privkey *k;
		struct pubkey *want;
		size_t parts = row->family == FAMILY_RSA ? 5 : 1;

		assert_rc(privkey_from_evp(key, &k), ECERT_OK);
		assert_int_equal(privkey_alg(k), algs[i]);
		assert_rc(pubkey_from_evp(key, &want), ECERT_OK);
		assert_true(pubkey_equal(want, privkey_public(k)));
		for (size_t j = 0; j < 5; j++)
			assert_int_equal(
			    privkey_parts(k)[j].n, j >= parts	? 0
						   : parts == 5 ? row->block / 2
								: (row->block ? row->block : 32));
		if (parts == 5)
			check_rsa_parts(k);
		privkey_free(&k);
		privkey_free(&k);
		pubkey_free(&want);
		EVP_PKEY_free(key);
	}
}

static void no_card_takes_them(void **state)
{
	static const char *const curves[] = {"secp256k1", "P-521", "brainpoolP256r1"};
	EVP_PKEY *small = EVP_RSA_gen(1536), *ed448 = EVP_PKEY_Q_keygen(NULL, NULL, "ED448"), *key;
	struct privkey *k;
	struct pubkey *pub;

	(void)state;
	for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++) {
		key = EVP_EC_gen(curves[i]);
		assert_rc(privkey_from_evp(key, &k), ECERT_E_UNSUPPORTED);
		assert_null(k);
		EVP_PKEY_free(key);
	}
	assert_rc(privkey_from_evp(small, &k), ECERT_E_UNSUPPORTED);
	assert_rc(privkey_from_evp(ed448, &k), ECERT_E_UNSUPPORTED);
	EVP_PKEY_free(small);
	EVP_PKEY_free(ed448);
	/* public keys have no private part */
	for (int i = 0; i < 3; i++) {
		static const enum key_alg algs[] = {KEY_RSA1024, KEY_P256, KEY_ED25519};

		key = make_key(algs[i]);
		assert_rc(pubkey_from_evp(key, &pub), ECERT_OK);
		assert_rc(privkey_from_evp(pubkey_evp(pub), &k), ECERT_E_UNSUPPORTED);
		assert_null(k);
		pubkey_free(&pub);
		EVP_PKEY_free(key);
	}
}

struct scalar_case {
	enum key_alg alg;
	const char *d;
	enum ecert_rc rc;
};

static const struct scalar_case scalars[] = {
    {KEY_P256, "01", ECERT_OK},
    {KEY_P256, "0000000000000000000000000000000000000000000000000000000000000000000001", ECERT_OK},
    {KEY_P256, "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632550", ECERT_OK},
    {KEY_P256, "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", ECERT_E_DATA},
    {KEY_P256, "00", ECERT_E_DATA},
    {KEY_P256, "", ECERT_E_DATA},
    {KEY_P256, "010000000000000000000000000000000000000000000000000000000000000000", ECERT_E_DATA},
    {KEY_SM2, "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54121", ECERT_OK},
    {KEY_SM2, "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54122", ECERT_E_DATA},
    {KEY_ED25519, "01", ECERT_E_DATA},
    {KEY_RSA2048, "01", ECERT_E_UNSUPPORTED},
    {KEY_NONE, "01", ECERT_E_UNSUPPORTED},
};

static void scalar_range(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof scalars / sizeof scalars[0]; i++) {
		struct privkey *k;

		assert_rc(privkey_from_scalar(scalars[i].alg, H(scalars[i].d), &k), scalars[i].rc);
		assert_int_equal(k != NULL, scalars[i].rc == ECERT_OK);
		privkey_free(&k);
	}
}

/* RFC 8032, 7.1, test 1, and RFC 7748, 6.1 (Alice): seed and public key. */
struct seed_case {
	enum key_alg alg;
	const char *seed, *point;
};

static const struct seed_case seeds[] = {
    {KEY_ED25519, "9D61B19DEFFD5A60BA844AF492EC2CC44449C5697B326919703BAC031CAE7F60",
	"D75A980182B10AB7D54BFED3C964073A0EE172F3DAA62325AF021A68F707511A"},
    {KEY_X25519, "77076D0A7318A57D3C16C17251B26645DF4C2F87EBC0992AB177FBA51DB92C2A",
	"8520F0098930A754748B7DDCB43EF75A0DBF3A0D26381AF4EBA4A98EAA9B4E6A"},
};

static void seeds_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof seeds / sizeof seeds[0]; i++) {
		struct privkey *k;
		struct rd point;

		assert_rc(privkey_from_scalar(seeds[i].alg, H(seeds[i].seed), &k), ECERT_OK);
		assert_rc(pubkey_point(privkey_public(k), &point), ECERT_OK);
		assert_true(rd_equal(point, H(seeds[i].point)));
		privkey_free(&k);
	}
}

static void bad_primes(void **state)
{
	uint8_t a[257], b[257];
	struct privkey *k;
	struct rd e = H("010001");

	(void)state;
	memset(a, 0xFF, sizeof a);
	memcpy(b, a, sizeof b);
	/* the same twice: no inverse */
	assert_rc(privkey_from_primes(rd_of(a, 64), rd_of(a, 64), e, &k), ECERT_E_DATA);
	assert_null(k);
	b[63] = 0xFE; /* even */
	assert_rc(privkey_from_primes(rd_of(a, 64), rd_of(b, 64), e, &k), ECERT_E_DATA);
	assert_rc(privkey_from_primes(rd_of(a, 64), rd_of(a, 63), e, &k), ECERT_E_DATA);
	assert_rc(privkey_from_primes(rd_of(a, 257), rd_of(a, 257), e, &k), ECERT_E_DATA);
	assert_rc(privkey_from_primes(rd_of(NULL, 0), rd_of(NULL, 0), e, &k), ECERT_E_DATA);
	b[63] = 0xFD;
	assert_rc(privkey_from_primes(rd_of(a, 64), rd_of(b, 64), H("00"), &k), ECERT_E_DATA);
	assert_rc(privkey_from_primes(rd_of(a, 64), rd_of(b, 64), H("010000000000000001"), &k),
	    ECERT_E_DATA);
	/* an even exponent has no inverse modulo p - 1 */
	assert_rc(privkey_from_primes(rd_of(a, 64), rd_of(b, 64), H("02"), &k), ECERT_E_DATA);
	/* a modulus of no size that we know */
	assert_rc(privkey_from_primes(H("0B"), H("0D"), H("07"), &k), ECERT_E_UNSUPPORTED);
	assert_null(k);
}

/* d = e^-1 modulo lcm(p - 1, q - 1), as OpenSSL makes it, or modulo (p - 1)(q - 1), as others do.
 */
static void private_exponents(void **state)
{
	EVP_PKEY *pkey = EVP_RSA_gen(2048);
	BIGNUM *n = NULL, *p = NULL, *q = NULL, *e = NULL, *d = NULL;
	BN_CTX *bn = BN_CTX_new();
	uint8_t b[3][257] = {0};
	struct privkey *k, *ec;

	(void)state;
	assert_int_equal(EVP_PKEY_get_bn_param(pkey, "n", &n), 1);
	assert_int_equal(EVP_PKEY_get_bn_param(pkey, "e", &e), 1);
	assert_int_equal(EVP_PKEY_get_bn_param(pkey, "d", &d), 1);
	assert_int_equal(EVP_PKEY_get_bn_param(pkey, "rsa-factor1", &p), 1);
	assert_int_equal(EVP_PKEY_get_bn_param(pkey, "rsa-factor2", &q), 1);
	assert_rc(privkey_from_evp(pkey, &k), ECERT_OK);
	assert_int_equal(BN_bn2binpad(d, b[0], 257), 257);
	assert_rc(privkey_rsa_exponent(k, rd_of(b[0], 257)), ECERT_OK);
	assert_rc(privkey_rsa_exponent(k, rd_of(NULL, 0)), ECERT_E_DATA);
	b[0][256] ^= 2;
	assert_rc(privkey_rsa_exponent(k, rd_of(b[0], 257)), ECERT_E_DATA);
	/* right modulo p - 1 alone */
	assert_int_equal(BN_sub(p, p, BN_value_one()) && BN_sub(q, q, BN_value_one()), 1);
	assert_true(BN_mod(d, d, p, bn));
	assert_int_equal(BN_bn2binpad(d, b[0], 257), 257);
	assert_rc(privkey_rsa_exponent(k, rd_of(b[0], 257)), ECERT_E_DATA);
	assert_int_equal(BN_mul(p, p, q, bn), 1);
	assert_non_null(BN_mod_inverse(d, e, p, bn));
	assert_int_equal(BN_bn2binpad(d, b[1], 257), 257);
	assert_rc(privkey_rsa_exponent(k, rd_of(b[1], 257)), ECERT_OK);
	/* the same beyond n, and nothing that is longer than n */
	assert_int_equal(BN_add(d, d, p) && BN_add(d, d, p), 1);
	assert_true(BN_cmp(d, n) > 0);
	assert_int_equal(BN_bn2binpad(d, b[2], 257), 257);
	assert_rc(privkey_rsa_exponent(k, rd_of(b[2], 257)), ECERT_E_DATA);
	assert_rc(privkey_from_scalar(KEY_P256, H("05"), &ec), ECERT_OK);
	assert_rc(privkey_rsa_exponent(ec, H("05")), ECERT_E_DATA);
	privkey_free(&ec);
	privkey_free(&k);
	BN_free(n);
	BN_free(e);
	BN_clear_free(p);
	BN_clear_free(q);
	BN_clear_free(d);
	BN_CTX_free(bn);
	EVP_PKEY_free(pkey);
}

static void peers(void **state)
{
	static const char good[] =
	    "0460FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"
	    "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299";
	uint8_t off[65];

	(void)state;
	assert_rc(ec_peer_check(KEY_P256, H(good)), ECERT_OK);
	memcpy(off, H(good).p, 65);
	off[64] ^= 1;
	assert_rc(ec_peer_check(KEY_P256, rd_of(off, 65)), ECERT_E_DATA);
	off[64] ^= 1;
	off[0] = 6; /* hybrid */
	assert_rc(ec_peer_check(KEY_P256, rd_of(off, 65)), ECERT_E_DATA);
	assert_rc(ec_peer_check(KEY_P256, rd_of(off, 64)), ECERT_E_DATA);
	assert_rc(ec_peer_check(KEY_P256, rd_of(NULL, 0)), ECERT_E_DATA);
	assert_rc(ec_peer_check(KEY_P384, H(good)), ECERT_E_DATA);
	assert_rc(ec_peer_check(KEY_X25519, rd_of(off, 32)), ECERT_OK);
	assert_rc(ec_peer_check(KEY_X25519, rd_of(off, 33)), ECERT_E_DATA);
	assert_rc(ec_peer_check(KEY_RSA2048, rd_of(off, 32)), ECERT_E_KEY_TYPE);
	assert_rc(ec_peer_check(KEY_NONE, rd_of(off, 32)), ECERT_E_KEY_TYPE);
	assert_null(ec_group(KEY_RSA2048));
	assert_null(ec_group(KEY_ALG_COUNT));
	assert_ptr_equal(ec_group(KEY_P256), ec_group(KEY_P256));
}

static void secrets(void **state)
{
	uint8_t s[48] = {0};

	(void)state;
	assert_rc(ec_secret_check(KEY_X25519, rd_of(s, 32)), ECERT_E_CARD);
	assert_rc(ec_secret_check(KEY_P256, rd_of(s, 32)), ECERT_OK);
	s[31] = 1;
	assert_rc(ec_secret_check(KEY_X25519, rd_of(s, 32)), ECERT_OK);
	assert_rc(ec_secret_check(KEY_X25519, rd_of(s, 31)), ECERT_E_CARD);
	assert_rc(ec_secret_check(KEY_P384, rd_of(s, 48)), ECERT_OK);
	assert_rc(ec_secret_check(KEY_P384, rd_of(s, 32)), ECERT_E_CARD);
	assert_rc(ec_secret_check(KEY_ED25519, rd_of(s, 32)), ECERT_E_KEY_TYPE);
	assert_rc(ec_secret_check(KEY_NONE, rd_of(s, 32)), ECERT_E_KEY_TYPE);
}

/* FIPS 197, appendix C, and for 3DES SP 800-20's variable plaintext with a key of 01s. */
struct cipher_case {
	enum block_cipher cipher;
	const char *key, *plain, *block;
};

static const struct cipher_case ciphers[] = {
    {CIPHER_AES128, "000102030405060708090A0B0C0D0E0F", "00112233445566778899AABBCCDDEEFF",
	"69C4E0D86A7B0430D8CDB78070B4C55A"},
    {CIPHER_AES192, "000102030405060708090A0B0C0D0E0F1011121314151617",
	"00112233445566778899AABBCCDDEEFF", "DDA97CA4864CDFE06EAF70A0EC0D7191"},
    {CIPHER_AES256, "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
	"00112233445566778899AABBCCDDEEFF", "8EA2B7CA516745BFEAFC49904B496089"},
    {CIPHER_3DES, "010101010101010101010101010101010101010101010101", "8000000000000000",
	"95F8A5E5DD31D900"},
};

static void blocks(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof ciphers / sizeof ciphers[0]; i++) {
		const struct cipher_case *c = &ciphers[i];
		struct rd plain = H(c->plain), block = H(c->block), key = H(c->key);
		uint8_t b[CIPHER_BLOCK_MAX];

		assert_rc(block_encrypt(c->cipher, key, plain.p, b), ECERT_OK);
		assert_memory_equal(b, block.p, block.n);
		assert_rc(block_decrypt(c->cipher, key, b, b), ECERT_OK);
		assert_memory_equal(b, plain.p, plain.n);
		assert_rc(block_encrypt(c->cipher, rd_of(key.p, key.n - 1), plain.p, b),
		    ECERT_E_DATA_LEN);
		assert_rc(block_decrypt(c->cipher, rd_of(NULL, 0), plain.p, b), ECERT_E_DATA_LEN);
	}
}

static void randoms(void **state)
{
	uint8_t a[600] = {0}, b[600] = {0};
	size_t zeros = 0;

	(void)state;
	assert_rc(random_bytes(a, sizeof a), ECERT_OK);
	assert_rc(random_bytes(b, sizeof b), ECERT_OK);
	assert_memory_not_equal(a, b, sizeof a);
	for (size_t i = 0; i < sizeof a; i++)
		zeros += a[i] == 0;
	assert_true(zeros < 30);
	assert_rc(random_bytes(a, 0), ECERT_OK);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(algorithms),
	    cmocka_unit_test(names),
	    cmocka_unit_test(import_parts),
	    cmocka_unit_test(no_card_takes_them),
	    cmocka_unit_test(scalar_range),
	    cmocka_unit_test(seeds_known),
	    cmocka_unit_test(bad_primes),
	    cmocka_unit_test(private_exponents),
	    cmocka_unit_test(peers),
	    cmocka_unit_test(secrets),
	    cmocka_unit_test(blocks),
	    cmocka_unit_test(randoms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
