/* SPDX-License-Identifier: BSD-2-Clause */
/* Places for keys, by every name that people give them. */
#ifndef ECERT_CLIENT_SLOT_H
#define ECERT_CLIENT_SLOT_H

#include "crypto/key/policy.h"
#include "ui/job.h"

/* "9c", "9C", "sign" and "82" are PIV references; ids are 01..04 and 05..18 (hexadecimal, CKA_ID).
 * 0 when it is neither. */
uint8_t slot_by_name(const char *name);
uint8_t slot_by_id(const char *id);
/* The CKA_ID of a reference: 9C is 2; 0 when it has none. */
uint8_t slot_id(uint8_t ref);
/* "9c" in one of a few rotating buffers. */
const char *slot_name(uint8_t ref);
/* "digital signature" and so on: a message's id, as the words below. */
const char *slot_use(uint8_t ref);

/* --slot or --id of a command, else fallback (0: one of them is required). Reports its errors. */
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
