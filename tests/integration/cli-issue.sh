#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What is signed is looked at first: marks, statuses, delegations, requests and what an attestation
# holds. Each refusal comes before the PIN is asked (its source is not there) and uses nothing up.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
start_vcard_socket
provision
cd "$T" || exit 1
E=$ECERT
ISS=https://alliance.example HOLDER=https://harbourlights.example ME=https://buyer.example OWNER=https://owner.example
TYPE=$ISS/marks/trader
for who in shop other owner; do "$DEMO_CA" make ca $who || bail_out demo-ca; done
NOW=$(date +%s)
NO_PIN='--pin-source file:/nonexistent' WITH_PIN="--pin-source file:$T/pin"

# The issuer's own key is in the token; marks by others are by keys in software.
run_grant() { "$E" trustmark grant --anchor ca/root.pem --issuer $ISS "$@"; }
# request FILE KEY [MORE CLAIMS]
request() {
	jws "ca/$2.key" "\"typ\":\"hktm-renewal-request+jwt\",$(x5c "ca/$2.pem" ca/sub.pem)" "{\"iss\":\"$HOLDER\",\"sub\":\"$HOLDER\",
		\"aud\":\"$ISS\",\"iat\":$NOW,\"exp\":$((NOW + 9000)),\"jti\":\"$1\",\"trust_mark_type\":\"$TYPE\",
		\"hktm_cop\":{\"name\":\"Code\",\"version\":\"1\"},\"hktm_evidence\":{\"cop\":[{\"item\":1,\"statement\":\"Yes\"}],\"entries\":[],
		\"terms_url\":\"$HOLDER/t\",\"privacy_url\":\"$HOLDER/p\",\"complaint_contact\":\"c@harbourlights.example\",
		\"domains\":[\"harbourlights.example\"],\"br_no\":\"51234567\"}${3:-}}" >"$1"
}
request r1.jwt shop
run_ok 'grants a mark' run_grant $WITH_PIN -o mark.jwt r1.jwt

# ---- an application granted twice ----
run_code 1 'a second time, without a word about where to remember it' run_grant $NO_PIN r1.jwt
like "$err" 'replay +this request was handed in before' 'is refused before the PIN'
run_ok 'another store knows nothing' run_grant $WITH_PIN --nonce-store fresh -o again.jwt r1.jwt
request r2.jwt shop
mkdir full
run_code 6 'a mark that cannot be written' sh -c "ulimit -f 0; trap '' XFSZ; \"$E\" trustmark grant --anchor ca/root.pem \
	--issuer $ISS $WITH_PIN -o full/mark.jwt r2.jwt"
run_ok 'uses the request up for nobody' run_grant $WITH_PIN -o mark2.jwt r2.jwt
run_code 1 'nor does its mark for another time' run_grant $NO_PIN r2.jwt

# ---- the status of a mark ----
status() { "$E" trustmark status --issuer $ISS "$@"; }
KID=$(x5t 9c.pem)
claims() { printf '{"iss":"%s","sub":"%s","trust_mark_type":"%s",%s}' "$1" $HOLDER $TYPE "$2"; }
forge() { jws ca/other.key "\"typ\":\"trust-mark+jwt\",\"kid\":\"$KID\"" "$1"; }
forge "$(claims $ISS "\"iat\":$NOW")" >forged.jwt
forge "$(claims https://else.example "\"iat\":$NOW")" >foreign.jwt
jws ca/other.key "\"typ\":\"trust-mark+jwt\",\"kid\":\"$(x5t ca/other.pem)\"" "$(claims $ISS "\"iat\":$NOW")" >old-key.jwt
jws ca/other.key "\"typ\":\"trust-mark+jwt\",\"kid\":\"$(x5t ca/other.pem)\"" \
	"$(claims $ISS "\"iat\":$((NOW - 5000)),\"exp\":$((NOW - 10))")" >over.jwt
jws ca/other.key "\"typ\":\"trust-mark+jwt\",\"kid\":\"$(x5t ca/other.pem)\"" \
	"$(claims $ISS "\"iat\":$NOW,\"nbf\":$((NOW + 5000))")" >early.jwt
jws ca/other.key "\"typ\":\"trust-mark+jwt\",\"kid\":\"$(x5t ca/other.pem)\"" \
	"$(claims https://else.example "\"iat\":$NOW")" >foreign-key.jwt
OLD='--mark-issuer ca/other.pem'
# refused STATUS MARK WHY [OPTION...]
refused() {
	word=$1 file=$2 why=$3
	shift 3
	run_code 5 "$word for $file" status "$@" $NO_PIN --status "$word" "$file"
	like "$err" "The status $word is not signed for this mark: $why" "$word for $file: why"
}
for word in active expired revoked suspended; do
	refused $word forged.jwt 'mark signature'
	refused $word foreign.jwt 'mark issuer: it is another issuer'
	refused $word old-key.jwt 'mark issuer: no trusted key has this kid'
	refused $word foreign-key.jwt 'mark issuer: it is another issuer' $OLD
done
refused invalid foreign.jwt 'mark issuer: it is another issuer'
refused active over.jwt 'mark time: it has expired' $OLD
refused active early.jwt 'mark time: it does not count yet' $OLD
run_ok 'invalid for a forged one' status $WITH_PIN --status invalid -o i.st forged.jwt
run_ok 'expired for one that is over' status $OLD $WITH_PIN --status expired -o o.st over.jwt
run_ok 'active for one by an earlier certificate' status $OLD $WITH_PIN --status active -o k.st old-key.jwt
run_ok 'active for a good one' status $WITH_PIN --status active -o a.st mark.jwt
run_ok 'which verifies' "$E" verify --mark-issuer $ISS=9c.pem --mark mark.jwt a.st
run_ok 'and so does that of the earlier certificate' "$E" verify --mark-issuer $ISS=9c.pem --mark-issuer $ISS=ca/other.pem --mark old-key.jwt k.st
jws ca/other.key "\"typ\":\"trust-mark+jwt\",\"kid\":\"$(x5t ca/other.pem)\"" "$(claims $ISS "\"iat\":$NOW,\"exp\":$((NOW + 3000))")" >short.jwt
run_ok 'active for one that ends soon' status $OLD $WITH_PIN --hours 100 --status active -o s.st short.jwt
run_ok 'shown' "$E" trustmark show --json s.st
is "$(field .claims.exp)" $((NOW + 3000)) 'ends with it'
run_code 2 'a time that runs backwards' status $NO_PIN --hours -1 --status active mark.jwt
run_code 2 'a mark for days that are over' run_grant $NO_PIN --days -3 r1.jwt

# ---- an issuer whose certificate is over, and who has another one now ----
"$DEMO_CA" make ca gone expired || bail_out demo-ca
jws ca/gone.key "\"typ\":\"trust-mark+jwt\",\"kid\":\"$(x5t ca/gone.pem)\"" \
	"$(claims $ISS "\"iat\":1703000000,\"exp\":$((NOW + 9000)),\"cnf\":{\"x5t#S256\":\"$(x5t ca/shop.pem)\"}")" >gone.jwt
GONE='--mark-issuer ca/gone.pem'
run_ok 'revokes what the certificate before had signed' status $GONE $WITH_PIN --status revoked -o g.st gone.jwt
request r8.jwt shop ",\"hktm_prev\":\"$(tr -d '\n' <gone.jwt | openssl dgst -sha256 -binary | base64url)\""
run_ok 'and renews it' run_grant $WITH_PIN --mark gone.jwt $GONE -o m8.jwt r8.jwt
run_code 10 'for others it counts no longer' "$E" verify --mark-issuer $ISS=ca/gone.pem --mark-issuer $ISS=9c.pem gone.jwt
sentence "mark issuer: the issuer's certificate has expired" 'for others it counts no longer'
jws ca/other.key "\"typ\":\"trust-mark+jwt\",\"kid\":\"key-1\"" "$(claims $ISS "\"iat\":$NOW")" >key-1.jwt
run_code 10 'a pinned key under another name' "$E" verify --mark-issuer $ISS=ca/other.pem key-1.jwt
sentence "mark issuer: it is signed with a trusted key, but under a kid that is not that key's" 'a pinned key under another name'
like "$err" 'Ask the issuer under which names \(kid\)' 'is told with what to do'

# ---- words that do not fit the mark ----
run_ok 'expired for one that has not' status $WITH_PIN --status expired -o e.st mark.jwt
like "$err" 'Note: the mark has not expired: it counts until' 'is noted'
run_ok 'expired for one without an end' status $OLD $WITH_PIN --status expired -o e2.st old-key.jwt
like "$err" 'Note: the mark has no end' 'is noted, too'
run_ok 'expired for one that is over' status $OLD $WITH_PIN --status expired -o e3.st over.jwt
unlike "$err" 'Note:' 'is not'
run_code 2 'a reason that nobody can read' status $NO_PIN --status revoked --reason "$(printf 'a\377')" mark.jwt
sentence 'no text that people can read' 'a reason that nobody can read'
for o in --logo --ref; do
	run_code 2 "$o that is no URL" run_grant $NO_PIN $o 'javascript:alert(1)' r2.jwt
	sentence "$o 'javascript:alert\(1\)' is no URL" "$o that is no URL"
done

# ---- a request judged as of another time: the mark is of today ----
request r9.jwt shop
run_ok 'as of in an hour' run_grant $WITH_PIN --at $((NOW + 3600)) -o m9.jwt r9.jwt
run_ok 'shown' "$E" trustmark show --json m9.jwt
at_most "$(field .claims.iat)" "$(date +%s)" 'the mark is not of later'
run_ok 'and verifies now' "$E" verify --mark-issuer $ISS=9c.pem m9.jwt

# ---- renewals: the mark before ----
PREV=$(tr -d '\n' <mark.jwt | openssl dgst -sha256 -binary | base64url)
request r3.jwt shop ",\"hktm_prev\":\"$PREV\""
request r4.jwt other ",\"hktm_prev\":\"$PREV\""
run_code 5 'a request by another holder' run_grant $NO_PIN --mark mark.jwt r4.jwt
like "$err" 'does not count: mark holder: granted to another certificate' 'says so'
like "$err" 'find out that it is the same merchant, and say --new-certificate' 'and what to do'
run_ok 'once that is known' run_grant $WITH_PIN --mark mark.jwt --new-certificate -o m4.jwt r4.jwt
run_ok 'a request by the same holder' run_grant $WITH_PIN --mark mark.jwt -o m3.jwt r3.jwt
for f in forged old-key foreign-key; do
	request r5.jwt shop ",\"hktm_prev\":\"$(tr -d '\n' <$f.jwt | openssl dgst -sha256 -binary | base64url)\""
	run_code 5 "a request to renew $f.jwt" run_grant $NO_PIN --mark $f.jwt r5.jwt
	like "$err" 'The mark that is to be renewed does not count: mark (signature|issuer)' "$f.jwt: says so"
done
request r6.jwt shop ",\"hktm_prev\":\"$(tr -d '\n' <over.jwt | openssl dgst -sha256 -binary | base64url)\""
run_ok 'one that is over is renewed all the same' run_grant $WITH_PIN --mark over.jwt $OLD -o m6.jwt r6.jwt
run_code 2 'an option for nothing' run_grant $NO_PIN --attestation-root ca/root.pem r1.jwt
run_code 2 'an issuer of no mark' run_grant $NO_PIN $OLD r1.jwt

# ---- delegations ----
# delegation KEY ISS SUB TYPE TIMES
delegation() {
	jws "ca/$1.key" "\"typ\":\"trust-mark-delegation+jwt\",\"kid\":\"$(x5t ca/owner.pem)\"" \
		"{\"iss\":\"$2\",\"sub\":\"$3\",\"trust_mark_type\":\"$4\",$5}"
}
OWN="--mark-owner $OWNER=$TYPE=ca/owner.pem"
request r7.jwt shop
# no_delegation NAME WHY ARGUMENTS OF delegation...
no_delegation() {
	name=$1 why=$2
	shift 2
	delegation "$@" >d.jwt
	run_code 5 "$name" run_grant $NO_PIN $OWN --delegation d.jwt r7.jwt
	like "$err" "The mark would not count: $why" "$name: why"
}
no_delegation 'for another issuer' 'the delegation is for another issuer' owner $OWNER https://else.example $TYPE "\"iat\":$NOW"
no_delegation 'for another type' 'the delegation is for another type' owner $OWNER $ISS $TYPE/2 "\"iat\":$NOW"
no_delegation 'that has expired' 'the delegation has expired' owner $OWNER $ISS $TYPE "\"iat\":$((NOW - 90)),\"exp\":$((NOW - 1))"
no_delegation 'of later' 'the delegation has expired or is not yet valid' owner $OWNER $ISS $TYPE "\"iat\":$NOW,\"nbf\":$((NOW + 900))"
no_delegation 'by another key' "the owner's signature does not verify" other $OWNER $ISS $TYPE "\"iat\":$NOW"
no_delegation 'by another owner' 'the delegation is not by the owner' owner https://else.example $ISS $TYPE "\"iat\":$NOW"
no_delegation 'without a time' 'the delegation does not say when it was made: iat' owner $OWNER $ISS $TYPE '"nbf":1'
jws ca/gone.key "\"typ\":\"trust-mark-delegation+jwt\",\"kid\":\"$(x5t ca/gone.pem)\"" \
	"{\"iss\":\"$OWNER\",\"sub\":\"$ISS\",\"trust_mark_type\":\"$TYPE\",\"iat\":1703000000}" >d.jwt
run_code 5 "an owner's certificate that is over" run_grant $NO_PIN --mark-owner $OWNER=$TYPE=ca/gone.pem --delegation d.jwt r7.jwt
like "$err" "The mark would not count: the certificate of the type's owner has expired" 'is called so'
run_code 5 'a mark in its place' run_grant $NO_PIN $OWN --delegation mark.jwt r7.jwt
like "$err" 'the delegation is not one: typ is not the one expected' 'is told from one'
run_code 5 'none, though the type has an owner' run_grant $NO_PIN $OWN r7.jwt
like "$err" 'the type has an owner, whose delegation is not given' 'says so'
run_code 5 'for another issuer, whoever the owner is' run_grant $NO_PIN --delegation mark.jwt r7.jwt
delegation owner $OWNER $ISS $TYPE "\"iat\":$NOW,\"exp\":$((NOW + 5000))" >d.jwt
run_ok 'a good one' run_grant $WITH_PIN $OWN --delegation d.jwt -o m7.jwt r7.jwt
like "$err" 'Note: the mark ends with its delegation' 'is told where the mark ends'
run_ok 'the mark' "$E" verify $OWN --mark-issuer $ISS=9c.pem --json m7.jwt
is "$(field .exp)/$(field .delegated)" "$((NOW + 5000))/true" 'counts, until then'

# ---- requests that their issuer would refuse ----
cat >renewal.json <<-END
	{"merchant": "$HOLDER", "issuer": "$ISS", "trust_mark_type": "$TYPE",
	 "code_of_practice": {"name": "Code of Practice", "version": "2025"},
	 "cop": [{"item": "1", "statement": "Prices are shown with all charges"}],
	 "terms_url": "$HOLDER/terms", "privacy_url": "$HOLDER/privacy", "br_no": "51234567-000",
	 "complaint_contact": "mailto:care@harbourlights.example", "domains": ["harbourlights.example"]}
END
sed 's/51234567-000/98765432-000/' renewal.json >br.json
run_code 5 'another business number than the certificate' "$E" trustmark renew $NO_PIN --request br.json
like "$err" "business number: it is not the certificate's" 'is told'
# not_renewed MARK WHY
not_renewed() {
	run_code 5 "renews $1" "$E" trustmark renew $NO_PIN --request renewal.json --mark "$1"
	like "$err" "previous mark: $2" "renews $1: why"
}
not_renewed foreign.jwt 'it is the mark of another issuer'
not_renewed a.st 'it is no trust mark'
sed "s|$TYPE|$TYPE/2|; s|\"issuer\"|\"issuer\"|" renewal.json >type.json
run_code 5 'a mark of another type' "$E" trustmark renew $NO_PIN --request type.json --mark mark.jwt
like "$err" 'previous mark: it is a mark of another type' 'is told'
run_ok 'what fits is signed' "$E" trustmark renew $WITH_PIN --request renewal.json --mark mark.jwt --chain ca/sub.pem

# ---- what an attestation holds ----
attest() { "$E" attest --audience $ME --nonce nonce-0001 --chain ca/sub.pem --no-evidence "$@"; }
"$E" -q trustmark status --issuer $ISS --status revoked $WITH_PIN -o r.st mark.jwt || bail_out status
"$E" -q trustmark status --issuer $ISS --status active $WITH_PIN -o m2.st mark2.jwt || bail_out status
# unfit NAME WHY OPTION...
unfit() {
	name=$1 why=$2
	shift 2
	run_code 5 "$name" attest $NO_PIN "$@"
	like "$err" "What is to be put in is not fit: $why" "$name: why"
}
# The holder of mark.jwt is a key in software; here a mark for the token's own certificate is wanted.
own_mark() {
	jws ca/other.key "\"typ\":\"trust-mark+jwt\",\"kid\":\"$(x5t ca/other.pem)\"" \
		"$(claims $ISS "\"cnf\":{\"x5t#S256\":\"$(x5t 9c.pem)\"},$1")"
}
own_status() { # MARK VALUE TIMES
	jws ca/other.key "\"typ\":\"trust-mark-status-response+jwt\",\"kid\":\"$(x5t ca/other.pem)\"" \
		"{\"iss\":\"$ISS\",\"trust_mark\":\"$(cat "$1")\",\"status\":\"$2\",$3}"
}
own_mark "\"iat\":$NOW" >own.jwt
own_status own.jwt active "\"iat\":$NOW" >own.st
unfit 'a mark of another certificate' 'mark holder' --mark mark.jwt
own_mark "\"iat\":$((NOW - 900)),\"exp\":$((NOW - 9))" >own-over.jwt
unfit 'a mark that is over' 'mark time: it has expired' --mark own-over.jwt
unfit 'a status of another mark' 'status mark: it is the status of another mark' --mark own.jwt --status m2.st
own_status own.jwt revoked "\"iat\":$NOW" >own-revoked.st
unfit 'a revocation' 'status value: revoked' --mark own.jwt --status own-revoked.st
own_status own.jwt active "\"iat\":$((NOW - 200000))" >own-old.st
unfit 'an old status' 'status age' --mark own.jwt --status own-old.st
own_status own.jwt active "\"iat\":$((NOW - 900)),\"exp\":$((NOW - 1))" >own-stale.st
unfit 'a status that is over' 'status time: it has expired' --mark own.jwt --status own-stale.st
own_status own.jwt active "\"iat\":$NOW,\"nbf\":$((NOW + 900))" >own-early.st
unfit 'a status of later' 'status time: it does not count yet' --mark own.jwt --status own-early.st
unfit 'a mark as status' 'status form' --mark own.jwt --status own.jwt
run_code 2 'a status of no mark' attest $NO_PIN --merchant $HOLDER --status own.st
# bare_mark CLAIMS: by the same key, with these claims alone.
bare_mark() { jws ca/other.key "\"typ\":\"trust-mark+jwt\",\"kid\":\"$(x5t ca/other.pem)\"" "{$1}"; }
REST="\"trust_mark_type\":\"$TYPE\",\"iat\":$NOW" CNF="\"cnf\":{\"x5t#S256\":\"$(x5t 9c.pem)\"}"
bare_mark "\"iss\":\"$ISS\",\"sub\":\"https://HarbourLights.example\",$REST,$CNF" >own-case.jwt
unfit 'a holder that no token may name' 'mark subject: its holder is no https URL' --mark own-case.jwt
bare_mark "\"sub\":\"$HOLDER\",$REST,$CNF" >own-iss.jwt
unfit 'a mark of no issuer' 'mark issuer: it names no issuer' --mark own-iss.jwt
bare_mark "\"iss\":\"$ISS\",\"sub\":\"$HOLDER\",\"iat\":$NOW,$CNF" >own-type.jwt
unfit 'a mark of no type' 'mark type: trust_mark_type is missing' --mark own-type.jwt
bare_mark "\"iss\":\"$ISS\",\"sub\":\"$HOLDER\",$REST,\"cnf\":{\"jkt\":\"x\"}" >own-jkt.jwt
unfit 'a mark that is bound otherwise' 'mark holder: it is bound to its holder in a way that is not known here' --mark own-jkt.jwt
bare_mark "\"iss\":\"$ISS\",\"sub\":\"$HOLDER\",$REST" >own-any.jwt
run_ok 'a mark that is bound to nobody' attest $WITH_PIN --mark own-any.jwt -o any.jwt
like "$err" '^Note: the trust mark is bound to no certificate' 'is put in with a note'
like "$err" '^Note: the counterparty has to fetch the status' 'and so is one without its status'
run_code 10 'which counterparties cannot use' verify --mark-issuer $ISS=ca/other.pem --audience $ME --nonce nonce-0001 any.jwt
sentence 'cannot be called valid: mark holder: the mark is bound to no certificate' 'which counterparties cannot use'
like "$err" 'ask for a token without it, or its issuer for one that names' 'and are told what to ask for'
# ocsp FILE CERT [OPTION...]: an answer of the CA in this shell's index
ocsp() {
	f=$1 cert=$2
	shift 2
	openssl ocsp -index ca/index.txt -rsigner ca/sub.pem -rkey ca/sub.key -CA ca/sub.pem -issuer ca/sub.pem -cert "$cert" \
		-respout "$f" "$@" >/dev/null 2>&1 || bail_out 'openssl ocsp'
}
# entry STATUS REVOKED CERT: a row of the CA's index.
entry() {
	printf '%s\t%s\t%s\t%s\tunknown\t/CN=%s\n' "$1" "$(date -u -d '+2 years' +%y%m%d%H%M%SZ)" "$2" \
		"$(openssl x509 -in "$3" -noout -serial | cut -d= -f2)" "$(basename "$3")"
}
ocsp unknown.der 9c.pem -ndays 2
unfit 'an answer that does not know the certificate' 'OCSP response: it says that the certificate is not known' --merchant $HOLDER --ocsp unknown.der
entry V '' 9c.pem >>ca/index.txt
entry V '' ca/shop.pem >>ca/index.txt
ocsp good.der 9c.pem -ndays 2
ocsp other.der ca/shop.pem -ndays 2
unfit 'an answer about another certificate' 'OCSP response: it is about another certificate' --merchant $HOLDER --ocsp other.der
unfit 'what is no answer' 'OCSP response: it is no OCSP response' --merchant $HOLDER --ocsp renewal.json
printf '\060\003\012\001\003' >later.der # tryLater
unfit "a responder's refusal" "OCSP response: it is the responder's refusal" --merchant $HOLDER --ocsp later.der
run_ok 'what is fit is put in' attest $WITH_PIN --mark own.jwt --status own.st --ocsp good.der -o token.jwt
run_ok 'and verifies' verify --mark-issuer $ISS=ca/other.pem --audience $ME --nonce nonce-0001 --need-mark token.jwt
sed -i "/$(openssl x509 -in 9c.pem -noout -serial | cut -d= -f2)/d" ca/index.txt
entry R "$(date -u +%y%m%d%H%M%SZ)" 9c.pem >>ca/index.txt
ocsp revoked.der 9c.pem -ndays 2
unfit 'an answer that says revoked' 'OCSP response: it says that the certificate was revoked' --merchant $HOLDER --ocsp revoked.der

# ---- the algorithm that was asked for ----
"$E" -q key generate --slot 9a --alg rsa2048 $MGM -o 9a.pub || bail_out 'key generate'
certify 9a 9a.pub signing
alg() { cut -d. -f1 "$1" | tr '_-' '/+' | base64 -d 2>/dev/null | sed 's/.*"alg" *: *"\([^"]*\)".*/\1/'; }
request r10.jwt shop
run_ok 'a mark by PS256' run_grant $WITH_PIN --id 01 --alg PS256 -o ps.jwt r10.jwt
unlike "$err." 'whoever verifies the signature needs' 'which needs no certificate of the CA'
is "$(alg ps.jwt)" PS256 'is signed so'
run_ok 'its status, too' status $WITH_PIN --id 01 --alg PS256 --status active -o ps.st ps.jwt
is "$(alg ps.st)" PS256 'is signed so, too'
run_ok 'and both count' "$E" verify --mark-issuer $ISS=9a.pem --mark ps.jwt ps.st
printf '{"iss": "%s", "seq": 1, "entries": [{"name": "Us", "purposes": ["ecert-signing"], "sha256": "%064d"}]}\n' $ISS 1 >list.json
run_ok 'a trust list' "$E" trustlist sign $WITH_PIN --id 01 --alg PS256 -o ps.list list.json
is "$(alg ps.list)" PS256 'as well'
run_ok 'without a word the key decides' status $WITH_PIN --id 01 --status active -o rs.st ps.jwt
is "$(alg rs.st)" RS256 'RS256'

# ---- the issuer's own words ----
run_ok 'a revocation with its reason' status $WITH_PIN --id 01 --status revoked --reason 'The shop has closed.' -o why.st ps.jwt
run_code 1 'is genuine' "$E" verify --mark-issuer $ISS=9a.pem --mark ps.jwt why.st
like "$out" '^Reason: +The shop has closed\.$' 'and tells it'
run_code 1 'with the mark' "$E" verify --mark-issuer $ISS=9a.pem --status why.st --json ps.jwt
is "$(field .status_reason)" 'The shop has closed.' 'in JSON, too'
run_code 10 'of somebody else' "$E" verify --mark-issuer $ISS=9c.pem --mark ps.jwt why.st
unlike "$out" '^Reason:' 'it tells nothing'
run_code 2 'a mark and its status on one line are two documents' "$E" verify --mark-issuer $ISS=9a.pem ps.jwt why.st
like "$out$err" 'A status is verified together with the trust mark that it is about' 'the status is not judged alone'
like "$out$err" 'Name it with --mark FILE' 'and it says how'
like "$out$err" '1 not verified' 'and it counts'

# ---- a request for several ----
request r11.jwt shop
jws ca/shop.key "\"typ\":\"hktm-renewal-request+jwt\",$(x5c ca/shop.pem ca/sub.pem)" "$(cut -d. -f2 r11.jwt | tr '_-' '/+' | base64 -d 2>/dev/null |
	sed "s|\"aud\":\"$ISS\"|\"aud\":[\"https://else.example\",\"$ISS\"]|")" >aud.jwt
run_ok 'a request with an array of audiences' verify --audience $ISS --json aud.jwt
is "$(field .issuer)" "$ISS" 'is for the one who asks'
run_code 1 'and for nobody else' verify --audience https://third.example aud.jwt
sentence 'audience: for https://else.example' 'and for nobody else'
run_code 1 'a request that renews nothing' run_grant $NO_PIN --mark mark.jwt r11.jwt
like "$err" 'previous mark +it names no mark that it renews' 'is called so'
done_testing
