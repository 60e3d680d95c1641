/* SPDX-License-Identifier: BSD-2-Clause */
/* Containers with XAdES: what its references name are members. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "document/asic/verify_priv.h"
#include "document/xml/verify.h"

struct members {
	struct asic_job *j;
	bool *seen; /* of each member: the signature that is looked at is about it */
};

static enum ecert_rc open_member(void *ctx, struct rd uri, int *fd)
{
	struct members *m = ctx;
	enum reason reason = REASON_NONE;
	const char *why = NULL;
	size_t member;
	enum ecert_rc rc;

	*fd = -1;
	if (!asic_find(&m->j->c, uri, &member))
		return ECERT_OK;
	rc = asic_unpack(m->j, member, fd, &why, &reason);
	if (why)
		asic_tell(&m->j->doc, CHK_STRUCTURE, reason, why, &m->j->c.v[member]);
	if ((why || rc != ECERT_OK) && *fd >= 0) {
		close(*fd);
		*fd = -1;
	}
	return rc;
}

/* Once for each signature, however often it names it. */
static void fits(void *ctx, struct rd uri)
{
	struct members *m = ctx;
	size_t member;

	if (!asic_find(&m->j->c, uri, &member) || m->seen[member])
		return;
	m->seen[member] = true;
	m->j->covers[member]++;
}

/* The first who says so. */
static void kind(void *ctx, struct rd uri, struct rd type)
{
	struct asic_job *j = ((struct members *)ctx)->j;
	size_t member;

	/* As many as there may be files; looking each up takes its time. */
	if (j->kinds++ >= ZIP_MEMBERS_MAX || !asic_find(&j->c, uri, &member) || j->said[member][0])
		return;
	type.n = type.n < sizeof *j->said ? type.n : sizeof *j->said - 1;
	memcpy(j->said[member], type.p, type.n);
	j->said[member][type.n] = 0;
}

static void next(void *ctx)
{
	struct members *m = ctx;

	memset(m->seen, 0, m->j->c.n * sizeof *m->seen);
}

enum ecert_rc asic_judge_xml(struct asic_job *j, struct asic_signature *s)
{
	struct members m = {j, calloc(j->c.n + 1, sizeof *m.seen)};
	const struct xml_files files = {&m, open_member, fits, kind, next};
	struct buf xml = BUF_INIT(DOC_SIGNATURE_MAX);
	struct doc_verify_options o = *j->o;
	enum reason reason = REASON_NONE;
	const char *why = NULL;
	enum ecert_rc rc = m.seen ? asic_read_all(&j->c, s->member, &xml, &why, &reason)
				  : ECERT_E_MEMORY;

	o.content = NULL;
	if (rc == ECERT_OK && !why)
		rc = xml_verify_files(buf_view(&xml), &files, &o, &s->r);
	if (why)
		asic_tell(&j->doc, CHK_STRUCTURE, reason, why, &j->c.v[s->member]);
	buf_free(&xml);
	free(m.seen);
	return rc;
}
