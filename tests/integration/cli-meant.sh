#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Mistyped commands, options and values: the error asks for the one that was meant, in JSON as well.
. "${top_srcdir:-.}/tests/integration/harness.sh"
cd "$T" || exit 1
E=$ECERT

# meant WORDS LINE: it is an error with this question, and with --json the error object has it, too.
meant() {
	# shellcheck disable=SC2086 # words
	run_code 2 "ecert $2" "$E" $2
	like "$err" "^       Did you mean $1\?" "is asked: $1"
	# shellcheck disable=SC2086
	json_from "$E" --json $2 >"$T/out" 2>/dev/null
	is "$(jq -r '.error | "\(.exit) \(.hint)"' "$T/out" | grep -oE "^2 Did you mean $1\?")" \
		"2 Did you mean $(printf '%s' "$1" | tr -d '\\')?" 'in JSON as well'
}
meant '`ecert token list`' 'tokens'
meant '`ecert cert list`' 'certificate'
meant '`ecert token list`' 'list'
meant '`ecert token init`' 'init'
meant '`ecert --version`' 'version'
meant '`ecert trustmark renew`' 'renew'
meant '`ecert token list`' 'tokne lits'
meant '`ecert key generate`' 'key genrate --slot 9c'
meant '`ecert sign`' 'sgin invoice.pdf'
meant '`ecert pin unblock`' 'help pin unblok'
meant '--output' 'sign --ouput x invoice.pdf'
meant '--anchor' 'verify --CAfile ca.pem invoice.pdf'
meant '--reader' '--raeder socket:x token list'
meant "'p256'" 'key generate --alg p265'
meant "'always'" 'key generate --pin-policy alwasy'
meant "'cached'" 'key generate --touch-policy=cahced'
meant "'suspended'" 'trustmark status --issuer https://a.example --status supended mark.jwt'
meant "'pinentry'" 'token list --pin-source pinetry'

# ---- nothing is near, or nothing is wrong ----
run_code 2 'a word that is like none' "$E" frobnicate
like "$err" '^       See `ecert help`\.' 'gets no guess'
run_code 2 'an option that is like none' "$E" sign --frobnicate invoice.pdf
like "$err" "^ecert: There is no option '--frobnicate'\.\$" 'is named'
like "$err" '^       `ecert sign --help` lists the options\.$' 'with where they are listed'
run_code 2 'an option of a command in front of it' "$E" --output x sign invoice.pdf
like "$err" 'It stands behind the command that has it' 'is told where it goes'
run_code 2 'a slot is never guessed at' "$E" key generate --slot 9b
unlike "$err" 'Did you mean' 'because the next one is another key'
run_code 2 'what may not be shown' "$E" sign "--$(printf '\033')[31mred" x
unlike "$err" "$(printf '\033')" 'is not'

# ---- abbreviations ----
run_code 3 'an abbreviation' "$E" --reader socket:nowhere token list --slot 1
like "$err" 'Note: --slot is taken as --slot-id here\. Did you mean --slot-id|Note: --slot is taken as --slot-id here' 'that is another option elsewhere is told'
run_code 3 'where there is an option for what was meant' "$E" --reader socket:nowhere sign --slot 1 /etc/hostname
like "$err" 'Note: --slot is taken as --slot-id here\. Did you mean --id\?' 'it is asked for'
run_code 3 'with --quiet' "$E" --reader socket:nowhere sign -q --slot 1 /etc/hostname
unlike "$err" 'Note' 'nothing is noted'
run_code 3 'one that means what it seems to' "$E" --reader socket:nowhere token list --slot-i 1
unlike "$err" 'Note' 'is no news'
done_testing
