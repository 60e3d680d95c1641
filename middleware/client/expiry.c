/* SPDX-License-Identifier: BSD-2-Clause */
/* The end of certificates. */
#include "client/expiry.h"
#include "util/text.h"

#define DAY 86400

long expiry_days(time_t until, time_t now)
{
	time_t left = until - now;

	return (long)(left >= 0 ? left / DAY : -((-left + DAY - 1) / DAY));
}

bool expiry_near(time_t until, time_t now, struct expiry *out)
{
	long days = expiry_days(until, now);

	*out = (struct expiry){.day = ""};
	if (days >= EXPIRY_DAYS)
		return false;
	(void)text_day(until, out->day);
	if (now >= until)
		out->m = *MSG("expired on {day}", P_TEXT("day", out->day));
	else if (!days)
		out->m = *MSG("expires on {day}, within a day", P_TEXT("day", out->day));
	else
		out->m = *MSG_N("expires on {day}, in {n} day", "expires on {day}, in {n} days",
		    days, P_TEXT("day", out->day));
	return true;
}
