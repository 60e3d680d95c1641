/* SPDX-License-Identifier: BSD-2-Clause */
/* Who may connect, and what the journal calls them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/server.h"

#define STRANGER 54321
#define GROUP	 777

/* What the kernel pretends. */
static uid_t peer_uid;
static pid_t peer_pid;
static gid_t peer_group;
static bool exe_hidden, peer_ended;

ssize_t __real_readlink(const char *path, char *out, size_t n);
ssize_t __wrap_readlink(const char *path, char *out, size_t n);
int __wrap_getsockopt(int fd, int level, int name, void *value, socklen_t *n);

ssize_t __wrap_readlink(const char *path, char *out, size_t n)
{
	if (!exe_hidden)
		return __real_readlink(path, out, n);
	errno = EACCES;
	return -1;
}

int __wrap_getsockopt(int fd, int level, int name, void *value, socklen_t *n)
{
	(void)fd;
	(void)level;
	if (name == SO_PEERCRED) {
		*(struct ucred *)value = (struct ucred){
		    .pid = peer_pid, .uid = peer_uid, .gid = STRANGER};
		*n = sizeof(struct ucred);
	} else if (name == SO_PEERGROUPS) {
		memcpy(value, &peer_group, sizeof peer_group);
		*n = sizeof peer_group;
	} else {
		errno = peer_ended ? ESRCH : ENOPROTOOPT;
		return -1;
	}
	return 0;
}

static int kernel_is_honest(void **state)
{
	(void)state;
	peer_uid = getuid();
	peer_pid = getpid();
	peer_group = 1;
	exe_hidden = peer_ended = false;
	return 0;
}

static void named(void **state)
{
	struct server s = {.group = (gid_t)-1};
	struct peer p;

	(void)state;
	assert_true(peer_admit(&s, 0, &p));
	assert_int_equal(p.pid, getpid());
	assert_non_null(strstr(p.exe, "/test_peer"));
	/* Another user's process: only the name that it gives itself. */
	exe_hidden = true;
	assert_true(peer_admit(&s, 0, &p));
	assert_string_equal(p.exe, "(test_peer)");
	/* Gone already. */
	peer_pid = 1 << 30;
	assert_true(peer_admit(&s, 0, &p));
	assert_string_equal(p.exe, "?");
}

/* What is named is what ran all the while; anything else is doubt, and stays so. */
static void confirmed(void **state)
{
	struct server s = {.group = (gid_t)-1};
	struct peer p, other;

	(void)state;
	assert_true(peer_admit(&s, 0, &p));
	assert_int_equal(p.doubt, PEER_UNCONFIRMED);
	assert_true(p.life.start != 0 && p.life.code != 0 && p.life.stack != 0);
	other = p;
	peer_confirm(&other);
	assert_int_equal(other.doubt, PEER_SURE);
	/* The same program, run anew by the same process: other addresses. */
	other = p;
	other.life.stack++;
	peer_confirm(&other);
	assert_int_equal(other.doubt, PEER_CHANGED);
	peer_confirm(&other);
	assert_int_equal(other.doubt, PEER_CHANGED);
	/* Another process under the same number. */
	other = p;
	other.life.start++;
	peer_confirm(&other);
	assert_int_equal(other.doubt, PEER_CHANGED);
	other = p;
	(void)strcpy(other.exe, "/usr/bin/true");
	peer_confirm(&other);
	assert_int_equal(other.doubt, PEER_CHANGED);
	other = p;
	other.doubt = PEER_PASSED_ON;
	peer_confirm(&other);
	assert_int_equal(other.doubt, PEER_PASSED_ON);
	/* The kernel says that the process has ended. */
	peer_ended = true;
	assert_true(peer_admit(&s, 0, &p));
	assert_int_equal(p.doubt, PEER_GONE);
}

static void strangers(void **state)
{
	struct server s = {.group = (gid_t)-1};
	struct peer p;

	(void)state;
	peer_uid = STRANGER;
	assert_false(peer_admit(&s, 0, &p));
	s.group = GROUP;
	assert_false(peer_admit(&s, 0, &p));
	peer_group = GROUP;
	assert_true(peer_admit(&s, 0, &p));
	assert_int_equal(p.uid, STRANGER);
	/* Its own group counts as well; root may always. */
	peer_group = 1;
	s.group = STRANGER;
	assert_true(peer_admit(&s, 0, &p));
	s.group = (gid_t)-1;
	peer_uid = 0;
	assert_true(peer_admit(&s, 0, &p));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(named, kernel_is_honest),
	    cmocka_unit_test_setup(confirmed, kernel_is_honest),
	    cmocka_unit_test_setup(strangers, kernel_is_honest),
	};

	return cmocka_run_group_tests_name("peer", tests, NULL, NULL);
}
