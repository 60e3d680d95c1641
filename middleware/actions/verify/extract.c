/* SPDX-License-Identifier: BSD-2-Clause */
/* Taking the signed content out: what the verdict is about, and only when it allows. */
#include "actions/verify/verifying.h"
#include "client/outfile.h"

/* A doc_content_fn. */
static enum ecert_rc put(void *ctx, struct rd part)
{
	struct extraction *x = ctx;

	x->rc = outfile_put(x->out, part);
	return x->rc;
}

enum outcome verify_extract_begin(
    const struct verifying *v, struct extraction *x, struct doc_verify_options *o)
{
	const char *path = v->o->extract;
	enum outcome code = OUT_OK;

	*x = (struct extraction){.out = NULL};
	if (!path)
		return OUT_OK;
	code = outfile_vacant(v->job, path, v->o->force);
	if (!code)
		code = outfile_failed(v->job, outfile_begin(path, v->o->force, &x->out), path);
	o->content = code ? NULL : put;
	o->content_ctx = x;
	o->revision = (size_t)v->o->extract_revision;
	o->member = v->o->member;
	return code;
}

/* A disk that is full is no reason to say that a signature cannot be verified. */
enum outcome verify_extract_put(const struct verifying *v, const struct extraction *x)
{
	return outfile_failed(v->job, x->rc, v->o->extract ? v->o->extract : "");
}

static bool allowed(const struct verifying *v)
{
	const struct doc_result *r = v->r->signature;
	/* What came later to a signed state is not in it. */
	enum verdict verdict = r->taken.revision ? r->taken.verdict : v->r->verdict;

	return verdict == VERDICT_PASSED ||
	       (verdict == VERDICT_INDETERMINATE && v->o->extract_indeterminate);
}

static enum outcome nothing_inside(const struct verifying *v)
{
	if (v->o->extract_revision)
		return ui_fail(v->job->ui, OUT_INPUT, "nothing-inside",
		    MSG("There is no signed revision {n} to take out",
			P_NUMBER("n", v->o->extract_revision)),
		    MSG("A signed PDF has one for each signature; see above which there are."));
	return ui_fail(v->job->ui, OUT_INPUT, "nothing-inside",
	    MSG("There is nothing to take out: the signed file is not inside the "
		"signature"),
	    MSG("The signed file is the one beside it; leave --extract out."));
}

static bool has_taken(const struct doc_result *r)
{
	bool taken = false;

	for (size_t i = 0; i < r->members_n; i++)
		taken = taken || r->members[i].taken;
	return taken;
}

enum outcome verify_extract_end(const struct verifying *v, struct extraction *x, enum outcome code)
{
	const struct doc_result *r = v->r->signature;
	bool there = r && (v->o->extract_revision ? r->taken.revision != 0
						  : r->attached || r->taken.revision);

	v->r->extract = x->out ? v->o->extract : NULL;
	if (!code && x->out && r && r->n && !there) {
		code = nothing_inside(v);
	} else if (!code && x->out && r && r->members && !has_taken(r) && allowed(v)) {
		code = ui_fail(v->job->ui, OUT_INPUT, "not-one-inside",
		    MSG(v->o->member
			    ? MSG_ID("There is no file {name} in it that all its signatures cover")
			    : MSG_ID("There is not just one file in it"),
			P_FILE("name", v->o->member)),
		    MSG("Say which with --member NAME: verify without --extract lists them."));
	} else if (!code && x->out && there && allowed(v)) {
		code = outfile_failed(v->job, outfile_name(&x->out), v->o->extract);
		v->r->extracted = !code;
	}
	outfile_drop(&x->out);
	return code;
}
