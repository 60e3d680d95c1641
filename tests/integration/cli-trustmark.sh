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
like "$out" "^Not asked: +$ISS/\.well-known/openid-federation \(in a private or reserved network: .*--online-allow=HOST\)$" 'says whom it would ask'
run_ok 'for programs' "$E" verify --json --mark-issuer "$ISS=issuer.pem" good.jwt
is "$(field '.would_not_ask | map(.kind + " " + .about) | join(",")')" "entity $ISS" 'with its kind'
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

# ---- answers that lie: all in one run ----
# lies NAME STATE WHY [CONFIG...]: a mark NAME.jwt by $HERE/at/NAME, whose pinned key signs the configuration, too.
: >expected
set_lies=
lies() {
	ISS=$HERE/at/$1 lie=$1
	printf '%s|%s|%s\n' "$1" "$2" "$3" >>expected
	shift 3
	config "$lie" "$@"
	mark "$lie.jwt" "$ISS"
	set_lies="$set_lies --mark-issuer $ISS=issuer.pem"
}
said() { says "$1" "$ISS" "$lie.jwt" active ${2:+"$2"} ${3:+"$3"} | answer "$lie" "$lie.jwt"; }
lies other 'ok not-used' 'no status by the issuer'
said stranger
lies kid 'ok not-used' 'no status by the issuer'
said stranger "$NOW" "$KID_issuer"
lies swapped 'ok not-used' 'about another mark'
mark second.jwt "$ISS" issuer "$KID_issuer" $((NOW - 50))
says status "$ISS" second.jwt active | answer swapped swapped.jwt
lies old 'ok not-used' 'an old status'
said status $((NOW - 90000))
lies none 'ok not-used' 'no status by the issuer'
h=$(printf '{"alg":"none","typ":"trust-mark-status-response+jwt","kid":"%s"}' "$KID_issuer" | base64url)
printf '%s.%s.' "$h" "$(says issuer "$ISS" none.jwt active | cut -d . -f 2)" | answer none none.jwt
lies mark 'ok not-used' 'no status by the issuer'
answer mark mark.jwt <mark.jwt # the mark itself
lies unknown 'ok http-status 404' 'does not know this mark'
lies down 'ok http-status 503' 'did not say' "$BOTH" "$HERE/lead/503/nowhere"
lies huge 'ok too-large' 'did not say' "$BOTH" "$HERE/endless"
lies away 'ok redirect-refused' 'did not say' "$BOTH" "$HERE/lead/307/http%3A%2F%2F127.0.0.1%3A9%2Fstatus"
lies plain 'ok url-refused' 'did not say' "$BOTH" http://status.example/
lies nobody 'ok url-refused' 'did not say' "$BOTH" ' '
# And configurations that do not count: what is pinned does.
lies usurper 'skipped not-used' 'does not count' "$(public stranger "$KID_stranger"),$BOTH" "$HERE/status/usurper" stranger
lies elsewhere 'skipped not-used' 'does not count'
cp srv/www/good.config srv/www/elsewhere.config
lies unlisted 'skipped not-used' 'does not count' "$(public status "$KID_status")"
lies twice 'skipped not-used' 'does not count' "$BOTH" "$HERE/status/twice" issuer ',"exp":1' # the same member again
lies ended 'skipped not-used' 'does not count'
jws issuer.key "\"typ\":\"entity-statement+jwt\",\"kid\":\"$KID_issuer\"" \
	"{\"iss\":\"$ISS\",\"sub\":\"$ISS\",\"iat\":$((NOW - 99)),\"exp\":$((NOW - 9)),\"jwks\":{\"keys\":[$BOTH]}}" >srv/www/ended.config
lies cut 'skipped not-used' 'does not count'
printf 'eyJ.e30.' >srv/www/cut.config
for lie in silent html empty; do
	printf '%s|%s|%s\n' "$lie" 'skipped ' 'does not count' >>expected
	mark $lie.jwt "$HERE/$lie"
	set_lies="$set_lies --mark-issuer $HERE/$lie=issuer.pem"
done
# shellcheck disable=SC2046,SC2086
run_code 10 'none of them can be called valid' "$E" verify --json-lines --online --online-allow "127.0.0.1:$PORT" --online-timeout 2 $set_lies \
	$(sed 's/|.*/.jwt/' expected)
jq -r 'select(.file) | def c(n): [.checks[] | select(.check == n)][0]; "\(.file | rtrimstr(".jwt"))|\(.verdict) \(.sub_indication) \(c("status").state)|" +
	"\(c("issuer configuration").state) \(.fetched[-1] | "\(.outcome) \(.http_status // "")")|\(c("status").detail)"' "$T/out" >found
while IFS='|' read -r lie state reason; do
	line=$(grep "^$lie|" found)
	case $line in
	"$lie|indeterminate TRY_LATER unknown|$state"*"|"*"$reason"*) ok "$lie: in doubt, because it $reason" ;;
	*) is "$line" "$lie|indeterminate TRY_LATER unknown|$state...|...$reason" "$lie: in doubt" ;;
	esac
done <expected
for lie in usurper elsewhere; do
	says issuer "$HERE/at/$lie" $lie.jwt active >at-hand.jwt
	run_ok "$lie: with a status at hand, by who is pinned" asked $lie --status at-hand.jwt $lie.jwt
done
sed -E 's/\.A([^.]*)$/.B\1/; t; s/\.[^.]([^.]*)$/.A\1/' good.jwt >altered.jwt
says status "$HERE/at/good" altered.jwt active | answer good altered.jwt
run_code 1 'an altered mark that its issuer calls active' asked good altered.jwt
is "$(state 'mark signature')" failed 'is altered'

# ---- the shop: a fresh status for its own site ----
json_means='staple=trustmark-staple snippet=trustmark-snippet'
staple() {
	local iss=$1 mark=$2
	shift 2
	"$E" trustmark staple --online-allow "127.0.0.1:$PORT" --online-timeout 2 --mark-issuer "$iss=issuer.pem" --mark "$mark" -o site.jwt "$@"
}
ISS=$HERE/at/good
says status "$ISS" good.jwt active | answer good good.jwt
run_ok 'a status for the site' staple "$ISS" good.jwt --json
is "$(field '"\(.status) \(.active)"') $(cmp "srv/www/good.$(sha256sum good.jwt | cut -d ' ' -f 1)" site.jwt)" 'active true ' 'is what the issuer says'
cp site.jwt site.before
for lie in other old unknown huge; do
	run_code 10 "$lie: nothing better" staple "$HERE/at/$lie" $lie.jwt --json
	is "$(field .error.reason) $(cmp site.jwt site.before)" 'no-status ' "$lie: the one before stays"
done
sentence 'There is no fresh status of huge\.jwt: the issuer did not say' 'as it says'
run_code 1 'of a mark that was altered' staple "$ISS" altered.jwt
run_code 10 'of an issuer whom nobody trusts' "$E" trustmark staple --mark-issuer https://else.example=issuer.pem --mark good.jwt -o site.jwt
run_ok 'nothing was written' cmp site.jwt site.before
says status "$ISS" good.jwt suspended $((NOW + 1)) | answer good good.jwt
run_code 1 'suspended' staple "$ISS" good.jwt --json
is "$("$E" trustmark show --json site.jwt | jq -r .claims.status)" suspended 'is written, too'

# ---- what ends when ----
mkdir ends
openssl req -x509 -key issuer.key -out ends/shop.pem -days 30 -subj '/CN=Harbour Lights' 2>/dev/null
openssl req -x509 -key issuer.key -out far.pem -days 300 -subj '/CN=Harbour Lights' 2>/dev/null
run_ok 'nothing is due' "$E" trustmark due --json far.pem
is "$(field '.state + " " + (.items[0] | "\(.kind) \(.name)")')" 'fine certificate Harbour Lights' 'and when it would be'
openssl req -new -key issuer.key -subj '/CN=Harbour Shop' | openssl x509 -req -CA issuer.pem -CAkey issuer.key -CAcreateserial -days 80 -out leaf.pem 2>/dev/null
openssl crl2pkcs7 -nocrl -certfile issuer.pem -certfile far.pem -certfile leaf.pem -outform DER -out chain.p7b
run_ok 'the form in which a CA sent it' "$E" trustmark due --json chain.p7b
is "$(field '.items[0].name')" 'Harbour Shop' 'tells the end of its holder'"'"'s certificate'
run_ok 'within fewer days' "$E" trustmark due --days 20 ends/shop.pem
run_code 10 'soon' "$E" trustmark due --json far.pem ends/shop.pem good.jwt
is "$(field '[.items[] | .kind + " " + .state] | join(",")')" 'trust-mark soon,certificate soon,certificate fine' 'what ends first comes first'
says status "$ISS" good.jwt active $((NOW - 90000)) >over.jwt
run_code 1 'a status that is over' "$E" trustmark due over.jwt ends/shop.pem
like "$out" 'over\.jwt: the status by .* ended on .* `ecert trustmark staple` fetches another' 'says what to do'
run_ok 'one of today' "$E" trustmark due before.jwt
run_code 8 'a file that has no end' "$E" trustmark due issuer.key
run_ok 'nothing in the folder' "$E" trustmark due
like "$out" 'There is nothing in .*/ecert/trustmark that ends' 'says where it looked'
mkdir -p "$XDG_CONFIG_HOME/ecert/trustmark"
cp ends/shop.pem good.jwt issuer.key "$XDG_CONFIG_HOME/ecert/trustmark/"
run_code 10 'the folder' "$E" trustmark due --json
is "$(field '.items | length')" 2 'where other files may lie'
rm "$XDG_CONFIG_HOME/ecert/trustmark/good.jwt"
# reminded N NAME: how often so far.
reminded() {
	run_ok "$2" "$E" trustmark due --remind --command 'cat >>told'
	is "$(wc -l <told)" "$1" "$2: told as often as that"
}
reminded 1 'the first time'
like "$(cat told)" 'shop\.pem: the certificate of Harbour Lights ends on .* \(days left: (29|30)\)' 'in words'
reminded 1 'on the same day'
echo $((NOW - 6 * 86400)) >"$XDG_STATE_HOME/ecert/reminded"
reminded 1 'six days later'
echo $((NOW - 7 * 86400)) >"$XDG_STATE_HOME/ecert/reminded"
reminded 2 'after a week'
openssl req -x509 -key issuer.key -out "$XDG_CONFIG_HOME/ecert/trustmark/shop.pem" -days 5 -subj '/CN=Harbour Lights' 2>/dev/null
echo $((NOW - 86400)) >"$XDG_STATE_HOME/ecert/reminded"
reminded 3 'in the last week after a day'
echo $((NOW - 86400)) >"$XDG_STATE_HOME/ecert/reminded"
run_code 6 'a command that fails' "$E" trustmark due --remind --command false
sentence 'Nobody could be reminded: false ended with code 1' 'as it says'
reminded 4 'is no reminder'

# ---- the logo ----
snippet() { "$E" trustmark snippet --mark good.jwt --page "https://alliance.example/m/7/?a=1&b=2" --logo https://alliance.example/logo.svg "$@"; }
run_ok 'HTML' snippet --json --language zh-Hant
field .html >snippet.html
cat >look.py <<-'END'
	import html.parser, sys
	seen = []
	class P(html.parser.HTMLParser):
	    def handle_starttag(self, tag, attrs): seen.append((tag, dict(attrs)))
	P().feed(open(sys.argv[1], encoding="utf-8").read())
	(a, link), (img, picture) = seen
	assert (a, img) == ("a", "img") and link["lang"] == link["hreflang"] == "zh-Hant", seen
	assert link["href"] == "https://alliance.example/m/7/?a=1&b=2" and picture["src"] == "https://alliance.example/logo.svg", seen
	assert "harbourlights.example" in picture["alt"] and picture["width"] == "120", seen
	assert not [k for _, d in seen for k in d if k.startswith("on") or k == "style"], seen
END
run_ok 'is a picture in a link' python3 look.py snippet.html
run_code 2 'a page without https' "$E" trustmark snippet --mark good.jwt --page http://alliance.example/ --logo https://alliance.example/logo.svg
run_code 2 'a page that is a script' "$E" trustmark snippet --mark good.jwt --page 'javascript:alert(1)' --logo https://alliance.example/logo.svg
run_code 2 'a page that nobody names' "$E" trustmark snippet --mark good.jwt
run_code 2 'a language that is none' snippet --language fr
done_testing
