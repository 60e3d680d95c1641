/* SPDX-License-Identifier: BSD-2-Clause */
/* A library that is loaded when it is needed, and not with the program: a table says which of its
 * functions go where in a struct of pointers. */
#ifndef ECERT_UTIL_LIBRARY_H
#define ECERT_UTIL_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

struct library_row {
	const char *symbol;
	size_t at; /* of the pointer, in the struct */
};

struct library {
	const char *name; /* "libcurl.so.4": what is linked to would be named so, too */
	const struct library_row *rows;
	size_t n;
	void *functions;     /* the struct, whose members are pointers and nothing else */
	bool (*begin)(void); /* once, when all are there; false: it is of no use. NULL: nothing */
	enum { LIBRARY_UNTRIED, LIBRARY_THERE, LIBRARY_NONE } state;
};

/* How a struct is kept to its table: a row for each member. */
#define LIBRARY_COUNTS(rows, type)                                                                 \
	_Static_assert(sizeof(rows) / sizeof(rows)[0] == sizeof(type) / sizeof(void *),            \
	    "each function has its row")

/* The struct, filled in by the first call; from any thread, and what was loaded stays. NULL: this
 * machine does not have it, or not with all of these functions. */
const void *library_functions(struct library *l);

#endif
