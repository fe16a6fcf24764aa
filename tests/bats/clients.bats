# The unmodified clients and libraries of others read what ct-ws sends, whatever wire it is on.

bats_require_minimum_version 1.5.0
load setup
load serve

# need CLIENT...: skips the test when tests/interop/setup has not got one of these.
need()
{
	local client why

	for client; do
		why=$("$ROOT/tests/interop/setup" -n "$client") || skip "$why"
	done
}

# Sets $python to a Python that has the library websockets, or skips the test.
need_websockets()
{
	python=$ROOT/tests/interop/venvws/bin/python
	[ ! -x "$python" ] || return 0
	python=/usr/bin/python3
	"$python" -c 'import websockets' 2>/dev/null || skip "no websockets of python3 here"
}

# numbers_are FILE FROM TO: that output holds these numbers, each once and in order, and nothing else.
numbers_are()
{
	cmp "$BATS_TEST_TMPDIR/$1.out" <(seq "$2" "$3")
}

# has_number FILE N: the last line of that output is this number.
has_number()
{
	[ "$(tail -n 1 "$BATS_TEST_TMPDIR/$1.out")" = "$2" ]
}

# certstream_reads VENV: the certstream client in that folder of tests/interop reads both streams.
certstream_reads()
{
	local stream

	start_ws
	for stream in / /full-stream; do
		spawn "py${stream//\//-}" "$ROOT/tests/interop/$1/bin/python" "$ROOT/tests/interop/listen.py" "$at$stream"
	done
	wait_until 10 readers lite websocket 1
	wait_until 10 readers full websocket 1
	send 1 300
	wait_until 10 has_number py- 300
	wait_until 10 has_number py-full-stream 300
	numbers_are py- 1 300
	numbers_are py-full-stream 1 300
}

@test "the newest certstream of Python gets every certificate once and in order" {
	need python
	certstream_reads venv
}

@test "certstream 1.10 of Python gets every certificate once and in order" {
	need python110
	certstream_reads venv110
}

@test "the command of certstream for Python prints names, as lines and as JSON" {
	need python
	start_ws
	spawn full "$ROOT/tests/interop/venv/bin/certstream" --disable-colors --full --url "$at/"
	spawn json "$ROOT/tests/interop/venv/bin/certstream" --json --url "$at/domains-only"
	wait_until 10 readers lite websocket 1
	wait_until 10 readers domain websocket 1
	send 1 3
	wait_until 5 grep -q 'https://log.example - n3.example \[n3.example, t3.test\]' "$BATS_TEST_TMPDIR/full.out"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/full.out")" = 3 ]
	wait_until 5 grep -q '"n3.example"' "$BATS_TEST_TMPDIR/json.out"
	[ "$(jq -r '.data[0]' "$BATS_TEST_TMPDIR/json.out" | tail -1)" = n3.example ]
}

@test "certstream of Node gets every certificate once and in order" {
	need node
	start_ws
	local stream
	for stream in / /full-stream; do
		spawn "js${stream//\//-}" node "$ROOT/tests/interop/print.js" "$at$stream"
	done
	wait_until 10 readers lite websocket 1
	wait_until 10 readers full websocket 1
	send 1 300
	for stream in js- js-full-stream; do
		wait_until 10 grep -qx 'n300.example t0.test' "$BATS_TEST_TMPDIR/$stream.out"
		cmp <(grep example "$BATS_TEST_TMPDIR/$stream.out") <(event 1 300 | jq -r '.data.leaf_cert.all_domains | join(" ")')
	done
}

# all_forms COMMAND...: runs the command for each stream, with its address and 300 behind it, sends 300
# events, and compares what it prints.
all_forms()
{
	local -A pid
	local stream

	start_ws
	for stream in / /full-stream /domains-only; do
		spawn "as${stream//\//-}" "$@" "$at$stream" 300
		pid[$stream]=$spawned
	done
	for stream in lite full domain; do
		wait_until 15 readers "$stream" websocket 1
	done
	send 1 300
	for stream in / /full-stream /domains-only; do
		ends 20 "${pid[$stream]}"
	done
	cd "$BATS_TEST_TMPDIR" || return
	grep . as-full-stream.out | cmp - <(event 1 300)
	grep . as-.out | cmp - <(event 1 300 | lite)
	grep . as-domains-only.out | cmp - <(event 1 300 | domains)
}

@test "gorilla/websocket of Go reads every stream, and closes in order" {
	need go
	all_forms "$ROOT/tests/interop/go/gorilla"
	[ ! -s "$BATS_TEST_TMPDIR/as-.err" ]
	metric 'ct_ws_closed_total{cause="client"} 3'
}

@test "gorilla/websocket reads every stream compressed, each message by itself" {
	need go
	all_forms "$ROOT/tests/interop/go/gorilla" -z
	[ ! -s "$BATS_TEST_TMPDIR/as-.err" ]
}

@test "tokio-tungstenite of Rust reads every stream" {
	need rust
	all_forms "$ROOT/tests/interop/rust/tungstenite"
	[ ! -s "$BATS_TEST_TMPDIR/as-.err" ]
}

@test "the WebSocket of the JDK reads every stream, pings and closes" {
	skip_without java javac
	mkdir "$BATS_TEST_TMPDIR/classes"
	javac -d "$BATS_TEST_TMPDIR/classes" "$ROOT/tests/interop/Reader.java"
	all_forms java -Xmx64m -cp "$BATS_TEST_TMPDIR/classes" Reader
	metric 'ct_ws_closed_total{cause="client"} 3'
}

@test "a Go client with a deadline of 15 seconds stays on idle streams, and with a filter that never matches" {
	need go
	start_ws
	local go=$ROOT/tests/interop/go/gorilla name
	spawn lite "$go" "$at/" 1
	spawn full "$go" -z "$at/full-stream" 1
	spawn none "$go" "$at/?domain=never.test" 1
	spawn none-z "$go" -z "$at/full-stream?match=never" 1
	wait_until 5 readers lite websocket 2
	wait_until 5 readers full websocket 2
	for name in lite full none none-z; do
		wait_until 35 grep -c heartbeat "$BATS_TEST_TMPDIR/$name.err"
		# After the second one more than 15 seconds have passed.
		wait_until 35 sh -c "[ \$(grep -c heartbeat '$BATS_TEST_TMPDIR/$name.err') -ge 2 ]"
	done
	event 1 | sed 's/n1.example/never.test/g' >"$feed"
	for name in lite full none none-z; do
		wait_until 5 grep -q never.test "$BATS_TEST_TMPDIR/$name.out"
	done
}

@test "a filter that never matches on a busy stream gets heartbeats all the same" {
	need go
	start_ws
	spawn none "$ROOT/tests/interop/go/gorilla" -z "$at/?domain=never.test" 1
	wait_until 5 readers lite websocket 1
	local n=1
	until [ "$(grep -c heartbeat "$BATS_TEST_TMPDIR/none.err")" -ge 2 ]; do
		send "$n"
		n=$((n + 1))
		[ "$n" -lt 800 ]
		sleep 0.05
	done
	! ended "$spawned"
}

# reads_packed OPTION STREAM: what comes compressed to python's websockets equals what comes plain.
reads_packed()
{
	local plain

	start_ws
	spawn plain "$python" "$ROOT/tests/interop/websockets_read.py" "$at$2" 1000
	plain=$spawned
	spawn packed "$python" "$ROOT/tests/interop/websockets_read.py" "$1" "$at$2" 1000
	wait_until 10 readers "$3" websocket 2
	send 1 1000
	ends 20 "$plain"
	ends 20 "$spawned"
	cmp "$BATS_TEST_TMPDIR/plain.out" "$BATS_TEST_TMPDIR/packed.out"
	[ "$(grep -c . "$BATS_TEST_TMPDIR/plain.out")" = 1000 ]
}

@test "what comes compressed with context equals what comes plain, byte for byte" {
	need_websockets
	reads_packed -z / lite
}

@test "what comes compressed message by message equals what comes plain, byte for byte" {
	need_websockets
	reads_packed -a /full-stream full
}

@test "the names alone come compressed as they come plain" {
	need_websockets
	reads_packed -z /domains-only domain
}

@test "a client that joins in the middle of a compressed stream can read from its first message on" {
	need_websockets
	start_ws
	local read=$ROOT/tests/interop/websockets_read.py n pids=()
	spawn first "$python" "$read" -z "$at/" 1000
	pids+=("$spawned")
	wait_until 10 readers lite websocket 1
	for n in 1 2 3 4; do
		send $((n * 37)) $((n * 37 + 36))
		wait_until 10 latest_is $((n * 37 + 36))
		spawn "late$n" "$python" "$read" -z "$at/" $((851 - n * 37))
		pids+=("$spawned")
		wait_until 10 readers lite websocket $((n + 1))
	done
	send 185 1036
	for n in "${pids[@]}"; do
		ends 20 "$n"
	done
	cd "$BATS_TEST_TMPDIR" || return
	grep . first.out | cmp - <(event 37 1036 | lite)
	for n in 1 2 3 4; do
		grep . "late$n.out" | cmp - <(event $((n * 37 + 37)) 887 | lite)
	done
}

# is_told FILE LAST: in that output each event up to LAST is there as it was sent, or counted in a notice
# that stands where it is missing.
is_told()
{
	run -0 jq -rn 'reduce inputs as $m ({next: 1, told: 0, good: true};
	    if $m.message_type == "skipped" then .told += $m.count | .next += $m.count
	    elif $m.message_type == "heartbeat" then .
	    else .good = (.good and $m.data.cert_index == .next) | .next += 1 end) |
	    "\(.good) \(.next) \(.told > 0)"' "$BATS_TEST_TMPDIR/$1.out"
	[ "$output" = "true $(($2 + 1)) true" ]
}

# is_skipped OPTION: a client with that option stops to read, is skipped ahead, and reads on.
is_skipped()
{
	local slow

	need_websockets
	start_ws -r 64k
	pad=$(head -c 3000 /dev/urandom | base64 -w 0)
	spawn slow "$python" "$ROOT/tests/interop/websockets_read.py" "$1" -b 4096 -w "$BATS_TEST_TMPDIR/go" "$at/full-stream" 100000
	slow=$spawned
	wait_until 10 readers full websocket 1
	send 1 6000
	wait_until 20 latest_is 6000
	touch "$BATS_TEST_TMPDIR/go"
	wait_until 20 grep -q '"n6000.example"' "$BATS_TEST_TMPDIR/slow.out"
	is_told slow 6000
	jq -c 'select(.data)' "$BATS_TEST_TMPDIR/slow.out" |
	    cmp - <(event 1 6000 | sed -n "$(jq -r 'select(.data) | "\(.data.cert_index)p"' "$BATS_TEST_TMPDIR/slow.out")")
	! ended "$slow"
}

@test "a client of a compressed stream that was skipped ahead can read on, and knows what it missed" {
	is_skipped -z
}

@test "a client that has each message compressed by itself can read on after being skipped ahead" {
	is_skipped -a
}

@test "a message has what phishing_catcher reads of it, of real certificates" {
	need python
	start_log -n 200 -l alder=rfc6962
	start_ws
	local stream
	for stream in / /full-stream; do
		spawn "catch${stream//\//-}" "$ROOT/tests/interop/venv/bin/python" "$ROOT/tests/interop/catch.py" "$at$stream"
	done
	wait_until 10 readers lite websocket 1
	wait_until 10 readers full websocket 1
	ct-fetch -q -o -s 0 -u "${log_url}alder/" -K "$log_dir/alder.pem" 2>/dev/null | ct-parse >"$BATS_TEST_TMPDIR/events"
	grep '"message_type":"certificate_update"' "$BATS_TEST_TMPDIR/events" >"$feed"
	grep '"message_type":"certificate_update"' "$BATS_TEST_TMPDIR/events" |
	    jq -r '[(.data.leaf_cert.all_domains | join(" ") | ascii_downcase),
	        (if .data.leaf_cert.issuer.O == "Let'"'"'s Encrypt" then "True" else "False" end),
	        .data.leaf_cert.issuer.O // "None", .data.chain[0].subject.aggregated // "None"] | join("\t")' >"$BATS_TEST_TMPDIR/full"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/full")" -ge 200 ]
	awk -F '\t' -v OFS='\t' '{ $4 = "None" } 1' "$BATS_TEST_TMPDIR/full" >"$BATS_TEST_TMPDIR/lite"
	wait_until 10 cmp "$BATS_TEST_TMPDIR/catch-.out" "$BATS_TEST_TMPDIR/lite"
	wait_until 10 cmp "$BATS_TEST_TMPDIR/catch-full-stream.out" "$BATS_TEST_TMPDIR/full"
}

# curl_reads STREAM OPTION...: curl -N reads that stream as lines and as events, while it comes.
curl_reads()
{
	local stream=$1
	shift

	start_ws
	spawn ndjson curl -sSN "$@" "$url/stream.ndjson?stream=$stream"
	spawn sse curl -sSN "$@" "$url/sse?stream=$stream"
	[ "$stream" != domains ] || stream=domain
	wait_until 10 readers "$stream" ndjson 1
	wait_until 10 readers "$stream" sse 1
	# The first must be there before the others are sent.
	send 1
	wait_until 5 has_lines ndjson 1
	wait_until 5 has_lines sse 1
	send 2 400
	wait_until 10 has_lines ndjson 400
	wait_until 10 has_lines sse 400
	sed -n 's/^data: //p' "$BATS_TEST_TMPDIR/sse.out" | cmp - "$BATS_TEST_TMPDIR/ndjson.out"
	[ "$(sed -n 's/^id: [0-9]*-//p' "$BATS_TEST_TMPDIR/sse.out")" = "$(seq 400)" ]
	[ "$(sed -n 's/^id: \([0-9]*\)-.*/\1/p' "$BATS_TEST_TMPDIR/sse.out" | sort -u | wc -l)" = 1 ]
}

@test "curl -N reads lines and server-sent events while they come" {
	curl_reads lite
	cmp "$BATS_TEST_TMPDIR/ndjson.out" <(event 1 400 | lite)
}

@test "curl -N --compressed reads lines and server-sent events while they come" {
	curl_reads full --compressed
	cmp "$BATS_TEST_TMPDIR/ndjson.out" <(event 1 400)
}

@test "curl -N reads the names alone" {
	curl_reads domains --compressed
	cmp "$BATS_TEST_TMPDIR/ndjson.out" <(event 1 400 | domains)
}

@test "a gzip stream can be joined in the middle" {
	start_ws
	spawn first curl -sSN --compressed "$url/stream.ndjson"
	wait_until 10 readers lite ndjson 1
	send 1 77
	wait_until 10 has_lines first 77
	spawn late curl -sSN --compressed "$url/stream.ndjson"
	wait_until 10 readers lite ndjson 2
	send 78 300
	wait_until 10 has_lines first 300
	wait_until 10 has_lines late 223
	cmp "$BATS_TEST_TMPDIR/first.out" <(event 1 300 | lite)
	cmp "$BATS_TEST_TMPDIR/late.out" <(event 78 300 | lite)
}

# Spawns a browser, and sets $browser_at to its folder. eventsource.py has it open an EventSource.
start_browser()
{
	skip_without_browser
	need_websockets
	browser_at=$BATS_TEST_TMPDIR/browser
	spawn browser "$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
	    --disable-background-networking --disable-component-update --disable-sync \
	    --user-data-dir="$browser_at" --remote-debugging-port=0 about:blank
	wait_until 20 test -s "$browser_at/DevToolsActivePort"
}

# got 'NUMBERS': succeeds when the EventSource has printed exactly this.
got()
{
	[ "$(tr '\n' ' ' <"$BATS_TEST_TMPDIR/source.out")" = "$1 " ]
}

@test "the EventSource of a browser goes on where it was when its connection broke, and misses nothing" {
	start_browser
	start_ws
	local between relay
	between=$(free_port)
	spawn relay python3 "$ROOT/tests/interop/relay.py" "$between" "$port"
	relay=$spawned
	wait_until 5 listens "$between"
	spawn source "$python" "$ROOT/tests/interop/eventsource.py" "$browser_at" "http://127.0.0.1:$between/sse"
	wait_until 15 readers lite sse 1
	send 1 20
	wait_until 10 got "$(seq -s ' ' 20)"
	kill "$relay"
	wait_until 5 readers lite sse 0
	send 21 40
	wait_until 5 latest_is 40
	spawn relay python3 "$ROOT/tests/interop/relay.py" "$between" "$port"
	wait_until 20 got "$(seq -s ' ' 40)"
}

@test "the EventSource of a browser goes on when ct-ws was begun anew, and misses nothing that the hub has kept" {
	start_browser
	start_ws
	spawn source "$python" "$ROOT/tests/interop/eventsource.py" "$browser_at" "$url/sse"
	wait_until 15 readers lite sse 1
	send 1 20
	wait_until 10 got "$(seq -s ' ' 20)"
	kill -TERM "$ws"
	wait_until 5 ended "$ws"
	send 21 25
	serve
	wait_until 5 latest_is 25
	wait_until 20 readers lite sse 1
	send 26 30
	wait_until 10 got "$(seq -s ' ' 30)"
}
