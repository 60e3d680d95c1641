/* SPDX-License-Identifier: BSD-2-Clause */
/* Algorithms by their URIs. */
#include "document/xml/algs.h"

#include <string.h>

#include "document/xml/names.h"

static const struct {
	const char *uri, *md;
} digests[] = {
    {XMLN_SHA256, "SHA256"},
    {XMLN_SHA1, "SHA1"},
    {XMLN_SHA512, "SHA512"},
    {XMLN_SHA384, "SHA384"},
    {XMLN_MORE "sha224", "SHA224"},
    {XMLN_XMLENC "ripemd160", "RIPEMD160"},
    {XMLN_MORE "md5", "MD5"},
    {XMLN_MORE07 "sha3-224", "SHA3-224"},
    {XMLN_MORE07 "sha3-256", "SHA3-256"},
    {XMLN_MORE07 "sha3-384", "SHA3-384"},
    {XMLN_MORE07 "sha3-512", "SHA3-512"},
};
#define DIGESTS (sizeof digests / sizeof digests[0])

static const struct xml_signing signings[] = {
    {XMLN_MORE "rsa-sha256", "RSA-SHA256", "SHA256", XML_RSA},
    {XMLN_DSIG "rsa-sha1", "RSA-SHA1", "SHA1", XML_RSA},
    {XMLN_MORE "rsa-sha384", "RSA-SHA384", "SHA384", XML_RSA},
    {XMLN_MORE "rsa-sha512", "RSA-SHA512", "SHA512", XML_RSA},
    {XMLN_MORE "rsa-sha224", "RSA-SHA224", "SHA224", XML_RSA},
    {XMLN_MORE "rsa-md5", "RSA-MD5", "MD5", XML_RSA},
    {XMLN_MORE "rsa-ripemd160", "RSA-RIPEMD160", "RIPEMD160", XML_RSA},
    {XMLN_MORE07 "sha256-rsa-MGF1", "RSA-PSS-SHA256", "SHA256", XML_RSA_PSS},
    {XMLN_MORE07 "sha1-rsa-MGF1", "RSA-PSS-SHA1", "SHA1", XML_RSA_PSS},
    {XMLN_MORE07 "sha224-rsa-MGF1", "RSA-PSS-SHA224", "SHA224", XML_RSA_PSS},
    {XMLN_MORE07 "sha384-rsa-MGF1", "RSA-PSS-SHA384", "SHA384", XML_RSA_PSS},
    {XMLN_MORE07 "sha512-rsa-MGF1", "RSA-PSS-SHA512", "SHA512", XML_RSA_PSS},
    {XMLN_MORE07 "sha3-256-rsa-MGF1", "RSA-PSS-SHA3-256", "SHA3-256", XML_RSA_PSS},
    {XMLN_MORE07 "sha3-384-rsa-MGF1", "RSA-PSS-SHA3-384", "SHA3-384", XML_RSA_PSS},
    {XMLN_MORE07 "sha3-512-rsa-MGF1", "RSA-PSS-SHA3-512", "SHA3-512", XML_RSA_PSS},
    {XMLN_MORE07 "rsa-pss", "RSA-PSS", NULL, XML_PSS_PARAMETERS},
    {XMLN_MORE "ecdsa-sha256", "ECDSA-SHA256", "SHA256", XML_ECDSA},
    {XMLN_MORE "ecdsa-sha1", "ECDSA-SHA1", "SHA1", XML_ECDSA},
    {XMLN_MORE "ecdsa-sha224", "ECDSA-SHA224", "SHA224", XML_ECDSA},
    {XMLN_MORE "ecdsa-sha384", "ECDSA-SHA384", "SHA384", XML_ECDSA},
    {XMLN_MORE "ecdsa-sha512", "ECDSA-SHA512", "SHA512", XML_ECDSA},
    {XMLN_MORE07 "ecdsa-ripemd160", "ECDSA-RIPEMD160", "RIPEMD160", XML_ECDSA},
    {"http://www.w3.org/2021/04/xmldsig-more#ecdsa-sha3-256", "ECDSA-SHA3-256", "SHA3-256",
	XML_ECDSA},
    {"http://www.w3.org/2021/04/xmldsig-more#ecdsa-sha3-384", "ECDSA-SHA3-384", "SHA3-384",
	XML_ECDSA},
    {"http://www.w3.org/2021/04/xmldsig-more#ecdsa-sha3-512", "ECDSA-SHA3-512", "SHA3-512",
	XML_ECDSA},
    {"http://www.w3.org/2021/04/xmldsig-more#eddsa-ed25519", "Ed25519", NULL, XML_EDDSA},
    {"http://www.w3.org/2021/04/xmldsig-more#eddsa-ed448", "Ed448", NULL, XML_EDDSA},
    {XMLN_DSIG "dsa-sha1", "DSA-SHA1", "SHA1", XML_DSA},
    {"http://www.w3.org/2009/xmldsig11#dsa-sha256", "DSA-SHA256", "SHA256", XML_DSA},
    {XMLN_DSIG "hmac-sha1", "HMAC-SHA1", "SHA1", XML_HMAC},
    {XMLN_MORE "hmac-md5", "HMAC-MD5", "MD5", XML_HMAC},
    {XMLN_MORE "hmac-sha224", "HMAC-SHA224", "SHA224", XML_HMAC},
    {XMLN_MORE "hmac-sha256", "HMAC-SHA256", "SHA256", XML_HMAC},
    {XMLN_MORE "hmac-sha384", "HMAC-SHA384", "SHA384", XML_HMAC},
    {XMLN_MORE "hmac-sha512", "HMAC-SHA512", "SHA512", XML_HMAC},
    {XMLN_MORE "hmac-ripemd160", "HMAC-RIPEMD160", "RIPEMD160", XML_HMAC},
};
#define SIGNINGS (sizeof signings / sizeof signings[0])

static bool is(struct rd uri, const char *name)
{
	return rd_equal(uri, rd_of(name, strlen(name)));
}

const EVP_MD *xml_digest(struct rd uri)
{
	for (size_t i = 0; i < DIGESTS; i++)
		if (is(uri, digests[i].uri))
			return EVP_get_digestbyname(digests[i].md);
	return NULL;
}

const char *xml_digest_uri(const char *md)
{
	for (size_t i = 0; i < DIGESTS; i++)
		if (!strcmp(digests[i].md, md))
			return digests[i].uri;
	return NULL;
}

const struct xml_signing *xml_signing(struct rd uri)
{
	for (size_t i = 0; i < SIGNINGS; i++)
		if (is(uri, signings[i].uri))
			return &signings[i];
	return NULL;
}

const struct xml_signing *xml_signing_for(enum xml_family family, const char *md)
{
	for (size_t i = 0; i < SIGNINGS; i++)
		if (signings[i].family == family && signings[i].md && !strcmp(signings[i].md, md))
			return &signings[i];
	return NULL;
}
