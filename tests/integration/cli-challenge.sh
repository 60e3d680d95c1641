#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# ecert challenge: a nonce that is remembered, its answer found by verify, and taken once.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
start_vcard_socket
provision
cd "$T" || exit 1
E=$ECERT ME=https://buyer.example
STORE=$XDG_STATE_HOME/ecert/challenges
state() { "$E" challenge list --json | jq -r --arg n "$1" '.challenges[] | select(.nonce == $n) | .state'; }

run_ok 'no challenge yet' "$E" challenge list
like "$out" 'There are no challenges' 'as it says'
run_code 2 'a first one without an audience' "$E" challenge
sentence 'For whom has the answer to be' 'asks for it'
for bad in '' ' ' ' buyer.example' 'mail:' 'a b:c' "$(printf 'two\nlines')" "$(printf '%0300d' 7)"; do
	run_code 2 "no audience: '$(printf %.20s "$bad" | tr '\n' _)'" "$E" challenge --audience "$bad"
	like "$err" 'cannot be an audience' 'by name'
	like "$err" 'your own URL .https://buyer.example., or a name without a colon, of up to 255 bytes' 'and what one is'
done
run_code 2 'no day at all' "$E" challenge --audience $ME --days 0
sentence '--days has to be 1 or more' 'is told'
is "$(find "$STORE" -name '*.challenge' 2>/dev/null | wc -l)" 0 'nothing of that is remembered'
run_ok 'a challenge' "$E" challenge --json --audience $ME --for https://wong.example
NONCE=$(field .challenge.nonce)
like "$NONCE" '^[A-Za-z0-9_-]{22}$' 'has a nonce'
like "$(field .challenge.command)" "^ecert attest --audience $ME --nonce $NONCE --merchant https://wong.example -o token.jwt\$" \
	'and a line for the counterparty'
is "$(stat -c %a "$STORE")" 700 'the folder is for its owner'
run_ok 'a quiet one' "$E" challenge --quiet
is "$(state "$out")" open 'tells its nonce, and nothing else'
run_ok 'which is taken back' "$E" challenge remove "$out" --quiet
is "$out" '' 'without a word'
run_ok 'the next one' "$E" challenge --for "Chan's shop"
like "$out" "Audience: *$ME" 'has the same audience'
is "$(state "$NONCE")" open 'the first waits'

# The line as it was printed, by the counterparty.
line=$("$E" challenge list --json | jq -r --arg n "$NONCE" '.challenges[] | select(.nonce == $n) | .command')
eval "set -- ${line#ecert }"
run_ok 'the answer is made by that line' "$E" "$@" --pin-source "file:$T/pin" --chain ca/sub.pem --no-evidence
run_code 10 'an answer by somebody whose CA is not known' "$E" verify token.jwt
is "$(state "$NONCE")" open 'is none'
run_code 2 'another audience' "$E" verify --anchor ca/root.pem --nonce 12345678 token.jwt
run_code 1 'for another audience' "$E" verify --anchor ca/root.pem --audience https://else.example token.jwt
is "$(state "$NONCE")" open 'it is none, either'
run_ok 'another one answers it' "$E" attest --audience $ME --nonce "$NONCE" --merchant https://mallory.example -o mallory.jwt \
	--pin-source "file:$T/pin" --chain ca/sub.pem --no-evidence
run_code 1 'who was not asked' "$E" verify --anchor ca/root.pem mallory.jwt
like "$out" 'subject +it is by https://mallory.example, and https://wong.example was asked' 'by name'
is "$(state "$NONCE")" open 'and uses up nothing'
run_ok 'verify finds the challenge' "$E" verify --anchor ca/root.pem token.jwt
is "$(state "$NONCE")" answered 'which is answered'
run_ok 'the list' "$E" challenge list
like "$out" 'https://wong.example: answered by https://wong.example' 'says by whom'
run_code 1 'the same again' "$E" verify --anchor ca/root.pem token.jwt
like "$err" 'the challenge was answered already' 'is refused by name'
run_code 1 'also with the nonce named' "$E" verify --anchor ca/root.pem --audience $ME --nonce "$NONCE" token.jwt
rm -rf "$XDG_STATE_HOME/ecert/nonces"
run_ok 'another answer to it' "$E" attest --audience $ME --nonce "$NONCE" --merchant https://other.example -o second.jwt \
	--pin-source "file:$T/pin" --chain ca/sub.pem --no-evidence
run_code 1 'which nobody remembers as used' "$E" verify --anchor ca/root.pem second.jwt
like "$err" 'the challenge was answered already' 'is refused as well'

# ---- a nonce of nobody's, and one for another audience ----
run_ok 'a token with a nonce of its own' "$E" attest --audience $ME --nonce 0123456789abcdef --merchant https://other.example \
	-o own.jwt --pin-source "file:$T/pin" --chain ca/sub.pem --no-evidence
run_code 2 'is no answer' "$E" verify --anchor ca/root.pem own.jwt
run_ok 'a challenge for another audience' "$E" challenge --json --audience https://else.example
ELSE=$(field .challenge.nonce)
run_ok 'a token with its nonce for us' "$E" attest --audience $ME --nonce "$ELSE" --merchant https://other.example \
	-o else.jwt --pin-source "file:$T/pin" --chain ca/sub.pem --no-evidence
run_code 1 'does not count' "$E" verify --anchor ca/root.pem else.jwt
like "$out" 'audience +it was made for another audience' 'by its audience'
is "$(state "$ELSE")" open 'and the challenge waits'

# ---- one that is over, one that was taken back ----
jq '.until = .made - 1' "$STORE/$ELSE.challenge" >x && cat x >"$STORE/$ELSE.challenge"
is "$(state "$ELSE")" lapsed 'one whose time is over'
run_code 1 'is not answered any more' "$E" verify --anchor ca/root.pem else.jwt
like "$err" 'the challenge has lapsed' 'as it says'
run_ok 'one is taken back' "$E" challenge remove "$ELSE"
run_code 8 'once' "$E" challenge remove "$ELSE"
run_code 2 'and unknown from then on' "$E" verify --anchor ca/root.pem else.jwt
run_ok 'by its name' "$E" challenge remove "Chan's shop"
run_code 8 'no path is a nonce' "$E" challenge remove ../../../../pin
run_ok 'old ones' "$E" challenge --json
OLD=$(field .challenge.nonce)
jq '.made = 1000000 | .until = 1000001' "$STORE/$OLD.challenge" >x && cat x >"$STORE/$OLD.challenge"
run_ok 'are swept' "$E" challenge list
is "$(find "$STORE" -name "$OLD.challenge" | wc -l)" 0 'from the disk'

# ---- a store that is not ours alone ----
run_ok 'a last one' "$E" challenge --json
LAST=$(field .challenge.nonce)
mv "$STORE/$LAST.challenge" kept && ln -s "$T/kept" "$STORE/$LAST.challenge"
run_ok 'a token for it' "$E" attest --audience https://else.example --nonce "$LAST" --merchant https://other.example \
	-o last.jwt --pin-source "file:$T/pin" --chain ca/sub.pem --no-evidence
run_code 5 'a link in the place of the file' "$E" verify --anchor ca/root.pem last.jwt
sentence 'The file of this challenge is damaged, a link' 'is not followed'
chmod 777 "$STORE"
run_code 5 'a folder for everybody' "$E" challenge
sentence 'The store of challenges is not used' 'is not used'
chmod 700 "$STORE"

# ---- two answers at once ----
run_ok 'a challenge' "$E" challenge --json --audience $ME
BOTH=$(field .challenge.nonce)
for i in 1 2; do
	"$E" attest --audience $ME --nonce "$BOTH" --merchant https://shop$i.example -o both$i.jwt \
		--pin-source "file:$T/pin" --chain ca/sub.pem --no-evidence >/dev/null || bail_out 'attest'
done
"$E" verify --anchor ca/root.pem both1.jwt >one 2>&1 &
one=$!
"$E" verify --anchor ca/root.pem both2.jwt >two 2>&1
two=$?
wait $one
is "$(($? + two))" 1 'of two answers at once one is taken'

# ---- many in one run: the first by its name, whichever process looks at it ----
for round in 1 2 3; do
	"$E" challenge --json --audience $ME --for https://wong.example >full.out || bail_out 'challenge'
	FIRST=$(jq -r .challenge.nonce full.out)
	for who in mallory wong; do
		"$E" attest --audience $ME --nonce "$FIRST" --merchant https://$who.example -o $who$round.token \
			--pin-source "file:$T/pin" --chain ca/sub.pem --no-evidence >/dev/null || bail_out 'attest'
	done
	mkdir many$round
	for i in a b c; do cp mallory$round.token many$round/$i.jwt; done
	for i in d e f g h; do cp wong$round.token many$round/$i.jwt; done
	"$E" verify --anchor ca/root.pem --jobs 4 --recursive --json-lines many$round >lines 2>/dev/null
	is "$(jq -r 'select(.file) | [.file, .verdict, ((.checks // [])[] | select(.state == "failed") | .detail)] | join(" ")' lines)" \
		"$(for i in a b c; do echo "many$round/$i.jwt failed it is by https://mallory.example, and https://wong.example was asked"; done
		echo "many$round/d.jwt passed"
		for i in e f g h; do echo "many$round/$i.jwt failed the challenge was answered already"; done)" "of many answers the first one counts: $round"
done
done_testing
