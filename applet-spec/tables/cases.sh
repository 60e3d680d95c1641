#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Writes applet-spec/conformance/cases.h from cases.tsv, to standard output.
set -eu
cd "$(dirname "$0")"

cat <<'EOF'
/* SPDX-License-Identifier: BSD-2-Clause */
/* The read-only conformance cases.
 * Made by applet-spec/tables/cases.sh from cases.tsv beside it: edit that. */
#ifndef ECERT_CONFORMANCE_CASES_H
#define ECERT_CONFORMANCE_CASES_H

/* clang-format off */
/* X(id, clause, needs, before, command, status words, answer, text) */
EOF
printf '#define ECERT_CASE_ROWS(X)'
awk -F'\t' '!/^#/ {
	printf " \\\n\tX("
	for (i = 1; i <= NF; i++)
		printf("%s\"%s\"", (i > 1 ? ", " : ""), $i)
	printf ")"
}' cases.tsv
cat <<'EOF'

/* clang-format on */

#endif
EOF
