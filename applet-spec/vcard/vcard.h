/* SPDX-License-Identifier: BSD-2-Clause */
/* The virtual token: one card, its options, and the two ways to reach it. */
#ifndef AP_VCARD_H
#define AP_VCARD_H

#include "applet-spec/host/host.h"

#include <poll.h>
#include <stdio.h>

/* Control messages of one byte: vpcd's own, and ours on the Unix socket. */
enum {
	CTL_OFF = 0x00,
	CTL_ON = 0x01,
	CTL_RESET = 0x02,
	CTL_ATR = 0x04,
	CTL_BEGIN = 0x10,
	CTL_END = 0x11,
};

/* Answers to CTL_BEGIN and CTL_END. */
enum { CTL_OK = 0x00, CTL_WAS_RESET = 0x01, CTL_NOT_HOLDER = 0x02 };

/* A message: two bytes of length, big-endian, then that many bytes. */
#define FRAME_MAX 65535

struct options {
	const char *host, *port; /* vpcd */
	const char *listen;	 /* Unix socket instead of vpcd */
	const char *state;
	const char *log, *count;
	unsigned int wait;		     /* seconds to wait for vpcd */
	unsigned int delay_apdu, delay_byte; /* microseconds */
	unsigned long pull_after;	     /* 0: never */
	uint32_t serial;
	bool serial_given;
	uint8_t mgm_alg;
	enum host_touch touch;
	const char *touch_file;
	bool no_sync, personalise, print_root;
};

struct vcard {
	const struct options *opt;
	struct ap ap;
	struct host host;
	FILE *log;
	int count_fd;
	unsigned long apdus;
	bool pulled; /* --pull-after has come: the card is out of the reader */
};

/* The answer to reset, with its length. */
const uint8_t *vcard_atr(size_t *len);

/* Forgets PIN and management key, as a reset does. */
void vcard_reset(struct vcard *v);

/* One APDU: log, delay, count. Returns the length of the answer, 0 once the card is pulled. */
size_t vcard_apdu(struct vcard *v, const uint8_t *apdu, size_t len, uint8_t *resp);

/* Both run until a signal or --pull-after; they return the exit status. */
int vcard_vpcd(struct vcard *v);
int vcard_listen(struct vcard *v);

/* Set by SIGINT and SIGTERM. */
bool vcard_stopping(void);

/*
 * As poll; ms < 0 waits without end. SIGINT and SIGTERM get through only here: negative with
 * vcard_stopping() true then.
 */
int vcard_poll(struct pollfd *p, unsigned int n, int ms);

/* Text lines "> hex" and "< hex"; PINs and keys are written as **. */
void vcard_log(FILE *log, char direction, const uint8_t *bytes, size_t len);

#endif
