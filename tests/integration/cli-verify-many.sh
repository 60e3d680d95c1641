#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# ecert verify of many: which names are one document, folders, order, processes, the summary, JSON a line, and the
# report's page; the same verdict in all of them.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
cd "$T" || exit 1
# same NAME FILE FILE
same() {
	if [ -s "$2" ] && cmp -s "$2" "$3"; then ok "$1"; else
		not_ok "$1"
		diff "$2" "$3" | diag
	fi
}
# keep_lines NAME...: each line of $out is judged by the schema.
keep_lines() {
	local line
	printf '%s\n' "$out" >"$T/each"
	while IFS= read -r line; do
		printf '%s\n' "$line" >"$T/line"
		json_keep "$T/line" verify --json "$@"
	done <"$T/each"
}
KEY=ec "$DEMO_CA" init "$T/ca"
KEY=ec "$DEMO_CA" make "$T/ca" wong
KEY=ec SUBJECT='/C=HK/O=<b>Lam & "Sons"<\/b>/CN=<script>alert(1)<\/script>' "$DEMO_CA" make "$T/ca" lam
cp ca/crl.pem crl.pem 2>/dev/null || "$DEMO_CA" revoke "$T/ca" "$T/ca/lam.pem"
# cms SIGNER CONTENT OUT [OPTION...]
cms() {
	local s="$1" c="$2" o="$3"
	shift 3
	openssl cms -sign -cades -binary -in "$c" -signer "ca/$s.pem" -inkey "ca/$s.key" -certfile ca/sub.pem -outform DER -out "$o" "$@"
}
for i in 1 2 3 4 5; do
	echo "invoice $i" >"$i.txt"
	cms wong $i.txt $i.txt.p7s
done

# ---- two names ----
run_ok 'a file and its signature' verify 1.txt 1.txt.p7s
like "$out" '^File: +1.txt$' 'are one document, told in full'
run_ok 'in the other order' verify 1.txt.p7s 1.txt
like "$out" '^File: +1.txt$' 'are the same one'
cp 1.txt.p7s elsewhere
run_ok 'a signature of another name' verify 1.txt elsewhere
like "$out" '^File: +1.txt$' 'is one by what it holds'
run_code 1 'another file and a signature' verify 2.txt elsewhere
like "$out" '^File: +2.txt$' 'are one document, which was changed'
run_code 1 'also one that has its own file beside it' verify 1.txt 2.txt.p7s
like "$out" '^File: +1.txt$' 'because the other is none'
run_ok 'two signed files' verify 1.txt 2.txt
like "$out" '^1.txt: valid, signed by .*CHAN' 'are two documents: the first'
like "$out" '^2.txt: valid, signed by' 'the second'
like "$out" '^2 documents: 2 valid, 0 cannot be called valid, 0 not valid, 0 not verified$' 'and how many'
run_ok 'two signatures with their files beside them' verify 1.txt.p7s 2.txt.p7s
like "$out" '^2 documents: 2 valid' 'are two documents'
echo unsigned >u1
run_code 8 'an unsigned file beside a signed one' verify u1 1.txt
like "$out" '^1.txt: valid' 'takes nothing from that'
like "$out" 'There is no signature: u1.p7s is not there' 'and is told itself'
run_code 6 'one that is not there' verify gone.txt 2.txt
like "$out" '^2.txt: valid' 'nor does that'
cms wong 1.txt 1.p7m -nodetach
run_ok 'a signed file and another one with its content inside' verify 2.txt 1.p7m
like "$out" '^2 documents: 2 valid' 'are two documents'
printf -- '-----BEGIN PGP SIGNATURE-----\n' >1.asc
run_code 8 "a file and its signature by another program" verify u1 1.asc
like "$err" '1.asc is an OpenPGP signature or message, which this version does not verify' 'is not called bad'
like "$err" 'Use `gpg --verify`' 'and the program is named'
openssl dgst -sha256 -sign ca/wong.key -out u1.raw u1
run_code 8 'a bare signature value' verify u1 u1.raw
like "$err" 'u1.raw is no signature of a kind that is known here' 'is not called bad either'
cp u1.raw u1.p7s
run_code 1 'one that is called a signature' verify u1 u1.p7s
rm u1.p7s
mkfifo asig
cat 1.txt.p7s >asig &
run_ok 'a signature from a pipe' verify 1.txt asig
rm -f asig
cms wong 2.txt 2.p7m -nodetach
run_ok 'two with the content inside' verify 1.p7m 2.p7m
like "$out" '^2 documents: 2 valid' 'are two documents, too'
mkfifo waits
run_code 8 'a pipe among others is not waited for' timeout 20 "$ECERT" verify --anchor ca/root.pem 1.p7m waits 2.p7m
like "$out" '^3 documents: 2 valid' 'the others are verified'
like "$out$err" 'waits is a pipe' 'and it is named'
rm waits
cms wong 1.p7m 1.p7m.p7s
run_ok 'a signed file that is signed again' verify 1.p7m 1.p7m.p7s
like "$out" '^File: +1.p7m$' 'is one document by its name'
cp 1.p7m.p7s again
run_ok 'and with a signature of another name' verify 1.p7m again
like "$out" '^File: +1.p7m$' 'because that one cannot be verified alone'
cp elsewhere also-elsewhere
run_code 1 'two signatures without their files' verify elsewhere also-elsewhere
like "$out" '^File: +elsewhere$' 'are what they were: a file and a signature'

# ---- signatures of other programs, by their names ----
mkdir foreign
for e in sig p7m cms pem asc P7S; do cp 1.txt foreign/$e.txt; done
for e in sig p7m cms P7S; do cp 1.txt.p7s foreign/$e.txt.$e; done
for e in pem asc; do openssl cms -cmsout -inform DER -in 1.txt.p7s -outform PEM -out foreign/$e.txt.$e; done
for e in sig p7m cms pem asc P7S; do
	run_ok "a file with its .$e beside it" verify foreign/$e.txt
	like "$out" "^File: +foreign/$e.txt\$" 'is found by its name'
	run_ok "the .$e alone" verify foreign/$e.txt.$e
	like "$out" "^File: +foreign/$e.txt\$" 'finds its file'
done
run_ok 'a folder of them' verify --recursive foreign
like "$out" '^6 documents: 6 valid' 'has so many documents'
echo changed >foreign/sig.txt
run_code 1 'a changed one' verify --recursive foreign
like "$out" '^foreign/sig.txt: not valid: content digest' 'is told'
cp 1.txt foreign/sig.txt && cp 2.txt.p7s foreign/sig.txt.p7m
run_code 1 'a second signature beside it, of another file' verify --recursive foreign
like "$out" '^7 documents: 6 valid, 0 cannot be called valid, 1 not valid' 'hides nowhere'
cp ca/wong.pem plain2.txt.pem && echo plain >plain2.txt
run_code 8 'a certificate of that name' verify plain2.txt
like "$err" 'There is no signature: plain2.txt.p7s is not there' 'is no signature'

# ---- all of a folder, by a pattern ----
run_ok 'files and their signatures' verify 1.txt 1.txt.p7s 2.txt 2.txt.p7s
like "$out" '^2 documents: 2 valid' 'count once each'
run_ok 'in any order' verify 2.txt.p7s 1.txt 1.txt.p7s 2.txt
like "$out" '^2 documents: 2 valid' 'too'
cms lam 1.txt.p7s 1.txt.p7s.p7s
run_ok 'with a signature of a signature' verify --intermediate ca/sub.pem 1.txt 1.txt.p7s 1.txt.p7s.p7s
like "$out" '^2 documents: 2 valid' 'that is a document of its own'
rm 1.txt.p7s.p7s

# ---- more, in order, the worst is the code ----
run_ok 'more than two' verify 5.txt 3.txt 4.txt 1.txt
is "$(printf '%s\n' "$out" | sed -n 's/^\([0-9]\).txt: valid.*/\1/p' | tr -d '\n')" 5341 'are told in the order of their names'
echo 'invoice 3, changed' >3.txt
cms lam 4.txt 4.txt.p7s -certfile /dev/null 2>/dev/null || openssl cms -sign -cades -binary -in 4.txt -signer ca/lam.pem -inkey ca/lam.key \
	-outform DER -out 4.txt.p7s
echo plain >plain.txt
run_code 10 'one that cannot be called valid' "$ECERT" verify 1.txt 2.txt 5.txt
like "$out" '^3 documents: 0 valid, 3 cannot be called valid' 'is not called failed'
run_code 8 'one without a signature is worse' verify 1.txt plain.txt 5.txt
like "$out" 'There is no signature: plain.txt.p7s is not there' 'and says why'
run_code 6 'one that is not there' verify 1.txt gone.txt 5.txt
like "$out" 'Cannot read gone.txt' 'says so'
like "$out" '^3 documents: 2 valid, 0 cannot be called valid, 0 not valid, 1 not verified$' 'and the others are verified'
run_code 1 'a changed one is the worst' verify 1.txt plain.txt 3.txt gone.txt
like "$out" '^3.txt: not valid: content digest: the content is not what was signed$' 'with its reason'
like "$out" '^4 documents: 1 valid, 0 cannot be called valid, 1 not valid, 2 not verified$' 'all of them counted'
run_code 8 'a folder' verify 1.txt 2.txt .
like "$out" 'say --recursive' 'needs its option'
is "$(verify -q 1.txt 2.txt 5.txt)" '' 'quiet: nothing is said of what is valid'

# ---- folders ----
mkdir -p in/b in/a/deep in/empty
for i in 1 2; do cp $i.txt $i.txt.p7s in/b; done
cp 5.txt 5.txt.p7s in/a/deep
cp 1.p7m in/zz.p7m
ln -s ../1.txt in/link.txt
ln -s .. in/up
mkfifo in/pipe
run_ok 'a folder' verify --recursive in
like "$out" '^4 documents: 4 valid' 'is gone through, a signature counts with its file'
is "$(printf '%s\n' "$out" | sed -n 's/^\(in[^:]*\): valid.*/\1/p' | tr '\n' ' ')" 'in/a/deep/5.txt in/b/1.txt in/b/2.txt in/zz.p7m ' 'in the order of names'
like "$err" '3 links and special files in the folders were left out' 'what is not followed is counted'
run_code 8 'an empty folder' verify --recursive in/empty
like "$err" 'There is no file' 'is nothing to rely on'
mkdir odd && cp 1.txt odd/1.txt && mkfifo odd/1.txt.p7s
run_code 8 'a pipe where the signature should be' timeout 20 "$ECERT" verify --anchor ca/root.pem --recursive odd
like "$out" 'is no file but a pipe, a device or a folder' 'is not waited for, and not called a link'
rm odd/1.txt.p7s && ln -s ../1.txt.p7s odd/1.txt.p7s
run_code 8 'a link there' verify --recursive odd
like "$out" 'links are not followed in a folder' 'is not followed'
# A folder that may not be read: root reads all, but for the capability to.
as_anybody() { if [ "$(id -u)" = 0 ]; then setpriv --bounding-set=-dac_override,-dac_read_search "$@"; else "$@"; fi; }
mkdir shut shut/b && cp 1.txt 1.txt.p7s shut && cp 2.p7m shut/b && cp 1.txt 1.txt.p7s shut/b && chmod 0 shut/b
mkdir shut/c && cp 2.p7m shut/c
run_code 6 'a folder that may not be read' as_anybody "$ECERT" verify --anchor ca/root.pem --recursive shut
like "$out" '^Cannot read shut/b: Permission denied' 'is told'
like "$out" '^3 documents: 2 valid, 0 cannot be called valid, 0 not valid, 1 not verified' 'and the rest is verified'
chmod 700 shut/b
mkdir twice && cp 1.txt twice/1.txt && cp 1.txt.p7s twice/1.txt.p7s && cp 2.p7m twice/1.txt.p7s.p7s
run_code 1 'a signature of a signature' verify --recursive twice
like "$out" '^2 documents: 1 valid, 0 cannot be called valid, 1 not valid' 'is one of its own'
mkdir many-names && printf 'x' >"many-names/$(printf 'a\033[31m\nb')"
run_code 8 'a name that would steer the terminal' verify --recursive many-names
unlike "$out" "$(printf '\033')" 'does not'
is "$(printf '%s\n' "$out" | grep -c 'a?\[31m?b')" 1 'and stays a line'

# ---- processes: the same, in the same order ----
for i in $(seq 100 140); do cp 1.txt "in/b/$i.txt"; cp 1.txt.p7s "in/b/$i.txt.p7s"; done
echo changed >in/b/120.txt
verify --recursive --jobs 1 in >one 2>/dev/null
is $? 1 'one process'
for n in 2 3 64; do
	verify --recursive --jobs $n in >several 2>/dev/null
	is $? 1 "$n processes: the same code"
	same "$n processes: the same words" one several
done
for n in 0 65 x ''; do
	run_code 2 "--jobs '$n'" verify --jobs "$n" 1.txt 2.txt
done
verify --recursive --jobs 2 in 2>/dev/null | head -n 1 >first
head -n 1 one >want
run_ok 'who has heard enough stops it' cmp first want

# ---- what one file brings is at hand for no other ----
mkdir apart
for i in 1 2 3 4 5 6; do
	cp 5.txt apart/$i.txt
	case $i in
	1 | 3 | 6) openssl cms -sign -cades -binary -in apart/$i.txt -signer ca/wong.pem -inkey ca/wong.key -outform DER -out apart/$i.txt.p7s ;;
	*) cms wong apart/$i.txt apart/$i.txt.p7s ;;
	esac
done
for n in 1 2 3; do
	run_code 10 "a CA's certificate in some files, $n processes" verify --recursive --jobs $n apart
	is "$(printf '%s\n' "$out" | sed -nE 's/^apart\/(.).txt: (valid|cannot).*/\1\2/p' | tr '\n' ' ')" \
		'1cannot 2valid 3cannot 4valid 5valid 6cannot ' 'completes no other, before or behind it'
done

# ---- JSON, a line each ----
run_code 1 'JSON' verify --json-lines --jobs 2 1.txt plain.txt 3.txt
is "$(printf '%s\n' "$out" | jq -r '.file // "sum"' | tr '\n' ' ')" '1.txt plain.txt 3.txt sum ' 'a document a line, in order'
is "$(printf '%s\n' "$out" | wc -l)" 4 'and no other line'
is "$(printf '%s\n' "$out" | sed -n 4p | jq -c .summary)" \
	'{"files":3,"passed":1,"indeterminate":0,"failed":1,"not_verified":1,"left_out":0,"not_asked":0,"code":"invalid","exit":1}' 'the last sums up'
is "$(printf '%s\n' "$out" | sed -n 2p | jq -r .error.reason)" no-signature 'one without a verdict has its error'
printf '%s\n' "$out" | sed -n 1p | jq -S . >many.json
verify --json 1.txt | jq -S . >single.json
same 'the same document as of one alone' single.json many.json
keep_lines 1.txt plain.txt 3.txt
run_ok 'one document' verify --json-lines 1.txt
is "$(printf '%s\n' "$out" | wc -l)" 2 'has its line and the sum'
run_ok 'FILE SIGNATURE' verify --json-lines 1.txt elsewhere
is "$(printf '%s\n' "$out" | head -n 1 | jq -r .file)" 1.txt 'are one document there, too'
run_code 2 '--json of many' verify --json 1.txt 2.txt 5.txt
like "$err" 'json-lines' 'says what to say'

# ---- the report ----
run_code 1 'a report' verify --report page.html --crl ca/crl.pem 1.txt 3.txt plain.txt 4.txt
for word in 'Verification report' '1.txt' 'content is not what was signed' 'There is no signature' "ecert-middleware"; do
	like "$(cat page.html)" "$word" "it says: $word"
done
like "$(cat page.html)" "$(openssl x509 -in ca/root.pem -outform DER | sha256sum | cut -d' ' -f1)" 'the fingerprint of whom it trusts'
like "$(cat page.html)" '[0-9]{2}:[0-9]{2}:[0-9]{2} UTC' 'the time with its zone'
unlike "$(cat page.html)" '<script|<img|<link|<iframe|src=|url\(|@import|https?:' 'no script, nothing from elsewhere'
like "$(cat page.html)" '&lt;script&gt;alert' 'names are escaped'
is "$(xmllint --html --noout page.html 2>&1 | grep -v 'Tag section\|Tag footer\|^<\|\^$' | head -c 300)" '' 'it is HTML'
is "$(grep -c '<section>' page.html)" 4 'a part for each document'
for f in 1.txt 1.txt.p7s; do
	like "$(cat page.html)" "$f, $(stat -c %s $f) bytes" "the size of $f"
	like "$(cat page.html)" "<td>$(sha256sum <$f | cut -d' ' -f1)</td>" 'and which bytes it is'
done
unlike "$(cat page.html)" '1.txt: valid|3.txt: not valid' 'what the heading says is not said twice'
cms wong 5.txt several.p7s
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout own.key -out own.pem -subj /CN=Own -days 9 2>/dev/null ||
	bail_out 'a certificate'
openssl cms -resign -cades -binary -inform DER -in several.p7s -signer own.pem -inkey own.key -outform DER -out 6.txt.p7s 2>/dev/null ||
	bail_out 'a second signer'
cp 5.txt 6.txt
run_code 10 'a report of two signers, one of an unknown CA' verify --report two.html --crl ca/crl.pem 6.txt
like "$(tr -d '\n' <two.html)" 'Signers: 2, and the verdict is the worst of theirs' 'says whose verdict it is'
is "$(grep -c '>This one: <span class="verdict good">valid<' two.html)" 1 'which signer is good'
is "$(grep -c '>This one: <span class="verdict unsure">' two.html)" 1 'and which one is not'

# ---- nobody can say whether it was revoked ----
run_ok 'no CRL' verify --report unknown.html 1.txt
is "$(grep -c 'it is not known whether a certificate was revoked' unknown.html)" 2 'is told in the report, in row and heading'
like "$out" '^    But: it is not known whether a certificate was revoked .--crl and --ocsp say.$' 'and in the line'
run_ok 'one document' verify 1.txt
like "$out" '^But: +it is not known whether a certificate was revoked' 'is told beside the verdict'
run_code 10 'who has to know it' verify --need-revocation 1.txt
like "$out" '^Indication: +TRY_LATER$' 'cannot call it valid'
run_code 10 'a CRL of one CA of two' verify --need-revocation --crl ca/crl.pem 1.txt
like "$out" '^  unknown +revocation .*not checked for the CA' 'is not enough, and says whose is missing'
run_ok 'without the option' verify --crl ca/crl.pem 1.txt
unlike "$out" '^But:' 'it is valid without a word'
run_code 5 'a report that is there' verify --report page.html 1.txt
run_ok 'is replaced with --force' verify --report page.html --force 1.txt
is "$(grep -c '<section>' page.html)" 1 'whole'
run_code 5 'a report over what is read' verify --report 1.txt --force 1.txt
is "$(cat 1.txt)" 'invoice 1' 'which stays'
mkdir -p over/sub && cp 1.txt 1.txt.p7s over && cp 1.txt 1.txt.p7s over/sub
for lost in '1.txt.p7s 1.txt' '1.txt 1.txt.p7s' 'sub/1.txt -r over' 'sub/1.txt.p7s -r over'; do
	set -- ${lost#* }
	[ "$1" = -r ] || set -- "over/$1"
	run_code 5 "a report over ${lost%% *}" verify --report "over/${lost%% *}" -f "$@"
	sentence 'is a file that this command reads: written over, it would be lost' 'which is beside it, or found'
done
is "$(cat over/1.txt over/sub/1.txt | sort -u) $(cmp over/1.txt.p7s 1.txt.p7s && cmp over/sub/1.txt.p7s 1.txt.p7s && echo whole)" 'invoice 1 whole' 'all stay'
run_code 6 'a report where nobody may write' verify --report /nowhere/page.html 1.txt
run_code 2 'a report to standard output' verify --report - 1.txt
run_code 2 '--force without one' verify --force 1.txt 2.txt
# The same verdict everywhere.
verify --json-lines --report same.html --force 1.txt 3.txt 4.txt 5.txt >lines
sed -n 's/.*>\([^<]*\)<\/a><\/td><td><span class="verdict \([a-z]*\)">.*/\1 \2/p' same.html >by-verdict
is "$(cut -d' ' -f2 by-verdict | uniq | tr '\n' ' ')" 'bad unsure good ' 'what is not valid stands first, and valid ones last'
is "$(sed -n 's/.*<section><h3 id="d\([0-9]*\)">.*/\1/p' same.html | tr '\n' ' ')" \
	"$(sed -n 's/.*<td><a href="#d\([0-9]*\)">.*/\1/p' same.html | tr '\n' ' ')" 'so do their parts, and each row leads to its own'
is "$(grep -o '<a href="#[a-z]*">' same.html | tr -d '\n')" '<a href="#bad"><a href="#unsure"><a href="#good">' 'the counts lead to the tables'
is "$(for id in $(grep -o 'href="#[a-z0-9]*"' same.html | cut -d'"' -f2 | tr -d '#'); do grep -c " id=\"$id\"" same.html; done | sort -u)" 1 'every link leads somewhere'
sort by-verdict >of-page
jq -r 'select(.file) | .file + " " + ({passed: "good", indeterminate: "unsure", failed: "bad"}[.verdict])' lines >of-lines
same 'the page has the verdicts of JSON' of-lines of-page
verify 1.txt 3.txt 4.txt 5.txt | sed -nE 's/^(..txt): valid.*/\1 good/p; s/^(..txt): cannot.*/\1 unsure/p; s/^(..txt): not valid.*/\1 bad/p' >of-text
same 'and those of the text' of-lines of-text
json_judged
done_testing
