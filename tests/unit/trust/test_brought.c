/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of what a signer brings along: it may complete a path, and takes nothing away. */
#include <openssl/ocsp.h>

#include "scene.h"
#include "trust/revocation/crl.h"

#define CRL_SIGNER KEYIDS CRL_EXT
#define JUNK	   42

static struct party *root, *ca, *user;

static int begin(void **state)
{
	(void)state;
	root = plain("Root", NULL, CA_EXT);
	ca = plain("CA", root, CA_EXT);
	user = plain("Chan", ca, KEYIDS LEAF_EXT);
	return 0;
}

/* Signers of CRLs, named as a CA, whom nobody made one, and CRLs of theirs. */
static void bring_junk(struct scene *s, const char *name, size_t crls_from)
{
	struct party *one = plain(name, NULL, CRL_EXT);
	size_t n = 0;
	while (s->others[n])
		n++;
	for (size_t i = 0; i < JUNK; i++)
		s->others[n + i] = make(
		    &(struct party_spec){.cn = name, .ext = CRL_EXT, .key = one});
	struct party *stranger = plain(name, NULL, CA_EXT);
	for (size_t i = crls_from; i < 8; i++)
		s->brought[i] = list(&(struct list_spec){.by = stranger});
}

static struct rd revoked_by(const struct party *responder)
{
	OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
	OCSP_CERTID *id = OCSP_cert_to_id(EVP_sha1(), user->cert, ca->cert);
	ASN1_GENERALIZEDTIME *from = ASN1_GENERALIZEDTIME_set(NULL, T0 - 60),
			     *until = ASN1_GENERALIZEDTIME_set(NULL, T0 + DAY);
	unsigned char *der = NULL;
	assert_non_null(
	    OCSP_basic_add1_status(basic, id, V_OCSP_CERTSTATUS_REVOKED, 1, from, from, until));
	assert_int_equal(
	    OCSP_basic_sign(basic, responder->cert, responder->key, EVP_sha256(), NULL, 0), 1);
	OCSP_RESPONSE *whole = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
	int n = i2d_OCSP_RESPONSE(whole, &der);
	assert_true(n > 0);
	OCSP_RESPONSE_free(whole);
	OCSP_BASICRESP_free(basic);
	OCSP_CERTID_free(id);
	ASN1_GENERALIZEDTIME_free(from);
	ASN1_GENERALIZEDTIME_free(until);
	return lists[lists_n++] = rd_of(der, (size_t)n);
}

/* The relying party's OCSP response counts, however many signers the document has. */
static void many_signers_and_ocsp(void **state)
{
	(void)state;
	struct party *responder = plain(
	    "OCSP", ca, "keyUsage=critical,digitalSignature\nextendedKeyUsage=OCSPSigning\n");
	struct scene s = {.anchor = root, .leaf = user, .others = {ca}};
	/* Made before the revocation, and still in force. */
	s.brought[0] = list(&(struct list_spec){.by = ca});
	s.ocsp = revoked_by(responder);
	struct report r = ask(&s);
	says(&r, "revocation", CHECK_FAILED, "was revoked");
	bring_junk(&s, "CA", 1);
	r = ask(&s);
	says(&r, "revocation", CHECK_FAILED, "was revoked");
}

/* Nor do they hide what its CRL says of a CA. */
static void many_signers_and_crl(void **state)
{
	(void)state;
	struct party *apart = plain("Root", root, CRL_SIGNER);
	struct scene s = {.anchor = root, .leaf = user, .others = {ca}, .helper = apart};
	s.brought[0] = list(&(struct list_spec){.by = ca});
	s.brought[1] = list(&(struct list_spec){.by = root});
	s.ours[0] = list(
	    &(struct list_spec){.by = apart, .from = T0 - 3600, .gone = {{.who = ca}}});
	struct report r = ask(&s);
	says(&r, "revocation", CHECK_FAILED, "was revoked");
	bring_junk(&s, "CA", 2);
	r = ask(&s);
	says(&r, "revocation", CHECK_FAILED, "was revoked");
}

/* What the relying party gave and cannot be used is told where the document's own is good. */
static void unused_is_told(void **state)
{
	(void)state;
	struct party *stranger = plain("CA", NULL, CA_EXT), *far = plain("Far", NULL, CA_EXT);
	struct scene s = {.anchor = root, .leaf = user, .others = {ca}};
	s.brought[0] = list(&(struct list_spec){.by = ca});
	s.brought[1] = list(&(struct list_spec){.by = root});
	struct report r = ask(&s);
	assert_null(report_find(&r, "revocation not used"));
	s.ours[0] = list(&(struct list_spec){.by = stranger, .gone = {{.who = user}}});
	r = ask(&s);
	says(&r, "revocation", CHECK_OK, "");
	says(&r, "revocation not used", CHECK_SKIPPED, "CRL of CA given here: the CRL does not");
	s.ours[0] = list(&(struct list_spec){.by = ca, .from = T0 - 3 * DAY, .until = T0 - DAY});
	r = ask(&s);
	says(&r, "revocation", CHECK_OK, "");
	says(&r, "revocation not used", CHECK_SKIPPED, "expired on");
	s.ours[1] = list(&(struct list_spec){.by = far});
	r = ask(&s);
	says(&r, "revocation not used", CHECK_SKIPPED, "CRL of Far given here: it is about no");
	s.ours[2] = list(&(struct list_spec){.by = far});
	r = ask(&s);
	says(&r, "revocation not used", CHECK_SKIPPED, "and 1 more");
	s.ours[0] = list(&(struct list_spec){.by = ca});
	s.ours[1] = list(&(struct list_spec){.by = root});
	s.ours[2] = rd_of(NULL, 0);
	r = ask(&s);
	says(&r, "revocation", CHECK_OK, "");
	assert_null(report_find(&r, "revocation not used"));
}

/* A later list that has an entry which is not understood ends no suspension. */
static void hold_and_strange_list(void **state)
{
	(void)state;
	struct party *wong = plain("Wong", ca, LEAF_EXT);
	struct scene s = {.anchor = root, .leaf = user, .others = {ca}};
	s.ours[0] = list(
	    &(struct list_spec){.by = ca, .gone = {{.who = user, .reason = CRL_HOLD}}});
	struct report r = ask(&s);
	says(&r, "revocation", CHECK_FAILED, "suspended");
	s.ours[1] = list(&(struct list_spec){
	    .by = ca, .from = T0 - 3600, .gone = {{.who = wong, .strange = true}}});
	r = ask(&s);
	says(&r, "revocation", CHECK_FAILED, "suspended");
}

/* Two certificates of one CA: by somebody unknown, and by an anchor. */
static void cross_certified(void **state)
{
	(void)state;
	struct party *old = plain("Old Root", NULL, CA_EXT);
	struct party *self = make(&(struct party_spec){.cn = "CA", .ext = CA_EXT, .key = ca});
	struct party *by_old = make(
	    &(struct party_spec){.cn = "CA", .by = old, .ext = CA_EXT, .key = ca});
	struct report r = ask(&(struct scene){.anchor = root, .leaf = user, .others = {ca, self}});
	says(&r, "chain", CHECK_OK, "3 cert");
	r = ask(&(struct scene){.anchor = root, .leaf = user, .others = {self, ca}});
	says(&r, "chain", CHECK_OK, "3 cert");
	r = ask(&(struct scene){.anchor = root, .leaf = user, .others = {by_old, ca}});
	says(&r, "chain", CHECK_OK, "3 cert");
	r = ask(&(struct scene){.anchor = root, .leaf = user, .others = {old, by_old, ca}});
	says(&r, "chain", CHECK_OK, "3 cert");
}

/* A CA's certificate that was renewed: the one that is valid still, whichever comes first. */
static void renewed(void **state)
{
	(void)state;
	struct party *old = make(&(struct party_spec){
	    .cn = "CA", .by = root, .ext = CA_EXT, .key = ca, .until = T0 - DAY});
	struct report r = ask(
	    &(struct scene){.anchor = root, .leaf = user, .others = {old, ca}, .at = T0 - 2 * DAY});
	says(&r, "validity", CHECK_OK, "");
}

/* A certificate of one CA with a limit that the path exceeds, and one without it. */
static void limited(void **state)
{
	(void)state;
	struct party *sub = plain("Sub", ca, CA_EXT), *leaf = plain("Leaf", sub, LEAF_EXT);
	struct party *narrow = make(&(struct party_spec){.cn = "CA",
	    .by = root,
	    .key = ca,
	    .ext = "subjectKeyIdentifier=hash\nbasicConstraints=critical,CA:TRUE,pathlen:0\n"
		   "keyUsage=critical,keyCertSign,cRLSign\n"});
	struct report r = ask(
	    &(struct scene){.anchor = root, .leaf = leaf, .others = {sub, narrow, ca}});
	says(&r, "chain", CHECK_OK, "4 cert");
}

/* Certificates of the CA's key by strangers: the true one is found behind all of them. */
static void many_strangers(void **state)
{
	(void)state;
	struct scene s = {.anchor = root, .leaf = user};
	struct party *stranger = plain("Somebody", NULL, CA_EXT);
	for (size_t i = 0; i < JUNK; i++)
		s.others[i] = make(&(struct party_spec){
		    .cn = "CA", .by = stranger, .ext = CA_EXT, .key = ca, .until = T0 + 300 * DAY});
	s.others[JUNK] = ca;
	struct report r = ask(&s);
	says(&r, "chain", CHECK_OK, "3 cert");
	s.others[JUNK] = NULL;
	r = ask(&s);
	says(&r, "chain", CHECK_FAILED, "Somebody");
}

static unsigned asked;

/* ctx: what the CA's server has; NULL: it does not answer. */
static enum trust_got server(void *ctx, const struct trust_want *want, struct buf *out)
{
	const struct rd *has = ctx;

	asked++;
	assert_int_equal(want->kind, TRUST_WANT_CRL);
	if (!has)
		return TRUST_GOT_NOTHING;
	buf_rd(out, *has);
	return TRUST_GOT_ANSWER;
}

/* The list of before the revocation, which is in force still, does not keep anybody from asking;
 * nor is it good enough when nobody answers. */
static void the_list_of_before(void **state)
{
	struct party *mallory = plain(
	    "Mallory", ca, KEYIDS LEAF_EXT "crlDistributionPoints=URI:http://ca.example/crl\n");
	struct scene s = {.anchor = ca, .leaf = mallory};
	struct rd now = list(&(struct list_spec){
	    .by = ca, .from = T0 - 3600, .gone = {{.who = mallory, .when = T0 - 7200}}});
	struct rd good = list(&(struct list_spec){.by = ca, .from = T0 - 3600});
	struct trust_online by = {.ask = server, .ctx = &now};
	struct report r;

	(void)state;
	s.brought[0] = list(&(struct list_spec){.by = ca});
	r = ask(&s);
	says(&r, "revocation", CHECK_OK, "not on the CRL");
	s.online = &by;
	asked = 0;
	r = ask(&s);
	says(&r, "revocation", CHECK_FAILED, "was revoked");
	assert_int_equal(asked, 1);
	by.ctx = &good;
	r = ask(&s);
	says(&r, "revocation", CHECK_OK, "not on the CRL");
	by.ctx = NULL;
	r = ask(&s);
	says(&r, "revocation", CHECK_UNKNOWN, "no answer of use came");
	/* Who only wants to be told of it is told nothing else than before. */
	by.only_told = true;
	asked = 0;
	r = ask(&s);
	says(&r, "revocation", CHECK_OK, "not on the CRL");
	assert_int_equal(asked, 0);
	/* The relying party's own settles it. */
	by.only_told = false;
	s.ours[0] = good;
	r = ask(&s);
	says(&r, "revocation", CHECK_OK, "not on the CRL");
	assert_int_equal(asked, 0);
}

/* Of a time that is proved, what was brought is enough where nobody says otherwise; who is there
 * is asked all the same. */
static void the_list_of_then(void **state)
{
	struct party *tsa = make(&(struct party_spec){.cn = "Over",
	    .by = ca,
	    .ext = KEYIDS LEAF_EXT "crlDistributionPoints=URI:http://ca.example/crl\n",
	    .until = T0 - 3600});
	struct scene s = {.anchor = ca, .leaf = tsa, .proved = T0 - 5 * 3600};
	struct rd before = list(&(struct list_spec){
	    .by = ca, .from = T0 - 1800, .gone = {{.who = tsa, .when = T0 - 6 * 3600}}});
	struct rd after = list(&(struct list_spec){
	    .by = ca, .from = T0 - 1800, .gone = {{.who = tsa, .when = T0 - 2 * 3600}}});
	struct trust_online by = {.ask = server, .ctx = &before};
	struct report r;

	(void)state;
	s.brought[0] = list(&(struct list_spec){.by = ca, .from = T0 - 4 * 3600});
	r = ask(&s);
	says(&r, "revocation", CHECK_OK, "not on the CRL");
	s.online = &by;
	asked = 0;
	r = ask(&s);
	says(&r, "revocation", CHECK_FAILED, "was revoked");
	assert_int_equal(asked, 1);
	by.ctx = &after;
	r = ask(&s);
	says(&r, "revocation", CHECK_OK, "after the moment of which this is judged");
	by.ctx = NULL;
	asked = 0;
	r = ask(&s);
	says(&r, "revocation", CHECK_OK, "not on the CRL");
	assert_int_equal(asked, 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, scene_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(many_signers_and_ocsp),
	    TEST(many_signers_and_crl),
	    TEST(unused_is_told),
	    TEST(hold_and_strange_list),
	    TEST(cross_certified),
	    TEST(renewed),
	    TEST(limited),
	    TEST(many_strangers),
	    TEST(the_list_of_before),
	    TEST(the_list_of_then),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
