#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# XAdES: signed on the virtual token inside of XML of 30 shapes and beside other files, UBL, one signature after the
# other, time stamps; verified by xmlsec1 and openssl; what is not signed, with its reason.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
. "$top_srcdir/tests/integration/stamps-lib.sh"
start_vcard_socket
provision
cd "$T" || exit 1

DSIG=http://www.w3.org/2000/09/xmldsig#
XADES=http://uri.etsi.org/01903/v1.3.2#
X="sign --format xades"
# by_xmlsec FILE [OPTION...]: the first signature in it, or the one that is named.
by_xmlsec() {
	local file="$1"
	shift
	xmlsec1 --verify --trusted-pem ca/root.pem --id-attr:Id "$DSIG:SignatureValue" --id-attr:Id "$DSIG:Signature" \
		--id-attr:Id "$XADES:SignedProperties" "$@" "$file" >xmlsec.log 2>&1
}
# the_nth N FILE
the_nth() { by_xmlsec "$2" --node-xpath "(//*[local-name()='Signature' and namespace-uri()='$DSIG'])[$1]"; }
# without FILE: what it was before it was signed.
without() { perl -0777 -pe 's{<ds:Signature .*?</ds:Signature>}{}s' "$1"; }
look() { xmllint --xpath "string($1)" "$2"; }

# ---- documents of every shape ----
mkdir shapes
shape() { printf "$2" >"shapes/$1.xml"; }
shape plain '<?xml version="1.0" encoding="UTF-8"?>\n<order><item n="1">tea</item></order>\n'
shape bare '<order>tea</order>'
shape empty '<order/>'
shape spaced '<order  />\n'
shape attributes "<order b='2' a=\"1 &lt; 2 &gt; &quot;x&quot;\"\n\tc = 'it is \"so\" > that'/>"
shape prefixed '<o:order xmlns:o="urn:o" xmlns:unused="urn:u"><o:item/></o:order>'
shape default '<order xmlns="urn:o"><item xmlns=""><n xmlns="urn:n"/></item></order>'
shape redeclared '<a:o xmlns:a="urn:1"><a:i xmlns:a="urn:2"><a:x/></a:i><a:i/></a:o>'
shape sorted '<o xmlns:z="urn:a" xmlns:y="urn:b" z:b="1" y:a="2" b="3" a="4"/>'
shape comment '<!-- before --><o><!-- in -- > it --><i/><!-- </o> --></o><!-- after -->\n'
sed -i 's/ -- > it/ it/' shapes/comment.xml
shape cdata '<o><![CDATA[</o> <x> & ]] > ]]></o>'
shape pi '<?xml version="1.0"?><?style a="</o>"?>\n<o><?in it?></o>\n<?after all?>\n\n'
shape crlf '<?xml version="1.0"?>\r\n<o>\r\n\t<i>a\rb</i>\r\n</o>\r\n'
shape references '<o a="&#9;&#10;&#13;&#x20AC;">&#13;&#x1F600;&amp;&apos;</o>'
shape blank '<o> \t\n  </o   >\n \n'
shape bom '\357\273\277<?xml version="1.0" encoding="utf-8"?><o>\303\251\344\270\255</o>'
shape chinese '<訂單 編號="一"><貨品>茶葉</貨品></訂單>'
shape latin '<?xml version="1.0" encoding="ISO-8859-1"?><o n="\351">\374</o>'
shape ascii '<?xml version="1.0" encoding="US-ASCII" standalone="yes"?><o>&#233;</o>'
shape lang '<o xml:lang="zh-HK" xml:base="http://example.org/" xml:space="preserve"> <i xml:lang="en"/> </o>'
shape id '<o Id="o1"><i ID="o2" xml:id="o3"/></o>'
shape sameid '<o><i id="1"/><j id="1"/></o>'
shape nested '<o><o><o><o/></o></o></o>'
shape gt '<o a=">" b="/>">x > y /></o>'
shape dsprefix '<ds:o xmlns:ds="urn:other"><ds:i/></ds:o>'
shape sigprefix '<xades:o xmlns:xades="urn:x" xmlns:sig="urn:s" sig:a="1"/>'
shape soap '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><a xmlns="urn:a"/></s:Body></s:Envelope>'
shape text '<?xml version="1.0"?>\n<o>a]b &lt;o&gt; ]]&gt; "q" '"'"'</o>'
shape namespaces '<a xmlns="urn:1" xmlns:p="urn:2"><p:b p:c="1" xmlns:p="urn:3"><d xmlns=""/></p:b></a>'
{
	printf '<o>'
	i=0
	while [ $i -lt 2000 ]; do printf '<i n="%d">%d</i>\n' $i $i && i=$((i + 1)); done
	printf '</o>'
} >shapes/long.xml
{
	i=0
	while [ $i -lt 250 ]; do printf '<o>' && i=$((i + 1)); done
	while [ $i -gt 0 ]; do printf '</o>' && i=$((i - 1)); done
} >shapes/deep.xml
run_ok '31 shapes with one PIN' $X shapes/*.xml
is "$(printf '%s\n' "$out" | grep -c '^shapes/.*-signed\.xml$')" 31 'each beside its document'
for f in shapes/*-signed.xml; do
	name=$(basename "$f" -signed.xml)
	run_ok "xmlsec1 verifies $name" by_xmlsec "$f"
	case $name in
	empty | spaced | attributes | sorted | sigprefix)
		without "$f" | xmllint --exc-c14n - >left.xml
		xmllint --exc-c14n "shapes/$name.xml" >was.xml
		;;
	*) without "$f" >left.xml && cp "shapes/$name.xml" was.xml ;;
	esac
	cmp -s left.xml was.xml && ok "$name is else as it was" || not_ok "$name is else as it was"
done

run_ok 'ecert verifies all of them' verify --json-lines shapes/*-signed.xml
is "$(printf '%s\n' "$out" | grep -c '"verdict": *"passed"')" 31 'each passed'
is "$(printf '%s\n' "$out" | jq -r '.signers[0].profile // empty' | sort -u)" XAdES-B-B 'as XAdES-B-B'

# ---- what is in one (EN 319 132-1, 6.3) ----
S=shapes/plain-signed.xml
like "$(look "//*[local-name()='SigningTime']" $S)" '^20[0-9-]+T[0-9:]+Z$' 'a signing time in UTC'
is "$(look "//*[local-name()='CertDigest']/*[local-name()='DigestValue']" $S)" \
	"$(openssl x509 -in 9c.pem -outform DER | openssl dgst -sha256 -binary | base64 -w0)" 'SigningCertificateV2 is the certificate'
look "//*[local-name()='IssuerSerialV2']" $S | base64 -d >issuer.der
is "$(openssl asn1parse -inform DER -in issuer.der | sed -n '$s/.*INTEGER *://p')" \
	"$(openssl x509 -in 9c.pem -noout -serial | cut -d= -f2)" 'with its serial number'
is "$(look "count(//*[local-name()='X509Certificate'])" $S)" 2 'the chain is in it'
is "$(look "//*[local-name()='MimeType']" $S)" application/xml 'and what is signed'
is "#$(look "//*[local-name()='Reference' and @URI='']/@Id" $S)" "$(look "//*[local-name()='DataObjectFormat']/@ObjectReference" $S)" 'by its reference'
is "$(look "count(//*[local-name()='Reference'])" $S)" 2 'two references'
is "$(cat shapes/*-signed.xml | grep -o 'Signature [^>]*Id="[^"]*"' | sort -u | wc -l)" 31 'no Id twice'
sed 's/tea/Tea/' $S >changed.xml
run_code 1 'a changed byte' by_xmlsec changed.xml
sed 's/SigningTime>2/SigningTime>1/' $S >changed.xml
run_code 1 'a changed time' by_xmlsec changed.xml

# ---- names and places ----
cp shapes/plain.xml order.xml && cp order.xml 'a b&c%20發.xml' && cp order.xml place.xml && cp order.xml out.xml
run_ok 'a name with blanks' $X 'a b&c%20發.xml'
run_ok 'xmlsec1 verifies it' by_xmlsec 'a b&c%20發-signed.xml'
run_ok 'to another place' $X -o there.xml out.xml
run_ok 'xmlsec1 verifies it there' by_xmlsec there.xml
run_ok 'in place' $X --in-place place.xml
run_ok 'xmlsec1 verifies it in place' by_xmlsec place.xml
run_code 5 'one that is there is not replaced' $X -o there.xml out.xml
run_ok 'as JSON' $X --json order.xml
is "$(field '.signed[0].signature')" order-signed.xml 'JSON: where'
run_ok 'to standard output' sh -c "'$ECERT' $X --pin-source 'file:$T/pin' -o - out.xml >stdout.xml"
cmp -s stdout.xml out.xml && not_ok 'it is signed' || ok 'it is signed'
run_ok 'without a format XML is signed like any file' sign order-signed.xml
[ -e order-signed.xml.p7s ] && ok 'beside it' || not_ok 'beside it'

# ---- beside a file ----
cp "$top_srcdir/tests/data/invoice.pdf" 'offer 一.pdf' && cp order.xml beside.xml
run_ok 'beside any other file' $X invoice.txt 'offer 一.pdf'
is "$(printf '%s\n' "$out" | sed -n '1s/.*\///p;1p' | head -n 1)" invoice.txt.xades 'which is told'
run_ok 'beside XML' $X --detached beside.xml
for f in invoice.txt 'offer 一.pdf' beside.xml; do
	run_ok "xmlsec1 verifies what is beside $f" by_xmlsec "$f.xades"
done
is "$(look "//*[local-name()='Reference'][1]/@URI" 'offer 一.pdf.xades')" 'offer%20%E4%B8%80.pdf' 'its name as a URI'
is "$(look "//*[local-name()='MimeType']" 'offer 一.pdf.xades')" application/pdf 'its kind'
cp invoice.txt kept.txt && echo more >>invoice.txt
run_code 1 'a file that was changed' by_xmlsec invoice.txt.xades
cp kept.txt invoice.txt
run_ok 'ecert finds the signature beside its file' verify invoice.txt
cp order.xml page.html && printf '<!DOCTYPE html><p>x' >page.html
run_ok 'HTML is no XML' $X page.html
[ -e page.html.xades ] && ok 'and signed beside' || not_ok 'and signed beside'
truncate -s 100M huge.bin
run_ok 'a large file is digested as it is read' $X huge.bin
rm -f huge.bin

# ---- one after the other ----
run_ok 'a second signature' $X -o two.xml order-signed.xml
run_ok 'a third one' $X -o three.xml two.xml
for n in 1 2 3; do run_ok "xmlsec1 verifies number $n of three" the_nth $n three.xml; done
is "$(look "count((//*[local-name()='Signature'])[3]//*[local-name()='Reference' and @Type='http://uri.etsi.org/01903#CountersignedSignature'])" three.xml)" 2 \
	'the third one signs the values of the two before it'
run_ok 'ecert verifies the three' verify --json three.xml
is "$(field '[.verdict, (.signers | length)] | join(" ")')" 'passed 3' 'JSON: three that passed'
# Without the first one the others do not hold.
without three.xml >robbed.xml
run_code 1 'taking one away is seen' the_nth 1 robbed.xml

# ---- other keys ----
for k in '9a rsa2048' '9e p384'; do
	# shellcheck disable=SC2086
	"$ECERT" -q key generate --slot "${k% *}" --alg "${k#* }" $MGM -o "${k% *}.pub" || bail_out 'key generate'
	certify "${k% *}" "${k% *}.pub" signing
done
run_ok 'RSA' $X --id 01 -o rsa.xml order.xml
run_ok 'xmlsec1 verifies RSA' by_xmlsec rsa.xml
run_ok 'P-384' $X --id 04 -o p384.xml order.xml
run_ok 'xmlsec1 verifies P-384' by_xmlsec p384.xml
is "$(look "//*[local-name()='DigestMethod'][1]/@Algorithm" p384.xml)" http://www.w3.org/2001/04/xmldsig-more#sha384 'with SHA-384'
run_ok 'RSA-PSS' $X --id 01 --alg PS256 -o pss.xml order.xml
is "$(look "//*[local-name()='SignatureMethod']/@Algorithm" pss.xml)" http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1 'by its URI of RFC 9231'
grep -o '<ds:SignedInfo .*</ds:SignedInfo>' pss.xml | tr -d '\n' >info
look "//*[local-name()='SignatureValue']" pss.xml | base64 -d >value
openssl x509 -in 9a.pem -noout -pubkey >9a.key
run_ok 'openssl verifies that over SignedInfo as it stands there' openssl dgst -sha256 -verify 9a.key -signature value \
	-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 info

# ---- UBL ----
UBL=urn:oasis:names:specification:ubl:schema:xsd
ubl() {
	printf '<?xml version="1.0"?>\n<Invoice xmlns="%s:Invoice-2" xmlns:cbc="%s:CommonBasicComponents-2" xmlns:cac="%s:CommonAggregateComponents-2"%s>%s<cbc:ID>7</cbc:ID>%s</Invoice>\n' \
		$UBL $UBL $UBL "${3:-}" "$1" "${2:-}"
}
EXT=$UBL:CommonExtensionComponents-2
WAY="/*/*[local-name()='UBLExtensions' and namespace-uri()='$EXT'][1]/*[local-name()='UBLExtension'][last()]/*[local-name()='ExtensionContent']/*[local-name()='UBLDocumentSignatures']/*[local-name()='SignatureInformation']"
ubl '' >ubl-none.xml
ubl "<e:UBLExtensions xmlns:e=\"$EXT\"><e:UBLExtension><e:ExtensionContent><x/></e:ExtensionContent></e:UBLExtension></e:UBLExtensions>" >ubl-other.xml
ubl "<UBLExtensions xmlns=\"$EXT\"/>" >ubl-empty.xml
ubl '' '<cac:Signature><cbc:ID>urn:a&amp;b</cbc:ID></cac:Signature>' >ubl-named.xml
run_ok 'UBL documents' $X ubl-*.xml
for f in none other empty named; do
	run_ok "xmlsec1 verifies UBL, $f" by_xmlsec ubl-$f-signed.xml
	is "$(look "count($WAY/*[local-name()='Signature'])" ubl-$f-signed.xml)" 1 "its place, $f"
	is "$(look "//*[local-name()='ExtensionURI']" ubl-$f-signed.xml)" urn:oasis:names:specification:ubl:dsig:enveloped:xades "its URI, $f"
	is "$(look "$WAY/*[local-name()='ID']" ubl-$f-signed.xml)" urn:oasis:names:specification:ubl:signature:1 "its number, $f"
done
is "$(look "local-name(/*/*[1])" ubl-none-signed.xml)" UBLExtensions 'they come first'
is "$(look "//*[local-name()='ReferencedSignatureID']" ubl-named-signed.xml)" 'urn:a&b' 'the business signature that it is for'
run_ok 'a second one' $X -o ubl-two.xml ubl-named-signed.xml
run_ok 'xmlsec1 verifies the first' by_xmlsec ubl-two.xml
run_ok 'and the second' the_nth 2 ubl-two.xml
is "$(look "${WAY}[2]/*[local-name()='ID']" ubl-two.xml)" urn:oasis:names:specification:ubl:signature:2 'which has its number'
run_ok 'ecert verifies both' verify ubl-two.xml
like "$out" 'the whole document, but for the places that UBL has for signatures' 'and says what they are about'
sed 's/<cbc:ID>7/<cbc:ID>8/' ubl-two.xml >changed.xml
run_code 1 'another invoice' by_xmlsec changed.xml
run_ok 'plain, when that is asked for' $X --profile plain -o ubl-plain.xml ubl-none.xml
is "$(look 'local-name(/*/*[last()])' ubl-plain.xml)" Signature 'the last child'
run_ok 'xmlsec1 verifies it plain' by_xmlsec ubl-plain.xml
run_code 5 'no UBL' $X --profile ubl out.xml
sentence 'no UBL document' 'no UBL'
run_code 5 'ZATCA' $X --profile zatca -o z.xml ubl-none.xml
sentence 'ZATCA needs a key on secp256k1, which no PIV slot has' 'ZATCA'
run_code 5 'MyInvois' $X --profile myinvois -o z.xml ubl-none.xml
sentence 'MyInvois wants a value over the document alone' 'MyInvois'
is "$(look "count($WAY)" ubl-two.xml)" 2 'two in one extension'

# ---- what is not signed, and why: each reason is a row of tests/unit/document/test_xml_sign.c ----
# refused NAME FORMAT WORDS: before the PIN, which would be wrong.
refused() {
	printf "$2" >"bad-$1.xml"
	run_code 5 "$1" "$ECERT" sign --format xades --pin-source "file:$T/wrong" "bad-$1.xml"
	sentence "$3" "$1"
	[ ! -e "bad-$1-signed.xml" ] && ok "$1: nothing is there" || not_ok "$1: nothing is there"
}
refused doctype '<?xml version="1.0"?><!DOCTYPE o [<!ENTITY a "b">]><o>&a;</o>' 'document type'
refused deeper "$(i=0 && while [ $i -lt 300 ]; do printf '<o>' && i=$((i + 1)); done)" 'can be looked at'
perl -e 'print "<o>", "x" x 34000000, "</o>"' >large.xml
run_code 5 'a large document' $X large.xml
sentence 'can be looked at' 'a large document'
run_ok 'which is signed beside' $X --detached large.xml
perl -e 'print "<o><b>", "QUJD\n" x 3000000, "</b></o>"' >attached.xml
run_ok 'with 15 MB in one text' $X attached.xml
run_ok 'xmlsec1 verifies a part of it' by_xmlsec attached-signed.xml
rm -f large.xml* attached*.xml
run_code 2 'options of others' $X --visible top-left order.xml
run_code 2 'in place of a file beside' $X --in-place invoice.txt
sentence 'gets no signature inside' 'in place of a file beside'
run_code 2 'detached, in another format' sign --detached order.xml
run_code 2 'a profile that nobody knows' $X --profile peppol order.xml
sentence "no profile 'peppol'" 'a profile that nobody knows'
run_code 2 'a profile beside' $X --detached --profile ubl ubl-none.xml
run_code 2 'a profile of what is no XML' $X --profile ubl invoice.txt

# ---- time stamps: B-T ----
serve_stamps
run_ok 'inside, with a time stamp' $X --tsa "$URL/tsa/tsa" -o stamped.xml order.xml
run_ok 'beside, with a time stamp' $X -f --tsa "$URL/tsa/tsa" invoice.txt
for f in stamped.xml invoice.txt.xades; do
	run_ok "xmlsec1 verifies $f" by_xmlsec $f
	look "//*[local-name()='SignatureTimeStamp']/*[local-name()='EncapsulatedTimeStamp']" $f | base64 -d >token
	grep -o '<ds:SignatureValue .*</ds:SignatureValue>' $f | xmllint --exc-c14n - | tr -d '\n' >value
	run_ok "openssl ts verifies its time stamp, $f" openssl ts -verify -data value -in token -token_in -CAfile tsaroot.pem
done
run_ok 'ecert verifies it' verify --json --tsa-anchor tsaroot.pem stamped.xml
is "$(field '[.signers[0].profile, .signers[0].proved_time != null] | join(" ")')" 'XAdES-B-T true' 'as B-T, which proves a time'
run_code 6 'nobody gives one' $X -f --tsa "$URL/empty" order.xml
run_ok 'xmlsec1 verifies it without' by_xmlsec order-signed.xml

done_testing
