#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# `ecert help words`: every word that a newcomer stumbled over is explained, and so is every
# abbreviation that any help text has.
. "${top_srcdir:-.}/tests/integration/harness.sh"
cd "$T" || exit 1
E=$ECERT

run_ok 'all words' "$E" help words
printf '%s\n' "$out" >all
is "$(awk 'length > 79' all)" '' 'fit on a terminal'
is "$(grep -cE '^[^ ]' all)" "$(grep -cE '^$' all | awk '{ print $1 + 1 }')" 'stand apart'
# The words of the people who tried it first.
while read -r word; do
	# shellcheck disable=SC2086 # as a person types them
	run_ok "what is: $word" "$E" help words $word
	is "$(printf '%s\n' "$out" | head -n 1 | tr 'A-Z' 'a-z')" "$(printf '%s' "$word" | tr 'A-Z' 'a-z')" 'is the one asked for'
	like "$out" '^    (In|Also): |^    In many commands\.' 'and says where it is met'
done <<-END
	PUK
	escrow
	management key
	slot 9c
	CAdES
	anchor
	intermediate
	nonce
	audience
	kid
	unable to get local issuer certificate
	CRL
	OCSP
	PIV
	PKCS#11
	token
	trust mark
	attestation
	trust list
	seal
	journal
END
run_ok 'one of them' "$E" help words puk
is "$out" 'PUK
    The code that unblocks a PIN after too many wrong tries. When the PUK is
    blocked as well, the token can only be reset, and its keys are gone.
    In: token init, token reset, pin change, pin unblock' 'is explained, with the commands that have it'
run_ok 'with a hyphen' "$E" help words management-key
like "$out" '^management key$' 'it is found, too'

# ---- what help texts say ----
"$E" help completion-table >table
"$E" help | sed -nE 's/^  ecert ([a-z]+( [a-z]+)?)  .*/\1/p' >commands
at_most 30 "$(wc -l <commands)" 'there are commands'
while read -r command; do
	# Examples and templates have names of people in them.
	# shellcheck disable=SC2086
	"$E" $command --help | sed '/^Examples*:$/,/^$/d; /^A template/,/^$/d' | sed "s/'C=HK[^']*\('\|\$\)//; s/^ *Mei'//"
done <commands >help
# What stands for a value says in its own line what it is.
cut -d'|' -f4 table | grep -oE '[A-Z][A-Z0-9]+' | sort -u | grep -vxE 'HEX|JSON|PEM|URL' >values
printf '%s\n' OPTION NAME ADDRESS HOST PAGE >>values
grep -oE '(^|[^A-Za-z0-9_])[A-Z][A-Za-z0-9#]*[A-Z0-9][A-Za-z0-9]*' help | grep -oE '[A-Z][A-Za-z0-9#]*$' | sort -u | grep -vxF -f values >short
at_most 12 "$(wc -l <short)" 'abbreviations are found'
is "$(while read -r word; do "$E" help words "$word" >/dev/null 2>&1 || echo "$word"; done <short)" '' 'and each is explained'
is "$(awk -F'|' '$2 ~ /^--(level|alg)$/ { print $6 }' table | tr ' ' '\n' | sort -u | grep -vx none |
	while read -r word; do "$E" help words "$word" >/dev/null 2>&1 || echo "$word"; done)" '' 'so is each level and algorithm'

# ---- what there is not ----
run_code 2 'a mistyped word' "$E" help words PKU
like "$err" '^       Did you mean `ecert help words PUK`\?' 'is asked about'
run_code 2 'in JSON' "$E" help words PKU --json
is "$(jq -r .error.hint "$T/out" | cut -c1-37)" 'Did you mean `ecert help words PUK`? ' 'as well'
run_code 2 'a word that is like none' "$E" help words frobnicate
like "$err" '^       `ecert help words` explains all there are\.' 'gets no guess'
done_testing
