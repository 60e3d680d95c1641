/* SPDX-License-Identifier: BSD-2-Clause */
/* The remote half of the token seam: ecertd talks to the cards. */
#include "token/backend.h"

enum ecert_rc remote_open(
    const struct tokens_config *cfg, const struct token_backend **ops, void **impl)
{
	(void)cfg;
	*ops = NULL;
	*impl = NULL;
	return ECERT_E_NO_SERVICE;
}
