/* SPDX-License-Identifier: BSD-2-Clause */
/* The CAs' certificates that a token keeps: found by who looks for a chain, paid for by nobody
 * else. */
#include <errno.h>
#include <openssl/x509v3.h>

#include "ecert/piv_const.h"
#include "tests/unit/pkcs11/p11fix.h"
#include "util/tlv.h"

#define CAS 3

static struct ca {
	uint8_t der[1024], subject[128], issuer[128], serial[32];
	size_t der_len, subject_len, issuer_len, serial_len;
} ca[CAS];

static void name_put(X509_NAME *n, const char *cn)
{
	assert_int_equal(X509_NAME_add_entry_by_txt(
			     n, "CN", MBSTRING_UTF8, (const unsigned char *)cn, -1, -1, 0),
	    1);
}

static size_t der_of(int n, uint8_t *der, uint8_t *out, size_t cap)
{
	assert_in_range(n, 1, cap);
	memcpy(out, der, (size_t)n);
	OPENSSL_free(der);
	return (size_t)n;
}

/* "CA i", issued by "CA i+1". */
static void make_ca(unsigned i)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	uint8_t *out = NULL;
	char cn[16];
	int n;

	assert_non_null(key);
	assert_non_null(x);
	assert_int_equal(X509_set_version(x, X509_VERSION_3), 1);
	assert_int_equal(ASN1_INTEGER_set(X509_get_serialNumber(x), 1000 + (long)i), 1);
	assert_non_null(X509_gmtime_adj(X509_getm_notBefore(x), 0));
	assert_non_null(X509_gmtime_adj(X509_getm_notAfter(x), 86400));
	(void)snprintf(cn, sizeof(cn), "CA %u", i);
	name_put(X509_get_subject_name(x), cn);
	(void)snprintf(cn, sizeof(cn), "CA %u", i + 1);
	name_put(X509_get_issuer_name(x), cn);
	assert_int_equal(X509_set_pubkey(x, key), 1);
	assert_true(X509_sign(x, key, EVP_sha256()) > 0);
	n = i2d_X509(x, &out);
	ca[i].der_len = der_of(n, out, ca[i].der, sizeof(ca[i].der));
	out = NULL;
	n = i2d_X509_NAME(X509_get_subject_name(x), &out);
	ca[i].subject_len = der_of(n, out, ca[i].subject, sizeof(ca[i].subject));
	out = NULL;
	n = i2d_X509_NAME(X509_get_issuer_name(x), &out);
	ca[i].issuer_len = der_of(n, out, ca[i].issuer, sizeof(ca[i].issuer));
	out = NULL;
	n = i2d_ASN1_INTEGER(X509_get_serialNumber(x), &out);
	ca[i].serial_len = der_of(n, out, ca[i].serial, sizeof(ca[i].serial));
	X509_free(x);
	EVP_PKEY_free(key);
}

static void put_object(struct rd object)
{
	struct tokens *t = sim_tokens(fix.sim, ISOLATION_SESSION);
	const struct token_at at = {.tokens = t};
	int tries;

	is_ok(token_login(&at, TOKEN_SO, rd_of(SIM_MGM, strlen(SIM_MGM)), 0, &tries));
	is_ok(token_data_put(&at, ECERT_OBJ_ECERT_CHAIN, object));
	tokens_close(&t);
}

/* The module starts afresh, and one session is open. */
static CK_SESSION_HANDLE start(void)
{
	CK_SESSION_HANDLE h;

	is_ok(C_Finalize(NULL));
	is_ok(C_Initialize(NULL));
	h = open_session(true);
	(void)p11_apdus();
	return h;
}

static CK_SESSION_HANDLE with_cas(unsigned n)
{
	struct buf object = BUF_INIT(4096);

	for (unsigned i = 0; i < n; i++) {
		make_ca(i);
		tlv_put(&object, 0x70, rd_of(ca[i].der, ca[i].der_len));
	}
	tlv_put(&object, 0xFE, rd_of(NULL, 0));
	put_object(buf_view(&object));
	buf_free(&object);
	return start();
}

static CK_OBJECT_CLASS cert_class = CKO_CERTIFICATE, priv_class = CKO_PRIVATE_KEY,
		       pub_class = CKO_PUBLIC_KEY;
static CK_BBOOL yes = CK_TRUE;

static void is_ca(CK_SESSION_HANDLE h, CK_OBJECT_HANDLE o, unsigned i)
{
	uint8_t v[1024];

	assert_int_equal(get_ulong(h, o, CKA_CLASS), CKO_CERTIFICATE);
	assert_int_equal(get_ulong(h, o, CKA_CERTIFICATE_TYPE), CKC_X_509);
	assert_int_equal(
	    get_ulong(h, o, CKA_CERTIFICATE_CATEGORY), CK_CERTIFICATE_CATEGORY_AUTHORITY);
	assert_int_equal(get_bytes(h, o, CKA_VALUE, v, sizeof(v)), ca[i].der_len);
	assert_memory_equal(v, ca[i].der, ca[i].der_len);
	assert_int_equal(get_bytes(h, o, CKA_SUBJECT, v, sizeof(v)), ca[i].subject_len);
	assert_memory_equal(v, ca[i].subject, ca[i].subject_len);
	assert_int_equal(get_bytes(h, o, CKA_ISSUER, v, sizeof(v)), ca[i].issuer_len);
	assert_memory_equal(v, ca[i].issuer, ca[i].issuer_len);
	assert_int_equal(get_bytes(h, o, CKA_SERIAL_NUMBER, v, sizeof(v)), ca[i].serial_len);
	assert_memory_equal(v, ca[i].serial, ca[i].serial_len);
	assert_true(get_bool(h, o, CKA_TOKEN));
	assert_false(get_bool(h, o, CKA_PRIVATE));
	assert_false(get_bool(h, o, CKA_TRUSTED));
	assert_false(get_bool(h, o, CKA_MODIFIABLE));
	assert_false(get_bool(h, o, CKA_DESTROYABLE));
	/* no key has such an ID, nor can get one */
	assert_int_equal(get_bytes(h, o, CKA_ID, v, sizeof(v)), 2);
	assert_true(token_id_reserved(rd_of(v, 2)));
	assert_int_equal(v[1], 0xC1 + i);
}

/* As Java, NSS, OpenSSL's provider and OpenSC ask for the issuer of what they have. */
static void found_as_clients_search(void **state)
{
	CK_SESSION_HANDLE h = with_cas(CAS);
	CK_ULONG category = CK_CERTIFICATE_CATEGORY_AUTHORITY, x509 = CKC_X_509;
	CK_OBJECT_HANDLE o[16];

	(void)state;
	for (unsigned i = 0; i < CAS; i++) {
		const CK_ATTRIBUTE by_subject[] = {{CKA_TOKEN, &yes, 1},
		    {CKA_CLASS, &cert_class, sizeof(cert_class)},
		    {CKA_SUBJECT, ca[i].subject, ca[i].subject_len}};
		const CK_ATTRIBUTE by_serial[] = {{CKA_CLASS, &cert_class, sizeof(cert_class)},
		    {CKA_ISSUER, ca[i].issuer, ca[i].issuer_len},
		    {CKA_SERIAL_NUMBER, ca[i].serial, ca[i].serial_len}};
		const CK_ATTRIBUTE by_value[] = {{CKA_VALUE, ca[i].der, ca[i].der_len},
		    {CKA_CLASS, &cert_class, sizeof(cert_class)}};

		assert_int_equal(find(h, by_subject, 3, o, 16), 1);
		is_ca(h, o[0], i);
		assert_int_equal(find(h, by_serial, 3, o, 16), 1);
		is_ca(h, o[0], i);
		assert_int_equal(find(h, by_value, 2, o, 16), 1);
		is_ca(h, o[0], i);
	}
	{
		const CK_ATTRIBUTE all[] = {{CKA_CLASS, &cert_class, sizeof(cert_class)},
		    {CKA_CERTIFICATE_TYPE, &x509, sizeof(x509)}};
		const CK_ATTRIBUTE cas[] = {
		    {CKA_CERTIFICATE_CATEGORY, &category, sizeof(category)}};

		assert_int_equal(find(h, all, 2, o, 16), 4 + CAS);
		assert_int_equal(find(h, cas, 1, o, 16), CAS);
		for (unsigned i = 0; i < CAS; i++)
			is_ca(h, o[i], i);
		/* the empty search: certificates, public keys, the key without a PIN */
		assert_int_equal(find(h, NULL, 0, o, 16), 4 + CAS + 4 + 1);
	}
}

/* What cannot be one of them costs nothing because of them. */
static void paid_by_nobody_else(void **state)
{
	CK_SESSION_HANDLE h = with_cas(1);
	CK_ULONG user = CK_CERTIFICATE_CATEGORY_TOKEN_USER;
	CK_UTF8CHAR label[] = "Certificate for PIV Authentication";
	uint8_t id = 1;
	size_t before = sim_ins(fix.card, ECERT_INS_GET_DATA), without;
	const CK_ATTRIBUTE of_id[] = {{CKA_CLASS, &cert_class, sizeof(cert_class)},
	    {CKA_ID, &id, 1}},
			   keys[] = {{CKA_CLASS, &priv_class, sizeof(priv_class)}},
			   publics[] = {{CKA_CLASS, &pub_class, sizeof(pub_class)}},
			   users[] = {{CKA_CERTIFICATE_CATEGORY, &user, sizeof(user)}},
			   labelled[] = {{CKA_LABEL, label, sizeof(label) - 1}};

	(void)state;
	assert_int_equal(find(h, of_id, 2, NULL, 0), 1);
	/* its own certificate, in two parts at most */
	assert_in_range(p11_apdus(), 1, 2);
	assert_int_equal(find(h, labelled, 1, NULL, 0), 1);
	assert_int_equal(p11_apdus(), 0);
	before = sim_ins(fix.card, ECERT_INS_GET_DATA);
	assert_int_equal(find(h, keys, 1, NULL, 0), 1);
	assert_int_equal(find(h, publics, 1, NULL, 0), 4);
	assert_int_equal(sim_ins(fix.card, ECERT_INS_GET_DATA), before);
	/* the other three certificates */
	assert_int_equal(find(h, users, 1, NULL, 0), 4);
	assert_int_equal(sim_ins(fix.card, ECERT_INS_GET_DATA), before + 3);
	/* who asks pays once */
	without = sim_ins(fix.card, ECERT_INS_GET_DATA);
	assert_int_equal(count_class(h, CKO_CERTIFICATE), 5);
	assert_int_equal(sim_ins(fix.card, ECERT_INS_GET_DATA), without + 1);
	(void)p11_apdus();
	for (int i = 0; i < 5; i++)
		assert_int_equal(count_class(h, CKO_CERTIFICATE), 5);
	assert_in_range(p11_apdus(), 0, 1);
}

/* OpenSSH asks for the class alone, and takes each certificate's key for a user's. */
static void no_keys_to_log_in_with(void **state)
{
	static const char *const programs[] = {"ssh", "ssh-keygen", "ssh-pkcs11-helper"};
	CK_SESSION_HANDLE h = with_cas(2);
	CK_ULONG category = CK_CERTIFICATE_CATEGORY_AUTHORITY;
	const CK_ATTRIBUTE cas[] = {{CKA_CERTIFICATE_CATEGORY, &category, sizeof(category)}};
	char *before = program_invocation_short_name;

	(void)state;
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		program_invocation_short_name = (char *)(uintptr_t)programs[i];
		assert_int_equal(count_class(h, CKO_CERTIFICATE), 4);
		assert_int_equal(find(h, cas, 1, NULL, 0), 0);
		program_invocation_short_name = before;
		assert_int_equal(count_class(h, CKO_CERTIFICATE), 6);
		assert_int_equal(find(h, cas, 1, NULL, 0), 2);
	}
}

/* As far as it is a list of certificates, and never at the cost of the keys. */
static void nonsense(void **state)
{
	CK_SESSION_HANDLE h = with_cas(1);
	struct buf object = BUF_INIT(4096);

	(void)state;
	assert_int_equal(count_class(h, CKO_CERTIFICATE), 5);
	tlv_put(&object, 0x70, rd_of("no certificate", 14));
	tlv_put(&object, 0x70, rd_of(ca[0].der, ca[0].der_len));
	buf_put(&object, "\x70\x82\x7f", 3);
	put_object(buf_view(&object));
	buf_free(&object);
	h = start();
	assert_int_equal(count_class(h, CKO_CERTIFICATE), 5);
	put_object(rd_of("\x70\x84\xff\xff\xff\xff", 6));
	h = start();
	assert_int_equal(count_class(h, CKO_CERTIFICATE), 4);
	put_object(rd_of(NULL, 0));
	h = start();
	assert_int_equal(count_class(h, CKO_CERTIFICATE), 4);
	assert_int_equal(count_class(h, CKO_PUBLIC_KEY), 4);
}

static void not_a_place_of_ours(void **state)
{
	CK_SESSION_HANDLE h = with_cas(1);
	CK_ULONG category = CK_CERTIFICATE_CATEGORY_AUTHORITY;
	const CK_ATTRIBUTE cas[] = {{CKA_CERTIFICATE_CATEGORY, &category, sizeof(category)}};
	CK_UTF8CHAR label[] = "other";
	CK_ATTRIBUTE t = {CKA_LABEL, label, 5};
	CK_BBOOL no = CK_FALSE;
	CK_ATTRIBUTE in_memory = {CKA_TOKEN, &no, 1};
	CK_OBJECT_HANDLE o, copy;

	(void)state;
	assert_int_equal(find(h, cas, 1, &o, 1), 1);
	login_so(h);
	is_rv(C_DestroyObject(h, o), CKR_ACTION_PROHIBITED);
	is_rv(C_SetAttributeValue(h, o, &t, 1), CKR_ACTION_PROHIBITED);
	is_ok(C_CopyObject(h, o, &in_memory, 1, &copy));
	assert_int_equal(find(h, cas, 1, NULL, 0), 2);
}

/* A card of another make is not asked for what it cannot have. */
static void other_cards(void **state)
{
	CK_SESSION_HANDLE h;
	size_t before;

	(void)state;
	sim_plain(fix.card);
	h = start();
	assert_int_equal(count_class(h, CKO_CERTIFICATE), 4);
	before = sim_count(fix.card);
	assert_int_equal(count_class(h, CKO_CERTIFICATE), 4);
	assert_int_equal(sim_count(fix.card), before);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, p11_setup, p11_teardown)
	const struct CMUnitTest tests[] = {T(found_as_clients_search), T(paid_by_nobody_else),
	    T(no_keys_to_log_in_with), T(nonsense), T(not_a_place_of_ours), T(other_cards)};

	return cmocka_run_group_tests_name("pkcs11 CA certificates", tests, NULL, NULL);
}
