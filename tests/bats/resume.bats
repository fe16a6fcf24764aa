# A client that comes back gets what it missed, once and in order, or is told that it is gone.

bats_require_minimum_version 1.5.0
load setup
load serve

setup()
{
	skip_without curl jq python3
}

# epoch: prints the EPOCH of the hub that ct-ws hears, which must have sent an event.
epoch()
{
	curl -sN -m 1 "$url/sse?since=1-1" | sed -n 's/^id: \([0-9]*\)-.*/\1/p' | tail -n 1
}

# hub_has N: succeeds when the hub has published that many records.
hub_has()
{
	[ "$(ct-latest -s status | jq .records)" -ge "$1" ]
}

# die_meanwhile: ct-ws is killed, and the records 101 to 200 come while there is none.
die_meanwhile()
{
	kill -KILL "$ws"
	wait_until 5 ended "$ws"
	send 101 200
	wait_until 5 hub_has 200
}

# stop_reading FILE: ends the process that was spawned last.
stop_reading()
{
	kill "$spawned"
	wait_until 5 ended "$spawned"
}

# last_id FILE: prints the id of the last event in that output.
last_id()
{
	sed -n 's/^id: //p' "$BATS_TEST_TMPDIR/$1.out" | tail -n 1
}

# numbers FILE: prints what is in that output, whatever the wire: the number of each event, and -N for N
# events that are told as skipped.
numbers()
{
	sed 's/^data: //' "$BATS_TEST_TMPDIR/$1.out" | grep '^{' | jq -r 'if .message_type == "skipped" then -.count
	    elif .message_type == "heartbeat" then empty else .data.cert_index end'
}

# reads FILE 'NUMBERS': succeeds when exactly this is in that output.
reads()
{
	[ "$(numbers "$1" | tr '\n' ' ')" = "$2 " ]
}

# come_back NAME WIRE QUERY: spawns a client of that wire (ndjson, ndjson-gzip, sse, sse-gzip, id, websocket, websocket-z).
come_back()
{
	local since=$3

	case $2 in
	ndjson) spawn "$1" curl -sSN "$url/stream.ndjson?since=$since" ;;
	ndjson-gzip) spawn "$1" curl -sSN --compressed "$url/stream.ndjson?since=$since" ;;
	sse) spawn "$1" curl -sSN "$url/sse?since=$since" ;;
	sse-gzip) spawn "$1" curl -sSN --compressed "$url/sse?since=$since" ;;
	id) spawn "$1" curl -sSN -H "Last-Event-ID: ${since%%&*}" "$url/sse?since=1-1&${since#*&}" ;;
	websocket) spawn "$1" python3 "$ROOT/tests/interop/texts.py" "$port" "/?since=$since" 100000 ;;
	websocket-z) spawn "$1" "$python" "$ROOT/tests/interop/websockets_read.py" -z "$at/?since=$since" 100000 ;;
	esac
}

# Sets wires to those that can be read here.
find_wires()
{
	wires=(ndjson ndjson-gzip sse sse-gzip id websocket)
	python=$ROOT/tests/interop/venvws/bin/python
	[ -x "$python" ] || python=/usr/bin/python3
	! "$python" -c 'import websockets' 2>/dev/null || wires+=(websocket-z)
}

# each_comes_back QUERY FIRST STEP: a client of each wire comes back behind record 100 of 300 with this
# query, gets the records from FIRST on in steps of STEP, and goes on with those that are sent then.
each_comes_back()
{
	local wire place

	find_wires
	start_ws
	send 1 300
	wait_until 5 latest_is 300
	place=$(epoch)-100
	for wire in "${wires[@]}"; do
		come_back "$wire" "$wire" "$place$1"
	done
	for wire in "${wires[@]}"; do
		wait_until 10 reads "$wire" "$(seq -s ' ' "$2" "$3" 300)"
	done
	send 301 400
	for wire in "${wires[@]}"; do
		wait_until 10 reads "$wire" "$(seq -s ' ' "$2" "$3" 400)"
	done
}

@test "a client of each wire that comes back gets what it missed, and goes on" {
	each_comes_back '' 101 1
}

@test "a client of each wire that comes back with a filter gets what it missed of its events, and goes on" {
	each_comes_back '&domain=t7.test' 107 10
}

@test "a client that comes back while events come fast gets each once and in order" {
	find_wires
	start_ws
	send 1
	wait_until 5 latest_is 1
	local wire place
	place=$(epoch)-1
	event 2 5001 >"$BATS_TEST_TMPDIR/events"
	spawn_sh many "for n in {0..49}; do tail -n +\$((n * 100 + 1)) '$BATS_TEST_TMPDIR/events' | head -n 100; sleep 0.02; done >'$feed'"
	for wire in "${wires[@]}"; do
		come_back "$wire" "$wire" "$place"
	done
	for wire in "${wires[@]}"; do
		wait_until 20 reads "$wire" "$(seq -s ' ' 2 5001)"
	done
}

@test "a client reads ids, goes away, and comes back with the last one, as often as it likes" {
	start_ws
	local n
	spawn part0 curl -sSN "$url/sse"
	wait_until 5 readers lite sse 1
	for n in 1 2 3 4; do
		send $((n * 20 - 19)) $((n * 20 - 10))
		wait_until 5 grep -q "\"cert_index\":$((n * 20 - 10))," "$BATS_TEST_TMPDIR/part$((n - 1)).out"
		stop_reading
		send $((n * 20 - 9)) $((n * 20))
		spawn "part$n" curl -sSN -H "Last-Event-ID: $(last_id "part$((n - 1))")" "$url/sse"
		wait_until 5 grep -q "\"cert_index\":$((n * 20))," "$BATS_TEST_TMPDIR/part$n.out"
	done
	cat "$BATS_TEST_TMPDIR"/part?.out >"$BATS_TEST_TMPDIR/all.out"
	reads all "$(seq -s ' ' 80)"
}

@test "a client finds its place by seq=1 on a WebSocket" {
	start_ws
	spawn first python3 "$ROOT/tests/interop/texts.py" "$port" '/?seq=1' 100
	wait_until 5 readers lite websocket 1
	send 1 10
	wait_until 5 reads first "$(seq -s ' ' 10)"
	send 11 20
	spawn second python3 "$ROOT/tests/interop/texts.py" "$port" \
	    "/?seq=1&since=$(jq -r 'select(.data.cert_index == 7) | .seq' "$BATS_TEST_TMPDIR/first.out")" 100
	wait_until 5 reads second "$(seq -s ' ' 8 20)"
	[ "$(jq -r .seq "$BATS_TEST_TMPDIR/second.out" | sed 's/.*-//' | tr '\n' ' ')" = "$(seq -s ' ' 8 20) " ]
}

@test "records that are no certificates leave no hole between two places" {
	start_ws
	send 1 3
	printf '%s\n' '{"message_type":"mark","logs":[]}' '{"message_type":"status"}' >"$feed"
	send 4 5
	wait_until 5 latest_is 5
	come_back one ndjson "$(epoch)-2"
	wait_until 5 reads one '3 4 5'
	# The mark and the status have the places 4 and 5.
	come_back two ndjson "$(epoch)-4"
	wait_until 5 reads two '4 5'
}

@test "a place older than what is kept is told as skipped, with the right number, on each wire" {
	find_wires
	start_ws
	# Of 2 KB events, 4 MiB hold some 2000.
	pad=$(head -c 1500 /dev/urandom | base64 -w 0)
	send 1 5000
	wait_until 10 latest_is 5000
	local wire place first
	place=$(epoch)-100
	for wire in "${wires[@]}"; do
		come_back "$wire" "$wire" "$place"
	done
	for wire in "${wires[@]}"; do
		wait_until 20 grep -q '"cert_index":5000,' "$BATS_TEST_TMPDIR/$wire.out"
		run -0 numbers "$wire"
		first=${lines[1]}
		[ "$first" -gt 1000 ]
		[ "${lines[0]}" = "-$((first - 101))" ]
		[ "$output" = "-$((first - 101))"$'\n'"$(seq "$first" 5000)" ]
	done
}

@test "with -H all of that is kept also while nobody reads" {
	start_ws -H 64m
	# 4 MB of events, where 1 MiB is kept by default as long as nobody reads.
	pad=$(head -c 1500 /dev/urandom | base64 -w 0)
	send 1 2000
	wait_until 10 latest_is 2000
	come_back one ndjson "$(epoch)-1"
	wait_until 20 grep -q '"cert_index":2000,' "$BATS_TEST_TMPDIR/one.out"
	[ "$(numbers one | head -n 1)" = 2 ]
	reads one "$(seq -s ' ' 2 2000)"
}

@test "with skipped=0 a place older than what is kept is not told" {
	start_ws
	pad=$(head -c 1500 /dev/urandom | base64 -w 0)
	send 1 5000
	wait_until 10 latest_is 5000
	come_back one ndjson "$(epoch)-100&skipped=0"
	wait_until 10 grep -q '"cert_index":5000,' "$BATS_TEST_TMPDIR/one.out"
	[ "$(numbers one | head -n 1)" -gt 1000 ]
}

@test "a place of a hub that has ended leads over into the new one" {
	find_wires
	start_ws
	send 1 10
	wait_until 5 latest_is 10
	local wire place
	place=$(epoch)-7
	kill -TERM "$hub"
	wait_until 10 metric 'ct_ws_bus_connected 0'
	start_hub
	wait_until 10 metric 'ct_ws_bus_connected 1'
	send 11 20
	wait_until 10 latest_is 20
	for wire in "${wires[@]}"; do
		come_back "$wire" "$wire" "$place"
	done
	for wire in "${wires[@]}"; do
		wait_until 5 reads "$wire" "$(seq -s ' ' 8 20)"
	done
}

@test "what was lost on the bus is told to who comes back, where it is missing" {
	find_wires
	start_ws
	send 1 10
	wait_until 5 latest_is 10
	local wire place
	place=$(epoch)-7
	kill -TERM "$hub"
	wait_until 10 metric 'ct_ws_bus_connected 0'
	# This hub publishes ten events before ct-ws hears it.
	event 101 110 >"$BATS_TEST_TMPDIR/early"
	spawn_sh hub "(cat '$BATS_TEST_TMPDIR/early'; exec cat <>'$feed') | ct-hub -w 0"
	wait_until 10 metric 'ct_ws_bus_connected 1'
	send 111 115
	wait_until 10 latest_is 115
	local missed
	missed=$(value ct_ws_bus_missed_total)
	[ "$missed" -gt 0 ]
	for wire in "${wires[@]}"; do
		come_back "$wire" "$wire" "$place"
	done
	for wire in "${wires[@]}"; do
		wait_until 5 reads "$wire" "8 9 10 -$missed $(seq -s ' ' $((101 + missed)) 115)"
	done
}

@test "a place of a hub that nobody knows is told so, and what is kept comes" {
	start_ws
	send 1 10
	wait_until 5 latest_is 10
	spawn one curl -sSN "$url/stream.ndjson?since=12345-100"
	wait_until 5 reads one "-0 $(seq -s ' ' 10)"
	[[ $(head -n 1 "$BATS_TEST_TMPDIR/one.out") == *'"why":'* ]]
}

@test "a place in the future goes on with what comes, and says nothing that is not so" {
	find_wires
	start_ws
	send 1 10
	wait_until 5 latest_is 10
	local wire
	for wire in "${wires[@]}"; do
		come_back "$wire" "$wire" "$(epoch)-999"
	done
	wait_until 5 readers lite ndjson 2
	wait_until 5 readers lite sse 3
	wait_until 5 readers lite websocket $((${#wires[@]} - 5))
	send 11 12
	for wire in "${wires[@]}"; do
		wait_until 5 reads "$wire" '11 12'
	done
}

@test "a client that comes back to a ct-ws begun anew misses nothing that the hub keeps" {
	find_wires
	start_ws
	local wire place ids
	spawn part0 curl -sSN "$url/sse"
	wait_until 5 readers lite sse 1
	send 1 300
	wait_until 5 reads part0 "$(seq -s ' ' 300)"
	ids=$(last_id part0)
	place=${ids%-*}-100
	kill -KILL "$ws"
	wait_until 5 ended "$ws"
	# Events go on, while ct-ws is away and while it comes back.
	event 301 3000 >"$BATS_TEST_TMPDIR/events"
	spawn_sh many "for n in {0..26}; do tail -n +\$((n * 100 + 1)) '$BATS_TEST_TMPDIR/events' | head -n 100; sleep 0.05; done >'$feed'"
	wait_until 5 hub_has 500
	serve
	spawn part1 curl -sSN -H "Last-Event-ID: $ids" "$url/sse"
	for wire in "${wires[@]}"; do
		come_back "$wire" "$wire" "$place"
	done
	wait_until 20 reads part1 "$(seq -s ' ' 301 3000)"
	for wire in "${wires[@]}"; do
		wait_until 20 reads "$wire" "$(seq -s ' ' 101 3000)"
	done
}

@test "a client that comes back in the moment of the start finds what the hub keeps, too" {
	start_ws
	send 1 100
	wait_until 5 latest_is 100
	local place
	place=$(epoch)-50
	die_meanwhile
	spawn_sh early "until curl -fsN '$url/stream.ndjson?since=$place'; do :; done"
	serve
	wait_until 10 reads early "$(seq -s ' ' 51 200)"
}

# serve_without_hub: starts a ct-ws that hears nothing from a hub yet, and waits until it answers. Sets ws.
serve_without_hub()
{
	spawn ws ct-ws -p "$port"
	ws=$spawned
	wait_until 10 curl -fs "$url/health"
}

# read_without_hub WIRE PATH: a client reads what no hub has sent yet, into one.out.
read_without_hub()
{
	export CT_BUS=ipc://$BATS_TEST_TMPDIR/bus
	port=$(free_port)
	url=http://127.0.0.1:$port
	serve_without_hub
	spawn one curl -sSN "$url/$2"
	wait_until 5 readers lite "$1" 1
}

# read_by_all: each of the wires is read by a client.
read_by_all()
{
	[ "$(curl -s "$url/stats" | jq '[.streams[].clients] | add')" = "${#wires[@]}" ]
}

# all_come_back PLACE: a client of each wire comes back behind this place to a ct-ws that hears no hub.
all_come_back()
{
	local wire

	serve_without_hub
	for wire in "${wires[@]}"; do
		come_back "$wire" "$wire" "$1"
	done
	wait_until 10 read_by_all
}

# all_read 'NUMBERS': exactly this comes to each of them within 15 seconds.
all_read()
{
	local wire

	for wire in "${wires[@]}"; do
		wait_until 15 reads "$wire" "$1" || { numbers "$wire"; return 1; }
	done
}

@test "a client that comes back while the hub is slow to answer gets what the hub keeps, with its ids" {
	find_wires
	start_ws
	send 1 100
	wait_until 5 latest_is 100
	local place
	place=$(epoch)-50
	die_meanwhile
	kill -STOP "$hub"
	all_come_back "$place"
	kill -CONT "$hub"
	all_read "$(seq -s ' ' 51 200)"
	[ "$(last_id sse)" = "${place%-*}-200" ]
	send 201 203
	all_read "$(seq -s ' ' 51 203)"
	[ "$(last_id sse)" = "${place%-*}-203" ]
}

@test "a client that comes back before there is a hub is told exactly what the hub that comes does not have" {
	find_wires
	start_ws
	kill -TERM "$hub"
	wait_until 10 metric 'ct_ws_bus_connected 0'
	start_hub -k "$BATS_TEST_TMPDIR/mark"
	wait_until 10 metric 'ct_ws_bus_connected 1'
	send 1 60
	wait_until 5 latest_is 60
	local place
	place=$(epoch)-50
	kill -KILL "$ws"
	kill -TERM "$hub"
	wait_until 5 ended "$ws"
	wait_until 5 ended "$hub"
	all_come_back "$place"
	start_hub -k "$BATS_TEST_TMPDIR/mark"
	wait_until 10 metric 'ct_ws_bus_connected 1'
	send 61 65
	all_read "-10 61 62 63 64 65"
	[ "$(last_id sse)" = "${place%-*}-65" ]
}

@test "a client that comes back before there is a hub is told when that is another one" {
	find_wires
	start_ws
	send 1 60
	wait_until 5 latest_is 60
	local place
	place=$(epoch)-50
	kill -KILL "$ws" "$hub"
	wait_until 5 ended "$ws"
	wait_until 5 ended "$hub"
	all_come_back "$place"
	start_hub
	wait_until 10 metric 'ct_ws_bus_connected 1'
	send 61 65
	all_read "-0 61 62 63 64 65"
	[ "$(last_id sse)" != "${place%-*}-5" ]
	[[ $(last_id sse) == *-5 ]]
}

@test "of a hub with marks that was killed a client is told exactly what the next one does not bring" {
	local mark=$BATS_TEST_TMPDIR/mark place
	find_wires
	start_ws
	kill -TERM "$hub"
	wait_until 10 metric 'ct_ws_bus_connected 0'
	start_hub -k "$mark"
	wait_until 10 metric 'ct_ws_bus_connected 1'
	send 1 60
	echo '{"message_type":"mark","n":1}' >"$feed"
	wait_until 5 test -s "$mark"
	send 61 70
	wait_until 5 latest_is 70
	place=$(epoch)-50
	kill -KILL "$ws" "$hub"
	wait_until 5 ended "$ws"
	wait_until 5 ended "$hub"
	all_come_back "$place"
	come_back late ndjson "${place%-*}-65"
	wait_until 5 readers lite ndjson 3
	start_hub -k "$mark"
	wait_until 10 metric 'ct_ws_bus_connected 1'
	# ct-fetch goes on at the mark, which is record 61; what came behind it comes again.
	send 61 75
	all_read "-11 $(seq -s ' ' 61 75)"
	reads late "$(seq -s ' ' 61 75)"
}

@test "a client without a place is not held while no hub is there" {
	read_without_hub ndjson stream.ndjson
	start_hub
	wait_until 10 metric 'ct_ws_bus_connected 1'
	send 1 3
	wait_until 5 reads one '1 2 3'
}

@test "a client that was there before any hub gets the newest events with their ids, once" {
	read_without_hub sse sse
	kill -STOP "$ws"
	start_hub
	wait_until 5 ct-latest -n 0
	send 1 3
	wait_until 5 hub_has 3
	kill -CONT "$ws"
	wait_until 10 reads one '1 2 3'
	[ "$(sed -n 's/^id: [0-9]*-//p' "$BATS_TEST_TMPDIR/one.out" | tr '\n' ' ')" = '1 2 3 ' ]
	come_back two ndjson "$(last_id one | sed 's/-3$/-1/')"
	send 4
	wait_until 5 reads one '1 2 3 4'
	wait_until 5 reads two '2 3 4'
}

@test "after ct-ws was begun anew a client is told exactly what the hub has not kept" {
	start_ws
	# The hub keeps 1 MiB, which is some 500 of these.
	kill -TERM "$hub"
	wait_until 10 metric 'ct_ws_bus_connected 0'
	start_hub -H 1m
	wait_until 10 metric 'ct_ws_bus_connected 1'
	pad=$(head -c 1500 /dev/urandom | base64 -w 0)
	send 1 10
	wait_until 5 latest_is 10
	local place first
	place=$(epoch)-10
	kill -KILL "$ws"
	wait_until 5 ended "$ws"
	send 11 1000
	wait_until 5 hub_has 1000
	serve
	come_back one ndjson "$place"
	# A line that has not come whole is not counted yet.
	wait_until 10 has_the_rest
	first=$(numbers one | sed -n 2p)
	[ "$first" -gt 300 ]
}

# What was missed is told as one number, and all behind it has come.
has_the_rest()
{
	local first

	first=$(numbers one | sed -n 2p)
	[ "$(numbers one)" = "-$((first - 11))"$'\n'"$(seq "$first" 1000)" ]
}

@test "old records of the hub are for those who come back, and are not counted or sent to others" {
	start_ws
	send 1 100
	wait_until 5 latest_is 100
	kill -KILL "$ws"
	wait_until 5 ended "$ws"
	serve
	wait_until 5 latest_is 100
	[ "$(curl -s "$url/latest.json" | jq '.messages | length')" = 25 ]
	spawn one curl -sSN "$url/stream.ndjson"
	wait_until 5 readers lite ndjson 1
	send 101
	wait_until 5 reads one 101
	[ "$(value ct_ws_bus_missed_total)" = 0 ]
}

@test "with a hub that keeps nothing a client is told exactly what a new ct-ws cannot know" {
	start_ws
	kill -TERM "$hub"
	wait_until 10 metric 'ct_ws_bus_connected 0'
	start_hub -H 0
	wait_until 10 metric 'ct_ws_bus_connected 1'
	send 1 10
	wait_until 5 latest_is 10
	local place
	place=$(epoch)-10
	kill -TERM "$ws"
	wait_until 5 ended "$ws"
	send 11 15
	serve
	wait_until 5 latest_is 15
	come_back before ndjson "$place"
	send 16 18
	wait_until 5 latest_is 18
	come_back after ndjson "$place"
	wait_until 5 reads before '-5 16 17 18'
	wait_until 5 reads after '-5 16 17 18'
}

@test "a since that is broken is answered by 400 and the reason, on each wire" {
	start_ws
	local since path
	for since in '' x 1 1- -1 1-x 0-1 1-1-1 1.5-1 +1-1 99999999999999999999999-1 1-99999999999999999999999 '1-1%20'; do
		for path in /sse /stream.ndjson; do
			[ "$(status_of "$url$path?since=$since")" = 400 ]
			[[ $(curl -s "$url$path?since=$since") == *'since= is EPOCH-SEQ'* ]]
		done
		run curl -s -i -H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' \
		    -H 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==' "$url/?since=$since"
		[[ $output == "HTTP/1.1 400 "*'since= is EPOCH-SEQ'* ]]
	done
}

@test "a Last-Event-ID that is not ours is passed over" {
	start_ws
	spawn one curl -sSN -H 'Last-Event-ID: of another server' "$url/sse"
	wait_until 5 readers lite sse 1
	send 1
	wait_until 5 reads one 1
}
