/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert doctor: what was found out (facts), what it means (findings), and the checks between. */
#ifndef ECERT_ACTIONS_DOCTOR_DOCTOR_H
#define ECERT_ACTIONS_DOCTOR_DOCTOR_H

#include <glob.h>
#include <stdbool.h>
#include <time.h>

#include "ui/job.h"

#define DOCTOR_CARDS	16
#define DOCTOR_CERTS	8
#define DOCTOR_FINDINGS 96

enum doctor_level { DOCTOR_FINE, DOCTOR_WARNING, DOCTOR_PROBLEM };

struct doctor_finding {
	const char *check; /* static: "service", as JSON has it; a message's id for people */
	enum doctor_level level;
	/* English; bytes that are not UTF-8 became '?', the rest is masked where it is shown. */
	char what[1280];		/* without a full stop */
	char advice[320];		/* one sentence; empty when nothing is to be done */
	struct message_kept said, next; /* the same for whoever reads another language */
};

struct doctor_cert {
	char name[832], id[8]; /* whose; "9c" */
	time_t from, until;
	bool imported; /* its key came from a file, and so does the next one */
};

/* A reader and what is in it. */
struct doctor_card {
	char reader[128];
	bool present, mute, exclusive;
	enum ecert_rc rc; /* of opening the token; what follows holds for ECERT_OK only */
	char label[64], serial[40];
	int pin_tries, puk_tries; /* -1 unknown */
	bool pin_default, puk_default, mgm_default;
	struct doctor_cert cert[DOCTOR_CERTS];
	size_t certs;
};

/* The PKCS#11 module that was named. */
struct doctor_module {
	const char *path; /* NULL: none was */
	enum {
		DOCTOR_MODULE_MISSING,
		DOCTOR_MODULE_IS_NONE,
		DOCTOR_MODULE_STARTS_NOT,
		DOCTOR_MODULE_WORKS
	} state;
	unsigned long rv, tokens;
};

struct doctor {
	/* Facts. The checks look at nothing else, files below root and home included. */
	const char *root;     /* "" but in tests, where a made-up /sys, /run, /proc, /etc is */
	const char *home;     /* may be NULL */
	const char *runtime;  /* XDG_RUNTIME_DIR; may be NULL */
	const char *reader;   /* the virtual token's that was named; NULL: PC/SC */
	const char *module;   /* where ours is; NULL: nobody knows */
	char module_at[4096]; /* the same, of doctor_probe */
	struct doctor_module named;
	const char *user;
	bool ssh;	       /* this session came over the network */
	enum ecert_rc service; /* of listing the readers */
	struct doctor_card card[DOCTOR_CARDS];
	size_t cards;
	time_t now;
	int clock_kept; /* by the network; -1 unknown */

	struct doctor_finding finding[DOCTOR_FINDINGS];
	size_t findings;
};

/* Asks the readers and the tokens in them; uses no try of any PIN. */
void doctor_probe(const struct job *job, struct doctor *d);
/* Loads and starts it, as every command with --module does. */
void doctor_probe_module(const struct job *job, struct doctor_module *m);
/* Makes all checks; the worst level found. */
enum doctor_level doctor_examine(struct doctor *d);
/* "ok", "warning", "problem": an id. */
const char *doctor_level_name(enum doctor_level level);

/* ---- for the checks ---- */
/* Appends; next: NULL when nothing is to be done. */
void doctor_find(struct doctor *d, const char *check, enum doctor_level level,
    const struct message *next, const struct message *what);
/* A path below the root (paths begin with /): out. */
#define DOCTOR_PATH 4096
const char *doctor_path(const struct doctor *d, const char *path, char out[DOCTOR_PATH]);
bool doctor_has(const struct doctor *d, const char *path);
/* The files below the root that fit the pattern; globfree. Their number. */
size_t doctor_glob(const struct doctor *d, const char *pattern, glob_t *out);
/* Reads the first line of this very path; "" when there is none. */
void doctor_line(const char *path, char *out, size_t cap);
/* Does a file (at most its first 256 KiB) have this text in it? */
bool doctor_mentions(const char *path, const char *text);
/* The process of this name, 0 for none. */
long doctor_process(const struct doctor *d, const char *name);

void doctor_check_service(struct doctor *d);
void doctor_check_readers(struct doctor *d);
void doctor_check_cards(struct doctor *d);
void doctor_check_module(struct doctor *d);
void doctor_check_gpg(struct doctor *d);
void doctor_check_secrets(struct doctor *d);
void doctor_check_certificates(struct doctor *d);
void doctor_check_browsers(struct doctor *d);
void doctor_check_p11kit(struct doctor *d);
void doctor_check_nss(struct doctor *d);
void doctor_check_daemon(struct doctor *d);
void doctor_check_clock(struct doctor *d);

#endif
