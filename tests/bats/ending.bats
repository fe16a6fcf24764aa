# TERM twice: each tool ends at once at the second one, in whatever state it is.

load setup

# event FROM TO: that many events of 2 KB.
event()
{
	seq "$1" "$2" | awk -v pad="$(head -c 2000 /dev/zero | tr '\0' x)" '{ printf "{\"data\":{\"cert_index\":%d,\"leaf_cert\":{\"all_domains\":[\"n%d.example\"],\"as_der\":\"%s\"},\"seen\":1.5,\"update_type\":\"X509LogEntry\"},\"message_type\":\"certificate_update\"}\n", $1, $1, pad }'
}

# ends_at_the_second_term PID: the first TERM must leave it running for 0.3 s, so
# that it is known to be held; the second must end it with 0 within half a second.
ends_at_the_second_term()
{
	kill -TERM "$1"
	sleep 0.3
	kill -0 "$1"
	local until=$((${EPOCHREALTIME/./} + 500000))
	kill -TERM "$1"
	until ended "$1"; do
		[ "${EPOCHREALTIME/./}" -lt "$until" ] || {
			echo "still runs after the second TERM" >&2
			return 1
		}
		sleep 0.02
	done
	status=0
	wait "$1" || status=$?
	return "$status"
}

# full NAME COMMAND...: spawns it with a pipe for stdout that nobody reads, and waits until it is full.
full()
{
	mkfifo "$BATS_TEST_TMPDIR/$1"
	spawn_sh "$1.sh" "exec 7<>'$BATS_TEST_TMPDIR/$1'; exec ${*:2} >&7"
	wait_until 20 waits_to_write "$spawned"
}

# Spawns a ct-parse whose stdout, the pipe "parse", is full.
full_parse()
{
	event 1 3000 >"$BATS_TEST_TMPDIR/events"
	full parse ct-parse "<'$BATS_TEST_TMPDIR/events'"
}

# Spawns a ct-latest -f whose stdout, the pipe "latest", is full, and its hub.
full_latest()
{
	start_hub -w 0
	mkfifo "$BATS_TEST_TMPDIR/latest"
	spawn_sh latest "exec 7<>'$BATS_TEST_TMPDIR/latest'; exec ct-latest -v -f -n 0 >&7"
	wait_until 10 grep -q 'follows the bus' "$BATS_TEST_TMPDIR/latest.err"
	event 1 1000 >"$BATS_TEST_TMPDIR/feed"
	wait_until 20 waits_to_write "$spawned"
}

# waits_to_write PID: it has written and sleeps now.
waits_to_write()
{
	local written

	written=$(sed -n 's/^wchar: //p' "/proc/$1/io")
	[ "$written" -gt 60000 ] && sleep 0.3 &&
	    [ "$written" = "$(sed -n 's/^wchar: //p' "/proc/$1/io")" ]
}

# start_hub OPTION...: spawns a hub on a bus of the test, which reads the pipe
# "feed", and waits until it answers. Sets hub to its process id.
start_hub()
{
	export CT_BUS=ipc://$BATS_TEST_TMPDIR/bus
	mkfifo "$BATS_TEST_TMPDIR/feed"
	spawn_sh hub "exec ct-hub $* <>'$BATS_TEST_TMPDIR/feed'"
	hub=$spawned
	wait_until 10 test -S "$BATS_TEST_TMPDIR/bus.ask"
}

# writes_its_last_line_whole PID PIPE: a process that waits to write to the pipe gets
# TERM twice in a row, then a reader, and ends behind a whole line.
writes_its_last_line_whole()
{
	kill -TERM "$1"
	sleep 0.02
	kill -TERM "$1"
	timeout 1.5 cat "$2" >"$BATS_TEST_TMPDIR/out" || :
	[ "$(wc -l <"$BATS_TEST_TMPDIR/out")" -gt 100 ]
	[ "$(tail -c 1 "$BATS_TEST_TMPDIR/out" | od -An -c)" = '  \n' ]
	ended "$1"
}

@test "ct-parse whose stdout is full ends at the second TERM" {
	full_parse
	ends_at_the_second_term "$spawned"
}

@test "ct-latest -f whose stdout is full ends at the second TERM" {
	full_latest
	ends_at_the_second_term "$spawned"
}

@test "ct-fetch whose stdout is full ends at the second TERM" {
	start_log -n 3000
	full fetch ct-fetch -q -s 0 -u "${log_url}alder/" -K "$log_dir/alder.pem"
	ends_at_the_second_term "$spawned"
}

@test "ct-hub whose stderr is full ends at the second TERM" {
	export CT_BUS=ipc://$BATS_TEST_TMPDIR/bus
	mkfifo "$BATS_TEST_TMPDIR/full" "$BATS_TEST_TMPDIR/feed"
	exec {full}<>"$BATS_TEST_TMPDIR/full"
	timeout 1 dd if=/dev/zero bs=4096 >&"$full" 2>/dev/null || :
	spawn_sh hub "exec ct-hub -vv 2>'$BATS_TEST_TMPDIR/full' <>'$BATS_TEST_TMPDIR/feed'"
	wait_until 10 test -S "$BATS_TEST_TMPDIR/bus.ask"
	sleep 0.3
	ends_at_the_second_term "$spawned"
}

# A client of the full stream takes no more.
a_client_is_blocked()
{
	curl -s "http://127.0.0.1:$port/metrics" | grep -q 'ct_ws_blocked_clients{stream="full"} 1'
}

@test "ct-ws with a client that does not read ends at the second TERM" {
	start_hub
	port=$(free_port)
	spawn ws ct-ws -p "$port"
	local ws=$spawned
	wait_until 10 listens "$port"
	spawn client "$ROOT/bench/wsload" -z 60 -b 4096 127.0.0.1 "$port" /full-stream
	sleep 0.5
	event 1 3000 >"$BATS_TEST_TMPDIR/feed"
	wait_until 10 a_client_is_blocked
	ends_at_the_second_term "$ws"
}

@test "ct-parse that gets TERM twice in a row, as from timeout, writes its last line whole" {
	full_parse
	writes_its_last_line_whole "$spawned" "$BATS_TEST_TMPDIR/parse"
}

@test "timeout, which sends TERM twice in a row, leaves ct-ws the time to close its clients" {
	start_hub
	port=$(free_port)
	spawn ws timeout 3 ct-ws -p "$port"
	wait_until 10 listens "$port"
	spawn many "$ROOT/bench/wsload" -n 50 -t 30 127.0.0.1 "$port" /domains-only
	wait_until 10 grep -q 'closed by the server' "$BATS_TEST_TMPDIR/many.err"
}

@test "ct-latest -f that gets TERM twice in a row writes its last line whole" {
	full_latest
	writes_its_last_line_whole "$spawned" "$BATS_TEST_TMPDIR/latest"
}

@test "ct-hub that gets TERM twice in a row waits for the rest of a line" {
	start_hub -w 0
	spawn latest ct-latest -v -f -n 0
	wait_until 10 grep -q 'follows the bus' "$BATS_TEST_TMPDIR/latest.err"
	event 1 2 >"$BATS_TEST_TMPDIR/two"
	head -c 3000 "$BATS_TEST_TMPDIR/two" >"$BATS_TEST_TMPDIR/feed"
	wait_until 5 grep -q '"cert_index":1,' "$BATS_TEST_TMPDIR/latest.out"
	kill -TERM "$hub"
	sleep 0.03
	kill -TERM "$hub"
	tail -c +3001 "$BATS_TEST_TMPDIR/two" >"$BATS_TEST_TMPDIR/feed"
	ends 5 "$hub"
	wait_until 5 grep -q '"cert_index":2,' "$BATS_TEST_TMPDIR/latest.out"
	cmp "$BATS_TEST_TMPDIR/two" "$BATS_TEST_TMPDIR/latest.out"
}

@test "a tool that was started with TERM blocked can be stopped all the same" {
	skip_without python3
	export CT_BUS=ipc://$BATS_TEST_TMPDIR/bus
	spawn blocked python3 -c 'import os, signal
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM, signal.SIGINT])
os.execvp("ct-latest", ["ct-latest", "-f"])'
	wait_until 10 grep -q 'waiting for it' "$BATS_TEST_TMPDIR/blocked.err"
	kill -TERM "$spawned"
	ends 5 "$spawned"
}
