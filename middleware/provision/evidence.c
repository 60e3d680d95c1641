/* SPDX-License-Identifier: BSD-2-Clause */
/* Attestation certificates from the card. */
#include "provision/evidence.h"

#include <openssl/pem.h>
#include <stdio.h>

#include "client/outfile.h"
#include "provision/prov.h"
#include "client/slot.h"
#include "crypto/cert/x509.h"
#include "document/signer.h"

#define ATTESTER 0xF9
#define ATTEMPTS 3

/* What the card gives for a certificate need not be one. */
static bool is_certificate(struct rd der)
{
	X509 *x = NULL;
	bool good = x509_parse(der, &x) == ECERT_OK;

	X509_free(x);
	return good;
}

/* A slot's is made anew each time, by some cards with a serial number that is malformed now and
 * then (PivApplet: a leading zero too many). */
static enum ecert_rc read_one(const struct token_at *at, uint8_t ref, struct buf *der)
{
	enum ecert_rc rc = ECERT_E_MALFORMED;

	for (int i = 0; i < ATTEMPTS && rc == ECERT_E_MALFORMED; i++) {
		buf_reset(der);
		rc = token_attest(at, ref, der);
		if (rc == ECERT_OK && !is_certificate(buf_view(der)))
			rc = ECERT_E_MALFORMED;
	}
	return rc;
}

/* Errors: token_attest's; ECERT_E_MALFORMED, and then out->bad is the reference whose certificate
 * is none. */
static enum ecert_rc read_both(const struct token_at *at, uint8_t ref, struct evidence *out)
{
	const uint8_t of[] = {ref, ATTESTER};
	enum ecert_rc rc = ECERT_OK;

	for (int i = 0; rc == ECERT_OK && i < 2; i++) {
		rc = read_one(at, of[i], &out->der[i]);
		out->view[i] = buf_view(&out->der[i]);
		out->bad = rc == ECERT_E_MALFORMED ? of[i] : 0;
	}
	if (rc != ECERT_OK) {
		evidence_free(out);
		return rc;
	}
	out->n = 2;
	out->ref = ref;
	return ECERT_OK;
}

/* Another key that was generated on the card and signs documents. */
static enum ecert_rc other_key(const struct token_at *at, uint8_t ref, struct evidence *out)
{
	uint8_t refs[TOKEN_KEYS_MAX];
	size_t n = 0;
	enum ecert_rc rc = token_refs(at, refs, &n);

	for (size_t i = 0; rc == ECERT_OK && i < n; i++) {
		struct token_key k = {0};
		bool fits = refs[i] != ref && refs[i] != ATTESTER &&
			    token_key_get(at, refs[i], &k) == ECERT_OK && k.origin == 1 &&
			    doc_sig_for_key(k.alg) != DOC_SIG_NONE;

		token_key_clear(&k);
		if (fits && read_both(at, refs[i], out) == ECERT_OK) {
			out->co_resident = true;
			return ECERT_OK;
		}
	}
	return rc != ECERT_OK ? rc : ECERT_E_NOT_FOUND;
}

static void evidence_new(struct evidence *out)
{
	*out = (struct evidence){.n = 0};
	for (int i = 0; i < 2; i++)
		buf_init(&out->der[i], 65536);
}

void evidence_gather(
    const struct p11 *p, uint8_t ref, struct evidence *out, struct message_kept *why)
{
	struct prov prov;
	enum ecert_rc rc;

	evidence_new(out);
	*why = (struct message_kept){.n = 0};
	rc = ref ? prov_open_reader(p->job, p->slot->description, &prov) : ECERT_E_UNSUPPORTED;
	if (rc != ECERT_OK) {
		message_keep(why, MSG("this token is not one that attests its keys"));
		return;
	}
	rc = read_both(&prov.at, ref, out);
	if (rc == ECERT_E_DENIED && other_key(&prov.at, ref, out) == ECERT_OK)
		rc = ECERT_OK;
	if (rc == ECERT_E_MALFORMED && out->bad == ATTESTER)
		message_keep(
		    why, MSG("the certificate of its attestation key (f9) is malformed, which is "
			     "the token's fault"));
	else if (rc == ECERT_E_MALFORMED)
		message_keep(why, MSG("the attestation certificate that it made for slot {slot} is "
				      "malformed, which is the token's fault",
				      P_TEXT("slot", slot_name(out->bad))));
	else if (rc == ECERT_E_DENIED)
		message_keep(
		    why, MSG("the key was imported, and no other key on the token is attested"));
	else if (rc != ECERT_OK)
		message_keep(why, MSG("{why}", P_RC("why", rc)));
	prov_close(&prov);
}

void evidence_free(struct evidence *e)
{
	for (int i = 0; i < 2; i++)
		buf_free(&e->der[i]);
	e->n = 0;
	e->ref = 0;
}

enum outcome evidence_write(
    const struct job *job, const struct evidence *e, const char *path, bool force)
{
	BIO *bio = BIO_new(BIO_s_mem());
	bool good = bio;
	char *text = NULL;
	enum outcome code;

	for (size_t i = 0; good && i < e->n; i++)
		good = PEM_write_bio(bio, PEM_STRING_X509, "", e->view[i].p, (long)e->view[i].n) >
		       0;
	if (good) {
		long n = BIO_get_mem_data(bio, &text);

		code = outfile_save(job, path, rd_of(text, (size_t)n), force);
	} else {
		code = ui_fail_rc(
		    job->ui, ECERT_E_CRYPTO, MSG("Cannot write the attestation: {why}"));
	}
	BIO_free(bio);
	return code;
}

enum outcome evidence_need(const struct p11 *p, uint8_t ref, struct evidence *out)
{
	struct message_kept why;

	evidence_gather(p, ref, out, &why);
	if (out->n && !out->co_resident)
		return OUT_OK;
	return ui_fail(p->job->ui, OUT_REFUSED, "not-attested",
	    MSG("The token does not attest the key in slot {slot}: {why}",
		P_TEXT("slot", slot_name(ref)),
		P_MSG("why", why.n ? MSG_KEPT(&why) : MSG("it was imported"))),
	    MSG(out->bad
		    ? MSG_ID(
			  "Leave --attestation out; what is malformed proves nothing to anybody.")
		    : MSG_ID("Leave --attestation out, or generate a new key.")));
}
