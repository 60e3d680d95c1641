/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of OCSP responses along a path (RFC 6960): who may sign them, which of the answers. */
#include <openssl/ocsp.h>

#include "scene.h"

static struct party *root, *ca, *user, *other;

static int begin(void **state)
{
	(void)state;
	root = plain("Root", NULL, CA_EXT);
	ca = plain("CA", root, CA_EXT);
	user = plain("Chan", ca, LEAF_EXT);
	other = plain("Wong", ca, LEAF_EXT);
	return 0;
}

struct single {
	const struct party *about, *by;
	int status, reason;
	time_t from, until, when; /* 0: an hour before T0, a day after; until -1: none */
	const EVP_MD *md;	  /* of the certificate ID; NULL: SHA-1 */
	bool strange;
};

struct response {
	const struct party *signer, *with; /* with: a certificate beside the signer's */
	struct single of[4];
	const EVP_MD *md;
	unsigned long flags; /* OCSP_RESPID_KEY, OCSP_NOCERTS */
	bool strange, nonce;
};

static ASN1_GENERALIZEDTIME *gtime(time_t t)
{
	return ASN1_GENERALIZEDTIME_set(NULL, t);
}

static X509_EXTENSION *strange_extension(void)
{
	ASN1_OBJECT *o = OBJ_txt2obj("1.3.5.98", 1);
	ASN1_OCTET_STRING *v = ASN1_OCTET_STRING_new();
	ASN1_OCTET_STRING_set(v, (const uint8_t *)"\5", 2);
	X509_EXTENSION *e = X509_EXTENSION_create_by_OBJ(NULL, o, 1, v);
	ASN1_OCTET_STRING_free(v);
	ASN1_OBJECT_free(o);
	return e;
}

static void add_single(OCSP_BASICRESP *basic, const struct single *s)
{
	OCSP_CERTID *id = OCSP_cert_to_id(
	    s->md ? s->md : EVP_sha1(), s->about->cert, (s->by ? s->by : ca)->cert);
	ASN1_GENERALIZEDTIME *from = gtime(s->from ? s->from : T0 - 3600),
			     *until = gtime(s->until ? s->until : T0 + DAY),
			     *when = gtime(s->when ? s->when : T0 - 2 * DAY);
	OCSP_SINGLERESP *one = OCSP_basic_add1_status(basic, id, s->status, s->reason,
	    s->status == V_OCSP_CERTSTATUS_REVOKED ? when : NULL, from,
	    s->until == -1 ? NULL : until);
	assert_non_null(one);
	if (s->strange) {
		X509_EXTENSION *e = strange_extension();
		assert_int_equal(OCSP_SINGLERESP_add_ext(one, e, -1), 1);
		X509_EXTENSION_free(e);
	}
	OCSP_CERTID_free(id);
	ASN1_GENERALIZEDTIME_free(from);
	ASN1_GENERALIZEDTIME_free(until);
	ASN1_GENERALIZEDTIME_free(when);
}

static struct rd response(const struct response *r)
{
	OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
	STACK_OF(X509) *certs = sk_X509_new_null();
	unsigned char *der = NULL;
	for (size_t i = 0; i < 4 && r->of[i].about; i++)
		add_single(basic, &r->of[i]);
	if (r->nonce)
		assert_int_equal(OCSP_basic_add1_nonce(basic, NULL, 16), 1);
	if (r->strange) {
		X509_EXTENSION *e = strange_extension();
		assert_int_equal(OCSP_BASICRESP_add_ext(basic, e, -1), 1);
		X509_EXTENSION_free(e);
	}
	if (r->with)
		sk_X509_push(certs, r->with->cert);
	assert_int_equal(OCSP_basic_sign(basic, r->signer->cert, r->signer->key,
			     r->md ? r->md : EVP_sha256(), certs, r->flags),
	    1);
	OCSP_RESPONSE *whole = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
	int n = i2d_OCSP_RESPONSE(whole, &der);
	assert_true(n > 0);
	OCSP_RESPONSE_free(whole);
	OCSP_BASICRESP_free(basic);
	sk_X509_free(certs);
	assert_true(lists_n < SCENE_MAX);
	return lists[lists_n++] = rd_of(der, (size_t)n);
}

static struct report answer(const struct response *r, struct rd crl)
{
	return ask(&(struct scene){
	    .anchor = root, .leaf = user, .others = {ca}, .ours = {crl}, .ocsp = response(r)});
}

#define GOOD                                                                                       \
	{                                                                                          \
		.about = user, .status = V_OCSP_CERTSTATUS_GOOD                                    \
	}
#define REVOKED                                                                                    \
	{                                                                                          \
		.about = user, .status = V_OCSP_CERTSTATUS_REVOKED, .reason = 1                    \
	}
#define RESPONDER                                                                                  \
	"keyUsage=critical,digitalSignature\nextendedKeyUsage=OCSPSigning\nnoCheck=ignored\n"

static void delegates(void **state)
{
	static const struct {
		const char *ext;
		bool by_root, by_user;
		time_t until;
		size_t rsa;
		enum check_state state;
		const char *words;
	} row[] = {
	    {RESPONDER, false, false, 0, 0, CHECK_OK, "good"},
	    {"extendedKeyUsage=OCSPSigning", false, false, 0, 0, CHECK_OK, "good"},
	    {"keyUsage=critical,digitalSignature", false, false, 0, 0, CHECK_UNKNOWN, "not signed"},
	    {"keyUsage=digitalSignature\nextendedKeyUsage=anyExtendedKeyUsage", false, false, 0, 0,
		CHECK_UNKNOWN, "not signed"},
	    {"keyUsage=critical,keyEncipherment\nextendedKeyUsage=OCSPSigning", false, false, 0, 0,
		CHECK_UNKNOWN, "may not sign"},
	    {RESPONDER "1.3.5.97=critical,DER:0500", false, false, 0, 0, CHECK_UNKNOWN,
		"not valid"},
	    {RESPONDER, false, false, T0 - DAY, 0, CHECK_UNKNOWN, "not valid"},
	    {RESPONDER, true, false, 0, 0, CHECK_UNKNOWN, "not by its CA"},
	    {RESPONDER, false, true, 0, 0, CHECK_UNKNOWN, "not by its CA"},
	    {RESPONDER, false, false, 0, 1024, CHECK_UNKNOWN, "too weak"},
	    {RESPONDER, false, false, 0, 2048, CHECK_OK, "good"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct party *d = make(&(struct party_spec){.cn = "Responder",
		    .by = row[i].by_root   ? root
			  : row[i].by_user ? user
					   : ca,
		    .ext = row[i].ext,
		    .until = row[i].until,
		    .rsa = row[i].rsa});
		for (int by_key = 0; by_key < 2; by_key++) {
			struct report r = answer(
			    &(struct response){
				.signer = d, .of = {GOOD}, .flags = by_key ? OCSP_RESPID_KEY : 0},
			    rd_of(NULL, 0));
			if (report_find(&r, "revocation")->state != row[i].state)
				fail_msg("row %zu: %s", i, report_find(&r, "revocation")->detail);
			says(&r, "revocation", row[i].state, row[i].words);
		}
	}
}

/* Taken back by the CA, on an old list as on a new one. */
static void revoked_delegate(void **state)
{
	(void)state;
	struct party *d = plain("Responder", ca, RESPONDER);
	for (int fresh = 0; fresh < 2; fresh++) {
		struct rd crl = list(&(struct list_spec){.by = ca,
		    .from = T0 - 9 * DAY,
		    .until = fresh ? T0 + DAY : T0 - DAY,
		    .gone = {{.who = d}}});
		struct report r = answer(&(struct response){.signer = d, .of = {REVOKED}}, crl);
		says(&r, "revocation", fresh ? CHECK_OK : CHECK_UNKNOWN,
		    fresh ? "not on the CRL" : "was revoked");
	}
}

static void nobody_answers_for_himself(void **state)
{
	(void)state;
	struct party *vain = plain("Vain", ca,
	    "keyUsage=critical,digitalSignature\nextendedKeyUsage=emailProtection,OCSPSigning\n");
	struct scene s = {.anchor = root, .leaf = vain, .others = {ca}};
	s.ocsp = response(&(struct response){
	    .signer = vain, .of = {{.about = vain, .status = V_OCSP_CERTSTATUS_GOOD}}});
	struct report r = ask(&s);
	says(&r, "revocation", CHECK_UNKNOWN, "by the certificate that it is about");
}

static void which_answer(void **state)
{
	const struct {
		struct response r;
		enum check_state state;
		const char *words;
	} row[] = {
	    {{.of = {GOOD}}, CHECK_OK, "good"},
	    {{.of = {GOOD}, .flags = OCSP_RESPID_KEY | OCSP_NOCERTS}, CHECK_OK, "good"},
	    {{.of = {GOOD}, .nonce = true}, CHECK_OK, "good"},
	    {{.of = {REVOKED}}, CHECK_FAILED, "was revoked, says the OCSP response"},
	    /* Among others, in any order; the worst one of several. */
	    {{.of = {{.about = other, .status = V_OCSP_CERTSTATUS_REVOKED}, GOOD}}, CHECK_OK,
		"good"},
	    {{.of = {GOOD, REVOKED}}, CHECK_FAILED, "was revoked"},
	    {{.of = {REVOKED, GOOD}}, CHECK_FAILED, "was revoked"},
	    {{.of = {GOOD,
		  {.about = user, .status = V_OCSP_CERTSTATUS_REVOKED, .md = EVP_sha256()}}},
		CHECK_FAILED, "was revoked"},
	    {{.of = {{.about = user, .status = V_OCSP_CERTSTATUS_GOOD, .md = EVP_sha512()}}},
		CHECK_OK, "good"},
	    /* About others only, or about another CA's of that number. */
	    {{.of = {{.about = other, .status = V_OCSP_CERTSTATUS_GOOD}}}, CHECK_UNKNOWN,
		"about another certificate"},
	    {{.of = {{.about = user, .by = root, .status = V_OCSP_CERTSTATUS_GOOD}}}, CHECK_UNKNOWN,
		"about another certificate"},
	    {{.of = {{.about = user, .status = V_OCSP_CERTSTATUS_GOOD, .strange = true}}},
		CHECK_UNKNOWN, "not known here"},
	    {{.of = {GOOD}, .strange = true}, CHECK_UNKNOWN, "not known here"},
	    {{.of = {REVOKED}, .strange = true}, CHECK_FAILED, "was revoked"},
	    {{.of = {GOOD}, .md = EVP_sha1()}, CHECK_UNKNOWN, "too weak"},
	    {{.of = {REVOKED}, .md = EVP_sha1()}, CHECK_UNKNOWN, "too weak"},
	    /* Times. */
	    {{.of = {{.about = user, .from = T0 - 9 * DAY, .until = T0 - DAY}}}, CHECK_UNKNOWN,
		"stale"},
	    {{.of = {{.about = user, .from = T0 + DAY, .until = T0 + 2 * DAY}}}, CHECK_UNKNOWN,
		"not yet valid"},
	    {{.of = {{.about = user, .until = -1}}}, CHECK_OK, "good"},
	    {{.of = {{.about = user, .from = T0 - 2 * DAY, .until = -1}}}, CHECK_UNKNOWN, "stale"},
	    {{.of = {{.about = user,
		  .status = V_OCSP_CERTSTATUS_REVOKED,
		  .from = T0 - 9 * DAY,
		  .until = T0 - DAY,
		  .when = T0 - 10 * DAY}}},
		CHECK_FAILED, "was revoked"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct response one = row[i].r;
		one.signer = ca;
		struct report r = answer(&one, rd_of(NULL, 0));
		if (report_find(&r, "revocation")->state != row[i].state)
			fail_msg("row %zu: %s", i, report_find(&r, "revocation")->detail);
		says(&r, "revocation", row[i].state, row[i].words);
	}
}

static void with_lists(void **state)
{
	(void)state;
	struct rd clean = list(&(struct list_spec){.by = ca});
	struct rd listed = list(&(struct list_spec){.by = ca, .gone = {{.who = user}}});
	struct response good = {.signer = ca, .of = {GOOD}}, bad = {.signer = ca, .of = {REVOKED}};
	struct report r = answer(&good, listed);
	says(&r, "revocation", CHECK_FAILED, "revoked on");
	r = answer(&bad, clean);
	says(&r, "revocation", CHECK_FAILED, "says the OCSP response");
	/* A bad answer takes nothing away from a good list. */
	good.strange = true;
	r = answer(&good, clean);
	says(&r, "revocation", CHECK_OK, "not on the CRL");
	/* The relying party's response may be about the CA. */
	struct scene s = {.anchor = root, .leaf = user, .others = {ca}, .ours = {clean}};
	for (int status = 0; status < 2; status++) {
		s.ocsp = response(&(struct response){
		    .signer = root, .of = {{.about = ca, .by = root, .status = status}}});
		r = ask(&s);
		says(&r, "revocation", status ? CHECK_FAILED : CHECK_OK,
		    status ? "the CA CA was revoked" : "its CAs were checked, too");
	}
}

/* Good by a list of then, and by the response revoked since: both are told, and nothing that says
 * otherwise. */
static void revoked_later(void **state)
{
	struct scene s = {.anchor = ca, .leaf = user, .proved = T0 - 5 * 3600};
	struct response later = {.signer = ca, .of = {REVOKED}};
	struct report r;

	(void)state;
	later.of[0].when = T0 - 2 * 3600;
	s.brought[0] = list(&(struct list_spec){.by = ca, .from = T0 - 4 * 3600});
	s.ocsp = response(&later);
	r = ask(&s);
	says(&r, "revocation", CHECK_OK, "revoked, says the OCSP response, but after the moment");
	assert_null(report_find(&r, "revocation not used"));
	/* The list that says so is used as well. */
	s.ocsp = rd_of(NULL, 0);
	s.ours[0] = list(&(struct list_spec){
	    .by = ca, .from = T0 - 1800, .gone = {{.who = user, .when = T0 - 2 * 3600}}});
	r = ask(&s);
	says(&r, "revocation", CHECK_OK, "after the moment of which this is judged");
	assert_null(report_find(&r, "revocation not used"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, scene_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(delegates),
	    TEST(revoked_delegate),
	    TEST(nobody_answers_for_himself),
	    TEST(which_answer),
	    TEST(with_lists),
	    TEST(revoked_later),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
