/* SPDX-License-Identifier: BSD-2-Clause */
/* Finding libcurl's functions. */
#include "net/curl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* The ABI of all versions since 7.16. */
#define LIBRARY "libcurl.so.4"

#define ROW(name)                                                                                  \
	{                                                                                          \
		"curl_" #name, offsetof(struct net_curl, name)                                     \
	}
static const struct {
	const char *symbol;
	size_t at;
} rows[] = {ROW(global_init), ROW(easy_init), ROW(easy_setopt), ROW(easy_perform),
    ROW(easy_getinfo), ROW(easy_cleanup), ROW(slist_append), ROW(slist_free_all), ROW(url),
    ROW(url_set), ROW(url_get), ROW(url_cleanup), ROW(free)};
_Static_assert(sizeof rows / sizeof rows[0] == sizeof(struct net_curl) / sizeof(void *),
    "each function has its row");

static struct net_curl table;
static bool there;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void)
{
	void *lib = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

	there = lib;
	for (size_t i = 0; there && i < sizeof rows / sizeof rows[0]; i++) {
		void *f = dlsym(lib, rows[i].symbol);

		memcpy((char *)&table + rows[i].at, &f, sizeof f);
		there = f;
	}
	there = there && table.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

const struct net_curl *net_curl(void)
{
	(void)pthread_once(&once, load);
	return there ? &table : NULL;
}
