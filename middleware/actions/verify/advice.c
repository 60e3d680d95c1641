/* SPDX-License-Identifier: BSD-2-Clause */
/* What to do next when something is not valid: a sentence for each reason. */
#include "actions/verify/verify.h"

static const char *const by_reason[REASON_COUNT] = {
    [REASON_NOT_A_SIGNATURE] = MSG_ID(
	"Name the signed file first and then its signature, which is usually called FILE.p7s."),
    [REASON_DAMAGED] = MSG_ID(
	"It was cut off or changed on its way: have it sent again, and compare "
	"its size with the one that the sender has."),
    [REASON_IS_TOKEN] = MSG_ID("Name one file: ecert verify --status STATUS MARK for a trust mark "
			       "with its status, and other signed tokens alone."),
    [REASON_NOT_SIGNED_DATA] = MSG_ID(
	"There is no signature on its outside; what is encrypted or compressed has to be opened "
	"first, by whom it is for, and may have one inside."),
    [REASON_NO_SIGNER] = MSG_ID("Nobody signed anything with it; the signature is another file."),
    [REASON_TRAILING] = MSG_ID("Do not rely on what else the file shows: no signature covers it. "
			       "Have the file sent again as it was signed."),
    [REASON_TOO_MUCH] = MSG_ID("Files that people sign have some of each, never hundreds: what has "
			       "more is not looked at. Have it made again with what it needs."),
    [REASON_FORMAT_BROKEN] = MSG_ID(
	"Programs may show such a file differently, and so hide what was "
	"changed: have it sent again, or made anew."),
    [REASON_NO_CONTENT] = MSG_ID(
	"Name the signed file, then its signature: ecert verify FILE SIGNATURE."),
    [REASON_NOT_BESIDE] = MSG_ID("Put the files that it is about into its folder, under the names "
				 "that it has for them, and verify it there."),
    [REASON_CONTENT_CHANGED] = MSG_ID("The file was changed after it was signed, or it is another "
				      "file: compare it with the one that the signer has."),
    [REASON_TEXT_FORM] = MSG_ID(
	"Of a text that says nothing against it: a copy with such ends (unix2dos) is what was "
	"signed. Have other files signed as they are (openssl cms -sign -binary)."),
    [REASON_ATTRIBUTES_MISSING] = MSG_ID(
	"That says nothing against it: it is a signature of another kind than CAdES, which does "
	"not bind the time and the certificate; have it signed as CAdES (openssl cms -sign "
	"-cades), or find out another way whether it is genuine."),
    [REASON_ATTRIBUTES_BAD] = MSG_ID("Do not rely on it: its own statements contradict each other "
				     "or are not written as the standard has them."),
    [REASON_SIGNED_PART] = MSG_ID("Save that message as a file of its own (open it in the mail "
				  "program first), and verify that."),
    [REASON_CONTENT_TYPE] = MSG_ID(
	"Verify it with the program for that type (a time stamp with openssl ts -verify, a signed "
	"program with its system's tools): nobody signed it as a document."),
    [REASON_DIGEST_SHORT] = MSG_ID(
	"Nothing else is known against it; have it signed with SHA-256 or longer."),
    [REASON_ALGORITHM_OLD] = MSG_ID(
	"That says nothing against the file or the signer, but an algorithm of that kind is not "
	"relied on any more, and signatures by the oldest ones can be forged: find out another way "
	"whether it is genuine, or say until when you rely on it with --algorithm."),
    [REASON_ALGORITHM_UNKNOWN] = MSG_ID("A newer version of this program may know it."),
    [REASON_KEY_WEAK] = MSG_ID(
	"Keys of that size are not relied on any more, and small ones can be "
	"broken by others: find out another way whether the file is "
	"genuine, or say until when you rely on them with --algorithm."),
    [REASON_SIGNER_CERT_MISSING] = MSG_ID(
	"Get the signer's certificate from the CA or the signer, and name it with --intermediate "
	"CERT.pem; a signature usually carries it."),
    [REASON_SIGNER_CERT_OTHER] = MSG_ID("Do not rely on it: the signature says that it was made "
					"with another certificate than the one that is in it."),
    [REASON_SIGNATURE_BAD] = MSG_ID(
	"Do not rely on it; if the file came damaged, have file and signature sent again."),
    [REASON_SIGNED_IN_FUTURE] = MSG_ID(
	"Compare the clock of this computer with the signer's (and --at, when it is given)."),
    [REASON_BYTE_RANGE] = MSG_ID("Do not rely on it: a signature in a PDF covers all of it but "
				 "itself. If the file came damaged, have it sent again."),
    [REASON_CHANGED_LATER] = MSG_ID("Do not rely on what it shows now: --extract-revision takes "
				    "out what was signed."),
    [REASON_CHANGES_UNREAD] = MSG_ID(
	"Do not rely on what it shows now: --extract-revision takes out what was signed."),
    [REASON_CRITICAL_UNKNOWN] = MSG_ID(
	"That says nothing against it: a newer version of this program, "
	"or the signer's own, may know it."),
    [REASON_PROFILE_UNMET] = MSG_ID(
	"Ask the signer for a signature that keeps to the standard that it names."),
    [REASON_PART_SIGNED] = MSG_ID(
	"Rely on what is signed alone, by its path, and on nothing else in the document."),
    [REASON_WRAPPED] = MSG_ID(
	"Do not rely on it: what was signed has been moved, and something else stands in its "
	"place."),
    [REASON_NO_ANCHOR] = MSG_ID("Say whom you trust: once with `ecert trust add CA.pem`, or for "
				"this run with --anchor CA.pem, or --trust-list."),
    [REASON_UNKNOWN_CA] = MSG_ID(
	"If you trust this CA, take its root from the CA itself, not from the signer, and say so: "
	"once with `ecert trust add ROOT.pem`, or for this run with --anchor ROOT.pem."),
    [REASON_ISSUER_MISSING] = MSG_ID("Name the missing CA's certificate with --intermediate CA.pem "
				     "(the CA's web site has it), or the CA itself with --anchor."),
    [REASON_CHAIN_REFUSED] = MSG_ID("Another --anchor does not help: the certificates themselves "
				    "are not as they have to be, which only their CA can mend."),
    [REASON_NOT_YET_VALID] = MSG_ID("Compare the clock of this computer (or the time that is given "
				    "with --at) with the certificate's beginning."),
    [REASON_EXPIRED_THEN] = MSG_ID(
	"The signer needs a certificate that is in force, and has to sign the file again with it."),
    [REASON_NOT_YET_PROVED] = MSG_ID(
	"The signer needs a certificate that is in force, and has to sign the file again with it."),
    [REASON_EXPIRED_PROVED] = MSG_ID(
	"The signer needs a certificate that is in force, and has to sign the file again with it."),
    [REASON_EXPIRED_SINCE] = MSG_ID(
	"The signature may have been made in time: a time stamp tells when its TSA is trusted "
	"(--tsa-anchor, or `ecert trust add --kind tsa`); or, if you know from elsewhere that it "
	"was there on a day, say that day with --at."),
    [REASON_EXPIRED_UNREVOKED] = MSG_ID(
	"The signature may have been made in time: a time stamp tells when its TSA is trusted "
	"(--tsa-anchor, or `ecert trust add --kind tsa`); or, if you know from elsewhere that it "
	"was there on a day, say that day with --at."),
    [REASON_ANCHOR_ENDED] = MSG_ID("A time stamp tells that it was signed before, when its TSA is "
				   "trusted; or say that day with "
				   "--at, if you know it from elsewhere, or name the CA with "
				   "--anchor, if you still trust it."),
    [REASON_USAGE] = MSG_ID(
	"The signer has to sign with a certificate that is meant for documents."),
    [REASON_POLICY] = MSG_ID("If you accept such certificates, name the CA with --anchor, or a "
			     "trust list that has their policy."),
    [REASON_REVOKED] = MSG_ID(
	"Do not rely on it: the CA has withdrawn the certificate, and nothing "
	"proves that it was signed before."),
    [REASON_REVOKED_THEN] = MSG_ID(
	"Do not rely on it: the CA had withdrawn the certificate when it was signed."),
    [REASON_REVOKED_PROVED] = MSG_ID(
	"Do not rely on it: the CA had withdrawn the certificate when it was signed."),
    [REASON_CA_REVOKED] = MSG_ID("Do not rely on it: a CA above the signer was withdrawn, so that "
				 "nobody answers for the certificate."),
    [REASON_SUSPENDED] = MSG_ID(
	"Do not rely on it now: the CA has it on hold and may release or revoke it; verify it "
	"again later, with the CA's newest CRL."),
    [REASON_REVOCATION_MISSING] = MSG_ID(
	"Have it asked for with --online (again later, if nobody answered; what was not asked, and "
	"why, is told), or get the CA's current CRL from the CA and name it with --crl."),
    [REASON_REVOCATION_STALE] = MSG_ID(
	"Get the CA's newest CRL (or OCSP response) from the CA and name it with --crl (--ocsp), "
	"or "
	"where the time of a time stamp counts one that was made between it and the certificate's "
	"end; nothing is wrong with the signature by that."),
    [REASON_REVOCATION_BAD] = MSG_ID("Get the CRL (or OCSP response) again, from the CA itself; "
				     "nothing is wrong with the signature by that."),
    [REASON_REVOCATION_SIGNER_BAD] = MSG_ID(
	"Only the CA can mend that: ask it for a CRL (or OCSP response) that is signed with a "
	"certificate which counts; nothing is wrong with the signature by that."),
    [REASON_REVOCATION_SIGNER_OVER] = MSG_ID("Get the CRL (or OCSP response) again, signed by who "
					     "is in force now; nothing is wrong with "
					     "the signature by that."),
    [REASON_ATTESTATION_BAD] = MSG_ID(
	"No --attestation-root mends it: what the token says of its key is not as it has to be. "
	"Ask the counterparty for a token without it, or for one made with another security "
	"token."),
    [REASON_ISSUER_CERT_TIME] = MSG_ID(
	"Ask the issuer what it signs with now, and for a mark or status that is signed with it; "
	"compare the clocks (and --at, when it is given)."),
    [REASON_ISSUER_KID] = MSG_ID("Ask the issuer under which names (kid) it publishes its key; a "
				 "trust list can give a key such a name."),
    [REASON_ISSUER_UNPINNED] = MSG_ID("If the issuer has this key, too (a renewed certificate, "
				      "say), name it with the URL as well: --mark-issuer URL=PEM."),
    [REASON_MARK_UNBOUND] = MSG_ID(
	"The mark alone does not tell who holds it: ask for a token without it, or its issuer for "
	"one that names the holder's certificate."),
};

/* The checks whose name says it all. */
static const char *const by_check[CHK_COUNT] = {
    [CHK_CHAIN] = MSG_ID("Say whom you trust: --anchor CA.pem, or --trust-list; --intermediate "
			 "where one is missing."),
    [CHK_SIGNER] = MSG_ID("Ask the signer for a signature by a certificate that is written as RFC "
			  "5280 has it: only its CA can mend this one."),
    [CHK_KIND] = MSG_ID(
	"It is not what you asked for; if it is what you want, leave the option out."),
    [CHK_NONCE] = MSG_ID(
	"It was used before, or was made for somebody else: ask for another with a fresh nonce."),
    [CHK_SIGNER_ASKED] = MSG_ID(
	"Whoever was asked for has not signed it: see above who has, and have "
	"it signed by whom it should be."),
    [CHK_SUBJECT] = MSG_ID(
	"Ask for one in which they name themselves by the URL that you know them by."),
    [CHK_TIME] = MSG_ID("Ask for a fresh one; if that fails too, compare the clocks."),
    [CHK_ATTESTATION_CHAIN] = MSG_ID(
	"Name the token maker's root with --attestation-root, if you trust it."),
    [CHK_EVIDENCE_LEVEL] = MSG_ID("Name the token maker's root with --attestation-root, if you "
				  "trust it, or accept less evidence with --level."),
    [CHK_AUDIENCE] = MSG_ID("It was made for somebody else, or --audience is not what they call "
			    "you: ask for one with your name."),
    [CHK_SIGNATURE] = MSG_ID("Do not rely on it: it was changed, or is signed by another key."),
    [CHK_FORM] = MSG_ID(
	"It is damaged or made by a program that does otherwise: have it sent again."),
    [CHK_PIN_POLICY] = MSG_ID(
	"Whoever has the token can sign with it: ask for a key that asks for a PIN."),
    [CHK_ATTESTED_KEY] = MSG_ID("The evidence is about another key: ask for a token without it, or "
				"by the key that it is about."),
    [CHK_NONCE_BURNED] = MSG_ID(
	"Another run of this program has accepted one with the same nonce: ask for "
	"another with a fresh nonce."),
    [CHK_REPLAY] = MSG_ID("It was handed in before: ask for a new one."),
    [CHK_PREVIOUS_MARK] = MSG_ID("Name the mark that the request is about with --mark."),
    [CHK_BUSINESS_NUMBER] = MSG_ID(
	"Ask the merchant for a request with the certificate's own number."),
    [CHK_MARK] = MSG_ID("Ask for a token that holds the trust mark."),
    [CHK_MARK_ISSUER] = MSG_ID("Say whose marks you accept: --mark-issuer URL=PEM."),
    [CHK_MARK_SIGNATURE] = MSG_ID("Do not rely on it: it is not by the issuer that it names."),
    [CHK_MARK_SUBJECT] = MSG_ID(
	"It was granted to somebody else, or --holder is not the holder's URL."),
    [CHK_MARK_HOLDER] = MSG_ID(
	"It was granted to another certificate: ask its issuer whether the holder has a new one."),
    [CHK_MARK_TIME] = MSG_ID(
	"Ask the holder for the mark that is in force, and compare the clocks."),
    [CHK_MARK_DELEGATION] = MSG_ID("Say who owns the type with --mark-owner, or ask the issuer for "
				   "a mark with a delegation that is in force."),
    [CHK_STATUS] = MSG_ID("Ask again later with --online, or get the mark's status from its "
			  "issuer and name it with --status."),
    [CHK_STATUS_ISSUER] = MSG_ID("Say whose statuses you accept: --mark-issuer URL=PEM."),
    [CHK_STATUS_SIGNATURE] = MSG_ID(
	"Do not rely on it: fetch the status from the mark's issuer itself."),
    [CHK_STATUS_MARK] = MSG_ID(
	"Name the mark that it is about, byte for byte as it was granted, with --mark."),
    [CHK_STATUS_TIME] = MSG_ID("Fetch a fresh status from the issuer."),
    [CHK_STATUS_AGE] = MSG_ID("Fetch a fresh status from the issuer."),
    [CHK_STATUS_VALUE] = MSG_ID("Do not rely on the mark; its issuer can tell why."),
};

/* A time stamp of it would tell, and all that it lacks is whether its TSA was revoked. */
static bool stamp_lacks_revocation(const struct doc_signature *s)
{
	static const enum reason lacks[] = {REASON_REVOCATION_MISSING, REASON_REVOCATION_STALE,
	    REASON_REVOCATION_BAD, REASON_REVOCATION_SIGNER_BAD, REASON_REVOCATION_SIGNER_OVER};

	for (size_t i = 0; i < s->stamps_n; i++) {
		const struct check *why = report_judge(&s->stamps[i].report).why;

		for (size_t k = 0; why && k < sizeof lacks / sizeof lacks[0]; k++)
			if (why->id == CHK_REVOCATION && why->reason == lacks[k] &&
			    s->stamps[i].kind != DOC_STAMP_CONTENT)
				return true;
	}
	return false;
}

/* The certificate is over or gone since then, so that a proof of the time decides. */
static bool wants_stamp(enum reason r)
{
	return r == REASON_EXPIRED_SINCE || r == REASON_EXPIRED_UNREVOKED || r == REASON_REVOKED ||
	       r == REASON_ANCHOR_ENDED;
}

const char *verify_advice(
    const struct check *why, const struct doc_signature *of, const struct online_result *asked)
{
	if (why && of && wants_stamp(why->reason) && stamp_lacks_revocation(of))
		return MSG_ID(
		    "Its time stamp would tell, but nothing at hand says whether the TSA "
		    "was revoked: have it asked for with --online, or get the current CRL "
		    "of the TSA's CA and name it with --crl.");
	if (why && why->reason == REASON_REVOCATION_MISSING && online_nobody(asked))
		return MSG_ID("Nobody can be asked for it as it is (what is not asked, and why, is "
			      "told): get the CA's current CRL from the CA and name it with --crl; "
			      "a host in your own network may be asked with --online "
			      "--online-allow=HOST.");
	/* The clock here is not in question where the signer's own word is. */
	if (why && of && why->reason == REASON_NOT_YET_VALID && of->when &&
	    of->when < of->who.not_before)
		return MSG_ID("The signer says that it was signed before the certificate began: "
			      "have the clock of the signer's computer set, and the file signed "
			      "again.");
	if (why && why->id == CHK_VALIDITY && why->reason == REASON_CHAIN_REFUSED)
		return MSG_ID("A CA may have several certificates of one key: one that was in "
			      "force then helps, named with --intermediate, or with --anchor when "
			      "you trust it.");
	if (why && (unsigned)why->reason < REASON_COUNT && by_reason[why->reason])
		return by_reason[why->reason];
	if (why && (unsigned)why->id < CHK_COUNT && by_check[why->id])
		return by_check[why->id];
	return MSG_ID("Do not rely on it as it is; the reason says what would have to change.");
}

const struct check *verify_why(const struct report *rep)
{
	return report_judge(rep).why;
}
