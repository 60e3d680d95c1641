/* SPDX-License-Identifier: BSD-2-Clause */
/* What proves since when a signature, and what goes with it, has been there. */
#ifndef ECERT_DOCUMENT_CADES_KEEP_H
#define ECERT_DOCUMENT_CADES_KEEP_H

#include "document/cms/stamp/cades_stamps.h"

/* Since when what is brought along is proved to have been there, and what of it; when 0: all of it,
 * now. */
struct cades_keeping {
	time_t when;
	const struct cades_index *index; /* an archive time stamp's; NULL: */
	size_t around;			 /* a time stamp's of all of the document */
};

#define AS_OF_NOW	((struct cades_keeping){.when = 0})
#define KEPT_BY(stamp)	((struct cades_keeping){(stamp)->token.when, &(stamp)->token.index, 0})
#define KEPT_AROUND(by) ((struct cades_keeping){(by)->when, NULL, (by)->n})

static inline bool cades_pick_kept(
    const struct cades_stamped *of, const struct cades_keeping *k, struct cades_brought *out)
{
	return k->when && !k->index ? cades_material_pick_kept(of->material, k->around, out)
				    : cades_material_pick(of->material, k->index, out);
}

/* Whether it is a question if a path that was judged so lasts: the document brings answers. */
static inline bool cades_asks_lasts(
    const struct doc_path *path, const struct cades_brought *b, const struct report *rep)
{
	return path->lasts && (b->ocsps_n || sk_X509_CRL_num(b->crls) > 0) &&
	       report_verdict(rep) == VERDICT_PASSED;
}

/* By all that is at hand the certificate was revoked before: what somebody kept in time takes
 * nothing of that back. */
static inline bool cades_was_revoked(const struct report *then)
{
	for (size_t i = 0; i < then->n; i++)
		if (then->checks[i].reason == REASON_REVOKED_THEN ||
		    then->checks[i].reason == REASON_REVOKED_PROVED)
			return true;
	return false;
}

#endif
