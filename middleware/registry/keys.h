/* SPDX-License-Identifier: BSD-2-Clause */
/* Two kinds of keys of an issuer: a person's, on a token, which grants; and the status key, a file
 * that a service has, which a token lets speak for some days. */
#ifndef ECERT_REGISTRY_KEYS_H
#define ECERT_REGISTRY_KEYS_H

#include "registry/registry.h"

#define REGISTRY_KEYS_MAX 64

/* The typ of what a token signs to let a status key speak. */
#define STATUS_ALLOW_TYP "hktm-status-key+jwt"

/* KEY_OWNER: somebody else's, who owns a type and delegates it; never published. */
enum key_use { KEY_GRANT, KEY_STATUS, KEY_OWNER };

/* A certificate of a key: on record once. kid: trust_kid's; an owner's as the delegation has it. */
enum ecert_rc registry_key(
    struct registry *r, enum key_use use, const char *kid, struct rd cert) MUST_CHECK;
/* All of this use but one are over. */
enum ecert_rc registry_keys_end(struct registry *r, enum key_use use, const char *but) MUST_CHECK;

struct registry_key {
	char kid[44];
	enum key_use use;
	struct rd cert;	      /* a view, of the callback's time */
	int64_t since, ended; /* ended 0: not */
	int64_t authorized;   /* a status key: until then, 0 never */
	int64_t last_mark;    /* when the last mark ends that it signed, 0 none */
};
typedef enum ecert_rc registry_key_fn(void *ctx, const struct registry_key *k);
/* The issuer's own, oldest first, at most REGISTRY_KEYS_MAX: of more, those that are in use, and
 * those whose signatures count longest. */
enum ecert_rc registry_keys(struct registry *r, registry_key_fn *fn, void *ctx) MUST_CHECK;
/* Whether it has to be published: it is in use, or what it signed still counts. */
bool registry_key_live(const struct registry_key *k, time_t now);

/* What a token signed: this status key may speak until exp. */
enum ecert_rc registry_authorize(
    struct registry *r, const char *kid, struct rd text, time_t iat, time_t exp) MUST_CHECK;
/* The newest: exp in any case but the first, its JWS into text (may be NULL). Errors:
 * ECERT_E_NOT_FOUND (never), ECERT_E_DENIED (it is over). */
enum ecert_rc registry_authorized(
    struct registry *r, const char *kid, time_t now, time_t *exp, struct buf *text) MUST_CHECK;

#endif
