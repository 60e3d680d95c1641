#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# ecert extend: time stamps, what a verification needs, and time stamps of that, for signatures that others made; TSAs
# and responders that are gone, or lie; verified by openssl, and from the standard by a small script.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
. "$top_srcdir/tests/integration/stamps-lib.sh"
cd "$T" || exit 1
serve_stamps
make_signer signer
make_signer second
SIGNER='basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation\n'
make_cert listed root 30 "${SIGNER}crlDistributionPoints=URI:$URL/root.crl"
make_cert away root 30 "${SIGNER}authorityInfoAccess=OCSP;URI:http://127.0.0.1:9/"
json_means=online=extend
echo 'I owe you 100.' >invoice.txt
trusting() { "$ECERT" "$@" --anchor root.pem --tsa-anchor tsaroot.pem; }
extend() {
	case $* in
	*--tsa*) trusting extend "$@" ;;
	*) trusting extend --tsa "$URL/tsa/tsa" "$@" ;;
	esac
}
online() { extend --online --online-allow "127.0.0.1:$PORT" --online-timeout 3 "$@"; }
later() { trusting verify --json --at "$(date -u -d "@$((NOW + $1 * DAY))" +%Y-%m-%dT%H:%M:%SZ)" invoice.txt "$2"; }
profile() { "$ECERT" verify --json --anchor root.pem --tsa-anchor tsaroot.pem invoice.txt "$1" 2>/dev/null | jq -r '[.signers[].profile] | join(" ")'; }
# fresh NAME.p7s SIGNER [OPTION...]: a copy of invoice.txt in NAME, and its signature.
fresh() {
	local to="$1" who="$2"
	shift 2
	cp invoice.txt "${to%.p7s}"
	sign_file "$who" root "$to" "$@"
}

# ---- generations of TSAs: begun here, and looked at when the first one is over, at the end ----
BRIEF=$(($(date +%s) + 25))
make_brief brief tsaroot $BRIEF "$(cat tsa.ext)"
make_brief gone root $BRIEF "${SIGNER}crlDistributionPoints=URI:$URL/root.crl"
cp brief.pem brief.key srv
known tsaroot brief
fresh aged.p7s signer
run_ok 'LTA by a TSA that will be over soon' online --level LTA --tsa "$URL/tsa/brief" aged.p7s
sleep 2 # so that what the responder says is from after the time stamp before
run_ok 'in time, by another one' online --level LTA --tsa "$URL/tsa/longer" aged.p7s
fresh alone.p7s signer
run_ok 'T by it' extend --level T --tsa "$URL/tsa/brief" alone.p7s
fresh gone.p7s gone
run_ok 'of a signer that will be over soon, too' extend --level T gone.p7s

# ---- T ----
fresh t.p7s signer
cp t.p7s b.p7s
run_ok 'T' extend --level T t.p7s
is "$(profile t.p7s)" CAdES-B-T 'which verify names'
"$MAKER" value t.p7s >value
openssl asn1parse -inform DER -in t.p7s | awk -F: '/id-smime-aa-timeStampToken/ { found = 1; next } found && /SEQUENCE/ { print $1; exit }' >place
openssl asn1parse -inform DER -in t.p7s -strparse "$(xargs <place)" -noout -out token
run_ok 'openssl ts verifies it over the signature value' openssl ts -verify -data value -in token -token_in -CAfile tsaroot.pem
run_ok 'openssl cms verifies the signature' openssl cms -verify -cades -binary -inform DER -in t.p7s -content invoice.txt -CAfile root.pem -out out.txt
sum=$(sha256sum <t.p7s)
run_ok 'T of what has it' extend --level T t.p7s
is "$(sha256sum <t.p7s)" "$sum" 'changes nothing'

fresh moved.p7s signer
rm moved && mkdir -p elsewhere && mv moved.p7s elsewhere/signed.p7s
run_code 8 'a signature far from its file' extend --level T elsewhere/signed.p7s
like "$(cat "$T/err")" 'Name both: ecert extend FILE SIGNATURE' 'says what to do'
run_ok 'both are named' extend --level T invoice.txt elsewhere/signed.p7s
is "$(profile elsewhere/signed.p7s)" CAdES-B-T 'and it has its time stamp'
run_ok 'in the other order, which changes nothing' extend --level T elsewhere/signed.p7s invoice.txt

# ---- LT ----
run_code 10 'LT, and nobody is to be asked' extend --level LT t.p7s
like "$(cat "$T/err")" 'whether signer was revoked is not known' 'who it is about'
like "$(cat "$T/err")" 'of tsa' 'and the TSA'
is "$(sha256sum <t.p7s)" "$sum" 'it was left alone'
cp t.p7s lt.p7s
cp t lt
run_ok 'LT' online --level LT lt.p7s
is "$(profile lt.p7s)" CAdES-B-LT 'which verify names'
openssl cms -cmsout -print -inform DER -in lt.p7s >shown 2>&1
like "$(cat shown)" 'other:' 'OCSP responses are in SignedData.crls'
run_ok 'openssl cms verifies it' openssl cms -verify -cades -binary -inform DER -in lt.p7s -content invoice.txt -CAfile root.pem -out out.txt
run_ok 'when the certificate is over' later 40 lt.p7s
run_code 10 'and without it nobody can tell' later 40 t.p7s
sum=$(sha256sum <lt.p7s)
run_ok 'LT of what has it' online --level LT lt.p7s
is "$(sha256sum <lt.p7s)" "$sum" 'changes nothing'

# ---- LTA ----
cp lt.p7s lta.p7s
cp lt lta
run_ok 'LTA' online --level LTA --tsa "$URL/tsa/longer" lta.p7s
is "$(profile lta.p7s)" CAdES-B-LTA 'which verify names'
# What it is over, from the file before it by the standard's words.
"$MAKER" index lt.p7s invoice.txt index tbs
openssl asn1parse -inform DER -in lta.p7s | awk -F: '/0\.4\.0\.1733\.2\.4/ { found = 1; next } found && /SEQUENCE/ { print $1; exit }' >place
openssl asn1parse -inform DER -in lta.p7s -strparse "$(xargs <place)" -noout -out token
run_ok 'openssl ts verifies it over what the standard says' openssl ts -verify -data tbs -in token -token_in -CAfile tsaroot.pem
run_ok 'when the TSA is over, too' later 61 lta.p7s
run_ok 'another one over it' online --level LTA lta.p7s
is "$("$ECERT" verify --json --anchor root.pem --tsa-anchor tsaroot.pem invoice.txt lta.p7s | jq -c '[.signers[0].time_stamps[] | [.kind, .verdict]]')" \
	'[["signature","passed"],["archive","passed"],["archive","passed"]]' 'and both count'
# One byte of what an archive time stamp covers.
openssl asn1parse -inform DER -in lta.p7s | awk -F: '/OCSP|responderID/ { print $1; exit }' >/dev/null
perl -e 'local $/; open F, "<:raw", "lta.p7s"; $_ = <F>; s/(\x06\x08\x2b\x06\x01\x05\x05\x07\x10\x02.{40})(.)/$1 . chr(ord($2) ^ 1)/se; print' >bent.p7s
is "$(profile bent.p7s)" CAdES-B-T 'a response that was bent: no level is left that stands on it'

# ---- from B to LTA at once, several signers, inside, in armour ----
fresh two.p7s signer -signer second.pem -inkey second.key
run_ok 'two signers' online --level LTA two.p7s --output two-lta.p7s
is "$(profile two-lta.p7s)" 'CAdES-B-LTA CAdES-B-LTA' 'each of them'
is "$(profile two.p7s)" 'CAdES-B-B CAdES-B-B' 'and the file that was named is as it was'
run_code 5 'an output that is there' online --level LTA two.p7s --output two-lta.p7s
openssl cms -sign -cades -binary -nodetach -stream -in invoice.txt -signer signer.pem -inkey signer.key -outform DER -out inside.p7m 2>/dev/null
run_ok 'with its content inside, in BER' online --level LTA inside.p7m
run_ok 'verifies' trusting verify --json inside.p7m
is "$(field '.signers[0].profile')" CAdES-B-LTA 'at that level'
head -c 20000000 /dev/zero >large
openssl cms -sign -cades -binary -nodetach -in large -signer signer.pem -inkey signer.key -outform DER -out large.p7m 2>/dev/null
run_ok 'larger than memory is for' online --level LTA large.p7m
run_ok 'openssl cms verifies it' openssl cms -verify -cades -binary -inform DER -in large.p7m -CAfile root.pem -out out.txt
run_ok 'and so does ecert' trusting verify --json large.p7m
is "$(field '.signers[0].profile')" CAdES-B-LTA 'at that level'
openssl cms -cmsout -inform DER -in b.p7s -outform PEM -out pem.p7s
cp invoice.txt pem
run_ok 'PEM' online --level LT pem.p7s
like "$(head -n 1 pem.p7s)" '-----BEGIN CMS-----' 'stays PEM'
is "$(profile pem.p7s)" CAdES-B-LT 'with all of it'
openssl cms -sign -in invoice.txt -text -signer signer.pem -inkey signer.key -out mail.eml
run_code 5 'a message' online --level T mail.eml
like "$(cat "$T/err")" 'it is an S/MIME message' 'says why'

# ---- CRLs ----
make_crl root $((NOW - 3600)) $((NOW + DAY)) srv/www/root.crl
fresh listed.p7s listed
run_code 10 'a list from before the time stamp' online --level LT listed.p7s
like "$(cat "$T/err")" 'of listed|whether listed' 'tells of nothing then'
is "$(profile listed.p7s)" CAdES-B-B 'it was left alone'
run_ok 'its time stamp alone' online --level T listed.p7s
make_crl root $(($(date +%s) + 5)) $((NOW + DAY)) srv/www/root.crl
run_ok 'the next list' online --level LT listed.p7s
run_ok 'counts when the certificate is over' later 40 listed.p7s
fresh given.p7s listed
run_ok 'a time stamp' extend --level T given.p7s
make_crl tsaroot $(($(date +%s) + 5)) $((NOW + DAY)) tsaroot.crl
make_crl root $(($(date +%s) + 5)) $((NOW + DAY)) srv/www/root.crl
run_ok 'lists that a person gives' extend --level LT --crl srv/www/root.crl --crl tsaroot.crl given.p7s
is "$(profile given.p7s)" CAdES-B-LT 'are put in'

# ---- who does not answer, and who lies ----
fresh down.p7s signer
sum=$(sha256sum <down.p7s)
run_code 6 'no TSA' trusting extend --level T --tsa http://127.0.0.1:9/ down.p7s
run_code 6 'one that answers something else' trusting extend --level T --tsa "$URL/html" down.p7s
run_code 2 'none is named' trusting extend --level T down.p7s
run_code 2 'no level' extend down.p7s
run_code 2 'none of these' extend --level B down.p7s
is "$(sha256sum <down.p7s)" "$sum" 'it was left alone'
run_ok 'the next TSA' trusting extend --level T --tsa http://127.0.0.1:9/ --tsa "$URL/tsa/tsa" down.p7s
fresh away.p7s away
run_code 10 'a responder that is gone' online --level LT --online-allow 127.0.0.1:9 away.p7s
like "$(cat "$T/err")" 'whether away was revoked' 'is named by whom it is about'
cp srv/root.index index.good
: >srv/root.index
fresh unknown.p7s signer
run_code 10 'one that does not know the certificate' online --level LT unknown.p7s
cp srv/tsaroot.key srv/root.key
cp index.good srv/root.index
run_code 10 'one whose key is another' online --level LT unknown.p7s
is "$(profile unknown.p7s)" CAdES-B-B 'and it was left alone'
cp root.key srv/root.key
run_code 10 'a TSA that is not trusted' "$ECERT" extend --level LT --anchor root.pem --online --online-allow "127.0.0.1:$PORT" \
	--tsa "$URL/tsa/tsa" unknown.p7s
: >srv/root.index
known root signer $((NOW - DAY))
run_code 10 'a certificate that was revoked' online --level LT unknown.p7s
is "$(profile unknown.p7s)" CAdES-B-B 'it was left alone'
cp index.good srv/root.index

# ---- what is damaged, and several ----
echo 'I owe you 900.' >other.txt
cp b.p7s other.txt.p7s
run_code 1 'a file that was changed' extend --level T other.txt
cmp -s b.p7s other.txt.p7s && ok 'is left alone' || not_ok 'is left alone'
run_code 5 'no signature' extend --level T tsa.pem
cp invoice.txt good.txt
fresh good.txt.p7s signer
run_code 1 'several, of which one is bad' online --json --level LT other.txt good.txt
is "$(jq -c '[.files[] | [.profile_before, .profile, .reason]]' <"$T/out")" \
	'[[null,null,"not-valid"],["CAdES-B-B","CAdES-B-LT",null]]' 'the other one is extended'

# ---- the first generation is over ----
while [ "$(date +%s)" -le $BRIEF ]; do sleep 1; done
run_ok 'what a later archive time stamp keeps is renewed' online --level LTA --tsa "$URL/tsa/longer" aged.p7s
is "$("$ECERT" verify --json --anchor root.pem --tsa-anchor tsaroot.pem invoice.txt aged.p7s | jq -c '[.signers[0].time_stamps[] | [.kind, .verdict]]')" \
	'[["signature","passed"],["archive","passed"],["archive","passed"],["archive","passed"]]' 'all of them count'
run_ok 'what nothing keeps proves nothing more, and the signature gets another one' online --level LTA --tsa "$URL/tsa/longer" alone.p7s
is "$(profile alone.p7s)" CAdES-B-LTA 'which counts'
make_crl root "$(date +%s)" $((NOW + DAY)) srv/www/root.crl
run_code 10 'a list from after the signer was over' online --level LT gone.p7s
like "$(cat "$T/err")" 'over since' 'helps no more, and that is said'
done_testing
