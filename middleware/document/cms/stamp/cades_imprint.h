/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether a time stamp is about what it stands at, and in the order of what it covers. */
#ifndef ECERT_DOCUMENT_CADES_IMPRINT_H
#define ECERT_DOCUMENT_CADES_IMPRINT_H

#include "document/cms/stamp/cades_stamps.h"

/* Checks "imprint", and of one of an archive "hash index", and "time" when it covers younger ones.
 */
void cades_imprint_check(const struct cades_stamps *s, const struct cades_stamp *t,
    const struct cades_stamped *of, struct report *rep);

#endif
