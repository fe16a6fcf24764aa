# scripts/start: a server with one command, and nothing left of it.

bats_require_minimum_version 1.5.0
load setup
load terminal

setup()
{
	port=$(free_port)
	export TMPDIR=$BATS_TEST_TMPDIR/tmp
	mkdir "$TMPDIR"
}

start()
{
	spawn start "$ROOT/scripts/start" "$@"
}

told_or_ended()
{
	grep -q Ctrl-C "$BATS_TEST_TMPDIR/start.out" || ended "$spawned"
}

teardown()
{
	[ ! -S "$BATS_TEST_TMPDIR/tmux" ] || tmux -S "$BATS_TEST_TMPDIR/tmux" kill-server
	stop_spawned
}

# Up: it has told its addresses.
start_demo()
{
	start --demo -p "$port" "$@"
	wait_until 120 told_or_ended
	grep -q Ctrl-C "$BATS_TEST_TMPDIR/start.out" || {
		cat "$BATS_TEST_TMPDIR/start.out" "$BATS_TEST_TMPDIR/start.err"
		false
	}
}

nothing_is_left()
{
	wait_until 2 groups_ended "$BATS_TEST_TMPDIR/spawned"
	[ -z "$(ls -A "$TMPDIR")" ]
	! listens "$port"
}

@test "the demo streams certificates at every address it tells" {
	skip_without curl jq
	start_demo
	grep -q "http://localhost:$port/" "$BATS_TEST_TMPDIR/start.out"
	for path in '' full-stream/ domains-only/; do
		curl -s "http://localhost:$port/${path}example.json" | jq -e .message_type
		[ "$(curl -s "http://localhost:$port/${path}latest.json" | jq '.messages | length')" = 25 ]
		"$ROOT/bench/wsload" -o -c 3 -t 20 127.0.0.1 "$port" "/$path" | head -n 3 |
		    jq -e .message_type
	done
	[ "$(grep -c '^\. ' "$BATS_TEST_TMPDIR/start.out")" = 1 ]
	eval "$(grep '^\. ' "$BATS_TEST_TMPDIR/start.out")"
	[ "$(ct-latest -f -s domains | head -n 3 | jq -r .message_type | sort -u)" = dns_entries ]
	ct-fetch --list | grep -q alder
	kill -TERM "$spawned"
	ends 15 "$spawned"
	nothing_is_left
}

@test "the demo's page shows certificates in a browser" {
	skip_without_browser
	start_demo
	"$browser" --headless --no-sandbox --disable-gpu --user-data-dir="$BATS_TEST_TMPDIR/browser" \
	    --virtual-time-budget=8000 --dump-dom "http://localhost:$port/" >"$BATS_TEST_TMPDIR/dom" 2>/dev/null
	grep -q 'id="state"[^>]*>live<' "$BATS_TEST_TMPDIR/dom"
	[ "$(grep -o "<td title=\"Test log '[a-z]*2[0-9h]*'\"" "$BATS_TEST_TMPDIR/dom" | wc -l)" -ge 20 ]
	kill -TERM "$spawned"
	ends 15 "$spawned"
	nothing_is_left
}

@test "when a part dies, start says which, stops the others and fails" {
	start_demo
	for part in ct-hub ct-ws; do
		[ "$part" = ct-hub ] || start_demo
		kill_part "$spawned" "$part"
		ends 15 "$spawned" || :
		[ "$status" = 137 ]
		grep -q "^start: $part ended with 137" "$BATS_TEST_TMPDIR/start.err"
		nothing_is_left
	done
}

@test "without internet it fails within seconds, names the list and offers the demo" {
	export https_proxy=http://127.0.0.1:1
	make -C "$ROOT" -s all
	start -p "$port"
	ends 15 "$spawned" || :
	[ "$status" = 111 ]
	grep -q 'https://www.gstatic.com/ct/log_list/v3/log_list.json' "$BATS_TEST_TMPDIR/start.err"
	grep -q -- '--demo' "$BATS_TEST_TMPDIR/start.err"
	nothing_is_left
}

@test "on a port that is taken it fails and offers another" {
	export CT_BUS=ipc://$BATS_TEST_TMPDIR/bus
	spawn other ct-ws -p "$port"
	wait_until 10 listens "$port"
	unset CT_BUS
	start --demo -p "$port"
	ends 60 "$spawned" || :
	[ "$status" = 111 ]
	grep -q "port $port: Address already in use" "$BATS_TEST_TMPDIR/start.err"
	grep -q '^start: -p chooses another port' "$BATS_TEST_TMPDIR/start.err"
	[ -z "$(ls -A "$TMPDIR")" ]
}

@test "on a port that it may not have it says so and nothing of another server" {
	forbidden_port || skip "every port is free to everybody here"
	start_forbidden
	ends 60 "$spawned" || :
	[ "$status" = 111 ]
	grep -q "port 80: Permission denied" "$BATS_TEST_TMPDIR/start.err"
	grep -q '^start: -p chooses another port' "$BATS_TEST_TMPDIR/start.err"
	! grep -q taken "$BATS_TEST_TMPDIR/start.err"
}

# Whether somebody without privileges may not have port 80.
forbidden_port()
{
	[ "$(cat /proc/sys/net/ipv4/ip_unprivileged_port_start)" -gt 80 ] &&
	    { [ "$(id -u)" != 0 ] || command -v setpriv >/dev/null; }
}

start_forbidden()
{
	if [ "$(id -u)" = 0 ]; then
		make -C "$ROOT" -s all
		spawn start setpriv --bounding-set=-net_bind_service --inh-caps=-net_bind_service \
		    "$ROOT/scripts/start" -p 80
	else
		start -p 80
	fi
}

# A terminal in which it was started shows where it is to be found, and the lines of ct-fetch.
shows_all()
{
	screen_has 'Ctrl-C stops it' '^LOG .* STATE$' ' logs live$'
}

@test "on a terminal what it tells is whole, above the lines in which ct-fetch shows how it gets on" {
	skip_without tmux
	echo "\"$ROOT/scripts/start\" --demo -p $port; echo ended; sleep 60" >"$BATS_TEST_TMPDIR/run"
	cd "$BATS_TEST_TMPDIR"
	show 100 50 run
	wait_until 120 shows_all
	grep -qx "  browser    http://localhost:$port/" shown
	[ "$(grep -c ' logs live' shown)" = 1 ]
	tmux -S "$BATS_TEST_TMPDIR/tmux" send-keys C-c
	wait_until 20 screen_has '^ended$'
	run -1 grep -E ' logs live|STATE|\^C' shown
	[ -z "$(ls -A "$TMPDIR")" ]
	! listens "$port"
}

@test "with port 0 it tells the port that it got" {
	port=0
	start_demo
	port=$(sed -n 's,.*browser *http://localhost:\([0-9]*\)/.*,\1,p' "$BATS_TEST_TMPDIR/start.out")
	[ "$port" -gt 0 ]
	listens "$port"
	! grep -q 'localhost:0' "$BATS_TEST_TMPDIR/start.out"
}

@test "a contact that ct-fetch refuses is not taken for a missing internet" {
	make -C "$ROOT" -s all
	start -p "$port" -c you@example.com
	ends 15 "$spawned" || :
	[ "$status" = 100 ]
	grep -q 'a contact at example.com reaches nobody' "$BATS_TEST_TMPDIR/start.err"
	run grep 'no internet' "$BATS_TEST_TMPDIR/start.err"
	[ "$status" = 1 ]
	nothing_is_left
}

@test "called wrongly it ends with 100 before it does anything" {
	for options in --no-such-option '-p http' '-p 99999' '-p 4294967376' -p '-s small'; do
		run "$ROOT/scripts/start" $options
		[ "$status" = 100 ]
		[[ $output == *--help* ]]
	done
}

@test "its help is on stdout" {
	run "$ROOT/scripts/start" --help
	[ "$status" = 0 ]
	[[ $output == *"--demo"*"-p PORT"* ]]
}
