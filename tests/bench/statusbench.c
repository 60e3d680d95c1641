/* SPDX-License-Identifier: BSD-2-Clause */
/* A register of many marks for ecert-registry, and a client that asks for their statuses.
 *
 *   statusbench make FOLDER N             register.sqlite, its status key, and marks, one a line
 *   statusbench ask PORT FILE N MS RATE   the first N marks for MS; RATE 0: sixteen at a time, as
 * fast as it goes, else so many a second. Prints the answers, their 99th percentile in
 * microseconds, and what was no status. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "registry/keys.h"
#include "registry/registry.h"
#include "registry/status_key.h"
#include "trust/mark/mark.h"
#include "util/clock.h"
#include "util/file.h"

#define ISSUER	"https://alliance.example"
#define TYPE	"https://alliance.example/types/web-merchant"
#define YEAR	(360 * 86400L)
#define CLIENTS 16
#define HEAD	256

static _Noreturn void die(const char *what)
{
	(void)fprintf(stderr, "statusbench: %s\n", what);
	exit(1);
}

static void must(enum ecert_rc rc, const char *what)
{
	if (rc != ECERT_OK)
		die(what);
}

/* ---- making ---- */

static void write_key(const char *folder, struct rd pem)
{
	char path[4096];
	FILE *f;

	(void)snprintf(path, sizeof path, "%s/register.sqlite.status.pem", folder);
	f = fopen(path, "w");
	if (!f || fwrite(pem.p, pem.n, 1, f) != 1 || fclose(f) != 0)
		die(path);
}

static void add(struct registry *r, const struct status_key *k, long i, time_t now, FILE *marks)
{
	const struct doc_signer by = status_key_signer(k);
	const struct rd cert = status_key_cert(k);
	char url[96], domain[64], text[64], jti[32];
	const char *const domains[] = {domain};
	struct buf mark = BUF_INIT(8192);
	struct registry_request q = {.cert = cert,
	    .merchant = url,
	    .type = TYPE,
	    .jti = jti,
	    .company = "Harbour Lights Trading Co. Ltd.",
	    .br = "5123456700000000",
	    .until = now + 86400,
	    .domains = domains,
	    .domains_n = 1};
	struct mark_grant g = {.iss = ISSUER,
	    .sub = url,
	    .type = TYPE,
	    .request = rd_of(text, 1),
	    .holder_cert = cert,
	    .now = now,
	    .exp = now + YEAR};
	int64_t id;

	(void)snprintf(domain, sizeof domain, "shop%ld.example", i);
	(void)snprintf(url, sizeof url, "https://%s", domain);
	(void)snprintf(jti, sizeof jti, "jti-%ld", i);
	(void)snprintf(text, sizeof text, "request.of.shop%ld", i);
	q.text = g.request = rd_of(text, strlen(text));
	must(registry_receive(r, &q, &id), "receive");
	must(mark_issue(&by, &g, &mark), "mark");
	must(registry_grant(r, id,
		 &(const struct registry_grant){
		     buf_view(&mark), jti, status_key_kid(k), now, now + YEAR}),
	    "grant");
	(void)fprintf(marks, "%.*s\n", (int)buf_len(&mark), (const char *)buf_view(&mark).p);
	buf_free(&mark);
}

static void make(const char *folder, long n)
{
	struct buf pem = BUF_INIT(STATUS_KEY_MAX);
	struct status_key *k;
	struct message_kept why;
	struct registry *r;
	char path[4096];
	const time_t now = clock_now();
	FILE *marks;

	must(status_key_make(ISSUER, now, &pem), "key");
	write_key(folder, buf_view(&pem));
	must(status_key_read(buf_view(&pem), &k), "key");
	(void)snprintf(path, sizeof path, "%s/marks", folder);
	marks = fopen(path, "w");
	(void)snprintf(path, sizeof path, "sqlite:%s/register.sqlite", folder);
	if (!marks)
		die("marks");
	must(registry_open(path, true, &r, &why), path);
	must(registry_begin(r, "bench", now), "begin");
	must(registry_set(r, "issuer", ISSUER), "set");
	must(registry_key(r, KEY_STATUS, status_key_kid(k), status_key_cert(k)), "key");
	must(registry_authorize(r, status_key_kid(k), rd_of("a.b.c", 5), now, now + YEAR),
	    "authorize");
	for (long i = 0; i < n; i++)
		add(r, k, i, now, marks);
	must(registry_end(r, ECERT_OK), "end");
	registry_close(&r);
	status_key_free(&k);
	buf_free(&pem);
	if (fclose(marks) != 0)
		die("marks");
}

/* ---- asking ---- */

struct client {
	int fd;
	int64_t due; /* in ns: when it was to be asked; 0: it is free */
	char got[16384];
	size_t n;
};

struct asking {
	struct sockaddr_in at;
	char **requests; /* whole */
	size_t requests_n, next;
	struct client c[CLIENTS];
	int64_t *took; /* in ns */
	size_t took_n, took_max, bad;
};

static int64_t now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void read_marks(struct asking *a, const char *file, size_t n)
{
	FILE *f = fopen(file, "r");
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;

	a->requests = calloc(n, sizeof *a->requests);
	while (f && a->requests && a->requests_n < n && (len = getline(&line, &cap, f)) > 1) {
		char *text = malloc((size_t)len + HEAD);

		line[len - 1] = '\0';
		if (!text)
			die("memory");
		(void)snprintf(text, (size_t)len + HEAD,
		    "POST /federation/status HTTP/1.1\r\nHost: alliance.example\r\nContent-Type: "
		    "application/x-www-form-urlencoded\r\nContent-Length: %zd\r\n\r\ntrust_mark=%s",
		    len - 1 + 11, line);
		a->requests[a->requests_n++] = text;
	}
	free(line);
	if (!f || a->requests_n < n)
		die(file);
	(void)fclose(f);
}

static void ask_one(struct asking *a, struct client *c, int64_t due)
{
	/* Not in their order: neighbours would be neighbours in the register, too. */
	const char *text = a->requests[a->next];
	const size_t n = strlen(text);

	a->next = (a->next + 7919) % a->requests_n;
	c->due = due;
	c->n = 0;
	if (send(c->fd, text, n, MSG_NOSIGNAL) != (ssize_t)n)
		die("the server does not listen");
}

/* The answer is whole. */
static bool whole(struct client *c)
{
	char *end, *length;

	c->got[c->n] = '\0';
	end = strstr(c->got, "\r\n\r\n");
	length = end ? strstr(c->got, "Content-Length: ") : NULL;
	return length && c->n >= (size_t)(end + 4 - c->got) + strtoul(length + 16, NULL, 10);
}

static void take(struct asking *a, struct client *c)
{
	const ssize_t n = recv(c->fd, c->got + c->n, sizeof c->got - 1 - c->n, 0);

	if (n <= 0)
		die("the server has hung up");
	c->n += (size_t)n;
	if (!whole(c))
		return;
	if (strncmp(c->got, "HTTP/1.1 200 ", 13) != 0)
		a->bad++;
	if (a->took_n < a->took_max)
		a->took[a->took_n++] = now_ns() - c->due;
	c->due = 0;
}

static struct client *free_one(struct asking *a)
{
	for (size_t i = 0; i < CLIENTS; i++)
		if (!a->c[i].due)
			return &a->c[i];
	return NULL;
}

/* Answers that have come, waiting at most so long. */
static void wait_ns(struct asking *a, int64_t ns)
{
	struct pollfd fds[CLIENTS];
	const struct timespec t = {ns / 1000000000, ns % 1000000000};

	for (size_t i = 0; i < CLIENTS; i++)
		fds[i] = (struct pollfd){a->c[i].due ? a->c[i].fd : -1, POLLIN, 0};
	if (ppoll(fds, CLIENTS, &t, NULL) <= 0)
		return;
	for (size_t i = 0; i < CLIENTS; i++)
		if (fds[i].revents)
			take(a, &a->c[i]);
}

static void run(struct asking *a, long ms, long rate)
{
	const int64_t begin = now_ns(), end = begin + ms * 1000000;
	int64_t due = begin, now;

	while ((now = now_ns()) < end) {
		struct client *c = free_one(a);

		if (!rate && c) {
			ask_one(a, c, now);
			continue;
		}
		/* Who is late is asked late, and that counts. */
		if (rate && due <= now && c) {
			ask_one(a, c, due);
			due += 1000000000 / rate;
			continue;
		}
		wait_ns(a, rate && c && due < end ? due - now : end - now);
	}
}

static int by_size(const void *x, const void *y)
{
	const int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;

	return (a > b) - (a < b);
}

static void ask(char **v)
{
	static struct asking a;

	a.at = (struct sockaddr_in){.sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	    .sin_port = htons((uint16_t)atoi(v[0]))};
	read_marks(&a, v[1], (size_t)atol(v[2]));
	a.took_max = 4000000;
	a.took = malloc(a.took_max * sizeof *a.took);
	if (!a.took)
		die("memory");
	for (size_t i = 0; i < CLIENTS; i++) {
		a.c[i].fd = socket(AF_INET, SOCK_STREAM, 0);
		if (connect(a.c[i].fd, (const struct sockaddr *)&a.at, sizeof a.at) != 0)
			die("no server");
	}
	run(&a, atol(v[3]), atol(v[4]));
	qsort(a.took, a.took_n, sizeof *a.took, by_size);
	(void)printf("%zu %lld %zu\n", a.took_n,
	    a.took_n ? (long long)(a.took[a.took_n * 99 / 100] / 1000) : 0, a.bad);
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "make"))
		make(argv[2], atol(argv[3]));
	else if (argc == 7 && !strcmp(argv[1], "ask"))
		ask(argv + 2);
	else
		die("make FOLDER N, or ask PORT FILE N MS RATE");
	return 0;
}
