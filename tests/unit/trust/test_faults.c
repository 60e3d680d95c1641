/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory that runs out at every point of a verification: no crash, and never a false success. */
#include <openssl/crypto.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

#include "document/cms/cades.h"
#include "document/jose/jws.h"
#include "trust/counterparty/counterparty.h"
#include "token_sim.h"

#define AUD   "https://buyer.example"
#define NONCE "nonce-of-22-characters"
#define SHOP  "https://shop.example"
#define ISS   "https://issuer.example"
#define TYPE  "https://issuer.example/mark/1"

/* Allocations of OpenSSL, of jansson and of our own rooms (the linker's --wrap) count alike. */
static unsigned long calls, fail_at;

static bool fails(void)
{
	return ++calls == fail_at;
}

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t m);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t m);
void *__wrap_realloc(void *p, size_t n);

void *__wrap_malloc(size_t n)
{
	return fails() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t m)
{
	return fails() ? NULL : __real_calloc(n, m);
}

void *__wrap_realloc(void *p, size_t n)
{
	return fails() ? NULL : __real_realloc(p, n);
}

static void *ossl_malloc(size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return fails() ? NULL : __real_malloc(n);
}

static void *ossl_realloc(void *p, size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return fails() ? NULL : __real_realloc(p, n);
}

static void ossl_free(void *p, const char *file, int line)
{
	(void)file;
	(void)line;
	free(p);
}

/* jansson's text buffers double from 16 bytes on. Its lexer goes on when they could not, and a
 * jansson that is built with its assertions (Debian 13) then ends the program: not ours to test. */
static bool doubles(size_t n)
{
	return n >= 32 && (n & (n - 1)) == 0;
}

static void *json_alloc(size_t n)
{
	return !doubles(n) && fails() ? NULL : __real_malloc(n);
}

static struct pki_id ca, ecert, issuer;
static struct token_sim card;
static struct pki_id stmt;
static struct trust_set *set;
static struct buf good = BUF_INIT(JWS_MAX_SIZE), bad = BUF_INIT(JWS_MAX_SIZE),
		  p7s = BUF_INIT(1u << 16), cached = BUF_INIT(256);

static void make_token(void)
{
	struct buf mark = BUF_INIT(JWS_MAX_SIZE), status = BUF_INIT(JWS_MAX_SIZE);
	struct doc_signer s = pki_signer(&issuer), me = pki_signer(&ecert);
	struct rd att[2] = {stmt.der, card.f9.der};
	struct mark_grant g = {
	    .iss = ISS, .sub = SHOP, .type = TYPE, .holder_cert = ecert.der, .now = T0};
	assert_int_equal(mark_issue(&s, &g, &mark), ECERT_OK);
	assert_int_equal(
	    mark_status_issue(&s,
		&(const struct mark_status){
		    .iss = ISS, .mark = buf_view(&mark), .status = "active", .iat = T0},
		&status),
	    ECERT_OK);
	struct counterparty_options o = {.audience = AUD,
	    .nonce = NONCE,
	    .subject = SHOP,
	    .now = T0,
	    .slot = "9a",
	    .attestation = att,
	    .attestation_n = 2,
	    .mark = buf_view(&mark),
	    .status = buf_view(&status)};
	assert_int_equal(counterparty_create(&me, &o, &good), ECERT_OK);
	buf_rd(&bad, buf_view(&good));
	uint8_t *last = bad.data + bad.len - 20;
	*last = *last == 'A' ? 'B' : 'A';
	buf_free(&mark);
	buf_free(&status);
}

static int setup(void **state)
{
	static const uint8_t digest[32] = {1};
	(void)state;
	pki_make(&(struct pki_spec){.cn = "CA", .ca = true}, &ca);
	pki_make(
	    &(struct pki_spec){.cn = "Chan", .usage = "digitalSignature", .issuer = &ca}, &ecert);
	pki_make(&(struct pki_spec){.cn = "Issuer"}, &issuer);
	token_sim_make("Card TEST Root", &card);
	token_sim_attest(&card, ecert.key, 2, false, &stmt);
	assert_int_equal(trust_set_new(&set), ECERT_OK);
	assert_int_equal(
	    trust_set_add_der(set, ca.der, TRUST_ECERT_SIGNING, TRUST_EXPLICIT, NULL), ECERT_OK);
	assert_int_equal(
	    trust_set_add_der(set, issuer.der, TRUST_MARK_ISSUER, TRUST_EXPLICIT, ISS), ECERT_OK);
	assert_int_equal(
	    trust_set_add_der(set, card.root.der, TRUST_ATTESTATION, TRUST_EXPLICIT, NULL),
	    ECERT_OK);
	struct rd crl = pki_crl(&ca, NULL, T0 - DAY, T0 + DAY, NULL);
	assert_int_equal(trust_set_add_crl(set, crl), ECERT_OK);
	OPENSSL_free((void *)(uintptr_t)crl.p);
	make_token();
	struct doc_signer me = pki_signer(&ecert);
	struct doc_sign_options o = {.now = T0};
	return cades_sign_digest(&me, &o, rd_of(digest, 32), &p7s) == ECERT_OK ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	fail_at = 0;
	trust_set_free(&set);
	pki_free(&stmt);
	token_sim_free(&card);
	pki_free(&issuer);
	pki_free(&ecert);
	pki_free(&ca);
	buf_free(&good);
	buf_free(&bad);
	buf_free(&p7s);
	buf_free(&cached);
	return 0;
}

static enum verdict token_verdict(const struct buf *token)
{
	struct counterparty_expect e = {.audience = AUD,
	    .nonce = NONCE,
	    .now = T0,
	    .trust = set,
	    .min_level = EVIDENCE_ATTESTED,
	    .need_mark = true};
	struct counterparty_result *r = NULL;
	enum verdict v = VERDICT_FAILED;
	if (counterparty_verify(buf_view(token), &e, &r) == ECERT_OK)
		v = report_verdict(&r->report);
	counterparty_result_free(&r);
	return v;
}

/* A good one is indeterminate at best here: there is no store of nonces. */
static enum verdict good_token(void)
{
	return token_verdict(&good);
}

static enum verdict bad_token(void)
{
	return token_verdict(&bad);
}

/* The content is another than the signed digest's. */
static enum verdict document_verdict(void)
{
	struct doc_path path = trust_set_path(set);
	struct doc_verify_options o = {.now = T0, .path = &path};
	struct doc_result *r = NULL;
	enum verdict v = VERDICT_FAILED;
	int fd = memfd_create("content", MFD_CLOEXEC);
	if (cades_verify(buf_view(&p7s), fd, &o, &r) == ECERT_OK)
		v = doc_verdict(r);
	doc_result_free(&r);
	close(fd);
	return v;
}

/* The same attributes every time, so that one signature serves: only our code runs short here. */
static enum ecert_rc sign_cached(void *ctx, enum doc_sig_alg alg, struct rd in, struct buf *raw)
{
	if (buf_len(&cached) == 0 && pki_sign(ctx, alg, in, &cached) != ECERT_OK)
		return ECERT_E_CRYPTO;
	buf_rd(raw, buf_view(&cached));
	return buf_rc(raw);
}

/* "Indeterminate" when it signed; nothing is left in the output when it did not. */
static enum verdict signing(void)
{
	static const uint8_t digest[32] = {1};
	struct doc_signer me = pki_signer(&ecert);
	struct doc_sign_options o = {.now = T0};
	struct buf out = BUF_INIT(1u << 16);
	me.sign = sign_cached;
	enum ecert_rc rc = cades_sign_digest(&me, &o, rd_of(digest, 32), &out);
	size_t n = buf_view(&out).n;
	buf_free(&out);
	return rc == ECERT_OK ? VERDICT_INDETERMINATE : n == 0 ? VERDICT_FAILED : VERDICT_PASSED;
}

/* Runs with the N-th allocation failing, for N over the whole run in at most `steps` steps. */
static void every_allocation(enum verdict (*run)(void), enum verdict best, unsigned long steps)
{
	assert_int_equal(run(), best); /* warms OpenSSL's caches up */
	calls = fail_at = 0;
	assert_int_equal(run(), best);
	unsigned long total = calls, step = total / steps + 1;
	assert_true(total > 50);
	for (unsigned long n = 1; n <= total; n += step) {
		calls = 0;
		fail_at = n;
		enum verdict v = run();
		fail_at = 0;
		if (v < best)
			fail_msg("allocation %lu of %lu: %s", n, total, verdict_name(v));
	}
	assert_int_equal(run(), best);
}

static void a_good_token(void **state)
{
	(void)state;
	every_allocation(good_token, VERDICT_INDETERMINATE, 700);
}

static void a_bad_token(void **state)
{
	(void)state;
	every_allocation(bad_token, VERDICT_FAILED, 700);
}

static void a_changed_document(void **state)
{
	(void)state;
	every_allocation(document_verdict, VERDICT_FAILED, 700);
}

static void a_signature(void **state)
{
	(void)state;
	every_allocation(signing, VERDICT_INDETERMINATE, 700);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_good_token),
	    cmocka_unit_test(a_bad_token),
	    cmocka_unit_test(a_changed_document),
	    cmocka_unit_test(a_signature),
	};
	if (CRYPTO_set_mem_functions(ossl_malloc, ossl_realloc, ossl_free) != 1)
		return 99;
	json_set_alloc_funcs(json_alloc, free);
	return cmocka_run_group_tests(tests, setup, teardown);
}
