/* SPDX-License-Identifier: BSD-2-Clause */
/* A PKCS#12 file opened for a person: its password, and which of its keys is meant. */
#ifndef ECERT_PROVISION_P12_H
#define ECERT_PROVISION_P12_H

#include <openssl/x509.h>

#include "ui/job.h"
#include "crypto/cert/pkcs12.h"
#include "document/identity.h"

struct p12_choice {
	const char *password;	   /* a source; NULL: asked, unless the file has none */
	const char *friendly_name; /* NULL: any */
	const char *serial;	   /* of the certificate; NULL: any */
};

struct p12 {
	struct pkcs12 *file;
	size_t chosen;
	struct identity who; /* the chosen key's certificate */
	X509 *leaf;
	STACK_OF(X509) * others; /* what else is in the file, the leaf's chain first */
};

/*
 * Opens the file and chooses: the key that was named, else the only one whose certificate may sign,
 * else the only one. Several are listed with the way to name one (OUT_USAGE). Reports its errors;
 * p12_close in any case.
 */
enum outcome p12_open(const struct job *job, const char *path, const struct p12_choice *choice,
    struct p12 *out) MUST_CHECK;
void p12_close(struct p12 *p);
/* Says which keys of the file were not taken. */
void p12_tell_others(const struct job *job, const struct p12 *p);

#endif
