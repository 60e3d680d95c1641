#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# An issuer's desk that is killed at any moment: the register is whole each time, and the next publishing
# mends the site. KILLS says how many (`make soak` kills 300).
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
cd "$T" || exit 1
KILLS=${KILLS:-16} ISS=https://alliance.example
PIN_OPT="--pin-source file:$T/pin"
start_vcard_socket
provision
registry() { "$ECERT" registry "$@" --store desk.sqlite; }
# request N: an application of shop N.
request() {
	sed "s|https://trustmark\.example\"|$ISS\"|; s|harbourlights|shop$1|g" "$top_srcdir/tests/data/renewal.json" >"request.json"
	# shellcheck disable=SC2086
	"$ECERT" trustmark apply --request request.json $PIN_OPT --chain ca/sub.pem -o "request-$1.jwt" >/dev/null 2>&1 ||
		bail_out "no request $1"
}
{ registry init --issuer $ISS && registry keys --make; } >/dev/null || bail_out 'no register'
# shellcheck disable=SC2086
registry authorize $PIN_OPT >/dev/null 2>&1 || bail_out 'not authorised'
# Moments that differ from run to run, and are told when one is bad.
seed=$(od -An -N2 -tu2 /dev/urandom | tr -d ' ')
next() { seed=$(((seed * 1103515245 + 12345) % 2147483648)); }
# last STATE: the number of the newest application that stands there, of none 0.
last() { registry list --json --state "$1" | jq '[0, .applications[].id] | max'; }
is_whole() { registry check --json | jq -e .whole >/dev/null || { registry check && echo "after $*"; }; }
shop=0 n=0
: >bad
while [ $n -lt "$KILLS" ]; do
	n=$((n + 1))
	next
	case $((n % 4)) in
	1)
		shop=$((shop + 1))
		request $shop
		set -- receive --anchor ca/root.pem "request-$shop.jwt"
		;;
	2)
		registry receive --anchor ca/root.pem "request-$shop.jwt" >/dev/null 2>&1
		rm -f mark-*.jwt
		# shellcheck disable=SC2086
		set -- grant $PIN_OPT "$(last received)"
		;;
	3)
		# shellcheck disable=SC2086
		registry grant $PIN_OPT "$(last received)" >/dev/null 2>&1
		deed=revoke
		[ $((n % 8)) -ne 3 ] || deed=suspend
		set -- $deed --reason kill "shop$shop.example"
		;;
	0) set -- publish site ;;
	esac
	"$ECERT" registry "$@" --store desk.sqlite >/dev/null 2>&1 &
	pid=$!
	sleep "0.$(printf '%03d' $((seed / 65536 % 90)))"
	kill -KILL $pid 2>/dev/null
	wait $pid 2>/dev/null
	is_whole "$*, seed $seed" >>bad 2>&1
	[ ! -d site ] || find site -name '*.html' -print0 | xargs -0 -r grep -L '</html>' >>bad
	[ "$1" = publish ] || continue
	registry publish site >/dev/null 2>>bad || echo "not published after $*, seed $seed" >>bad
	find site -name '*.new' -o -name .publishing >>bad
done
is "$(cat bad)" '' "after $KILLS kills the register was whole, and the site mended"
run_ok 'at last' registry publish --json --all site
run_ok 'every file was as it has to be' registry publish --json --all site
is "$(field .written)" 0 'every file was as it has to be'
for jwt in site/marks/*.jwt site/status/*.jwt site/.well-known/openid-federation; do
	[ ! -e "$jwt" ] || case $(tr -cd . <"$jwt" | wc -c) in 2) ;; *) echo "$jwt" ;; esac
done >"$T/cut"
is "$(cat "$T/cut")" '' 'every JWT is one'
like "$(registry list --json --state granted | jq '.applications | length') $(registry list --json | jq '.applications | length')" \
	'^[0-9]+ [1-9]' 'something was there to be killed'
done_testing
