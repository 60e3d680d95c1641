# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# Sourced after lib.sh: types lines as a person does, on a terminal, and answers what they ask; and a
# folder with all that a person would have there, by the names that README and --help use.

export T OLD_PIN=$PIN OLD_PUK=$PUK NEXT_PIN=$PIN NEXT_PUK=$PUK

# typed LINE: into a shell in this folder. Its exit code is $code, its dialogue $out.
typed() {
	printf '%s\n' "$1" >"$T/line"
	cat >"$T/talk" <<-'END'
		set timeout 100
		set last ""
		proc say {what} { global last; set last $what; send -- "$what\r" }
		log_file -noappend $env(T)/dialogue
		spawn -noecho sh $env(T)/line
		expect {
			-re {Put the next token in} { send "\003"; exp_continue }
			-re {new PUK: $} { say $env(NEXT_PUK); exp_continue }
			-re {new PIN: $} { say $env(NEXT_PIN); exp_continue }
			-re {Once more: $} { send -- "$last\r"; exp_continue }
			-re {password: $} { say demo; exp_continue }
			-re {PUK: $} { say $env(OLD_PUK); exp_continue }
			-re {PIN[^\r\n]*: ?$} { say $env(OLD_PIN); exp_continue }
			-re {\[yes/no\]: $} { say yes; exp_continue }
			-re {Enter: (none|no more|nothing)\)[^\r\n]*$} { send "\r"; exp_continue }
			-re {Enter：[^\r\n]*）[^\r\n]*$} { send "\r"; exp_continue }
			-re {'q <enter>' to abort, or <enter> to continue:} { send "\r"; exp_continue }
			timeout { exit 99 }
			eof {}
		}
		set status [wait]
		# Ended by a signal, as a shell counts it: Ctrl-C is 130.
		exit [expr {[llength $status] > 4 ? 130 : [lindex $status 3]}]
	END
	expect "$T/talk" >/dev/null 2>&1 </dev/null
	code=$?
	out=$(tr -d '\r' <"$T/dialogue")
}
# types LINE [CODE]: it ends as it should.
types() {
	typed "$1"
	is "$code" "${2:-0}" "$1"
	[ "$code" = "${2:-0}" ] || diag "$out"
}

# ---- cards: what one was, kept, and put in again ----
# card STATE: the card in the reader is as it was when it was kept under that name.
card() {
	[ "${in_reader:-}" != "$1" ] || return 0
	[ -z "${in_reader:-}" ] || stop_vcard
	[ ! -f "$T/cards/$1" ] || cp "$T/cards/$1" "$STATE"
	start_vcard --serial 12345678 --no-sync
	in_reader=$1
}
# keep STATE
keep() {
	mkdir -p "$T/cards"
	stop_vcard
	cp "$STATE" "$T/cards/$1"
	in_reader=
	card "$1"
}
