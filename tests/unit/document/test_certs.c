/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of certificates that are parsed once. */
#include "twin_fix.h"

#include "document/certs.h"
#include "util/tlv.h"

static struct rd der_of(X509 *x, unsigned char **room)
{
	*room = NULL;
	int n = i2d_X509(x, room);
	assert_true(n > 0);
	return rd_of(*room, (size_t)n);
}

static void the_same_bytes_are_parsed_once(void **state)
{
	struct doc_certs *c = doc_certs_new();
	(void)state;
	assert_non_null(c);
	X509 *a = doc_certs_get(c, p256.der), *b = doc_certs_get(c, p256.der);
	assert_non_null(a);
	assert_ptr_equal(a, b);
	assert_int_equal(X509_cmp(a, p256.cert), 0);
	/* It stays when the table is gone. */
	doc_certs_free(&c);
	assert_null(c);
	assert_int_equal(X509_cmp(a, p256.cert), 0);
	X509_free(a);
	X509_free(b);
	/* Without a table, each by itself. */
	a = doc_certs_get(NULL, p256.der);
	b = doc_certs_get(NULL, p256.der);
	assert_ptr_not_equal(a, b);
	assert_int_equal(X509_cmp(a, b), 0);
	X509_free(a);
	X509_free(b);
	doc_certs_free(&c);
}

static void names_and_numbers_are_not_the_key(void **state)
{
	struct doc_certs *c = doc_certs_new();
	unsigned char *room;
	struct rd other = der_of(twin.cert, &room);
	(void)state;
	assert_int_equal(X509_issuer_and_serial_cmp(twin.cert, p256.cert), 0);
	for (int i = 0; i < 4; i++) {
		struct rd der = i % 2 ? p256.der : other;
		X509 *x = doc_certs_get(c, der);
		assert_int_equal(X509_cmp(x, i % 2 ? p256.cert : twin.cert), 0);
		X509_free(x);
	}
	OPENSSL_free(room);
	doc_certs_free(&c);
}

static void what_is_no_certificate_is_not_kept(void **state)
{
	struct doc_certs *c = doc_certs_new();
	struct buf more = BUF_INIT(65536);
	(void)state;
	buf_rd(&more, p256.der);
	buf_u8(&more, 0);
	for (int i = 0; i < 2; i++) {
		assert_null(doc_certs_get(c, buf_view(&more)));
		assert_null(doc_certs_get(c, rd_of(p256.der.p, p256.der.n - 1)));
		assert_null(doc_certs_get(c, rd_of("", 0)));
	}
	buf_free(&more);
	doc_certs_free(&c);
}

/* The bytes of p256's with another serial number; who signed them does not matter here. */
static struct rd numbered(struct buf *der, unsigned n)
{
	unsigned char *serial = NULL;
	int len = i2d_ASN1_INTEGER(X509_get0_serialNumber(p256.cert), &serial);
	const uint8_t *at = memmem(p256.der.p, p256.der.n, serial, (size_t)len);
	assert_int_equal(len, 4);
	assert_non_null(at);
	buf_reset(der);
	buf_rd(der, p256.der);
	der->data[at - p256.der.p + 2] = (uint8_t)(0x10 + (n >> 8));
	der->data[at - p256.der.p + 3] = (uint8_t)n;
	OPENSSL_free(serial);
	return buf_view(der);
}

/* Whoever makes documents makes as many certificates as he likes. */
static void the_table_does_not_grow(void **state)
{
	struct doc_certs *c = doc_certs_new();
	struct buf der = BUF_INIT(65536);
	X509 *seen[4 * DOC_CERTS_MAX];
	size_t n = sizeof seen / sizeof seen[0], kept = 0;
	(void)state;
	for (unsigned i = 0; i < n; i++) {
		unsigned char *room;
		struct rd want = numbered(&der, i);
		seen[i] = doc_certs_get(c, want);
		assert_non_null(seen[i]);
		assert_true(rd_equal(der_of(seen[i], &room), want));
		OPENSSL_free(room);
	}
	/* From the last one back: asking for one that is gone takes the place of another. */
	for (size_t i = n; i-- > 0;) {
		X509 *again = doc_certs_get(c, numbered(&der, (unsigned)i));
		assert_int_equal(X509_cmp(again, seen[i]), 0);
		kept += again == seen[i];
		X509_free(again);
	}
	assert_in_range(kept, 1, DOC_CERTS_MAX);
	for (unsigned i = 0; i < n; i++)
		X509_free(seen[i]);
	buf_free(&der);
	doc_certs_free(&c);
}

static void a_long_one_is_not_kept(void **state)
{
	static uint8_t long_value[DOC_CERTS_DER];
	struct doc_certs *c = doc_certs_new();
	struct pki_id id;
	(void)state;
	pki_make(
	    &(struct pki_spec){
		.cn = "Long", .key = KEY_P256, .ext = {{"1.2.3.4", long_value, sizeof long_value}}},
	    &id);
	X509 *a = doc_certs_get(c, id.der), *b = doc_certs_get(c, id.der);
	assert_non_null(a);
	assert_ptr_not_equal(a, b);
	X509_free(a);
	X509_free(b);
	pki_free(&id);
	doc_certs_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_same_bytes_are_parsed_once),
	    cmocka_unit_test(names_and_numbers_are_not_the_key),
	    cmocka_unit_test(what_is_no_certificate_is_not_kept),
	    cmocka_unit_test(the_table_does_not_grow),
	    cmocka_unit_test(a_long_one_is_not_kept),
	};
	return cmocka_run_group_tests(tests, setup_twin, teardown_twin);
}
