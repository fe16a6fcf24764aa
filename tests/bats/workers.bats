# ct-ws --workers: processes that share a port, and what they tell together.

load setup
load serve

# start_workers N OPTION...: starts a hub and N workers at $url, each of which follows the bus.
start_workers()
{
	local n=$1

	shift
	start_ws -v -w "$n" "$@"
	wait_until 10 follow_the_bus "$n"
}

# start_token_workers N: starts a hub and N workers, as start_workers does, who let only those in who have
# one of the tokens in the file tokens.
start_token_workers()
{
	start_ws -v
	kill -TERM "$ws"
	wait_until 5 ended "$ws"
	spawn ws ct-ws -v -p "$port" -w "$1" --token-file "$BATS_TEST_TMPDIR/tokens"
	ws=$spawned
	wait_until 10 follow_the_bus "$1"
}

# follow_the_bus N: succeeds when workers have begun to follow the bus N times.
follow_the_bus()
{
	[ "$(grep -c 'follows the bus' "$BATS_TEST_TMPDIR/ws.err")" -ge "$1" ]
}

# serves N: succeeds when worker N has had a client; asks something until it has.
serves()
{
	curl -s "$url/health" >/dev/null
	grep -qF "ct-ws[$1]: client" "$BATS_TEST_TMPDIR/ws.err"
}

# workers: prints the process ids of the workers.
workers()
{
	pgrep -P "$ws"
}

# are_workers N: succeeds when there are so many.
are_workers()
{
	[ "$(workers | wc -l)" = "$1" ]
}

# opened WORKER: succeeds when that worker has the stream that was opened last.
opened()
{
	grep -F 'reads the stream' "$BATS_TEST_TMPDIR/ws.err" | tail -1 | grep -qF "ct-ws[$1]:"
}

# read_from WORKER NAME: spawns a reader of NDJSON whose connection that worker has. Sets spawned.
read_from()
{
	local tries before

	for tries in {1..40}; do
		before=$(grep -cF 'reads the stream' "$BATS_TEST_TMPDIR/ws.err" || :)
		spawn "$2" curl -sN "$url/stream.ndjson"
		wait_until 5 streams_opened $((before + 1))
		! opened "$1" || return 0
		kill "$spawned"
		wait_until 5 ended "$spawned"
	done
	echo "worker $1 got no connection" >&2
	return 1
}

streams_opened()
{
	[ "$(grep -cF 'reads the stream' "$BATS_TEST_TMPDIR/ws.err")" -ge "$1" ]
}

# pid_of WORKER: prints its process id, as long as none has been started again: they are forked in order.
pid_of()
{
	workers | sort -n | sed -n "$(($1 + 1))p"
}

@test "all workers serve one port and read the bus" {
	start_workers 2
	wait_until 10 serves 0
	wait_until 10 serves 1
	read_from 0 first
	read_from 1 second
	send 1 3
	wait_until 5 has_lines first 3
	wait_until 5 has_lines second 3
	cmp "$BATS_TEST_TMPDIR/first.out" "$BATS_TEST_TMPDIR/second.out"
}

@test "whichever worker is asked tells the numbers of all, and certificates once" {
	start_workers 2
	read_from 0 first
	read_from 1 second
	send 1 4
	wait_until 5 has_lines first 4
	wait_until 5 has_lines second 4
	wait_until 5 readers lite ndjson 2
	for _ in {1..8}; do
		metric 'ct_ws_clients{stream="lite",wire="ndjson"} 2'
		metric 'ct_ws_events_total 4'
		metric 'certstreamservergo_certificates_total{type="regular"} 2'
		metric 'certstreamservergo_certs_by_log_total{url="log.example",operator=""} 4'
		metric 'ct_ws_workers 2'
		metric 'ct_ws_worker_deaths_total 0'
	done
}

@test "a worker that is killed is told, counted and started again, and the others go on" {
	start_workers 2
	read_from 0 first
	first=$spawned
	read_from 1 second
	second=$spawned
	kill -KILL "$(pid_of 0)"
	wait_until 5 ended "$first"
	wait_until 5 grep -q 'worker 0 was ended by signal 9' "$BATS_TEST_TMPDIR/ws.err"
	wait_until 10 follow_the_bus 3
	read_from 0 third
	send 1 2
	wait_until 5 has_lines second 2
	wait_until 5 has_lines third 2
	kill -0 "$second"
	wait_until 5 metric 'ct_ws_worker_deaths_total 1'
	are_workers 2
}

@test "what a killed worker has counted is not lost" {
	start_workers 2
	read_from 0 first
	opened=$(grep -cF 'reads the stream' "$BATS_TEST_TMPDIR/ws.err")
	wait_until 5 metric "ct_ws_opened_total{stream=\"lite\"} $opened"
	requests=$(value ct_ws_http_requests_total)
	kill -KILL "$(pid_of 0)"
	wait_until 10 follow_the_bus 3
	[ "$(value ct_ws_http_requests_total)" -gt "$requests" ]
	metric "ct_ws_opened_total{stream=\"lite\"} $opened"
	wait_until 5 metric 'ct_ws_clients{stream="lite",wire="ndjson"} 0'
}

@test "TERM closes the clients of all workers with 1001 and ends with 0" {
	skip_without python3
	start_workers 2
	for i in {1..8}; do
		spawn "py$i" python3 "$ROOT/tests/interop/frames.py" "$port" /
	done
	wait_until 5 readers lite websocket 8
	kill -TERM "$ws"
	ends 3 "$ws"
	for i in {1..8}; do
		wait_until 3 grep -q '^close 1001 the server stops' "$BATS_TEST_TMPDIR/py$i.out"
	done
	! listens "$port"
}

# reread N: succeeds when the token file has been read anew by N workers.
reread()
{
	[ "$(grep -c 'is read anew' "$BATS_TEST_TMPDIR/ws.err")" -ge "$1" ]
}

only_new_comes_in()
{
	for _ in {1..8}; do
		[ "$(status_of "$url/stats?token=new")" = 200 ]
		[ "$(status_of "$url/stats?token=old")" = 401 ]
	done
}

# is_gone PID: succeeds when the process has ended, which nobody may have asked for yet.
is_gone()
{
	ended "$1" || grep -q '^State:.Z' "/proc/$1/status"
}

# hold: begins a WebSocket that never answers a close frame.
hold()
{
	exec {held}<>"/dev/tcp/127.0.0.1/$port"
	printf 'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n%s\r\n%s\r\n\r\n' \
	    'Sec-WebSocket-Version: 13' 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==' >&"$held"
	wait_until 5 readers lite websocket 1
}

@test "a second TERM ends all at once" {
	start_workers 2
	hold
	all=$(workers)
	kill -TERM "$ws"
	sleep 0.3
	kill -0 "$ws"
	kill -TERM "$ws"
	until=$((${EPOCHREALTIME/./} + 500000))
	ends 1 "$ws"
	for pid in $all; do
		wait_until 2 is_gone "$pid"
	done
	[ "${EPOCHREALTIME/./}" -lt "$until" ]
}

@test "workers whose parent was killed close their clients and end" {
	start_workers 2
	spawn py python3 "$ROOT/tests/interop/frames.py" "$port" /
	wait_until 5 readers lite websocket 1
	all=$(workers)
	kill -KILL "$ws"
	wait_until 3 grep -q '^close 1001' "$BATS_TEST_TMPDIR/py.out"
	for pid in $all; do
		wait_until 3 is_gone "$pid"
	done
}

@test "HUP reloads in all workers, and a worker that comes later knows it too" {
	export CT_BUS=ipc://$BATS_TEST_TMPDIR/bus
	port=$(free_port)
	url=http://127.0.0.1:$port
	echo old >"$BATS_TEST_TMPDIR/tokens"
	start_hub
	spawn ws ct-ws -v -w 2 -p "$port" --token-file "$BATS_TEST_TMPDIR/tokens"
	ws=$spawned
	wait_until 10 follow_the_bus 2
	echo new >"$BATS_TEST_TMPDIR/tokens"
	kill -HUP "$ws"
	wait_until 5 reread 2
	only_new_comes_in
	kill -KILL "$(pid_of 0)"
	wait_until 10 follow_the_bus 3
	only_new_comes_in
}

# tries NAME COUNT 'RESULT' [QUERY]: opens COUNT streams that stay, and succeeds when RESULT became of them.
tries()
{
	spawn "$1" python3 "$ROOT/tests/bats/streams.py" "$port" "$2" "${4-}"
	wait_until 10 grep -q . "$BATS_TEST_TMPDIR/$1.out"
	[[ $(cat "$BATS_TEST_TMPDIR/$1.out") == "$3"* ]]
}

@test "--per-address counts the connections of all workers, and those of a killed one no more" {
	start_ws -v -w 2
	kill -TERM "$ws"
	wait_until 5 ended "$ws"
	spawn ws ct-ws -v -p "$port" -w 2 --per-address 6
	ws=$spawned
	wait_until 10 follow_the_bus 2
	tries first 12 '200 6 429 6 Too many connections from your address.'
	kill -KILL "$(pid_of 0)"
	wait_until 10 follow_the_bus 3
	tries second 12 '200'
	# What the killed worker had is free again, and nothing else.
	lost=$(awk '{ print $2 }' "$BATS_TEST_TMPDIR/second.out")
	kept=$(ss -Htn state established "( sport = :$port )" | wc -l)
	[ "$kept" = 6 ] && [ "$lost" -lt 6 ]
}

@test "the limit of a token counts the streams of all workers" {
	printf 'aaaa max-clients=3\nbbbb\n' >"$BATS_TEST_TMPDIR/tokens"
	start_token_workers 3
	tries first 9 '200 3 429 6 This token has too many streams open.' token=aaaa
	tries others 9 '200 9' token=bbbb
	kill "$spawned"
	wait_until 5 ended "$spawned"
	tries again 2 '429 2' token=aaaa
}

# fills N [QUERY]: tries to open eight more streams, and succeeds when N connections are open then.
fills()
{
	fillings=$((${fillings:-0} + 1))
	tries "fill$fillings" 8 '' "${2-}"
	[ "$(ss -Htn state established "( sport = :$port )" | wc -l)" = "$1" ]
}

@test "what a killed worker had of --max-clients is free again, and nothing else" {
	start_workers 2 -m 4
	tries first 8 '200 4 503 4 Too many clients; come again.'
	kill -KILL "$(pid_of 0)"
	wait_until 10 follow_the_bus 3
	wait_until 20 fills 4
	tries last 8 '503 8 Too many clients; come again.'
}

@test "what a killed worker had of the limit of a token is free again, and nothing else" {
	printf 'aaaa max-clients=4\n' >"$BATS_TEST_TMPDIR/tokens"
	start_token_workers 2
	tries first 8 '200 4 429 4 This token has too many streams open.' token=aaaa
	kill -KILL "$(pid_of 0)"
	wait_until 10 follow_the_bus 3
	wait_until 20 fills 4 token=aaaa
	tries last 8 '429 8 This token has too many streams open.' token=aaaa
}

# restarted PID...: succeeds when there are two workers, and none of these is among them.
restarted()
{
	are_workers 2 && ! workers | grep -qxF "$(printf '%s\n' "$@")"
}

# kill_young: kills both workers, and prints how many ms it took until both were there again.
kill_young()
{
	local pids began

	mapfile -t pids < <(workers)
	began=$(date +%s%3N)
	kill -KILL "${pids[@]}"
	wait_until 10 restarted "${pids[@]}" || return
	echo $(($(date +%s%3N) - began))
}

@test "a worker that does not live long is started again later each time" {
	start_workers 2
	kill_young >/dev/null
	# 250 ms, 500 ms and 1 s, whatever the machine adds.
	for least in 240 490 990; do
		[ "$(kill_young)" -ge "$least" ]
	done
	wait_until 10 curl -sf "$url/health"
}

@test "that the limit on open files allows fewer clients is told once" {
	start_ws
	( ulimit -n 200; exec "$ROOT/ct-ws/ct-ws" -p 0 -w 3 -m 5000 ) 2>"$BATS_TEST_TMPDIR/told" &
	spawned=$!
	wait_until 10 grep -q 'listening on port' "$BATS_TEST_TMPDIR/told"
	kill -TERM "$spawned"
	wait_until 5 ended "$spawned"
	[ "$(grep -c 'open files allows no 5000 clients' "$BATS_TEST_TMPDIR/told")" = 1 ]
}

@test "--max-clients counts the connections of all workers" {
	start_workers 2 -m 4
	for i in {1..4}; do
		spawn "c$i" curl -sN "$url/stream.ndjson"
	done
	wait_until 5 streams_opened 4
	for _ in {1..6}; do
		[ "$(status_of "$url/latest.json")" = 503 ]
	done
}

@test "workers share a Unix socket, which goes with the last of them" {
	start_workers 2 -a 127.0.0.1 -a "unix:$BATS_TEST_TMPDIR/sock"
	for _ in {1..10}; do
		[ "$(status_of --unix-socket "$BATS_TEST_TMPDIR/sock" http://any/health)" = 200 ]
	done
	kill -KILL "$(pid_of 1)"
	wait_until 10 follow_the_bus 3
	[ "$(status_of --unix-socket "$BATS_TEST_TMPDIR/sock" http://any/health)" = 200 ]
	kill -TERM "$ws"
	ends 3 "$ws"
	[ ! -e "$BATS_TEST_TMPDIR/sock" ]
}

@test "workers that cannot begin end the parent with their exit code" {
	run ct-ws -w 3 -p "$(free_port)" -b nothing://here
	[ "$status" = 111 ]
	[[ $output == *'an address begins with'* ]]
}

@test "a port that workers serve is taken" {
	start_workers 2
	run ct-ws -w 2 -p "$port"
	[ "$status" = 111 ]
	[[ $output == *'Address already in use'* ]]
	run ct-ws -p "$port"
	[ "$status" = 111 ]
	[[ $output == *'Address already in use'* ]]
}

@test "the service manager is told by the parent, when all workers serve" {
	skip_without python3
	export CT_BUS=ipc://$BATS_TEST_TMPDIR/bus
	export NOTIFY_SOCKET=$BATS_TEST_TMPDIR/notify
	spawn notify python3 -c 'import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print("bound", flush=True)
while True:
    print(s.recv(100).decode(), flush=True)' "$NOTIFY_SOCKET"
	wait_until 5 grep -q bound "$BATS_TEST_TMPDIR/notify.out"
	port=$(free_port)
	spawn ws ct-ws -w 3 -p "$port"
	ws=$spawned
	wait_until 5 grep -q 'READY=1' "$BATS_TEST_TMPDIR/notify.out"
	[ "$(status_of "http://127.0.0.1:$port/health")" = 200 ]
	kill -TERM "$ws"
	ends 3 "$ws"
	wait_until 3 grep -q STOPPING=1 "$BATS_TEST_TMPDIR/notify.out"
	[ "$(cat "$BATS_TEST_TMPDIR/notify.out")" = $'bound\nREADY=1\nSTOPPING=1' ]
}

@test "under a service manager, a worker that hangs is killed and starts again" {
	export WATCHDOG_USEC=5000000
	start_workers 2
	hung=$(workers | head -n 1)
	kill -STOP "$hung"
	wait_until 20 grep -q 'has not moved for 5000 ms, and is killed' "$BATS_TEST_TMPDIR/ws.err"
	wait_until 10 follow_the_bus 3
	run workers
	[ "${#lines[@]}" = 2 ]
	[[ $output != *"$hung"* ]]
	[ "$(grep -c 'has not moved' "$BATS_TEST_TMPDIR/ws.err")" = 1 ]
}
