/* SPDX-License-Identifier: BSD-2-Clause */
/* The way to a person's page: ecert-desk is asked for an address, and a browser opens it. */
#ifndef ECERT_ACTIONS_DESK_OPEN_H
#define ECERT_ACTIONS_DESK_OPEN_H

#include "ui/job.h"

#define DESK_ADDRESS 256

struct desk_open_deed {
	bool print; /* no browser is opened: the person does it */
};

struct desk_opened {
	char address[DESK_ADDRESS]; /* good once, and for some seconds */
	bool opened;		    /* a browser has it */
};

/* Starts ecert-desk where systemd does not. Reports its errors: no folder for sockets (OUT_USAGE),
 * no ecert-desk, or one that does not answer (OUT_IO). */
enum outcome desk_page_open(
    const struct job *job, const struct desk_open_deed *deed, struct desk_opened *out) MUST_CHECK;

/* Hands it to the person's browser; false: there is none, or no screen. */
bool browser_open(const char *address) MUST_CHECK;
/* A program that lives on without us and says nothing; its number, -1 with errno. */
int browser_spawn(const char *path, char *const words[]) MUST_CHECK;

#endif
