/* SPDX-License-Identifier: BSD-2-Clause */
/* Signed messages: taken apart in memory and by their beginning, as a small one and as a large one.
 */
#include <openssl/err.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "document/cms/cades.h"
#include "document/cms/cades_read.h"
#include "document/cms/smime.h"
#include "fuzz.h"

/* What is signed is a part of the message, and its beginning says the same of it as all of it. */
static void parts(struct rd message)
{
	struct smime all = {.der = BUF_INIT(CADES_MAX_SIZE)};
	struct smime head = {.der = BUF_INIT(CADES_MAX_SIZE)};
	struct smime_outline where = {.at = 0};
	enum ecert_rc whole = smime_read(message, &all);
	enum ecert_rc front = smime_outline(message, &head, &where);

	REQUIRE(whole == ECERT_OK || whole == ECERT_E_NOT_FOUND || whole == ECERT_E_MALFORMED);
	REQUIRE(whole != ECERT_OK || front == ECERT_OK);
	if (front == ECERT_OK)
		REQUIRE(
		    where.at <= message.n && memchr(where.delimiter, 0, sizeof where.delimiter));
	if (whole == ECERT_OK) {
		REQUIRE(all.signed_data == head.signed_data && all.certs == head.certs &&
			all.multipart == head.multipart && all.part == head.part);
		REQUIRE(buf_len(&all.der) <= message.n);
		if (all.content.n)
			REQUIRE(all.content.p >= message.p &&
				all.content.p + all.content.n <= message.p + message.n);
		if (all.multipart && all.content.n)
			REQUIRE(all.content.p == message.p + where.at);
	}
	buf_free(&all.der);
	buf_free(&head.der);
}

/* Both ways end alike. */
static void alike(struct rd message, struct doc_certs *certs)
{
	struct cades_source small, large;
	enum reason why[2] = {REASON_NONE, REASON_NONE};
	const char *defect[2] = {NULL, NULL};
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	REQUIRE(fd >= 0 && write(fd, message.p, message.n) == (ssize_t)message.n);
	defect[0] = cades_source_read(message, certs, &small, &why[0]);
	REQUIRE(cades_source_stream(fd, certs, &large, &defect[1], &why[1]) == ECERT_OK);
	if (message.n && message.p[0] != 0x30) {
		REQUIRE(!defect[0] == !defect[1]);
		REQUIRE(!defect[0] || (why[0] == why[1] && !strcmp(defect[0], defect[1])));
		REQUIRE(defect[0] || small.form == large.form);
	}
	cades_source_free(&small);
	cades_source_free(&large);
	(void)close(fd);
}

static void judge(struct rd message, struct doc_certs *certs)
{
	struct doc_verify_options o = {.now = 1780000000, .certs = certs};
	struct doc_result *r = NULL;

	REQUIRE(cades_verify(message, -1, &o, &r) == ECERT_OK);
	/* Nothing is trusted here. */
	REQUIRE(doc_verdict(r) != VERDICT_PASSED);
	doc_result_free(&r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct doc_certs *certs = doc_certs_new();

	parts(rd_of(data, size));
	alike(rd_of(data, size), certs);
	judge(rd_of(data, size), certs);
	doc_certs_free(&certs);
	ERR_clear_error();
	return 0;
}
