/* SPDX-License-Identifier: BSD-2-Clause */
/* Taking applications in. */
#include "actions/registry/opened.h"
#include "actions/request.h"
#include "client/outfile.h"
#include "document/jose/jws.h"
#include "registry/intake.h"
#include "trust/renewal/renewal.h"

enum outcome desk_receive(const struct job *job, const struct desk_deed *deed, const char *file,
    struct registry_application *out)
{
	struct buf text = BUF_INIT(JWS_MAX_SIZE);
	struct desk d = {.job = job};
	struct trust_set *set = NULL;
	struct renewal_result *v = NULL;
	int64_t id = 0;
	time_t now;
	enum outcome code = trust_options_load(job, &deed->trust, &set, &now);
	enum ecert_rc rc;

	if (!code)
		code = infile_load(job, file, &text);
	if (!code)
		code = desk_open(job, deed, &d);
	if (!code) {
		const struct renewal_expect e = {.audience = d.issuer, .now = now, .trust = set};

		code = request_verify(job, file, buf_view(&text), &e,
		    MSG("It was not taken into the register. `ecert verify` shows every check."),
		    &v);
	}
	if (!code) {
		rc = registry_take(d.r, d.who, job_now(job), buf_view(&text), v, &id);
		if (rc == ECERT_OK)
			rc = registry_application(d.r, id, out, NULL, NULL);
		code = desk_failed(&d, rc);
	}
	renewal_result_free(&v);
	trust_set_free(&set);
	desk_close(&d);
	buf_free(&text);
	return code;
}
