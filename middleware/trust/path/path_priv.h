/* SPDX-License-Identifier: BSD-2-Clause */
/* One path validation in progress, shared by its files. */
#ifndef ECERT_TRUST_PATH_PRIV_H
#define ECERT_TRUST_PATH_PRIV_H

#include <openssl/x509_vfy.h>

#include "trust/path/check.h"
#include "trust/list/set_priv.h"

/* What a document may bring along: more certificates and CRLs than this are not looked at. */
#define PATH_MAX_BROUGHT 64
/* Paths that are judged for one question. */
#define PATH_MAX_FOUND 16

/* A certificate of which an accepted path's CA says that it was revoked. */
struct path_gone {
	X509 *x;   /* owned */
	bool safe; /* the reason says that nothing is wrong with the key */
};

#define PATH_MAX_GONE 32

/* What was found revoked on any of the paths. */
struct path_gones {
	struct path_gone v[PATH_MAX_GONE];
	size_t n;
};

/* What became of a CRL of the relying party's: whatever could not be used is told. */
struct path_given {
	bool used;
	int rank; /* of why; 0: it is about nothing in the path */
	struct message_kept why;
};

struct path_job {
	const struct trust_set *set;
	const struct doc_path_query *q;
	const struct doc_proof *proof; /* NULL: the document brings no more, and proves nothing */
	enum trust_purpose purpose;
	bool stamp; /* the leaf is a TSA's: judged by what such a certificate is for */
	X509_STORE *store;
	STACK_OF(X509) * untrusted; /* views: the set's helpers, then the document's */
	STACK_OF(X509) * ladder;    /* views: those of them that the path may be built of */
	STACK_OF(X509) * chain;	    /* owned; leaf first; the one that is judged */
	STACK_OF(X509) * found[PATH_MAX_FOUND]; /* owned; by path_search */
	size_t found_n;
	struct path_gones *gones;
	size_t anchors;			/* entries for the purpose */
	const struct trust_entry *only; /* the one anchor to build to; NULL: all */
	unsigned tries;			/* of paths by other certificates of the same CAs, left */
	struct message_kept why;
	enum reason reason; /* of why */
	/* Revocation: the document's CRLs, and how many more certificates that were brought may be
	 * judged as signers of answers. */
	struct crl *brought[PATH_MAX_BROUGHT];
	size_t brought_n;
	struct crl *heard[PATH_MAX_BROUGHT]; /* not brought, and in the document all the same */
	size_t heard_n;
	bool hearing;		 /* one of the answers that are only heard is looked at */
	bool own;		 /* what the document brings about revocation is left out */
	bool only_brought;	 /* and nothing but that is looked at */
	const struct crl *alone; /* the one CRL that is asked about a certificate; NULL: all */
	unsigned vouching;
	time_t answer_at;	  /* who signed an answer has to have been in force then */
	struct path_given *given; /* as many as the set has CRLs; NULL: not asked */
	struct path_given ocsp;	  /* of the set's response */
};

/* Fills j's store and stacks from its set, question and proof, which are set already. like: another
 * job about the same question, whose sorted certificates are shared; NULL: none. False only when
 * memory is out. Call path_close in any case. */
bool path_open(struct path_job *j, const struct path_job *like);
/* Every path from the leaf to an anchor that the certificates at hand make, in an order that does
 * not depend on theirs, into j->found. False with j->why when there is none. */
bool path_search(struct path_job *j);
/* j->found[found] becomes j->chain, the path that is judged. False only when memory is out. */
bool path_take(struct path_job *j, size_t found);
/* Whether OpenSSL builds a path from the leaf with the certificates of the ladder alone. *chain:
 * that path, or as far as it came; the caller frees it. */
bool path_try(struct path_job *j, STACK_OF(X509) * ladder, STACK_OF(X509) * *chain);
void path_close(struct path_job *j);
/* What a person calls a certificate: its CN, else its organisation, else whatever its name has, "?"
 * for an empty one; in no language, and fit to be shown. */
void path_name(const X509 *x, char *name, size_t size);
void path_name_text(const X509_NAME *subject, char *name, size_t size);
bool path_valid_at(const X509 *x, time_t at);
/* Why a chain does not count. */
struct path_defect {
	enum reason reason;
	struct message_kept why;
};

/* A key of the chain, or a signature below its last certificate, that is not relied on at that
 * time. */
bool path_too_old(
    const struct path_job *j, const STACK_OF(X509) * chain, time_t at, struct path_defect *d);
/* x is signed in a way that is not read here (SM2, GOST), which says nothing against it. */
bool path_unread(const X509 *x, struct path_defect *d);
/* OpenSSL's sentence of an error of its path building, as an id; NULL: one that is not known. */
const char *path_words(int error);
/* Where in the chain an entry's certificate is; -1: nowhere. */
int path_index(const struct path_job *j, const struct trust_entry *e);
/* x is valid now, in every respect but its use, by a path of certificates of the chain from above
 * on and no others. Returns where its issuer is in the chain; -1 when it is not valid. */
int path_vouches(const struct path_job *j, X509 *x, int above);

/* When what was signed is proved to have been there; 0: nothing proves it. */
static inline time_t path_proved(const struct path_job *j)
{
	return j->proof ? j->proof->proved : 0;
}

/* "validity" of the chain, and of the leaf when there is none. */
/* True: of the leaf alone it is told that it is over since. */
bool path_check_validity(const struct path_job *j, int anchor, struct report *rep);

enum path_acceptance {
	PATH_REFUSED,
	PATH_ENDED, /* it was accepted when the document says that it was made, and is no more */
	PATH_ACCEPTED,
};

/* The entry that the chain is judged by, the best one; NULL with j->why when none accepts it or
 * when it is no more in force. */
const struct trust_entry *path_entry(struct path_job *j, enum path_acceptance *how);
/* RFC 5280, 6.1, policies of the chain up to e's certificate, with e's as the user's initial policy
 * set. False with j->why. */
bool path_policies(struct path_job *j, const struct trust_entry *e);

/* "revocation" of the chain by the CRLs of the set and the document, by the set's OCSP response,
 * and by one that was brought along. anchor: where the chain ends that an entry accepts. */
/* True: of the leaf it is known that it is not revoked, and would be if it were over. */
bool revocation_check(struct path_job *j, struct rd ocsp, int anchor, struct report *rep);

/* Copies the check with this name from one report to another, if it is there. */
void report_move(struct report *to, const struct report *from, enum check_name name);

#endif
