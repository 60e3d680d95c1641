/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes keys and signs for Keys.pm, many in one process, by OpenSSL's library as `openssl genpkey`
 * and `openssl dgst -sign` do. On standard input a line KEY-FILE MD BYTES [NAME:VALUE...] and so
 * many bytes behind it; MD is "raw" for a key that has its own. On standard output the signature's
 * length, a line, and the signature. The line KEY-FILE new ALGORITHM [NAME:VALUE...] makes the key,
 * and is answered by its SubjectPublicKeyInfo in the same way. */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEYS 512

static struct {
	char *file;
	EVP_PKEY *key;
} keys[KEYS];
static size_t keys_n;

static void die(const char *why)
{
	fprintf(stderr, "signer: %s\n", why);
	exit(1);
}

static EVP_PKEY *key_of(const char *file)
{
	FILE *f;

	for (size_t i = 0; i < keys_n; i++)
		if (!strcmp(keys[i].file, file))
			return keys[i].key;
	f = fopen(file, "r");
	if (keys_n == KEYS || !f || !(keys[keys_n].file = strdup(file)) ||
	    !(keys[keys_n].key = PEM_read_PrivateKey(f, NULL, NULL, NULL)))
		die("no such key");
	fclose(f);
	return keys[keys_n++].key;
}

static void answer(const unsigned char *bytes, size_t n)
{
	printf("%zu\n", n);
	if (fwrite(bytes, 1, n, stdout) != n || fflush(stdout))
		die("nobody listens");
}

static void set(EVP_PKEY_CTX *with, char *options)
{
	for (char *o = strtok(options, " "); o; o = strtok(NULL, " ")) {
		char *value = strchr(o, ':');

		if (!value)
			die("no such option");
		*value++ = 0;
		if (EVP_PKEY_CTX_ctrl_str(with, o, value) <= 0)
			die("no such option");
	}
}

static void make(const char *file, const char *algorithm, char *options)
{
	EVP_PKEY_CTX *with = EVP_PKEY_CTX_new_from_name(NULL, algorithm, NULL);
	EVP_PKEY *key = NULL;
	unsigned char *spki = NULL;
	FILE *f = fopen(file, "w");
	int n;

	if (!f || !with || EVP_PKEY_keygen_init(with) != 1)
		die("no such kind of key");
	set(with, options);
	if (EVP_PKEY_generate(with, &key) != 1 ||
	    PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL) != 1 || fclose(f))
		die("no key");
	n = i2d_PUBKEY(key, &spki);
	if (n <= 0)
		die("no public key");
	answer(spki, (size_t)n);
	OPENSSL_free(spki);
	EVP_PKEY_free(key);
	EVP_PKEY_CTX_free(with);
}

static void sign(EVP_PKEY *key, const char *md, char *options, const unsigned char *in, size_t n)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *with = NULL;
	unsigned char sig[1024];
	size_t len = sizeof sig;

	if (!ctx || EVP_DigestSignInit_ex(
			ctx, &with, strcmp(md, "raw") ? md : NULL, NULL, NULL, key, NULL) != 1)
		die("no such signature");
	set(with, options);
	if (EVP_DigestSign(ctx, sig, &len, in, n) != 1)
		die("it cannot be signed");
	EVP_MD_CTX_free(ctx);
	answer(sig, len);
}

int main(void)
{
	char line[1024], file[256], md[32];
	size_t n;
	int at;

	while (fgets(line, sizeof line, stdin)) {
		unsigned char *in;

		line[strcspn(line, "\n")] = 0;
		if (sscanf(line, "%255s new %31s%n", file, md, &at) == 2) {
			make(file, md, line + at);
			continue;
		}
		if (sscanf(line, "%255s %31s %zu%n", file, md, &n, &at) != 3 || n > 1u << 24)
			die("no such line");
		in = malloc(n + 1);
		if (!in || fread(in, 1, n, stdin) != n)
			die("the bytes are missing");
		sign(key_of(file), md, line + at, in, n);
		free(in);
	}
	return 0;
}
