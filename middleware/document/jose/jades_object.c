/* SPDX-License-Identifier: BSD-2-Clause */
/* Digests and names of files that a JAdES signature refers to. */
#include "document/jose/jades_object.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/hex.h"

/* Three bytes are four characters, so that the text of a piece is a piece of the text. */
#define CHUNK	      (192u << 10)
#define PROGRESS_STEP (4u << 20)

static const struct {
	const char *name, *md;
} digests[] = {
    {"S256", "SHA256"},
    {"S384", "SHA384"},
    {"S512", "SHA512"},
    {"S3-256", "SHA3-256"},
    {"S3-384", "SHA3-384"},
    {"S3-512", "SHA3-512"},
    /* Never made here; read to be told that it is too old. */
    {"S1", "SHA1"},
    {"SHA-1", "SHA1"},
};
#define DIGESTS (sizeof digests / sizeof digests[0])

const EVP_MD *jades_object_md(const char *name)
{
	for (size_t i = 0; name && i < DIGESTS; i++)
		if (!strcasecmp(digests[i].name, name))
			return EVP_get_digestbyname(digests[i].md);
	return NULL;
}

const char *jades_object_md_name(const char *md)
{
	for (size_t i = 0; md && i < DIGESTS; i++)
		if (!strcmp(digests[i].md, md))
			return digests[i].name;
	return NULL;
}

/* As much as there is, up to a whole chunk. */
static enum ecert_rc read_chunk(int fd, uint8_t *chunk, size_t *n)
{
	*n = 0;
	while (*n < CHUNK) {
		ssize_t got = read(fd, chunk + *n, CHUNK - *n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return ECERT_E_IO;
		if (!got)
			break;
		*n += (size_t)got;
	}
	return ECERT_OK;
}

static enum ecert_rc update(EVP_MD_CTX *ctx, struct rd bytes, bool coded)
{
	struct buf text = BUF_INIT(CHUNK / 3 * 4);
	enum ecert_rc rc = ECERT_OK;
	struct rd in = bytes;

	if (coded) {
		b64url_put(&text, bytes);
		rc = buf_rc(&text);
		in = buf_view(&text);
	}
	if (rc == ECERT_OK && in.n && EVP_DigestUpdate(ctx, in.p, in.n) != 1)
		rc = ECERT_E_CRYPTO;
	buf_free(&text);
	return rc;
}

static enum ecert_rc digest_all(
    int fd, EVP_MD_CTX *ctx, bool coded, doc_progress_fn *progress, void *pctx, uint64_t *size)
{
	uint8_t *chunk = malloc(CHUNK);
	struct stat st;
	uint64_t total = !fstat(fd, &st) && S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
	uint64_t told = 0;
	enum ecert_rc rc = chunk ? ECERT_OK : ECERT_E_MEMORY;
	size_t n = 0;

	*size = 0;
	do {
		if (rc == ECERT_OK)
			rc = read_chunk(fd, chunk, &n);
		if (rc == ECERT_OK)
			rc = update(ctx, rd_of(chunk, n), coded);
		*size += n;
		if (rc == ECERT_OK && progress && (n < CHUNK || *size - told >= PROGRESS_STEP)) {
			told = *size;
			if (!progress(pctx, *size, total))
				rc = ECERT_E_CANCELLED;
		}
	} while (rc == ECERT_OK && n == CHUNK);
	free(chunk);
	return rc;
}

enum ecert_rc jades_object_digest(int fd, const EVP_MD *md, bool coded, doc_progress_fn *progress,
    void *pctx, struct doc_digest *out)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned n = 0;
	enum ecert_rc rc = ctx ? ECERT_OK : ECERT_E_MEMORY;

	memset(out, 0, sizeof *out);
	if (rc == ECERT_OK && EVP_DigestInit_ex(ctx, md, NULL) != 1)
		rc = ECERT_E_CRYPTO;
	if (rc == ECERT_OK)
		rc = digest_all(fd, ctx, coded, progress, pctx, &out->size);
	if (rc == ECERT_OK && EVP_DigestFinal_ex(ctx, out->value, &n) != 1)
		rc = ECERT_E_CRYPTO;
	out->len = n;
	EVP_MD_CTX_free(ctx);
	return rc;
}
