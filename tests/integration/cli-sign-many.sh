#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Signing many: folders, what is signed already, what cannot be signed, and batches that were stopped and go on.
# What comes out is judged by openssl and by poppler's pdfsig.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
start_vcard_socket
provision
cd "$T" || exit 1
pdf=$top_srcdir/tests/data/invoice.pdf
# signed_by_us FILE...: openssl verifies FILE.p7s over each, pdfsig the signed PDF.
signed_by_us() {
	local f good=0
	for f in "$@"; do
		case $f in
		*.pdf) pdfsig -nocert "$f" 2>/dev/null | grep -q 'Signature is Valid' && good=$((good + 1)) ;;
		*) openssl_verify "$f" 2>/dev/null && good=$((good + 1)) ;;
		esac
	done
	is "$good" $# "signed by the token: $*"
}
# names FOLDER: what is in it.
names() { (cd "$1" && find . -type f | LC_ALL=C sort | sed 's,^\./,,' | tr '\n' ' '); }

# ---- a folder ----
mkdir -p folder/below other && echo one >folder/b.txt && echo two >folder/below/a.txt && cp "$pdf" folder/invoice.pdf
echo away >other/linked.txt && ln -s ../other/linked.txt folder/link.txt && ln -s ../other folder/linked && mkfifo folder/pipe
run_code 8 'a folder is none without --recursive' sign folder
like "$err" 'or say --recursive' 'which is told'
run_ok 'a folder' sign --recursive folder
is "$(tr '\n' ' ' <out)" 'folder/b.txt.p7s folder/below/a.txt.p7s folder/invoice-signed.pdf ' 'in the order of its names'
like "$err" '3 files signed, 0 passed over, 0 failed' 'counted'
like "$err" 'Note: 3 links and special files in the folders were left out' 'links and pipes are left out, and told'
is "$(names other)" 'linked.txt ' 'where a link leads nothing is signed'
signed_by_us folder/b.txt folder/below/a.txt folder/invoice-signed.pdf
run_code 5 'again' sign --recursive folder
sentence 'exists already' 'what is there is not replaced'

# ---- what is signed is passed over ----
run_ok 'with --skip-signed' "$ECERT" sign --json --pin-source file:/nonexistent --skip-signed --recursive folder
is "$(field '[.signed, .passed_over | length] | join(" ")')" '0 4' 'JSON: none is signed, four passed over (the signed PDF is one)'
is "$(field '.passed_over[0].signature')" folder/b.txt.p7s 'JSON: by which signature'
like "$err" 'folder/b.txt is signed already: folder/b.txt.p7s' 'told, and no PIN was asked'
echo three >folder/new.txt
run_ok 'one more' sign -r --skip-signed folder
is "$(cat out)" folder/new.txt.p7s 'is signed alone'
like "$err" '1 file signed, 4 passed over, 0 failed' 'counted'
signed_by_us folder/new.txt
cp folder/b.txt.p7s kept.p7s
echo changed >folder/b.txt
run_code 5 'a file that was changed since' sign -r --skip-signed folder
sentence 'folder/b.txt.p7s is your signature of another content than folder/b.txt has now' 'is told'
run_ok 'the signature is as it was' cmp kept.p7s folder/b.txt.p7s
run_ok 'with --force it is signed anew' sign -r --skip-signed --force folder
is "$(cat out)" folder/b.txt.p7s 'and it alone'
like "$err" 'Signed anew: folder/b.txt.p7s is your signature of another content' 'which is told'
signed_by_us folder/b.txt
printf '%% more\n' >>folder/invoice.pdf
run_code 5 'a PDF that was changed since' sign -r --resume folder
sentence 'folder/invoice-signed.pdf is your signature of another content' 'is told'
cp "$pdf" folder/invoice.pdf
# Another signer's signature is in the place where ours would go.
"$DEMO_CA" make ca shop && openssl cms -sign -binary -cades -signer ca/shop.pem -inkey ca/shop.key -in other/linked.txt \
	-outform DER -out other/linked.txt.p7s || bail_out 'no signature of somebody else'
run_code 5 'what somebody else signed' sign -r --skip-signed other
sentence 'other/linked.txt.p7s exists already' 'is not passed over, and not replaced'
mkdir again && cp "$pdf" again/one.pdf
run_ok 'a PDF in a folder' sign -r again
run_code 5 'run again' sign -r --keep-going again
like "$err" 'again/one-signed.pdf is a signature, or another file that was signed' 'leaves what it has made alone'
is "$(echo again/*)" 'again/one-signed.pdf again/one.pdf' 'and makes nothing'
mv again/one-signed.pdf again/two-signed.pdf && cp "$pdf" again/two.pdf && printf '%% more\n' >>again/two.pdf
run_code 5 'what is of another file than its name says' sign -r --keep-going again
is "$(echo again/two-signed-signed.pdf)$(cat out | wc -l)" 'again/two-signed-signed.pdf2' 'is a document like others'
rm -f folder/below/a.txt
run_ok 'a signature that lost its file' sign -r --skip-signed folder
like "$err" 'folder/below/a.txt.p7s is a signature, or another file that was signed, and is left alone' 'is no document'
mkdir empty
run_code 8 'a folder without a file' sign -r empty

# ---- what cannot be signed ----
mkdir bad && for f in a c e; do echo $f >bad/$f.txt; done && : >bad/b.txt && printf '%%PDF-1.7\nnothing\n' >bad/d.pdf
run_code 8 'one that cannot be signed stops all' sign -r bad
is "$(names bad)" 'a.txt b.txt c.txt d.pdf e.txt ' 'before anything is signed'
run_code 8 'with --keep-going the others are' sign -r --keep-going bad
is "$(tr '\n' ' ' <out)" 'bad/a.txt.p7s bad/c.txt.p7s bad/e.txt.p7s ' 'signed'
like "$err" 'Not signed: bad/b.txt is empty' 'each that is not is told'
like "$err" 'Not signed: Cannot sign bad/d.pdf' 'and why'
like "$err" '3 files signed, 0 passed over, 2 failed' 'counted'
sentence '2 of 5 files are not signed' 'the end'
run_code 8 'and again as JSON' sign -r --keep-going --resume --json bad
is "$(field '[(.signed | length), (.passed_over | length), .failed[0].reason, .failed[1].reason] | join(" ")')" \
	'0 3 file-empty pdf-broken' 'JSON: passed over, and why not'
is "$(field '.not_signed | join(" ")')" 'bad/b.txt bad/d.pdf' 'JSON: what is left'
signed_by_us bad/a.txt bad/c.txt bad/e.txt

# ---- stopped, and gone on with ----
# More than are looked at before the PIN.
stop_vcard
start_vcard_socket --delay-apdu-us 20000
mkdir many && for i in $(seq 100 139); do echo "$i" >many/$i.txt && [ $((i % 4)) -ne 0 ] || cp "$pdf" many/$i.pdf; done
"$ECERT" sign --pin-source file:pin --chain ca/sub.pem -r --resume many >first 2>first.err &
pid=$!
wait_for 20 test -s many/105.txt.p7s
# As Ctrl-C; a shell keeps that from what runs behind it.
kill -TERM $pid
wait $pid
code=$?
done=$(wc -l <first)
is $code 130 'stopped in a batch'
like "$(cat first.err)" "Stopped when $done of 50 files were signed" 'says how far it came'
is "$(find many -name '*.p7s' -o -name '*-signed.pdf' | wc -l)" "$done" 'what is there is what it says'
is "$(find many -name '.ecert*' | wc -l)" 0 'nothing half-written is left'
# Each signed PDF that is there counts as a file of its own.
pdfs=$(find many -name '*-signed.pdf' | wc -l)
run_ok 'goes on with --resume' sign --json -r --resume many
is "$(field '[(.signed | length), (.passed_over | length)] | join(" ")')" "$((50 - done)) $((done + pdfs))" \
	'with those alone that are left'
# shellcheck disable=SC2046
signed_by_us $(ls many/*.txt) $(ls many/*-signed.pdf)

# ---- the card goes in the middle ----
mkdir gone && for i in $(seq 100 150); do echo "$i" >gone/$i.txt; done
"$ECERT" sign --json --pin-source file:pin --chain ca/sub.pem -r --keep-going gone >out 2>err &
pid=$!
wait_for 20 test -s gone/103.txt.p7s
stop_vcard
wait $pid
is $? 7 'a token that is pulled out ends it, also with --keep-going'
err=$(cat err)
sentence 'The token was pulled out while gone/' 'which is told'
is "$(field '.signed | length')" "$(find gone -name '*.p7s' | wc -l)" 'JSON: what was signed'
is "$(field '(.signed | length) + (.not_signed | length)')" 51 'JSON: and what was not'
start_vcard_socket
run_ok 'put in again, it goes on' sign -r --resume -q gone
# shellcheck disable=SC2046
signed_by_us $(ls gone/*.txt)
done_testing
