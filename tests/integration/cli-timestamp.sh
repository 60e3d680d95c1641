#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Time stamps at signatures (CAdES B-T, B-LT, B-LTA): what one proves, and that one that does not count takes
# nothing away and gives nothing. The TSA is `openssl ts`.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/stamps-lib.sh"
cd "$T" || exit 1
NOW=$(date +%s)
HOUR=3600
echo 'Invoice 2026-001' >invoice.txt
make_tsa_config
for ca in root tsaroot; do make_ca $ca; done
USE='basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation'
TSA_USE='basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage='
make_cert signer root 1 "$USE"
make_cert tsa root 1000 "${TSA_USE}critical,timeStamping"
make_cert other_tsa tsaroot 1000 "${TSA_USE}critical,timeStamping"
make_cert both_tsa root 1000 "${TSA_USE}critical,timeStamping,codeSigning"
make_cert loose_tsa root 1000 "${TSA_USE}timeStamping"
sign_file signer root bb.p7s
with_stamp bb.p7s bt.p7s
STAMPED=$(date +%s)

verify() { "$ECERT" verify --anchor root.pem "$@"; }
at() { local t="$1"; shift; verify --at "$((NOW + t))" "$@"; }
# row ERE NAME: one line of what people are told.
row() { like "$out" "$1" "$2"; }

# ---- while everything is in force ----
run_ok 'B-B without a time stamp' verify invoice.txt bb.p7s
run_ok 'B-T' verify invoice.txt bt.p7s
row '^Time stamp: +.*by tsa.*, policy 1\.2\.3\.4\.1' 'the time, the TSA and its policy are told'
row 'ok +time stamp +it was there on' 'and that it counts'
run_ok 'the same for programs' verify --json invoice.txt bt.p7s
is "$(jq -r '.signers[0].time_stamps[0] | "\(.kind) \(.verdict) \(.policy)"' "$T/out")" 'signature passed 1.2.3.4.1' 'as time_stamps'
is "$(jq -r '.signers[0] | .proved_time == .time_stamps[0].time' "$T/out")" true 'and the time that is proved'
openssl ts -verify -data bt.p7s.value -in bt.p7s.token -token_in -CAfile root.pem >/dev/null 2>&1 &&
	ok 'openssl ts agrees' || not_ok 'openssl ts agrees'
# unproved NAME FILE ERE [OPTION...]: as good as without a stamp, and named; never better.
unproved() {
	local name="$1" file="$2" why="$3"
	shift 3
	run_ok "$name: takes nothing away" verify "$@" invoice.txt "$file"
	row "skipped +time stamp +one proves nothing here: $why" "$name: named"
	row '^Time stamp: +does not count' "$name: in its own row"
	run_code 10 "$name: gives nothing once the signer is over" verify "$@" --at "$((NOW + 3 * DAY))" --crl late.crl invoice.txt "$file"
	row '^Indication: +(OUT_OF_BOUNDS_(NO_POE|NOT_REVOKED)|TRY_LATER)' "$name: as without one"
}
make_crl root $((NOW + HOUR)) $((NOW + 30 * DAY)) late.crl
sign_file signer root another.p7s
with_stamp another.p7s another-bt.p7s
at_signature bb.p7s another-bt.p7s.token copied.p7s
unproved 'copied from another signature' copied.p7s 'imprint: it is about another signature'
openssl ts -verify -data bt.p7s.value -in another-bt.p7s.token -token_in -CAfile root.pem >/dev/null 2>&1 &&
	not_ok 'openssl ts agrees that it is not its own' || ok 'openssl ts agrees that it is not its own'
printf '\060\000' >nothing
at_signature bb.p7s nothing truncated.p7s
unproved 'truncated' truncated.p7s 'structure: it is no time-stamp token'
"$MAKER" content bt.p7s.token >tst
# The last digit of a second, the year: the token's signature is over another text then.
perl -pe 's/(20\d{12})Z/($1 - 20000000000) . "Z"/e' tst >tst.early
perl -e 'local $/; open F, "bt.p7s.token"; $t = <F>; open G, "tst"; $a = <G>; open H, "tst.early"; $b = <H>; $t =~ s/\Q$a\E/$b/; print $t' >altered
at_signature bb.p7s altered altered.p7s
unproved 'altered' altered.p7s 'content digest: the token was changed'
"$MAKER" tst bt.p7s.value $((NOW + DAY)) >tst.future
forge tst.future tsa future
at_signature bb.p7s future future.p7s
run_ok 'from the future: takes nothing away' verify invoice.txt future.p7s
row 'skipped +time stamp +one proves nothing here: time: it lies in the future' 'from the future: named'
"$MAKER" tst bt.p7s.value "$STAMPED" >tst.plain
forge tst.plain tsa forged
at_signature bb.p7s forged forged.p7s
run_ok 'a token by openssl cms with the right certificate' verify invoice.txt forged.p7s
row 'ok +time stamp' 'counts'
for who in both loose; do
	forge tst.plain ${who}_tsa $who
	at_signature bb.p7s $who $who.p7s
done
unproved 'another use beside it' both.p7s 'key usage: the certificate is for time stamps and for something else'
unproved 'a use that is not critical' loose.p7s 'key usage: .*is not critical'
forge tst.plain signer by_signer
at_signature bb.p7s by_signer by_signer.p7s
unproved 'by the signer itself' by_signer.p7s 'key usage: the certificate is not for time stamps'
"$MAKER" tst bt.p7s.value "$STAMPED" sha1 >tst.sha1
forge tst.sha1 tsa sha1
at_signature bb.p7s sha1 sha1.p7s
unproved 'an imprint by SHA-1' sha1.p7s 'imprint: it fits, but SHA1 is too old'
with_stamp bb.p7s unknown.p7s other_tsa
unproved 'a TSA that nobody knows' unknown.p7s 'chain:'
run_ok 'the same TSA, named' verify --tsa-anchor tsaroot.pem invoice.txt unknown.p7s
row 'ok +time stamp' 'is believed'
run_ok 'who is named for time stamps' verify --tsa-anchor tsaroot.pem invoice.txt bt.p7s
row 'skipped +time stamp .*chain:' 'is the only one who is believed'
run_code 10 'and for nothing else' "$ECERT" verify --tsa-anchor root.pem invoice.txt bt.p7s

# ---- the same, said once ----
# trusted KIND FILE: by its digest, as a script says it.
trusted() {
	"$ECERT" trust add --kind "$1" --fingerprint "$(openssl x509 -in "$2" -noout -fingerprint -sha256 | cut -d= -f2)" "$2" >/dev/null 2>&1 ||
		bail_out "trust $2"
}
trusted anchor root.pem
run_ok 'a CA of signatures is one of time stamps, too' "$ECERT" verify invoice.txt bt.p7s
row 'ok +time stamp +it was there on' 'as long as no other is named'
trusted tsa tsaroot.pem
run_ok 'a TSA that is trusted from now on' "$ECERT" verify invoice.txt unknown.p7s
row 'ok +time stamp +it was there on' 'counts'
run_ok 'and another one' "$ECERT" verify invoice.txt bt.p7s
row 'skipped +time stamp +one proves nothing here: chain' 'does not any more'
"$ECERT" trust list --json >listed
is "$(jq -r '[.trusted[] | .kind] | sort | join(",")' listed)" 'anchor,tsa' 'both are listed for what they are'
for one in $(jq -r '.trusted[] | .sha256' listed); do "$ECERT" trust remove --yes "$one" >/dev/null 2>&1; done
run_code 10 'nobody is trusted any more' "$ECERT" verify invoice.txt bt.p7s
make_crl root "$NOW" $((NOW + DAY)) tsa-gone.crl tsa.pem "$NOW"
run_ok 'a TSA that was revoked' verify --crl tsa-gone.crl invoice.txt bt.p7s
row 'skipped +time stamp +one proves nothing here: revocation:' 'named'
at_signature bt.p7s another-bt.p7s.token two.p7s
run_ok 'a good one beside a copied one' verify invoice.txt two.p7s
row 'ok +time stamp' 'the good one counts'
row 'skipped +time stamp' 'and the other is told'

# ---- the signer's certificate is over since ----
run_code 10 'B-B, expired since' at $((3 * DAY)) --crl late.crl invoice.txt bb.p7s
row '^Indication: +OUT_OF_BOUNDS_NOT_REVOKED' 'nobody can tell that it was signed before'
run_ok 'B-T, expired since' at $((3 * DAY)) --crl late.crl invoice.txt bt.p7s
row 'ok +validity +at the time of signing, which a time stamp proves' 'the time stamp tells'
run_code 10 'without a CRL that tells of that time' at $((3 * DAY)) invoice.txt bt.p7s
row 'unknown +revocation' 'it may have been revoked'
make_crl root $((NOW - HOUR)) $((NOW + 30 * DAY)) early.crl
run_code 10 'a CRL from before the time stamp' at $((3 * DAY)) --crl early.crl invoice.txt bt.p7s
row 'unknown +revocation .*does not tell of the time of the time stamp' 'does not prove the time of signing'
make_crl root $((NOW + 2 * DAY)) $((NOW + 30 * DAY)) after.crl
run_code 10 'a CRL from after the end, from which the CA may have taken it' at $((3 * DAY)) --crl after.crl invoice.txt bt.p7s

# ---- the signer's certificate was revoked ----
make_crl root $((NOW + 3 * HOUR)) $((NOW + 30 * DAY)) revoked.crl signer.pem $((NOW + 2 * HOUR))
run_code 10 'B-B, revoked' at $((4 * HOUR)) --crl revoked.crl invoice.txt bb.p7s
row '^Indication: +REVOKED_NO_POE' 'nobody can tell that it was signed before'
run_ok 'B-T, revoked after the time stamp' at $((4 * HOUR)) --crl revoked.crl invoice.txt bt.p7s
row 'ok +revocation +revoked on .*, after the moment' 'when it was revoked is told'
run_ok 'and expired since' at $((3 * DAY)) --crl revoked.crl invoice.txt bt.p7s
make_crl root $((NOW + 3 * HOUR)) $((NOW + 30 * DAY)) doubted.crl signer.pem $((NOW + 2 * HOUR)):$((NOW - 9 * DAY))
run_ok 'whose key was in doubt before' at $((4 * HOUR)) --crl doubted.crl invoice.txt bt.p7s
words='it was revoked later, and its CA says that it is not to be relied on since '$(date -u -d "@$((NOW - 9 * DAY))" +%F)
row "skipped +invalidity date +$words" 'is told'
row '^But: +a certificate was revoked after it signed, and its CA says that the key may have been' 'beside the verdict, too'
run_ok 'with a report' at $((4 * HOUR)) --crl doubted.crl --report doubted.html invoice.txt bt.p7s
is "$(grep -c 'class="unsure">a certificate was revoked after it signed' doubted.html) $(grep -c "$words" doubted.html)" '2 1' 'and in the report'
at $((4 * HOUR)) --crl doubted.crl --json invoice.txt bt.p7s 2>"$T/err" >doubted.json
is "$(jq -r '.verdict, (.signers[0].checks[] | select(.check == "invalidity date") | .state)' doubted.json | tr '\n' ' ')" \
	'passed skipped ' 'for programs, by its name'
make_crl root $((NOW + 3 * HOUR)) $((NOW + 30 * DAY)) sure.crl signer.pem $((NOW + 2 * HOUR)):$((NOW + HOUR))
run_ok 'whose key was not in doubt then' at $((4 * HOUR)) --crl sure.crl invoice.txt bt.p7s
unlike "$out" 'invalidity date|^But: ' 'has nothing to tell'
make_crl root $((NOW + 3 * HOUR)) $((NOW + 30 * DAY)) before.crl signer.pem $((NOW - HOUR))
run_fails 'B-T, revoked before the time stamp' 'revoked' at $((4 * HOUR)) --crl before.crl invoice.txt bt.p7s
row 'failed +revocation' 'the time stamp lifts nothing'

# ---- what proves it inside: B-LT ----
"$MAKER" crls bt.p7s blt.p7s crl:late.crl
run_ok 'B-LT, a CRL inside' at $((3 * DAY)) invoice.txt blt.p7s
make_crl root $((NOW + 3 * HOUR)) $((NOW + 30 * DAY)) inside-revoked.crl signer.pem $((NOW - HOUR))
"$MAKER" crls bt.p7s blt-revoked.p7s crl:inside-revoked.crl
run_fails 'B-LT, a CRL inside that says revoked' 'revoked' at $((4 * HOUR)) invoice.txt blt-revoked.p7s
"$MAKER" crls bt.p7s blt-early.p7s crl:early.crl
run_code 10 'B-LT, a CRL inside from before the time stamp' at $((3 * DAY)) invoice.txt blt-early.p7s
run_fails 'a CRL of the relying party is not outvoted' 'revoked' at $((4 * HOUR)) --crl before.crl invoice.txt blt.p7s
: >root.d/index.txt
printf 'V\t%s\t\t%s\tunknown\t/CN=x\n' "$(utc $((NOW + DAY)))" "$(openssl x509 -in signer.pem -noout -serial | cut -d= -f2)" \
	>root.d/index.txt
sleep 1
openssl ocsp -index root.d/index.txt -CA root.pem -rsigner root.pem -rkey root.key -issuer root.pem -cert signer.pem \
	-respout ocsp.der -ndays 2 >/dev/null 2>&1 || bail_out 'ocsp'
"$MAKER" crls bt.p7s blt-ocsp.p7s ocsp:ocsp.der
run_ok 'B-LT, an OCSP response inside' at $((3 * DAY)) invoice.txt blt-ocsp.p7s
row 'ok +revocation +good, says the OCSP response' 'which is told'
openssl cms -cmsout -print -inform DER -in blt-ocsp.p7s 2>/dev/null | grep -q 'id-pkix-OCSP\|otherRevInfo\|other' &&
	ok 'as openssl reads it, too' || not_ok 'as openssl reads it, too'
# RevocationValues { crlVals [0] { CRL } }
perl -e 'sub t { my ($t, $c) = @_; my $n = length $c; pack("C", $t) . ($n < 128 ? pack("C", $n) : $n < 256 ? pack("CC", 0x81, $n) : pack("Cn", 0x82, $n)) . $c }
	local $/; open F, "late.crl"; print t(0x30, t(0xA0, t(0x30, <F>)))' >revocation-values
"$MAKER" attr bt.p7s 1.2.840.113549.1.9.16.2.24 revocation-values blt-values.p7s
run_ok 'B-LT, a CRL in revocation-values' at $((3 * DAY)) invoice.txt blt-values.p7s

# ---- archive time stamps: B-LTA ----
archive blt.p7s blta.p7s
run_ok 'B-LTA' at $((3 * DAY)) invoice.txt blta.p7s
row 'ok +time stamp +of an archive: with all that it covers, it was there' 'the archive time stamp counts'
openssl ts -verify -data blta.p7s.tbs -in blta.p7s.token -token_in -CAfile root.pem >/dev/null 2>&1 &&
	ok 'openssl ts agrees about what it is over' || not_ok 'openssl ts agrees about what it is over'
"$MAKER" crls blta.p7s told.p7s crl:inside-revoked.crl
run_code 10 'a CRL added since says that it was revoked before' at $((3 * DAY)) invoice.txt told.p7s
row '^Indication: +REVOKED_NO_POE' 'which what was kept does not take back'
"$MAKER" crls blta.p7s told-late.p7s crl:revoked.crl
run_ok 'a CRL added since says that it was revoked after' at $((3 * DAY)) invoice.txt told-late.p7s
make_crl root $((NOW + 3 * HOUR)) $((NOW + 30 * DAY)) hold.crl signer.pem $((NOW - HOUR)):hold
"$MAKER" crls blta.p7s held.p7s crl:hold.crl
run_code 10 'one that says that it was suspended then' at $((3 * DAY)) invoice.txt held.p7s
"$MAKER" crls bt.p7s.token told.token crl:inside-revoked.crl
at_signature bb.p7s told.token in-token.p7s
run_code 10 'a CRL in the token of its own time stamp' at $((4 * HOUR)) invoice.txt in-token.p7s
row '^Indication: +REVOKED' 'is heard, too'
# The CAs of its chain are no other thing.
make_ca sub
make_cert sub root 1000 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign'
make_cert below sub 1 "$USE"
sign_file below sub below.p7s
with_stamp below.p7s below-bt.p7s
make_crl sub $((NOW + HOUR)) $((NOW + 30 * DAY)) sub-late.crl
"$MAKER" crls below-bt.p7s below-blt.p7s crl:late.crl crl:sub-late.crl
archive below-blt.p7s below-blta.p7s
run_ok 'B-LTA with a CA between' at $((3 * DAY)) invoice.txt below-blta.p7s
row 'ok +revocation .*its CAs were checked, too' 'of which is known that it was good'
make_crl root $((NOW + 3 * HOUR)) $((NOW + 30 * DAY)) sub-gone.crl sub.pem $((NOW - HOUR))
"$MAKER" crls below-blta.p7s sub-gone.p7s crl:sub-gone.crl
run_code 10 'a CRL added since says that the CA was revoked before' at $((3 * DAY)) invoice.txt sub-gone.p7s
row '^Indication: +REVOKED_CA_NO_POE' 'which counts as for the signer'
run_code 10 'and as one of the relying party would' at $((3 * DAY)) --crl sub-gone.crl invoice.txt below-blta.p7s
archive bb.p7s only.p7s
run_ok 'an archive time stamp alone proves the time, too' at $((3 * DAY)) --crl late.crl invoice.txt only.p7s
# refused NAME FILE ERE: the archive time stamp does not count.
refused() {
	run_ok "$1: takes nothing away" at $((2 * HOUR)) invoice.txt "$2"
	row "skipped +time stamp +one proves nothing here: $3" "$1: named"
}
archive blt.p7s extra.p7s extra
refused 'an index with what is not there' extra.p7s 'hash index: a certificate that it covers is not there'
archive blt.p7s dropped.p7s drop-crls
run_ok 'an index without the CRLs, which were added later' at $((3 * DAY)) invoice.txt dropped.p7s
"$MAKER" archive another-bt.p7s blta.p7s.token blta.p7s.index moved.p7s
refused 'an archive time stamp of another signature' moved.p7s '(imprint|hash index):'
"$MAKER" attr blta.p7s 1.2.3.4.5 nothing grown.p7s
run_ok 'an attribute that came later' at $((3 * DAY)) invoice.txt grown.p7s
row 'ok +time stamp +of an archive' 'is not covered, and takes nothing away'
perl -e 'local $/; open F, "blta.p7s"; $t = <F>; open G, "late.crl"; $c = <G>; $d = $c; substr($d, -1) = chr(ord(substr($d, -1)) ^ 1); $t =~ s/\Q$c\E/$d/; print $t' \
	>changed.p7s
run_code 10 'a CRL that was changed after it' at $((2 * HOUR)) invoice.txt changed.p7s
row 'skipped +time stamp +one proves nothing here: hash index: a CRL or OCSP response that it covers' 'named'
"$MAKER" attr blt.p7s 0.4.0.1733.2.4 blta.p7s.token unindexed.p7s
refused 'no hash index' unindexed.p7s '(imprint|hash index):'
"$MAKER" index blt.p7s invoice.txt back.index back.tbs
"$MAKER" tst back.tbs $((NOW - DAY)) >tst.back
forge tst.back tsa back
"$MAKER" archive blt.p7s back back.index back.p7s
refused 'older than what it covers' back.p7s 'time: it claims a time before that of a time stamp that it covers'
# The TSA is over, or gone; the later one keeps what the first proves.
make_cert short_tsa root 1 "${TSA_USE}critical,timeStamping"
with_stamp bb.p7s short.p7s short_tsa
run_code 10 'a time stamp of a TSA that is over' at $((3 * DAY)) --crl late.crl invoice.txt short.p7s
"$MAKER" crls short.p7s short-lt.p7s crl:late.crl
archive short-lt.p7s short-lta.p7s
run_ok 'which an archive time stamp keeps' at $((3 * DAY)) --crl late.crl invoice.txt short-lta.p7s

# ---- an algorithm that is too old since ----
openssl cms -sign -cades -binary -md sha1 -in invoice.txt -signer signer.pem -inkey signer.key -certfile root.pem \
	-outform DER -out sha1-bb.p7s
with_stamp sha1-bb.p7s sha1-bt.p7s
archive sha1-bt.p7s sha1-bta.p7s
ended="--algorithm SHA1=$((NOW + HOUR))"
# shellcheck disable=SC2086
{
	run_code 10 'B-B with a digest that is too old since' at $((2 * HOUR)) $ended invoice.txt sha1-bb.p7s
	row '^Indication: +CRYPTO_CONSTRAINTS_FAILURE_NO_POE' 'nobody can tell that it is older'
	run_code 10 'a signature time stamp, which is not over the content' at $((2 * HOUR)) $ended invoice.txt sha1-bt.p7s
	run_ok 'an archive time stamp, which is' at $((2 * HOUR)) $ended invoice.txt sha1-bta.p7s
	archive sha1-bt.p7s short-bta.p7s sha224
	run_ok 'with a hash index by SHA-224' at $((2 * HOUR)) $ended invoice.txt short-bta.p7s
	run_code 10 'which is too old, says the relying party' at $((2 * HOUR)) $ended --algorithm SHA224=2020-01-01 invoice.txt short-bta.p7s
	row 'time stamp +one proves nothing here: hash index: it fits, but SHA224 is too old' 'by name'
	run_code 10 'but from after the end' at $((2 * HOUR)) --algorithm "SHA1=$((NOW - HOUR))" invoice.txt sha1-bta.p7s
}
done_testing
