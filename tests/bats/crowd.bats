# Many clients at once: how they end with the server, and what hostile ones can do to others.

bats_require_minimum_version 1.5.0
load setup
load serve

setup()
{
	skip_without curl jq python3
	[ "$(ulimit -Hn)" = unlimited ] || [ "$(ulimit -Hn)" -ge 4096 ] || skip "only $(ulimit -Hn) open files here"
}

# crowd NAME {N KIND PATH}...: spawns tests/interop/crowd.py, and waits until all are open.
crowd()
{
	spawn "$1" python3 "$ROOT/tests/interop/crowd.py" "$port" "${@:2}"
	wait_until 30 grep -q '^open' "$BATS_TEST_TMPDIR/$1.out"
}

# latest_past N: succeeds when the newest event has at least this number.
latest_past()
{
	[ "$(latest)" -ge "$1" ]
}

# ended_as NAME LINE...: exactly these are the ends of the clients.
ended_as()
{
	diff <(grep -v '^open' "$BATS_TEST_TMPDIR/$1.out") <(printf '%s\n' "${@:2}")
}

@test "TERM with 1000 clients of all wires: all get 1001 or the end of their stream, and it ends within 2 seconds" {
	start_ws
	crowd many 200 websocket / 150 websocket /full-stream 150 websocket /domains-only \
	    100 websocket '/?domain=t3.test' 150 stream /sse 100 stream '/stream.ndjson?domain=t3.test' \
	    100 gzip /sse 50 gzip '/stream.ndjson?stream=full'
	local all=$spawned from
	send 1 50
	wait_until 10 latest_is 50
	from=${EPOCHREALTIME/./}
	kill -TERM "$ws"
	ends 5 "$ws"
	[ $((${EPOCHREALTIME/./} - from)) -lt 2000000 ]
	ends 20 "$all"
	ended_as many '150 gzip end' '250 stream end' '600 websocket close 1001'
}

@test "TERM in the midst of a stream: all clients that keep up have had the same events before they are closed" {
	start_ws
	crowd even 500 counted /
	local all=$spawned
	spawn_sh events "python3 '$ROOT/bench/events.py' 1000 200 0 >'$feed'"
	wait_until 10 latest_past 300
	kill -TERM "$ws"
	ends 5 "$ws"
	ends 20 "$all"
	[[ $(grep -v '^open' "$BATS_TEST_TMPDIR/even.out") =~ ^'500 counted close 1001 after '[0-9]+$ ]]
}

@test "TERM with clients that do not read ends within 2 seconds, and those that read get all" {
	start_ws
	pad=$(head -c 3000 /dev/urandom | base64 -w 0)
	crowd stalled 100 stalled /full-stream
	crowd good 100 websocket / 100 stream /sse
	local good=$spawned from
	send 1 2000
	wait_until 20 latest_is 2000
	wait_until 10 metric 'ct_ws_blocked_clients{stream="full"} 100'
	from=${EPOCHREALTIME/./}
	kill -TERM "$ws"
	ends 5 "$ws"
	[ $((${EPOCHREALTIME/./} - from)) -lt 2500000 ]
	ends 20 "$good"
	ended_as good '100 stream end' '100 websocket close 1001'
}

@test "clients stay when the hub is lost and when another one comes, and health/deep tells of it" {
	start_ws
	spawn lines curl -sSN "$url/stream.ndjson"
	spawn events curl -sSN --compressed "$url/sse"
	spawn texts python3 "$ROOT/tests/interop/texts.py" "$port" / 100000
	wait_until 5 readers lite ndjson 1
	wait_until 5 readers lite sse 1
	wait_until 5 readers lite websocket 1
	send 1 5
	wait_until 5 latest_is 5
	wait_until 5 deep_is 200 connected
	kill -KILL "$hub"
	wait_until 10 deep_is 503 away
	[ "$(curl -s "$url/health")" = OK ]
	start_hub
	wait_until 10 deep_is 200 connected
	send 6 10
	wait_until 5 latest_is 10
	local name
	for name in lines events texts; do
		wait_until 5 has_lines "$name" 10
		[ "$(sed -n 's/.*"cert_index":\([0-9]*\),.*/\1/p' "$BATS_TEST_TMPDIR/$name.out" | tr '\n' ' ')" = "$(seq -s ' ' 10) " ]
	done
}

# deep_is CODE HUB: what /health/deep answers with and says of the hub.
deep_is()
{
	local deep

	deep=$(curl -s -w '\n%{http_code}' "$url/health/deep")
	[ "${deep##*$'\n'}" = "$1" ] && [ "$(jq -r .hub <<<"${deep%$'\n'*}")" = "$2" ]
}

# good_client: spawns a client that reads the lite stream, which good_has N says has had all N events in order.
good_client()
{
	spawn good curl -sSN "$url/stream.ndjson"
	wait_until 5 readers lite ndjson 1
}

good_has()
{
	wait_until 20 has_lines good "$1"
	[ "$(jq -r 'select(.data) | .data.cert_index' "$BATS_TEST_TMPDIR/good.out")" = "$(seq "$1")" ]
}

@test "beginnings of requests that never end are dropped and counted, and others are served" {
	start_ws
	good_client
	crowd bad 500 head /health
	send 1 200
	good_has 200
	[ "$(curl -s "$url/health")" = OK ]
	wait_until 20 metric 'ct_ws_timeouts_total 500'
}

@test "garbage is refused, and others are served" {
	start_ws
	good_client
	crowd bad 300 garbage /
	ends 20 "$spawned"
	send 1 200
	good_has 200
	! grep -q open$ "$BATS_TEST_TMPDIR/bad.out"
}

@test "clients that never read lose their place and not that of others, and are counted" {
	start_ws -r 1m
	pad=$(head -c 3000 /dev/urandom | base64 -w 0)
	good_client
	crowd bad 300 stalled /full-stream
	send 1 3000
	good_has 3000
	metric 'ct_ws_skipped_total{stream="lite"} 0'
	metric 'ct_ws_blocked_clients{stream="full"} 300'
}

@test "clients that have ended their side alone are gone, or are sent what comes" {
	start_ws
	good_client
	crowd bad 200 half /
	send 1 100
	good_has 100
	wait_until 10 readers lite websocket 0
}

@test "1000 clients that all come back at once with their place are served, each all that it missed" {
	start_ws
	good_client
	send 1 300
	wait_until 5 latest_is 300
	local id
	id=$(curl -sN -m 1 "$url/sse?since=1-1" | sed -n 's/^id: //p' | sed -n 250p)
	python3 - "$port" "$id" >"$BATS_TEST_TMPDIR/back.out" <<-'EOT'
		import socket, sys
		all = [socket.create_connection(("127.0.0.1", int(sys.argv[1]))) for _ in range(1000)]
		for s in all:
		    s.settimeout(30)
		    s.sendall(f"GET /sse HTTP/1.1\r\nHost: a\r\nLast-Event-ID: {sys.argv[2]}\r\n\r\n".encode())
		for s in all:
		    lines = s.makefile("r")
		    got = []
		    while len(got) < 50:
		        line = lines.readline()
		        if line.startswith("id: "):
		            got.append(int(line.split("-")[1]))
		    print(got == list(range(251, 301)))
	EOT
	[ "$(sort "$BATS_TEST_TMPDIR/back.out" | uniq -c | tr -s ' ')" = ' 1000 True' ]
	send 301 400
	good_has 400
}
