/* SPDX-License-Identifier: BSD-2-Clause */
/* A build without PostgreSQL says so. */
#include "store/store_priv.h"

static enum ecert_rc no_open(struct store *s, const char *where, bool make)
{
	(void)where;
	(void)make;
	return store_fail(s, ECERT_E_UNSUPPORTED,
	    MSG("this program was built without PostgreSQL (--without-postgresql)"));
}

static void no_close(struct store *s)
{
	(void)s;
}

const struct store_driver store_postgresql = {.open = no_open, .close = no_close};
