/* SPDX-License-Identifier: BSD-2-Clause */
/* One command to the card and its whole answer: encoding, chaining, 61xx and 6Cxx (ISO 7816-4, 5).
 */
#ifndef ECERT_APDU_APDU_H
#define ECERT_APDU_APDU_H

#include "transport/reader.h"
#include "util/buf.h"

#define APDU_LE_NONE 0u
#define APDU_LE_ALL  65536u /* whatever there is: 00 in a short APDU, 0000 in an extended one */

struct apdu {
	uint8_t cla, ins, p1, p2;
	struct rd data; /* up to 65535 bytes */
	/* APDU_LE_NONE; 1 to 65535: at most so many bytes; or APDU_LE_ALL. Up to 256 a short APDU
	 * will do (a signature over P-256, say); more asks for an extended one, where the card has
	 * it. */
	uint32_t le;
	bool secret; /* The data are a PIN or a key: the command is built in locked memory. */
};

/* What the card takes. It starts with what the ATR says; an exchange never adds to it. */
struct apdu_caps {
	bool extended; /* extended Lc and Le */
	bool chaining; /* CLA 10 */
};

/* Reads the card capabilities (tag 7x, compact-TLV) in the ATR's historical bytes, ISO 7816-4,
 * 12.1.1.9. An ATR that says nothing gives {false, true}: chaining is mandatory in PIV (SP
 * 800-73-5 part 2, 2.4). */
struct apdu_caps apdu_caps_of_atr(struct rd atr);

/*
 * Sends the command and collects the answer: long data by extended length or by chaining, 61xx by
 * GET RESPONSE, 6Cxx by one repetition with the right Le. Bounded: at most 64 KiB and 300 rounds,
 * and a round without progress is ECERT_E_CARD (a card that answers 61xx for ever must not hold
 * us). out gets the data appended (nothing beside an error status); *sw the last status word. The
 * caller looks at *sw: ECERT_OK only says that an answer came. Secrets in command and answer are
 * wiped from internal buffers. Errors: channel_transmit's, ECERT_E_TOO_LARGE, ECERT_E_ARG.
 */
enum ecert_rc apdu_exchange(struct channel *c, struct apdu_caps caps, const struct apdu *cmd,
    struct buf *out, uint16_t *sw) MUST_CHECK;

/*
 * Does the same by one APDU alone, outside of a transaction: no other APDU follows it. A command
 * that would take a chain is ECERT_E_TOO_LARGE, and an answer that comes in pieces stops at *sw
 * 61xx, without data.
 */
enum ecert_rc apdu_exchange_alone(struct channel *c, struct apdu_caps caps, const struct apdu *cmd,
    struct buf *out, uint16_t *sw) MUST_CHECK;

/* Does what apdu_exchange does, and turns a status word other than 9000 into a code (sw_rc). */
enum ecert_rc apdu_call(
    struct channel *c, struct apdu_caps caps, const struct apdu *cmd, struct buf *out) MUST_CHECK;

/* SP 800-73-5 part 2, table 6 and ISO 7816-4, table 6: 9000 OK, 6982 AUTH, 6983 PIN_BLOCKED, 63Cx
 * PIN_WRONG (63C0 PIN_BLOCKED), 6A82/6A88 NOT_FOUND, 6A84 CARD_FULL, 6D00/6E00/6A81 UNSUPPORTED,
 * 6700 DATA_LEN, 6A80 DATA, 6985/6A86 ..., everything else CARD. */
enum ecert_rc sw_rc(uint16_t sw);
/* The tries that 63Cx says are left; -1: sw says something else. */
int sw_tries(uint16_t sw);
/* Whether an answer to VERIFY and its like says "not verified". Any 63xx says so (ISO 7816-4,
 * 7.5.1: 6300 says it without a number, and some cards have their own). sw_tries tells the number.
 */
bool sw_not_verified(uint16_t sw);

#endif
