/* SPDX-License-Identifier: BSD-2-Clause */
/* A server's answers to what certificates ask for. The first byte chooses: r the answer as it is,
 * to each question; c a CRL's TBSCertList, which the CA signs here. */
#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/pkcs7.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <strings.h>

#include "fuzz.h"
#include "toyca.h"
#include "trust/online/online.h"
#include "trust/path/check.h"

static X509 *ca, *leaf, *far; /* far: its issuer is not at hand */

static X509 *certificate(const char *cn, const char *issuer, long serial)
{
	X509 *x = toyca_make(cn, issuer, serial);

	toyca_extend(x, NID_key_usage, "critical,digitalSignature,nonRepudiation");
	toyca_extend(x, NID_info_access,
	    "OCSP;URI:http://a.example/o,caIssuers;URI:http://a.example/i,"
	    "caIssuers;URI:http://a.example/j");
	toyca_extend(
	    x, NID_crl_distribution_points, "URI:http://a.example/c,URI:ldap://a.example/c");
	REQUIRE(X509_sign(x, toyca_key(), EVP_sha256()) > 0);
	return x;
}

static void begin(void)
{
	ca = toyca_make("CA", "CA", 1);
	toyca_extend(ca, NID_basic_constraints, "critical,CA:TRUE");
	toyca_extend(ca, NID_key_usage, "critical,keyCertSign,cRLSign,digitalSignature");
	REQUIRE(X509_sign(ca, toyca_key(), EVP_sha256()) > 0);
	leaf = certificate("Chan", "CA", 4660);
	far = certificate("Wong", "Middle", 4661);
}

struct server {
	struct rd answer;
	unsigned asked, judged;
	bool kept; /* says that it comes from the cache, until it is asked anew */
};

static enum trust_got ask(void *ctx, const struct trust_want *want, struct buf *out)
{
	struct server *s = ctx;

	/* Of another scheme it is told, and never asked. */
	if (strncasecmp(want->url, "http://", 7) != 0 && strncasecmp(want->url, "https://", 8) != 0)
		return TRUST_GOT_NOTHING;
	s->asked++;
	REQUIRE(strncmp(want->url, "http://a.example/", 17) == 0);
	REQUIRE(!want->request.n == (want->kind != TRUST_WANT_OCSP));
	REQUIRE(!buf_len(out));
	buf_rd(out, s->answer);
	return s->kept && !want->anew ? TRUST_GOT_KEPT : TRUST_GOT_ANSWER;
}

static void judged(
    void *ctx, const struct trust_want *want, struct rd body, const char *why, time_t until)
{
	struct server *s = ctx;

	(void)want, (void)why, (void)until;
	REQUIRE(rd_equal(body, s->answer));
	s->judged++;
}

/* One for many inputs: what is asked and what came begins anew with trust_set_online. It knows
 * which certificates fit, which grows with what servers send, and so it is made again now and then.
 */
#define INPUTS_A_SET 256

static struct trust_set *the_set(void)
{
	static struct trust_set *set;
	static unsigned used;
	unsigned char *der = NULL;
	int n;

	if (set && used++ < INPUTS_A_SET)
		return set;
	trust_set_free(&set);
	used = 0;
	n = i2d_X509(ca, &der);
	REQUIRE(n > 0 && trust_set_new(&set) == ECERT_OK);
	REQUIRE(trust_set_add_der(set, rd_of(der, (size_t)n), TRUST_ECERT_SIGNING, TRUST_EXPLICIT,
		    NULL) == ECERT_OK);
	OPENSSL_free(der);
	return set;
}

/* Who names somebody to ask is never good without an answer, nor passed over. */
static void verify(X509 *x, struct server *s)
{
	struct doc_path_query q = {.leaf = x, .at = TOYCA_NOW, .now = TOYCA_NOW};
	struct trust_set *set = the_set();
	struct report r;

	REQUIRE(trust_set_online(set, &(struct trust_online){ask, judged, s, false}) == ECERT_OK);
	report_init(&r);
	trust_path_check(set, &q, TRUST_ECERT_SIGNING, rd_of(NULL, 0), &r, NULL);
	REQUIRE(s->asked > 0 && s->asked == s->judged && s->asked <= 64);
	REQUIRE(report_find(&r, "chain")->state != CHECK_OK ||
		report_find(&r, "revocation")->state != CHECK_SKIPPED);
	REQUIRE(x != leaf || report_find(&r, "chain")->state == CHECK_OK);
}

/* What nobody reads is refused in one way, whoever asks. */
static bool is_read(struct rd answer)
{
	const unsigned char *p[] = {answer.p, answer.p, answer.p, answer.p};
	X509_CRL *crl = d2i_X509_CRL(NULL, &p[0], (long)answer.n);
	OCSP_RESPONSE *ocsp = d2i_OCSP_RESPONSE(NULL, &p[1], (long)answer.n);
	X509 *x = d2i_X509(NULL, &p[2], (long)answer.n);
	PKCS7 *list = d2i_PKCS7(NULL, &p[3], (long)answer.n);
	bool is = crl || ocsp || x || list || memchr(answer.p, '-', answer.n);

	X509_CRL_free(crl);
	OCSP_RESPONSE_free(ocsp);
	X509_free(x);
	PKCS7_free(list);
	ERR_clear_error();
	return is;
}

static void serve(struct rd answer)
{
	int last = answer.n && is_read(answer) ? 4 : 1;

	for (int i = 0; answer.n && i < last; i++) {
		struct server s = {.answer = answer, .kept = i & 1};

		verify(i & 2 ? far : leaf, &s);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf crl = BUF_INIT(1 << 20);

	if (!ca)
		begin();
	if (size < 2 || size > 65536)
		return 0;
	if (data[0] == 'r')
		serve(rd_of(data + 1, size - 1));
	else if (data[0] == 'c') {
		toyca_sign(rd_of(data + 1, size - 1), &crl);
		serve(buf_view(&crl));
	}
	buf_free(&crl);
	return 0;
}
