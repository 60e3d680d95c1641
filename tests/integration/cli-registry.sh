#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# An issuer's desk and a merchant, each with a token: an application, more wanted, another one, the
# mark, suspended, resumed, renewed, revoked; and a register that somebody wrote into. On SQLite, and
# on PostgreSQL when cli-registry-postgresql.sh says so with REGISTRY_ON: then without what is behind
# `on sqlite`, which is of no store: forged delegations, what stands on a page, every JWT by jose.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
cd "$T" || exit 1
E=$ECERT ISS=https://alliance.example SHOP=https://harbourlights.example
PIN_OPT="--pin-source file:$T/pin"

start_vcard_socket
provision
MERCHANT=$ECERT_READER
STATE=$T/issuer.state
spawn "$VCARD" --state "$STATE" --listen "$T/issuer.socket"
wait_for 30 test -S "$T/issuer.socket" || bail_out 'no second token'
ISSUER="socket:$T/issuer.socket"
export ECERT_READER="$ISSUER"
mv escrow.json merchant.json
"$E" -q token init --escrow escrow.json --new-pin-source "file:$T/pin" --new-puk-source "file:$T/puk" || bail_out 'token init'
# shellcheck disable=SC2086
"$E" -q key generate --slot 9c --alg p256 $MGM -o issuer.pub || bail_out 'key generate'
mv 9c.pem shop.pem
certify 9c issuer.pub signing
mv 9c.pem issuer.pem

# store_of NAME: where a register is, in $store; an empty database of a server is made first.
if [ "${REGISTRY_ON:-sqlite}" = postgresql ]; then
	. "$top_srcdir/tests/integration/postgresql-lib.sh"
	start_postgresql
	store_of() {
		database "$1"
		store="postgresql:host=$PG_DIR user=registry dbname=$1"
	}
	STATUS_PEM=$XDG_STATE_HOME/ecert/status-key.pem
else
	store_of() { store=$1.sqlite; }
	STATUS_PEM=desk.sqlite.status.pem
fi
# on KIND: the registers are there.
on() { [ "${REGISTRY_ON:-sqlite}" = "$1" ]; }
store_of desk
DESK=$store
registry() { "$E" registry "$@" --store "$DESK"; }
# shellcheck disable=SC2086
merchant() { ECERT_READER=$MERCHANT "$E" trustmark "$@" $PIN_OPT --chain ca/sub.pem; }
state() { registry list --json | jq -r --argjson id "$1" '.applications[] | select(.id == $id) | .state'; }
# later DAYS COMMAND...: on a day that has not come yet.
later() {
	local days=$1
	shift
	env LD_PRELOAD="${asan:+$asan }$top_builddir/tests/integration/later.so" LATER_SECONDS=$((days * 86400)) "$@"
}
# verified MARK: as anybody does.
verified() { "$E" verify --mark-issuer "$ISS=issuer.pem" "$@"; }
sed "s|https://trustmark\.example\"|$ISS\"|" "$top_srcdir/tests/data/renewal.json" >request.json

# ---- a register ----
run_code 6 'a register that is not there' registry list
on postgresql || sentence "Cannot use the register .*desk.sqlite" 'a register that is not there'
run_code 2 'one of nobody' registry init
if on sqlite; then
	python3 -c 'import sqlite3; d = sqlite3.connect("notes.sqlite"); d.execute("CREATE TABLE notes (n)"); d.commit()'
	cp notes.sqlite notes.before
	run_code 6 'a database of another program' "$E" registry list --store notes.sqlite
	sentence 'Cannot use the register notes.sqlite: it is a database of another program' 'as it says'
	run_code 6 'not to be made a register' "$E" registry init --issuer $ISS --store notes.sqlite
	run_ok 'which is as it was' cmp notes.sqlite notes.before
fi
run_ok 'one begins' registry init --json --issuer $ISS
is "$(field .issuer)" $ISS 'of this issuer'
run_code 5 'once' registry init --issuer https://other.example
like "$err" "there already, that of $ISS" 'once, as it says'
on postgresql || is "$(stat -c %a desk.sqlite)" 600 'it is its owner'"'"'s alone'
run_ok 'nobody has applied' registry list
like "$out" 'There are no applications' 'as it says'

# ---- the first application ----
run_ok 'the merchant applies' merchant apply --request request.json -o first.jwt
run_ok 'which is no renewal' "$E" trustmark show --json first.jwt
is "$(field .claims.hktm_prev)" null 'which is no renewal'
run_code 1 'by a CA that the issuer does not know' registry receive --anchor issuer.pem first.jwt
sed 's/.$//' first.jwt | tr -d '\n' >cut.jwt
run_code 1 'one that was cut' registry receive --anchor ca/root.pem cut.jwt
like "$err" 'signature' 'for its signature'
sed "s|$ISS\"|https://else.example\"|" request.json >else.json
merchant apply --request else.json -o else.jwt >/dev/null 2>&1
run_code 1 'one to another issuer' registry receive --anchor ca/root.pem else.jwt
like "$err" 'audience.*else.example' 'for whom it is'
is "$(registry list --json | jq '.applications | length')" 0 'none of them was taken in'
run_ok 'the good one is' registry receive --json --anchor ca/root.pem first.jwt
ID=$(field .application.id)
is "$(field .application.state)" received 'it is received'
is "$(field .application.merchant)" $SHOP 'from the shop'
run_code 5 'a second time' registry receive --anchor ca/root.pem first.jwt
like "$err" "handed in before, as application $ID" 'a second time, by its number'

# ---- review, more wanted, again ----
run_ok 'on one sheet' registry review "$ID"
like "$out" 'Company: +Harbour Lights' 'the company, by the certificate'
like "$out" "Business number: +5123456700000000, the certificate's" 'the business number against the certificate'
like "$out" 'Item: +1$' 'items of the code of practice'
like "$out" 'Statement: +Prices are total prices' 'what is said of each'
like "$out" 'Indicator: +2\.3\.1' 'entries of evidence'
like "$out" 'Value: +97\.4 percent' 'a number as it was written'
like "$out" 'Evidence: +https://harbourlights.example/about' 'where evidence is'
is "$(state "$ID")" in-review 'it is in review'
run_ok 'the same for programs' registry review --json "$ID"
like "$(cat "$T/out")" '"value": ?97\.4[,}]' 'with the same digits'
is "$(field .br_no_confirmed)" true 'and the number that the certificate has'
run_code 2 'more, without a word' registry more "$ID"
run_ok 'more is wanted' registry more --reason '退貨條款 are missing' "$ID"
is "$(state "$ID")" more-wanted 'it waits for the merchant'
run_code 5 'it cannot be granted so' registry grant $PIN_OPT "$ID"
like "$err" 'more wanted, and cannot be granted' 'it cannot be granted so, as it says'
run_code 5 'nor suspended' registry suspend --reason x $SHOP
run_ok 'the merchant applies again' merchant apply --request request.json -o second.jwt
run_ok 'it is taken in' registry receive --json --anchor ca/root.pem second.jwt
SECOND=$(field .application.id)
is "$(state "$ID")" expired 'and takes the place of the first'

# ---- granted ----
run_code 4 'a wrong PIN' registry grant --pin-source "file:$T/wrong" "$SECOND"
is "$(state "$SECOND")" received 'grants nothing'
mkdir full
run_code 6 'a mark that cannot be written' sh -c "ulimit -f 0; trap '' XFSZ; \"$E\" registry grant --store '$DESK' \
	$PIN_OPT --folder full $SECOND"
is "$(state "$SECOND")" received 'is not granted'
run_ok 'granted' registry grant --json $PIN_OPT "$SECOND"
is "$(field '.granted[0].file')" "./mark-$SECOND.jwt" 'the mark is in a file'
MARK=mark-$SECOND.jwt
run_ok 'it verifies, for this shop' verified "$MARK"
run_ok 'it names its request' "$E" trustmark show --json "$MARK"
is "$(field .claims.hktm_request)" "$(tr -d '\n' <second.jwt | openssl dgst -sha256 -binary | base64url)" 'it names its request'
run_code 5 'granted once' registry grant $PIN_OPT "$SECOND"

# ---- suspended, resumed, renewed, revoked ----
status() { registry review --json "$1" | jq -r .mark.status; }
run_ok 'suspended' registry suspend --reason 'Complaints' harbourlights.example
is "$(status "$SECOND")" suspended 'the mark is'
run_code 5 'twice' registry suspend --reason 'Complaints' $SHOP
run_ok 'resumed' registry resume --json $SHOP
is "$(field .marks)" 1 'it was one mark'
is "$(status "$SECOND")" active 'which counts again'
run_ok 'the merchant renews it' merchant renew --request request.json --mark "$MARK" -o renewal.jwt
run_ok 'which is taken in' registry receive --json --anchor ca/root.pem renewal.jwt
THIRD=$(field .application.id)
is "$(field .application.renewal)" true 'as a renewal'
run_ok 'another shop' sh -c "sed 's|harbourlights|second|g' request.json >other.json"
merchant apply --request other.json -o other.jwt >/dev/null 2>&1
run_ok 'applies' registry receive --json --anchor ca/root.pem other.jwt
FOURTH=$(field .application.id)
run_ok 'both with one PIN' registry grant --json $PIN_OPT "$THIRD" "$FOURTH"
is "$(field '.granted | length')" 2 'are granted'
run_ok 'the new mark verifies' verified "mark-$THIRD.jwt"
is "$(status "$SECOND")" revoked 'the old mark is over'
is "$(registry review --json "$SECOND" | jq -r .mark.reason)" 'renewed by a later mark' 'because it was renewed'
is "$(status "$THIRD")" active 'the new one counts'
run_ok 'revoked' registry revoke --reason 'Fraud' harbourlights.example
is "$(status "$THIRD")" revoked 'its mark is'
is "$(status "$FOURTH")" active 'the other shop has its own'
run_code 5 'which has no way back' registry resume $SHOP
run_code 8 'who is no member' registry revoke --reason 'Fraud' nobody.example
merchant apply --request request.json -o again.jwt >/dev/null 2>&1
run_ok 'a new application' registry receive --json --anchor ca/root.pem again.jwt
FIFTH=$(field .application.id)
run_ok 'is refused' registry refuse --json --reason 'Fraud' "$FIFTH"
is "$(field .application.reason)" Fraud 'with its reason'
run_ok 'listed' registry list --json --state granted
is "$(field '.applications | map(.id) | tostring')" "[$FOURTH]" 'only those that are granted'
run_code 2 'listed by a state that is none' registry list --state good

# ---- the public side: the status key, the token's word for it, the pages ----
payload() { cut -d . -f 2 "$1" | tr -- '-_' '+/' | base64 -di 2>/dev/null; }
# publish TEXT: a site from now on, of which nothing is taken on its word: every JWT by jose.
publish() {
	run_ok "$1" registry publish --json site
	on sqlite || return 0
	for jwt in site/marks/*.jwt site/status/*.jwt site/.well-known/openid-federation site/historical-keys.jwt; do
		jose jws ver -i "$jwt" -k site/keys.json >/dev/null 2>&1 || not_ok "$jwt by jose"
	done
}
run_code 8 'published without a status key' registry publish site
sentence "Cannot use the status key .*$(basename "$STATUS_PEM")" 'as it says'
run_ok 'a status key' registry keys --make
is "$(stat -c %a "$STATUS_PEM")" 600 'its owner'"'"'s alone'
run_code 5 'once' registry keys --make
run_code 5 'published before the token lets it speak' registry publish site
like "$(cat site/index.html)" 'class="status unsaid"' 'the pages say that no status is stated'
is "$(ls site/status 2>/dev/null)" '' 'and none is'
run_code 2 'for ever' registry authorize --days 93 $PIN_OPT
run_ok 'the token lets it speak' registry authorize $PIN_OPT
run_code 2 'a setting that is none' registry set owner me
run_code 2 'a colour that is none' registry set colour '#0b57a4;}'
run_ok 'the name on the pages' registry set name 'Alliance of <Honest> Shops 誠信'
run_ok 'where misuse is reported' registry set report misuse@alliance.example
run_ok 'which the token signs the next time' registry authorize $PIN_OPT
publish 'published'
PAGE=site/m/$(jq -r ".members[] | select(.merchant == \"https://second.example\") | .id" site/register.json)
if on sqlite; then
	for words in index.html:en:Active zh-hant.html:zh-Hant:有效 zh-hans.html:zh-Hans:有效; do
		page=$(cat "$PAGE/${words%%:*}") rest=${words#*:}
		like "$page" "<html lang=\"${rest%:*}\">" "a page in ${rest%:*}"
		like "$page" "class=\"word\">${rest#*:}<" 'the status'
		like "$page" 'second\.example' 'the domains that may show the seal'
		like "$page" '5123456700000000' 'the business number'
		like "$page" 'complaints@second\.example' 'where to complain'
		like "$page" 'https://odr\.example' 'who resolves disputes'
		like "$page" 'mailto:misuse@alliance\.example' 'where misuse is reported'
		like "$page" 'Alliance of &lt;Honest&gt; Shops' 'what others wrote is text'
		unlike "$page" '97\.4' 'evidence that is not public is not shown'
		unlike "$page" '<script>|style=|onclick' 'nothing that a strict policy refuses'
	done
	is "$(grep -lE '(src|href)="(https?:)?//' site/*.html site/style.css | xargs -r grep -oE '<(script|link|img)[^>]*(src|href)="(https?:)?//' | wc -l)" 0 'no page fetches anything from elsewhere'
fi
STATUS=$(basename "$PAGE"/*.html >/dev/null; jq -r '.members[] | select(.status == "active") | .sha256' site/register.json)
is "$(payload "site/status/$STATUS.jwt" | jq -r .status)" active 'its status is signed'
registry keys --json >keys.out
is "$(cut -d . -f 1 "site/status/$STATUS.jwt" | tr -- '-_' '+/' | base64 -di 2>/dev/null | jq -r .kid)" \
	"$(jq -r '.keys[] | select(.use == "status") | .kid' keys.out)" 'by the status key'
openssl x509 -in "$STATUS_PEM" -out status.pem
run_ok 'which whoever knows it believes' "$E" verify --mark-issuer "$ISS=issuer.pem" --mark-issuer "$ISS=status.pem" \
	--status "site/status/$STATUS.jwt" "site/marks/$STATUS.jwt"
is "$(payload site/.well-known/openid-federation | jq -r '.iss + " " + .sub + " " + (.jwks.keys | length | tostring) + " " + .metadata.federation_entity.organization_name')" \
	"$ISS $ISS 2 Alliance of <Honest> Shops 誠信" 'the entity configuration has both keys'
payload site/.well-known/openid-federation | jq -r '.metadata.federation_entity[] | strings' | grep "^$ISS/" >"$T/named"
is "$(wc -l <"$T/named")" 2 'and names two places of the site'
sed "s|^$ISS/|site/|" "$T/named" | while read -r file; do [ -s "$file" ] || echo "$file"; done >"$T/nowhere"
is "$(cat "$T/nowhere")" '' 'where there is something'
is "$(jq -r '[.members[].status] | sort | join(" ")' site/register.json)" 'active revoked' 'the register as JSON'
is "$(python3 -c 'import csv; print(sorted(r["domains"] for r in csv.DictReader(open("site/register.csv", encoding="utf-8-sig"))))')" \
	"['harbourlights.example', 'second.example']" 'and as CSV'
if on sqlite; then
	cat >tags.py <<-'END'
		import sys, html.parser
		class P(html.parser.HTMLParser):
		    def __init__(self): super().__init__(); self.open = []
		    def handle_starttag(self, t, a):
		        if t not in ("meta", "link", "img", "br", "input"): self.open.append(t)
		    def handle_endtag(self, t):
		        if not self.open or self.open.pop() != t: sys.exit("</" + t + ">")
		for f in sys.argv[1:]:
		    p = P(); p.feed(open(f, encoding="utf-8").read())
		    if p.open: sys.exit(f + str(p.open))
	END
	run_ok 'the pages are well-formed' python3 tags.py site/*.html "$PAGE"/*.html
	xmllint --noout site/logo.svg site/feed.xml || not_ok 'the seal and the feed are XML'
fi
cp "$PAGE/index.html" before.html
publish 'again'
is "$(field .written)" 0 'writes nothing'
rm "$PAGE/zh-hans.html"
echo '<h1>Gone</h1>' >"$PAGE/index.html"
publish 'what somebody removed or altered is not looked for'
is "$(field .written)" 0 'when nothing changed'
run_ok 'but when all is' registry publish --json --all site
is "$(field .written)" 2 'it is mended'
run_ok 'as it was' cmp "$PAGE/index.html" before.html
echo nonsense >site/.published
publish 'with a record that is none'
is "$(field .written) $(find site -name '.publishing' -o -name '*.new')" '1 ' 'only the record is written'
run_code 5 'a week later, when the authorisation has ended' later 8 "$E" registry publish --store "$DESK" site
sentence 'The site states no status' 'as it says'
for page in site/index.html "$PAGE"/*.html; do grep -q 'class="status unsaid"' "$page" || echo "$page"; done >"$T/saying"
is "$(cat "$T/saying")" '' 'every page says so'
is "$(ls site/status)" '' 'and no status is there'
publish 'with the calendar right again'
like "$(cat "$PAGE/index.html")" 'class="word">Active<' 'the page states it again'
run_ok 'suspended' registry suspend --reason 'Complaints <b>' second.example
publish 'published again'
like "$(cat "$PAGE/index.html")" 'class="status suspended".*Complaints &lt;b&gt;' 'the page says so at once'
is "$(payload "site/status/$STATUS.jwt" | jq -r '.status + " " + .hktm_reason')" 'suspended Complaints <b>' 'and the signed status'
run_ok 'a new status key' registry keys --rollover
is "$(registry keys --json | jq '[.keys[] | select(.use == "status") | .published] | length')" 2 'both are published'
run_code 5 'which no token lets speak so far' registry publish site
like "$(cat "$PAGE/index.html")" 'class="status unsaid"' 'the page does not state what is not signed'
run_ok 'until it does' registry authorize $PIN_OPT
publish 'and is published'
is "$(payload site/.well-known/openid-federation | jq '.jwks.keys | length')" 3 'with every key that still counts'

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

# ---- the chain ----
run_ok 'all of it is as it was written' registry check --json
is "$(field .whole)" true 'all of it is as it was written'
HEAD=$(field .head)
like "$HEAD" '^[0-9a-f]{64}$' 'up to this hash'
# Somebody who has the database alters a row; and, `anew`, writes the chain from there on as this program would.
if on postgresql; then
	# bent WHAT TABLE ANEW STATEMENT [REASON]: it is found, in this table; what is signed is tested once, on SQLite.
	bent() {
		[ "$3" = old ] || return
		database bent "TEMPLATE desk"
		psql -X -q -c 'SET session_replication_role = replica' -c "$4" "host=$PG_DIR user=registry dbname=bent" || bail_out "psql: $4"
		run_code 1 "$1" "$E" registry check --json --store "postgresql:host=$PG_DIR user=registry dbname=bent"
		is "$(field .whole) $(field .bad.table)" "false $2" "$1: found"
		psql -X -q -c 'DROP DATABASE bent' "$PG_CONNINFO"
	}
else
	cat >bend.py <<-'END'
		import hashlib, sqlite3, struct, sys
		def put(v):
		    if v is None: return b"n"
		    if isinstance(v, int): return b"i" + struct.pack(">q", v)
		    b = v.encode() if isinstance(v, str) else v
		    return (b"t" if isinstance(v, str) else b"b") + struct.pack(">Q", len(b)) + b
		def bend(name, anew, statement):
		    db, copy = sqlite3.connect("desk.sqlite"), sqlite3.connect(name)
		    db.backup(copy)
		    for trigger in [r[0] for r in copy.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]:
		        copy.execute("DROP TRIGGER " + trigger)
		    if not copy.execute(statement).rowcount: sys.exit("nothing to bend: " + statement)
		    if anew == "anew":
		        before = bytes(32)
		        for n, part in copy.execute("SELECT n, part FROM chain ORDER BY n").fetchall():
		            row = copy.execute("SELECT * FROM %s WHERE id = ?" % part, (n,)).fetchone()
		            before = hashlib.sha256(before + struct.pack(">Q", n) + put(part) + struct.pack(">Q", len(row)) + b"".join(map(put, row))).digest()
		            copy.execute("UPDATE chain SET hash = ? WHERE n = ?", (before, n))
		        copy.execute("UPDATE head SET hash = ?", (before,))
		    copy.commit()
		bend("bent-0.sqlite", "anew", "UPDATE settings SET name = name")
		for line in sys.stdin:
		    bend(*line.rstrip("\n").split("\t"))
	END
	n_bent=0
	: >bends
	: >bent.sh
	# One process makes all of the copies, which are looked at afterwards.
	bent() {
		n_bent=$((n_bent + 1))
		printf 'bent-%s.sqlite\t%s\t%s\n' $n_bent "$3" "$4" >>bends
		printf '%s\t%s\t%s\t%s\n' $n_bent "$1" "$2" "${5:-}" >>bent.sh
	}
fi
NOT_ITS_OWN="text = substr(text, 1, length(text) - 86) || (SELECT substr(text, length(text) - 85) FROM marks LIMIT 1)"
bent 'a reason that somebody altered' decisions old "UPDATE decisions SET why = 'no reason' WHERE event = 'refuse'"
bent 'an authorisation that was made longer' authorizations old 'UPDATE authorizations SET exp = exp + 86400'
bent 'a delegation to somebody else' delegations old "UPDATE delegations SET issuer = 'https://else.example'"
bent 'the same with a chain anew' authorizations anew 'UPDATE authorizations SET exp = exp + 86400' 'something else than the authorisation'
bent 'an authorisation for another key' authorizations anew \
	"UPDATE authorizations SET kid = (SELECT kid FROM keys WHERE used = 'status' AND kid <> authorizations.kid LIMIT 1)" 'something else'
bent 'an authorisation signed by nobody' authorizations anew "UPDATE authorizations SET $NOT_ITS_OWN" 'not signed with a key of the issuer'
bent 'a delegation to somebody else, with a chain anew' delegations anew "UPDATE delegations SET issuer = 'https://else.example'" \
	'something else than the delegation'
bent 'a delegation signed by nobody' delegations anew "UPDATE delegations SET $NOT_ITS_OWN" 'not signed with a key of its owner'
bent 'a mark that was made longer' marks anew 'UPDATE marks SET exp = exp + 86400' 'something else than the mark'
bent 'a mark for another shop' marks anew 'UPDATE marks SET application = (SELECT max(application) FROM marks)' 'another request'
bent 'an application of another shop' applications anew 'UPDATE applications SET member = (SELECT max(id) FROM members)' \
	'something else than the request'
bent 'a key of somebody else' keys anew "UPDATE keys SET cert = (SELECT cert FROM applications LIMIT 1) WHERE used = 'grant'" \
	'not that of its certificate'
bent 'a key under another name' keys anew "UPDATE keys SET kid = 'x' || substr(kid, 2) WHERE used = 'status'" 'not that of its certificate'
if on sqlite; then
	python3 bend.py <bends 2>bend.err || bail_out "$(cat bend.err)"
	is "$("$E" registry check --json --store bent-0.sqlite | jq -r .head)" "$HEAD" 'a chain anew over what nobody altered is the same'
	while IFS='	' read -r n what table why; do
		run_code 1 "$what" "$E" registry check --json --store "bent-$n.sqlite"
		is "$(field '"\(.whole) \(.bad.table)"')" "false $table" "$what: found"
		[ -z "$why" ] || like "$(field .why)" "$why" "$what: why"
	done <bent.sh
fi
done_testing
