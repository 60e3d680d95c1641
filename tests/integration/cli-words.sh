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
for command in 'cert import' sign 'key import'; do
	run_code 2 "$command without a file" "$E" $command --json
	is "$(err_field reason)" argument-missing 'a reason for programs'
	is "$(err_field hint)" "See \`ecert $command --help\`." 'and what to do'
	is "$(printf '%s\n' "$err" | sed -E 's/^(ecert: )[A-Zp0-9.]+ /\1/')" "ecert: is missing.
       See \`ecert $command --help\`." "told like every error: $command"
done
run_code 2 'no such command' "$E" --json cert "$odd"
is "$(err_field message)" "There is no command 'cert $whole'" 'a wrong command: the whole word'
long=$(printf '%04000d' 7)/$(printf '%04000d' 7)
run_code 6 'a name beyond all limits' "$E" --json sign "$long"
is "$(err_field message)" "Cannot read $long: File name too long" 'is whole, too'

# ---- words that are not what they look like ----
run_code 2 'a place for keys' "$E" sign --slot 9c invoice.txt
like "$err" 'Did you mean --id' 'is no --slot-id, and the next step is told'
for line in sign verify 'key import' 'trustmark grant' 'trustlist sign' 'journal verify --key' 'sign -o' '--module'; do
	# shellcheck disable=SC2086
	run_code 2 "an empty name: $line" "$E" $line ''
	like "$err" 'names no file: ' "is said so: $line"
done

# ---- the help fits a terminal, and lists what there is ----
wide() { awk 'length($0) > 80'; }
"$E" help | sed -n 's/^  ecert \([a-z]* [a-z]*\|[a-z]*\)  .*/\1/p' | sed 's/ *$//' >commands
at_most 25 "$(wc -l <commands)" 'the commands are found'
is "$("$E" help | wide)$("$E" help exit-codes | wide)$("$E" | wide)" '' 'no line over 80 columns'
while read -r line; do
	# shellcheck disable=SC2086
	is "$("$E" $line --help | wide)$("$E" help ${line%% *} | wide)" '' "none of $line"
done <commands

# ---- an empty token ----
for line in 'key list' 'cert list' 'token info'; do
	# shellcheck disable=SC2086
	run_ok "empty: $line" "$E" $line
	like "$out" 'ecert key generate.*' "$line: names key generate"
	like "$out" 'ecert key import FILE\.p12' "$line: and key import"
done
printf 'x\n' >x.txt
run_code 5 'nothing to sign with' "$E" sign x.txt
like "$err" 'key import FILE\.p12.*key generate' 'both ways'
run_ok 'tries' "$E" token info --json
is "$(field '.card.puk_tries | type')" number 'are known here'

provision
run_code 2 'a file twice' sign invoice.txt ./invoice.txt
sentence 'invoice\.txt is named twice' 'is refused before anything'
is "$(ls invoice.txt.p7s 2>/dev/null)" '' 'nothing is signed'
mkdir -p other && cp invoice.txt other/
run_ok 'the same name in another folder' sign invoice.txt other/invoice.txt
rm -f ./*.p7s other/*.p7s
cp invoice.txt two.txt
# Root may write everywhere; no file system takes the name of this signature.
name=$(printf '%0252d' 1)
printf x >"$name"
run_code 6 'the second of two' sign invoice.txt "$name"
like "$err" '1 of 2 files was signed before that' 'one was'
run_code 6 'the first of two' sign "$name" two.txt
# The other one may be under way by then.
like "$err" '[01] of 2 files (was|were) signed before that' 'it says how many'
rm -f "$name" ./*.p7s

run_code 5 'the certificate of a CA of others' sh -c "openssl req -x509 -newkey rsa:2048 -nodes -keyout k.pem \
	-subj /CN=Other -out other-ca.pem 2>/dev/null; \"$E\" cert import other-ca.pem $MGM"
sentence "This is a CA's own certificate, and it issued none that is on the token" 'is called that'
like "$err" 'Import your own certificate first' 'and what comes first'
run_code 5 'a certificate in a place without a key' "$E" cert import 9c.pem --slot 9a
sentence 'The certificate is that of the key in slot 9c, and not of one in 9a' 'is not put there, where nothing signs with it'
run_code 5 'no certificate to name' "$E" cert label x --slot 84 $MGM
like "$err" 'ecert cert list. shows' 'the list of certificates is named'
run_code 2 'an override in a subject' "$E" cert request --slot 9c --subject "$(printf 'CN=W\342\200\256x')" -o r.pem
sentence 'the value of CN has U\+202E in it' 'is refused'
run_code 2 'an international name' "$E" cert request --slot 9c --subject CN=W --san dns:中.example -o r.pem
sentence "'dns:中.example' in --san is not understood: international names go in as xn--" 'is explained'
run_ok 'an address' "$E" cert request --slot 9c --subject CN=W --san ip:192.0.2.1 -o r.pem --pin-source "file:$T/pin"
like "$(openssl req -in r.pem -noout -text)" 'IP Address:192\.0\.2\.1' 'is in the request'
head -c 300000 /dev/zero >large.p12
run_code 8 'a .p12 that is too large' "$E" key import large.p12
sentence 'large.p12 is too large for what it should be: the limit is 256 KiB' 'the limit is named'

# ---- doctor with a module ----
run_ok 'another module' "$E" doctor --json --module "$MODULE"
is "$(field '.findings[] | select(.check == "module") | .level')" ok 'is looked at'
run_code 1 'one that is none' "$E" doctor --json --module "$T/pin"
like "$(field '.findings[] | select(.check == "module") | .what')" "$T/pin is not a PKCS#11 module" 'is a problem'
run_code 1 'one that is not there' "$E" doctor --json --module "$T/none.so"
like "$(field '.findings[] | select(.check == "module") | .what')" "There is no file $T/none.so" 'is a problem'

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
