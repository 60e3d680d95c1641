#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The same as cli-registry.sh, with every register on PostgreSQL.
REGISTRY_ON=postgresql
. "${top_srcdir:-.}/tests/integration/cli-registry.sh"
