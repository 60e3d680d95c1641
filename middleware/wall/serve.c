/* SPDX-License-Identifier: BSD-2-Clause */
/* One request served: read, looked up in the table, answered. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "document/wall/frame.h"
#include "wall/wall.h"

#define GIVE_BACK (16u << 20)

/* Exactly n bytes. */
static bool read_all(uint8_t *to, size_t n)
{
	while (n) {
		ssize_t got = read(WALL_REQUEST, to, n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		to += got;
		n -= (size_t)got;
	}
	return true;
}

static bool write_all(struct rd from)
{
	while (from.n) {
		ssize_t put = write(WALL_ANSWER, from.p, from.n);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return false;
		from = rd_of(from.p + put, from.n - (size_t)put);
	}
	return true;
}

static enum ecert_rc read_request(struct buf *out)
{
	uint8_t head[4];
	struct rd r = rd_of(head, sizeof head);
	uint32_t n = 0;
	uint8_t *room;

	if (!read_all(head, sizeof head) || rd_u32(&r, &n) != ECERT_OK)
		return ECERT_E_IO;
	room = n <= WALL_REQUEST_MAX ? buf_room(out, n) : NULL;
	return room && read_all(room, n) ? ECERT_OK : ECERT_E_IO;
}

static const struct wall_op *find(const struct wall_op *ops, size_t n, struct rd name)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(ops[i].name) == name.n && !memcmp(ops[i].name, name.p, name.n))
			return &ops[i];
	return NULL;
}

enum ecert_rc wall_input(int fd, struct rd *out)
{
	struct stat st;
	void *p = NULL;

	*out = rd_of(NULL, 0);
	if (fstat(fd, &st) || st.st_size < 0)
		return ECERT_E_IO;
	if (st.st_size)
		p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return ECERT_E_IO;
	close(fd);
	*out = rd_of(p, (size_t)st.st_size);
	return ECERT_OK;
}

static enum ecert_rc parse(struct rd r, struct rd *name, struct rd *rest)
{
	uint8_t n;
	enum ecert_rc rc = rd_u8(&r, &n);

	if (rc == ECERT_OK)
		rc = rd_take(&r, n, name);
	*rest = r;
	return rc;
}

static bool answer(enum ecert_rc rc, struct rd what)
{
	struct buf head = BUF_INIT(8);
	bool good;

	if (rc != ECERT_OK)
		what = rd_of(NULL, 0);
	buf_u32(&head, (uint32_t)(what.n + 1));
	buf_u8(&head, (uint8_t)rc);
	good = write_all(buf_view(&head)) && write_all(what);
	buf_free(&head);
	return good;
}

/* ---- in pieces ---- */
/* Pages of the inputs that were looked at count as memory in use until they are given back. */
static void give_back(const struct wall_call *call, size_t n)
{
	static size_t put;

	put += n;
	if (put < GIVE_BACK)
		return;
	put = 0;
	for (size_t i = 0; i < call->inputs; i++)
		if (call->input[i].n)
			(void)madvise(
			    (void *)(uintptr_t)call->input[i].p, call->input[i].n, MADV_DONTNEED);
}

static enum ecert_rc put_piece(const struct wall_call *call, struct rd piece)
{
	uint8_t head[4];

	for (int i = 0; i < 4; i++)
		head[i] = (uint8_t)(piece.n >> (24 - 8 * i));
	give_back(call, piece.n);
	return !piece.n || (write_all(rd_of(head, sizeof head)) && write_all(piece)) ? ECERT_OK
										     : ECERT_E_IO;
}

static bool last_piece(enum ecert_rc rc)
{
	const uint8_t end[5] = {0, 0, 0, 0, (uint8_t)rc};

	return write_all(rd_of(end, sizeof end));
}

/* Before anything of the inputs is looked at. */
static enum ecert_rc limit(const struct wall_call *call, const struct wall_op *op)
{
	uint64_t mapped = 0;
	enum ecert_rc rc;

	for (size_t i = 0; i < call->inputs; i++)
		mapped += call->input[i].n;
	rc = wall_limit(mapped, op && op->in_pieces ? WALL_PIECES_SECONDS : WALL_SECONDS);
	return rc == ECERT_OK ? wall_filter() : rc;
}

int wall_serve(const struct wall_op *ops, size_t n, const struct rd *input, size_t inputs)
{
	struct buf request = BUF_INIT(WALL_REQUEST_MAX), out = BUF_INIT(WALL_ANSWER_MAX - 1);
	struct wall_call call = {{NULL, 0}, input, inputs, NULL};
	struct rd name = {NULL, 0};
	const struct wall_op *op = NULL;
	enum ecert_rc rc = read_request(&request);

	if (rc == ECERT_OK)
		rc = parse(buf_view(&request), &name, &call.request);
	if (rc == ECERT_OK) {
		op = find(ops, n, name);
		rc = limit(&call, op);
	}
	if (rc != ECERT_OK)
		return 1;
	if (op && op->in_pieces)
		call.put = put_piece;
	rc = op ? op->run(&call, &out) : ECERT_E_INTERNAL;
	if (rc == ECERT_OK)
		rc = buf_rc(&out);
	/* Nothing is tidied up: the process ends, and what an attacker left is not walked through.
	 */
	return (call.put ? last_piece(rc) : answer(rc, buf_view(&out))) ? 0 : 1;
}
