/* SPDX-License-Identifier: BSD-2-Clause */
/* Operation states that were taken out of sessions (5.6.5). */
#ifndef ECERT_PKCS11_OPERATION_STATE_PRIV_H
#define ECERT_PKCS11_OPERATION_STATE_PRIV_H

/* Forgets all; for C_Finalize, and for a forked child. */
void operation_state_forget(void);

#endif
