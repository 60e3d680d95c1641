/* SPDX-License-Identifier: BSD-2-Clause */
/* Whom to trust, set once: added, listed, shown and removed, by a person for himself or by root for
 * everybody. */
#ifndef ECERT_ACTIONS_TRUST_TRUST_H
#define ECERT_ACTIONS_TRUST_TRUST_H

#include <jansson.h>

#include "trust/list/list_purposes.h"
#include "trust/store/store.h"
#include "ui/job.h"

/* One that is trusted. */
struct trust_row {
	enum store_kind kind;
	bool machine;
	char name[128], url[256], subject[256], added[32], by[128];
	char sha256[65];
	char key[65]; /* SHA-256 of the public key's bits; "": unknown */
	time_t from, until;
	bool unrecorded;	     /* as struct stored has it */
	size_t named[LIST_PURPOSES]; /* a list: how many it names for what */
};

struct trust_rows {
	struct trust_row *v; /* owned */
	size_t n;
};
void trust_rows_free(struct trust_rows *r);
json_t *trust_row_json(const struct trust_row *r);
json_t *trust_rows_json(const struct trust_rows *r);

struct trust_add_deed {
	bool machine, force;
	const char *kind;	    /* NULL: by what the file holds */
	const char *url;	    /* a mark issuer's; where a TSA is asked */
	const char *list_signer;    /* a file: the certificate that signs a list */
	struct strlist fingerprint; /* SHA-256 of certificates that are meant; none: the person
				       is asked */
};
/* All of the files or nothing; each certificate is confirmed. Reports its errors. */
enum outcome trust_add(const struct job *job, const struct trust_add_deed *deed,
    const struct strlist *files, struct trust_rows *out) MUST_CHECK;

struct trust_listed {
	struct trust_rows rows;	     /* the person's, then the computer's */
	enum record_state record[2]; /* the person's and the computer's */
	char folder[2][4096];	     /* "" and RECORD_NONE: there is no store */
};
enum outcome trust_listing(const struct job *job, struct trust_listed *out) MUST_CHECK;
const char *record_state_name(enum record_state s);

/* By its name, or by eight or more digits that its SHA-256 begins with. */
enum outcome trust_show(const struct job *job, const char *name, struct trust_rows *out) MUST_CHECK;
/* yes: without being asked. */
enum outcome trust_remove(const struct job *job, bool machine, bool yes, const char *name,
    struct trust_rows *out) MUST_CHECK;

#endif
