/* SPDX-License-Identifier: BSD-2-Clause */
/* A progress bar on a terminal; nothing elsewhere. */
#ifndef ECERT_CLI_PROGRESS_H
#define ECERT_CLI_PROGRESS_H

#include "cli/cli.h"

/* at: NULL takes the bar away. */
void progress_show(const struct cli *c, const struct ui_progress *at);

#endif
