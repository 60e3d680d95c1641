/* SPDX-License-Identifier: BSD-2-Clause */
/* CMS signatures in every form, attached, beside an empty file and as a large file's; kinds of
 * files.
 */
#include <fcntl.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "document/cms/cades.h"
#include "document/cms/cades_stream.h"
#include "document/kind/kind.h"
#include "fuzz.h"
#include "trust/list/set.h"

static void judge(struct rd p7s, int fd)
{
	struct doc_verify_options o = {.now = 1780000000};
	struct doc_result *r = NULL;
	REQUIRE(cades_verify(p7s, fd, &o, &r) == ECERT_OK);
	REQUIRE(r->n <= CADES_MAX_SIGNERS);
	/* Nothing is trusted here. */
	REQUIRE(doc_verdict(r) != VERDICT_PASSED);
	for (size_t i = 0; i < r->n; i++) {
		const struct check *c = report_find(&r->signer[i].report, "signed attributes");
		REQUIRE(c && r->signer[i].profile);
		/* What is called CAdES has all that CAdES asks for. */
		REQUIRE(c->state != CHECK_OK || r->signer[i].when != 0 ||
			strcmp(r->signer[i].profile, "CAdES-B-B") != 0);
	}
	doc_result_ask(r, "Demo CA");
	REQUIRE(doc_verdict(r) != VERDICT_PASSED);
	json_t *j = doc_result_json(r);
	REQUIRE(j);
	json_decref(j);
	doc_result_free(&r);
}

static enum ecert_rc taken(void *ctx, struct rd part)
{
	*(uint64_t *)ctx += part.n;
	return ECERT_OK;
}

/* Taken apart as a large one is: what comes out is no larger, and is judged as the whole is. */
static void apart(struct rd p7s)
{
	struct buf shell = BUF_INIT(1u << 20);
	struct cades_stream s;
	struct digest_set none = {.n = 0};
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	REQUIRE(fd >= 0 && write(fd, p7s.p, p7s.n) == (ssize_t)p7s.n);
	REQUIRE(doc_kind_fd(fd) == doc_kind_bytes(p7s));
	if (cades_stream_open(fd, &s, &shell) == ECERT_OK) {
		REQUIRE(buf_len(&shell) <= p7s.n + 16 && s.size <= p7s.n);
		uint64_t came = 0;
		struct doc_verify_options o = {.content = taken, .content_ctx = &came};
		REQUIRE(cades_stream_digest(&s, &none, &o) == ECERT_OK);
		REQUIRE(came == s.size);
		judge(buf_view(&shell), -1);
	}
	buf_free(&shell);
	(void)close(fd);
}

/* Every certificate in it that names itself is trusted, so that paths and revocation are reached by
 * what was brought along. */
static void trusted(struct rd p7s, int fd)
{
	BIO *b = p7s.n ? BIO_new_mem_buf(p7s.p, (int)p7s.n) : NULL;
	CMS_ContentInfo *cms = b ? d2i_CMS_bio(b, NULL) : NULL;
	STACK_OF(X509) *certs = cms ? CMS_get1_certs(cms) : NULL;
	struct trust_set *set = NULL;
	REQUIRE(trust_set_new(&set) == ECERT_OK);
	for (int i = 0; i < sk_X509_num(certs); i++) {
		X509 *x = sk_X509_value(certs, i);
		unsigned char *der = NULL;
		int n = X509_NAME_cmp(X509_get_subject_name(x), X509_get_issuer_name(x)) == 0
			    ? i2d_X509(x, &der)
			    : 0;
		if (n > 0)
			(void)!trust_set_add_der(
			    set, rd_of(der, (size_t)n), TRUST_ECERT_SIGNING, TRUST_EXPLICIT, NULL);
		OPENSSL_free(der);
	}
	struct doc_path path = trust_set_path(set);
	struct doc_verify_options o = {.now = 1780000000, .path = &path};
	struct doc_result *r = NULL;
	REQUIRE(cades_verify(p7s, fd, &o, &r) == ECERT_OK);
	doc_result_free(&r);
	trust_set_free(&set);
	sk_X509_pop_free(certs, X509_free);
	CMS_ContentInfo_free(cms);
	BIO_free(b);
	ERR_clear_error();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	judge(rd_of(data, size), -1);
	trusted(rd_of(data, size), -1);
	if (size)
		apart(rd_of(data, size));
	if (fd >= 0) {
		judge(rd_of(data, size), fd);
		trusted(rd_of(data, size), fd);
		(void)close(fd);
	}
	return 0;
}
