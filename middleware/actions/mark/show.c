/* SPDX-License-Identifier: BSD-2-Clause */
/* What a trust mark, a request or a status says, unverified. */
#include "actions/mark/show.h"

#include <strings.h>

#include "client/outfile.h"
#include "document/jose/jws.h"
#include "trust/mark/mark.h"
#include "trust/renewal/renewal.h"

enum outcome trustmark_show(const struct job *job, const char *file, struct mark_shown *out)
{
	static const char *const typs[] = {
	    TRUST_MARK_TYP, RENEWAL_TYP, TRUST_MARK_STATUS_TYP, TRUST_MARK_DELEGATION_TYP};
	struct buf text = BUF_INIT(JWS_MAX_SIZE);
	struct jws *j = NULL;
	struct message_kept why;
	enum outcome code = infile_load(job, file, &text);
	bool known = false;

	*out = (struct mark_shown){.header = NULL};
	if (!code && jws_peek_typ(buf_view(&text), out->typ, sizeof out->typ) != ECERT_OK)
		out->typ[0] = 0;
	for (size_t i = 0; i < sizeof typs / sizeof typs[0]; i++)
		known = known || !strcasecmp(out->typ, typs[i]);
	if (!code && !known)
		code = ui_fail(job->ui, OUT_INPUT, "not-of-a-trust-mark",
		    MSG("{file} is no trust mark, request or status", P_FILE("file", file)),
		    MSG(next_of_rc(ECERT_E_MALFORMED)));
	if (!code &&
	    jws_parse(buf_view(&text), &(struct jws_rules){.typ = out->typ}, &j, &why) != ECERT_OK)
		code = ui_fail(job->ui, OUT_INPUT, "file-damaged",
		    MSG("{file} is damaged: {why}", P_FILE("file", file),
			P_MSG("why", MSG_KEPT(&why))),
		    MSG(next_of_rc(ECERT_E_MALFORMED)));
	if (!code) {
		out->header = json_incref(j->header);
		out->claims = json_incref(j->claims);
	}
	jws_free(&j);
	buf_free(&text);
	return code;
}

void mark_shown_free(struct mark_shown *m)
{
	json_decref(m->header);
	json_decref(m->claims);
	*m = (struct mark_shown){.header = NULL};
}
