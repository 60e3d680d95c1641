/* SPDX-License-Identifier: BSD-2-Clause */
/* When to tell somebody that a certificate ends. */
#ifndef ECERT_CLIENT_EXPIRY_H
#define ECERT_CLIENT_EXPIRY_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "util/message.h"

/* A certificate is near its end from so many days before it: a CA takes its time. */
#define EXPIRY_DAYS 60

/* "expires on 2026-12-31, in 30 days". */
struct expiry {
	struct message m;
	char day[16];
};

/* Whether the end is near or past; out->m then says when it is or was. It points into *out. */
bool expiry_near(time_t until, time_t now, struct expiry *out);
/* Full days left, below zero after the end. */
long expiry_days(time_t until, time_t now);

#endif
