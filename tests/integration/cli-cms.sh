#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Every honest CMS is read (cms-read.tsv), whoever made it and however it travels; what is signed inside is taken out,
# whole or not at all; several signers, and the one who is asked for.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
cd "$T" || exit 1
CA=$T/ca
"$DEMO_CA" init "$CA" || bail_out 'demo-ca'
printf 'keyUsage=critical,digitalSignature,nonRepudiation\nsubjectKeyIdentifier=hash\nsubjectAltName=email:chan@trading.example\n' >ext
# leaf NAME NEWKEY...: NAME.key, and NAME.pem by the demonstration CA
leaf() {
	local name=$1
	shift
	openssl req -newkey "$@" -nodes -keyout "$name.key" -out "$name.csr" -subj "/C=HK/CN=Chan $name" 2>/dev/null
	openssl x509 -req -in "$name.csr" -CA "$CA/sub.pem" -CAkey "$CA/sub.key" -CAcreateserial -days 9 -extfile ext \
		-out "$name.pem" 2>/dev/null || bail_out "$name"
}
leaf rsa rsa:2048
leaf ec ec -pkeyopt ec_paramgen_curve:P-256
printf 'Invoice 2026-001: HK$ 1,234.00\r\nThank you.\r\n' >doc
printf 'Another one\r\n' >other

# left NAME: how many files of that name, or hidden ones of ours, are there
left() { find . -maxdepth 1 \( -name "$1*" -o -name '.ecert*' \) ! -name full.out | wc -l; }

# ---- the makers that the table names: the signature of doc by "Chan ec" to standard output ----
cms() { openssl cms -sign -binary -in doc -certfile "$CA/sub.pem" "$@" 2>/dev/null; }
by_ec() { cms -signer ec.pem -inkey ec.key "$@"; }
by_rsa() { cms -signer rsa.pem -inkey rsa.key "$@"; }
detached() { by_ec -cades -outform DER "$@"; }
attached() { by_ec -cades -nodetach -outform DER "$@"; }
indefinite() { attached -stream; }
indefinite_detached() { detached -stream; }
pem() { by_ec -cades -outform PEM; }
base64_bare() { detached | base64; }
base64_lines_crlf() { detached | base64 | sed 's/$/\r/'; }
with_bom() { printf '\357\273\277' && pem; }
smime_opaque() { by_ec -cades -nodetach -outform SMIME; }
smime_multipart() { openssl cms -sign -in doc -certfile "$CA/sub.pem" -signer ec.pem -inkey ec.key -cades -outform SMIME 2>/dev/null; }
smime_footer() { smime_multipart && printf -- '--\nsent to the list\n'; }
smime_padded() { smime_multipart | sed 's/^\(--.*[0-9A-F]\)$/\1 /'; }
smime_mailbox() { echo 'From chan@trading.example Mon Nov 30 10:00:00 2026' && smime_multipart; }
smime_from() { echo 'From: "boss@bank.example" <CHAN@trading.example>' && smime_multipart; }
smime_from_other() { echo 'From: "chan@trading.example" <boss@bank.example>' && smime_multipart; }
smime_from_two() { echo 'From: chan@trading.example' && smime_from_other; }
newline_behind() { detached && echo; }
zeros_behind() { detached && head -c 700 /dev/zero; }
certificate_outside() { openssl cms -sign -binary -in doc -cades -nocerts -signer ec.pem -inkey ec.key -outform DER 2>/dev/null; }
key_identifier() { detached -keyid; }
two_signers() { cms -cades -signer ec.pem -inkey ec.key -signer rsa.pem -inkey rsa.key -outform DER; }
no_ess() { by_ec -outform DER; }
no_attributes() { by_ec -noattr -outform DER; }
pss() { by_rsa -cades -keyopt rsa_padding_mode:pss "$@" -outform DER; }
pss_mgf1_other() { pss -md sha256 -keyopt rsa_mgf1_md:sha1; }
pss_mgf1_longer() { pss -md sha256 -keyopt rsa_mgf1_md:sha512; }
pss_sha512() { pss -md sha512; }
p7m_in_p7m() {
	attached >inner.p7m
	openssl cms -sign -binary -in inner.p7m -certfile "$CA/sub.pem" -signer rsa.pem -inkey rsa.key -cades -nodetach -outform DER 2>/dev/null
}
typed_signed_data() { attached -econtent_type 1.2.840.113549.1.7.2; }
typed_other() { attached -econtent_type 1.2.3.4; }
pkcs7() { openssl smime -sign -binary -in doc -certfile "$CA/sub.pem" -signer rsa.pem -inkey rsa.key -outform DER 2>/dev/null; }
text_behind() { detached && echo 'I owe the bearer a million.'; }
cut_short() { detached | head -c 900; }
bent() { detached | perl -0777 -pe 'substr($_, -5, 1) ^= "\001"'; }
encrypted() { openssl cms -encrypt -binary -in doc -outform DER ec.pem 2>/dev/null; }
digested() { openssl cms -digest_create -binary -in doc -outform DER 2>/dev/null; }
bare_data() { openssl cms -data_create -binary -in doc -outform DER 2>/dev/null; }
only_certificates() { openssl crl2pkcs7 -nocrl -certfile ec.pem -outform DER; }

# ---- the table ----
while IFS='	' read -r maker with options code words; do
	case $maker in '' | '#'*) continue ;; esac
	"$maker" >"$maker.sig"
	[ -s "$maker.sig" ] || bail_out "$maker made nothing"
	[ "$options" = - ] && options=
	[ "$with" = inside ] && with=
	# shellcheck disable=SC2086
	run_code "$code" "read: $maker" "$ECERT" verify --anchor "$CA/root.pem" $options $with "$maker.sig"
	like "$out$err" "$words" "and told: $maker"
	# shellcheck disable=SC2086
	run_code "$code" "the same in JSON: $maker" "$ECERT" --json verify --anchor "$CA/root.pem" $options $with "$maker.sig"
done <"$top_srcdir/tests/integration/cms-read.tsv"
for maker in encrypted digested bare_data; do
	run_code 1 "what to do: $maker" "$ECERT" verify doc $maker.sig
	like "$err" "$([ $maker = encrypted ] && echo 'has to be opened first, by whom it is for' || echo 'the signature is another file')" "$maker: is told as it is"
done
smime_from >smime_from.sig
run_ok 'a message from whom the certificate is for' "$ECERT" verify --anchor "$CA/root.pem" smime_from.sig
unlike "$out" 'the message says' 'and nothing is told of that'
for maker in detached indefinite_detached pem base64_bare key_identifier no_ess pss_mgf1_other pkcs7; do
	run_code 1 "another file is never good: $maker" "$ECERT" verify --anchor "$CA/root.pem" other "$maker.sig"
	like "$out" '^Indication: +HASH_FAILURE' "and by name: $maker"
done

# ---- taking it out ----
attached >doc.p7m
run_ok 'what is signed inside is taken out' "$ECERT" verify --anchor "$CA/root.pem" --extract taken doc.p7m
is "$(cmp doc taken && echo same)" same 'as it was signed'
like "$out" '^Content: +taken out to taken, 44 bytes$' 'and told'
run_code 5 'a file that is there stays' "$ECERT" verify --anchor "$CA/root.pem" --extract taken doc.p7m
sentence 'taken exists already' 'a file that is there'
echo old >taken
run_ok 'but with --force' "$ECERT" verify --anchor "$CA/root.pem" --extract taken --force doc.p7m
is "$(cmp doc taken && echo same)" same 'it is replaced'
run_code 5 'never the signature itself' "$ECERT" verify --anchor "$CA/root.pem" --extract doc.p7m --force doc.p7m
"$ECERT" verify --anchor "$CA/root.pem" --extract - doc.p7m >piped 2>/dev/null
is "$? $(cmp doc piped && echo same)" '0 same' 'standard output has it and nothing else'
"$ECERT" verify --anchor "$CA/root.pem" --extract - - <doc.p7m >piped 2>/dev/null
is "$? $(cmp doc piped && echo same)" '0 same' 'also from a pipe'
run_code 2 'not both on standard output' "$ECERT" --json verify --anchor "$CA/root.pem" --extract - doc.p7m
unlike "$out$err" '[-]-output' 'by an option that verify has'
run_code 10 'of what cannot be called valid nothing is taken out' "$ECERT" verify --extract unproven doc.p7m
like "$out" '^Content: +not taken out, since it cannot be called valid: --extract-indeterminate' 'and the way to do it all the same'
is "$(left unproven)" 0 'nothing is written'
run_code 10 'unless that is wanted' "$ECERT" verify --extract unproven --extract-indeterminate doc.p7m
is "$(cmp doc unproven && echo same)" same 'then it is there'
perl -0777 -pe 's/1,234/9,234/' doc.p7m >bent.p7m
run_code 1 'of what was changed never' "$ECERT" verify --anchor "$CA/root.pem" --extract wrong --extract-indeterminate bent.p7m
like "$out" '^Content: +not taken out, since it is not valid$' 'which is told'
"$ECERT" verify --anchor "$CA/root.pem" --extract - --extract-indeterminate bent.p7m >piped 2>/dev/null
is "$? $(wc -c <piped)" '1 0' 'not a byte to standard output'
is "$(left wrong)" 0 'nor to a file'
run_code 8 'a signature beside its file has nothing inside' "$ECERT" verify --anchor "$CA/root.pem" --extract none doc detached.sig
sentence 'nothing to take out' 'a signature beside its file'
run_ok 'in JSON' "$ECERT" --json verify --anchor "$CA/root.pem" --extract taken --force doc.p7m
is "$(field '.extracted')" true 'extracted'
run_code 10 'in JSON, not' "$ECERT" --json verify --extract nowhere doc.p7m
is "$(field '.extracted')" false 'not extracted'
run_ok 'p7m in p7m: the outer one' "$ECERT" verify --anchor "$CA/root.pem" --extract inner --force p7m_in_p7m.sig
run_ok 'and what was in it' "$ECERT" verify --anchor "$CA/root.pem" --extract innermost inner
is "$(cmp doc innermost && echo same)" same 'down to the document'

# ---- as a stream ----
head -c 67108864 /dev/zero >large
openssl cms -sign -binary -in large -certfile "$CA/sub.pem" -signer ec.pem -inkey ec.key -cades -nodetach -stream -outform DER \
	-out large.p7m 2>/dev/null
rss() { /usr/bin/time -f %M -o "$T/rss" "$@"; }
run_ok '64 MiB inside' rss "$ECERT" verify --anchor "$CA/root.pem" --extract large.out large.p7m
is "$(cmp large large.out && echo same)" same 'are taken out'
at_most "$(cat "$T/rss")" 65536 'in no more memory than 64 MiB (kB)'
perl -e 'open my $f, "+<", "large.p7m"; seek $f, 40000000, 0; print $f "x"'
run_code 1 'one byte of it changed' "$ECERT" verify --anchor "$CA/root.pem" --extract large.bent large.p7m
is "$(left large.bent)" 0 'and nothing is there'
rm -f large large.out large.p7m

# The same as people send it: in mail, in PEM, in base64.
seq 1 5500000 >large
in_form() { # in_form FORM: the large file signed in it
	local form="$1"
	set -- openssl cms -sign -binary -in large -certfile "$CA/sub.pem" -signer ec.pem -inkey ec.key -cades
	case $form in
	opaque) "$@" -nodetach -stream -outform SMIME ;;
	parts) "$@" -outform SMIME ;;
	pem) "$@" -nodetach -stream -outform PEM ;;
	base64) "$@" -nodetach -outform DER | base64 ;;
	esac
}
for form in opaque parts pem base64; do
	in_form $form >large.p7m 2>/dev/null
	[ "$(wc -c <large.p7m)" -gt 40000000 ] || bail_out "no large message: $form"
	run_ok "large, $form" rss "$ECERT" verify --anchor "$CA/root.pem" --extract large.out --force large.p7m
	is "$(cmp large large.out && echo same)" same 'the content is taken out'
	at_most "$(cat "$T/rss")" 65536 'in no more memory than 64 MiB (kB)'
	head -c 30000000 large.p7m >large.cut
	run_code 1 "cut off, $form" "$ECERT" verify --anchor "$CA/root.pem" --extract large.bent large.cut
	like "$out" 'damaged|cut off|not just a signed part|not a CMS signature' 'which is told'
	is "$(left large.bent)" 0 'and nothing is there'
	perl -e 'open my $f, "+<", "large.p7m"; seek $f, 20000000, 0; read $f, my $b, 9; $b =~ tr/A-Za-z0-9/B-ZAb-za1-90/;
		seek $f, 20000000, 0; print $f $b'
	run_code 1 "some of it changed, $form" "$ECERT" verify --anchor "$CA/root.pem" large.p7m
	like "$out" 'content digest.*not what was signed|not what was signed' 'which is told as that'
done
rm -f large large.out large.p7m large.cut
run_code 1 'cut in the middle' "$ECERT" verify --anchor "$CA/root.pem" doc cut_short.sig
like "$out" 'a CMS signature that is cut off: at least [0-9]+ bytes are missing' 'a damaged signature is told as one'
(
	# A disk that fills up.
	ulimit -f 1
	trap '' XFSZ
	"$ECERT" verify --anchor "$CA/root.pem" --extract full --force p7m_in_p7m.sig >"$T/full.out" 2>&1
)
like "$(cat full.out)" 'Cannot write full|disk is full' 'a file that does not fit is told'
is "$(left full)" 0 'and not left in half'

# ---- several signers ----
leaf weak rsa:1024
cms -cades -signer ec.pem -inkey ec.key -signer weak.pem -inkey weak.key -outform DER >mixed.p7s
run_code 10 'the worst of all decides' "$ECERT" verify --anchor "$CA/root.pem" doc mixed.p7s
like "$out" '^Signers: +2, and the verdict is the worst of theirs$' 'and says so'
is "$(printf '%s\n' "$out" | grep -c '^This one: ')" 2 'each has its own'
for who in 'Chan ec' 'chan EC' 'CN=Chan ec,C=HK' "$(openssl x509 -in ec.pem -noout -fingerprint -sha256 | sed 's/.*=//')"; do
	run_ok "the one who is asked for: $who" "$ECERT" verify --anchor "$CA/root.pem" --signer "$who" doc mixed.p7s
	like "$out" '^Signers: +2, and the verdict is about 1, asked for with --signer$' "and whose it is: $who"
done
run_code 2 'two of them' "$ECERT" verify --anchor "$CA/root.pem" --signer 'Chan weak' --signer "$who" doc mixed.p7s
sentence '--signer names 2 signers' 'are one too many, and none is passed over'
run_code 10 'the other one' "$ECERT" verify --anchor "$CA/root.pem" --signer 'Chan weak' doc mixed.p7s
for who in Chan ec 'Chan e' "Chan ecc"; do
	run_code 1 "nobody of that name: $who" "$ECERT" verify --anchor "$CA/root.pem" --signer "$who" doc mixed.p7s
	like "$err" 'signer asked for: there is none by' "is a verdict: $who"
done
for who in '' '  '; do
	run_code 2 "nobody at all: '$who'" "$ECERT" verify --anchor "$CA/root.pem" --signer "$who" doc mixed.p7s
	sentence '--signer names nobody: it is empty' 'is a mistake'
done
run_code 10 'in JSON' "$ECERT" --json verify --anchor "$CA/root.pem" doc mixed.p7s
is "$(field '[.verdict, ([.signers[] | .verdict] | sort[])] | join(" ")')" 'indeterminate indeterminate passed' 'each and all'
is "$(field '[.signers[] | .asked, .profile] | map(tostring) | join(" ")')" 'true CAdES-B-B true CAdES-B-B' 'who counts, and what it is'
done_testing
