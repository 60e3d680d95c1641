#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What a person at a terminal sees: prompts without echo, echo back after Ctrl-C, a second try, the
# progress bar; and PINs by pinentry.
. "${top_srcdir:-.}/tests/integration/harness.sh"
. "$top_srcdir/tests/integration/cli-lib.sh"
start_vcard_socket
provision
cd "$T" || exit 1

# at_terminal SCRIPT: runs expect; $E is the program. Its dialogue is in $T/dialogue.
at_terminal() {
	{
		echo 'set timeout 60'
		echo "log_file -a -noappend $T/dialogue"
		echo "set E {$ECERT}"
		cat <<-'TCL'
			proc fail {why} { send_user "FAILED: $why\n"; exit 99 }
			# In marked English (tests/pseudo) the same words wear their marks.
			proc want {text} {
				global env
				set said $text
				if {[info exists env(UNMARK)]} { set said [exec $env(UNMARK) --mark $text] }
				expect -ex $text return -ex $said return timeout { fail "no '$text'" } eof { fail "ended before '$text'" }
			}
			proc echoes {want} {
				send "stty -a | tr ' ' '\\n' | grep -x -e echo -e -echo; echo seen=\$?\r"
				expect -re "\n(-?echo)\r" { if {$expect_out(1,string) ne $want} { fail "echo is wrong" } } \
					timeout { fail "no stty" }
				want "seen=0"
			}
			proc ends {} {
				expect eof {} timeout { fail "hangs" }
				exit [lindex [wait] 3]
			}
		TCL
		cat
	} >"$T/talk"
	expect "$T/talk" >/dev/null 2>&1
	code=$?
	tr -d '\r' <"$T/dialogue" >"$T/said"
	out=$(cat "$T/said")
	return $code
}

at_terminal <<-END
	spawn \$E sign --chain ca/sub.pem invoice.txt
	want "PIN: "
	send "$PIN\r"
	ends
END
is $? 0 'signs with the PIN typed'
like "$out" 'Token .*virtual.*, to sign invoice.txt' 'the prompt names token and purpose'
unlike "$out" "$PIN" 'the PIN is not echoed'
like "$out" '100 %' 'a progress bar'
run_ok 'verifies' verify invoice.txt

at_terminal <<-END
	spawn \$E sign -f --chain ca/sub.pem invoice.txt
	want "PIN: "
	send "000000\r"
	want "The PIN is wrong; 2 tries are left"
	want "PIN: "
	send "$PIN\r"
	ends
END
is $? 0 'a wrong PIN is asked again'

# The shell around the program shows what state the terminal was left in.
for signal in INT TERM; do
	export signal
	at_terminal <<-'END'
		spawn env PS1= sh
		echoes echo
		send "$E sign -f invoice.txt\r"
		want "PIN: "
		send "1234"
		if {$env(signal) eq "INT"} {
			send "\003"
		} else {
			exec sh -c "kill -$env(signal) \$(pgrep -P [exp_pid])"
		}
		# What is typed before the echo is back is thrown away: ask until there is an answer.
		set code none
		for {set i 0} {$i < 15 && $code eq "none"} {incr i} {
			send "echo code=\$?\r"
			expect -timeout 2 -re {code=([0-9]+)} { set code $expect_out(1,string) } timeout {}
		}
		if {$code eq "none"} { fail "does not end" }
		expect -timeout 1 -re {code=[0-9]+} {} timeout {}
		echoes echo
		send "exit\r"
		expect eof
		exit $code
	END
	code=$?
	is $code "$([ $signal = INT ] && echo 130 || echo 143)" "SIG$signal at the prompt ends it"
	unlike "$out" FAILED "SIG$signal: echo is on again"
	unlike "$out" '1234' "SIG$signal: nothing typed is shown"
done

at_terminal <<-END
	spawn \$E pin change
	want "PIN: "
	send "$PIN\r"
	want "new PIN: "
	send "864213\r"
	want "Once more: "
	send "864214\r"
	want "The two entries differ."
	want "new PIN: "
	send "864213\r"
	want "Once more: "
	send "1\r"
	want "The two entries differ."
	want "new PIN: "
	send "864213\r"
	want "Once more: "
	send "2\r"
	ends
END
is $? 4 'two entries that differ'
like "$out" 'The two entries of the new PIN differ' 'are told'
run_ok 'no try was lost' "$ECERT" pin status --json
is "$(field .pin_tries)" 3 'three tries'

# The rules are told before and applied to the first entry; nobody is sent back to the shell.
at_terminal <<-END
	spawn \$E pin change
	want "PIN: "
	send "$PIN\r"
	want "6 to 8 digits, not one that everybody tries first"
	want "new PIN: "
	send "123456\r"
	want "This PIN is one that everybody tries first."
	want "new PIN: "
	send "\r"
	want "A PIN has 6 to 8 characters."
	want "new PIN: "
	send "12345\r"
	ends
END
is $? 5 'three PINs against the rules'
like "$out" 'A PIN has 6 to 8 characters' 'end with the rule'
unlike "$out" 'Once more' 'and no second entry was asked for'

at_terminal <<-END
	spawn \$E pin change
	want "PIN: "
	send "$PIN\r"
	want "new PIN: "
	send "864213\r"
	want "Once more: "
	send "864213\r"
	ends
END
is $? 0 'changes the PIN'
printf '864213\n' >pin

at_terminal <<-END
	spawn \$E token reset
	ends
END
is $? 5 'a token in use is not reset, whatever is answered'

# ---- pinentry ----
cat >pinentry <<-'END'
	#!/bin/sh
	# A pinentry that answers $PIN_SAID, or cancels when that is empty, and writes down what it was told.
	echo 'OK Pleased to meet you'
	while read -r line; do
		printf '%s\n' "$line" >>"$HEARD"
		case $line in
		GETPIN) if [ -n "$PIN_SAID" ]; then printf 'D %s\nOK\n' "$PIN_SAID"; else echo 'ERR 83886179 Operation cancelled'; fi ;;
		BYE) echo OK; exit ;;
		*) echo OK ;;
		esac
	done
END
chmod +x pinentry
export ECERT_PINENTRY="$T/pinentry" HEARD="$T/heard"
PIN_SAID=864%3213 run_ok 'by pinentry, percent-escaped' env PIN_SAID=864%3213 "$ECERT" sign -f --pin-source pinentry invoice.txt
like "$(cat heard)" 'SETDESC Token .*to sign invoice.txt' 'it is told what for'
like "$(cat heard)" '^SETPROMPT PIN' 'and what'
unlike "$(cat heard)" 'external-password-cache' 'and never allowed to keep it'
run_code 4 'cancelled' env PIN_SAID= "$ECERT" sign -f --pin-source pinentry invoice.txt
sentence 'cancelled' 'cancelled'
ECERT_PINENTRY=/nonexistent run_code 4 'no pinentry' env ECERT_PINENTRY=/nonexistent "$ECERT" sign -f \
	--pin-source pinentry invoice.txt
done_testing
