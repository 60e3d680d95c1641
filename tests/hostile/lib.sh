# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# Sourced by the hostile tests after harness.sh and cli-lib.sh: a token full of keys, the card that
# misbehaves, and the two entries, each run within its bounds.

HOSTILE=$top_builddir/tests/hostile
CASE=$T/case
REFERENCE=$T/reference
MAX_MS=5000 MAX_HEAP=4096 # milliseconds, KiB over the honest card
# A sanitizer makes all slower, most of all the start.
[ -z "$asan" ] || MAX_MS=10000
export ECERT_TEST_CASE="$CASE"
export LSAN_OPTIONS="suppressions=$top_srcdir/tests/integration/libp11.supp:print_suppressions=0"
SLOTS='9a 9c 9d 9e 82'

# fill_token: P-256 in 9A, RSA-2048 in 9C ($SIGN_ALG, if set) and 9D, P-256 in 9E and 82, each with
# its certificate; PIN, PUK, management key as from the factory. References go to $REFERENCE.
fill_token() {
	mkdir -p "$REFERENCE"
	KEY=ec "$DEMO_CA" init "$T/ca" || bail_out 'demo-ca'
	printf '%s\n' "$DEFAULT_MGM" >"$T/mgm"
	printf '%s\n' "$DEFAULT_PIN" >"$T/pin"
	n=0
	for slot in $SLOTS; do
		n=$((n + 1)) alg=p256
		case $slot in
		9c) alg=${SIGN_ALG:-rsa2048} ;;
		9d) alg=rsa2048 ;;
		esac
		"$ECERT" -q key generate --slot "$slot" --alg $alg --management-key-source "file:$T/mgm" \
			-o "$REFERENCE/$n.pub" || bail_out "a key in $slot"
		"$DEMO_CA" certify "$T/ca" "$REFERENCE/$n.pub" "$T/$n.pem" || bail_out "a certificate for $slot"
		"$ECERT" -q cert import "$T/$n.pem" --slot "$slot" --management-key-source "file:$T/mgm" ||
			bail_out "a certificate in $slot"
		openssl x509 -in "$T/$n.pem" -outform DER -out "$REFERENCE/$n.der"
	done
	printf 'an invoice\n' >"$T/invoice.txt"
}

# hostile_card [OPTION...]: on a Unix socket, honest at first.
hostile_card() {
	echo honest >"$CASE"
	VCARD=$HOSTILE/hostile-card
	start_vcard_socket --no-sync "$@"
}
new_card() { # [OPTION...]: the same card, put in again
	end "$VCARD_PID" 2>/dev/null
	rm -f "$VCARD_SOCKET"
	hostile_card "$@"
}

# bounded COMMAND...: $ms, $rss and $heap say what it took (KiB), $code how it ended, $out and $err
# what it said. It may have 20 s before it is killed.
bounded() {
	measured "$@"
	out=$(tr -d '\0' <"$T/out") err=$(tr -d '\0' <"$T/err")
}
# The same without $out and $err. A thousand of these are run: it starts nothing but the command.
measured() {
	: >"$T/heap"
	: >"$T/cost"
	if [ -n "$asan" ]; then
		"$HOSTILE/bounded" "$T/cost" 40 "$@" >"$T/out" 2>"$T/err" </dev/null
	else
		ECERT_TEST_HEAP=$T/heap BOUNDED_PRELOAD=$HOSTILE/heap-peak.so "$HOSTILE/bounded" "$T/cost" 20 "$@" \
			>"$T/out" 2>"$T/err" </dev/null
	fi
	code=$?
	json_seen "$@"
	ms=99999 rss=0 heap=0
	# ms=N rss=N
	read -r cost <"$T/cost" && eval "$cost"
	# A sanitizer's own memory drowns ours: there only time counts, and the limit of one allocation.
	[ -n "$asan" ] && rss=0
	read -r cost <"$T/heap" && heap=$cost
}
p11flow() { bounded "$HOSTILE/p11flow" --pin "$DEFAULT_PIN" "$@" "$MODULE" "$REFERENCE"; }

# within NAME HEAP RSS: the last bounded command crashed nowhere and took no more than it may.
within() {
	if [ "$code" -ge 124 ]; then
		not_ok "$1: ends by itself"
		diag "exit code $code"
		diag <"$T/err"
	elif [ "$ms" -gt $MAX_MS ] || [ $((heap - $2)) -gt $MAX_HEAP ] || [ $((rss - $3)) -gt $MAX_HEAP ]; then
		not_ok "$1: within 5 s and 4 MiB"
		diag "$ms ms, $((heap - $2)) KiB heap, $((rss - $3)) KiB resident more than on an honest card"
	else
		ok "$1: $ms ms, $((heap - $2)) KiB"
	fi
}

# expect RESULT HONEST CHANGES NAME: RESULT says what HONEST says but for CHANGES: pairs what=pattern
# (an ERE), or "any". What comes after a failed token or login is not there to be compared. FALSE,
# UNCLEAN, BAD and NO stand nowhere.
expect() {
	# Of several lines, words.
	# shellcheck disable=SC2086
	wrong=$({ printf '%s ' $1; echo; printf '%s ' $2; printf '\n%s\n' "$3"; } | awk '
		function value(pair) { return substr(pair, index(pair, "=") + 1) }
		function what(pair) { return substr(pair, 1, index(pair, "=") - 1) }
		NR == 1 { for (i = 1; i <= NF; i++) {
			bad = bad || $i ~ /=(FALSE|UNCLEAN|BAD|NO$)/
			if (!(what($i) in got)) got[what($i)] = value($i) } }
		NR == 2 { n = split($0, pair, " ") }
		NR == 3 { any = $1 == "any"; short = /token=|login=/
			for (i = 1; i <= NF; i++) change[what($i)] = value($i) }
		END {
			for (i = 1; i <= n && !any; i++) {
				w = what(pair[i]); want = w in change ? change[w] : value(pair[i])
				if (got[w] == "" && short) continue
				if (got[w] !~ "^(" want ")$") printf " %s=%s(%s)", w, got[w] == "" ? "nothing" : got[w], want
			}
			if (bad) printf " unclean"
		}')
	if [ -z "$wrong" ]; then ok "$4"; else
		not_ok "$4"
		diag "unlike what is expected:$wrong"
		diag "all of it: $1"
	fi
}
# clean_output NAME: what the command line said has no byte that a terminal obeys.
clean_output() {
	if LC_ALL=C grep -aqP '[\x00-\x08\x0b-\x1f\x7f]' "$T/said"; then
		not_ok "$1: control bytes in what it says"
		LC_ALL=C od -c "$T/said" | head -n 40 | diag
	else ok "$1: no control bytes"; fi
}

# ---- the command line's flow: "list=0 info=0 keys=5 certs=5 export=0 9a=0 9c=0" ----
# cli_step NAME COMMAND...: adds to $flow, keeps the worst of $ms, $heap and $rss.
cli_step() {
	step=$1
	shift
	measured "$ECERT" "$@"
	cat "$T/out" "$T/err" >>"$T/said"
	[ "$ms" -gt "$worst_ms" ] && worst_ms=$ms
	[ "$heap" -gt "$worst_heap" ] && worst_heap=$heap
	[ "$rss" -gt "$worst_rss" ] && worst_rss=$rss
	[ "$code" -ge 124 ] && worst_code=$code
	# 9 is a defect of the program's own.
	[ "$code" -eq 9 ] && code=BAD
	flow="$flow $step=$code"
}
cli_sign() { # SLOT ID
	rm -f "$T/invoice.txt.p7s"
	cli_step "$1" sign -f --id "$2" --pin-source "file:$T/pin" --chain "$T/ca/sub.pem" "$T/invoice.txt"
	if [ "$code" = 0 ] && ! openssl_verify "$T/invoice.txt" 2>/dev/null; then
		# Signed, but with a certificate that no CA has issued so?
		flow="${flow% *} $1=unchained"
		openssl cms -verify -binary -noverify -inform DER -in "$T/invoice.txt.p7s" -content "$T/invoice.txt" \
			-out /dev/null 2>/dev/null || flow="${flow% *} $1=FALSE"
	fi
	if [ "$code" != 0 ] && [ -e "$T/invoice.txt.p7s" ]; then flow="$flow rest=BAD"; fi
}
counted() { # MEMBER NAME: how many
	[ "$code" = 0 ] && flow="${flow% "$2"=*} $2=$(jq ".$1 | length" "$T/out" 2>/dev/null)"
}
cli_flow() {
	flow='' worst_ms=0 worst_heap=0 worst_rss=0 worst_code=0
	: >"$T/said"
	cli_step list token list --json
	cli_step info token info
	cli_step keys key list --json
	counted keys keys
	cli_step certs cert list --json
	counted certificates certs
	rm -f "$T/exported.pem"
	cli_step export cert export --slot 9a -o "$T/exported.pem"
	cli_sign 9a 01
	cli_sign 9c 02
	ms=$worst_ms heap=$worst_heap rss=$worst_rss code=$worst_code
}
