#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Signatures in XML by other makers: xmlsec1 fills in templates that are written from the standards (xml-maker); time
# stamps are `openssl ts`, containers python's.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
. "$top_srcdir/tests/integration/stamps-lib.sh"
cd "$T" || exit 1
NOW=$(date +%s)
"$DEMO_CA" init ca && "$DEMO_CA" make ca alice >/dev/null && KEY=ec "$DEMO_CA" make ca eve >/dev/null || bail_out 'demo-ca'
MAKE=$top_srcdir/tests/integration/xml-maker
IDS='--id-attr:Id SignedProperties --id-attr:Id order --id-attr:Id Object'
# make NAME [WORD...]: by WHO, alice.
make() {
	local name="$1"
	shift
	"$MAKE" "$@" >"$name.t" || bail_out "xml-maker $name"
	# shellcheck disable=SC2086
	xmlsec1 --sign --privkey-pem "ca/${WHO:-alice}.key,ca/${WHO:-alice}.pem" $IDS --output "$name.xml" "$name.t" 2>err ||
		bail_out "xmlsec1 $name: $(cat err)"
}
check() { verify --intermediate ca/sub.pem "$@"; }
# good NAME WORD...: made, and valid.
good() {
	local name="$1"
	make "$@"
	run_ok "valid: $*" check "$name.xml"
}

# ---- canonicalization, transforms, algorithms ----
good a -canon=c10 -trans=c10 -xades=ca/alice.pem
like "$out" '^Signature: +valid$' 'called valid'
like "$out" '^Element: +/o:order/ds:Signature$' 'where the signature is'
like "$out" '^Signs: +/o:order$' 'what it signs'
like "$out" 'ok +content +the whole document$' 'all of it'
like "$out" '^Claimed time: +20[0-9-]* [0-9:]* UTC$' 'its time'
good b -canon=c10c -trans=c10c
like "$out" 'skipped +signed attributes +there are none' 'one without XAdES is judged as what it is'
good c -form=beside -canon=c11 -trans=c11
like "$out" 'ok +content +/both/o:order, which is all that is there' 'an element beside it'
good d -form=beside -canon=c11c -trans=excc
good e -form=object -canon=exc -trans=exc '-prefixes=o #default' -xades=ca/alice.pem
like "$out" '^Signs: +/ds:Signature/ds:Object\[1\]' 'the document in the signature'
good f -form=object -filter=base64 -canon=excc
run_ok 'what is inside is taken out' check --extract taken f.xml
is "$(cat taken)" 'what is signed' 'it is that'
good g -filter=xpath -trans=c10
good h -filter=here -trans=exc
good i -filter=subtract -trans=exc
good j -sig=rsa-sha512 -md=sha512
good k -sig=rsa-sha384 -md=sha384
WHO=eve good l -sig=ecdsa-sha256 -xades=ca/eve.pem
WHO=eve good m -sig=ecdsa-sha512 -md=sha384
good n -form=beside '-uri=#xpointer(id('"'order'"'))' -trans=excc
good o -uri= -trans=exc '-text=<Wurzel xmlns="urn:a" xml:lang="de" xml:id="order">%s</Wurzel>'
good p -trans=exc -xades=ca/alice.pem -ns=v1.2.2
like "$out" 'ok +signing certificate +by its digest in the signed properties' 'XAdES of an older version'
# What else a KeyInfo has (XML Signature 1.1, 4.5), and what others put into it and beside it.
"$MAKE" -trans=exc -xades=ca/alice.pem | sed 's|<ds:KeyInfo>|<!-- a -->\n<ds:KeyInfo Id="key"><!-- b -->\n<ds:KeyName>Alice</ds:KeyName><ds:KeyValue/>|
s|</ds:X509Data></ds:KeyInfo>|<ds:X509SubjectName/><ds:X509IssuerSerial/><ds:X509SKI/></ds:X509Data><ds:SPKIData><ds:SPKISexp>AAAA</ds:SPKISexp></ds:SPKIData><f:hint xmlns:f="urn:example:f"><f:a>1</f:a></f:hint><n:DEREncodedKeyValue xmlns:n="http://www.w3.org/2009/xmldsig11#">AAAA</n:DEREncodedKeyValue><ds:MgmtData>x</ds:MgmtData></ds:KeyInfo>|' >keys.t
xmlsec1 --sign --privkey-pem ca/alice.key,ca/alice.pem --id-attr:Id SignedProperties --output keys.xml keys.t 2>err || bail_out "xmlsec1: $(cat err)"
run_ok 'a KeyInfo full of other things' check keys.xml
is "$(xmllint --xpath "count(//*[local-name()='KeyInfo']/*)" keys.xml)" 7 'which are all there'
make old -sig=rsa-sha1 -md=sha1
run_code 10 'SHA-1' check old.xml
like "$out" 'unknown +content digest +everything fits, but SHA1 is not relied on since 2012' 'SHA-1 is old, not broken'
run_ok 'relied on by whoever says so' check --algorithm SHA1=2030-01-01 old.xml
make part -form=part -trans=exc
run_code 10 'one of two elements' check part.xml
like "$out" 'unknown +content +/both/o:order is signed, not the whole document: /both/order is not' 'and which one'
run_code 10 'the same as JSON' verify --json --intermediate ca/sub.pem part.xml
is "$(field '[.sub_indication, .signers[0].profile, .signers[0].xml.path, .signers[0].xml.signed[0], .signers[0].xml.whole_document] | join(" ")')" \
	'SIG_CONSTRAINTS_FAILURE XML-Signature /both/ds:Signature /both/o:order false' 'JSON: where and what'

run_code 10 'the same as a page' verify --intermediate ca/sub.pem --report part.html part.xml
like "$(cat part.html)" 'Element:</th><td>/both/ds:Signature</td></tr>' 'the page has its place'

# ---- how the text is written ----
python3 -c "
import sys
t = open('c.xml', encoding='utf-8').read()
open('wide.xml', 'wb').write(t.replace('encoding=\"UTF-8\"', 'encoding=\"UTF-16\"').encode('utf-16'))
open('mark.xml', 'wb').write(b'\xef\xbb\xbf' + t.encode())
open('lines.xml', 'wb').write(t.replace('\n', '\r\n').encode())
open('attr.xml', 'wb').write(t.replace('<o:line xml:space=\"preserve\" n=\"1\">', '<o:line   n=\"1\"\n xml:space=\'preserve\' >').encode())
"
for f in wide mark lines attr; do run_ok "the same text, written otherwise: $f" check $f.xml; done
cp a.xml invoice.pdf
run_ok 'by its content, not by its name' check invoice.pdf
run_ok 'from standard input' sh -c "\"$ECERT\" verify --anchor ca/root.pem --intermediate ca/sub.pem - <a.xml"
printf '<a xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:DigestValue/></a>' >none.xml
run_code 8 'an XML file that has no signature' check none.xml

# ---- a file of its own ----
head -c 100000 /dev/urandom >data.bin
(cd "$T" && make det -form=file)
run_ok 'a file beside it' check data.bin det.xml
like "$out" 'ok +content +a file of its own: data.bin' 'which one'
run_code 10 'without the file' sh -c "cd / && \"$ECERT\" verify --anchor $T/ca/root.pem --intermediate $T/ca/sub.pem $T/det.xml"
echo other >other.bin
run_code 1 'another file' check other.bin det.xml
printf '<a  x="1" ></a>' >data.bin
make detx -form=file -trans=exc
printf "<a x='1'/>" >same.bin
run_ok 'a file that is the same when it is canonical' check same.bin detx.xml

# ---- several signatures ----
"$MAKE" -filter=xpath -trans=exc >two.t
python3 -c "
t = open('two.t', encoding='utf-8').read()
s = t[t.index('<ds:Signature '):t.index('</ds:Signature>') + 15]
open('two.t', 'w', encoding='utf-8').write(t.replace(s, s + s.replace('Id=\"sig\"', 'Id=\"sig2\"')))
"
xmlsec1 --sign --privkey-pem ca/alice.key,ca/alice.pem --node-xpath '(//*[local-name()="Signature"])[1]' --output two1.xml two.t 2>err ||
	bail_out "xmlsec1: $(cat err)"
run_code 1 'two signatures, of which one was never made' verify --json --intermediate ca/sub.pem two1.xml
is "$(field '[.signers[].verdict] | join(" ")')" 'passed failed' 'each has its own verdict'

# ---- counter-signatures, time stamps ----
make_tsa_config
make_ca tsaroot
make_cert tsa tsaroot 1000 'basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping'
# stamped IN OUT: a time stamp over SignatureValue, by exclusive canonicalization.
stamped() {
	python3 -c "
import re, sys
t = open('$1', encoding='utf-8').read()
v = re.search(r'<ds:SignatureValue Id=.value.>(.*?)</ds:SignatureValue>', t, re.S).group(1)
open('value', 'w', encoding='utf-8').write('<ds:SignatureValue xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" Id=\"value\">' + v + '</ds:SignatureValue>')
"
	openssl ts -query -data "${3:-value}" -sha256 -cert -out value.tsq 2>/dev/null &&
		openssl ts -reply -config ts.cnf -queryfile value.tsq -signer tsa.pem -inkey tsa.key -token_out -out value.tst 2>/dev/null ||
		bail_out 'openssl ts'
	python3 -c "
import base64
t = open('$1', encoding='utf-8').read()
token = base64.b64encode(open('value.tst', 'rb').read()).decode()
u = '<xades:UnsignedProperties><xades:UnsignedSignatureProperties><xades:SignatureTimeStamp><ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/><xades:EncapsulatedTimeStamp>' + token + '</xades:EncapsulatedTimeStamp></xades:SignatureTimeStamp></xades:UnsignedSignatureProperties></xades:UnsignedProperties>'
open('$2', 'w', encoding='utf-8').write(t.replace('</xades:QualifyingProperties>', u + '</xades:QualifyingProperties>'))
"
}
stamped a.xml t.xml
run_ok 'with a time stamp (XAdES-T)' check --tsa-anchor tsaroot.pem t.xml
like "$out" 'ok +time stamp +it was there on ' 'it counts'
run_ok 'of a TSA that nobody trusts' check t.xml
like "$out" 'skipped +time stamp +one proves nothing here: ' 'it proves nothing, and takes nothing away'
stamped a.xml tw.xml data.bin
run_ok 'a time stamp of something else' check --tsa-anchor tsaroot.pem tw.xml
like "$out" 'skipped +time stamp +one proves nothing here: imprint: ' 'it proves nothing'

# countersigned IN OUT URI: by eve, over what the URI is.
countersigned() {
	"$MAKE" -form=file -sig=ecdsa-sha256 "-uri=$3" -trans=exc >counter.t || bail_out 'xml-maker counter'
	python3 -c "
import re
t, c = open('$1', encoding='utf-8').read(), open('counter.t', encoding='utf-8').read()
c = c[c.index('<ds:Signature '):].replace('Id=\"sig\"', 'Id=\"sig2\"').replace(' Id=\"value\"', '')
u = '<xades:UnsignedProperties><xades:UnsignedSignatureProperties><xades:CounterSignature>' + c + '</xades:CounterSignature></xades:UnsignedSignatureProperties></xades:UnsignedProperties>'
open('counter.in', 'w', encoding='utf-8').write(t.replace('</xades:QualifyingProperties>', u + '</xades:QualifyingProperties>'))
"
	xmlsec1 --sign --privkey-pem ca/eve.key,ca/eve.pem --node-xpath '(//*[local-name()="Signature"])[2]' --id-attr:Id SignatureValue \
		--id-attr:Id SignedProperties --output "$2" counter.in 2>err || bail_out "xmlsec1: $(cat err)"
}
countersigned a.xml ctr.xml '#value'
run_ok 'countersigned' verify --json --intermediate ca/sub.pem ctr.xml
is "$(field '[.signers[0].verdict, (.signers | length), (.signers[0].counter_signatures[] | .verdict, .algorithm)] | join(" ")')" \
	'passed 1 passed ECDSA-SHA256' 'JSON: and its own verdict'
countersigned a.xml ctr2.xml '#props'
run_ok 'a counter-signature of something else takes nothing away' verify --json --intermediate ca/sub.pem ctr2.xml
is "$(field '.signers[0].counter_signatures[0].checks[] | select(.check == "content") | .reason')" wrapped 'and is none'

# ---- containers ----
"$top_srcdir/tests/integration/asic-maker" x.asice mimetype:application/vnd.etsi.asic-e+zip data.bin=data.bin META-INF/signatures0.xml=det.xml
run_code 1 'a container with another file than was signed' check x.asice
make det2 -form=file
printf '<asic:XAdESSignatures xmlns:asic="http://uri.etsi.org/02918/v1.2.1#">%s</asic:XAdESSignatures>' \
	"$(sed '/^<?xml/d' det2.xml)" >sigs.xml
"$top_srcdir/tests/integration/asic-maker" x.asice mimetype:application/vnd.etsi.asic-e+zip data.bin=data.bin META-INF/signatures0.xml=sigs.xml \
	'META-INF/manifest.xml:<manifest/>'
run_ok 'a container with XAdES' check x.asice
like "$out" '^Inside: +data.bin, 15 bytes$' 'what is in it'
run_ok 'a file is taken out' check --extract taken2 x.asice
cmp -s taken2 data.bin && ok 'it is that' || not_ok 'it is that'
"$top_srcdir/tests/integration/asic-maker" more.asice mimetype:application/vnd.etsi.asic-e+zip data.bin=data.bin same.bin=same.bin META-INF/signatures0.xml=sigs.xml
run_ok 'with a file that nobody signed' check more.asice
like "$out" 'same.bin, 10 bytes, which nobody signed' 'it is told'
"$top_srcdir/tests/integration/asic-maker" less.asice mimetype:application/vnd.etsi.asic-e+zip same.bin=same.bin META-INF/signatures0.xml=sigs.xml
run_code 10 'without the file that was signed' check less.asice
done_testing
