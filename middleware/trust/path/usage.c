/* SPDX-License-Identifier: BSD-2-Clause */
/* May a certificate sign documents. */
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

#include "document/cert.h"
#include "trust/attestation/attestation.h"
#include "trust/path/check.h"
#include "trust/path/usage.h"
#include "util/text.h"

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

/* Extended key usages (RFC 5280, 4.2.1.12): a person's are those with which documents are signed or
 * a person is known; a machine's bind the key to a job of its own. */
static const struct {
	const char *oid;
	bool person, machine;
} purposes[] = {
    {"2.5.29.37.0", true, false},	      /* anyExtendedKeyUsage */
    {"1.3.6.1.5.5.7.3.4", true, false},	      /* emailProtection */
    {"1.3.6.1.5.5.7.3.36", true, false},      /* documentSigning: RFC 9336, 3.1 */
    {"1.3.6.1.4.1.311.10.3.12", true, false}, /* Microsoft's document signing */
    {"1.2.840.113583.1.1.5", true, false},    /* Adobe's authentic documents */
    {"1.3.6.1.4.1.311.20.2.2", true, false},  /* Microsoft's smart card logon */
    {"1.3.6.1.5.2.3.4", true, false},	      /* PKINIT client: RFC 4556, 3.2.2 */
    {"1.3.6.1.5.5.7.3.1", false, true},	      /* serverAuth */
    {"1.3.6.1.5.5.7.3.3", false, true},	      /* codeSigning */
    {"1.3.6.1.5.5.7.3.8", false, true},	      /* timeStamping */
    {"1.3.6.1.5.5.7.3.9", false, true},	      /* OCSPSigning */
    {"1.3.6.1.5.2.3.5", false, true},	      /* PKINIT KDC */
};

#define CLIENT "1.3.6.1.5.5.7.3.2"
#define SERVER "1.3.6.1.5.5.7.3.1"

#define IS_MACHINE MSG_ID("the certificate is a server's or a service's; it may not sign documents")

struct uses {
	bool any, critical, person, machine, client, server;
};

static void read_uses(X509 *x, struct uses *u)
{
	int critical = 0;
	char oid[80];
	EXTENDED_KEY_USAGE *list = X509_get_ext_d2i(x, NID_ext_key_usage, &critical, NULL);

	*u = (struct uses){.any = list, .critical = critical > 0};
	for (int i = 0; i < sk_ASN1_OBJECT_num(list); i++) {
		if (OBJ_obj2txt(oid, sizeof oid, sk_ASN1_OBJECT_value(list, i), 1) <= 0)
			continue;
		u->client = u->client || strcmp(oid, CLIENT) == 0;
		u->server = u->server || strcmp(oid, SERVER) == 0;
		for (size_t k = 0; k < sizeof purposes / sizeof purposes[0]; k++) {
			bool same = strcmp(purposes[k].oid, oid) == 0;

			u->person = u->person || (same && purposes[k].person);
			u->machine = u->machine || (same && purposes[k].machine);
		}
	}
	EXTENDED_KEY_USAGE_free(list);
}

/* No use of a person's, and either a machine's or one that a critical extension insists on. */
static bool another_job(const struct uses *u, bool person)
{
	return u->any && !person && (u->critical || u->machine);
}

/* Web servers' certificates name clientAuth beside serverAuth: that makes no person of them. */
static const char *job_defect(X509 *x)
{
	struct uses u;

	read_uses(x, &u);
	if (!another_job(&u, u.person || (u.client && !u.server)))
		return NULL;
	return u.machine ? IS_MACHINE
			 : MSG_ID("a critical extension limits the certificate to another use, "
				  "which is not known here; it may not sign documents");
}

/* A CA's limits what is below it, as makers of browsers and mail programs have it. */
const char *usage_ca_defect(X509 *ca)
{
	struct uses u;

	read_uses(ca, &u);
	if (!another_job(&u, u.person || u.client))
		return NULL;
	return u.machine ? MSG_ID("the CA {ca} is limited to certificates of servers or services")
			 : MSG_ID("the CA {ca} is limited by a critical extension to certificates "
				  "of another use");
}

const char *usage_defect(X509 *x, const struct identity *id)
{
	if (X509_get_extension_flags(x) & EXFLAG_INVALID)
		return MSG_ID("an extension of the certificate cannot be read, or is there twice; "
			      "what it may do is not known");
	/* First: a CA's key usage has no signatures of documents either. */
	if (id->is_ca)
		return MSG_ID("the certificate is a CA's; it signs certificates, not documents");
	if (!id->can_sign || names_itself(id, "e-Cert (Encipherment)"))
		return MSG_ID(
		    "the certificate is for encipherment only; it may not sign documents");
	return names_itself(id, "e-Cert (Server)") ? IS_MACHINE : job_defect(x);
}

static void say_date(struct message_kept *reason, const char *id, time_t t)
{
	char date[TEXT_DAY];

	message_keep(reason, MSG(id, P_TEXT("date", text_day(t, date))));
}

bool trust_may_sign(struct rd cert, time_t now, struct message_kept *reason)
{
	struct identity id;
	struct message_kept quiet;
	X509 *x = NULL;
	const char *why = MSG_ID("the certificate cannot be read");

	reason = reason ? reason : &quiet;
	message_keep(reason, MSG_EMPTY);
	if (identity_read(cert, &id) == ECERT_OK && cert_parse(cert, &x) == ECERT_OK)
		why = attestation_is_statement(x) ? MSG_ID("the certificate is a token's statement "
							   "about its key, and names nobody")
						  : usage_defect(x, &id);
	X509_free(x);
	if (why) {
		message_keep(reason, MSG(why));
		return false;
	}
	if (now > id.not_after)
		say_date(reason, MSG_ID("the certificate expired on {date}"), id.not_after);
	else if (now < id.not_before)
		say_date(
		    reason, MSG_ID("the certificate is not valid before {date}"), id.not_before);
	else
		return true;
	return false;
}
