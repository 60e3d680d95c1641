/* SPDX-License-Identifier: BSD-2-Clause */
/* What a whole run may ask for: signers choose the addresses of each of its files. */
#include "actions/online/online.h"
#include "net/account.h"
#include "net/fetch.h"
#include "net/url.h"

/* A request's share of what the run may spend; a run of a few has what one file may. */
#define REQUEST_BYTES (256u << 10)
#define REQUEST_MS    300u

static enum outcome check(const struct job *job, const struct online_options *o)
{
	if (!o->on && (o->allow.n || o->cache || o->seconds || o->limit))
		return ui_fail(job->ui, OUT_USAGE, "online-missing",
		    MSG("--online-allow, -cache, -limit and -timeout say how to ask --online, and "
			"that is "
			"not given"),
		    MSG("Say --online, too."));
	if (o->seconds < 0 || o->seconds > 60)
		return ui_fail(job->ui, OUT_USAGE, "online-timeout-malformed",
		    MSG("--online-timeout takes 1 to 60 seconds, and not {n}",
			P_NUMBER("n", o->seconds)),
		    NULL);
	if (o->limit < 0 || o->limit > ONLINE_LIMIT_MAX)
		return ui_fail(job->ui, OUT_USAGE, "online-limit-malformed",
		    MSG("--online-limit takes 1 to {max} requests, and not {n}",
			P_NUMBER("max", ONLINE_LIMIT_MAX), P_NUMBER("n", o->limit)),
		    NULL);
	for (size_t i = 0; i < o->allow.n; i++)
		if (!net_allow_ok(o->allow.v[i]))
			return ui_fail(job->ui, OUT_USAGE, "online-allow-malformed",
			    MSG("--online-allow takes HOST or HOST:PORT, not '{value}'",
				P_TEXT("value", o->allow.v[i])),
			    MSG("An IPv6 address stands in brackets: [fd00::1]:8080."));
	return OUT_OK;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

enum outcome online_run_begin(
    const struct job *job, const struct online_options *o, struct net_account **run)
{
	uint64_t n = (uint64_t)(o->limit > 0 ? o->limit : ONLINE_LIMIT);
	struct net_limits all = {.requests = n,
	    .bytes = larger(n * REQUEST_BYTES, NET_BUDGET_BYTES),
	    .ms = larger(n * REQUEST_MS, NET_BUDGET_SECONDS * UINT64_C(1000))};
	struct net_limits host = {larger(all.requests / 2, 1), all.bytes / 2, all.ms / 2};
	enum outcome code = check(job, o);

	*run = NULL;
	if (code || !o->on)
		return code;
	*run = net_account_new(&all, &host);
	return *run ? OUT_OK : ui_fail_rc(job->ui, ECERT_E_MEMORY, MSG("Cannot start: {why}"));
}

size_t online_run_refused(struct net_account *run)
{
	return run ? (size_t)net_account_refused(run) : 0;
}

void online_run_end(struct net_account **run)
{
	net_account_free(run);
}
