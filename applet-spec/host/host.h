/* SPDX-License-Identifier: BSD-2-Clause */
/* The applet's chip on a computer: OpenSSL for the arithmetic, a file for the flash. */
#ifndef AP_HOST_H
#define AP_HOST_H

#include "applet-spec/core/applet.h"

#include <openssl/evp.h>

/* Both areas of the flash together are one file of twice this size. */
#define HOST_AREA_SIZE (128u * 1024u)
#define HOST_KEY_CACHE 8

/* How the card learns that somebody touched it. */
enum host_touch {
	HOST_TOUCH_YES,
	HOST_TOUCH_NEVER,
	HOST_TOUCH_FILE, /* the file appears; taking the touch removes it */
};

struct host_key {
	EVP_PKEY *pkey;
	uint8_t alg;
	uint32_t used;
	uint8_t priv[AP_PRIVATE_MAX];
};

struct host {
	struct ap_hal hal; /* what ap_init wants; its ctx is this struct */
	int fd;
	bool sync; /* fdatasync at each commit: survives a crash of the machine too */
	uint8_t *image;
	enum host_touch touch;
	const char *touch_file;
	uint32_t clock; /* of the key cache */
	struct host_key cache[HOST_KEY_CACHE];
};

/*
 * Opens or makes the state file (mode 0600) and locks it. Returns 0, or an errno value:
 * EWOULDBLOCK when another process has it. h is to be released by host_close either way.
 */
int host_open(struct host *h, const char *path, bool sync);
void host_close(struct host *h);

/* The parts of the HAL, for other HALs to borrow; h may have no file. */
void host_hal_crypto(struct host *h);
void host_hal_flash(struct host *h);

/* Forgets every key that OpenSSL holds for us. */
void host_forget_keys(struct host *h);

/* ---- keys.c: between the core's byte strings and OpenSSL's keys ---- */
size_t host_priv_len(uint8_t alg);
size_t host_pub_len(uint8_t alg);
EVP_PKEY *host_private_key(uint8_t alg, const uint8_t *priv, const uint8_t *pub);
EVP_PKEY *host_public_key(uint8_t alg, const uint8_t *pub);
enum ap_hal_rc host_keygen(void *ctx, uint8_t alg, uint8_t *priv, uint8_t *pub);
enum ap_hal_rc host_derive(void *ctx, uint8_t alg, const uint8_t *priv, uint8_t *pub);

/* ---- factory.c ---- */
/* Where the TEST root's certificate is kept, out of GET DATA's reach. */
#define HOST_OBJ_TEST_ROOT (AP_OBJECT_HIDDEN + 1)

/*
 * Gives F9 a certificate under a new TEST root when it has none. The root's private key is
 * thrown away at once. Returns 0 on success.
 */
int host_certify(struct ap *ap);

/* The TEST root's certificate as PEM, to be freed by the caller; NULL on failure. */
char *host_test_root_pem(struct ap *ap);

#endif
