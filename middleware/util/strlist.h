/* SPDX-License-Identifier: BSD-2-Clause */
/* A list of strings that somebody else owns. */
#ifndef ECERT_UTIL_STRLIST_H
#define ECERT_UTIL_STRLIST_H

#include <stddef.h>

struct strlist {
	const char **v;
	size_t n;
};

#endif
