#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# ecert verify and sign towards people: what kind of file it is, why something is not valid and what to do, names that
# would steer a terminal, and batches that end early.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
start_vcard_socket
provision
cd "$T" || exit 1
run_ok 'a signature to begin with' sign invoice.txt

# ---- what a file is ----
printf '%%PDF-1.7\n1 0 obj<</Type/Sig/ByteRange[0 9 10 20]/Contents<30>>>endobj\n%%%%EOF\n' >signed.pdf
printf '%%PDF-1.7\n%%%%EOF\n' >plain.pdf
printf 'PK\003\004mimetypeapplication/vnd.etsi.asic-e+zip' >box.asice
openssl pkcs12 -export -nokeys -in 9c.pem -passout pass:x -out keys.p12 2>/dev/null
for row in 'keys.p12:PKCS#12' '9c.pem:certificate' 'plain.pdf:no signature.*PDF without'; do
	run_code 8 "a file of its kind: ${row%%:*}" verify "${row%%:*}"
	sentence "${row#*:}" "a file of its kind: ${row%%:*}"
	[ "${row%%:*}" = plain.pdf ] || unlike "$err" 'There is no signature' "${row%%:*}: not said to have none"
done
# A signed PDF is verified since (cli-pdf.sh), and this one is none that anybody signed.
run_code 1 'a PDF whose signature is none' verify signed.pdf
sentence 'what it leaves out is not exactly one string' 'says what is wrong with it'
cp invoice.txt alone.txt # one that has its own signature beside it is a document, and so is what is named with it
for f in plain.pdf box.asice; do
	run_code 8 "two files, the second $f" verify alone.txt $f
	sentence "$f is an* .* with.* signatures* inside, and not the signature of alone.txt" "the second name is no signature: $f"
	like "$err" 'a file of its own, usually called FILE.p7s' "and what was meant: $f"
done
# A container is verified since (cli-asic.sh), and this one is none.
run_code 1 'a container from a pipe' sh -c "\"$ECERT\" verify - <box.asice"
like "$out" 'breaks the rules of its own format' 'a container from a pipe'
cp invoice.txt.p7s signature.der
run_ok 'the two in any order' verify signature.der invoice.txt

# ---- forms of the signature ----
base64 invoice.txt.p7s >bare
run_ok 'bare base64' verify invoice.txt bare
openssl cms -cmsout -inform DER -in invoice.txt.p7s -outform PEM -out pem
run_ok 'PEM' verify invoice.txt pem
{ cat pem; echo 'I owe the bearer a million.'; } >pem.txt
run_code 1 'text behind PEM' verify invoice.txt pem.txt
sentence 'invoice.txt: not valid: pem.txt: structure: there is text beside the signature' 'text behind PEM'
like "$err" 'no signature covers it' 'what that means'
openssl cms -sign -cades -binary -nodetach -in invoice.txt -signer ca/sub.pem -inkey ca/sub.key -outform SMIME -out mail \
	2>/dev/null
run_code 10 'a message signed by a CA' verify mail
like "$out" 'S/MIME; the message.s headers are not signed' 'is read as a message'
like "$out" 'ok +signature value' 'and its signature is checked'
head -c 20000000 /dev/zero >large
openssl cms -sign -cades -binary -nodetach -in large -signer ca/sub.pem -inkey ca/sub.key -outform DER -out large.p7m
run_code 10 'a large file inside its signature' verify large.p7m
like "$out" 'ok +content digest' 'is digested'
run_code 8 'but not from a pipe' sh -c "\"$ECERT\" verify - <large.p7m"
sentence 'larger than the 16 MiB' 'the limit is named'
like "$err" 'detached' 'and the way out'

# ---- why, and what next: never the signer's fault when it is not ----
SOFT=$T/ca/soft
"$DEMO_CA" make "$T/ca" soft
soft() { openssl cms -sign -binary -in invoice.txt -signer "$SOFT.pem" -inkey "$SOFT.key" -certfile ca/sub.pem -outform DER "$@"; }
soft -noattr -out noattr.p7s
soft -out default.p7s
run_code 10 'of another profile' verify invoice.txt noattr.p7s
like "$out" 'ok +signature value' 'its mathematics are right'
like "$out" '^Signature: +cannot be called valid$' 'the headline'
sentence 'invoice.txt: cannot be called valid: signed attributes' 'and the last word'
like "$err" 'says nothing against it: it is a signature of another kind than CAdES' 'what it is'
# As openssl cms -sign makes them: nothing names the certificate, which only CAdES asks for.
run_ok 'CMS that is not CAdES' verify invoice.txt default.p7s
like "$out" 'messageDigest and signingTime are signed: CMS, not CAdES' 'is told as that'
soft -cades -md sha1 -out sha1.p7s
run_code 10 'SHA-1' verify invoice.txt sha1.p7s
sentence 'SHA1 is too old to rely on since 2012-08-01' 'SHA-1'
like "$err" 'says nothing against the file or the signer' 'who is not to blame'
like "$err" 'say until when you rely on it with --algorithm' 'and who may say otherwise'
like "$out" '^Signature: +cannot be called valid$' 'and what is old is not called wrong'
soft -cades -md sha224 -out sha224.p7s
run_code 10 'SHA-224' verify --algorithm SHA224=2026-01-01 invoice.txt sha224.p7s
sentence 'SHA224 is shorter than the 256 bits that are asked for since 2026-01-01' 'SHA-224'
run_ok 'who relies on SHA-1' verify --algorithm SHA1=never invoice.txt sha1.p7s
run_ok 'until a day' verify --algorithm sha1=2090-01-01 invoice.txt sha1.p7s
run_code 10 'who no longer relies on SHA-256' verify --algorithm SHA256=2020-01-01 invoice.txt
sentence 'signed with SHA256, which is not relied on since 2020-01-01' 'SHA-256, of the chain'
like "$out" 'content digest +it fits, but SHA256 is not relied on since 2020-01-01' 'and of the content'
unlike "$out$err" 'too old|such a signature can be forged' 'not as what nobody could rely on'
like "$out" '^Indication: +CRYPTO_CONSTRAINTS_FAILURE_NO_POE$' 'in the words of the standard'
run_code 2 'an algorithm that is none' verify --algorithm SHA0=never invoice.txt
sentence "--algorithm 'SHA0=never' is not understood" 'an algorithm that is none'
run_code 2 'a day that is none' verify --algorithm SHA1=soon invoice.txt
unlike "$err" 'forged|another file' 'is not called forgeable'
soft -cades -econtent_type 1.2.3.4 -nodetach -out typed.p7m
run_code 10 'content of another type' verify typed.p7m
sentence 'what is signed is not a document .id-data. but of the type 1.2.3.4' 'content of another type'
unlike "$err" 'contradict' 'contradicts nothing'
cp invoice.txt.p7s filled.p7s && head -c 512 /dev/zero >>filled.p7s && echo >>filled.p7s
run_ok 'zeros and a line end behind the signature' verify invoice.txt filled.p7s
{ cat invoice.txt.p7s; echo 'I owe the bearer a million.'; } >more.p7s
run_code 1 'text behind the signature' verify invoice.txt more.p7s
sentence 'invoice.txt: not valid: more.p7s: structure: bytes follow the signature, which nobody signed' 'text behind the signature'

# ---- whose certificate it is ----
soft -cades -nocerts -out bare.p7s
run_code 10 'without any certificate' verify --intermediate ca/sub.pem invoice.txt bare.p7s
sentence 'cannot be called valid: signing certificate: .* neither in the document nor among those given' 'without any certificate'
like "$out" '^Signed by: +unknown: there is no certificate$' 'nobody is named'
like "$err" 'name it with --intermediate' 'and what to do'
openssl x509 -in "$SOFT.pem" -outform DER -out soft.der
run_ok 'the certificate is given' verify --intermediate ca/sub.pem --intermediate soft.der invoice.txt bare.p7s
like "$out" '^Signed by: +[A-Za-z]' 'and the signer is named'
run_code 10 'given, but not trusted' "$ECERT" verify --intermediate "$SOFT.pem" invoice.txt bare.p7s
sentence 'chain: no trusted certificates were given' 'it is judged as always'
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout nobody.key -out nobody.pem -subj / -days 9 2>/dev/null
openssl cms -sign -cades -binary -in invoice.txt -signer nobody.pem -inkey nobody.key -outform DER -out nobody.p7s
run_code 10 'a certificate without a name' verify invoice.txt nobody.p7s
like "$out" '^Signed by: +.the certificate has no name.$' 'is said to have none'

# ---- who can mend it ----
run_code 10 'nobody is trusted' "$ECERT" verify invoice.txt
like "$err" 'Say whom you trust' 'whom do you trust'
run_code 10 'before the certificate began' verify --at 2020-01-01 invoice.txt
like "$out" 'unknown +validity +a certificate of the chain begins on' 'it had not begun'
unlike "$out$err" 'expired since' 'and is not called expired'
like "$err" 'Compare the clock' 'clocks are compared'
openssl cms -sign -cades -binary -in invoice.txt -signer "$SOFT.pem" -inkey "$SOFT.key" -outform DER -out alone.p7s
run_code 10 'without the CA between' verify invoice.txt alone.p7s
sentence 'the certificate of its CA is neither trusted here nor given .*Demonstration e-Cert CA' 'whose certificate is missing'
like "$err" 'intermediate' 'and where it goes'
run_ok 'with it' verify --intermediate ca/sub.pem invoice.txt alone.p7s
"$DEMO_CA" init other
run_code 10 'a CA that is not trusted' "$ECERT" verify --anchor other/root.pem invoice.txt invoice.txt.p7s
like "$err" 'If you trust this CA' 'is a decision'
run_code 1 'the signature of another file' verify plain.pdf invoice.txt.p7s
like "$err" 'compare it with the one that the signer has' 'another file'
run_code 8 'certificates without a signature' sh -c \
	"openssl crl2pkcs7 -nocrl -certfile 9c.pem -outform DER -out certs.p7b && \"$ECERT\" verify certs.p7b; r=\$?; [ \$r = 1 ] && exit 8"
like "$err" 'no signer' 'certificates only'
unlike "$err" 'ask the signer for a new one' 'nobody is sent to the signer for that'

# ---- names from outside ----
name=$(printf 'a\033[2J\302\233\342\200\256.txt')
cp invoice.txt "$name"
run_ok 'a file whose name would steer a terminal' sign "$name"
is "$(LC_ALL=C grep -c "$(printf '\033')" "$T/out" "$T/err" | tr '\n' ' ')" "$T/out:0 $T/err:0 " 'no escape reaches it'
unlike "$(LC_ALL=C od -An -tx1 "$T/out" "$T/err" | tr -d ' \n')" 'c29b|e280ae' 'nor another control'
run_ok 'the same in JSON' verify --json "$name"
is "$(field .file)" "$name" 'the name is whole'
like "$(cat "$T/out")" '\\u001B\[2J\\u009b\\u202e' 'by escapes'
like "$out" '"organisation": "Harbour Lights Trading Co. Ltd."' 'the organisation is the company'
like "$out" '"certificate_type": "Demonstration Post e-Cert \(Organisational\)"' 'and the type is told as that'
run_code 6 'an error about such a name' verify --json "$name-not"
unlike "$(LC_ALL=C od -An -tx1 "$T/out" "$T/err" | tr -d ' \n')" '1b|c29b|e280ae' 'steers nothing either'
run_code 6 'several, and one such name' "$ECERT" verify a b "$name"
unlike "$(LC_ALL=C od -An -tx1 "$T/out" "$T/err" | tr -d ' \n')" '1b|c29b|e280ae' 'steers nothing either'

# ---- times ----
run_ok 'in Hong Kong' env TZ=Asia/Hong_Kong "$ECERT" verify --anchor ca/root.pem invoice.txt
like "$out" 'Claimed time: [0-9-]+ [0-9:]+ HKT \(\+0800\)' 'the local time with its zone'
run_ok 'as JSON' env TZ=Asia/Hong_Kong "$ECERT" verify --json --anchor ca/root.pem invoice.txt
like "$(field '.signers[0].time')" '^[0-9]{10}$' 'seconds since 1970, wherever'

# ---- --force, and batches that end early ----
chmod 600 invoice.txt.p7s
run_ok 'signs again' sign -f invoice.txt
is "$(stat -c %a invoice.txt.p7s)" 600 'with the rights that the signature had'
cp invoice.txt one.txt && cp invoice.txt two.txt
truncate -s 1G slow
"$ECERT" sign --pin-source file:pin --json one.txt slow two.txt >out 2>batch.err &
batch=$!
wait_for 30 test -s one.txt.p7s
echo 'of somebody else' >two.txt.p7s
wait "$batch"
is "$?" 5 'a batch that is refused on the way'
json_keep out "$ECERT" sign
is "$(field '.error.code')" refused 'JSON: why'
is "$(field '[.signed[].signature] | join(" ")')" 'one.txt.p7s slow.p7s' 'JSON: what was done'
is "$(field '.not_signed | join(" ")')" two.txt 'JSON: and what was not'
is "$(cat two.txt.p7s)" 'of somebody else' 'what came in between is as it was'
rm -f one.txt.p7s slow.p7s two.txt.p7s
"$ECERT" sign --pin-source file:pin --json one.txt slow two.txt >batch.json 2>batch.err &
batch=$!
wait_for 30 test -s one.txt.p7s
kill -TERM "$batch"
wait "$batch"
is "$?" 130 'a batch that is stopped'
json_keep batch.json "$ECERT" sign
is "$(jq -r '.error.code' batch.json)" interrupted 'JSON: stopped'
is "$(jq -r '.not_signed[-1]' batch.json)" two.txt 'JSON: what is left'
is "$(test -e two.txt.p7s && echo there)" '' 'is not signed'
is "$(jq -r '.signed[0].file' batch.json)" one.txt 'JSON: what was done'

# ---- lines come when they are said ----
cp invoice.txt three.txt
mkfifo lines
rm -f slow.p7s
"$ECERT" sign --pin-source file:pin three.txt slow >lines 2>/dev/null &
batch=$!
exec 3<lines
read -r first <&3
is "$first" three.txt.p7s 'a line through a pipe'
is "$(test -e slow.p7s && echo there)" '' 'comes before the batch has ended'
kill -TERM "$batch"
exec 3<&-
wait "$batch"
done_testing
