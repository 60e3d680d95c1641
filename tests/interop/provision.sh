# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# Sourced by interop scripts after the harness: a token as an administrator would have provisioned
# it, and the proof that nobody verified a PIN when only certificates were wanted.
#
#   provision 9a:ECCP256:client 9c:RSA2048:signing    in $T: 9a.pub 9a.pem ..., and the CA in ca/
#   no_pin_so_far NAME                                since the last call, or since provision

CA=$T/ca APDU_LOG=$T/apdu.log
demo_ca() { "$top_srcdir/tests/data/demo-ca" "$@"; }

# provision SLOT:ALGORITHM:PROFILE...: keys made on the token, certified by the demonstration CA.
provision() {
	demo_ca init "$CA"
	# Debian's yubico-piv-tool knows management keys of 3DES only.
	start_vcard --management 3des --log "$APDU_LOG"
	add_keys "$CA" "$@"
	: >"$APDU_LOG"
}
# add_keys CA SLOT:ALGORITHM:PROFILE...: more of them, certified by this CA.
add_keys() {
	local ca="$1" row slot alg profile
	shift
	for row; do
		slot=${row%%:*} profile=${row##*:} alg=${row#*:}
		alg=${alg%:*}
		{
			yubico-piv-tool -a generate -s "$slot" -A "$alg" -o "$T/$slot.pub" &&
				SUBJECT="/C=HK/O=Harbour Lights Trading Co. Ltd./CN=Slot $slot" \
					demo_ca certify "$ca" "$T/$slot.pub" "$T/$slot.pem" "$profile" &&
				yubico-piv-tool -a import-certificate -s "$slot" -i "$T/$slot.pem"
		} 2>"$T/provision.log" || bail_out "slot $slot: $(cat "$T/provision.log")"
	done
}

# no_pin_so_far NAME: the card saw no VERIFY with a PIN in it (an empty one only asks for the tries).
no_pin_so_far() {
	is "$(grep -c '^> 0020008[01]..[0-9*]' "$APDU_LOG")" 0 "$1"
	: >"$APDU_LOG"
}
# pins_seen: how many PINs the card was asked to verify since then.
pins_seen() {
	grep -c '^> 00200080..[0-9*]' "$APDU_LOG"
	: >"$APDU_LOG"
}

# What `foreign` does, for a program in the background: `spawn $preload PROGRAM`, whose id is the program's own.
preload=${asan:+env LD_PRELOAD=$asan ASAN_OPTIONS=$ASAN_FOREIGN}

# $as_user COMMAND...: a server that would change its user cannot in a user namespace, where only one exists.
# There it runs as whoever started the test; `id -un` of it is $USER_NAME.
outside=$(awk '{ print $2; exit }' /proc/self/uid_map)
if [ "$outside" -eq 0 ]; then
	as_user='' USER_NAME=$(id -un)
else
	as_user="unshare --user --map-user=$outside --map-group=$(awk '{ print $2; exit }' /proc/self/gid_map)"
	USER_NAME=$(getent passwd "$outside" | cut -d: -f1)
fi

# start_server TCP-PORT COMMAND...: in the background, until it listens; its id is $SERVER_PID.
start_server() {
	local port="$1"
	shift
	spawn "$@"
	SERVER_PID=$!
	wait_for 30 listening "$port" || bail_out "nothing listens on port $port: $(cat "$T/${1##*/}.log")"
}
listening() { ss -Hltn "sport = :$1" | grep -q .; }
