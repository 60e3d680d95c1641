/* SPDX-License-Identifier: BSD-2-Clause */
/* What each error of OpenSSL's is of the certificate that it is told of, as ids of the catalogue.
 */
#include <openssl/x509_vfy.h>

#include "trust/path/path_priv.h"

static const struct {
	int error;
	const char *words;
} rows[] = {
    {X509_V_ERR_UNSPECIFIED, MSG_ID("the library that judges certificates tells no reason")},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
	MSG_ID("the certificate of a CA above it is not at hand")},
    {X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE,
	MSG_ID("the signature on it cannot be read with its CA's key")},
    {X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY,
	MSG_ID("the key of the CA that issued it cannot be read")},
    {X509_V_ERR_CERT_SIGNATURE_FAILURE, MSG_ID("its CA's signature on it is wrong")},
    {X509_V_ERR_CERT_NOT_YET_VALID, MSG_ID("it is not valid yet")},
    {X509_V_ERR_CERT_HAS_EXPIRED, MSG_ID("it has expired")},
    {X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD,
	MSG_ID("the date from which it is valid is no date (notBefore)")},
    {X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD,
	MSG_ID("the date until which it is valid is no date (notAfter)")},
    {X509_V_ERR_OUT_OF_MEM, MSG_ID("out of memory")},
    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
	MSG_ID("it vouches for itself, and nobody who is trusted does")},
    {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, MSG_ID("it leads to a root that is not trusted here")},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
	MSG_ID("the certificate of its CA is neither trusted here nor given")},
    {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE,
	MSG_ID("no other certificate is at hand that could vouch for it")},
    {X509_V_ERR_CERT_CHAIN_TOO_LONG, MSG_ID("there are more CAs above it than are followed")},
    {X509_V_ERR_NO_ISSUER_PUBLIC_KEY, MSG_ID("its CA's certificate has no key")},
    {X509_V_ERR_PATH_LENGTH_EXCEEDED,
	MSG_ID("a CA above allows fewer CAs below it (pathLenConstraint)")},
    {X509_V_ERR_INVALID_PURPOSE, MSG_ID("it was not issued for this use")},
    {X509_V_ERR_CERT_UNTRUSTED, MSG_ID("its root is not trusted for this use")},
    {X509_V_ERR_CERT_REJECTED, MSG_ID("its root is marked as not to be used for this")},
    {X509_V_ERR_SUBJECT_ISSUER_MISMATCH,
	MSG_ID("the CA above it has another name than the one that it gives")},
    {X509_V_ERR_AKID_SKID_MISMATCH,
	MSG_ID("it was issued by another key than that of this CA (authorityKeyIdentifier)")},
    {X509_V_ERR_AKID_ISSUER_SERIAL_MISMATCH,
	MSG_ID("it was issued under another certificate of this CA (authorityKeyIdentifier)")},
    {X509_V_ERR_KEYUSAGE_NO_CERTSIGN, MSG_ID("its CA's key may not issue certificates (keyUsage)")},
    {X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION,
	MSG_ID("it has a critical extension that is not known here")},
    {X509_V_ERR_INVALID_NON_CA, MSG_ID("it is no CA's, and is marked as if it were")},
    {X509_V_ERR_PROXY_CERTIFICATES_NOT_ALLOWED,
	MSG_ID("it is a proxy certificate (RFC 3820), and those are not accepted")},
    {X509_V_ERR_INVALID_EXTENSION,
	MSG_ID("an extension in it is invalid, or contradicts another one")},
    {X509_V_ERR_INVALID_POLICY_EXTENSION,
	MSG_ID("its certificate policies are invalid, or contradict each other")},
    {X509_V_ERR_NO_EXPLICIT_POLICY,
	MSG_ID("a certificate policy is asked for, and none holds all the way down")},
    {X509_V_ERR_PERMITTED_VIOLATION,
	MSG_ID("a name in it lies outside of what its CA may name (nameConstraints)")},
    {X509_V_ERR_EXCLUDED_VIOLATION,
	MSG_ID("a name in it is one that its CA must not give (nameConstraints)")},
    {X509_V_ERR_SUBTREE_MINMAX,
	MSG_ID(
	    "nameConstraints have a minimum or maximum, which they must not (RFC 5280, 4.2.1.10)")},
    {X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE,
	MSG_ID("nameConstraints limit a kind of name that is not known here")},
    {X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX,
	MSG_ID("nameConstraints are written in a way that cannot be read")},
    {X509_V_ERR_UNSUPPORTED_NAME_SYNTAX,
	MSG_ID("a name in it is written in a way that cannot be held against nameConstraints")},
    {X509_V_ERR_PATH_LOOP, MSG_ID("the CAs above it lead back to one of them")},
    {X509_V_ERR_EE_KEY_TOO_SMALL, MSG_ID("its key is too weak")},
    {X509_V_ERR_CA_KEY_TOO_SMALL, MSG_ID("the key of a CA above it is too weak")},
    {X509_V_ERR_CA_MD_TOO_WEAK, MSG_ID("a CA above it signed by a digest that is too weak")},
    {X509_V_ERR_INVALID_CA, MSG_ID("what stands above it is no CA's certificate")},
    {X509_V_ERR_EC_KEY_EXPLICIT_PARAMS,
	MSG_ID("its key brings a curve of its own and does not name a known one")},
};

const char *path_words(int error)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].error == error)
			return rows[i].words;
	return NULL;
}
