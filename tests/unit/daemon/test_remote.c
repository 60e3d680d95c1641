/* SPDX-License-Identifier: BSD-2-Clause */
/* The client's half of the token seam against the daemon: the same results as without it. */
#include <sys/wait.h>

#include "tests/unit/daemon/served.h"
#include "token/backend.h"
#include "util/clock.h"
#include "token/remote/remote.h"

static struct tokens *client(const struct served *s)
{
	const struct tokens_config cfg = {.daemon = DAEMON_ALWAYS, .daemon_socket = s->path};
	struct tokens *t = NULL;

	ok(tokens_open(&cfg, &t));
	return t;
}

static void everything(void **state)
{
	struct served *s = *state;
	struct tokens *t = client(s);
	struct token_at at = {.tokens = t};
	struct token_slot slot[4];
	struct token_info info;
	struct token_key key;
	struct buf der = BUF_INIT(8192), data = BUF_INIT(8192);
	uint8_t refs[TOKEN_KEYS_MAX], random[8];
	size_t n;
	int tries;

	ok(tokens_slots(t, true, slot, 4, &n));
	assert_int_equal(n, 1);
	assert_string_equal(slot[0].reader, "Sim reader 00 00");
	assert_true(slot[0].connected && slot[0].present);
	at.generation = slot[0].generation;
	ok(token_info(&at, &info));
	assert_string_equal(info.serial, "4711");
	assert_int_equal(info.generation, at.generation);
	assert_int_equal(info.pin_tries, 3);
	ok(token_refs(&at, refs, &n));
	assert_int_equal(n, 4);
	ok(token_key_get(&at, 0x9C, &key));
	assert_int_equal(key.alg, KEY_P256);
	assert_int_equal(key.pin, PIN_ALWAYS);
	token_key_clear(&key);
	assert_int_equal(token_key_get(&at, 0x95, &key), ECERT_E_NOT_FOUND);
	ok(token_cert_get(&at, 0x9A, &der));
	assert_true(buf_len(&der) > 1400);
	buf_reset(&der);
	ok(token_attest(&at, 0x9A, &der));
	assert_int_equal(token_random(&at, random, sizeof random), ECERT_E_UNSUPPORTED);

	assert_int_equal(sign(&at, 0x9A), ECERT_E_AUTH);
	assert_int_equal(token_data_get(&at, 0x5FC109, &data), ECERT_E_AUTH);
	ok(sign(&at, 0x9E));
	assert_int_equal(
	    token_login(&at, TOKEN_USER, text("999999"), 0, &tries), ECERT_E_PIN_WRONG);
	assert_int_equal(tries, 2);
	ok(login(&at)); /* after the delay */
	assert_int_equal(token_user(&at), TOKEN_USER);
	assert_int_equal(login(&at), ECERT_E_EXISTS);
	ok(sign(&at, 0x9A));
	assert_int_equal(token_data_get(&at, 0x5FC109, &data), ECERT_E_NOT_FOUND);
	assert_int_equal(sign(&at, 0x9C), ECERT_E_AUTH);
	ok(login_once(&at, 0x9C));
	ok(sign(&at, 0x9C));
	assert_int_equal(sign(&at, 0x9C), ECERT_E_AUTH);
	ok(token_change_secret(&at, SECRET_PIN, text(SIM_PIN), text("654321"), 0, &tries));
	ok(sign(&at, 0x9A)); /* the login goes on with the new PIN */
	ok(token_unblock(&at, text(SIM_PUK), text(SIM_PIN), 0, &tries));
	ok(token_logout(&at));
	assert_int_equal(token_user(&at), TOKEN_NOBODY);
	buf_free(&der);
	buf_free(&data);
	tokens_close(&t);
}

#define IN_A_ROW 10

/* A PIN for each operation, as the card wants it; a logout only where the window ends. */
static void pin_always_in_a_row(void **state)
{
	struct served *s = *state;
	struct tokens *t = client(s);
	struct token_at at = {.tokens = t};
	size_t before;
	int tries;

	ok(login(&at));
	ok(sign(&at, 0x9C)); /* what the login itself pays for */
	before = sim_count(s->card);
	for (int i = 0; i < IN_A_ROW; i++) {
		ok(login_once(&at, 0x9C));
		ok(sign(&at, 0x9C));
		assert_int_equal(sign(&at, 0x9C), ECERT_E_AUTH);
	}
	/* Two each, and less than one logout each, however busy the machine. */
	assert_in_range(sim_count(s->card) - before, 2 * IN_A_ROW, 3 * IN_A_ROW - 1);
	ok(sign(&at, 0x9A));
	ok(login_once(&at, 0x9C));
	assert_int_equal(token_login_once(&at, 0x9C, text("999999"), 0, &tries), ECERT_E_PIN_WRONG);
	assert_int_equal(tries, 2);
	assert_false(sim_verified(s->card));
	assert_int_equal(sign(&at, 0x9C), ECERT_E_AUTH);
	ok(login_once(&at, 0x9C)); /* after the delay */
	ok(sign(&at, 0x9C));
	ok(token_logout(&at));
	assert_false(sim_verified(s->card));
	tokens_close(&t);
}

/* A window that is opened anew with the kept PIN pays for what may use a kept PIN, and no more. */
static void kept_pin_pays_nothing(void **state)
{
	struct served *s = *state;
	struct tokens *t = client(s), *other = client(s);
	struct token_at at = {.tokens = t}, elsewhere = {.tokens = other};
	struct buf data = BUF_INIT(8192);
	size_t before;

	ok(login(&at));
	ok(sign(&at, 0x9A)); /* the login is spent */
	ok(login(&elsewhere));
	before = sim_ins(s->card, 0x20);
	assert_int_equal(token_data_get(&at, 0x5FC109, &data), ECERT_E_NOT_FOUND);
	assert_true(sim_ins(s->card, 0x20) > before);
	assert_int_equal(sign(&at, 0x9C), ECERT_E_AUTH);
	ok(login_once(&at, 0x9C));
	ok(sign(&at, 0x9C));
	buf_free(&data);
	tokens_close(&other);
	tokens_close(&t);
}

#define STALE 3

/* However many have kept a PIN that is no longer right, it is sent once; and never when the daemon
 * itself has changed it. */
static void stale_pins(void **state)
{
	struct served *s = *state;
	struct tokens *t[STALE];
	int tries;

	for (int i = 0; i < STALE; i++) {
		struct token_at at = {.tokens = t[i] = client(s)};

		ok(login(&at));
		ok(sign(&at, 0x9A));
	}
	/* by another program: 123456 to 654321 */
	assert_int_equal(sim_apdu(s->card, "0024008010313233343536ffff363534333231ffff"), 0x9000);
	for (int i = 0; i < STALE; i++)
		assert_int_equal(sign(&(struct token_at){.tokens = t[i]}, 0x9A), ECERT_E_AUTH);
	assert_int_equal(sim_tries(s->card), 2);
	for (int i = 0; i < STALE; i++) {
		const struct token_at at = {.tokens = t[i]};

		assert_int_equal(token_user(&at), TOKEN_NOBODY);
		ok(token_login(&at, TOKEN_USER, text("654321"), 0, &tries));
	}
	ok(token_change_secret(&(struct token_at){.tokens = t[0]}, SECRET_PIN, text("654321"),
	    text(SIM_PIN), 0, &tries));
	ok(sign(&(struct token_at){.tokens = t[0]}, 0x9A));
	for (int i = 1; i < STALE; i++)
		assert_int_equal(sign(&(struct token_at){.tokens = t[i]}, 0x9A), ECERT_E_AUTH);
	ok(token_unblock(
	    &(struct token_at){.tokens = t[0]}, text(SIM_PUK), text("654321"), 0, &tries));
	assert_int_equal(sign(&(struct token_at){.tokens = t[0]}, 0x9A), ECERT_E_AUTH);
	assert_int_equal(sim_tries(s->card), 3);
	for (int i = 0; i < STALE; i++)
		tokens_close(&t[i]);
}

struct hog {
	struct tokens *tokens;
	atomic_int done;
	atomic_bool stop;
};

/* One PIN after the other, and never what it is for. */
static void *only_pins(void *arg)
{
	struct hog *h = arg;
	struct token_at at = {.tokens = h->tokens};
	int64_t end = clock_ms() + 10000;

	while (!atomic_load(&h->stop) && clock_ms() < end)
		if (login_once(&at, 0x9C) == ECERT_OK)
			atomic_fetch_add(&h->done, 1);
	return atomic_load(&h->stop) ? h : NULL;
}

static void pins_alone_hold_nobody_up(void **state)
{
	struct served *s = *state;
	struct hog hog = {.tokens = client(s)};
	struct tokens *t = client(s);
	struct token_at at = {.tokens = t};
	pthread_t thread;
	void *stopped = NULL;

	assert_int_equal(pthread_create(&thread, NULL, only_pins, &hog), 0);
	while (atomic_load(&hog.done) < 3)
		(void)usleep(1000);
	for (int i = 0; i < 3; i++)
		ok(sign(&at, 0x9E));
	atomic_store(&hog.stop, true);
	(void)pthread_join(thread, &stopped);
	assert_ptr_equal(stopped, &hog); /* it was still at it */
	tokens_close(&hog.tokens);
	tokens_close(&t);
}

static void officer(void **state)
{
	struct served *s = *state;
	struct tokens *t = client(s);
	struct token_at at = {.tokens = t};
	const struct token_newkey spec = {.ref = 0x82, .alg = KEY_P256};
	struct token_info info;
	struct token_name name = {
	    .ref = 0x82, .id_len = 2, .id = "\x47\x11", .key = "Key", .cert = "Zertifik\xc3\xa4t"};
	struct token_names names;
	struct pubkey *pub = NULL;
	struct buf data = BUF_INIT(100);
	int tries;

	assert_int_equal(token_name_put(&at, &name), ECERT_E_AUTH);
	assert_int_equal(token_key_generate(&at, &spec, &pub), ECERT_E_AUTH);
	ok(token_login(&at, TOKEN_SO, text(SIM_MGM), 0, &tries));
	assert_int_equal(token_user(&at), TOKEN_SO);
	ok(token_key_generate(&at, &spec, &pub));
	assert_int_equal(pubkey_alg(pub), KEY_P256);
	pubkey_free(&pub);
	ok(token_cert_put(&at, 0x82, rd_of(some_digest, sizeof some_digest)));
	ok(token_data_put(&at, 0x5FFF21, rd_of("abc", 3)));
	ok(token_data_get(&at, 0x5FFF21, &data));
	assert_true(rd_equal(buf_view(&data), rd_of("abc", 3)));
	ok(token_label_put(&at, "Till 3"));
	ok(token_info(&at, &info));
	assert_string_equal(info.label, "Till 3 (virtual)");
	ok(token_names(&at, &names));
	assert_true(names.kept && names.n == 0);
	ok(token_name_put(&at, &name));
	ok(token_names(&at, &names));
	assert_int_equal(names.n, 1);
	assert_memory_equal(&names.name[0], &name, sizeof name);
	name.ref = 0x9A;
	assert_int_equal(token_name_put(&at, &name), ECERT_E_EXISTS);
	ok(token_name_put(&at, &(struct token_name){.ref = 0x9A, .cert = "Only this"}));
	ok(token_key_delete(&at, 0x82));
	ok(token_cert_put(&at, 0x82, rd_of(NULL, 0)));
	ok(token_names(&at, &names));
	assert_int_equal(names.n, 1);
	assert_string_equal(names.name[0].cert, "Only this");
	assert_int_equal(sign(&at, 0x9A), ECERT_E_AUTH);
	buf_free(&data);
	tokens_close(&t);
}

static struct tokens *writer(const struct served *s, const char *key_file)
{
	const struct tokens_config cfg = {.daemon = DAEMON_ALWAYS,
	    .daemon_socket = s->path,
	    .user_writes = true,
	    .management_key_file = key_file};
	struct tokens *t = NULL;

	ok(tokens_open(&cfg, &t));
	return t;
}

static enum ecert_rc make_key(const struct token_at *at)
{
	const struct token_newkey spec = {.ref = 0x82, .alg = KEY_P256};
	struct pubkey *pub = NULL;
	enum ecert_rc rc = token_key_generate(at, &spec, &pub);

	pubkey_free(&pub);
	return rc;
}

/* By policy of the one client; the other one's login is worth what it was, and lives on. */
static void user_writes(void **state)
{
	struct served *s = *state;
	struct tokens *t = writer(s, NULL), *plain = client(s);
	struct token_at at = {.tokens = t}, other = {.tokens = plain};

	assert_int_equal(make_key(&at), ECERT_E_AUTH);
	ok(login(&at));
	ok(login(&other));
	assert_int_equal(make_key(&at), ECERT_E_DENIED); /* no key is kept */
	ok(token_logout(&at));
	ok(token_logout(&other));
	sim_protect(s->sim, 0, SIM_MGM);
	ok(login(&at));
	ok(login(&other));
	ok(make_key(&at));
	assert_false(sim_administrator(s->card));
	assert_int_equal(make_key(&other), ECERT_E_AUTH);
	ok(sign(&other, 0x82));
	ok(sign(&at, 0x82));
	assert_int_equal(token_data_put(&at, 0x5FC109, text("x")), ECERT_E_DENIED);
	ok(token_cert_put(&at, 0x82, rd_of(some_digest, sizeof some_digest)));
	ok(token_key_delete(&at, 0x82));
	assert_int_equal(sign(&at, 0x9C), ECERT_E_AUTH);
	assert_int_equal(sim_tries(s->card), 3);
	ok(token_logout(&at));
	assert_int_equal(make_key(&at), ECERT_E_AUTH);
	tokens_close(&t);
	tokens_close(&plain);
}

static void user_writes_by_file(void **state)
{
	static const struct {
		const char *key;
		enum ecert_rc rc;
	} rows[] = {{SIM_MGM, ECERT_OK}, {"00" SIM_MGM, ECERT_E_DENIED},
	    {"ffffffffffffffffffffffffffffffff", ECERT_E_DENIED}};
	struct served *s = *state;
	char path[64];

	(void)snprintf(path, sizeof path, "/tmp/ecert-key.%d", (int)getpid());
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
		struct tokens *t = writer(s, path);
		struct token_at at = {.tokens = t};

		assert_true(write(fd, rows[i].key, strlen(rows[i].key)) > 0);
		(void)close(fd);
		ok(login(&at));
		assert_int_equal(make_key(&at), rows[i].rc);
		assert_false(sim_administrator(s->card));
		ok(sign(&at, 0x9A));
		tokens_close(&t);
	}
	(void)unlink(path);
}

static void removal_and_swap(void **state)
{
	struct served *s = *state;
	struct tokens *t = client(s);
	struct token_slot slot;
	struct token_at at = {.tokens = t};
	struct sim_card *other = sim_card_new(815);
	struct token_info info;

	ok(tokens_slot(t, 0, &slot));
	at.generation = slot.generation;
	ok(login(&at));
	ok(sign(&at, 0x9A));
	sim_insert(s->sim, 0, NULL);
	sim_insert(s->sim, 0, other);
	assert_int_equal(sign(&at, 0x9A), ECERT_E_REMOVED);
	assert_int_equal(login(&at), ECERT_E_REMOVED);
	assert_true(sim_tries(other) == 3 && !sim_verified(other));
	ok(tokens_slot(t, 0, &slot));
	assert_int_not_equal(slot.generation, at.generation);
	assert_int_equal(token_user(&at), TOKEN_NOBODY);
	at.generation = 0;
	ok(token_info(&at, &info));
	assert_string_equal(info.serial, "815");
	sim_insert(s->sim, 0, NULL);
	ok(tokens_slot(t, 0, &slot));
	assert_false(slot.present);
	assert_int_equal(token_info(&at, &info), ECERT_E_NO_CARD);
	sim_insert(s->sim, 0, s->card);
	ok(token_info(&at, &info));
	tokens_close(&t);
	sim_card_free(&other);
}

/* The daemon ends and comes back: one clear error, then a new login; nothing of the old run counts.
 */
static void new_run(void **state)
{
	struct served *s = *state;
	struct tokens *t = client(s);
	struct token_slot before, slot[2];
	struct token_at at = {.tokens = t};
	unsigned id;
	size_t n;

	ok(tokens_slot(t, 0, &before));
	at.generation = before.generation;
	ok(login(&at));
	served_stop(s);
	assert_int_equal(sign(&at, 0x9A), ECERT_E_NO_SERVICE);
	assert_int_equal(token_user(&at), TOKEN_NOBODY);
	ok(tokens_slots(t, true, slot, 2, &n));
	assert_int_equal(n, 1);
	assert_false(slot[0].connected);
	served_start(s, 78);
	assert_int_equal(sign(&at, 0x9A), ECERT_E_REMOVED);
	ok(tokens_slots(t, true, slot, 2, &n));
	assert_true(slot[0].connected && slot[0].present);
	assert_true(slot[0].generation > before.generation);
	ok(tokens_wait(t, 0, &id));
	assert_int_equal(id, 0);
	at.generation = slot[0].generation;
	assert_int_equal(sign(&at, 0x9A), ECERT_E_AUTH);
	ok(login(&at));
	ok(sign(&at, 0x9A));
	tokens_close(&t);
}

/* Slot and generation that another run of the daemon gave are not sent to this one: there they may
 * be another card's. */
static void numbers_of_another_run(void **state)
{
	struct served *s = *state;
	const struct tokens_config cfg = {.daemon_socket = s->path};
	struct wire_request q = {.type = IPC_INFO};
	const struct token_backend *ops;
	size_t before = sim_count(s->card);
	struct remote *r;
	void *impl;

	ok(remote_open(&cfg, &ops, &impl));
	r = impl;
	assert_int_equal(remote_call_in(r, r->run + 1, &q, NULL, NULL), ECERT_E_NO_SERVICE);
	assert_int_equal(sim_count(s->card), before);
	ok(remote_call_in(r, r->run, &q, NULL, NULL));
	ops->close(impl, false);
}

static _Atomic pid_t who_waits;

static void *cancel_soon(void *arg)
{
	until_asleep(&who_waits);
	tokens_cancel_wait(arg);
	return NULL;
}

static void waiting(void **state)
{
	struct served *s = *state;
	struct tokens *t = client(s);
	pthread_t thread;
	unsigned id;

	assert_int_equal(tokens_wait(t, 0, &id), ECERT_E_TIMEOUT);
	assert_int_equal(tokens_wait(t, 30, &id), ECERT_E_TIMEOUT);
	who_waits = gettid();
	assert_int_equal(pthread_create(&thread, NULL, cancel_soon, t), 0);
	assert_int_equal(tokens_wait(t, -1, &id), ECERT_E_CANCELLED);
	(void)pthread_join(thread, NULL);
	sim_insert(s->sim, 0, NULL);
	ok(tokens_wait(t, 0, &id));
	assert_int_equal(id, 0);
	tokens_close(&t);
}

static void child_of_fork(void **state)
{
	struct served *s = *state;
	struct tokens *t = client(s);
	struct token_at at = {.tokens = t};
	int status;
	pid_t pid;

	ok(login(&at));
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		int bad = sign(&at, 0x9A) != ECERT_E_FORKED;

		tokens_close(&t);
		/* A connection of its own: another client, not logged in. */
		t = client(s);
		at.tokens = t;
		bad |= sign(&at, 0x9A) != ECERT_E_AUTH;
		bad |= login(&at) != ECERT_OK;
		bad |= sign(&at, 0x9A) != ECERT_OK;
		tokens_close(&t);
		_exit(bad);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	ok(sign(&at, 0x9A));
	tokens_close(&t);
}

struct worker_arg {
	struct token_at at;
	bool in;
	unsigned bad;
};

static void *many_signs(void *arg)
{
	struct worker_arg *w = arg;

	for (int i = 0; i < 25; i++)
		w->bad += sign(&w->at, 0x9A) != (w->in ? ECERT_OK : ECERT_E_AUTH);
	return NULL;
}

#define CLIENTS 4
#define THREADS 8

static void many_threads(void **state)
{
	struct served *s = *state;
	struct tokens *t[CLIENTS];
	pthread_t thread[CLIENTS][THREADS];
	struct worker_arg arg[CLIENTS][THREADS];

	for (int i = 0; i < CLIENTS; i++) {
		struct token_at at = {.tokens = t[i] = client(s)};

		if (i % 2 == 0)
			ok(login(&at));
		for (int k = 0; k < THREADS; k++)
			arg[i][k] = (struct worker_arg){.at = at, .in = i % 2 == 0};
	}
	for (int i = 0; i < CLIENTS; i++)
		for (int k = 0; k < THREADS; k++)
			assert_int_equal(
			    pthread_create(&thread[i][k], NULL, many_signs, &arg[i][k]), 0);
	for (int i = 0; i < CLIENTS; i++) {
		for (int k = 0; k < THREADS; k++) {
			(void)pthread_join(thread[i][k], NULL);
			assert_int_equal(arg[i][k].bad, 0);
		}
		tokens_close(&t[i]);
	}
}

static void nobody_there(void **state)
{
	struct tokens_config cfg = {.daemon = DAEMON_ALWAYS, .daemon_socket = "/nonexistent/s"};
	struct tokens *t;

	(void)state;
	assert_int_equal(tokens_open(&cfg, &t), ECERT_E_NO_SERVICE);
	assert_null(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(everything, served_setup, served_teardown),
	    cmocka_unit_test_setup_teardown(pin_always_in_a_row, served_setup, served_teardown),
	    cmocka_unit_test_setup_teardown(kept_pin_pays_nothing, served_setup, served_teardown),
	    cmocka_unit_test_setup_teardown(stale_pins, served_setup, served_teardown),
	    cmocka_unit_test_setup_teardown(
		pins_alone_hold_nobody_up, served_setup, served_teardown),
	    cmocka_unit_test_setup_teardown(officer, served_setup, served_teardown),
	    cmocka_unit_test_setup_teardown(user_writes, served_setup, served_teardown),
	    cmocka_unit_test_setup_teardown(user_writes_by_file, served_setup, served_teardown),
	    cmocka_unit_test_setup_teardown(removal_and_swap, served_setup, served_teardown),
	    cmocka_unit_test_setup_teardown(new_run, served_setup, served_teardown),
	    cmocka_unit_test_setup_teardown(numbers_of_another_run, served_setup, served_teardown),
	    cmocka_unit_test_setup_teardown(waiting, served_setup, served_teardown),
	    cmocka_unit_test_setup_teardown(child_of_fork, served_setup, served_teardown),
	    cmocka_unit_test_setup_teardown(many_threads, served_setup, served_teardown),
	    cmocka_unit_test(nobody_there),
	};

	return cmocka_run_group_tests_name("remote tokens", tests, NULL, NULL);
}
