/* SPDX-License-Identifier: BSD-2-Clause */
/* DocTimeStamp (EN 319 142-1, 5.4.3): a time-stamp token over all of the document but itself. */
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "document/cert.h"
#include "document/cms/stamp/cades_keep.h"
#include "document/cms/cades_material.h"
#include "document/cms/stamp/cades_token.h"
#include "document/pdf/kinds.h"
#include "util/message.h"

/* A time may be ahead of our clock by this many seconds. */
#define CLOCK_SKEW 300

static enum ecert_rc check_imprint(
    const struct pdf_signed *s, const struct cades_token *t, struct report *rep)
{
	struct doc_digest digest = {.len = 0};
	enum ecert_rc rc = t->md ? pdf_digest(s, t->md, &digest) : ECERT_OK;
	enum reason reason = REASON_NONE;
	const char *why = "{digest}";

	if (!t->md) {
		reason = REASON_ALGORITHM_UNKNOWN;
		why = MSG_ID("its digest algorithm is unknown");
	} else if (!rd_equal(t->imprint, rd_of(digest.value, digest.len))) {
		reason = REASON_STAMP_OTHER;
		why = MSG_ID("the document is not what was stamped");
	} else if (cades_token_old(s->o, t->md)) {
		reason = REASON_ALGORITHM_OLD;
		why = MSG_ID("it fits, but {digest} is too old to rely on");
	}
	report_add_why(rep, CHK_IMPRINT, reason ? reason_state(reason) : CHECK_OK, reason,
	    MSG(why, P_TEXT("digest", t->md ? EVP_MD_get0_name(t->md) : "")));
	return rc;
}

/* kept: by a later one that covers it; NULL: as of now, and then it has to last from now on.
 * Errors: ECERT_E_MEMORY. */
static enum ecert_rc path_as_of(const struct pdf_signed *s, const struct cades_token *t,
    const struct cades_material *own, const struct doc_kept *kept, struct doc_heard heard,
    X509 *cert, struct report *rep, bool *lasts)
{
	const struct doc_path *path = s->o->path;
	struct cades_brought b = {.certs = NULL};
	bool ok = kept ? cades_material_pick_kept(own, kept->n, &b)
		       : cades_material_pick(own, NULL, &b);

	if (ok) {
		struct doc_path_query q = {.leaf = cert,
		    .others = b.certs,
		    .crls = b.crls,
		    .at = t->when,
		    .now = s->o->now};
		struct doc_proof proof = {.ocsps = b.ocsps, .ocsps_n = b.ocsps_n, .heard = heard};

		if (kept) {
			proof.proved = kept->when;
			proof.since = t->when;
			proof.kept = kept->when;
		}
		path->judge(path->ctx, &q, &proof, true, rep);
		if (cades_asks_lasts(path, &b, rep)) {
			proof.proved = proof.kept = kept ? kept->when : s->o->now;
			proof.since = t->when;
			*lasts = path->lasts(path->ctx, &q, &proof, true);
		}
	}
	cades_brought_free(&b);
	return ok ? ECERT_OK : ECERT_E_MEMORY;
}

static enum ecert_rc check_path(const struct pdf_signed *s, const struct cades_token *t,
    const struct cades_material *own, struct doc_heard heard, X509 *cert, struct doc_signature *sig)
{
	struct report *rep = &sig->report, best, then;
	enum ecert_rc rc;

	if (!s->o->path || !s->o->path->judge) {
		report_add_why(rep, CHK_CHAIN, CHECK_UNKNOWN, REASON_NO_ANCHOR,
		    MSG("no trusted certificates were given"));
		return ECERT_OK;
	}
	report_init(&best);
	rc = path_as_of(s, t, own, NULL, heard, cert, &best, &sig->lasts);
	for (size_t i = 0; rc == ECERT_OK && i < s->o->kept_n; i++) {
		if (report_verdict(&best) == VERDICT_PASSED)
			break;
		report_init(&then);
		rc = path_as_of(s, t, own, &s->o->kept[i], heard, cert, &then, &sig->lasts);
		if (report_verdict(&then) == VERDICT_PASSED) {
			report_init(&best);
			report_append(&best, &then);
		}
	}
	report_append(rep, &best);
	return rc;
}

static enum ecert_rc judge(const struct pdf_signed *s, struct cades_token *t,
    const struct cades_material *own, const struct cades_brought *b,
    const struct cades_brought *heard, struct doc_signature *sig)
{
	struct report *rep = &sig->report;
	enum ecert_rc rc = check_imprint(s, t, rep);
	X509 *cert;

	sig->when = t->when;
	if (t->when > s->o->now + CLOCK_SKEW)
		report_add_why(
		    rep, CHK_TIME, CHECK_FAILED, REASON_STAMP_FUTURE, MSG("it lies in the future"));
	cert = cades_token_check(t, b->certs, s->o, rep);
	if (rc == ECERT_OK && cert)
		rc = cert_der(cert, &sig->cert);
	if (rc == ECERT_OK && cert && identity_of(cert, &sig->who) != ECERT_OK)
		report_add(rep, CHK_SIGNER, CHECK_FAILED, MSG("the certificate cannot be read"));
	if (rc == ECERT_OK && cert && report_verdict(rep) == VERDICT_PASSED)
		rc = check_path(s, t, own, cades_heard(heard), cert, sig);
	if (rc == ECERT_OK && report_verdict(rep) == VERDICT_PASSED)
		sig->proved = t->when;
	return rc;
}

enum ecert_rc pdf_judge_stamp(const struct pdf_signed *s, struct doc_result **out)
{
	struct cades_token t = {.info = NULL};
	struct cades_material *own = calloc(1, sizeof *own);
	struct cades_brought b = {.certs = NULL}, heard = {.certs = NULL};
	enum reason why = REASON_NONE;
	struct rd der;
	const char *defect = pdf_contents(s->found, &der, &why);
	enum ecert_rc rc = ECERT_OK;

	defect = defect ? defect : cades_token_read(der, s->o->certs, &t, &why);
	*out = doc_result_new(defect ? 0 : 1);
	if (!*out || !own) {
		rc = ECERT_E_MEMORY;
	} else {
		report_add_why(&(*out)->report, CHK_STRUCTURE, defect ? CHECK_FAILED : CHECK_OK,
		    defect ? why : REASON_NONE, defect ? MSG(defect) : MSG_EMPTY);
	}
	if (rc == ECERT_OK && !defect) {
		cades_material_add(own, &t.opened, &t.parts);
		cades_material_add_brought(own, s->o);
		(*out)->signer[0].profile = "PDF-time-stamp";
		rc = cades_material_pick(own, NULL, &b) && cades_material_pick_all(own, &heard) &&
			     cades_brought_hear(&heard, s->o->heard)
			 ? judge(s, &t, own, &b, &heard, &(*out)->signer[0])
			 : ECERT_E_MEMORY;
	}
	cades_brought_free(&b);
	cades_brought_free(&heard);
	if (own)
		cades_material_free(own);
	free(own);
	cades_token_free(&t);
	ERR_clear_error();
	return rc;
}
