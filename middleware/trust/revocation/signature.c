/* SPDX-License-Identifier: BSD-2-Clause */
/* Signatures over bytes that stay where they are: a CRL of 64 MiB is not copied to be verified. */
#include <openssl/err.h>
#include <openssl/rsa.h>

#include "trust/revocation/signature.h"
#include "util/message.h"

/* What an AlgorithmIdentifier says. */
struct way {
	int md, key; /* NIDs; md NID_undef: the scheme has its own */
	bool pss;
	int mgf, salt;
};

static int nid_of(const X509_ALGOR *alg)
{
	const ASN1_OBJECT *o = NULL;

	X509_ALGOR_get0(&o, NULL, NULL, alg);
	return OBJ_obj2nid(o);
}

/* RFC 4055, 3.1; SHA-1 wherever a field is absent. */
static bool read_pss(const X509_ALGOR *alg, struct way *out)
{
	const void *value = NULL;
	int type = 0;
	const ASN1_STRING *der;
	const unsigned char *p;
	RSA_PSS_PARAMS *pss;
	X509_ALGOR *mask = NULL;

	X509_ALGOR_get0(NULL, &type, &value, alg);
	if (type != V_ASN1_SEQUENCE)
		return false;
	der = value;
	p = ASN1_STRING_get0_data(der);
	pss = d2i_RSA_PSS_PARAMS(NULL, &p, ASN1_STRING_length(der));
	if (!pss)
		return false;
	*out = (struct way){NID_sha1, EVP_PKEY_RSA, true, NID_sha1, 20};
	if (pss->hashAlgorithm)
		out->md = nid_of(pss->hashAlgorithm);
	if (pss->maskGenAlgorithm) {
		const ASN1_STRING *inner = NULL;
		const void *v = NULL;

		X509_ALGOR_get0(NULL, &type, &v, pss->maskGenAlgorithm);
		inner = type == V_ASN1_SEQUENCE ? v : NULL;
		p = inner ? ASN1_STRING_get0_data(inner) : NULL;
		mask = inner ? d2i_X509_ALGOR(NULL, &p, ASN1_STRING_length(inner)) : NULL;
		out->mgf = mask ? nid_of(mask) : NID_undef;
	}
	if (pss->saltLength)
		out->salt = (int)ASN1_INTEGER_get(pss->saltLength);
	X509_ALGOR_free(mask);
	RSA_PSS_PARAMS_free(pss);
	return out->salt >= 0 && out->salt <= 512;
}

static bool read_way(const X509_ALGOR *alg, struct way *out)
{
	int nid = nid_of(alg);

	*out = (struct way){NID_undef, NID_undef, false, NID_undef, 0};
	if (nid == NID_rsassaPss)
		return read_pss(alg, out);
	if (nid == NID_ED25519 || nid == NID_ED448) {
		out->key = nid;
		return true;
	}
	return OBJ_find_sigid_algs(nid, &out->md, &out->key) == 1 && out->md != NID_undef;
}

static bool is_old(int nid, const struct algorithm_rules *rules)
{
	const EVP_MD *md = EVP_get_digestbynid(nid);
	time_t since;

	return !md || algorithm_digest_old(rules, md, &since);
}

static bool fits(const struct way *w, EVP_PKEY *key)
{
	static const struct {
		int nid;
		const char *name;
	} kinds[] = {{EVP_PKEY_RSA, "RSA"}, {NID_X9_62_id_ecPublicKey, "EC"}, {NID_dsa, "DSA"},
	    {NID_ED25519, "ED25519"}, {NID_ED448, "ED448"}};

	if (w->pss && EVP_PKEY_is_a(key, "RSA-PSS"))
		return true;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (kinds[i].nid == w->key)
			return EVP_PKEY_is_a(key, kinds[i].name) == 1;
	return false;
}

const char *signature_weakness(
    const X509_ALGOR *alg, EVP_PKEY *key, const struct algorithm_rules *rules)
{
	struct way w;
	time_t since;
	bool read = read_way(alg, &w);

	ERR_clear_error();
	if (!read || !key)
		return MSG_ID("it is signed in a way that is not read here");
	if (w.md != NID_undef && (is_old(w.md, rules) || (w.pss && is_old(w.mgf, rules))))
		return MSG_ID(
		    "it is signed with an old digest (SHA-1, MD5), which decides nothing");
	if (algorithm_key_old(rules, key, &since))
		return MSG_ID(
		    "it is signed with a weak key (RSA below 1900 bits, a curve below 256)");
	return NULL;
}

static X509_ALGOR *parse(struct rd alg)
{
	const unsigned char *p = alg.p;

	return d2i_X509_ALGOR(NULL, &p, (long)alg.n);
}

const char *signature_weakness_der(
    struct rd alg, EVP_PKEY *key, const struct algorithm_rules *rules)
{
	X509_ALGOR *a = parse(alg);
	const char *why = a ? signature_weakness(a, key, rules)
			    : MSG_ID("its signature cannot be read");

	X509_ALGOR_free(a);
	return why;
}

static bool set_pss(EVP_PKEY_CTX *ctx, const struct way *w)
{
	const EVP_MD *mgf = EVP_get_digestbynid(w->mgf);

	return mgf && EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, w->salt) == 1 &&
	       EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, mgf) == 1;
}

bool signature_verifies(struct rd alg, struct rd bytes, struct rd sig, EVP_PKEY *key)
{
	X509_ALGOR *a = parse(alg);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pkey = NULL;
	struct way w;
	bool ok = a && ctx && key && read_way(a, &w) && fits(&w, key);

	if (ok)
		ok = EVP_DigestVerifyInit_ex(ctx, &pkey,
			 w.md == NID_undef ? NULL : OBJ_nid2sn(w.md), NULL, NULL, key, NULL) == 1 &&
		     (!w.pss || set_pss(pkey, &w)) &&
		     EVP_DigestVerify(ctx, sig.p, sig.n, bytes.p, bytes.n) == 1;
	EVP_MD_CTX_free(ctx);
	X509_ALGOR_free(a);
	ERR_clear_error();
	return ok;
}
