/* SPDX-License-Identifier: BSD-2-Clause */
/* What a shop puts on its pages to show its trust mark: the logo, which leads to the issuer's page.
 */
#ifndef ECERT_ACTIONS_MARK_SNIPPET_H
#define ECERT_ACTIONS_MARK_SNIPPET_H

#include "ui/job.h"
#include "util/buf.h"

struct snippet_deed {
	const char *mark; /* a file */
	const char *page; /* the issuer's page about it; NULL: where the mark itself says (ref) */
	const char *logo; /* the picture; NULL: where the mark itself says (logo_uri) */
	const char *language; /* "en", "zh-Hant", "zh-Hans"; NULL: "en" */
	long width;	      /* pixels; 0: 120 */
};

/* HTML in one line, appended: a link with a picture, by https alone, without script and style; what
 * is in the mark is text. Reports its errors. */
enum outcome trustmark_snippet(
    const struct job *job, const struct snippet_deed *deed, struct buf *html) MUST_CHECK;

#endif
