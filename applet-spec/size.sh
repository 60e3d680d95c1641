#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Builds the core freestanding for a Cortex-M4 and says what it needs there. One line:
#   applet-size text=T data=D bss=B state=S stack=K deepest=FUNCTION>FUNCTION...
# state: bytes of struct ap; stack: bytes of the deepest chain of calls, without the HAL's own.
# Fails when the core needs anything beyond the four memory functions, or calls itself.
set -eu
: "${top_srcdir:=$(cd "$(dirname "$0")/.." && pwd)}"
: "${ARM_CC:=arm-none-eabi-gcc}"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
core=$top_srcdir/applet-spec/core
flags="-std=gnu11 -Os -mcpu=cortex-m4 -mthumb -ffreestanding -ffunction-sections
	-Wall -Wextra -Werror -I$top_srcdir -I$top_srcdir/include"

for f in "$core"/*.c; do
	# shellcheck disable=SC2086 # the flags are words
	"$ARM_CC" $flags -fstack-usage -fcallgraph-info=su -c "$f" -o "$tmp/$(basename "$f" .c).o"
done
printf '#include "applet-spec/core/applet.h"\nstruct ap ap;\n' >"$tmp/state.c"
# shellcheck disable=SC2086
"$ARM_CC" $flags -c "$tmp/state.c" -o "$tmp/state.elf"

"$ARM_CC" -nostdlib -r "$tmp"/*.o -o "$tmp/core.elf"
foreign=$(arm-none-eabi-nm -u "$tmp/core.elf" | awk '{ print $2 }' |
	grep -v -x -E 'mem(cpy|move|set|cmp)' || true)
if [ -n "$foreign" ]; then
	echo "applet-size: the core needs $foreign" >&2
	exit 1
fi

sizes=$(arm-none-eabi-size "$tmp/core.elf" | awk 'NR == 2 { print "text=" $1, "data=" $2, "bss=" $3 }')
state=$(arm-none-eabi-size "$tmp/state.elf" | awk 'NR == 2 { print $3 }')

# The call graph as gcc writes it. Calls by pointer: from dispatch to every command, otherwise
# to the HAL, and to the filter that ap_st_rewrite is given.
cat "$tmp"/*.ci | tr '{' '\n' | awk -v sizes="$sizes" -v state="$state" '
	function field(s, name) {
		if (!match(s, name ": \"[^\"]*\""))
			return ""
		s = substr(s, RSTART, RLENGTH)
		sub(/^[^"]*"/, "", s)
		sub(/"$/, "", s)
		sub(/^.*:/, "", s)
		return s
	}
	function depth(f,   i, n, best, to, d) {
		if (f in known)
			return known[f]
		if (f in open) {
			print "applet-size: " f " calls itself" > "/dev/stderr"
			bad = 1
			return 0
		}
		open[f] = 1
		n = split(calls[f], to, " ")
		best = 0
		for (i = 1; i <= n; i++) {
			d = depth(to[i])
			if (d > best) {
				best = d
				next_call[f] = to[i]
			}
		}
		delete open[f]
		return known[f] = stack[f] + best
	}
	/sourcename:/ {
		from = field($0, "sourcename")
		to = field($0, "targetname")
		if (to == "__indirect_call")
			pointer[from] = 1
		else
			calls[from] = calls[from] " " to
	}
	/title:/ && /bytes/ {
		f = field($0, "title")
		match($0, /[0-9]+ bytes/)
		stack[f] = substr($0, RSTART, RLENGTH) + 0
	}
	END {
		handlers = "ap_select ap_get_data ap_put_data ap_verify ap_change_reference" \
		    " ap_reset_retry ap_general_authenticate ap_generate ap_algorithm_map" \
		    " ap_move_key ap_get_metadata ap_get_serial ap_attest ap_set_retries" \
		    " ap_global_reset ap_get_version ap_import ap_set_mgm_key"
		for (f in pointer)
			if (f == "dispatch" || f == "ap_process")
				calls[f] = calls[f] " " handlers
		deepest = 0
		for (f in stack)
			if (depth(f) > deepest) {
				deepest = known[f]
				top = f
			}
		chain = top
		for (f = top; f in next_call; f = next_call[f])
			chain = chain ">" next_call[f]
		print "applet-size", sizes, "state=" state, "stack=" deepest, "deepest=" chain
		exit bad
	}'
