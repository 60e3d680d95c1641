/* SPDX-License-Identifier: BSD-2-Clause */
/* What an implementation of the token seam provides; token.c dispatches to it. */
#ifndef ECERT_TOKEN_BACKEND_H
#define ECERT_TOKEN_BACKEND_H

#include "token/token.h"

struct mgm_key;

/* clang-format off */
/*
 * What token.h asks of a token, one row each: FN(name, arguments). The rows make the members of
 * struct token_backend, and the prototypes and tables of its two implementations (local_NAME,
 * remote_NAME): impl replaces the tokens pointer, (slot, generation) the rest of token_at.
 */
#define TOKEN_SEAM(FN) \
	FN(info, struct token_info *out) \
	FN(prove, struct token_info *out) \
	FN(login, enum token_user user, struct rd pin, unsigned flags, int *tries) \
	FN(logout) \
	FN(login_once, uint8_t ref, struct rd pin, unsigned flags, int *tries) \
	FN(change_secret, enum token_secret which, struct rd old, struct rd fresh, unsigned flags, int *tries) \
	FN(unblock, struct rd puk, struct rd fresh, unsigned flags, int *tries) \
	FN(key_get, uint8_t ref, struct token_key *out) \
	FN(cert_get, uint8_t ref, struct buf *der) \
	FN(refs, uint8_t *refs, size_t *n) \
	FN(attest, uint8_t ref, struct buf *der) \
	FN(data_get, uint32_t tag, struct buf *out) \
	FN(use, const struct token_request *req, struct buf *out) \
	FN(key_generate, const struct token_newkey *spec, struct pubkey **pub) \
	FN(key_import, const struct token_newkey *spec, const struct rd *part) \
	FN(key_delete, uint8_t ref) \
	FN(cert_put, uint8_t ref, struct rd der) \
	FN(data_put, uint32_t tag, struct rd value) \
	FN(label_put, const char *label) \
	FN(names, struct token_names *out) \
	FN(name_put, const struct token_name *name) \
	FN(random, uint8_t *out, size_t n)
/* clang-format on */

/* An implementation of the caller's own (tests) may lack prove (info says all that there is to
 * know), names and name_put (no token keeps names). */
struct token_backend {
	void (*close)(void *impl, bool forked);
	enum ecert_rc (*slots)(
	    void *impl, bool refresh, struct token_slot *out, size_t cap, size_t *n);
	enum ecert_rc (*slot)(void *impl, unsigned id, struct token_slot *out);
	enum ecert_rc (*wait)(void *impl, int timeout_ms, unsigned *slot);
	void (*cancel_wait)(void *impl);
	enum token_user (*user)(void *impl, const struct token_at *at);
#define TOKEN_MEMBER(name, ...)                                                                    \
	enum ecert_rc (*name)(void *impl, const struct token_at *at, ##__VA_ARGS__);
	TOKEN_SEAM(TOKEN_MEMBER)
	/* hold.h; NULL: not here */
	enum ecert_rc (*hold)(void *impl, const struct token_at *at);
	void (*release)(void *impl, const struct token_at *at);
	enum ecert_rc (*pay_once)(void *impl, const struct token_at *at, uint8_t ref);
	enum ecert_rc (*write_as_user)(
	    void *impl, const struct token_at *at, const struct mgm_key *key);
};

/* The two implementations. remote_open answers ECERT_E_NO_SERVICE when no daemon listens. */
enum ecert_rc local_open(
    const struct tokens_config *cfg, const struct token_backend **ops, void **impl) MUST_CHECK;
enum ecert_rc remote_open(
    const struct tokens_config *cfg, const struct token_backend **ops, void **impl) MUST_CHECK;

/* An implementation of the caller's own (tests); takes impl over. */
enum ecert_rc tokens_of(
    const struct token_backend *ops, void *impl, struct tokens **out) MUST_CHECK;

#endif
