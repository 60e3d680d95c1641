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
without 'a refusal' 'it refused' "$URL/fixed/refused"
run_code 2 'no address' sign -f --tsa ftp://127.0.0.1/ invoice.txt
run_code 2 'one with a password' sign -f --tsa http://me:secret@127.0.0.1/ invoice.txt
run_code 2 'in a format without' sign -f --format jades --tsa "$URL/tsa/tsa" invoice.txt
# It was named; where it leads to was not.
without 'led to a private address' 'No time stamp from' "$URL/lead/302/http:%2F%2F127.0.0.2:9%2F"

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
