# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# Sourced after harness.sh: a PostgreSQL server in the test's own folder, on a Unix socket only. It
# does not run as root: root lends it to nobody.
#
#   start_postgresql             # PG_CONNINFO says where it is
#   database NAME [OPTIONS...]   # of CREATE DATABASE

pg_bin=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
PG_DIR=$T/pg

as_server() {
	cd / || exit 1
	if [ "$(id -u)" -eq 0 ]; then
		exec setpriv --reuid=nobody --regid=nogroup --clear-groups -- "$@"
	else
		exec "$@"
	fi
}
pg_server() {
	as_server "$pg_bin/postgres" -D "$PG_DIR/data" -k "$PG_DIR" -c listen_addresses= \
		-c fsync=off -c max_connections=20 -c shared_buffers=4MB -c autovacuum=off
}
pg_answers() { psql -X -q -c 'SELECT 1' "$PG_CONNINFO" >/dev/null 2>&1; }
start_postgresql() {
	[ -n "$pg_bin" ] || bail_out 'PostgreSQL is not installed (package postgresql)'
	mkdir -m 700 "$PG_DIR"
	if [ "$(id -u)" -eq 0 ]; then
		chmod 711 "$T"
		chown nobody:nogroup "$PG_DIR"
	fi
	(as_server "$pg_bin/initdb" -D "$PG_DIR/data" -U registry -A trust -N -E UTF8 --locale=C.UTF-8) \
		>"$T/initdb.log" 2>&1 || bail_out "initdb: $(tail -n 3 "$T/initdb.log")"
	PG_CONNINFO="host=$PG_DIR user=registry dbname=postgres"
	spawn pg_server
	wait_for 60 pg_answers || bail_out "no server: $(tail -n 3 "$T/pg_server.log")"
}
database() {
	pg_name=$1
	shift
	psql -X -q -c "CREATE DATABASE $pg_name $*" "$PG_CONNINFO" >/dev/null || bail_out "no database $pg_name"
}
