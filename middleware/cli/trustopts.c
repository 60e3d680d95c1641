/* SPDX-License-Identifier: BSD-2-Clause */
/* Trust from files named on the command line. */
#include "cli/trustopts.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/outfile.h"
#include "cli/statedir.h"

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

static enum cli_exit told(const struct cli *c, enum ecert_rc rc, const char *path, const char *what)
{
	int e = errno;

	if (rc == ECERT_E_IO || rc == ECERT_E_NOT_FOUND)
		return cli_fail(c, CLI_IO, "Check the name and its permissions.",
		    "Cannot read %s: %s", path, strerror(e));
	if (rc == ECERT_E_MALFORMED)
		return cli_fail(c, CLI_INPUT, hint_of_rc(rc), "%s holds no %s", path, what);
	return cli_fail_rc(c, rc, "read %s", path);
}

static enum cli_exit add_files(
    const struct cli *c, struct trust_set *set, const struct strlist *files, unsigned purposes)
{
	enum cli_exit code = CLI_OK;

	for (size_t i = 0; !code && i < files->n; i++)
		code = told(c, trust_set_add_file(set, files->v[i], purposes, TRUST_EXPLICIT, NULL),
		    files->v[i], "certificate");
	return code;
}

/* "URL=PATH" or "PATH". URLs hold '=' too: the last one counts, and only behind "://". */
static enum cli_exit add_issuers(
    const struct cli *c, struct trust_set *set, const struct strlist *list)
{
	enum cli_exit code = CLI_OK;

	for (size_t i = 0; !code && i < list->n; i++) {
		const char *v = list->v[i];
		const char *eq = strstr(v, "://") ? strrchr(v, '=') : NULL;
		char url[256] = "";

		if (eq)
			snprintf(url, sizeof url, "%.*s", (int)(eq - v), v);
		code = told(c,
		    trust_set_add_file(
			set, eq ? eq + 1 : v, TRUST_MARK_ISSUER, TRUST_EXPLICIT, eq ? url : NULL),
		    eq ? eq + 1 : v, "certificate");
	}
	return code;
}

/* "OWNER=TYPE=PATH". */
static enum cli_exit add_owners(
    const struct cli *c, struct trust_set *set, const struct strlist *list)
{
	enum cli_exit code = CLI_OK;

	for (size_t i = 0; !code && i < list->n; i++) {
		char text[1024], *type, *path;

		cli_copy(text, sizeof text, list->v[i]);
		path = strrchr(text, '=');
		if (path)
			*path++ = 0;
		type = path ? strrchr(text, '=') : NULL;
		if (!type)
			return cli_fail(c, CLI_USAGE, "", "--mark-owner takes URL=TYPE=PEM");
		*type++ = 0;
		code = told(
		    c, trust_set_add_owner_file(set, path, text, type), path, "certificate");
	}
	return code;
}

/* A first use is told with the list's date: the person may know that there are newer ones. A store
 * that was lost looks the same. */
static void say_first(const struct cli *c, const struct trust_list_order *o)
{
	char date[32] = "?";
	struct tm tm;

	if (gmtime_r(&o->iat, &tm))
		strftime(date, sizeof date, "%Y-%m-%d", &tm);
	cli_note(c,
	    "Note: the first trust list of %s seen here: seq %lld, signed on %s. From now on older "
	    "ones are refused.",
	    o->iss, (long long)o->seq, date);
}

/* Where the newest list is remembered; NULL: nowhere. As of another time (--at) lists are not
 * compared: the list of then is older than today's. */
static const char *list_store(
    const struct cli *c, const struct trust_options *o, char *path, size_t cap)
{
	const char *dir = o->list_store;

	if (o->at)
		return NULL;
	if (!dir)
		dir = state_folder("lists", path, cap);
	if (!dir)
		cli_note(c, "Note: there is no home folder to remember the newest trust list in, "
			    "so that an old one would not be noticed; name one with "
			    "--trust-list-store.");
	return dir;
}

static enum cli_exit list_refused(
    const struct cli *c, const struct trust_options *o, enum ecert_rc rc, const struct check *why)
{
	static const struct {
		const char *check, *hint;
	} hints[] = {
	    {"trust list order", "Use the newest one; whoever publishes it has it."},
	    {"trust list entries", "A newer version of this program may know it; else ask whoever "
				   "publishes the list."},
	};
	const char *hint = "Ask whoever publishes the list for a fresh one.";

	/* Nothing was found out about the list. */
	if (!strcmp(why->name, "trust list order") && rc == ECERT_E_MALFORMED)
		return cli_fail(c, CLI_INPUT,
		    "Move the file away, and the next list counts as the first one seen.",
		    "The trust list %s cannot be used: %s", o->list, why->detail);
	if (!strcmp(why->name, "trust list order") && rc == ECERT_E_IO)
		return cli_fail(c, CLI_IO,
		    "Name a folder that you may write in: --trust-list-store DIR.",
		    "The trust list %s cannot be used: %s", o->list, why->detail);
	if (rc == ECERT_E_MEMORY || rc == ECERT_E_CRYPTO)
		return cli_fail_rc(c, rc, "read the trust list %s", o->list);
	for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++)
		if (!strcmp(why->name, hints[i].check))
			hint = hints[i].hint;
	return cli_fail(c, rc == ECERT_E_IO ? CLI_IO : CLI_INVALID, hint,
	    "The trust list %s does not count: %s", o->list, why->detail);
}

static enum cli_exit add_list(
    const struct cli *c, struct trust_set *set, const struct trust_options *o, time_t now)
{
	char path[PATH_MAX];
	struct trust_list_order order = {.least = o->list_seq};
	struct report rep;
	const struct check *why;
	enum ecert_rc rc;

	if (!o->list && (o->list_signer || o->list_store || o->list_seq))
		return cli_fail(c, CLI_USAGE, "Name the list: --trust-list FILE.",
		    "--trust-list-signer, -seq and -store say how to read a --trust-list, and none "
		    "is given");
	if (!o->list)
		return CLI_OK;
	if (!o->list_signer)
		return cli_fail(c, CLI_USAGE, "A list counts only with its signer's certificate.",
		    "--trust-list needs --trust-list-signer");
	if (access(o->list, R_OK) || access(o->list_signer, R_OK))
		return told(c, ECERT_E_IO, access(o->list, R_OK) ? o->list : o->list_signer, "");
	order.store = list_store(c, o, path, sizeof path);
	report_init(&rep);
	rc = trust_set_add_list_file(set, o->list, o->list_signer, now, &order, &rep);
	why = report_reason(&rep);
	if (rc && why)
		return list_refused(c, o, rc, why);
	if (rc) /* the list is judged first: its file was read when there is no check */
		return told(c, rc, rc == ECERT_E_MALFORMED ? o->list_signer : o->list,
		    rc == ECERT_E_MALFORMED ? "certificate" : "trust list");
	if (order.first)
		say_first(c, &order);
	return CLI_OK;
}

static enum cli_exit add_ocsp(const struct cli *c, struct trust_set *set, const char *path)
{
	struct buf der = BUF_INIT(65536);
	enum cli_exit code = path ? infile_load(c, path, &der) : CLI_OK;

	if (!code && path)
		code = told(c, trust_set_add_ocsp(set, buf_view(&der)), path, "OCSP response");
	buf_free(&der);
	return code;
}

enum cli_exit trust_options_load(
    const struct cli *c, const struct trust_options *o, struct trust_set **out, time_t *now)
{
	struct trust_set *set = NULL;
	enum cli_exit code;

	*out = NULL;
	*now = time(NULL);
	if (o->at && time_parse(o->at, now))
		return cli_fail(c, CLI_USAGE, "It looks like 2026-11-21T12:00:00Z.",
		    "--at '%s' is not understood", o->at);
	code = cli_fail_rc(c, trust_set_new(&set), "start");
	if (!code)
		code = add_files(c, set, &o->anchor, TRUST_ECERT_SIGNING);
	if (!code)
		code = add_files(c, set, &o->attestation_root, TRUST_ATTESTATION);
	if (!code)
		code = add_issuers(c, set, &o->mark_issuer);
	if (!code)
		code = add_owners(c, set, &o->mark_owner);
	for (size_t i = 0; !code && i < o->helper.n; i++)
		code = told(c, trust_set_add_helper_file(set, o->helper.v[i]), o->helper.v[i],
		    "certificate");
	for (size_t i = 0; !code && i < o->crl.n; i++)
		code = told(c, trust_set_add_crl_file(set, o->crl.v[i]), o->crl.v[i],
		    "CRL, or a damaged one");
	if (!code)
		code = add_ocsp(c, set, o->ocsp);
	if (!code)
		code = add_list(c, set, o, *now);
	if (code)
		trust_set_free(&set);
	*out = set;
	return code;
}
