/* SPDX-License-Identifier: BSD-2-Clause */
/* Trust from files named on the command line. */
#include "actions/trustopts.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/outfile.h"
#include "actions/statedir.h"
#include "actions/trust/use.h"
#include "util/text.h"

enum ecert_rc time_parse(const char *text, time_t *out)
{
	static const char *const forms[] = {"%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d"};
	char *end;
	long long n;

	*out = 0;
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		struct tm tm = {.tm_mday = 1};

		end = strptime(text, forms[i], &tm);
		if (!end || *end)
			continue;
		*out = timegm(&tm);
		return ECERT_OK;
	}
	errno = 0;
	n = strtoll(text, &end, 10);
	if (errno || !*text || *end || n < 0)
		return ECERT_E_MALFORMED;
	*out = (time_t)n;
	return ECERT_OK;
}

/* What a file of an option has to hold. */
struct content {
	const char *what;   /* an id */
	const char *reason; /* of a file that does not */
};
static const struct content certificate = {MSG_ID("certificate"),
				REASON_ID("file-without-certificate")},
			    crl = {MSG_ID("CRL, or a damaged one"), REASON_ID("file-without-crl")},
			    response = {MSG_ID("OCSP response"),
				REASON_ID("file-without-ocsp-response")},
			    trust_list = {
				MSG_ID("trust list"), REASON_ID("file-without-trust-list")};

static enum outcome told(
    const struct job *job, enum ecert_rc rc, const char *path, const struct content *of)
{
	int e = errno;

	if (rc == ECERT_E_IO || rc == ECERT_E_NOT_FOUND)
		return ui_fail(job->ui, OUT_IO, "file-unreadable",
		    MSG("Cannot read {file}: {why}", P_FILE("file", path), P_ERRNO("why", e)),
		    MSG("Check the name and its permissions."));
	if (rc == ECERT_E_MALFORMED)
		return ui_fail(job->ui, OUT_INPUT, of->reason,
		    MSG("{file} holds no {what}", P_FILE("file", path), P_WORD("what", of->what)),
		    MSG(next_of_rc(rc)));
	return ui_fail_rc(job->ui, rc, MSG("Cannot read {file}: {why}", P_FILE("file", path)));
}

static enum outcome add_files(const struct job *job, struct trust_set *set,
    const struct strlist *files, unsigned purposes, const char *option)
{
	enum outcome code = OUT_OK;

	for (size_t i = 0; !code && i < files->n; i++) {
		size_t had = trust_set_count(set);

		code = told(job,
		    trust_set_add_file(set, files->v[i], purposes, TRUST_EXPLICIT, NULL),
		    files->v[i], &certificate);
		trust_set_said_by(set, had, option, files->v[i]);
	}
	return code;
}

/* "URL=PATH" or "PATH". URLs hold '=' too: the last one counts, and only behind "://". */
static enum outcome add_issuers(
    const struct job *job, struct trust_set *set, const struct strlist *list)
{
	enum outcome code = OUT_OK;

	for (size_t i = 0; !code && i < list->n; i++) {
		const char *v = list->v[i];
		const char *eq = strstr(v, "://") ? strrchr(v, '=') : NULL;
		char url[256] = "";
		size_t had = trust_set_count(set);

		if (eq)
			snprintf(url, sizeof url, "%.*s", (int)(eq - v), v);
		code = told(job,
		    trust_set_add_file(
			set, eq ? eq + 1 : v, TRUST_MARK_ISSUER, TRUST_EXPLICIT, eq ? url : NULL),
		    eq ? eq + 1 : v, &certificate);
		trust_set_said_by(set, had, "--mark-issuer", eq ? eq + 1 : v);
	}
	return code;
}

/* "OWNER=TYPE=PATH". */
static enum outcome add_owners(
    const struct job *job, struct trust_set *set, const struct strlist *list)
{
	enum outcome code = OUT_OK;

	for (size_t i = 0; !code && i < list->n; i++) {
		char text[1024], *type, *path;
		size_t had = trust_set_count(set);

		text_copy(text, sizeof text, list->v[i]);
		path = strrchr(text, '=');
		if (path)
			*path++ = 0;
		type = path ? strrchr(text, '=') : NULL;
		if (!type)
			return ui_fail(job->ui, OUT_USAGE, "mark-owner-malformed",
			    MSG("--mark-owner takes URL=TYPE=PEM"), NULL);
		*type++ = 0;
		code = told(
		    job, trust_set_add_owner_file(set, path, text, type), path, &certificate);
		trust_set_said_by(set, had, "--mark-owner", path);
	}
	return code;
}

/* A first use is told with the list's date: the person may know that there are newer ones. A store
 * that was lost looks the same. */
static void say_first(const struct job *job, const struct trust_list_order *o)
{
	char date[TEXT_DAY];

	ui_note(job->ui,
	    MSG("Note: the first trust list of {iss} seen here: seq {seq}, signed on {date}. From "
		"now on older ones are refused.",
		P_TEXT("iss", o->iss), P_NUMBER("seq", (long long)o->seq),
		P_TEXT("date", text_day(o->iat, date))));
}

/* Where the newest list is remembered; NULL: nowhere. As of another time (--at) lists are not
 * compared: the list of then is older than today's. */
static const char *list_store(
    const struct job *job, const struct trust_options *o, char *path, size_t cap)
{
	const char *dir = o->list_store;

	if (o->at)
		return NULL;
	if (!dir)
		dir = state_folder("lists", path, cap);
	if (!dir)
		ui_note(job->ui,
		    MSG("Note: there is no home folder to remember the newest trust list in, so "
			"that an old one would not be noticed; name one with --trust-list-store."));
	return dir;
}

static enum outcome list_refused(
    const struct job *job, const struct trust_options *o, enum ecert_rc rc, const struct check *why)
{
	static const struct {
		enum check_name check;
		const char *hint;
	} hints[] = {
	    {CHK_TRUST_LIST_ORDER, MSG_ID("Use the newest one; whoever publishes it has it.")},
	    {CHK_TRUST_LIST_ENTRIES, MSG_ID("A newer version of this program may know it; else ask "
					    "whoever publishes the list.")},
	};
	const char *hint = MSG_ID("Ask whoever publishes the list for a fresh one.");

	/* Nothing was found out about the list. */
	if (why->id == CHK_TRUST_LIST_ORDER && rc == ECERT_E_MALFORMED)
		return ui_fail(job->ui, OUT_INPUT, "trust-list-unusable",
		    MSG("The trust list {list} cannot be used: {detail}", P_FILE("list", o->list),
			P_MSG("detail", MSG_KEPT(&why->what))),
		    MSG("Move the file away, and the next list counts as the first one seen."));
	if (why->id == CHK_TRUST_LIST_ORDER && rc == ECERT_E_IO)
		return ui_fail(job->ui, OUT_IO, "trust-list-unusable",
		    MSG("The trust list {list} cannot be used: {detail}", P_FILE("list", o->list),
			P_MSG("detail", MSG_KEPT(&why->what))),
		    MSG("Name a folder that you may write in: --trust-list-store DIR."));
	if (rc == ECERT_E_MEMORY || rc == ECERT_E_CRYPTO)
		return ui_fail_rc(job->ui, rc,
		    MSG("Cannot read the trust list {list}: {why}", P_FILE("list", o->list)));
	for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++)
		if (why->id == hints[i].check)
			hint = hints[i].hint;
	return ui_fail(job->ui, rc == ECERT_E_IO ? OUT_IO : OUT_INVALID, "trust-list-invalid",
	    MSG("The trust list {list} does not count: {detail}", P_FILE("list", o->list),
		P_MSG("detail", MSG_KEPT(&why->what))),
	    MSG(hint));
}

static enum outcome add_list(
    const struct job *job, struct trust_set *set, const struct trust_options *o, time_t now)
{
	char path[PATH_MAX];
	struct trust_list_order order = {.least = o->list_seq};
	struct report rep;
	const struct check *why;
	enum ecert_rc rc;
	size_t had;

	if (!o->list && (o->list_signer || o->list_store || o->list_seq))
		return ui_fail(job->ui, OUT_USAGE, "trust-list-missing",
		    MSG("--trust-list-signer, -seq and -store say how to read a --trust-list, and "
			"none is given"),
		    MSG("Name the list: --trust-list FILE."));
	if (!o->list)
		return OUT_OK;
	if (!o->list_signer)
		return ui_fail(job->ui, OUT_USAGE, "trust-list-signer-missing",
		    MSG("--trust-list needs --trust-list-signer"),
		    MSG("A list counts only with its signer's certificate."));
	if (access(o->list, R_OK) || access(o->list_signer, R_OK))
		return told(
		    job, ECERT_E_IO, access(o->list, R_OK) ? o->list : o->list_signer, &trust_list);
	order.store = list_store(job, o, path, sizeof path);
	report_init(&rep);
	had = trust_set_count(set);
	rc = trust_set_add_list_file(set, o->list, o->list_signer, now, &order, &rep);
	trust_set_said_by(set, had, "--trust-list", o->list);
	why = report_reason(&rep);
	if (rc != ECERT_OK && why)
		return list_refused(job, o, rc, why);
	if (rc != ECERT_OK) /* the list is judged first: its file was read when there is no check */
		return told(job, rc, rc == ECERT_E_MALFORMED ? o->list_signer : o->list,
		    rc == ECERT_E_MALFORMED ? &certificate : &trust_list);
	if (order.first)
		say_first(job, &order);
	return OUT_OK;
}

static enum outcome add_ocsp(const struct job *job, struct trust_set *set, const char *path)
{
	struct buf der = BUF_INIT(65536);
	enum outcome code = path ? infile_load(job, path, &der) : OUT_OK;

	if (!code && path)
		code = told(job, trust_set_add_ocsp(set, buf_view(&der)), path, &response);
	buf_free(&der);
	return code;
}

/* Whoever says whom to trust is not given others as well. */
static enum outcome use_stores(
    const struct job *job, struct trust_set *set, const struct trust_options *o, time_t now)
{
	char path[PATH_MAX];

	if (o->no_store || o->anchor.n || o->attestation_root.n || o->mark_issuer.n ||
	    o->mark_owner.n || o->tsa_anchor.n || o->list)
		return OUT_OK;
	return trust_stores_use(job, set, now, !o->own_marks,
	    o->at	    ? NULL
	    : o->list_store ? o->list_store
			    : state_folder("lists", path, sizeof path));
}

enum outcome trust_options_load(
    const struct job *job, const struct trust_options *o, struct trust_set **out, time_t *now)
{
	struct trust_set *set = NULL;
	enum outcome code;

	*out = NULL;
	*now = job_now(job);
	if (o->at && time_parse(o->at, now) != ECERT_OK)
		return ui_fail(job->ui, OUT_USAGE, "time-malformed",
		    MSG("--at '{at}' is not understood", P_TEXT("at", o->at)),
		    MSG("It looks like 2026-11-21T12:00:00Z."));
	code = ui_fail_rc(job->ui, trust_set_new(&set), MSG("Cannot start: {why}"));
	if (!code && o->algorithms)
		trust_set_algorithms(set, o->algorithms);
	if (!code && o->need_revocation)
		trust_set_need_revocation(set);
	if (!code)
		code = add_files(job, set, &o->anchor, TRUST_ECERT_SIGNING, "--anchor");
	if (!code)
		code = add_files(job, set, &o->tsa_anchor, TRUST_TSA, "--tsa-anchor");
	if (!code)
		code = add_files(
		    job, set, &o->attestation_root, TRUST_ATTESTATION, "--attestation-root");
	if (!code)
		code = add_issuers(job, set, &o->mark_issuer);
	if (!code)
		code = add_owners(job, set, &o->mark_owner);
	for (size_t i = 0; !code && i < o->helper.n; i++)
		code = told(job, trust_set_add_helper_file(set, o->helper.v[i]), o->helper.v[i],
		    &certificate);
	for (size_t i = 0; !code && i < o->crl.n; i++)
		code = told(job, trust_set_add_crl_file(set, o->crl.v[i]), o->crl.v[i], &crl);
	if (!code)
		code = add_ocsp(job, set, o->ocsp);
	if (!code)
		code = add_list(job, set, o, *now);
	if (!code)
		code = use_stores(job, set, o, *now);
	if (code)
		trust_set_free(&set);
	*out = set;
	return code;
}
