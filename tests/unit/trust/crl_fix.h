/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of CRLs share: a path, a stranger, and the question with one list or two. */
#ifndef ECERT_TESTS_CRL_FIX_H
#define ECERT_TESTS_CRL_FIX_H

#include "scene.h"

/* anchor, ca, leaf, and a stranger; made anew for each test. */
static struct party *root, *ca, *user, *stranger;

static inline int begin(void **state)
{
	(void)state;
	root = plain("Root", NULL, CA_EXT);
	ca = plain("CA", root, CA_EXT);
	user = plain("Chan", ca, KEYIDS LEAF_EXT);
	stranger = plain("Root", NULL, CA_EXT);
	return 0;
}

static inline struct report with(struct rd a, struct rd b)
{
	return ask(&(struct scene){.anchor = root, .leaf = user, .others = {ca}, .ours = {a, b}});
}

static const struct rd none = {NULL, 0};

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, scene_end)

#endif
