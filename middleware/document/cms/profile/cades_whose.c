/* SPDX-License-Identifier: BSD-2-Clause */
/* A signer's certificate among all that answer to the name that the SignerInfo has. */
#include "document/cms/profile/cades_whose.h"

#include "document/cms/cades_value.h"

/* As many keys of one name are tried, and as many paths of one key; honest files have two. */
#define MOST_KEYS  32
#define MOST_PATHS 8

/* First those that whoever verifies gives: nothing in the document can push them out of the limits
 * above. NULL behind the last one. */
static X509 *candidate(const struct cades_whose *w, size_t i, size_t given)
{
	if (i < given)
		return w->path->given(w->path->ctx, i);
	return sk_X509_value(w->certs, (int)(i - given));
}

static size_t count_given(const struct cades_whose *w)
{
	size_t n = 0;

	while (w->path && w->path->given && w->path->given(w->path->ctx, n))
		n++;
	return n;
}

static bool is_there(X509 *const *list, size_t n, const X509 *cert)
{
	for (size_t i = 0; i < n; i++)
		if (X509_cmp(list[i], cert) == 0)
			return true;
	return false;
}

/* Those that the SignerInfo's name fits; the one that the signed attribute names stands alone. */
static size_t collect(const struct cades_whose *w, X509 *list[MOST_KEYS])
{
	size_t n = 0, given = count_given(w);
	X509 *x;

	for (size_t i = 0; (x = candidate(w, i, given)); i++) {
		if (CMS_SignerInfo_cert_cmp(w->si, x) != 0)
			continue;
		if (cades_attrs_name_cert(w->a, x)) {
			list[0] = x;
			return 1;
		}
		if (n < MOST_KEYS && !is_there(list, n, x))
			list[n++] = x;
	}
	return n;
}

/* Leaves those whose key made the signature, at most so many. */
static size_t keep_fitting(const struct cades_whose *w, X509 *list[], size_t n, size_t most)
{
	const EVP_MD *md = cades_value_digest(w->si);
	size_t fit = 0;

	for (size_t i = 0; i < n && fit < most; i++)
		if (cades_value_fits(w->si, w->a, list[i], md, w->content))
			list[fit++] = list[i];
	return fit;
}

enum ecert_rc cades_whose_cert(const struct cades_whose *w, X509 **out)
{
	X509 *list[MOST_KEYS];
	size_t n = collect(w, list), fit;
	bool found = false;
	enum ecert_rc rc = ECERT_OK;

	*out = n ? list[0] : NULL;
	fit = n > 1 ? keep_fitting(w, list, n, MOST_PATHS) : 0;
	if (fit)
		*out = list[0];
	for (size_t i = 0; rc == ECERT_OK && w->judge && fit > 1 && i < fit; i++) {
		struct report rep;
		const struct check *chain;

		report_init(&rep);
		rc = w->judge(w->ctx, list[i], &rep);
		chain = report_get(&rep, CHK_CHAIN);
		if (rc == ECERT_OK && report_verdict(&rep) == VERDICT_PASSED) {
			*out = list[i];
			return ECERT_OK;
		}
		/* One that nobody vouches for does not take the place of one that is known. */
		if (!found && chain && chain->state == CHECK_OK) {
			*out = list[i];
			found = true;
		}
	}
	return rc;
}

void cades_whose_missing(struct report *rep)
{
	report_add_why(rep, CHK_SIGNING_CERTIFICATE, reason_state(REASON_SIGNER_CERT_MISSING),
	    REASON_SIGNER_CERT_MISSING,
	    MSG("the signer's certificate is neither in the document nor among those given"));
}
