#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Provisioning by the command line: tokens, PINs, keys, certificates; interrupted and refused too.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
start_vcard_socket
cd "$T" || exit 1
printf '%s\n' "$PIN" >pin
printf '%s\n' "$PUK" >puk
printf '99999999\n' >wrong
E=$ECERT

# ---- the words for beginners ----
run_ok 'alone it says how to begin' "$E"
like "$out" 'ecert sign invoice.pdf' 'with the main command'
run_ok 'help lists every command' "$E" help
run_ok 'help of one' "$E" help token init
like "$out" 'Examples?:' 'teaches by examples'
run_code 2 'an unknown group' "$E" frobnicate
sentence "no command 'frobnicate'" 'an unknown group'
run_code 2 'an unknown command' "$E" token frobnicate
run_code 2 'an unknown option' "$E" token list --frobnicate
run_code 2 'an argument too many' "$E" token list x
run_code 2 'an argument missing' "$E" sign
run_code 2 'a number that is none' "$E" token list --slot-id x
run_code 2 'a reader that is none' "$E" --reader bogus token list
sentence 'takes socket:PATH' 'a reader that is none'
run_code 3 'a virtual token that is not running' "$E" --reader "socket:$T/none" token list
sentence 'does not answer' 'a virtual token that is not running'
run_code 3 'a slot that is none' "$E" --slot-id 9 pin status
sentence 'no token in slot 9' 'a slot that is none'
run_code 6 'a public key for no folder' "$E" key generate -o /nonexistent/9c.pub --management-key-source file:/nonexistent
sentence 'Cannot write /nonexistent/9c.pub' 'a public key for no folder'
run_ok 'common options in front of the group' "$E" --json token list
is "$(field '.tokens | length')" 1 'JSON: one token'
like "$(field '.tokens[0].label')" 'virtual' 'marked virtual'
run_ok 'the factory PIN is told' "$E" token info
like "$out" "still the factory" 'in token info'

# ---- init ----
run_code 2 'init without an escrow' "$E" token init
run_code 6 'an escrow that cannot be written' "$E" token init --generate --escrow /nonexistent/e.json
printf '123456\n' >default
run_code 5 'a factory PIN is no new PIN' "$E" token init --escrow e.json --new-pin-source file:default \
	--new-puk-source file:puk
sentence 'everybody tries first' 'a factory PIN'
run_code 5 'PIN and PUK the same' "$E" token init --escrow e.json --new-pin-source file:puk \
	--new-puk-source file:puk
is "$(ls e.json 2>/dev/null)" '' 'no escrow is left of what was refused'
run_ok 'init' "$E" token init --escrow e.json --new-pin-source file:pin --new-puk-source file:puk
like "$out" 'AES-256' 'the strongest key'
is "$(stat -c %a e.json)" 600 'the escrow is for its owner only'
is "$(jq -r .format e.json)" ecert-escrow-1 'the escrow is JSON'
is "$(jq -r .pin e.json)" null 'without a PIN that somebody chose'
run_ok 'no factory secret is left' "$E" pin status --json
is "$(field '[.pin_default, .puk_default, .management_key_default] | any')" false 'by metadata'
cp e.json kept.json
run_code 5 'an escrow is never overwritten' "$E" token init --generate --escrow e.json
is "$(cmp e.json kept.json && echo same)" same 'not a byte'
run_code 4 'a token that was set up' "$E" token init --generate --escrow e2.json
sentence 'no longer the factory' 'set up before'
is "$(ls e2.json 2>/dev/null)" '' 'leaves no second escrow'
run_ok 'set up anew with the old secrets' "$E" token init --generate --escrow e2.json --pin-source file:pin \
	--puk-source file:puk --management-key-source file:e.json
secret e2.json pin >pin
secret e2.json puk >puk
like "$(cat pin puk | tr '\n' ' ')" '^[0-9]{6} [0-9]{8} $' 'generated PIN and PUK are in the escrow'
MGM='--management-key-source file:e2.json'
run_code 4 'the old management key is wrong now' "$E" key generate --management-key-source file:e.json
sentence 'management key is wrong' 'the old one'

# ---- a name of its own ----
# shellcheck disable=SC2086
{
run_ok 'a label' "$E" token label Accounts $MGM
run_ok 'is listed' "$E" token list
like "$out" '^Accounts \(virtual\)$' 'marked virtual all the same'
run_ok 'finds the token' "$E" --token 'Accounts (virtual)' pin status
run_code 2 'a label too long' "$E" token label "$(printf '%033d' 0)" $MGM
run_code 2 'a label of two lines' "$E" token label 'a
b' $MGM
run_code 2 'a label that is not UTF-8' "$E" token label "$(printf 'a\377')" $MGM
run_code 4 'a label with the wrong management key' "$E" token label x --management-key-source file:kept.json
run_ok 'no label' "$E" token label '' $MGM
unlike "$out" Accounts 'is the one it came with'
}

# ---- an interruption: the same escrow leads to the same end, whatever was done ----
pull_at() { # N: the card is gone at the Nth command
	end "$VCARD_PID"
	rm -f "$STATE" half.json "$VCARD_SOCKET"
	start_vcard_socket --serial 4711
	ECERT_RECORD=$T/rec "$E" -q token list --json >/dev/null
	end "$VCARD_PID"
	rm -f "$VCARD_SOCKET"
	start_vcard_socket --pull-after "$1"
	"$E" -q token init --generate --escrow half.json >/dev/null 2>init.err
	first=$?
	end "$VCARD_PID"
	rm -f "$VCARD_SOCKET"
	start_vcard_socket
}
for n in 8 10 11 12 13 14 15 16 17 18 19 20; do
	pull_at $n
	if [ -f half.json ]; then
		run_ok "pulled at command $n ($first): resumed" "$E" token init --generate --resume --escrow half.json
	else
		run_ok "pulled at command $n ($first), nothing was changed" "$E" token init --generate --escrow half.json
	fi
	run_ok "pulled at $n: no factory secret is left" "$E" pin status --json
	is "$(field '[.pin_default, .puk_default, .management_key_default] | any')" false "pulled at $n: by metadata"
	secret half.json pin >pin
	secret half.json puk >puk
	run_ok "pulled at $n: the escrow's PIN and PUK are right" \
		"$E" pin unblock --puk-source file:puk --new-pin-source file:pin
done
MGM='--management-key-source file:half.json'
run_code 5 'an escrow of another token' "$E" token init --generate --resume --escrow e.json
run_code 8 'an escrow that is none' "$E" token init --generate --resume --escrow pin

# ---- PINs ----
printf '864213\n' >new
run_ok 'changes the PIN' "$E" pin change --pin-source file:pin --new-pin-source file:new
run_code 4 'the old PIN is wrong now' "$E" pin change --pin-source file:pin --new-pin-source file:new
sentence '2 tries are left' 'the old PIN'
run_ok 'changes it back' "$E" pin change --pin-source file:new --new-pin-source file:pin
run_code 5 'a factory PIN is refused' "$E" pin change --pin-source file:pin --new-pin-source file:default
run_ok 'changes the PUK' "$E" pin change --puk --puk-source file:puk --new-puk-source file:wrong
run_ok 'and back' "$E" pin change --puk --puk-source file:wrong --new-puk-source file:puk
run_code 4 'a wrong PUK' "$E" pin unblock --puk-source file:wrong --new-pin-source file:pin
sentence 'The PUK is wrong; 2 tries are left' 'a wrong PUK'
run_ok 'the right one' "$E" pin unblock --puk-source file:puk --new-pin-source file:pin

# ---- keys ----
for alg in p256 p384 rsa2048; do
	# shellcheck disable=SC2086
	run_ok "makes a $alg key" "$E" key generate --slot 9a --alg $alg --force $MGM -o $alg.pub
done
run_ok 'its public key is PEM' openssl pkey -pubin -in rsa2048.pub -noout
# shellcheck disable=SC2086
run_code 5 'a key is not replaced by chance' "$E" key generate --slot 9a $MGM
sentence 'Slot 9a holds a key already' 'a key in the way'
# shellcheck disable=SC2086
run_code 2 'an unknown algorithm' "$E" key generate --alg dsa $MGM
run_code 2 'an unknown slot' "$E" key generate --slot 99
run_code 2 'an unknown policy' "$E" key generate --slot 9d --pin-policy often
run_code 4 'a management key that is none' "$E" key generate --slot 9d --management-key-source file:pin
# shellcheck disable=SC2086
run_ok 'policies' "$E" key generate --id 05 --pin-policy once --touch-policy never $MGM
run_ok 'lists the keys' "$E" key list --json
is "$(field '[.keys[].slot] | join(",")')" 9a,82 'both'
is "$(field '.keys[1].pin_policy')" once 'with its policy'
is "$(field '.keys[0].origin')" generated 'and origin'

# ---- PKCS#12 ----
"$DEMO_CA" init ca
"$DEMO_CA" make ca shop
printf 'demo\n' >password
# shellcheck disable=SC2086
run_code 8 'a wrong password' "$E" key import ca/shop.p12 --password-source file:pin $MGM
sentence 'The password of ca/shop.p12 is wrong' 'a wrong password'
# shellcheck disable=SC2086
run_code 8 'not a PKCS#12 file' "$E" key import pin --password-source file:password $MGM
sentence 'pin is not a PKCS#12 file' 'not a PKCS#12 file'
# shellcheck disable=SC2086
run_ok 'imports an e-Cert' "$E" key import ca/shop.p12 --password-source file:password $MGM
like "$err" 'delete it' 'and says that the file is a copy'
run_ok 'it is listed' "$E" key list --json
is "$(field '.keys[] | select(.slot == "9c") | .origin')" imported 'as imported'
printf 'an invoice\n' >invoice.txt
run_ok 'signs with it' "$E" sign --pin-source file:pin --chain ca/sub.pem invoice.txt
run_ok 'openssl cms verifies' openssl cms -verify -cades -binary -inform DER -in invoice.txt.p7s \
	-content invoice.txt -CAfile ca/root.pem -out /dev/null
run_ok 'PS256' "$E" sign -f --alg PS256 --pin-source file:pin --chain ca/sub.pem invoice.txt
run_ok 'verifies' "$E" verify --anchor ca/root.pem invoice.txt

# ---- certificates ----
run_code 8 'not a certificate' "$E" cert import invoice.txt
sentence 'invoice.txt is not a certificate' 'not a certificate'
run_code 5 'a certificate of another key' "$E" cert import ca/root.pem
sentence "This is a CA's own certificate, and it issued none that is on the token" 'another key'
run_code 5 'not even in a named slot' "$E" cert import ca/root.pem --slot 9a
run_ok 'a request' "$E" cert request --slot 82 --pin-source file:pin -o request.pem \
	--subject 'C=HK, O=Wong\, Sons Ltd, CN=WONG Mei' --san email:mei@wong.example --attestation att.pem
run_ok 'openssl verifies it' openssl req -in request.pem -noout -verify
like "$(openssl req -in request.pem -noout -subject)" 'Wong, Sons Ltd' 'its subject'
like "$(openssl req -in request.pem -noout -text)" 'mei@wong.example' 'its other name'
is "$(grep -c BEGIN att.pem)" 2 'and the attestation with F9'
is "$(openssl x509 -in att.pem -noout -pubkey)" "$(openssl req -in request.pem -noout -pubkey)" 'of that key'
run_code 5 'an imported key is not attested' "$E" cert request --slot 9c --pin-source file:pin --force \
	--subject CN=x --attestation att.pem -o request2.pem
printf '{"subject": [{"C": "HK"}, {"CN": "WONG Mei"}], "san": ["dns:wong.example"]}\n' >template.json
run_ok 'from a template' "$E" cert request --slot 82 --pin-source file:pin --template template.json -o t.pem
like "$(openssl req -in t.pem -noout -text)" 'DNS:wong.example' 'with its names'
run_code 8 'a template that is none' "$E" cert request --slot 82 --template pin
run_code 2 'a subject that is none' "$E" cert request --slot 82 --subject nonsense
run_code 2 'no subject' "$E" cert request --slot 82
run_code 5 'no key there' "$E" cert request --slot 9e --pin-source file:pin --subject CN=x
"$DEMO_CA" issue ca request.pem wong.pem
# shellcheck disable=SC2086
run_ok 'the certificate finds its key' "$E" cert import wong.pem $MGM
like "$out" 'slot 82' 'by itself'
run_ok 'export' "$E" cert export --slot 82 -o back.pem
is "$(openssl x509 -in back.pem -noout -fingerprint)" "$(openssl x509 -in wong.pem -noout -fingerprint)" 'the same'
run_code 5 'is not overwritten' "$E" cert export --slot 82 -o back.pem
run_code 5 'no certificate there' "$E" cert export --slot 9d
run_ok 'lists them' "$E" cert list --json
is "$(field '.certificates | length')" 2 'both'
is "$(field '.certificates[0].id')" 02 'the signature key first'
run_ok 'signs with another' "$E" sign -f --id 05 --pin-source file:pin --chain ca/sub.pem invoice.txt
run_ok 'verifies it' "$E" verify --anchor ca/root.pem invoice.txt

# ---- labels, and an ID of the owner's own ----
# shellcheck disable=SC2086
{
	run_ok 'a key is called' "$E" key label 'Tax é' --slot 82 $MGM
	run_ok 'so is its certificate' "$E" cert label 'Wong, tax' --slot 82 $MGM
	run_code 2 'not by what is no text' "$E" key label "$(printf 'a\033[2Jb')" --slot 82 $MGM
	run_code 2 'nor by too much' "$E" key label "$(printf '%0100d' 0)" --slot 82 $MGM
	run_code 5 'nor where there is none' "$E" key label x --slot 9e $MGM
	run_ok 'a new key has a label from the start' "$E" key generate --slot 83 --label 'Fresh' $MGM
}
run_ok 'the keys' "$E" key list
like "$out" 'label Tax é' 'show theirs'
like "$out" 'label Fresh' 'both'
run_ok 'the certificates' "$E" cert list --json
is "$(field '.certificates[1].label')" 'Wong, tax' 'as well'
run_ok 'another program gives an ID' foreign pkcs11-tool --module "$MODULE" --login --login-type so \
	--so-pin "$(jq -r .management_key half.json)" --type pubkey --id 05 --set-id 4711
run_ok 'the keys' "$E" key list --json
is "$(field '.keys[] | select(.slot == "82") | .id')" 4711 'show it'
run_ok 'a request by the slot' "$E" cert request --slot 82 --pin-source file:pin --subject CN=x -o named.pem
run_ok 'openssl verifies it' openssl req -in named.pem -noout -verify
run_ok 'export by the slot' "$E" cert export --slot 82 -f -o back.pem
is "$(openssl x509 -in back.pem -noout -fingerprint)" "$(openssl x509 -in wong.pem -noout -fingerprint)" 'the same'
run_ok 'it signs by its ID' "$E" sign -f --id 4711 --pin-source file:pin --chain ca/sub.pem invoice.txt
# shellcheck disable=SC2086
run_ok 'a key made anew' "$E" key generate --slot 83 --force $MGM
run_ok 'the keys' "$E" key list
unlike "$out" 'label Fresh' 'has not the old label'
# shellcheck disable=SC2086
run_ok 'an e-Cert over a labelled one' "$E" key import ca/shop.p12 --slot 82 --force --password-source file:password $MGM
run_ok 'the certificates' "$E" cert list
unlike "$out" 'label Wong, tax' 'none is called as the one before'

# ---- reset ----
run_code 5 'a token in use is not reset' "$E" token reset --yes
sentence 'Only a token whose PIN and PUK are both blocked' 'in use'
for i in 1 2 3; do "$E" -q pin change --pin-source file:wrong --new-pin-source file:new --allow-last-try; done 2>/dev/null
run_code 5 'with the PIN blocked it is not either' "$E" token reset --yes
for i in 1 2 3; do
	"$E" -q pin unblock --puk-source file:wrong --new-pin-source file:new --allow-last-try
done 2>err.log
like "$(cat err.log)" 'The PUK is blocked' 'a blocked PUK'
run_code 5 'without a yes nothing is reset' setsid "$E" token reset
run_ok 'reset' "$E" token reset --yes
run_ok 'and set up again' "$E" token init --generate --escrow again.json

# ---- an escrow, wherever a secret is asked for ----
run_ok 'an escrow has the management key' "$E" key generate --management-key-source file:again.json
run_ok 'through a pipe as well' sh -c "\"$E\" key generate --force --management-key-source file:/dev/stdin <again.json"
run_ok 'and the PIN' "$E" cert request --subject CN=x --pin-source file:again.json -o escrow.csr
run_ok 'the PUK' "$E" pin unblock --puk-source file:again.json --new-pin-source file:new
like "$out" 'A new PIN of .* is set' 'which sets a PIN'
run_ok 'the PIN that it has' "$E" pin change --pin-source file:new --new-pin-source file:again.json
run_ok 'is the old one' "$E" cert request --subject CN=x --pin-source file:again.json -f -o escrow.csr
run_ok 'a new PUK from a file' "$E" pin change --puk --puk-source file:again.json --new-puk-source file:new
sed 's/"token_serial": "[^"]*"/"token_serial": "99999999"/' again.json >stranger.json
run_code 4 'an escrow of another token' "$E" cert request --subject CN=x --pin-source file:stranger.json -f -o escrow.csr
sentence 'stranger.json is of another token' 'an escrow of another token'
run_ok 'the tries' "$E" pin status --json
is "$(field .pin_tries)" 3 'are all left'
sed '/"puk"/d' again.json >chosen.json
run_code 4 'an escrow without a PUK' "$E" pin unblock --puk-source file:chosen.json --new-pin-source file:new
sentence 'chosen.json does not hold the PUK' 'an escrow without a PUK'
run_code 8 'a password is in none' "$E" key import ca/shop.p12 --force --password-source file:again.json \
	--management-key-source file:again.json
sentence 'again.json does not hold the password' 'a password is in none'

# ---- kinds of keys ----
for alg in ed25519 x25519 sm2; do
	run_ok "makes $alg" "$E" key generate --slot 84 --force --alg $alg --management-key-source file:again.json --json
	is "$(field .algorithm | tr A-Z a-z)" $alg "and calls it $alg"
	[ $alg = x25519 ] || run_ok "a request of $alg" "$E" cert request --slot 84 --subject CN=x \
		--pin-source file:again.json -f -o $alg.csr
done
like "$(openssl req -in ed25519.csr -verify -noout 2>&1)" 'verify OK' 'OpenSSL verifies that of Ed25519'
like "$(openssl req -in sm2.csr -verify -noout -vfyopt distid:1234567812345678 2>&1)" 'verify OK' 'and that of SM2'
run_ok 'one that signs nothing' "$E" key generate --slot 84 --force --alg x25519 --management-key-source file:again.json
run_code 5 'makes no request' "$E" cert request --slot 84 --subject CN=x --pin-source file:again.json -f -o x.csr
sentence 'X25519, which signs nothing' 'makes no request'
run_code 2 'a kind that is none' "$E" key generate --slot 84 --force --alg p521 --management-key-source file:again.json
sentence 'no key algorithm .p521' 'a kind that is none'
run_code 5 'a short one' "$E" key generate --slot 84 --force --alg rsa1024 --management-key-source file:again.json
sentence 'RSA-1024 is too short' 'a short one'

# ---- set up once more: the keys stay, and that is said ----
printf '%s\n' "$PIN" >pin
run_ok 'set up with its own secrets' "$E" token init --escrow third.json --new-pin-source file:pin --new-puk-source file:puk \
	--pin-source file:again.json --puk-source file:new --management-key-source file:again.json
want=$(json_from "$E" key list --json | jq '.keys | length')
like "$want" '^[1-9]' 'keys are on it'
like "$out" "^$want keys? from before are still on it .*only .ecert token reset. does" 'tells the keys of before, each once'

# ---- a token of 3DES: the digits that count are named ----
end "$VCARD_PID"
rm -f "$VCARD_SOCKET"
ours=$VCARD
VCARD=$top_builddir/tests/integration/foreign-card STATE=$T/tdes.state
export ECERT_TEST_SKIN=tdes
start_vcard_socket
run_ok 'takes 3DES' "$E" token init --escrow tdes.json --new-pin-source file:pin --new-puk-source file:puk
like "$out" 'takes 3DES: the first 48 digits' 'and says so'
is "$(jq -r '[.management_key_type, (.management_key | .[:48]) == .management_key_in_use] | join(" ")' tdes.json)" \
	'3DES true' 'so does the escrow'
is "$(stat -c %a tdes.json)" 600 'which is as secret as before'
jq -r .management_key_in_use tdes.json >digits
run_ok 'the digits alone will do' "$E" key generate --slot 82 --management-key-source file:digits
run_ok 'and the escrow' "$E" key generate --slot 82 --force --management-key-source file:tdes.json
run_code 5 'a kind that it has not' "$E" key generate --slot 82 --force --alg sm2 --management-key-source file:tdes.json
VCARD=$ours

# ---- a token without metadata tells no public key: a placeholder does ----
end "$VCARD_PID"
rm -f "$VCARD_SOCKET"
VCARD=$top_builddir/tests/integration/foreign-card STATE=$T/base.state
export ECERT_TEST_SKIN=base FACTORY=$DEFAULT_MGM
printf '%s\n' "$DEFAULT_PIN" >pin
start_vcard_socket
MGM='--management-key-source env:FACTORY'
# shellcheck disable=SC2086
{
run_ok 'a key without metadata' "$E" key generate $MGM
run_code 5 'is not replaced' "$E" key generate $MGM
printf 'x\n' >x.txt
run_code 5 'signs nothing before it has a certificate' "$E" sign --pin-source file:pin x.txt
sentence 'holds no certificate to sign with' 'before it has a certificate'
run_ok 'its certificates' "$E" cert list --json
is "$(field '.certificates | length')" 0 'are none: the placeholder is not shown as one'
run_ok 'its keys' "$E" key list
like "$out" 'no certificate' 'say so'
run_ok 'asks for one' "$E" cert request --force --subject '/C=HK/CN=WONG Mei' --pin-source file:pin -o base.csr
"$DEMO_CA" issue ca base.csr base.pem
run_ok 'which finds its key' "$E" cert import base.pem $MGM
run_ok 'its serial number' "$E" token list --json
full=$(field '.tokens[0].serial')
is ${#full} 32 'is told whole'
is "$(json_from "$E" token info --json | jq -r '[.serial, .card.serial] | unique | join(" ")')" "$full" 'by info'
is "$(json_from "$E" pin status --json | jq -r .serial)" "$full" 'and by pin status'
like "$("$E" doctor)" "serial number $full" 'and by doctor'
run_ok 'signs then' "$E" sign --token "$full" --pin-source file:pin --chain ca/sub.pem x.txt
run_ok 'and that verifies' "$E" verify --anchor ca/root.pem x.txt
run_code 7 'a token that keeps no label' "$E" token label Accounts $MGM
}
done_testing
