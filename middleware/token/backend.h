/* SPDX-License-Identifier: BSD-2-Clause */
/* What an implementation of the token seam provides; token.c dispatches to it. */
#ifndef ECERT_TOKEN_BACKEND_H
#define ECERT_TOKEN_BACKEND_H

#include "token/token.h"

struct mgmkey;

/* The functions of token.h one by one; impl replaces the tokens pointer, (slot, generation) the
 * rest of token_at. */
struct token_backend {
	void (*close)(void *impl, bool forked);
	enum ecert_rc (*slots)(
	    void *impl, bool refresh, struct token_slot *out, size_t cap, size_t *n);
	enum ecert_rc (*slot)(void *impl, unsigned id, struct token_slot *out);
	enum ecert_rc (*wait)(void *impl, int timeout_ms, unsigned *slot);
	void (*cancel_wait)(void *impl);
	enum ecert_rc (*info)(void *impl, const struct token_at *at, struct token_info *out);
	/* NULL: info says all that there is to know */
	enum ecert_rc (*prove)(void *impl, const struct token_at *at, struct token_info *out);
	enum ecert_rc (*login)(void *impl, const struct token_at *at, enum token_user user,
	    struct rd pin, unsigned flags, int *tries);
	enum ecert_rc (*logout)(void *impl, const struct token_at *at);
	enum token_user (*user)(void *impl, const struct token_at *at);
	enum ecert_rc (*login_once)(void *impl, const struct token_at *at, uint8_t ref,
	    struct rd pin, unsigned flags, int *tries);
	enum ecert_rc (*change_secret)(void *impl, const struct token_at *at,
	    enum token_secret which, struct rd old, struct rd fresh, unsigned flags, int *tries);
	enum ecert_rc (*unblock)(void *impl, const struct token_at *at, struct rd puk,
	    struct rd fresh, unsigned flags, int *tries);
	enum ecert_rc (*key_get)(
	    void *impl, const struct token_at *at, uint8_t ref, struct token_key *out);
	enum ecert_rc (*cert_get)(
	    void *impl, const struct token_at *at, uint8_t ref, struct buf *der);
	enum ecert_rc (*refs)(void *impl, const struct token_at *at, uint8_t *refs, size_t *n);
	enum ecert_rc (*attest)(
	    void *impl, const struct token_at *at, uint8_t ref, struct buf *der);
	enum ecert_rc (*data_get)(
	    void *impl, const struct token_at *at, uint32_t tag, struct buf *out);
	enum ecert_rc (*use)(void *impl, const struct token_at *at, const struct token_request *req,
	    struct buf *out);
	enum ecert_rc (*key_generate)(void *impl, const struct token_at *at,
	    const struct token_newkey *spec, struct pubkey **pub);
	enum ecert_rc (*key_import)(void *impl, const struct token_at *at,
	    const struct token_newkey *spec, const struct rd *part);
	enum ecert_rc (*key_delete)(void *impl, const struct token_at *at, uint8_t ref);
	enum ecert_rc (*cert_put)(
	    void *impl, const struct token_at *at, uint8_t ref, struct rd der);
	enum ecert_rc (*data_put)(
	    void *impl, const struct token_at *at, uint32_t tag, struct rd value);
	enum ecert_rc (*label_put)(void *impl, const struct token_at *at, const char *label);
	enum ecert_rc (*random)(void *impl, const struct token_at *at, uint8_t *out, size_t n);
	/* NULL: no token here keeps names */
	enum ecert_rc (*names)(void *impl, const struct token_at *at, struct token_names *out);
	enum ecert_rc (*name_put)(
	    void *impl, const struct token_at *at, const struct token_name *name);
	/* hold.h; NULL: not here */
	enum ecert_rc (*hold)(void *impl, const struct token_at *at);
	void (*release)(void *impl, const struct token_at *at);
	enum ecert_rc (*pay_once)(void *impl, const struct token_at *at, uint8_t ref);
	enum ecert_rc (*write_as_user)(
	    void *impl, const struct token_at *at, const struct mgmkey *key);
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
