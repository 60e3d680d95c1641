#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Trust-mark renewals and attestations from the token, and how they are verified and refused.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
"$VCARD" --state "$STATE" --print-test-root >"$T/test-root.pem" || bail_out 'no TEST root'
start_vcard_socket
provision
cd "$T" || exit 1
E=$ECERT
ME=https://buyer.example MERCHANT=https://harbourlights.example ISSUER=https://alliance.example
TYPE=https://alliance.example/marks/trader
attest() {
	"$E" attest --pin-source "file:$T/pin" --chain ca/sub.pem --merchant $MERCHANT "$@"
}
# check NONCE FILE [OPTION...]
check() {
	nonce=$1 file=$2
	shift 2
	verify --audience $ME --nonce "$nonce" --nonce-store "$(mktemp -d "$T/fresh.XXXXXX")" "$@" "$file"
}
json_means='check=verify form=trustmark-form'

# ---- renewal request ----
cat >renewal.json <<-END
	{"merchant": "$MERCHANT", "issuer": "$ISSUER", "trust_mark_type": "$TYPE",
	 "code_of_practice": {"name": "Code of Practice", "version": "2025"},
	 "cop": [{"item": "1", "statement": "Prices are shown with all charges"}],
	 "terms_url": "$MERCHANT/terms", "privacy_url": "$MERCHANT/privacy", "br_no": "51234567-000",
	 "complaint_contact": "mailto:care@harbourlights.example", "domains": ["harbourlights.example"]}
END
run_ok 'signs a renewal request' "$E" trustmark renew --request renewal.json --pin-source file:pin --chain ca/sub.pem
is "$out" renewal.jwt 'beside the request'
run_ok 'verifies it' verify --audience $ISSUER renewal.jwt
like "$out" "^Request: +valid" 'valid'
run_ok 'as JSON' verify --audience $ISSUER --json renewal.jwt
is "$(field .kind)" renewal-request 'JSON: what it is'
run_code 1 'for another issuer' verify --audience https://other.example renewal.jwt
like "$out" 'failed +audience' 'by its check'
run_code 10 'without an anchor' "$E" verify --audience $ISSUER renewal.jwt
run_code 1 'next year' verify --audience $ISSUER --at "$(($(date +%Y) + 1))-06-01" renewal.jwt
run_code 5 'is not overwritten' "$E" trustmark renew --request renewal.json --pin-source file:/nonexistent
run_ok 'shown without verifying' "$E" trustmark show renewal.jwt
like "$out" 'not verified' 'and says so'
printf '\357\273\277' | cat - renewal.json | sed 's/"cop":/"evidence": [{"std": "ISO 32112", "edition": 2025, "value": 97.4}], "cop":/' >bom.json
run_ok 'a request behind a byte order mark' "$E" trustmark renew --request bom.json --pin-source file:pin --chain ca/sub.pem
run_ok 'its numbers' "$E" trustmark show bom.jwt
like "$out" '"value": 97\.4$' 'are as they were written'
run_ok 'in JSON, too' verify --audience $ISSUER --json bom.jwt
is "$(grep -c '"value": 97\.4$' out)" 1 'JSON: as written'
{ printf '\357\273\277 \r\n'; cat bom.jwt; printf '\r\n \n'; } >mailed.jwt
run_ok 'as mail and editors leave it' verify --audience $ISSUER mailed.jwt
sed 's/97\.4/97.400000000000000001/' bom.json >long.json
run_code 8 'a number with more digits than there is room for' "$E" trustmark renew --request long.json --pin-source file:/nonexistent
like "$err" 'the number 97\.400000000000000001 has more digits' 'is named'
{ printf '\377\376'; sed 's/./&\x00/g' renewal.json; } >wide.json
run_code 8 'a request in UTF-16' "$E" trustmark renew --request wide.json --pin-source file:/nonexistent
like "$err" 'save it as UTF-8' 'is named, with what to do'
sed 's/"merchant"/"shop"/' renewal.json >bad.json
run_code 8 'an incomplete request' "$E" trustmark renew --request bad.json --pin-source file:/nonexistent
like "$err" 'merchant' 'says what is missing'
run_code 8 'not JSON' "$E" trustmark renew --request invoice.txt
run_code 2 'no request' "$E" trustmark renew
run_code 2 'a life too long' "$E" trustmark renew --request renewal.json --days 365

# ---- the request, question by question ----
# form LINES [OPTION...] FILE: answered by these lines. answers: good ones, whole.
form() {
	local lines=$1
	shift
	"$E" trustmark form "$@" <"$lines"
}
answers() {
	printf '%s\n' $MERCHANT $ISSUER $TYPE 'Code of Practice' 2025 '' '' $MERCHANT/terms $MERCHANT/privacy care@harbourlights.example \
		'' $MERCHANT/returns https://odr.example '解決 Ltd' 1 yes 'Prices are total prices' $MERCHANT/about.pdf invoice.txt '' '' \
		2 no 'From May on' '' '' 'ISO 32112' 2025 2 2.30 2.3.1 '' 97.4 percent '' 2025-11/2026-10 self no '' \
		'ISO 32112' 2025 '' '' '' '' 97.40 '' '' '' '' yes '' '' ''
}
answers >good.lines
run_ok 'a form, answered through a pipe' form good.lines --json asked.json
is "$(field .br_no_compared)" true 'its business number is that of the certificate on the token'
is "$(jq -r '[.br_no[:8], .domains[0], .cop[1].kept, .cop[0].evidence[0].media_type, (.after_sales_url | tostring)] | join(" ")' asked.json)" \
	'51234567 harbourlights.example false application/pdf null' 'which stands there as the merchant, whose domain it is'
is "$(jq -r '.cop[0].evidence[0].sha256' asked.json)" "$(sha256sum invoice.txt | cut -d ' ' -f 1)" 'a file that is named has its hash there'
is "$(grep -cE '"value": (97\.4|"97\.40"),?$' asked.json)" 2 'digits are kept as they were typed'
is "$(jq -r '[.evidence[] | .public] | tostring' asked.json)" '[false,true]' 'with who may see it'
like "$err" '^7\. Business number: 5123456700000000$' 'all of it is shown'
run_ok 'it is taken' "$E" trustmark apply --request asked.json --pin-source file:pin --chain ca/sub.pem
run_ok 'and verifies' verify --audience $ISSUER asked.jwt
# wrong LINE ANSWER WHY
wrong() {
	answers | sed "$1s|.*|$2|" >bad.lines
	rm -f bad.json
	run_code 8 "line $1: $2" form bad.lines bad.json
	like "$err" "An answer is wrong: $3" 'as it says'
}
wrong 1 http://harbourlights.example 'merchant: must be a URL'
wrong 6 other.example 'domains: the merchant'"'"'s own domain'
wrong 7 61234567 'br_no: the certificate has another number, 5123456700000000'
is "$(jq -r '.domains[0]' bad.json)" harbourlights.example 'what was answered before is kept'
wrong 8 '' 'terms_url: is missing'
wrong 16 perhaps 'cop\[0\]\.kept: must be true or false'
wrong 19 nowhere.pdf 'cop\[0\]\.evidence\[0\]\.sha256: must be the SHA-256'
wrong 36 2026-02-30 'evidence\[0\]\.period: there is no such day'
wrong 36 2026-10/2025-11 'evidence\[0\]\.period: it ends before it begins'
wrong 36 2999 'evidence\[0\]\.period: it begins in the future'
head -n 16 good.lines >half.lines
run_code 8 'left half way' form half.lines half.json
like "$err" 'cop\[0\]\.statement: is missing' 'it says what is missing'
run_code 8 'which is no request yet' "$E" trustmark apply --request half.json --pin-source file:/nonexistent
like "$err" 'let `ecert trustmark form half\.json` ask for it' 'and says what asks for it'
printf '%s\n' '' 'Prices are total prices' '' '' '' >rest.lines
run_ok 'gone on with' form rest.lines half.json
is "$(jq -r '[.cop[0].statement, .returns_url] | join(" ")' half.json)" "Prices are total prices $MERCHANT/returns" 'where it was left'
printf '%s\n' '' '' '' 8 http://x >change.lines
run_code 8 'a line is changed, wrongly' form change.lines half.json
is "$(jq -r .terms_url half.json)" $MERCHANT/terms 'and stays'
printf '%s\n' '' '' '' 8 https://x.example 14 - '' >change.lines
run_code 8 'the one item is taken away' form change.lines half.json
like "$err" 'cop: must be a list that is not empty' 'so that none is left'
is "$(jq -r .terms_url half.json)" https://x.example 'another line is another one now'
printf '[]' >list.json
run_code 8 'a file of another kind' form /dev/null list.json
run_code 8 'nobody answers' form /dev/null new.json
cat >talk.exp <<-'END'
	set timeout 30
	proc want {how} { expect -re $how return timeout { exit 99 } eof { exit 98 } }
	spawn {*}$argv
	# by what is the same in every language
	want {://[^ :]+: $}
	send "shop.example\r"
	want {merchant: .*://[^ :]+: $}
	send "https://shop.example.hk\r"
	want {shop\.example\.hk\r\n[^\n]*: $}
	send "\x04"
	expect eof
	exit [lindex [wait] 3]
END
run_code 8 'at a terminal it asks again' expect talk.exp "$E" trustmark form talk.json
is "$(jq -c . talk.json)" '{"merchant":"https://shop.example.hk"}' 'and keeps what was answered when it is left'

# ---- the issuer's side, on the same token for the test's sake ----
grant() { "$E" trustmark grant --issuer $ISSUER --pin-source "file:$T/pin" --chain ca/sub.pem "$@"; }
run_code 1 'no mark for a request that does not verify' grant renewal.jwt
run_code 4 'a wrong PIN grants nothing' "$E" trustmark grant --issuer $ISSUER --pin-source "file:$T/wrong" --anchor ca/root.pem \
	--nonce-store seen -o mark.jwt renewal.jwt
run_ok 'who only looks at it' verify --audience $ISSUER --nonce-store seen renewal.jwt
run_ok 'uses nothing up' verify --audience $ISSUER --nonce-store seen renewal.jwt
run_code 2 'a mark for two years' grant --anchor ca/root.pem --days 730 renewal.jwt
run_ok 'and the request still counts: grants a mark' grant --anchor ca/root.pem --nonce-store seen -o mark.jwt renewal.jwt
run_code 1 'a request counts once' grant --anchor ca/root.pem --nonce-store seen -o mark2.jwt renewal.jwt
run_code 1 'which a look tells, too' verify --audience $ISSUER --nonce-store seen renewal.jwt
like "$out" 'failed +replay' 'by its check'
run_code 1 'a mark is no counterparty token' "$E" verify --mark-issuer "$ISSUER=9c.pem" --audience $ME --nonce nonce-0001 mark.jwt
sentence 'kind: it is a trust mark, for which --nonce means nothing' 'a mark is no counterparty token'
run_code 1 'nor is a request' verify --audience $ISSUER --level attested renewal.jwt
run_ok 'the mark verifies' "$E" verify --mark-issuer "$ISSUER=9c.pem" --holder $MERCHANT mark.jwt
like "$out" "Holder: +$MERCHANT" 'for its holder'
run_code 1 'nobody else holds it' "$E" verify --mark-issuer "$ISSUER=9c.pem" --holder https://x.example mark.jwt
run_code 10 'from nobody trusted' "$E" verify mark.jwt
run_ok 'its status' "$E" trustmark status --issuer $ISSUER --status active --pin-source file:pin -o status.jwt mark.jwt
run_ok 'the status verifies' "$E" verify --mark-issuer "$ISSUER=9c.pem" --mark mark.jwt status.jwt
run_ok 'with the mark' "$E" verify --mark-issuer "$ISSUER=9c.pem" --status status.jwt mark.jwt
run_ok 'a status for a week' "$E" trustmark status --issuer $ISSUER --status active --hours 168 --pin-source file:pin -o week.jwt mark.jwt
run_code 10 'is old after a day' "$E" verify --mark-issuer "$ISSUER=9c.pem" --at "$(($(date +%s) + 90000))" --status week.jwt mark.jwt
like "$out" 'failed +status age' 'by its check'
run_ok 'unless older ones are taken' "$E" verify --mark-issuer "$ISSUER=9c.pem" --at "$(($(date +%s) + 90000))" --status-age 168 --status week.jwt mark.jwt
run_code 2 'an age below nothing' "$E" verify --mark-issuer "$ISSUER=9c.pem" --status-age -1 --status week.jwt mark.jwt
run_code 2 'an age of nothing, which is not the default' "$E" verify --mark-issuer "$ISSUER=9c.pem" --status-age 0 --status week.jwt mark.jwt
run_ok 'a revocation' "$E" trustmark status --issuer $ISSUER --status revoked --reason 'closed' \
	--pin-source file:pin -o revoked.jwt mark.jwt
run_code 1 'a revoked mark' "$E" verify --mark-issuer "$ISSUER=9c.pem" --status revoked.jwt mark.jwt
run_code 2 'a status for a year' "$E" trustmark status --issuer $ISSUER --status active --hours 8760 mark.jwt
sentence '--hours is at most 168' 'a status for a year'
run_code 2 'a status that is no word' "$E" trustmark status --issuer $ISSUER --status fine mark.jwt
run_code 8 'a status of no mark' "$E" trustmark status --issuer $ISSUER --status active renewal.jwt
run_ok 'renews the mark' "$E" trustmark renew --request renewal.json --mark mark.jwt --pin-source file:pin \
	--chain ca/sub.pem -o second.jwt
run_ok 'the request names it' verify --audience $ISSUER --mark mark.jwt second.jwt

# ---- attestation: level attested under the TEST root only ----
run_ok 'attests' attest --audience $ME --nonce nonce-0001 -o token.jwt
run_ok 'verifies under the explicit TEST root' check nonce-0001 token.jwt --attestation-root test-root.pem \
	--nonce-store used --level attested
like "$out" '^Evidence: +attested' 'level attested'
is "$(ls used | wc -l)" 1 'the nonce is remembered'
run_code 1 'a replayed nonce' check nonce-0001 token.jwt --attestation-root test-root.pem --nonce-store used
like "$out" 'failed +nonce' 'by its check'
run_code 1 'another audience' verify --audience https://x.example --nonce nonce-0001 \
	--attestation-root test-root.pem token.jwt
like "$out" 'failed +audience' 'by its check'
run_code 1 'another nonce' check nonce-0002 token.jwt --attestation-root test-root.pem
run_code 1 'without the TEST root' check nonce-0001 token.jwt --level attested
unlike "$out" '^Evidence: +attested' 'it is not attested'
run_code 1 'an hour later' check nonce-0001 token.jwt --attestation-root test-root.pem --at "$(($(date +%s) + 3600))"
run_code 2 'without audience and nonce' verify token.jwt
run_code 2 'a nonce that no token can hold' check short token.jwt --attestation-root test-root.pem
sentence '--nonce takes 8 to 88 characters, and not 5' 'a nonce that no token can hold'
run_code 2 'nor one of 89' check "$(printf %089d 0)" token.jwt --attestation-root test-root.pem
run_ok 'from standard input' sh -c "\"$E\" verify --anchor ca/root.pem --audience $ME --nonce nonce-0001 \
	--nonce-store used2 --attestation-root test-root.pem - <token.jwt"
run_ok 'as JSON' check nonce-0001 token.jwt --attestation-root test-root.pem --json
is "$(field .evidence_level)/$(field .kind)" attested/counterparty-token 'JSON: level and kind'
for n in 30 2000; do
	cut -c 1-$n token.jwt >cut.jwt
	run_code 1 "cut at $n" check nonce-0001 cut.jwt --attestation-root test-root.pem
	sentence 'cut.jwt: not valid' "cut at $n"
done
run_ok 'without a store of their own nonces are remembered for the user' verify --audience $ME \
	--nonce nonce-0001 --attestation-root test-root.pem token.jwt
run_code 1 'and refused the second time' verify --audience $ME --nonce nonce-0001 \
	--attestation-root test-root.pem token.jwt
run_ok 'with the mark and its status' attest --audience $ME --nonce nonce-0003 --mark mark.jwt --status status.jwt -o m.jwt
run_ok 'verifies with them' check nonce-0003 m.jwt --attestation-root test-root.pem --need-mark \
	--mark-issuer "$ISSUER=9c.pem"
run_code 5 'the mark of another merchant' "$E" attest --audience $ME --nonce nonce-0003 --mark mark.jwt \
	--merchant https://other.example --pin-source file:/nonexistent
sentence "The trust mark is that of $MERCHANT, not of https://other.example" 'the mark of another merchant'
run_code 8 'a mark that is none' attest --audience $ME --nonce nonce-0003 --mark invoice.txt
run_code 6 'a store of nonces that is a file' verify --audience $ME --nonce nonce-0003 --nonce-store invoice.txt m.jwt
sentence 'Cannot open the store of used nonces invoice.txt: Not a directory' 'a store that is a file'
run_code 1 'needed and missing' check nonce-0001 token.jwt --attestation-root test-root.pem --need-mark
run_ok 'without evidence' attest --audience $ME --nonce nonce-0004 --no-evidence -o bare.jwt
run_ok 'is level none' check nonce-0004 bare.jwt
like "$out" '^Evidence: +none' 'and called so'
run_code 2 'a nonce too short' attest --audience $ME --nonce short
run_code 2 'an empty audience' attest --audience '' --nonce nonce-0001
sentence 'cannot be an audience' 'an empty audience'
run_code 2 'a nonce of two lines' attest --audience $ME --nonce 'nonce
0001'
run_code 2 'a merchant that is no URL' "$E" attest --audience $ME --nonce nonce-0001 --merchant wong.example
sentence 'begins with https' 'a merchant that is no URL'
run_code 2 'a merchant with a user name' "$E" attest --audience $ME --nonce nonce-0001 --merchant https://a.example@b.example
run_code 2 'no audience' attest --nonce nonce-0001
run_code 2 'nobody on the web' "$E" attest --audience $ME --nonce nonce-0001
run_ok 'to standard output' attest --audience $ME --nonce nonce-0005
like "$out" '^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$' 'one compact JWS'
cut -d. -f1 out | tr '_-' '/+' | base64 -d 2>/dev/null | grep -q '"typ" *: *"eat+jwt"' &&
	ok 'typ eat+jwt' || not_ok 'typ eat+jwt'

# ---- a signed trust list instead of anchors ----
root=$(openssl x509 -in ca/root.pem -outform DER | base64 -w0)
printf '{"iss": "%s", "seq": 1, "entries": [{"name": "Demonstration Root CA", "purposes": ["ecert-signing"], "x5c": "%s"}]}\n' \
	$ISSUER "$root" >list.json
run_ok 'signs a trust list' "$E" trustlist sign --pin-source file:pin -o list.jwt list.json
sign -q -f invoice.txt || bail_out sign
listed() { "$E" verify --trust-list list.jwt --trust-list-signer "$@" invoice.txt; }
run_ok 'a signature verifies by the list' listed 9c.pem
like "$err" "^Note: the first trust list of $ISSUER seen here: seq 1, signed on $(date -u +%Y)-" 'a first use is told'
like "$out" "^Trusted: +Demonstration Root CA, by the trust list of $ISSUER \(--trust-list list.jwt\)$" 'whose list it came down to is told'
run_ok 'and again' listed 9c.pem
is "$err" '' 'and is the first only once'
cp list.jwt old.jwt
sed 's/"seq": 1/"seq": 2/' list.json >second.json
run_ok 'signs the next list' "$E" trustlist sign --pin-source file:pin -f -o list.jwt second.json
run_ok 'a newer list is taken' listed 9c.pem
run_code 1 'the older one is refused from then on' listed 9c.pem --trust-list old.jwt
sentence 'The trust list old.jwt does not count: it is an old one: its seq is 1, and 2 was seen' 'an older list'
run_ok 'unless one asks about the past' listed 9c.pem --trust-list old.jwt --at "$(($(date +%s) + 1))"
run_ok 'another store is a first use' listed 9c.pem --trust-list old.jwt --trust-list-store lists
run_code 1 'a number that is asked for' listed 9c.pem --trust-list old.jwt --trust-list-store lists --trust-list-seq 2
sentence 'its seq is 1, and at least 2 was asked for' 'a number that is asked for'
run_ok 'without a home there is a note' env -u HOME -u XDG_STATE_HOME "$E" verify --trust-list old.jwt \
	--trust-list-signer 9c.pem invoice.txt
like "$err" 'name one with --trust-list-store' 'which says what to do'
for f in lists/*; do printf x >"$f"; done
run_code 8 'a damaged store' listed 9c.pem --trust-list-store lists
sentence 'cannot be used: what was remembered of its publisher is damaged: the file lists/' 'a damaged store'
run_code 6 'a store that is a file' listed 9c.pem --trust-list-store invoice.txt
sentence 'cannot be used: the newest one seen cannot be remembered in invoice.txt' 'a store that is a file'
run_code 6 'a signer that is not there' listed none.pem
sentence 'Cannot read none.pem' 'a signer that is not there'
run_code 8 'a signer that is no certificate' listed invoice.txt
sentence 'invoice.txt holds no certificate' 'a signer that is no certificate'
run_code 2 'a signer without a list' "$E" verify --trust-list-signer 9c.pem invoice.txt
sed 's/"seq": 1, //' list.json >bad.json
run_code 8 'a list without a number' "$E" trustlist sign --pin-source file:pin bad.json
sentence 'seq is missing' 'a list without a number'
sed 's/"seq": 1, /"seq": 1, "share": 97.400000000000000001, /' list.json >bad.json
run_code 8 'a list with a number that would change' "$E" trustlist sign --pin-source file:/nonexistent bad.json
sentence 'the number 97\.400000000000000001 has more digits' 'a list with a number that would change'
run_code 1 'a list of another signer does not count' listed ca/root.pem
like "$err" 'The trust list list.jwt does not count' 'and that is told'
run_code 1 'an old list does not count' listed 9c.pem --at "$(($(date +%s) + 31 * 86400))"
run_code 2 'a list without its signer' "$E" verify --trust-list list.jwt invoice.txt
run_code 8 'a list that is none' "$E" trustlist sign --pin-source file:/nonexistent invoice.txt
sed 's/ecert-signing/everything/' list.json >bad.json
run_code 8 'a purpose that is none' "$E" trustlist sign --pin-source file:pin bad.json
like "$err" 'entries' 'is told'
run_code 2 'a life too long' "$E" trustlist sign --days 999 list.json

# ---- an imported key: co-resident with an attested one ----
"$DEMO_CA" make ca shop
printf 'demo\n' >password
# shellcheck disable=SC2086
"$E" -q key import ca/shop.p12 --force --password-source file:password $MGM || bail_out 'key import'
run_ok 'an imported key alone' attest --audience $ME --nonce nonce-0006 -o imported.jwt
like "$err" 'does not attest this key: the key was imported' 'is told at once'
run_ok 'verifies' check nonce-0006 imported.jwt --attestation-root test-root.pem
like "$out" '^Evidence: +none' 'as level none'
{ printf '\357\273\277'; cat escrow.json; } >marked.json
printf '\357\273\277%s\r\n' "$PIN" >marked.pin
run_ok 'a PIN behind a byte order mark' "$E" sign -f --pin-source file:marked.pin invoice.txt
run_ok 'an escrow behind a byte order mark' "$E" -q key generate --slot 9a --management-key-source file:marked.json
run_ok 'beside a generated key' attest --audience $ME --nonce nonce-0007 -o co.jwt
run_ok 'verifies' check nonce-0007 co.jwt --attestation-root test-root.pem --level co-resident
like "$out" '^Evidence: +co-resident' 'as level co-resident'
# shellcheck disable=SC2086
"$E" -q key generate --slot 9d --alg p384 $MGM -o 9d.pub || bail_out 'key generate'
certify 9d 9d.pub signing
run_code 5 'a key that no counterparty takes' "$E" attest --id 03 --audience $ME --nonce nonce-0008 \
	--merchant $MERCHANT --pin-source file:/nonexistent
sentence 'The key 03 signs with ES384' 'a key that no counterparty takes'
run_code 1 'which is not attested' check nonce-0007 co.jwt --attestation-root test-root.pem --level attested
done_testing
