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
#include "document/cms/cades_read.h"
#include "document/kind/kind.h"
#include "fuzz.h"
#include "trust/list/set.h"

/* Of one run: what OpenSSL makes of a certificate costs more than all else. */
static struct doc_certs *certs;

static void judge(struct rd p7s, int fd)
{
	struct doc_verify_options o = {.now = 1780000000, .certs = certs};
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
	struct octets *in = NULL;
	struct digest_set none = {.n = 0};
	struct cades_sink sink = {.inside = &none};
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	REQUIRE(fd >= 0 && write(fd, p7s.p, p7s.n) == (ssize_t)p7s.n);
	REQUIRE(doc_kind_fd(fd) == doc_kind_bytes(p7s));
	REQUIRE(octets_of_file(fd, 0, p7s.n, &in) == ECERT_OK);
	if (cades_stream_open(in, &s, &shell) == ECERT_OK) {
		REQUIRE(buf_len(&shell) <= p7s.n + 16 && s.size <= p7s.n);
		uint64_t came = 0;
		struct doc_verify_options o = {.content = taken, .content_ctx = &came};
		REQUIRE(cades_stream_digest(&s, &sink, &o) == ECERT_OK);
		REQUIRE(came == s.size);
		judge(buf_view(&shell), -1);
	}
	octets_free(&in);
	buf_free(&shell);
	(void)close(fd);
}

/* A file of any form is told the same whether it is read as a small one or as a large one. */
static void alike(struct rd p7s)
{
	struct cades_source small, large;
	enum reason why[2] = {REASON_NONE, REASON_NONE};
	const char *defect[2] = {NULL, NULL};
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	REQUIRE(fd >= 0 && write(fd, p7s.p, p7s.n) == (ssize_t)p7s.n);
	defect[0] = cades_source_read(p7s, certs, &small, &why[0]);
	REQUIRE(cades_source_stream(fd, certs, &large, &defect[1], &why[1]) == ECERT_OK);
	/* Only a small one that begins with the digit 0 is tried as text, too. */
	if (p7s.n && p7s.p[0] != 0x30) {
		REQUIRE(!defect[0] == !defect[1]);
		REQUIRE(!defect[0] || (why[0] == why[1] && !strcmp(defect[0], defect[1])));
	}
	cades_source_free(&small);
	cades_source_free(&large);
	(void)close(fd);
}

/* Every certificate in it that names itself is trusted, so that paths and revocation are reached by
 * what was brought along. */
static void trusted(struct rd p7s, int fd)
{
	struct cades_source s;
	enum reason why;
	STACK_OF(X509) *in = cades_source_read(p7s, certs, &s, &why) ? NULL : s.opened.certs;
	struct trust_set *set = NULL;
	REQUIRE(trust_set_new(&set) == ECERT_OK);
	for (int i = 0; i < sk_X509_num(in); i++) {
		X509 *x = sk_X509_value(in, i);
		unsigned char *der = NULL;
		int n = X509_NAME_cmp(X509_get_subject_name(x), X509_get_issuer_name(x)) == 0
			    ? i2d_X509(x, &der)
			    : 0;
		if (n > 0)
			(void)!trust_set_add_der(
			    set, rd_of(der, (size_t)n), TRUST_ECERT_SIGNING, TRUST_EXPLICIT, NULL);
		OPENSSL_free(der);
	}
	cades_source_free(&s);
	struct doc_path path = trust_set_path(set);
	struct doc_verify_options o = {.now = 1780000000, .path = &path, .certs = certs};
	struct doc_result *r = NULL;
	REQUIRE(cades_verify(p7s, fd, &o, &r) == ECERT_OK);
	doc_result_free(&r);
	trust_set_free(&set);
	ERR_clear_error();
}

/* Without a file and with an empty one, each in one of the two ways. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	REQUIRE(fd >= 0);
	certs = doc_certs_new();
	judge(rd_of(data, size), -1);
	trusted(rd_of(data, size), fd);
	if (size)
		apart(rd_of(data, size));
	alike(rd_of(data, size));
	doc_certs_free(&certs);
	(void)close(fd);
	return 0;
}
