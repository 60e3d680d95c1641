/* SPDX-License-Identifier: BSD-2-Clause */
/* What our own card layer knows of a token that a person uses through PKCS#11. */
#ifndef ECERT_PROVISION_LOOK_H
#define ECERT_PROVISION_LOOK_H

#include "client/look.h"

extern const struct look provision_look;

#endif
