#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# JAdES: signed on the virtual token's socket in each form, verified by Debian's jose and by us; what jose makes,
# and what a hostile signer may make.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
. "$top_srcdir/tests/integration/stamps-lib.sh"
start_vcard_socket
provision
cd "$T" || exit 1

openssl x509 -in 9c.pem -noout -pubkey >9c.pub.pem && jwk 9c.pub.pem >9c.jwk
# by_jose JWS [OPTION...]: it takes a name with two dots for a JWS itself.
by_jose() {
	local jws="$1"
	shift
	jose jws ver -i - -k 9c.jwk "$@" <"$jws"
}
head_of() { cut -d. -f1 "$1" | tr '_-' '/+' | base64 -d 2>/dev/null; }

# ---- signed, and verified by jose ----
run_ok 'signs' sign --format jades invoice.txt
is "$out" invoice.txt.jws 'says where the signature is'
is "$(head_of invoice.txt.jws | jq -r '[.alg, .typ, .sigD.mId, .sigD.pars[0], (.crit | join(","))] | join(" ")')" \
	'ES256 jose http://uri.etsi.org/19182/ObjectIdByURIHash invoice.txt sigD' 'a compact JWS that names the file'
is "$(head_of invoice.txt.jws | jq -r '.sigD.hashV[0]')" \
	"$(base64url <invoice.txt | openssl dgst -sha256 -binary | base64url)" 'by the digest of its base64url'
is "$(head_of invoice.txt.jws | jq -r '."x5t#S256"')" "$(x5t 9c.pem)" 'and the certificate by its digest'
is "$(head_of invoice.txt.jws | jq -r '(.iat | type) + " " + (.sigT | type)')" 'number null' 'its time is iat'
run_ok 'verifies' verify invoice.txt
like "$out" '^Signature: +valid$' 'called valid'
like "$out" 'Signed by: +CHAN Siu Ming, Harbour Lights Trading Co. Ltd.' 'who'
run_ok 'a signature alone finds its file' verify invoice.txt.jws
run_ok 'both, in the other order' verify invoice.txt.jws invoice.txt
run_ok 'verifies as JSON' verify --json invoice.txt
is "$(field '[.verdict, .kind, .signers[0].profile, .signers[0].algorithm] | join(" ")')" 'passed signature JAdES-B-B ES256' 'JSON: what it is'
run_ok 'jose verifies it' by_jose invoice.txt.jws -I /dev/null
cp invoice.txt data.json
for form in '' --flattened --general; do
	run_ok "signs $form" sign --force --format jades $form --attached data.json
	run_ok "jose verifies $form" by_jose data.json.jws -O taken
	cmp -s taken data.json && ok "jose takes the file out of $form" || not_ok "jose takes the file out of $form"
	rm -f inside && mkdir -p alone && cp data.json.jws alone/
	run_ok "verifies $form by itself, and takes the file out" verify --extract inside alone/data.json.jws
	cmp -s inside data.json && ok "it is the file of $form" || not_ok "it is the file of $form"
	run_ok "$form from standard input" sh -c "\"$ECERT\" verify --anchor ca/root.pem - <data.json.jws"
	run_ok "detached $form" sign --force --format jades $form data.json
	run_ok "verifies detached $form" verify data.json
	run_code 10 "not without its file $form" sh -c "\"$ECERT\" verify --anchor ca/root.pem - <data.json.jws"
	like "$out" 'SIGNED_DATA_NOT_FOUND' "which is told $form"
done
sed 's/1,234/9,234/' invoice.txt >changed.txt
run_code 1 'a changed byte' verify changed.txt invoice.txt.jws
sentence 'not valid: content digest: the content is not what was signed' 'a changed byte'
run_code 1 'a changed byte, as JSON' verify --json changed.txt invoice.txt.jws
is "$(field .verdict)/$(field .sub_indication)" failed/HASH_FAILURE 'JSON: failed, and why'
run_ok 'signs many' sign --json --format jades changed.txt 9c.pem
is "$(field '[.signed[].signature] | join(" ")')" 'changed.txt.jws 9c.pem.jws' 'JSON: each beside its file'
truncate -s 256M huge.bin
run_ok '256 MiB are signed by streaming' sign --format jades huge.bin
run_ok 'and verified' verify huge.bin
rm -f huge.bin huge.bin.jws

# ---- what is not signed ----
run_code 2 'no such format' sign --format pkcs9 invoice.txt
sentence "There is no format 'pkcs9'" 'no such format'
run_code 2 'a form of another format' sign --general changed.txt
sentence 'go with --format=jades alone' 'a form of another format'
run_code 2 'two forms' sign --format jades --general --flattened changed.txt
run_code 5 'one that is there is not replaced' sign --format jades invoice.txt
truncate -s 20M large.bin
run_code 8 'a file that is too large to be inside' sign --format jades --attached large.bin
[ ! -e large.bin.jws ] && ok 'leaves nothing' || not_ok 'leaves nothing'
rm large.bin

# ---- several files, one signature ----
mkdir set && cp invoice.txt set/ && printf 'a,b\n1,2\n' >'set/my list 一.csv' && printf '{"n":1}' >set/data.json
for form in '' --flattened --general; do
	run_ok "signs together $form" sign -f --format jades $form --together set/all.jws set/invoice.txt 'set/my list 一.csv' set/data.json
	is "$out" set/all.jws "says where $form"
	run_ok "jose verifies it $form" by_jose set/all.jws -I /dev/null
done
run_ok 'compact again' sign -f --together set/all.jws set/invoice.txt 'set/my list 一.csv' set/data.json
run_ok 'verifies with its files beside it' verify set/all.jws
like "$out" '^Files: +invoice.txt, [0-9]+ bytes' 'names them'
like "$out" 'my list 一.csv, 8 bytes' 'all of them'
head_of set/all.jws >set.json
is "$(jq -r '[.sigD.mId, .sigD.hashM, (.sigD.pars | join(",")), (.crit | join(","))] | join(" ")' set.json)" \
	'http://uri.etsi.org/19182/ObjectIdByURIHash S256 invoice.txt,my%20list%20%E4%B8%80.csv,data.json sigD' 'sigD names each, in order'
is "$(jq -r '.sigD.hashV[2]' set.json)" "$(base64url <set/data.json | openssl dgst -sha256 -binary | base64url)" 'by the digest of its base64url'
run_ok 'one of them and the signature' verify set/invoice.txt set/all.jws
run_code 1 'another file and the signature' verify 9c.pem set/all.jws
run_ok 'as JSON' verify --json set/all.jws
is "$(field '[.verdict, (.members[] | "\(.name) \(.signatures)")] | join(" ")')" 'passed invoice.txt 1 my list 一.csv 1 data.json 1' 'JSON: each'
cp set/all.jws set/renamed.bin
run_ok 'by another name' verify set/renamed.bin
rm set/renamed.bin
mv set/data.json away.json
run_code 10 'one that is missing' verify set/all.jws
like "$out" 'SIGNED_DATA_NOT_FOUND' 'is told as that'
sentence 'data.json, which is signed, is not beside the signature' 'by its name'
ln -s ../away.json set/data.json
run_code 10 'a link in its place' verify set/all.jws
like "$out$err" 'links are not followed' 'is not followed'
rm set/data.json
sed 's/1,234/9,234/' invoice.txt >set/invoice.txt
run_code 1 'one that is changed beside one that is missing' verify --json set/all.jws
is "$(field '[.verdict, .sub_indication] + [.signers[0].checks[] | select(.reason == "content-changed" or .reason == "not-beside") | .detail] | join("; ")')" \
	'failed; HASH_FAILURE; invoice.txt is not what was signed; data.json, which is signed, is not beside the signature' 'JSON: each by its name'
cp invoice.txt set/ && mv away.json set/data.json
run_ok 'as they were' verify set/all.jws
run_code 2 'a file of another folder' sign -f --together set/all.jws invoice.txt set/data.json
sentence 'is not in the folder of set/all.jws' 'a file of another folder'
run_code 2 'and a container' sign --together set/x.jws --asice set/x.asice set/data.json
run_code 2 'in another format' sign --format cades --together set/x.jws set/data.json
run_code 5 'what is there is not replaced' sign --together set/all.jws set/data.json
run_code 5 'nor is a file that is signed' sign -f --together set/data.json set/data.json set/invoice.txt
cmp -s set/invoice.txt invoice.txt && [ ! -e set/x.jws ] && ok 'nothing is left' || not_ok 'nothing is left'
rm -f 'set/my list 一.csv'

# ---- many, and folders ----
mkdir box && cp invoice.txt invoice.txt.jws alone/data.json.jws box/
run_ok 'a folder' verify --recursive --json-lines box
is "$(printf '%s\n' "$out" | grep -c '"verdict": *"passed"')" 2 'two documents in it'

# ---- what others make ----
"$DEMO_CA" make ca shop || bail_out demo-ca
NOW=$(date +%s)
V="verify"
other() { jws ca/shop.key "$1,$(x5c ca/shop.pem ca/sub.pem)" "$(cat invoice.txt)" | tr -d '\n' >other.jws; }
other "\"sigT\":\"$(date -u -d "@$NOW" +%Y-%m-%dT%H:%M:%SZ)\",\"x5t#S256\":\"$(x5t ca/shop.pem)\",\"crit\":[\"sigT\"]"
run_ok 'one with sigT' $V --json other.jws
is "$(field '.signers[0] | [.profile, .time] | join(" ")')" "JAdES-B-B $NOW" 'its time'
other "\"iat\":$NOW,\"sigT\":\"$(date -u -d "@$NOW" +%Y-%m-%dT%H:%M:%SZ)\",\"crit\":[\"sigT\"]"
run_code 1 'iat and sigT at once' $V other.jws
like "$out" '^Indication: +FORMAT_FAILURE' 'is a fault of form'
other '"crit":["exp"],"exp":1'
run_code 10 'what must be understood and is not' $V --json other.jws
is "$(field '[.sub_indication, .signers[0].checks[0].reason] | join(" ")')" 'SIG_CONSTRAINTS_FAILURE critical-unknown' 'in JSON'
# named NAME [HASH]...: sigD by a signer who may write what he likes.
named() {
	local pars='' hashes=''
	while [ $# -gt 1 ]; do
		pars="$pars,\"$1\"" hashes="$hashes,\"$2\""
		shift 2
	done
	jws ca/shop.key "\"iat\":$NOW,\"crit\":[\"sigD\"],\"sigD\":{\"mId\":\"http://uri.etsi.org/19182/ObjectIdByURIHash\",\"pars\":[${pars#,}],\"hashM\":\"S256\",\"hashV\":[${hashes#,}]},$(x5c ca/shop.pem ca/sub.pem)" '' | tr -d '\n' >set/named.jws
}
H=$(base64url <invoice.txt | openssl dgst -sha256 -binary | base64url)
D=$(base64url <set/data.json | openssl dgst -sha256 -binary | base64url)
named invoice.txt "$H" data.json "$D"
run_ok 'by another signer' $V set/named.jws
named ./invoice.txt "$H" data.json "$D"
run_code 10 'a path' $V set/named.jws
for name in %2e%2e%2finvoice.txt "$T/invoice.txt" 'https://example.org/invoice.txt' 'a%0ab' ''; do
	named "$name" "$H" data.json "$D"
	run_code 10 "'$name' is never looked for" $V --json set/named.jws
	is "$(field '[.signers[0].checks[] | select(.reason == "not-beside")] | length')" 1 'and told'
done
named invoice.txt "$H" invoice.txt "$D"
run_code 1 'one name twice' $V set/named.jws
# by_uri NAME...: without digests; the signature is over the file itself (TS 119 182-1, 5.2.8.3.2).
by_uri() {
	local pars=''
	for name in "$@"; do pars="$pars,\"$name\""; done
	jws ca/shop.key "\"iat\":$NOW,\"crit\":[\"sigD\"],\"sigD\":{\"mId\":\"http://uri.etsi.org/19182/ObjectIdByURI\",\"pars\":[${pars#,}]},$(x5c ca/shop.pem ca/sub.pem)" "$(cat set/data.json)" |
		tr -d '\n' | sed 's/\.[^.]*\./../' >set/named.jws
}
printf %s "$(cat set/data.json)" >set/bare.json
by_uri bare.json
run_ok 'by its name alone' $V --json set/named.jws
is "$(field '[.members[] | .name, .signatures] | join(" ")')" 'bare.json 1' 'which file it is'
run_code 1 'another one of that name' sh -c "cp -r set another && cp invoice.txt another/bare.json && \"$ECERT\" verify --anchor ca/root.pem another/named.jws"
by_uri away.json
run_code 10 'by the name of none' $V set/named.jws
sentence 'away.json, which is signed, is not beside the signature' 'by the name of none'
by_uri ../invoice.txt
run_code 10 'by a path' $V set/named.jws
by_uri bare.json invoice.txt
run_code 10 'by several' $V set/named.jws
rm -rf set/named.jws set/bare.json another
other '"typ":"jose"'
run_ok 'one without a time' $V other.jws
like "$out" 'JWS, not JAdES' 'says so'
other '"typ":"at+jwt"'
run_code 8 'a token of a kind that is not known' $V other.jws
printf '{"kty":"EC","crv":"P-256"}' >gen && jose jwk gen -i '{"alg":"ES256"}' -o made.jwk
jose jws sig -I invoice.txt -k made.jwk -s '{"protected":{"alg":"ES256"}}' -o bare.json
run_code 10 'by jose, without a certificate' $V bare.json
like "$out" 'NO_SIGNING_CERTIFICATE_FOUND' 'nobody can tell'

# ---- time stamps: B-T ----
make_ca tsaca
make_cert tsa tsaca 300 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping'
make_tsa_config
run_ok 'signs, to be stamped' sign --force --format jades --flattened invoice.txt
jq -j .signature invoice.txt.jws >value
stamp value token.tst
# beside JSON: in etsiU, as JSON that is in base64url.
beside() { jq -c --arg u "$(printf '%s' "$1" | base64url)" '.header = {etsiU: [$u]}' invoice.txt.jws >stamped.jws; }
beside "{\"sigTst\":{\"tstTokens\":[{\"val\":\"$(base64 -w0 <token.tst)\"}]}}"
VT="verify --anchor tsaca.pem --json"
run_ok 'with a time stamp' $VT invoice.txt stamped.jws
is "$(field '.signers[0] | [(.time_stamps | length), .time_stamps[0].verdict, (.proved_time | type)] | join(" ")')" '1 passed number' 'which counts'
jq -c --argjson t "{\"sigTst\":{\"tstTokens\":[{\"val\":\"$(base64 -w0 <token.tst)\"}]}}" '.header = {etsiU: [$t]}' invoice.txt.jws >stamped.jws
run_ok 'with one that is no base64url' $VT invoice.txt stamped.jws
is "$(field '.signers[0].time_stamps[0].verdict')" passed 'counts as well'
echo other >value && stamp value other.tst
beside "{\"sigTst\":{\"tstTokens\":[{\"val\":\"$(base64 -w0 <other.tst)\"},{\"val\":\"AAAA\"}]}}"
run_ok 'with two of something else' $VT invoice.txt stamped.jws
is "$(field '.signers[0] | [.proved_time, (.time_stamps[] | .verdict)] | join(" ")')" ' failed failed' 'which prove nothing'
# What a token brings about the signer is heard: it makes nobody good.
NOW=$(date +%s)
mkdir ca/sub.d && echo 01 >ca/sub.d/number && sed 's,tsaca,ca/sub,g' tsaca.cnf >ca/sub.cnf
for word in gone good; do
	gone=
	[ $word = good ] || gone="9c.pem $((NOW - 3600))"
	# shellcheck disable=SC2086
	make_crl ca/sub $((NOW - 60)) $((NOW + DAY)) $word.crl $gone
	"$MAKER" crls token.tst told.tst crl:$word.crl
	beside "{\"sigTst\":{\"tstTokens\":[{\"val\":\"$(base64 -w0 <told.tst)\"}]}}"
	$VT invoice.txt stamped.jws >told.$word
done
is "$(jq -r '.verdict + " " + .sub_indication' told.gone)" 'indeterminate REVOKED_NO_POE' 'a CRL in its token says that the signer was revoked'
is "$(jq -r '.verdict, (.signers[0].checks[] | select(.check == "revocation") | .state)' told.good | tr '\n' ' ')" 'passed skipped ' 'a good one says nothing'

done_testing
