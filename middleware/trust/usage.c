/* SPDX-License-Identifier: BSD-2-Clause */
/* May a certificate sign documents. */
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

#include "document/cert.h"
#include "trust/check.h"
#include "trust/usage.h"

/* The names that Hongkong Post puts into O and OU; such certificates have digitalSignature too, the
 * encipherment ones for receipts only. */
static bool names_itself(const struct identity *id, const char *kind)
{
	if (strcasestr(id->org, kind))
		return true;
	for (size_t i = 0; i < id->ou_n; i++)
		if (strcasestr(id->ou[i], kind))
			return true;
	return false;
}

/* RFC 9336, 3.1: id-kp-documentSigning. */
static bool signs_documents(X509 *x)
{
	EXTENDED_KEY_USAGE *list = X509_get_ext_d2i(x, NID_ext_key_usage, NULL, NULL);
	ASN1_OBJECT *want = OBJ_txt2obj("1.3.6.1.5.5.7.3.36", 1);
	bool found = false;
	for (int i = 0; want && i < sk_ASN1_OBJECT_num(list); i++)
		found = found || OBJ_cmp(sk_ASN1_OBJECT_value(list, i), want) == 0;
	ASN1_OBJECT_free(want);
	EXTENDED_KEY_USAGE_free(list);
	return found;
}

/* An extended key usage that binds the key to a machine's job (RFC 5280, 4.2.1.12). Web servers'
 * certificates name clientAuth beside serverAuth: that makes no person of them. */
static bool machine_only(X509 *x)
{
	if (!(X509_get_extension_flags(x) & EXFLAG_XKUSAGE))
		return false;
	uint32_t xku = X509_get_extended_key_usage(x);
	uint32_t person = XKU_SMIME | XKU_ANYEKU;
	if (!(xku & XKU_SSL_SERVER))
		person |= XKU_SSL_CLIENT;
	return (xku & (XKU_SSL_SERVER | XKU_CODE_SIGN | XKU_OCSP_SIGN | XKU_TIMESTAMP)) != 0 &&
	       (xku & person) == 0 && !signs_documents(x);
}

const char *usage_defect(X509 *x, const struct identity *id)
{
	/* First: a CA's key usage has no signatures of documents either. */
	if (id->is_ca)
		return "the certificate is a CA's; it signs certificates, not documents";
	if (!id->can_sign || names_itself(id, "e-Cert (Encipherment)"))
		return "the certificate is for encipherment only; it may not sign documents";
	if (machine_only(x) || names_itself(id, "e-Cert (Server)"))
		return "the certificate is a server's or a service's; it may not sign documents";
	return NULL;
}

static void say_date(char *reason, size_t size, const char *what, time_t t)
{
	struct tm tm;
	char date[32] = "?";
	if (gmtime_r(&t, &tm))
		(void)strftime(date, sizeof date, "%Y-%m-%d", &tm);
	(void)snprintf(reason, size, "%s %s", what, date);
}

bool trust_may_sign(struct rd cert, time_t now, char *reason, size_t size)
{
	struct identity id;
	X509 *x = NULL;
	const char *why = "the certificate cannot be read";
	if (size)
		reason[0] = 0;
	if (identity_read(cert, &id) == ECERT_OK && cert_parse(cert, &x) == ECERT_OK)
		why = usage_defect(x, &id);
	X509_free(x);
	if (why) {
		(void)snprintf(reason, size, "%s", why);
		return false;
	}
	if (now > id.not_after)
		say_date(reason, size, "the certificate expired on", id.not_after);
	else if (now < id.not_before)
		say_date(reason, size, "the certificate is not valid before", id.not_before);
	else
		return true;
	return false;
}
