/* SPDX-License-Identifier: BSD-2-Clause */
/* A client of the token layer for script tests: what one program does, as one process. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "crypto/random.h"
#include "util/clock.h"
#include "token/token.h"

#define THREADS_MAX 64
#define WAITS_MAX   200000

static struct token_at at;
static uint8_t key_ref;
static const char *pin;
static int64_t deadline;

static int fail(const char *what, enum ecert_rc rc)
{
	(void)printf("%s: %s\n", what, ecert_rc_name(rc));
	return 1;
}

static struct rd text(const char *s)
{
	return rd_of(s, strlen(s));
}

static enum ecert_rc sign_once(void)
{
	uint8_t digest[32];
	const struct token_request req = {
	    .ref = key_ref, .op = TOKEN_SIGN, .in = {digest, sizeof digest}};
	struct buf out = BUF_INIT(4096);
	struct token_key key;
	enum ecert_rc rc = random_bytes(digest, sizeof digest);

	if (rc == ECERT_OK)
		rc = token_use(&at, &req, &out);
	/* Whoever answered: the answer is checked here as well. */
	if (rc == ECERT_OK)
		rc = token_key_get(&at, key_ref, &key);
	if (rc == ECERT_OK) {
		rc = pubkey_check(key.pub, req.in, buf_view(&out));
		token_key_clear(&key);
	}
	buf_free(&out);
	return rc;
}

static enum ecert_rc login(void)
{
	int tries;

	return token_login(&at, TOKEN_USER, text(pin), 0, &tries);
}

/* ---- commands ---- */

static int cmd_list(void)
{
	struct token_slot slot[TOKEN_SLOTS_MAX];
	struct token_info info;
	uint8_t refs[TOKEN_KEYS_MAX];
	size_t n;
	enum ecert_rc rc = tokens_slots(at.tokens, true, slot, TOKEN_SLOTS_MAX, &n);

	for (size_t i = 0; rc == ECERT_OK && i < n; i++)
		(void)printf("slot %u: %s%s\n", slot[i].id, slot[i].reader,
		    slot[i].present ? ", a card" : "");
	if (rc == ECERT_OK)
		rc = token_info(&at, &info);
	if (rc != ECERT_OK)
		return fail("info", rc);
	(void)printf("token: %s, serial %s, %d tries\n", info.label, info.serial, info.pin_tries);
	rc = token_refs(&at, refs, &n);
	for (size_t i = 0; rc == ECERT_OK && i < n; i++) {
		struct buf der = BUF_INIT(65536);
		struct token_key key = {0};
		enum ecert_rc k = token_key_get(&at, refs[i], &key);
		enum ecert_rc c = token_cert_get(&at, refs[i], &der);

		(void)printf("key %02X: %s, certificate: %s, %zu bytes\n", refs[i],
		    k == ECERT_OK ? alg_row(key.alg)->name : ecert_rc_name(k), ecert_rc_name(c),
		    buf_len(&der));
		token_key_clear(&key);
		buf_free(&der);
	}
	return rc == ECERT_OK ? 0 : fail("refs", rc);
}

/* sign REF N PIN */
static int cmd_sign(int n)
{
	struct token_key key;
	int tries;
	bool always;
	enum ecert_rc rc = token_key_get(&at, key_ref, &key);

	if (rc != ECERT_OK)
		return fail("key", rc);
	always = key.pin == PIN_ALWAYS;
	token_key_clear(&key);
	rc = login();
	for (int i = 0; rc == ECERT_OK && i < n; i++) {
		if (always)
			rc = token_login_once(&at, key_ref, text(pin), 0, &tries);
		if (rc == ECERT_OK)
			rc = sign_once();
	}
	if (rc != ECERT_OK)
		return fail("sign", rc);
	(void)printf("signed %d\n", n);
	return 0;
}

/* provision PINs aside: SO login, keys and certificates are the harness's. */
static int cmd_generate(const char *mgm)
{
	static const uint8_t refs[] = {0x9A, 0x9C, 0x9D, 0x9E};
	enum ecert_rc rc;
	int tries;

	rc = token_login(&at, TOKEN_SO, text(mgm), 0, &tries);
	for (size_t i = 0; rc == ECERT_OK && i < sizeof refs; i++) {
		const struct token_newkey spec = {.ref = refs[i], .alg = KEY_P256};
		struct pubkey *pub = NULL;

		rc = token_key_generate(&at, &spec, &pub);
		pubkey_free(&pub);
	}
	return rc == ECERT_OK ? 0 : fail("generate", rc);
}

/* intrude REF N: without a login; the number of attempts that succeeded. */
static int cmd_intrude(int n)
{
	unsigned broken = 0, other = 0;

	for (int i = 0; i < n; i++) {
		enum ecert_rc rc = sign_once();

		broken += rc == ECERT_OK;
		other += rc != ECERT_OK && rc != ECERT_E_AUTH;
	}
	(void)printf("attempts=%d succeeded=%u other=%u\n", n, broken, other);
	return broken != 0;
}

struct soaker {
	pthread_t thread;
	unsigned long good, wrong, lost;
	uint32_t *wait_us;
	size_t waits;
};

static int64_t now_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void *soak(void *arg)
{
	struct soaker *s = arg;

	while (clock_ms() < deadline) {
		int64_t from = now_us();
		enum ecert_rc rc = sign_once();

		s->good += rc == ECERT_OK;
		s->wrong += rc == ECERT_E_BAD_SIGNATURE;
		s->lost += rc != ECERT_OK && rc != ECERT_E_BAD_SIGNATURE;
		if (s->waits < WAITS_MAX)
			s->wait_us[s->waits++] = (uint32_t)(now_us() - from);
		if (rc != ECERT_OK)
			(void)fail("soak", rc);
	}
	return NULL;
}

/* soak REF SECONDS PIN THREADS: "process signatures=N lost=N wrong=N", then "wait US" lines. */
static int cmd_soak(int seconds, int threads)
{
	struct soaker s[THREADS_MAX];
	unsigned long good = 0, wrong = 0, lost = 0;
	enum ecert_rc rc = login();

	if (rc != ECERT_OK)
		return fail("login", rc);
	deadline = clock_ms() + seconds * 1000;
	for (int i = 0; i < threads; i++) {
		s[i] = (struct soaker){.wait_us = calloc(WAITS_MAX, sizeof(uint32_t))};
		if (s[i].wait_us == NULL || pthread_create(&s[i].thread, NULL, soak, &s[i]) != 0)
			return 1;
	}
	for (int i = 0; i < threads; i++) {
		(void)pthread_join(s[i].thread, NULL);
		good += s[i].good;
		wrong += s[i].wrong;
		lost += s[i].lost;
	}
	(void)printf("process signatures=%lu lost=%lu wrong=%lu\n", good, lost, wrong);
	for (int i = 0; i < threads; i++)
		for (size_t k = 0; k < s[i].waits; k++)
			(void)printf("wait %u\n", s[i].wait_us[k]);
	for (int i = 0; i < threads; i++)
		free(s[i].wait_us);
	return 0;
}

/* until REF PIN: signs until killed, with a new login when one was lost; a line per event. */
static int __attribute__((noreturn)) cmd_until(void)
{
	bool in = false, bad = false;
	int64_t since = 0;

	for (;;) {
		enum ecert_rc rc = in ? ECERT_OK : login();

		in = rc == ECERT_OK || rc == ECERT_E_EXISTS;
		rc = in ? sign_once() : rc;
		if (rc == ECERT_OK) {
			if (bad)
				(void)printf("recovered %lld\n", (long long)(clock_ms() - since));
			(void)printf("signed\n");
			bad = false;
		} else {
			if (!bad)
				since = clock_ms();
			bad = true;
			in = false;
			(void)printf("failed %s\n", ecert_rc_name(rc));
			(void)usleep(20000);
		}
		(void)fflush(stdout);
	}
}

static int run(int argc, char **argv)
{
	const char *what = argv[1];

	key_ref = argc > 2 ? (uint8_t)strtoul(argv[2], NULL, 16) : 0;
	pin = argc > 4 ? argv[4] : "123456";
	if (strcmp(what, "list") == 0)
		return cmd_list();
	if (strcmp(what, "generate") == 0 && argc > 2)
		return cmd_generate(argv[2]);
	if (strcmp(what, "sign") == 0 && argc > 3)
		return cmd_sign(atoi(argv[3]));
	if (strcmp(what, "intrude") == 0 && argc > 3)
		return cmd_intrude(atoi(argv[3]));
	if (strcmp(what, "soak") == 0 && argc > 5)
		return cmd_soak(atoi(argv[3]), atoi(argv[5]) < THREADS_MAX ? atoi(argv[5]) : 1);
	if (strcmp(what, "until") == 0)
		return cmd_until();
	return 2;
}

int main(int argc, char **argv)
{
	struct tokens_config cfg = {
	    .reader = getenv("ECERT_READER"), .daemon_socket = getenv("TOKEN_SOCKET")};
	enum ecert_rc rc;
	int code;

	if (argc < 2 || !tokens_config_env(&cfg))
		return 2;
	rc = tokens_open(&cfg, &at.tokens);
	if (rc != ECERT_OK)
		return fail("open", rc);
	code = run(argc, argv);
	tokens_close(&at.tokens);
	return code;
}
