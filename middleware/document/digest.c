/* SPDX-License-Identifier: BSD-2-Clause */
/* Digests of files of any size in constant memory. */
#include <errno.h>
#include <fcntl.h>
#include <openssl/objects.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "document/digest.h"
#include "util/mem.h"

#define CHUNK	      (256u << 10)
#define SMALL	      (8u << 10)
#define PROGRESS_STEP (4u << 20)

static pthread_once_t once = PTHREAD_ONCE_INIT;
static EVP_MD *ready[3];

static void fetch(void)
{
	static const char *const names[] = {"SHA256", "SHA384", "SHA512"};

	for (size_t i = 0; i < sizeof ready / sizeof ready[0]; i++)
		ready[i] = EVP_MD_fetch(NULL, names[i], NULL);
}

const EVP_MD *digest_ready(const EVP_MD *md)
{
	(void)pthread_once(&once, fetch);
	for (size_t i = 0; i < sizeof ready / sizeof ready[0]; i++)
		if (ready[i] && EVP_MD_get_type(ready[i]) == EVP_MD_get_type(md))
			return ready[i];
	return md;
}

const EVP_MD *digest_of_oid(struct rd oid)
{
	uint8_t der[34] = {0x06};
	const unsigned char *p = der;
	ASN1_OBJECT *obj;
	const EVP_MD *md;

	if (!oid.n || oid.n > sizeof der - 2)
		return NULL;
	der[1] = (uint8_t)oid.n;
	memcpy(der + 2, oid.p, oid.n);
	obj = d2i_ASN1_OBJECT(NULL, &p, (long)oid.n + 2);
	md = obj ? EVP_get_digestbyobj(obj) : NULL;
	ASN1_OBJECT_free(obj);
	return md;
}

enum ecert_rc digest_set_add(struct digest_set *s, const EVP_MD *md)
{
	EVP_MD_CTX *ctx;

	if (digest_set_get(s, md).p)
		return ECERT_OK;
	if (s->n == DIGEST_MAX)
		return ECERT_E_TOO_LARGE;
	ctx = EVP_MD_CTX_new();
	if (!ctx)
		return ECERT_E_MEMORY;
	if (EVP_DigestInit_ex(ctx, digest_ready(md), NULL) != 1) {
		/* One that OpenSSL has was not refused: memory was short. */
		EVP_MD *have = EVP_MD_fetch(NULL, EVP_MD_get0_name(md), NULL);
		enum ecert_rc rc = have ? ECERT_E_MEMORY : ECERT_E_CRYPTO;

		EVP_MD_free(have);
		EVP_MD_CTX_free(ctx);
		return rc;
	}
	s->row[s->n].md = md;
	s->row[s->n++].ctx = ctx;
	return ECERT_OK;
}

enum ecert_rc digest_set_update(struct digest_set *s, struct rd bytes)
{
	for (size_t i = 0; i < s->n; i++)
		if (EVP_DigestUpdate(s->row[i].ctx, bytes.p, bytes.n) != 1)
			return ECERT_E_CRYPTO;
	return ECERT_OK;
}

static enum ecert_rc read_some(int fd, uint8_t *chunk, size_t room, size_t *n)
{
	ssize_t got;

	do {
		got = read(fd, chunk, room);
	} while (got < 0 && errno == EINTR);
	*n = got > 0 ? (size_t)got : 0;
	return got < 0 ? ECERT_E_IO : ECERT_OK;
}

static uint64_t size_of(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
}

enum ecert_rc digest_set_update_text(struct digest_set *s, struct rd text)
{
	enum ecert_rc rc = ECERT_OK;

	while (rc == ECERT_OK && text.n) {
		const uint8_t *lf = memchr(text.p, '\n', text.n);
		size_t n = lf ? (size_t)(lf - text.p) : text.n;
		struct rd line = rd_of(text.p, n);

		if (lf && line.n && line.p[line.n - 1] == '\r')
			line.n--;
		rc = digest_set_update(s, line);
		if (rc == ECERT_OK && lf)
			rc = digest_set_update(s, rd_of("\r\n", 2));
		text = rd_of(text.p + n + (lf ? 1 : 0), text.n - n - (lf ? 1 : 0));
	}
	return rc;
}

enum ecert_rc digest_set_fd(
    struct digest_set *s, int fd, doc_progress_fn *progress, void *ctx, uint64_t *size)
{
	enum ecert_rc rc = ECERT_OK;
	uint64_t done = 0, told = 0, total = size_of(fd);
	/* A small file needs little more than itself: a byte, to see its end. */
	size_t n = 0, room = total && total < SMALL ? SMALL : CHUNK;
	bool over = false;
	uint8_t *chunk;

	*size = 0;
	chunk = malloc(room);
	if (!chunk)
		return ECERT_E_MEMORY;
	if (room == CHUNK)
		(void)posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	do {
		rc = read_some(fd, chunk, room, &n);
		if (rc == ECERT_OK)
			rc = digest_set_update(s, rd_of(chunk, n));
		done += n;
		/* Or all of a small file that was there, in one piece. */
		over = n == 0 || (room == SMALL && done == total && n == done);
		if (rc == ECERT_OK && progress && (over || done - told >= PROGRESS_STEP)) {
			told = done;
			if (!progress(ctx, done, total))
				rc = ECERT_E_CANCELLED;
		}
	} while (rc == ECERT_OK && !over);
	*size = done;
	mem_free(chunk, room);
	return rc;
}

static enum ecert_rc read_piece(int fd, struct digest_part p, uint8_t *chunk, size_t *n)
{
	size_t want = p.n < CHUNK ? (size_t)p.n : CHUNK;
	ssize_t got;

	do {
		got = pread(fd, chunk, want, (off_t)p.at);
	} while (got < 0 && errno == EINTR);
	*n = got > 0 ? (size_t)got : 0;
	return got > 0 ? ECERT_OK : ECERT_E_IO;
}

enum ecert_rc digest_set_parts(struct digest_set *s, int fd, const struct digest_part *part,
    size_t n, doc_progress_fn *progress, void *ctx)
{
	enum ecert_rc rc = ECERT_OK;
	uint64_t done = 0, told = 0, total = 0;
	uint8_t *chunk = malloc(CHUNK);
	size_t got = 0;

	if (!chunk)
		return ECERT_E_MEMORY;
	for (size_t i = 0; i < n; i++)
		total += part[i].n;
	for (size_t i = 0; i < n; i++) {
		struct digest_part left = part[i];

		while (rc == ECERT_OK && left.n) {
			rc = read_piece(fd, left, chunk, &got);
			if (rc == ECERT_OK)
				rc = digest_set_update(s, rd_of(chunk, got));
			left.at += got;
			left.n -= got;
			done += got;
			if (rc == ECERT_OK && progress &&
			    (done == total || done - told >= PROGRESS_STEP)) {
				told = done;
				if (!progress(ctx, done, total))
					rc = ECERT_E_CANCELLED;
			}
		}
	}
	mem_free(chunk, CHUNK);
	return rc;
}

enum ecert_rc digest_set_final(struct digest_set *s)
{
	for (size_t i = 0; i < s->n; i++) {
		unsigned n = 0;

		if (EVP_DigestFinal_ex(s->row[i].ctx, s->row[i].result.value, &n) != 1)
			return ECERT_E_CRYPTO;
		s->row[i].result.len = n;
	}
	return ECERT_OK;
}

struct rd digest_set_get(const struct digest_set *s, const EVP_MD *md)
{
	for (size_t i = 0; i < s->n; i++)
		if (EVP_MD_get_type(s->row[i].md) == EVP_MD_get_type(md))
			return rd_of(s->row[i].result.value, s->row[i].result.len);
	return rd_of(NULL, 0);
}

void digest_set_free(struct digest_set *s)
{
	for (size_t i = 0; i < s->n; i++)
		EVP_MD_CTX_free(s->row[i].ctx);
	memset(s, 0, sizeof *s);
}

enum ecert_rc doc_digest_fd(
    int fd, const char *md, doc_progress_fn *progress, void *progress_ctx, struct doc_digest *out)
{
	struct digest_set set = {0};
	EVP_MD *m;
	uint64_t size = 0;
	enum ecert_rc rc;

	memset(out, 0, sizeof *out);
	m = md ? EVP_MD_fetch(NULL, md, NULL) : NULL;
	if (!m)
		return ECERT_E_UNSUPPORTED;
	rc = digest_set_add(&set, m);
	if (rc == ECERT_OK)
		rc = digest_set_fd(&set, fd, progress, progress_ctx, &size);
	if (rc == ECERT_OK)
		rc = digest_set_final(&set);
	if (rc == ECERT_OK) {
		*out = set.row[0].result;
		out->size = size;
	}
	digest_set_free(&set);
	EVP_MD_free(m);
	return rc;
}
