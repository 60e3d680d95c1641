/* SPDX-License-Identifier: BSD-2-Clause */
/* The key and the certificate of a PKCS#12 file onto the token. */
#ifndef ECERT_ACTIONS_KEY_IMPORT_H
#define ECERT_ACTIONS_KEY_IMPORT_H

#include "document/identity.h"
#include "provision/key/place.h"

struct key_import_result {
	char slot[4];	     /* "9c" */
	struct identity who; /* its certificate's */
	bool chain_complete; /* others can verify: its CA's certificate is on the token */
	size_t left_out;     /* keys of the file that were not taken */
};

struct key_import_deed {
	struct key_place place;
	const char *file;
	const char *password;		    /* where it comes from; NULL: asked, if it has one */
	const char *friendly_name, *serial; /* which key of several; NULL: any */
	struct strlist chain;		    /* files with certificates of the CA */
	/* Called when the key is there, before what is worth knowing is noted: all but
	 * chain_complete holds. NULL: not. */
	void (*stored)(void *ctx, const struct key_import_result *so_far);
	void *stored_ctx;
};

/* The file and the other certificates first, so that nothing is half done when one is wrong.
 * Reports its errors. */
enum outcome key_import(const struct job *job, const struct key_import_deed *deed,
    struct key_import_result *out) MUST_CHECK;

#endif
