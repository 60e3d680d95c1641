/* SPDX-License-Identifier: BSD-2-Clause */
/* The store of used nonces, opened for a deed. */
#include "actions/nonces.h"

#include <errno.h>

enum outcome nonces_open(
    const struct job *job, const char *dir, time_t now, struct nonce_store **out)
{
	enum ecert_rc rc = nonce_store_open(dir, now, out);

	if (rc == ECERT_E_IO)
		return ui_fail(job->ui, OUT_IO, "store-unusable",
		    MSG("Cannot open the store of used nonces {dir}: {why}", P_FILE("dir", dir),
			P_ERRNO("why", errno)),
		    MSG("Name a folder that you may write in: --nonce-store DIR."));
	return ui_fail_rc(job->ui, rc, MSG("Cannot open the store of used nonces: {why}"));
}
