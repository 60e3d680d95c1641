/* SPDX-License-Identifier: BSD-2-Clause */
/* Lets call N of a flow fail, for every N. */
#include "tests/unit/faults/strike.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/faults/pcsc_card.h"

#define N_MAX 50000u
#define EACH  100u /* so many first calls are all tried */

static void clean_run(const struct flow *f)
{
	pcsc_card_renew();
	if (!f->run())
		fail_msg("%s fails without a fault", f->name);
}

/* True when the fault came. */
static bool strike(const struct flow *f, enum fault_kind kind, unsigned n, bool leaks)
{
	size_t live = fault_live();
	bool ok, struck;

	pcsc_card_renew();
	fault_arm(kind, n);
	ok = f->run();
	struck = fault_disarm();
	if (!struck && !ok)
		fail_msg("%s fails by itself, before call %u", f->name, n);
	if (leaks && fault_live() != live)
		fail_msg("%s: %zd blocks leak when call %u fails", f->name,
		    (ssize_t)(fault_live() - live), n);
	if (pcsc_card_left() != 0)
		fail_msg("%s: PC/SC handles are left when call %u fails", f->name, n);
	return struck;
}

static void strike_flow(
    const struct flow *f, enum fault_kind kind, const char *what, bool leaks, unsigned step)
{
	unsigned n = 1, runs = 0;

	/* What is made once per process is made now. */
	clean_run(f);
	clean_run(f);
	for (; n < N_MAX && strike(f, kind, n, leaks); runs++)
		n += n < EACH ? 1 : step;
	assert_true(n < N_MAX);
	clean_run(f);
	printf("# %s: %u times %s\n", f->name, runs, what);
}

void strike_all(const struct flow *flows, enum fault_kind kind, const char *what, bool leaks)
{
	for (; flows->name; flows++)
		strike_flow(flows, kind, what, leaks, 1);
}

void strike_some(const struct flow *flows, enum fault_kind kind, const char *what, unsigned step)
{
	if (getenv("ECERT_FAULTS_ALL"))
		step = 1;
	for (; flows->name; flows++)
		strike_flow(flows, kind, what, true, step);
}
