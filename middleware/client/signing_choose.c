/* SPDX-License-Identifier: BSD-2-Clause */
/* Which certificate signs, and what is worth knowing about it before it does. */
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "client/expiry.h"
#include "client/serial.h"
#include "client/signing.h"
#include "trust/attestation/attestation.h"
#include "trust/path/check.h"
#include "util/text.h"

static bool id_equal(const char *asked, const char *id)
{
	return !strcasecmp(asked, id) ||
	       (strlen(asked) == 1 && id[0] == '0' && !strcmp(asked, id + 1));
}

static bool is_named(const struct p11_cert *cert, const struct signing_choice *choice)
{
	return (!choice->id || id_equal(choice->id, cert->id)) &&
	       (!choice->cert_serial || serial_same(choice->cert_serial, cert->who.serial));
}

static bool may_sign(const struct signing *s, const struct p11_cert *cert)
{
	return !cert->who.is_ca && trust_may_sign(buf_view(&cert->der), job_now(s->p11.job), NULL);
}

/* Other people's modules show them beside the certificates, with the same id (ykcs11). */
static bool is_owners(const struct p11_cert *cert)
{
	return !cert->who.is_ca && !attestation_is_statement(cert->cert->x509);
}

bool signing_others(const struct signing *s)
{
	for (size_t i = 0; i < s->certs_n; i++)
		if (&s->certs[i] != s->chosen && is_owners(&s->certs[i]) &&
		    may_sign(s, &s->certs[i]))
			return true;
	return false;
}

/* Of several for one place or one key (it was renewed) the one that ends last. */
static const struct p11_cert *later(const struct p11_cert *a, const struct p11_cert *b)
{
	return !a || b->who.not_after > a->who.not_after ? b : a;
}

const struct p11_cert *signing_choose(const struct signing *s, const struct signing_choice *choice)
{
	const struct p11_cert *named = NULL, *main = NULL, *fit = NULL, *any = NULL;

	for (size_t i = 0; i < s->certs_n; i++) {
		const struct p11_cert *cert = &s->certs[i];

		if (is_named(cert, choice) && (!named || is_owners(cert) > is_owners(named)))
			named = cert;
		if (!is_owners(cert))
			continue;
		if (cert->ref == 0x9C)
			main = later(main, cert);
		if (may_sign(s, cert))
			fit = later(fit, cert);
		any = any ? any : cert;
	}
	if (choice->id || choice->cert_serial)
		return named;
	return main ? main : fit ? fit : any;
}

/* Nobody should find out from the signature which of two certificates was used. */
static void tell_others(const struct signing *s)
{
	for (size_t i = 0; i < s->certs_n; i++) {
		const struct p11_cert *cert = &s->certs[i];
		char until[TEXT_DAY];

		if (cert == s->chosen || !may_sign(s, cert))
			continue;
		(void)text_day(cert->who.not_after, until);
		ui_note(s->p11.job->ui,
		    MSG(s->chosen->ref == 0x9C
			    ? MSG_ID("The certificate with id {id} ({name}, until {until}) may "
				     "sign, too; id {chosen} is used, the token's signature key. "
				     "Choose with --id.")
			    : MSG_ID(
				  "The certificate with id {id} ({name}, until {until}) may sign, "
				  "too; id {chosen} is used, which ends last. Choose with --id."),
			P_TEXT("id", cert->id), P_TEXT("name", cert->who.name),
			P_TEXT("until", until), P_TEXT("chosen", s->chosen->id)));
	}
}

/* A signature without the CA's certificate is one that many cannot verify: said here, not by them.
 */
static void tell_missing(const struct signing *s)
{
	if (!s->doc.chain_n && X509_self_signed(s->chosen->cert->x509, 0) != 1)
		ui_note(s->p11.job->ui,
		    MSG(p11_foreign(s->p11.job)
			    ? MSG_ID("The token has no certificate of its CA ({ca}), which whoever "
				     "verifies the signature needs: add it with --chain.")
			    : MSG_ID("The token has no certificate of its CA ({ca}), which whoever "
				     "verifies the signature needs: add it with --chain, or keep "
				     "it by `ecert cert import CA-FILE`."),
			P_TEXT("ca", *s->chosen->who.issuer_cn ? s->chosen->who.issuer_cn
							       : s->chosen->who.issuer)));
	ERR_clear_error();
}

void signing_tell(const struct signing *s, const struct signing_choice *choice)
{
	struct expiry ends;

	if (!choice->id && !choice->cert_serial)
		tell_others(s);
	if (!choice->bare)
		tell_missing(s);
	if (expiry_near(s->chosen->who.not_after, job_now(s->p11.job), &ends))
		ui_note(
		    s->p11.job->ui, MSG("The certificate {ends}: ask your CA for a new one now; "
					"`ecert doctor` says how.",
					P_MSG("ends", &ends.m)));
}
