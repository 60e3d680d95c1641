/* SPDX-License-Identifier: BSD-2-Clause */
/* A sentence for each reason not to sign. */
#include "document/xml/sign/refusal.h"

#include "util/message.h"

#define BESIDE MSG_ID("With --detached the signature goes into a file beside it.")

const struct doc_refusal xsign_zatca = {REASON_ID("zatca-curve"),
    MSG_ID("ZATCA needs a key on secp256k1, which no PIV slot has"),
    MSG_ID("Sign it with the program of whoever submits it to ZATCA.")};

/* By the SDK of MyInvois (sdk.myinvois.hasil.gov.my, "Document Signature Creation", steps 4 and 7)
 * the signature value is over the canonical document, and the digest of the signed properties is
 * over a text that its own library writes: no verifier of XML signatures takes either. */
const struct doc_refusal xsign_myinvois = {REASON_ID("myinvois-no-xmldsig"),
    MSG_ID("MyInvois wants a value over the document alone where XML signatures have one over "
	   "ds:SignedInfo, and that is not made here"),
    MSG_ID("Sign it with the program that submits it to MyInvois.")};

static const struct doc_refusal refusals[XSIGN_REFUSAL_COUNT] = {
    [XSIGN_BROKEN] = {REASON_ID("xml-broken"), MSG_ID("it is not well-formed XML"),
	MSG_ID("Have the program that made it mend it; or --detached makes a signature beside "
	       "it.")},
    [XSIGN_DOCTYPE] = {REASON_ID("xml-doctype"),
	MSG_ID("it has a document type (DOCTYPE), and readers may see different documents"),
	MSG_ID("Have it made without one; or --detached makes a signature beside it.")},
    [XSIGN_ENCODING] = {REASON_ID("xml-encoding"), MSG_ID("it is not written in UTF-8"),
	MSG_ID("Save it in UTF-8 and sign that; or --detached makes a signature beside it.")},
    [XSIGN_VERSION] = {REASON_ID("xml-version"),
	MSG_ID("it is XML 1.1, for which there is no canonical form to sign"), BESIDE},
    [XSIGN_SAME_IDS] = {REASON_ID("xml-same-ids"),
	MSG_ID("two elements in it have the same Id, and what is signed could be mistaken"),
	MSG_ID("Have it made with an Id once; or --detached makes a signature beside it.")},
    [XSIGN_COVERED] = {REASON_ID("xml-covered"),
	MSG_ID("a signature in it covers all of it, and another one inside would break that"),
	BESIDE},
    [XSIGN_NOT_UBL] = {REASON_ID("xml-not-ubl"), MSG_ID("it is no UBL document"),
	MSG_ID("Leave --profile out: then the signature fits the file.")},
    [XSIGN_RELATIVE] = {REASON_ID("xml-relative-namespace"),
	MSG_ID("a namespace in it is a relative URI, for which there is no canonical form"),
	BESIDE},
};

const struct doc_refusal *xsign_refused(enum xsign_refusal why)
{
	return why > XSIGN_GOOD && why < XSIGN_REFUSAL_COUNT ? &refusals[why] : NULL;
}

const struct doc_refusal *xsign_unread(enum wall_end end)
{
	static const struct doc_refusal large = {REASON_ID("xml-too-large"),
	    MSG_ID("there is more in it than can be looked at"), BESIDE};

	if (end == WALL_ANSWERED)
		return NULL;
	return wall_reason(end) == REASON_TOO_MUCH ? &large : &refusals[XSIGN_BROKEN];
}
