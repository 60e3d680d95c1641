/* SPDX-License-Identifier: BSD-2-Clause */
/* What is refused fills no journal, and is told all the same; whoever is refused holds up nobody.
 */
#include <sys/stat.h>
#include <sys/wait.h>

#include "tests/unit/daemon/served.h"
#include "util/clock.h"

/* The daemon with a journal. */
struct recorded {
	struct served served;
	char dir[64];
};

static int begin(void **state)
{
	struct recorded *r = calloc(1, sizeof *r);
	struct served *s = &r->served;

	assert_non_null(r);
	(void)snprintf(r->dir, sizeof r->dir, "/tmp/ecert-refusal.XXXXXX");
	assert_non_null(mkdtemp(r->dir));
	s->sim = sim_new(1);
	s->card = sim_card_new(4711);
	sim_insert(s->sim, 0, s->card);
	sim_provision(s->sim, 0, four_refs);
	served_start(s, 77);
	ok(journal_open(r->dir, &s->daemon.journal));
	*state = r;
	return 0;
}

static int end(void **state)
{
	static const char *const names[] = {"journal.jsonl", "journal.key", "journal.verify"};
	struct recorded *r = *state;
	char path[128];

	served_stop(&r->served);
	journal_close(&r->served.daemon.journal);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		(void)snprintf(path, sizeof path, "%s/%s", r->dir, names[i]);
		(void)unlink(path);
	}
	assert_int_equal(rmdir(r->dir), 0);
	sim_card_free(&r->served.card);
	sim_free(&r->served.sim);
	free(r);
	return 0;
}

static struct tokens *client(const struct recorded *r)
{
	const struct tokens_config cfg = {.daemon = DAEMON_ALWAYS, .daemon_socket = r->served.path};
	struct tokens *t = NULL;

	ok(tokens_open(&cfg, &t));
	return t;
}

struct look {
	const char *what;
	unsigned n;
	char last[JOURNAL_LINE_MAX];
};

static bool look_at(void *arg, struct rd line)
{
	struct look *l = arg;

	if (rd_equal(journal_field(line, "what"), rd_of(l->what, strlen(l->what)))) {
		l->n++;
		(void)snprintf(l->last, sizeof l->last, "%.*s", (int)line.n, line.p);
	}
	return true;
}

static struct look records(const struct recorded *r, const char *what)
{
	struct look l = {.what = what};

	ok(journal_each(r->dir, look_at, &l));
	return l;
}

#define FLOOD 500

/* A PIN that no PIN can be: thousands of them are one record, with their number, and the whole
 * journal is as sound as ever. */
static void folded(void **state)
{
	struct recorded *r = *state;
	struct daemon *d = &r->served.daemon;
	struct token_at at = {.tokens = client(r)};
	struct journal_report report;
	struct look l;
	uint64_t before;
	int tries;

	ok(sign(&at, 0x9E)); /* the token is on record */
	before = journal_written(d->journal);
	for (int i = 0; i < FLOOD; i++) {
		assert_int_equal(
		    token_login(&at, TOKEN_USER, text("1"), 0, &tries), ECERT_E_PIN_FORMAT);
		assert_int_equal(
		    token_unblock(&at, text("1"), text("2"), 0, &tries), ECERT_E_PIN_FORMAT);
		assert_int_equal(sign(&at, 0x9A), ECERT_E_AUTH);
	}
	assert_int_equal(journal_written(d->journal), before);
	refusals_tell(&d->refusals, d->journal, false); /* the interval is not over */
	assert_int_equal(records(r, "refused").n, 0);
	refusals_tell(&d->refusals, d->journal, true);
	refusals_tell(&d->refusals, d->journal, true);
	l = records(r, "refused");
	assert_int_equal(l.n, 1);
	assert_non_null(strstr(l.last, "\"count\":1500,"));
	assert_non_null(strstr(l.last, "\"asked\":\"sign\""));
	assert_non_null(strstr(l.last, "\"rc\":\"ECERT_E_AUTH\""));
	assert_non_null(strstr(l.last, "/test_refusal\""));
	assert_null(strstr(l.last, "unsure"));
	assert_in_range(journal_written(d->journal) - before, 1, JOURNAL_LINE_MAX);
	ok(journal_verify(r->dir, &report));
	assert_true(report.chain_ok && report.mac_known && report.mac_ok && report.head_ok);
	assert_int_equal(sim_tries(r->served.card), 3);
	ok(login(&at));
	ok(sign(&at, 0x9A));
	tokens_close(&at.tokens);
}

/* What only the card can refuse is recorded each time, and whoever has it refused again and again
 * comes to wait. Another program is not delayed by it. */
static void rationed(void **state)
{
	struct recorded *r = *state;
	struct daemon *d = &r->served.daemon;
	struct token_at at = {.tokens = client(r)};
	const struct token_request bad = {
	    .ref = 0x9E, .op = TOKEN_DECRYPT, .in = {some_digest, 31}};
	struct buf out = BUF_INIT(8192);
	uint64_t before;
	int64_t waited = 0;
	int status;
	pid_t pid;

	ok(sign(&at, 0x9E));
	before = journal_written(d->journal);
	for (int i = 0; i < 200 && waited == 0; i++) {
		struct peer me = {.pid = getpid(), .uid = getuid(), .client = 1};

		assert_int_not_equal(token_use(&at, &bad, &out), ECERT_OK);
		waited = refusals_wait(&d->refusals, &me, false);
	}
	assert_true(waited > 0);
	assert_in_range(journal_written(d->journal) - before, 1, ALLOWANCE_BYTES / 2 + 2048);
	pid = fork();
	if (pid == 0) {
		struct token_at there = {.tokens = client(r)};
		int64_t began = clock_ms();

		/* A login of its own, at once. */
		_exit(login(&there) != ECERT_OK || sign(&there, 0x9A) != ECERT_OK ||
		      clock_ms() - began > waited + 1000);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	buf_free(&out);
	tokens_close(&at.tokens);
}

/* Allowances grow again, to where they were; a user's is that of all of its programs. */
static void allowances(void **state)
{
	struct refusals r;
	struct peer p = {.client = 1, .pid = 10, .uid = 1};

	(void)state;
	refusals_init(&r);
	assert_int_equal(refusals_wait(&r, &p, false), 0);
	refusals_spend(&r, &p, false, ALLOWANCE_BYTES / 2);
	assert_in_range(refusals_wait(&r, &p, false), 1, 1024 * 2000 / ALLOWANCE_GROWTH + 1);
	/* With a login it is its connection's own. */
	assert_int_equal(refusals_wait(&r, &p, true), 0);
	p.pid = 11;
	assert_int_equal(refusals_wait(&r, &p, false), 0);
	refusals_spend(&r, &p, false, ALLOWANCE_BYTES / 2);
	for (pid_t pid = 1000; pid < 2000; pid++) {
		struct peer many = {.client = 2, .pid = pid, .uid = 1};

		assert_true(refusals_wait(&r, &many, false) > 0);
	}
	p = (struct peer){.client = 3, .pid = 12, .uid = 2};
	assert_int_equal(refusals_wait(&r, &p, false), 0);
	/* Time passes. */
	for (size_t i = 0; i < ALLOWANCE_USERS; i++)
		r.user[i].at -= r.user[i].at != 0 ? 3600000 : 0;
	for (size_t i = 0; i < ALLOWANCE_PROCESSES; i++)
		r.process[i].at -= r.process[i].at != 0 ? 3600000 : 0;
	p = (struct peer){.client = 1, .pid = 11, .uid = 1};
	assert_int_equal(refusals_wait(&r, &p, false), 0);
	refusals_spend(&r, &p, false, ALLOWANCE_BYTES / 2 - 1024);
	assert_int_equal(refusals_wait(&r, &p, false), 0);
	refusals_spend(&r, &p, false, 2);
	assert_true(refusals_wait(&r, &p, false) > 0);
}

/* More programs than rows: some are counted together, and none is lost. */
static void many_programs(void **state)
{
	struct recorded *r = *state;
	struct daemon *d = &r->served.daemon;
	struct look l;

	for (pid_t pid = 1; pid <= 4 * REFUSAL_ROWS; pid++) {
		const struct peer p = {.client = (uint64_t)pid, .pid = pid, .uid = 1};

		refusals_count(&d->refusals, &p, "login", ECERT_E_PIN_FORMAT);
	}
	refusals_tell(&d->refusals, d->journal, true);
	l = records(r, "refused");
	assert_int_equal(l.n, REFUSAL_ROWS);
	assert_non_null(strstr(l.last, "\"count\":49,"));
	assert_null(strstr(l.last, "\"pid\""));
}

/* Wrong management keys use up no try, and nobody else's time. */
static void wrong_keys_delay_nobody(void **state)
{
	struct recorded *r = *state;
	struct token_at guesser = {.tokens = client(r)}, user = {.tokens = client(r)};
	static const uint8_t key[24] = {1, 2, 3};
	int64_t began;
	int tries;

	for (int i = 0; i < 2; i++)
		assert_int_equal(token_login(&guesser, TOKEN_SO, rd_of(key, sizeof key), 0, &tries),
		    ECERT_E_PIN_WRONG);
	assert_int_equal(
	    token_login(&guesser, TOKEN_SO, rd_of(key, sizeof key), 0, &tries), ECERT_E_DENIED);
	began = clock_ms();
	ok(login(&user));
	ok(sign(&user, 0x9A));
	assert_in_range(clock_ms() - began, 0, 20000); /* not the 30 s of the other one */
	tokens_close(&guesser.tokens);
	tokens_close(&user.tokens);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(folded, begin, end),
	    cmocka_unit_test_setup_teardown(rationed, begin, end),
	    cmocka_unit_test(allowances),
	    cmocka_unit_test_setup_teardown(many_programs, begin, end),
	    cmocka_unit_test_setup_teardown(wrong_keys_delay_nobody, begin, end),
	};

	return cmocka_run_group_tests_name("refusals", tests, NULL, NULL);
}
