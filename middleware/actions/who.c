/* SPDX-License-Identifier: BSD-2-Clause */
/* Who a certificate names. */
#include "actions/who.h"

json_t *who_json(const struct identity *who)
{
	return who ? identity_json(who) : json_null();
}
