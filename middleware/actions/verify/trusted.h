/* SPDX-License-Identifier: BSD-2-Clause */
/* Who was trusted in the end, and by whose word. */
#ifndef ECERT_ACTIONS_VERIFY_TRUSTED_H
#define ECERT_ACTIONS_VERIFY_TRUSTED_H

#include <jansson.h>

#include "trust/list/set.h"

struct verify_trusted {
	char name[128];
	char sha256[65];	  /* of the certificate, hexadecimal */
	enum trust_source source; /* an option, or whose store */
	const char *option;	  /* static: "--anchor"; NULL: of a store */
	char file[256];		  /* behind it; "": of a store */
	char list[256];		  /* the publisher of the list that names it; "": none does */
};

void verify_trusted_of(const struct trust_entry *e, struct verify_trusted *out);
/* "Root, by --anchor root.pem": a view of t. */
struct message verify_trusted_words(const struct verify_trusted *t);
/* "option", "person", "machine": stable. */
const char *verify_trusted_by(const struct verify_trusted *t);
/* NULL when memory is out. */
json_t *verify_trusted_json(const struct verify_trusted *v, size_t n);

#endif
