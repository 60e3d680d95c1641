/* SPDX-License-Identifier: BSD-2-Clause */
/* When to tell somebody that a certificate ends. */
#ifndef ECERT_CLIENT_EXPIRY_H
#define ECERT_CLIENT_EXPIRY_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

/* From so many days before its end on: a CA takes its time. */
#define EXPIRY_DAYS 60
#define EXPIRY_TEXT 96

/* Whether it is time; out then says "expires on 2026-12-31, in 30 days" or "expired on ...". */
bool expiry_near(time_t until, time_t now, char out[EXPIRY_TEXT]);
/* Full days left, below zero after the end. */
long expiry_days(time_t until, time_t now);

#endif
