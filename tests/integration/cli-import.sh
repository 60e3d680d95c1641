#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What comes from outside: PKCS#12 files of every maker, and what CAs answer to a request.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
start_vcard_socket --serial 4711
provision
cd "$T" || exit 1
E=$ECERT
printf 'secret\n' >password
: >nothing
# leaf NAME [PROFILE [SUBJECT]]: NAME.key and NAME.pem of the demonstration CA.
leaf() {
	openssl req -new -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.csr" -utf8 \
		-subj "${3:-/C=HK/CN=$1}" 2>/dev/null || bail_out "request $1"
	"$DEMO_CA" issue ca "$1.csr" "$1.pem" "${2:-signing}" >/dev/null 2>&1 || bail_out "certificate $1"
}
# p12 FILE NAME [OPTION...]: a PKCS#12 file of that key and certificate.
p12() {
	file=$1 name=$2
	shift 2
	openssl pkcs12 -export -inkey "$name.key" -in "$name.pem" -out "$file" "$@" 2>/dev/null || bail_out "$file"
}
# takes FILE SOURCE NAME: it goes into 9d.
takes() {
	# shellcheck disable=SC2086
	run_ok "$3" "$E" key import "$1" --slot 9d --force --password-source "$2" $MGM
}
leaf sign
leaf cipher encipherment
serial() { openssl x509 -in "$1" -noout -serial | sed 's/.*=//'; }

# ---- passwords and rounds ----
if command -v pk12util >/dev/null; then
	p12 in.p12 sign -name sign -passout pass:secret
	mkdir nss
	{
		certutil -N -d sql:nss --empty-password && pk12util -i in.p12 -d sql:nss -W secret -K '' &&
			pk12util -o nss.p12 -n sign -d sql:nss -W secret -K ''
	} >/dev/null 2>&1 || bail_out pk12util
else
	p12 nss.p12 sign -iter 600000 -passout pass:secret
fi
takes nss.p12 file:password 'a file of Firefox'
p12 none.p12 sign -passout pass:
takes none.p12 file:nothing 'an empty password'
# shellcheck disable=SC2086
run_ok 'a file without a password' setsid "$E" key import none.p12 --slot 9d --force $MGM
p12 bare.p12 sign -nomac -keypbe NONE -certpbe NONE -passout pass:
# shellcheck disable=SC2086
run_ok 'one without anything' setsid "$E" key import bare.p12 --slot 9d --force $MGM
# shellcheck disable=SC2086
run_code 8 'one with a password' setsid "$E" key import nss.p12 --slot 9d --force $MGM
sentence 'no terminal to ask for the password' 'one with a password'
p12 latin.p12 sign -passout "pass:$(printf 'p\344ss')"
printf 'p\303\244ss\n' >umlaut
takes latin.p12 file:umlaut 'a password from a Latin-1 terminal'

# ---- which key ----
# both FILE NAME...: one file with the keys and certificates of all.
both() {
	file=$1
	shift
	"$BAGS" "$file" secret "$@" || bail_out "$file"
}
BAGS=$top_builddir/tests/integration/p12-bags
both two.p12 cipher sign
# shellcheck disable=SC2086
run_ok 'of two keys' "$E" key import two.p12 --slot 9d --force --password-source file:password --json $MGM
is "$(field .certificate.serial)" "$(serial sign.pem)" 'the one that may sign is taken'
like "$err" "Another key.*--cert-serial $(serial cipher.pem).*encipherment only" 'and the other one named'
# shellcheck disable=SC2086
{
	run_ok 'it is there by its number' "$E" key import two.p12 --slot 82 --force --password-source file:password --json \
		--cert-serial "0x$(serial cipher.pem | sed 's/../&:/g;s/:$//')" $MGM
	is "$(field '[.slot, .certificate.serial] | join(" ")')" "82 $(serial cipher.pem)" 'as it was asked for'
	run_ok 'and by its name' "$E" key import two.p12 --slot 82 --force --password-source file:password --json \
		--friendly-name cipher $MGM
	is "$(field '[.slot, .certificate.serial] | join(" ")')" "82 $(serial cipher.pem)" 'as it was called'
	run_code 2 'not by another' "$E" key import two.p12 --slot 82 --force --password-source file:password \
		--friendly-name nobody $MGM
	sentence 'no key of that name' 'not by another'
	leaf more
	both three.p12 sign more
	run_code 2 'two that may sign' "$E" key import three.p12 --slot 82 --force --password-source file:password $MGM
	sentence 'not clear which one is meant' 'two that may sign'
	like "$err" "friendly-name 'more'" 'are listed'
	openssl genrsa -out orphan.key 2048 2>/dev/null
	rm -f orphan.pem
	both orphan.p12 orphan sign
	run_ok 'a key without a certificate' "$E" key import orphan.p12 --slot 9d --force --password-source file:password \
		--json $MGM
	is "$(field '[.certificate.serial, .keys_left_out] | join(" ")')" "$(serial sign.pem) 1" 'is skipped'
	like "$err" '1 other key of the file has no certificate' 'and told'
}

# ---- what is not taken ----
openssl req -x509 -newkey rsa:1024 -nodes -keyout short.key -out short.pem -subj /CN=old -days 9 2>/dev/null
p12 short.p12 short -passout pass:secret
# shellcheck disable=SC2086
run_code 5 'a short key' "$E" key import short.p12 --slot 82 --force --password-source file:password $MGM
sentence 'RSA-1024, which is too short' 'a short key'
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:3 -out three.key 2>/dev/null
openssl req -x509 -key three.key -out three.pem -subj /CN=three -days 9
p12 three.p12 three -passout pass:secret
# shellcheck disable=SC2086
run_code 5 'a key with an odd exponent' "$E" key import three.p12 --slot 82 --force --password-source file:password $MGM
sentence 'public exponent is not 65537' 'a key with an odd exponent'
p12 old.p12 sign -legacy -passout pass:secret
# shellcheck disable=SC2086
run_code 8 'an old file without the legacy provider' env OPENSSL_MODULES="$T/no" "$E" key import old.p12 \
	--slot 82 --force --password-source file:password $MGM
sentence 'RC2.*legacy provider' 'an old file'
takes old.p12 file:password 'with it'

# ---- the CA's certificate ----
# shellcheck disable=SC2086
{
	run_ok 'a file without it' "$E" key import two.p12 --slot 9d --force --password-source file:password --json $MGM
	is "$(field .chain_complete)" false 'says so in JSON'
	like "$err" 'certificate of its CA .*did not come' 'and to people'
	run_ok 'signs' "$E" sign -f --id 03 --pin-source file:pin invoice.txt
	like "$err" 'certificate of its CA' 'and warns'
	run_ok 'with it' "$E" key import two.p12 --slot 9d --force --password-source file:password --chain ca/sub.pem \
		--json $MGM
	is "$(field .chain_complete)" true 'nothing is missing'
	unlike "$err" 'did not come' 'and nothing said'
}

# ---- answers of CAs ----
openssl crl2pkcs7 -nocrl -certfile ca/root.pem -certfile ca/sub.pem -certfile 9c.pem -outform DER -out answer.p7b
openssl crl2pkcs7 -nocrl -certfile ca/root.pem -certfile ca/sub.pem -certfile 9c.pem -out answer.pem
leaf stranger
cat ca/root.pem ca/sub.pem stranger.pem 9c.pem >bundle.pem
sed 's/PKCS7/CERTIFICATE/' answer.pem >odd.pem
grep -v -e ----- 9c.pem >bare.b64
openssl x509 -in 9c.pem -outform DER -out 9c.cer
openssl x509 -in 9c.pem -trustout -addtrust emailProtection -out trusted.pem
for file in answer.p7b answer.pem bundle.pem odd.pem bare.b64 9c.cer trusted.pem; do
	# shellcheck disable=SC2086
	run_ok "$file" "$E" cert import $file --json $MGM
	is "$(field '[.slot, .certificate.serial] | join(" ")')" "9c $(serial 9c.pem)" "$file: the token's own"
done
cat 9c.pem sign.pem >mine.pem
# shellcheck disable=SC2086
{
	run_ok 'those of two keys here' "$E" cert import mine.pem $MGM
	like "$err" 'also the one of the key in slot (9c|9d)' 'the other is told'
	run_ok 'and goes in by its place' "$E" cert import mine.pem --slot 9d --json $MGM
	is "$(field '[.slot, .certificate.serial] | join(" ")')" "9d $(serial sign.pem)" 'as that'
	run_ok "the CA's alone" "$E" cert import ca/sub.pem $MGM
	like "$out" 'signatures carry them' 'completes'
	run_code 5 'a root alone' "$E" cert import ca/root.pem $MGM
	run_code 8 'a request' "$E" cert import sign.csr $MGM
	sentence 'is a certificate request' 'a request'
	run_code 8 'a PKCS#12 file' "$E" cert import two.p12 $MGM
	sentence 'is a PKCS#12 file' 'a PKCS#12 file'
	run_code 8 'a key' "$E" cert import sign.key $MGM
	sentence 'is a private key' 'a key'
	printf '<html>\n' >page.cer
	run_code 8 'a web page' "$E" cert import page.cer $MGM
	sentence 'is a web page' 'a web page'
	head -c 900 9c.pem >cut.pem
	printf '%s\n' '-----END CERTIFICATE-----' >>cut.pem
	run_code 8 'a damaged one' "$E" cert import cut.pem $MGM
}
# serial numbers as people copy them
n=$(serial 9c.pem)
for typed in "$n" "0x$n" "$(printf %s "$n" | sed 's/../&:/g;s/:$//')" "$(printf %s "$n" | tr A-F a-f | sed 's/..../& /g')" \
	"00$n" "$(perl -MMath::BigInt -e 'print Math::BigInt->from_hex(shift)' "$n")"; do
	run_ok "signs by the serial number $typed" "$E" sign -f --pin-source file:pin --cert-serial "$typed" invoice.txt
done
run_code 5 'not by another' "$E" sign -f --pin-source file:pin --cert-serial 1234 invoice.txt

# ---- certificates that end, and two that may sign ----
# ends SLOT DAYS: a key there, and a certificate that ends then; $MGM.
ends() {
	# shellcheck disable=SC2086
	{
		"$E" -q key generate --slot "$1" --force --pin-policy once -o "$1.pub" $MGM || bail_out "key $1"
		printf 'keyUsage=digitalSignature,nonRepudiation\n' >ext
		openssl x509 -new -force_pubkey "$1.pub" -subj "/C=HK/CN=until $2" -CA ca/sub.pem -CAkey ca/sub.key \
			-set_serial "0x77$2" -days "$2" -extfile ext -out "$1.pem" 2>/dev/null || bail_out "certificate $1"
		"$E" -q cert import "$1.pem" --slot "$1" $MGM || bail_out "import $1"
	}
}
end "$VCARD_PID"
rm -f "$VCARD_SOCKET"
STATE=$T/second.state
start_vcard_socket --serial 4712
"$E" -q token init --escrow second.json --new-pin-source file:pin --new-puk-source file:puk || bail_out 'token init'
MGM='--management-key-source file:second.json'
ends 9a 30
ends 82 400
run_ok 'of two the one that ends last signs' sign -f --json invoice.txt
is "$(field .signer.serial)" 077400 'by its number'
like "$err" 'id 01 .* may sign, too; id 05 is used, which ends last' 'and that is said'
unlike "$err" 'expires' 'it does not end soon'
run_ok 'the other one when it is asked for' sign -f --id 01 invoice.txt
like "$err" 'The certificate expires on 20..-..-.., in (29|30) days: ask your CA' 'with its end'
unlike "$err" 'may sign, too' 'and nothing of others'
run_ok 'certificates' "$E" cert list
is "$(printf '%s\n' "$out" | grep -c 'it expires on .* in .* days: ask your CA')" 1 'the list tells the end'
run_ok 'in JSON' "$E" cert list --json
is "$(field '[.certificates[] | [.id, .ends_soon, (.days_left >= 29)] | join(":")] | join(" ")')" \
	'01:true:true 05:false:true' 'too'
run_ok 'keys' "$E" key list
is "$(printf '%s\n' "$out" | grep -c 'its certificate expires on')" 1 'and theirs'
run_ok 'the token' "$E" token info
like "$out" 'it expires on' 'and the token'
ends 9c 50
run_ok 'the signature key comes first' sign -f --json invoice.txt
is "$(field .signer.serial)" 7750 'whatever ends last'
like "$err" "id 05 .* may sign, too; id 02 is used, the token's signature key" 'and that is said'

# ---- of many CAs in one file its own goes in first: the token has room for a few ----
printf 'basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign\n' >ca.ext
: >many.pem
for i in 1 2 3 4 5 6; do
	openssl req -x509 -newkey rsa:2048 -nodes -keyout other.key -subj "/CN=Another CA $i" -days 9 -out other.pem 2>/dev/null
	openssl x509 -new -force_pubkey 9c.pub -subj "/CN=Sub $i" -CA other.pem -CAkey other.key -days 9 \
		-extfile ca.ext 2>/dev/null >>many.pem || bail_out 'other CAs'
done
end "$VCARD_PID"
rm -f "$VCARD_SOCKET"
STATE=$T/third.state
start_vcard_socket --serial 4713
"$E" -q token init --escrow third.json --new-pin-source file:pin --new-puk-source file:puk || bail_out 'token init'
MGM='--management-key-source file:third.json'
# shellcheck disable=SC2086
{
	"$E" -q key generate --slot 9c $MGM -o many.pub || bail_out 'key generate'
	"$DEMO_CA" certify ca many.pub mine.pem signing || bail_out 'certificate'
	cat many.pem ca/sub.pem mine.pem >all.pem
	run_ok 'a file with many CAs' "$E" cert import all.pem --json $MGM
	is "$(field .chain_complete)" true 'has its own'
	run_ok 'a signature' "$E" sign -f --pin-source file:pin invoice.txt
	unlike "$err" 'no certificate of its CA' 'carries it'
	run_ok 'and verifies with the root alone' "$ECERT" verify --anchor ca/root.pem invoice.txt
}
done_testing
