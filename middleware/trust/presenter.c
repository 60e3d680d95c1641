/* SPDX-License-Identifier: BSD-2-Clause */
/* Who presents a token. */
#include <string.h>

#include "document/cert.h"
#include "trust/presenter.h"
#include "trust/value.h"

/* x5c as OpenSSL has it; the parser has seen that each is a certificate. */
static X509 *load_x5c(const struct jws *j, STACK_OF(X509) * others)
{
	X509 *leaf = NULL;

	if (!others || cert_parse(buf_view(&j->x5c[0]), &leaf) != ECERT_OK)
		return NULL;
	for (size_t i = 1; i < j->x5c_n; i++) {
		X509 *x = NULL;

		if (cert_parse(buf_view(&j->x5c[i]), &x) == ECERT_OK &&
		    sk_X509_push(others, x) <= 0)
			X509_free(x);
	}
	return leaf;
}

void presenter_check(struct presenter *p, const struct jws *j, const struct trust_set *s, time_t at,
    time_t now, struct rd ocsp, struct report *rep)
{
	static const enum check_name first[] = {CHK_CHAIN, CHK_VALIDITY, CHK_KEY_USAGE, CHK_POLICY};
	STACK_OF(X509) *others = sk_X509_new_null();
	X509 *leaf = load_x5c(j, others);

	memset(p, 0, sizeof *p);
	if (leaf && identity_read(buf_view(&j->x5c[0]), &p->who) == ECERT_OK) {
		struct doc_path_query q = {leaf, others, NULL, at ? at : now, now, !at};
		struct trust_path_result result = {0};

		trust_path_check(s, &q, TRUST_ECERT_SIGNING, ocsp, &p->path, &result);
		p->entry = result.entry;
		trust_path_result_free(&result);
		for (size_t i = 0; i < sizeof first / sizeof first[0]; i++)
			report_move(rep, &p->path, first[i]);
		p->signature_ok = value_check(j, buf_view(&j->x5c[0]), s, now, CHK_SIGNATURE,
		    MSG_ID("by the certificate's key"), NULL, rep);
	} else {
		report_add(rep, CHK_CHAIN, CHECK_FAILED, MSG("the certificate cannot be read"));
	}
	X509_free(leaf);
	sk_X509_pop_free(others, X509_free);
}
