/* SPDX-License-Identifier: BSD-2-Clause */
/* What the validation of marks and of their status share. */
#ifndef ECERT_TRUST_MARK_PRIV_H
#define ECERT_TRUST_MARK_PRIV_H

#include "document/jose/jws.h"
#include "trust/mark/mark.h"
#include "trust/list/set_priv.h"

/* The trusted key that j->kid names, for the issuer iss when there is one; NULL: none. */
const struct trust_entry *mark_issuer_entry(
    const struct jws *j, const struct mark_expect *e, const char *iss);
/* Check `name`: the pinned certificate (DER into cert) of the mark issuer that j->kid names and
 * that is iss. */
bool mark_issuer_key(const struct jws *j, enum check_name name, const struct mark_expect *e,
    const char *iss, struct buf *cert, struct report *rep);

/* Check "mark delegation"; delegated and owner in m. */
bool mark_delegation_check(
    const struct jws *j, struct mark_info *m, const struct mark_expect *e, struct report *rep);

#endif
