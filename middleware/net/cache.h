/* SPDX-License-Identifier: BSD-2-Clause */
/* What was fetched, kept in a folder of the user's until it is due again. Nothing is believed
 * because it comes from here. */
#ifndef ECERT_NET_CACHE_H
#define ECERT_NET_CACHE_H

#include <stdbool.h>
#include <time.h>

#include "util/buf.h"

#define NET_KEY_SIZE 32 /* SHA-256 of what was asked and where */
/* The most that the folder holds, and how long anything is kept, whatever it says of itself. */
#define NET_CACHE_ENTRIES 256u
#define NET_CACHE_BYTES	  (128u << 20)
#define NET_CACHE_DAYS	  7
/* The most of one entry, its head included. */
#define NET_ENTRY_MAX ((64u << 20) + 4096u)

struct net_cache;

/*
 * Opens the folder, which is made (0700) when it is not there; the ones above it must be. Errors:
 * ECERT_E_IO (errno says), ECERT_E_DENIED (it is somebody else's, or others may look into it),
 * ECERT_E_MEMORY.
 */
enum ecert_rc net_cache_open(const char *dir, struct net_cache **out) MUST_CHECK;
/* NULL is allowed. */
void net_cache_close(struct net_cache **c);

/* What is kept for this question and not over yet; out is empty when there is nothing. */
bool net_cache_get(struct net_cache *c, const uint8_t key[NET_KEY_SIZE], const char *url,
    time_t now, struct buf *out);
/* Keeps it until then, at once in the place of what was there, and makes room: the oldest go. What
 * is over already, or too large, is not kept. Nobody is told when the disk does not take it. */
void net_cache_put(struct net_cache *c, const uint8_t key[NET_KEY_SIZE], const char *url,
    struct rd body, time_t until, time_t now);
/* Forgets it. */
void net_cache_drop(struct net_cache *c, const uint8_t key[NET_KEY_SIZE]);

/* The entry's bytes: "ecert cache 1", the URL, until when and how many bytes, a line each, and the
 * bytes. Failures stick in out. */
void net_entry_write(struct buf *out, const char *url, time_t until, struct rd body);
/* body: a view into file. False for what is not an entry of this URL, or is over, or says that it
 * is good for longer than anything is kept. */
bool net_entry_read(struct rd file, const char *url, time_t now, struct rd *body);

#endif
