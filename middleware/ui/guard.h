/* SPDX-License-Identifier: BSD-2-Clause */
/* Keeps what people entrust to this process inside of it. */
#ifndef ECERT_UI_GUARD_H
#define ECERT_UI_GUARD_H

/* At the start: no core dump, and no dump has the environment, where a PIN may stand. */
void guard_process(void);
/* Before the first secret comes in: no other process of the same user may look inside. Not before:
 * ecertd could not see which program it is that asks (proc(5), exe). */
void guard_secrets(void);

#endif
