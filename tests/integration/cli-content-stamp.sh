#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Time stamps of the content that the signer has signed along (EN 319 122-1, 5.2.8; TS 119 182-1, 5.2.6): what one
# proves, and that it never proves the signature. The TSA is `openssl ts`.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/stamps-lib.sh"
cd "$T" || exit 1
NOW=$(date +%s)
HOUR=3600
echo 'Invoice 2026-001' >invoice.txt
make_tsa_config
for ca in root tsaroot; do make_ca $ca; done
USE='basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation'
TSA_USE='basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping'
make_cert signer root 1 "$USE"
make_cert tsa root 1000 "$TSA_USE"
make_cert short_tsa root 1 "$TSA_USE"
make_cert other_tsa tsaroot 1000 "$TSA_USE"
sign_file signer root bb.p7s
MADE=$(date +%s)
make_crl root $((NOW + HOUR)) $((NOW + 30 * DAY)) late.crl
CONTENT=1.2.840.113549.1.9.16.2.20
# with_content TOKEN OUT: bb.p7s with it, signed anew.
with_content() { "$MAKER" signed bb.p7s $CONTENT "$1" signer.key "$2"; }
verify() { "$ECERT" verify --anchor root.pem "$@"; }
at() { local t="$1"; shift; verify --at "$((NOW + t))" "$@"; }
row() { like "$out" "$1" "$2"; }
# stamps QUERY: of the first signer, for programs.
stamps() { jq -r "[.signers[0].time_stamps[] | $1] | join(\",\")" "$T/out"; }

# ---- a good one ----
stamp invoice.txt token
with_content token good.p7s
openssl cms -verify -cades -binary -inform DER -in good.p7s -content invoice.txt -CAfile root.pem -out verified 2>/dev/null &&
	cmp -s invoice.txt verified && ok 'openssl cms verifies what was made' || not_ok 'openssl cms verifies what was made'
openssl ts -verify -data invoice.txt -in token -token_in -CAfile root.pem >/dev/null 2>&1 &&
	ok 'openssl ts agrees that the token is over the content' || not_ok 'openssl ts agrees that the token is over the content'
run_ok 'a time stamp of the content' verify invoice.txt good.p7s
row 'ok +time stamp +of the content: that was there on .* signed later' 'which counts'
row '^Time stamp: +of the content: .*, by tsa.*, policy 1\.2\.3\.4\.1' 'in its own row'
run_ok 'the same for programs' verify --json invoice.txt good.p7s
is "$(stamps '"\(.kind) \(.verdict) \(.policy)"')" 'content passed 1.2.3.4.1' 'as one of the content'
is "$(jq -r '.signers[0] | "\(.proved_time) \(.profile)"' "$T/out")" 'null CAdES-B-B' 'which proves nothing of the signature'
run_code 10 'once the signer is over' at $((3 * DAY)) --crl late.crl invoice.txt good.p7s
row '^Indication: +OUT_OF_BOUNDS_NOT_REVOKED' 'nobody can tell that it was signed before'
with_stamp good.p7s both.p7s
run_ok 'with a time stamp of the signature' verify --at $((NOW + 3 * DAY)) --crl late.crl --json invoice.txt both.p7s
is "$(stamps '"\(.kind) \(.verdict)"')" 'signature passed,content passed' 'both are judged'
is "$(jq -r '.signers[0] | "\(.proved_time == .time_stamps[0].time) \(.profile)"' "$T/out")" 'true CAdES-B-T' 'and the time of the signature is that of its own'

# ---- one that is not good: named, and nothing else ----
# refused NAME FILE SUB ERE
refused() {
	run_ok "$1: takes nothing away" verify invoice.txt "$2"
	row "skipped +time stamp +one of the content proves nothing here: $4" "$1: named"
	row '^Time stamp: +that of the content does not count' "$1: in its own row"
	row '^(But:)? +a time stamp on it does not count' "$1: and beside the verdict"
	run_ok "$1: for programs" verify --json invoice.txt "$2"
	is "$(stamps '"\(.kind) \(.verdict) \(.sub_indication)"')" "content $3" "$1: by its sub-indication"
}
echo 'Invoice 2026-002' >other.txt
stamp other.txt copied
with_content copied copied.p7s
refused 'copied from another content' copied.p7s 'failed HASH_FAILURE' 'imprint: it is about another content'
"$MAKER" value bb.p7s >value
stamp value of-signature
with_content of-signature moved.p7s
refused 'one of a signature' moved.p7s 'failed HASH_FAILURE' 'imprint: it is about another content'
"$MAKER" content token >tst
perl -pe 's/(20\d{12})Z/($1 - 20000000000) . "Z"/e' tst >tst.early
perl -e 'local $/; open F, "token"; $t = <F>; open G, "tst"; $a = <G>; open H, "tst.early"; $b = <H>; $t =~ s/\Q$a\E/$b/; print $t' >altered
with_content altered altered.p7s
refused altered altered.p7s 'failed HASH_FAILURE' 'content digest: the token was changed'
"$MAKER" tst invoice.txt $((NOW + DAY)) >tst.future
forge tst.future tsa future
with_content future future.p7s
refused 'from the future' future.p7s 'indeterminate TIMESTAMP_ORDER_FAILURE' 'time: it lies in the future'
"$MAKER" tst invoice.txt "$MADE" >tst.plain
forge tst.plain signer by-signer
with_content by-signer by-signer.p7s
refused 'by the signer itself' by-signer.p7s 'indeterminate CHAIN_CONSTRAINTS_FAILURE' 'key usage: the certificate is not for time stamps'
stamp invoice.txt unknown other_tsa
with_content unknown unknown.p7s
refused 'by a TSA that nobody knows' unknown.p7s 'indeterminate NO_CERTIFICATE_CHAIN_FOUND' 'chain:'
make_crl root "$NOW" $((NOW + DAY)) gone.crl tsa.pem "$NOW"
run_ok 'by a TSA that was revoked' verify --crl gone.crl invoice.txt good.p7s
row 'skipped +time stamp +one of the content proves nothing here: revocation:' 'named'
printf '\060\000' >nothing
with_content nothing nothing.p7s
refused 'no token at all' nothing.p7s 'failed FORMAT_FAILURE' 'structure: it is no time-stamp token'
"$MAKER" tst invoice.txt $((NOW + 2 * HOUR)) >tst.later
forge tst.later tsa later
with_content later later.p7s
with_stamp later.p7s turned.p7s
run_ok 'younger than the signature' verify --at $((NOW + 3 * HOUR)) --json invoice.txt turned.p7s
is "$(stamps '"\(.kind) \(.verdict) \(.sub_indication)"')" 'signature passed null,content indeterminate TIMESTAMP_ORDER_FAILURE' 'is not believed'
# As an unsigned attribute it is anybody's.
"$MAKER" attr bb.p7s $CONTENT token unsigned.p7s
run_ok 'not signed' verify --json invoice.txt unsigned.p7s
is "$(stamps .kind)" '' 'is none'

# ---- it tells that the signature came later ----
make_crl root $((NOW + 3 * HOUR)) $((NOW + 30 * DAY)) revoked.crl signer.pem $((NOW + HOUR))
run_code 10 'revoked, the content stamped before' at $((4 * HOUR)) --crl revoked.crl invoice.txt good.p7s
row '^Indication: +REVOKED_NO_POE' 'nobody can tell when it was signed'
run_fails 'revoked, and the content stamped behind that' 'revoked' at $((4 * HOUR)) --crl revoked.crl invoice.txt later.p7s
row '^Indication: +REVOKED$' 'it was signed when the certificate was gone'

# ---- kept by what covers it ----
stamp invoice.txt short short_tsa
with_content short short.p7s
with_stamp short.p7s short-t.p7s
run_ok 'by a TSA that is over since, kept by the signature time stamp' verify --at $((NOW + 3 * DAY)) --crl late.crl --json invoice.txt short-t.p7s
is "$(stamps '"\(.kind) \(.verdict)"')" 'signature passed,content passed' 'counts'
run_code 10 'and without one' verify --at $((NOW + 3 * DAY)) --crl late.crl --json invoice.txt short.p7s
is "$(stamps .verdict)" indeterminate 'does not'

# ---- JAdES: adoTst ----
base64url() { base64 -w0 | tr '+/' '-_' | tr -d =; }
der() { openssl x509 -in "$1" -outform DER; }
# jades TOKEN OUT: over the payload in base64url, as it is signed.
jades() {
	jq -cjn --arg x "$(der signer.pem | base64 -w0)" --arg t "$(der signer.pem | openssl dgst -sha256 -binary | base64url)" --argjson now "$MADE" \
		--arg tst "$(base64 -w0 <"$1")" '{alg: "ES256", iat: $now, x5c: [$x], "x5t#S256": $t, adoTst: {tstTokens: [{val: $tst}]}}' >header
	"$MAKER" jws header invoice.txt signer.key "$2"
}
base64url <invoice.txt >payload
stamp payload payload.tst
jades payload.tst good.jws
run_ok 'JAdES, a time stamp of the content' verify good.jws
row 'ok +time stamp +of the content: that was there on' 'which counts'
run_ok 'for programs' verify --json good.jws
is "$(stamps '"\(.kind) \(.verdict)"')" 'content passed' 'as one of the content'
is "$(jq -r '.signers[0].proved_time' "$T/out")" null 'which proves nothing of the signature'
run_code 10 'JAdES, once the signer is over' at $((3 * DAY)) --crl late.crl good.jws
jades token as-copied.jws
run_ok 'JAdES, over other bytes' verify --json as-copied.jws
is "$(stamps '"\(.kind) \(.verdict) \(.sub_indication)"')" 'content failed HASH_FAILURE' 'is named'
jades altered as-altered.jws
run_ok 'JAdES, altered' verify --json as-altered.jws
is "$(stamps '"\(.kind) \(.verdict)"')" 'content failed' 'is named, too'

# ---- XAdES: AllDataObjectsTimeStamp, IndividualDataObjectsTimeStamp ----
# xades TOKEN OUT [WORD...]: by xmlsec1, of invoice.txt beside it when no word says otherwise.
xades() {
	local token="$1" to="$2"
	shift 2
	"$top_srcdir/tests/integration/xml-maker" -sig=ecdsa-sha256 -xades=signer.pem -form=file -uri=invoice.txt "-stamp=$token" "$@" >template &&
		xmlsec1 --sign --privkey-pem signer.key,signer.pem --id-attr:Id SignedProperties --output "$to" template 2>err ||
		bail_out "xmlsec1: $(cat err)"
}
# xml WORDS FILE...: what is said of its only time stamp.
xml() {
	local want="$1"
	shift
	run_ok "$*: verified" verify --json "$@"
	is "$(stamps '"\(.kind) \(.verdict) \(.sub_indication)"')" "$want" "$*: ${want:-not judged}"
}
xades token all.xml
run_ok 'XAdES, a time stamp of all data' verify invoice.txt all.xml
row 'ok +time stamp +of the content: that was there on' 'which counts'
xml 'content passed null' invoice.txt all.xml
is "$(jq -r '.signers[0] | "\(.proved_time) \(.profile)"' "$T/out")" 'null XAdES-B-B' 'which proves nothing of the signature'
xades token named.xml -over=data
xml 'content passed null' invoice.txt named.xml
xades copied copied.xml -over=data
xml 'content failed HASH_FAILURE' invoice.txt copied.xml
xades of-signature moved.xml
xml 'content failed HASH_FAILURE' invoice.txt moved.xml
xades altered altered.xml
xml 'content failed HASH_FAILURE' invoice.txt altered.xml
xades future future.xml
xml 'content indeterminate TIMESTAMP_ORDER_FAILURE' invoice.txt future.xml
xades unknown unknown.xml
xml 'content indeterminate NO_CERTIFICATE_CHAIN_FOUND' invoice.txt unknown.xml
xades token bare.xml -over=bare
xml '' invoice.txt bare.xml
like "$(jq -r '.signers[0].checks[] | select(.check == "time stamp") | .detail' "$T/out")" 'of a kind that this version does not verify' 'and told'
# In the document: what is digested is canonical XML, without the signature.
python3 -c "
import subprocess, sys, xml.etree.ElementTree as ET
t = subprocess.run([sys.argv[1], '-text=<o a=\"1\"  b=\"2\">%s</o>'], stdout=subprocess.PIPE, check=True).stdout.decode()
sys.stdout.write(ET.canonicalize(t[:t.index('<ds:Signature')] + t[t.index('</ds:Signature>') + 15:]))
" "$top_srcdir/tests/integration/xml-maker" >canonical
is "$(cat canonical)" '<o a="1" b="2"></o>' 'canonical'
stamp canonical canonical.tst
xades canonical.tst inside.xml -form=enveloped -uri= '-text=<o a="1"  b="2">%s</o>' -trans=exc
xml 'content passed null' inside.xml
xades canonical.tst nodes.xml -form=enveloped -uri= '-text=<o a="1"  b="2">%s</o>'
xml '' nodes.xml
run_code 10 'once the signer is over' at $((3 * DAY)) --crl late.crl invoice.txt all.xml
run_code 10 'revoked, the content stamped before' at $((4 * HOUR)) --crl revoked.crl invoice.txt all.xml
row '^Indication: +REVOKED_NO_POE' 'nobody can tell when it was signed'
xades later later.xml
run_fails 'revoked, and the content stamped behind that' 'revoked' at $((4 * HOUR)) --crl revoked.crl invoice.txt later.xml
row '^Indication: +REVOKED$' 'it was signed when the certificate was gone'
xades short short.xml
"$top_srcdir/tests/integration/xades-maker" value short.xml >short.value
stamp short.value short.tst
python3 - <<-'END'
	import base64
	text = open("short.xml").read()
	token = base64.b64encode(open("short.tst", "rb").read()).decode()
	new = ('<xades:UnsignedProperties><xades:UnsignedSignatureProperties><xades:SignatureTimeStamp><ds:CanonicalizationMethod '
	       'Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/><xades:EncapsulatedTimeStamp>%s</xades:EncapsulatedTimeStamp>'
	       "</xades:SignatureTimeStamp></xades:UnsignedSignatureProperties></xades:UnsignedProperties>" % token)
	open("kept.xml", "w").write(text.replace("</xades:SignedProperties>", "</xades:SignedProperties>" + new))
END
run_ok 'by a TSA that is over since, kept by the signature time stamp' verify --at $((NOW + 3 * DAY)) --crl late.crl --json invoice.txt kept.xml
is "$(stamps '"\(.kind) \(.verdict)"')" 'signature passed,content passed' 'counts'
run_code 10 'and without one' verify --at $((NOW + 3 * DAY)) --crl late.crl --json invoice.txt short.xml
is "$(stamps .verdict)" indeterminate 'does not'
done_testing
