/* SPDX-License-Identifier: BSD-2-Clause */
/* What was published of each member, in a file of the site: so that what did not change is not
 * touched the next time, nor read. */
#ifndef ECERT_PUBLISH_MANIFEST_H
#define ECERT_PUBLISH_MANIFEST_H

#include "publish/files.h"
#include "registry/registry.h"

#define MANIFEST_NAME ".published"
/* Of the look below: what is drawn of a member's record is drawn anew when this is another one. */
#define MANIFEST_FORM 2

/* Whose it is, and as of when. */
struct manifest_head {
	uint8_t look[REGISTRY_HASH]; /* of everything that every page shows */
	int64_t entry;		     /* the register's last one, and its hash */
	uint8_t hash[REGISTRY_HASH];
	int64_t members; /* that are in it */
};

/* A member as it was published. Views. */
struct manifest_member {
	int64_t id;
	int64_t due;		 /* from then on something on its pages is another one */
	int64_t signed_at, good; /* the newest status was signed, the longest counts until */
	int64_t first;		 /* the status that ends first counts until; 0: none was stated */
	uint32_t marks;
	struct rd files; /* the SHA-256 of each mark, 43 characters each */
	struct rd row;	 /* what lists show of it: manifest_row */
	struct rd csv, json;
};

/* The fields of a list's row; each text is a C string, domains are any number of them. */
struct manifest_row {
	struct rd merchant, company, domains, status;
	int64_t until;
	struct rd shown; /* of each type: manifest_shown */
};
struct manifest_shown {
	struct rd type, status;
	int64_t since;
};

void manifest_put_text(struct buf *b, struct rd text);
/* Errors: ECERT_E_MALFORMED. */
enum ecert_rc manifest_take_row(struct rd bytes, struct manifest_row *out) MUST_CHECK;
void manifest_put_row(struct buf *b, const struct manifest_row *row);
/* Takes the first off. Errors: ECERT_E_NOT_FOUND (no more), ECERT_E_MALFORMED. */
enum ecert_rc manifest_take_shown(struct rd *shown, struct manifest_shown *out) MUST_CHECK;
void manifest_put_shown(struct buf *b, const struct manifest_shown *shown);

/* Reading: in the order of members' numbers. */
struct manifest;
/* Errors: ECERT_E_NOT_FOUND (none, or none that can be read), ECERT_E_MEMORY. */
enum ecert_rc manifest_open(
    const struct files *f, const char *name, struct manifest **out, struct manifest_head *head);
/* Views until the next call. Errors: ECERT_E_NOT_FOUND (no more), ECERT_E_MALFORMED, ECERT_E_IO. */
enum ecert_rc manifest_next(struct manifest *m, struct manifest_member *out) MUST_CHECK;
/* NULL is allowed. */
void manifest_close(struct manifest **m);

/* Writing, as a file of the site in parts: members of the head are not known yet and come last. */
enum ecert_rc manifest_begin(struct files_part *p, const struct manifest_head *head) MUST_CHECK;
enum ecert_rc manifest_put(struct files_part *p, const struct manifest_member *m) MUST_CHECK;
enum ecert_rc manifest_end(struct files_part *p, int64_t members) MUST_CHECK;

#endif
