/* SPDX-License-Identifier: BSD-2-Clause */
/* Secrets by the options that say where they come from, and how it is told when they are wrong. */
#ifndef ECERT_CLIENT_ASKING_H
#define ECERT_CLIENT_ASKING_H

#include "ui/job.h"
#include "client/pin.h"

/* Reads an option's text that says where a secret comes from, and tells a person when it says
 * nothing of the kind (OUT_USAGE). */
enum outcome secret_source(const struct job *job, const char *source, const char *option,
    struct pin_source *out) MUST_CHECK;
/* Gets a secret from the source that its option's text names. Reports its errors. */
enum outcome secret_get(const struct job *job, const char *source, const char *option,
    const struct pin_ask *ask, struct pin *out) MUST_CHECK;
/* A failure with its tries: "The PIN is wrong; 2 tries are left". tries is a pointer because the
 * call that sets it may stand beside it as an argument. */
enum outcome pin_failed(
    const struct job *job, enum ecert_rc rc, const char *what, const int *tries) MUST_CHECK;
enum outcome pin_told(
    const struct job *job, enum ecert_rc rc, const char *what, int tries) MUST_CHECK;
/* Whether a person needs the PUK after such a failure, so that its tries are worth asking for. */
bool pin_wants_puk(enum ecert_rc rc, int tries);
/* The same of the PIN, where it is known that so many tries of the PUK are left (-1: it is not):
 * nobody is sent to a PUK that is blocked. */
enum outcome pin_told_puk(
    const struct job *job, enum ecert_rc rc, int tries, int puk_tries) MUST_CHECK;

#endif
