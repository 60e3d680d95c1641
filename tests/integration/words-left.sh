#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# timeout: 600
# End to end in marked English (tests/pseudo) and in zh_HK: no line is left with an English word that is
# no name. A sentence that the catalogue does not have, or that does not go through it, fails here.
. "${top_srcdir:-.}/tests/integration/harness.sh"
with_pcscd "$@"
. "$top_srcdir/tests/integration/cli-lib.sh"
cd "$T" || exit 1
mkdir -p locales pseudo/en_XA/LC_MESSAGES
localedef -i zh_HK -f UTF-8 locales/zh_HK.UTF-8 || bail_out 'localedef'
export LOCPATH="$T/locales"
"$top_srcdir/po/extract" "$top_srcdir" >pot && "$top_srcdir/tests/pseudo/catalogue" pot po &&
	msgfmt -o pseudo/en_XA/LC_MESSAGES/ecert.mo po || bail_out 'no catalogue'

# begin: a new token, and an ecertd that keeps its journal.
begin() {
	start_vcard
	spawn "$top_builddir/ecertd" --socket "$XDG_RUNTIME_DIR/ecertd.sock"
	ECERTD_PID=$!
	wait_for 30 test -S "$XDG_RUNTIME_DIR/ecertd.sock" || bail_out "$(cat "$T/ecertd.log")"
	export ECERT_DAEMON=always
}
end_all() {
	end "$ECERTD_PID"
	stop_vcard
	rm -rf "$STATE" "$XDG_STATE_HOME" escrow.json 9?.pub 9?.pem request.pem invoice.txt.p7s attached.p7s ./*.jws ./*.jwt
}
# e ARGUMENT...: ecert; the command and what it says go to $T/raw.
e() {
	{
		printf '\n\001'
		printf ' %s' "$@"
		echo
	} >>raw
	"$ECERT" "$@" >say.out 2>say.err </dev/null
	cat say.out say.err >>raw
}
# each_line: of $T/raw, with the command in front.
each_line() {
	tr -d '\0\r' <raw | T="$T/" awk '
		/^\001/ {
			line = substr($0, 3)
			while (i = index(line, ENVIRON["T"])) line = substr(line, 1, i - 1) substr(line, i + length(ENVIRON["T"]))
			line = substr(line, 1, 70)
			next
		}
		length { print line "\t" $0 }'
}
# speak pseudo|zh_HK COMMAND...
speak() {
	local language="$1"
	shift
	case $language in
	pseudo) LANGUAGE=en_XA ECERT_LOCALEDIR="$T/pseudo" "$@" ;;
	zh_HK) LC_ALL=zh_HK.UTF-8 ECERT_LOCALEDIR="$top_builddir/po" "$@" ;;
	esac
}

life() {
	local p="--pin-source file:pin" m="--management-key-source file:escrow.json" anchor="--anchor ca/root.pem"
	# a token is set up
	e doctor
	e token list
	e token info
	e token init --escrow escrow.json --new-pin-source file:pin --new-puk-source file:puk
	e token init --escrow escrow.json --new-pin-source file:pin --new-puk-source file:puk
	e key generate --slot 9c --alg p256 $m -o 9c.pub
	"$DEMO_CA" certify ca 9c.pub 9c.pem signing || bail_out 'certificate'
	e cert import 9c.pem --slot 9c $m
	e cert import 9c.pem --slot 9d $m
	e key generate --slot 9d --alg p384 $m -o 9d.pub
	e key generate --slot 82 --alg rsa9 $m
	e key import mei.p12 --slot 9a --password-source file:password $m
	e key import mei.p12 --slot 9a --password-source file:pin $m
	e key import 9c.pem --slot 9a --password-source file:pin $m
	e key list
	e key label --slot 9c 'Seal' $m
	e cert list
	e cert label --slot 9c 'Seal' $m
	e cert export --slot 9c
	e cert export --slot 95
	e token label 'Wong' $m
	e token info
	e token list
	e pin status
	e doctor
	# requests with names that cannot be
	for name in 'C=HKG' 'O=Wong, Sons' 'ZZ=x' '' 'CN=' 'CN=#zz' 'CN=#0101FF' '=x'; do e cert request --slot 9c --subject "$name" $p; done
	for name in 'dns:-a.example' 'dns:a..b' 'email:x' 'uri:y' 'ip:1' 'z'; do e cert request --slot 9c --subject CN=x --san "$name" $p; done
	echo '{}' >template.json
	e cert request --slot 9c --template template.json $p
	e cert request --slot 9c --subject CN=x -o request.pem $p
	# signing and verifying
	echo 'an invoice' >invoice.txt
	e sign $p --chain ca/sub.pem invoice.txt
	e sign $p invoice.txt
	e sign $p -f --output-dir /nonexistent invoice.txt
	e sign $p nowhere.txt
	e sign $p .
	e sign --pin-source file:wrong -f invoice.txt
	e sign --pin-source file:nowhere -f invoice.txt
	e sign --pin-source file:pin --alg RS256 -f invoice.txt
	e sign --pin-source file:pin --id 04 -f invoice.txt
	e sign $p --attached --chain ca/sub.pem -o attached.p7s invoice.txt
	e verify $anchor invoice.txt.p7s
	e verify $anchor --crl ca/crl.pem invoice.txt.p7s
	e verify invoice.txt.p7s
	e verify $anchor attached.p7s
	e verify --anchor other/root.pem invoice.txt.p7s
	e verify --anchor nowhere.pem invoice.txt.p7s
	e verify $anchor --at 2001-01-01T00:00:00Z invoice.txt.p7s
	e verify $anchor invoice.txt
	e verify $anchor nowhere.p7s
	cp invoice.txt.p7s altered.txt.p7s && echo 'another' >altered.txt
	e verify $anchor altered.txt.p7s
	head -c 600 invoice.txt.p7s >cut.p7s && e verify $anchor cut.p7s
	# statements of the token
	e attest --audience https://wong.example --nonce 0123456789abcdef --merchant https://wong.example --chain ca/sub.pem $p -o token.jwt
	e attest --audience x --nonce y $p
	e verify $anchor --attestation-root ca/root.pem --audience https://wong.example --nonce 0123456789abcdef token.jwt
	e verify $anchor --audience https://other.example --nonce 0000000000000000 token.jwt
	e trustmark renew --request nowhere.json $p
	e trustmark renew --request template.json $p
	e trustmark renew --request "$top_srcdir/tests/data/renewal.json" --chain ca/sub.pem $p -o renewal.jwt
	e verify $anchor renewal.jwt
	e verify renewal.jwt
	e trustmark grant renewal.jwt $p
	e trustmark grant --issuer https://trustmark.example renewal.jwt $p
	e trustmark grant $anchor --issuer https://other.example renewal.jwt $p
	e trustmark grant $anchor --issuer https://trustmark.example $p -o mark.jwt renewal.jwt
	e trustmark grant $anchor --issuer https://trustmark.example $p -o mark2.jwt renewal.jwt
	e trustmark show mark.jwt
	e verify mark.jwt
	e verify --mark-issuer https://trustmark.example=ca/sub.pem mark.jwt
	e verify --mark-issuer https://trustmark.example=9c.pem mark.jwt
	e trustmark status --issuer https://trustmark.example --status active $p -o status.jwt mark.jwt
	e trustmark status --issuer https://trustmark.example --status odd $p mark.jwt
	e verify --mark-issuer https://trustmark.example=9c.pem status.jwt
	e attest --audience https://wong.example --nonce 0123456789abcdef --mark mark.jwt --status status.jwt --chain ca/sub.pem $p -o token2.jwt
	e verify $anchor --audience https://wong.example --nonce 0123456789abcdef --mark-issuer https://trustmark.example=9c.pem token2.jwt
	e verify $anchor --audience https://wong.example --nonce 0123456789abcdef token2.jwt
	e trustlist sign nowhere.json $p
	# the journal
	e journal show
	e journal verify
	e journal seal $p -o seal.jws
	e journal reconcile
	e journal verify --seal seal.jws
	# PINs
	e pin change --pin-source file:pin --new-pin-source file:easy
	e pin change --pin-source file:wrong --new-pin-source file:puk
	e pin unblock --puk-source file:wrong8 --new-pin-source file:pin
	for i in 1 2 3; do e sign --pin-source file:wrong --allow-last-try -f invoice.txt; done
	e doctor
	e pin status
	e token reset
	e sign --reader socket:/nonexistent $p -f invoice.txt
	e token info --token nobody
	e token info --module /nonexistent
	e doctor --reader socket:/nonexistent
	# the line
	for line in frobnicate 'token frobnicate' 'sign' 'sign --frobnicate' 'token list --slot-id x' 'token list x' 'verify --at x y' 'sign --alg RS265 x' \
		'sign --module' 'sign --json=x y' 'sign -Z' 'sign --pin-source' 'sign --p x'; do
		e $line
	done
	# help
	e
	e help
	e help words
	e help exit-codes
	"$ECERT" help | sed -n 's/^  ecert \([a-z]* [a-z]*\|[a-z]*\)  .*/\1/p' >commands
	while read -r command; do e $command --help; done <commands
}

printf '%s\n' "$PIN" >pin && printf '%s\n' "$PUK" >puk && printf '000000\n' >wrong && printf '00000000\n' >wrong8
printf '123456\n' >easy && printf 'sesame\n' >password
"$DEMO_CA" init ca && "$DEMO_CA" init other || bail_out 'demo-ca'
openssl req -x509 -newkey rsa:2048 -nodes -keyout mei.key -out mei.pem -days 30 -subj '/CN=CHAN Mei' 2>/dev/null
openssl pkcs12 -export -inkey mei.key -in mei.pem -name mei -passout pass:sesame -out mei.p12

for language in pseudo zh_HK; do
	: >raw
	begin
	speak $language life
	each_line >said
	"$top_srcdir/tests/pseudo/left" "$top_srcdir/tests/pseudo/names" said >left
	cp said "said.$language"
	is "$(cat left)" '' "no English word is left: $language"
	is "$([ "$(wc -l <said)" -gt 600 ] && echo many)" many 'of more than 600 lines'
	end_all
done
done_testing
