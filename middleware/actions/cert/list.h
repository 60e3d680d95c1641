/* SPDX-License-Identifier: BSD-2-Clause */
/* The certificates on a token, and which of them may sign. */
#ifndef ECERT_ACTIONS_CERT_LIST_H
#define ECERT_ACTIONS_CERT_LIST_H

#include "client/expiry.h"
#include "document/identity.h"
#include "ui/job.h"

struct cert_row {
	char id[65]; /* CKA_ID in hexadecimal */
	char *label; /* as the module tells it; "": none */
	struct identity who;
	bool may_sign;
	struct message_kept reason; /* why it may not */
	long days_left;		    /* below zero after its end */
	bool ends_soon;		    /* ends says when */
	struct expiry ends;
};

struct cert_list {
	struct cert_row *row;
	size_t n;
	const char *next; /* what to do when there is none: an id */
};

/* Reports its errors; cert_list_free in any case. */
enum outcome cert_list(const struct job *job, struct cert_list *out) MUST_CHECK;
void cert_list_free(struct cert_list *list);

#endif
