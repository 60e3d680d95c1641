/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PC/SC without pcscd: stands in for libpcsclite at link time (do not link $(PCSC_LIBS) beside it).
 * Any call can be made to fail, block, or lie.
 */
#ifndef ECERT_TESTS_FAKE_PCSC_H
#define ECERT_TESTS_FAKE_PCSC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <winscard.h>

enum fake_call {
	FAKE_ESTABLISH,
	FAKE_RELEASE,
	FAKE_LIST,
	FAKE_STATUS_CHANGE,
	FAKE_CONNECT,
	FAKE_RECONNECT,
	FAKE_DISCONNECT,
	FAKE_STATUS,
	FAKE_BEGIN,
	FAKE_END,
	FAKE_TRANSMIT,
	FAKE_CONTROL,
	FAKE_CANCEL,
	FAKE_CALLS
};

/* Everything as at the start: one reader "Fake 00 00", a card in it that answers 9000. */
void fake_reset(void);
/* The next `times` calls answer rv instead of doing anything (after `skip` more that work). */
void fake_fail(enum fake_call call, unsigned skip, unsigned times, LONG rv);
/* Calls block until fake_unblock. */
void fake_block(enum fake_call call);
void fake_unblock(enum fake_call call);
unsigned fake_count(enum fake_call call);
/* Contexts and cards that were made and not given back. */
int fake_contexts(void);
int fake_cards(void);
bool fake_held(void);

/* Readers as the multi-string pcscd would give, with its length. */
void fake_names(const char *multi, size_t len);
void fake_state(DWORD state, DWORD atr_len);
/* What the card answers; claims, if not 0, is the length that is reported. */
void fake_answer(const void *bytes, size_t n, size_t claims);
/* What the reader says of its features, and the code, block and answer of the last control. */
void fake_features(const void *bytes, size_t n, size_t claims);
size_t fake_control_block(DWORD *code, uint8_t *block, size_t cap);
/* The reader name that the last successful connection gave. */
const char *fake_connected_to(void);

#endif
