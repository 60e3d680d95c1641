/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert-wall with operations that try what a reader that was taken over would try. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "document/wall/frame.h"
#include "wall/wall.h"

static enum ecert_rc echo(const struct wall_call *call, struct buf *out)
{
	buf_rd(out, call->request);
	for (size_t i = 0; i < call->inputs; i++)
		buf_rd(out, call->input[i]);
	return ECERT_OK;
}

/* Says 'n' for what was refused, 'Y' for what worked. */
static void tried(struct buf *out, long answer)
{
	buf_u8(out, answer < 0 && errno == EPERM ? 'n' : answer < 0 ? '?' : 'Y');
}

static enum ecert_rc escape(const struct wall_call *call, struct buf *out)
{
	static char *none[] = {NULL};
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(1)};
	(void)call;
	tried(out, open("/etc/passwd", O_RDONLY));
	tried(out, open("/tmp/ecert-wall-was-here", O_RDWR | O_CREAT, 0600));
	tried(out, socket(AF_INET, SOCK_STREAM, 0));
	tried(out, connect(0, (struct sockaddr *)&to, sizeof to));
	tried(out, fork());
	tried(out, execve("/bin/true", none, none));
	tried(out, kill(getppid(), 0));
	tried(out, syscall(SYS_ptrace, 16, getpid(), 0, 0));
	tried(out, unlink("/tmp/ecert-wall-was-here"));
	tried(
	    out, (long)mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	tried(out, syscall(SYS_sendto, 1, "x", 1, 0, NULL, 0));
	return ECERT_OK;
}

/* The numbers of the descriptors that are open, and of the variables of the environment. */
static enum ecert_rc left(const struct wall_call *call, struct buf *out)
{
	extern char **environ;
	(void)call;
	for (int fd = 0; fd < 64; fd++)
		if (write(fd, "", 0) == 0 || errno != EBADF)
			buf_u8(out, (uint8_t)('0' + fd));
	for (char **e = environ; e && *e; e++)
		buf_u8(out, 'e');
	return ECERT_OK;
}

static enum ecert_rc grow(const struct wall_call *call, struct buf *out)
{
	size_t had = 0;
	uint8_t *p;
	(void)call;
	while ((p = malloc(1u << 20))) {
		memset(p, 1, 1u << 20);
		had++;
	}
	(void)out;
	return had < 513 ? ECERT_E_MEMORY : ECERT_E_INTERNAL;
}

static enum ecert_rc spin(const struct wall_call *call, struct buf *out)
{
	(void)call;
	for (volatile unsigned long i = 0;; i++)
		if (out->rc != ECERT_OK)
			return ECERT_OK;
}

static enum ecert_rc crash(const struct wall_call *call, struct buf *out)
{
	(void)out;
	*(volatile uint8_t *)(uintptr_t)call->input[0].p = 1;
	return ECERT_OK;
}

static enum ecert_rc stop(const struct wall_call *call, struct buf *out)
{
	(void)call, (void)out;
	abort();
}

static enum ecert_rc babble(const struct wall_call *call, struct buf *out)
{
	(void)call, (void)out;
	_exit(write(1, "\xff\xff\xff\xff nonsense", 13) == 13 ? 0 : 1);
}

static enum ecert_rc flood(const struct wall_call *call, struct buf *out)
{
	static uint8_t room[1u << 16];
	(void)call, (void)out;
	while (write(1, room, sizeof room) > 0)
		;
	return ECERT_OK;
}

static enum ecert_rc put(const struct wall_call *call, size_t times)
{
	static uint8_t room[WALL_PIECE_MAX];
	enum ecert_rc rc = ECERT_OK;
	memset(room, 'p', sizeof room);
	for (size_t i = 0; rc == ECERT_OK && i < times; i++)
		rc = call->put(call, rd_of(room, sizeof room));
	return rc;
}

static enum ecert_rc pieces(const struct wall_call *call, struct buf *out)
{
	(void)out;
	return put(call, 1000);
}

static enum ecert_rc pieces_bad(const struct wall_call *call, struct buf *out)
{
	(void)out;
	return put(call, 1) == ECERT_OK ? ECERT_E_MALFORMED : ECERT_E_IO;
}

static enum ecert_rc pieces_stop(const struct wall_call *call, struct buf *out)
{
	(void)out;
	_exit(put(call, 1) == ECERT_OK ? 0 : 1);
}

/* Bytes behind one good piece that are no other. */
static enum ecert_rc ends_with(const struct wall_call *call, const char *bytes, size_t n)
{
	_exit(put(call, 1) == ECERT_OK && write(1, bytes, n) == (ssize_t)n ? 0 : 1);
}

static enum ecert_rc pieces_twice(const struct wall_call *call, struct buf *out)
{
	(void)out;
	return ends_with(call, "\0\0\0\0\0\0", 6);
}

static enum ecert_rc pieces_long(const struct wall_call *call, struct buf *out)
{
	(void)out;
	return ends_with(call, "\0\1\0\1p", 5);
}

static enum ecert_rc pieces_cut(const struct wall_call *call, struct buf *out)
{
	(void)out;
	return ends_with(call, "\0\0\0\2p", 5);
}

static enum ecert_rc malformed(const struct wall_call *call, struct buf *out)
{
	(void)call;
	buf_str(out, "not to be heard");
	return ECERT_E_MALFORMED;
}

static enum ecert_rc unsupported(const struct wall_call *call, struct buf *out)
{
	(void)call, (void)out;
	return ECERT_E_UNSUPPORTED;
}

/* Nobody writes any more: it would wait for ever. */
static enum ecert_rc hang(const struct wall_call *call, struct buf *out)
{
	uint8_t byte;
	(void)call, (void)out;
	return read(0, &byte, 1) ? ECERT_E_INTERNAL : ECERT_E_MALFORMED;
}

/* What was written into memory for an earlier question, and where it is. */
static enum ecert_rc before(const struct wall_call *call, struct buf *out)
{
	static uint8_t kept;
	uintptr_t at = (uintptr_t)&kept;
	(void)call;
	buf_u8(out, kept);
	kept = 1;
	buf_put(out, &at, sizeof at);
	return ECERT_OK;
}

static const struct wall_op ops[] = {
    {"echo", echo, false},
    {"escape", escape, false},
    {"left", left, false},
    {"grow", grow, false},
    {"hang", hang, false},
    {"spin", spin, false},
    {"crash", crash, false},
    {"stop", stop, false},
    {"babble", babble, false},
    {"before", before, false},
    {"flood", flood, false},
    {"pieces", pieces, true},
    {"pieces-bad", pieces_bad, true},
    {"pieces-stop", pieces_stop, true},
    {"pieces-twice", pieces_twice, true},
    {"pieces-long", pieces_long, true},
    {"pieces-cut", pieces_cut, true},
    {"malformed", malformed, false},
    {"unsupported", unsupported, false},
};

int main(void)
{
	_exit(wall_gate(ops, sizeof ops / sizeof ops[0]));
}
