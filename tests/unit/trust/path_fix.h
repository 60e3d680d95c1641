/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of paths and revocation share: a root, a signing CA, its leaf, and the question.
 */
#ifndef ECERT_TESTS_PATH_FIX_H
#define ECERT_TESTS_PATH_FIX_H

#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "trust/path/check.h"
#include "trust/list/set_priv.h"
#include "tests/unit/document/pki.h"

#define USAGE "critical,digitalSignature,nonRepudiation"

static struct pki_id root, sub, leaf, other;

static int setup(void **state)
{
	(void)state;
	pki_make(&(struct pki_spec){.cn = "Root CA 2", .ca = true}, &root);
	pki_make(&(struct pki_spec){.cn = "e-Cert CA 2 - 15", .ca = true, .issuer = &root}, &sub);
	pki_make(&(struct pki_spec){.cn = "Chan", .usage = USAGE, .issuer = &sub}, &leaf);
	pki_make(&(struct pki_spec){.cn = "Other root", .ca = true}, &other);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	pki_free(&leaf);
	pki_free(&sub);
	pki_free(&root);
	pki_free(&other);
	return 0;
}

static struct trust_set *set_of(const struct pki_id *anchor)
{
	struct trust_set *s = NULL;
	assert_int_equal(trust_set_new(&s), ECERT_OK);
	if (anchor)
		assert_int_equal(
		    trust_set_add_der(s, anchor->der, TRUST_ECERT_SIGNING, TRUST_EXPLICIT, NULL),
		    ECERT_OK);
	return s;
}

struct ask {
	struct trust_set *set;
	struct pki_id *leaf, *helper;
	time_t at, now;
	struct rd ocsp;
	bool unclaimed;
};

static struct report check(const struct ask *a)
{
	struct report rep;
	STACK_OF(X509) *others = sk_X509_new_null();
	if (a->helper)
		sk_X509_push(others, a->helper->cert);
	struct doc_path_query q = {
	    a->leaf->cert, others, NULL, a->at ? a->at : T0, a->now ? a->now : T0, a->unclaimed};
	struct trust_path_result result;
	report_init(&rep);
	trust_path_check(a->set, &q, TRUST_ECERT_SIGNING, a->ocsp, &rep, &result);
	trust_path_result_free(&result);
	sk_X509_free(others);
	assert_true(
	    rep.n == 5 || (rep.n == 6 && strcmp(rep.checks[5].name, "revocation not used") == 0));
	return rep;
}

static inline void expect(const struct report *r, const char *name, enum check_state state)
{
	const struct check *c = report_find(r, name);
	if (!c || c->state != state)
		fail_msg("%s is %s: %s", name, c ? check_state_name(c->state) : "missing",
		    c ? c->detail : "");
}

#endif
