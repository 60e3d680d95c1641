#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# ecert verify --online: what is asked, of whom, and what an answer is worth; servers that lie, stall and flood.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
cd "$T" || exit 1
mkdir srv srv/www
spawn "$top_srcdir/tests/integration/online-server" "$T/srv"
wait_for 20 test -s srv/port || bail_out 'the server did not start'
PORT=$(cat srv/port) HERE=http://127.0.0.1:$(cat srv/port)
CACHE=$XDG_CACHE_HOME/ecert/online
echo 'I owe you 100.' >bill.txt

# ---- a root, a CA below it, and a certificate for each mood ----
EC='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'
quiet() { "$@" >openssl.log 2>&1 || { cat openssl.log >&2; bail_out "$*"; }; }
# ca NAME SUBJECT [ISSUER [EXTENSION]]
ca() {
	printf 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign,digitalSignature\n%s\n' "${4:-}" >"$1.ext"
	# shellcheck disable=SC2086
	quiet openssl req -new $EC -keyout "srv/$1.key" -out "$1.csr" -subj "/CN=$2"
	if [ -n "${3:-}" ]; then
		set -- "$1" -CA "srv/$3.pem" -CAkey "srv/$3.key"
	else
		set -- "$1" -signkey "srv/$1.key"
	fi
	name=$1
	shift
	quiet openssl x509 -req -in "$name.csr" -days 900 -set_serial "0x77$(openssl rand -hex 6)" -extfile "$name.ext" "$@" -out "srv/$name.pem"
	: >"srv/$name.index"
}
serial=16
quiet openssl ecparam -name prime256v1 -genkey -noout -out leaf.key
quiet openssl pkey -in leaf.key -pubout -out leaf.pub
# leaf NAME EXTENSION [CA]: its certificate, and bill.NAME.p7s made with it. Known to the CA's responder as good.
leaf() {
	serial=$((serial + 1))
	printf 'basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n%s\n' "$2" >"$1.ext"
	ln -f leaf.key "$1.key"
	quiet openssl x509 -new -force_pubkey leaf.pub -subj "/C=HK/O=Harbour Lights/CN=Signer $1" -days 365 -set_serial $serial \
		-extfile "$1.ext" -CA "srv/${3:-sub}.pem" -CAkey "srv/${3:-sub}.key" -out "$1.pem"
	printf 'V\t300101000000Z\t\t%02X\tunknown\t/CN=%s\n' $serial "$1" >>"srv/${3:-sub}.index"
	quiet openssl cms -sign -cades -binary -in bill.txt -signer "$1.pem" -inkey "$1.key" -certfile "srv/${3:-sub}.pem" \
		-outform DER -out "bill.$1.p7s"
}
revoke() { sed -i "s,^V\t\(300101000000Z\)\t\(.*CN=$1\)$,R\t\1\t250101000000Z\2," "srv/${2:-sub}.index"; }
ocsp_at() { echo "authorityInfoAccess=OCSP;URI:$1"; }
crl_at() { echo "crlDistributionPoints=URI:$1"; }
ca root 'Root'
ca sub 'Signing CA' root
ca stranger 'Signing CA'

verify() { "$ECERT" verify --anchor srv/root.pem "$@"; }
online() { verify --online --online-allow "127.0.0.1:$PORT" --online-timeout 2 "$@"; }
asked() { if [ -s srv/log ]; then wc -l <srv/log; else echo 0; fi; }
forget() { rm -rf srv/log "$CACHE"; }
# doubtful NAME COMMAND...: it is not called valid, and not called wrong either.
doubtful() {
	local name=$1 code
	shift
	"$@" --json >"$T/out" 2>"$T/err" </dev/null
	code=$?
	out=$(cat "$T/out") err=$(cat "$T/err")
	json_seen "$@" --json
	is "$code $(field '.verdict + " " + .sub_indication')" '10 indeterminate TRY_LATER' "$name: in doubt"
}
# outcome WANT NAME: of the first thing that was fetched.
outcome() { is "$(field '.fetched[0].outcome')" "$1" "$2"; }
revocation() { field '.signers[0].checks[] | select(.check == "revocation") | .state'; }

# ---- not asked unless told to ----
leaf good "$(ocsp_at "$HERE/ocsp/sub")"
run_ok 'without --online' verify bill.txt bill.good.p7s
like "$out" "^Not asked: +$HERE/ocsp/sub \(in a private or reserved network: --online asks it with --online-allow=HOST\)$" 'says whom it would ask, and how'
like "$out" '^But: +it is not known whether a certificate was revoked .--crl and --ocsp say.$' '--online alone would not help'
run_ok 'the same for programs' verify --json bill.txt bill.good.p7s
is "$(field '.would_not_ask | map(.kind + " " + .url + " " + .about + " " + .outcome) | join(",")')" "ocsp $HERE/ocsp/sub Signer good address-refused" \
	'with kind, address and about whom'
is "$(field '.fetched, .would_ask' | tr '\n' ' ')" 'null null ' 'nothing was fetched'
leaf public "authorityInfoAccess=OCSP;URI:http://ocsp.ca.example/,caIssuers;URI:ldap://ca.example/cn=CA
crlDistributionPoints=URI:ldap://ca.example/cn=CA,URI:http://me:secret@ca.example/,URI:http://ca.example/a.crl,URI:http://ca.example/b.crl"
run_ok 'an address of the Internet' verify bill.txt bill.public.p7s
like "$out" '^Not asked: +http://ocsp.ca.example/ and more, 2 in all .--online asks them.$' 'is asked, as the other is'
like "$out" '^ +http://me:secret@ca.example/ .such an address is never asked: --crl and --ocsp name what it has.$' 'which one is not, is told with what helps'
like "$out" '^But: .*--online asks, --crl and --ocsp say.$' 'and it helps'
like "$out" '^ +ldap://ca.example/cn=CA .such an address is never asked: --crl and --ocsp name what it has.$' 'so is one beside others'
is "$(asked)" 0 'and the server has heard nothing'
is "$(ls -A "$CACHE" 2>/dev/null)" '' 'nor was anything kept'

# ---- good, revoked, and kept ----
run_ok 'good, says OCSP' online --json bill.txt bill.good.p7s
is "$(revocation)" ok 'the check says so'
outcome ok 'it was fetched'
is "$(field '.fetched[0] | "\(.kind) \(.url) \(.cached) \(.bytes > 100)"')" "ocsp $HERE/ocsp/sub false true" 'and told'
like "$err" "Asked $HERE/ocsp/sub for an OCSP response: [0-9]+ bytes" 'people are told, too'
is "$(asked) $(cut -d' ' -f1,2 srv/log)" '1 POST /ocsp/sub' 'by one POST'
is "$(stat -c %a "$CACHE") $(stat -c %a "$CACHE"/*)" '700 600' 'it is kept for its user alone'
run_ok 'the second time' online --json bill.txt bill.good.p7s
is "$(field '.fetched[0].cached') $(asked)" 'true 1' 'comes from the cache'
like "$err" 'an OCSP response of .* is still at hand from before' 'which is told'
entry=$(echo "$CACHE"/*)
sed -i 's/successful\|good/xxxx/' "$entry" && printf 'X' | dd of="$entry" bs=1 seek=300 conv=notrunc 2>/dev/null
run_ok 'an entry that was altered' online --json bill.txt bill.good.p7s
is "$(field '.fetched | map("\(.cached) \(.outcome)") | join(",")') $(asked)" 'true not-used,false ok 2' 'counts for nothing, and it is asked again'
doubtful 'the cache as of three days later' online --at "$(date -u -d '+3 days' +%Y-%m-%dT%H:%M:%SZ)" bill.txt bill.good.p7s
like "$out" 'the OCSP response is stale' 'is stale'
leaf bad "$(ocsp_at "$HERE/ocsp/sub")"
revoke bad
run_code 10 'revoked, says OCSP' online --json bill.txt bill.bad.p7s
is "$(revocation) $(field '.fetched[0].outcome')" 'failed ok' 'revoked'
leaf get "$(ocsp_at "$HERE/get/sub")"
run_ok 'a responder that takes GET only' online bill.txt bill.get.p7s
like "$out" 'ok +revocation +good, says the OCSP response' 'is asked so'
run_ok 'several at once' verify --online --online-allow 127.0.0.1 --online-cache mine --json bill.txt bill.good.p7s
is "$(field '.fetched[0].cached') $(stat -c %a mine)" 'false 700' 'a cache of another name is another cache'
chmod 755 mine
run_code 6 'one that others look into' online --online-cache mine bill.txt bill.good.p7s
sentence 'Cannot keep what is fetched in mine' 'is refused'
"$ECERT" verify --anchor srv/root.pem --online --online-allow 127.0.0.1 bill.txt bill.good.p7s >out2 2>err2 &
run_ok 'two at the same time' online bill.txt bill.good.p7s
wait $!
is "$(grep -c 'ok *revocation' out2)" 1 'do not disturb each other'

# ---- answers that are worth nothing ----
quiet openssl ocsp -issuer srv/sub.pem -serial 17 -reqout req -nonce
quiet openssl ocsp -index srv/sub.index -CA srv/sub.pem -rsigner srv/sub.pem -rkey srv/sub.key -reqin req -respout srv/www/replayed -ndays 1
leaf replay "$(ocsp_at "$HERE/fixed/replayed")"
doubtful "somebody else's answer" online bill.txt bill.replay.p7s
outcome not-used 'an answer to another request'
like "$err" 'its nonce is not the one that was sent' 'by its nonce'
quiet openssl ocsp -issuer srv/sub.pem -serial 17 -reqout req -no_nonce
quiet openssl ocsp -index srv/sub.index -CA srv/sub.pem -rsigner srv/sub.pem -rkey srv/sub.key -reqin req -respout srv/www/other -ndays 1
leaf other "$(ocsp_at "$HERE/fixed/other")"
doubtful 'about another certificate' online bill.txt bill.other.p7s
like "$err" 'it is about another certificate' 'is told'
like "$out" 'no answer of use came from where the certificate says to ask' 'and what it means'
leaf forged "$(ocsp_at "$HERE/ocsp/stranger")"
cp srv/sub.index srv/stranger.index
doubtful 'signed by a stranger' online bill.txt bill.forged.p7s
outcome not-used 'a stranger counts for nothing'
for mood in 'html:not-used:it is no OCSP response' 'missing:http-status:its server refused .HTTP 404' 'empty:broken:damaged or empty' \
	'endless:too-large:larger than what is taken' 'headers:too-large:larger than' 'slow:timeout:did not answer in time' \
	'silent:timeout:did not answer in time' 'again:too-large:larger than'; do
	name=${mood%%:*} rest=${mood#*:}
	leaf "$name" "$(ocsp_at "$HERE/$name/")"
	begun=$(date +%s)
	doubtful "a server that is $name" online bill.txt "bill.$name.p7s"
	outcome "${rest%%:*}" "$name: told to programs"
	like "$err" "${rest#*:}" "$name: told to people"
	[ $(($(date +%s) - begun)) -lt 30 ] && ok "$name: it ends" || not_ok "$name: it ends"
done
is "$(find "$CACHE" -name '.new*' | wc -l)" 0 'nothing of that is left in the cache'

# ---- CRLs ----
# crl NAME [REVOKED-SERIAL]: srv/www/NAME by the CA.
crl() {
	cat >crl.cnf <<-END
		[ca]
		default_ca = c
		[c]
		database = $T/crl.index
		certificate = $T/srv/sub.pem
		private_key = $T/srv/sub.key
		default_md = sha256
		default_crl_days = 2
	END
	: >crl.index
	[ -z "${2:-}" ] || printf 'R\t300101000000Z\t250101000000Z\t%02X\tunknown\t/CN=x\n' "$2" >crl.index
	quiet openssl ca -config crl.cnf -gencrl -out "srv/www/$1.pem"
	quiet openssl crl -in "srv/www/$1.pem" -outform DER -out "srv/www/$1.der"
}
crl empty-list
for form in der pem; do
	leaf "crl$form" "$(crl_at "$HERE/empty-list.$form")"
	run_ok "a CRL in $form" online --json bill.txt "bill.crl$form.p7s"
	is "$(revocation) $(field '.fetched[0] | "\(.kind) \(.outcome)"')" 'ok crl ok' "$form: not on it"
done
leaf listed "$(crl_at "$HERE/list.der")"
crl list $serial
run_code 10 'on the CRL' online --json bill.txt bill.listed.p7s
is "$(revocation)" failed 'is revoked'
run_code 10 'from the cache as well' online --json bill.txt bill.listed.p7s
is "$(revocation) $(field '.fetched[0].cached')" 'failed true' 'is revoked still'
leaf fallback "$(ocsp_at "$HERE/missing/")
$(crl_at "$HERE/empty-list.der")"
run_ok 'the CRL where OCSP does not answer' online --json bill.txt bill.fallback.p7s
is "$(field '.fetched | map(.kind + " " + .outcome) | join(",")')" 'ocsp http-status,crl ok' 'one after the other'
leaf elsewhere "$(crl_at "ldap://127.0.0.1/cn=CA?certificateRevocationList")
authorityInfoAccess=OCSP;URI:file:///etc/hosts,caIssuers;URI:ldap://127.0.0.1/cn=CA"
run_code 10 'addresses that nobody is asked at' online --json bill.txt bill.elsewhere.p7s
is "$(field '.fetched | map(.kind + " " + .outcome + " " + .url) | join(",")')" \
	'ocsp url-refused file:///etc/hosts,crl url-refused ldap://127.0.0.1/cn=CA?certificateRevocationList' 'are told to programs'
like "$err" '^ldap://127.0.0.1/cn=CA.* for a CRL: not asked: ' 'and to people'
run_ok 'without --online' verify --json bill.txt bill.elsewhere.p7s
is "$(field '.would_ask, (.would_not_ask | map(.kind + " " + .outcome) | join(","))' | tr '\n' ' ')" 'null ocsp url-refused,crl url-refused ' \
	'it does not say that it would ask them'
# Whatever names somebody is told, with why it is not asked, and is no reason to call anything valid.
long=http://ca.example/$(printf %01100d 7)
for odd in "URI:$long/url-too-long/^http://ca.example/0+\.\.\. for a CRL: not asked: addresses of 1024 characters and more are not$" \
	'URI:/no-url/^URI: for a CRL: not asked: that is no address on the network$' 'URI:http~///url-refused/^http:// for a CRL: not asked: such' \
	'URI:http~/url-refused/^http: for a CRL: not asked: such' 'URI:ftp~//a/url-refused/^ftp://a for a CRL: not asked: such' \
	'DNS:ca.example/no-url/^DNS:ca.example for a CRL: not asked: that is no' 'dirName:dn/no-url/^DirName:.*Nobody for a CRL: not asked: that is no' \
	'relative/no-url/^CN *= *Nobody for a CRL: not asked: that is no' 'issuer/no-url/^DirName:.*Nobody for a CRL: not asked: that is no'; do
	name=${odd%%/url-*} name=${name%%/no-*} rest=${odd#"$name"/}
	case $name in
	URI:) points=DER:30083006A004A0028600 ;;
	relative) points='p
[p]
relativename=dn' ;;
	issuer) points='p
[p]
CRLissuer=dirName:dn' ;;
	*) points="p
[p]
fullname=$(printf %s "$name" | tr '~' ':')" ;;
	esac
	n=$((n + 1))
	leaf "odd$n" "crlDistributionPoints=$points
[dn]
CN=Nobody"
	doubtful "$(printf %.20s "$name")" online bill.txt "bill.odd$n.p7s"
	is "$(field '.fetched | map(.kind + " " + .outcome) | join(",")')" "crl ${rest%%/*}" 'is told to programs'
	like "$err" "${rest#*/}" 'and to people, with why'
done
run_ok 'the last one without --online' verify --json bill.txt "bill.odd$n.p7s"
is "$(field '.would_ask, (.would_not_ask | map(.kind + " " + .outcome) | join(","))' | tr '\n' ' ')" 'null crl no-url ' 'is told as well'
leaf oddocsp "authorityInfoAccess=OCSP;DNS:ca.example,OCSP;URI:$long"
doubtful 'responders that are none' online bill.txt bill.oddocsp.p7s
like "$err" 'Nobody can be asked for it as it is' 'and nobody is told to ask again later'
is "$(field '.fetched | map(.kind + " " + .outcome) | join(",")')" 'ocsp no-url,ocsp url-too-long' 'are told'
leaf crlhtml "$(crl_at "$HERE/html/")"
doubtful 'HTML in its place' online bill.txt bill.crlhtml.p7s
like "$err" 'for a CRL: it is no CRL' 'is no CRL'

# ---- what the relying party has counts before ----
leaf given "$(ocsp_at "$HERE/ocsp/sub")"
crl given $serial
rm -f srv/log
run_code 10 'revoked, says its own CRL' online --crl srv/www/given.pem bill.txt bill.given.p7s
is "$(asked)" 0 'nobody is asked to contradict it'
run_ok 'good, says its own CRL' online --crl srv/www/empty-list.pem bill.txt bill.given.p7s
is "$(asked)" 0 'nobody has to be asked'
run_code 10 'nobody is trusted for being fetched' "$ECERT" verify --online --online-allow 127.0.0.1 bill.txt bill.good.p7s
is "$(asked)" 0 'without an anchor nothing is asked'

# ---- the certificate of a CA ----
openssl x509 -in srv/sub.pem -outform DER -out srv/www/sub.crt
cp srv/sub.pem srv/www/sub.pem
openssl crl2pkcs7 -nocrl -certfile srv/sub.pem -certfile srv/root.pem -outform DER -out srv/www/sub.p7c
openssl x509 -in srv/stranger.pem -outform DER -out srv/www/stranger.crt
alone() {
	leaf "$1" "authorityInfoAccess=caIssuers;URI:$2"
	quiet openssl cms -sign -cades -binary -in bill.txt -signer "$1.pem" -inkey "$1.key" -outform DER -out "bill.$1.p7s"
}
for form in crt pem p7c; do
	alone "sub$form" "$HERE/sub.$form"
	missing=$(verify --json bill.txt "bill.sub$form.p7s" 2>/dev/null | jq -r '.verdict + " " + (.would_not_ask | map(.kind) | join(","))')
	like "$missing" '^(failed|indeterminate) issuer$' "$form: missing, and it would be asked for"
	run_ok "$form: found" online --json bill.txt "bill.sub$form.p7s"
	is "$(field '.fetched | map(.kind + " " + .outcome) | join(",")')" 'issuer ok' "$form: fetched"
done
alone substranger "$HERE/stranger.crt"
like "$(online --json bill.txt bill.substranger.p7s 2>"$T/err" | jq -r '.verdict + " " + .fetched[0].outcome')" \
	'^(failed|indeterminate) not-used$' "another's certificate of the same name is no help"
like "$(cat "$T/err")" 'it is not the certificate of its issuer' 'and that is told'
# A signer's own CA may be fetched; that makes nobody trust it.
leaf own "authorityInfoAccess=caIssuers;URI:$HERE/stranger.crt" stranger
quiet openssl cms -sign -cades -binary -in bill.txt -signer own.pem -inkey own.key -outform DER -out bill.own.p7s
like "$(online --json bill.txt bill.own.p7s 2>/dev/null | jq -r .verdict)" '^(failed|indeterminate)$' 'a CA that was fetched is not trusted'

# ---- where it does not go ----
rm -f srv/log
doubtful 'a loopback address that nobody named' verify --online bill.txt bill.html.p7s
outcome address-refused 'is not asked'
like "$err" 'private or reserved network .--online-allow' 'and it says how to allow it'
unlike "$err" 'Asked .*not asked' 'nor is it told to be'
leaf name "$(ocsp_at "http://localhost:$PORT/ocsp/sub")"
doubtful 'a name that leads to loopback' online bill.txt bill.name.p7s
outcome address-refused 'is found where it connects'
doubtful 'the right host at another port' verify --online --online-allow 127.0.0.1:9 bill.txt bill.html.p7s
outcome address-refused 'is not the one that was named'
is "$(asked)" 0 'the server has heard of none of them'
for url in "http://user:secret@127.0.0.1:$PORT/ocsp/sub" 'http://127.0.0.2:25/' 'http://127.0.0.1:99999/'; do
	n=$((${n:-0} + 1))
	leaf "url$n" "$(ocsp_at "$url")"
	doubtful "$url" online bill.txt "bill.url$n.p7s"
	outcome url-refused "$url: is not asked"
done
is "$(asked)" 0 'nor of those'
n=0
for where in "302/http:%2F%2F127.0.0.2:$PORT%2Fempty-list.der:address-refused" '302/http:%2F%2F10.0.0.1%2F:address-refused' \
	'307/http:%2F%2F[::1]%2F:address-refused' '301/http:%2F%2F[::ffff:127.0.0.1]%2F:address-refused' \
	'302/file:%2F%2F%2Fetc%2Fpasswd:redirect-refused' '302/http:%2F%2Fme@127.0.0.1%2F:redirect-refused' '303/%2Fempty-list.der:http-status'; do
	n=$((n + 1))
	leaf "lead$n" "$(crl_at "$HERE/lead/${where%:*}")"
	doubtful "a redirect: ${where%:*}" online bill.txt "bill.lead$n.p7s"
	outcome "${where##*:}" "not followed: ${where%:*}"
	[ "${where##*:}" != address-refused ] ||
		like "$(field '.fetched[0].redirected_to')" '^http://' "and programs are told where it led"
	[ "${where##*:}" != address-refused ] ||
		like "$(cat "$T/err")" "^Asked $HERE/lead/.*: it led to http://[^ ]*, not asked: it is in a private" 'and told where it led'
done
leaf circle "$(crl_at "$HERE/circle/")"
rm -f srv/log
doubtful 'redirects without end' online bill.txt bill.circle.p7s
is "$(field '.fetched[0].outcome') $(asked)" 'redirect-refused 4' 'end after the third'
leaf led "$(crl_at "$HERE/lead/302/%2Fempty-list.der")"
run_ok 'a redirect to where may be asked' online --json bill.txt bill.led.p7s
is "$(field '.fetched[0] | .outcome + " " + .redirected_to')" "ok $HERE/empty-list.der" 'is followed, and told'
leaf ledocsp "$(ocsp_at "$HERE/lead/307/%2Focsp%2Fsub")"
run_ok 'and with the same request' online bill.txt bill.ledocsp.p7s

# ---- nothing else has a say ----
forget
printf 'machine 127.0.0.1 login me password secret\n' >"$HOME/.netrc"
chmod 600 "$HOME/.netrc"
leaf plain "$(ocsp_at "$HERE/html/a")
$(crl_at "$HERE/empty-list.der")"
run_ok 'with a proxy, a .netrc and cookies about' env http_proxy=http://127.0.0.1:9 ALL_PROXY=http://127.0.0.1:9 \
	"$ECERT" verify --anchor srv/root.pem --online --online-allow "127.0.0.1:$PORT" bill.txt bill.plain.p7s
is "$(asked) $(grep -c 'cookie=- authorization=-$' srv/log)" '2 2' 'the server is asked, and told nothing of them'
rm "$HOME/.netrc"
free=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
leaf gone "$(ocsp_at "http://127.0.0.1:$free/")"
doubtful 'nobody listens there' verify --online --online-allow 127.0.0.1 bill.txt bill.gone.p7s
outcome unreachable 'is told'
quiet openssl req -x509 $EC -keyout tls.key -out tls.pem -subj /CN=127.0.0.1 -days 9
spawn openssl s_server -accept "127.0.0.1:$free" -cert tls.pem -key tls.key -WWW -quiet
wait_for 10 python3 -c "import socket; socket.create_connection(('127.0.0.1', $free))"
leaf tls "$(ocsp_at "https://127.0.0.1:$free/")"
doubtful 'a TLS server that nobody vouches for' verify --online --online-allow 127.0.0.1 bill.txt bill.tls.p7s
outcome tls 'is told'

# ---- too many ----
many=$(for i in 1 2 3 4 5 6 7 8 9; do printf 'OCSP;URI:%s/missing/%s,' "$HERE" "$i"; done)
leaf many "authorityInfoAccess=${many%,}"
rm -f srv/log
doubtful 'nine responders' online bill.txt bill.many.p7s
is "$(asked)" 2 'two are asked'
is "$(field '.fetched[-1] | "\(.outcome) \(.url) \(.more)"')" "certificate-limit $HERE/missing/3 6" 'the others are told to programs'
like "$err" "^$HERE/missing/3 and others for an OCSP response: not asked: 2 addresses of one certificate are, and it names 7 more$" 'and to people'
run_ok 'nine responders, not asked' verify bill.txt bill.many.p7s
like "$out" "^Not asked: +$HERE/missing/1 .in a private" 'the first is told'
like "$out" "^ +$HERE/missing/3 and 6 more .of one certificate so many are not asked.$" 'and how many more there are'
leaf mirrors "$(crl_at "$HERE/missing/a,URI:$HERE/missing/b,URI:$HERE/empty-list.der")"
doubtful 'a third mirror' online bill.txt bill.mirrors.p7s
like "$err" "^$HERE/empty-list.der for a CRL: not asked: 2 addresses of one certificate are, and it names 1 more$" 'is told, since it would have had the answer'
is "$(field '.fetched | map(.outcome) | join(",")') $(field '.fetched[-1].more')" 'http-status,http-status,certificate-limit null' 'as the only one more'
up=
for i in 6 5 4 3 2 1; do
	ca "up$i" "Up $i" "${up:-root}" "authorityInfoAccess=caIssuers;URI:$HERE/${up:-root}.crt"
	openssl x509 -in "srv/up$i.pem" -outform DER -out "srv/www/up$i.crt"
	up=up$i
done
leaf high "authorityInfoAccess=caIssuers;URI:$HERE/up1.crt" up1
quiet openssl cms -sign -cades -binary -in bill.txt -signer high.pem -inkey high.key -outform DER -out bill.high.p7s
run_code 10 'six CAs above it' online --json bill.txt bill.high.p7s
is "$(field '.fetched | map(.kind + " " + .outcome) | join(",")')" 'issuer ok,issuer ok,issuer ok,issuer ok,issuer certificate-limit' 'four are fetched'
like "$err" "^$HERE/up5.crt for a CA's certificate: not asked: 4 certificates of CAs were fetched for this path, and no more are$" 'and it says where it stopped'
set --
for i in 1 2 3 4 5 6 7 8 9 10; do
	leaf "crowd$i" "authorityInfoAccess=OCSP;URI:$HERE/missing/a$i,OCSP;URI:$HERE/missing/b$i"
	set -- "$@" -signer "crowd$i.pem" -inkey "crowd$i.key"
done
quiet openssl cms -sign -cades -binary -in bill.txt "$@" -certfile srv/sub.pem -outform DER -out bill.crowd.p7s
rm -f srv/log
doubtful 'ten signers with two each' online bill.txt bill.crowd.p7s
is "$(asked) $(field '.fetched | map(.outcome) | group_by(.) | map("\(.[0]) \(length)") | join(",")')" \
	'16 http-status 16,limit 4' 'sixteen requests are made for one file'

# ---- a run of many has a limit, whatever number of files and processes it has ----
mkdir limited
for i in 1 2 3 4 5 6; do
	leaf "run$i" "authorityInfoAccess=OCSP;URI:$HERE/missing/run$i,OCSP;URI:http://localhost:$PORT/missing/run$i"
	cp bill.txt "limited/$i.txt"
	mv "bill.run$i.p7s" "limited/$i.txt.p7s"
done
for jobs in 1 3; do
	forget
	run_code 10 "twelve wanted, six given, $jobs at once" online --online-allow localhost --online-limit 6 --jobs $jobs --json-lines --recursive limited
	is "$(asked)" 6 'six are made'
	is "$(printf '%s\n' "$out" | jq -r '.fetched[]?.outcome | sub("^(run|host)-limit$"; "limit")' | sort | uniq -c | tr -s ' \n' ' ')" \
		' 6 http-status 6 limit ' 'the others are told not to be'
	is "$(printf '%s\n' "$out" | jq -r '.fetched[]? | select(.outcome == "http-status").url | sub("missing.*"; "")' | sort | uniq -c | tr -s ' \n' ' ')" \
		" 3 $HERE/ 3 http://localhost:$PORT/ " 'three to each host'
	is "$(printf '%s\n' "$out" | jq -r '.summary.not_asked // empty')" 6 'and summed up'
	like "$err" 'Note: 6 requests were not made, since the limit of this run is used up: --online-limit' 'for people, too'
done
mkdir one
for i in 1 2 3; do
	leaf "one$i" "$(ocsp_at "$HERE/missing/one$i")"
	cp bill.txt "one/$i.txt"
	mv "bill.one$i.p7s" "one/$i.txt.p7s"
done
run_code 10 'one host' online --online-limit 4 --jobs 1 --json-lines --recursive one
is "$(printf '%s\n' "$out" | jq -r '.fetched[]?.outcome' | tr '\n' ' ')" 'http-status http-status host-limit ' 'has a half of it'
doubtful 'one file alone' online --online-limit 1 limited/1.txt
is "$(field '.fetched | map(.outcome) | join(",")')" 'http-status,run-limit' 'has the same limit'
like "$err" "^(Note: )?http://localhost:$PORT/missing/run1 for an OCSP response: not asked: the limit of this run is used up" 'which is told'

# ---- words ----
run_code 2 'a limit that is none' verify --online --online-limit 1000001 bill.txt bill.good.p7s
sentence '--online-limit takes 1 to 1000000 requests' 'is told'
run_code 2 'a limit without asking' verify --online-limit 5 bill.txt bill.good.p7s
sentence 'and that is not given' 'is a mistake'
run_code 2 'how to ask, without asking' verify --online-allow localhost bill.txt bill.good.p7s
sentence 'and that is not given' 'is a mistake'
run_code 2 'a host that is none' verify --online --online-allow http://localhost/ bill.txt bill.good.p7s
sentence "takes HOST or HOST:PORT, not 'http://localhost/'" 'is told'
run_code 2 'a time that is none' verify --online --online-timeout 61 bill.txt bill.good.p7s
sentence 'takes 1 to 60 seconds' 'is told'
json_means="online=verify"
done_testing
