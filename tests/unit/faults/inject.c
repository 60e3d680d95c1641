/* SPDX-License-Identifier: BSD-2-Clause */
/* The Nth call of a kind fails. The linker sends our own code's calls here (--wrap). */
#include "tests/unit/faults/inject.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/provider.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct {
	enum fault_kind kind;
	unsigned left; /* calls until it fails; 0: none */
	bool struck;
} armed;
static _Thread_local unsigned paused;

long fault_scard_code;

void fault_arm(enum fault_kind kind, unsigned n)
{
	armed.kind = kind;
	armed.left = n;
	armed.struck = false;
}

bool fault_disarm(void)
{
	armed.kind = FAULT_NONE;
	return armed.struck;
}

void fault_pause(void)
{
	paused++;
}

void fault_resume(void)
{
	paused--;
}

bool fault_due(enum fault_kind kind)
{
	if (paused || armed.kind != kind || armed.left == 0 || --armed.left > 0)
		return false;
	armed.struck = true;
	return true;
}

/* ---- memory: what our code has, by address ---- */

#define TRACKED 65536u /* a power of two, far more than ever live */

static void *tracked[TRACKED];
static size_t live;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* The place of p in the table, or the free one where it would be. */
static size_t place(const void *p)
{
	size_t i = ((uintptr_t)p >> 4) * 2654435761u % TRACKED;

	while (tracked[i] && tracked[i] != p)
		i = (i + 1) % TRACKED;
	return i;
}

static void *track(void *p)
{
	if (!p)
		return NULL;
	(void)pthread_mutex_lock(&lock);
	if (live == TRACKED / 2)
		abort();
	tracked[place(p)] = p;
	live++;
	(void)pthread_mutex_unlock(&lock);
	return p;
}

/* Takes p out and moves up what a search would no longer reach. */
static void untrack(void *p)
{
	size_t i;

	(void)pthread_mutex_lock(&lock);
	i = place(p);
	if (p && tracked[i]) {
		tracked[i] = NULL;
		live--;
		for (i = (i + 1) % TRACKED; tracked[i]; i = (i + 1) % TRACKED) {
			void *q = tracked[i];

			tracked[i] = NULL;
			tracked[place(q)] = q;
		}
	}
	(void)pthread_mutex_unlock(&lock);
}

size_t fault_live(void)
{
	return live;
}

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t m);
void *__real_realloc(void *p, size_t n);
void __real_free(void *p);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t m);
void *__wrap_realloc(void *p, size_t n);
void __wrap_free(void *p);
char *__wrap_strdup(const char *s);
char *__wrap_strndup(const char *s, size_t n);

void *__wrap_malloc(size_t n)
{
	return fault_due(FAULT_MEMORY) ? NULL : track(__real_malloc(n));
}

void *__wrap_calloc(size_t n, size_t m)
{
	return fault_due(FAULT_MEMORY) ? NULL : track(__real_calloc(n, m));
}

void *__wrap_realloc(void *p, size_t n)
{
	void *q;

	if (fault_due(FAULT_MEMORY))
		return NULL;
	untrack(p);
	q = track(__real_realloc(p, n));
	return q;
}

void __wrap_free(void *p)
{
	untrack(p);
	__real_free(p);
}

char *__wrap_strndup(const char *s, size_t n)
{
	size_t len = strnlen(s, n);
	char *copy = __wrap_malloc(len + 1);

	if (copy) {
		memcpy(copy, s, len);
		copy[len] = '\0';
	}
	return copy;
}

char *__wrap_strdup(const char *s)
{
	return __wrap_strndup(s, strlen(s));
}

/* ---- files ---- */

static bool io_fails(void)
{
	bool fails = fault_due(FAULT_FILE);

	if (fails)
		errno = EIO;
	return fails;
}

ssize_t __real_read(int fd, void *p, size_t n);
ssize_t __real_write(int fd, const void *p, size_t n);
int __real_fsync(int fd);
int __real_rename(const char *from, const char *to);
int __real_open(const char *path, int flags, ...);
int __real_openat(int dir, const char *path, int flags, ...);
ssize_t __wrap_read(int fd, void *p, size_t n);
ssize_t __wrap_write(int fd, const void *p, size_t n);
int __wrap_fsync(int fd);
int __wrap_rename(const char *from, const char *to);
int __wrap_open(const char *path, int flags, ...);
int __wrap_openat(int dir, const char *path, int flags, ...);

ssize_t __wrap_read(int fd, void *p, size_t n)
{
	return io_fails() ? -1 : __real_read(fd, p, n);
}

ssize_t __wrap_write(int fd, const void *p, size_t n)
{
	return io_fails() ? -1 : __real_write(fd, p, n);
}

int __wrap_fsync(int fd)
{
	return io_fails() ? -1 : __real_fsync(fd);
}

int __wrap_rename(const char *from, const char *to)
{
	return io_fails() ? -1 : __real_rename(from, to);
}

int __wrap_open(const char *path, int flags, ...)
{
	va_list more;
	mode_t mode;

	va_start(more, flags);
	mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
	va_end(more);
	return io_fails() ? -1 : __real_open(path, flags, mode);
}

int __wrap_openat(int dir, const char *path, int flags, ...)
{
	va_list more;
	mode_t mode;

	va_start(more, flags);
	mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
	va_end(more);
	return io_fails() ? -1 : __real_openat(dir, path, flags, mode);
}

/* ---- OpenSSL ---- */

static void *ossl_malloc(size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return fault_due(FAULT_OPENSSL) ? NULL : __real_malloc(n);
}

static void *ossl_realloc(void *p, size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return fault_due(FAULT_OPENSSL) ? NULL : __real_realloc(p, n);
}

static void ossl_free(void *p, const char *file, int line)
{
	(void)file;
	(void)line;
	__real_free(p);
}

/*
 * OpenSSL 3.0 crashes in OSSL_LIB_CTX_new_child when memory runs out while a provider is being
 * loaded: that is its own fault, and goes without ours.
 */
OSSL_PROVIDER *__real_OSSL_PROVIDER_load(OSSL_LIB_CTX *ctx, const char *name);
OSSL_PROVIDER *__wrap_OSSL_PROVIDER_load(OSSL_LIB_CTX *ctx, const char *name);

OSSL_PROVIDER *__wrap_OSSL_PROVIDER_load(OSSL_LIB_CTX *ctx, const char *name)
{
	OSSL_PROVIDER *p;

	fault_pause();
	p = __real_OSSL_PROVIDER_load(ctx, name);
	fault_resume();
	return p;
}

void fault_openssl_hooks(void)
{
	if (CRYPTO_set_mem_functions(ossl_malloc, ossl_realloc, ossl_free) != 1)
		abort();
}
