#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# PDFs of very many objects, signed and verified; and what is told to be the same in two states without having been read.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
start_vcard_socket
provision
cd "$T" || exit 1
MAKER=$top_srcdir/tests/integration/pdf-maker
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out cert.pem -days 3 \
	-subj /O=Test/CN=signer -addext keyUsage=critical,digitalSignature,nonRepudiation 2>/dev/null || bail_out openssl

# ---- many objects ----
# pdfsig takes ten seconds for 160,000 objects: about those it is asked in a soak alone.
"$MAKER" many large.pdf 160000
"$MAKER" many some.pdf 30000
run_ok 'a PDF of 160,000 objects is signed' sign -o large-signed.pdf large.pdf
run_ok 'and one of 30,000' sign some.pdf
run_code 5 'but not so that it is seen, since all of it would have to be read' "$ECERT" sign --json --pin-source file:/nonexistent \
	--visible last -o x.pdf large.pdf
is "$(field .error.reason)" pdf-too-large-to-show 'which is told before the PIN'
run_code 1 'and nothing is written' test -e x.pdf
run_ok 'qpdf reads the large one without a warning' qpdf --show-npages large-signed.pdf
is "$out" 8001 'and finds all pages'
for size in some ${ECERT_SOAK:+large}; do
	pdfsig -nocert "$size-signed.pdf" >pdfsig
	like "$(cat pdfsig)" 'Signature is Valid' "pdfsig calls $size.pdf valid"
	like "$(cat pdfsig)" '- Total document signed' 'and total document signed'
done
run_ok 'ecert verifies that one' verify some-signed.pdf
run_ok 'ecert verifies the large one' verify large-signed.pdf
cp some.pdf now.pdf
for i in 1 2 3; do
	"$MAKER" sign now.pdf next.pdf key.pem cert.pem && mv next.pdf now.pdf
done
run_ok '30,000 objects and three signatures' verify --json --anchor cert.pem now.pdf
is "$(field '[.signers[].verdict] | join(" ")')" 'passed passed passed' 'each is valid'
"$MAKER" update now.pdf link.pdf '29009=<</Type/Annot/Subtype/Link/Rect[1 2 3 4]/A<</S/URI/URI(https://mallory.example/)>>>>'
run_code 1 'one link of 30,000 is changed' verify --anchor cert.pem link.pdf
like "$out" 'failed +later changes ' 'and that is seen'
"$MAKER" update now.pdf page.pdf '29008=<</Length 44>>stream
BT /F 12 Tf 50 200 Td (Pay Mallory!) Tj ET%%
endstream'
run_code 1 'what one page of many shows is changed' verify --anchor cert.pem page.pdf
like "$out" 'failed +later changes ' 'and seen, too'

# ---- many signatures ----
"$MAKER" new page.pdf
"$MAKER" often page.pdf 64.pdf 64 key.pem cert.pem
"$MAKER" often 64.pdf 65.pdf 1 key.pem cert.pem
run_ok 'sixty-four signatures' verify --json --anchor cert.pem 64.pdf
is "$(field '[.signers[].verdict] | unique | join(" ")')" passed 'are all valid'
run_code 5 'one more' "$ECERT" sign --json --pin-source file:/nonexistent -o x.pdf 64.pdf
is "$(field .error.reason)" pdf-signed-often 'is refused before the PIN, since nobody would look at it'
run_code 10 'where there are more' verify --anchor cert.pem 65.pdf
like "$out" 'unknown +structure +there are more than 64 signatures' 'that is told'
is "$(printf '%s\n' "$out" | grep -c '^  failed ')" 0 'and nothing is called wrong'

# ---- objects in streams: the same entry of the same stream, whose bytes are others ----
"$MAKER" new plain.pdf
qpdf --object-streams=generate --stream-data=uncompress plain.pdf packed.pdf
run_ok 'one with object streams is signed' sign -o packed-signed.pdf packed.pdf
run_ok 'and valid' verify packed-signed.pdf
box=$(qpdf --show-xref packed-signed.pdf | sed -n 's/.*compressed; stream = \([0-9]*\),.*/\1/p' | head -n 1)
like "$box" '^[0-9]+$' 'it has one'
qpdf --show-object="$box" --filtered-stream-data packed-signed.pdf >inside
head=$(qpdf --show-object="$box" packed-signed.pdf)
count=$(echo "$head" | sed -n 's|.*/N \([0-9]*\).*|\1|p') first=$(echo "$head" | sed -n 's|.*/First \([0-9]*\).*|\1|p')
# replaced FILE FROM TO: its object stream anew, with other text in it, as an update.
replaced() {
	sed "s|$2|$3|" inside >other
	cp packed-signed.pdf "$1"
	{
		at=$(wc -c <"$1")
		printf '%s 0 obj\n<</Type/ObjStm/N %s/First %s/Length %s>>\nstream\n' "$box" "$count" "$first" "$(wc -c <other)"
		cat other
		printf '\nendstream\nendobj\n'
	} >behind
	cat behind >>"$1"
	start=$(wc -c <"$1")
	printf 'xref\n%s 1\n%010d 00000 n \ntrailer\n<</Size %s/Root %s/Prev %s>>\nstartxref\n%s\n%%%%EOF\n' "$box" "$at" \
		"$(qpdf --show-object=trailer packed-signed.pdf | sed -n 's|.*/Size \([0-9]*\).*|\1|p')" \
		"$(qpdf --show-object=trailer packed-signed.pdf | sed -n 's|.*/Root \([0-9]* [0-9]* R\).*|\1|p')" \
		"$(tail -n 2 packed-signed.pdf | head -n 1)" "$start" >>"$1"
}
replaced box.pdf /Helvetica /ZapfDings
like "$(qpdf --qdf box.pdf - | strings)" '/ZapfDings' 'qpdf reads another font in it'
run_code 1 'an object stream that is replaced' verify box.pdf
like "$out" 'failed +later changes ' 'its objects are compared'
done_testing
