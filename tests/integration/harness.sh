# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# Sourced by script tests: TAP helpers, a private pcscd with the virtual token in it, and the paths.
#
#   . "${top_srcdir:-.}/tests/integration/harness.sh"
#   with_pcscd "$@"           # only when the test wants pcscd: must come first
#   start_vcard               # the virtual token in the first reader
#   run_ok 'the token is listed' "$ECERT" token list
#   done_testing
#
# Everything lives in $T and ends with the test. Run by hand from a build folder:
#   top_srcdir=.. top_builddir=. ../tests/integration/NAME
set -u

: "${top_srcdir:=.}" "${top_builddir:=.}"
top_srcdir=$(cd "$top_srcdir" && pwd) || exit 1
top_builddir=$(cd "$top_builddir" && pwd) || exit 1
export top_srcdir top_builddir
export LC_ALL=C.UTF-8 TZ=UTC
umask 077
# Sanitized builds: a module inside a foreign program needs the runtime first (see foreign).
# What it finds is never an exit code that a test may be waiting for.
export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=1:abort_on_error=1:exitcode=125}"
export UBSAN_OPTIONS="${UBSAN_OPTIONS:-print_stacktrace=1:halt_on_error=1:abort_on_error=1}"

export TSAN_OPTIONS="${TSAN_OPTIONS:-suppressions=$top_srcdir/tests/tsan.supp:exitcode=66}"

# ---- what is under test, and the foreign modules ----
multiarch=$(${CC:-gcc} -print-multiarch 2>/dev/null)
MODULE=$top_builddir/pkcs11/ecert-pkcs11.so
ECERT=$top_builddir/ecert
VCARD=$top_builddir/ecert-vcard
WAIT_CARD=$top_builddir/tests/integration/wait-card
OPENSC_MODULE=/usr/lib/$multiarch/opensc-pkcs11.so
YKCS11_MODULE=/usr/lib/$multiarch/libykcs11.so.2
VPCD_DRIVER=/usr/lib/pcsc/drivers/serial/libifdvpcd.so
# What a freshly reset virtual token has, and what provision sets.
DEFAULT_PIN=123456 DEFAULT_PUK=12345678
DEFAULT_MGM=010203040506070801020304050607080102030405060708
PIN=248163 PUK=87214365

T=$(mktemp -d "${TMPDIR:-/tmp}/ecert-test.XXXXXX") || exit 1
export HOME="$T/user" XDG_CONFIG_HOME="$T/user/.config" XDG_STATE_HOME="$T/user/.local/state"
export XDG_CACHE_HOME="$T/user/.cache"
export XDG_RUNTIME_DIR="$T/run"
mkdir -p "$HOME" "$XDG_RUNTIME_DIR"
unset ECERT_RECORD ECERT_DEBUG ECERT_READER
export ECERT_DAEMON=never

# ---- ending: only what this test started, by process id ----
pids=
# ours PID: still a child of this shell. One that has ended may have left its number to a process of
# somebody else, who must not be hit.
ours() {
	local line
	{ read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
	case "${line##*) }" in "Z "*) return 1 ;; ?" $$ "*) return 0 ;; *) return 1 ;; esac
}
# runs PID: it has become the program that it was started for. Before that dash drops signals to it.
runs() { ! cmp -s "/proc/$1/cmdline" "/proc/$$/cmdline"; }
# signal NAME PID: to a child of ours, if it is still there.
signal() {
	ours "$2" || return 0
	wait_for 1 runs "$2"
	kill "-$1" "$2" 2>/dev/null
}
finish() {
	code=$?
	trap - EXIT INT TERM
	for pid in $pids; do signal TERM "$pid"; done
	for pid in $pids; do wait "$pid" 2>/dev/null; done
	[ -n "${KEEP:-}" ] && echo "# kept: $T" || rm -rf "$T"
	exit $code
}
trap finish EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

# spawn COMMAND...: in the background, output in $T/NAME.log, ended with the test; $! is its id.
spawn() {
	local log="$T/${1##*/}.log"
	"$@" >>"$log" 2>&1 </dev/null &
	pids="$! $pids"
}
# end PID: now, and waits for it.
end() {
	local pid new=
	signal TERM "$1"
	wait "$1" 2>/dev/null
	for pid in $pids; do [ "$pid" = "$1" ] || new="$new $pid"; done
	pids=$new
}

# ---- in a language of marked English ----
[ -z "${ECERT_PSEUDO:-}" ] || . "$top_srcdir/tests/pseudo/harness.sh"
# unmarked TEXT: as English, in $plain.
unmarked() {
	plain=$1
	[ -z "${ECERT_PSEUDO:-}" ] || take_marks_off
}

# ---- TAP ----
tests=0 failures=0
ok() {
	tests=$((tests + 1))
	[ -z "${ECERT_PSEUDO:-}" ] || count_words
	echo "ok $tests - $*"
}
not_ok() {
	tests=$((tests + 1)) failures=$((failures + 1))
	[ -z "${ECERT_PSEUDO:-}" ] || count_words
	echo "not ok $tests - $*"
}
# diag TEXT, or standard input: comments in the output.
diag() {
	if [ $# -gt 0 ]; then printf '%s\n' "$*"; else cat; fi | sed 's/^/# /'
}
# is GOT WANT NAME
is() {
	unmarked "$1"
	if [ "$plain" = "$2" ]; then ok "$3"; else
		not_ok "$3"
		diag "got:  $1"
		diag "want: $2"
	fi
}
# matches TEXT ERE: as grep -E has it. Two processes a line are what a test's time goes into, so the shell answers where it can:
# for a pattern without special characters, and where one whose only ones are dots is there as it is written.
matches() {
	case $2 in
	'' | *"$newline"* | *[][\\\$\*+?\(\)\{\}\|^]*) ;;
	*)
		case $1 in *"$2"*) return 0 ;; esac
		case $2 in *.*) ;; *) return 1 ;; esac
		;;
	esac
	printf '%s\n' "$1" | command grep -Eq -- "$2"
}
newline='
'
# like GOT ERE NAME
like() {
	unmarked "$1"
	if matches "$plain" "$2"; then ok "$3"; else
		not_ok "$3"
		diag "got:  $1"
		diag "want: $2"
	fi
}
# unlike GOT ERE NAME: nothing at all is no proof.
unlike() {
	unmarked "$1"
	if [ -z "$1" ]; then
		not_ok "$3"
		diag 'there is nothing to look at'
	elif matches "$plain" "$2"; then
		not_ok "$3"
		diag "got:      $1"
		diag "unwanted: $2"
	else ok "$3"; fi
}
# at_most GOT LIMIT NAME: numbers.
at_most() {
	if [ "$1" -le "$2" ]; then ok "$3 ($1)"; else not_ok "$3: $1 is more than $2"; fi
}
# read_out_err: $out and $err are what $T/out and $T/err have, but for NUL bytes, which the shell drops. A process for what has more
# than a few lines.
read_out_err() {
	slurp "$T/out"
	out=$slurped
	slurp "$T/err"
	err=$slurped
}
slurp() {
	local line='' lines=0
	slurped=
	[ -s "$1" ] || return 0
	while IFS= read -r line; do
		lines=$((lines + 1))
		[ $lines -lt 12 ] || { slurped=$(tr -d '\0' <"$1"); return 0; }
		slurped=$slurped$line$newline
	done <"$1"
	slurped=$slurped$line
	while :; do case $slurped in *"$newline") slurped=${slurped%"$newline"} ;; *) break ;; esac done
}
# run_ok NAME COMMAND...: exit code 0. Its output is in $T/out and $out, errors in $T/err and $err.
run_ok() { run_code 0 "$@"; }
# run_code CODE NAME COMMAND...: exactly this exit code.
run_code() {
	local want="$1" name="$2" code
	shift 2
	"$@" >"$T/out" 2>"$T/err" </dev/null
	code=$?
	read_out_err
	json_seen "$@"
	if [ $code -eq "$want" ]; then ok "$name"; else
		not_ok "$name"
		diag "exit code $code instead of $want: $*"
		diag <"$T/out"
		diag <"$T/err"
	fi
}
# run_fails NAME ERE COMMAND...: an error of the program's own which says this; no crash, no time-out
# (124), no missing program (127).
run_fails() {
	local name="$1" why="$2" code
	shift 2
	"$@" >"$T/out" 2>"$T/err" </dev/null
	code=$?
	read_out_err
	json_seen "$@"
	unmarked "$out$err"
	if [ $code -ne 0 ] && [ $code -lt 124 ] && matches "$plain" "$why"; then ok "$name"; else
		not_ok "$name"
		diag "exit code $code: $*"
		diag "want: $why"
		diag <"$T/out"
		diag <"$T/err"
	fi
}
# ---- JSON of ours ----
# What a test reads is kept in $T/json and judged by its schema when the test is done, all at once:
# Python takes its time to start.
# json_seen COMMAND...: $T/out is what this command line said; with --json it is kept.
json_seen() {
	case " $* " in
	*' --help '* | *ecert-conformance*) ;;
	*' --json '* | *' -j '*) [ ! -s "$T/out" ] || json_keep "$T/out" "$@" ;;
	esac
}
# json_keep FILE COMMAND...: FILE holds what this command line said.
json_keep() {
	local kept
	[ -d "$T/json" ] || mkdir -p "$T/json"
	kept=$(mktemp "$T/json/XXXXXX") || bail_out 'no room for what was said'
	cp "$1" "$kept" || bail_out "cannot keep $1"
	shift
	printf '%s\n' "$*" >"$kept.line"
}
# json_from COMMAND...: runs it for a pipe or a variable, and keeps what it says.
json_from() {
	local said status
	said=$(mktemp "$T/said.XXXXXX")
	"$@" >"$said"
	status=$?
	json_keep "$said" "$@"
	cat "$said" && rm -f "$said"
	return $status
}
# json_judged [OPTION]: a line for each kind of document. $json_means has the functions of the test that
# stand for a command, as in 'check=verify'.
json_means=
# shellcheck disable=SC2120
json_judged() {
	local line
	"$top_srcdir/tests/integration/json-judge" "$@" "$top_srcdir/tests/data/schema" "$T/json" $json_means \
		>"$T/judged" 2>&1 || echo 'not ok documents in JSON are judged' >>"$T/judged"
	while IFS= read -r line; do
		case $line in
		'ok '*) ok "${line#ok }" ;;
		'not ok '*) not_ok "${line#not ok }" ;;
		*) diag "$line" ;;
		esac
	done <"$T/judged"
	rm -rf "$T/json"
}
bail_out() {
	echo "Bail out! $*"
	exit 1
}
done_testing() {
	[ ! -d "$T/json" ] || json_judged
	[ -z "${ECERT_PSEUDO:-}" ] || say_words
	echo "1..$tests"
	[ $failures -eq 0 ]
	exit
}

# wait_for SECONDS COMMAND...: until it succeeds.
wait_for() {
	local turns=$(($1 * 20))
	shift
	while ! "$@" >/dev/null 2>&1; do
		turns=$((turns - 1))
		[ $turns -gt 0 ] || return 1
		sleep 0.05
	done
}

# ---- foreign programs ----
# foreign COMMAND...: runs a program that is not ours and loads our module. In a sanitized build
# the runtime has to come first, and the foreign program's own leaks are not our business.
foreign() {
	if [ -n "$asan" ]; then
		LD_PRELOAD=$asan ASAN_OPTIONS=$ASAN_FOREIGN "$@"
	else
		"$@"
	fi
}
ASAN_FOREIGN=detect_leaks=0:verify_asan_link_order=0:abort_on_error=1
# $asan is the runtime of any sanitizer with a shadow: libasan or libtsan.
asan=
if [ -f "$MODULE" ]; then
	asan=$(ldd "$MODULE" 2>/dev/null | sed -n 's/^[[:space:]]*\(lib[at]san\.so\).*/\1/p')
	[ -z "$asan" ] || asan=$(${CC:-gcc} -print-file-name="$asan")
fi

# ---- namespaces of our own ----
# enter m|n|mn COMMAND...: goes on as this command with its own mounts or network. In a chroot / is
# no mount point, so that unshare cannot cut the propagation of mounts: then it is cut from the root
# of the new namespace.
enter() {
	local what="-$1" first=
	shift
	if [ "$(id -u)" -ne 0 ]; then
		what=-r${what#-}
	elif ! unshare -m true 2>/dev/null; then
		what="$what --propagation unchanged"
		first='nsenter --mount=/proc/self/ns/mnt mount --make-rprivate / || exit 1;'
	fi
	exec unshare $what sh -c "$first exec \"\$@\"" sh "$@"
}
# in_namespace m|n|mn COMMAND...: the same, and comes back.
in_namespace() { (trap - EXIT INT TERM; enter "$@"); }

# ---- a pcscd of our own ----
# Runs the test again where it alone sees /run and the loopback network (vpcd listens on a fixed
# port, libpcsclite connects to a fixed path), then starts pcscd there with two virtual readers.
# The name begins with Yubico because ykcs11 sees no other readers.
with_pcscd() {
	if [ -z "${ECERT_TEST_NAMESPACE:-}" ]; then
		rm -rf "$T"
		trap - EXIT
		export ECERT_TEST_NAMESPACE=1
		enter mn "$0" "$@"
	fi
	unset ECERT_TEST_NAMESPACE
	mount -t tmpfs -o mode=755 tmpfs /run && mkdir -m 755 /run/pcscd || bail_out 'no private /run'
	ip link set lo up || bail_out 'no private loopback'
	know_localhost || bail_out 'no name localhost'
	mkdir "$T/readers"
	cat >"$T/readers/vpcd" <<-END
		FRIENDLYNAME "Yubico YubiKey CCID (virtual)"
		DEVICENAME   /dev/null:0x8C7B
		LIBPATH      $VPCD_DRIVER
		CHANNELID    0x8C7B
	END
	start_pcscd
}
# A bare chroot has no /etc/hosts: here it gets one.
know_localhost() {
	! getent hosts localhost >/dev/null || return 0
	cp -a /etc "$T/etc" && echo '127.0.0.1 localhost' >>"$T/etc/hosts" && chmod 644 "$T/etc/hosts" &&
		mount --bind "$T/etc" /etc
}
# pcscd 2 asks polkit about everybody, and refuses everybody where there is none.
start_pcscd() {
	local program without=
	program=$(command -v pcscd || echo /usr/sbin/pcscd)
	! "$program" --help 2>&1 | grep -q -- --disable-polkit || without=--disable-polkit
	rm -f /run/pcscd/pcscd.comm /run/pcscd/pcscd.pid
	spawn "$program" --foreground $without --config "$T/readers"
	PCSCD_PID=$!
	wait_for 30 test -S /run/pcscd/pcscd.comm || bail_out "pcscd does not start: $(cat "$T/pcscd.log")"
}
# stop_pcscd [SIGNAL]
stop_pcscd() {
	signal "${1:-TERM}" "$PCSCD_PID"
	end "$PCSCD_PID"
}

# ---- the virtual token ----
# start_vcard [OPTION...]: in pcscd's reader; its state is $STATE. Waits until pcscd sees it.
STATE=$T/token.state
start_vcard() {
	spawn "$VCARD" --state "$STATE" "$@"
	VCARD_PID=$!
	"$WAIT_CARD" 30 >"$T/reader" || bail_out "no card seen: $(cat "$T/ecert-vcard.log")"
	READER_NAME=$(cat "$T/reader")
}
# start_vcard_socket [OPTION...]: on a Unix socket, no pcscd; ECERT_READER names it to our programs.
start_vcard_socket() {
	VCARD_SOCKET=$T/vcard.socket
	spawn "$VCARD" --state "$STATE" --listen "$VCARD_SOCKET" "$@"
	VCARD_PID=$!
	wait_for 30 test -S "$VCARD_SOCKET" || bail_out "no virtual token: $(cat "$T/ecert-vcard.log")"
	export ECERT_READER="socket:$VCARD_SOCKET"
}
# stop_vcard: pulls the card, and waits until pcscd has noticed.
stop_vcard() {
	end "$VCARD_PID"
	[ -n "${ECERT_READER:-}" ] || "$WAIT_CARD" 30 gone >/dev/null || bail_out 'the card is still seen'
}

# ---- counting ----
# record FILE COMMAND...: runs it with its APDUs written to FILE.
record() {
	local file="$1"
	rm -f "$file"
	shift
	ECERT_RECORD=$file "$@"
}
# apdus FILE: how many commands it holds.
apdus() { grep -c '^> ' "$1"; }
