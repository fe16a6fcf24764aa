#!/usr/bin/env bats
# Moving over from another certstream server: its places (scripts/import-index) and its
# configuration (scripts/from-config).

bats_require_minimum_version 1.5.0
load setup

setup()
{
	skip_without jq
	cd "$BATS_TEST_TMPDIR" || return
	unset CT_CONTACT
}

# import OPTION... FILE: imports FILE into the folder state, with the list of the running log.
import()
{
	"$ROOT/scripts/import-index" "$@" state -L "$log_dir/log_list.json" --list-key "$log_dir/list-key.pem"
}

# follow OPTION...: spawns ct-fetch, which goes on from the folder state; its entries go to fetch.out.
follow()
{
	spawn fetch ct-fetch -q -L "$log_dir/log_list.json" --list-key "$log_dir/list-key.pem" -d state --poll 0.2 "$@"
}

# indexes NAME: the entries of that log in fetch.out.
indexes()
{
	jq -r --arg url "${log_url}$1/" 'select(.message_type == "entry" and .source.url == $url).index' fetch.out
}

# has NAME FROM TO: the entries of that log are FROM..TO-1, each once and in order, and maybe later ones.
has()
{
	indexes "$1" >have
	[ "$(wc -l <have)" -ge $(($3 - $2)) ]
	seq "$2" $(($2 + $(wc -l <have) - 1)) | cmp - have
}

# go_index ALDER BIRCH CEDAR: an index of certstream-server-go: the host and path of each log, and its last entry.
go_index()
{
	local at=${log_url#http://}

	jq -n --arg at "$at" --argjson a "$1" --argjson b "$2" --argjson c "$3" \
	    '{($at + "alder"): $a, ($at + "birch"): $b, ($at + "cedar"): $c}' >ct_index.json
}

# rust_state ALDER BIRCH CEDAR: a state of certstream-server-rust: the URL of each log, and its next entry.
rust_state()
{
	jq -cn --arg at "$log_url" --argjson a "$1" --argjson b "$2" --argjson c "$3" \
	    'def log: {current_index: ., tree_size: (. + 9), last_success: 1764000000};
	    {version: 1, logs: {($at + "alder"): ($a | log), ($at + "birch"): ($b | log), ($at + "cedar"): ($c | log)}}' \
	    >certstream_state.json
}

@test "ct-fetch goes on where certstream-server-go has ended, in logs that grow, without loss" {
	start_log -n 700 -r 40
	go_index 499 500 612
	run -0 import ct_index.json
	[[ $output == *"state/mark: logs placed: 3"* ]]
	follow
	wait_until 20 has alder 499 740
	wait_until 20 has birch 500 740
	wait_until 20 has cedar 612 740
}

@test "with -s the last entries that certstream-server-go has sent do not come again" {
	start_log -n 700 -r 40
	go_index 499 511 612
	run -0 import -s ct_index.json
	follow
	wait_until 20 has alder 500 740
	wait_until 20 has birch 512 740
	wait_until 20 has cedar 613 740
}

@test "ct-fetch goes on exactly where certstream-server-rust has ended" {
	start_log -n 700 -r 40
	rust_state 500 512 700
	run -0 import certstream_state.json
	follow
	wait_until 20 has alder 500 740
	wait_until 20 has birch 512 740
	wait_until 20 has cedar 700 740
}

@test "what comes behind an imported place is proven, and further runs go on behind it" {
	start_log -n 20000 -S -l alder=rfc6962,birch=tiled,cedar=both
	# Beyond 16384 entries a log is not read from its first entry, so it must prove the place.
	rust_state 19000 19100 19999
	run -0 import certstream_state.json
	follow -o
	ends 60 "$spawned"
	has alder 19000 20000
	has birch 19100 20000
	has cedar 19999 20000
	[ "$(jq -c 'select(.message_type == "head" and .next == 20000) | [.tree_size, .verified]' fetch.out)" = \
	    $'[20000,true]\n[20000,true]\n[20000,true]' ]
	run -1 grep '"verified":false' fetch.out
	jq -e '.logs | length == 3 and all(.next == 20000 and .nodes and .head)' state/mark
	follow -o
	ends 60 "$spawned"
	[ -z "$(indexes alder)$(indexes birch)$(indexes cedar)" ]
}

@test "the whole pipeline goes on from an imported place" {
	start_log -n 700
	rust_state 600 600 600
	run -0 import certstream_state.json
	export CT_BUS=ipc://$PWD/bus
	spawn hub sh -c "ct-fetch -q -L '$log_dir/log_list.json' --list-key '$log_dir/list-key.pem' -E -d state |
	    ct-parse | tee events | ct-hub -w 0 -k state/mark"
	wait_until 20 jq -e '.logs | length == 3 and all(.next == 700)' state/mark
	[ "$(jq -s 'map(select(.data.cert_index)) | length' events)" = 300 ]
}

@test "a log at 0 in ct_index.json begins at its end, and comes whole with -w" {
	start_log -n 60
	go_index 50 0 0
	run -0 import ct_index.json
	[[ $output == *"Test log 'birch': is at 0"*"Test log 'cedar': is at 0"* ]]
	follow -o
	ends 20 "$spawned"
	has alder 50 60
	[ -z "$(indexes birch)$(indexes cedar)" ]
	rm -r state
	run -0 import -w ct_index.json
	follow -o
	ends 20 "$spawned"
	has birch 0 60
	has cedar 0 60
}

@test "a log that no list has, and one that is not in the file, are named" {
	start_log -n 60
	echo "{\"${log_url#http://}alder\":30,\"gone.example/2021\":5}" >ct_index.json
	run -0 import ct_index.json
	[[ $output == *"gone.example/2021: no list has this log; left out"* ]]
	[[ $output == *"Test log 'birch': not in the file; begins at its end"* ]]
	[ "$(jq -c '[.logs[] | [.name, .next]]' state/mark)" = '[["Test log '"'alder'"'",30]]' ]
}

@test "a log is found by any spelling of its URL" {
	start_log -n 60
	local host=${log_url#http://}
	for url in "https://${host}alder" "http://${host}alder/" "${host}alder//"; do
		echo "{\"$url\":30}" >ct_index.json
		rm -rf state
		run -0 import ct_index.json
		[ "$(jq '.logs[0].next' state/mark)" = 30 ]
	done
}

@test "two spellings of one log in a file are placed at the smaller index" {
	start_log -n 60
	local host=${log_url#http://}
	echo "{\"${host}alder\":40,\"https://${host}alder/\":30}" >ct_index.json
	run -0 import ct_index.json
	[ "$(jq -c '[.logs[].next]' state/mark)" = '[30]' ]
}

@test "a log of -u is placed too" {
	start_log -n 60 -l alder=rfc6962
	echo "{\"${log_url#http://}alder\":30}" >ct_index.json
	run -0 "$ROOT/scripts/import-index" ct_index.json state -u "${log_url}alder" -K "$log_dir/alder.pem"
	spawn fetch ct-fetch -q -u "${log_url}alder/" -K "$log_dir/alder.pem" -d state -o
	ends 20 "$spawned"
	has alder 30 60
}

@test "a file that is no index is refused, with what is wrong with it, and writes nothing" {
	start_log -n 1 -l alder=rfc6962
	local n=0 body want
	while IFS='	' read -r body want; do
		n=$((n + 1))
		echo "$body" >bad
		run -100 import bad
		[[ $output == "import-index: bad: "*"$want"* ]]
		[ ! -e state ]
	done <<-'end'
		[]	is neither ct_index.json nor certstream_state.json
		{}	names no log
		{	is not JSON
		{"a.example/x":"5"}	a.example/x is no index: "5"
		{"a.example/x":-1}	a.example/x cannot be an index: -1
		{"a.example/x":1.5}	a.example/x cannot be an index: 1.5
		{"version":2,"logs":{}}	version 2
		{"version":1,"logs":{"https://a.example":{}}}	https://a.example is no index: null
		{"a.example/x":5}	places none of the logs
		{} {}	holds 2 JSON texts
	end
	[ "$n" = 10 ]
	run -111 import nowhere
	[[ $output == *"nowhere: cannot be read"* ]]
	run -100 "$ROOT/scripts/import-index" bad
	[[ $output == *usage:* ]]
}

@test "a mark that is there already stays as it is" {
	start_log -n 60
	go_index 10 10 10
	mkdir state
	echo mine >state/mark
	run -111 import ct_index.json
	[[ $output == *"state/mark is there already"* ]]
	[ "$(cat state/mark)" = mine ]
	[ "$(ls state)" = mark ]
}

@test "an imported place beyond the end of its log is told, and waits for the log to reach it" {
	start_log -n 60 -r 20 -l alder=rfc6962,birch=tiled
	echo "{\"${log_url#http://}alder\":100000000,\"${log_url#http://}birch\":90}" >ct_index.json
	run -0 import ct_index.json
	follow
	wait_until 10 grep -q "warning: Test log 'alder': its place is entry 100000000, and its tree has" fetch.err
	wait_until 20 has birch 90 110
	[ -z "$(indexes alder)" ]
}
