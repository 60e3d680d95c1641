/* SPDX-License-Identifier: BSD-2-Clause */
/* The certificates on a token, and which of them may sign. */
#include "actions/cert/list.h"

#include <stdlib.h>
#include <string.h>

#include "client/p11.h"
#include "trust/path/check.h"
#include "util/text.h"

static enum ecert_rc take(const struct p11_cert *from, time_t now, struct cert_row *row)
{
	text_copy(row->id, sizeof row->id, from->id);
	row->who = from->who;
	row->may_sign = trust_may_sign(buf_view(&from->der), now, &row->reason);
	row->days_left = expiry_days(row->who.not_after, now);
	row->ends_soon = expiry_near(row->who.not_after, now, &row->ends);
	row->label = strdup(from->cert->label ? from->cert->label : "");
	return row->label ? ECERT_OK : ECERT_E_MEMORY;
}

enum outcome cert_list(const struct job *job, struct cert_list *out)
{
	struct p11 p;
	struct p11_cert *certs;
	size_t n;
	enum ecert_rc rc = ECERT_OK;
	enum outcome code = p11_begin_certs(job, &p, &certs, &n);

	*out = (struct cert_list){.next = P11_NO_CERT_HINT};
	if (!code && !(out->row = calloc(n ? n : 1, sizeof *out->row)))
		rc = ECERT_E_MEMORY;
	while (!code && rc == ECERT_OK && out->n < n) {
		rc = take(&certs[out->n], job_now(job), &out->row[out->n]);
		out->n++;
	}
	if (!code)
		code = ui_fail_rc(job->ui, rc, MSG("Cannot read the token's certificates: {why}"));
	p11_certs_free(&certs, n);
	p11_close(&p);
	return code;
}

void cert_list_free(struct cert_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		free(list->row[i].label);
	free(list->row);
	*list = (struct cert_list){.row = NULL};
}
