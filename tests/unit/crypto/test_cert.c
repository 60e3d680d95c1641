/* SPDX-License-Identifier: BSD-2-Clause */
/* Certificates: parts, names that play tricks, facts, hostile encodings. */
#include "support.h"

#include <openssl/conf.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <time.h>

#include "crypto/der.h"
#include "crypto/ossl.h"
#include "crypto/x509.h"

struct entry {
	int nid, type;
	const char *value;
	int len;
};

/* An organisational e-Cert's subject, with what an attacker would add. */
static const struct entry subject[] = {
    {NID_countryName, MBSTRING_ASC, "HK", -1},
    {NID_organizationName, MBSTRING_UTF8, "\xE9\xA6\x99\xE6\xB8\xAF Trading, Ltd", -1},
    {NID_organizationalUnitName, MBSTRING_ASC, "Branch", -1},
    {NID_organizationalUnitName, MBSTRING_ASC, "1234567800000000000000009999", -1},
    {NID_organizationalUnitName, MBSTRING_UTF8, "evil\x1B[2J\x7F\nline", -1},
    {NID_commonName, V_ASN1_UTF8STRING, "Chan\0Tai", 8},
    {NID_commonName, V_ASN1_BMPSTRING, "\x9F\x99\x20\x2E", 4},
    {NID_pkcs9_emailAddress, MBSTRING_ASC, "chan@example.hk", -1},
};

static void add_ext(X509 *x, int nid, const char *value)
{
	CONF *conf = NCONF_new(NULL); /* policies want one, an empty one will do */
	X509_EXTENSION *e;
	X509V3_CTX ctx;

	X509V3_set_ctx(&ctx, x, x, NULL, NULL, 0);
	X509V3_set_nconf(&ctx, conf);
	e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	assert_non_null(e);
	assert_int_equal(X509_add_ext(x, e, -1), 1);
	X509_EXTENSION_free(e);
	NCONF_free(conf);
}

struct ext {
	int nid;
	const char *value;
};

/* A certificate over this subject and these extensions, signed by its own key. */
static void make_cert(const struct entry *e, size_t n, const struct ext *ext, size_t exts,
    EVP_PKEY *key, struct buf *der)
{
	X509 *x = X509_new();
	unsigned char *at;
	int len;

	assert_int_equal(X509_set_version(x, X509_VERSION_3), 1);
	assert_int_equal(ASN1_INTEGER_set_uint64(X509_get_serialNumber(x), 0xC0FFEE), 1);
	assert_int_equal(ASN1_TIME_set_string(X509_getm_notBefore(x), "260102030405Z"), 1);
	assert_int_equal(ASN1_TIME_set_string(X509_getm_notAfter(x), "20600102030405Z"), 1);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(X509_NAME_add_entry_by_NID(X509_get_subject_name(x), e[i].nid,
				     e[i].type, (const unsigned char *)e[i].value, e[i].len, -1, 0),
		    1);
	assert_int_equal(X509_set_pubkey(x, key), 1);
	for (size_t i = 0; i < exts; i++)
		add_ext(x, ext[i].nid, ext[i].value);
	assert_true(X509_sign(x, key, EVP_sha256()) > 0);
	len = i2d_X509(x, NULL);
	at = buf_room(der, (size_t)len);
	assert_int_equal(i2d_X509(x, &at), len);
	X509_free(x);
}

static const struct ext signing[] = {
    {NID_key_usage, "digitalSignature,nonRepudiation"},
    {NID_ext_key_usage, "clientAuth,emailProtection"},
    {NID_certificate_policies, "2.16.344.8.2.2008.810.2,1.2.3"},
    {NID_subject_key_identifier, "0102030405"},
    {NID_subject_alt_name, "DNS:example.hk,email:other@example.hk"},
    {NID_basic_constraints, "CA:FALSE"},
};

static EVP_PKEY *key;
static struct buf der = BUF_INIT(CERT_MAX);
static X509 *cert;

static void assert_text(struct buf *b, const char *text)
{
	assert_int_equal(buf_len(b), strlen(text));
	assert_memory_equal(buf_view(b).p, text, strlen(text));
	buf_reset(b);
}

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

static void facts(void **state)
{
	struct buf b = BUF_INIT(CERT_MAX);
	char oid[X509_OID_TEXT];
	struct x509_facts f;
	uint8_t print[32];
	bool has;

	(void)state;
	assert_rc(x509_facts(cert, &f), ECERT_OK);
	assert_int_equal(f.not_before, 1767323045);
	assert_true(f.not_after > 2840000000);
	assert_true(f.has_key_usage);
	assert_int_equal(f.key_usage, KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION);
	assert_false(f.is_ca);
	assert_false(f.encipherment_only);
	assert_rc(x509_policy(cert, 0, oid), ECERT_OK);
	assert_string_equal(oid, "2.16.344.8.2.2008.810.2");
	assert_rc(x509_policy(cert, 2, oid), ECERT_E_NOT_FOUND);
	assert_string_equal(oid, "");
	assert_true(x509_has_policy(cert, "1.2.3"));
	assert_false(x509_has_policy(cert, "1.2.30"));
	assert_true(x509_has_eku(cert, "1.3.6.1.5.5.7.3.2", &has));
	assert_true(has);
	assert_false(x509_has_eku(cert, "1.3.6.1.5.5.7.3.1", &has));
	assert_true(has);
	assert_rc(x509_put_der(cert, &b), ECERT_OK);
	assert_true(rd_equal(buf_view(&b), buf_view(&der)));
	assert_rc(x509_fingerprint(cert, print), ECERT_OK);
	buf_free(&b);
}

struct usage_case {
	struct ext ext[2];
	size_t n;
	bool ca, encipherment;
	long path_len;
};

static const struct usage_case usages[] = {
    {{{NID_key_usage, "keyEncipherment,dataEncipherment"}}, 1, false, true, -1},
    {{{NID_key_usage, "keyAgreement"}}, 1, false, true, -1},
    {{{NID_key_usage, "nonRepudiation"}}, 1, false, false, -1},
    {{{NID_key_usage, "digitalSignature,keyEncipherment"}}, 1, false, false, -1},
    {{{NID_ext_key_usage, "serverAuth"}}, 1, false, false, -1},
    {{{NID_basic_constraints, "CA:TRUE,pathlen:2"}, {NID_key_usage, "keyCertSign,cRLSign"}}, 2,
	true, true, 2},
};

static void usage_facts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof usages / sizeof usages[0]; i++) {
		const struct usage_case *u = &usages[i];
		struct buf d = BUF_INIT(CERT_MAX), b = BUF_INIT(100);
		char oid[X509_OID_TEXT];
		struct x509_facts f;
		bool has;
		X509 *x;

		make_cert(subject, 1, u->ext, u->n, key, &d);
		assert_rc(x509_parse(buf_view(&d), &x), ECERT_OK);
		assert_rc(x509_facts(x, &f), ECERT_OK);
		assert_int_equal(f.is_ca, u->ca);
		assert_int_equal(f.encipherment_only, u->encipherment);
		assert_int_equal(f.path_len, u->path_len);
		assert_int_equal(f.has_key_usage, u->ext[0].nid != NID_ext_key_usage);
		assert_rc(x509_policy(x, 0, oid), ECERT_E_NOT_FOUND);
		(void)x509_has_eku(x, "1.2.3", &has);
		assert_int_equal(has, u->ext[0].nid == NID_ext_key_usage);
		assert_rc(x509_email(x, &b), ECERT_E_NOT_FOUND);
		X509_free(x);
		buf_free(&d);
	}
}

/* No e-mail in the subject: the first rfc822Name counts. */
static void alternative_email(void **state)
{
	struct buf d = BUF_INIT(CERT_MAX), b = BUF_INIT(100);
	X509 *x;

	(void)state;
	make_cert(subject, 1, &signing[4], 1, key, &d);
	assert_rc(x509_parse(buf_view(&d), &x), ECERT_OK);
	assert_rc(x509_email(x, &b), ECERT_OK);
	assert_text(&b, "other@example.hk");
	X509_free(x);
	buf_free(&d);
	buf_free(&b);
}

/* An extension that does not decode, or is there twice, spoils the certificate. */
static void bad_extensions(void **state)
{
	static const struct ext twice[] = {
	    {NID_key_usage, "digitalSignature"}, {NID_key_usage, "keyEncipherment"}};
	static const struct ext junk[] = {{NID_key_usage, "DER:0400"}};
	struct buf d = BUF_INIT(CERT_MAX);
	X509 *x;

	(void)state;
	make_cert(subject, 1, twice, 2, key, &d);
	assert_rc(x509_parse(buf_view(&d), &x), ECERT_E_MALFORMED);
	buf_reset(&d);
	make_cert(subject, 1, junk, 1, key, &d);
	assert_rc(x509_parse(buf_view(&d), &x), ECERT_E_MALFORMED);
	assert_null(x);
	buf_free(&d);
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

static int setup(void **state)
{
	(void)state;
	key = make_key(KEY_P256);
	make_cert(subject, sizeof subject / sizeof subject[0], signing,
	    sizeof signing / sizeof signing[0], key, &der);
	return x509_parse(buf_view(&der), &cert) != ECERT_OK;
}

static int teardown(void **state)
{
	(void)state;
	X509_free(cert);
	EVP_PKEY_free(key);
	buf_free(&der);
	return 0;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(parts),
	    cmocka_unit_test(hostile),
	    cmocka_unit_test(names),
	    cmocka_unit_test(lines),
	    cmocka_unit_test(default_labels),
	    cmocka_unit_test(facts),
	    cmocka_unit_test(usage_facts),
	    cmocka_unit_test(alternative_email),
	    cmocka_unit_test(bad_extensions),
	    cmocka_unit_test(bad_names),
	    cmocka_unit_test(host_errors),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
