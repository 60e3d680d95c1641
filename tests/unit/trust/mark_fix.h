/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of marks and their statuses share: an issuer, an owner, a holder, and others. */
#ifndef ECERT_TESTS_MARK_FIX_H
#define ECERT_TESTS_MARK_FIX_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "document/jose/jws.h"
#include "trust/mark/mark.h"
#include "tests/unit/document/pki.h"

#define ISS   "https://issuer.example"
#define OWNER "https://owner.example"
#define SHOP  "https://shop.example"
#define TYPE  "https://owner.example/mark/1"

static struct pki_id issuer, stranger, owner, holder, thief;

static inline int setup(void **state)
{
	(void)state;
	pki_make(&(struct pki_spec){.cn = "Issuer"}, &issuer);
	pki_make(&(struct pki_spec){.cn = "Stranger"}, &stranger);
	pki_make(&(struct pki_spec){.cn = "Owner", .key = KEY_RSA2048}, &owner);
	pki_make(&(struct pki_spec){.cn = "Holder"}, &holder);
	pki_make(&(struct pki_spec){.cn = "Thief"}, &thief);
	return 0;
}

static inline int teardown(void **state)
{
	(void)state;
	pki_free(&issuer);
	pki_free(&stranger);
	pki_free(&owner);
	pki_free(&holder);
	pki_free(&thief);
	return 0;
}

static inline struct trust_set *trust(bool with_owner)
{
	struct trust_set *s = NULL;
	assert_int_equal(trust_set_new(&s), ECERT_OK);
	assert_int_equal(
	    trust_set_add_der(s, issuer.der, TRUST_MARK_ISSUER, TRUST_EXPLICIT, ISS), ECERT_OK);
	if (with_owner) {
		pki_write_pem("./owner-test.pem", &owner);
		assert_int_equal(
		    trust_set_add_owner_file(s, "./owner-test.pem", OWNER, TYPE), ECERT_OK);
		assert_int_equal(remove("./owner-test.pem"), 0);
	}
	return s;
}

static const struct mark_grant grant = {.iss = ISS, .sub = SHOP, .type = TYPE, .now = T0};

static inline void issue(struct pki_id *by, const struct mark_grant *g, struct buf *out)
{
	struct doc_signer s = pki_signer(by);
	buf_reset(out);
	assert_int_equal(mark_issue(&s, g, out), ECERT_OK);
}

/* The name of the first check that is not good; "" when all are. */
static inline const char *judge(
    const struct buf *mark, const struct mark_expect *e, struct mark_info *m)
{
	static struct report rep;
	report_init(&rep);
	bool ok = mark_verify(buf_view(mark), e, m, &rep);
	const struct check *c = report_reason(&rep);
	assert_int_equal(ok, c == NULL);
	assert_int_equal(rep.n, 8);
	return c ? c->name : "";
}

static inline const char *status_of(
    struct rd text, struct rd mark, const struct mark_expect *e, char v[32])
{
	static struct report rep;
	report_init(&rep);
	bool ok = mark_status_verify(text, mark, e, v, &rep);
	const struct check *c = report_reason(&rep);
	assert_int_equal(ok, c == NULL);
	return c ? c->name : "";
}

#endif
