/* SPDX-License-Identifier: BSD-2-Clause */
/* The journal on a disk that forgets: at a crash all that was not synced is lost, in part or whole.
 *
 * A child appends until its power is cut at the Nth call that writes or syncs. Before it ends, each
 * file becomes what such a disk may have kept of it: what the last sync of that file saw, and of
 * what was written since nothing, a beginning, or a torn page. Names that no sync of the folder saw
 * are lost with their files. A sector is written whole or not at all, and the head's file is one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/journal_key.h"

#define ok(expression) assert_int_equal(expression, ECERT_OK)
#define FILES_MAX      8
#define RECORD_SPACE   600 /* more than one of the records here takes */

ssize_t __real_write(int fd, const void *p, size_t n);
ssize_t __real_pwrite(int fd, const void *p, size_t n, off_t at);
int __real_openat(int dir, const char *name, int flags, mode_t mode);
int __real_renameat(int from, const char *a, int to, const char *b);
ssize_t __wrap_write(int fd, const void *p, size_t n);
ssize_t __wrap_pwrite(int fd, const void *p, size_t n, off_t at);
int __wrap_fdatasync(int fd);
int __wrap_fsync(int fd);
int __wrap_openat(int dir, const char *name, int flags, ...);
int __wrap_renameat(int from, const char *a, int to, const char *b);

/* ---- the disk ---- */

enum loss { LOSE_ALL, KEEP_BEGINNING, KEEP_ALL, TORN_PAGE, LOSS_COUNT };

/* A file of the journal's, by its name now; the names that the last sync of the folder saw. */
struct file {
	char name[64], durable_name[64];
	ino_t ino;
	uint8_t *durable; /* what its last sync saw */
	size_t size;
};

static char dir[64];
static struct file file[FILES_MAX];
static size_t files;
static bool on;	  /* this process is on the disk that forgets */
static long left; /* calls until the power is cut; below 0 never */
static enum loss loss;
static unsigned short_every, lie_at, writes; /* short writes; one that lies */
static uint64_t *told;			     /* the last record acknowledged, shared */

static struct file *file_of(int fd)
{
	struct stat st;

	if (!on || fstat(fd, &st) != 0)
		return NULL;
	for (size_t i = 0; i < files; i++)
		if (file[i].ino == st.st_ino)
			return &file[i];
	return NULL;
}

static const char *path(const char *name)
{
	static char text[400];

	(void)snprintf(text, sizeof text, "%s/%s", dir, name);
	return text;
}

static uint8_t *content(const char *name, size_t *n)
{
	struct stat st;
	uint8_t *p;
	int fd = open(path(name), O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) != 0)
		_exit(3);
	*n = (size_t)st.st_size;
	p = malloc(*n + 1);
	if (p == NULL || pread(fd, p, *n, 0) != (ssize_t)*n)
		_exit(3);
	(void)close(fd);
	return p;
}

static void make_durable(struct file *f)
{
	free(f->durable);
	f->durable = content(f->name, &f->size);
}

/* What is left of a file; the head's file has one sector. */
static size_t keep(const struct file *f, uint8_t *now, size_t n)
{
	size_t fresh = n > f->size ? n - f->size : 0;

	if (strcmp(f->name, JOURNAL_KEY_NAME) == 0 && loss != LOSE_ALL)
		return n;
	if (loss == KEEP_ALL)
		return n;
	if (f->size > 0)
		memcpy(now, f->durable, f->size);
	if (loss == KEEP_BEGINNING)
		return f->size + fresh / 2;
	/* The end came to the disk, and what is before it did not. */
	if (loss == TORN_PAGE) {
		memset(now + f->size, 0, fresh / 2);
		return n;
	}
	return f->size;
}

static void lose(struct file *f)
{
	uint8_t *now;
	size_t n;
	int fd;

	if (f->durable_name[0] == '\0' && loss == LOSE_ALL) {
		(void)unlink(path(f->name));
		return;
	}
	now = content(f->name, &n);
	n = keep(f, now, n);
	fd = open(path(f->name), O_RDWR | O_CLOEXEC);
	if (fd < 0 || ftruncate(fd, 0) != 0 || __real_pwrite(fd, now, n, 0) != (ssize_t)n)
		_exit(3);
	if (loss == LOSE_ALL && strcmp(f->name, f->durable_name) != 0) {
		char from[400];

		(void)snprintf(from, sizeof from, "%s", path(f->name));
		(void)rename(from, path(f->durable_name));
	}
	(void)close(fd);
}

static void maybe_cut(void)
{
	if (!on || left < 0 || left-- > 0)
		return;
	on = false;
	/* The newest names first: an older file may have to take one back. */
	for (size_t i = files; i-- > 0;)
		lose(&file[i]);
	_exit(0);
}

/* ---- what lies between ---- */

ssize_t __wrap_write(int fd, const void *p, size_t n)
{
	struct file *f = file_of(fd);

	if (f == NULL)
		return __real_write(fd, p, n);
	maybe_cut();
	writes++;
	if (lie_at != 0 && writes == lie_at)
		return __real_write(fd, p, n / 2) < 0 ? -1 : (ssize_t)n;
	if (short_every != 0 && writes % short_every == 0 && n > 1)
		n /= 2;
	return __real_write(fd, p, n);
}

ssize_t __wrap_pwrite(int fd, const void *p, size_t n, off_t at)
{
	if (file_of(fd) != NULL)
		maybe_cut();
	return __real_pwrite(fd, p, n, at);
}

int __wrap_fdatasync(int fd)
{
	struct file *f = file_of(fd);

	if (f == NULL)
		return 0; /* the tests themselves need no real disk */
	maybe_cut();
	make_durable(f);
	return 0;
}

int __wrap_fsync(int fd)
{
	struct stat st;

	if (!on || fstat(fd, &st) != 0)
		return 0;
	if (!S_ISDIR(st.st_mode))
		return __wrap_fdatasync(fd);
	maybe_cut();
	for (size_t i = 0; i < files; i++)
		(void)strcpy(file[i].durable_name, file[i].name);
	return 0;
}

int __wrap_openat(int at, const char *name, int flags, ...)
{
	struct stat st;
	int fd;

	if (on)
		maybe_cut();
	fd = __real_openat(at, name, flags, 0600);
	if (!on || fd < 0 || (flags & O_ACCMODE) == O_RDONLY || file_of(fd) != NULL ||
	    files == FILES_MAX || fstat(fd, &st) != 0)
		return fd;
	/* What an earlier run left is on the disk. */
	(void)snprintf(file[files].name, sizeof file[0].name, "%.60s", name);
	file[files].ino = st.st_ino;
	if (st.st_size > 0) {
		make_durable(&file[files]);
		(void)strcpy(file[files].durable_name, file[files].name);
	}
	files++;
	return fd;
}

int __wrap_renameat(int from, const char *a, int to, const char *b)
{
	if (on)
		maybe_cut();
	for (size_t i = 0; on && i < files; i++)
		if (strcmp(file[i].name, a) == 0)
			(void)snprintf(file[i].name, sizeof file[i].name, "%.60s", b);
	return __real_renameat(from, a, to, b);
}

/* ---- the test ---- */

static int setup(void **state)
{
	(void)state;
	told = mmap(NULL, sizeof *told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return told == MAP_FAILED;
}

static int teardown(void **state)
{
	(void)state;
	return munmap(told, sizeof *told);
}

static void new_dir(void)
{
	(void)strcpy(dir, "/tmp/ecert-crash.XXXXXX");
	assert_non_null(mkdtemp(dir));
	*told = 0;
}

static void remove_dir(void)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	while ((e = readdir(d)) != NULL)
		(void)unlink(path(e->d_name));
	(void)closedir(d);
	assert_int_equal(rmdir(dir), 0);
}

static enum ecert_rc append(struct journal *j, uint64_t *n)
{
	static const uint8_t hash[32] = {1, 2, 3};
	const struct journal_entry e = {.phase = JOURNAL_INTENT,
	    .what = "sign",
	    .pid = 4711,
	    .exe = "/usr/bin/program",
	    .serial = "815",
	    .ref = 0x9A,
	    .hash = {hash, sizeof hash}};

	return journal_append(j, &e, n);
}

/* A run of the daemon until its power is cut at the given call; 0 when it was, 1 when it ended. */
static int run(long cut_at, unsigned records)
{
	struct journal *j;
	uint64_t n;
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		on = true;
		left = cut_at;
		if (journal_open(dir, &j) != ECERT_OK)
			_exit(2);
		for (unsigned i = 0; i < records; i++)
			if (append(j, &n) == ECERT_OK)
				*told = n;
		_exit(1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* Clean, or the last record is not whole; every acknowledged one is there. */
static void check_after_crash(void)
{
	struct journal_report r;
	enum ecert_rc rc = journal_verify(dir, &r);

	if (rc == ECERT_E_NOT_FOUND) {
		assert_int_equal(*told, 0);
		return;
	}
	if (rc != ECERT_OK) {
		assert_int_equal(rc, ECERT_E_BAD_SIGNATURE);
		assert_false(r.chain_ok);
		assert_int_equal(r.bad, r.records + 1);
		assert_true(strcmp(r.why, "the last record has no end") == 0 ||
			    strcmp(r.why, "not a record, or not the next one") == 0);
	}
	assert_true(r.records >= *told);
}

/* The next run mends it and goes on. */
static void check_recovery(void)
{
	struct journal_report r;
	struct journal *j;
	uint64_t n, before = *told;

	ok(journal_open(dir, &j));
	ok(append(j, &n));
	assert_true(n >= before + 2); /* the run's first event, and this one */
	journal_close(&j);
	ok(journal_verify(dir, &r));
	assert_int_equal(r.records, n);
	assert_true(r.head_known && r.mac_known);
}

/* Power cuts at every call of a run; a run before it left `first` records. */
static void cut_everywhere(unsigned first, unsigned records)
{
	unsigned cuts = 0;
	long at;
	int how = 0;

	for (loss = 0; loss < LOSS_COUNT; loss++) {
		for (at = 0, how = 0; how != 1; at++, cuts++) {
			new_dir();
			if (first > 0)
				assert_int_equal(run(-1, first), 1);
			how = run(at, records);
			assert_true(how == 0 || how == 1);
			check_after_crash();
			check_recovery();
			remove_dir();
		}
	}
	(void)printf("journal-crash cuts=%u lost=0\n", cuts);
	assert_true(cuts > LOSS_COUNT * records);
}

static void from_the_beginning(void **state)
{
	(void)state;
	short_every = 0;
	cut_everywhere(0, 12);
}

static void in_a_later_run(void **state)
{
	(void)state;
	cut_everywhere(5, 12);
}

static void with_short_writes(void **state)
{
	(void)state;
	short_every = 2;
	cut_everywhere(3, 8);
	short_every = 0;
}

/* Until the file is so full that a later run rotates after a few records. */
static void fill(void)
{
	struct journal *j;
	struct stat st = {0};
	uint64_t n;

	ok(journal_open(dir, &j));
	while (st.st_size < (off_t)JOURNAL_FILE_MAX - 3 * RECORD_SPACE) {
		ok(append(j, &n));
		assert_int_equal(stat(path(JOURNAL_NAME), &st), 0);
	}
	journal_close(&j);
	*told = n;
}

static void copy_from(const char *from, const char *name)
{
	char source[400];
	uint8_t *p;
	size_t n;
	FILE *f;

	(void)snprintf(source, sizeof source, "../%s/%s", strrchr(from, '/') + 1, name);
	p = content(source, &n);
	f = fopen(path(name), "w");
	assert_non_null(f);
	assert_int_equal(fwrite(p, 1, n, f), n);
	(void)fclose(f);
	free(p);
}

static void while_rotating(void **state)
{
	char full[sizeof dir];
	uint64_t had;
	unsigned rotated = 0, cuts = 0;

	(void)state;
	new_dir();
	fill();
	had = *told;
	(void)strcpy(full, dir);
	for (loss = 0; loss < LOSS_COUNT; loss++) {
		for (long at = 9; at < 33; at++, cuts++) {
			new_dir();
			copy_from(full, JOURNAL_NAME);
			copy_from(full, JOURNAL_KEY_NAME);
			copy_from(full, JOURNAL_VERIFY_NAME);
			*told = had;
			assert_int_equal(run(at, 12), 0);
			rotated += access(path(JOURNAL_NAME ".1"), F_OK) == 0;
			check_after_crash();
			check_recovery();
			remove_dir();
		}
	}
	(void)strcpy(dir, full);
	remove_dir();
	(void)printf("journal-crash cuts=%u lost=0 rotated=%u\n", cuts, rotated);
	assert_true(rotated > 0 && rotated < cuts);
}

/* A write that says that it wrote all of it and did not: that record is not acknowledged. */
static void lying_write(void **state)
{
	struct journal_report r;

	(void)state;
	/* The first two are the key's and the run's first event. */
	for (unsigned at = 3; at < 11; at++) {
		new_dir();
		lie_at = at;
		assert_int_equal(run(-1, 12), 1);
		lie_at = 0;
		ok(journal_verify(dir, &r));
		assert_true(r.records == *told && *told == 12);
		check_recovery();
		remove_dir();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(from_the_beginning),
	    cmocka_unit_test(in_a_later_run),
	    cmocka_unit_test(with_short_writes),
	    cmocka_unit_test(while_rotating),
	    cmocka_unit_test(lying_write),
	};

	return cmocka_run_group_tests_name("journal, lost writes", tests, setup, teardown);
}
