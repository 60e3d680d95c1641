# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# Sourced by the command line's tests after harness.sh: a token with a key and its certificate.

DEMO_CA=$top_srcdir/tests/data/demo-ca
# secret FILE NAME: a member of an escrow.
secret() { sed -n "s/.*\"$2\": \"\([^\"]*\)\".*/\1/p" "$1"; }
# field NAME: a member of the JSON in $T/out.
field() { jq -r "$1" "$T/out"; }

# provision [ALG]: $T/escrow.json, $T/pin, $T/puk, $T/ca, and a key in 9C with its certificate.
provision() {
	printf '%s\n' "$PIN" >"$T/pin"
	printf '%s\n' "$PUK" >"$T/puk"
	printf '000000\n' >"$T/wrong"
	MGM="--management-key-source file:$T/escrow.json"
	"$ECERT" -q token init --escrow "$T/escrow.json" --new-pin-source "file:$T/pin" \
		--new-puk-source "file:$T/puk" || bail_out 'token init'
	# shellcheck disable=SC2086
	"$ECERT" -q key generate --slot 9c --alg "${1:-p256}" $MGM -o "$T/9c.pub" || bail_out 'key generate'
	"$DEMO_CA" init "$T/ca" || bail_out 'demo-ca'
	certify 9c "$T/9c.pub" signing
	cat >"$T/invoice.txt" <<-END
		Invoice 2026-001: HK$ 1,234.00 to Wong Trading Ltd.
	END
}
# certify SLOT PUBLIC-KEY PROFILE: a certificate of the demonstration CA into the slot.
certify() {
	"$DEMO_CA" certify "$T/ca" "$2" "$T/$1.pem" "$3" || bail_out "certificate $3"
	# shellcheck disable=SC2086
	"$ECERT" -q cert import "$T/$1.pem" --slot "$1" $MGM || bail_out "cert import $1"
}
sign() { "$ECERT" sign --pin-source "file:$T/pin" --chain "$T/ca/sub.pem" "$@"; }
verify() { "$ECERT" verify --anchor "$T/ca/root.pem" "$@"; }
openssl_verify() {
	openssl cms -verify -cades -binary -inform DER -in "$1.p7s" -content "$1" -CAfile "$T/ca/root.pem" \
		-out /dev/null
}
base64url() {
	local text
	text=$(basenc --base64url -w0)
	printf %s "${text%%=*}"
}
# jws RSA-KEY HEADER-MEMBERS CLAIMS: a compact JWS by a key in software, as somebody else may make it.
jws() {
	local h p
	h=$(printf '{"alg":"RS256",%s}' "$2" | base64url) p=$(printf '%s' "$3" | base64url)
	printf '%s.%s.%s\n' "$h" "$p" "$(printf '%s.%s' "$h" "$p" | openssl dgst -sha256 -sign "$1" | base64url)"
}
# x5c PEM...: the header member.
x5c() {
	local list='' f
	for f in "$@"; do list="$list,\"$(openssl x509 -in "$f" -outform DER | base64 -w0)\""; done
	printf '"x5c":[%s]' "${list#,}"
}
# x5t PEM: the certificate's SHA-256, which is our kid.
x5t() { openssl x509 -in "$1" -outform DER | openssl dgst -sha256 -binary | base64url; }
# jwk PUBLIC-KEY.pem: as JWK (RFC 7518, 6.2), of P-256.
jwk() {
	openssl pkey -pubin -in "$1" -outform DER | tail -c 64 >point
	printf '{"kty":"EC","crv":"P-256","x":"%s","y":"%s"}\n' "$(head -c 32 point | base64url)" "$(tail -c 32 point | base64url)"
}
# sentence ERE NAME: the error is one sentence and a next step, and says this.
sentence() {
	like "$(printf '%s\n' "$err" | grep -E '^ecert: ')" "^ecert: .*$1.*\.\$" "$2"
	is "$(printf '%s\n' "$err" | grep -cE '^ecert: ')" 1 "$2: one sentence"
}
