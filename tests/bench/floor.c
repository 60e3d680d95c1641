/* SPDX-License-Identifier: BSD-2-Clause */
/* The floor under every module: SELECT, VERIFY and a bare SCardTransmit loop of signatures with the
 * P-256 key of 9A, and one verification each: `floor PIN PUBLIC-KEY.pem WARM`; with 9c behind it,
 * of the key in 9C, which wants VERIFY before each. */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <winscard.h>

#define WARM_MAX 2000

static SCARDHANDLE card;
static unsigned char slot = 0x9A, verify[13] = {0x00, 0x20, 0x00, 0x80, 8, 0xFF, 0xFF, 0xFF, 0xFF,
				      0xFF, 0xFF, 0xFF, 0xFF};

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* One APDU; the answer without its status, which has to be 9000. */
static size_t apdu(const unsigned char *command, size_t n, unsigned char *answer, size_t cap)
{
	DWORD len = cap;

	if (SCardTransmit(card, SCARD_PCI_T1, command, n, NULL, answer, &len) != SCARD_S_SUCCESS ||
	    len < 2 || answer[len - 2] != 0x90) {
		fputs("the card refused\n", stderr);
		exit(1);
	}
	return len - 2;
}

static void connect_card(void)
{
	SCARDCONTEXT ctx;
	char names[4096];
	DWORD n = sizeof names, protocol;

	if (SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &ctx) != SCARD_S_SUCCESS ||
	    SCardListReaders(ctx, NULL, names, &n) != SCARD_S_SUCCESS ||
	    SCardConnect(ctx, names, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, &card, &protocol) !=
		SCARD_S_SUCCESS) {
		fputs("no card\n", stderr);
		exit(1);
	}
}

/* 00 87 11 SLOT: 7C { 82, 81 digest } -> 7C { 82 signature } (SP 800-73-5 part 2, 3.2.4). */
static void sign(EVP_PKEY *key, const unsigned char digest[32])
{
	unsigned char c[5 + 38 + 1] = {0x00, 0x87, 0x11, slot, 38, 0x7C, 36, 0x82, 0, 0x81, 32};
	unsigned char answer[256];
	EVP_PKEY_CTX *v = EVP_PKEY_CTX_new(key, NULL);
	size_t n;

	if (slot == 0x9C)
		apdu(verify, sizeof verify, answer, sizeof answer);
	memcpy(c + 11, digest, 32);
	n = apdu(c, sizeof c, answer, sizeof answer);
	if (n < 6 || !v || EVP_PKEY_verify_init(v) != 1 ||
	    EVP_PKEY_verify(v, answer + 4, n - 4, digest, 32) != 1) {
		fputs("a wrong signature\n", stderr);
		exit(1);
	}
	EVP_PKEY_CTX_free(v);
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int main(int argc, char **argv)
{
	static const unsigned char select[] = {
	    0x00, 0xA4, 0x04, 0x00, 9, 0xA0, 0, 0, 3, 8, 0, 0, 0x10, 0, 0};
	unsigned char answer[512];
	static double took[WARM_MAX];
	double began = now_us();
	struct rusage use;
	EVP_PKEY *key;
	FILE *f;
	long warm;

	if (argc < 4 || argc > 5 || strlen(argv[1]) > 8)
		return 2;
	if (argc == 5 && !strcmp(argv[4], "9c"))
		slot = 0x9C;
	f = fopen(argv[2], "r");
	key = f ? PEM_read_PUBKEY(f, NULL, NULL, NULL) : NULL;
	warm = atol(argv[3]) < WARM_MAX ? atol(argv[3]) : WARM_MAX;
	if (!key)
		return 1;
	fclose(f);
	connect_card();
	memcpy(verify + 5, argv[1], strlen(argv[1]));
	apdu(select, sizeof select, answer, sizeof answer);
	apdu(verify, sizeof verify, answer, sizeof answer);
	sign(key, (const unsigned char *)"0123456789abcdef0123456789abcdef");
	printf("cold_us %.0f\n", now_us() - began);
	began = now_us();
	for (long i = 0; i < warm; i++) {
		double start = now_us();

		sign(key, (const unsigned char *)"0123456789abcdef0123456789abcdef");
		took[i] = now_us() - start;
	}
	printf("all_us %.0f\n", now_us() - began);
	if (warm > 0) {
		qsort(took, (size_t)warm, sizeof took[0], by_value);
		printf("warm_us %.1f\n", took[warm / 2]);
	}
	getrusage(RUSAGE_SELF, &use);
	printf("rss_kb %ld\n", use.ru_maxrss);
	SCardDisconnect(card, SCARD_LEAVE_CARD);
	EVP_PKEY_free(key);
	return 0;
}
