/* SPDX-License-Identifier: BSD-2-Clause */
/* Delegations (OpenID Federation 1.0, 7.2): who may issue the marks of a type that has an owner. */
#include <string.h>

#include "registry/registry_priv.h"
#include "trust/claims.h"

enum ecert_rc registry_delegate(struct registry *r, const struct registry_delegation *d)
{
	const struct store_value text = {.type = STORE_TEXT, .bytes = trimmed(d->text)};
	int64_t n;
	enum ecert_rc rc = registry_number(
	    r, "SELECT id FROM delegations WHERE text = ? ORDER BY id LIMIT 1", &text, 1, &n);

	if (rc != ECERT_E_NOT_FOUND)
		return rc;
	return REGISTRY_INSERT(r, PART_DELEGATIONS, NULL, store_text(d->owner),
	    store_text(d->issuer), store_text(d->type), text, store_int(d->iat), store_int(d->exp));
}

enum ecert_rc registry_delegated(struct registry *r, const char *issuer, const char *type,
    time_t now, struct buf *text, time_t *exp)
{
	struct store_rows *rows;
	enum ecert_rc rc = STORE_QUERY(r->store, &rows,
	    "SELECT text, exp FROM delegations WHERE issuer = ? AND type = ? AND "
	    "(exp = 0 OR exp > ?) ORDER BY id DESC LIMIT 1",
	    store_text(issuer), store_text(type), store_int(now));

	*exp = 0;
	if (rc == ECERT_OK)
		rc = store_next(rows);
	if (rc == ECERT_OK) {
		const char *jws = store_get_text(rows, 0);

		*exp = store_get_int(rows, 1);
		buf_str(text, jws ? jws : "");
		rc = buf_rc(text);
	}
	store_done(&rows);
	return rc;
}

enum ecert_rc registry_delegations(
    struct registry *r, time_t now, registry_delegation_fn *fn, void *ctx)
{
	struct store_rows *rows;
	enum ecert_rc rc = STORE_QUERY(r->store, &rows,
	    "SELECT owner, issuer, type, text, iat, exp FROM delegations WHERE exp = 0 OR exp > ? "
	    "ORDER BY id LIMIT 1000",
	    store_int(now));

	while (registry_next(rows, &rc)) {
		struct registry_delegation d;
		const char *text;

		text = store_get_text(rows, 3);
		d = (struct registry_delegation){.owner = store_get_text(rows, 0),
		    .issuer = store_get_text(rows, 1),
		    .type = store_get_text(rows, 2),
		    .text = rd_of(text, text ? strlen(text) : 0),
		    .iat = store_get_int(rows, 4),
		    .exp = store_get_int(rows, 5)};
		rc = fn(ctx, &d);
	}
	store_done(&rows);
	return rc;
}
