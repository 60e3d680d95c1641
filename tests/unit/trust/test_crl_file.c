/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of files of CRLs: whole or refused, and large ones. */
#include <malloc.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "crypto/der.h"
#include "scene.h"
#include "trust/revocation/crl.h"

static const char path[] = "./crl-file-test";

static enum ecert_rc load(struct rd bytes, size_t *n)
{
	struct trust_set *s = NULL;
	assert_int_equal(trust_set_new(&s), ECERT_OK);
	pki_write(path, bytes);
	enum ecert_rc rc = trust_set_add_crl_file(s, path);
	*n = s->crls_n;
	trust_set_free(&s);
	assert_int_equal(unlink(path), 0);
	return rc;
}

static void put_pem(struct buf *b, struct rd der)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL;
	assert_true(PEM_write_bio(bio, "X509 CRL", "", der.p, (long)der.n) > 0);
	long n = BIO_get_mem_data(bio, &text);
	buf_put(b, text, (size_t)n);
	BIO_free(bio);
}

static void whole_or_refused(void **state)
{
	struct buf two = BUF_INIT(1 << 16), b = BUF_INIT(1 << 16);
	struct party *ca = plain("CA", NULL, CA_EXT);
	struct rd one = list(&(struct list_spec){.by = ca});
	struct rd other = list(&(struct list_spec){.by = ca, .gone = {{.who = ca}}});
	size_t n;
	(void)state;
	assert_int_equal(load(one, &n), ECERT_OK);
	assert_int_equal(n, 1);
	buf_rd(&b, one);
	buf_rd(&b, other);
	assert_int_equal(load(buf_view(&b), &n), ECERT_OK);
	assert_int_equal(n, 2);
	buf_u8(&b, '\n');
	assert_int_equal(load(buf_view(&b), &n), ECERT_E_MALFORMED);
	assert_int_equal(n, 0);
	buf_reset(&b);
	buf_str(&b, "Issued to whom it may concern - and others\r\n");
	put_pem(&b, one);
	put_pem(&two, one);
	size_t first = buf_len(&two);
	put_pem(&two, other);
	assert_int_equal(load(buf_view(&b), &n), ECERT_OK);
	assert_int_equal(n, 1);
	assert_int_equal(load(buf_view(&two), &n), ECERT_OK);
	assert_int_equal(n, 2);
	/* Whatever character of the second is lost, changed or the last one. */
	for (size_t i = first; i < buf_len(&two); i++) {
		struct rd all = buf_view(&two);
		for (int what = 0; what < 3; what++) {
			buf_reset(&b);
			buf_put(&b, all.p, i);
			if (what == 1)
				buf_u8(&b, '*');
			if (what < 2)
				buf_put(&b, all.p + i + 1, all.n - i - 1);
			enum ecert_rc rc = load(buf_view(&b), &n);
			/* A line end more or less changes nothing; nor does the end of what is
			 * whole. */
			if (rc == ECERT_OK && n != 2 && !(what == 2 && i == first))
				fail_msg("%d at %zu: %zu", what, i, n);
		}
	}
	assert_int_equal(load(rd_of("-----BEGIN X509 CRL-----\n-----END X509 CRL-----\n", 48), &n),
	    ECERT_E_MALFORMED);
	assert_int_equal(load(rd_of("no CRL", 6), &n), ECERT_E_MALFORMED);
	assert_int_equal(load(rd_of("", 0), &n), ECERT_E_MALFORMED);
	buf_free(&two);
	buf_free(&b);
}

/* RFC 7468, 2: parsers take lines of every length. */
static void lines_of_every_length(void **state)
{
	struct party *ca = plain("CA", NULL, CA_EXT);
	struct rd one = list(&(struct list_spec){.by = ca});
	char *text = malloc(2 * one.n + 8);
	(void)state;
	assert_non_null(text);
	int n = EVP_EncodeBlock((uint8_t *)text, one.p, (int)one.n);
	for (size_t width = 1; width < 140; width++) {
		struct buf b = BUF_INIT(1 << 16);
		size_t count = 0;
		buf_str(&b, "-----BEGIN X509 CRL-----\n");
		for (size_t at = 0, k = 0; at < (size_t)n; at += k) {
			/* Short ones between: what is kept comes out with them. */
			k = at / width % 2 ? width : 1 + at % 3;
			if (k > (size_t)n - at)
				k = (size_t)n - at;
			buf_put(&b, text + at, k);
			buf_u8(&b, '\n');
		}
		buf_str(&b, "-----END X509 CRL-----\n");
		assert_int_equal(load(buf_view(&b), &count), ECERT_OK);
		assert_int_equal(count, 1);
		buf_free(&b);
	}
	free(text);
}

/* A CRL with this many entries, of the serial numbers from 2 on in steps of 2. */
static void make_large(struct buf *out, const struct party *by, uint32_t entries)
{
	static const uint8_t when[] = {
	    0x17, 13, '2', '6', '0', '5', '0', '1', '0', '0', '0', '0', '0', '0', 'Z'};
	const unsigned char *p = list(&(struct list_spec){.by = by}).p;
	X509_CRL *model = d2i_X509_CRL(NULL, &p, 1 << 16);
	unsigned char *tbs = NULL, *alg = NULL;
	const X509_ALGOR *a = NULL;
	assert_non_null(model);
	X509_CRL_get0_signature(model, NULL, &a);
	int tbs_n = i2d_re_X509_CRL_tbs(model, &tbs),
	    alg_n = i2d_X509_ALGOR((X509_ALGOR *)(uintptr_t)a, &alg);
	struct rd body, all = rd_of(tbs, (size_t)tbs_n);
	assert_int_equal(tlv_expect(&all, 0x30, &body), ECERT_OK);
	struct buf signed_part = BUF_INIT(CRL_MAX);
	const size_t each = 2 + 2 + 4 + sizeof when;
	assert_true(body.n < 0x8000);
	uint8_t *at = NULL;
	buf_u8(&signed_part, 0x30);
	buf_u8(&signed_part, 0x84);
	buf_u32(&signed_part, (uint32_t)(body.n + 6 + each * entries));
	buf_rd(&signed_part, body);
	buf_u8(&signed_part, 0x30);
	buf_u8(&signed_part, 0x84);
	buf_u32(&signed_part, (uint32_t)(each * entries));
	at = buf_room(&signed_part, each * entries);
	assert_non_null(at);
	for (uint32_t i = 0; i < entries; i++, at += each) {
		const uint8_t head[] = {0x30, (uint8_t)(each - 2), 0x02, 4};
		const uint32_t serial = 2 * (i + 1) + 0x10000000;
		memcpy(at, head, sizeof head);
		for (int k = 0; k < 4; k++)
			at[4 + k] = (uint8_t)(serial >> (24 - 8 * k));
		memcpy(at + 8, when, sizeof when);
	}
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t sig[256];
	size_t sig_n = sizeof sig;
	struct rd v = buf_view(&signed_part);
	assert_int_equal(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, by->key), 1);
	assert_int_equal(EVP_DigestSign(ctx, sig, &sig_n, v.p, v.n), 1);
	buf_u8(out, 0x30);
	buf_u8(out, 0x84);
	buf_u32(out, (uint32_t)(v.n + (size_t)alg_n + 3 + sig_n));
	buf_rd(out, v);
	buf_put(out, alg, (size_t)alg_n);
	buf_u8(out, 0x03);
	buf_u8(out, (uint8_t)(sig_n + 1));
	buf_u8(out, 0);
	buf_put(out, sig, sig_n);
	assert_int_equal(buf_rc(out), ECERT_OK);
	buf_free(&signed_part);
	EVP_MD_CTX_free(ctx);
	OPENSSL_free(tbs);
	OPENSSL_free(alg);
	X509_CRL_free(model);
}

static size_t in_use(void)
{
	struct mallinfo2 m = mallinfo2();
	return m.uordblks + m.hblkhd;
}

/* Millions of entries cost their bytes, and one walk. */
static void of_sixty_mib(void **state)
{
	struct buf der = BUF_INIT(CRL_MAX + (1 << 20));
	struct party *ca = plain("CA", NULL, CA_EXT);
	struct party *listed = make(&(struct party_spec){
	    .cn = "Chan", .by = ca, .ext = LEAF_EXT, .serial = 0x10000000 + 2 * 2600000});
	struct party *clean = make(
	    &(struct party_spec){.cn = "Wong", .by = ca, .ext = LEAF_EXT, .serial = 0x10000001});
	struct trust_set *s = NULL;
	(void)state;
	make_large(&der, ca, 2600000);
	assert_true(buf_len(&der) > 56u << 20);
	pki_write(path, buf_view(&der));
	size_t size = buf_len(&der);
	buf_free(&der);
	size_t before = in_use();
	assert_int_equal(trust_set_new(&s), ECERT_OK);
	assert_int_equal(trust_set_add_crl_file(s, path), ECERT_OK);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(s->crls_n, 1);
	assert_true(in_use() < before + size + (1u << 20));
	struct crl_entry e;
	assert_int_equal(crl_find(s->crls[0], listed->cert, &e), ECERT_OK);
	assert_int_equal(crl_find(s->crls[0], clean->cert, &e), ECERT_E_NOT_FOUND);
	struct scene scene = {.anchor = ca, .leaf = listed};
	struct trust_set *set = scene_set(&scene);
	set->crls = s->crls;
	set->crls_n = s->crls_n;
	for (int i = 0; i < 2; i++) {
		struct doc_path_query q = {(i ? clean : listed)->cert, NULL, NULL, T0, T0, false};
		struct report r;
		report_init(&r);
		trust_path_check(set, &q, TRUST_ECERT_SIGNING, rd_of(NULL, 0), &r, NULL);
		says(&r, "revocation", i ? CHECK_OK : CHECK_FAILED, i ? "not on" : "2026-05-01");
	}
	set->crls = NULL;
	set->crls_n = 0;
	trust_set_free(&set);
	trust_set_free(&s);
}

static void too_large(void **state)
{
	uint8_t *bytes = calloc(1, CRL_MAX + 7);
	struct crl *c = NULL;
	(void)state;
	assert_non_null(bytes);
	assert_int_equal(crl_read(rd_of(bytes, CRL_MAX + 1), &c), ECERT_E_TOO_LARGE);
	assert_null(c);
	assert_int_equal(crl_read(rd_of(bytes, 0), &c), ECERT_E_MALFORMED);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_teardown(whole_or_refused, scene_end),
	    cmocka_unit_test_teardown(lines_of_every_length, scene_end),
	    cmocka_unit_test_teardown(of_sixty_mib, scene_end),
	    cmocka_unit_test(too_large),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
