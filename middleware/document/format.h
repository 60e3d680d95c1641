/* SPDX-License-Identifier: BSD-2-Clause */
/* The formats of signed documents that are read here: one row for each, filled in its own folder.
 */
#ifndef ECERT_DOCUMENT_FORMAT_H
#define ECERT_DOCUMENT_FORMAT_H

#include "document/algorithms.h"
#include "document/certs.h"
#include "document/digest.h"
#include "document/extend/level.h"
#include "document/kind/kind.h"
#include "document/path.h"
#include "document/result.h"
#include "document/signer.h"
#include "document/stamp.h"

/* A signature larger than this is not read; signed content inside of a file in DER or BER does not
 * count. */
#define DOC_SIGNATURE_MAX (16u << 20)

/* Of a JWS (RFC 7515, 7). */
enum doc_serialization { DOC_JSON_COMPACT, DOC_JSON_FLATTENED, DOC_JSON_GENERAL };

/* Whose rules a signature inside of XML follows. */
enum doc_xml_profile {
	DOC_XML_FITTING, /* UBL's for its documents, else nobody's */
	DOC_XML_PLAIN,
	DOC_XML_UBL,	  /* UBL Digital Signature Profiles 1.0 */
	DOC_XML_MYINVOIS, /* whose signatures are none of XML: refused */
	DOC_XML_ZATCA	  /* whose keys no token has: refused */
};

/* Where on a page a signature is seen. */
enum doc_place {
	DOC_UNSEEN,
	DOC_TOP_LEFT,
	DOC_TOP_RIGHT,
	DOC_BOTTOM_LEFT,
	DOC_BOTTOM_RIGHT,
	DOC_AT
};

/* What a PDF says about its signature, and where it is. Texts are UTF-8, NULL where there is none;
 * not owned. */
struct doc_pdf_options {
	const char *field; /* its name in full: one that is there, or a new one */
	const char *reason, *place, *contact;
	bool certify; /* the author's: from now on fields may be filled in, and no more */
	/* Where it is seen: the page from 1 (0: the last one); for DOC_AT hundredths of a point
	 * from its left and its lower edge. */
	enum doc_place seen;
	uint32_t page, x, y;
	const char *name, *company; /* the signer's, of what is seen */
	const char *logo;	    /* beside them: a PNG or JPEG file */
	const char *qr;		    /* ... and what a QR code says; at most 256 bytes */
};

struct doc_sign_options {
	enum doc_sig_alg alg; /* DOC_SIG_NONE: by the key. RS256, PS256, ES256, ES384 */
	time_t now;	      /* signingTime */
	doc_progress_fn *progress;
	void *progress_ctx;
	/* XAdES */
	bool detached; /* beside the file, also when it is XML */
	enum doc_xml_profile profile;
	/* JAdES */
	enum doc_serialization form;
	bool attached;			   /* the file goes inside of the signature */
	const char *name;		   /* what the file is called; not owned */
	const struct doc_pdf_options *pdf; /* NULL: nothing but the signature */
	doc_stamp_fn
	    *stamp; /* time stamp of the signature (CAdES and what has one inside); NULL: none */
	void *stamp_ctx;
	bool timeless; /* no signingTime: what it stands in has its own */
};

/* One of several that are signed together. */
struct doc_file {
	const char *name; /* as the signature or the container has it, without a folder; not owned
			   */
	int fd;		  /* a file that can be read twice */
};

/* Why a file is not signed in a format: its word for programs, and ids of the catalogue for people:
 * "it is encrypted", "Save it without a password." */
struct doc_refusal {
	const char *reason, *words, *next;
};

/* What is known about a file that is to be signed; each format has its own. */
struct doc_prepared;

/* Takes a part of the signed content; an error of its own ends the verification with that. */
typedef enum ecert_rc doc_content_fn(void *ctx, struct rd part);

/* What the document around a signature brings along for it: DER, untrusted as all that a signer
 * supplies; it completes. */
enum doc_brought_kind { DOC_BROUGHT_CERT, DOC_BROUGHT_CRL, DOC_BROUGHT_OCSP };
struct doc_brought {
	enum doc_brought_kind kind;
	struct rd der;
};

/* The first n of what is brought, and the signature, are proved to have been there at this time. */
struct doc_kept {
	time_t when;
	size_t n;
};

struct doc_verify_options {
	time_t now;
	const struct algorithm_policy *algorithms; /* NULL: the standard's */
	const struct doc_path *path;		   /* NULL: the chain is reported as unknown */
	struct doc_certs *certs;		   /* for any number of documents; may be NULL */
	doc_progress_fn *progress;
	void *progress_ctx;
	/* Content that is inside, in its order, while it is digested: the very bytes that the
	 * verdict is about, which comes later. NULL: nobody wants it. */
	doc_content_fn *content;
	void *content_ctx;
	/* The signed file beside a CMS signature, where all of it was read already; empty: it is
	 * read from its file descriptor. */
	struct rd whole;
	/* Of a file that was signed again and again: which of its signed states is content, from 1
	 * on; 0: the last one. */
	size_t revision;
	const char *member; /* of a container: which file in it that is; NULL: its only one */
	/* Opens for reading the file of this name, which has no folder in it, beside the signature.
	 * -1 with errno: it is no file there. NULL: nobody looks. */
	int (*beside)(void *ctx, const char *name);
	void *beside_ctx;
	/* When the signer says to have signed, where the document around says it and the signature
	 * does not; 0: nobody says. */
	time_t claimed;
	/* All of the document is proved to have been there at this time, by what is around it; 0:
	 * nothing is. */
	time_t proved;
	const struct doc_brought *brought;
	size_t brought_n;
	const struct doc_kept *kept; /* one for each such time */
	size_t kept_n;
	/* What else around it is about revocation: it stands in time-stamp tokens. */
	struct doc_heard heard;
};

/* Of a signed file, to make it last (document/extend/extend.h). */
struct doc_extend_options;

/*
 * A row of the table. begins, inside and holds_content see only the first bytes of a file: what
 * they say is a word for people and decides no verdict. sign_fd, verify and verify_fd are what
 * doc_sign_fd, doc_verify and doc_verify_fd call. They are NULL for a format in which the signed
 * thing is a statement (a JWS with claims), which the trust room makes and judges.
 */
struct doc_format {
	enum doc_kind kind;
	/* What whoever signs calls it ("cades"), and how a signature of FILE in it is called,
	 * behind FILE (".p7s"); NULL: nothing is signed in it by a person. */
	const char *name, *suffix;
	/* It begins as one: nothing that is inside makes it something else. NULL: document/kind/
	 * tells, by the whole file. */
	bool (*begins)(struct rd head);
	/* There is one in a text; NULL: never. Asked when the file is no container of its own. */
	bool (*inside)(struct rd head);
	/* What is signed is inside, so that no other file is needed; NULL: always. */
	bool (*holds_content)(struct rd head);
	enum ecert_rc (*sign_fd)(
	    const struct doc_signer *s, const struct doc_sign_options *o, int fd, struct buf *out);
	/* Where the signature goes inside of the file, instead of sign_fd: prepare looks at the
	 * file before a person is asked for anything, and says in *why why not; sign_into gives the
	 * signed file to put, part by part. Errors: ECERT_E_NOT_FOUND (prepare: the reader of such
	 * files is not installed; sign_into: it is not the file that was looked at),
	 * cades_sign_fd's. */
	enum ecert_rc (*prepare)(const struct doc_sign_options *o, int fd,
	    struct doc_prepared **out, const struct doc_refusal **why);
	enum ecert_rc (*sign_into)(const struct doc_signer *s, const struct doc_sign_options *o,
	    const struct doc_prepared *p, int fd, doc_content_fn *put, void *ctx);
	void (*forget)(struct doc_prepared **p);
	/* Files will be prepared soon: what reads them starts now, and gives way by so many steps
	 * of nice. NULL: nothing has to. */
	void (*ready)(int steps);
	/* Of a format that has both, sign_fd and sign_into: whether this file gets it inside. */
	bool (*goes_inside)(const struct doc_sign_options *o, int fd);
	/* A doc_extend_fn (document/extend/extend.h), and the highest level that it goes to; NULL:
	 * nothing is done to a signature that was made. */
	enum ecert_rc (*extend)(const struct doc_extend_options *o, int fd, int content_fd,
	    doc_content_fn *put, void *ctx, const struct doc_refusal **why);
	enum doc_level extends_to;
	enum ecert_rc (*verify)(struct rd signature, int content_fd,
	    const struct doc_verify_options *o, struct doc_result **out);
	enum ecert_rc (*verify_fd)(int signature_fd, int content_fd,
	    const struct doc_verify_options *o, struct doc_result **out);
};

/* By its name; NULL: there is none that files are signed in. */
const struct doc_format *doc_format_named(const char *name);
/* How the i-th format that files are signed in ends their signatures' names; NULL behind the last
 * one. */
const char *doc_format_suffix(size_t i);
/* What an open file is signed in unless somebody names a format: the one whose signatures go inside
 * of files of its kind, else CAdES beside it. */
const struct doc_format *doc_format_fitting(int fd);

/* The first format that says so; NULL: none. */
const struct doc_format *doc_format_beginning(struct rd head);
const struct doc_format *doc_format_inside(struct rd head);

/* Whether a file of this kind is verified here, by doc_verify. */
bool doc_is_verified(enum doc_kind kind);
/* Whether one of this kind may be the signature of another file. */
bool doc_goes_beside(enum doc_kind kind);
/* Whether a file of this kind that begins so can be verified by itself. */
bool doc_holds_content(enum doc_kind kind, struct rd head);

/* Appends a detached signature of the open file in the format of this kind. Errors:
 * ECERT_E_UNSUPPORTED (nothing is signed in it), cades_sign_fd's. */
enum ecert_rc doc_sign_fd(enum doc_kind kind, const struct doc_signer *s,
    const struct doc_sign_options *o, int fd, struct buf *out) MUST_CHECK;
/*
 * By the format that it is in. content_fd: the signed file, -1 when the content must be inside.
 * What is in no format that is verified is judged by the first, whose report says that it is none:
 * like a signature that does not verify, that is ECERT_OK. Errors: ECERT_E_IO, ECERT_E_MEMORY,
 * ECERT_E_CANCELLED, ECERT_E_ARG.
 */
enum ecert_rc doc_verify(struct rd signature, int content_fd, const struct doc_verify_options *o,
    struct doc_result **out) MUST_CHECK;
/* The same for a signature in a file, whose content may be of any size. Errors also:
 * ECERT_E_TOO_LARGE. */
enum ecert_rc doc_verify_fd(int signature_fd, int content_fd, const struct doc_verify_options *o,
    struct doc_result **out) MUST_CHECK;
/* The same two when its kind (kind/kind.h) is known. */
enum ecert_rc doc_verify_kind(enum doc_kind kind, struct rd signature, int content_fd,
    const struct doc_verify_options *o, struct doc_result **out) MUST_CHECK;
enum ecert_rc doc_verify_kind_fd(enum doc_kind kind, int signature_fd, int content_fd,
    const struct doc_verify_options *o, struct doc_result **out) MUST_CHECK;

#endif
