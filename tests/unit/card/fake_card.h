/* SPDX-License-Identifier: BSD-2-Clause */
/* A card made of rules: what it answers to which command, as two real cards were measured. */
#ifndef TESTS_FAKE_CARD_H
#define TESTS_FAKE_CARD_H

#include "transport/reader.h"

/* The first rule whose prefix (hex) the command begins with answers (hex, status word included). */
struct fake_rule {
	const char *command;
	const char *answer;
};

struct fake_card {
	const struct fake_rule *rules; /* ends with {NULL, NULL}; no match answers 6D00 */
	const char *atr;	       /* hex */
	unsigned commands;	       /* how many came */
	unsigned begins, ends;
	/* Another program's answer, which GET RESPONSE gets outside of a transaction; NULL: no
	 * other program is there. */
	const char *stranger;
	unsigned strayed;   /* how often it did */
	char last[1024];    /* the last command, hex */
	bool reset_pending; /* the next exchange or begin reports a reset */
	uint8_t atr_bytes[READER_ATR_MAX];
	size_t atr_len;
};

/* The channel's private part is the caller's struct, which must outlive the channel. */
struct channel *fake_channel(struct fake_card *card);

extern const struct fake_rule canokey_rules[], openfips_rules[], pivapplet_rules[];

#endif
