#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The command line where things are not as they should be: standard streams that are closed or full,
# secrets from odd places, outputs that cannot be written, wrong lines in JSON.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
start_vcard_socket --serial 4711
provision
cd "$T" || exit 1
E=$ECERT
# is_json NAME: $T/out is one JSON document.
is_json() { is "$(jq -es length "$T/out" 2>&1)" 1 "$1: one JSON document"; }

# ---- finding one's way ----
run_ok 'the version' "$E" --version
like "$out" '^ecert-middleware [0-9]' 'is told'
run_code 2 'help of a command that is none' "$E" help token frobnicate
sentence "no command 'token frobnicate'" 'help of a command that is none'
for line in '--frobnicate' 'token frobnicate' 'token list x' 'token list --slot-id x' 'sign' 'verify' 'frobnicate'; do
	# shellcheck disable=SC2086
	run_code 2 "wrong, in JSON: $line" "$E" --json $line
	is_json "$line"
	is "$(field '[.error.code, .error.exit] | join(" ")')" 'usage 2' "$line: the error"
done
run_code 2 '--json behind what is wrong' "$E" token list --frobnicate --json
is_json '--json behind what is wrong'
for line in 'nope --json' 'cert nope --json' 'cert --json' '--json cert' 'help nope --json' '--json'; do
	# shellcheck disable=SC2086 # words
	run_code 2 "no command, in JSON: $line" "$E" $line
	is_json "$line"
done
for line in 'help --json' '--json help' 'help -j sign' 'help token list --json' 'help exit-codes --json' 'help words PUK --json' 'help token --json'; do
	# shellcheck disable=SC2086 # words
	run_code 2 "help has no JSON: $line" "$E" $line
	is_json "$line"
	is "$(field .error.reason)" help-is-text "$line: says so"
done
# reason WHY WORD...: what is wrong with options and arguments has a reason, with and without --json.
reason() {
	local why="$1"
	shift
	run_code 2 "$*" "$E" "$@"
	like "$err" '^ecert( [a-z]+)*: .' "$*: is told"
	json_from "$E" --json "$@" >"$T/out" 2>/dev/null
	is "$(jq -r .error.reason "$T/out")" "$why" "$*: the reason"
}
reason option-unknown sign -Z invoice.pdf
reason option-unknown sign --frobnicate invoice.pdf
reason option-value-missing sign invoice.pdf --output
reason option-value-missing sign invoice.pdf -o
reason option-value-missing --token
reason option-without-value sign --force=yes invoice.pdf
reason option-ambiguous sign --p x invoice.pdf
reason option-value-malformed token list --slot-id x
reason option-value-empty verify --anchor= invoice.pdf
reason argument-missing sign
reason argument-too-many token list x
reason argument-empty sign ''
reason command-unknown frobnicate
like "$("$E" sign -o 2>&1)" 'The option -o needs a value\.$' 'the letter is named'
run_ok '--json with --help is help' "$E" sign --json --help
like "$out" 'Usage: ecert sign' 'and no error'
run_code 2 'a variable that names no reader' env ECERT_READER=bogus "$E" key list
sentence "The variable ECERT_READER takes socket:PATH, and not 'bogus'" 'a variable that names no reader'
run_code 2 'for the module as well' env ECERT_READER=bogus "$E" --json token list
is_json 'a variable that names no reader'
run_ok 'the option is stronger' env ECERT_READER=bogus "$E" --reader "$ECERT_READER" token list
run_code 3 'an empty variable is none' env ECERT_READER= "$E" token list
unlike "$err" 'ECERT_READER|argument' 'and the computer has no reader'

# ---- closed and full streams ----
# closed COMMAND...: without a standard output, $code and $T/err.
closed() { "$@" >&- 2>"$T/err" </dev/null; code=$?; err=$(cat "$T/err"); }
full() { "$@" >/dev/full 2>"$T/err" </dev/null; code=$?; err=$(cat "$T/err"); }
for how in closed full; do
	for line in 'token list' 'token info --json' 'pin status' 'key list' 'cert list --json' 'cert export' 'help'; do
		# shellcheck disable=SC2086
		$how "$E" $line
		is $code 6 "standard output $how: $line"
		sentence 'standard output' "standard output $how: $line"
	done
done
closed sign invoice.txt
is $code 6 'signs without a standard output and says that the name of the signature got lost'
run_ok 'the signature is there' verify invoice.txt
rm invoice.txt.p7s
"$E" sign --pin-source file:pin --chain ca/sub.pem invoice.txt >&- 2>&- <&-
run_ok 'with all streams closed it is whole, too' verify invoice.txt
rm invoice.txt.p7s
(closed "$E" pin status; exit $code) >/dev/null
# The number of the closed stream was not given to the token's socket, which then got our words.
sh -c "\"$E\" token list --json 2>/dev/null >&-; \"$E\" pin status --json" >heard
json_keep heard "$E" pin status
is "$(jq .pin_tries heard)" 3 'the token has heard none of it'
{
	"$E" help exit-codes 2>"$T/err"
	echo $? >"$T/code"
} | true
is "$(cat "$T/code") $(cat "$T/err")" '0 ' 'a reader who has heard enough is no error'

# ---- PINs from odd places ----
printf '%s\r\n' "$PIN" >crlf
printf '%s' "$PIN" >open
printf '%s\nmore\n' "$PIN" >two
printf '\357\273\277%s\r\n' "$PIN" >mark # as Windows' editor writes it
for file in crlf open two mark; do
	run_ok "a PIN that ends by $file" sign -f --pin-source "file:$file" invoice.txt
done
: >empty
printf '\n' >newline
printf '12345\n' >five
printf '123456789\n' >nine
printf '24816\0003\n' >zero
printf '\303\251\303\251\303\251\n' >accents
head -c 600 /dev/zero | tr '\0' 1 >long
for row in 'empty:is empty' 'newline:is empty' 'five:6 to 8 characters' 'nine:6 to 8 characters' \
	'zero:zero byte' 'accents:6 to 8 characters' 'long:too long'; do
	run_code 4 "a PIN from ${row%%:*}" "$E" sign -f --pin-source "file:${row%%:*}" invoice.txt
	sentence "${row#*:}" "a PIN from ${row%%:*}"
done
run_code 6 'a PIN from nowhere' "$E" sign -f --pin-source file:nowhere invoice.txt
run_code 2 'a PIN from no variable' "$E" sign -f --pin-source env:NOWHERE invoice.txt
run_code 4 'an empty variable' env NOTHING= "$E" sign -f --pin-source env:NOTHING invoice.txt
run_ok 'none of them' "$E" pin status --json
is "$(field .pin_tries)" 3 'has used a try'
run_code 4 'a management key that is too long' "$E" key generate --slot 9d --management-key-source file:long
sentence 'The management key is too long' 'a management key that is too long'

# ---- outputs that cannot be ----
run_code 6 'a signature for no folder' sign -f -o nowhere/invoice.p7s invoice.txt
unlike "$err" 'Signing as' 'is refused before the token is asked'
run_code 2 'a signature and JSON in one stream' sign --json -o - invoice.txt
is_json 'a signature and JSON in one stream'
run_code 2 'a certificate and JSON in one stream' "$E" cert export --json
is_json 'a certificate and JSON in one stream'
run_ok 'a certificate in a file, told in JSON' "$E" cert export --json -o wong.pem
is "$(field '[.slot, .file] | join(" ")')" '9c wong.pem' 'where it came from and is'
run_code 5 'an empty place' "$E" cert export --slot 9d
sentence 'There is no certificate in slot 9d' 'an empty place'
run_code 4 'a request with a wrong PIN' "$E" cert request --subject CN=x --pin-source file:wrong \
	--attestation att.pem -o request.pem
is "$(ls att.pem request.pem 2>/dev/null)" '' 'leaves no attestation alone'
run_code 6 'a request for no folder' "$E" cert request --subject CN=x --pin-source file:pin \
	--attestation att.pem -o nowhere/request.pem
is "$(ls att.pem 2>/dev/null)" '' 'leaves none either'
run_code 2 'request and attestation in one file' "$E" cert request --subject CN=x --pin-source file:pin \
	--attestation same.pem -o same.pem
run_ok 'both' "$E" cert request --subject CN=x --pin-source file:pin --attestation att.pem -o request.pem
is "$(grep -c BEGIN att.pem request.pem | tr '\n' ' ')" 'att.pem:2 request.pem:1 ' 'are there'

# ---- an output that is an input: nothing is written over what is read ----
cp invoice.txt paper.txt && cp "$T/escrow.json" kept.json && cp "$T/pin" kept.pin && ln -s paper.txt led.txt
# lost NAME FILE COPY ARGUMENT...: refused, and FILE is as its copy.
lost() {
	local name="$1" file="$2" copy="$3"
	shift 3
	run_code 5 "$name" "$E" "$@"
	sentence 'is a file that this command reads: written over, it would be lost' "$name"
	run_ok "$name: it is whole" cmp "$file" "$copy"
}
P="--pin-source file:$T/pin"
# shellcheck disable=SC2086 # words
{
	lost 'the document' paper.txt invoice.txt sign $P -f -o paper.txt paper.txt
	lost 'by another path' paper.txt invoice.txt sign $P -f -o "$T/./paper.txt" paper.txt
	lost 'through a link' paper.txt invoice.txt sign $P -f -o led.txt paper.txt
	lost 'the escrow' "$T/escrow.json" kept.json key generate --slot 84 -f $MGM -o "$T/escrow.json"
	lost 'the PIN' "$T/pin" kept.pin cert request $P --subject CN=x -f -o "$T/pin"
	lost 'the PIN, by the attestation' "$T/pin" kept.pin cert request $P --subject CN=x -f -o new.csr --attestation "$T/pin"
	run_ok 'a signature' "$E" sign $P paper.txt
	cp paper.txt.p7s kept.p7s
	lost 'a file to sign' paper.txt.p7s kept.p7s sign $P -f paper.txt paper.txt.p7s
	run_code 5 'a file that is there' "$E" key generate --slot 84 $MGM -o paper.txt
	sentence 'paper.txt exists already' 'a file that is there'
}
unlike "$("$E" key list)" 'slot 84' 'no key was made'

# ---- an escrow that is none any more ----
head -c 150 "$T/escrow.json" >torn.json
sed 's/ecert-escrow-1/ecert-escrow-9/' "$T/escrow.json" >newer.json
for file in torn newer; do
	run_code 4 "$file" "$E" key generate --slot 84 --management-key-source "file:$file.json"
	sentence "The escrow file $file.json is cut short, damaged, or of another version" "$file"
done

# ---- another maker's module, and a command that does not go through it ----
cp "$MODULE" other.so
run_code 3 'pin status' "$E" --module "$T/other.so" --reader "socket:$T/none" pin status
sentence 'is for PIV tokens, and there is none; it does not go through --module' 'pin status'

# ---- the PUK is blocked ----
printf '99999999\n' >bad.puk
for i in 1 2 3; do "$E" -q pin unblock --puk-source file:bad.puk --new-pin-source "file:$T/pin" --allow-last-try 2>err; done
like "$(cat err)" 'With its PIN the token works on' 'the PIN is still good, and nothing has to be reset'
for i in 1 2 3; do "$E" -q sign -f --pin-source "file:$T/wrong" --allow-last-try invoice.txt 2>/dev/null; done
run_ok 'the PIN too' "$E" pin status
like "$out" 'PIN is blocked, and the PUK, too: only .ecert token reset. is left' 'says the only way'
run_code 4 'signing then' "$E" sign -f --pin-source "file:$T/pin" invoice.txt
like "$err" 'The PUK is blocked, too: only .ecert token reset. is left' 'sends nobody to the PUK'
run_code 4 'a new PIN' "$E" pin change --pin-source "file:$T/pin" --new-pin-source "file:$T/wrong"
like "$err" 'The PUK is blocked, too: only .ecert token reset. is left' 'neither'

# ---- a token whose management key cannot be changed ----
end "$VCARD_PID"
rm -f "$VCARD_SOCKET"
VCARD=$top_builddir/tests/integration/foreign-card STATE=$T/base.state
export ECERT_TEST_SKIN=base
start_vcard_socket
record "$T/rec" "$E" token init --generate --escrow base.json >/dev/null 2>&1
run_code 7 'is not set up half' "$E" token init --generate --escrow base.json
sentence 'management key of this token cannot be changed.*nothing was changed' 'it says so'
is "$(ls base.json 2>/dev/null)" '' 'no escrow is left'
is "$(grep -cE '^> 00(DB|24|2C)' "$T/rec" -i)" 0 'and nothing was written'
done_testing
