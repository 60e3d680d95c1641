# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# Evidence of an application, fetched; a part of cli-registry.sh, with what it has set up.
# ---- what an application points to ----
mkdir www
echo proof >www/same.pdf
echo altered >www/other.pdf
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout web.key -out web.pem -days 9 \
	-subj /CN=evidence.localhost -addext subjectAltName=DNS:evidence.localhost 2>/dev/null || bail_out 'no certificate for a server'
cat >web.py <<-'END'
	import functools, http.server, ssl
	class H(http.server.SimpleHTTPRequestHandler):
	    def log_message(self, *a): open("web.log", "a").write(self.path + "\n")
	server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(H, directory="www"))
	tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
	tls.load_cert_chain("web.pem", "web.key")
	server.socket = tls.wrap_socket(server.socket, server_side=True)
	open("web.port", "w").write(str(server.server_address[1]))
	server.serve_forever()
END
spawn python3 web.py
wait_for 20 test -s web.port || bail_out 'no server'
WEB=evidence.localhost:$(cat web.port)
# points FILE PAGE...: an application that points there, with the hash of same.pdf; its number is in $AT.
points() {
	local file=$1
	shift
	jq --arg web "https://$WEB" --arg sha "$(sha256sum www/same.pdf | cut -d ' ' -f 1)" \
		'.cop = [.cop[0] | .evidence = [$ARGS.positional[] | {uri: ($web + "/" + .), sha256: $sha, media_type: "application/pdf"}]] | .evidence = []' \
		request.json --args "$@" >points.json
	merchant apply --request points.json -o "$file" >/dev/null 2>&1 || bail_out "no $file"
	registry receive --json --anchor ca/root.pem "$file" >points.out || bail_out "not received: $file"
	AT=$(jq .application.id points.out)
}
# fetched OPTION...: where the system believes the server's CA.
fetched() {
	env LD_PRELOAD="${asan:+$asan }$top_builddir/tests/integration/later.so" LATER_CAS=web.pem "$E" registry review --fetch --store "$DESK" "$@" "$AT"
}
points web-same.jwt same.pdf
run_code 2 'a host that may be asked, when nobody is' registry review --online-allow "$WEB" "$AT"
run_code 10 'in a private network' fetched --json
is "$(field '.fetched[0] | .outcome + " " + (.same | tostring)')" 'address-refused false' 'nobody is asked'
is "$(cat web.log 2>/dev/null)" '' 'as the server says'
run_code 10 'one that nobody vouches for' registry review --fetch --json --online-allow "$WEB" "$AT"
is "$(field '.fetched[0].outcome')" tls 'is not believed'
run_ok 'what is as the application says' fetched --online-allow "$WEB"
like "$out" '^  Fetched: +it is what the application says$' 'as the sheet has it'
is "$(cat web.log)" /same.pdf 'it was asked once'
points web-other.jwt same.pdf other.pdf gone.pdf
run_code 1 'what is something else' fetched --json --online-allow "$WEB"
is "$(field '.fetched | map(.outcome + " " + (.same | tostring)) | join(", ")')" 'ok true, ok false, http-status false' 'each is told'
is "$(field '.fetched[1].sha256')" "$(sha256sum www/other.pdf | cut -d ' ' -f 1)" 'with what came'
run_code 1 'on a sheet' fetched --online-allow "$WEB"
like "$out" '^  Fetched: +it is something else: its SHA-256 is [0-9a-f]{64}$' 'what is something else'
like "$out" '^  Fetched: +its server refused$' 'what did not come'
