#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Every command once with --json, in each form of its answer: no schema is one that no document meets.
. "${top_srcdir:-.}/tests/integration/harness.sh"
with_pcscd "$@"
. "$top_srcdir/tests/integration/cli-lib.sh"
. "$top_srcdir/tests/integration/stamps-lib.sh"
E=$ECERT
ISS=https://trustmark.example HOLDER=https://harbourlights.example ME=https://buyer.example
NONCE=nonce-0001
"$VCARD" --state "$STATE" --serial 1001 --print-test-root >"$T/test-root.pem" || bail_out 'no TEST root'
start_vcard --serial 1001
cd "$T" || exit 1

# ---- a token ----
mkdir escrows
"$E" token init --generate --escrow-dir escrows --many --json >many.out 2>many.err &
many=$!
wait_for 60 grep -q '^1 set up' many.err || bail_out 'no token is set up'
kill -INT "$many"
wait "$many"
json_keep many.out "$E" token init --many
run_ok 'token init' "$E" token init --generate --escrow-dir escrows --json
is "$(field '[.already, .management_key] | join(" ")')" 'true ' 'a kind of key that was not asked for is null'
MGM="--management-key-source file:escrows/1001.json"
run_ok 'token list' "$E" token list --json
run_ok 'token label' "$E" token label Accounts --json $MGM
printf '%s\n' "$PIN" >pin
run_ok 'pin change' "$E" pin change --pin-source file:escrows/1001.json --new-pin-source file:pin --json
run_ok 'pin status' "$E" pin status --json

# ---- a key and its certificate ----
run_ok 'key generate' "$E" key generate --slot 9c -o 9c.pub --json $MGM
run_ok 'key label' "$E" key label Tax --slot 9c --json $MGM
run_ok 'key list' "$E" key list --json
is "$(field '.keys[0].certificate')" null 'a key without a certificate'
run_ok 'cert request' "$E" cert request --slot 9c --subject 'CN=WONG Mei' --pin-source file:pin -o 9c.csr --attestation 9c.att --json
KEY=ec "$DEMO_CA" init ca && "$DEMO_CA" certify ca 9c.pub 9c.pem signing || bail_out 'demo-ca'
run_ok 'cert import' "$E" cert import 9c.pem --slot 9c --json $MGM
cat ca/root.pem ca/sub.pem >cas.pem
run_ok 'cert import of CAs' "$E" cert import cas.pem --json $MGM
run_ok 'cert label' "$E" cert label Tax --slot 9c --json $MGM
run_ok 'cert list' "$E" cert list --json
run_ok 'cert export' "$E" cert export --slot 9c -o wong.pem --json
KEY=ec "$DEMO_CA" make ca other || bail_out 'demo-ca'
openssl pkcs12 -export -inkey ca/other.key -in ca/other.pem -out other.p12 -passout pass:x
echo x >password
run_ok 'key import' "$E" key import other.p12 --slot 9a --password-source file:password --json $MGM
run_ok 'key list' "$E" key list --json
is "$(field '.keys[] | select(.slot == "9c") | .certificate.serial')" \
	"$(openssl x509 -in 9c.pem -noout -serial | cut -d = -f 2)" 'a key shows whom its certificate names, as everywhere'
cp "$MODULE" another.so
run_ok 'key list of another module' "$E" --module "$T/another.so" key list --json
run_ok 'token info' "$E" token info --json
is "$(field '[.card.pin_tries, .card.puk_tries] | map(type) | join(" ")')" 'number number' 'with its tries'

# ---- signatures ----
echo one >one.txt
PIN_FILE='--pin-source file:pin --chain ca/sub.pem'
run_ok 'sign' "$E" sign --json $PIN_FILE one.txt
echo two >two.txt
# No room for a signature; what is said goes through a pipe.
(ulimit -f 0; trap '' XFSZ; "$E" sign --json $PIN_FILE two.txt 2>/dev/null) | cat >early.out
json_keep early.out "$E" sign
is "$(jq -r '[.error.code, (.signed | length), .not_signed[0]] | join(" ")' early.out)" 'io 0 two.txt' 'sign that ended early'
run_ok 'verify of a signature' "$E" verify --json --anchor ca/root.pem one.txt
run_code 1 'verify of something else' "$E" verify --json --mark-issuer ca/sub.pem one.txt
run_code 6 'an error' "$E" verify --json none.txt
run_code 6 'verify of many' "$E" verify --json-lines --anchor ca/root.pem one.txt none.txt one.txt
sed -n 2p "$T/out" >line && json_keep line verify --json-lines
sed -n 4p "$T/out" >line && json_keep line verify --json-lines

# ---- signatures that last ----
make_tsa_config
make_ca tsaroot
make_cert tsa tsaroot 60 'basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\n'
mkdir -p srv/www
cp ts.cnf ts.serial tsaroot.pem tsaroot.key tsa.pem tsa.key srv
spawn "$top_srcdir/tests/integration/online-server" "$T/srv"
wait_for 30 test -s srv/port || bail_out 'no server'
PORT=$(cat srv/port)
LAST="--json --anchor ca/root.pem --tsa-anchor tsaroot.pem --tsa http://127.0.0.1:$PORT/tsa/tsa"
run_ok 'extend' "$E" extend $LAST --level T one.txt.p7s
run_code 10 'extend that left something alone' "$E" extend $LAST --level LT one.txt.p7s

# ---- documents of trust ----
jq --arg iss $ISS '.issuer = $iss' "$top_srcdir/tests/data/renewal.json" >request.json
renewed() { "$E" trustmark renew --request request.json $PIN_FILE "$@"; }
granted() { "$E" trustmark grant --anchor ca/root.pem --issuer $ISS --nonce-store "$(mktemp -d used.XXXXXX)" --pin-source file:pin request.jwt "$@"; }
stated() { "$E" trustmark status --issuer $ISS --status active --reason 'as ever' --pin-source file:pin mark.jwt "$@"; }
listed() { "$E" trustlist sign --pin-source file:pin list.json "$@"; }
attest() { "$E" attest $PIN_FILE --audience $ME --nonce $NONCE --mark mark.jwt --status mark.st "$@"; }
json_means='renewed=trustmark-renew granted=trustmark-grant stated=trustmark-status listed=trustlist-sign'
run_ok 'trustmark renew' renewed --json -o -
run_ok 'trustmark renew into a file' renewed --json
run_ok 'trustmark form' "$E" trustmark form --json request.json
run_ok 'verify of a renewal request' "$E" verify --json --anchor ca/root.pem --audience $ISS request.jwt
run_ok 'trustmark grant' granted --json
run_ok 'trustmark grant into a file' granted --json -o mark.jwt
run_ok 'trustmark status' stated --json
run_ok 'trustmark status into a file' stated --json -o mark.st
run_ok 'trustmark show' "$E" trustmark show --json mark.jwt
run_ok 'trustmark snippet' "$E" trustmark snippet --json --page $ISS/shop --logo $ISS/logo.svg --mark mark.jwt
run_ok 'trustmark due' "$E" trustmark due --json --days 1 9c.pem
M="--mark-issuer $ISS=9c.pem"
run_ok 'verify of a mark' "$E" verify --json $M --status mark.st mark.jwt
is "$(field '[.exp - .iat > 0, .status_reason] | join(" ")')" 'true as ever' 'with its times, and why'
run_ok 'verify of a status' "$E" verify --json $M --mark mark.jwt mark.st
run_ok 'attest' attest --json
is "$(field .token | tr . '\n' | grep -c .)" 3 'the token itself'
run_ok 'attest into a file' attest --json -o token.jwt
run_ok 'verify of a counterparty token' "$E" verify --json $M --anchor ca/root.pem --attestation-root test-root.pem \
	--audience $ME --nonce $NONCE --nonce-store "$(mktemp -d used.XXXXXX)" token.jwt
is "$(field '[.attestation.serial, .attestation.pin_policy, .attestation.touch_policy] | join(" ")')" '1001 always never' \
	'what the token states, in the words of key list'
printf '{"iss": "%s", "seq": 1, "entries": [{"name": "Root", "purposes": ["ecert-signing"], "x5c": "%s"}]}' $ISS \
	"$(openssl x509 -in ca/root.pem -outform DER | base64 -w0)" >list.json
run_ok 'trustlist sign' listed --json
run_ok 'trustlist sign into a file' listed --json -o list.jwt

# ---- an issuer's register: one token is the merchant's and the issuer's ----
registry() { "$E" registry "$@" --store desk.sqlite; }
applied() { "$E" trustmark apply --request request.json $PIN_FILE "$@"; }
json_means="$json_means applied=trustmark-apply"
rm -f request.jwt
run_ok 'trustmark apply' applied --json -o -
run_ok 'trustmark apply into a file' applied --json
applied -o second.jwt >/dev/null 2>&1
applied -o third.jwt >/dev/null 2>&1
run_ok 'registry init' registry init --json --issuer $ISS
run_ok 'registry receive' registry receive --json --anchor ca/root.pem request.jwt
ID=$(field .application.id)
run_ok 'registry review' registry review --json "$ID"
run_ok 'registry more' registry more --json --reason 'terms' "$ID"
run_ok 'registry receive again' registry receive --json --anchor ca/root.pem second.jwt
ID=$(field .application.id)
run_ok 'registry list' registry list --json
run_ok 'registry list --reports' registry list --json --reports
run_ok 'registry grant' registry grant --json --pin-source file:pin "$ID"
run_ok 'registry delegate' registry delegate --json --pin-source file:pin --type $ISS/mark https://partner.example
mkdir again
run_ok 'registry reissue' registry reissue --json --pin-source file:pin --folder again $HOLDER
run_ok 'registry expire' registry expire --json
run_ok 'registry export' registry export --json desk.jsonl
run_ok 'registry import' "$E" registry import --json --store copy.sqlite desk.jsonl
run_ok 'registry set' registry set --json name 'Alliance'
run_ok 'registry keys' registry keys --json --make
run_ok 'registry authorize' registry authorize --json --pin-source file:pin
run_ok 'registry publish' registry publish --json site
run_ok 'registry suspend' registry suspend --json --reason 'complaints' $HOLDER
run_ok 'registry resume' registry resume --json $HOLDER
run_ok 'registry revoke' registry revoke --json --reason 'fraud' $HOLDER
run_ok 'registry receive after that' registry receive --json --anchor ca/root.pem third.jwt
run_ok 'registry refuse' registry refuse --json --reason 'fraud' "$(field .application.id)"
run_ok 'registry check' registry check --json

# ---- whom to trust, and challenges ----
SUM=$(openssl x509 -in ca/root.pem -noout -fingerprint -sha256 | cut -d = -f 2)
run_ok 'trust add' "$E" trust add --json --fingerprint "$SUM" ca/root.pem
run_ok 'trust list' "$E" trust list --json
is "$(field '.user.record + " " + .machine.folder')" 'whole ' 'with the record, and no store of the computer'
run_ok 'trust show' "$E" trust show --json "$(echo "$SUM" | tr -d : | cut -c 1-8)"
like "$(field '.trusted[0].added')" '^20[0-9-]{8}T[0-9:]{8}Z$' 'with its time'
run_ok 'trust remove' "$E" trust remove --json --yes "$(field '.trusted[0].sha256')"
run_ok 'challenge' "$E" challenge --json --audience $ME --for 'Wong Trading'
GIVEN=$(field .challenge.nonce)
run_ok 'challenge list' "$E" challenge list --json
is "$(field '.challenges[0] | [.state, .by] | join("/")')" open/ 'nobody has answered'
run_ok 'challenge remove' "$E" challenge remove --json "$GIVEN"

# ---- the journal ----
J="$E journal"
run_code 6 'no journal' $J show --json --state none
run_code 6 'nor can it be exported' $J export --json --state none
spawn "$top_builddir/ecertd" --socket "$XDG_RUNTIME_DIR/ecertd.sock"
daemon=$!
wait_for 30 test -S "$XDG_RUNTIME_DIR/ecertd.sock" || bail_out "$(cat ecertd.log)"
export ECERT_DAEMON=always
run_ok 'a signature through ecertd' "$E" sign -f $PIN_FILE one.txt
run_ok 'journal show' $J show --json
run_ok 'journal seal' $J seal --json $PIN_FILE -o seal.jws
run_ok 'journal export' $J export --json
run_ok 'journal verify' $J verify --json --anchor ca/root.pem seal.jws
is "$(field '.seals[0].signer.serial')" "$(openssl x509 -in 9c.pem -noout -serial | cut -d = -f 2)" 'whose the seal is'
like "$(field '.seals[0].at')" '^20[0-9-]{8}T[0-9:]{8}Z$' 'and of when, as the records have it'
echo none >none.jws
run_code 1 'a seal that is none' $J verify --json none.jws
is "$(field '.seals[0] | [.at, .signer.name] | join("/")')" / 'is of no time, and of nobody'
cp -r "$XDG_STATE_HOME/ecertd" torn && printf 'rubbish\n[]\n' >>torn/journal.jsonl
run_ok 'a journal with rubbish in it' $J show --json --state torn
is "$(field '[.operations[].what] | .[-2:] | join(" ")')" 'unreadable unreadable' 'shows the rest, and that'
run_code 1 'is exported' $J export --json --state torn
is "$(field '[.records[-2:][].unreadable] | join(" ")')" 'true true' 'as it is'
run_ok 'journal reconcile' $J reconcile --json
run_ok 'doctor' "$E" doctor --json
end "$daemon"
export ECERT_DAEMON=never
json_keep "$top_srcdir/tests/data/cards/ecert-vcard.json" ecert-conformance

# ---- the end of a token ----
printf '000000\n' >wrong
for i in 1 2 3; do "$E" pin change --allow-last-try --pin-source file:wrong --new-pin-source file:pin >/dev/null 2>&1; done
run_ok 'pin unblock' "$E" pin unblock --json --puk-source file:escrows/1001.json --new-pin-source file:pin
echo 00000000 >wrong.puk
for i in 1 2 3; do
	"$E" pin change --allow-last-try --pin-source file:wrong --new-pin-source file:pin >/dev/null 2>&1
	"$E" pin unblock --allow-last-try --puk-source file:wrong.puk --new-pin-source file:pin >/dev/null 2>&1
done
run_ok 'token reset' "$E" token reset --yes --json
# cli-trustmark.sh has an issuer that answers, and looks at what is stapled; reports come to a server, and
# registry-server closes one; desk has its own.
json_judged --all '--but=trustmark staple' '--but=registry close' --but=desk
done_testing
