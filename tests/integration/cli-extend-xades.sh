#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# XAdES that lasts: time stamps and what a verification needs, put into signatures of our own and of xmlsec1's; archive
# time stamps of a maker of its own (xades-maker); judged by xmlsec1 and openssl, and when certificates are over.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
. "$top_srcdir/tests/integration/stamps-lib.sh"
start_vcard_socket
provision
cd "$T" || exit 1
XMAKER=$top_srcdir/tests/integration/xades-maker
DSIG=http://www.w3.org/2000/09/xmldsig#
XADES=http://uri.etsi.org/01903/v1.3.2#
serve_stamps
make_signer signer 9c.pub
# shellcheck disable=SC2086
"$ECERT" -q cert import signer.pem --slot 9c $MGM || bail_out 'cert import'
trusting() { "$ECERT" "$@" --anchor root.pem --tsa-anchor tsaroot.pem; }
online() { trusting "$@" --online --online-allow "127.0.0.1:$PORT" --online-timeout 3; }
extend() { online extend --tsa "$URL/tsa/tsa" "$@"; }
sign() { online sign --pin-source "file:$T/pin" --chain root.pem --tsa "$URL/tsa/tsa" "$@"; }
plain() { "$ECERT" sign --pin-source "file:$T/pin" --chain root.pem --format xades "$@"; }
profile() { trusting verify --json "$@" 2>/dev/null | jq -r '[.signers[].profile] | join(" ")'; }
stamps() { trusting verify --json "$@" 2>/dev/null | jq -c '[.signers[0].time_stamps[] | [.kind, .verdict]]'; }
later() { trusting verify --at "$(date -u -d "@$((NOW + $1 * DAY))" +%Y-%m-%dT%H:%M:%SZ)" "$2"; }
# by_xmlsec FILE [N]: its n-th signature.
by_xmlsec() {
	xmlsec1 --verify --trusted-pem root.pem --id-attr:Id "$DSIG:SignatureValue" --id-attr:Id "$DSIG:Signature" \
		--id-attr:Id "$XADES:SignedProperties" --node-xpath "(//*[local-name()='Signature' and namespace-uri()='$DSIG'])[${2:-1}]" \
		"$1" >xmlsec.log 2>&1
}
# by_openssl FILE: its signature time stamp, over what the standard says.
by_openssl() {
	"$XMAKER" value "$1" >value.bin && "$XMAKER" token "$1" SignatureTimeStamp >token.tst &&
		openssl ts -verify -data value.bin -in token.tst -token_in -CAfile tsaroot.pem
}
# only_added BEFORE AFTER: no byte is changed, and one run of them is new.
only_added() { "$XMAKER" added "$1" "$2" >added.txt; }

# ---- inside, beside, UBL: T, then LT ----
printf '<?xml version="1.0"?>\n<order id="1">\r\n <tea n="&#9;1"/><!-- none --></order>\n' >order.xml
printf '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"><cbc:ID>7</cbc:ID></Invoice>\n' >ubl.xml
cp invoice.txt note.txt
plain order.xml ubl.xml note.txt >/dev/null || bail_out 'sign'
for f in order-signed.xml ubl-signed.xml note.txt.xades; do
	cp $f was
	run_ok "T: $f" extend --level T $f
	is "$(profile $f)" XAdES-B-T "$f: which verify names"
	run_ok "$f: xmlsec1 verifies it" by_xmlsec $f
	run_ok "$f: openssl ts verifies its time stamp" by_openssl $f
	run_ok "$f: nothing else changed" only_added was $f
	cp $f was
	cp $f t-$f
	run_ok "LT: $f" extend --level LT $f
	is "$(profile $f)" XAdES-B-LT "$f: which verify names"
	run_ok "$f: xmlsec1 verifies it still" by_xmlsec $f
	run_ok "$f: nothing else changed by LT" only_added was $f
	is "$("$XMAKER" order $f)" 'SignatureTimeStamp RevocationValues TimeStampValidationData' "$f: what is in it"
done
cp note.txt t-note.txt
"$XMAKER" values order-signed.xml >values.txt
like "$(cat values.txt)" '^RevocationValues ocsp ' 'an answer about the signer'
like "$(cat values.txt)" '^TimeStampValidationData ocsp ' 'and one about its TSA'
stamp_id=$(xmllint --xpath "string(//*[local-name()='SignatureTimeStamp']/@Id)" order-signed.xml)
is "$(xmllint --xpath "string(//*[local-name()='TimeStampValidationData']/@URI)" order-signed.xml)" "#$stamp_id" 'which says of what time stamp'
run_ok 'when the certificate is over' later 40 order-signed.xml
run_code 10 'and without it nobody can tell' later 40 t-order-signed.xml
run_ok 'UBL, too' later 40 ubl-signed.xml
run_ok 'and beside a file' later 40 note.txt.xades
sum=$(sha256sum <order-signed.xml)
run_ok 'LT of what has it' extend --level LT order-signed.xml
is "$(sha256sum <order-signed.xml)" "$sum" 'changes nothing'
run_code 5 'LTA' extend --level LTA order-signed.xml
like "$err" 'extended up to LT' 'is said to be too far'
run_code 10 'nobody is to be asked' trusting extend --level LT t-order-signed.xml
like "$err" 'whether signer was revoked is not known' 'names who it is about'
cp was down.xml
plain -o down.xml -f order.xml >/dev/null
sum=$(sha256sum <down.xml)
run_code 6 'no TSA' trusting extend --level T --tsa http://127.0.0.1:9/ down.xml
is "$(sha256sum <down.xml)" "$sum" 'it was left alone'

# ---- in one go ----
cp order.xml once.xml
run_ok 'signed with LT at once' sign --format xades --level LT once.xml
is "$(profile once-signed.xml)" XAdES-B-LT 'verify says so'
run_ok 'xmlsec1 verifies it' by_xmlsec once-signed.xml
run_ok 'openssl ts verifies its time stamp' by_openssl once-signed.xml
run_code 2 'LTA is told before the PIN' sign --format xades --level LTA --pin-source file:wrong -f once.xml
cp note.txt twice.txt
run_ok 'beside a file' sign --format xades --level LT twice.txt
is "$(profile twice.txt.xades)" XAdES-B-LT 'verify says so'

# ---- what a signer supplies completes, and loosens nothing ----
# Values of another signature, and none of them for this one.
python3 - once-signed.xml t-order-signed.xml >mixed.xml <<'END'
import re, sys
lt, t = (open(f, encoding="utf-8", newline="").read() for f in sys.argv[1:])
more = re.search(r"<xades:RevocationValues.*</xades141:TimeStampValidationData>", lt, re.S).group(0)
end = "</xades:UnsignedSignatureProperties>"
sys.stdout.buffer.write(t.replace(end, more.replace("ocsp", "x") + end).encode())
END
is "$(profile mixed.xml)" XAdES-B-LT 'values are about a certificate, whoever put them in'
perl -0777 -pe 's{(<xades:RevocationValues.*?<xades:EncapsulatedOCSPValue>.{200})(.)}{$1 . ($2 eq "A" ? "B" : "A")}se' once-signed.xml >bent.xml
is "$(profile bent.xml)" XAdES-B-T 'a response that was bent: no level is left that stands on it'
run_code 10 'nor a verdict when the certificate is over' later 40 bent.xml
run_code 10 'nor today: an answer that is no answer' trusting verify bent.xml
cp t-order-signed.xml revoked.xml
: >srv/root.index
known root signer $((NOW - 3600))
run_code 10 'LT of one that was revoked before' extend --level LT revoked.xml
is "$(profile revoked.xml)" XAdES-B-T 'it was left alone'
: >srv/root.index
known root signer

# ---- archive time stamps that others made ----
"$XMAKER" covered once-signed.xml >covered.bin
stamp covered.bin archive.tst longer
"$XMAKER" archive once-signed.xml archive.tst >lta.xml
is "$(stamps lta.xml)" '[["signature","passed"],["archive","passed"]]' 'an archive time stamp counts'
is "$(profile lta.xml)" XAdES-B-LTA 'and is a level'
run_ok 'when the first TSA is over, too' later 61 lta.xml
run_code 10 'and without it nobody can tell' later 61 once-signed.xml
"$XMAKER" covered lta.xml >covered.bin
stamp covered.bin archive.tst longer
"$XMAKER" archive lta.xml archive.tst >lta2.xml
is "$(stamps lta2.xml)" '[["signature","passed"],["archive","passed"],["archive","passed"]]' 'and a second one over it'
# What came after it is not covered, and is at hand all the same: it takes nothing that was kept for newer.
for when in -3600 3600; do
	make_crl root "$NOW" $((NOW + 30 * DAY)) newer.crl signer.pem $((NOW + when))
	"$XMAKER" crl lta.xml newer.crl >newer.xml
	is "$(stamps newer.xml)" '[["signature","passed"],["archive","passed"]]' 'a CRL that was put in behind it: it counts as before'
	[ $when = -3600 ] || continue
	run_code 10 'which says that the signer was revoked before' later 40 newer.xml
	like "$out" '^Indication: +REVOKED' 'is not talked away by what it kept'
done
run_ok 'one that says so of later' later 40 newer.xml
make_crl tsaroot "$NOW" $((NOW + 30 * DAY)) tsa-gone.crl tsa.pem $((NOW - 3600))
"$XMAKER" crl lta.xml tsa-gone.crl >tsa-gone.xml
run_code 10 'one that says that the TSA was revoked before' later 61 tsa-gone.xml
is "$(stamps tsa-gone.xml)" '[["signature","indeterminate"],["archive","passed"]]' 'its time stamp counts no more'
# altered NAME PERL: one byte of what it covers.
altered() {
	perl -0777 -pe "$2" lta.xml >altered.xml
	is "$(trusting verify --json altered.xml 2>/dev/null | jq -c '[.signers[0].time_stamps[] | select(.kind == "archive") | .verdict, (.checks[] | select(.state == "failed") | .reason)]')" \
		'["failed","stamp-other"]' "archive: $1"
}
altered 'a value that it covers' 's{(<xades:RevocationValues.*?<xades:EncapsulatedOCSPValue>.{200})(.)}{$1 . ($2 eq "A" ? "B" : "A")}se'
altered 'a property that was taken out' 's{<xades141:TimeStampValidationData.*?</xades141:TimeStampValidationData>}{}s'
altered 'a property that was put in before it' 's{(<xades:RevocationValues)}{<xades:AttributeCertificateRefs xmlns:xades="http://uri.etsi.org/01903/v1.3.2#"/>$1}'
altered 'a certificate of KeyInfo' 's{(</ds:X509Data>)}{<ds:X509SubjectName>x</ds:X509SubjectName>$1}'
altered 'the token of the signature' 's{<xades:EncapsulatedTimeStamp>([^<]*)(.*<xades141:ArchiveTimeStamp.*?<xades:EncapsulatedTimeStamp[^>]*>)[^<]*}{<xades:EncapsulatedTimeStamp>$1$2$1}s'
is "$(profile altered.xml)" XAdES-B-LT 'without it, the level is what stands by itself'
run_ok 'and the signature as good as it is by itself' trusting verify altered.xml

# ---- the same over a file beside it, and over files of a container ----
printf 'Invoice 2026-001\n' >beside.txt
plain --detached -o beside.xades beside.txt || bail_out 'sign detached'
run_ok 'a signature of a file beside it: LT' extend --level LT beside.xades
"$XMAKER" covered beside.xades >covered.bin
stamp covered.bin archive.tst longer
"$XMAKER" archive beside.xades archive.tst >beside.xml && mv beside.xml beside.xades
is "$(profile beside.txt beside.xades)" XAdES-B-LTA 'an archive time stamp over the file and its signature is a level'
run_ok 'when the first TSA is over, too' trusting verify --at "$(date -u -d "@$((NOW + 61 * DAY))" +%Y-%m-%dT%H:%M:%SZ)" beside.txt beside.xades
plain --detached -f -o other.xades beside.txt || bail_out 'sign detached'
extend --level T other.xades >/dev/null 2>&1 || bail_out 'extend'
"$XMAKER" archive other.xades archive.tst >moved.xades
is "$(stamps beside.txt moved.xades)" '[["signature","passed"],["archive","failed"]]' 'that of another signature of the file'
printf 'Invoice 2026-002\n' >altered.txt
is "$(stamps altered.txt beside.xades)" '[["signature","passed"],["archive","failed"]]' 'and over another file'
cp beside.xades away.xades && mkdir away && mv away.xades away
is "$(trusting verify --json away/away.xades 2>/dev/null | jq -r '.signers[0].time_stamps[1].checks[] | select(.check == "imprint") | .state + " " + .detail')" \
	'unknown what it covers is not all at hand' 'without the file nobody can tell'
printf 'a\n' >a.txt
plain --asice files.asice beside.txt a.txt || bail_out 'sign --asice'
run_ok 'a container: LT' extend --level LT files.asice
rm -rf un && mkdir un && (cd un && python3 -m zipfile -e ../files.asice . && "$XMAKER" covered META-INF/signatures0.xml >../covered.bin)
stamp covered.bin archive.tst longer
(cd un && "$XMAKER" archive META-INF/signatures0.xml ../archive.tst >../with && mv ../with META-INF/signatures0.xml &&
	zip -qX0 ../lta.asice mimetype && zip -qXr ../lta.asice . -x mimetype) || bail_out zip
is "$(profile lta.asice)" XAdES-B-LTA 'an archive time stamp over files of a container is a level, too'
(cd un && printf 'b\n' >a.txt && zip -qX0 ../changed.asice mimetype && zip -qXr ../changed.asice . -x mimetype)
is "$(stamps changed.asice)" '[["signature","passed"],["archive","failed"]]' 'one of them is another'

# ---- several signatures, and those of others ----
plain -o two.xml order-signed.xml || bail_out 'sign twice'
cp two.xml was
run_ok 'a second signature: LT of both' extend --level LT two.xml
is "$(profile two.xml)" 'XAdES-B-LT XAdES-B-LT' 'each of them'
for n in 1 2; do run_ok "xmlsec1 verifies number $n" by_xmlsec two.xml $n; done
run_ok 'nothing but the second one is longer' only_added was two.xml
make_signer other
MAKE=$top_srcdir/tests/integration/xml-maker
# foreign NAME WORD...: by xmlsec1.
foreign() {
	local name="$1"
	shift
	"$MAKE" -sig=ecdsa-sha256 -xades=other.pem "$@" >template || bail_out 'xml-maker'
	xmlsec1 --sign --privkey-pem other.key,other.pem --id-attr:Id SignedProperties --id-attr:Id order --id-attr:Id Object \
		--output "$name" template 2>err || bail_out "xmlsec1: $(cat err)"
}
foreign enveloping.xml -form=object -canon=c10 -trans=c10
foreign enveloped.xml -trans=exc
foreign part.xml -form=beside -canon=c11 -trans=c11
for f in enveloping.xml enveloped.xml part.xml; do
	cp $f was
	run_ok "xmlsec1's, $f: LT" extend --level LT $f
	is "$(profile $f)" XAdES-B-LT "$f: verify says so"
	run_ok "$f: xmlsec1 verifies it" xmlsec1 --verify --trusted-pem root.pem --id-attr:Id SignedProperties --id-attr:Id order --id-attr:Id Object $f
	run_ok "$f: nothing else changed" only_added was $f
done

# ---- what is not extended, and why ----
refused() {
	sum=$(sha256sum <"$1")
	run_code "$2" "$4" extend --level LT "$1"
	like "$err" "$3" "$4: why"
	is "$(sha256sum <"$1")" "$sum" "$4: left alone"
}
foreign old.xml -trans=exc -ns=v1.2.2
refused old.xml 5 'XAdES before 1.3.2' 'an older version'
"$MAKE" -sig=ecdsa-sha256 -trans=exc >template
xmlsec1 --sign --privkey-pem other.key,other.pem --output bare.xml template 2>/dev/null || bail_out 'xmlsec1 bare'
refused bare.xml 5 'without XAdES' 'no XAdES'
# Another one over all of it, but for itself.
"$MAKE" -sig=ecdsa-sha256 -trans=exc -xades=other.pem |
	perl -0777 -ne 's/"(#?)(sig|value|props)"/"$1${2}2"/g; m{(<ds:Signature .*</ds:Signature>)}s and print $1' >second
perl -0777 -pe 'BEGIN { open F, "second"; local $/; $s = <F> } s{</order>}{$s</order>}' t-order-signed.xml >template
xmlsec1 --sign --privkey-pem other.key,other.pem --id-attr:Id SignedProperties --node-xpath "//*[@Id='sig2']" --output over.xml template 2>err || bail_out "xmlsec1 over: $(cat err)"
refused over.xml 5 'covers the place' 'under another signature'
sed 's/tea/Tea/' order-signed.xml >changed.xml
refused changed.xml 1 'not valid' 'a changed document'
foreign narrow.xml -trans=exc
sed 's/encoding="UTF-8"/encoding="UTF-16"/' narrow.xml | iconv -f utf-8 -t utf-16 >wide.xml
refused wide.xml 5 'not written in UTF-8' 'another encoding'
refused order.xml 5 'no kind' 'no signature'
done_testing
