/* SPDX-License-Identifier: BSD-2-Clause */
/* Verifying the signature value with the key of a certificate (XML Signature 1.1, 6.4; RFC 9231,
 * 2.3). */
#include "document/xml/value.h"

#include <openssl/err.h>
#include <openssl/rsa.h>
#include <string.h>

#include "crypto/pad/sigfmt.h"
#include "document/cms/cades_value.h"
#include "document/xml/algs.h"
#include "document/xml/beside.h"
#include "util/text.h"

struct scheme {
	const struct xml_signing *row;
	const EVP_MD *md, *mgf; /* NULL: with the algorithm, or unknown */
	int salt;
};

static bool scheme_of(const struct xml_sig *s, struct scheme *out)
{
	*out = (struct scheme){.row = xml_signing(s->method)};
	if (!out->row)
		return false;
	out->md = out->row->md ? EVP_get_digestbyname(out->row->md) : NULL;
	out->mgf = out->md;
	out->salt = RSA_PSS_SALTLEN_DIGEST;
	if (out->row->family == XML_PSS_PARAMETERS) {
		/* 2.3.9: what is left out is SHA-256, MGF1 with the same, and a salt as long. */
		out->md = s->pss_digest.n ? xml_digest(s->pss_digest) : EVP_sha256();
		out->mgf = s->pss_mgf.n ? xml_digest(s->pss_mgf) : out->md;
		if (s->salt != XML_NO_NUMBER)
			out->salt = (int)(s->salt & 0xFFFF);
		return out->md && out->mgf;
	}
	return out->md || out->row->family == XML_EDDSA;
}

static bool key_fits(enum xml_family family, const EVP_PKEY *key)
{
	switch (family) {
	case XML_RSA:
		return EVP_PKEY_is_a(key, "RSA");
	case XML_RSA_PSS:
	case XML_PSS_PARAMETERS:
		return EVP_PKEY_is_a(key, "RSA") || EVP_PKEY_is_a(key, "RSA-PSS");
	case XML_ECDSA:
		return EVP_PKEY_is_a(key, "EC");
	case XML_EDDSA:
		return EVP_PKEY_is_a(key, "ED25519") || EVP_PKEY_is_a(key, "ED448");
	case XML_DSA:
		return EVP_PKEY_is_a(key, "DSA");
	default:
		return false;
	}
}

/* r and s, each as long as the order of the curve; of DSA, as its subgroup's. */
static bool is_pair(const struct scheme *c, const EVP_PKEY *key, struct rd raw)
{
	size_t half = ((size_t)EVP_PKEY_get_bits(key) + 7) / 8;

	if (c->row->family == XML_DSA)
		return raw.n == 40 || raw.n == 56 || raw.n == 64;
	return raw.n == 2 * half;
}

static bool set_pss(const struct scheme *c, EVP_PKEY_CTX *ctx)
{
	return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, c->salt) == 1 &&
	       EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, c->mgf) == 1;
}

static bool verify(const struct scheme *c, EVP_PKEY *key, struct rd info, struct rd raw)
{
	enum xml_family family = c->row->family;
	struct buf der = BUF_INIT(512);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pctx = NULL;
	bool good = ctx && EVP_DigestVerifyInit(ctx, &pctx, c->md, NULL, key) == 1;

	if (good && (family == XML_RSA_PSS || family == XML_PSS_PARAMETERS))
		good = set_pss(c, pctx);
	if (good && (family == XML_ECDSA || family == XML_DSA)) {
		good = is_pair(c, key, raw) && ecdsa_raw_to_der(raw, &der) == ECERT_OK;
		raw = buf_view(&der);
	}
	good = good && EVP_DigestVerify(ctx, raw.p, raw.n, info.p, info.n) == 1;
	EVP_MD_CTX_free(ctx);
	buf_free(&der);
	ERR_clear_error();
	return good;
}

bool xml_value_fits(const struct xml_sig *s, X509 *cert)
{
	struct buf raw = BUF_INIT(16384);
	EVP_PKEY *key = X509_get0_pubkey(cert);
	struct scheme c;
	bool good = s->has_info && key && scheme_of(s, &c) && key_fits(c.row->family, key) &&
		    xml_base64(s->value, &raw) && verify(&c, key, s->info, buf_view(&raw));

	ERR_clear_error();
	buf_free(&raw);
	return good;
}

/* NULL: neither the digest nor the key is a reason for doubt. */
static const char *doubt_of(const struct scheme *c, const EVP_PKEY *key,
    const struct doc_verify_options *o, char since[16], enum reason *reason)
{
	const struct algorithm_rules rules = {o->algorithms, o->now};
	time_t end = 0;

	*reason = REASON_KEY_WEAK;
	if (!c->md || !algorithm_digest_old(&rules, c->md, &end))
		return cades_value_doubt(key, o, since);
	*reason = REASON_ALGORITHM_OLD;
	if (!end)
		return MSG_ID("it fits, but {digest} is too old to rely on");
	(void)text_day(end, since);
	return MSG_ID("it fits, but {digest} is not relied on since {since}");
}

static const char *defect_of(
    const struct xml_sig *s, const struct scheme *c, bool known, X509 *cert, enum reason *reason)
{
	EVP_PKEY *key = X509_get0_pubkey(cert);

	*reason = REASON_ALGORITHM_UNKNOWN;
	if (c->row && c->row->family == XML_HMAC)
		return MSG_ID("it is an authentication code by a secret that several know (HMAC), "
			      "which proves nobody's signature");
	if (!known)
		return MSG_ID("this version does not verify signatures of that kind, which says "
			      "nothing against it");
	if (!s->has_info)
		return MSG_ID("what is signed is canonicalized in a way that is not known here");
	if (!key)
		return MSG_ID("the certificate's key is of an unknown kind");
	*reason = REASON_SIGNATURE_BAD;
	if (!key_fits(c->row->family, key))
		return MSG_ID("the signature algorithm that is named is not the one of the key");
	return xml_value_fits(s, cert)
		   ? NULL
		   : MSG_ID("the signature does not verify with the certificate's key");
}

void xml_value_check(
    const struct xml_sig *s, X509 *cert, const struct doc_verify_options *o, struct report *rep)
{
	struct scheme c;
	bool known = scheme_of(s, &c);
	enum reason reason = REASON_NONE;
	const char *why = defect_of(s, &c, known, cert, &reason);
	char since[16] = "";

	if (!why)
		why = doubt_of(&c, X509_get0_pubkey(cert), o, since, &reason);
	report_add_why(rep, CHK_SIGNATURE_VALUE, why ? reason_state(reason) : CHECK_OK,
	    why ? reason : REASON_NONE,
	    why ? MSG(why, P_TEXT("since", since),
		      P_TEXT("digest", known && c.md ? EVP_MD_get0_name(c.md) : ""))
		: MSG_EMPTY);
}

void xml_value_name(const struct xml_sig *s, char *name, size_t size)
{
	const struct xml_signing *row = xml_signing(s->method);
	size_t n = s->method.n < size ? s->method.n : size - 1;

	if (row) {
		text_copy(name, size, row->name);
		return;
	}
	if (n)
		memcpy(name, s->method.p, n);
	name[n] = 0;
	text_scrub(name);
}
