#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# PAdES-B-T, B-LT and B-LTA: document time stamps and /DSS put into PDFs that are signed, judged by pdfsig, qpdf and
# openssl, and by ecert when the signer's certificate is over.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
. "$top_srcdir/tests/integration/stamps-lib.sh"
cd "$T" || exit 1
PDF=$top_srcdir/tests/integration/pdf-maker
serve_stamps
make_signer signer
trusting() { "$ECERT" "$@" --anchor root.pem --tsa-anchor tsaroot.pem; }
extend() {
	local url="$1"
	shift
	trusting extend --tsa "$URL/tsa/$url" --online --online-allow "127.0.0.1:$PORT" --online-timeout 3 "$@"
}
profile() { trusting verify --json "$1" 2>/dev/null | jq -r '.signers[0].profile'; }
later() { trusting verify --at "$(date -u -d "@$((NOW + $1 * DAY))" +%Y-%m-%dT%H:%M:%SZ)" "$2"; }
# standing FILE N WHAT: the signature is good for pdfsig, N updates stand on it, and qpdf has no complaint.
standing() {
	pdfsig -nocert "$1" >pdfsig 2>&1
	like "$(cat pdfsig)" 'Signature is Valid' "$3: pdfsig says valid"
	run_ok "$3: qpdf has no complaint" qpdf --check "$1"
	is "$(grep -a -c '^%%EOF' "$1")" "$2" "$3: so many revisions"
}
# stamped FILE: openssl verifies its last document time stamp over the bytes of its ByteRange.
stamped() {
	local range
	range=$(grep -a -o '/ByteRange *\[[0-9 ]*\]' "$1" | tail -n 1 | tr -dc '0-9 ')
	# shellcheck disable=SC2086
	set -- "$1" $range
	{ head -c "$3" "$1" && tail -c +"$(($4 + 1))" "$1" | head -c "$5"; } >covered
	is "$(wc -c <"$1")" "$(($4 + $5))" 'it covers the file to its end'
	tail -c +"$(($3 + 2))" "$1" | head -c "$(($4 - $3 - 2))" | xxd -r -p | openssl cms -cmsout -inform DER -outform DER -out token
	run_ok 'openssl ts verifies the document time stamp' openssl ts -verify -data covered -in token -token_in -CAfile tsaroot.pem
}

"$PDF" new plain.pdf
"$PDF" sign plain.pdf b.pdf signer.key signer.pem
is "$(profile b.pdf)" PAdES-B-B 'B-B'

# ---- T, LT, LTA: an update each ----
cp b.pdf t.pdf
run_ok 'T' extend tsa --level T t.pdf
is "$(profile t.pdf)" PAdES-B-T 'by a document time stamp'
run_ok 'what was there is as it was' cmp -n "$(wc -c <b.pdf)" b.pdf t.pdf
standing t.pdf 3 T
stamped t.pdf
like "$(grep -a -A 6 '/DocTimeStamp' t.pdf)" '/SubFilter /ETSI.RFC3161' 'as the standard names it'
trusting verify t.pdf >out 2>/dev/null
like "$(cat out)" '^Time stamp by: ' 'a TSA is no signer'
is "$(grep -c '^Signers:' out)" 0 'and not counted as one'
cp t.pdf lt.pdf
run_ok 'LT' extend tsa --level LT lt.pdf
is "$(profile lt.pdf)" PAdES-B-LT 'named'
standing lt.pdf 4 LT
qpdf --qdf --object-streams=disable lt.pdf shown.pdf
key=$(grep -a -o '/Contents<[0-9a-fA-F]*>' b.pdf | tail -n 1 | sed 's/.*<//; s/>//' | xxd -r -p | sha1sum | cut -c 1-40 | tr a-f A-F)
like "$(strings shown.pdf)" "/$key" '/VRI has the digest of all of /Contents'
like "$(strings shown.pdf)" '/OCSPs' '/DSS has OCSP responses'
cp lt.pdf lta.pdf
run_ok 'LTA' extend longer --level LTA lta.pdf
is "$(profile lta.pdf)" PAdES-B-LTA 'named'
standing lta.pdf 5 LTA
stamped lta.pdf
cp b.pdf once.pdf
run_ok 'all at once' extend tsa --level LTA once.pdf
is "$(profile once.pdf)" PAdES-B-LTA 'the same'

# ---- when the signer's certificate is over, and then the first TSA's ----
run_code 10 'B-B, later' later 40 b.pdf
run_ok 'LT, when the certificate is over' later 40 lt.pdf
run_ok 'LTA, when the first TSA is over, too' later 90 lta.pdf
size=$(wc -c <lta.pdf)
run_ok 'LTA once more' extend longer --level LTA lta.pdf
[ "$(wc -c <lta.pdf)" -gt "$size" ] && ok 'adds a time stamp' || not_ok 'adds a time stamp'
stamped lta.pdf
is "$(profile lta.pdf)" PAdES-B-LTA 'and stays what it is'

# ---- what is there is kept, and what forbids it named ----
is "$(qpdf --qdf --object-streams=disable lta.pdf - | strings | grep -c "/$key ")" 1 '/VRI has each signature once'
"$PDF" sign plain.pdf shut.pdf signer.key signer.pem certify=1
sum=$(sha256sum <shut.pdf)
run_code 5 'a certification that forbids all changes' extend tsa --level LTA shut.pdf
like "$err" 'it is certified' 'is the reason'
like "$err" 'Have it signed with --tsa' 'and what helps'
is "$(sha256sum <shut.pdf)" "$sum" 'it was left alone'
done_testing
