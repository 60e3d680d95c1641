/* SPDX-License-Identifier: BSD-2-Clause */
/* CMS signatures, attached and beside an empty file. */
#include <fcntl.h>
#include <unistd.h>

#include "document/cades.h"
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	judge(rd_of(data, size), -1);
	if (fd >= 0) {
		judge(rd_of(data, size), fd);
		(void)close(fd);
	}
	return 0;
}
