/* SPDX-License-Identifier: BSD-2-Clause */
/* Used nonces as files: the kernel's O_EXCL decides who was first. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "document/cert.h"
#include "trust/nonce.h"
#include "util/clock.h"
#include "util/hex.h"

/* Between its making and its date a file has the time of now: so old it never gets. */
#define SLACK 60

struct nonce_store {
	int dir;
};

enum ecert_rc nonce_new(struct buf *out)
{
	uint8_t random[16];

	if (RAND_bytes(random, sizeof random) != 1)
		return ECERT_E_CRYPTO;
	b64url_put(out, rd_of(random, sizeof random));
	return buf_rc(out);
}

/* 64 digits: SHA-256 of scope, NUL, value. */
static enum ecert_rc name_of(const char *scope, const char *value, char name[65])
{
	struct buf b = BUF_INIT(1u << 16);
	uint8_t digest[32];
	enum ecert_rc rc;

	buf_put(&b, scope, strlen(scope) + 1);
	buf_str(&b, value);
	rc = buf_rc(&b);
	if (rc == ECERT_OK)
		rc = bytes_sha256(buf_view(&b), digest);
	if (rc == ECERT_OK)
		hex_str(rd_of(digest, sizeof digest), name);
	buf_free(&b);
	return rc;
}

/* The time until which a file holds; the mtime carries it, so that creating the file is the only
 * step that matters. */
static void purge(int dir, time_t now)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *e;

	if (!d) {
		if (fd >= 0)
			(void)close(fd);
		return;
	}
	while ((e = readdir(d))) {
		struct stat st;

		if (strspn(e->d_name, "0123456789abcdef") == 64 && strlen(e->d_name) == 64 &&
		    fstatat(dir, e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_mtime < now)
			(void)unlinkat(dir, e->d_name, 0);
	}
	(void)closedir(d);
}

enum ecert_rc nonce_store_open(const char *dir, time_t now, struct nonce_store **out)
{
	struct nonce_store *s;
	time_t real;

	*out = NULL;
	if (mkdir(dir, 0700) != 0 && errno != EEXIST)
		return ECERT_E_IO;
	s = calloc(1, sizeof *s);
	if (!s)
		return ECERT_E_MEMORY;
	s->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->dir < 0) {
		free(s);
		return ECERT_E_IO;
	}
	/* A look into the future (--at) must not make room for replays in the present. */
	real = clock_now();
	purge(s->dir, (now < real ? now : real) - SLACK);
	*out = s;
	return ECERT_OK;
}

enum ecert_rc nonce_store_seen(
    struct nonce_store *s, const char *scope, const char *value, bool *seen)
{
	char name[65];
	struct stat st;
	enum ecert_rc rc;

	*seen = true; /* whoever ignores the error, errs on the safe side */
	rc = name_of(scope, value, name);
	if (rc != ECERT_OK)
		return rc;
	if (fstatat(s->dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return ECERT_OK;
	if (errno != ENOENT)
		return ECERT_E_IO;
	*seen = false;
	return ECERT_OK;
}

enum ecert_rc nonce_store_burn(
    struct nonce_store *s, const char *scope, const char *value, time_t until)
{
	char name[65];
	/* A minute on top: clocks that differ must not bring a nonce back. */
	const struct timespec times[2] = {{until + 60, 0}, {until + 60, 0}};
	enum ecert_rc rc = name_of(scope, value, name);
	int fd;

	if (rc != ECERT_OK)
		return rc;
	/* O_EXCL: of two processes with the same token one comes second. */
	fd = openat(s->dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return errno == EEXIST ? ECERT_E_EXISTS : ECERT_E_IO;
	if (futimens(fd, times) != 0 || fsync(fd) != 0 || fsync(s->dir) != 0)
		rc = ECERT_E_IO;
	(void)close(fd);
	if (rc != ECERT_OK)
		(void)unlinkat(s->dir, name, 0);
	return rc;
}

void nonce_store_forget(struct nonce_store *s, const char *scope, const char *value)
{
	char name[65];

	if (name_of(scope, value, name) == ECERT_OK)
		(void)unlinkat(s->dir, name, 0);
}

void nonce_store_close(struct nonce_store **s)
{
	if (!*s)
		return;
	(void)close((*s)->dir);
	free(*s);
	*s = NULL;
}
