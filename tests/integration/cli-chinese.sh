#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What people read is in their language, and its columns
# are right for wide characters; what programs read is English, whoever runs it.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
start_vcard_socket
provision
cd "$T" || exit 1

mkdir locales && localedef -i zh_HK -f UTF-8 locales/zh_HK.UTF-8 && localedef -i zh_CN -f GB18030 locales/zh_CN.GB18030 ||
	bail_out 'localedef'
export ECERT_LOCALEDIR="$top_builddir/po" LOCPATH="$T/locales"
case $ECERT_LOCALEDIR in /*) ;; *) bail_out 'the build folder has no whole path' ;; esac
chinese() { LC_ALL=zh_HK.UTF-8 "$@"; }
# columns: the widest line of standard input, two columns a wide character.
columns() { perl -CSD -ne 'chomp; my $n = 0; $n += ord($_) > 0x2E7F ? 2 : 1 for split //; $m = $n if $n > $m; END { print $m + 0 }'; }

# ---- from a file of the CA to a verified signature ----
run_ok 'sign' chinese "$ECERT" sign --pin-source "file:$T/pin" --chain "$T/ca/sub.pem" invoice.txt
run_ok 'verify' chinese "$ECERT" verify --anchor "$T/ca/root.pem" invoice.txt.p7s
like "$out" '^簽署：       有效$' 'the verdict'
like "$out" '^簽署人：     ' 'who, in the same column'
run_code 4 'a wrong PIN' chinese "$ECERT" sign --pin-source "file:$T/wrong" -f invoice.txt
is "$(printf '%s\n' "$err" | sed -n 's/^ecert: //p' | grep -c '密碼.*。$')" 1 'is told'
run_ok 'the tries' chinese "$ECERT" pin status
like "$out" '密碼尚可嘗試[0-9]+次。' 'are told'
run_ok 'token info' chinese "$ECERT" token info
like "$out" '^權杖：        ' 'the label'
like "$out" '^讀卡器：      ' 'the reader in the same column'
run_ok 'token list' chinese "$ECERT" token list
like "$out" '序號[^ ]*，' 'in Chinese'
run_ok 'key list' chinese "$ECERT" key list
like "$out" '^存放位9c（id 02）  [A-Z0-9-]+ +數碼簽署 {13}密碼' 'in Chinese, its columns by width'
printf '%s\n' https://shop.example.hk https://issuer.example.hk https://issuer.example.hk/t 守則 2025 '' '' https://shop.example.hk/t \
	https://shop.example.hk/p care@shop.example.hk '' '' '' 1 否 五月起 '' '' '' '' >answers
run_ok 'a form' chinese sh -c "'$ECERT' trustmark form form.json <answers"
like "$err" '^你的商店網址，例如 https://shop.example：$' 'asks in Chinese'
is "$(jq -c '[.cop[0].kept, .cop[0].statement]' form.json)" '[false,"五月起"]' 'and knows the answer no'
run_code 2 'a mistake' chinese "$ECERT" sing invoice.txt
like "$err" '你是否想輸入`ecert sign`' 'what was meant'
run_code 2 'a number that is none' chinese "$ECERT" token list --slot-id x
like "$err" '要的是數字' 'is told by the program, not by argp'
run_ok 'help' chinese "$ECERT" help
at_most "$(printf '%s\n' "$out" | columns)" 80 'not wider than a terminal'

# ---- the journal ----
mkdir record && cat >record/journal.jsonl <<'END'
{"n":1,"phase":"event","what":"start","at":"2026-11-21T20:48:26.123Z","exe":"/usr/sbin/ecertd","pid":7,"uid":0}
{"n":2,"phase":"intent","what":"sign","at":"2026-11-21T20:48:27.123Z","exe":"/usr/bin/ecert","pid":8,"uid":1000,"serial":"4711","key":"9c","hash":"0123456789abcdef0123"}
{"n":3,"phase":"outcome","of":2,"rc":"ECERT_E_REMOVED"}
{"n":4,"phase":"event","what":"refused","at":"2026-11-21T20:48:28.123Z","count":3,"asked":"sign"}
END
run_ok 'journal show' chinese "$ECERT" journal show --state "$T/record"
like "$out" '^時間 +操作 +匙 +權杖 +結果 +所簽的雜湊值 +程式$' 'has a head'
like "$out" 'sign +9c +4711 +未通過 +0123456789abcdef /usr/bin/ecert（pid 8，uid 1000）：[^ -~]' 'an operation and why it failed'
like "$out" '3個要求，最後一個是sign$' 'and what was refused'
is "$(printf '%s\n' "$out" | sed -n 's/程式$/|/p' | columns)" "$(printf '%s\n' "$out" | sed -n 's|/usr/bin/ecert.*|\||p' | columns)" \
	'in the same column'

# ---- the words explained, by both of their names ----
run_ok 'a word in Chinese' chinese "$ECERT" help words 解鎖碼
like "$out" '^解鎖碼（PUK）$' 'is headed by both names'
explained=$out
run_ok 'the same in English' chinese "$ECERT" help words PUK
is "$out" "$explained" 'is the same answer'
run_ok 'a word that is the same in both' chinese "$ECERT" help words json
like "$out" '^JSON$' 'is there once'
run_ok 'an English reader' "$ECERT" help words PUK
like "$out" '^PUK$' 'sees no other name'
run_code 2 'a word that is none' chinese "$ECERT" help words 碼
like "$err" '沒有「碼」的解釋' 'is told'

# ---- a counterparty token is no device ----
run_ok 'attest' chinese "$ECERT" attest --audience https://buyer.example --nonce 8fK2mX01pQ --merchant https://wong.example --pin-source "file:$T/pin" -o token.jwt
run_code 10 'verify it' chinese "$ECERT" verify --audience https://buyer.example --nonce 8fK2mX01pQ token.jwt
like "$out" '^憑據： ' 'has a word of its own'
echo nothing >junk
run_code 8 'a file without a signature' chinese "$ECERT" verify junk
like "$err" '：junk\.p7s不存在，而junk本身不是數碼簽署' 'is told in a whole sentence'

# ---- what programs read ----
json() {
	local what="$1"
	shift
	"$ECERT" "$@" --json >english.json 2>/dev/null
	chinese "$ECERT" "$@" --json >chinese.json 2>/dev/null
	is "$(cat chinese.json)" "$(cat english.json)" "JSON of $what"
	at_most 3 "$(wc -l <english.json)" "which says something: $what"
}
json 'token list' token list
json 'key list' key list
json 'verify' verify --anchor ca/root.pem invoice.txt.p7s
json 'an error of a file' verify --anchor ca/root.pem nowhere.p7s
json 'an error of the line' token list --slot-id x
json 'a value that was meant' sign --alg RS265 invoice.txt
out=$(chinese "$ECERT" doctor)
like "$out" '^正常     密碼         .*的密碼尚餘[0-9]次嘗試。$' 'the doctor speaks Chinese'
json 'doctor' doctor

# ---- a catalogue that would steer the terminal ----
mkdir -p evil/zh_HK/LC_MESSAGES
cat >evil/ecert.po <<'END'
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=1; plural=0;\n"

msgid "the certificates on the token, and which may sign"
msgstr "證書\033[2J"

msgid "For every command:"
msgstr "每個指令：\302\233\342\200\256"

msgid "PIN:"
msgstr "密碼：\033[1A"

msgid "Examples:\n  ecert cert list\n  ecert cert list --json"
msgstr "例子：\n  ecert cert list\n\tecert cert list --json"

msgid "{token}: {n} try of the PIN is left."
msgid_plural "{token}: {n} tries of the PIN are left."
msgstr[0] "{token}\033]0;x\007：{n}"

msgid "Cannot read {file}: {why}"
msgstr "\033[1A讀不到{file}：{why}"
END
msgfmt -o evil/zh_HK/LC_MESSAGES/ecert.mo evil/ecert.po || bail_out 'msgfmt'
evil() { ECERT_LOCALEDIR="$T/evil" chinese "$@"; }
steers() { LC_ALL=C grep -c "$(printf '[\001-\010\013-\037\177]\|\302\233\|\342\200\256')"; }
run_ok 'help by it' evil "$ECERT" cert list --help
is "$(printf '%s' "$out$err" | steers)" 0 'steers nothing'
like "$out" 'the certificates on the token, and which may sign' 'its English instead'
like "$out" '^For every command:' 'also of a character that reorders'
like "$out" '例子：' 'what may be shown is said'
is "$(printf '%s\n' "$out" | grep -c "^$(printf '\t')*.*ecert cert list")" 3 'on lines of its own'
run_ok 'a label' evil "$ECERT" token info
is "$(printf '%s' "$out$err" | steers)" 0 'steers nothing'
like "$out" '^PIN:  ' 'and is English'
run_ok 'what is counted' evil "$ECERT" pin status
is "$(printf '%s' "$out$err" | steers)" 0 'steers nothing, either'
like "$out" 'of the PIN (is|are) left' 'and is English'
run_code 6 'an error' evil "$ECERT" sign nowhere.txt
is "$(printf '%s' "$out$err" | steers)" 0 'nor does that'
like "$err" '^ecert: Cannot read nowhere' 'which is English'

# ---- a terminal of GB18030 ----
gb() { LC_ALL=zh_CN.GB18030 "$@"; }
subject=$(printf '/CN=陈大文' | iconv -f UTF-8 -t GB18030)
run_ok 'a subject in GB18030' gb "$ECERT" cert request --slot 9c --subject "$subject" -o request.pem --pin-source "file:$T/pin"
like "$(openssl req -in request.pem -noout -subject -nameopt utf8,-esc_msb)" '陈大文' 'is UTF-8 in the request'
gb "$ECERT" verify --anchor ca/root.pem invoice.txt.p7s >gb.out 2>gb.err
is "$(iconv -f GB18030 -t UTF-8 gb.out | grep -c '^签名：')" 1 'and the answer is GB18030'
done_testing
