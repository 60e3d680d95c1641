#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Containers of each kind that is made: ASiC-E with XAdES, ASiC-S with CAdES and XAdES, with and without a time stamp;
# read by unzip and python, verified by xmlsec1 and openssl.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
. "$top_srcdir/tests/integration/stamps-lib.sh"
start_vcard_socket
provision
cd "$T" || exit 1
XADES=http://uri.etsi.org/01903/v1.3.2#
look() { xmllint --xpath "string($1)" "$2"; }
# unpack CONTAINER: into un/, by another program.
unpack() { rm -rf un && mkdir un && (cd un && python3 -m zipfile -e "../$1" .); }
# by_xmlsec SIGNATURES: the files that they refer to are read where they were unpacked.
by_xmlsec() { (cd un && xmlsec1 --verify --trusted-pem ../ca/root.pem --id-attr:Id "$XADES:SignedProperties" "$1" >../xmlsec.log 2>&1); }
type_of() { head -c 69 "$1" | tail -c 39; }

printf 'a,b\n1,2\n' >'my list 一.csv'
printf '<order/>' >'a&b.xml'
run_ok 'ASiC-E with XAdES' sign --format xades --asice box.asice invoice.txt 'my list 一.csv' 'a&b.xml'
is "$out" box.asice 'says where it is'
run_ok 'python reads it' python3 -m zipfile -t box.asice
is "$(type_of box.asice)" 'mimetypeapplication/vnd.etsi.asic-e+zip' 'it begins with its type'
unpack box.asice
for f in invoice.txt 'my list 一.csv' 'a&b.xml'; do cmp -s "$f" "un/$f" && ok "$f is in it" || not_ok "$f is in it"; done
run_ok 'xmlsec1 verifies it over the files' by_xmlsec META-INF/signatures0.xml
is "$(look 'namespace-uri(/*)' un/META-INF/signatures0.xml) $(look 'local-name(/*)' un/META-INF/signatures0.xml)" \
	'http://uri.etsi.org/02918/v1.2.1# XAdESSignatures' 'in the element that the standard asks for'
is "$(look "//*[local-name()='Reference'][2]/@URI" un/META-INF/signatures0.xml)" 'my%20list%20%E4%B8%80.csv' 'names as URIs'
is "$(look "count(//*[local-name()='DataObjectFormat'])" un/META-INF/signatures0.xml)" 3 'what each file is'
is "$(look "/*/*[4]/@*[local-name()='full-path']" un/META-INF/manifest.xml)" 'a&b.xml' 'the manifest lists them'
is "$(look "/*/*[1]/@*[local-name()='media-type']" un/META-INF/manifest.xml)" application/vnd.etsi.asic-e+zip 'and the container'
run_ok 'ecert verifies it' verify --json box.asice
is "$(field '[.verdict, (.members | length), .signers[0].profile] | join(" ")')" 'passed 3 XAdES-B-B' 'JSON: three files, signed with XAdES'
echo more >>un/invoice.txt
run_code 1 'a changed file' by_xmlsec META-INF/signatures0.xml

run_ok 'ASiC-S with CAdES' sign --asics one.asics invoice.txt
is "$(type_of one.asics)" 'mimetypeapplication/vnd.etsi.asic-s+zip' 'its type'
unpack one.asics
is "$(cd un && find . -type f | sort | xargs)" './META-INF/signature.p7s ./invoice.txt ./mimetype' 'one file and its signature'
run_ok 'openssl verifies it' openssl cms -verify -cades -binary -inform DER -in un/META-INF/signature.p7s -content un/invoice.txt \
	-CAfile ca/root.pem -out /dev/null
run_ok 'ecert verifies it' verify --json one.asics
is "$(field '[.verdict, .members[0].name, .members[0].signatures] | join(" ")')" 'passed invoice.txt 1' 'JSON: what is in it'
run_ok 'ASiC-S with XAdES' sign --json --format xades --asics xml.asics 'a&b.xml'
is "$(field '[.signed[].signature] | join(" ")')" xml.asics 'JSON: where'
unpack xml.asics
is "$(cd un && find . -type f | sort | xargs)" './META-INF/signatures.xml ./a&b.xml ./mimetype' 'one file and its signature, as XML'
run_ok 'xmlsec1 verifies that' by_xmlsec META-INF/signatures.xml
run_ok 'ecert verifies that' verify xml.asics

# ---- packed anew by others ----
unpack box.asice
printf 'x' | (cd un && zip -qX -fz ../far.zip invoice.txt) && [ -s far.zip ] || bail_out 'zip -fz'
run_ok 'a small ZIP64 archive as the last file' sign --asice last.asice invoice.txt far.zip
mkdir by by/git
cp last.asice by/zip64-inside.asice
# by_zip NAME OPTION...: by Info-ZIP, all but the type packed.
by_zip() {
	local to="$1"
	shift
	(cd un && zip -qr -n mimetype "$@" "../by/$to.asice" mimetype .) || bail_out "zip $to"
}
by_zip plain -X
by_zip extra-fields
by_zip descriptors -X -fd
by_zip zip64 -X -fz
by_zip stored -X0
by_zip unicode -X -UN=UTF8
by_zip bzip2 -X -Z bzip2
(cd un && zip -qr -n mimetype - mimetype .) | cat >by/pipe.asice
cp by/plain.asice by/comment.asice && printf 'sent by mail\n' | zip -qz by/comment.asice
cp by/plain.asice by/comments.asice && printf 'one of them\n' | zip -qc by/comments.asice invoice.txt
touch un/more && cp by/plain.asice by/deleted.asice && (cd un && zip -q ../by/deleted.asice more && zip -qd ../by/deleted.asice more && rm more)
(cd un && git init -q ../by/git && git --git-dir ../by/git/.git --work-tree . add -A &&
	git --git-dir ../by/git/.git --work-tree . -c user.name=t -c user.email=t@example.org commit -qm t) &&
	git -C by/git archive --format=zip HEAD >by/git.asice || bail_out git
rm -rf by/git
perl -MIO::Compress::Zip=:all -e 'chdir "un"; my @f = ("mimetype", glob "META-INF/*"); push @f, grep { -f && !/mimetype/ } glob "*";
	zip \@f => "../by/perl.asice" or die; open my $p, "|cat >../by/perl-pipe.asice"; zip \@f => $p, Stream => 1 or die' || bail_out perl
(cd un && python3 -c "
import io, os, zipfile
names = ['mimetype', 'META-INF/'] + ['META-INF/' + n for n in os.listdir('META-INF')] + [n for n in os.listdir('.') if n not in ('mimetype', 'META-INF')]
class Pipe(io.RawIOBase):
    def __init__(self, to): self.to = to
    def writable(self): return True
    def write(self, b): return self.to.write(b)
def pack(to, large, extra=b''):
    with zipfile.ZipFile(to, 'w', zipfile.ZIP_DEFLATED) as z:
        for n in names:
            i = zipfile.ZipInfo(n)
            i.extra, i.compress_type = extra, zipfile.ZIP_STORED if n == 'mimetype' else zipfile.ZIP_DEFLATED
            with z.open(i, 'w', force_zip64=large) as f:
                f.write(b'' if n.endswith('/') else open(n, 'rb').read())
        z.comment = b'c' * 65535 if extra else b''
pack('../by/python.asice', False)
pack('../by/python64.asice', True)
pack('../by/padded.asice', False, b'\xfe\xca\0\0')
pack(Pipe(open('../by/python-pipe.asice', 'wb')), True)
blocks = open('../by/plain.asice', 'rb').read()  # as libarchive does into a pipe
open('../by/blocks.asice', 'wb').write(blocks + bytes(-len(blocks) % 10240))
") || bail_out python
for f in by/*.asice; do python3 -m zipfile -t "$f" >/dev/null || bail_out "python does not read $f"; done
run_ok 'honest containers, however they were packed' verify --json-lines by/*.asice
is "$(printf '%s\n' "$out" | jq -r 'select(.verdict) | .verdict' | sort | uniq -c | xargs)" "$(find by -name '*.asice' | wc -l) passed" 'each is valid'
(cd un && zip -qX -P secret ../locked.asice mimetype META-INF/* invoice.txt)
run_code 10 'an encrypted one' verify locked.asice
like "$out" 'unknown +structure +a file in it is encrypted' 'is not called forged'

# ---- one more signature ----
run_ok 'a second XAdES in an ASiC-E' sign --format asice box.asice
is "$out" box-signed.asice 'beside the old one'
unpack box-signed.asice
run_ok 'xmlsec1 verifies the first' by_xmlsec META-INF/signatures0.xml
run_ok 'xmlsec1 verifies the second' by_xmlsec META-INF/signatures1.xml
run_ok 'ecert verifies both' verify --json box-signed.asice
is "$(field '[.verdict, (.signers | length), (.members[] | .signatures)] | join(" ")')" 'passed 2 2 2 2' 'JSON: each covers all files'
run_ok 'in its place' sign --in-place --format asice xml.asics
unpack xml.asics
is "$(type_of xml.asics)" 'mimetypeapplication/vnd.etsi.asic-s+zip' 'an ASiC-S stays one'
is "$(look "count(/*/*[local-name()='Signature'])" un/META-INF/signatures.xml)" 2 'two signatures, side by side'
run_ok 'xmlsec1 verifies the first of them' by_xmlsec META-INF/signatures.xml
xmllint --xpath "/*/*[2]" un/META-INF/signatures.xml >un/second.xml
run_ok 'and the second' by_xmlsec second.xml
run_ok 'ecert verifies it' verify --json xml.asics
is "$(field '[.verdict, (.signers | length), .members[0].signatures] | join(" ")')" 'passed 2 2' 'JSON: both'
# box.asice of others: signatures of both kinds.
rm -rf un && mkdir un && (cd un && python3 -m zipfile -e ../box.asice . && cp META-INF/signatures0.xml META-INF/ASiCManifest1.xml)
(cd un && rm -f ../mixed.asice && zip -qX0 ../mixed.asice mimetype && zip -qXr ../mixed.asice META-INF invoice.txt)
run_code 5 'of both kinds' sign --format asice mixed.asice
like "$err" 'no container with signatures of one kind' 'of both kinds'

# ---- the list of files ----
# listed SED-SCRIPT: box.asice with another META-INF/manifest.xml.
listed() {
	rm -rf un listed.asice && mkdir un && (cd un && python3 -m zipfile -e ../box.asice . && sed -i "$1" META-INF/manifest.xml &&
		zip -qX0 ../listed.asice mimetype && zip -qXr ../listed.asice . -x mimetype)
}
row() { field '[.checks[] | select(.check == "list of files") | .state + " " + .detail] | join(";")'; }
listed ''
run_ok 'as it was made' verify --json listed.asice
is "$(row)" 'ok META-INF/manifest.xml lists the 3 that are there' 'the list fits'
listed 's/full-path="invoice.txt"/full-path="other.txt"/'
run_ok 'another name' verify --json listed.asice
is "$(row)" 'skipped META-INF/manifest.xml lists other.txt, which is not there' 'what is missing is told'
listed '/invoice.txt/d'
run_ok 'one that is not listed' verify --json listed.asice
is "$(row)" 'skipped META-INF/manifest.xml does not list invoice.txt, which is there' 'is told'
listed 's,asic-e+zip,asic-s+zip,'
run_ok 'another type' verify --json listed.asice
is "$(row)" 'skipped META-INF/manifest.xml says that the container is of the type application/vnd.etsi.asic-s+zip, and it begins with another' 'is told'
listed 's,text/plain,plain,'
run_ok 'no media type' verify --json listed.asice
is "$(row)" "skipped META-INF/manifest.xml says that invoice.txt is of the type 'plain', which is none" 'is told'
listed 's,text/plain,TEXT/Plain; charset=UTF-8,'
run_ok 'the same type in other letters' verify --json listed.asice
is "$(row)" 'ok META-INF/manifest.xml lists the 3 that are there' 'is the same'
listed 's,text/plain,application/pdf,'
run_ok 'another type than the signer says' verify --json listed.asice
is "$(row)" 'skipped META-INF/manifest.xml says that invoice.txt is of the type application/pdf, and whoever signed it says text/plain' 'is told'
listed '1s/.*/<!DOCTYPE x>/'
run_ok 'a document type' verify listed.asice
like "$out" 'skipped +list of files +META-INF/manifest.xml cannot be read' 'is not read'
run_ok 'CAdES has none' verify --json one.asics
is "$(row)" '' 'and needs none'

# ---- what is not made ----
run_code 2 'two files in an ASiC-S' sign --asics two.asics invoice.txt 'a&b.xml'
sentence '--asics takes one file only' 'two files in an ASiC-S'
run_code 2 'two kinds at once' sign --asics two.asics --asice two.asice invoice.txt
run_code 2 'in another format' sign --format jades --asics two.asics invoice.txt
run_code 2 'detached, which it is' sign --format xades --detached --asice two.asice invoice.txt
[ ! -e two.asics ] && [ ! -e two.asice ] && ok 'nothing is left' || not_ok 'nothing is left'

# ---- time stamps ----
serve_stamps
run_ok 'ASiC-E with XAdES and a time stamp' sign -f --format xades --tsa "$URL/tsa/tsa" --asice box.asice invoice.txt
unpack box.asice
look "//*[local-name()='EncapsulatedTimeStamp']" un/META-INF/signatures0.xml | base64 -d >token
grep -o '<ds:SignatureValue .*</ds:SignatureValue>' un/META-INF/signatures0.xml | tr -d '\n' >value
run_ok 'openssl ts verifies it' openssl ts -verify -data value -in token -token_in -CAfile tsaroot.pem
run_ok 'ASiC-E with CAdES and a time stamp' sign -f --tsa "$URL/tsa/tsa" --asice box.asice invoice.txt
run_ok 'ecert verifies both' verify --json --tsa-anchor tsaroot.pem box.asice
is "$(field '.signers[0].proved_time != null')" true 'it proves a time'
run_code 6 'nobody gives one' sign -f --tsa "$URL/empty" --asics one.asics invoice.txt
run_ok 'it is written without' verify one.asics

done_testing
