/* SPDX-License-Identifier: BSD-2-Clause */
/* Places for keys, by every name that people give them. */
#ifndef ECERT_CLIENT_SLOT_H
#define ECERT_CLIENT_SLOT_H

#include "crypto/key/policy.h"
#include "ui/job.h"

/* Read a place: slot_by_name a PIV reference ("9c", "9C", "sign", "82"), slot_by_id a CKA_ID in
 * hexadecimal (01 to 04, 05 to 18). Both return the reference, or 0 when the text names none. */
uint8_t slot_by_name(const char *name);
uint8_t slot_by_id(const char *id);
/* The CKA_ID of a reference: that of 9C is 2. Returns 0 when the reference has none. */
uint8_t slot_id(uint8_t ref);
/* "9c": a constant. */
const char *slot_name(uint8_t ref);
/* "digital signature" and so on: a message's id, as the words below. */
const char *slot_use(uint8_t ref);

/* Takes what --slot or --id of a command names, else fallback; with a fallback of 0 one of them is
 * required. Reports its errors. */
enum outcome slot_chosen(const struct job *job, const char *slot, const char *id, uint8_t fallback,
    uint8_t *out) MUST_CHECK;

/* Words of --pin-policy and --touch-policy; NULL gives 0 (the token's default). */
enum outcome slot_pin_policy(
    const struct job *job, const char *word, enum pin_policy *out) MUST_CHECK;
enum outcome slot_touch_policy(
    const struct job *job, const char *word, enum touch_policy *out) MUST_CHECK;
const char *slot_pin_word(unsigned policy);
const char *slot_touch_word(unsigned policy);
const char *slot_origin_word(unsigned origin);

#endif
