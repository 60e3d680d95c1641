/* SPDX-License-Identifier: BSD-2-Clause */
/* A daemon and a client of which one was replaced and the other goes on: they speak what both know.
 */
#include <poll.h>

#include "tests/unit/daemon/served.h"
#include "token/remote/remote.h"

#define PATIENCE_MS 5000

static int connect_to(const char *path)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)strcpy(at.sun_path, path);
	assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
	return fd;
}

/* ---- a client of before, on the wire ---- */

static enum ecert_rc ask(int fd, const struct wire_request *q, struct buf *field)
{
	struct buf frame = BUF_INIT(IPC_FRAME_MAX + 4), body = BUF_INIT(IPC_FRAME_MAX);
	struct wire_answer w;

	ok(wire_put_request(&frame, q));
	ok(link_send(fd, NULL, buf_view(&frame), PATIENCE_MS));
	assert_true(link_read(fd, NULL, &body));
	ok(wire_get_answer(buf_view(&body), &w));
	if (field != NULL) {
		buf_reset(field);
		buf_rd(field, w.field);
	}
	buf_free(&frame);
	buf_free(&body);
	return w.rc;
}

/* Label (1 and bytes) and so on: what revision 0 ends with are the three counts of tries. */
static void check_old_info(struct rd v)
{
	struct token_info info;

	ok(wire_get_info(v, 0, &info));
	assert_string_equal(info.serial, "4711");
	assert_int_equal(info.pin_tries, 3);
	assert_true(v.n > 5);
	assert_int_equal(v.p[v.n - 3], 4);
	assert_int_equal(v.p[v.n - 5], 0); /* flags above the eighth */
	assert_int_equal(wire_get_info(v, 1, &info), ECERT_E_MALFORMED);
}

static const struct token_name named = {.ref = 0x9A,
    .id_len = 2,
    .id = "\x47\x11",
    .key = "Key",
    .cert = "Certificate",
    .pub = "Public",
    .deny = 1 << TOKEN_DERIVE};

static void name_it(const struct served *s, enum ecert_rc want)
{
	const struct tokens_config cfg = {.daemon = DAEMON_ALWAYS, .daemon_socket = s->path};
	struct token_at at = {0};
	int tries;

	ok(tokens_open(&cfg, &at.tokens));
	ok(token_login(&at, TOKEN_SO, text(SIM_MGM), 0, &tries));
	assert_int_equal(token_name_put(&at, &named), want);
	tokens_close(&at.tokens);
}

static void old_client(void **state)
{
	struct served *s = *state;
	int fd = connect_to(s->path);
	struct buf field = BUF_INIT(IPC_DATA_MAX);
	struct token_names names;
	static const char old_names[] = "\x01\x9A\x02\x47\x11\x03Key\x0B"
					"Certificate";

	name_it(s, ECERT_OK);
	ok(ask(fd, &(struct wire_request){.type = IPC_HELLO}, &field));
	assert_int_equal(buf_len(&field), 0);
	ok(ask(fd, &(struct wire_request){.type = IPC_INFO}, &field));
	check_old_info(buf_view(&field));
	ok(ask(fd, &(struct wire_request){.type = IPC_NAMES}, &field));
	assert_true(rd_equal(buf_view(&field), rd_of(old_names, sizeof old_names - 1)));
	ok(ask(fd,
	    &(struct wire_request){.type = IPC_LOGIN, .a = TOKEN_SO, .field = {text(SIM_MGM)}},
	    NULL));
	ok(ask(fd,
	    &(struct wire_request){.type = IPC_NAME_PUT,
		.a = 0x9A,
		.fields = 3,
		.field = {rd_of("\x42", 1), text("Other"), text("Certificate")}},
	    NULL));
	(void)close(fd);
	/* What it could not say is as it was. */
	fd = connect_to(s->path);
	ok(ask(fd, &(struct wire_request){.type = IPC_HELLO, .a = 1, .b = 77}, &field));
	assert_int_equal(buf_len(&field), IPC_NONCE_LEN + 1);
	assert_int_equal(buf_view(&field).p[IPC_NONCE_LEN], IPC_REVISION);
	ok(ask(fd, &(struct wire_request){.type = IPC_NAMES}, &field));
	ok(wire_get_names(buf_view(&field), IPC_REVISION, &names));
	assert_int_equal(names.n, 1);
	assert_string_equal(names.name[0].key, "Other");
	assert_string_equal(names.name[0].pub, "Public");
	assert_int_equal(names.name[0].deny, named.deny);
	(void)close(fd);
	buf_free(&field);
}

/* ---- a daemon of before: one that nobody told of a revision ---- */

struct between {
	char path[80], *daemon;
	int listener;
	pthread_t thread;
};

static bool pass_on(int from, int to, bool greeting)
{
	struct buf body = BUF_INIT(IPC_FRAME_MAX), frame = BUF_INIT(IPC_FRAME_MAX + 4);
	struct wire_request q;
	bool good = link_read(from, NULL, &body);

	if (good && greeting && wire_get_request(buf_view(&body), &q) == ECERT_OK &&
	    q.type == IPC_HELLO) {
		q.a = q.b = 0;
		ok(wire_put_request(&frame, &q));
	} else if (good) {
		buf_u32(&frame, (uint32_t)buf_len(&body));
		buf_rd(&frame, buf_view(&body));
	}
	good = good && link_send(to, NULL, buf_view(&frame), PATIENCE_MS) == ECERT_OK;
	buf_free(&body);
	buf_free(&frame);
	return good;
}

static void *stand_between(void *arg)
{
	struct between *b = arg;
	struct pollfd fds[2] = {{.events = POLLIN}, {.events = POLLIN}};
	bool good = true;

	(void)poll(&(struct pollfd){.fd = b->listener, .events = POLLIN}, 1, PATIENCE_MS);
	fds[0].fd = accept(b->listener, NULL, NULL);
	fds[1].fd = connect_to(b->daemon);
	while (good && poll(fds, 2, PATIENCE_MS) > 0)
		for (int i = 0; i < 2 && good; i++)
			if (fds[i].revents != 0)
				good = pass_on(fds[i].fd, fds[1 - i].fd, i == 0);
	(void)close(fds[0].fd);
	(void)close(fds[1].fd);
	return NULL;
}

static void old_daemon(void **state)
{
	struct served *s = *state;
	struct between b = {.daemon = s->path};
	const struct tokens_config cfg = {.daemon = DAEMON_ALWAYS, .daemon_socket = b.path};
	struct token_at at = {0};
	struct token_info info;
	struct token_names names;
	struct token_name plain = named;
	int tries;

	(void)snprintf(b.path, sizeof b.path, "%s.old", s->path);
	b.listener = served_listen(b.path);
	assert_int_equal(pthread_create(&b.thread, NULL, stand_between, &b), 0);
	ok(tokens_open(&cfg, &at.tokens));
	ok(token_info(&at, &info));
	assert_string_equal(info.serial, "4711");
	assert_false(info.can_delete_known);
	ok(token_login(&at, TOKEN_SO, text(SIM_MGM), 0, &tries));
	/* Not half of it. */
	assert_int_equal(token_name_put(&at, &named), ECERT_E_UNSUPPORTED);
	memset(plain.pub, 0, sizeof plain.pub);
	plain.deny = 0;
	ok(token_name_put(&at, &plain));
	ok(token_names(&at, &names));
	assert_int_equal(names.n, 1);
	assert_memory_equal(&names.name[0], &plain, sizeof plain);
	tokens_close(&at.tokens);
	(void)pthread_join(b.thread, NULL);
	(void)close(b.listener);
	(void)unlink(b.path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(old_client, served_setup, served_teardown),
	    cmocka_unit_test_setup_teardown(old_daemon, served_setup, served_teardown),
	};

	return cmocka_run_group_tests_name("revisions", tests, NULL, NULL);
}
