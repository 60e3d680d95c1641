/* SPDX-License-Identifier: BSD-2-Clause */
/* What an issuer's token says of the issuer: its keys, who speaks for it, where to ask (OpenID
 * Federation 1.0, 3 and 8.7). */
#ifndef ECERT_PUBLISH_ENTITY_H
#define ECERT_PUBLISH_ENTITY_H

#include "document/signer.h"
#include "registry/keys.h"
#include "registry/registry.h"
#include "registry/status_key.h"

#define ENTITY_TYP	"entity-statement+jwt"
#define ENTITY_KEYS_TYP "jwk-set+jwt"

struct entity {
	struct registry *r;
	const char *issuer;
	time_t now, exp;
};

/* The token lets this status key speak for the issuer until exp: iss, sub (the kid), cnf with the
 * key. Appends. Errors: doc_sign_message's. */
enum ecert_rc entity_allow(const struct doc_signer *token, const struct entity *e,
    const struct status_key *key, struct buf *out) MUST_CHECK;
/* The entity configuration: every live key by its kid, metadata of the register's settings, who
 * issues and who owns each type. Appends. Errors: the same, registry_keys'. */
enum ecert_rc entity_configuration(
    const struct doc_signer *token, const struct entity *e, struct buf *out) MUST_CHECK;
/* Keys that are over. */
enum ecert_rc entity_historical(
    const struct doc_signer *token, const struct entity *e, struct buf *out) MUST_CHECK;
/* Every live key as a plain JWK set, for programs that want no more. Appends. */
enum ecert_rc entity_keys(const struct entity *e, struct buf *out) MUST_CHECK;

#endif
