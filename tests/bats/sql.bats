#!/usr/bin/env bats
# contrib/sql: events loaded into SQLite and PostgreSQL, by the real programs. scripts/setup does not
# install PostgreSQL, whose package would start a server; tests of it are skipped where it is not.

bats_require_minimum_version 1.5.0
load setup

setup()
{
	skip_without jq
	cd "$BATS_TEST_TMPDIR" || return
}

teardown()
{
	stop_spawned
	[ -z "${server:-}" ] || rm -rf "$server"
}

# as_nobody COMMAND...: a server of PostgreSQL refuses to run as root.
as_nobody()
{
	cd / || return
	if [ "$(id -u)" = 0 ]; then
		setpriv --reuid nobody --regid nogroup --clear-groups "$@"
	else
		"$@"
	fi
}

# start_postgresql: a server of our own in the folder $server, which only its socket there leads to.
start_postgresql()
{
	local bin

	skip_without psql
	bin=$(command -v initdb || echo /usr/lib/postgresql/*/bin/initdb)
	bin=${bin##* }
	[ -x "$bin" ] || skip "no server of postgresql here"
	bin=$(dirname "$(readlink -f "$bin")")
	# The folder of the test is not open to others.
	server=$(mktemp -d /tmp/ct-sql.XXXXXX)
	[ "$(id -u)" != 0 ] || chown nobody "$server"
	(as_nobody "$bin/initdb" -D "$server/data" -U postgres -A trust -N -E UTF8 --locale C >/dev/null)
	declare -f as_nobody >as_nobody.sh
	spawn_sh postgres ". ./as_nobody.sh; as_nobody '$bin/postgres' -D '$server/data' -k '$server' -c listen_addresses= -c fsync=off"
	export PGHOST=$server PGUSER=postgres PGDATABASE=postgres
	wait_until 20 psql -Atc 'SELECT 1'
}

# load_into KIND: loads standard input.
load_into()
{
	case $1 in
	sqlite) "$ROOT/contrib/sql/load-sqlite" db ;;
	postgresql) "$ROOT/contrib/sql/load-postgresql" ;;
	esac
}

# ask KIND SQL: prints what the database answers.
ask()
{
	case $1 in
	sqlite) sqlite3 db "$2" ;;
	postgresql) psql -Atc "$2" ;;
	esac
}

start()
{
	case $1 in
	sqlite) skip_without sqlite3 ;;
	postgresql) start_postgresql ;;
	esac
}

# event INDEX SEEN NAMES [ORGANIZATION]
event()
{
	jq -cn --argjson index "$1" --argjson seen "$2" --argjson names "$3" --arg o "${4-An issuer}" \
	    '{data: {cert_index: $index, leaf_cert: {all_domains: $names, sha256: "AB:CD", serial_number: "01",
	    not_before: 1700000000, not_after: 1800000000, issuer: {O: $o, CN: "R1"}, subject: {CN: null}},
	    seen: $seen, source: {name: "A log", url: "https://log.example", timestamp: 1699999999.5},
	    update_type: "PrecertLogEntry"}, message_type: "certificate_update"}'
}

# A row for each entry, and one for each of its names; records of other kinds, and names alone, have none.
loads_rows()
{
	start "$1"
	{
		event 7 1700000001.25 '["www.Example.com","*.example.com"]'
		event 8 1700000001.5 '[]'
		echo '{"data":["x.example"],"message_type":"dns_entries"}'
		echo '{"message_type":"heartbeat","timestamp":1}'
	} | load_into "$1"
	[ "$(ask "$1" 'SELECT log, idx, sha256, serial, issuer, subject FROM entry ORDER BY idx')" = \
	    $'https://log.example|7|AB:CD|01|An issuer|\nhttps://log.example|8|AB:CD|01|An issuer|' ]
	[ "$(ask "$1" 'SELECT idx, nth, name, reversed FROM name ORDER BY nth')" = \
	    $'7|0|www.Example.com|com.example.www\n7|1|*.example.com|com.example.*' ]
}

@test "SQLite gets a row for each entry and for each name" {
	loads_rows sqlite
	[ "$(ask sqlite 'SELECT precert, seen, logged, not_before, not_after FROM entry WHERE idx = 7')" = \
	    '1|1700000001.25|1699999999.5|1700000000|1800000000' ]
}

@test "PostgreSQL gets a row for each entry and for each name" {
	loads_rows postgresql
	[ "$(ask postgresql "SET timezone = 'UTC'; SELECT precert, seen, logged, not_before FROM entry WHERE idx = 7")" = \
	    $'SET\nt|2023-11-14 22:13:21.25+00|2023-11-14 22:13:19.5+00|2023-11-14 22:13:20+00' ]
}

loads_again()
{
	start "$1"
	event 7 1 '["a.example"]' | load_into "$1"
	{
		event 7 2 '["a.example"]'
		event 8 2 '["b.example"]'
		event 8 2 '["b.example"]'
	} | load_into "$1"
	[ "$(ask "$1" 'SELECT count(*), min(idx), max(idx) FROM entry')" = '2|7|8' ]
	[ "$(ask "$1" 'SELECT count(*) FROM name')" = 2 ]
}

@test "entries that come again change nothing in SQLite" {
	loads_again sqlite
}

@test "entries that come again change nothing in PostgreSQL" {
	loads_again postgresql
}

# Names and issuers come from strangers.
loads_hostile()
{
	start "$1"
	local names
	names=$(jq -cn '["\u0027); DROP TABLE entry; --", "a\tb\nc\\d\"e", "\\.", "x\n\\.\nDROP TABLE entry;\n", "nul\u0000nul", "münchen.example",
	    "-- .quit", ("long." * 2000), ";", "\n.quit\n", "$$", "\r"]')
	{
		event 1 1 "$names" "O'Reilly\\ \"; DROP TABLE name; --"
		event 2 2 '["after.example"]'
	} | load_into "$1"
	[ "$(ask "$1" 'SELECT count(*) FROM entry')" = 2 ]
	[ "$(ask "$1" 'SELECT count(*) FROM name')" = 13 ]
	[ "$(ask "$1" 'SELECT issuer FROM entry WHERE idx = 1')" = "O'Reilly\\ \"; DROP TABLE name; --" ]
	[ "$(ask "$1" "SELECT name FROM name WHERE nth = 3")" = $'x\n\\.\nDROP TABLE entry;' ]
	[ "$(ask "$1" "SELECT name FROM name WHERE nth = 4")" = nulnul ]
	[ "$(ask "$1" "SELECT length(name), length(reversed) FROM name WHERE nth = 7")" = '10000|255' ]
}

@test "SQLite stores what strangers write, and runs none of it" {
	loads_hostile sqlite
}

@test "PostgreSQL stores what strangers write, and runs none of it" {
	loads_hostile postgresql
}

loads_live()
{
	start "$1"
	mkfifo feed
	exec 4<>feed
	spawn_sh load "$2 <feed"
	event 1 100.1 '["a.example"]' >&4
	event 2 100.9 '["b.example"]' >&4
	event 3 101.1 '["c.example"]' >&4
	wait_until 10 rows_are "$1" 2
	exec 4>&-
}

rows_are()
{
	[ "$(ask "$1" 'SELECT count(*) FROM entry')" = "$2" ]
}

@test "SQLite has what has come when the next second begins" {
	loads_live sqlite "exec '$ROOT/contrib/sql/load-sqlite' db"
}

@test "PostgreSQL has what has come when the next second begins" {
	loads_live postgresql "exec '$ROOT/contrib/sql/load-postgresql'"
}

loads_broken()
{
	start "$1"
	event 1 1 '["a.example"]' | load_into "$1"
	{
		event 2 2 '["b.example"]'
		event 3 3 '["c.example"]'
		echo '{"data":'
	} >broken
	status=0
	load_into "$1" <broken 2>err || status=$?
	[ "$status" != 0 ]
	[ -s err ]
	[ "$(ask "$1" 'SELECT max(idx) FROM entry')" = 2 ]
}

@test "broken input ends the load into SQLite with an error, and what was committed stays" {
	loads_broken sqlite
}

@test "broken input ends the load into PostgreSQL with an error, and what was committed stays" {
	loads_broken postgresql
}

@test "what is below a domain is found in the index of SQLite" {
	start sqlite
	event 1 1 '["www.example.com","example.com","notexample.com","a.b.example.com","example.com.evil.test"]' | load_into sqlite
	query="SELECT DISTINCT name FROM name WHERE reversed = 'com.example' OR reversed GLOB 'com.example.*'"
	grep -qF "${query#SELECT DISTINCT }" "$ROOT/contrib/sql/sqlite.sql"
	[ "$(ask sqlite "$query ORDER BY 1" | tr '\n' ' ')" = 'a.b.example.com example.com www.example.com ' ]
	run -0 ask sqlite "EXPLAIN QUERY PLAN $query"
	[[ $output == *'USING INDEX name_reversed (reversed>? AND reversed<?)'* ]]
}

@test "what is below a domain is found in the index of PostgreSQL" {
	start postgresql
	event 1 1 '["www.example.com","example.com","notexample.com","a.b.example.com","example.com.evil.test"]' | load_into postgresql
	query="SELECT DISTINCT name FROM name WHERE reversed = 'com.example' OR reversed LIKE 'com.example.%'"
	grep -qF "${query#SELECT DISTINCT }" "$ROOT/contrib/sql/postgresql.sql"
	[ "$(ask postgresql "$query ORDER BY 1" | tr '\n' ' ')" = 'a.b.example.com example.com www.example.com ' ]
	run -0 ask postgresql "SET enable_seqscan = off; EXPLAIN $query"
	[[ $output == *"(reversed >= 'com.example.'::text)"* ]]
}

# Loads logs that grow, is killed again and again, and goes on from the stored mark.
loads_all()
{
	start "$1"
	start_log -n 400 -r 150 -m 1500 -l alder=rfc6962,birch=tiled
	mkdir state
	local n=0
	until [ "$n" = 3 ]; do
		n=$((n + 1))
		stored_mark "$1" >state/mark || :
		[ -s state/mark ] || rm -f state/mark
		spawn_sh load "set -o pipefail; ct-fetch -q -L '$log_dir/log_list.json' --list-key '$log_dir/list-key.pem' \
		    --poll 0.2 -s 0 -E -d state | ct-parse -s lite | $2"
		wait_until 30 has_more "$1" $((n * 700))
		kill -KILL -- "-$spawned"
		wait_until 5 ended "$spawned"
	done
	stored_mark "$1" >state/mark
	# The test log ends at 1500 entries of each.
	spawn_sh load "ct-fetch -q -L '$log_dir/log_list.json' --list-key '$log_dir/list-key.pem' --poll 0.2 -s 0 -E -d state |
	    ct-parse -s lite | $2"
	wait_until 60 has_more "$1" 3000
	[ "$(ask "$1" 'SELECT count(*), min(idx), max(idx) FROM entry GROUP BY log')" = $'1500|0|1499\n1500|0|1499' ]
}

has_more()
{
	[ "$(ask "$1" 'SELECT count(*) FROM entry')" -ge "$2" ]
}

stored_mark()
{
	case $1 in
	sqlite) "$ROOT/contrib/sql/load-sqlite" -m db ;;
	postgresql) psql -Atc 'SELECT line FROM mark' 2>/dev/null ;;
	esac
}

@test "a feed into SQLite that is killed goes on from the stored mark, and nothing is missing" {
	loads_all sqlite "'$ROOT/contrib/sql/load-sqlite' db"
}

@test "a feed into PostgreSQL that is killed goes on from the stored mark, and nothing is missing" {
	loads_all postgresql "'$ROOT/contrib/sql/load-postgresql'"
}
