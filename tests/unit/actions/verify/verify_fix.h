/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of verifying share: keys, a room of files, and what is said last. */
#ifndef ECERT_TESTS_VERIFY_FIX_H
#define ECERT_TESTS_VERIFY_FIX_H

#include "tests/unit/client/deed.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "actions/verify/verify.h"
#include "document/format.h"
#include "tests/unit/document/pki.h"
#include "trust/mark/mark.h"

#define AT_T0 "1780000000"
#define ISS   "https://issuer.example"
#define SHOP  "https://shop.example"
#define TYPE  "https://issuer.example/mark/1"
#define AUD   "https://me.example"

static struct pki_id ca, other_ca, wong, issuer;

static inline int keys(void **state)
{
	(void)state;
	pki_make(&(struct pki_spec){.cn = "CA", .ca = true}, &ca);
	pki_make(&(struct pki_spec){.cn = "Other CA", .ca = true}, &other_ca);
	pki_make(&(struct pki_spec){.cn = "WONG Mei", .usage = "digitalSignature", .issuer = &ca},
	    &wong);
	pki_make(&(struct pki_spec){.cn = "Issuer"}, &issuer);
	return 0;
}

static inline int no_keys(void **state)
{
	(void)state;
	pki_free(&wong);
	pki_free(&ca);
	pki_free(&other_ca);
	pki_free(&issuer);
	return 0;
}

/* What one test has at hand. */
static struct {
	struct deed *d;
	struct verify_deed deed;
	const char *anchor, *mark_issuer;
	const char *name[2];
	char room[2][128];
	struct strlist files;
	struct verified r;
} at;

static inline const char *file(const char *base, struct rd bytes)
{
	const char *path = deed_file(at.d, base, NULL);

	pki_write(path, bytes);
	return path;
}

static inline void named(size_t i, const char *path)
{
	snprintf(at.room[i], sizeof at.room[i], "%s", path);
	at.name[i] = at.room[i];
	at.files = (struct strlist){at.name, i + 1};
}

static inline const char *anchor(const struct pki_id *id)
{
	static char path[128];

	snprintf(path, sizeof path, "%s", deed_file(at.d, "anchor.pem", NULL));
	pki_write_pem(path, id);
	return path;
}

static inline int begin(void **state)
{
	struct deed *d;

	if (deed_bare(state))
		return -1;
	d = *state;
	setenv("XDG_STATE_HOME", d->dir, 1);
	memset(&at, 0, sizeof at);
	at.d = d;
	at.anchor = anchor(&ca);
	at.deed.trust = (struct trust_options){.anchor = {&at.anchor, 1}, .at = AT_T0};
	return 0;
}

static inline int end(void **state)
{
	verified_free(&at.r);
	return deed_end(state);
}

static inline enum outcome verify(void)
{
	verified_free(&at.r);
	deed_types(at.d, NULL);
	return verify_files(&at.d->job, &at.deed, &at.files, &at.r);
}

/* invoice.txt with these words, and its signature beside it, made of other ones. */
static inline void invoice(const char *signed_words, const char *words)
{
	const struct doc_sign_options o = {.now = T0 - DAY};
	struct doc_signer s = pki_signer(&wong);
	struct buf p7s = BUF_INIT(DOC_SIGNATURE_MAX);
	int fd = open(deed_file(at.d, "signed.txt", signed_words), O_RDONLY | O_CLOEXEC);

	assert_int_equal(doc_sign_fd(DOC_KIND_CMS, &s, &o, fd, &p7s), ECERT_OK);
	assert_int_equal(close(fd), 0);
	named(0, file("invoice.txt", rd_of(words, strlen(words))));
	(void)file("invoice.txt.p7s", buf_view(&p7s));
	buf_free(&p7s);
}

/* Nothing was said meanwhile; this is said last. */
static inline void closes(const char *reason, const char *id, const char *words, const char *next)
{
	char want[512];

	assert_int_equal(at.d->said.n, 0);
	snprintf(want, sizeof want, "%s: %s", at.r.about ? at.r.about : at.r.file, words);
	assert_int_equal(verified_close(&at.d->said.ui, &at.r), OUT_INVALID);
	deed_failed(at.d, OUT_INVALID, reason, id, want, next);
}

/* A mark for the shop, by this key. */
static inline void granted(struct pki_id *by, const char *base, struct buf *mark)
{
	const struct mark_grant grant = {
	    .iss = ISS, .sub = SHOP, .type = TYPE, .now = T0 - DAY, .exp = T0 + DAY};
	struct doc_signer s = pki_signer(by);

	assert_int_equal(mark_issue(&s, &grant, mark), ECERT_OK);
	named(0, file(base, buf_view(mark)));
}

static inline void expects_marks(void)
{
	static char option[192];
	const char *pem = deed_file(at.d, "issuer.pem", NULL);

	pki_write_pem(pem, &issuer);
	snprintf(option, sizeof option, "%s=%s", ISS, pem);
	at.mark_issuer = option;
	at.deed.trust = (struct trust_options){.mark_issuer = {&at.mark_issuer, 1}, .at = AT_T0};
}

static inline void algorithm(const char *value)
{
	static const char *one;

	one = value;
	at.deed.algorithms = (struct strlist){&one, 1};
}

#define WITH(name) cmocka_unit_test_setup_teardown(name, begin, end)

#endif
