/* SPDX-License-Identifier: BSD-2-Clause */
/* The keys on a token. */
#ifndef ECERT_ACTIONS_KEY_LIST_H
#define ECERT_ACTIONS_KEY_LIST_H

#include "client/expiry.h"
#include "document/identity.h"
#include "ui/ui.h"

#define KEY_ROW_ID 132

struct key_row {
	char id[KEY_ROW_ID]; /* CKA_ID in hexadecimal */
	char *label;	     /* NULL: none */
	/* What a card of ours tells besides; its module tells nothing of it. All but slot and
	 * algorithm are ids of messages, and in English the words of the options. */
	char slot[4]; /* "9c" */
	const char *use, *algorithm, *pin_policy, *touch_policy, *origin;
	struct identity *who; /* of its certificate; NULL: none */
	bool ends_soon;	      /* that one; ends says when */
	struct expiry ends;
};

struct key_list {
	bool by_module; /* another maker's: rows have id and label only */
	struct key_row *row;
	size_t n;
};

struct job;

/* A key or certificate that is broken is left out; a card that is gone meanwhile ends the deed,
 * since a list that stops there would look complete. Reports its errors; key_list_free in any case.
 */
enum outcome key_list(const struct job *job, struct key_list *out) MUST_CHECK;
void key_list_free(struct key_list *list);

#endif
