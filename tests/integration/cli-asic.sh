#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Containers: made on the virtual token's socket, read by unzip and openssl, verified and unpacked by us; those of
# others, and those that somebody has bent.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
start_vcard_socket
provision
cd "$T" || exit 1
MAKE=$top_srcdir/tests/integration/asic-maker
E=application/vnd.etsi.asic-e+zip S=application/vnd.etsi.asic-s+zip

# ---- made, and read by other programs ----
printf 'a,b\n1,2\n' >'my list.csv'
head -c 300000 /dev/urandom >photo.bin
run_ok 'three files into one container' sign --asice box.asice invoice.txt 'my list.csv' photo.bin
is "$out" box.asice 'says where it is'
run_ok 'python reads it' python3 -m zipfile -t box.asice
is "$(head -c 69 box.asice | tail -c 39)" "mimetype$E" 'it begins with its type, stored'
mkdir un && (cd un && python3 -m zipfile -e ../box.asice .)
for f in invoice.txt 'my list.csv' photo.bin; do cmp -s "$f" "un/$f" && ok "$f is in it" || not_ok "$f is in it"; done
run_ok 'openssl verifies the manifest' openssl cms -verify -cades -binary -inform DER -in un/META-INF/signature001.p7s \
	-content un/META-INF/ASiCManifest001.xml -CAfile ca/root.pem -out /dev/null
like "$(cat un/META-INF/ASiCManifest001.xml)" "URI=\"my%20list.csv\" MimeType=\"text/csv\".*$(openssl dgst -sha256 -binary 'my list.csv' | base64)" \
	'which has the digests'
run_ok 'verifies' verify box.asice
like "$out" '^Signature: +valid$' 'called valid'
like "$out" '^Inside: +invoice.txt, 52 bytes' 'what is in it'
like "$out" 'ok +content +3 files, each as it was signed' 'by its check'
run_ok 'verifies as JSON' verify --json box.asice
is "$(field '[.verdict, .attached, (.members | length), .members[1].name, .members[1].signatures, .signers[0].profile] | join(" ")')" \
	'passed true 3 my list.csv 1 CAdES-B-B' 'JSON: what is in it'
run_ok 'from standard input' sh -c "\"$ECERT\" verify --anchor ca/root.pem - <box.asice"
run_ok 'one file is taken out by its name' verify --extract taken --member 'my list.csv' box.asice
cmp -s taken 'my list.csv' && ok 'it is that' || not_ok 'it is that'
run_code 8 'which, has to be said' verify --extract taken2 box.asice
sentence 'There is not just one file in it' 'which, has to be said'
run_code 8 'a file that is not there' verify --extract taken2 --member ../../etc/passwd box.asice
[ ! -e taken2 ] && ok 'nothing is taken out' || not_ok 'nothing is taken out'
run_ok 'one file alone' sign --json --asice one.asice invoice.txt
is "$(field '[.signed[].signature] | join(" ")')" one.asice 'JSON: where'
run_ok 'is taken out without its name' verify --extract taken3 one.asice
cmp -s taken3 invoice.txt && ok 'it is that' || not_ok 'it is that'

# ---- what is not made ----
mkdir other && cp invoice.txt other/
run_code 2 'two files of one name' sign --asice two.asice invoice.txt other/invoice.txt
sentence 'invoice.txt is named twice' 'two files of one name'
cp invoice.txt mimetype
run_code 8 'a name that is taken' sign --asice two.asice mimetype
run_code 2 'another format' sign --asice two.asice --format jades invoice.txt
run_code 5 'one that is there is not replaced' sign --asice box.asice invoice.txt
run_code 6 'no such file' sign --asice two.asice nothing.txt
[ ! -e two.asice ] && ok 'nothing is left' || not_ok 'nothing is left'

# ---- one more signature ----
run_ok 'a container signed again' sign --format asice box.asice
is "$out" box-signed.asice 'is a new one'
run_ok 'verifies as JSON' verify --json box-signed.asice
is "$(field '[.verdict, (.signers | length), .members[0].signatures, .members[2].signatures] | join(" ")')" 'passed 2 2 2' 'JSON: two signatures over each'
run_ok 'python reads that, too' python3 -m zipfile -t box-signed.asice
rm -rf un2 && mkdir un2 && (cd un2 && python3 -m zipfile -e ../box-signed.asice .)
run_ok 'openssl verifies the second' openssl cms -verify -cades -binary -inform DER -in un2/META-INF/signature002.p7s \
	-content un2/META-INF/ASiCManifest002.xml -CAfile ca/root.pem -out /dev/null
cmp -s un/META-INF/signature001.p7s un2/META-INF/signature001.p7s && ok 'the first is as it was' || not_ok 'the first is as it was'
cp box.asice inplace.asice
run_ok 'in its place' sign --format asice --in-place inplace.asice
run_ok 'verifies' verify inplace.asice
run_code 5 'what is no container' sign --format asice invoice.txt
sentence 'it is no container with signatures of one kind' 'what is no container'
run_code 2 'what only a PDF has' sign --format asice --reason x inplace.asice
"$MAKE" -change box.asice double.asice twice photo.bin
run_code 5 'a container that is not as it has to be' sign --format asice double.asice
run_ok 'as any other file, when nothing else is said' sign box.asice
is "$out" box.asice.p7s 'its signature is beside it'
rm box.asice.p7s

# ---- of others ----
"$DEMO_CA" make ca shop || bail_out demo-ca
cades() { openssl cms -sign -binary -cades -outform DER -in "$1" -out "$2" -signer ca/shop.pem -inkey ca/shop.key -certfile ca/sub.pem; }
cades invoice.txt s.p7s
"$MAKE" simple.asics "mimetype:$S" invoice.txt=invoice.txt META-INF/signature.p7s=s.p7s
run_ok 'ASiC-S' verify --json simple.asics
is "$(field '[.verdict, .members[0].name, .members[0].signatures] | join(" ")')" 'passed invoice.txt 1' 'JSON'
run_ok 'its file' verify --extract taken4 simple.asics
cmp -s taken4 invoice.txt && ok 'is taken out' || not_ok 'is taken out'
"$MAKE" -manifest META-INF/signature.p7s invoice.txt=invoice.txt photo.bin=photo.bin >m.xml && cades m.xml m.p7s
"$MAKE" ext.asice "mimetype:$E" photo.bin=photo.bin META-INF/signature.p7s=m.p7s META-INF/ASiCManifest.xml=m.xml invoice.txt=invoice.txt -deflate -comment
run_ok 'ASiC-E, packed, with SHA-512' verify ext.asice
"$MAKE" second.asice "mimetype:$E" invoice.txt=invoice.txt photo.bin=photo.bin META-INF/ASiCManifest001.xml=un/META-INF/ASiCManifest001.xml \
	META-INF/signature001.p7s=un/META-INF/signature001.p7s "my list.csv=my list.csv" META-INF/ASiCManifest.xml=m.xml META-INF/signature.p7s=m.p7s
run_ok 'two signatures' verify --json second.asice
is "$(field '[(.signers | length), .members[0].signatures, .members[2].signatures] | join(" ")')" '2 2 1' 'JSON: which cover what'
run_code 8 'what not all cover is not taken out' verify --extract taken5 --member 'my list.csv' second.asice
"$MAKE" x.asice "mimetype:$E" invoice.txt=invoice.txt "META-INF/signatures0.xml:<a/>"
run_code 1 'what is called XAdES, and is none' verify x.asice
like "$out" 'there is no signature in it' 'is told'

# ---- bent ----
bent() { # bent CODE SUB-INDICATION WHAT...
	code=$1 sub=$2
	shift 2
	"$MAKE" -change box.asice bent.asice "$@" || bail_out asic-maker
	run_code "$code" "$*" verify --json bent.asice
	is "$(field .sub_indication)" "$sub" "$*: why"
	rm -f bent.out
	verify --extract bent.out --member invoice.txt bent.asice >/dev/null 2>&1
	[ ! -e bent.out ] && ok "$*: nothing is taken out" || not_ok "$*: nothing is taken out"
}
bent 1 HASH_FAILURE byte photo.bin
bent 1 HASH_FAILURE byte invoice.txt
bent 1 FORMAT_FAILURE byte META-INF/ASiCManifest001.xml
bent 1 HASH_FAILURE replace META-INF/ASiCManifest001.xml text/plain text/html
bent 1 FORMAT_FAILURE without META-INF/ASiCManifest001.xml
bent 1 FORMAT_FAILURE without META-INF/signature001.p7s
bent 10 SIGNED_DATA_NOT_FOUND without photo.bin
like "$out" 'photo.bin, which was signed, is not in the container' 'says which file'
bent 10 SIGNED_DATA_NOT_FOUND rename photo.bin ../photo.bin
bent 1 FORMAT_FAILURE twice photo.bin
bent 1 FORMAT_FAILURE lie photo.bin
bent 1 FORMAT_FAILURE local invoice.txt invoice.pdf
bent 1 FORMAT_FAILURE local invoice.txt invoice.txt 8
for where in behind front comment hidden; do
	bent 1 FORMAT_FAILURE two $where invoice.txt
done
bent 1 FORMAT_FAILURE replace mimetype asic-e asic-s
bent 1 FORMAT_FAILURE with META-INF/ASiCManifest002.xml un/META-INF/ASiCManifest001.xml
bent 1 FORMAT_FAILURE references 10001
bent 10 SIG_CONSTRAINTS_FAILURE members 10001
bent 1 FORMAT_FAILURE replace META-INF/ASiCManifest001.xml '<asic:SigR' '<!DOCTYPE a [<!ENTITY b "c">]><asic:SigR'
"$MAKE" -change box.asice more.asice with evil.txt ca/root.pem
run_ok 'a file that nobody signed' verify more.asice
like "$out" 'evil.txt, [0-9]* bytes, which nobody signed' 'is told'
like "$out" 'skipped +content +no signature covers evil.txt' 'by its check, too'
run_code 8 'and is not taken out' verify --extract evil --member evil.txt more.asice
[ ! -e evil ] && ok 'there is nothing' || not_ok 'there is nothing'
"$MAKE" -change box.asice stray.asice with META-INF/evil.txt ca/root.pem
run_ok 'one that hides among what a container is made of' verify stray.asice
like "$out" 'skipped +content +no signature covers META-INF/evil.txt' 'is told'
"$MAKE" -change box.asice typed.asice replace mimetype vnd.etsi.asic-e+zip vnd.oasis.opendocument.text
run_ok 'one that begins with the type of a text' verify typed.asice
like "$out" "skipped +list of files +it begins with the type 'application/vnd.oasis.opendocument.text'" 'is told'
"$MAKE" swapped.asics "mimetype:$E" META-INF/signature.p7s=m.p7s m.xml=m.xml
run_ok 'one of a single file that begins with the type of several' verify swapped.asics
like "$out" "skipped +list of files +it begins with the type 'application/vnd.etsi.asic-e.zip', and is signed as another" 'is told'
run_ok 'a container in a container' sign --asice outer.asice box.asice
run_ok 'is a file in it' verify outer.asice
"$MAKE" outer.asice "mimetype:$E" META-INF/ASiCManifest.xml=m.xml META-INF/signature.p7s=m.p7s photo.bin=photo.bin invoice.txt=invoice.txt box.asice=box.asice
run_ok 'also where it is the last' verify outer.asice
{ cat box.asice && echo; } >ended.asice
run_ok 'one with a line end behind it' verify ended.asice
"$MAKE" -change box.asice bomb.asice bomb zeros 700
run_ok 'a bomb that nobody signed is not unpacked' verify bomb.asice
"$MAKE" -manifest META-INF/signature.p7s zeros=/dev/null | sed 's/URI="zeros"/URI="zeros"/' >z.xml && cades z.xml z.p7s
"$MAKE" bomb2.asice "mimetype:$E" META-INF/ASiCManifest.xml=z.xml META-INF/signature.p7s=z.p7s && "$MAKE" -change bomb2.asice bomb2.asice bomb zeros 4200
run_code 10 'a bomb of 4 GiB that somebody signed ends' timeout 100 "$ECERT" verify --anchor ca/root.pem bomb2.asice
like "$out" 'larger than the 4 GiB that are looked at' 'which is told'
truncate -s 200M zeros
"$MAKE" -manifest META-INF/signature.p7s zeros=zeros >z.xml && cades z.xml z.p7s
"$MAKE" large.asice "mimetype:$E" META-INF/ASiCManifest.xml=z.xml META-INF/signature.p7s=z.p7s && "$MAKE" -change large.asice large.asice bomb zeros 200
run_ok 'a packed file of 200 MiB' /usr/bin/time -f %M -o rss "$ECERT" verify --anchor ca/root.pem large.asice
[ "$asan" ] || [ "$(cat rss)" -lt 65536 ] && ok 'is read in 64 MiB, whoever reads it' || not_ok "is read in 64 MiB, whoever reads it: $(cat rss) kB"
rm zeros large.asice
head -c 3000 box.asice >cut.asice
run_code 1 'a container that is cut' verify cut.asice
like "$out" 'breaks the rules of its own format' 'says so'
ECERT_WALL=/nonexistent run_code 6 'no ecert-wall' verify box.asice
sentence 'the program ecert-wall, which reads such files, does not run here' 'no ecert-wall'

done_testing
