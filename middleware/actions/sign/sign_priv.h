/* SPDX-License-Identifier: BSD-2-Clause */
/* What the ways of signing files share. */
#ifndef ECERT_ACTIONS_SIGN_PRIV_H
#define ECERT_ACTIONS_SIGN_PRIV_H

#include "actions/sign/inside.h"
#include "actions/sign/sign.h"

/* Tells why a file could not be signed; saved: errno as it was. */
enum outcome sign_failed(
    const struct job *job, enum ecert_rc rc, const char *file, int saved) MUST_CHECK;
/* Keeps what was signed, and tells of it; path is copied. */
enum outcome sign_keep(const struct job *job, const struct sign_deed *d, struct sign_result *r,
    size_t i, const char *path) MUST_CHECK;

/* A person in whose place a file's row keeps why it fails; notes are told. */
struct sign_aside {
	struct ui ui;
	const struct ui *real;
	struct signed_why why;
};
/* A job like the other one, but for that. */
struct job sign_aside(const struct job *job, struct sign_aside *at);
/* The i-th file failed, for a reason that was kept. When others go on (d->keep_going, unless the
 * reason is theirs, too) it is told as a note, and OUT_OK comes back; else as the end of the deed.
 */
enum outcome sign_lost(const struct job *job, const struct sign_deed *d, struct sign_result *r,
    size_t i, const struct signed_why *why, bool of_all) MUST_CHECK;

/* Options that do not go together, or not with what is named: before anything is looked at. */
enum outcome sign_check_options(
    const struct job *job, const struct sign_deed *d, size_t files) MUST_CHECK;
/* The file and where its signature goes; *item: what it is signed in, and whether inside. */
enum outcome sign_check_file(const struct job *job, const struct sign_deed *d, const char *file,
    struct sign_item *item) MUST_CHECK;
/* How a JAdES is written. */
enum doc_serialization sign_serialization(const struct sign_deed *d);
/* Two of the names are one file. */
enum outcome sign_check_twice(const struct job *job, const struct sign_result *r) MUST_CHECK;

/* Refuses before any PIN what cannot be in one container together, and options that are not for
 * one. */
enum outcome sign_container_check(
    const struct job *job, const struct sign_deed *d, const struct sign_result *r) MUST_CHECK;
/* All files into one container, when the PIN was right; *missing as in sign_run. */
enum outcome sign_container(const struct job *job, struct signing *s, const struct sign_deed *d,
    struct sign_result *r, size_t *missing) MUST_CHECK;

/* The same, of one signature of all of them beside them. */
enum outcome sign_together_check(
    const struct job *job, const struct sign_deed *d, const struct sign_result *r) MUST_CHECK;
enum outcome sign_together(const struct job *job, const struct signing *s,
    const struct sign_deed *o, const struct doc_sign_options *opts, const struct doc_file *files,
    size_t n) MUST_CHECK;

/* Whether the i-th file has a signature by this key: then it is passed over. Told is one that is of
 * other content, or by somebody else where this one would go; without d->force that is why it
 * fails. */
enum outcome sign_look(const struct job *job, const struct signing *s, const struct sign_deed *d,
    const struct sign_item *item, struct sign_result *r, size_t i) MUST_CHECK;

/* Signs the files that are not done; *missing: so many of the signatures have no time stamp;
 * *stopped: a person ended it. */
enum outcome sign_run(const struct job *job, struct signing *s, const struct sign_deed *d,
    struct sign_item *items, struct sign_result *r, size_t *missing, bool *stopped) MUST_CHECK;

/* path begins with the bytes of the file, or has them around one place: it is that, signed. */
bool sign_is_version(const char *path, const char *of) MUST_CHECK;

#endif
