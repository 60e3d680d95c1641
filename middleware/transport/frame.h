/* SPDX-License-Identifier: BSD-2-Clause */
/* The virtual token's socket: messages of a 2-byte length and so many bytes. */
#ifndef ECERT_TRANSPORT_FRAME_H
#define ECERT_TRANSPORT_FRAME_H

#include <time.h>

#include "util/rd.h"

/* A payload of one byte is a control; a command has 4 or more. The controls are those of vpcd, and
 * two of our own. */
enum frame_control {
	FRAME_POWER_OFF = 0x00,
	FRAME_POWER_ON = 0x01,
	FRAME_RESET = 0x02,
	FRAME_ATR = 0x04,   /* answered by the ATR */
	FRAME_BEGIN = 0x10, /* answered by enum frame_status */
	FRAME_END = 0x11,   /* answered by FRAME_HELD */
};
enum frame_status { FRAME_HELD = 0, FRAME_HELD_AFTER_RESET = 1 };

#define FRAME_PATH_MAX 108 /* of a socket, with its NUL: unix(7) */

/*
 * Connects to the token at path (shorter than FRAME_PATH_MAX). The other end must belong to this
 * user or to root: it will be told PINs. Errors: ECERT_E_NO_CARD (nobody listens), ECERT_E_DENIED,
 * ECERT_E_TIMEOUT, ECERT_E_MEMORY.
 */
enum ecert_rc frame_connect(const char *path, int *fd) MUST_CHECK;
/* Errors: ECERT_E_REMOVED, ECERT_E_TOO_LARGE (over 65535 bytes), ECERT_E_TIMEOUT. */
enum ecert_rc frame_send(int fd, struct rd payload) MUST_CHECK;
/*
 * Receives one whole message. Errors: ECERT_E_REMOVED (the other end has gone), ECERT_E_TIMEOUT,
 * ECERT_E_CARD (more came than the message has): after these three the connection is of no use.
 * ECERT_E_BUFFER: the message was longer than cap and has been dropped.
 */
enum ecert_rc frame_recv(
    int fd, const struct timespec *deadline, uint8_t *out, size_t cap, size_t *len) MUST_CHECK;

#endif
