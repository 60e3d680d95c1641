/* SPDX-License-Identifier: BSD-2-Clause */
/* PC/SC with one reader and the reference applet in it; stands in for libpcsclite at link time. */
#ifndef ECERT_TESTS_FAULTS_PCSC_CARD_H
#define ECERT_TESTS_FAULTS_PCSC_CARD_H

#include "tests/fuzz/toycard.h"

/* The card in the reader: as new after pcsc_card_renew. */
extern struct toychip pcsc_card;
void pcsc_card_renew(void);
/* Contexts and handles that were made and not given back. */
int pcsc_card_left(void);

#endif
