/* SPDX-License-Identifier: BSD-2-Clause */
/* The end of certificates. */
#include "client/expiry.h"

#include <stdio.h>

#define DAY 86400

long expiry_days(time_t until, time_t now)
{
	time_t left = until - now;

	return (long)(left >= 0 ? left / DAY : -((-left + DAY - 1) / DAY));
}

bool expiry_near(time_t until, time_t now, char out[EXPIRY_TEXT])
{
	long days = expiry_days(until, now);
	char day[32];
	struct tm tm;

	out[0] = 0;
	if (days >= EXPIRY_DAYS)
		return false;
	gmtime_r(&until, &tm);
	strftime(day, sizeof day, "%Y-%m-%d", &tm);
	if (now >= until)
		snprintf(out, EXPIRY_TEXT, "expired on %s", day);
	else if (!days)
		snprintf(out, EXPIRY_TEXT, "expires on %s, within a day", day);
	else
		snprintf(out, EXPIRY_TEXT, "expires on %s, in %ld day%s", day, days,
		    days == 1 ? "" : "s");
	return true;
}
