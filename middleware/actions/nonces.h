/* SPDX-License-Identifier: BSD-2-Clause */
/* The store of used nonces, opened for a deed. */
#ifndef ECERT_ACTIONS_NONCES_H
#define ECERT_ACTIONS_NONCES_H

#include <time.h>

#include "ui/job.h"
#include "trust/nonce.h"

/* Tells why it cannot be opened. */
enum outcome nonces_open(
    const struct job *job, const char *dir, time_t now, struct nonce_store **out) MUST_CHECK;

#endif
