/* SPDX-License-Identifier: BSD-2-Clause */
/* CMS signatures in every form, attached, beside an empty file and as a large file's; kinds of
 * files.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "document/cades.h"
#include "document/cades_stream.h"
#include "document/kind.h"
#include "fuzz.h"

static void judge(struct rd p7s, int fd)
{
	struct cades_verify_options o = {.now = 1780000000};
	struct cades_result *r = NULL;
	REQUIRE(cades_verify(p7s, fd, &o, &r) == ECERT_OK);
	REQUIRE(r->n <= CADES_MAX_SIGNERS);
	/* Nothing is trusted here. */
	REQUIRE(cades_verdict(r) != VERDICT_PASSED);
	for (size_t i = 0; i < r->n; i++) {
		const struct check *c = report_find(&r->signer[i].report, "signed attributes");
		REQUIRE(c && (c->state == CHECK_FAILED || r->signer[i].when != 0));
	}
	json_t *j = cades_json(r);
	REQUIRE(j);
	json_decref(j);
	cades_result_free(&r);
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
		REQUIRE(cades_stream_digest(&s, &none, NULL, NULL) == ECERT_OK);
		judge(buf_view(&shell), -1);
	}
	buf_free(&shell);
	(void)close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	judge(rd_of(data, size), -1);
	if (size)
		apart(rd_of(data, size));
	if (fd >= 0) {
		judge(rd_of(data, size), fd);
		(void)close(fd);
	}
	return 0;
}
