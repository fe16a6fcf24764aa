# Filters, from the query of a client to what comes on its wire.

bats_require_minimum_version 1.5.0
load setup
load serve

setup()
{
	skip_without curl jq python3
}

# numbers FILE: prints the number of each event in that output, and -N for N that are told as skipped.
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

# on_all_wires QUERY: spawns a client of each wire with that filter, and waits until they read.
on_all_wires()
{
	local lines sse websocket

	lines=$(clients lite ndjson) sse=$(clients lite sse) websocket=$(clients lite websocket)
	spawn "ndjson" curl -sSN "$url/stream.ndjson?$1"
	spawn "ndjson-gzip" curl -sSN --compressed "$url/stream.ndjson?$1"
	spawn "sse" curl -sSN "$url/sse?$1"
	spawn "sse-gzip" curl -sSN --compressed "$url/sse?$1"
	spawn "websocket" python3 "$ROOT/tests/interop/texts.py" "$port" "/?$1" 100000
	wait_until 5 readers lite ndjson $((lines + 2))
	wait_until 5 readers lite sse $((sse + 2))
	wait_until 5 readers lite websocket $((websocket + 1))
}

# clients STREAM WIRE: prints how many clients read this stream over that wire.
clients()
{
	curl -s "$url/stats" | jq "[.streams[] | select(.stream == \"$1\" and .wire == \"$2\") | .clients] | add"
}

# only QUERY NUMBERS: of the events 1 to 40, a client of each wire with that filter gets these, and no other.
only()
{
	local wire

	on_all_wires "$1"
	send 1 40
	for wire in ndjson ndjson-gzip sse sse-gzip websocket; do
		wait_until 5 reads "$wire" "$2"
	done
	stop_spawned
}

@test "only events of a domain come, on all wires" {
	start_ws
	only 'domain=t3.test' '3 13 23 33'
}

@test "only events that match all kinds of the filter and one of each come, on all wires" {
	start_ws
	only 'domain=t3.test,*.t4.test,t5.test&match=n3,n2&precert=1' '3 23 25 33 35'
}

@test "only events that fit a pattern come, on all wires" {
	start_ws
	[ "$(status_of -m 1 "$url/sse?regex=a")" != 400 ] || skip "built without a library for patterns"
	only 'regex=%5En%5B12%5D%3F5%5C.' '5 15 25'
}

@test "a plus in a pattern needs no escape, on all wires" {
	start_ws
	[ "$(status_of -m 1 "$url/sse?regex=a")" != 400 ] || skip "built without a library for patterns"
	only 'regex=%5En%5B23%5D+%5C.' '2 3 22 23 32 33'
}

@test "only events of a log and of an issuer come, on all wires" {
	start_ws
	only 'issuer=An%20issuer&log=A%20log&domain=n40.example' 40
}

@test "a bad filter is answered by 400, what is wrong and where, on all wires" {
	start_ws
	local path
	for path in /sse /stream.ndjson; do
		[ "$(status_of "$url$path?domain=good.example,b%20d")" = 400 ]
		[[ $(curl -s "$url$path?domain=good.example,b%20d") == *domain* ]]
		[ "$(status_of "$url$path?precert=2")" = 400 ]
		[[ $(curl -s "$url$path?precert=2") == *precert* ]]
		[ "$(status_of -I "$url$path?regex=%5Cp%7BL%7D%7B60%7D%C3%A9")" = 400 ]
		[[ $(curl -s "$url$path?regex=%5Cp%7BL%7D%7B60%7D%C3%A9") == *'\p at character 1'* ]]
	done
	run curl -s -i -H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' \
	    -H 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==' "$url/?domain=good.example,b%20d"
	[[ $output == "HTTP/1.1 400 "*domain* ]]
	readers lite websocket 0
}

@test "a client with a filter that is slow is told what it missed of its events, and of no other" {
	start_ws -r 64k
	pad=$(head -c 3000 /dev/urandom | base64 -w 0)
	python=$ROOT/tests/interop/venvws/bin/python
	[ -x "$python" ] || python=/usr/bin/python3
	"$python" -c 'import websockets' 2>/dev/null || skip "no websockets of python3 here"
	spawn slow "$python" "$ROOT/tests/interop/websockets_read.py" -b 4096 -w "$BATS_TEST_TMPDIR/go" "$at/full-stream?domain=t3.test,t6.test" 100000
	wait_until 10 readers full websocket 1
	send 1 8000
	wait_until 20 latest_is 8000
	touch "$BATS_TEST_TMPDIR/go"
	wait_until 20 grep -q '"n7996.example"' "$BATS_TEST_TMPDIR/slow.out"
	# The n-th of its events has this number; what it got and what it was told make up all of them.
	run -0 jq -rn 'def number: (. / 2 | floor) * 10 + (if . % 2 == 0 then 3 else 6 end);
	    reduce inputs as $m ({next: 0, told: 0, good: true};
	    if $m.message_type == "skipped" then .told += $m.count | .next += $m.count
	    elif $m.message_type == "heartbeat" then .
	    else .good = (.good and $m.data.cert_index == (.next | number)) | .next += 1 end) |
	    "\(.good) \(.next) \(.told > 0)"' "$BATS_TEST_TMPDIR/slow.out"
	[ "$output" = 'true 1600 true' ]
}

@test "regexes of many clients are compiled while all others are served" {
	start_ws
	[ "$(status_of -m 1 "$url/sse?regex=a")" != 400 ] || skip "built without a library for patterns"
	run -0 python3 "$ROOT/tests/bats/regexes.py" "$port" 300
	# Behind those that may wait for the thread, some are told to come again.
	echo "$output" | awk '{ exit !($1 + $2 == 300 && $1 >= 256 && $3 < 0.4) }'
	metric 'ct_ws_connections 1' || wait_until 5 metric 'ct_ws_connections 1'
}

@test "what a client sends behind a filter that is compiled is answered behind it" {
	start_ws
	[ "$(status_of -m 1 "$url/sse?regex=a")" != 400 ] || skip "built without a library for patterns"
	run -0 timeout 10 python3 "$ROOT/tests/bats/regexes.py" "$port" order
	[ "$output" = $'regex\npong\ndomain' ]
}

@test "a client whose filter is still compiled when it leaves, or ct-ws ends, disturbs nobody" {
	start_ws
	[ "$(status_of -m 1 "$url/sse?regex=a")" != 400 ] || skip "built without a library for patterns"
	spawn many python3 "$ROOT/tests/bats/regexes.py" "$port" 200
	sleep 0.3
	kill "$spawned"
	wait_until 10 metric 'ct_ws_connections 1'
	spawn more python3 "$ROOT/tests/bats/regexes.py" "$port" 200
	sleep 0.3
	kill -TERM "$ws"
	wait_until 4 ended "$ws"
}

@test "filters beyond the memory for them are refused, until others have left" {
	start_ws
	many=$(seq 100000 100600 | sed 's/$/#/' | tr '\n' ,)x
	spawn many python3 "$ROOT/tests/bats/streams.py" "$port" 420 "match=$many"
	wait_until 30 grep -q . "$BATS_TEST_TMPDIR/many.out"
	read -r _ good _ bad why <"$BATS_TEST_TMPDIR/many.out"
	[ "$good" -gt 100 ] && [ "$bad" -gt 10 ]
	[ "$why" = 'There are as many filters in use as this server can hold.' ]
	[ "$(status_of "$url/stream.ndjson?match=one")" = 503 ]
	kill "$spawned"
	wait_until 10 metric 'ct_ws_connections 1'
	[ "$(status_of -m 1 "$url/stream.ndjson?match=one")" = 200 ]
}
