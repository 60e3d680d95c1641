/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert: provisions tokens, signs with them, and verifies what others signed. */
#include <stdio.h>

#include "cli/cli.h"
#include "cli/language.h"
#include "ui/guard.h"

int main(int argc, char **argv)
{
	language_begin();
	/* Who watches through a pipe sees each line when it is said. */
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	guard_process();
	return (int)cli_main(argc, argv);
}
