#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Chinese on a terminal of 80 columns: columns stand one below the other, the progress line stays on its
# line; and terminals in GB18030 and Big5, where what is typed and what is shown are their bytes.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
start_vcard_socket
provision
cd "$T" || exit 1
mkdir locales && localedef -i zh_HK -f UTF-8 locales/zh_HK.UTF-8 && localedef -i zh_CN -f GB18030 locales/zh_CN.GB18030 &&
	localedef -i zh_TW -f BIG5 locales/zh_TW.BIG5 || bail_out 'localedef'
export ECERT_LOCALEDIR="$top_builddir/po" LOCPATH="$T/locales"

# at_80 LOCALE COMMAND...: on a terminal of 80 columns, where $typed is typed when something is asked;
# $T/screen has its lines, as they are drawn.
typed=
at_80() {
	local locale="$1" hex
	shift
	hex=$(printf '%s' "$typed" | od -An -v -tx1 | tr -d ' \n')
	cat >talk.exp <<-END
		set timeout 60
		log_user 0
		log_file -a -noappend screen.raw
		spawn -noecho env LC_ALL=$locale sh -c {stty cols 80 rows 24; exec "\$@"} sh $*
		fconfigure \$spawn_id -encoding binary -translation binary
		if {"$hex" ne ""} {
			expect -re {.+}
			send -- [binary format H* $hex]\r
		}
		expect eof
		exit [lindex [wait] 3]
	END
	rm -f screen.raw
	expect talk.exp >/dev/null 2>talk.err
	code=$?
	# expect writes each byte as a character of its own.
	iconv -f UTF-8 -t ISO-8859-1 screen.raw | tr '\r' '\n' | sed '/^ *$/d' >screen
}
# wide: lines of standard input, with the columns that each takes in front.
wide() { perl -CSD -ne 'chomp; my $n = 0; $n += /[\x{1100}-\x{115F}\x{2E80}-\x{A4CF}\x{AC00}-\x{D7A3}\x{F900}-\x{FAFF}\x{FE30}-\x{FE6F}\x{FF00}-\x{FF60}\x{FFE0}-\x{FFE6}]/ ? 2 : 1 for split //; print "$n $_\n"'; }
# stands ERE: in which columns what follows this begins, each once.
stands() { perl -CSDA -e 'my $re = shift; while (<STDIN>) { chomp; /^($re)/ or next; my $n = 0; $n += /[\x{1100}-\x{115F}\x{2E80}-\x{A4CF}\x{FE30}-\x{FE6F}\x{FF00}-\x{FF60}]/ ? 2 : 1 for split //, $1; $seen{$n}++ } print join(" ", sort { $a <=> $b } keys %seen), "\n"' "$1"; }

# ---- columns ----
long=發票二零二六年十一月二十九日致黃氏貿易有限公司之銷售及售後服務合約連同所有附件及修訂本.txt
cp invoice.txt "$long"
at_80 zh_HK.UTF-8 "$ECERT" sign -f --pin-source file:pin --chain ca/sub.pem invoice.txt "$long"
is $code 0 'signs on a terminal'
is "$(grep -c '^\[#*\.*\] .*% ' screen)" "$(grep '^\[#*\.*\] .*% ' screen | wide | awk '$1 <= 79' | wc -l)" 'no progress line is as wide as the terminal'
like "$(cat screen)" '^\[#{24}\] 100 %  第2個，共2個  發票二零二六年十一月二十九日致…' 'a long name is cut where a character ends'
at_80 zh_HK.UTF-8 "$ECERT" sign -f --pin-source file:pin --chain ca/sub.pem --tsa http://127.0.0.1:9/ invoice.txt
is "$code $(grep -c '^\[#.*invoice.txt *$' screen) $(grep '^\[' screen | grep -vc 'invoice.txt *$')" '6 1 0' 'what is told while a bar is there has a line of its own'
at_80 zh_HK.UTF-8 "$ECERT" verify --anchor ca/root.pem invoice.txt.p7s
is "$code $(grep -cE '^[^ ]+： ' screen)" '0 11' 'verify has its rows, and that nobody asked whether it was revoked'
is "$(stands '[^ ]+： *' <screen)" 13 'whose values stand in one column'
is "$(stands '  (?:正常|未通過|略過|不明) +(?=[^ ])' <screen)" 11 'the names of checks, too'
is "$(stands '  (?:正常|未通過|略過|不明) +[^ ]+ +(?=[^ ])' <screen)" 34 'and what was found'
is "$(grep -cE '^  (正常|未通過|略過|不明) +(已簽署的屬性|內容雜湊值|簽署值|證書鏈|有效期|撤銷狀況) ' screen)" 6 'each in Chinese'
at_80 zh_HK.UTF-8 "$ECERT" token info
is "$(stands '[^ ]+： *' <screen)" 14 'token info: its values'
at_80 zh_HK.UTF-8 "$ECERT" doctor
is "$(stands '(?:正常|警告|問題) +(?=[^ ])' <screen)" 9 'doctor: the names'
is "$(stands '(?:正常|警告|問題) +[^ ]+ +(?=[^ ])' <screen)" 22 'and what is said of each'
at_80 zh_HK.UTF-8 "$ECERT" key list
is "$(stands '存放位[^ ]+ [^ ]+ +[^ ]+ +' <screen | wc -w)" 1 'key list: one column for what a key is for'
for line in help 'help words' 'help exit-codes' 'sign --help' 'verify --help' 'trustmark grant --help'; do
	# shellcheck disable=SC2086
	at_80 zh_HK.UTF-8 "$ECERT" $line
	is "$(grep -v '^  *ecert ' screen | wide | awk '$1 > 80')" '' "$line is not wider than the terminal"
done

# ---- terminals that are not UTF-8 ----
# in CHARSET TEXT
in_set() { printf '%s' "$2" | iconv -f UTF-8 -t "$1"; }
for row in 'zh_CN.GB18030 GB18030 陈大文 口令一 印章' 'zh_TW.BIG5 BIG5 陳大文 密碼一 印章'; do
	set -- $row
	locale=$1 charset=$2 name=$3 password=$4 label=$5
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$charset.key" -out "$charset.pem" -days 30 -utf8 -subj "/CN=$name" 2>/dev/null &&
		openssl pkcs12 -export -inkey "$charset.key" -in "$charset.pem" -passout "pass:$password" -out "$charset.p12" || bail_out openssl
	typed=$(in_set "$charset" "$password")
	at_80 "$locale" "$ECERT" key import "$charset.p12" --slot 9a --force $MGM
	typed=
	is $code 0 "$charset: the password of a .p12 file"
	run_ok "$charset: a label" env LC_ALL="$locale" "$ECERT" key label --slot 9a "$(in_set "$charset" "$label")" $MGM
	run_ok 'is kept' "$ECERT" key list --json
	is "$(field '.keys[] | select(.slot == "9a") | .label')" "$label" "$charset: as UTF-8"
	run_ok "$charset: a subject" env LC_ALL="$locale" "$ECERT" cert request --slot 9c --subject "$(in_set "$charset" "CN=$name")" \
		-o "$charset.csr" --pin-source file:pin
	like "$(openssl req -in "$charset.csr" -noout -subject -nameopt utf8,-esc_msb)" "$name" "$charset: is UTF-8 in the request"
	at_80 "$locale" "$ECERT" key list
	like "$(iconv -f "$charset" -t UTF-8 screen)" "CN=$name" "$charset: the terminal gets its bytes"

	# Names of files are the terminal's bytes on disk, and text wherever they are told.
	file="$name的文件一.txt" missing="沒有$name.txt"
	[ "$charset" = GB18030 ] || missing="$name不在.txt"
	here=$(in_set "$charset" "$file") gone=$(in_set "$charset" "$missing")
	# told ARGUMENT...: ecert on such a terminal; what it says goes to $T/said as UTF-8, JSON as it is
	told() {
		LC_ALL="$locale" "$ECERT" "$@" >said.json 2>said.bytes
		code=$?
		cat said.json said.bytes | iconv -f "$charset" -t UTF-8 >said 2>/dev/null
	}
	cp invoice.txt "$here"
	told sign -f --pin-source file:pin --chain ca/sub.pem "$here"
	is "$code $(test -s "$here.p7s" && echo there)" '0 there' "$charset: a file is signed, with its signature beside it"
	told sign --json -f --pin-source file:pin --chain ca/sub.pem "$here"
	is "$(jq -r '.signed[0] | .file + " " + .signature' said.json)" "$file $file.p7s" "$charset: sign tells both in JSON as UTF-8"
	told verify --anchor ca/root.pem "$here.p7s"
	like "$(cat said)" "： +$file\$" "$charset: verify has it in its row"
	told verify --anchor ca/root.pem "$here.p7s" "$here.p7s" "$here.p7s"
	is "$(grep -c "^$file.p7s：" said)" 3 "$charset: and in a line of many"
	told verify --json --anchor ca/root.pem "$here.p7s"
	is "$(jq -r .file said.json)" "$file.p7s" "$charset: in JSON"
	told verify --json-lines --anchor ca/root.pem "$gone" "$here.p7s" "$here.p7s"
	is "$(jq -r 'select(.file) | .file' said.json | tr '\n' ' ')" "$missing $file.p7s $file.p7s " "$charset: in a line of JSON"
	like "$(jq -r '.error.message // empty' said.json)" "^Cannot read $missing: " "$charset: and in its message"
	told verify "$gone"
	like "$(cat said)" " ${missing}[：:]" "$charset: an error has it"
	told verify --json "$(printf '\377')$gone"
	like "$(jq -r .error.message said.json)" "^Cannot read \\\\xff$missing: " "$charset: a byte of no character is told as a byte"
done
done_testing
