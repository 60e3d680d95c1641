#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The command line on the real pcscd: nothing there, cards pulled at every command, several tokens,
# and OpenSC's module on the same card.
. "${top_srcdir:-.}/tests/integration/harness.sh"
with_pcscd "$@"
. "$top_srcdir/tests/integration/cli-lib.sh"
cd "$T" || exit 1
E=$ECERT
printf 'an invoice\n' >invoice.txt
printf '%s\n' "$PIN" >pin

# ---- nothing there ----
run_code 3 'no token' "$E" sign --pin-source file:pin invoice.txt
sentence 'There is no token in the reader' 'no token'
run_code 3 'no token for provisioning' "$E" key list
sentence 'There is no token in the reader' 'no token for provisioning'
run_ok 'an empty list is no error in JSON' "$E" token list --json
is "$(field '.tokens | length')" 0 'JSON: none'
mv readers/vpcd vpcd.conf
stop_pcscd
start_pcscd
run_code 3 'no reader' "$E" sign --pin-source file:pin invoice.txt
sentence 'There is no card reader and no USB token' 'no reader'
stop_pcscd
run_code 3 'no pcscd' "$E" sign --pin-source file:pin invoice.txt
sentence 'smart-card service \(pcscd\) is not running' 'no pcscd'
like "$err" 'systemctl start pcscd' 'it says how to start it'
run_code 3 'no pcscd for provisioning' "$E" pin status --json
is "$(field .error.code)" no-token 'JSON: the error'
run_code 3 'a virtual token that is not there' "$E" --reader socket:/nonexistent token list
run_code 7 'a module that is not there' "$E" --module /nonexistent.so token list
sentence 'not a PKCS#11 module that can be loaded: no such file' 'not there'
run_code 7 'a library that is no module' "$E" --module "$(ldd "$E" | awk '/libcrypto/ { print $3 }')" token list
mv vpcd.conf readers/vpcd
start_pcscd

# ---- a token in the reader ----
"$VCARD" --state "$STATE" --serial 1001 --print-test-root >test-root.pem
start_vcard
provision
run_ok 'set up anew' "$E" token init --escrow next.json --new-pin-source file:pin --new-puk-source file:puk \
	--pin-source file:pin --puk-source file:puk --management-key-source file:escrow.json
mv next.json escrow.json
# Another program right after it: asks whether the PIN is verified, and writes an object.
opensc-tool -s 00A404000BA000000308000010000100 -s 00200080 -s 00DB3FFF0A5C035FC1095303010203 2>&1 |
	sed -n 's/.*(SW1=0x\(..\), SW2=0x\(..\)).*/\1\2/p' | tr '\n' ' ' >left
is "$(cat left)" '9000 63C3 6982 ' 'neither the PIN nor the management key is left verified'
run_ok 'signs through pcscd' sign invoice.txt
run_ok 'verifies' verify invoice.txt
mv invoice.txt.p7s ours.p7s

# ---- OpenSC's module on the same card ----
opensc() { foreign "$E" --module "$OPENSC_MODULE" "$@"; }
run_ok "OpenSC's module signs" opensc sign --pin-source file:pin --chain ca/sub.pem invoice.txt
run_ok 'it verifies the same' verify --json invoice.txt
theirs=$(field '[.verdict, .signers[0].signer.serial, .signers[0].algorithm] | join(" ")')
run_ok 'as ours' verify --json invoice.txt ours.p7s
is "$theirs" "$(field '[.verdict, .signers[0].signer.serial, .signers[0].algorithm] | join(" ")')" \
	'signer and algorithm are the same'
run_ok 'openssl cms verifies it' openssl_verify invoice.txt
run_code 4 'a wrong PIN through it' opensc sign -f --pin-source file:wrong invoice.txt
sentence 'The PIN is wrong; 2 tries are left' 'the tries are known there too'
run_ok 'many through it with one PIN' opensc sign -f --pin-source file:pin --chain ca/sub.pem invoice.txt pin puk
run_ok 'its tokens' opensc token list --json
is "$(field '.tokens | length')" 1 'one'
run_ok 'its certificates' opensc cert list --json
is "$(field '.certificates[0].id')" 02 'with the id of 9C'
run_ok 'attests through it' opensc attest --pin-source file:pin --chain ca/sub.pem --audience https://a.example \
	--nonce nonce-0001 --merchant https://b.example -o token.jwt
run_ok 'which verifies' verify --audience https://a.example --nonce nonce-0001 token.jwt \
	--attestation-root test-root.pem --nonce-store used --level attested
run_ok "Yubico's module signs" foreign "$E" --module "$YKCS11_MODULE" sign -f --pin-source file:pin \
	--chain ca/sub.pem invoice.txt
run_ok 'and it verifies' verify invoice.txt
rm -f ./*.p7s

# ---- the card pulled at every command ----
# The first commands are a look at the tries, the last the signature itself.
# The least of three: on a busy machine pcscd may take the power from an idle card, which is two more.
all=999
for n in 1 2 3; do
	record "$T/rec" sign -q invoice.txt
	n=$(apdus "$T/rec")
	[ "$n" -ge $all ] || all=$n
	rm -f invoice.txt.p7s
done
codes=
n=1
export LSAN_OPTIONS="suppressions=$top_srcdir/tests/integration/libp11.supp:print_suppressions=0"
while [ $n -le "$all" ]; do
	stop_vcard
	start_vcard --pull-after $n
	sign -q invoice.txt >/dev/null 2>"$T/err" </dev/null
	code=$?
	case $code in
	3 | 7) [ "$(grep -c '^ecert: ' "$T/err")" = 1 ] || code="$code with $(cat "$T/err")" ;;
	0) [ $n -ge $((all - 1)) ] || code="0 at $n of $all" ;; # only our own logout was left
	esac
	codes="$codes $code"
	[ ! -e invoice.txt.p7s ] || [ "${code%% *}" = 0 ] || codes="$codes left-over"
	rm -f invoice.txt.p7s
	n=$((n + 1))
done
unset LSAN_OPTIONS
like "$codes" '^( [037])+$' "pulled at each of the $all commands: a sentence, exit code 3 or 7, nothing left"
like "$codes" ' 7' 'among them code 7'
grep -h '^ecert: ' "$T/err" | diag
stop_vcard
start_vcard
run_ok 'put back, it signs' sign invoice.txt

# ---- two tokens ----
spawn "$VCARD" --state "$T/second.state" --serial 2002 --port 35964
two() { json_from "$E" token list --json | jq -e '.tokens | length == 2'; }
wait_for 30 two || bail_out 'no second token'
run_code 2 'two tokens and no choice' sign -f invoice.txt
sentence '2 tokens are plugged in' 'two tokens'
like "$err" "--token '.*1001.*serial 1001" 'the first is listed'
like "$err" "--token '.*2002.*serial 2002" 'and the second'
run_ok 'chosen by serial number' sign -f --token 1001 invoice.txt
label=$(json_from "$E" token list --json | jq -r '.tokens[] | select(.serial == "1001") | .label')
run_ok 'by label' sign -f --token "$label" invoice.txt
slot=$(json_from "$E" token list --json | jq -r '.tokens[] | select(.serial == "1001") | .slot_id')
run_ok 'by slot' sign -f --slot-id "$slot" invoice.txt
run_code 5 'the other has no certificate' sign -f --token 2002 invoice.txt
run_code 3 'one that is not there' sign -f --token 3003 invoice.txt
sentence "No token is named '3003'" 'not there'
run_code 2 'provisioning wants a choice too' "$E" key list
run_ok 'and takes it' "$E" key list --token 2002
done_testing
