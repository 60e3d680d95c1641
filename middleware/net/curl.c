/* SPDX-License-Identifier: BSD-2-Clause */
/* Finding libcurl's functions. */
#include "net/curl.h"

#include "util/library.h"

#define ROW(name)                                                                                  \
	{                                                                                          \
		"curl_" #name, offsetof(struct net_curl, name)                                     \
	}
static const struct library_row rows[] = {ROW(global_init), ROW(easy_init), ROW(easy_setopt),
    ROW(easy_perform), ROW(easy_getinfo), ROW(easy_cleanup), ROW(slist_append), ROW(slist_free_all),
    ROW(url), ROW(url_set), ROW(url_get), ROW(url_cleanup), ROW(free)};

LIBRARY_COUNTS(rows, struct net_curl);

static struct net_curl table;

static bool begin(void)
{
	return table.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

const struct net_curl *net_curl(void)
{
	/* The ABI of all versions since 7.16. */
	static struct library curl = {
	    "libcurl.so.4", rows, sizeof rows / sizeof rows[0], &table, begin, LIBRARY_UNTRIED};

	return library_functions(&curl);
}
