# The commands under EXAMPLES in the manual pages, run as they stand there: only the log list, the address of the
# server, and folders of the machine are those of the test. Not run are those that need the internet, a terminal
# or a program that is not here; each test says which commands it runs.

bats_require_minimum_version 1.5.0
load setup
load serve

setup()
{
	skip_without jq curl
	cd "$BATS_TEST_TMPDIR" || return
	unset CT_CONTACT
}

# examples PAGE: puts each command under EXAMPLES of the page into a file of its own, ex/1, ex/2 and so on.
examples()
{
	rm -rf ex
	mkdir ex
	awk '/^\.Sh/ { inside = /EXAMPLES/ } !inside { next }
	/^\.Bd/ { block = 1 } /^\.Ed/ { block = 0 }
	sub(/^\.Dl \$ /, "") { print >("ex/" ++n); next }
	block && sub(/^\$ /, "") { ++n } block && !/^\./ { print >("ex/" n) }' "$ROOT/man/$1"
	sed -i 's/\\(dq/"/g; s/\\e/\\/g; s/\\&//g' ex/*
}

# follow_test_logs: lets ct-fetch, by that name, follow a test log instead of the list of the world.
follow_test_logs()
{
	start_log -n 1000 -r 20 -l test2026h2=rfc6962
	mkdir -p bin
	printf '#!/bin/sh\nexec "%s" -L "%s" --list-key "%s" "$@"\n' "$ROOT/ct-fetch/ct-fetch" \
	    "$log_dir/log_list.json" "$log_dir/list-key.pem" >bin/ct-fetch
	chmod +x bin/ct-fetch
	PATH=$PWD/bin:$PATH
}

# example TEXT: prints the command that has TEXT in it, as it is in the page, with what setup knows better.
example()
{
	local file
	file=$(grep -lF -- "$1" ex/*) || { echo "no example has: $1" >&2; return 1; }
	[ "$(wc -l <<<"$file")" = 1 ] || { echo "several examples have: $1" >&2; return 1; }
	sed "s,localhost:8080,127.0.0.1:${port-8080},g" "$file"
}

# writes NAME TEXT: runs the example that has TEXT until it has written a line.
writes()
{
	local command
	command=$(example "$2")
	spawn_sh "$1" "$command"
	wait_until 30 test -s "$1.out" || { echo "$command"; cat "$1.err"; return 1; }
}

@test "ct-fetch(1): entries to a file, all new ones, and a log that is a folder" {
	follow_test_logs
	examples ct-fetch.1
	bash -c "$(example "'*2026h2*'")"
	[ "$(grep -c '"message_type":"entry"' saved.ndjson)" = 1000 ]
	bash -c "$(example 'select(.reason)')"
	writes new 'ct-fetch -d state | ct-parse'
	mkdir folder
	ct-log write -d folder -n 20 -l own
	ct-log key -l own >key.pem
	run --separate-stderr bash -c "$(example file:///srv/log/ | sed "s,/srv/log,$PWD/folder," |
	    sed "s,^ct-fetch,$ROOT/ct-fetch/ct-fetch,")"
	[ "$status" = 0 ]
	[ "$(grep -c '"message_type":"entry"' <<<"$output")" = 20 ]
}

@test "ct-parse(1): names, and the subjects of saved entries" {
	follow_test_logs
	examples ct-parse.1
	writes names "ct-parse -s domains | jq -r '.data[]?'"
	bash -c "$(example 'ct-fetch -l argon2026h2' | sed s/argon/test/)"
	bash -c "$(example .leaf_cert.subject)" >subjects
	[ "$(wc -l <subjects)" -gt 900 ]
}

@test "ct-hub(1), ct-latest(1), ct-entry(5): a feed, names from the bus, and places in a mark" {
	follow_test_logs
	export CT_BUS=ipc://$PWD/bus
	examples ct-hub.1
	mkdir state
	spawn_sh feed "$(example 'ct-hub -k state/mark')"
	examples ct-latest.1
	wait_until 20 ct-latest -n 1
	writes names "jq -r '.data[]'"
	examples ct-entry.5
	wait_until 20 test -s state/mark
	run bash -c "$(example /var/lib/ct/mark | sed s,/var/lib/ct,state,)"
	[[ $output =~ ^[0-9]+\ .*test2026h2 ]]
}

@test "ct-ws(1): what curl reads" {
	start_ws
	examples ct-ws.1
	spawn_sh events "while sleep 0.2; do $(declare -f event); event 1 3; done >'$feed'"
	wait_until 20 eval '[ "$(curl -s "$url/latest.json" | jq ".messages | length")" -gt 0 ]'
	writes domains 'stream.ndjson?stream=domains'
	bash -c "$(example certstream-seq)"
	[ -s at ]
	writes since '$(cat at)'
	run bash -c "$(example '.messages | length')"
	[ "$output" -gt 0 ]
	[ -n "$(bash -c "$(example /health/deep)")" ]
	spawn_sh workers "$(example 'ct-ws -w 4' | sed 's/$/ -p 0/')"
	wait_until 20 grep -q listening workers.err
}

@test "ct-bus(5): what nngcat reads" {
	skip_without nngcat
	export CT_BUS=ipc://$PWD/bus
	start_hub
	wait_until 10 ct-latest -n 0
	send 1 5
	wait_until 10 eval '[ "$(ct-latest | wc -l)" = 5 ]'
	examples ct-bus.5
	for text in '--data latest' "'since 0 0'"; do
		run timeout 20 bash -c "$(example "$text" | sed "s,/run/ct,$PWD,")"
		[[ $output == *n5.example* ]]
	done
}
