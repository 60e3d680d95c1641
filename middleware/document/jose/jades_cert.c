/* SPDX-License-Identifier: BSD-2-Clause */
/* The signer's certificate, as a protected header names it. */
#include <string.h>

#include "document/jose/jades_beside.h"
#include "document/jose/jades_object.h"
#include "util/hex.h"

/* A digest in base64url. */
static bool has_digest(const X509 *x, const EVP_MD *md, const json_t *value)
{
	uint8_t have[EVP_MAX_MD_SIZE];
	struct buf want = BUF_INIT(EVP_MAX_MD_SIZE);
	unsigned n = 0;
	bool same = md && json_is_string(value) &&
		    b64url_get(rd_of(json_string_value(value), json_string_length(value)), &want) ==
			ECERT_OK &&
		    X509_digest(x, md, have, &n) == 1 && rd_equal(buf_view(&want), rd_of(have, n));

	buf_free(&want);
	return same;
}

/* x5t#o (TS 119 182-1, 5.2.2.2). */
static bool has_other_digest(const X509 *x, const json_t *ref)
{
	return has_digest(x, jades_object_md(json_string_value(json_object_get(ref, "digAlg"))),
	    json_object_get(ref, "digVal"));
}

/* By every member that names one; the first of sigX5ts is the signer's (5.2.2.3). */
static bool is_named(const json_t *header, const X509 *x)
{
	const json_t *s256 = json_object_get(header, "x5t#S256");
	const json_t *other = json_object_get(header, "x5t#o");
	const json_t *list = json_object_get(header, "sigX5ts");

	return (!s256 || has_digest(x, EVP_sha256(), s256)) &&
	       (!other || has_other_digest(x, other)) &&
	       (!list || has_other_digest(x, json_array_get(list, 0)));
}

/* NULL behind the last one. */
static X509 *candidate(const struct jades_beside *b, const struct doc_path *path, size_t i)
{
	size_t n = (size_t)sk_X509_num(b->all.certs);

	if (i < n)
		return sk_X509_value(b->all.certs, (int)i);
	return path && path->given ? path->given(path->ctx, i - n) : NULL;
}

static X509 *find(
    const struct jades_one *one, const struct jades_beside *b, const struct doc_path *path)
{
	X509 *x;

	for (size_t i = 0; (x = candidate(b, path, i)); i++)
		if (is_named(one->header, x))
			return x;
	return NULL;
}

X509 *jades_beside_cert(const struct jades_one *one, const struct jades_beside *b,
    const struct doc_path *path, struct report *rep)
{
	const json_t *h = one->header;
	bool by_ref = json_object_get(h, "x5t#S256") || json_object_get(h, "x5t#o") ||
		      json_object_get(h, "sigX5ts");
	X509 *own = b->x5c_n ? b->x5c[0] : NULL;
	X509 *x = by_ref && !(own && is_named(h, own)) ? find(one, b, path) : own;

	if (by_ref && own && b->x5c_protected && x != own) {
		report_add_why(rep, CHK_SIGNING_CERTIFICATE, CHECK_FAILED, REASON_SIGNER_CERT_OTHER,
		    MSG("the signed headers name two: x5c another one than the digest"));
		return own;
	}
	if (!x) {
		report_add_why(rep, CHK_SIGNING_CERTIFICATE,
		    reason_state(REASON_SIGNER_CERT_MISSING), REASON_SIGNER_CERT_MISSING,
		    MSG("the signer's certificate is neither in the document nor among those "
			"given"));
		return NULL;
	}
	if (by_ref || b->x5c_protected)
		report_add(rep, CHK_SIGNING_CERTIFICATE, CHECK_OK,
		    MSG(by_ref ? MSG_ID("by its digest in the signed header")
			       : MSG_ID("it is in the signed header itself")));
	else
		report_add(rep, CHK_SIGNING_CERTIFICATE, CHECK_SKIPPED,
		    MSG("no signed header names it, as only JAdES asks for"));
	return x;
}
