#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A trust mark, asked about: its issuer's configuration and status by the standard, and answers that lie.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
cd "$T" || exit 1
E=$ECERT
mkdir srv srv/www
spawn "$top_srcdir/tests/integration/online-server" "$T/srv"
wait_for 20 test -s srv/port || bail_out 'the server did not start'
PORT=$(cat srv/port) HERE=http://127.0.0.1:$(cat srv/port)
CACHE=$XDG_CACHE_HOME/ecert/online
NOW=$(date +%s) TYPE=https://alliance.example/marks/trader SHOP=https://harbourlights.example

# ---- keys, and what is signed with them ----
# key NAME: NAME.key, and its certificate NAME.pem.
key() {
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.pem" -days 90 -subj "/CN=Key $1" 2>/dev/null ||
		bail_out "key $1"
}
KEYS='issuer status past stranger owner'
for name in $KEYS; do key $name; done
# shellcheck disable=SC2034 # kid does
for name in $KEYS; do eval "KID_$name=$(x5t $name.pem)"; done
kid() { eval "KID=\$KID_$1"; }
for name in $KEYS; do
	openssl rsa -in "$name.key" -noout -modulus 2>/dev/null | sed 's/.*=//' | basenc -d --base16 | base64url >"$name.n"
done
# public KEY KID [MORE]: as a JWK.
public() { printf '{"kty":"RSA","use":"sig","kid":"%s","e":"AQAB","n":"%s"%s}' "$2" "$(cat "$1.n")" "${3:-}"; }
# mark FILE ISSUER [KEY [KID [IAT [MORE]]]]
mark() {
	kid "${3:-issuer}"
	jws "${3:-issuer}.key" "\"typ\":\"trust-mark+jwt\",\"kid\":\"${4:-$KID}\"" "{\"iss\":\"$2\",\"sub\":\"$SHOP\",
		\"trust_mark_type\":\"$TYPE\",\"iat\":${5:-$((NOW - 100))},\"exp\":$((NOW + 90000))${6:-}}" | tr -d '\n' >"$1"
}
# says KEY ISSUER MARK WORD [IAT [KID [ALG]]]: a status, on standard output.
says() {
	kid "$1"
	jws "$1.key" "\"typ\":\"trust-mark-status-response+jwt\",\"kid\":\"${6:-$KID}\"" "{\"iss\":\"$2\",\"trust_mark\":\"$(cat "$3")\",
		\"status\":\"$4\",\"iat\":${5:-$NOW},\"exp\":$((${5:-$NOW} + 86400))}"
}
# answer NAME MARK: what comes on standard input is what the server says of the mark at /status/NAME.
answer() { cat >"srv/www/$1.$(sha256sum "$2" | cut -d ' ' -f 1)"; }
# config NAME [KEYS [STATUS-ENDPOINT [SIGNER [CLAIMS]]]]: that of the issuer $HERE/at/NAME.
config() {
	kid "${4:-issuer}"
	jws "${4:-issuer}.key" "\"typ\":\"entity-statement+jwt\",\"kid\":\"$KID\"" "{\"iss\":\"$HERE/at/$1\",\"sub\":\"$HERE/at/$1\",
		\"iat\":$NOW,\"exp\":$((NOW + 9000)),\"jwks\":{\"keys\":[${2:-$BOTH}]},\"metadata\":{\"federation_entity\":{
		\"federation_trust_mark_status_endpoint\":\"${3:-$HERE/status/$1}\",
		\"federation_historical_keys_endpoint\":\"$HERE/past.jwt\"}}${5:-}}" >"srv/www/$1.config"
}
BOTH="$(public issuer "$KID_issuer"),$(public status "$KID_status")"
# asked NAME MARK...: verified online, the issuer $HERE/at/NAME pinned.
asked() {
	local name=$1
	shift
	"$E" verify --online --online-allow "127.0.0.1:$PORT" --online-timeout 3 --mark-issuer "$HERE/at/$name=issuer.pem" --json "$@"
}
state() { field "[.checks[] | select(.check == \"$1\") | .state] | join(\",\")"; }
why() { field "[.checks[] | select(.check == \"$1\") | .detail] | join(\",\")"; }
heard() { if [ -s srv/log ]; then wc -l <srv/log; else echo 0; fi; }

# ---- not asked unless told to ----
ISS=$HERE/at/good
config good
mark good.jwt "$ISS"
says status "$ISS" good.jwt active | answer good good.jwt
run_ok 'without --online' "$E" verify --mark-issuer "$ISS=issuer.pem" good.jwt
like "$out" "^Not asked: +$ISS/\.well-known/openid-federation \(--online asks it\)$" 'says whom it would ask'
run_ok 'for programs' "$E" verify --json --mark-issuer "$ISS=issuer.pem" good.jwt
is "$(field '.would_ask | map(.kind + " " + .about) | join(",")')" "entity $ISS" 'with its kind'
is "$(heard)" 0 'nobody was asked'
run_code 10 'an issuer that nobody named' "$E" verify --json --online --online-allow "127.0.0.1:$PORT" --mark-issuer "https://alliance.example=issuer.pem" good.jwt
is "$(heard) $(field '.fetched | length')" '0 0' 'is not asked either'

# ---- by the standard ----
run_ok 'asked' asked good good.jwt
is "$(field '[.verdict, .status, (.fetched | map(.kind + " " + .outcome) | join(","))] | join(" ")')" \
	'passed active entity ok,mark-status ok' 'it is active, by the status key that the configuration names'
is "$(state 'issuer configuration') $(state 'status signature')" 'ok ok' 'which whom we trust has signed'
is "$(cut -d ' ' -f 1,2 srv/log | tr '\n' ',')" 'GET /at/good/.well-known/openid-federation,POST /status/good,' 'one GET and one POST'
like "$err" "Asked $HERE/status/good for a trust mark's status: [0-9]+ bytes" 'people are told of each'
run_ok 'again' asked good good.jwt
is "$(field '.fetched | map(.cached) | tostring') $(heard)" '[true,true] 2' 'is still at hand'
run_code 10 'a status by a key that only the configuration knows' "$E" verify --mark-issuer "$ISS=issuer.pem" \
	--status "srv/www/good.$(sha256sum good.jwt | cut -d ' ' -f 1)" good.jwt
run_ok 'which --online finds' "$E" verify --online --online-allow "127.0.0.1:$PORT" --mark-issuer "$ISS=issuer.pem" --json \
	--mark good.jwt "srv/www/good.$(sha256sum good.jwt | cut -d ' ' -f 1)"
is "$(field .in_force)" true 'as a status by itself, too'
rm -rf "$CACHE"
for word in suspended revoked expired invalid; do
	says status "$ISS" good.jwt $word | answer good good.jwt
	run_code 1 "$word" asked good good.jwt
	is "$(field .status) $(state 'status value')" "$word failed" 'as it says'
	rm -rf "$CACHE"
done
says status "$ISS" good.jwt active $((NOW - 500)) >before.jwt
run_code 1 'an older status at hand' asked good --status before.jwt good.jwt
is "$(field .status)" invalid 'does not hide a newer one'
says issuer "$ISS" good.jwt revoked $((NOW + 5)) >newest.jwt
rm -rf "$CACHE"
says status "$ISS" good.jwt active | answer good good.jwt
run_code 1 'the newest at hand' asked good --status newest.jwt good.jwt
is "$(field .status)" revoked 'is not hidden by what the issuer says'

# ---- the issuer's keys: under another name, of before, under a delegation ----
mark renamed.jwt "$ISS" issuer OLD-KID
says status "$ISS" renamed.jwt active | answer good renamed.jwt
rm -rf "$CACHE"
run_code 10 'a kid that no one knows' asked good renamed.jwt
config good "$BOTH,$(public issuer OLD-KID)"
run_ok 'a re-issued certificate: the same key under its old name' asked good renamed.jwt
is "$(field '.fetched | map(.kind + " " + (.cached | tostring)) | join(",")')" \
	'entity true,entity false,mark-status true' 'for which the configuration was asked anew'
like "$(why 'mark issuer')" 'whose configuration names this key$' 'as it says'
PAST=$KID_past
# past_keys [SIGNER [MORE]]
past_keys() {
	kid "${1:-issuer}"
	jws "${1:-issuer}.key" "\"typ\":\"jwk-set+jwt\",\"kid\":\"$KID\"" "{\"iss\":\"$ISS\",\"iat\":$NOW,
		\"keys\":[$(public past "$PAST" ",\"iat\":$((NOW - 90000)),\"exp\":$((NOW - 5000))${2:-}")]}" >srv/www/past.jwt
	rm -rf "$CACHE"
}
mark past.jwt "$ISS" past "$PAST" $((NOW - 8000))
says status "$ISS" past.jwt active | answer good past.jwt
mark late.jwt "$ISS" past "$PAST" $((NOW - 4000))
says status "$ISS" late.jwt active | answer good late.jwt
past_keys
run_ok 'by a key of before' asked good past.jwt
is "$(field '.fetched | map(.kind) | join(",")')" 'entity,entity,historical-keys,mark-status' 'which is among those that are over'
run_code 10 'issued after the end of its key' asked good late.jwt
past_keys stranger
run_code 10 'a list of keys by somebody else' asked good past.jwt
past_keys issuer ",\"revoked\":{\"revoked_at\":$((NOW - 6000)),\"reason\":\"compromised\"}"
run_code 10 'a key that was stolen' asked good past.jwt
past_keys issuer ",\"revoked\":{\"revoked_at\":$((NOW - 6000)),\"reason\":\"superseded\"}"
run_ok 'one that another one followed' asked good past.jwt
past_keys
says past "$ISS" good.jwt active | answer good good.jwt
run_code 10 'a status by a key of before' asked good good.jwt
rm -rf "$CACHE"
mark half.jwt "$ISS" past "$PAST" $((NOW - 8001)) # the issuer knows nothing of it
run_code 10 'a mark by a key of before that the issuer does not know' asked good half.jwt
is "$(state 'mark issuer') $(state status)" 'ok unknown' 'is not called valid'
ISS=$HERE/at/owned
OWNER="https://owner.example"
owned() { config owned "$BOTH" "$HERE/status/owned" issuer ",\"trust_mark_owners\":{\"$TYPE\":{\"sub\":\"$OWNER\",\"jwks\":{\"keys\":[$(public owner "$KID_owner")]}}}"; }
# delegated FILE KEY
delegated() {
	mark "$1" "$ISS" issuer "$KID_issuer" $((NOW - 100)) ",\"delegation\":\"$(jws "$2.key" "\"typ\":\"trust-mark-delegation+jwt\",\"kid\":\"$(eval "echo \$KID_$2")\"" \
		"{\"iss\":\"$OWNER\",\"sub\":\"$ISS\",\"trust_mark_type\":\"$TYPE\",\"iat\":$((NOW - 900))}")\""
	says status "$ISS" "$1" active | answer owned "$1"
}
owned
delegated owned.jwt owner
delegated false.jwt stranger
mark bare.jwt "$ISS"
says status "$ISS" bare.jwt active | answer owned bare.jwt
run_ok 'of a type with an owner' asked owned owned.jwt
is "$(state 'mark delegation') $(field .owner)" "ok $OWNER" 'whose delegation it brings'
run_code 1 'a delegation by somebody else' asked owned false.jwt
run_code 1 'without one' asked owned bare.jwt
run_code 1 'whom the relying party names goes before' asked owned --mark-owner "$OWNER=$TYPE=stranger.pem" owned.jwt

# ---- answers that lie ----
# doubtful NAME WHY: of the mark NAME.jwt by $HERE/at/NAME, in doubt, and nothing of it is kept.
doubtful() {
	run_code 10 "$1: cannot be called valid" asked "$1" "$1.jwt"
	is "$(field '.verdict + " " + .sub_indication') $(state status)" 'indeterminate TRY_LATER unknown' "$1: in doubt"
	like "$(why status)" "$2" "$1: why"
}
# lies NAME: its mark and configuration are good.
lies() {
	ISS=$HERE/at/$1
	config "$@"
	mark "$1.jwt" "$ISS"
}
lies other
says stranger "$ISS" other.jwt active | answer other other.jwt
doubtful other 'no status by the issuer'
is "$(field '.fetched[1].outcome')" not-used 'a status by a stranger'
lies kid
says stranger "$ISS" kid.jwt active "$NOW" "$KID_issuer" | answer kid kid.jwt
doubtful kid 'no status by the issuer'
lies swapped
mark second.jwt "$ISS" issuer "$KID_issuer" $((NOW - 50))
says status "$ISS" second.jwt active | answer swapped swapped.jwt
doubtful swapped 'about another mark'
lies old
says status "$ISS" old.jwt active $((NOW - 90000)) | answer old old.jwt
doubtful old 'an old status'
lies none
h=$(printf '{"alg":"none","typ":"trust-mark-status-response+jwt","kid":"%s"}' "$KID_issuer" | base64url)
printf '%s.%s.' "$h" "$(says issuer "$ISS" none.jwt active | cut -d . -f 2)" | answer none none.jwt
doubtful none 'no status by the issuer'
lies mark
answer mark mark.jwt <mark.jwt # the mark itself
doubtful mark 'no status by the issuer'
lies unknown
doubtful unknown 'does not know this mark'
is "$(field '.fetched[1].http_status')" 404 'the server has no such thing'
lies down "$BOTH" "$HERE/lead/503/nowhere"
doubtful down 'did not say'
lies huge "$BOTH" "$HERE/endless"
doubtful huge 'did not say'
is "$(field '.fetched[1].outcome')" too-large 'as large as they like'
lies away "$BOTH" "$HERE/lead/307/http%3A%2F%2F127.0.0.1%3A9%2Fstatus"
doubtful away 'did not say'
like "$(field '.fetched[1].outcome')" 'refused' 'led to a private address'
lies plain "$BOTH" http://status.example/
doubtful plain 'did not say'
is "$(field '.fetched[1].outcome')" url-refused 'a status without https is not asked for'
lies nobody "$BOTH" ' '
doubtful nobody 'did not say'
# not_counted NAME: the configuration does not count; what is pinned does.
not_counted() {
	run_code 10 "$1: cannot be called valid" asked "$1" "$1.jwt"
	is "$(state 'issuer configuration') $(field '.fetched[0].outcome')" 'skipped not-used' "$1: the configuration does not count"
	like "$(why 'issuer configuration')" "$2" "$1: why"
	says issuer "$HERE/at/$1" "$1.jwt" active >at-hand.jwt
	run_ok "$1: with a status at hand, by who is pinned" asked "$1" --status at-hand.jwt "$1.jwt"
}
lies usurper "$(public stranger "$KID_stranger"),$BOTH" "$HERE/status/usurper" stranger
not_counted usurper 'a key that is not trusted here for this issuer'
lies elsewhere
cp srv/www/good.config srv/www/elsewhere.config
not_counted elsewhere "not the issuer's own"
lies unlisted "$(public status "$KID_status")"
not_counted unlisted 'not signed with a key that it names'
lies ended
config ended "$BOTH" "$HERE/status/ended" issuer ',"exp":1'
not_counted ended 'not an entity configuration' # twice the same member
jws issuer.key "\"typ\":\"entity-statement+jwt\",\"kid\":\"$KID_issuer\"" \
	"{\"iss\":\"$ISS\",\"sub\":\"$ISS\",\"iat\":$((NOW - 99)),\"exp\":$((NOW - 9)),\"jwks\":{\"keys\":[$BOTH]}}" >srv/www/ended.config
not_counted ended 'is over'
printf 'eyJ.e30.' >srv/www/ended.config
not_counted ended 'not an entity configuration'
sed 's/.$/A/' good.jwt | tr -d '\n' >altered.jwt
says status "$HERE/at/good" altered.jwt active | answer good altered.jwt
run_code 1 'an altered mark that its issuer calls active' asked good altered.jwt
is "$(state 'mark signature')" failed 'is altered'
for mood in silent html empty; do
	mark $mood.jwt "$HERE/$mood"
	run_code 10 "$mood: cannot be called valid" "$E" verify --json --online --online-allow "127.0.0.1:$PORT" --online-timeout 1 \
		--mark-issuer "$HERE/$mood=issuer.pem" $mood.jwt
	is "$(state status)" unknown "$mood: in doubt"
done
done_testing
