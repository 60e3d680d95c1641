#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Signed PDFs, made by pdf-maker and openssl: every kind of signature that is inside of one is verified, over exactly
# what it covers, and nothing that was altered passes.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
. "$top_srcdir/tests/integration/stamps-lib.sh"
cd "$T" || exit 1
PDF=$top_srcdir/tests/integration/pdf-maker
CA=$T/ca
NOW=$(date +%s)
"$DEMO_CA" init "$CA" && "$DEMO_CA" make "$CA" alice >/dev/null || bail_out 'demo-ca'
make_tsa_config
make_ca tsaroot
make_cert tsa tsaroot 100 'basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping'

# pdf COMMAND ARGUMENT...: pdf-maker
pdf() { "$PDF" "$@" || bail_out "pdf-maker $*"; }
# signed IN OUT [OPTION...]: by Alice
signed() {
	local from="$1" to="$2"
	shift 2
	pdf sign "$from" "$to" "$CA/alice.key" "$CA/alice.pem" chain="$CA/sub.pem" "$@"
}
says() { like "$out" "$1" "$2"; }
# judged CODE INDICATION NAME ARGUMENT...
judged() {
	local want="$1" sub="$2" name="$3"
	shift 3
	run_code "$want" "$name" verify "$@"
	[ "$sub" = - ] || like "$out" "^Indication: +$sub\$" "$name: $sub"
}

pdf new plain.pdf
signed plain.pdf one.pdf reason=承諾付款 place='Hong Kong' contact='+852 2345 6789'

# ---- one signature ----
run_ok 'a PAdES signature' verify one.pdf
says '^File: +one\.pdf$' 'the file is named'
says '^Signed by: +CHAN Siu Ming' 'and the signer'
says '^Reason: +承諾付款$' 'why'
says '^Place: +Hong Kong$' 'where'
says '^Contact: +\+852 2345 6789$' 'and how he can be reached, as he wrote it'
says '^Covers: +the whole file$' 'it covers the whole file'
says 'ok +later changes +none' 'behind which nothing follows'
run_ok 'for programs' verify --json one.pdf
is "$(field '.signers[0] | "\(.profile) \(.inside.revision) \(.inside.whole_file) \(.inside.subfilter) \(.inside.reason)"')" \
	'PAdES-B-B 1 true ETSI.CAdES.detached 承諾付款' 'what it is and what it covers'
is "$(field '.signers[0].inside.covers == .content_size and .attached == false')" true 'in bytes, too'
cp one.pdf named-otherwise.txt
run_ok 'it is known by its content, and not by its name' verify named-otherwise.txt
run_ok 'from a pipe' sh -c '"$1" verify --anchor "$2" - <one.pdf' - "$ECERT" "$CA/root.pem"
run_ok 'several at once' verify one.pdf named-otherwise.txt
run_code 10 'nobody is trusted by a file' "$ECERT" verify --anchor tsaroot.pem one.pdf
says '^Indication: +NO_CERTIFICATE_CHAIN_FOUND$' 'whoever signed'
run_code 8 'a PDF in which nobody has signed' verify plain.pdf
sentence 'PDF without a signature inside' 'says so'
like "$(pdfsig one.pdf)" 'Total document signed' 'pdfsig sees the same'

# ---- every kind, and what is wrong with the old ones ----
# kind NAME CODE INDICATION PROFILE OPTION...
kind() {
	local name="$1" want="$2" sub="$3" profile="$4"
	shift 4
	signed plain.pdf kind.pdf "$@"
	judged "$want" "$sub" "$name" kind.pdf
	"$ECERT" verify --json --anchor "$CA/root.pem" kind.pdf >"$T/out" 2>/dev/null
	is "$(field '.signers[0].profile')" "$profile" "$name: its profile"
	# What is signed is all but the string: one bit in front of it, and one behind.
	for at in 1000 -100; do
		[ "$at" -gt 0 ] || at=$(($(wc -c <kind.pdf) + at))
		flip kind.pdf "$at" bent.pdf
		run_code 1 "$name: a bit of byte $at" verify bent.pdf
	done
}
# flip FILE BYTE OUT
flip() { perl -e 'local $/; open F, "<", $ARGV[0]; $_ = <F>; substr($_, $ARGV[1], 1) ^= "\1"; print' "$1" "$2" >"$3"; }
kind 'adbe.pkcs7.detached' 0 - PDF-CMS subfilter=adbe.pkcs7.detached
kind 'without signed attributes' 10 SIG_CONSTRAINTS_FAILURE PDF-CMS subfilter=adbe.pkcs7.detached cms=noattr
kind 'indefinite lengths in a room of zeros' 0 - PAdES-B-B indefinite
kind 'adbe.pkcs7.sha1' 10 CRYPTO_CONSTRAINTS_FAILURE_NO_POE PDF-CMS subfilter=adbe.pkcs7.sha1
kind 'adbe.x509.rsa_sha1' 10 CRYPTO_CONSTRAINTS_FAILURE_NO_POE PDF-PKCS1 subfilter=adbe.x509.rsa_sha1
says 'old kind' 'an old kind is named as one'
run_ok 'relied on by whoever says so' verify --algorithm SHA1=never kind.pdf
# ---- what a kind asks for, and is not there ----
signed plain.pdf rules.pdf cms=-
judged 10 SIG_CONSTRAINTS_FAILURE 'PAdES whose certificate is not signed' rules.pdf
says 'unknown +form +it says that it is PAdES, .*EN 319 142-1' 'by its standard'
signed plain.pdf rules.pdf cms=nodetach
judged 10 SIG_CONSTRAINTS_FAILURE 'content inside' rules.pdf
says 'unknown +form +content is inside of the signature of a PDF, and ISO 32000-2, 12.8.3.3.1' 'by its clause'
signed plain.pdf rules.pdf second=tsa
judged 10 - 'two signers in one' rules.pdf
says 'unknown +form +2 signers are in one signature of a PDF' 'told'
signed plain.pdf odd.pdf subfilter=acme.signature
judged 10 CRYPTO_CONSTRAINTS_FAILURE 'a kind that is not known' odd.pdf

# ---- what it leaves out is itself, and no more ----
for change in hole short wide beyond overflow start; do
	signed plain.pdf range.pdf range=$change
	run_code 1 "range: $change" verify range.pdf
	says '^Indication: +(FORMAT_FAILURE|HASH_FAILURE)' "range: $change: named"
done
# Bytes behind the signature, in the room for it.
end=$(grep -abo '0000>>>' one.pdf | tail -1 | cut -d: -f1)
flip one.pdf "$end" filled.pdf
judged 1 FORMAT_FAILURE 'something in the room behind the signature' filled.pdf
says 'bytes follow the signature' 'named'
head -c 15000 one.pdf >cut.pdf
judged 1 FORMAT_FAILURE 'a part of a file' cut.pdf
pdf update one.pdf empty.pdf '30=<</Type/Sig/SubFilter/ETSI.CAdES.detached/ByteRange[0 9 20 30]/Contents<00>>>'
run_ok 'what looks like a signature, and is in no field' verify empty.pdf
says 'skipped +signature +no field of the document has it' 'is told'
pdf sign plain.pdf zeros.pdf "$CA/alice.key" "$CA/alice.pem" contents=/dev/null
judged 1 FORMAT_FAILURE 'room that nobody has signed in' zeros.pdf
sed 's|/ByteRange\[0 *\([0-9]*\) *\([0-9]*\) *\([0-9]*\)\]|&|;s|/M(|/X(|' one.pdf >text.pdf
run_code 1 'an entry under another name' verify text.pdf

# ---- files that are attached have signatures of their own ----
pdf update plain.pdf many.pdf "40=stream:|$(i=0; while [ $i -lt 90 ]; do printf '/ByteRange [0 1 2 3] '; i=$((i + 1)); done)"
signed many.pdf attached.pdf
run_ok 'ninety signatures of other files inside' verify attached.pdf
says 'ok +later changes +none' 'the one of this file is found'
ECERT_WALL=/nowhere run_code 10 'and nobody to tell which are its own' verify attached.pdf
says 'it may be the signature of a file that is attached, which cannot be judged: .*ecert-wall' 'says so, and calls none of them failed'

# ---- a file that was damaged before it was signed ----
python3 - plain.pdf damaged.pdf <<'END'
import re, sys
data = bytearray(open(sys.argv[1], "rb").read())
root = int(re.search(rb"/Root (\d+)", data)[1])
at = re.search(rb"xref\n0 \d+\n", data).end() + 20 * root
data[at:at + 10] = b"%010d" % (int(data[at:at + 10]) + 3)
open(sys.argv[2], "wb").write(data)
END
run_code 3 'qpdf calls it damaged' qpdf --check damaged.pdf
signed damaged.pdf damaged-signed.pdf
run_ok 'its signature verifies' verify damaged-signed.pdf
says 'skipped +form +the PDF is damaged: readers mend it each in its own way' 'and what it is about is told'

# ---- several, one after the other ----
signed one.pdf two.pdf reason=Second
run_ok 'two signatures' verify two.pdf
says 'ok +later changes +a signature was added, which is judged by itself' 'the first tells of the second'
says '^Covers: +revision 1, the first [0-9]+ of [0-9]+ bytes$' 'the first covers its revision'
says '^Covers: +the whole file$' 'the second all of it'
run_ok 'for programs, too' verify --json two.pdf
is "$(field '[.signers[].inside.covers] | map(tostring) | join(" ")')" "$(pdf ends two.pdf | sort -n | tr '\n' ' ' | sed 's/ $//')" 'where each ends'

ECERT_WALL=/nowhere run_code 10 'without the program that looks at changes' verify two.pdf
says '^Indication: +SIG_CONSTRAINTS_FAILURE$' 'nobody can tell'
says 'ecert-wall\) is missing' 'and why'
ECERT_WALL=/nowhere run_ok 'a file that nothing came to is verified' verify one.pdf

# ---- bytes between the objects of an update ----
pdf update one.pdf nothing.pdf '30=<</A 1>>'
run_ok 'an object that nothing refers to' verify nothing.pdf
says 'ok +later changes +nothing that is shown' 'changes nothing'
pdf update one.pdf remark.pdf between='% made by hand' '30=<</A 1>>'
run_ok 'a comment before it' verify remark.pdf
for between in '31 0 obj\n<</Type/Catalog>>\nendobj' '4 0 obj' '% 4 0 obj' '(text)' '1'; do
	pdf update one.pdf stray.pdf "between=$(printf '%b' "$between")" '30=<</A 1>>'
	judged 10 SIG_CONSTRAINTS_FAILURE "$between, which no section lists" stray.pdf
	says 'nobody can tell what they change: some of them belong to no object' 'is told'
done
pdf update one.pdf stream.pdf "30=$(printf '<</Length 3>>\nstream\n12345\nendstream')"
run_code 10 'a stream that is longer than it says' verify stream.pdf

# ---- what was signed, taken out ----
run_ok 'the last signed revision' verify --extract out.pdf two.pdf
cmp -s out.pdf two.pdf && ok 'is the whole file' || not_ok 'is the whole file'
run_ok 'the first one' verify --extract first.pdf --extract-revision 1 two.pdf
cmp -s first.pdf one.pdf && ok 'is the file as it was then' || not_ok 'is the file as it was then'
pdf update one.pdf shadow.pdf '4=<<>>'
run_code 1 'one that was changed later' verify --extract then.pdf shadow.pdf
cmp -s then.pdf one.pdf && ok 'is taken out as it was signed' || not_ok 'is taken out as it was signed'
run_code 8 'one that is not there' verify --extract none.pdf --extract-revision 3 two.pdf
sentence 'There is no signed revision 3' 'is told'
flip one.pdf 1000 bent.pdf
run_code 1 'one that is not good' verify --extract none.pdf bent.pdf
[ -e none.pdf ] && not_ok 'is not taken out' || ok 'is not taken out'
run_code 2 'without a place' verify --extract-revision 1 two.pdf
run_code 2 'none with a number' verify --extract none.pdf --extract-revision 0 two.pdf

# ---- time stamps of all of it ----
cat >token <<-END
	openssl ts -query -data "\$1" -sha256 -cert -out q 2>/dev/null
	openssl ts -reply -config $T/ts.cnf -queryfile q -signer $T/tsa.pem -inkey $T/tsa.key -token_out -out r 2>/dev/null
	cat r
END
pdf stamp plain.pdf stamped.pdf ". $T/token"
run_ok 'a document time stamp alone' verify --tsa-anchor tsaroot.pem stamped.pdf
says 'ok +imprint +SHA256' 'is over the document'
run_ok 'for programs, too' verify --json --tsa-anchor tsaroot.pem stamped.pdf
is "$(field '.signers[0] | "\(.profile) \(.proved_time == .time)"')" 'PDF-time-stamp true' 'what it is and what it proves'
flip stamped.pdf 1000 bent.pdf
run_code 1 'of a document that was changed' verify --tsa-anchor tsaroot.pem bent.pdf
pdf stamp one.pdf lta.pdf ". $T/token"
run_ok 'a signature with one behind it' verify --json --tsa-anchor tsaroot.pem lta.pdf
is "$(field '.signers | "\(.[0].proved_time == .[1].time) \(.[1].asked)"')" 'true false' 'which proves when it was there'
run_ok 'by a TSA that nobody knows' verify --json lta.pdf
is "$(field '.signers | "\(.[0].proved_time) \(.[1].asked)"')" 'null false' 'which proves nothing and takes nothing away'

# ---- proofs that the document brings, and time stamps that keep them ----
for ca in root other; do make_ca $ca; done
make_cert bob root 1 'basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation'
make_cert ltsa other 3000 'basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping'
sed "s/tsa\.pem/ltsa.pem/; s/tsa\.key/ltsa.key/" token >ltoken
sed -i "s/ -cert / -cert /" ltoken
pdf sign plain.pdf bob.pdf bob.key bob.pem
NOW=$(date +%s)
make_crl root $((NOW - 60)) $((NOW + 5 * DAY)) fresh.crl
# asked WHEN FILE [OPTION...]: by whoever trusts both CAs
asked() { local t="$1"; shift; "$ECERT" verify --anchor root.pem --tsa-anchor other.pem --at "$((NOW + t))" "$@"; }
run_ok 'without proofs' asked 3600 bob.pdf
says 'skipped +revocation' 'nothing tells whether it was revoked'
pdf dss bob.pdf lt.pdf crl:fresh.crl cert:root.pem
run_ok 'a CRL that the document brings' asked 3600 lt.pdf
says 'ok +revocation' 'is used'
says 'ok +later changes +certificates and proofs' 'and told'
make_crl root $((NOW - 60)) $((NOW + 5 * DAY)) revoked.crl bob.pem $((NOW - 120))
pdf dss bob.pdf revoked.pdf crl:revoked.crl
run_code 10 'one that says revoked' asked 3600 revoked.pdf
sed 's,cat r$,"$MAKER" crls r told crl:revoked.crl \&\& cat told,' ltoken >htoken
export MAKER
pdf stamp lt.pdf heard.pdf ". $T/htoken"
run_code 10 'one in the token of a time stamp of all of it' asked 3600 heard.pdf
says '^Indication: +REVOKED' 'is heard, too'
make_crl other $((NOW - 60)) $((NOW + 5 * DAY)) forged.crl
pdf dss bob.pdf forged.pdf crl:forged.crl
run_code 10 'one of another CA' asked 3600 --crl forged.crl forged.pdf
# The time stamp is made now; a list that is made behind it says what was so then.
pdf stamp bob.pdf t.pdf ". $T/ltoken"
sleep 1
NOW=$(date +%s)
make_crl root $NOW $((NOW + 5 * DAY)) later.crl
make_crl other $NOW $((NOW + 4000 * DAY)) ltsa.crl
pdf dss t.pdf tlt.pdf crl:later.crl crl:ltsa.crl
run_ok 'with proofs behind the time stamp' asked 60 tlt.pdf
says 'ok +revocation' 'which are used'
run_ok 'and when the signer is over' asked $((3 * DAY)) tlt.pdf
run_code 10 'a signer that is over, without a time stamp' asked $((3 * DAY)) lt.pdf
pdf stamp tlt.pdf lta.pdf ". $T/ltoken"
run_ok 'with a time stamp over the proofs, too' asked $((3 * DAY)) lta.pdf
run_code 10 'nobody is trusted by what it brings' "$ECERT" verify --anchor tsaroot.pem lt.pdf
done_testing
