# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# The public side of a register; a part of cli-registry.sh, with what it has set up.
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
run_ok 'whom to ask' registry set contact desk@alliance.example
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
		unlike "$page" '<form' 'by no form, without a server'
		like "$page" 'Alliance of &lt;Honest&gt; Shops' 'what others wrote is text'
		like "$page" '<span class="value"><bdi>97\.4 percent<' 'evidence that is public, with its digits'
		like "$page" '<span class="value"><bdi>97\.40 percent<' 'and those of a text'
		unlike "$page" '31\.7|kept dark' 'evidence that is not public is not shown'
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
is "$(jq -c '[.members[] | select(.merchant == "https://second.example") | .evidence[] | .value]' site/register.json)" '["97.40",97.4]' 'with the evidence that is public'
is "$(python3 -c 'import csv; print([r["evidence"] for r in csv.DictReader(open("site/register.csv", encoding="utf-8-sig")) if "second" in r["domains"]][0])')" \
	'ISO 32112 2.3.1: 97.40 percent; ISO 32112 2.3.1: 97.4 percent' 'and its digits'
run_ok 'all of it' registry export evidence.jsonl
is "$(jq -c 'select(.part == "evidence") | .row | select(.[4] == "entry") | [(.[6] | fromjson | .value | tostring), .[7]]' evidence.jsonl | tail -n 4 | head -n 3 | tr '\n' ' ')" \
	'["97.40",1] ["97.4",1] ["31.7",0] ' 'is in an export, with who may see it'
is "$(grep -rlE '31\.7|kept dark' site)" '' 'and nowhere on the site what is for the issuer alone'
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
like "$(cat site/index.html)" 'class="when">It ended: <time datetime="2' 'since when'
like "$(cat "$PAGE/zh-hant.html")" 'class="when">結束於：<time datetime="2' 'in each language'
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
