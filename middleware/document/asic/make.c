/* SPDX-License-Identifier: BSD-2-Clause */
/* Making a container (EN 319 162-1): files, and what belongs to them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "document/asic/make.h"

#define CHUNK	      (256u << 10)
#define PROGRESS_STEP (4u << 20)

struct work {
	const struct doc_sign_options *o;
	const char *md;
	uint8_t *chunk;
	uint64_t done, told, total;
};

/* A control character is in no name that is taken out again. */
bool asic_may_be_called(const char *name)
{
	for (const char *p = name; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7F)
			return false;
	return *name && !strchr(name, '/') && strcmp(name, "mimetype") != 0 &&
	       strlen(name) <= ZIP_NAME_MAX;
}

static enum ecert_rc read_some(int fd, uint8_t *chunk, size_t *n)
{
	ssize_t got;

	do {
		got = read(fd, chunk, CHUNK);
	} while (got < 0 && errno == EINTR);
	*n = got > 0 ? (size_t)got : 0;
	return got < 0 ? ECERT_E_IO : ECERT_OK;
}

static enum ecert_rc tick(struct work *w, size_t n)
{
	w->done += n;
	if (!w->o->progress || (w->done - w->told < PROGRESS_STEP && w->done < w->total))
		return ECERT_OK;
	w->told = w->done;
	return w->o->progress(w->o->progress_ctx, w->done, w->total) ? ECERT_OK : ECERT_E_CANCELLED;
}

/* Digests it to its end; with a writer, its bytes are written, too. */
static enum ecert_rc pass_over(
    struct work *w, int fd, struct zip_writer *zip, struct asic_seen *out)
{
	const EVP_MD *md = EVP_get_digestbyname(w->md);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned len = 0;
	size_t n = 0;
	enum ecert_rc rc = !ctx					   ? ECERT_E_MEMORY
			   : EVP_DigestInit_ex(ctx, md, NULL) != 1 ? ECERT_E_CRYPTO
			   : lseek(fd, 0, SEEK_SET) != 0	   ? ECERT_E_IO
								   : ECERT_OK;

	memset(out, 0, sizeof *out);
	do {
		if (rc == ECERT_OK)
			rc = read_some(fd, w->chunk, &n);
		if (rc == ECERT_OK && EVP_DigestUpdate(ctx, w->chunk, n) != 1)
			rc = ECERT_E_CRYPTO;
		if (rc == ECERT_OK && zip)
			rc = zip_write_bytes(zip, rd_of(w->chunk, n));
		if (rc == ECERT_OK)
			rc = tick(w, n);
		out->crc = (uint32_t)crc32_z(out->crc, w->chunk, n);
		out->size += n;
	} while (rc == ECERT_OK && n);
	if (rc == ECERT_OK && EVP_DigestFinal_ex(ctx, out->digest.value, &len) != 1)
		rc = ECERT_E_CRYPTO;
	out->digest.len = len;
	EVP_MD_CTX_free(ctx);
	return rc;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Errors: ECERT_E_EXISTS, ECERT_E_ARG, ECERT_E_MEMORY. */
static enum ecert_rc check_names(const struct doc_file *files, size_t n)
{
	const char **names = calloc(n + 1, sizeof *names);
	enum ecert_rc rc = names ? ECERT_OK : ECERT_E_MEMORY;

	for (size_t i = 0; rc == ECERT_OK && i < n; i++) {
		names[i] = files[i].name;
		if (!asic_may_be_called(names[i]))
			rc = ECERT_E_ARG;
	}
	if (rc == ECERT_OK)
		qsort(names, n, sizeof *names, by_name);
	for (size_t i = 1; rc == ECERT_OK && i < n; i++)
		if (!strcmp(names[i - 1], names[i]))
			rc = ECERT_E_EXISTS;
	free(names);
	return rc;
}

static enum ecert_rc digest_files(
    struct work *w, const struct doc_file *files, size_t n, struct asic_seen *seen)
{
	enum ecert_rc rc = ECERT_OK;

	for (size_t i = 0; rc == ECERT_OK && i < n; i++)
		rc = pass_over(w, files[i].fd, NULL, &seen[i]);
	return rc;
}

static enum ecert_rc write_files(struct work *w, const char *type, struct zip_writer *zip,
    const struct doc_file *files, size_t n, const struct asic_seen *seen)
{
	enum ecert_rc rc = zip_write_whole(zip, "mimetype", rd_of(type, strlen(type)));

	for (size_t i = 0; rc == ECERT_OK && i < n; i++) {
		struct asic_seen again;

		rc = zip_write_member(zip, files[i].name, seen[i].size, seen[i].crc);
		if (rc == ECERT_OK)
			rc = pass_over(w, files[i].fd, zip, &again);
		/* What was digested is not what is inside. */
		if (rc == ECERT_OK && memcmp(again.digest.value, seen[i].digest.value,
					  sizeof again.digest.value) != 0)
			rc = ECERT_E_DATA;
	}
	return rc;
}

static uint64_t twice_size_of(const struct doc_file *files, size_t n)
{
	uint64_t total = 0;
	struct stat st;

	for (size_t i = 0; i < n; i++)
		total += fstat(files[i].fd, &st) == 0 && st.st_size > 0 ? (uint64_t)st.st_size : 0;
	return 2 * total;
}

enum ecert_rc asic_sign(enum asic_make what, const struct doc_signer *s,
    const struct doc_sign_options *o, const struct doc_file *files, size_t n, asic_put_fn *put,
    void *ctx)
{
	enum doc_sig_alg alg = o->alg ? o->alg : doc_sig_for_key(s->key);
	struct work w = {.o = o, .md = doc_sig_digest(alg), .chunk = malloc(CHUNK)};
	struct asic_seen *seen = calloc(n + 1, sizeof *seen);
	struct asic_parts parts = {.n = 0};
	struct zip_writer zip;
	bool simple = what == ASIC_S_CADES || what == ASIC_S_XADES;
	enum ecert_rc rc = !w.chunk || !seen			 ? ECERT_E_MEMORY
			   : !w.md || !doc_sig_fits(alg, s->key) ? ECERT_E_KEY_TYPE
			   : simple && n != 1			 ? ECERT_E_ARG
								 : check_names(files, n);

	zip_write_begin(&zip, put, ctx, o->now);
	w.total = twice_size_of(files, n);
	if (rc == ECERT_OK)
		rc = digest_files(&w, files, n, seen);
	if (rc == ECERT_OK)
		rc = asic_parts_make(what, s, o, files, seen, n, &parts);
	if (rc == ECERT_OK)
		rc = write_files(&w, asic_type_of(what), &zip, files, n, seen);
	for (size_t i = 0; rc == ECERT_OK && i < parts.n; i++)
		rc = zip_write_whole(&zip, parts.v[i].name, buf_view(&parts.v[i].bytes));
	if (rc == ECERT_OK)
		rc = zip_write_end(&zip);
	zip_write_free(&zip);
	asic_parts_free(&parts);
	free(seen);
	free(w.chunk);
	return rc;
}
