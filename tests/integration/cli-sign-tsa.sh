#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Time stamps that ecert sign asks for: the TSA is `openssl ts` behind a server on loopback, which is also the verifier.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
. "$top_srcdir/tests/integration/stamps-lib.sh"
start_vcard_socket
provision
cd "$T" || exit 1
NOW=$(date +%s)
make_tsa_config
make_ca tsaroot
TSA='basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage='
make_cert tsa tsaroot 100 "${TSA}critical,timeStamping"
make_cert loose tsaroot 100 "${TSA}critical,timeStamping,emailProtection"
mkdir -p srv/www
cp ts.cnf ts.serial tsa.pem tsa.key loose.pem loose.key srv
spawn "$top_srcdir/tests/integration/online-server" "$T/srv"
wait_for 30 test -s srv/port || bail_out 'no server'
URL=http://127.0.0.1:$(cat srv/port)
cp "$top_srcdir/tests/data/invoice.pdf" .
# body PDF: its CMS, body.der.
body() {
	local range
	range=$(grep -a -o '/ByteRange *\[[0-9 ]*\]' "$1" | tail -n 1 | tr -dc '0-9 ')
	# shellcheck disable=SC2086
	set -- "$1" $range
	tail -c +"$(($3 + 2))" "$1" | head -c "$(($4 - $3 - 2))" | xxd -r -p | openssl cms -cmsout -inform DER -outform DER -out body.der
}
# token CMS: its time stamp, and the value that it is over; openssl verifies one over the other.
token() {
	"$MAKER" value "$1" >value
	openssl asn1parse -inform DER -in "$1" | awk -F: '/id-smime-aa-timeStampToken/ { found = 1; next } found && /SEQUENCE/ { print $1; exit }' >place.txt
	openssl asn1parse -inform DER -in "$1" -strparse "$(xargs <place.txt)" -noout -out token
}
stamped() { openssl ts -verify -data value -in token -token_in -CAfile tsaroot.pem; }

# ---- B-T ----
run_ok 'CAdES with a time stamp' sign --tsa "$URL/tsa/tsa" invoice.txt
token invoice.txt.p7s
run_ok 'openssl ts verifies it over the signature value' stamped
run_ok 'openssl cms verifies the signature' openssl_verify invoice.txt
run_ok 'ecert verifies both' verify --json --tsa-anchor tsaroot.pem invoice.txt
is "$(field '.signers[0].proved_time != null')" true 'it proves a time'
run_ok 'PAdES with a time stamp' sign --tsa "$URL/tsa/tsa" --visible bottom-right invoice.pdf
pdfsig -nocert invoice-signed.pdf >pdfsig
like "$(cat pdfsig)" 'Signature is Valid' 'pdfsig calls it valid'
like "$(cat pdfsig)" '- Total document signed' 'and total document signed'
run_ok 'qpdf has no complaint' qpdf --check invoice-signed.pdf
body invoice-signed.pdf
token body.der
run_ok 'openssl ts verifies it, too' stamped
run_ok 'ecert verifies it' verify --json --tsa-anchor tsaroot.pem invoice-signed.pdf
is "$(field '.signers[0].proved_time != null')" true 'and what it proves'
is "$(sort -u srv/log)" 'POST /tsa/tsa cookie=- authorization=-' 'the TSA was asked, and nobody was told more'
run_ok 'two files, each with its own' sign -f --tsa "$URL/tsa/tsa" invoice.pdf invoice.txt
is "$(grep -c . srv/log)" 4 'four in all'

# ---- a TSA that is gone, or answers something else ----
run_ok 'the next one is asked' sign -f --tsa "$URL/empty" --tsa "$URL/tsa/tsa" invoice.txt
like "$err" 'No time stamp from .*/empty' 'and it is told why'
token invoice.txt.p7s
run_ok 'with its time stamp' stamped
# without NAME WORDS URL: the signature is kept, and its lack is told.
without() {
	run_code 6 "$1" sign -f --json --tsa "$3" invoice.pdf
	is "$(field '.error.reason')" time-stamp-missing "$1: the reason"
	is "$(field '.signed[0].signature')" invoice-signed.pdf "$1: the signature is kept"
	like "$(pdfsig -nocert invoice-signed.pdf)" 'Signature is Valid' "$1: and good"
	like "$err" "$2" "$1: in words"
}
without 'nobody there' 'No time stamp from' http://127.0.0.1:9/
without 'an error of the server' 'No time stamp from' "$URL/nothing"
without 'a page of a hotel' 'something else than a time stamp' "$URL/html"
without 'a certificate that is for mail, too' 'certificate is not for time stamps' "$URL/forged/loose"
# An answer of before: to another question, over another value.
openssl ts -query -data value -sha256 -cert -out old.q 2>/dev/null
openssl ts -reply -config ts.cnf -queryfile old.q -signer tsa.pem -inkey tsa.key -out srv/www/old 2>/dev/null
without 'one whose signature was bent' 'not signed as it has to be' "$URL/forged/other"
without 'an answer of before' 'about something else' "$URL/fixed/old"
printf '\060\005\060\003\002\001\002' >srv/www/refused
without 'a refusal' 'it refused.?$' "$URL/fixed/refused"
# What openssl ts answers to a digest that it does not take.
sed 's/^digests=.*/digests=sha512/' ts.cnf >picky.cnf
openssl ts -reply -config picky.cnf -queryfile old.q -signer tsa.pem -inkey tsa.key -out srv/www/picky 2>/dev/null
like "$(openssl ts -reply -in srv/www/picky -text 2>/dev/null)" 'unrecognized or unsupported algorithm' 'openssl says what it is'
without 'a refusal with reasons' 'it refused: Message digest algorithm is not supported\. \(badAlg\)' "$URL/fixed/picky"
printf '\060\031\060\027\002\001\002\060\014\014\012a\033[31m\nb\342\200\003\004\006\300\000\001' >srv/www/hostile
without 'a refusal with control characters' 'it refused: a\?\[31m b' "$URL/fixed/hostile"
run_code 2 'no address' sign -f --tsa ftp://127.0.0.1/ invoice.txt
run_code 2 'one with a password' sign -f --tsa http://me:secret@127.0.0.1/ invoice.txt
run_code 2 'in a form without' sign -f --format jades --tsa "$URL/tsa/tsa" --pin-source file:none invoice.txt
sentence 'A JWS in its compact form has no place for a time stamp' 'in a form without'
# It was named; where it leads to was not.
without 'led to a private address' 'No time stamp from' "$URL/lead/302/http:%2F%2F127.0.0.2:9%2F"

# ---- JAdES-B-T: in etsiU, in base64url (TS 119 182-1, 5.3.1), over the signature as it stands there (5.3.4) ----
# jades_stamped FILE SIGNATURE: openssl ts verifies its time stamp; $2: where in the JSON the signature is.
jades_stamped() {
	jq -j "$2.signature" "$1" >value
	jq -r "$2.header.etsiU[-1]" "$1" | tr -- '-_' '+/' | base64 -di 2>/dev/null | jq -r '.sigTst.tstTokens[0].val' | base64 -d >token
	stamped
}
jades() { "$ECERT" verify --json --anchor "$T/ca/root.pem" --tsa-anchor tsaroot.pem "$@"; }
run_ok 'JAdES with a time stamp' sign -f --format jades --flattened --tsa "$URL/tsa/tsa" invoice.txt
run_ok 'openssl ts verifies it' jades_stamped invoice.txt.jws ''
run_ok 'ecert verifies it' jades invoice.txt invoice.txt.jws
is "$(field '.signers[0] | [.profile, .time_stamps[0].verdict] | join(" ")')" 'JAdES-B-T passed' 'as B-T'
run_ok 'for several, with the file inside, of a TSA for this level' sign -f --format jades --general --attached --level T --tsa "$URL/tsa/tsa" invoice.txt
run_ok 'openssl ts verifies that' jades_stamped invoice.txt.jws '.signatures[0]'
openssl x509 -in 9c.pem -noout -pubkey >9c.pub.pem && jwk 9c.pub.pem >9c.jwk
cp invoice.txt.jws plain-name
run_ok 'jose verifies it, with what it has beside' jose jws ver -i plain-name -k 9c.jwk -O taken
cmp -s taken invoice.txt && ok 'and takes the file out' || not_ok 'and takes the file out'
run_code 6 'nobody gives one' sign -f --format jades --flattened --tsa "$URL/empty" invoice.txt
run_ok 'it is written without' jades invoice.txt invoice.txt.jws
is "$(field '.signers[0].profile')" JAdES-B-B 'as B-B'
cp invoice.txt.jws was.jws
longer() { "$ECERT" extend --anchor "$T/ca/root.pem" --tsa-anchor tsaroot.pem --tsa "$URL/tsa/tsa" "$@"; }
run_ok 'extended to T' longer --level T invoice.txt.jws
run_ok 'openssl ts verifies what was put in' jades_stamped invoice.txt.jws ''
is "$(jq -c 'del(.header)' invoice.txt.jws)" "$(jq -c . was.jws)" 'and nothing else is changed'
run_ok 'ecert verifies it' jades invoice.txt invoice.txt.jws
is "$(field '.signers[0].profile')" JAdES-B-T 'as B-T'
sum=$(sha256sum <invoice.txt.jws)
run_ok 'again' longer --level T invoice.txt.jws
is "$(sha256sum <invoice.txt.jws)" "$sum" 'changes nothing'
jq -c '.header = {etsiU: [{xVals: []}], x: "y"}' was.jws >invoice.txt.jws
run_ok 'one whose members are JSON' longer --level T invoice.txt.jws
is "$(jq -r '[(.header.etsiU[] | keys[0]), .header.x] | join(" ")' invoice.txt.jws)" 'xVals sigTst y' 'gets one more of that kind'
run_ok 'ecert reads it' jades invoice.txt invoice.txt.jws
is "$(field '.signers[0].profile')" JAdES-B-T 'as B-T'
for odd in '{"etsiU":[]}' '{"etsiU":[{},"e30"]}' '{"etsiU":7}' '{"x":97.40000000000000000001}'; do
	printf '{"header":%s,%s\n' "$odd" "$(sed 's/^{//' was.jws)" >invoice.txt.jws
	run_code 5 "an unprotected header that is odd, $odd" longer --level T invoice.txt.jws
done
run_code 5 'LT' longer --level LT invoice.txt.jws
run_ok 'compact' sign -f --format jades invoice.txt
run_code 5 'compact is not extended' longer --level T invoice.txt.jws
sentence 'a JWS in its compact form has no place for a time stamp' 'compact is not extended'

# ---- up to LT and LTA at once ----
# A certificate of the same key that names a responder, and a TSA's that does.
cat >named.ext <<END
basicConstraints=CA:FALSE
keyUsage=critical,digitalSignature,nonRepudiation
authorityInfoAccess=OCSP;URI:$URL/ocsp/tsaroot
END
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout any.key -subj '/C=HK/O=Harbour Lights/CN=Chan Tai Man' -out any.csr 2>/dev/null
openssl x509 -req -in any.csr -force_pubkey "$T/9c.pub" -CA tsaroot.pem -CAkey tsaroot.key -days 30 -extfile named.ext -out named.pem 2>/dev/null ||
	bail_out 'a certificate that names a responder'
make_cert told tsaroot 100 "${TSA}critical,timeStamping\nauthorityInfoAccess=OCSP;URI:$URL/ocsp/tsaroot"
cp told.pem told.key tsaroot.pem tsaroot.key srv
for x in named told; do
	printf 'V\t%s\t\t%s\tunknown\t/CN=%s\n' "$(utc $((NOW + 3650 * DAY)))" "$(openssl x509 -in $x.pem -noout -serial | cut -d= -f2)" $x
done >srv/tsaroot.index
# shellcheck disable=SC2086
"$ECERT" -q cert import named.pem --slot 9c --force $MGM || bail_out 'cert import'
upto() { sign -f --chain tsaroot.pem --anchor tsaroot.pem --online-allow "127.0.0.1:${URL##*:}" "$@"; }
seen() { "$ECERT" verify --json --anchor tsaroot.pem invoice.txt | jq -r '.signers[0].profile'; }
run_code 2 'a level without a TSA' upto --level T invoice.txt
run_code 2 'no such level' upto --level XL --tsa "$URL/tsa/told" invoice.txt
run_code 2 'none and a TSA' upto --level B --tsa "$URL/tsa/told" invoice.txt
run_ok 'LTA' upto --level LTA --online --tsa "$URL/tsa/told" invoice.txt
is "$(seen)" CAdES-B-LTA 'in one'
run_code 10 'LT, when nobody is asked' sign -f --chain tsaroot.pem --anchor tsaroot.pem --level LT --tsa "$URL/tsa/told" invoice.txt
is "$(seen)" CAdES-B-T 'the time stamp stays'
run_code 6 'LT, when no TSA answers' upto --level LT --online --tsa http://127.0.0.1:9/ invoice.txt
is "$(seen)" CAdES-B-B 'the signature stays'
run_ok 'a TSA for good' "$ECERT" trust add --kind tsa --url "$URL/tsa/told" --fingerprint \
	"$(openssl x509 -in tsaroot.pem -noout -fingerprint -sha256 | cut -d= -f2)" tsaroot.pem
run_ok 'is asked from then on' upto --level T invoice.txt
is "$(seen)" CAdES-B-T 'without being named'
done_testing
