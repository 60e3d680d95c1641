#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What is seen of a signature: where it stands, whatever the page is like, its logo and its QR code. Places are judged
# by what poppler finds where; the QR code by zbar.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
start_vcard_socket
provision
cd "$T" || exit 1
MAKER=$top_srcdir/tests/integration/pdf-shapes
cp "$top_srcdir/tests/data/invoice.pdf" .
# make SHAPE...: as files.
make() { for shape; do "$MAKER" "$shape" >"$shape.pdf"; done; }
# where FILE PAGE: left, top, right and lower edge of the signer's name as the page is shown, in whole points.
where() {
	pdftotext -cropbox -bbox -f "$2" -l "$2" "$1" - | sed -nE 's/.*xMin="([0-9.-]+)" yMin="([0-9.-]+)" xMax="([0-9.-]+)" yMax="([0-9.-]+)">Siu<.*/\1 \2 \3 \4/p' |
		awk '{ printf "%d %d %d %d\n", $1 + 0.5, $2 + 0.5, $3 + 0.5, $4 + 0.5 }'
}
# near A B: the same places but for a point.
near() { printf '%s %s\n' "$1" "$2" | awk 'NF != 8 { exit 1 } { for (i = 1; i < 5; i++) if ($i - $(i + 4) > 1 || $(i + 4) - $i > 1) exit 1 }'; }
# rect FILE: of its signature's widget.
rect() { qpdf --json=2 "$1" | jq -r '[.qpdf[1][].value? | select(.["/Subtype"]? == "/Widget" and .["/V"]?) | .["/Rect"]][0] | join(" ")'; }

# ---- upright in its corner, in each direction that a page is turned ----
make cut0 cut90 cut180 cut270
for corner in top-left top-right bottom-left bottom-right; do
	run_ok "$corner" sign -f --visible "$corner" cut0.pdf cut90.pdf cut180.pdf cut270.pdf
	first=$(where cut0-signed.pdf 1)
	case $corner in
	top-left) like "$first" '^[4-9][0-9] [3-7][0-9] ' 'at the upper left' ;;
	top-right) like "$first" '^2[0-9]{2} [3-7][0-9] ' 'at the upper right' ;;
	bottom-left) like "$first" '^[4-9][0-9] 1[0-9]{2} ' 'at the lower left' ;;
	*) like "$first" '^2[0-9]{2} 1[0-9]{2} ' 'at the lower right' ;;
	esac
	for turn in 90 180 270; do
		run_ok "$corner: at the same place, turned by $turn" near "$first" "$(where "cut$turn-signed.pdf" 1)"
	done
done
run_ok 'at a point' sign -f --visible 1,100,20.25 cut0.pdf cut270.pdf
is "$(rect cut0-signed.pdf | cut -d' ' -f1,2)" '120 50.25' 'from the edge of what is seen'
run_ok 'turned, too' near "$(where cut0-signed.pdf 1)" "$(where cut270-signed.pdf 1)"

# ---- all of it is on the page ----
make small unit2 cut-beyond two-pages
run_ok 'near the edge' sign -f --visible 1,390,190 cut0.pdf
like "$(rect cut0-signed.pdf)" ' 420 230$' 'it is moved to it'
run_code 5 'beyond it' sign --json -f --visible 1,401,20 cut0.pdf
is "$(field .error.reason)" pdf-off-page 'is told'
run_ok 'on a small page' sign -f --visible top-right small.pdf
like "$(rect small-signed.pdf)" '^6 [0-9.]+ 114 54$' 'it is as large as there is room'
like "$(pdftotext small-signed.pdf -)" 'CHAN Siu Ming' 'and has its text'
run_ok 'a crop box beyond the sheet' sign -f --visible bottom-left cut-beyond.pdf
like "$(rect cut-beyond-signed.pdf)" "^160 110 290 [0-9.]+\$" "only what there is of it counts"
run_ok 'a page with a large unit' sign -f --visible bottom-left unit2.pdf
run_ok 'and one without' sign -f --visible bottom-left -o plain-signed.pdf invoice.pdf
size() { rect "$1" | awk -v k="$2" '{ printf "%.1f %.1f\n", ($3 - $1) * k, ($4 - $2) * k }'; }
is "$(size unit2-signed.pdf 2)" "$(size plain-signed.pdf 1)" 'are the same size on paper'
like "$(rect unit2-signed.pdf)" '^18 18 ' 'as far from the edge'
run_ok 'the last page alone' sign -f --visible last two-pages.pdf
like "$(where two-pages-signed.pdf 2)" '^1[0-9]{2} 1[0-9]{2} ' 'is its lower right corner'
is "$(where two-pages-signed.pdf 1)" '' 'and not the first'
run_ok 'a page alone' sign -f --visible 1 two-pages.pdf
is "$(where two-pages-signed.pdf 2)" '' 'is that page'

# ---- fields that somebody else has made ----
make field-hidden field-empty field-outside field-flat field-narrow field-nowhere field-empty-second
unseen() { # NAME OPTION...
	local name="$1"
	shift
	run_code 5 "$name: refused" "$ECERT" sign --json --pin-source file:/nonexistent -f --field Approval "$@" "$name.pdf"
	is "$(field .error.reason)" pdf-field-unseen "$name: before the PIN, with its reason"
}
unseen field-hidden --visible 1
unseen field-outside --visible 1
unseen field-empty-second --visible 1
run_ok 'but without being seen' sign -f --field Approval field-hidden.pdf field-outside.pdf
for name in field-empty field-nowhere; do
	run_ok "$name: gets the place that is asked for" sign -f --field Approval --visible top-left "$name.pdf"
	like "$(where $name-signed.pdf 1)" '^[4-9][0-9] [3-7][0-9] ' "$name: where it is seen"
	like "$(pdfsig -nocert $name-signed.pdf)" 'Total document signed' "$name: total document signed"
	run_ok "$name: valid" verify $name-signed.pdf
done
run_ok 'on the page that it is on' sign -f --field Approval --visible last,top-left field-empty-second.pdf
like "$(where field-empty-second-signed.pdf 2)" '^[4-9][0-9] [3-7][0-9] ' 'it is seen'
run_ok 'a signed file' sign -f -o once.pdf field-empty.pdf
run_code 5 'in which a place would be a change' sign --json -f --field Approval --visible 1 -o x.pdf once.pdf
is "$(field .error.reason)" pdf-field-unseen 'is told'
run_ok 'flat and narrow ones' sign -f --reason OK --field Approval --visible 1 field-flat.pdf field-narrow.pdf
# The text beside the name, and below it.
for row in flat:'beside' narrow:'below'; do
	pdftotext -bbox "field-${row%:*}-signed.pdf" - | sed -nE 's/.*xMin="([0-9]+)[0-9.]*" yMin="([0-9]+)[0-9.]*".*>(Siu|OK)<.*/\3 \1 \2/p' | sort >places
	is "$(awk '/^OK/ { y = $3 } /^Siu/ { print y - $3 < 8 ? "beside" : "below" }' places)" "${row#*:}" "${row%:*}: the shape fits"
done

# ---- a second one, in the same corner: what was signed stays to be seen ----
run_ok 'one signs in the corner' sign -f --visible bottom-right -o once.pdf invoice.pdf
run_ok 'another in the same one' sign -f --visible bottom-right -o twice.pdf once.pdf
pdftotext -bbox twice.pdf - | sed -nE 's/.*xMin="([0-9]+)[0-9.]*" yMin="([0-9]+)[0-9.]*".*>Siu<.*/\1 \2/p' | sort >places
is "$(sort -u places | wc -l)" 2 'both are seen'
run_ok 'both are valid' verify twice.pdf
like "$out" 'later changes +a signature was added, which is judged by itself; it is drawn on page 1, over [0-9]+ % of it' 'and the page is told'
# shellcheck disable=SC2046
set -- $(rect once.pdf)
for point in "${1%.*},${2%.*}" 50,690; do
	run_code 5 "at $point" "$ECERT" sign --json --pin-source file:/nonexistent -f --visible "1,$point" -o x.pdf once.pdf
	is "$(field .error.reason)" pdf-covers 'it would cover what was signed: before the PIN'
done
run_ok 'where nothing is' sign -f --visible 1,60,80 -o twice.pdf once.pdf
run_ok 'both are valid, too' verify twice.pdf

# ---- a logo, and a web address ----
python3 - <<'END'
import struct, zlib
def png(path, w, h, pixel, kind):
    raw = b"".join(b"\0" + b"".join(pixel(x, y) for x in range(w)) for y in range(h))
    def part(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    with open(path, "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n" + part(b"IHDR", struct.pack(">IIBBBBB", w, h, 8, kind, 0, 0, 0))
                + part(b"IDAT", zlib.compress(raw)) + part(b"IEND", b""))
png("logo.png", 60, 60, lambda x, y: bytes((255, 0, 0, 255 if 10 < x < 50 else 0)), 6)
png("large.png", 2000, 1000, lambda x, y: b"\x20", 0)
with open("bomb.png", "wb") as f:
    head = b"IHDR" + struct.pack(">IIBBBBB", 100000, 100000, 8, 6, 0, 0, 0)
    f.write(b"\x89PNG\r\n\x1a\n\0\0\0\x0d" + head + struct.pack(">I", zlib.crc32(head)))
END
head -c 70 logo.png >cut.png
URL=https://register.example.hk/s/8f3a2c
run_ok 'with both' sign -f --visible bottom-left --logo logo.png --qr $URL -o both.pdf invoice.pdf
run_ok 'ecert verifies it' verify both.pdf
# shellcheck disable=SC2046
set -- $(rect both.pdf)
# crop: the picture that is seen, in points from the page's upper left corner.
crop() { pdftoppm -r 144 "$@" -singlefile -x 72 -y "$(awk -v y="$top" 'BEGIN { print int((842 - y) * 2) }')" -W 640 -H 220 both.pdf seen; }
top=$4
crop -gray
is "$("$top_srcdir/tests/integration/qr-read" seen.pgm)" "$URL" 'zbar reads the address'
crop
red=$(tail -c 422400 seen.ppm | od -An -v -tu1 -w3 | awk '$1 > 200 && $2 < 60 && $3 < 60' | wc -l)
like "$red" '^[3-7][0-9]{3}$' 'the logo has its colour, and is clear where it is clear'
tail -c +"$(($(wc -c <invoice.pdf) + 1))" both.pdf >added
is "$(grep -acE '/SMask|/Group|/Interpolate true' added)" 0 'nothing shines through'
run_ok 'a large one' sign -f --visible 1 --logo large.png -o large.pdf invoice.pdf
at_most "$(($(wc -c <large.pdf) - $(wc -c <invoice.pdf)))" 120000 'is not larger than it has to be'
for bad in bomb.png cut.png invoice.pdf; do
	run_code 5 "$bad as a logo" "$ECERT" sign --json --pin-source file:/nonexistent -f --visible 1 --logo $bad -o x.pdf invoice.pdf
	is "$(field .error.reason)" pdf-no-logo "$bad: the reason"
done
run_code 6 'one that is not there' sign -f --visible 1 --logo none.png invoice.pdf
sentence 'none.png: No such file' 'is told'
run_code 2 'a logo that is seen nowhere' sign -f --logo logo.png invoice.pdf
for bad in javascript:alert http:// https://user@bank.example/ 'https://a b/' ftp://a/ https:///a "https://$(printf '%0260d' 1)" 'https://香港/'; do
	run_code 2 "as an address: $(printf %.20s "$bad")" sign -f --visible 1 "--qr=$bad" invoice.pdf
done
long=https://register.example.hk/$(printf '%0228d' 7)
run_ok 'the longest address' sign -f --visible top-left --qr "$long" -o both.pdf invoice.pdf
# shellcheck disable=SC2046
set -- $(rect both.pdf)
top=$4
crop -gray
is "$("$top_srcdir/tests/integration/qr-read" seen.pgm)" "$long" 'is read, too'

# ---- a JPEG ----
run_ok 'the red logo again' sign -f --visible bottom-left --logo logo.png -o both.pdf invoice.pdf
# shellcheck disable=SC2046
set -- $(rect both.pdf)
top=$4
crop -jpeg && mv seen.jpg plain.jpg
crop -jpeg -jpegopt progressive=y && mv seen.jpg progressive.jpg
crop -jpegcmyk && mv seen.jpg cmyk.jpg
# What a camera says of itself and of the place; grey of one component; and what no reader shows.
python3 - <<'END'
def part(m, data):
    return bytes([0xFF, m]) + (len(data) + 2).to_bytes(2, "big") + data
plain = open("plain.jpg", "rb").read()
where = part(0xE1, b"Exif\0\0secret place") + part(0xFE, b"secret words") + part(0xE2, b"ICC_PROFILE\0secret")
open("camera.jpg", "wb").write(plain[:2] + where + plain[2:] + b"secret end")
grey = (b"\xFF\xD8" + part(0xDB, b"\0" + b"\1" * 64) + part(0xC0, bytes([8, 0, 8, 0, 16, 1, 1, 0x11, 0]))
        + part(0xC4, bytes([0, 1] + [0] * 15 + [0])) + part(0xC4, bytes([0x10, 1] + [0] * 15 + [0]))
        + part(0xDA, bytes([1, 1, 0, 0, 63, 0])) + b"\x0F\xFF\xD9")
open("grey.jpg", "wb").write(grey)
frame = plain.index(b"\xFF\xC0")
def other(name, at, value):
    open(name, "wb").write(plain[:at] + value + plain[at + len(value):])
other("bits.jpg", frame + 4, b"\x0C")
other("arithmetic.jpg", frame, b"\xFF\xC9")
other("huge.jpg", frame + 5, b"\xFF\xFF\xFF\xFF")
other("flat.jpg", frame + 5, b"\0\0")
scan = plain[plain.index(b"\xFF\xDA"):-2]
open("scans.jpg", "wb").write(plain[:-2] + scan * 80 + b"\xFF\xD9")
open("cut.jpg", "wb").write(plain[:frame + 6])
open("open.jpg", "wb").write(plain[:-2])
END
for name in plain progressive camera; do
	run_ok "$name: goes in" sign -f --visible bottom-left --logo $name.jpg -o both.pdf invoice.pdf
	like "$(pdfimages -list both.pdf)" ' rgb +3 +8 +jpeg +no ' "$name: as it is"
	# shellcheck disable=SC2046
	set -- $(rect both.pdf)
	top=$4
	crop
	red=$(tail -c 422400 seen.ppm | od -An -v -tu1 -w3 | awk '$1 > 180 && $2 < 90 && $3 < 90' | wc -l)
	like "$red" '^[1-9][0-9]{2,}$' "$name: is seen"
	is "$(tail -c +"$(($(wc -c <invoice.pdf) + 1))" both.pdf | grep -ac secret)" 0 "$name: nothing else of it"
done
run_ok 'ecert verifies it' verify both.pdf
JUDGE=$top_srcdir/tests/integration/pdfa-judge
make archive
run_ok 'a PDF/A' "$JUDGE" archive.pdf
for name in progressive grey; do
	run_ok "$name in a PDF/A" sign -f --visible bottom-left --logo $name.jpg archive.pdf
	run_ok "$name: it stays one" "$JUDGE" archive-signed.pdf archive.pdf
	like "$(pdfimages -list archive-signed.pdf)" ' jpeg +no ' "$name: with the JPEG in it"
done
# refused NAME REASON
refused() {
	run_code 5 "$1: refused" "$ECERT" sign --json --pin-source file:/nonexistent -f --visible 1 --logo "$1.jpg" -o x.pdf invoice.pdf
	is "$(field .error.reason)" "$2" "$1: before the PIN, with its reason"
}
refused cmyk pdf-logo-cmyk
refused bits pdf-logo-kind
refused arithmetic pdf-logo-kind
for bad in huge flat scans cut open; do refused $bad pdf-no-logo; done

# ---- long names, and what is to be seen of them ----
run_ok 'a long reason' sign -f --visible 1 --reason "$(printf 'word%.0s ' $(seq 400))end" -o long.pdf invoice.pdf
at_most "$(rect long.pdf | awk '{ print int($4 - $2) }')" 150 'and the card stays a card'
run_ok 'control characters in it' sign -f --visible 1 --reason "$(printf 'one\ntwo\342\200\256three')" -o long.pdf invoice.pdf
like "$(pdftotext long.pdf -)" 'one two\?\?\?three' 'turn nothing around'
done_testing
