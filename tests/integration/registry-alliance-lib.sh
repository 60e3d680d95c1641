# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# A register after a new certificate, and in an alliance; a part of cli-registry.sh, with what it has set up.
# ---- a new certificate of the issuer's; and an alliance, whose members issue one mark ----
run_ok 'resumed' registry resume second.example
mv issuer.pem issuer-old.pem && certify 9c issuer.pub signing && mv 9c.pem issuer.pem
run_ok 'a new certificate for the same key' "$E" cert import --slot 9c $PIN_OPT $MGM --force issuer.pem
mkdir again
run_ok 'signed anew' registry reissue --json $PIN_OPT --folder again second.example
run_ok 'by the new certificate' verified "again/mark-$FOURTH.jwt"
run_ok 'the mark before counts on' "$E" verify --mark-issuer "$ISS=issuer-old.pem" "mark-$FOURTH.jwt"
run_ok 'the token speaks again' registry authorize $PIN_OPT
publish 'and is published'
for old in mark-$FOURTH.jwt again/mark-$FOURTH.jwt; do
	sum=$(tr -d '\n' <$old | openssl dgst -sha256 -binary | base64url)
	is "$(payload "site/status/$sum.jwt" | jq -r .status)" active "$old is active"
done
TYPE=$(payload "mark-$FOURTH.jwt" | jq -r .trust_mark_type)
store_of partner
PARTNER=$store
partner() { "$E" registry "$@" --store "$PARTNER"; }
run_ok 'the owner lets a partner issue it' registry delegate --json --type "$TYPE" --days 30 $PIN_OPT -o to-partner.jwt https://partner.example
run_ok 'and itself' registry delegate --type "$TYPE" $PIN_OPT -o to-self.jwt $ISS
partner init --issuer https://partner.example >/dev/null
sed "s|$ISS\"|https://partner.example\"|" request.json >to-partner.json
merchant apply --request to-partner.json -o to-partner.request.jwt >/dev/null 2>&1
partner receive --anchor ca/root.pem to-partner.request.jwt >/dev/null
# delegated FILE [OWNER]: the partner grants under it.
delegated() { partner grant --delegation "$1" --mark-owner "${2:-$ISS=$TYPE=issuer.pem}" $PIN_OPT --folder again 3; }
if on sqlite; then
	run_code 5 'under a delegation to somebody else' delegated to-self.jwt
	like "$err" 'for another issuer' 'under a delegation to somebody else, as it says'
	run_code 5 'whose owner nobody named' partner grant --delegation to-partner.jwt $PIN_OPT --folder again 3
	like "$err" '--mark-owner' 'and what to say'
	store_of thief
	ECERT_READER=$MERCHANT "$E" registry init --store "$store" --issuer $ISS >/dev/null
	ECERT_READER=$MERCHANT "$E" registry delegate --store "$store" --type "$TYPE" $PIN_OPT -o stolen.jwt https://partner.example >/dev/null 2>&1
	run_code 5 'by another key in the name of the owner' delegated stolen.jwt
	like "$err" 'not by the owner of the type' 'by another key, as it says'
	python3 - <<-'END' || bail_out 'forging'
		import base64, json
		head, body, sig = open("to-partner.jwt").read().strip().split(".")
		pad = lambda s: base64.urlsafe_b64decode(s + "=" * (-len(s) % 4))
		put = lambda b: base64.urlsafe_b64encode(b).decode().rstrip("=")
		said = json.loads(pad(body))
		said["exp"] += 86400 * 300
		open("longer.jwt", "w").write(".".join([head, put(json.dumps(said).encode()), sig]))
		open("none.jwt", "w").write(".".join([put(b'{"alg":"none","kid":"x","typ":"trust-mark-delegation+jwt"}'), body, ""]))
	END
	run_code 5 'altered' delegated longer.jwt
	like "$err" 'signature does not verify' 'altered, as it says'
	run_code 5 'without a signature' delegated none.jwt
	registry delegate --type https://alliance.example/other $PIN_OPT -o other-type.jwt https://partner.example >/dev/null
	run_code 5 'of another type' delegated other-type.jwt
	like "$err" 'for another type' 'of another type, as it says'
	run_code 5 'by the owner of another type' delegated to-partner.jwt "$ISS=https://alliance.example/other=issuer.pem"
	run_code 5 'a mark' delegated "mark-$FOURTH.jwt"
	run_code 5 'that is over' later 31 "$E" registry grant --store "$PARTNER" --delegation to-partner.jwt \
		--mark-owner "$ISS=$TYPE=issuer.pem" $PIN_OPT --folder again 3
	like "$err" 'expired' 'that is over, as it says'
	run_ok 'looked at' partner export partner.jsonl
	is "$(jq -rs '[.[] | select(.part == "delegations" or .part == "keys" or .part == "marks")] | length' partner.jsonl)" 0 \
		'none of them left anything on record'
fi
run_ok 'with its own' delegated to-partner.jwt
run_ok 'what is on record was signed' partner check
run_ok 'its mark verifies under the delegation' "$E" verify --json --mark-issuer https://partner.example=issuer.pem \
	--mark-owner "$ISS=$TYPE=issuer.pem" again/mark-3.jwt
is "$(field '[.. | objects | select(.check? == "mark delegation") | .state] | unique | join(" ")')" ok 'which was checked'
is "$(payload again/mark-3.jwt | jq .exp)" "$(payload to-partner.jwt | jq .exp)" 'it ends with its delegation'
run_code 1 'without the delegation it would not' "$E" verify --mark-issuer "$ISS=issuer.pem" \
	--mark-owner "$ISS=$TYPE=issuer.pem" "again/mark-$FOURTH.jwt"
run_ok 'the configuration names both' registry authorize $PIN_OPT
publish 'and is published'
is "$(payload site/.well-known/openid-federation | jq -r --arg t "$TYPE" '.trust_mark_owners[$t].sub + " " + (.trust_mark_issuers[$t] | sort | join(" "))')" \
	"$ISS $ISS https://partner.example" 'owner and issuers'
run_ok 'exported' registry export all.jsonl
store_of copy
run_ok 'into another store' "$E" registry import --store "$store" all.jsonl
is "$("$E" registry check --json --store "$store" | jq -r .head)" "$(registry check --json | jq -r .head)" 'which is the same'
run_code 5 'but not twice' "$E" registry import --store "$store" all.jsonl
sed '5s/"row":\[5,[0-9]/&9/' all.jsonl >bent.jsonl
store_of crooked
run_code 1 'nor bent' "$E" registry import --store "$store" bent.jsonl
run_ok 'nothing is over so far' registry expire --json
is "$(field .marks)" 0 'nothing is over so far'
