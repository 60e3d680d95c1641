/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is known about the revocation of one certificate of an accepted path. Only what verifies
 * under that path counts, whoever brought it; no other path is built.
 */
#ifndef ECERT_TRUST_REVOCATION_PRIV_H
#define ECERT_TRUST_REVOCATION_PRIV_H

#include "trust/path/path_priv.h"
#include "trust/revocation/crl.h"

/* Clocks differ. */
#define REVOCATION_SKEW 300
/* Without nextUpdate an answer is good for a day. */
#define REVOCATION_MAX_AGE ((time_t)24 * 3600)

enum revocation {
	REVOCATION_NONE, /* nothing at hand is about it */
	REVOCATION_GOOD,
	REVOCATION_REVOKED,
	REVOCATION_UNKNOWN, /* something is, and does not decide */
};

/* How it was taken back. */
enum gone { GONE_REVOKED, GONE_SUSPENDED, GONE_BY_OCSP, GONE_COUNT };

struct answer {
	enum revocation what;
	bool lasting; /* GOOD: and it tells of certificates that are over, too */
	bool asked;   /* the relying party gave something that is about it, good or not */
	struct message_kept why; /* GOOD, UNKNOWN */
	enum reason reason;	 /* UNKNOWN: what there would have to be instead */
	enum gone gone;		 /* REVOKED, and the day, when it is told */
	bool dated;
	char when[16];
	time_t since;	/* REVOKED: when; 0: not told */
	bool later;	/* it was revoked after the moment that is judged, which why says */
	bool key_safe;	/* REVOKED: for a reason that leaves the key good */
	time_t doubted; /* otherwise, and taken back later: since when not to be relied on, which is
			   before the moment that is judged; 0: no such thing is told */
};

/* X.509, 8.5.2.2 says of three reasons that "there is no cause to suspect that the private key has
 * been compromised": affiliationChanged, superseded and cessationOfOperation. */
static inline bool revocation_key_safe(int reason)
{
	return reason >= 3 && reason <= 5;
}

/* Whether an answer about x that is in force from `made` to `until` counts for the question: now,
 * or at the moment that a time stamp proves. expired_too: it tells also of certificates that were
 * over when it was made. above: where x's issuer is in the chain. */
bool revocation_in_force(const struct path_job *j, int above, const X509 *x, time_t made,
    time_t until, bool expired_too);
/* CAs take certificates that are over off their lists (RFC 5280, 3.3): whether an answer that was
 * made then tells of x all the same. */
bool revocation_tells(const X509 *x, time_t made, bool expired_too);
/* What was taken back at that time, for that reason, was not yet when what was signed is proved to
 * have been there (EN 319 102-1, 5.6.2.1). A CA whose key may be in wrong hands makes certificates
 * of any date, so that only a reason that leaves its key good counts from its day on. nested: a
 * signer of answers, of which nothing is proved. */
static inline bool revocation_later(
    const struct path_job *j, int above, bool nested, time_t when, int reason)
{
	time_t proved = path_proved(j);

	return proved && !nested && when > proved && (above == 1 || revocation_key_safe(reason));
}

/* invalidityDate (RFC 5280, 5.3.2), where it was taken back after that moment: the CA's word that
 * it was in doubt before, which takes nothing away (EN 319 102-1 goes by the other date), and which
 * who reads the verdict has to know. */
static inline void revocation_doubt(const struct path_job *j, time_t invalid, struct answer *a)
{
	time_t moment = path_proved(j) ? path_proved(j) : j->q->now;

	if (invalid && invalid <= moment && (!a->doubted || invalid < a->doubted))
		a->doubted = invalid;
}

/* When the signers of what was brought have to have been in force. */
static inline time_t revocation_kept(const struct path_job *j)
{
	return path_proved(j) && j->proof->kept ? j->proof->kept : j->q->now;
}

/* What algorithms an answer may be signed with: as of when its signer has to have been in force. */
static inline struct algorithm_rules revocation_rules(const struct path_job *j)
{
	return (struct algorithm_rules){&j->set->algorithms, j->answer_at};
}

/* Certificates of signers that were brought and are judged for one path. */
#define REVOCATION_VOUCHING 128
/* What the document brings of CRLs that may be about the chain, into j->brought, and what else is
 * in it, into j->heard. */
void revocation_take_brought(struct path_job *j);

/* Whose a response is. What was fetched is judged with certificates of its own, so that what the
 * document brings takes no place of it. */
enum revocation_whose { BROUGHT, FETCHED, OURS };
/* ocsp_answer, as of when its signer has to have been in force. */
void revocation_by_ocsp(struct path_job *j, struct rd response, X509 *x, int above,
    enum revocation_whose whose, struct answer *out);

/* By the responses in the document that are not brought: they say who was revoked, and make nobody
 * good. */
void revocation_hear_ocsps(struct path_job *j, X509 *x, int above, struct answer *sum);

/* By the CRLs of the set and the document, about x, whose issuer is in the chain at above. nested:
 * x is itself a signer of answers, so that only signers of the chain are asked. */
void crl_answer(struct path_job *j, X509 *x, int above, bool nested, struct answer *out);

/* Why an answer does not count, as its signature goes: REASON_NONE when it does, and why, an id. */
struct signer_defect {
	enum reason reason;
	const char *why;
};
/* Of a CRL about a certificate issued by the chain's certificate at above. *apart: the certificate
 * for signing CRLs alone that signed it; NULL: one of the path did. */
struct signer_defect crl_signer_defect(
    struct path_job *j, const struct crl *c, int above, bool nested, X509 **apart);
/* The certificate for signing CRLs alone by which such a CRL counts; NULL: one of the path signed
 * it. */
X509 *crl_signer_apart(struct path_job *j, const struct crl *c, int above);

/* By a DER OCSPResponse: signed by the CA at above, or by its delegate (RFC 6960, 4.2.2.2). */
void ocsp_answer(struct path_job *j, struct rd response, X509 *x, int above, struct answer *out);
/* What one says of whom it calls revoked later. */
extern const char ocsp_later[];

/* What the relying party gave and could not be used, when the answer is good by other means: the
 * document's own, that is. The first two by name. */
void revocation_say_unused(const struct path_job *j, struct report *rep);

#endif
