/* SPDX-License-Identifier: BSD-2-Clause */
/* What is torn: commands, and the card and session that they find. */
#ifndef ECERT_TESTS_TEARING_H
#define ECERT_TESTS_TEARING_H

#include "tests/unit/applet/applet_fixture.h"

struct scenario {
	const char *name;
	void (*before)(struct card *c);	 /* what the card has when the command comes */
	void (*session)(struct card *c); /* what is verified then */
	const char *send;
	uint16_t sw;
};

extern const struct scenario scenarios[];
extern const size_t scenarios_n;

#endif
