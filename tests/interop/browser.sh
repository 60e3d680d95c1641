# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# Sourced by the browsers' tests after provision.sh: a screen, a web server that wants certificates,
# and a person's hands. A script defines `launch URL` and $QUIT, and calls `browse`.
#
# Server and browser live in the test's own network: nothing but its loopback interface.

EC_PORT=4433 RSA_PORT=4434 OPEN_PORT=4435
EC_SITE=https://localhost:$EC_PORT RSA_SITE=https://localhost:$RSA_PORT OPEN_SITE=https://localhost:$OPEN_PORT
ACCESS_LOG=$T/access.log RSA_CA=$T/rsa-ca
# Their windows end in one of these; their PIN dialogs are named so.
WINDOW='(Mozilla Firefox|Chromium)$'
DIALOG='^(Unlock Security Device|Password Required)'

# No desktop bus to wait for.
export DISPLAY=:99 DBUS_SESSION_BUS_ADDRESS=disabled: NO_AT_BRIDGE=1
unset WAYLAND_DISPLAY
start_screen() {
	# On the abstract socket of this network namespace only, so the number is ours alone.
	spawn Xvfb $DISPLAY -nolock -nolisten unix -nolisten tcp -screen 0 1024x768x24
	wait_for 60 xdotool getdisplaygeometry || bail_out "no screen: $(cat "$T/Xvfb.log")"
}

# The token has the keys 9a (P-256) and 9d (RSA), of a CA each, by whose name a browser chooses.
provision_two() {
	provision 9a:ECCP256:client
	NUMBER='3 - 20' demo_ca init "$RSA_CA"
	add_keys "$RSA_CA" 9d:RSA2048:client
	: >"$APDU_LOG"
}

# site PORT [DIRECTIVES]: a server whose pages' titles tell what was verified, a new handshake each.
site() {
	cat <<-END
		server {
			listen 127.0.0.1:$1 ssl;
			location = /favicon.ico { access_log off; return 204; }
			location / { return 200 '<title>\$request_uri \$ssl_client_verify \$ssl_client_serial</title>
				<h1>The sale is closed</h1><p>\$ssl_client_s_dn'; }
			${2:-}
		}
	END
}
# wants CA: certificates of this sub-CA; the browser is told its name and no other.
wants() {
	echo "ssl_verify_client on; ssl_verify_depth 3;
		ssl_client_certificate $1/sub.pem; ssl_trusted_certificate $1/root.pem;"
}
start_web() {
	demo_ca make "$CA" server server
	cat "$CA/server.pem" "$CA/sub.pem" >"$T/server.pem"
	local kind
	cat >"$T/nginx.conf" <<-END
		daemon off;
		user $(id -un);
		worker_processes 1;
		pid $T/nginx.pid;
		error_log $T/nginx.log info;
		events {}
		http {
			log_format verified '\$request_uri \$ssl_protocol \$ssl_client_verify \$ssl_client_serial \$ssl_client_s_dn';
			access_log $ACCESS_LOG verified;
			$(for kind in client_body proxy fastcgi uwsgi scgi; do echo "${kind}_temp_path $T/nginx-$kind;"; done)
			default_type text/html;
			keepalive_timeout 0;
			client_header_timeout 3s; # connections made in advance do not stay
			ssl_protocols TLSv1.3;
			ssl_session_cache off;
			ssl_session_tickets off;
			ssl_certificate $T/server.pem;
			ssl_certificate_key $CA/server.key;
			$(site $OPEN_PORT)
			$(site $EC_PORT "$(wants "$CA")")
			$(site $RSA_PORT "$(wants "$RSA_CA")")
		}
	END
	start_server $EC_PORT /usr/sbin/nginx -c "$T/nginx.conf"
}

# nss_profile FOLDER: NSS's database there trusts the test's CA and knows our module.
nss_profile() {
	mkdir -p "$1"
	{
		certutil -N -d "sql:$1" --empty-password &&
			certutil -A -d "sql:$1" -n 'Demonstration Root' -t C,, -i "$CA/root.pem" &&
			foreign modutil -force -dbdir "sql:$1" -add e-Cert -libfile "$MODULE"
	} >"$T/profile.log" 2>&1 || bail_out "no profile: $(cat "$T/profile.log")"
}

# ---- what is on the screen ----
windows() { xdotool search --onlyvisible --name "$1" 2>/dev/null; }
titles() { windows . | while read -r w; do xdotool getwindowname "$w"; done 2>/dev/null; }
shown() { titles | grep -Eq -- "$1"; }
not_shown() { ! shown "$1"; }
# focus ERE: without a window manager somebody else has to say which window has the keyboard.
focus() {
	local w
	w=$(windows "$1" | head -n 1)
	[ -n "$w" ] && xdotool windowfocus "$w" 2>/dev/null
}
# visit URL ERE: types the address until a window of this title comes up. An address bar that is
# still busy with the last page may lose the keys, so it is typed again.
visit() {
	local try
	for try in 1 2 3; do
		if focus "$WINDOW"; then
			xdotool key --delay 50 ctrl+l
			xdotool type --delay 15 "$1"
			xdotool key Return
		fi
		wait_for 8 shown "$2" && return 0
	done
	return 1
}
# enter_pin PIN: into the dialog that is up or comes up, and waits until that one is gone.
enter_pin() {
	local w
	wait_for 30 focus "$DIALOG" || return 1
	w=$(windows "$DIALOG" | head -n 1)
	sleep 1 # the window is there before its field takes keys
	xdotool key --delay 50 ctrl+a
	xdotool type --delay 50 "$1"
	xdotool key Return
	wait_for 60 gone "$w"
}
gone() { ! windows . | grep -qx "$1"; }

# ---- what the server and the card saw ----
serial_of() { openssl x509 -in "$1" -noout -serial | cut -d= -f2; }
# served PATH: what the log says about that page.
served() { grep "^$1 " "$ACCESS_LOG" | sort -u; }
# delivered PATH SLOT NAME: the page came, by the certificate of this slot, and is on the screen.
delivered() {
	local serial
	serial=$(serial_of "$T/$2.pem")
	if wait_for 60 shown "^$1 SUCCESS $serial "; then ok "$3"; else
		not_ok "$3"
		titles | diag
		diag <"$ACCESS_LOG"
		tail -n 20 "$T/nginx.log" | diag
	fi
	is "$(served "$1")" "$1 TLSv1.3 SUCCESS $serial CN=Slot $2,O=Harbour Lights Trading Co. Ltd.,C=HK" \
		'the server verified the certificate on the token'
}
certificates_read() { grep -q '^> 00CB3FFF' "$APDU_LOG"; }
no_connection() { ! ss -Htn state established "sport = :$EC_PORT" | grep -q .; }
ended() { ! grep -q "^State:[[:blank:]]*[^Z[:blank:]]" "/proc/$1/status" 2>/dev/null; }

# ---- the visit ----
browse() {
	start_screen
	start_web
	launch "$OPEN_SITE/open"
	BROWSER_PID=$!
	wait_for 60 shown '^/open NONE' || bail_out "the browser does not start: $(titles; cat "$T"/*.log)"
	ok 'the browser shows a page that wants no certificate'
	is "$(titles | grep -Ec "$DIALOG")" 0 'without asking for a PIN'

	visit $EC_SITE/first "$DIALOG"
	is $? 0 'a page that wants one brings up the PIN dialog'
	certificates_read
	is $? 0 'the certificates were read'
	no_pin_so_far 'before any PIN went to the card'
	enter_pin 999999
	wait_for 60 shown "$DIALOG"
	is $? 0 'after a wrong PIN the dialog comes again'
	enter_pin $DEFAULT_PIN
	delivered /first 9a 'the right one opens the page'
	is "$(pins_seen)" 2 'the card saw two PINs'
	visit $EC_SITE/second '^/second '
	delivered /second 9a 'a second connection'
	visit $RSA_SITE/rsa '^/rsa '
	delivered /rsa 9d 'one with the RSA key'
	no_pin_so_far 'neither needed another PIN'

	stop_vcard
	wait_for 60 no_connection
	visit $EC_SITE/pulled '^(400 |localhost - |Problem|Secure Connection)'
	is $? 0 'with the card pulled a new connection gives an error page'
	is "$(served /pulled | grep -c SUCCESS)" 0 'and the server has seen no certificate'
	visit $OPEN_SITE/alive '^/alive NONE'
	is $? 0 'the browser goes on with other pages'

	start_vcard --management 3des --log "$APDU_LOG"
	sleep 1.5 # NSS looks whether a token is there once a second
	# By another name: Chromium remembers for which it had no certificate.
	visit https://127.0.0.1:$EC_PORT/again "$DIALOG"
	is $? 0 'with the card back the PIN dialog comes'
	enter_pin $DEFAULT_PIN
	delivered /again 9a 'and opens the page'
	is "$(pins_seen)" 1 'by one PIN'

	focus "$WINDOW" && xdotool key --delay 50 $QUIT
	wait_for 60 ended $BROWSER_PID
	wait $BROWSER_PID
	is $? 0 "the browser quits as it should"
}
