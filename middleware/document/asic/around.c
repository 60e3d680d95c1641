/* SPDX-License-Identifier: BSD-2-Clause */
/* What there is in a container, and what came of it. */
#include <stdlib.h>
#include <string.h>
#include <string.h>

#include "document/asic/verify_priv.h"

void asic_tell(struct report *rep, enum check_name check, enum reason reason, const char *why,
    const struct asic_member *m)
{
	char name[256] = "";

	if (m)
		asic_show(m, name, sizeof name);
	report_add_why(rep, check, reason_state(reason), reason, MSG(why, P_TEXT("name", name)));
}

bool asic_is_wanted(const struct asic_job *j, const struct asic_member *m)
{
	if (!j->o->content || !asic_is_data(m))
		return false;
	return j->o->member ? rd_equal(m->name, rd_of(j->o->member, strlen(j->o->member)))
			    : j->data == 1;
}

/* ---- what there is ---- */
enum asic_kind asic_kind_of(const struct asic_member *m)
{
	if (asic_named(m, "META-INF/", ".p7s") && rd_contains(m->name, "signature"))
		return ASIC_KIND_CADES;
	return asic_named(m, "META-INF/", ".xml") && rd_contains(m->name, "signatures")
		   ? ASIC_KIND_XADES
		   : ASIC_KIND_OTHER;
}

/* Errors: asic_manifest_read's. */
static enum ecert_rc add_manifest(struct asic_job *j, size_t i)
{
	struct asic_manifest *m = &j->spare[j->spares];
	enum reason reason = REASON_TOO_MUCH;
	const char *why = NULL;
	enum ecert_rc rc;

	j->manifests++;
	if (j->spares == ASIC_SIGNATURES_MAX)
		return ECERT_OK;
	rc = asic_manifest_read(&j->c, i, m, &why, &reason);
	j->references += m->n;
	j->spares++;
	if (rc == ECERT_OK && why)
		asic_tell(
		    &j->doc, CHK_STRUCTURE, reason, MSG_ID("{name} cannot be read"), &j->c.v[i]);
	if (rc == ECERT_OK && (why || j->references > ZIP_MEMBERS_MAX)) {
		asic_manifest_free(m);
		j->spares--;
	}
	return rc;
}

/* The manifest that says of itself whose it is: one, and of one signature. */
static void find_manifest(struct asic_job *j, struct asic_signature *s)
{
	size_t found = 0, at = 0, member;

	for (size_t i = 0; i < j->spares; i++)
		if (asic_find(&j->c, j->spare[i].signature, &member) && member == s->member) {
			found++;
			at = i;
		}
	if (!found)
		return;
	s->has_manifest = true;
	if (found > 1)
		asic_tell(&j->doc, CHK_STRUCTURE, REASON_FORMAT_BROKEN,
		    MSG_ID("two manifests say what {name} is about"), &j->c.v[s->member]);
	s->manifest = j->spare[at];
	j->spare[at] = j->spare[--j->spares];
}

/* How many there are, and how many of them are looked at. */
static void check_limits(struct asic_job *j, size_t signatures)
{
	const struct {
		size_t n, max;
		const char *why;
	} limits[] = {{signatures, ASIC_SIGNATURES_MAX,
			  MSG_ID("there are {n} signatures in it, and {max} are looked at")},
	    {j->manifests, ASIC_SIGNATURES_MAX,
		MSG_ID("there are {n} manifests in it, and {max} are looked at")},
	    {j->references, ZIP_MEMBERS_MAX,
		MSG_ID("there are {n} references in it, and {max} are looked at")}};

	for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
		if (limits[i].n > limits[i].max)
			report_add_why(&j->doc, CHK_STRUCTURE, reason_state(REASON_TOO_MUCH),
			    REASON_TOO_MUCH,
			    MSG(limits[i].why, P_NUMBER("n", limits[i].n),
				P_NUMBER("max", limits[i].max)));
}

enum ecert_rc asic_look_around(struct asic_job *j)
{
	enum ecert_rc rc = ECERT_OK;
	size_t signatures = 0;

	for (size_t i = 0; rc == ECERT_OK && i < j->c.n; i++) {
		const struct asic_member *m = &j->c.v[i];

		j->data += asic_is_data(m);
		if (asic_named(m, "META-INF/ASiCManifest", ".xml"))
			rc = add_manifest(j, i);
		else if (asic_named(m, "META-INF/ASiCArchiveManifest", ".xml"))
			report_add(&j->doc, CHK_TIME_STAMP, CHECK_SKIPPED,
			    MSG("there is an archive time stamp, which this version does not "
				"verify"));
		else if (asic_kind_of(m) && signatures++ < ASIC_SIGNATURES_MAX)
			j->sig[j->n++] = (struct asic_signature){
			    .member = i, .is_xml = asic_kind_of(m) == ASIC_KIND_XADES};
		else if (asic_kind_of(m))
			continue;
		else if (asic_named(m, "META-INF/", ".tst"))
			asic_tell(&j->doc, CHK_STRUCTURE, REASON_CRITICAL_UNKNOWN,
			    MSG_ID("{name} is a signature of a kind that this version does not "
				   "verify in containers"),
			    m);
	}
	check_limits(j, signatures);
	for (size_t i = 0; i < j->n; i++)
		if (!j->sig[i].is_xml)
			find_manifest(j, &j->sig[i]);
	return rc;
}

/* ---- the result ---- */
/* Of META-INF, what neither the standard (EN 319 162-1, 4.4.3) nor the formats it names have there.
 */
static bool is_stray(const struct asic_member *m)
{
	static const char *const known[][2] = {{"ASiCManifest", ".xml"},
	    {"ASiCArchiveManifest", ".xml"}, {"ASiCEvidenceRecordManifest", ".xml"},
	    {"manifest", ".xml"}, {"container", ".xml"}, {"metadata", ".xml"}, {"", ".p7s"},
	    {"", ".tst"}, {"", ".ers"}, {"", "/"}};
	struct asic_member in = *m;

	if (!asic_named(m, "META-INF/", "") || m->name.n == 9 || asic_kind_of(m))
		return false;
	in.name = rd_of(m->name.p + 9, m->name.n - 9);
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (asic_named(&in, known[i][0], known[i][1]))
			return false;
	return true;
}

static enum ecert_rc put_members(const struct asic_job *j, struct doc_result *r)
{
	char first[sizeof r->members->name] = "";
	size_t bare = 0;

	/* Of one that was refused, nobody knows what is in it. */
	r->members = calloc(j->data + 1, sizeof *r->members);
	if (!r->members)
		return ECERT_E_MEMORY;
	for (size_t i = 0; j->data && i < j->c.n; i++) {
		struct doc_member *m = &r->members[r->members_n];

		if (is_stray(&j->c.v[i]) && ++bare == 1)
			asic_show(&j->c.v[i], first, sizeof first);
		if (!asic_is_data(&j->c.v[i]))
			continue;
		asic_show(&j->c.v[i], m->name, sizeof m->name);
		m->size = j->c.v[i].size;
		m->signatures = j->covers ? j->covers[i] : 0;
		m->taken = asic_is_wanted(j, &j->c.v[i]) && j->n && m->signatures == j->n;
		r->content_size += m->signatures ? m->size : 0;
		r->members_n++;
		if (!m->signatures && ++bare == 1)
			memcpy(first, m->name, sizeof first);
	}
	if (bare)
		report_add(&r->report, CHK_CONTENT, CHECK_SKIPPED,
		    MSG_N("no signature covers {name}",
			"no signature covers {name} and others, {n} in all", bare,
			P_TEXT("name", first)));
	return ECERT_OK;
}

enum ecert_rc asic_merge(struct asic_job *j, struct doc_result **out)
{
	struct doc_result *r;
	size_t n = 0;

	for (size_t i = 0; i < j->n; i++)
		n += j->sig[i].r ? j->sig[i].r->n : 0;
	r = calloc(1, sizeof *r + n * sizeof r->signer[0]);
	if (!r)
		return ECERT_E_MEMORY;
	r->attached = true;
	if (!report_get(&j->doc, CHK_STRUCTURE) && !j->n)
		asic_tell(&j->doc, CHK_STRUCTURE, REASON_NO_SIGNER,
		    MSG_ID("there is no signature in it"), NULL);
	if (!report_get(&j->doc, CHK_STRUCTURE))
		report_add(&r->report, CHK_STRUCTURE, CHECK_OK, MSG("ASiC container"));
	report_append(&r->report, &j->doc);
	for (size_t i = 0; i < j->n; i++) {
		struct doc_result *from = j->sig[i].r;

		if (from && !from->n)
			report_append(&r->report, &from->report);
		for (size_t k = 0; from && k < from->n; k++) {
			r->signer[r->n] = from->signer[k];
			r->signer[r->n].part = i;
			r->signer[r->n++].covered = j->covers[j->sig[i].member] > 0;
		}
		if (from)
			from->n = 0; /* its signers have moved */
	}
	*out = r;
	return put_members(j, r);
}
