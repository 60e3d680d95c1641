#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Many tokens set up by one administrator: a folder of escrows, one token after the other, those that
# fail in between, and the whole thing taken up again.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
cd "$T" || exit 1
E=$ECERT
VCARD_SOCKET=$T/vcard.socket
REAL=$VCARD
mkdir escrows

# plug SERIAL [OPTION...]: this token instead of the one before, with a state of its own.
plug() {
	unplug
	serial=$1 STATE=$T/$1.state
	shift
	start_vcard_socket --serial "$serial" "$@"
}
unplug() {
	[ -z "${VCARD_PID:-}" ] || end "$VCARD_PID"
	rm -f "$VCARD_SOCKET"
	VCARD_PID=
}
# the Nth token's line has been said
said() { [ "$(grep -c 'Put the next token in' many.err)" -ge "$1" ]; }

# ---- a folder ----
plug 1001
run_code 2 'many without a folder' "$E" token init --many --generate
run_code 2 'file and folder' "$E" token init --escrow x.json --escrow-dir escrows
run_code 6 'a folder that is not there' "$E" token init --generate --escrow-dir nowhere
run_ok 'one token into the folder' "$E" token init --generate --escrow-dir escrows --json
is "$(field '[.serial, .escrow, .already] | join(" ")')" '1001 escrows/1001.json false' 'under its serial number'
is "$(stat -c %a escrows/1001.json)" 600 'for its owner only'
cp escrows/1001.json kept
run_ok 'the same again' "$E" token init --generate --escrow-dir escrows --json
is "$(field .already)" true 'is done already'
is "$(cmp escrows/1001.json kept && echo same)" same 'and its escrow is as it was'
secret escrows/1001.json puk >puk
printf '%s\n' "$PIN" >pin
run_ok 'its owner changes the PIN' "$E" pin unblock --puk-source file:puk --new-pin-source file:pin
run_ok 'and it is done still' "$E" token init --generate --escrow-dir escrows
run_ok 'with' "$E" pin status --json
is "$(field .pin_tries)" 3 'no try used'
sed 's/\("management_key": "\)....../\1000000/' kept >escrows/1001.json
run_code 5 'an escrow with another key' "$E" token init --generate --escrow-dir escrows
sentence 'not its management key is on the token' 'an escrow with another key'
cp kept escrows/1001.json

# ---- interrupted: the folder knows ----
for n in 8 12 14 16; do
	plug $((2000 + n)) --pull-after $n
	"$E" -q token init --generate --escrow-dir escrows >/dev/null 2>&1
	plug $((2000 + n))
	run_ok "pulled at command $n: gone on with by the same command" "$E" token init --generate --escrow-dir escrows
	run_ok "pulled at $n: no factory secret is left" "$E" pin status --json
	is "$(field '[.pin_default, .puk_default, .management_key_default] | any')" false "pulled at $n: by metadata"
	secret "escrows/$((2000 + n)).json" puk >puk
	run_ok "pulled at $n: the escrow's PUK is right" "$E" pin unblock --puk-source file:puk --new-pin-source file:pin
done

# ---- the last step: the key behind the PIN ----
run_ok '--protect for a token that is done' "$E" token init --generate --protect --escrow-dir escrows --json
is "$(field '[.already, .management_key_protected] | join(" ")')" 'true true' 'takes that step alone'
run_ok 'which is no less done without --protect' "$E" token init --generate --escrow-dir escrows --json
is "$(field '[.already, .management_key_protected] | join(" ")')" 'true true' 'and the key stays where it is'
run_ok 'whose PIN, changed by its owner,' "$E" pin status --json
is "$(field .pin_tries)" 3 'was not tried'
run_ok 'is enough to renew' "$E" key generate --slot 9a --pin-source file:pin
for n in 17 19 20 21; do
	plug $((4000 + n)) --pull-after $n
	"$E" -q token init --generate --protect --escrow-dir escrows >/dev/null 2>&1
	plug $((4000 + n))
	run_ok "protected, pulled at $n: gone on with" "$E" token init --generate --protect --escrow-dir escrows --json
	is "$(field .management_key_protected)" true "protected, pulled at $n: it says so"
	secret "escrows/$((4000 + n)).json" pin >pin
	run_ok "protected, pulled at $n: the PIN is enough" "$E" key generate --slot 9a --pin-source file:pin
done
plug 4100
run_ok 'a new token among those that are resumed' "$E" token init --generate --resume --escrow-dir escrows --json
is "$(field '[.serial, .already] | join(" ")')" '4100 false' 'is set up as a new one'
run_ok 'and resumed once more' "$E" token init --generate --resume --escrow-dir escrows --json
is "$(field .already)" true 'is done'

# ---- one after the other ----
unplug
spawn sh -c "exec \"$E\" token init --generate --escrow-dir escrows --many --json >many.out 2>many.err"
MANY=$!
wait_for 30 grep -q 'first token' many.err || bail_out 'does not begin'
plug 3001
wait_for 60 said 1
plug 3002
wait_for 60 said 2
plug 1001
wait_for 60 said 3
VCARD=$top_builddir/tests/integration/foreign-card
export ECERT_TEST_SKIN=base
plug 3003
wait_for 60 said 4
VCARD=$REAL
plug 3004
wait_for 60 said 5
like "$(tail -n 1 many.err)" '^3 set up, 1 before, 1 failed' 'each is counted'
kill -INT "$MANY"
wait "$MANY"
is $? 7 'the exit code is that of the first that failed'
cp many.out out
json_keep out "$E" token init
is "$(field '[.set_up, .already, .failed] | join(" ")')" '3 1 1' 'Ctrl-C ends it with a summary'
is "$(field '[.tokens[] | .serial[0:4] + (.error // "")] | .[0:3] + .[4:] | join(" ")')" '3001 3002 1001 3004' 'of each token'
is "$(field '.tokens[3].error')" card 'and why one failed'
is "$(cd escrows && echo 30*)" '3001.json 3002.json 3004.json' 'an escrow each, none of the one that failed'
is "$(jq -r .management_key escrows/*.json | sort | uniq -d)" '' 'no key twice'
for s in 3001 3002 3004; do
	plug $s
	run_ok "token $s" "$E" key generate --slot 9a --management-key-source "file:escrows/$s.json"
done
done_testing
