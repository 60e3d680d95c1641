/* SPDX-License-Identifier: BSD-2-Clause */
/* What an application points to, fetched and compared with the hash that it names. */
#include <string.h>
#include <strings.h>

#include "actions/online/online.h"
#include "actions/registry/opened.h"
#include "crypto/digest.h"
#include "net/fetch.h"
#include "util/hex.h"

/* Whoever applies chooses the addresses: so many are asked of one application. */
#define FETCH_MOST    64
#define FETCH_BYTES   (256u << 20)
#define FETCH_SECONDS 180

struct fetching {
	const struct job *job;
	struct net_rules rules;
	struct net_budget left;
	json_t *out;
};

static bool stopped(void *ctx)
{
	const struct job *job = ctx;

	return ui_cancelled(job->ui);
}

static const char *hash_of(const struct buf *body, char hex[2 * MD_MAX_SIZE + 1])
{
	uint8_t md[MD_MAX_SIZE];
	size_t n;

	if (digest_once(MD_SHA256, buf_view(body), md, &n) != ECERT_OK)
		return NULL;
	hex_str(rd_of(md, n), hex);
	return hex;
}

static void fetch_one(struct fetching *f, const json_t *e)
{
	const char *uri = json_string_value(json_object_get(e, "uri"));
	const char *named = json_string_value(json_object_get(e, "sha256"));
	const struct net_request q = {.kind = NET_EVIDENCE, .url = uri ? uri : ""};
	struct buf body = BUF_INIT(net_kind_max(NET_EVIDENCE));
	struct net_told told = {.status = 0};
	enum net_outcome o;
	char hex[2 * MD_MAX_SIZE + 1];
	const char *got = NULL;

	ui_progress(f->job->ui, &(struct ui_progress){.name = q.url});
	o = net_fetch(&f->rules, &f->left, &q, &body, &told);
	if (o == NET_OK)
		got = hash_of(&body, hex);
	(void)json_array_append_new(f->out,
	    json_pack("{s:s, s:s, s:s?, s:b, s:I, s:I, s:s?}", "uri", q.url, "outcome",
		net_outcome_name(o), "sha256", got, "same", got && named && !strcasecmp(got, named),
		"bytes", (json_int_t)buf_len(&body), "status", (json_int_t)told.status, "led_to",
		told.url[0] ? told.url : NULL));
	buf_free(&body);
}

const char *desk_fetch_words(const char *outcome)
{
	for (int o = 0; outcome && o < NET_OUTCOMES; o++)
		if (!strcmp(net_outcome_name((enum net_outcome)o), outcome))
			return net_outcome_words((enum net_outcome)o);
	return "";
}

static void fetch_all(struct fetching *f, const json_t *list)
{
	size_t i, k;
	json_t *item, *e;

	json_array_foreach(list, i, item)
	{
		json_array_foreach(json_object_get(item, "evidence"), k, e)
		{
			fetch_one(f, e);
		}
	}
	ui_progress(f->job->ui, NULL);
}

static enum outcome check_options(const struct job *job, const struct desk_deed *deed)
{
	if (!deed->online.on && (deed->online.allow.n || deed->online.seconds))
		return ui_fail(job->ui, OUT_USAGE, "option-means-nothing",
		    MSG("--online-allow and --online-timeout say how to fetch, and --fetch is not "
			"given"),
		    MSG("Say --fetch, too."));
	return OUT_OK;
}

enum outcome desk_fetch(
    const struct job *job, const struct desk_deed *deed, const json_t *said, json_t **out)
{
	struct net_account *run = NULL;
	struct fetching f = {.job = job, .out = json_array()};
	enum outcome code = check_options(job, deed);

	*out = f.out;
	if (!code)
		code = online_run_begin(job, &deed->online, &run);
	if (!code && deed->online.on) {
		f.rules = (struct net_rules){.allow = &deed->online.allow,
		    .seconds = (unsigned)deed->online.seconds,
		    .cancelled = stopped,
		    .ctx = (void *)(uintptr_t)job};
		net_budget_begin(&f.left);
		f.left.requests = FETCH_MOST;
		f.left.bytes = FETCH_BYTES;
		f.left.until += (FETCH_SECONDS - NET_BUDGET_SECONDS) * INT64_C(1000);
		f.left.run = run;
		fetch_all(&f, json_object_get(said, "cop"));
		fetch_all(&f, json_object_get(said, "entries"));
	}
	online_run_end(&run);
	return code;
}
