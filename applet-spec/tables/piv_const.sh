#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2016 # the quoted text is awk's, not the shell's
# Writes include/ecert/piv_const.h from the tables beside this script, to standard output.
set -eu
LC_ALL=C
export LC_ALL
cd "$(dirname "$0")"

# rows TABLE AWK: runs AWK over the rows of a table; line(name, value, text) prints one constant.
rows() {
	awk -F'\t' '
	function line(name, value, text) { printf "#define %-32s %s /* %s */\n", "ECERT_" name, value, text }
	function last_line(row) { pending = pending (pending == "" ? "" : " \\\n") "\t" row }
	function bytes(hex,   i, s) {
		s = "{"
		for (i = 1; i < length(hex); i += 2)
			s = s (i > 1 ? ", " : "") "0x" substr(hex, i, 2)
		return s "}"
	}
	/^#/ { next }
	{ '"$2"' }
	END { if (pending != "") print pending }' "$1"
}

section() {
	printf '\n/* %s */\n' "$1"
}

cat <<'EOF'
/* SPDX-License-Identifier: BSD-2-Clause */
/* The card edge as constants, for the card and for the host.
 * Made by applet-spec/tables/piv_const.sh from the tables beside it: edit those. */
#ifndef ECERT_PIV_CONST_H
#define ECERT_PIV_CONST_H

/* clang-format off */
EOF
section 'Instructions'
rows commands.tsv 'line("INS_" $1, "0x" $2, $6)'
section 'Status words'
rows status.tsv 'line("SW_" $1, "0x" $2, $3)'
section 'Algorithm identifiers; the extensions can be renumbered on the card by ALGORITHM MAP'
rows algorithms.tsv 'line("ALG_" $1, "0x" $2, $7)'
section 'Key references'
rows keys.tsv 'line("KEY_" $1, "0x" $2, $5)'
section 'Object tags'
rows objects.tsv 'line("OBJ_" $1, "0x" $2, $6)'
section 'References, tags, policies and limits'
rows constants.tsv 'line($1, $2, $3)'
section 'Byte strings, as initialisers; ECERT_x_LEN is the length'
rows bytes.tsv 'line($1, bytes($2), $3); line($1 "_LEN", length($2) / 2, "bytes")'
section 'OIDs: dotted text, and the content of the DER'
rows oids.tsv 'line("OID_" $1, "\"" $2 "\"", $4); line("OID_" $1 "_DER", bytes($3), "content only"); line("OID_" $1 "_DER_LEN", length($3) / 2, "bytes")'

printf '\n/* Rows for tables: X(name, reference, certificate object, default PIN policy) */\n#define ECERT_KEY_ROWS(X) \\\n'
rows keys.tsv 'last_line("X(" $1 ", 0x" $2 ", 0x" $3 ", ECERT_PIN_POLICY_" $4 ")")'
printf '\n/* X(name, tag, readable without PIN, writable, longest value) */\n#define ECERT_OBJ_ROWS(X) \\\n'
rows objects.tsv 'last_line("X(" $1 ", 0x" $2 ", " ($3 == "free") ", " ($4 != "fixed") ", " $5 ")")'
printf '\n/* X(name, identifier, kind, bits, private key bytes stored, public key bytes stored) */\n#define ECERT_ALG_ROWS(X) \\\n'
rows algorithms.tsv 'last_line("X(" $1 ", 0x" $2 ", " $3 ", " $4 ", " $5 ", " $6 ")")'
printf '\n/* X(name, status word, text) */\n#define ECERT_SW_ROWS(X) \\\n'
rows status.tsv 'last_line("X(" $1 ", 0x" $2 ", \"" $3 "\")")'
printf '\n/* X(command, status word, when) */\n#define ECERT_ANSWER_ROWS(X) \\\n'
rows answers.tsv 'if ($1 != "*") last_line("X(" $1 ", " $2 ", \"" $3 "\")")'
printf '\n/* X(name, instruction, title) */\n#define ECERT_INS_ROWS(X) \\\n'
rows commands.tsv 'last_line("X(" $1 ", 0x" $2 ", \"" $6 "\")")'
cat <<'EOF'
/* clang-format on */

#endif
EOF
