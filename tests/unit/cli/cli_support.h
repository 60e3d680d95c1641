/* SPDX-License-Identifier: BSD-2-Clause */
/* A folder for one test, and files in it. */
#ifndef TESTS_CLI_SUPPORT_H
#define TESTS_CLI_SUPPORT_H

#include <stddef.h>

/* cmocka wants these first */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

/* Setup and teardown: *state is the folder's path. */
int folder_make(void **state);
int folder_remove(void **state);
/* "FOLDER/name" in one of a few rotating buffers. */
const char *in_folder(void **state, const char *name);
/* Writes n bytes. */
void put_file(const char *path, const void *bytes, size_t n);
/* Reads up to cap - 1 bytes and a NUL; their number, or -1 when there is no such file. */
long get_file(const char *path, char *out, size_t cap);
/* How many entries the folder has. */
size_t entries(void **state);

#endif
