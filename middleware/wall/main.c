/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert-wall: reads a hostile file for another program of this package, and can do nothing else. */
#include <unistd.h>

#include "wall/wall.h"

int main(void)
{
	/* No destructor of a library runs where system calls are refused. */
	_exit(wall_gate(wall_ops, wall_ops_n));
}
