/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert: provisions tokens, signs with them, and verifies what others signed. */
#include "cli/cli.h"

int main(int argc, char **argv)
{
	return (int)cli_main(argc, argv);
}
