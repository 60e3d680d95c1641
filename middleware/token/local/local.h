/* SPDX-License-Identifier: BSD-2-Clause */
/* The local half of the token seam: this process talks to the cards. */
#ifndef ECERT_TOKEN_LOCAL_H
#define ECERT_TOKEN_LOCAL_H

#include "token/backend.h"
#include "token/conn/conn.h"
#include "token/conn/watch.h"

#define LOCAL_PATH_MAX 256

/* With strict isolation nobody can use a login between two operations: the card forgets it each
 * time, and the PIN is kept here in locked memory. */
struct local {
	struct slots slots;
	enum token_isolation isolation;
	bool user_writes, reverify;    /* as in struct tokens_config */
	char key_file[LOCAL_PATH_MAX]; /* "": the key is on the card, behind the PIN */
	struct watch watch;
	struct conn conn[TOKEN_SLOTS_MAX];
};

/* Does what local_open does, over a source of the caller's own (tests). It takes the readers over,
 * also when it fails. */
enum ecert_rc local_of(struct readers *readers, enum token_isolation isolation,
    const struct token_backend **ops, void **impl) MUST_CHECK;
/* Sets what the configuration has beyond source and isolation. Errors: ECERT_E_ARG (a path that is
 * too long). */
enum ecert_rc local_configure(void *impl, const struct tokens_config *cfg) MUST_CHECK;

/* The connection of a slot; NULL: there cannot be such a slot. */
struct conn *local_conn(struct local *l, const struct token_at *at);
/* Does conn_enter, conn_run and conn_leave. */
enum ecert_rc local_run(
    struct local *l, const struct token_at *at, conn_fn fn, void *arg) MUST_CHECK;

/* The functions of the seam: info.c, read.c, refs.c, data.c, names.c, login.c, once.c, secret.c,
 * use.c, write.c. */
#define LOCAL_FUNCTION(name, ...)                                                                  \
	enum ecert_rc local_##name(void *impl, const struct token_at *at, ##__VA_ARGS__) MUST_CHECK;
TOKEN_SEAM(LOCAL_FUNCTION)

/* info.c, read.c, refs.c */
/* Looks at the slot and then does local_run, so that an answer from memory does not outlive the
 * card. */
enum ecert_rc local_run_looked(
    struct local *l, const struct token_at *at, conn_fn fn, void *arg) MUST_CHECK;
/* Asks an e-Cert card whether anything was written, when the last look is older than ms: 0 or 1
 * APDU. */
enum ecert_rc read_revalidate(struct conn *c, int ms) MUST_CHECK;
/* Does what read_key does, and answers ECERT_E_ARG for a reference that the card does not know at
 * all. */
enum ecert_rc probe_key(struct conn *c, uint8_t ref, struct cache_entry **out) MUST_CHECK;
/* Gets the certificate of a reference, also a placeholder, from memory or from the card. */
enum ecert_rc read_cert(struct conn *c, struct cache_entry *e, uint8_t ref) MUST_CHECK;
/* Gets the key of a reference, from memory or from the card. The entry stays the view's. It is
 * called inside of conn_run. */
enum ecert_rc read_key(struct conn *c, uint8_t ref, struct cache_entry **out) MUST_CHECK;

/* login.c */
/* For login_verify, beside the TOKEN_ flags: a wrong PIN for one operation leaves the session's
 * state as it is until no try is left (PKCS#11 3.2, 4.9). */
#define LOGIN_FOR_ONE 0x100u
/* Looks at the tries, and then verifies. It is called inside a transaction. */
enum ecert_rc login_verify(struct conn *c, struct rd pin, unsigned flags, int *tries) MUST_CHECK;
/*
 * Inside a transaction: verifies again the PIN of this client's login, which another program's
 * logout or a reset has ended on the card. Nothing is sent where the card says that it is
 * verified, and VERIFY only where all tries are left. Errors: ECERT_E_AUTH (nothing is kept, tries
 * are missing, or the PIN is another one now: the login is over).
 */
enum ecert_rc login_again(struct conn *c) MUST_CHECK;
/* Has the card forget the PIN. This client stays logged in (strict isolation). */
enum ecert_rc login_forget(struct conn *c);
/* Ends this client's login on the card, as far as the card can. */
enum ecert_rc login_end(struct conn *c);
/* Does the same, and connects again where the connection was given up while the card kept the
 * login. */
enum ecert_rc login_end_anyhow(struct conn *c, struct slots *s);

/* once.c */
enum ecert_rc local_pay_once(void *impl, const struct token_at *at, uint8_t ref) MUST_CHECK;
/* Ends the transaction that login_once has kept. Its operation may still be tried. */
void login_once_late(struct conn *c);

/* write.c */
enum ecert_rc local_write_as_user(
    void *impl, const struct token_at *at, const struct mgm_key *key) MUST_CHECK;

#endif
