#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The main job on a virtual token, step by step: provision, sign, verify, renew a trust mark, attest.
# Each command is shown before it runs, and each has to end as it should; the last line is `demo: ok`.
# What is worth looking at stays in the folder DEMO_SHOWN.
. "${top_srcdir:-.}/tests/integration/harness.sh"

data=$top_srcdir/tests/data
# Before the folder is another one.
shown=$(realpath -m "${DEMO_SHOWN:-$T/shown}")
export NEW_PIN=$PIN NEW_PUK=$PUK THE_PIN=
cd "$T" || exit 1

step() { printf '\n== %s\n' "$*"; }
fail() {
	echo "demo: FAILED: $*" >&2
	exit 1
}
# The module's place and where the PIN comes from are left out of what is shown.
ecert() { "$ECERT" --module "$MODULE" ${THE_PIN:+--pin-source env:THE_PIN} "$@"; }
show() {
	local word line='$'
	for word; do
		case $word in *' '*) word="'$word'" ;; esac
		line="$line $word"
	done
	printf '%s\n' "$line" | sed "s|$top_srcdir/||g"
}
does() {
	show "$@"
	"$@" 2>&1 || fail "exit code $?"
}
refuses() {
	local code want="$1"
	shift
	show "$@"
	"$@" 2>&1
	code=$?
	[ $code -eq "$want" ] || fail "exit code $code instead of $want"
	echo "(refused, as it has to be: exit code $code)"
}
# checked ERE: the last answer has to say this.
checked() { grep -q -- "$1" "$T/answer" || fail "the answer does not say: $1"; }
answers() {
	show "$@"
	"$@" >"$T/answer" || { cat "$T/answer"; fail "exit code $?"; }
	cat "$T/answer"
}

step 'A virtual token: the reference applet behind a socket (TEST only; a real one goes into a reader)'
show ecert-vcard --state token.state --listen token.socket
start_vcard_socket
does ecert token list

step 'The administrator sets it up: new PIN, PUK and management key, which goes to an escrow file'
does ecert token init --escrow escrow.json --new-pin-source env:NEW_PIN --new-puk-source env:NEW_PUK
THE_PIN=$PIN

step 'A key is made inside the token, and a CA certifies it (an organisational e-Cert of a demonstration CA)'
does ecert key generate --slot 9c --alg rsa2048 --management-key-source file:escrow.json
does ecert cert request --slot 9c --subject 'C=HK, O=Harbour Lights Trading Co. Ltd., CN=CHAN Siu Ming' -o request.pem
does "$data/demo-ca" init ca
does "$data/demo-ca" issue ca request.pem e-cert.pem
does ecert cert import e-cert.pem --management-key-source file:escrow.json
does ecert cert list

step 'The business signs an invoice: inside of the PDF, and in a file beside it'
cp "$data/invoice.pdf" invoice.pdf
cp "$data/logo.png" .
does ecert sign --visible bottom-right --logo logo.png --qr https://harbourlights.example/mark \
	--reason 'Approved 批准' --place '香港 Hong Kong' invoice.pdf
does ecert sign --format cades invoice.pdf
ls -l invoice.pdf invoice-signed.pdf invoice.pdf.p7s

step 'The customer verifies it: with ecert, which also writes a report, and with OpenSSL alone'
does ecert verify --anchor ca/root.pem --intermediate ca/sub.pem --crl ca/crl.pem --report report.html invoice-signed.pdf
does ecert verify --anchor ca/root.pem --intermediate ca/sub.pem --crl ca/crl.pem invoice.pdf
does openssl cms -verify -cades -binary -inform DER -in invoice.pdf.p7s -content invoice.pdf \
	-CAfile ca/chain.pem -purpose any -out verified.pdf
cmp verified.pdf invoice.pdf || fail 'another document came out'

step 'One byte of the invoice is changed'
sed 's/62,328\.00/92,328.00/' invoice.pdf >forged.pdf
cmp -s invoice.pdf forged.pdf && fail 'nothing was changed'
cmp -l invoice.pdf forged.pdf | wc -l | sed 's/^/bytes changed: /'
refuses 1 ecert verify --anchor ca/root.pem --intermediate ca/sub.pem forged.pdf invoice.pdf.p7s

step 'The merchant asks for the renewal of its trust mark; the issuer verifies the request'
does ecert trustmark renew --request "$data/renewal.json" --chain ca/sub.pem -o renewal.jwt
does ecert verify --anchor ca/root.pem --audience https://trustmark.example renewal.jwt

step 'A counterparty wants to know who it deals with, and where the key lives: it gives out a nonce'
# prove FILE: a fresh nonce, and what the merchant answers
prove() {
	nonce=$(openssl rand -hex 16)
	does ecert attest --audience https://buyer.example --nonce "$nonce" \
		--merchant https://harbourlights.example --chain ca/sub.pem -o "$1"
}
prove token.jwt

step 'For somebody else, or with another nonce: refused'
"$VCARD" --state "$STATE" --print-test-root >test-root.pem 2>/dev/null || {
	# One program at a time uses the state.
	stop_vcard
	"$VCARD" --state "$STATE" --print-test-root >test-root.pem || fail 'no TEST root'
	start_vcard_socket
}
set -- --anchor ca/root.pem --level attested --nonce-store used
refuses 1 ecert verify "$@" --attestation-root test-root.pem --audience https://other.example --nonce "$nonce" token.jwt
refuses 1 ecert verify "$@" --attestation-root test-root.pem --audience https://buyer.example --nonce 0123456789abcdef token.jwt

step 'For this counterparty, with the TEST root of the token given explicitly: attested'
answers ecert verify "$@" --attestation-root test-root.pem --audience https://buyer.example --nonce "$nonce" token.jwt
checked 'Evidence: *attested'

step 'The same again: the nonce is burned'
refuses 1 ecert verify "$@" --attestation-root test-root.pem --audience https://buyer.example --nonce "$nonce" token.jwt

step 'A new one, without the root of the token: a virtual token is never attested by itself'
prove second.jwt
refuses 1 ecert verify "$@" --audience https://buyer.example --nonce "$nonce" second.jwt

if [ -n "${DEMO_SHOWN:-}" ]; then
	step 'To look at'
	mkdir -p "$shown" || fail "no folder $DEMO_SHOWN"
	cp invoice-signed.pdf report.html "$shown/" || fail "nothing can be put into $DEMO_SHOWN"
	echo "$DEMO_SHOWN/invoice-signed.pdf: the signature is seen at the lower right, with logo and QR code"
	echo "$DEMO_SHOWN/report.html: what was verified, for the files"
fi

echo
echo 'demo: ok'
