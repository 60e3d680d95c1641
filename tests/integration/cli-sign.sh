#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Signing and verifying on the virtual token's socket, and each way in which it may go wrong.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
start_vcard_socket
provision
cd "$T" || exit 1

# ---- the main job ----
run_ok 'signs' sign invoice.txt
is "$out" invoice.txt.p7s 'says where the signature is'
like "$err" 'Signing as CHAN Siu Ming, Harbour Lights' 'and who signs'
run_ok 'verifies' verify invoice.txt
like "$out" '^Signature: +valid$' 'called valid'
is "$(printf '%s\n' "$out" | tail -n 1)" "$(printf '%s\n' "$out" | grep '^Signature:')" 'behind the last check'
like "$out" 'Signed by: +CHAN Siu Ming, Harbour Lights Trading Co. Ltd.' 'who'
like "$out" 'CA: +Demonstration e-Cert CA' 'which CA'
like "$out" 'Claimed time: +20' 'when'
run_ok 'openssl cms verifies it as CAdES' openssl_verify invoice.txt
run_ok 'verifies as JSON' verify --json invoice.txt invoice.txt.p7s
is "$(field .verdict)/$(field .kind)" passed/signature 'JSON: verdict and kind'
is "$(field '.signers[0].signer.organisation')" 'Harbour Lights Trading Co. Ltd.' 'JSON: the signer'
is "$(field '[.signers[0].checks[] | select(.state == "failed")] | length')" 0 'JSON: each check'
run_ok 'a signature alone finds its file' verify invoice.txt.p7s

cp invoice.txt a.txt && cp invoice.txt b.txt && cp invoice.txt 'c d.txt'
run_ok 'signs many with one PIN' sign --json a.txt b.txt 'c d.txt'
is "$(field '.signed | length')" 3 'JSON: all three'
is "$(field '.signed[2].signature')" 'c d.txt.p7s' 'JSON: their names'
for f in a.txt b.txt 'c d.txt'; do run_ok "$f verifies" verify "$f"; done

# ---- what is not valid ----
run_code 10 'nobody is trusted by itself' "$ECERT" verify invoice.txt
like "$err" 'anchor' 'and it says how to name a CA'
like "$out" '^Indication: +NO_CERTIFICATE_CHAIN_FOUND$' 'in the words of the standard'
run_code 10 'and in JSON' "$ECERT" verify --json invoice.txt
is "$(field .verdict)/$(field .sub_indication)" indeterminate/NO_CERTIFICATE_CHAIN_FOUND 'JSON: nobody can tell'
run_ok 'what is valid, in JSON' verify --json invoice.txt
is "$(field .verdict)/$(field .sub_indication)" passed/null 'JSON: passed, and no why'
sed 's/1,234/9,234/' invoice.txt >changed.txt
run_code 1 'a changed byte' verify changed.txt invoice.txt.p7s
like "$out" 'failed +content digest' 'is named by its check'
sentence 'not valid: content digest' 'a changed byte'
run_code 1 'a changed byte, as JSON' verify --json changed.txt invoice.txt.p7s
is "$(field .verdict)/$(field .sub_indication)" failed/HASH_FAILURE 'JSON: failed, and why'
is "$(field '.signers[0].sub_indication')" HASH_FAILURE 'JSON: so is its signer'
head -c 900 invoice.txt.p7s >cut.p7s
run_code 1 'a truncated signature' verify invoice.txt cut.p7s
run_code 8 'no signature there' verify changed.txt
run_code 6 'no such file' verify nothing.txt
"$DEMO_CA" init other
run_code 10 'another CA' "$ECERT" verify --anchor other/root.pem invoice.txt

# ---- revoked, says an OCSP response (the CA answers for itself) ----
number=$(openssl x509 -in 9c.pem -noout -serial | cut -d= -f2)
ocsp() {
	printf '%s\t%s\t%s\t%s\tunknown\t/CN=x\n' "$1" 350101000000Z "$2" "$number" >ocsp.txt
	openssl ocsp -issuer ca/sub.pem -cert 9c.pem -reqout ocsp.req -no_nonce &&
		openssl ocsp -index ocsp.txt -CA ca/sub.pem -rsigner ca/sub.pem -rkey ca/sub.key -ndays 1 \
			-reqin ocsp.req -respout "$3" -noverify
}
ocsp V '' good.ocsp >/dev/null 2>&1 && ocsp R 260101000000Z revoked.ocsp >/dev/null 2>&1 || bail_out 'openssl ocsp'
run_ok 'not revoked, says an OCSP response' verify --ocsp good.ocsp invoice.txt
like "$out" 'ok +revocation +good, says the OCSP response' 'by its check'
run_code 10 'revoked, says an OCSP response' verify --ocsp revoked.ocsp invoice.txt
sentence 'revocation: the certificate was revoked, says the OCSP response' 'revoked'
run_code 8 'an OCSP response that is none' verify --ocsp invoice.txt invoice.txt
sentence 'invoice.txt holds no OCSP response' 'an OCSP response that is none'
run_code 6 'an OCSP response that is not there' verify --ocsp none.ocsp invoice.txt

# ---- what another kind was asked for with ----
for o in '--nonce nonce-0001' '--level attested' --need-mark '--audience https://me.example' '--nonce-store used' \
	'--holder https://me.example' '--mark invoice.txt' '--status invoice.txt'; do
	# shellcheck disable=SC2086
	run_code 1 "a signed file is nothing for ${o%% *}" verify $o invoice.txt
done
sentence 'kind: it is a signed file, for which --status means nothing' 'the last one'
run_code 1 'as JSON' verify --json --level attested invoice.txt
is "$(field '.verdict, .kind, .checks[0].check' | tr '\n' ' ')" 'failed signature kind ' 'JSON: failed, by its kind'

# ---- pipes, standard input, folders ----
run_ok 'the file from standard input' sh -c "\"$ECERT\" verify --anchor ca/root.pem - invoice.txt.p7s <invoice.txt"
run_ok 'the signature from standard input' sh -c "\"$ECERT\" verify --anchor ca/root.pem invoice.txt - <invoice.txt.p7s"
run_code 1 'another file from standard input' sh -c "\"$ECERT\" verify --anchor ca/root.pem - invoice.txt.p7s <9c.pem"
run_code 2 'both from standard input' verify - -
run_code 10 'a detached signature alone from standard input' \
	sh -c "\"$ECERT\" verify --anchor ca/root.pem - <invoice.txt.p7s"
run_code 8 'what is no signature from standard input' sh -c "\"$ECERT\" verify - <invoice.txt"
sentence 'What came from standard input is no signature' 'no signature from standard input'
run_code 8 'nothing from standard input' verify -
mkfifo pipe
cat invoice.txt >pipe &
run_ok 'the file from a named pipe' verify pipe invoice.txt.p7s
cat invoice.txt.p7s >pipe &
run_code 10 'a signature alone from a named pipe' verify pipe
mkdir folder && cp invoice.txt.p7s folder.p7s
run_code 8 'a folder to verify' verify folder
sentence 'folder is a folder' 'a folder'
run_code 8 'a folder and a signature' verify folder invoice.txt.p7s
run_code 8 'a pipe is not signed' sign pipe
rm pipe

# ---- files ----
run_code 5 'a signature that is there is not replaced' sign invoice.txt
sentence 'invoice.txt.p7s exists already' 'it says so'
run_ok 'unless --force says so' sign --force invoice.txt
: >empty.txt
run_code 8 'an empty file' sign empty.txt
sentence 'empty.txt is empty' 'an empty file'
run_code 6 'no such file' sign nothing.txt
sentence 'Cannot read nothing.txt: No such file' 'no such file'
run_code 8 'a folder' sign ca
run_code 6 'an unreadable folder for the output' sign --output /nonexistent/x.p7s a.txt
sentence 'Cannot write /nonexistent/x.p7s' 'an unreadable folder for the output'
run_code 6 'before the PIN' "$ECERT" sign --pin-source file:/nonexistent --output /nonexistent/x.p7s a.txt
ln -s /nonexistent/elsewhere dangling
run_code 5 'a link that leads nowhere is a name taken' "$ECERT" sign --pin-source file:/nonexistent -o dangling a.txt
sentence 'dangling exists already' 'a link that leads nowhere'
run_ok 'and replaced when asked, not followed' sign -f -o dangling a.txt
[ ! -L dangling ] && [ -s dangling ] && ok 'it is the signature' || not_ok 'it is the signature'
mkfifo pipe
run_code 5 'a pipe is not replaced' "$ECERT" sign -f --pin-source file:/nonexistent -o pipe a.txt
sentence 'pipe is a device or a pipe, which is not replaced' 'a pipe is not replaced'
[ -p pipe ] && ok 'it is there' || not_ok 'it is there'
run_code 5 'nor is a device' "$ECERT" sign -f --pin-source file:/nonexistent -o /dev/null a.txt
run_code 2 'one output for two files' sign --output x.p7s a.txt b.txt
run_code 5 'nothing is signed when one of them cannot be' sign changed.txt invoice.txt
is "$(ls changed.txt.p7s 2>/dev/null)" '' 'not even the first'
run_ok 'to standard output' sign --output - changed.txt
openssl pkcs7 -inform DER -in out -noout 2>/dev/null && ok 'is the signature' || not_ok 'is the signature'
run_code 2 'and JSON not at once' sign --json --output - changed.txt
truncate -s 4G huge.bin
run_ok '4 GiB are signed by streaming' sign huge.bin
run_ok 'and verified' verify huge.bin
rm -f huge.bin huge.bin.p7s

# ---- a disk that is full ----
cat >full.sh <<-'END'
	mkdir "$1/small" && mount -t tmpfs -o size=8k tmpfs "$1/small" || exit 99
	cp "$1/invoice.txt" "$1/small/" && dd if=/dev/zero of="$1/small/fill" bs=1k count=64 2>/dev/null
	shift
	"$@"
	code=$?
	ls -A "$OLDPWD/small" >"$OLDPWD/left"
	exit $code
END
full() { in_namespace m sh "$T/full.sh" "$T" "$@"; }
OLDPWD=$T
export OLDPWD
run_code 6 'a full disk' full "$ECERT" sign --pin-source "file:$T/pin" "$T/small/invoice.txt"
sentence 'The disk is full: .*invoice.txt.p7s was not written' 'a full disk'
is "$(tr '\n' ' ' <left)" 'fill invoice.txt ' 'nothing half-written is left'
run_code 6 'standard output that is full' sh -c "\"$ECERT\" cert list --json >/dev/full"

# ---- PINs ----
run_code 4 'a wrong PIN' "$ECERT" sign -f --pin-source "file:$T/wrong" a.txt
sentence 'The PIN is wrong; 2 tries are left' 'a wrong PIN'
run_code 4 'again' "$ECERT" sign -f --pin-source "file:$T/wrong" --json a.txt
is "$(field .error.code)/$(field .error.exit)" pin/4 'JSON: the error'
run_code 4 'the last try is not used without consent' "$ECERT" sign -f --pin-source "file:$T/pin" a.txt
sentence 'Only one try of the PIN is left, so nothing was sent' 'the last try'
like "$err" 'allow-last-try' 'it says how to consent'
run_ok 'with consent it is' "$ECERT" sign -f --allow-last-try --pin-source "file:$T/pin" a.txt
for i in 1 2; do "$ECERT" -q sign -f --pin-source "file:$T/wrong" a.txt 2>/dev/null; done
run_code 4 'the last try, wrong' "$ECERT" sign -f --allow-last-try --pin-source "file:$T/wrong" a.txt
sentence 'The PIN is blocked' 'a blocked PIN'
like "$err" 'ecert pin unblock' 'it says what to do'
run_code 4 'still blocked' sign -f a.txt
run_ok 'unblocks' "$ECERT" pin unblock --puk-source "file:$T/puk" --new-pin-source "file:$T/pin"
run_ok 'and signs again' sign -f a.txt
: >nopin
run_code 4 'an empty PIN' "$ECERT" sign -f --pin-source "file:$T/nopin" a.txt
printf 123 >short
run_code 4 'a PIN too short' "$ECERT" sign -f --pin-source "file:$T/short" a.txt
run_code 2 'no such variable' "$ECERT" sign -f --pin-source env:NO_SUCH_VARIABLE a.txt
run_code 6 'no such file' "$ECERT" sign -f --pin-source file:/nonexistent a.txt
run_code 2 'a PIN on the command line' "$ECERT" sign -f --pin-source "$PIN" a.txt
unlike "$err" "$PIN" 'is not repeated'
MY_PIN=$PIN run_ok 'from the environment' env MY_PIN="$PIN" "$ECERT" sign -f --pin-source env:MY_PIN a.txt
run_code 4 'no terminal to ask on' setsid "$ECERT" sign -f a.txt
sentence 'There is no terminal to ask for the PIN' 'no terminal'
run_ok 'no try was lost' "$ECERT" pin status --json
is "$(field .pin_tries)" 3 'three tries'

# ---- certificates that may not sign, refused before any PIN ----
run_ok 'a request for a certificate' "$ECERT" cert request --pin-source "file:$T/pin" \
	--subject 'C=HK, O=Harbour Lights\, Trading, CN=CHAN' -o request.pem
"$DEMO_CA" issue ca request.pem expired.pem expired
# shellcheck disable=SC2086
run_ok 'an expired certificate goes in' "$ECERT" cert import expired.pem $MGM
like "$err" 'It signs no documents: the certificate expired on' 'and that is said at once'
run_code 5 'an expired certificate' "$ECERT" sign -f --pin-source file:/nonexistent a.txt
sentence 'may not sign: .*expired' 'expired'
like "$err" 'Ask your CA for a new one' 'the next step fits: there is no other'
certify 9c 9c.pub encipherment
run_code 5 'one for encipherment' "$ECERT" sign -f --pin-source file:/nonexistent a.txt
sentence 'may not sign: .*encipherment' 'encipherment'
certify 9c 9c.pub server
run_code 5 'one of a server' "$ECERT" sign -f --pin-source file:/nonexistent a.txt
certify 9c 9c.pub signing
run_code 5 'an unknown id' sign -f --id 05 a.txt
serial=$(json_from "$ECERT" cert list --json | jq -r '.certificates[0].certificate.serial')
run_ok 'chosen by serial number' sign -f --cert-serial "$serial" a.txt
run_code 5 'an algorithm that the key has not' sign -f --alg RS256 a.txt
run_code 2 'an algorithm that is none' sign -f --alg MD5 a.txt
run_code 8 'a chain that is none' sign -f --chain invoice.txt a.txt
run_code 8 'an anchor that is none' "$ECERT" verify --anchor invoice.txt a.txt

# ---- the CA's certificates in the token ----
# shellcheck disable=SC2086
{
run_ok 'without them' "$ECERT" sign -f --pin-source "file:$T/pin" a.txt
run_code 10 'the chain is not whole' verify a.txt
like "$err" 'the certificate of its CA is neither trusted here nor given' 'by its check'
run_code 8 'a chain that is none goes nowhere' "$ECERT" cert import 9c.pem --force --chain invoice.txt $MGM
run_ok 'the CA beside the certificate' "$ECERT" cert import 9c.pem --force --chain ca/sub.pem --chain ca/root.pem $MGM
run_ok 'signs' "$ECERT" sign -f --pin-source "file:$T/pin" a.txt
run_ok 'the signature brings the chain' verify a.txt
run_ok 'for OpenSSL too' openssl_verify a.txt
is "$(openssl pkcs7 -inform DER -in a.txt.p7s -print_certs | grep -c ^subject)" 2 'without the root'
"$DEMO_CA" make ca shop
printf 'demo\n' >password
run_ok 'an e-Cert from its file' "$ECERT" key import ca/shop.p12 --force --password-source file:password $MGM
run_ok 'signs' "$ECERT" sign -f --pin-source "file:$T/pin" a.txt
run_ok 'with the chain of the file' verify a.txt
}

# ---- a PIN that the card takes for none ----
printf ' 24816\n' >blank
run_code 4 'a PIN with a blank' "$ECERT" sign -f --pin-source file:blank a.txt
sentence 'A PIN of this token has 6 to 8 characters' 'a PIN with a blank'
done_testing
