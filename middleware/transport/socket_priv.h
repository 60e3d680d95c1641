/* SPDX-License-Identifier: BSD-2-Clause */
/* The virtual token's socket: what its two files share. */
#ifndef ECERT_TRANSPORT_SOCKET_PRIV_H
#define ECERT_TRANSPORT_SOCKET_PRIV_H

#include "transport/transport_priv.h"

/* Asks for the ATR; one that is too long is cut. Errors: frame_send's and frame_recv's,
 * ECERT_E_MUTE. */
enum ecert_rc socket_read_atr(
    int fd, int timeout_ms, uint8_t atr[READER_ATR_MAX], size_t *len) MUST_CHECK;
enum ecert_rc socket_channel_open(
    const char *path, const struct channel_ops **ops, void **impl) MUST_CHECK;

#endif
