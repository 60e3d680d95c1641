#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Containers whose signatures last: ASiC-S and ASiC-E with CAdES and XAdES, extended and signed so at once; their members
# compared, and judged by unzip, openssl and xmlsec1.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
. "$top_srcdir/tests/integration/stamps-lib.sh"
start_vcard_socket
provision
cd "$T" || exit 1
ASIC=$top_srcdir/tests/integration/asic-maker
XMAKER=$top_srcdir/tests/integration/xades-maker
XADES=http://uri.etsi.org/01903/v1.3.2#
serve_stamps
make_signer signer 9c.pub
# shellcheck disable=SC2086
"$ECERT" -q cert import signer.pem --slot 9c --force $MGM || bail_out 'cert import'
trusting() { "$ECERT" "$@" --anchor root.pem --tsa-anchor tsaroot.pem; }
online() { trusting "$@" --online --online-allow "127.0.0.1:$PORT" --online-timeout 3; }
extend() { online extend --tsa "$URL/tsa/tsa" "$@"; }
plain() { "$ECERT" -q sign --pin-source "file:$T/pin" --chain root.pem "$@" >/dev/null || bail_out "sign $*"; }
profile() { trusting verify --json "$1" 2>/dev/null | jq -r '[.signers[].profile] | join(" ")'; }
later() { trusting verify --at "$(date -u -d "@$((NOW + 40 * DAY))" +%Y-%m-%dT%H:%M:%SZ)" "$1"; }
unpack() { rm -rf "$2" && mkdir "$2" && (cd "$2" && unzip -q "../$1"); }
# same BEFORE AFTER SIGNATURE NAME: all members but the signature are the same, in the same order.
same() {
	run_ok "$4: unzip has no complaint" unzip -qt "$2"
	is "$(unzip -Z1 "$2" | xargs)" "$(unzip -Z1 "$1" | xargs)" "$4: the same members"
	unpack "$1" before && unpack "$2" after
	rm "before/$3" "after/$3.new" 2>/dev/null
	mv "after/$3" taken
	run_ok "$4: each as it was" diff -r before after
	mv taken "after/$3"
	is "$(head -c 30 "$2" | xxd -p | head -c 8)$(head -c 38 "$2" | tail -c 8)" 504b0304mimetype "$4: the type first"
}
by_xmlsec() { (cd after && xmlsec1 --verify --trusted-pem ../root.pem --id-attr:Id "$XADES:SignedProperties" "$1" >../xmlsec.log 2>&1); }
by_openssl() { openssl cms -verify -cades -binary -inform DER -in "after/$1" -content "after/$2" -CAfile root.pem -out /dev/null; }
# stamped SIGNATURE: openssl ts verifies its time stamp over what the standards say.
stamped() {
	case $1 in
	*.xml) "$XMAKER" value "after/$1" >value.bin && "$XMAKER" token "after/$1" SignatureTimeStamp >token.tst ;;
	*)
		"$MAKER" value "after/$1" >value.bin
		openssl asn1parse -inform DER -in "after/$1" |
			awk -F: '/id-smime-aa-timeStampToken/ { found = 1; next } found && /SEQUENCE/ { print $1; exit }' >place.txt
		openssl asn1parse -inform DER -in "after/$1" -strparse "$(xargs <place.txt)" -noout -out token.tst
		;;
	esac
	openssl ts -verify -data value.bin -in token.tst -token_in -CAfile tsaroot.pem
}
printf '<order/>' >order.xml

# ---- each kind: T, LT ----
# up CONTAINER SIGNATURE CONTENT: of a container that is signed.
up() {
	cp "$1" was
	run_ok "$1: T" extend --level T "$1"
	case $(profile "$1") in ?AdES-B-T) ok "$1: which verify names" ;; *) not_ok "$1: which verify names" ;; esac
	same was "$1" "$2" "$1, T"
	run_ok "$1: openssl ts verifies its time stamp" stamped "$2"
	cp "$1" was
	cp "$1" "t-$1"
	run_ok "$1: LT" extend --level LT "$1"
	case $(profile "$1") in ?AdES-B-LT) ok "$1: which verify names" ;; *) not_ok "$1: which verify names" ;; esac
	same was "$1" "$2" "$1, LT"
	case $2 in
	*.xml) run_ok "$1: xmlsec1 verifies it" by_xmlsec "$2" ;;
	*) run_ok "$1: openssl verifies it" by_openssl "$2" "$3" ;;
	esac
	run_ok "$1: when the certificate is over" later "$1"
}
plain --asice e.asice invoice.txt order.xml
up e.asice META-INF/signature001.p7s META-INF/ASiCManifest001.xml
plain --format xades --asice ex.asice invoice.txt order.xml
up ex.asice META-INF/signatures0.xml
plain --asics s.asics invoice.txt
up s.asics META-INF/signature.p7s invoice.txt
plain --format xades --asics sx.asics order.xml
up sx.asics META-INF/signatures.xml
run_code 10 'without LT nobody can tell' later t-e.asice
sum=$(sha256sum <e.asice)
run_ok 'LT of what has it' extend --level LT e.asice
is "$(sha256sum <e.asice)" "$sum" 'changes nothing'
run_code 5 'LTA' extend --level LTA e.asice
like "$err" 'extended up to LT' 'is said to be too far'

# ---- at once ----
run_ok 'signed with LT' online sign --pin-source "file:$T/pin" --chain root.pem --tsa "$URL/tsa/tsa" --level LT --asice once.asice invoice.txt order.xml
is "$(profile once.asice)" CAdES-B-LT 'verify says so'
run_ok 'with XAdES' online sign --pin-source "file:$T/pin" --chain root.pem --tsa "$URL/tsa/tsa" --level LT --format xades --asics once.asics order.xml
is "$(profile once.asics)" XAdES-B-LT 'verify says so'
run_ok 'T' online sign --pin-source "file:$T/pin" --chain root.pem --tsa "$URL/tsa/tsa" --level T -f --asics once.asics order.xml
is "$(profile once.asics)" CAdES-B-T 'verify says so'
run_code 2 'LTA is told before the PIN' online sign --pin-source file:none --tsa "$URL/tsa/tsa" --level LTA --asice never.asice invoice.txt
run_code 2 'and standard output' online sign --pin-source file:none --tsa "$URL/tsa/tsa" --level LT --asice - invoice.txt
like "$err" 'What goes to standard output is not extended' 'which says why'

# ---- several signatures, and containers of others ----
plain --format asice --output two.asice e.asice
cp two.asice was
run_ok 'a second signature: T of what has none' extend --level T two.asice
is "$(profile two.asice)" 'CAdES-B-LT CAdES-B-T' 'and no other'
same was two.asice META-INF/signature002.p7s 'two'
unpack t-e.asice parts
"$ASIC" packed.asice -deflate -comment invoice.txt=parts/invoice.txt order.xml=parts/order.xml \
	META-INF/ASiCManifest001.xml=parts/META-INF/ASiCManifest001.xml META-INF/signature001.p7s=parts/META-INF/signature001.p7s \
	mimetype=parts/mimetype
run_ok 'packed, its type at the end' extend --level LT packed.asice
is "$(profile packed.asice)" CAdES-B-LT 'verify says so'
is "$(unzip -Z1 packed.asice | head -n 1)" mimetype 'the type comes first now'

# ---- what is left alone ----
refused() {
	sum=$(sha256sum <"$1")
	run_code "$2" "$4" extend --level LT "$1"
	like "$err" "$3" "$4: why"
	is "$(sha256sum <"$1")" "$sum" "$4: left alone"
}
# A second manifest that is about the first signature, signed by another maker.
make_signer other
"$ASIC" -manifest META-INF/signature002.p7s META-INF/signature001.p7s=parts/META-INF/signature001.p7s >over.xml
openssl cms -sign -cades -binary -in over.xml -signer other.pem -inkey other.key -certfile root.pem -outform DER -out over.p7s
"$ASIC" -change t-e.asice step.asice with META-INF/ASiCManifest002.xml over.xml
"$ASIC" -change step.asice over.asice with META-INF/signature002.p7s over.p7s
refused over.asice 5 'is about another one' 'under another signature'
"$ASIC" -change t-e.asice archived.asice with META-INF/ASiCArchiveManifest001.xml over.xml
refused archived.asice 5 'is about another one' 'under an archive manifest'
"$ASIC" -change t-e.asice bent.asice byte invoice.txt
refused bent.asice 1 'not valid' 'a changed file'
plain --asics down.asics invoice.txt
sum=$(sha256sum <down.asics)
run_code 6 'no TSA' trusting extend --level T --tsa http://127.0.0.1:9/ down.asics
is "$(sha256sum <down.asics)" "$sum" 'it was left alone'
done_testing
