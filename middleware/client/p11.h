/* SPDX-License-Identifier: BSD-2-Clause */
/* A token through any PKCS#11 module, by libp11: what signs and lists stands on this. */
#ifndef ECERT_CLIENT_P11_H
#define ECERT_CLIENT_P11_H

#include <libp11.h>

#include "ui/job.h"
#include "document/identity.h"
#include "ecert/cryptoki.h"
#include "util/buf.h"

/* What to do with a token that has no certificate. */
#define P11_NO_CERT_HINT                                                                           \
	MSG_ID("Put your e-Cert on it with `ecert key import FILE.p12`; or make a key with "       \
	       "`ecert key generate` and ask a CA to certify it with `ecert cert request`.")

struct p11 {
	const struct job *job;
	PKCS11_CTX *ctx;
	PKCS11_SLOT *slots, *slot; /* slot: the chosen one */
	unsigned slots_n;
	/* The same module's own table, for what libp11 does not offer: token flags as they are now
	 * (C_GetTokenInfo) and consent to the last try (C_LoginUser). Its state is libp11's:
	 * C_Initialize was called there. */
	void *library;
	CK_FUNCTION_LIST *fn;
	CK_SESSION_HANDLE session; /* after p11_login: it keeps the login */
	char path[4096];
	struct pin pin;	     /* after p11_login; wiped on close */
	bool ours, last_try; /* last_try: the person consented to use it */
};

/* Where our module is: ECERT_MODULE, beside this program in a build tree, else the installed one.
 */
const char *p11_default_module(char *path, size_t cap);

/* Says the job's reader to a module that was loaded and not started yet, when it is ours, whatever
 * its file is called: others find their readers themselves. Errors: ECERT_E_ARG (too long). */
enum ecert_rc p11_say_reader(void *library, const struct job *job) MUST_CHECK;

/* Whether --module names another maker's: then only what PKCS#11 offers is done. */
bool p11_foreign(const struct job *job);

/* Loads the module and lists its slots. Reports its errors. */
enum outcome p11_open(const struct job *job, struct p11 *out) MUST_CHECK;
/* Unloads the module, which logs out, and wipes the PIN. */
void p11_close(struct p11 *p);
/* Chooses p->slot as the options say. */
enum outcome p11_pick(struct p11 *p) MUST_CHECK;
/* Opens and chooses, as nearly every deed begins. p11_close has to follow in any case. */
enum outcome p11_begin(const struct job *job, struct p11 *out) MUST_CHECK;

/* Whether the token is still there: modules show no objects of one that was pulled out. */
enum ecert_rc p11_present(const struct p11 *p) MUST_CHECK;
/* Why a key or certificate was not found in a place: the token is gone, or there is none. */
enum outcome p11_nothing_in(
    const struct p11 *p, uint8_t ref, const char *what, const char *hint) MUST_CHECK;

struct candidate;
/* Lists the tokens of the module, at most cap of them. */
size_t p11_candidates(const struct p11 *p, struct candidate *out, PKCS11_SLOT **slots, size_t cap);

/*
 * Logs in with the PIN of the chosen source; reason is for the prompt ("to sign invoice.pdf"). With
 * one try left and no consent nothing is sent. On a terminal a wrong PIN is asked again while more
 * than one try is left. The PIN stays for the keys that want it before each signature.
 */
enum outcome p11_login(struct p11 *p, const struct message *reason) MUST_CHECK;
/* Tries left for the PIN; -1 when nothing tells. */
int p11_pin_tries(const struct p11 *p);

/* What the last failed libp11 call left in OpenSSL's queue, as a return code; empties the queue. */
enum ecert_rc p11_error(void);
enum ecert_rc rc_of_ckr(CK_RV rv);

/* ---- certificates and keys ---- */
struct p11_cert {
	PKCS11_CERT *cert; /* libp11's; for PKCS11_find_key */
	struct buf der;
	struct identity who;
	char id[65]; /* CKA_ID in hexadecimal */
	uint8_t ref; /* the slot: by the CKA_ID, or where our module says it is; 0 unknown */
};
/* The token's certificates, 9C's (CKA_ID 02) first, then by CKA_ID. Frees with p11_certs_free. */
enum outcome p11_certs(struct p11 *p, struct p11_cert **out, size_t *n) MUST_CHECK;
/* Does p11_begin, and reads the token's certificates. p11_certs_free and p11_close have to follow
 * in any case. */
enum outcome p11_begin_certs(
    const struct job *job, struct p11 *p, struct p11_cert **out, size_t *n) MUST_CHECK;
/* The CKA_ID of a slot's key in hexadecimal: our module tells what the owner chose, else the slot's
 * own. */
void p11_id_of(const struct p11 *p, uint8_t ref, char id[65]);
void p11_certs_free(struct p11_cert **certs, size_t n);

#endif
