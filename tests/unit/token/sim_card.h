/* SPDX-License-Identifier: BSD-2-Clause */
/* One simulated card, for the simulation's files. */
#ifndef ECERT_TESTS_SIM_CARD_H
#define ECERT_TESTS_SIM_CARD_H

#include "tests/unit/token/sim.h"

/* Zeroed; aborts when there is none. */
void *sim_alloc(size_t n);

void sim_card_power(struct sim_card *c);
unsigned sim_card_resets(struct sim_card *c);
/* A transaction for who; waits for another holder. *resets is what who has seen. */
enum ecert_rc sim_card_hold(struct sim_card *c, const void *who, unsigned *resets) MUST_CHECK;
void sim_card_let(struct sim_card *c, const void *who);
enum ecert_rc sim_card_ask(struct sim_card *c, const void *who, unsigned *resets, struct rd command,
    uint8_t *resp, size_t cap, size_t *len) MUST_CHECK;

#endif
