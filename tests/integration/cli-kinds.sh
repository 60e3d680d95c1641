#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# ecert verify: each kind of file with each option, by a table; what is used is used rightly, and the
# rest is refused. Then what the first line says of marks, statuses and tokens.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
cd "$T" || exit 1
E=$ECERT
ME=https://buyer.example HOLDER=https://harbourlights.example ISS=https://alliance.example
TYPE=$ISS/marks/trader NONCE=nonce-0001
"$DEMO_CA" init ca && "$DEMO_CA" make ca shop && "$DEMO_CA" make ca iss && "$DEMO_CA" make ca other || bail_out demo-ca
NOW=$(date +%s) # no certificate is younger

# ---- one file of each kind, by keys in software ----
KID=$(x5t ca/iss.pem)
mark() { jws ca/iss.key "\"typ\":\"trust-mark+jwt\",\"kid\":\"$KID\"" "{\"iss\":\"$ISS\",\"sub\":\"$HOLDER\",\"trust_mark_type\":\"$TYPE\",$1}"; }
# status KEY VALUE TIMES [MARK]
status() {
	jws "ca/$1.key" "\"typ\":\"trust-mark-status-response+jwt\",\"kid\":\"$KID\"" \
		"{\"iss\":\"$ISS\",\"trust_mark\":\"$(cat "${4:-m.jwt}")\",\"status\":\"$2\",$3}"
}
CNF="\"cnf\":{\"x5t#S256\":\"$(x5t ca/shop.pem)\"}"
mark "\"iat\":$NOW,\"exp\":$((NOW + 9000)),$CNF" >m.jwt
status iss active "\"iat\":$NOW,\"exp\":$((NOW + 9000))" >st.jwt
token() { # token [CLAIMS]
	jws ca/shop.key "\"typ\":\"eat+jwt\",$(x5c ca/shop.pem ca/sub.pem)" "{\"iss\":\"$HOLDER\",\"sub\":\"$HOLDER\",\"aud\":\"$ME\",
		\"eat_profile\":\"tag:ecert-middleware,2026:counterparty:1\",\"iat\":$NOW,\"exp\":$((NOW + 300)),\"eat_nonce\":\"$NONCE\"${1:-}}"
}
MARKS="\"trust_marks\":[{\"trust_mark_type\":\"$TYPE\",\"trust_mark\":\"$(cat m.jwt)\"}]"
token ",$MARKS,\"hktm_status\":\"$(cat st.jwt)\"" >c.jwt
PREV=$(tr -d '\n' <m.jwt | openssl dgst -sha256 -binary | base64url)
jws ca/shop.key "\"typ\":\"hktm-renewal-request+jwt\",$(x5c ca/shop.pem ca/sub.pem)" "{\"iss\":\"$HOLDER\",\"sub\":\"$HOLDER\",
	\"aud\":\"$ISS\",\"iat\":$NOW,\"exp\":$((NOW + 9000)),\"jti\":\"request-1\",\"trust_mark_type\":\"$TYPE\",\"hktm_prev\":\"$PREV\",
	\"hktm_cop\":{\"name\":\"Code\",\"version\":\"1\"},\"hktm_evidence\":{\"cop\":[{\"item\":1,\"statement\":\"Yes\"}],\"entries\":[],
	\"terms_url\":\"$HOLDER/t\",\"privacy_url\":\"$HOLDER/p\",\"complaint_contact\":\"c@harbourlights.example\",
	\"domains\":[\"harbourlights.example\"],\"br_no\":\"51234567\"}}" >r.jwt
echo 'a document' >d.txt
openssl cms -sign -binary -cades -outform DER -in d.txt -out d.txt.p7s -signer ca/shop.pem -inkey ca/shop.key -certfile ca/sub.pem ||
	bail_out 'openssl cms'
openssl ocsp -index ca/index.txt -rsigner ca/sub.pem -rkey ca/sub.key -CA ca/sub.pem -issuer ca/sub.pem -cert ca/shop.pem \
	-ndays 2 -respout o.der >/dev/null 2>&1 || bail_out 'openssl ocsp'
root=$(openssl x509 -in ca/root.pem -outform DER | base64 -w0)
iss=$(openssl x509 -in ca/iss.pem -outform DER | base64 -w0)
jws ca/other.key '"typ":"hktm-trust-list+jwt"' "{\"iss\":\"https://lists.example\",\"seq\":1,\"iat\":$NOW,\"exp\":$((NOW + 9000)),\"entries\":[
	{\"name\":\"Root\",\"purposes\":[\"ecert-signing\"],\"x5c\":\"$root\"},
	{\"name\":\"Alliance\",\"purposes\":[\"trustmark-issuer\"],\"x5c\":\"$iss\",\"entity\":\"$ISS\"}]}" >l.jwt

# ---- the table: kind by option; y: goes with it ----
# base KIND: what makes its file valid.
base() {
	case $1 in
	signature) set -- --anchor ca/root.pem d.txt ;;
	renewal-request) set -- --anchor ca/root.pem r.jwt ;;
	counterparty-token) set -- --anchor ca/root.pem --mark-issuer "$ISS=ca/iss.pem" --audience $ME --nonce $NONCE --nonce-store "$(mktemp -d n.XXXXXX)" c.jwt ;;
	trust-mark) set -- --mark-issuer "$ISS=ca/iss.pem" m.jwt ;;
	trust-mark-status) set -- --mark-issuer "$ISS=ca/iss.pem" --mark m.jwt st.jwt ;;
	esac
	"$E" verify --json $more "$@"
}
count=0
while read -r s r c m t options; do
	i=0
	for kind in signature renewal-request counterparty-token trust-mark trust-mark-status; do
		i=$((i + 1)) count=$((count + 1))
		fits=$(echo "$s $r $c $m $t" | cut -d ' ' -f $i)
		more=$options
		base $kind >out 2>err
		code=$?
		json_keep out "$E" verify
		refused=$(grep -c "for which ${options%% *} means nothing" err)
		case $fits in
		y) is "$code/$refused/$(field .kind)" "0/0/$kind" "$kind takes $options" ;;
		j) is "$refused/$(field .kind)" "0/$kind" "$kind judges by $options" ;; # and what comes of it is elsewhere
		n) is "$code/$refused/$(field .kind)/$(field .verdict)" "1/1/$kind/failed" "$kind refuses $options" ;;
		esac
	done
done <<-END
	y y y n n --anchor ca/root.pem
	y y y n n --intermediate ca/sub.pem
	j j j n n --crl ca/crl.pem
	j j j n n --ocsp o.der
	n n y n n --attestation-root ca/root.pem
	n n y y y --mark-issuer $ISS=ca/iss.pem
	n n y y y --mark-owner https://owner.example=https://owner.example/t=ca/iss.pem
	y y y y y --trust-list l.jwt --trust-list-signer ca/other.pem --trust-list-seq 1 --trust-list-store lists
	y y y y y --at $((NOW + 1))
	n j y n n --audience $ME
	n y y n n --nonce-store nonces
	n n y n n --nonce $NONCE
	n n y n n --level none
	n n y n n --need-mark
	n n n y y --holder $HOLDER
	n y n n y --mark m.jwt
	n n y y n --status st.jwt
END
is $count 85 'five kinds, seventeen options'

# ---- used rightly ----
M="--mark-issuer $ISS=ca/iss.pem"
vm() { "$E" verify $M "$@"; }
json_means=vm=verify
vc() { vm --anchor ca/root.pem --audience $ME --nonce $NONCE --nonce-store "$(mktemp -d n.XXXXXX)" "$@"; }
run_code 1 'a mark of another holder' vm --holder https://x.example m.jwt
like "$out" 'failed +mark subject' 'by its check'
run_code 1 'its status, too' vm --holder https://x.example --mark m.jwt st.jwt
like "$out" 'failed +mark subject' 'by its check'
token >bare.jwt
run_code 1 'a status for a token without a mark' vc --status st.jwt bare.jwt
like "$err" 'no mark was presented, to which the status could belong' 'is told'
"$DEMO_CA" revoke ca ca/shop.pem
for f in d.txt r.jwt c.jwt; do
	more=''
	[ $f = c.jwt ] && more="$M --audience $ME --nonce $NONCE --nonce-store used"
	run_code 10 "$f: the CRL" "$E" verify --anchor ca/root.pem --crl ca/crl.pem $more $f
	like "$out" 'failed +revocation' "$f: counts"
done

# ---- the first line is the last word ----
first() { printf '%s\n' "$out" | head -n 1; }
# The headline, which is behind the last check.
headline() { printf '%s\n' "$out" | grep -E '^[A-Z][a-z ]+: +[^ ]' | grep -v '^Indication:' | tail -n 1; }
status iss revoked "\"iat\":$NOW,\"exp\":$((NOW + 9000))" >revoked.jwt
run_code 1 'a revoked mark' vm --status revoked.jwt m.jwt
like "$(headline)" '^Trust mark: +NOT VALID' 'is headed so'
like "$out" '^Status: +revoked' 'with its status'
run_code 1 'a revoked mark in JSON' vm --status revoked.jwt --json m.jwt
is "$(field .verdict)/$(field .status)" failed/revoked 'says so, too'
run_code 1 'the status revoked' vm --mark m.jwt revoked.jwt
like "$(first)" '^Status: +revoked' 'is what it says'
unlike "$out$err" '[Nn][Oo][Tt] [Vv][Aa][Ll][Ii][Dd]' 'and is not called invalid itself'
like "$err" 'the trust mark is not in force: its status is revoked' 'but the mark is not in force'
run_code 1 'the status revoked in JSON' vm --mark m.jwt --json revoked.jwt
is "$(field .status)/$(field .genuine)/$(field .in_force)" revoked/true/false 'JSON: genuine, and not in force'
run_ok 'the status active' vm --mark m.jwt st.jwt
like "$(first)" '^Status: +active$' 'is what it says'
run_ok 'the status active in JSON' vm --mark m.jwt --json st.jwt
is "$(field .status)/$(field .genuine)/$(field .in_force)" active/true/true 'JSON: in force'
# not_a_status CODE NAME FILE [OPTION...]: nothing that it says is shown as the status.
not_a_status() {
	code=$1 name=$2 file=$3
	shift 3
	run_code "$code" "$name" "$E" verify "$@" --mark m.jwt "$file"
	like "$(first)" '^Status: +unknown' "$name: unknown"
	run_code "$code" "$name, in JSON" "$E" verify "$@" --json --mark m.jwt "$file"
	is "$(field .status)/$(field .genuine)/$(field .in_force)" unknown/false/false "$name: JSON"
	run_code "$code" "$name, with the mark" "$E" verify "$@" --status "$file" m.jwt
	like "$(headline)" '^Trust mark: +(NOT VALID|cannot be called valid)' "$name: no mark is valid by it"
	unlike "$out" '^Status: +(active|revoked)' "$name: nor does it have that status"
}
not_a_status 10 'from nobody who is trusted' st.jwt
status other active "\"iat\":$NOW" >forged.jwt
not_a_status 1 'by another key' forged.jwt $M
status other revoked "\"iat\":$NOW" >forged2.jwt
not_a_status 1 'revoked, by another key' forged2.jwt $M
status iss active "\"iat\":$((NOW - 200000))" >stale.jwt
not_a_status 10 'of the day before yesterday' stale.jwt $M
status iss active "\"iat\":$NOW,\"nbf\":$((NOW + 9000))" >early.jwt
not_a_status 10 'of later' early.jwt $M
mark "\"iat\":$NOW" >m2.jwt
status iss active "\"iat\":$NOW" m2.jwt >of-another.jwt
not_a_status 1 'of another mark' of-another.jwt $M
# Byte for byte: a status of what only reads the same is a status of another mark.
printf '%s\n' "$(cat m.jwt)" | sed 's/\(.\)$/\1=/' >padded.jwt
status iss active "\"iat\":$NOW" padded.jwt >of-padded.jwt
not_a_status 1 'of the same mark in other bytes' of-padded.jwt $M
{ cut -d. -f1,2 m.jwt | tr -d '\n'; printf '.'; cut -d. -f3 m2.jwt; } >m3.jwt
status iss active "\"iat\":$NOW" m3.jwt >of-forged.jwt
run_code 1 'a status of a forged mark' vm --mark m3.jwt of-forged.jwt
like "$(first)" '^Status: +active, but the trust mark itself is not valid' 'says so'

# ---- the advice is that of the check ----
# advice TEXT COMMAND...
advice() {
	code=1 text=$1
	shift
	# Only this is missing.
	case $text in Fetch* | Say*) code=10 ;; esac
	run_code $code "advice: $text" "$@"
	like "$(printf '%s\n' "$err" | tail -n 1)" "$text" "advice: $text: is given"
}
advice 'Fetch a fresh status from the issuer' vm --status stale.jwt m.jwt
advice 'fetch the status from the mark.s issuer itself' vm --status forged.jwt m.jwt
advice 'its issuer can tell why' vm --status revoked.jwt m.jwt
advice 'not by the issuer that it names' vm m3.jwt
advice 'granted to somebody else, or --holder' vm --holder https://x.example m.jwt
advice 'Say whose marks you accept' "$E" verify m.jwt
advice 'with --mark' vm --mark m2.jwt st.jwt

# ---- other tokens are called what they are, with what they are for ----
jws ca/iss.key '"typ":"trust-mark-delegation+jwt","kid":"k"' '{"iss":"x"}' >delegation.jwt
jws ca/iss.key '"typ":"ecert-journal-seal+jwt"' '{"records":1}' >seal.jws
jws ca/iss.key '"typ":"JWT"' '{"iss":"x"}' >any.jwt
jws ca/iss.key '"kid":"k"' '{"iss":"x"}' >typeless.jwt
while IFS='|' read -r file what next; do
	run_code 8 "$file" "$E" verify --anchor ca/root.pem $file
	like "$err" "$file is $what" "$file: called by its kind"
	like "$err" "$next" "$file: with what to do"
	run_code 8 "$file from standard input" sh -c "\"$E\" verify --anchor ca/root.pem - <$file"
	like "$err" "is $what" "$file from standard input: called by its kind"
done <<-'END'
	delegation.jwt|a delegation of trust marks, which is not verified by itself|--mark-owner
	l.jwt|a trust list, which is not verified by itself|--trust-list FILE
	seal.jws|the seal of a journal, which is not verified by itself|ecert journal verify
	any.jwt|a signed token of a kind that is not known here \(typ: JWT\)|another program
	typeless.jwt|a signed token of a kind that is not known here \(typ: none\)|another program
END
head -c 40 any.jwt >torn.jwt
run_code 1 'a torn one' "$E" verify --anchor ca/root.pem torn.jwt
like "$err" 'a signed token that is damaged' 'is damaged'

# ---- one nonce, many at once ----
mkdir race
for i in 1 2 3 4 5 6; do
	("$E" verify --json $M --anchor ca/root.pem --audience $ME --nonce $NONCE --nonce-store race c.jwt >race.$i 2>race.$i.err
		echo $? >race.$i.code) &
	RACERS="${RACERS:-} $!"
done
for p in $RACERS; do wait "$p"; done
for i in 1 2 3 4 5 6; do json_keep race.$i "$E" verify; done
is "$(cat race.?.code | sort | tr '\n' ' ')" '0 1 1 1 1 1 ' 'one of six gets it'
is "$(ls race | wc -l)" 1 'and it is used once'
run_code 1 'nor does the next' vm --anchor ca/root.pem --audience $ME --nonce $NONCE --nonce-store race c.jwt
like "$err" 'nonce: the nonce was used already' 'which is told'

# ---- tokens ----
status iss suspended "\"iat\":$NOW" >suspended.jwt
run_code 1 'a token whose mark is suspended' vc --status suspended.jwt c.jwt
like "$(headline)" '^Token: +NOT VALID' 'is headed so'
like "$out" "^Counterparty: +$HOLDER \(its own claim" 'and nobody vouches for its name'
like "$out" '^Trust mark: .*, status suspended' 'with the reason'
sed 's/....$/AAAA/' c.jwt >bad.jwt
run_code 1 'a token by another key' vc bad.jwt
like "$out" '^Evidence: +none \(the token is not valid\)' 'is evidence of nothing'
token ",$MARKS" >nostatus.jwt
run_code 10 'a token whose mark has no status' vc nostatus.jwt
like "$(headline)" '^Token: +cannot be called valid' 'is headed so'
like "$out" "^Counterparty: +$HOLDER \(says a trust mark that may have been revoked\)" 'with the doubt'
(HOLDER=https://Shop.example && token '') >case.jwt
run_code 1 'a token by somebody in upper case' vc case.jwt
sentence 'subject: iss and sub are no https URL with a domain name in lower case' 'a token by somebody in upper case'
run_code 6 'a store that takes no file' "$E" verify $M --anchor ca/root.pem --audience $ME --nonce $NONCE --nonce-store /proc/self/fd c.jwt
sentence 'The nonce cannot be remembered as used' 'a store that takes no file'
like "$err" '--nonce-store DIR' 'with what to do'
done_testing
