/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of trust lists share: CAs, publishers, and a list of theirs. */
#ifndef ECERT_TESTS_LIST_FIX_H
#define ECERT_TESTS_LIST_FIX_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "document/cert.h"
#include "document/jose/jws.h"
#include "trust/path/check.h"
#include "trust/list/list.h"
#include "trust/list/list_order.h"
#include "util/hex.h"
#include "tests/unit/document/pki.h"

#define POLICY "2.16.344.8.2.2008.810.2.1.1"

static struct pki_id root, sub, leaf, plain, publisher, impostor, issuer;

static int setup(void **state)
{
	const char *usage = "digitalSignature";
	(void)state;
	pki_make(&(struct pki_spec){.cn = "Root", .ca = true}, &root);
	pki_make(&(struct pki_spec){.cn = "Sub", .ca = true, .issuer = &root}, &sub);
	pki_make(&(struct pki_spec){.cn = "Chan", .usage = usage, .policy = POLICY, .issuer = &sub},
	    &leaf);
	pki_make(
	    &(struct pki_spec){.cn = "Lee", .usage = usage, .policy = "1.2.3.4", .issuer = &sub},
	    &plain);
	pki_make(&(struct pki_spec){.cn = "Publisher"}, &publisher);
	pki_make(&(struct pki_spec){.cn = "Publisher"}, &impostor);
	pki_make(&(struct pki_spec){.cn = "Mark issuer"}, &issuer);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	pki_free(&leaf);
	pki_free(&plain);
	pki_free(&sub);
	pki_free(&root);
	pki_free(&publisher);
	pki_free(&impostor);
	pki_free(&issuer);
	return 0;
}

static char *base64(struct rd der)
{
	struct buf b = BUF_INIT(1u << 16);
	b64_put(&b, der);
	char *text = strndup((const char *)buf_view(&b).p, buf_len(&b));
	buf_free(&b);
	return text;
}

/* A list with one signing CA (by x5c or by hash) and one mark issuer. */
static json_t *document(const struct pki_id *ca, bool by_hash, time_t from, time_t until)
{
	char *c = base64(ca->der), *i = base64(issuer.der), hash[65];
	uint8_t digest[32];
	assert_int_equal(bytes_sha256(ca->der, digest), ECERT_OK);
	hex_str(rd_of(digest, 32), hash);
	json_t *o = json_pack(
	    "{s:s, s:i, s:[{s:s, s:[s], s:s, s:[s], s:s, s:b, s:I, s:I}, {s:s, s:[s], "
	    "s:s, s:s, s:s, s:[s]}]}",
	    "iss", "https://list.example", "seq", 7, "entries", "name", "HK-GD organisational",
	    "purposes", "ecert-signing", by_hash ? "sha256" : "x5c", by_hash ? hash : c, "policies",
	    POLICY, "type", "mutual-recognition organisational", "declares_token", 1, "from",
	    (json_int_t)from, "until", (json_int_t)until, "name", "The Federation", "purposes",
	    "trustmark-issuer", "x5c", i, "entity", "https://marks.example", "kid", "k-2026",
	    "mark_types", "https://marks.example/type");
	assert_non_null(o);
	free(c);
	free(i);
	return o;
}

static void make(struct pki_id *by, json_t *doc, time_t now, long life, struct buf *out)
{
	struct doc_signer s = pki_signer(by);
	struct message_kept kept;
	char why[200], *text = json_dumps(doc, 0);
	enum ecert_rc rc = trust_list_sign(&s, rd_of(text, strlen(text)), now, life, out, &kept);
	message_kept_text(&kept, NULL, why, sizeof why);
	if (rc != ECERT_OK)
		fail_msg("%s", why);
	free(text);
	json_decref(doc);
}

#endif
