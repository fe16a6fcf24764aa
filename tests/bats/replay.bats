#!/usr/bin/env bats
# scripts/replay: saved records, played again.

bats_require_minimum_version 1.5.0
load setup

setup()
{
	cd "$BATS_TEST_TMPDIR" || return
	skip_without python3
	export CT_BUS=ipc://$BATS_TEST_TMPDIR/bus
	PATH=$PATH:$ROOT/scripts
}

# events FROM TO: events in the form full, which were seen a tenth of a second apart.
events()
{
	seq "$1" "$2" | awk '{ printf "{\"data\":{\"cert_index\":%d,\"chain\":[{\"as_der\":\"AA==\"}]," \
	    "\"leaf_cert\":{\"all_domains\":[\"%d.example\"],\"as_der\":\"BB==\"},\"seen\":%.3f," \
	    "\"source\":{\"name\":\"A log\"}},\"message_type\":\"certificate_update\"}\n",
	    $1, $1, 1700000000 + $1 / 10 }'
}

# milliseconds COMMAND...: runs the command, and prints how long that took.
milliseconds()
{
	local begun=$EPOCHREALTIME

	"$@" >/dev/null
	echo $(((${EPOCHREALTIME/./} - ${begun/./}) / 1000))
}

@test "a plain file, and one packed by gzip or zstd, come out as they were" {
	skip_without zstd
	events 1 20000 >plain
	gzip -k plain
	zstd -q plain -o plain.zst
	for file in plain plain.gz plain.zst; do
		replay "$file" | cmp - plain
	done
	replay plain.gz plain | cmp - <(cat plain plain)
	replay - <plain | cmp - plain
}

@test "-r plays so many records a second" {
	events 1 300 >saved
	replay -r 200 saved | cmp - saved
	took=$(milliseconds replay -r 200 saved)
	[ "$took" -ge 1490 ]
}

@test "-x plays at the pace in which the records were seen, by a factor" {
	events 1 21 >saved
	replay -x 2 saved | cmp - saved
	took=$(milliseconds replay -x 2 saved)
	[ "$took" -ge 1000 ]
	took=$(milliseconds replay -x 1 saved)
	[ "$took" -ge 2000 ]
}

@test "-x waits between records, not only at the end" {
	events 1 2 >saved
	events 51 51 >>saved
	spawn played replay -x 1 saved
	wait_until 5 grep -q '"cert_index":2,' played.out
	sleep 1
	[ "$(wc -l <played.out)" = 2 ]
	wait_until 8 grep -q '"cert_index":51,' played.out
}

@test "lines that are no records are left out, and told with file and line" {
	{ events 1 2; printf '\n[1]\nnoise\n'; events 3 3; printf '{"data":{"cert_ind'; } >bad
	run --separate-stderr replay bad
	[ "$status" = 1 ]
	diff <(echo "$output") <(events 1 3)
	[[ $stderr == *"bad: line 3: is empty"*"bad: line 4: is no JSON object"*"bad: line 5: "* ]]
	[[ $stderr == *"bad: line 7: ends in its middle; left out"* ]]
}

@test "a last line without LF is played when it is whole" {
	events 1 3 >whole
	head -c -1 whole >saved
	replay saved | cmp - whole
}

@test "a packed file that is cut off or damaged is an error with its line" {
	events 1 2000 | gzip >whole.gz
	head -c 8000 whole.gz >cut.gz
	run --separate-stderr replay cut.gz
	[ "$status" = 1 ]
	[[ $stderr == *"fatal: cut.gz: behind line "[1-9]*": "*"unexpected end of file"* ]]
	diff <(echo "$output") <(events 1 "${#lines[@]}")
}

@test "a file with another kind of lines, or that is not there, is an error" {
	events 1 1 >good
	echo '{"a":1}' >other
	run replay other
	[ "$status" = 1 ]
	[[ $output == *"fatal: other: line 1: is neither an entry nor an event"* ]]
	run replay good nowhere
	[ "$status" = 111 ]
	[[ $output == *"fatal: nowhere: No such file or directory"* ]]
	echo '{"data":["a.example"],"message_type":"dns_entries"}' >names
	run replay -x 1 names
	[ "$status" = 1 ]
	[[ $output == *'names: line 1: has no "seen"'* ]]
}

@test "a wrong call exits 100" {
	events 1 1 >saved
	for wrong in '' '-r 0 saved' '-r x saved' '-x -1 saved' '-r 1 -x 1 saved' '-w 2 saved' '-z saved' \
	    '-b ipc:///x -w y saved'; do
		# shellcheck disable=SC2086 # these are words
		run replay $wrong
		[ "$status" = 100 ]
		[[ $output == *"try scripts/replay --help"* ]]
	done
	run replay --help
	[ "$status" = 0 ]
	[[ $output == *"scripts/replay [-b BUS [-w N]]"* ]]
}

@test "it ends with its reader, and with TERM, with 0" {
	events 1 20000 >saved
	timeout 10 bash -c 'replay saved | head -n 1; exit "${PIPESTATUS[0]}"'
	spawn slow replay -r 1 saved
	wait_until 5 test -s slow.out
	kill -TERM "$spawned"
	ends 5 "$spawned"
}

@test "-b with entries runs ct-parse and ct-hub" {
	spawn reader ct-latest -f
	replay -b "$CT_BUS" -w 1 "$ROOT/tests/data/entries.ndjson"
	ct-parse <"$ROOT/tests/data/entries.ndjson" | grep -v '"message_type":"malformed"' >wanted
	[ -s wanted ]
	wait_until 5 cmp wanted reader.out
}

@test "-b does not mix entries and events, and says what a hub says" {
	events 1 1 >events
	run replay -b "$CT_BUS" -w 0 events "$ROOT/tests/data/entries.ndjson"
	[ "$status" = 1 ]
	[[ $output == *"entries.ndjson: has entries, and the files before have events"* ]]
	run replay -b nonsense events
	[ "$status" = 100 ]
	[[ $output == *"ct-hub: "*nonsense* ]]
}

@test "TERM ends the hub that waits for readers" {
	events 1 20000 >saved
	spawn played replay -b "$CT_BUS" -w 1 saved
	played=$spawned
	wait_until 5 ct-latest -n 0
	kill -TERM "$played"
	ends 5 "$played"
}

# got FILE: how many events a client of ct-ws or a ct-latest has taken.
got()
{
	[ "$(grep -c '"cert_index"' "$1")" -ge 100000 ]
}

@test "100,000 events at full speed reach a ct-ws client and ct-latest -f that wait, each once and in order" {
	skip_without curl
	events 1 100000 | gzip -1 >saved.gz
	port=$(free_port)
	spawn ws ct-ws -p "$port" -a 127.0.0.1 -r 256m
	wait_until 10 listens "$port"
	spawn client curl -sN "http://127.0.0.1:$port/stream.ndjson?stream=full"
	spawn latest ct-latest -f
	sleep 0.5
	replay -b "$CT_BUS" -w 2 saved.gz
	for reader in client latest; do
		wait_until 60 got "$reader.out"
		grep -o '^{"data":{"cert_index":[0-9]*,' "$reader.out" | tr -dc '0-9\n' | cmp - <(seq 1 100000)
		[ "$(grep -c skipped "$reader.out")" = 0 ]
	done
	[ "$(grep -c missed latest.err)" = 0 ]
	curl -s "http://127.0.0.1:$port/metrics" | grep -qx 'ct_ws_bus_missed_total 0'
}
