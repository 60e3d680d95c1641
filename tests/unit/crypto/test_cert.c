/* SPDX-License-Identifier: BSD-2-Clause */
/* Parts of certificates and the names in them: right, hostile, and as people read them. */
#include "cert_fix.h"

static void parts(void **state)
{
	struct cert_parts c;
	struct rd id, value;
	struct pubkey *k;
	bool critical;

	(void)state;
	assert_rc(cert_walk(buf_view(&der), &c), ECERT_OK);
	assert_true(rd_equal(c.serial, H("020400C0FFEE")));
	assert_true(rd_equal(c.not_before, H("170D3236303130323033303430355A")));
	assert_int_equal(c.not_after.p[0], 0x18);
	assert_rc(pubkey_from_spki(c.spki, &k), ECERT_OK);
	assert_true(x509_matches(cert, k));
	pubkey_free(&k);
	assert_rc(cert_key_id(&c, &id), ECERT_OK);
	assert_true(rd_equal(id, H("0102030405")));
	assert_rc(cert_extension(&c, H("551D0F"), &value, &critical), ECERT_OK);
	assert_true(rd_equal(value, H("030206C0")));
	assert_false(critical);
	assert_rc(cert_extension(&c, H("2A03"), &value, &critical), ECERT_E_NOT_FOUND);
	assert_null(value.p);
}

/* Each cut is refused; each turned bit is refused or stays inside, and never crashes. */
static void hostile(void **state)
{
	size_t n = buf_len(&der);
	uint8_t *copy = malloc(n + 1);
	struct cert_parts c;
	X509 *x;

	(void)state;
	assert_non_null(copy);
	memcpy(copy, buf_view(&der).p, n);
	copy[n] = 0;
	assert_rc(x509_parse(rd_of(copy, n + 1), &x), ECERT_E_MALFORMED);
	assert_null(x);
	for (size_t cut = 0; cut < n; cut++) {
		assert_rc(cert_walk(rd_of(copy, cut), &c), ECERT_E_MALFORMED);
		assert_null(c.spki.p);
	}
	for (size_t i = 0; i < n; i++) {
		copy[i] ^= 0x01;
		assert_true((x509_parse(rd_of(copy, n), &x) == ECERT_OK) == (x != NULL));
		X509_free(x);
		copy[i] ^= 0x01;
	}
	free(copy);
	copy = calloc(1, CERT_MAX + 1);
	assert_rc(x509_parse(rd_of(copy, CERT_MAX + 1), &x), ECERT_E_TOO_LARGE);
	free(copy);
}

static void names(void **state)
{
	const X509_NAME *name = X509_get_subject_name(cert);
	struct buf b = BUF_INIT(1024), tiny = BUF_INIT(2);

	(void)state;
	assert_rc(x509_name_value(name, NID_organizationName, 0, &b), ECERT_OK);
	assert_text(&b, "\xE9\xA6\x99\xE6\xB8\xAF Trading, Ltd");
	assert_rc(x509_name_value(name, NID_organizationalUnitName, 1, &b), ECERT_OK);
	assert_text(&b, "1234567800000000000000009999");
	assert_rc(x509_name_value(name, NID_organizationalUnitName, 2, &b), ECERT_OK);
	assert_text(&b, "evil\\x1b[2J\\x7f\\x0aline");
	assert_rc(x509_name_value(name, NID_organizationalUnitName, 3, &b), ECERT_E_NOT_FOUND);
	assert_rc(x509_name_value(name, NID_commonName, 0, &b), ECERT_OK);
	assert_text(&b, "Chan\\x00Tai");
	/* a direction override from a BMPString */
	assert_rc(x509_name_value(name, NID_commonName, 1, &b), ECERT_OK);
	assert_text(&b, "\xE9\xBE\x99\\xe2\\x80\\xae");
	assert_rc(x509_name_value(name, NID_title, 0, &b), ECERT_E_NOT_FOUND);
	assert_rc(x509_name_value(name, NID_organizationName, 0, &tiny), ECERT_E_TOO_LARGE);
	assert_rc(x509_email(cert, &b), ECERT_OK);
	assert_text(&b, "chan@example.hk");
	assert_rc(x509_serial(cert, &b), ECERT_OK);
	assert_text(&b, "c0ffee");
	buf_free(&b);
	buf_free(&tiny);
}

static void lines(void **state)
{
	struct buf b = BUF_INIT(1024);
	struct rd text;

	(void)state;
	assert_rc(x509_name_line(X509_get_subject_name(cert), &b), ECERT_OK);
	text = buf_view(&b);
	assert_non_null(memmem(text.p, text.n, "O=\xE9\xA6\x99\xE6\xB8\xAF Trading\\, Ltd", 22));
	assert_non_null(memmem(text.p, text.n, ",C=HK", 5));
	for (size_t i = 0; i < text.n; i++)
		assert_true(text.p[i] >= 0x20 && text.p[i] != 0x7F);
	buf_free(&b);
}

struct label_case {
	struct entry e;
	size_t n;
	const char *label;
};

static const struct label_case labels[] = {
    {{NID_commonName, MBSTRING_ASC, "Chan", -1}, 1, "Chan"},
    {{NID_organizationName, MBSTRING_ASC, "Example Ltd", -1}, 1, "Example Ltd"},
    {{NID_organizationalUnitName, MBSTRING_ASC, "Unit", -1}, 1, "Unit"},
    {{NID_pkcs9_emailAddress, MBSTRING_ASC, "a@b.hk", -1}, 1, "a@b.hk"},
    {{NID_countryName, MBSTRING_ASC, "HK", -1}, 1, "serial 00c0ffee"},
    {{0, 0, NULL, 0}, 0, "serial 00c0ffee"},
};

static void default_labels(void **state)
{
	struct buf out = BUF_INIT(100);

	(void)state;
	for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
		struct buf d = BUF_INIT(CERT_MAX);

		make_cert(&labels[i].e, labels[i].n, NULL, 0, key, &d);
		assert_rc(cert_label(buf_view(&d), &out), ECERT_OK);
		assert_text(&out, labels[i].label);
		buf_free(&d);
	}
	assert_rc(cert_label(H("3000"), &out), ECERT_E_MALFORMED);
	buf_free(&out);
}

static void bad_names(void **state)
{
	X509_NAME *name;
	uint8_t *big = calloc(1, CERT_MAX + 1);

	(void)state;
	assert_rc(x509_name_parse(rd_of(NULL, 0), &name), ECERT_E_MALFORMED);
	assert_rc(x509_name_parse(H("300000"), &name), ECERT_E_MALFORMED);
	assert_rc(x509_name_parse(H("3100"), &name), ECERT_E_MALFORMED);
	assert_rc(x509_name_parse(rd_of(big, CERT_MAX + 1), &name), ECERT_E_TOO_LARGE);
	assert_null(name);
	assert_rc(x509_name_parse(H("3000"), &name), ECERT_OK);
	X509_NAME_free(name);
	free(big);
}

/* What the host had on its error queue is there afterwards, and nothing else. */
static void host_errors(void **state)
{
	unsigned long before;
	struct pubkey *k;
	X509 *x;

	(void)state;
	ERR_clear_error();
	ERR_raise(ERR_LIB_USER, 7);
	before = ERR_peek_last_error();
	assert_rc(x509_parse(H("3000"), &x), ECERT_E_MALFORMED);
	assert_rc(pubkey_from_spki(H("3000"), &k), ECERT_E_MALFORMED);
	assert_true(ERR_peek_last_error() == before);
	assert_true(ERR_get_error() == before);
	assert_true(ERR_get_error() == 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(parts),
	    cmocka_unit_test(hostile),
	    cmocka_unit_test(names),
	    cmocka_unit_test(lines),
	    cmocka_unit_test(default_labels),
	    cmocka_unit_test(bad_names),
	    cmocka_unit_test(host_errors),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
