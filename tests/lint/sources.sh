# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# Sourced by the lints: which files there are (also in an unpacked release, where git knows nothing).
. "${top_srcdir:-.}/tests/integration/harness.sh"
cd "$top_srcdir" || exit 1

rooms='include middleware pkcs11 applet-spec tests udev man'
# c_files, headers: C sources.
c_files() { find $rooms -name '*.[ch]' -type f | sort; }
headers() { find $rooms -name '*.h' -type f | sort; }
# scripts: everything that begins with #!, and the harness that others source.
scripts() {
	{
		find $rooms -type f ! -name '*.[ch]' ! -name '*.pdf' ! -path 'tests/fuzz/corpus/*' \
			-exec grep -lE '^#!' {} +
		grep -lE '^#!' bootstrap .ci/run
		echo tests/integration/harness.sh
	} | sort -u
}
# text_files: everything written by hand.
text_files() {
	c_files
	scripts
	find $rooms -name Makefile.inc
	find $rooms -name '*.tsv'
	ls Makefile.am configure.ac README.md .clang-format
}
# each NAME COMMAND...: one assertion for all: the command's output lists what is wrong.
nothing_from() {
	local name="$1"
	shift
	"$@" >"$T/found" 2>&1
	if [ -s "$T/found" ]; then
		not_ok "$name"
		diag <"$T/found"
	else ok "$name"; fi
}
