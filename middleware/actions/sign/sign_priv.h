/* SPDX-License-Identifier: BSD-2-Clause */
/* What the ways of signing files share. */
#ifndef ECERT_ACTIONS_SIGN_PRIV_H
#define ECERT_ACTIONS_SIGN_PRIV_H

#include "actions/sign/sign.h"

/* Tells why a file could not be signed; saved: errno as it was. */
enum outcome sign_failed(
    const struct job *job, enum ecert_rc rc, const char *file, int saved) MUST_CHECK;
/* Keeps what was signed; path is copied. */
enum ecert_rc sign_keep(struct sign_result *r, const char *file, const char *path) MUST_CHECK;

/* Refuses before any PIN what cannot be in one container together, and options that are not for
 * one. */
enum outcome sign_container_check(
    const struct job *job, const struct sign_deed *deed, const struct strlist *files) MUST_CHECK;
/* All files into one container, when the PIN was right. */
enum outcome sign_container(const struct job *job, struct signing *s, const struct sign_deed *deed,
    const struct strlist *files, struct sign_result *out) MUST_CHECK;

#endif
