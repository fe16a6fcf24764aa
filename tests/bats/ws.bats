# ct-ws behind a real ct-hub: HTTP, WebSockets, slow clients, and clients that break the rules.

load setup

# start_ws OPTION...: starts a hub that takes lines from $feed, and a ct-ws at $url that is connected to it.
start_ws()
{
	export CT_BUS=ipc://$BATS_TEST_TMPDIR/bus
	feed=$BATS_TEST_TMPDIR/feed
	mkfifo "$feed"
	spawn_sh hub "exec ct-hub -w 0 <>'$feed'"
	hub=$spawned
	port=$(free_port)
	url=http://127.0.0.1:$port
	spawn ws ct-ws -p "$port" "$@"
	ws=$spawned
	wait_until 10 metric 'ct_ws_bus_connected 1'
}

# metric 'NAME VALUE': succeeds when this is a line of /metrics.
metric()
{
	curl -s "$url/metrics" | grep -qxF "$1"
}

# event FROM [TO]: prints the events with these numbers.
event()
{
	seq "$1" "${2-$1}" | awk '{ printf "{\"data\":{\"cert_index\":%d,\"cert_link\":\"\",\"chain\":[{\"as_der\":\"AAAA\"}],\"leaf_cert\":{\"all_domains\":[\"n%d.example\",\"<b>.example\"],\"as_der\":\"AAAA\",\"subject\":{\"CN\":\"n%d.example\"},\"issuer\":{\"O\":null}},\"seen\":1700000000.5,\"source\":{\"name\":\"A log\",\"url\":\"https://log.example\"},\"update_type\":\"%s\"},\"message_type\":\"certificate_update\"}\n", $1, $1, $1, $1 % 2 ? "PrecertLogEntry" : "X509LogEntry" }'
}

# send FROM [TO]: publishes the events with these numbers.
send()
{
	event "$@" >"$feed"
}

# latest_is N: succeeds when the newest event has this number.
latest_is()
{
	[ "$(curl -s "$url/example.json" | jq .data.cert_index)" = "$1" ]
}

# clients TYPE N: succeeds when N clients read the stream TYPE.
clients()
{
	metric "certstreamservergo_clients_total{type=\"$1\"} $2"
}

# sink NAME OPTION... PATH: starts a WebSocket client that writes what it gets to NAME.out.
sink()
{
	local name=$1 path=${*: -1}

	spawn "$name" "$ROOT/bench/wsload" -o "${@:2:$#-2}" 127.0.0.1 "$port" "$path"
}

status_of()
{
	curl -s -o /dev/null -w '%{http_code}' "$@"
}

@test "help and version go to stdout with 0" {
	run ct-ws --help
	[ "$status" -eq 0 ]
	[[ $output == "usage: ct-ws"* ]]
	run ct-ws -V
	[ "$status" -eq 0 ]
	[[ $output =~ ^ct-ws\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
}

@test "a wrong call ends with 100 and says what to do" {
	run ct-ws --no-such-option
	[ "$status" -eq 100 ]
	[[ $output == *"try ct-ws --help"* ]]
	run ct-ws -p 99999
	[ "$status" -eq 100 ]
	[[ $output == *"from 0 to 65535"* ]]
	run ct-ws -r 12x
	[ "$status" -eq 100 ]
	run ct-ws /some/file
	[ "$status" -eq 100 ]
}

@test "a port that is taken ends with 111 and is named" {
	start_ws
	run ct-ws -p "$port"
	[ "$status" -eq 111 ]
	[[ $output == *"port $port: Address already in use"* ]]
}

@test "without a hub it serves, says so once, and takes up the stream when one comes" {
	export CT_BUS=ipc://$BATS_TEST_TMPDIR/bus
	feed=$BATS_TEST_TMPDIR/feed
	mkfifo "$feed"
	port=$(free_port)
	url=http://127.0.0.1:$port
	spawn ws ct-ws -p "$port"
	wait_until 10 grep -q 'no hub at ipc://' "$BATS_TEST_TMPDIR/ws.err"
	[ "$(curl -s "$url/health")" = OK ]
	[ "$(curl -s "$url/latest.json")" = '{"messages":[]}' ]
	[ "$(status_of "$url/example.json")" = 200 ]
	metric 'ct_ws_bus_connected 0'
	spawn_sh hub "exec ct-hub -w 0 <>'$feed'"
	wait_until 10 metric 'ct_ws_bus_connected 1'
	send 1
	wait_until 5 latest_is 1
	[ "$(grep -c 'no hub' "$BATS_TEST_TMPDIR/ws.err")" = 1 ]
}

# deep: asks /health/deep; sets $code, and $deep to the answer.
deep()
{
	deep=$(curl -s -w '\n%{http_code}' "$url/health/deep")
	code=${deep##*$'\n'}
	deep=${deep%$'\n'*}
}

# deep_is CODE HUB: what /health/deep answers with and says of the hub.
deep_is()
{
	deep
	[ "$code" = "$1" ] && [ "$(jq -r .hub <<<"$deep")" = "$2" ]
}

@test "health/deep says 503 and why while the hub is away, and 200 while it is there" {
	export CT_BUS=ipc://$BATS_TEST_TMPDIR/bus
	feed=$BATS_TEST_TMPDIR/feed
	mkfifo "$feed"
	port=$(free_port)
	url=http://127.0.0.1:$port
	spawn ws ct-ws -p "$port"
	wait_until 10 deep_is 503 away
	deep
	[ "$(jq -c 'del(.why)' <<<"$deep")" = '{"status":"stale","hub":"away","heard_ago":null,"event_ago":null,"events":0,"holes":0,"missed":0,"feed":null}' ]
	[[ $(jq -r .why <<<"$deep") == *"not connected to the hub"* ]]
	spawn_sh hub "exec ct-hub -w 0 <>'$feed'"
	wait_until 10 deep_is 200 connected
	send 1 5
	wait_until 5 latest_is 5
	deep
	[ "$(jq -c '[.status, .events, .heard_ago < 10]' <<<"$deep")" = '["ok",5,true]' ]
	kill -KILL "$spawned"
	wait_until 10 deep_is 503 away
	[ "$(curl -s "$url/health")" = OK ]
}

@test "health/deep and the page tell of a hub that is silent, until it is heard again" {
	skip_without_browser
	start_ws
	kill -STOP "$hub"
	wait_until 25 deep_is 503 silent
	[ "$(jq '.heard_ago >= 14' <<<"$deep")" = true ]
	[ "$(curl -s "$url/health")" = OK ]
	metric 'ct_ws_bus_connected 0'
	[[ $(browse /) == *'id="state"'*'>hub is silent<'* ]]
	kill -CONT "$hub"
	wait_until 20 deep_is 200 connected
	send 1
	wait_until 10 latest_is 1
}

@test "what the hub has kept is there at once" {
	export CT_BUS=ipc://$BATS_TEST_TMPDIR/bus
	spawn_sh hub "(printf '%s\n' '$(event 1 3)'; sleep 60) | ct-hub -w 0"
	wait_until 10 test -S "$BATS_TEST_TMPDIR/bus.ask"
	port=$(free_port)
	url=http://127.0.0.1:$port
	spawn ws ct-ws -p "$port"
	wait_until 10 latest_is 3
	[ "$(curl -s "$url/latest.json" | jq '.messages | length')" = 3 ]
}

@test "latest.json has the 25 newest of each form, newest first" {
	start_ws
	send 1 40
	wait_until 5 latest_is 40
	run curl -s "$url/latest.json"
	[ "$(jq -c '[.messages[].data.cert_index]' <<<"$output")" = "[$(seq -s, 40 -1 16)]" ]
	[ "$(jq -c '.messages[0].data | [has("chain"), (.leaf_cert | has("as_der"))]' <<<"$output")" = '[false,false]' ]
	run curl -s "$url/full-stream/latest.json"
	[ "$(jq -c '.messages[24].data | [.cert_index, has("chain"), .leaf_cert.as_der]' <<<"$output")" = '[16,true,"AAAA"]' ]
	run curl -s "$url/domains-only/latest.json/"
	[ "$(jq -c '.messages[0]' <<<"$output")" = '{"data":["n40.example","<b>.example"],"message_type":"dns_entries"}' ]
}

# The form domains of full events, in which format go escapes what HTML would take for its own.
names_alone()
{
	jq -c '{data: .data.leaf_cert.all_domains, message_type: "dns_entries"}' |
	    sed 's/</\\u003c/g; s/>/\\u003e/g; s/&/\\u0026/g'
}

@test "example.json has the newest event, byte for byte" {
	start_ws
	send 7
	wait_until 5 latest_is 7
	[ "$(curl -s "$url/full-stream/example.json")" = "$(event 7)" ]
	[ "$(curl -s "$url/example.json")" = "$(event 7 | jq -c 'del(.data.chain, .data.leaf_cert.as_der)')" ]
	[ "$(curl -s "$url/domains-only/example.json")" = "$(event 7 | names_alone)" ]
}

@test "records that are no certificates stay on the bus" {
	start_ws
	sink one -c 1 -t 20 /full-stream
	wait_until 5 clients full 1
	printf '%s\n' '{"message_type":"mark","logs":[]}' '{"message_type":"status"}' >"$feed"
	send 1
	ends 10 "$spawned"
	[ "$(jq .data.cert_index <"$BATS_TEST_TMPDIR/one.out")" = 1 ]
}

@test "the page comes as HTML that may run nothing but its own script" {
	start_ws
	run curl -si "$url/"
	[[ $output == "HTTP/1.1 200 OK"* && $output == *"<title>"* ]]
	[[ $output == *"Content-Security-Policy: default-src 'none'; script-src 'self'"* ]]
	[[ $(curl -si "$url/page.js") == *"Content-Type: text/javascript"*"WebSocket"* ]]
	[[ $(curl -si "$url/page.css") == *"Content-Type: text/css"* ]]
	run grep -lE 'innerHTML|outerHTML|insertAdjacentHTML|document\.write' "$ROOT"/ct-ws/page/*.js
	[ "$output" = '' ]
	for file in "$ROOT"/ct-ws/page/*.js "$ROOT"/ct-ws/page/*.css "$ROOT"/ct-ws/page/*.svg; do
		curl -s "$url/${file##*/}" | cmp - "$file"
	done
}

# browse PATH: what stands on the page some seconds after $browser opened it.
browse()
{
	"$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
	    --disable-background-networking --disable-component-update --disable-sync \
	    --user-data-dir="$(mktemp -d -p "$BATS_TEST_TMPDIR")" --virtual-time-budget=8000 \
	    --dump-dom "$url$1" 2>/dev/null
}

@test "the page says live while there is a hub, and no hub when it is away" {
	skip_without_browser
	start_ws
	[[ $(browse /) == *'id="state"'*'>live<'* ]]
	kill -KILL "$hub"
	wait_until 10 deep_is 503 away
	run browse /
	[[ $output == *'id="state"'*'>no hub<'* ]]
	[[ $output != *'>live<'* ]]
}

@test "the page shows the name that fits the filter first" {
	skip_without_browser
	start_ws
	event 1 | sed 's/"<b>.example"/"a.example","pineapple.example","b.example"/' >"$feed"
	wait_until 5 latest_is 1
	[[ $(browse /) == *'<td title="n1.example'*'>n1.example<span class="more"> and 3 more</span></td>'* ]]
	[[ $(browse '/#names=apple') == *'>pine<mark>apple</mark>.example<span class="more"> and 3 more</span></td>'* ]]
}

@test "the page follows its address when that names another filter" {
	skip_without_browser
	PATH=/usr/bin:$PATH python3 -c 'import websockets' 2>/dev/null || skip "no websockets of python3 here"
	start_ws
	event 1 | sed 's/"<b>.example"/"a.example","pineapple.example","b.example"/' >"$feed"
	wait_until 5 latest_is 1
	folder=$BATS_TEST_TMPDIR/browser
	spawn browser "$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
	    --disable-background-networking --disable-component-update --disable-sync \
	    --user-data-dir="$folder" --remote-debugging-port=0 "$url/#names=pear"
	wait_until 20 test -s "$folder/DevToolsActivePort"
	PATH=/usr/bin:$PATH python3 "$ROOT/tests/bats/address.py" "$folder" '#names=apple' \
	    '>pine<mark>apple</mark>.example'
}

@test "HEAD has the header of GET and no body" {
	start_ws
	for path in / /latest.json /metrics /health /page.js; do
		run curl -sI "$url$path"
		[[ $output == "HTTP/1.1 200 OK"*Content-Length:* ]]
	done
	# A body would stand before the second answer, or behind the last.
	exec {tcp}<>"/dev/tcp/127.0.0.1/$port"
	printf 'HEAD /latest.json HTTP/1.1\r\nHost: a\r\n\r\nHEAD / HTTP/1.1\r\n\r\n' >&$tcp
	run tr -d '\r' <&$tcp
	[ "$(grep -v '^[A-Z][A-Za-z-]*: ' <<<"$output")" = $'HTTP/1.1 200 OK\n\nHTTP/1.1 400 Bad Request' ]
}

@test "other paths, methods and bodies are refused in plain words" {
	start_ws
	[ "$(status_of "$url/nothing")" = 404 ]
	[ "$(status_of "$url/full-stream/metrics")" = 404 ]
	[ "$(status_of -X DELETE "$url/")" = 405 ]
	[ "$(status_of -X GET -d body "$url/latest.json")" = 413 ]
	[ "$(status_of "$url/full-stream")" = 426 ]
	[ "$(status_of "$url/domains-only/?q")" = 426 ]
	[[ $(curl -s "$url/full-stream") == *"WebSocket client"* ]]
	[ "$(status_of -H "X: $(head -c 9000 /dev/zero | tr '\0' x)" "$url/")" = 431 ]
}

@test "a method that is not answered gets 405 with a body too, and the body is not taken for a request" {
	start_ws
	for path in / /full-stream /latest.json /health; do
		[ "$(status_of -d body "$url$path")" = 405 ]
		[ "$(status_of -X PUT -H 'Transfer-Encoding: chunked' -d body "$url$path")" = 405 ]
	done
	[ "$(status_of -d body "$url/nothing")" = 404 ]
	exec {tcp}<>"/dev/tcp/127.0.0.1/$port"
	printf 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 36\r\n\r\nGET /health HTTP/1.1\r\nHost: a\r\n\r\n\r\n' >&$tcp
	run tr -d '\r' <&$tcp
	[ "$(grep -c '^HTTP/1.1 ' <<<"$output")" = 1 ]
	[[ $output == "HTTP/1.1 405 "*"Allow: GET, HEAD"*"Connection: close"* ]]
}

@test "426 names the upgrade in its only Connection field" {
	start_ws
	fields=$(curl -si "$url/full-stream" | tr -d '\r')
	[ "$(grep -i '^connection:' <<<"$fields")" = 'Connection: Upgrade, keep-alive' ]
	[ "$(grep -i '^upgrade:' <<<"$fields")" = 'Upgrade: websocket' ]
	fields=$(curl -si -H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 8' "$url/" | tr -d '\r')
	[ "$(grep -i '^connection:' <<<"$fields")" = 'Connection: Upgrade, close' ]
}

@test "data may be read from other sites, metrics and page may not" {
	start_ws
	for path in /latest.json /example.json /domains-only/latest.json; do
		[[ $(curl -sI "$url$path") == *"Access-Control-Allow-Origin: *"* ]]
	done
	for path in / /metrics /health; do
		[[ $(curl -sI "$url$path") != *Access-Control* ]]
	done
}

@test "requests on one connection are answered in turn" {
	start_ws
	exec {tcp}<>"/dev/tcp/127.0.0.1/$port"
	printf 'GET /health HTTP/1.1\r\nHost: a\r\n\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\nGET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n' >&$tcp
	run cat <&$tcp
	[ "$(grep -o 'HTTP/1.1 [0-9]*' <<<"$output" | tr '\n' ' ')" = 'HTTP/1.1 200 HTTP/1.1 404 HTTP/1.1 200 ' ]
}

@test "a client of HTTP/1.0 is told whether the connection stays" {
	start_ws
	exec {tcp}<>"/dev/tcp/127.0.0.1/$port"
	printf 'GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /health HTTP/1.0\r\n\r\n' >&$tcp
	run cat <&$tcp
	[ "$(grep -o 'Connection: [a-z-]*' <<<"$output" | tr '\n' ' ')" = 'Connection: keep-alive Connection: close ' ]
}

@test "metrics have the names of certstream-server-go, from 0 on" {
	start_ws
	metric 'certstreamservergo_certificates_total{type="precert"} 0'
	metric 'certstreamservergo_certificates_total{type="regular"} 0'
	for type in full lite domain; do
		clients "$type" 0
	done
	send 1 5
	wait_until 5 latest_is 5
	metric 'certstreamservergo_certificates_total{type="precert"} 3'
	metric 'certstreamservergo_certificates_total{type="regular"} 2'
	for name in ct_ws_skipped_total ct_ws_closed_total ct_ws_bus_holes_total; do
		curl -s "$url/metrics" | grep -q "^# TYPE $name counter"
	done
}

@test "each stream sends its form of every certificate once, in order" {
	start_ws
	local sinks=()
	sink lite -c 3000 -t 30 /
	sinks+=("$spawned")
	sink full -c 3000 -t 30 '/full-stream/?x=y'
	sinks+=("$spawned")
	sink domains -c 3000 -t 30 /domains-only/
	sinks+=("$spawned")
	for type in full lite domain; do
		wait_until 5 clients "$type" 1
	done
	send 1 3000
	for pid in "${sinks[@]}"; do
		ends 30 "$pid"
	done
	event 1 3000 >"$BATS_TEST_TMPDIR/sent"
	cd "$BATS_TEST_TMPDIR"
	# Full and lite texts end in LF, and wsload puts one behind each.
	grep . full.out | head -3000 | cmp - sent
	grep . lite.out | head -3000 | cmp - <(jq -c 'del(.data.chain, .data.leaf_cert.as_der)' sent)
	head -3000 domains.out | cmp - <(names_alone <sent)
}

@test "many clients get every certificate" {
	start_ws
	spawn many "$ROOT/bench/wsload" -n 300 -c 500 -t 30 127.0.0.1 "$port" /
	wait_until 10 clients lite 300
	send 1 500
	ends 30 "$spawned"
	metric 'ct_ws_skipped_total{stream="lite"} 0'
}

@test "a client that falls behind is told exactly how many it missed" {
	start_ws -r 64k
	sink slow -b 4096 -z 3 -c 60000 -t 180 /full-stream
	wait_until 5 clients full 1
	send 1 60000
	wait_until 60 latest_is 60000
	ends 180 "$spawned"
	# What it got and what it was told make up everything, in order.
	run jq -rn 'reduce inputs as $m ({next: 1, told: 0, good: true};
	    if $m.message_type == "skipped" then .told += $m.count | .next += $m.count
	    else .good = (.good and $m.data.cert_index == .next) | .next += 1 end) |
	    "\(.good) \(.next) \(.told > 1000)"' "$BATS_TEST_TMPDIR/slow.out"
	[ "$output" = 'true 60001 true' ]
	metric 'ct_ws_closed_total{cause="client"} 1'
}

@test "what a hub begun anew said before it was heard is told as missed" {
	start_ws
	sink one -c 111 -t 30 /full-stream
	local one=$spawned
	wait_until 5 clients full 1
	send 1 100
	wait_until 5 latest_is 100
	kill -TERM "$hub"
	wait_until 10 metric 'ct_ws_bus_connected 0'
	event 101 110 >"$BATS_TEST_TMPDIR/early"
	spawn_sh hub "(cat '$BATS_TEST_TMPDIR/early'; exec cat <>'$feed') | ct-hub -w 0"
	wait_until 10 metric 'ct_ws_bus_connected 1'
	send 111
	ends 30 "$one"
}

@test "pings are answered with their payload, texts are taken and ignored" {
	skip_without python3
	start_ws
	run python3 "$ROOT/tests/interop/frames.py" "$port" / 818000000000 @65536 89850000000068656c6c6f \
	    018100000000 61 808100000000 62 88820000000003e8
	[ "${lines[0]}" = 'pong hello' ]
	[ "${lines[1]}" = 'close 1000 ' ]
}

@test "a hundred pings at once get a hundred pongs" {
	skip_without python3
	start_ws
	run python3 "$ROOT/tests/interop/frames.py" "$port" / "$(printf '898200000000%s' {30..39}{30..39})" 88820000000003e8
	[ "${#lines[@]}" = 101 ]
	[ "${lines[0]} ${lines[99]}" = 'pong 00 pong 99' ]
	[ "${lines[100]}" = 'close 1000 ' ]
}

@test "a client that breaks the protocol is closed with the right code" {
	skip_without python3
	start_ws
	run python3 "$ROOT/tests/interop/frames.py" "$port" / 810161
	[[ $output == "close 1002 "*"not masked" ]]
	run python3 "$ROOT/tests/interop/frames.py" "$port" /full-stream c18000000000
	[[ $output == "close 1002 "*reserved* ]]
	run python3 "$ROOT/tests/interop/frames.py" "$port" /domains-only 81ff000000000400000100000000
	[[ $output == "close 1009 "* ]]
	run python3 "$ROOT/tests/interop/frames.py" "$port" / 818100000000ff
	[[ $output == "close 1007 "*UTF-8* ]]
	metric 'ct_ws_closed_total{cause="protocol"} 4'
}

@test "a bad handshake is refused" {
	start_ws
	upgrade=(-H 'Connection: Upgrade' -H 'Upgrade: websocket')
	[ "$(status_of "${upgrade[@]}" -H 'Sec-WebSocket-Version: 13' "$url/")" = 400 ]
	[ "$(status_of "${upgrade[@]}" -H 'Sec-WebSocket-Version: 8' -H 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==' "$url/")" = 426 ]
	[[ $(curl -si "${upgrade[@]}" -H 'Sec-WebSocket-Version: 8' "$url/") == *"Sec-WebSocket-Version: 13"* ]]
	[ "$(status_of "${upgrade[@]}" -H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Key: short' "$url/")" = 400 ]
}

@test "idle streams get a heartbeat, domains-only does not" {
	start_ws
	sink lite -t 12 /
	sink domains -t 12 /domains-only
	wait_until 15 grep -q heartbeat "$BATS_TEST_TMPDIR/lite.out"
	wait_until 15 ended "$spawned"
	[ "$(jq -r .message_type "$BATS_TEST_TMPDIR/lite.out" | sort -u)" = heartbeat ]
	[ "$(jq '.timestamp > 1700000000' "$BATS_TEST_TMPDIR/lite.out" | sort -u)" = true ]
	[ ! -s "$BATS_TEST_TMPDIR/domains.out" ]
	grep -q 'pings=[1-9]' "$BATS_TEST_TMPDIR/domains.err"
}

@test "a request that does not end in ten seconds is dropped" {
	start_ws
	exec {tcp}<>"/dev/tcp/127.0.0.1/$port"
	printf 'GET / HTTP/1.1\r\nHost: a\r\n' >&$tcp
	wait_until 15 metric 'ct_ws_timeouts_total 1'
	[ -z "$(cat <&$tcp)" ]
}

@test "more clients than asked for are refused with 503" {
	start_ws -m 3
	spawn two "$ROOT/bench/wsload" -n 2 -t 20 127.0.0.1 "$port" /
	wait_until 5 clients lite 2
	exec {tcp}<>"/dev/tcp/127.0.0.1/$port"
	wait_until 5 refused
}

refused()
{
	[ "$(status_of "$url/latest.json")" = 503 ]
}

@test "health and metrics answer also when there is no room for anybody else" {
	start_ws -m 1
	spawn one "$ROOT/bench/wsload" -n 1 -t 20 127.0.0.1 "$port" /
	wait_until 5 clients lite 1
	refused
	for _ in {1..10}; do
		[ "$(status_of "$url/health")" = 200 ]
	done
	metric 'ct_ws_refused_total{reason="max_clients"} 1'
}

@test "a client that is refused can send its request and then reads the 503" {
	start_ws -m 1
	exec {only}<>"/dev/tcp/127.0.0.1/$port"
	printf 'GET /health HTTP/1.1\r\nHost: a\r\n\r\n' >&$only
	read -r line <&$only
	[[ $line == 'HTTP/1.1 200 OK'* ]]
	files=$(open_files)
	exec {tcp}<>"/dev/tcp/127.0.0.1/$port"
	sleep 0.3
	# The first would be answered by a reset, and the second fail, had the connection been closed.
	printf 'GET / HTTP/1.1\r\n' >&$tcp
	sleep 0.1
	printf 'Host: a\r\n\r\n' >&$tcp
	[[ $(tr -d '\r' <&$tcp) == 'HTTP/1.1 503 Service Unavailable'*'Too many clients'* ]]
	# Many of them at once take no descriptors for long.
	for i in {1..40}; do
		exec {more}<>"/dev/tcp/127.0.0.1/$port"
	done
	[ "$(open_files)" -gt "$files" ]
	[ "$(open_files)" -le $((files + 16)) ]
	wait_until 5 has_open_files "$files"
}

# Prints how many descriptors ct-ws has; has_open_files N: they are that many.
open_files()
{
	local files=("/proc/$ws/fd"/*)

	echo "${#files[@]}"
}

has_open_files()
{
	[ "$(open_files)" = "$1" ]
}

@test "TERM closes every client with 1001 and ends with 0" {
	skip_without python3
	start_ws
	spawn py python3 "$ROOT/tests/interop/frames.py" "$port" /
	spawn many "$ROOT/bench/wsload" -n 50 -t 30 127.0.0.1 "$port" /domains-only
	wait_until 5 clients lite 1
	wait_until 5 clients domain 50
	kill -TERM "$ws"
	ends 3 "$ws"
	wait_until 3 grep -q '^close 1001 the server stops' "$BATS_TEST_TMPDIR/py.out"
	grep -q 'closed by the server' "$BATS_TEST_TMPDIR/many.err"
}
