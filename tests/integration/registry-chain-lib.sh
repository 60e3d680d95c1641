# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# A register that somebody wrote into; a part of cli-registry.sh, with what it has set up.
# ---- the chain ----
run_ok 'all of it is as it was written' registry check --json
is "$(field .whole)" true 'all of it is as it was written'
HEAD=$(field .head)
like "$HEAD" '^[0-9a-f]{64}$' 'up to this hash'
# Somebody who has the database alters a row; and, `anew`, writes the chain from there on as this program would.
if on postgresql; then
	# bent WHAT TABLE ANEW STATEMENT [REASON]: it is found, in this table; what is signed is tested once, on SQLite.
	bent() {
		[ "$3" = old ] || return
		database bent "TEMPLATE desk"
		psql -X -q -c 'SET session_replication_role = replica' -c "$4" "host=$PG_DIR user=registry dbname=bent" || bail_out "psql: $4"
		run_code 1 "$1" "$E" registry check --json --store "postgresql:host=$PG_DIR user=registry dbname=bent"
		is "$(field .whole) $(field .bad.table)" "false $2" "$1: found"
		psql -X -q -c 'DROP DATABASE bent' "$PG_CONNINFO"
	}
else
	cat >bend.py <<-'END'
		import hashlib, sqlite3, struct, sys
		def put(v):
		    if v is None: return b"n"
		    if isinstance(v, int): return b"i" + struct.pack(">q", v)
		    b = v.encode() if isinstance(v, str) else v
		    return (b"t" if isinstance(v, str) else b"b") + struct.pack(">Q", len(b)) + b
		def bend(name, anew, statement):
		    db, copy = sqlite3.connect("desk.sqlite"), sqlite3.connect(name)
		    db.backup(copy)
		    for trigger in [r[0] for r in copy.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]:
		        copy.execute("DROP TRIGGER " + trigger)
		    if not copy.execute(statement).rowcount: sys.exit("nothing to bend: " + statement)
		    if anew == "anew":
		        before = bytes(32)
		        for n, part in copy.execute("SELECT n, part FROM chain ORDER BY n").fetchall():
		            row = copy.execute("SELECT * FROM %s WHERE id = ?" % part, (n,)).fetchone()
		            before = hashlib.sha256(before + struct.pack(">Q", n) + put(part) + struct.pack(">Q", len(row)) + b"".join(map(put, row))).digest()
		            copy.execute("UPDATE chain SET hash = ? WHERE n = ?", (before, n))
		        copy.execute("UPDATE head SET hash = ?", (before,))
		    copy.commit()
		bend("bent-0.sqlite", "anew", "UPDATE settings SET name = name")
		for line in sys.stdin:
		    bend(*line.rstrip("\n").split("\t"))
	END
	n_bent=0
	: >bends
	: >bent.sh
	# One process makes all of the copies, which are looked at afterwards.
	bent() {
		n_bent=$((n_bent + 1))
		printf 'bent-%s.sqlite\t%s\t%s\n' $n_bent "$3" "$4" >>bends
		printf '%s\t%s\t%s\t%s\n' $n_bent "$1" "$2" "${5:-}" >>bent.sh
	}
fi
NOT_ITS_OWN="text = substr(text, 1, length(text) - 86) || (SELECT substr(text, length(text) - 85) FROM marks LIMIT 1)"
bent 'a reason that somebody altered' decisions old "UPDATE decisions SET why = 'no reason' WHERE event = 'refuse'"
bent 'an authorisation that was made longer' authorizations old 'UPDATE authorizations SET exp = exp + 86400'
bent 'a delegation to somebody else' delegations old "UPDATE delegations SET issuer = 'https://else.example'"
bent 'the same with a chain anew' authorizations anew 'UPDATE authorizations SET exp = exp + 86400' 'something else than the authorisation'
bent 'an authorisation for another key' authorizations anew \
	"UPDATE authorizations SET kid = (SELECT kid FROM keys WHERE used = 'status' AND kid <> authorizations.kid LIMIT 1)" 'something else'
bent 'an authorisation signed by nobody' authorizations anew "UPDATE authorizations SET $NOT_ITS_OWN" 'not signed with a key of the issuer'
bent 'a delegation to somebody else, with a chain anew' delegations anew "UPDATE delegations SET issuer = 'https://else.example'" \
	'something else than the delegation'
bent 'a delegation signed by nobody' delegations anew "UPDATE delegations SET $NOT_ITS_OWN" 'not signed with a key of its owner'
bent 'a mark that was made longer' marks anew 'UPDATE marks SET exp = exp + 86400' 'something else than the mark'
bent 'a mark for another shop' marks anew 'UPDATE marks SET application = (SELECT max(application) FROM marks)' 'another request'
bent 'an application of another shop' applications anew 'UPDATE applications SET member = (SELECT max(id) FROM members)' \
	'something else than the request'
bent 'a key of somebody else' keys anew "UPDATE keys SET cert = (SELECT cert FROM applications LIMIT 1) WHERE used = 'grant'" \
	'not that of its certificate'
bent 'a key under another name' keys anew "UPDATE keys SET kid = 'x' || substr(kid, 2) WHERE used = 'status'" 'not that of its certificate'
if on sqlite; then
	python3 bend.py <bends 2>bend.err || bail_out "$(cat bend.err)"
	is "$("$E" registry check --json --store bent-0.sqlite | jq -r .head)" "$HEAD" 'a chain anew over what nobody altered is the same'
	while IFS='	' read -r n what table why; do
		run_code 1 "$what" "$E" registry check --json --store "bent-$n.sqlite"
		is "$(field '"\(.whole) \(.bad.table)"')" "false $table" "$what: found"
		[ -z "$why" ] || like "$(field .why)" "$why" "$what: why"
	done <bent.sh
fi
