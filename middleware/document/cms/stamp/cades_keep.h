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

/* Judges a path by what the keeper-th has kept, 0: by all that is at hand, as of what is proved, 0:
 * as of now. Errors: ECERT_E_NOT_FOUND when that one counts for nothing; ECERT_E_MEMORY. */
typedef enum ecert_rc cades_judge_fn(void *ctx, size_t keeper, time_t proved, struct report *rep);
/* As of now, and where that does not pass, as of what is proved, which takes the place of now (EN
 * 319 102-1, 5.6.2.4): by all that is at hand, then by each of n keepers. best begins empty. */
enum ecert_rc cades_path_best(
    size_t n, time_t proved, cades_judge_fn *judge, void *ctx, struct report *best) MUST_CHECK;

#endif
