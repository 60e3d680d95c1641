/* SPDX-License-Identifier: BSD-2-Clause */
/* The signer's certificate, as a protected header names it. */
#include <string.h>

#include "document/jose/jades_beside.h"
#include "document/jose/jades_object.h"
#include "util/hex.h"
#include "util/text.h"

/* By what a protected header names the signer's certificate. */
struct ref {
	const EVP_MD *md; /* NULL: none that is known here */
	const json_t *value;
};
#define REFS_MAX 3

/* A digest in base64url. */
static bool has_digest(const X509 *x, const struct ref *r)
{
	uint8_t have[EVP_MAX_MD_SIZE];
	struct buf want = BUF_INIT(EVP_MAX_MD_SIZE);
	unsigned n = 0;
	bool same = json_is_string(r->value) &&
		    b64url_get(rd_of(json_string_value(r->value), json_string_length(r->value)),
			&want) == ECERT_OK &&
		    X509_digest(x, r->md, have, &n) == 1 &&
		    rd_equal(buf_view(&want), rd_of(have, n));

	buf_free(&want);
	return same;
}

/* x5t#o and the first of sigX5ts, which is the signer's (TS 119 182-1, 5.2.2.2, 5.2.2.3). */
static struct ref other_ref(const json_t *o)
{
	return (struct ref){jades_object_md(json_string_value(json_object_get(o, "digAlg"))),
	    json_object_get(o, "digVal")};
}

/* Every member that names one. */
static size_t refs_of(const json_t *header, struct ref out[REFS_MAX])
{
	const json_t *s256 = json_object_get(header, "x5t#S256");
	const json_t *other = json_object_get(header, "x5t#o");
	const json_t *list = json_object_get(header, "sigX5ts");
	size_t n = 0;

	if (s256)
		out[n++] = (struct ref){EVP_sha256(), s256};
	if (other)
		out[n++] = other_ref(other);
	if (list)
		out[n++] = other_ref(json_array_get(list, 0));
	return n;
}

/* By all that are of a kind that is known. */
static bool is_named(const json_t *header, const X509 *x)
{
	struct ref v[REFS_MAX];
	size_t n = refs_of(header, v);
	bool named = true;

	for (size_t i = 0; i < n; i++)
		named = named && (!v[i].md || has_digest(x, &v[i]));
	return named;
}

/* One that is known, and relied on, is enough. */
static enum reason doubt_of(
    const json_t *header, const struct algorithm_rules *rules, const EVP_MD **md, char since[16])
{
	struct ref v[REFS_MAX];
	size_t n = refs_of(header, v);
	enum reason reason = n ? REASON_ALGORITHM_UNKNOWN : REASON_NONE;
	time_t end;

	for (size_t i = 0; i < n; i++) {
		if (!v[i].md)
			continue;
		if (!algorithm_digest_old(rules, v[i].md, &end))
			return REASON_NONE;
		*md = v[i].md;
		reason = REASON_ALGORITHM_OLD;
		if (end)
			(void)text_day(end, since);
	}
	return reason;
}

static X509 *find(
    const struct jades_one *one, const struct jades_beside *b, const struct doc_path *path)
{
	X509 *x;

	for (size_t i = 0; (x = cades_candidate(&b->all, path, i)); i++)
		if (is_named(one->header, x))
			return x;
	return NULL;
}

/* The one that was found: how it is named. protected: in the signed header itself, too. */
static void tell(
    const json_t *h, const struct algorithm_rules *rules, bool is_protected, struct report *rep)
{
	struct ref v[REFS_MAX];
	const EVP_MD *md = NULL;
	char since[16] = "";
	enum reason reason = is_protected ? REASON_NONE : doubt_of(h, rules, &md, since);
	bool by_ref = refs_of(h, v);

	if (reason == REASON_ALGORITHM_OLD)
		report_add_why(rep, CHK_SIGNING_CERTIFICATE, reason_state(reason), reason,
		    MSG("it fits, but {digest} is not relied on since {since}",
			P_TEXT("digest", EVP_MD_get0_name(md)), P_TEXT("since", since)));
	else if (reason)
		report_add_why(rep, CHK_SIGNING_CERTIFICATE, reason_state(reason), reason,
		    MSG("the digest algorithm is unknown"));
	else if (by_ref || is_protected)
		report_add(rep, CHK_SIGNING_CERTIFICATE, CHECK_OK,
		    MSG(by_ref ? MSG_ID("by its digest in the signed header")
			       : MSG_ID("it is in the signed header itself")));
	else
		report_add(rep, CHK_SIGNING_CERTIFICATE, CHECK_SKIPPED,
		    MSG("no signed header names it, as only JAdES asks for"));
}

X509 *jades_beside_cert(const struct jades_one *one, const struct jades_beside *b,
    const struct doc_path *path, const struct algorithm_rules *rules, struct report *rep)
{
	const json_t *h = one->header;
	struct ref v[REFS_MAX];
	size_t n = refs_of(h, v);
	bool by_ref = n > 0, unread = by_ref;
	X509 *own = b->x5c_n ? b->x5c[0] : NULL;
	X509 *x;

	for (size_t i = 0; i < n; i++)
		unread = unread && !v[i].md;
	x = !by_ref || unread || (own && is_named(h, own)) ? own : find(one, b, path);
	if (by_ref && own && b->x5c_protected && x != own) {
		report_add_why(rep, CHK_SIGNING_CERTIFICATE, CHECK_FAILED, REASON_SIGNER_CERT_OTHER,
		    MSG("the signed headers name two: x5c another one than the digest"));
		return own;
	}
	if (!x && unread) {
		tell(h, rules, false, rep);
		return NULL;
	}
	if (!x) {
		report_add_why(rep, CHK_SIGNING_CERTIFICATE,
		    reason_state(REASON_SIGNER_CERT_MISSING), REASON_SIGNER_CERT_MISSING,
		    MSG("the signer's certificate is neither in the document nor among those "
			"given"));
		return NULL;
	}
	tell(h, rules, b->x5c_protected && x == own, rep);
	return x;
}
