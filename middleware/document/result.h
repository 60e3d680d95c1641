/* SPDX-License-Identifier: BSD-2-Clause */
/* What the verification of a signed document found, whatever its format. */
#ifndef ECERT_DOCUMENT_RESULT_H
#define ECERT_DOCUMENT_RESULT_H

#include <stdint.h>
#include <time.h>

#include "document/extend/level.h"
#include "document/identity.h"
#include "document/report.h"
#include "document/verdict.h"
#include "util/buf.h"

/* What a time stamp of a signature covers: its value; that with all that proves it; the content
 * alone, from before it was signed, which proves nothing of the signature. */
enum doc_stamp_kind { DOC_STAMP_SIGNATURE, DOC_STAMP_ARCHIVE, DOC_STAMP_CONTENT };

struct doc_stamp {
	enum doc_stamp_kind kind;
	bool counts; /* every check passed: it proves that what it covers was there at that time */
	bool lasts;  /* and nobody has to be asked about the TSA (document/path.h) */
	time_t when; /* 0: it cannot be read */
	char policy[80];     /* the TSA's, dotted; empty: it cannot be read */
	struct identity who; /* the TSA; empty when its certificate is not there */
	uint8_t cert[32];    /* SHA-256 of that; zeros */
	struct report report;
};

#define DOC_STAMPS_MAX 8

/* It proves that the signature was there. */
static inline bool doc_stamp_proves(const struct doc_stamp *t)
{
	return t->counts && t->kind != DOC_STAMP_CONTENT;
}

/* Of a signature that is inside of the file it signs: what of it, and what it says of itself there.
 */
struct doc_inside {
	size_t revision;    /* the states of the file that are signed, from 1 on; 0: unknown */
	uint64_t covers;    /* bytes of the file, from its beginning */
	bool whole;	    /* nothing follows them */
	char subfilter[48]; /* "ETSI.CAdES.detached" */
	char reason[256], place[256], contact[256]; /* the signer's words; empty: none */
};

/* Of a signature in XML: where it is, and what of the document it is about, as paths of elements.
 */
#define DOC_SELECTED_MAX 8
struct doc_selected {
	char path[512];
	size_t references;
	bool whole; /* nothing of the document is left out that is no signature */
	char of[DOC_SELECTED_MAX][512]; /* the first of them; a file's URI where it is one */
	size_t n;
};

/*
 * One signer, whose checks are in this order: "signed attributes", "content digest", "signing
 * certificate", "signature value", then those of the path seam (document/path.h): "chain",
 * "validity", "key usage", "policy", "revocation".
 */
struct doc_signature {
	struct identity who;
	time_t when; /* signingTime; 0 when it is absent */
	char algorithm[64];
	struct buf cert;	  /* DER; empty when the certificate is not in the document */
	struct doc_stamp *stamps; /* owned */
	size_t stamps_n;
	time_t proved; /* it was there at this time, say time stamps that count; 0: nobody says */
	/* Static: "CMS", "CAdES-B-B"; with time stamps that count, and with what lasts,
	 * "CAdES-B-T", "PAdES-B-LT". NULL: unknown. */
	const char *profile;
	bool lasts; /* nobody has to be asked about the signer any more (document/path.h) */
	bool asked; /* the document's verdict depends on it */
	/* Signatures over this one's value, each with its own report: told, and asked for only by
	 * name, since anybody can add one. */
	size_t counters;
	struct doc_signature *counter;
	size_t counters_left;	       /* more than are looked at: nobody knows whose */
	struct doc_inside *inside;     /* owned; NULL: it is not inside of what it signs */
	struct doc_selected *selected; /* owned; NULL: it is not in XML */
	/* Of a container: in which of its signatures, from 0 on, and that another signature is
	 * about that. */
	size_t part;
	bool covered;
	struct report report;
};

/* Of a TSA, over all of a PDF: nobody's signature. */
bool doc_is_stamp(const struct doc_signature *s);

/* How the signature came: in the format's own bytes, or in a wrapping, of which the bytes around it
 * are signed by nobody. */
enum doc_form {
	DOC_FORM_PLAIN,
	DOC_FORM_PEM,	 /* RFC 7468 */
	DOC_FORM_BASE64, /* lines of it, without PEM's labels */
	DOC_FORM_SMIME,	 /* RFC 8551, a message with headers of its own */
	DOC_FORM_COUNT
};

/* A file in a container, or one of those beside it that are signed together. */
struct doc_member {
	char name[256]; /* as it may be shown, cut: no path */
	uint64_t size;
	size_t signatures; /* that cover it; 0: nobody signed it */
	bool taken;	   /* it went to whoever wanted the content, and all signatures cover it */
};

struct doc_result {
	enum doc_form form;
	bool attached; /* the content was inside */
	uint64_t content_size;
	/* Of a file that has its signatures inside: which signed state went to whoever takes
	 * content out, and what its signature is worth by itself; revision 0: none did. */
	struct {
		size_t revision;
		uint64_t size;
		enum verdict verdict;
	} taken;
	struct doc_member *members; /* owned; NULL: it is about one file alone */
	size_t members_n;
	bool beside; /* they are beside the signature, and not in a container */
	size_t n;
	struct report report; /* "structure" */
	struct doc_signature signer[];
};

/*
 * From now on the verdict is about the signatures of this person alone, counter-signatures among
 * them: the certificate's SHA-256 in hexadecimal (colons allowed); what looks like an e-mail
 * address, its e-mail address; else its whole subject, its name (with a comma: of a person and an
 * organisation), or its user name, without regard to the case of ASCII. Check "signer asked for" of
 * the document: whether there is one; unknown when one that was not looked at may be.
 */
void doc_result_ask(struct doc_result *r, const char *who);
/* The i-th (from 0) signature that the verdict is about, counter-signatures among them; NULL behind
 * the last one. A view of r. */
const struct doc_signature *doc_asked(const struct doc_result *r, size_t i);
/*
 * The worst over the document and all signers that are asked for. A counter-signature is over the
 * value of another signature, and says nothing of the content (RFC 5652, 11.4): who asks for one
 * asks for those below it, too, and for all that is known of them, since a value alone can be made
 * to fit another key and another content.
 */
struct judgement doc_judge(const struct doc_result *r);
enum verdict doc_verdict(const struct doc_result *r);
/* The same over signatures beside each other, added to what is the worst so far. */
struct judgement doc_judge_asked(const struct doc_signature *s, size_t n, struct judgement worst);
/* "plain", "pem", "base64", "smime": for programs. */
const char *doc_form_name(enum doc_form form);
/* {"verdict":, "form":, "attached":, "checks":[], "signers":[{"signer":{}, "time":, ...}]}; the
 * caller owns it; NULL when memory is out. */
json_t *doc_result_json(const struct doc_result *r);
/* An empty one with room for so many; NULL when memory is out. */
struct doc_result *doc_result_new(size_t signers);
void doc_result_free(struct doc_result **r);

#endif
