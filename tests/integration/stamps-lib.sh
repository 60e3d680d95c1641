# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# Sourced by the tests of time stamps after harness.sh: CAs with lists whose dates the test says, signers, a TSA
# that is `openssl ts`, and stamp-maker.

MAKER=$top_srcdir/tests/integration/stamp-maker
DAY=86400
utc() { date -u -d "@$1" +%y%m%d%H%M%SZ; }

# make_ca NAME: a root with a key.
make_ca() {
	mkdir -p "$1.d"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.pem" -days 3650 \
		-subj "/O=Test/CN=$1" -addext basicConstraints=critical,CA:TRUE \
		-addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null || bail_out "ca $1"
	: >"$1.d/index.txt"
	echo 01 >"$1.d/number"
	cat >"$1.cnf" <<-END
		[ca]
		default_ca=d
		[d]
		database=$1.d/index.txt
		crlnumber=$1.d/number
		default_md=sha256
		certificate=$1.pem
		private_key=$1.key
		unique_subject=no
		policy=p
		new_certs_dir=.
		rand_serial=yes
		[p]
		organizationName=optional
		commonName=supplied
	END
}
# make_cert NAME CA DAYS EXTENSIONS [PUBLIC-KEY]: a certificate of it from now on, for that key instead of its own.
make_cert() {
	printf '%b\n' "$4" >"$1.ext"
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -subj "/O=Test/CN=$1" \
		-out "$1.csr" 2>/dev/null
	openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -days "$3" -extfile "$1.ext" ${5:+-force_pubkey "$5"} \
		-out "$1.pem" 2>/dev/null ||
		bail_out "certificate $1"
}
# make_brief NAME CA END EXTENSIONS: the same, over at that moment.
make_brief() {
	make_cert "$1" "$2" 1 "$4"
	openssl ca -batch -notext -config "$2.cnf" -in "$1.csr" -extfile "$1.ext" -enddate "$(utc "$3")" -out "$1.pem" 2>/dev/null ||
		bail_out "certificate $1"
}
# make_crl CA MADE UNTIL OUT [CERT REVOKED]...: in DER. REVOKED: a time, a time:the invalidityDate of its key, or a
# time:hold.
make_crl() {
	local ca="$1" made="$2" until="$3" to="$4" why
	shift 4
	: >"$ca.d/index.txt"
	while [ $# -gt 1 ]; do
		case $2 in
		*:hold) why=,certificateHold ;;
		*:*) why=$(date -u -d "@${2#*:}" +,keyTime,%Y%m%d%H%M%SZ) ;;
		*) why= ;;
		esac
		printf 'R\t%s\t%s%s\t%s\tunknown\t/CN=x\n' "$(utc $((NOW + 3650 * DAY)))" "$(utc "${2%%:*}")" "$why" \
			"$(openssl x509 -in "$1" -noout -serial | cut -d= -f2)" >>"$ca.d/index.txt"
		shift 2
	done
	openssl ca -config "$ca.cnf" -gencrl -crl_lastupdate "$(utc "$made")" -crl_nextupdate "$(utc "$until")" \
		-out "$to.pem" 2>/dev/null && openssl crl -in "$to.pem" -outform DER -out "$to" || bail_out "crl $to"
}
# sign_file SIGNER CA OUT [OPTION...]: detached, over invoice.txt.
sign_file() {
	local who="$1" ca="$2" to="$3"
	shift 3
	openssl cms -sign -cades -binary -in invoice.txt -signer "$who.pem" -inkey "$who.key" -certfile "$ca.pem" \
		-outform DER -out "$to" "$@" || bail_out "sign $to"
}
make_tsa_config() {
	cat >ts.cnf <<-END
		[tsa]
		default_tsa=t
		[t]
		serial=ts.serial
		default_policy=1.2.3.4.1
		digests=sha1,sha256,sha512
		signer_digest=sha256
		ordering=no
		ess_cert_id_alg=sha256
	END
	echo 01 >ts.serial
}
# serve_stamps [DAYS]: roots `root`, for signers, and `tsaroot`; a server that is a TSA (/tsa/tsa for so many days, and
# /tsa/longer), their responder (/ocsp/root, /ocsp/tsaroot) and a web server of srv/www. Its place is in URL and PORT.
serve_stamps() {
	local use='basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\n'
	NOW=$(date +%s)
	make_tsa_config
	mkdir -p srv/www
	cp ts.cnf ts.serial srv
	spawn "$top_srcdir/tests/integration/online-server" "$T/srv"
	make_ca root
	make_ca tsaroot
	wait_for 30 test -s srv/port || bail_out 'no server'
	PORT=$(cat srv/port) URL=http://127.0.0.1:$(cat srv/port)
	make_cert tsa tsaroot "${1:-60}" "${use}authorityInfoAccess=OCSP;URI:$URL/ocsp/tsaroot"
	make_cert longer tsaroot 300 "${use}authorityInfoAccess=OCSP;URI:$URL/ocsp/tsaroot"
	cp root.pem root.key tsaroot.pem tsaroot.key tsa.pem tsa.key longer.pem longer.key srv
	known tsaroot tsa
	known tsaroot longer
}
# make_signer NAME [PUBLIC-KEY]: a certificate of root for 30 days, which its responder knows; for a key of its own, or
# this one.
make_signer() {
	make_cert "$1" root 30 "basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation\nauthorityInfoAccess=OCSP;URI:$URL/ocsp/root" \
		${2:+"$2"}
	known root "$1"
}
# known CA CERT [REVOKED]: to its responder, as good or as revoked then.
known() {
	printf '%s\t%s\t%s\t%s\tunknown\t/CN=%s\n' "${3:+R}${3:-V}" "$(utc $((NOW + 3650 * DAY)))" "${3:+$(utc "$3")}" \
		"$(openssl x509 -in "$2.pem" -noout -serial | cut -d= -f2)" "$2" | sed 's/^R[0-9]*/R/' >>"srv/$1.index"
}
# stamp DATA OUT [TSA] [OPTION...]: a token over a file's bytes, by openssl ts.
stamp() {
	local data="$1" to="$2" who="${3:-tsa}"
	shift 2
	[ $# -eq 0 ] || shift
	openssl ts -query -data "$data" -sha256 -cert "$@" -out "$to.q" 2>/dev/null &&
		openssl ts -reply -config ts.cnf -queryfile "$to.q" -signer "$who.pem" -inkey "$who.key" -out "$to.r" 2>/dev/null &&
		openssl ts -reply -in "$to.r" -token_out -out "$to" 2>/dev/null || bail_out "stamp $to"
}
# forge TSTINFO TSA OUT: a token that openssl ts would not make.
forge() {
	openssl cms -sign -cades -binary -nodetach -econtent_type 1.2.840.113549.1.9.16.1.4 -in "$1" -signer "$2.pem" \
		-inkey "$2.key" -outform DER -out "$3" || bail_out "forge $3"
}
# at_signature P7S TOKEN OUT: as a signature time stamp.
at_signature() { "$MAKER" attr "$1" 1.2.840.113549.1.9.16.2.14 "$2" "$3"; }
# with_stamp P7S OUT [TSA]: B-T.
with_stamp() {
	"$MAKER" value "$1" >"$2.value"
	stamp "$2.value" "$2.token" "${3:-tsa}"
	at_signature "$1" "$2.token" "$2"
}
# archive P7S OUT [HOW]: one more archive time stamp over all that is there.
archive() {
	"$MAKER" index "$1" invoice.txt "$2.index" "$2.tbs" ${3:+"$3"}
	stamp "$2.tbs" "$2.token"
	"$MAKER" archive "$1" "$2.token" "$2.index" "$2"
}
