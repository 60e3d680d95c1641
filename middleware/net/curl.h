/* SPDX-License-Identifier: BSD-2-Clause */
/* libcurl, loaded when something is asked: it brings some thirty libraries, and nobody who only
 * signs or looks at a token waits for them. */
#ifndef ECERT_NET_CURL_H
#define ECERT_NET_CURL_H

#define CURL_DISABLE_TYPECHECK /* its macros know the functions by name only */
#include <curl/curl.h>

struct net_curl {
	__typeof__(&curl_global_init) global_init;
	__typeof__(&curl_easy_init) easy_init;
	__typeof__(&curl_easy_setopt) easy_setopt;
	__typeof__(&curl_easy_perform) easy_perform;
	__typeof__(&curl_easy_getinfo) easy_getinfo;
	__typeof__(&curl_easy_cleanup) easy_cleanup;
	__typeof__(&curl_slist_append) slist_append;
	__typeof__(&curl_slist_free_all) slist_free_all;
	__typeof__(&curl_url) url;
	__typeof__(&curl_url_set) url_set;
	__typeof__(&curl_url_get) url_get;
	__typeof__(&curl_url_cleanup) url_cleanup;
	__typeof__(&curl_free) free;
};

/* From any thread; stays loaded. NULL: this machine has none. */
const struct net_curl *net_curl(void);

#endif
