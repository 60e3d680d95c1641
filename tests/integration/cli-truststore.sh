#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# ecert trust: whom to trust, said once; what is refused, what is on record, and what verify does then.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
start_vcard_socket
provision
cd "$T" || exit 1
E=$ECERT
STORE=$XDG_CONFIG_HOME/ecert/trust
sum() { openssl x509 -in "$1" -noout -fingerprint -sha256 | cut -d= -f2; }
add() { "$E" trust add --fingerprint "$(sum "$1")" "$@"; }
run_ok 'signs' sign invoice.txt

# ---- nobody, then the one that was confirmed ----
run_ok 'an empty store' "$E" trust list
like "$out" 'Nobody is trusted yet' 'says so'
run_code 10 'a signature without anybody' "$E" verify invoice.txt
run_code 5 'without a fingerprint and without a person' "$E" trust add ca/root.pem </dev/null
sentence 'Nobody is here to compare the fingerprint' 'it is not added in silence'
like "$err" "$(sum ca/root.pem)" 'and shown'
run_code 5 'with another fingerprint' "$E" trust add --fingerprint "$(sum ca/sub.pem)" ca/root.pem
sentence 'has another fingerprint' 'it is not added'
run_code 2 'with half a fingerprint' "$E" trust add --fingerprint abcd ca/root.pem
run_ok 'still nobody' "$E" trust list
like "$out" 'Nobody is trusted yet' 'as it says'
run_ok 'with its fingerprint' add ca/root.pem
like "$out" "$(sum ca/root.pem | tr -d : | tr A-F a-f)" 'which is shown'
is "$(stat -c %a "$STORE")" 700 'the folder is for its owner'
is "$(find "$STORE" -type f ! -perm 600 | wc -l)" 0 'and so is all in it'
run_ok 'verify needs no option' "$E" verify invoice.txt
like "$out" 'chain .*certificates? up to .*of your trust store' 'and says which anchor and whose'
like "$out" '^Trusted: +Demonstration Root CA \(TEST\), by your trust store$' 'which is a row of its own'
run_ok 'in JSON' "$E" verify --json invoice.txt
like "$(field '.signers[0].checks[] | select(.check == "chain") | .detail')" 'of your trust store' 'as well'
root=$(sum ca/root.pem | tr -d : | tr A-F a-f)
is "$(field '.anchors | tojson')" \
	'[{"name":"Demonstration Root CA (TEST)","sha256":"'"$root"'","by":"person","option":null,"file":null,"list":null}]' 'whom it came down to, and by whose word'
is "$(field '.signers[0].checks[] | select(.check == "chain") | .anchor')" "$root" 'and which check did'
run_code 10 'without the store' "$E" verify --no-trust-store invoice.txt
"$DEMO_CA" init other >/dev/null 2>&1 || bail_out 'another CA'
run_code 10 'an anchor on the line takes its place' "$E" verify --anchor other/root.pem invoice.txt
run_ok 'and one that fits' "$E" verify --anchor ca/root.pem invoice.txt
unlike "$out" 'trust store' 'is not called the store'"'"'s'
like "$out" '^Trusted: +Demonstration Root CA \(TEST\), by --anchor ca/root.pem$' 'but the option'"'"'s'
run_ok 'in JSON' "$E" verify --json --anchor ca/root.pem invoice.txt
is "$(field '.anchors[0] | .by + " " + .option + " " + .file')" 'option --anchor ca/root.pem' 'as well'
run_ok 'in the report' "$E" verify --anchor ca/root.pem --report trusted.html invoice.txt
is "$(grep -c 'Demonstration Root CA (TEST), by --anchor ca/root.pem' trusted.html)" 2 'too: of the run and of the document'
run_ok 'a second time' add ca/root.pem
like "$err" 'is trusted already' 'is told'
is "$(wc -l <"$STORE/changes.log")" 1 'and changes nothing'

# ---- what is refused ----
run_code 2 'a leaf' add 9c.pem
sentence 'is no CA' 'is refused'
run_code 5 'a leaf as an anchor' add 9c.pem --kind anchor
cat ca/root.key other/root.pem >both.pem
run_code 5 'a private key in the file' add other/root.pem both.pem
sentence 'There is a private key in both.pem' 'is refused'
run_ok 'and what came with it' "$E" trust list
is "$(printf '%s\n' "$out" | grep -c .)" 2 'is not taken'
like "$out" '^Kind +Trusted by +SHA-256 +Valid until +Name$' 'the list has a head'
like "$out" '^CA \(anchor\) +you +[0-9a-f]{8} +20[0-9-]+ +Demonstration Root CA' 'and says what for'
run_code 5 'another key under the name of who is trusted' "$E" trust add other/root.pem </dev/null
like "$err" "^Warning: Demonstration Root CA .TEST. is trusted already with another key .SHA-256 $(sum ca/root.pem)., and this one is $(sum other/root.pem)" \
	'is warned of'
run_code 5 'the same key' "$E" trust add ca/root.pem </dev/null
unlike "$err" 'another key' 'is no other'
cp other/root.pem open.pem && chmod 666 open.pem
run_code 5 'a file that everybody may change' add open.pem
sentence 'Everybody on this computer may change open.pem' 'is refused'
mkdir oldca && : >oldca/index && printf '[ca]\ndefault_ca=d\n[d]\ndatabase=oldca/index\nnew_certs_dir=oldca\nrand_serial=yes\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n[v]\nbasicConstraints=critical,CA:TRUE\n' >oldca/conf
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout old.key -out old.csr -subj '/CN=Old Root' 2>/dev/null &&
	openssl ca -batch -config oldca/conf -selfsign -keyfile old.key -in old.csr -out soon.pem -notext -extensions v \
		-startdate 20230101000000Z -enddate 20240101000000Z 2>/dev/null || bail_out 'an expired root'
run_code 5 'an expired root' add soon.pem
sentence 'Old Root has expired' 'is told'
run_ok 'and taken when it is meant' add soon.pem --force
run_code 2 'a kind that there is not' add other/root.pem --kind friend
run_code 8 'no certificate' "$E" trust add --fingerprint "$(sum ca/root.pem)" invoice.txt
# ---- a store that somebody else may change ----
chmod 770 "$STORE"
run_code 5 'a folder of a group' "$E" verify invoice.txt
sentence 'The trust store is not used: .* can be changed by other users' 'is not used'
run_ok 'and is left out on request' "$E" verify --no-trust-store --anchor ca/root.pem invoice.txt
chmod 700 "$STORE"
chmod 666 "$STORE"/anchor-*.json
run_code 5 'files that everybody may change' "$E" verify invoice.txt
chmod 600 "$STORE"/anchor-*.json
mv "$STORE" real && ln -s "$T/real" "$STORE"
run_code 5 'a link in the place of the folder' "$E" trust list
sentence 'is a link or a file' 'is not followed'
rm "$STORE" && mv real "$STORE"
if [ "$(id -u)" -eq 0 ]; then
	chown 65534 "$STORE"
	run_code 5 'a folder of another user' "$E" verify invoice.txt
	sentence 'belongs to another user' 'is not used'
	chown 0 "$STORE"
fi
f=$(echo "$STORE"/anchor-"$(sum ca/root.pem | tr -d : | tr A-F a-f)".json)
cp "$f" kept
openssl x509 -in other/root.pem -outform DER | base64 -w0 >other.b64
jq --rawfile c other.b64 '.certificate = $c' kept >"$f"
run_code 8 'another certificate under the name of the first' "$E" verify invoice.txt
sentence 'is damaged, or was not written by' 'is found'
rm "$f" && ln -s "$T/kept" "$f"
run_code 5 'a link in the place of the file' "$E" verify invoice.txt
rm "$f" && cp kept "$f"
run_ok 'and as it was it holds again' "$E" verify invoice.txt

# ---- the record ----
run_code 8 'a part of a name' "$E" trust show 'old roo'
like "$err" "Did you mean 'Old Root'" 'is not taken for it, and the name is told'
run_ok 'a fingerprint with colons, as it is shown' "$E" trust show "$(sum soon.pem | cut -c1-14)"
like "$out" '^Name: +Old Root$' 'is known'
run_code 8 'too few digits' "$E" trust show "$(sum soon.pem | cut -c1-8)"
run_ok 'whoever is on record' "$E" trust list
unlike "$out$err" 'Warning' 'is not warned of'
OLD=$(basename "$(grep -l 'Old Root' "$STORE"/*.json)")
cp -p "$STORE/$OLD" old.kept
run_ok 'removed' "$E" trust remove --yes 'Old Root'
like "$out" '^Removed: Old Root is not trusted any more' 'says so'
run_code 8 'twice' "$E" trust remove --yes 'Old Root'
is "$(jq -r '.deed + " " + .name' "$STORE/changes.log" | tail -n 1)" 'removed Old Root' 'is on record'
like "$(jq -r '.by + " " + .at' "$STORE/changes.log" | tail -n 1)" "^$(id -un) 20[0-9-]+T" 'with who and when'
# Its file comes back by itself: a backup, say.
cp -p old.kept "$STORE/$OLD"
run_ok 'one that was removed, and is there again' "$E" trust list
like "$err" '^Warning: Old Root is trusted, and the record of changes in .* does not have it as added' 'is warned of'
run_ok 'also by whoever relies on it' "$E" verify invoice.txt
like "$err" "^Warning: Old Root .* ecert trust remove [0-9a-f]{64}" 'with what to do'
run_ok 'and removed once more' "$E" trust remove --yes 'Old Root'
run_ok 'then' "$E" verify invoice.txt
unlike "$out$err" 'Warning' 'nothing is warned of'
mkdir away && mv "$STORE"/changes.* away/
run_ok 'without any record' "$E" verify invoice.txt
like "$err" '^Warning: .* is trusted, and the record' 'each is warned of'
mv away/changes.* "$STORE"/
run_ok 'the record' "$E" trust list --json
is "$(field .user.record)" whole 'is whole'
# cut EXPECTED NAME COMMAND: the record altered so by sed.
cut_record() {
	cp -p "$STORE/changes.log" log.kept
	sed -i "$2" "$STORE/changes.log"
	run_ok "$1" "$E" trust list --json
	is "$(field .user.record)" cut 'is found'
	like "$err" 'was cut or altered' 'and told'
	run_code 5 'and nothing is added' add other/root.pem
	cp -p log.kept "$STORE/changes.log"
}
cut_record 'a record without its first line' 1d
cut_record 'a record without its last line' '$d'
cut_record 'a record with another name' '1s/CN/cn/;1s/"name":"./"name":"?/'
run_ok 'as it was' "$E" trust list --json
is "$(field .user.record)" whole 'it is whole'

# ---- several at once ----
for i in 1 2 3 4 5 6; do
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout n.key -out n$i.pem -subj "/CN=Root $i" \
		-days 9 2>/dev/null || bail_out 'a root'
	add n$i.pem >/dev/null 2>&1 &
	adders="${adders:-} $!"
done
for i in 1 2 3; do
	add other/root.pem >/dev/null 2>&1 &
	adders="$adders $!"
done
bad=0
for pid in $adders; do wait "$pid" || bad=$((bad + 1)); done
is $bad 0 'nine at once are added'
run_ok 'and there' "$E" trust list --json
is "$(field '.trusted | length')" 8 'each once'
is "$(field .user.record)" whole 'on a whole record'
is "$(wc -l <"$STORE/changes.log")" 11 'with a line each'

# ---- marks, by name ----
run_code 2 'a leaf needs its kind' "$E" trust add --fingerprint "$(sum 9c.pem)" --url https://alliance.example 9c.pem
run_ok 'a mark issuer' add 9c.pem --kind mark-issuer --url https://alliance.example
run_ok 'shown by digits' "$E" trust show --json "$(sum 9c.pem | tr -d : | cut -c1-10)"
is "$(field '.trusted[0] | .kind + " " + .url')" 'mark-issuer https://alliance.example' 'with its URL'
"$DEMO_CA" init third >/dev/null 2>&1 || bail_out 'a third CA'
run_ok 'a CA of time stamps' add third/root.pem --kind tsa
run_ok 'which is one of signers, too' add third/root.pem
digits=$(sum third/root.pem | tr -d : | cut -c1-8)
run_ok 'is removed by its digits' "$E" trust remove --yes --json "$digits"
is "$(field '[.trusted[].kind] | sort | join(" ")')" 'anchor tsa' 'as both'
run_code 8 'and is trusted for nothing' "$E" trust show "$digits"

# ---- the computer's ----
etc=$(sed -n 's/^sysconfdir = //p' "$top_builddir/Makefile" | sed "s|\${prefix}|$(sed -n 's/^prefix = //p' "$top_builddir/Makefile")|")
cat >machine <<-END
	mkdir -p '$etc' && mount -t tmpfs -o mode=755 tmpfs '$etc' || exit 99
	rm -rf '$STORE'
	'$E' trust add --machine --fingerprint '$(sum ca/root.pem)' ca/root.pem || exit 98
	stat -c %a '$etc/ecert/trust'
	'$E' verify invoice.txt
END
run_ok 'the store of the computer' in_namespace m sh machine
like "$out" '^755$' 'is for everybody to read'
like "$out" "up to .*of this computer's trust store" 'and counts'
# ---- a list, and what it names ----
der64() { openssl x509 -in "$1" -outform DER | base64 -w0; }
printf '{"iss": "https://lists.example", "seq": 1, "entries": [{"name": "Root", "purposes": ["ecert-signing"], "x5c": "%s"},
	{"name": "Clock", "purposes": ["tsa"], "x5c": "%s"}]}' "$(der64 ca/root.pem)" "$(der64 other/root.pem)" >list.json
run_ok 'a list with a TSA' "$E" trustlist sign --pin-source file:pin -o list.jwt list.json
run_ok 'is trusted' "$E" trust add --fingerprint "$(sum 9c.pem)" --trust-list-signer 9c.pem list.jwt
like "$out" '^Names: +1 CA of signers$' 'and shown with what it names'
like "$out" '^ +1 time-stamping authority, or its CA$' 'the TSA, too'
run_ok 'for programs' "$E" trust show --json "$(sum 9c.pem)"
is "$(field '.trusted[] | select(.kind == "list").names | tojson')" '[{"purpose":"ecert-signing","entries":1},{"purpose":"tsa","entries":1}]' 'as well'
done_testing
