/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The newest trust list seen of each publisher, so that an older one, which may still trust whom
 * the publisher has struck off since, is refused however good its signature is.
 */
#ifndef ECERT_TRUST_LIST_ORDER_H
#define ECERT_TRUST_LIST_ORDER_H

#include "document/report.h"
#include "trust/list/set.h"
#include "util/rd.h"

/*
 * The check "trust list order" for a list that has verified. A publisher is its public key (signer:
 * DER of the pinned certificate) and its iss, so that another's list never moves this one's number.
 * o->least is compared first. Then, under a lock, o->store's file of the publisher: a lower seq,
 * and an earlier iat with the same seq, are refused; a newer pair is on disk when this returns.
 * o->first is set when there was no such file: a first use and a lost store look alike. o NULL:
 * nothing is compared, and the check says so. Errors: ECERT_E_DENIED (older), ECERT_E_MALFORMED
 * (the store's file is damaged), ECERT_E_IO, ECERT_E_MEMORY, ECERT_E_CRYPTO.
 */
enum ecert_rc list_order_check(
    struct trust_list_order *o, struct rd signer, struct report *rep) MUST_CHECK;

#endif
