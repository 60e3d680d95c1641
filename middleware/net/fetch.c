/* SPDX-License-Identifier: BSD-2-Clause */
/* Fetching by libcurl: one handle a hop, each hop judged before it is asked and where it connects.
 */
#include "net/fetch.h"

#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "net/address.h"
#include "net/curl.h"
#include "net/url.h"
#include "util/clock.h"
#include "util/message.h"
#include "util/text.h"

#define MAX_HOPS      3
#define MAX_HEADERS   65536u
#define USUAL_SECONDS 10u
#define CONNECT_MS    5000L

static const struct {
	size_t max;
	const char *accept, *type;
	bool tls; /* it has to be by https */
} kinds[NET_KINDS] = {
    [NET_OCSP] = {65536, "Accept: application/ocsp-response",
	"Content-Type: application/ocsp-request", false},
    [NET_CRL] = {64u << 20, "Accept: application/pkix-crl, */*", NULL, false},
    [NET_STAMP] = {65536, "Accept: application/timestamp-reply",
	"Content-Type: application/timestamp-query", false},
    [NET_ISSUER] = {262144, "Accept: application/pkix-cert, application/pkcs7-mime, */*", NULL,
	false},
    [NET_ENTITY] = {262144, "Accept: application/entity-statement+jwt", NULL, true},
    [NET_EVIDENCE] = {16u << 20, "Accept: */*", NULL, true},
    [NET_KEYS] = {262144, "Accept: application/jwk-set+jwt", NULL, true},
    [NET_STATUS_OF_MARK] = {262144, "Accept: application/trust-mark-status-response+jwt",
	"Content-Type: application/x-www-form-urlencoded", true},
};

static const struct {
	const char *name, *words;
} outcomes[NET_OUTCOMES] = {
    [NET_OK] = {"ok", MSG_ID("it answered")},
    [NET_URL_REFUSED] = {"url-refused", MSG_ID("not asked: such an address is never asked")},
    [NET_ADDRESS_REFUSED] = {"address-refused",
	MSG_ID("not asked: it is in a private or reserved network (--online-allow names those that "
	       "may be asked)")},
    [NET_REDIRECT_REFUSED] = {"redirect-refused",
	MSG_ID("it led elsewhere, too often or to where is never asked")},
    [NET_UNREACHABLE] = {"unreachable", MSG_ID("it cannot be reached")},
    [NET_TLS] = {"tls", MSG_ID("its server did not prove to be who it is named")},
    [NET_TIMEOUT] = {"timeout", MSG_ID("it did not answer in time")},
    [NET_TOO_LARGE] = {"too-large", MSG_ID("its answer is larger than what is taken")},
    [NET_STATUS] = {"http-status", MSG_ID("its server refused")},
    [NET_BROKEN] = {"broken", MSG_ID("what it answered is damaged or empty")},
    [NET_LIMIT] = {"limit", MSG_ID("not asked: more addresses than are asked for one file")},
    [NET_RUN_LIMIT] = {"run-limit", MSG_ID("not asked: the limit of this run is used up")},
    [NET_HOST_LIMIT] = {"host-limit",
	MSG_ID("not asked: the limit of this run for one host is used up")},
    [NET_CANCELLED] = {"cancelled", MSG_ID("not asked: it was cancelled")},
    [NET_NO_LIBRARY] = {"no-library", MSG_ID("not asked: libcurl is not on this machine")},
    [NET_MEMORY] = {"memory", MSG_ID("not asked: memory is out")},
};

const char *net_outcome_name(enum net_outcome o)
{
	return outcomes[o].name;
}

const char *net_outcome_words(enum net_outcome o)
{
	return outcomes[o].words;
}

bool net_outcome_is_asked(enum net_outcome o)
{
	return o != NET_URL_REFUSED && o != NET_ADDRESS_REFUSED && o != NET_LIMIT &&
	       o != NET_RUN_LIMIT && o != NET_HOST_LIMIT && o != NET_CANCELLED &&
	       o != NET_NO_LIBRARY && o != NET_MEMORY;
}

size_t net_kind_max(enum net_kind kind)
{
	return kinds[kind].max;
}

bool net_kind_tls(enum net_kind kind)
{
	return kinds[kind].tls;
}

void net_budget_begin(struct net_budget *b)
{
	*b = (struct net_budget){.requests = NET_BUDGET_REQUESTS,
	    .bytes = NET_BUDGET_BYTES,
	    .until = clock_ms() + NET_BUDGET_SECONDS * INT64_C(1000)};
}

/* One hop under way. */
struct hop {
	const struct net_rules *rules;
	struct net_budget *left;
	const struct net_url *url;
	struct buf *out;
	size_t headers;
	char location[NET_URL_MAX];
	bool refused; /* an address was */
	bool large;
};

/* Here the address is known that is connected to, whatever a name led to before. */
static curl_socket_t open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *a)
{
	struct hop *h = ctx;

	if (purpose != CURLSOCKTYPE_IPCXN || a->socktype != SOCK_STREAM ||
	    (!h->url->allowed && !net_address_public(&a->addr, (socklen_t)a->addrlen))) {
		h->refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

static size_t on_body(char *p, size_t size, size_t n, void *ctx)
{
	struct hop *h = ctx;

	n *= size;
	if (n > h->left->bytes) {
		h->large = true;
		return 0;
	}
	h->left->bytes -= n;
	if (h->left->run && !net_account_took(h->left->run, h->url->host, n)) {
		h->large = true;
		return 0;
	}
	buf_put(h->out, p, n);
	h->large = buf_rc(h->out) == ECERT_E_TOO_LARGE;
	return buf_rc(h->out) == ECERT_OK ? n : 0;
}

static size_t on_header(char *p, size_t size, size_t n, void *ctx)
{
	static const char name[] = "location:";
	struct hop *h = ctx;
	size_t at = sizeof name - 1;

	n *= size;
	h->headers += n;
	if (h->headers > MAX_HEADERS) {
		h->large = true;
		return 0;
	}
	if (n > at && strncasecmp(p, name, at) == 0) {
		size_t end = n;

		while (at < end && (p[at] == ' ' || p[at] == '\t'))
			at++;
		while (end > at && strchr(" \t\r\n", p[end - 1]))
			end--;
		h->location[0] = 0;
		if (end - at < sizeof h->location && !memchr(p + at, 0, end - at)) {
			memcpy(h->location, p + at, end - at);
			h->location[end - at] = 0;
		}
	}
	return n;
}

static int on_progress(void *ctx, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	struct hop *h = ctx;

	(void)a, (void)b, (void)c, (void)d;
	return h->rules->cancelled && h->rules->cancelled(h->rules->ctx);
}

#define SET(option, value) (net_curl()->easy_setopt(c, (option), (value)) == CURLE_OK)

/* What no address may bring about: each is said, though most are libcurl's own way. */
static bool set_rules(CURL *c, long ms)
{
	return SET(CURLOPT_PROTOCOLS_STR, "http,https") && SET(CURLOPT_FOLLOWLOCATION, 0L) &&
	       /* A proxy would connect in our place, to anywhere. */
	       SET(CURLOPT_PROXY, "") && SET(CURLOPT_NOPROXY, "*") &&
	       SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) && SET(CURLOPT_NOSIGNAL, 1L) &&
	       /* A name that resolves slowly is not waited for behind the time. */
	       SET(CURLOPT_QUICK_EXIT, 1L) && SET(CURLOPT_FRESH_CONNECT, 1L) &&
	       SET(CURLOPT_FORBID_REUSE, 1L) && SET(CURLOPT_SSL_VERIFYPEER, 1L) &&
	       SET(CURLOPT_SSL_VERIFYHOST, 2L) &&
	       SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) &&
	       SET(CURLOPT_HTTP09_ALLOWED, 0L) && SET(CURLOPT_TIMEOUT_MS, ms) &&
	       SET(CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS) &&
	       SET(CURLOPT_USERAGENT, "ecert-middleware");
}

static bool set_calls(CURL *c, struct hop *h)
{
	return SET(CURLOPT_OPENSOCKETFUNCTION, open_socket) && SET(CURLOPT_OPENSOCKETDATA, h) &&
	       SET(CURLOPT_WRITEFUNCTION, on_body) && SET(CURLOPT_WRITEDATA, h) &&
	       SET(CURLOPT_HEADERFUNCTION, on_header) && SET(CURLOPT_HEADERDATA, h) &&
	       SET(CURLOPT_NOPROGRESS, 0L) && SET(CURLOPT_XFERINFOFUNCTION, on_progress) &&
	       SET(CURLOPT_XFERINFODATA, h);
}

static bool set_request(
    CURL *c, const struct net_request *q, const char *url, struct curl_slist **headers)
{
	struct curl_slist *more = net_curl()->slist_append(NULL, kinds[q->kind].accept);

	*headers = more;
	if (more && q->body.n) {
		more = net_curl()->slist_append(more, kinds[q->kind].type);
		/* "Expect: 100-continue" is for large ones. */
		more = more ? net_curl()->slist_append(more, "Expect:") : NULL;
	}
	return more && SET(CURLOPT_URL, url) && SET(CURLOPT_HTTPHEADER, more) &&
	       (!q->body.n || (SET(CURLOPT_POST, 1L) &&
				  SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)q->body.n) &&
				  SET(CURLOPT_POSTFIELDS, (const char *)q->body.p)));
}

static enum net_outcome outcome_of(CURLcode code, const struct hop *h)
{
	if (h->large)
		return NET_TOO_LARGE;
	switch (code) {
	case CURLE_OK:
		return NET_OK;
	case CURLE_OPERATION_TIMEDOUT:
		return NET_TIMEOUT;
	case CURLE_ABORTED_BY_CALLBACK:
		return NET_CANCELLED;
	case CURLE_OUT_OF_MEMORY:
	case CURLE_WRITE_ERROR:
		return NET_MEMORY;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CERTPROBLEM:
		return NET_TLS;
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_CONNECT:
		return h->refused ? NET_ADDRESS_REFUSED : NET_UNREACHABLE;
	default:
		return NET_BROKEN;
	}
}

static enum net_outcome ask(struct hop *h, const struct net_request *q, long ms, long *status)
{
	struct curl_slist *headers = NULL;
	CURL *c = net_curl()->easy_init();
	enum net_outcome o = NET_MEMORY;

	*status = 0;
	if (c && set_rules(c, ms) && set_calls(c, h) && set_request(c, q, h->url->text, &headers)) {
		o = outcome_of(net_curl()->easy_perform(c), h);
		(void)net_curl()->easy_getinfo(c, CURLINFO_RESPONSE_CODE, status);
	}
	net_curl()->easy_cleanup(c);
	net_curl()->slist_free_all(headers);
	return o;
}

/* The same question is asked again where it leads to; 303 says that another one is to be asked. */
static bool is_redirect(long status)
{
	return status == 301 || status == 302 || status == 307 || status == 308;
}

static enum net_outcome answered(long status, const struct buf *out)
{
	if (status != 200)
		return NET_STATUS;
	return buf_len(out) ? NET_OK : NET_BROKEN;
}

/* One hop, when it may be asked for by what is left; ms: of the time for all of them. */
static enum net_outcome ask_within(
    struct hop *h, const struct net_request *q, int64_t ms, bool first, long *status)
{
	static const enum net_outcome limits[] = {
	    [NET_ACCOUNT_RUN] = NET_RUN_LIMIT, [NET_ACCOUNT_HOST] = NET_HOST_LIMIT};
	struct net_account *run = h->left->run;
	int64_t most = ms, since = clock_ms();
	enum net_account_says says = NET_ACCOUNT_OK;
	enum net_outcome o;

	if (!h->left->requests || !h->left->bytes || (first && ms <= 0))
		return NET_LIMIT;
	if (run)
		says = net_account_ask(run, h->url->host, &most);
	if (says != NET_ACCOUNT_OK)
		return limits[says];
	h->left->requests--;
	ms = most < ms ? most : ms;
	o = ms > 0 ? ask(h, q, (long)ms, status) : NET_TIMEOUT;
	if (run)
		net_account_waited(run, h->url->host, clock_ms() - since);
	return o;
}

enum net_outcome net_fetch(const struct net_rules *rules, struct net_budget *left,
    const struct net_request *q, struct buf *out, struct net_told *told)
{
	struct net_url url, next;
	struct net_told here;
	int64_t end = clock_ms() +
		      (rules->seconds ? rules->seconds : USUAL_SECONDS) * INT64_C(1000);
	enum net_outcome o = NET_REDIRECT_REFUSED;

	told = told ? told : &here;
	*told = (struct net_told){0};
	buf_free(out);
	buf_init(out, kinds[q->kind].max);
	if (!net_curl())
		return NET_NO_LIBRARY;
	if (!net_url_read(q->url, rules->allow, &url) ||
	    (kinds[q->kind].tls && !url.tls && !url.allowed))
		return NET_URL_REFUSED;
	end = left->until && left->until < end ? left->until : end;
	for (int i = 0; i <= MAX_HOPS; i++) {
		struct hop h = {.rules = rules, .left = left, .url = &url, .out = out};

		buf_reset(out);
		o = ask_within(&h, q, end - clock_ms(), !i, &told->status);
		if (o == NET_OK && !is_redirect(told->status))
			o = answered(told->status, out);
		else if (o == NET_OK)
			o = NET_REDIRECT_REFUSED;
		if (o != NET_REDIRECT_REFUSED ||
		    !net_url_next(&url, h.location, rules->allow, &next) ||
		    (kinds[q->kind].tls && !next.tls && !next.allowed))
			break;
		url = next;
		text_copy(told->url, sizeof told->url, url.text);
	}
	if (o != NET_OK)
		buf_reset(out);
	return o;
}
