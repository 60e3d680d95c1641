#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# An issuer's desk and a merchant, each with a token: an application, more wanted, another one, the
# mark, suspended, resumed, renewed, revoked; and a register that somebody wrote into. On SQLite, and
# on PostgreSQL when cli-registry-postgresql.sh says so with REGISTRY_ON: then without what is behind
# `on sqlite`, which is of no store: forged delegations, what stands on a page, every JWT by jose.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
cd "$T" || exit 1
E=$ECERT ISS=https://alliance.example SHOP=https://harbourlights.example
PIN_OPT="--pin-source file:$T/pin"

start_vcard_socket
provision
MERCHANT=$ECERT_READER
STATE=$T/issuer.state
spawn "$VCARD" --state "$STATE" --listen "$T/issuer.socket"
wait_for 30 test -S "$T/issuer.socket" || bail_out 'no second token'
ISSUER="socket:$T/issuer.socket"
export ECERT_READER="$ISSUER"
mv escrow.json merchant.json
"$E" -q token init --escrow escrow.json --new-pin-source "file:$T/pin" --new-puk-source "file:$T/puk" || bail_out 'token init'
# shellcheck disable=SC2086
"$E" -q key generate --slot 9c --alg p256 $MGM -o issuer.pub || bail_out 'key generate'
mv 9c.pem shop.pem
certify 9c issuer.pub signing
mv 9c.pem issuer.pem

# store_of NAME: where a register is, in $store; an empty database of a server is made first.
if [ "${REGISTRY_ON:-sqlite}" = postgresql ]; then
	. "$top_srcdir/tests/integration/postgresql-lib.sh"
	start_postgresql
	store_of() {
		database "$1"
		store="postgresql:host=$PG_DIR user=registry dbname=$1"
	}
	STATUS_PEM=$XDG_STATE_HOME/ecert/status-key.pem
else
	store_of() { store=$1.sqlite; }
	STATUS_PEM=desk.sqlite.status.pem
fi
# on KIND: the registers are there.
on() { [ "${REGISTRY_ON:-sqlite}" = "$1" ]; }
json_means=fetched=registry-review
store_of desk
DESK=$store
registry() { "$E" registry "$@" --store "$DESK"; }
# shellcheck disable=SC2086
merchant() { ECERT_READER=$MERCHANT "$E" trustmark "$@" $PIN_OPT --chain ca/sub.pem; }
state() { registry list --json | jq -r --argjson id "$1" '.applications[] | select(.id == $id) | .state'; }
# later DAYS COMMAND...: on a day that has not come yet.
later() {
	local days=$1
	shift
	env LD_PRELOAD="${asan:+$asan }$top_builddir/tests/integration/later.so" LATER_SECONDS=$((days * 86400)) "$@"
}
# verified MARK: as anybody does.
verified() { "$E" verify --mark-issuer "$ISS=issuer.pem" "$@"; }
sed "s|https://trustmark\.example\"|$ISS\"|" "$top_srcdir/tests/data/renewal.json" >request.json

# ---- a register ----
run_code 6 'a register that is not there' registry list
on postgresql || sentence "Cannot use the register .*desk.sqlite" 'a register that is not there'
run_code 2 'one of nobody' registry init
if on sqlite; then
	python3 -c 'import sqlite3; d = sqlite3.connect("notes.sqlite"); d.execute("CREATE TABLE notes (n)"); d.commit()'
	cp notes.sqlite notes.before
	run_code 6 'a database of another program' "$E" registry list --store notes.sqlite
	sentence 'Cannot use the register notes.sqlite: it is a database of another program' 'as it says'
	run_code 6 'not to be made a register' "$E" registry init --issuer $ISS --store notes.sqlite
	run_ok 'which is as it was' cmp notes.sqlite notes.before
fi
run_ok 'one begins' registry init --json --issuer $ISS
is "$(field .issuer)" $ISS 'of this issuer'
run_code 5 'once' registry init --issuer https://other.example
like "$err" "there already, that of $ISS" 'once, as it says'
on postgresql || is "$(stat -c %a desk.sqlite)" 600 'it is its owner'"'"'s alone'
run_ok 'nobody has applied' registry list
like "$out" 'There are no applications' 'as it says'

# ---- the first application ----
run_ok 'the merchant applies' merchant apply --request request.json -o first.jwt
run_ok 'which is no renewal' "$E" trustmark show --json first.jwt
is "$(field .claims.hktm_prev)" null 'which is no renewal'
run_code 1 'by a CA that the issuer does not know' registry receive --anchor issuer.pem first.jwt
sed 's/.$//' first.jwt | tr -d '\n' >cut.jwt
run_code 1 'one that was cut' registry receive --anchor ca/root.pem cut.jwt
like "$err" 'signature' 'for its signature'
sed "s|$ISS\"|https://else.example\"|" request.json >else.json
merchant apply --request else.json -o else.jwt >/dev/null 2>&1
run_code 1 'one to another issuer' registry receive --anchor ca/root.pem else.jwt
like "$err" 'audience.*else.example' 'for whom it is'
is "$(registry list --json | jq '.applications | length')" 0 'none of them was taken in'
run_ok 'the good one is' registry receive --json --anchor ca/root.pem first.jwt
ID=$(field .application.id)
is "$(field .application.state)" received 'it is received'
is "$(field .application.merchant)" $SHOP 'from the shop'
run_code 5 'a second time' registry receive --anchor ca/root.pem first.jwt
like "$err" "handed in before, as application $ID" 'a second time, by its number'

# ---- review, more wanted, again ----
run_ok 'on one sheet' registry review "$ID"
like "$out" 'Company: +Harbour Lights' 'the company, by the certificate'
like "$out" "Business number: +5123456700000000, the certificate's" 'the business number against the certificate'
like "$out" 'Item: +1$' 'items of the code of practice'
like "$out" 'Statement: +Prices are total prices' 'what is said of each'
like "$out" 'Indicator: +2\.3\.1' 'entries of evidence'
like "$out" 'Value: +97\.4 percent' 'a number as it was written'
like "$out" 'Evidence: +https://harbourlights.example/about' 'where evidence is'
is "$(state "$ID")" in-review 'it is in review'
run_ok 'the same for programs' registry review --json "$ID"
like "$(cat "$T/out")" '"value": ?97\.4[,}]' 'with the same digits'
is "$(field .br_no_confirmed)" true 'and the number that the certificate has'
run_code 2 'more, without a word' registry more "$ID"
run_ok 'more is wanted' registry more --reason '退貨條款 are missing' "$ID"
is "$(state "$ID")" more-wanted 'it waits for the merchant'
run_code 5 'it cannot be granted so' registry grant $PIN_OPT "$ID"
like "$err" 'more wanted, and cannot be granted' 'it cannot be granted so, as it says'
run_code 5 'nor suspended' registry suspend --reason x $SHOP
run_ok 'the merchant applies again' merchant apply --request request.json -o second.jwt
run_ok 'it is taken in' registry receive --json --anchor ca/root.pem second.jwt
SECOND=$(field .application.id)
is "$(state "$ID")" expired 'and takes the place of the first'

# ---- granted ----
run_code 4 'a wrong PIN' registry grant --pin-source "file:$T/wrong" "$SECOND"
is "$(state "$SECOND")" received 'grants nothing'
mkdir full
run_code 6 'a mark that cannot be written' sh -c "ulimit -f 0; trap '' XFSZ; \"$E\" registry grant --store '$DESK' \
	$PIN_OPT --folder full $SECOND"
is "$(state "$SECOND")" received 'is not granted'
run_ok 'granted' registry grant --json $PIN_OPT "$SECOND"
is "$(field '.granted[0].file')" "./mark-$SECOND.jwt" 'the mark is in a file'
MARK=mark-$SECOND.jwt
run_ok 'it verifies, for this shop' verified "$MARK"
run_ok 'it names its request' "$E" trustmark show --json "$MARK"
is "$(field .claims.hktm_request)" "$(tr -d '\n' <second.jwt | openssl dgst -sha256 -binary | base64url)" 'it names its request'
run_code 5 'granted once' registry grant $PIN_OPT "$SECOND"

# ---- suspended, resumed, renewed, revoked ----
status() { registry review --json "$1" | jq -r .mark.status; }
run_ok 'suspended' registry suspend --reason 'Complaints' harbourlights.example
is "$(status "$SECOND")" suspended 'the mark is'
run_code 5 'twice' registry suspend --reason 'Complaints' $SHOP
run_ok 'resumed' registry resume --json $SHOP
is "$(field .marks)" 1 'it was one mark'
is "$(status "$SECOND")" active 'which counts again'
run_ok 'the merchant renews it' merchant renew --request request.json --mark "$MARK" -o renewal.jwt
run_ok 'which is taken in' registry receive --json --anchor ca/root.pem renewal.jwt
THIRD=$(field .application.id)
is "$(field .application.renewal)" true 'as a renewal'
# Its evidence: one number for shoppers, one for the issuer alone, both with their own digits.
run_ok 'another shop' sh -c "sed 's|harbourlights|second|g' request.json |
	jq '.evidence = [.evidence[0] + {public: true, value: \"97.40\"}, .evidence[0] + {public: true}, .evidence[0] + {value: 31.7, method: \"kept dark\"}]' >other.json"
merchant apply --request other.json -o other.jwt >/dev/null 2>&1
run_ok 'applies' registry receive --json --anchor ca/root.pem other.jwt
FOURTH=$(field .application.id)
run_ok 'both with one PIN' registry grant --json $PIN_OPT "$THIRD" "$FOURTH"
is "$(field '.granted | length')" 2 'are granted'
run_ok 'the new mark verifies' verified "mark-$THIRD.jwt"
is "$(status "$SECOND")" revoked 'the old mark is over'
is "$(registry review --json "$SECOND" | jq -r .mark.reason)" 'renewed by a later mark' 'because it was renewed'
is "$(status "$THIRD")" active 'the new one counts'
run_ok 'revoked' registry revoke --reason 'Fraud' harbourlights.example
is "$(status "$THIRD")" revoked 'its mark is'
is "$(status "$FOURTH")" active 'the other shop has its own'
run_code 5 'which has no way back' registry resume $SHOP
run_code 8 'who is no member' registry revoke --reason 'Fraud' nobody.example
merchant apply --request request.json -o again.jwt >/dev/null 2>&1
run_ok 'a new application' registry receive --json --anchor ca/root.pem again.jwt
FIFTH=$(field .application.id)
run_ok 'is refused' registry refuse --json --reason 'Fraud' "$FIFTH"
is "$(field .application.reason)" Fraud 'with its reason'
run_ok 'listed' registry list --json --state granted
is "$(field '.applications | map(.id) | tostring')" "[$FOURTH]" 'only those that are granted'
run_code 2 'listed by a state that is none' registry list --state good

on sqlite && . "$top_srcdir/tests/integration/registry-evidence-lib.sh"
. "$top_srcdir/tests/integration/registry-site-lib.sh"
. "$top_srcdir/tests/integration/registry-alliance-lib.sh"
. "$top_srcdir/tests/integration/registry-chain-lib.sh"
done_testing
