/* SPDX-License-Identifier: BSD-2-Clause */
/* JWS over files: the text itself; and a header, what is beside it and a payload (three lines) that
 * are put together here, in each serialization. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "document/format.h"
#include "document/jose/jades.h"
#include "fuzz.h"
#include "util/hex.h"

static enum ecert_rc taken(void *ctx, struct rd part)
{
	*(size_t *)ctx += part.n;
	return ECERT_OK;
}

static void judge(struct rd text, int fd)
{
	size_t came = 0;
	struct doc_verify_options o = {.now = 1780000000, .content = taken, .content_ctx = &came};
	struct doc_result *r = NULL;
	REQUIRE(jades_verify(text, fd, &o, &r) == ECERT_OK);
	REQUIRE(r->n <= JADES_MAX_SIGNERS);
	REQUIRE(came <= text.n && (!came || r->attached));
	/* Nothing is trusted here. */
	REQUIRE(doc_verdict(r) != VERDICT_PASSED);
	for (size_t i = 0; i < r->n; i++) {
		const struct check *c = report_find(&r->signer[i].report, "signed attributes");
		REQUIRE(c && r->signer[i].profile && !r->signer[i].proved);
		REQUIRE(c->state != CHECK_OK || r->signer[i].when ||
			strcmp(r->signer[i].profile, "JAdES-B-B") != 0);
	}
	json_t *j = doc_result_json(r);
	REQUIRE(j);
	json_decref(j);
	doc_result_free(&r);
}

static void both(struct rd text)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	REQUIRE(fd >= 0 && write(fd, "abc", 3) == 3 && lseek(fd, 0, SEEK_SET) == 0);
	judge(text, -1);
	judge(text, fd);
	close(fd);
	(void)doc_kind_bytes(text);
	(void)jades_begins(text);
	(void)jades_holds_content(text);
}

static void put_together(struct rd head, struct rd beside, struct rd payload)
{
	struct buf b = BUF_INIT(1u << 20);
	b64url_put(&b, head);
	buf_u8(&b, '.');
	b64url_put(&b, payload);
	buf_str(&b, ".AAAA");
	both(buf_view(&b));
	buf_reset(&b);
	buf_str(&b, "{\"payload\":\"");
	b64url_put(&b, payload);
	buf_str(&b, "\",\"signatures\":[{\"signature\":\"AAAA\",\"header\":");
	buf_rd(&b, beside);
	buf_str(&b, ",\"protected\":\"");
	b64url_put(&b, head);
	buf_str(&b, "\"}]}");
	both(buf_view(&b));
	buf_free(&b);
}

static struct rd line(struct rd *rest)
{
	const uint8_t *nl = rest->n ? memchr(rest->p, '\n', rest->n) : NULL;
	struct rd out = nl ? rd_of(rest->p, (size_t)(nl - rest->p)) : *rest;
	*rest = nl ? rd_of(nl + 1, rest->n - out.n - 1) : rd_of(NULL, 0);
	return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd rest = rd_of(data, size);
	both(rest);
	struct rd head = line(&rest), beside = line(&rest);
	if (beside.n)
		put_together(head, beside, rest);
	return 0;
}
