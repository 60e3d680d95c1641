/* SPDX-License-Identifier: BSD-2-Clause */
/* The escrow file: what the administrator keeps of a token, and the management key in it. */
#ifndef ECERT_CLIENT_ESCROW_H
#define ECERT_CLIENT_ESCROW_H

#include "crypto/key/mgm_key.h"
#include "ui/job.h"

#define ESCROW_SECRET_MAX 9 /* a PIN or PUK and its NUL */

/* Lives in locked memory: escrow_new, escrow_free. */
struct escrow {
	char serial[40], label[64];
	time_t created; /* written into the file, and not read from it */
	struct mgm_key mgm;
	char pin[ESCROW_SECRET_MAX], puk[ESCROW_SECRET_MAX]; /* "" unless they were generated */
	const char *type; /* what the token took: "AES-256"; NULL: not known yet, or read */
	size_t used;	  /* and so many bytes of mgm */
};
enum ecert_rc escrow_new(struct escrow **out) MUST_CHECK;
void escrow_free(struct escrow **e);
/*
 * Writes a new file of mode 0600 and waits until it is on disk, the folder's entry too. Never
 * overwrites. Errors: ECERT_E_EXISTS, ECERT_E_IO (errno says).
 */
enum ecert_rc escrow_write(const char *path, const struct escrow *e) MUST_CHECK;
/* The same in the place of the file that is there: what the token took is known by now. */
enum ecert_rc escrow_rewrite(const char *path, const struct escrow *e) MUST_CHECK;
/* Errors: ECERT_E_IO, ECERT_E_MALFORMED (not an escrow), ECERT_E_MEMORY. */
enum ecert_rc escrow_read(const char *path, struct escrow **out) MUST_CHECK;
/* The same from its text. Errors: ECERT_E_MALFORMED, ECERT_E_DATA_LEN, ECERT_E_MEMORY. */
enum ecert_rc escrow_parse(struct rd text, struct escrow **out) MUST_CHECK;
/* In hexadecimal. */
enum ecert_rc mgm_key_text(const struct mgm_key *k, struct pin *out) MUST_CHECK;

#endif
