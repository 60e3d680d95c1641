/* SPDX-License-Identifier: BSD-2-Clause */
/* Who may: codes, sessions, whose a connection is; and catalogues that are damaged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "desk/desk.h"

static struct desk desk = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* ---- codes ---- */

static void test_codes(void **state)
{
	char code[DESK_CODES + 1][DESK_WORD], first[DESK_WORD], second[DESK_WORD];

	(void)state;
	assert_int_equal(gate_open(&desk, 4711), ECERT_OK);
	assert_int_equal(strlen(desk.host), strlen("e.localhost:4711") + 20);
	assert_int_equal(gate_enter(&desk, "", first), ECERT_E_DENIED);
	/* Of one more than there are places the oldest goes. */
	for (size_t i = 0; i <= DESK_CODES; i++)
		assert_int_equal(gate_code(&desk, i > 0, code[i]), ECERT_OK);
	assert_int_equal(gate_enter(&desk, code[0], first), ECERT_E_DENIED);
	assert_int_equal(gate_enter(&desk, code[1], first), ECERT_OK);
	assert_int_equal(strlen(first), 43);
	assert_int_equal(gate_enter(&desk, code[1], second), ECERT_E_DENIED);
	assert_string_equal(second, "");
	assert_int_equal(gate_enter(&desk, code[2], second), ECERT_OK);
	assert_string_not_equal(first, second);
	/* Time passes. */
	for (size_t i = 0; i < DESK_CODES; i++)
		desk.codes[i].until = 1;
	assert_int_equal(gate_enter(&desk, code[3], second), ECERT_E_DENIED);
}

/* ---- whose a connection is ---- */

static void test_peer(void **state)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	const struct sockaddr *any = (const struct sockaddr *)&at;
	int here = socket(AF_INET, SOCK_STREAM, 0), there = socket(AF_INET, SOCK_STREAM, 0);
	socklen_t n = sizeof at;
	uid_t uid = 12345;
	unsigned port;

	(void)state;
	assert_int_equal(bind(here, any, sizeof at), 0);
	assert_int_equal(listen(here, 1), 0);
	assert_int_equal(getsockname(here, (struct sockaddr *)&at, &n), 0);
	port = ntohs(at.sin_port);
	assert_int_equal(connect(there, any, sizeof at), 0);
	assert_int_equal(getsockname(there, (struct sockaddr *)&at, &n), 0);
	assert_int_equal(peer_user(any, port, &uid), ECERT_OK);
	assert_int_equal(uid, getuid());
	/* To another port than ours, or from where nobody is. */
	assert_int_equal(peer_user(any, port + 1, &uid), ECERT_E_NOT_FOUND);
	assert_int_equal(uid, (uid_t)-1);
	at.sin_port = htons(1);
	assert_int_equal(peer_user(any, port, &uid), ECERT_E_NOT_FOUND);
	assert_int_equal(peer_user(NULL, port, &uid), ECERT_E_NOT_FOUND);
	(void)close(here);
	(void)close(there);
}

/* ---- catalogues ---- */

static void put(uint8_t *mo, size_t at, uint32_t v)
{
	memcpy(mo + at, &v, sizeof v);
}

/* Two messages, the second one with a form for one. */
static size_t make(uint8_t mo[200])
{
	static const char texts[] = "Yes\0{n} file\0{n} files\0"
				    "\xE6\x98\xAF\0{n} \"\xE5\x80\x8B\"\0";

	memset(mo, 0, 200);
	put(mo, 0, 0x950412DEu);
	put(mo, 8, 2);
	put(mo, 12, 28);
	put(mo, 16, 44);
	put(mo, 28, 3);
	put(mo, 32, 60);
	put(mo, 36, 18);
	put(mo, 40, 64);
	put(mo, 44, 3);
	put(mo, 48, 83);
	put(mo, 52, 9);
	put(mo, 56, 87);
	memcpy(mo + 60, texts, sizeof texts);
	return 60 + sizeof texts;
}

static void test_words(void **state)
{
	struct buf out = BUF_INIT(4096);
	uint8_t mo[200];
	size_t n = make(mo);

	(void)state;
	assert_int_equal(page_words(rd_of(mo, n), &out), ECERT_OK);
	buf_u8(&out, 0);
	assert_string_equal((const char *)buf_view(&out).p,
	    "{\"Yes\":\"\xE6\x98\xAF\",\n\"{n} files\":\"{n} \\\"\xE5\x80\x8B\\\"\"}");
	/* Cut anywhere, and with any word of its head or tables turned, it ends. */
	for (size_t i = 0; i < n; i++) {
		buf_reset(&out);
		assert_int_not_equal(page_words(rd_of(mo, i), &out), ECERT_E_INTERNAL);
	}
	for (size_t i = 0; i < 60; i += 4)
		for (unsigned k = 0; k < 3; k++) {
			static const uint32_t odd[] = {0xFFFFFFFFu, 0x7FFFFFFFu, 199};

			n = make(mo);
			put(mo, i, odd[k]);
			buf_reset(&out);
			assert_int_not_equal(page_words(rd_of(mo, n), &out), ECERT_E_INTERNAL);
		}
	buf_free(&out);
	assert_int_equal(page_words(rd_of("", 0), &out), ECERT_E_MALFORMED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_codes),
	    cmocka_unit_test(test_peer), cmocka_unit_test(test_words)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
