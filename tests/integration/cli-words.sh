#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What the program says is whole, true and names the next step: wrong input of many kinds.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
start_vcard_socket
E=$ECERT
cd "$T" || exit 1
err_field() { jq -r ".error.$1" "$T/out"; }

# ---- names with unusual bytes: whole in JSON, masked on the terminal ----
odd=$(printf 'caf\351 \342\200\256fdp') # a byte that is no UTF-8, and an override
whole=$(printf 'caf\\xe9 \342\200\256fdp')
run_code 6 'no such file' "$E" sign --json "$odd"
is "$(err_field message)" "Cannot read $whole: No such file or directory" 'sign: the whole name'
like "$(cat "$T/out")" '\\\\xe9 \\u202efdp' 'escaped as the manual says'
like "$err" 'Cannot read caf\? \?\?\?fdp: No such' 'on the terminal without what steers it'
run_code 6 'no such file' "$E" verify --json "$odd"
like "$(err_field message)" "${whole#caf}" 'verify: the whole name'
run_code 2 'one argument too many' "$E" --json token list "$odd"
is "$(err_field message)" "this command takes no argument ('$whole')" 'a wrong line: the whole word'
like "$err" "no argument \('caf\? \?\?\?fdp'\)" 'and masked on the terminal'
run_code 2 'no number' "$E" token list --json --slot-id "$odd"
is "$(err_field message)" "--slot-id takes a number, not '$whole'" 'a wrong number: the whole word'
run_code 2 'no such command' "$E" --json cert "$odd"
is "$(err_field message)" "There is no command 'cert $whole'" 'a wrong command: the whole word'
long=$(printf '%04000d' 7)/$(printf '%04000d' 7)
run_code 6 'a name beyond all limits' "$E" --json sign "$long"
is "$(err_field message)" "Cannot read $long: File name too long" 'is whole, too'

provision
printf x >"$odd"
run_ok 'answers' sign --json "$odd"
is "$(jq -r '.signed[0].file' "$T/out")" "$whole" 'have it whole'
run_code 5 'a request into a file that is there' "$E" cert request --slot 9c --subject CN=W --json -o "$odd" \
	--pin-source "file:$T/pin"
is "$(err_field message)" "$whole exists already" 'its name'
run_ok 'a request' "$E" cert request --slot 9c --subject CN=W --json -f -o "$odd.req" --pin-source "file:$T/pin"
is "$(field .request)" "$whole.req" 'and its file in JSON'
run_ok 'a certificate' "$E" cert export --slot 9c --json -o "$odd.crt"
is "$(field .file)" "$whole.crt" 'and its file in JSON'
done_testing
