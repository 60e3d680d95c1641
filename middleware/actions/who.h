/* SPDX-License-Identifier: BSD-2-Clause */
/* Who a certificate names, as the documents of every deed say it. */
#ifndef ECERT_ACTIONS_WHO_H
#define ECERT_ACTIONS_WHO_H

#include <jansson.h>

#include "document/identity.h"

/* The same object that verdicts carry; JSON's null for nobody. NULL when memory is out. */
json_t *who_json(const struct identity *who);

#endif
