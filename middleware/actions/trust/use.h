/* SPDX-License-Identifier: BSD-2-Clause */
/* The trust stores, for a deed that verifies. */
#ifndef ECERT_ACTIONS_TRUST_USE_H
#define ECERT_ACTIONS_TRUST_USE_H

#include "trust/list/set.h"
#include "ui/job.h"

/* Adds what the person and this computer trust. A stored list that no longer counts is told, and
 * adds nobody; a store that others may change ends it. issuers: those of marks, too. list_store:
 * where the newest list is remembered; may be NULL. */
enum outcome trust_stores_use(const struct job *job, struct trust_set *set, time_t now,
    bool issuers, const char *list_store) MUST_CHECK;

#endif
