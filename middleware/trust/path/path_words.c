/* SPDX-License-Identifier: BSD-2-Clause */
/* What OpenSSL says of a path, as ids of the catalogue: its sentences are English and stay so in
 * JSON, people read them in their language. */
#include <openssl/x509_vfy.h>

#include "trust/path/path_priv.h"

static const struct {
	int error;
	const char *words;
} rows[] = {
    {X509_V_ERR_UNSPECIFIED, MSG_ID("unspecified certificate verification error")},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, MSG_ID("unable to get issuer certificate")},
    {X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE,
	MSG_ID("unable to decrypt certificate's signature")},
    {X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY, MSG_ID("unable to decode issuer public key")},
    {X509_V_ERR_CERT_SIGNATURE_FAILURE, MSG_ID("certificate signature failure")},
    {X509_V_ERR_CERT_NOT_YET_VALID, MSG_ID("certificate is not yet valid")},
    {X509_V_ERR_CERT_HAS_EXPIRED, MSG_ID("certificate has expired")},
    {X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD,
	MSG_ID("format error in certificate's notBefore field")},
    {X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD,
	MSG_ID("format error in certificate's notAfter field")},
    {X509_V_ERR_OUT_OF_MEM, MSG_ID("out of memory")},
    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, MSG_ID("self-signed certificate")},
    {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, MSG_ID("self-signed certificate in certificate chain")},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
	MSG_ID("unable to get local issuer certificate")},
    {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, MSG_ID("unable to verify the first certificate")},
    {X509_V_ERR_CERT_CHAIN_TOO_LONG, MSG_ID("certificate chain too long")},
    {X509_V_ERR_NO_ISSUER_PUBLIC_KEY, MSG_ID("issuer certificate doesn't have a public key")},
    {X509_V_ERR_PATH_LENGTH_EXCEEDED, MSG_ID("path length constraint exceeded")},
    {X509_V_ERR_INVALID_PURPOSE, MSG_ID("unsuitable certificate purpose")},
    {X509_V_ERR_CERT_UNTRUSTED, MSG_ID("certificate not trusted")},
    {X509_V_ERR_CERT_REJECTED, MSG_ID("certificate rejected")},
    {X509_V_ERR_SUBJECT_ISSUER_MISMATCH, MSG_ID("subject issuer mismatch")},
    {X509_V_ERR_AKID_SKID_MISMATCH, MSG_ID("authority and subject key identifier mismatch")},
    {X509_V_ERR_AKID_ISSUER_SERIAL_MISMATCH, MSG_ID("authority and issuer serial number mismatch")},
    {X509_V_ERR_KEYUSAGE_NO_CERTSIGN, MSG_ID("key usage does not include certificate signing")},
    {X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION, MSG_ID("unhandled critical extension")},
    {X509_V_ERR_INVALID_NON_CA, MSG_ID("invalid non-CA certificate (has CA markings)")},
    {X509_V_ERR_PROXY_CERTIFICATES_NOT_ALLOWED,
	MSG_ID("proxy certificates not allowed, please set the appropriate flag")},
    {X509_V_ERR_INVALID_EXTENSION, MSG_ID("invalid or inconsistent certificate extension")},
    {X509_V_ERR_INVALID_POLICY_EXTENSION,
	MSG_ID("invalid or inconsistent certificate policy extension")},
    {X509_V_ERR_NO_EXPLICIT_POLICY, MSG_ID("no explicit policy")},
    {X509_V_ERR_PERMITTED_VIOLATION, MSG_ID("permitted subtree violation")},
    {X509_V_ERR_EXCLUDED_VIOLATION, MSG_ID("excluded subtree violation")},
    {X509_V_ERR_SUBTREE_MINMAX, MSG_ID("name constraints minimum and maximum not supported")},
    {X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE, MSG_ID("unsupported name constraint type")},
    {X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX,
	MSG_ID("unsupported or invalid name constraint syntax")},
    {X509_V_ERR_UNSUPPORTED_NAME_SYNTAX, MSG_ID("unsupported or invalid name syntax")},
    {X509_V_ERR_PATH_LOOP, MSG_ID("path loop")},
    {X509_V_ERR_EE_KEY_TOO_SMALL, MSG_ID("EE certificate key too weak")},
    {X509_V_ERR_CA_KEY_TOO_SMALL, MSG_ID("CA certificate key too weak")},
    {X509_V_ERR_CA_MD_TOO_WEAK, MSG_ID("CA signature digest algorithm too weak")},
    {X509_V_ERR_INVALID_CA, MSG_ID("invalid CA certificate")},
    {X509_V_ERR_EC_KEY_EXPLICIT_PARAMS,
	MSG_ID("Certificate public key has explicit ECC parameters")},
};

const char *path_words(int error)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].error == error)
			return rows[i].words;
	return NULL;
}
