/* SPDX-License-Identifier: BSD-2-Clause */
/* Paths and CRLs of every shape that RFC 5280 has, made from the words of openssl.cnf, and the
 * question that is asked about them. */
#ifndef ECERT_TESTS_SCENE_H
#define ECERT_TESTS_SCENE_H

#include <openssl/conf.h>
#include <openssl/x509v3.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "trust/path/check.h"
#include "trust/list/set_priv.h"
#include "trust/online/online.h"
#include "tests/unit/document/pki.h"

/* What a name of this project's tests may hold; everything is released at once. */
#define SCENE_MAX 64
/* More than are looked at. */
#define SCENE_OTHERS 80

struct party {
	EVP_PKEY *key;
	X509 *cert;
};

static struct party parties[SCENE_MAX];
static size_t parties_n;
static struct rd lists[SCENE_MAX];
static size_t lists_n;

/* What keeps certificates apart that have one name. */
#define KEYIDS "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
#define CA_EXT                                                                                     \
	"subjectKeyIdentifier=hash\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,"         \
	"keyCertSign,cRLSign\n"
#define LEAF_EXT "keyUsage=critical,digitalSignature,nonRepudiation\n"
/* For signing CRLs, and nothing else. */
#define CRL_EXT "keyUsage=critical,cRLSign\n"

static inline CONF *conf_of(const char *ext)
{
	char text[2048];
	long line = 0;
	CONF *c = NCONF_new(NULL);
	assert_true(snprintf(text, sizeof text, "[e]\n%s\n", ext ? ext : "") < (int)sizeof text);
	BIO *b = BIO_new_mem_buf(text, -1);
	assert_int_equal(NCONF_load_bio(c, b, &line), 1);
	BIO_free(b);
	return c;
}

struct party_spec {
	const char *cn;
	const struct party *by; /* NULL: itself */
	const char *ext;	/* of openssl.cnf; more sections may follow */
	const struct party *key;
	size_t rsa;	    /* bits; 0: P-256 */
	time_t from, until; /* 0: a year around T0 */
	long serial;	    /* 0: the next one */
};

static inline struct party *make(const struct party_spec *s)
{
	static long serial = 5000;
	struct party *p = &parties[parties_n++];
	X509V3_CTX ctx;
	CONF *conf = conf_of(s->ext);
	assert_true(parties_n <= SCENE_MAX);
	p->key = s->key	  ? s->key->key
		 : s->rsa ? EVP_PKEY_Q_keygen(NULL, NULL, "RSA", s->rsa)
			  : EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	if (s->key)
		EVP_PKEY_up_ref(p->key);
	X509 *x = p->cert = X509_new(), *by = s->by ? s->by->cert : x;
	X509_set_version(x, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(x), s->serial ? s->serial : ++serial);
	ASN1_TIME_set(X509_getm_notBefore(x), s->from ? s->from : T0 - 100 * DAY);
	ASN1_TIME_set(X509_getm_notAfter(x), s->until ? s->until : T0 + 265 * DAY);
	X509_NAME_add_entry_by_txt(
	    X509_get_subject_name(x), "CN", MBSTRING_UTF8, (const uint8_t *)s->cn, -1, -1, 0);
	X509_set_issuer_name(x, X509_get_subject_name(by));
	X509_set_pubkey(x, p->key);
	X509V3_set_ctx(&ctx, by, x, NULL, NULL, 0);
	X509V3_set_nconf(&ctx, conf);
	if (X509V3_EXT_add_nconf(conf, &ctx, "e", x) != 1)
		fail_msg("%s: %s", s->cn, s->ext ? s->ext : "");
	assert_true(X509_sign(x, s->by ? s->by->key : p->key, EVP_sha256()) > 0);
	NCONF_free(conf);
	return p;
}

/* With a name, an issuer and extensions, nothing special. */
static inline struct party *plain(const char *cn, const struct party *by, const char *ext)
{
	return make(&(struct party_spec){.cn = cn, .by = by, .ext = ext});
}

struct gone {
	const struct party *who;
	int reason;		    /* -1: not given */
	const struct party *issuer; /* NULL: no certificateIssuer */
	bool strange;		    /* with a critical extension that nobody knows */
	time_t when;		    /* 0: when the list was made */
	time_t invalid;		    /* 0: no invalidityDate */
};

struct list_spec {
	const struct party *by, *named; /* named: whose name is in it; NULL: by's */
	const char *ext;
	time_t from, until; /* 0: a day before and after T0; until -1: none */
	struct gone gone[4];
	const EVP_MD *md;
};

static inline void add_gone(X509_CRL *crl, const struct gone *g, time_t made)
{
	X509_REVOKED *r = X509_REVOKED_new();
	ASN1_TIME *t = ASN1_TIME_adj(NULL, g->when ? g->when : made, 0, 0);
	X509_REVOKED_set_serialNumber(r, X509_get_serialNumber(g->who->cert));
	X509_REVOKED_set_revocationDate(r, t);
	if (g->reason > 0) {
		ASN1_ENUMERATED *e = ASN1_ENUMERATED_new();
		ASN1_ENUMERATED_set(e, g->reason);
		assert_int_equal(X509_REVOKED_add1_ext_i2d(r, NID_crl_reason, e, 0, 0), 1);
		ASN1_ENUMERATED_free(e);
	}
	if (g->invalid) {
		ASN1_GENERALIZEDTIME *since = ASN1_GENERALIZEDTIME_adj(NULL, g->invalid, 0, 0);
		assert_int_equal(X509_REVOKED_add1_ext_i2d(r, NID_invalidity_date, since, 0, 0), 1);
		ASN1_GENERALIZEDTIME_free(since);
	}
	if (g->issuer) {
		GENERAL_NAMES *names = GENERAL_NAMES_new();
		GENERAL_NAME *n = GENERAL_NAME_new();
		GENERAL_NAME_set0_value(
		    n, GEN_DIRNAME, X509_NAME_dup(X509_get_subject_name(g->issuer->cert)));
		sk_GENERAL_NAME_push(names, n);
		assert_int_equal(
		    X509_REVOKED_add1_ext_i2d(r, NID_certificate_issuer, names, 1, 0), 1);
		GENERAL_NAMES_free(names);
	}
	if (g->strange) {
		ASN1_OBJECT *o = OBJ_txt2obj("1.3.5.99", 1);
		ASN1_OCTET_STRING *v = ASN1_OCTET_STRING_new();
		assert_int_equal(ASN1_OCTET_STRING_set(v, (const uint8_t *)"\5", 2), 1);
		X509_EXTENSION *e = X509_EXTENSION_create_by_OBJ(NULL, o, 1, v);
		assert_int_equal(X509_REVOKED_add_ext(r, e, -1), 1);
		X509_EXTENSION_free(e);
		ASN1_OCTET_STRING_free(v);
		ASN1_OBJECT_free(o);
	}
	assert_int_equal(X509_CRL_add0_revoked(crl, r), 1);
	ASN1_TIME_free(t);
}

/* DER, kept until the test ends. */
static inline struct rd list(const struct list_spec *s)
{
	X509_CRL *crl = X509_CRL_new();
	X509V3_CTX ctx;
	CONF *conf = conf_of(s->ext);
	unsigned char *der = NULL;
	time_t from = s->from ? s->from : T0 - DAY, until = s->until ? s->until : T0 + DAY;
	ASN1_TIME *a = ASN1_TIME_adj(NULL, from, 0, 0), *b = ASN1_TIME_adj(NULL, until, 0, 0);
	X509_CRL_set_version(crl, X509_CRL_VERSION_2);
	X509_CRL_set_issuer_name(crl, X509_get_subject_name((s->named ? s->named : s->by)->cert));
	X509_CRL_set1_lastUpdate(crl, a);
	if (s->until != -1)
		X509_CRL_set1_nextUpdate(crl, b);
	for (size_t i = 0; i < 4 && s->gone[i].who; i++)
		add_gone(crl, &s->gone[i], from);
	X509V3_set_ctx(&ctx, s->by->cert, NULL, NULL, crl, 0);
	X509V3_set_nconf(&ctx, conf);
	if (X509V3_EXT_CRL_add_nconf(conf, &ctx, "e", crl) != 1)
		fail_msg("%s", s->ext ? s->ext : "");
	assert_true(X509_CRL_sign(crl, s->by->key, s->md ? s->md : EVP_sha256()) > 0);
	int n = i2d_X509_CRL(crl, &der);
	assert_true(n > 0);
	X509_CRL_free(crl);
	ASN1_TIME_free(a);
	ASN1_TIME_free(b);
	NCONF_free(conf);
	assert_true(lists_n < SCENE_MAX);
	return lists[lists_n++] = rd_of(der, (size_t)n);
}

static inline int scene_end(void **state)
{
	(void)state;
	while (parties_n) {
		parties_n--;
		X509_free(parties[parties_n].cert);
		EVP_PKEY_free(parties[parties_n].key);
	}
	while (lists_n)
		OPENSSL_free((void *)(uintptr_t)lists[--lists_n].p);
	return 0;
}

struct scene {
	const struct party *anchor, *leaf;
	const struct party *second; /* another anchor; NULL: none */
	const struct party *others[SCENE_OTHERS];
	const struct party *helper;	   /* a certificate of the relying party's */
	struct rd ours[8], brought[8];	   /* CRLs: the relying party's, the document's */
	struct rd ocsp;			   /* the relying party's */
	const char *policies[4];	   /* of the entry */
	time_t at, now, from, until;	   /* from, until: of the entry */
	const struct trust_online *online; /* NULL: nobody is asked */
	time_t proved;			   /* by a time stamp; 0: nothing proves it */
};

static inline struct trust_set *scene_set(const struct scene *s)
{
	struct trust_entry e = {.name = "Anchor", .purposes = TRUST_ECERT_SIGNING};
	struct trust_set *set = NULL;
	assert_int_equal(trust_set_new(&set), ECERT_OK);
	assert_int_equal(X509_up_ref(s->anchor->cert), 1);
	e.cert = s->anchor->cert;
	e.from = s->from;
	e.until = s->until;
	assert_int_equal(X509_digest(e.cert, EVP_sha256(), e.sha256, NULL), 1);
	for (size_t i = 0; i < 4 && s->policies[i]; i++)
		e.policies[e.policies_n++] = strdup(s->policies[i]);
	assert_int_equal(trust_set_take(set, &e), ECERT_OK);
	if (s->second) {
		struct trust_entry more = {.name = "Second", .purposes = TRUST_ECERT_SIGNING};
		assert_int_equal(X509_up_ref(s->second->cert), 1);
		more.cert = s->second->cert;
		assert_int_equal(X509_digest(more.cert, EVP_sha256(), more.sha256, NULL), 1);
		assert_int_equal(trust_set_take(set, &more), ECERT_OK);
	}
	if (s->helper) {
		assert_int_equal(X509_up_ref(s->helper->cert), 1);
		assert_true(sk_X509_push(set->helpers, s->helper->cert) > 0);
	}
	for (size_t i = 0; i < 8 && s->ours[i].n; i++)
		assert_int_equal(trust_set_add_crl(set, s->ours[i]), ECERT_OK);
	if (s->ocsp.n)
		assert_int_equal(trust_set_add_ocsp(set, s->ocsp), ECERT_OK);
	if (s->online)
		assert_int_equal(trust_set_online(set, s->online), ECERT_OK);
	return set;
}

static inline struct report ask(const struct scene *s)
{
	struct trust_set *set = scene_set(s);
	STACK_OF(X509) *others = sk_X509_new_null();
	STACK_OF(X509_CRL) *crls = sk_X509_CRL_new_null();
	struct report r;
	for (size_t i = 0; i < SCENE_OTHERS && s->others[i]; i++)
		sk_X509_push(others, s->others[i]->cert);
	for (size_t i = 0; i < 8 && s->brought[i].n; i++) {
		const unsigned char *p = s->brought[i].p;
		sk_X509_CRL_push(crls, d2i_X509_CRL(NULL, &p, (long)s->brought[i].n));
	}
	struct doc_path_query q = {
	    s->leaf->cert, others, crls, s->at ? s->at : T0, s->now ? s->now : T0, false};
	report_init(&r);
	const struct doc_proof proof = {.proved = s->proved, .since = s->proved, .kept = s->proved};
	trust_path_judge(set, &q, s->proved ? &proof : NULL, TRUST_ECERT_SIGNING, false,
	    rd_of(NULL, 0), &r, NULL);
	assert_true(r.n >= 5);
	for (size_t i = 5; i < r.n; i++)
		assert_true(strcmp(r.checks[i].name, "revocation not used") == 0 ||
			    strcmp(r.checks[i].name, "invalidity date") == 0);
	sk_X509_free(others);
	sk_X509_CRL_pop_free(crls, X509_CRL_free);
	trust_set_free(&set);
	return r;
}

/* One check's state, and words of its detail. */
static inline void says(
    const struct report *r, const char *name, enum check_state state, const char *words)
{
	const struct check *c = report_find(r, name);
	if (!c || c->state != state || !strstr(c->detail, words))
		fail_msg("%s is %s: %s (not %s: %s)", name, c ? check_state_name(c->state) : "-",
		    c ? c->detail : "", check_state_name(state), words);
}

#endif
