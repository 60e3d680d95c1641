/* SPDX-License-Identifier: BSD-2-Clause */
/* What the implementations of this room share with each other and show nobody else. */
#ifndef ECERT_TRANSPORT_PRIV_H
#define ECERT_TRANSPORT_PRIV_H

#include "transport/reader.h"

/*
 * Makes the name that people see: control bytes and bytes that are not UTF-8 become '?'. It is cut
 * at a character's border to READER_NAME_MAX - 1 bytes.
 */
void reader_name_clean(const char *raw, char out[READER_NAME_MAX]);

/* Make the sources: each gives its table and what it keeps. Errors: ECERT_E_MEMORY, ECERT_E_ARG. */
enum ecert_rc pcsc_source(const struct readers_ops **ops, void **impl) MUST_CHECK;
enum ecert_rc socket_source(
    const char *path, const struct readers_ops **ops, void **impl) MUST_CHECK;
enum ecert_rc replay_source(
    const char *path, bool any_order, const struct readers_ops **ops, void **impl) MUST_CHECK;

/* What a source that was made by these operations keeps; NULL: it was made by others. */
void *readers_impl(const struct readers *r, const struct readers_ops *ops);

/* Call a channel's operations, also those that its table leaves out. */
enum ecert_rc impl_begin(const struct channel_ops *ops, void *impl) MUST_CHECK;
void impl_end(const struct channel_ops *ops, void *impl);
enum ecert_rc impl_reset(const struct channel_ops *ops, void *impl) MUST_CHECK;
void impl_close(const struct channel_ops *ops, void *impl, bool forked);

/*
 * Puts the recorder around a channel when ECERT_RECORD asks for it, else changes nothing. On
 * failure the channel is as it was. Errors: ECERT_E_MEMORY.
 */
enum ecert_rc record_wrap(
    const char *reader_name, const struct channel_ops **ops, void **impl) MUST_CHECK;

#endif
