#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# ecert sign of PDFs: what comes out is judged by poppler's pdfsig, by qpdf and by openssl.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
start_vcard_socket
provision
cd "$T" || exit 1
MAKER=$top_srcdir/tests/integration/pdf-shapes
# whole FILE N WHAT: pdfsig calls its N signatures valid, one of them over the total document; qpdf is content.
whole() {
	pdfsig -nocert "$1" >"$T/pdfsig" 2>&1
	is "$(grep -c 'Signature is Valid' "$T/pdfsig")" "$2" "$3: pdfsig says valid"
	is "$(grep -c -- '- Total document signed' "$T/pdfsig")" 1 "$3: the last one covers all of it"
	run_ok "$3: qpdf has no complaint" qpdf --check "$1"
}
# part FILE: its last signature's CMS, and what it is over.
part() {
	local range
	range=$(grep -a -o '/ByteRange *\[[0-9 ]*\]' "$1" | tail -n 1 | tr -dc '0-9 ')
	# shellcheck disable=SC2086
	set -- "$1" $range
	{ head -c "$3" "$1" && tail -c +"$(($4 + 1))" "$1" | head -c "$5"; } >covered
	tail -c +"$(($3 + 2))" "$1" | head -c "$(($4 - $3 - 2))" | sed 's/\(00\)*$//' | xxd -r -p >body.der
}

# picture FILE PAGE: as it is shown, with what is signed on it.
picture() { pdftoppm -r 72 -gray -f "$2" -l "$2" -singlefile "$1" picture && cat picture.pgm; }
# ink FILE PAGE LEFT TOP WIDTH HEIGHT: how many dark points there are.
ink() {
	pdftoppm -r 72 -gray -f "$2" -l "$2" -singlefile -x "$3" -y "$4" -W "$5" -H "$6" "$1" part
	tail -c +"$(($(head -n 3 part.pgm | wc -c) + 1))" part.pgm | od -An -v -tu1 -w1 | awk '$1 < 128' | wc -l
}

# ---- the main job ----
cp "$top_srcdir/tests/data/invoice.pdf" invoice.pdf
cp invoice.pdf before.pdf
run_ok 'signs a PDF' sign invoice.pdf
is "$out" invoice-signed.pdf 'and says where the signed one is'
run_ok 'the old one is as it was' cmp invoice.pdf before.pdf
run_ok 'and the beginning of the new one' cmp -n "$(wc -c <invoice.pdf)" invoice.pdf invoice-signed.pdf
whole invoice-signed.pdf 1 'invoice'
like "$(cat pdfsig)" 'Type: ETSI.CAdES.detached' 'PAdES'
like "$(pdftotext invoice-signed.pdf -)" 'Total due' 'the text is there'
part invoice-signed.pdf
run_ok 'openssl cms verifies what is inside as CAdES' openssl cms -verify -cades -binary -inform DER -in body.der \
	-content covered -CAfile ca/root.pem -out /dev/null
run_ok 'ecert verifies it, too' verify invoice-signed.pdf
like "$out" '^Signature: +valid$' 'called valid'
openssl cms -cmsout -print -inform DER -in body.der >printed
is "$(grep -c signingTime printed)" 0 'without a signing time, which the PDF says'
like "$(cat printed)" 'id-smime-aa-signingCertificateV2' 'with the certificate in the attributes'
like "$(grep -a -o '/M (D:[^)]*)' invoice-signed.pdf)" "D:$(date +%Y)[0-9]{10}[+-][0-9]{2}'[0-9]{2}'" '/M with its zone'
run_code 5 'a signed one that is there is not replaced' sign invoice.pdf
run_ok 'unless --force says so' sign --json -f invoice.pdf
is "$(field '.signed[0].signature')" invoice-signed.pdf 'JSON: its name'
run_ok 'in another zone' env TZ=HKT-8 "$ECERT" sign --pin-source file:pin -f -o zone.pdf invoice.pdf
like "$(grep -a -o '/M (D:[^)]*)' zone.pdf)" "[+]08'00'" 'the zone is said'

# ---- where it goes, and as what ----
run_ok 'as CAdES beside it' sign --format cades invoice.pdf
is "$out" invoice.pdf.p7s 'as before'
run_ok 'openssl cms verifies that' openssl_verify invoice.pdf
run_ok 'to another name' sign -o other.pdf invoice.pdf
whole other.pdf 1 'to another name'
"$ECERT" sign --pin-source file:pin -o - invoice.pdf >stream.pdf 2>err
whole stream.pdf 1 'as a stream'
cp invoice.pdf place.pdf
run_ok 'in its place' sign --in-place place.pdf
is "$out" place.pdf 'says so'
whole place.pdf 1 'in its place'
mkdir elsewhere
cp invoice.pdf elsewhere/real.pdf
chmod 640 elsewhere/real.pdf
ln -s elsewhere/real.pdf link.pdf
run_ok 'in the place that a link leads to' sign --in-place link.pdf
is "$(readlink link.pdf)" elsewhere/real.pdf 'the link stays one'
whole elsewhere/real.pdf 1 'by a link'
is "$(stat -c %a elsewhere/real.pdf)" 640 'its permissions stay'
ln elsewhere/real.pdf hard.pdf
run_ok 'with another name' sign --in-place elsewhere/real.pdf
like "$err" 'real.pdf has other names' 'which is told'
run_code 2 'standard input' sign -
run_code 2 'in two places' sign --in-place -o x.pdf place.pdf
run_code 2 'in the place of what is no PDF' sign --in-place invoice.txt
run_code 2 'a reason for what is no PDF' sign --reason x invoice.txt
run_code 2 'in a format that there is not' sign --format padez invoice.pdf
sentence 'format' 'which is told'
run_code 5 'a text as a PDF' sign --format pades invoice.txt
cp invoice.pdf 'FAKTUR 發票.PDF'
cp invoice.pdf noext
run_ok 'many with one PIN, and a text among them' sign --json 'FAKTUR 發票.PDF' noext invoice.txt
is "$(field '[.signed[].signature] | join(",")')" 'FAKTUR 發票-signed.PDF,noext-signed,invoice.txt.p7s' 'each as it is'
whole 'FAKTUR 發票-signed.PDF' 1 'by its content'

# ---- one signature after the other ----
run_ok 'a second one' sign -o two.pdf --reason 'Seen (and agreed)' --place 香港 --contact 'tel. \123' invoice-signed.pdf
whole two.pdf 2 'a second one'
is "$(sed -n 's/.*Field Name: //p' pdfsig | xargs)" 'Signature1 Signature2' 'each has its name'
# said FILE KEY: in the dictionaries of its signatures.
said() { qpdf --json=2 "$1" | jq -r --arg key "$2" '.qpdf[1][].value? | select(.["/Type"]? == "/Sig") | .[$key] // empty'; }
is "$(said two.pdf /Reason)" 'u:Seen (and agreed)' 'the reason'
is "$(said two.pdf /Location)" 'u:香港' 'the place in Chinese'
is "$(said two.pdf /ContactInfo)" 'u:tel. \123' 'the contact'
is "$(said two.pdf /Name | xargs)" 'u:CHAN Siu Ming u:CHAN Siu Ming' 'and the name'
run_ok 'a third one, in place' sign --in-place two.pdf
whole two.pdf 3 'a third one'

# ---- each form of cross-references ----
for shape in plain field field-direct-form field-indirect-arrays field-below named-signature1 annotations pages-deep \
	generations certified-2 no-newline; do
	"$MAKER" "$shape" >"$shape.pdf"
	run_ok "$shape: signs" sign "$shape.pdf"
	case $shape in
	certified-2) run_ok "$shape: qpdf has no complaint" qpdf --check "$shape-signed.pdf" ;;
	*) whole "$shape-signed.pdf" 1 "$shape" ;;
	esac
done
for how in --object-streams=generate --linearize '--object-streams=generate --linearize' --qdf --compress-streams=n '--min-version=2.0' \
	'--object-streams=preserve --normalize-content=y'; do
	# shellcheck disable=SC2086
	qpdf $how invoice.pdf made.pdf
	run_ok "qpdf $how: signs" sign -f made.pdf
	whole made-signed.pdf 1 "qpdf $how"
	run_ok "qpdf $how: again" sign -f --in-place made-signed.pdf
	whole made-signed.pdf 2 "qpdf $how: again"
done
pdftocairo -pdf invoice.pdf cairo.pdf
run_ok 'one by cairo: signs' sign cairo.pdf
whole cairo-signed.pdf 1 'one by cairo'
pdfunite invoice.pdf cairo.pdf united.pdf
run_ok 'one by poppler: signs' sign united.pdf
whole united-signed.pdf 1 'one by poppler'
"$MAKER" old-size >old-size.pdf
run_ok 'a /Size that lies: signs' sign old-size.pdf
is "$(qpdf --show-object=1 old-size-signed.pdf 2>/dev/null | grep -c AcroForm)" 1 'a /Size that lies: nothing is written over'
like "$(pdfsig -nocert old-size-signed.pdf)" 'Total document signed' 'a /Size that lies: total document signed'

# ---- fields and certification ----
run_ok 'in a field that is there' sign -f --field Approval field.pdf
whole field-signed.pdf 1 'in a field that is there'
like "$(cat pdfsig)" 'Field Name: Approval' 'which has its name'
run_code 5 'in the same again' sign -f --field Approval -o x.pdf field-signed.pdf
run_ok 'in one that is below another' sign -f --field form.Approval field-below.pdf
whole field-below-signed.pdf 1 'below another'
"$MAKER" field-inherits >field-inherits.pdf
run_ok 'in one that is a signature by its parent' sign -f --field form.Approval field-inherits.pdf
like "$(pdfsig -nocert field-inherits-signed.pdf)" 'Total document signed' 'by its parent'
run_ok 'in a new one with a name' sign -f --field 簽署 plain.pdf
whole plain-signed.pdf 1 'in a new one'
like "$(cat pdfsig)" 'Field Name: 簽署' 'named in Chinese'
"$MAKER" field-text >field-text.pdf
run_code 5 'in a field for text' sign --field Approval field-text.pdf
sentence 'not for signatures' 'says so'
"$MAKER" field-lock >field-lock.pdf
run_ok 'in a field that locks others' sign --field Approval field-lock.pdf
whole field-lock-signed.pdf 1 'in a field that locks'
like "$(cat field-lock-signed.pdf | tr -d '\0')" 'TransformMethod /FieldMDP .*/Action /Include /Fields \[ \(Amount\) \]' 'the lock is signed'
"$MAKER" field-lock-all >field-lock-all.pdf
run_ok 'in a field that locks all of it' sign --field Approval field-lock-all.pdf
like "$(tr -d '\0' <field-lock-all-signed.pdf)" 'TransformMethod /FieldMDP .*/Action /All /P 1' 'no less than its maker wants'
"$MAKER" field-seed-fits >field-seed-fits.pdf
run_ok 'in a field that takes this kind of signature among others' sign --field Approval field-seed-fits.pdf
for row in field-two-widgets:Approval:pdf-field-other field-one-widget:Approval:pdf-field-other field-seed:Approval:pdf-field-wants field:a.b:pdf-field-name; do
	shape=${row%%:*} field=${row#*:}
	"$MAKER" "$shape" >"$shape.pdf"
	run_code 5 "$row is refused" "$ECERT" sign --json --pin-source file:/nonexistent -f --field "${field%:*}" "$shape.pdf"
	is "$(field .error.reason)" "${row##*:}" "$row: the reason"
done
run_code 2 'with a text that is no UTF-8' sign -f --reason "$(printf '\377')" field.pdf
"$MAKER" annotations-shared >shared.pdf
run_ok 'on one of two pages that share their annotations' sign --visible top-left shared.pdf
whole shared-signed.pdf 1 'shared annotations'
at_most "$(ink shared-signed.pdf 2 36 36 200 64)" 0 'is not seen on the other'
like "$(ink shared-signed.pdf 1 36 36 200 64)" '^[1-9][0-9]{2,}$' 'but on its own'
run_ok 'certifies' sign -f --certify -o certified.pdf invoice.pdf
whole certified.pdf 1 'certifies'
like "$(qpdf --show-object=trailer certified.pdf; qpdf --show-object=1 certified.pdf)" '/Perms << /DocMDP' 'in the catalogue'
run_ok 'and signs behind it' sign --in-place certified.pdf
whole certified.pdf 2 'behind a certification'
run_code 5 'certifies what is signed' sign --certify -o x.pdf invoice-signed.pdf

# ---- seen on the page ----
run_ok 'is seen' sign -f --visible bottom-right --reason '承諾付款 I agree' --place 香港 -o seen.pdf invoice.pdf
whole seen.pdf 1 'seen'
run_ok 'ecert verifies it' verify seen.pdf
like "$out" '^Signature: +valid$' 'and calls it valid'
for line in '數碼簽署 Digitally signed' 'CHAN Siu Ming' 'Harbour Lights Trading Co. Ltd.' '承諾付款 I agree' '香港' "$(date +%Y)-[0-9-]+ [0-9:]+ [+-][0-9]{2}:[0-9]{2}"; do
	like "$(pdftotext seen.pdf -)" "$line" "it says $line"
done
at_most "$(ink invoice.pdf 1 360 730 120 60)" 0 'the corner was empty'
like "$(ink seen.pdf 1 360 730 120 60)" '^[1-9][0-9]{2,}$' 'and has ink now'
is "$(pdffonts seen.pdf | awk 'NR > 2 && !/Helvetica/ { print $(NF - 4) $(NF - 3) }' | sort -u)" yesyes 'its fonts are embedded, in part'
tail -c +"$(($(wc -c <invoice.pdf) + 1))" seen.pdf >added
is "$(grep -acE '/SMask|/Group|/DeviceRGB|/Subtype */Image' added)" 0 'nothing transparent and no colour, as PDF/A asks'
is "$(qpdf --json=2 --json-key=qpdf seen.pdf | jq '[.qpdf[1][].value? | select(.["/Subtype"]? == "/Widget") | .["/F"]] | unique | .[0]')" 132 'it is printed, and locked'
"$MAKER" turned0 >turned0.pdf
run_ok 'on a page that is not turned' sign -f --visible top-left turned0.pdf
picture turned0-signed.pdf 1 >upright
at_most "$(ink turned0-signed.pdf 1 0 0 300 300)" 4000 'it is not all black'
for turn in 90 180 270 -90; do
	"$MAKER" "turned$turn" >"turned$turn.pdf"
	run_ok "on a page that is turned by $turn" sign -f --visible top-left "turned$turn.pdf"
	whole "turned$turn-signed.pdf" 1 "turned by $turn"
	# A glyph's edge may fall on a point or beside it.
	picture "turned$turn-signed.pdf" 1 >seen
	is "$(head -n 2 seen | tail -n 1)" "$(head -n 2 upright | tail -n 1)" "turned by $turn: the same page is seen"
	same=$(awk -v a="$(ink "turned$turn-signed.pdf" 1 36 36 200 20)" -v b="$(ink turned0-signed.pdf 1 36 36 200 20)" \
		'BEGIN { print (a > b * 0.7 && a < b * 1.4) }')
	is "$same" 1 "turned by $turn: it stands upright where it stood"
done
"$MAKER" two-pages >two-pages.pdf
run_ok 'on the last page' sign -f --visible last,bottom-left two-pages.pdf
like "$(ink two-pages-signed.pdf 2 36 100 200 64)" '^[1-9][0-9]{2,}$' 'is seen there'
at_most "$(ink two-pages-signed.pdf 1 36 100 200 64)" 0 'and not on the first'
run_ok 'at a point of the second' sign -f --visible 2,10,20.5 two-pages.pdf
whole two-pages-signed.pdf 1 'at a point'
is "$(qpdf --json=2 two-pages-signed.pdf | jq -c '[.qpdf[1][].value? | select(.["/Subtype"]? == "/Widget") | .["/Rect"][0:2]]')" '[[10,20.5]]' 'where it was asked for'
run_code 5 'on a page that there is not' sign -f --visible 3,top-left two-pages.pdf
sentence 'no such page' 'says so'
for place in middle 0,top-left 0 '1,' 1,2 1,2,3,4 x,1,2 -1,2,3 1,1e9,2 1,0x9,2 'last,' lastly; do
	run_code 2 "at no place: $place" sign -f "--visible=$place" two-pages.pdf
done
run_ok 'in the place that a field has' sign -f --field Approval --visible bottom-right field.pdf
whole field-signed.pdf 1 'in a field'
like "$(ink field-signed.pdf 1 20 140 100 40)" '^[1-9][0-9]+$' 'is seen there'
for shape in form-text form-shown; do
	"$MAKER" $shape >$shape.pdf
	run_ok "$shape: signs" sign -f --visible top-right $shape.pdf
	qpdf --json=2 $shape-signed.pdf | jq -r '[.qpdf[1][].value? | select(.["/SigFlags"]?) | .["/NeedAppearances"] // false] | .[0]' >needs
done
is "$(cat needs)" false 'what is seen is not made anew by readers'
is "$(qpdf --json=2 form-text-signed.pdf | jq '[.qpdf[1][].value? | select(.["/SigFlags"]?) | .["/NeedAppearances"]] | .[0]')" true 'but where a text is seen by that only'
run_code 5 'with a character that no font has' sign -f --visible top-left --reason "$(printf '\363\240\200\201\364\217\277\275')" two-pages.pdf
sentence 'no font' 'says so'

# ---- refused before the PIN: there is none to be had ----
refused() { # NAME REASON WORDS
	run_code 5 "$1 is refused" "$ECERT" sign --json --pin-source file:/nonexistent "$1.pdf"
	is "$(field .error.reason)" "$2" "$1: the reason"
	like "$(field .error.message)" "$3" "$1: in words"
	is "$(ls "$1-signed.pdf" 2>/dev/null)" '' "$1: nothing is left"
}
for shape in pages-circle page-direct certified-1 certified-real hybrid junk-before no-xref xref-real xref-spaced annotations-odd form-odd fields-odd; do "$MAKER" "$shape" >"$shape.pdf"; done
refused pages-circle pdf-odd-tree 'not in the order'
refused page-direct pdf-odd-tree 'not in the order'
refused certified-1 pdf-certified 'allows no change'
refused certified-real pdf-certified 'allows no change'
refused annotations-odd pdf-odd-tree 'not in the order'
refused form-odd pdf-odd-tree 'not in the order'
refused fields-odd pdf-odd-tree 'not in the order'
refused xref-real pdf-broken 'damaged'
refused xref-spaced pdf-broken 'damaged'
refused hybrid pdf-hybrid 'hybrid'
refused junk-before pdf-broken 'damaged'
refused no-xref pdf-broken 'damaged'
qpdf --encrypt '' owner 256 -- invoice.pdf owner.pdf
qpdf --encrypt user owner 256 -- invoice.pdf user.pdf
refused owner pdf-encrypted 'encrypted'
refused user pdf-encrypted 'encrypted'
head -c 4000 invoice.pdf >cut.pdf
refused cut pdf-broken 'damaged'
run_code 5 'one of many that is refused' sign -f invoice.pdf user.pdf
is "$out" '' 'leaves all unsigned'

# ---- nothing that was signed can be changed ----
size=$(wc -c <invoice-signed.pdf)
for at in 100 2000 "$((size - 200))" "$((size - 100))"; do
	cp invoice-signed.pdf bent.pdf
	printf '~' | dd of=bent.pdf bs=1 seek="$at" conv=notrunc 2>/dev/null
	unlike "$(pdfsig -nocert bent.pdf 2>&1)" 'Signature is Valid' "byte $at is covered"
done
done_testing
