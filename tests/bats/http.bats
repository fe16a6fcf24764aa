# The manners of HTTP, seen by curl and by raw bytes: targets, Host, methods, what pages of other sites may do.

load setup

# start_ws OPTION...: starts a hub that takes lines from $feed, and a ct-ws at $url that is connected to it.
start_ws()
{
	export CT_BUS=ipc://$BATS_TEST_TMPDIR/bus
	feed=$BATS_TEST_TMPDIR/feed
	mkfifo "$feed"
	spawn_sh hub "exec ct-hub -w 0 <>'$feed'"
	port=$(free_port)
	url=http://127.0.0.1:$port
	spawn ws ct-ws -p "$port" "$@"
	wait_until 10 metric 'ct_ws_bus_connected 1'
}

# metric 'NAME VALUE': succeeds when this is a line of /metrics.
metric()
{
	curl -s "$url/metrics" | grep -qxF "$1"
}

status_of()
{
	curl -s -o /dev/null -w '%{http_code}' "$@"
}

# raw 'BYTES': sends the bytes, in printf's writing, ends its side, and prints all that comes back.
raw()
{
	exec 9<>"/dev/tcp/127.0.0.1/$port"
	printf "$1" >&9
	timeout 5 cat <&9 | tr -d '\r'
	exec 9>&-
}

@test "a target in absolute form and one with escapes are routed as their plain path" {
	start_ws
	[[ $(raw 'GET http://elsewhere.example/health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n') == "HTTP/1.1 200 OK"*$'\n'OK ]]
	[ "$(status_of "$url/full%2Dstream")" = 426 ]
	[ "$(status_of "$url/%6Catest.json?x=%zz")" = 200 ]
	[ "$(status_of "$url/health%2Fdeep")" = 404 ]
}

@test "Host is demanded once and must be a host" {
	start_ws
	[[ $(raw 'GET /health HTTP/1.1\r\n\r\n') == "HTTP/1.1 400 "*"exactly one Host"* ]]
	[[ $(raw 'GET /health HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n') == "HTTP/1.1 400 "*"exactly one Host"* ]]
	[[ $(raw 'GET /health HTTP/1.1\r\nHost: a/b\r\n\r\n') == "HTTP/1.1 400 "*"no host in it"* ]]
	[[ $(raw 'GET /health HTTP/1.0\r\n\r\n') == "HTTP/1.1 200 "* ]]
}

@test "lines that end with LF alone are refused at once, also before an empty line in CRLF" {
	start_ws
	exec 9<>"/dev/tcp/127.0.0.1/$port"
	printf 'GET /health HTTP/1.0\n\n' >&9
	run timeout 5 tr -d '\r' <&9
	exec 9>&-
	[ "$status" = 0 ]
	[[ $output == "HTTP/1.1 400 "*"LF alone"* ]]
}

@test "health is the two letters that probes of certstream-server-rust compare with" {
	start_ws
	[ "$(curl -s "$url/health" | od -An -c | tr -d ' ')" = OK ]
	[[ $(curl -si "$url/health") == *"Content-Length: 2"* ]]
}

@test "a WebSocket whose Upgrade a proxy has not passed on is told so, and gets no page" {
	start_ws
	for path in / /full-stream; do
		run curl -si --http1.0 -H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==' "$url$path"
		[[ $output == "HTTP/1.1 426 "*"A proxy in between must pass these on."* ]]
	done
}

@test "requests that come together are answered in their order" {
	start_ws
	run raw 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\nGET /none HTTP/1.1\r\nHost: a\r\n\r\nHEAD /health HTTP/1.1\r\nHost: a\r\n\r\nGET /health HTTP/1.0\r\n\r\n'
	[ "$(grep -o '^HTTP/1.1 [0-9]*' <<<"$output" | cut -d' ' -f2 | tr '\n' ' ')" = '204 404 200 200 ' ]
	[ "$(tail -n 1 <<<"$output")" = OK ]
}

@test "OPTIONS says which methods there are, and has no content" {
	start_ws
	run curl -s -i -X OPTIONS "$url/metrics"
	[[ $output == "HTTP/1.1 204 "*"Allow: GET, HEAD, OPTIONS"* ]]
	[[ $output != *Content-Length* ]]
	[[ $output != *Access-Control* ]]
	[ "$(status_of -X OPTIONS "$url/none")" = 404 ]
}

@test "a preflight is granted for data and not for the metrics" {
	start_ws
	for path in / /full-stream /latest.json /domains-only/example.json; do
		run curl -s -i -X OPTIONS -H 'Origin: https://a.example' -H 'Access-Control-Request-Method: GET' "$url$path"
		[[ $output == "HTTP/1.1 204 "* ]]
		[[ $output == *"Access-Control-Allow-Origin: *"* ]]
		[[ $output == *"Access-Control-Allow-Methods: GET, HEAD"* ]]
		[[ $output == *"Access-Control-Max-Age: "* ]]
	done
	run curl -s -i -X OPTIONS -H 'Origin: https://a.example' -H 'Access-Control-Request-Method: GET' "$url/metrics"
	[[ $output != *Access-Control* ]]
}

# send N: publishes an event with that number, of the log "A log".
send()
{
	printf '{"data":{"cert_index":%d,"cert_link":"","leaf_cert":{"all_domains":["n%d.example"]},"seen":1.5,"source":{"name":"A log","url":"https://log.example/a","timestamp":1.25,"type":"tiled"},"update_type":"PrecertLogEntry"},"message_type":"certificate_update"}\n' "$1" "$1" >"$feed"
}

@test "before the first certificate the example is made up and says so, and latest.json is empty" {
	start_ws
	for path in /full-stream /domains-only ''; do
		run curl -s -i "$url$path/example.json"
		[[ $output == "HTTP/1.1 200 "*"X-Certstream-Example: made-up"* ]]
		[ "$(curl -s "$url$path/latest.json")" = '{"messages":[]}' ]
	done
	[ "$(curl -s "$url/domains-only/example.json" | jq -c '[.message_type, .data[2]]')" = '["dns_entries","example.com (made up; no certificate has been seen yet)"]' ]
	[ "$(curl -s "$url/full-stream/example.json" | jq -c '[.message_type, .data.leaf_cert.subject.CN, (.data.chain | length)]')" = '["certificate_update","example.com (made up; no certificate has been seen yet)",1]' ]
	[ "$(curl -s "$url/full-stream/example.json" | jq -r .data.leaf_cert.as_der | base64 -d | sha256sum | cut -c1-64)" = "$(curl -s "$url/example.json" | jq -r '.data.leaf_cert.sha256 | gsub(":"; "") | ascii_downcase')" ]
	send 7
	wait_until 5 metric 'ct_ws_events_total 1'
	run curl -s -i "$url/example.json"
	[[ $output != *made-up* ]]
	[[ $output == *'"cert_index":7'* ]]
}

@test "a file of the page is not sent again to who names its ETag" {
	start_ws
	for path in / /page.css /page.js; do
		tag=$(curl -sI "$url$path" | tr -d '\r' | sed -n 's/^ETag: //p')
		[[ $tag == \"*\" ]]
		[ "$(status_of -H "If-None-Match: W/$tag" "$url$path")" = 304 ]
		[ "$(status_of -H "If-None-Match: \"other\"" "$url$path")" = 200 ]
		run raw "GET $path HTTP/1.1\r\nHost: a\r\nIf-None-Match: $tag\r\nConnection: close\r\n\r\n"
		[ "$(grep -c '^$' <<<"$output")" -le 1 ]
	done
}

@test "HEAD has the header of GET and no content, at every path" {
	start_ws
	send 1
	wait_until 5 metric 'ct_ws_events_total 1'
	for path in / /page.js /full-stream /latest.json /example.json /stats /health /health/deep /none; do
		run raw "HEAD $path HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
		[[ $output == "HTTP/1.1 "*"Content-Length: "*"Connection: "*close ]]
		[ "$(grep -c 'HTTP/1.1' <<<"$output")" = 1 ]
	done
}

@test "metrics come as OpenMetrics to who asks for it" {
	start_ws
	[[ $(curl -si "$url/metrics") == *"Content-Type: text/plain; version=0.0.4"* ]]
	run curl -si -H 'Accept: application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1' "$url/metrics"
	[[ $output == *"Content-Type: application/openmetrics-text; version=1.0.0"*"# EOF" ]]
}

@test "stats tell of streams and logs, to pages of other sites too" {
	start_ws
	send 1
	wait_until 5 metric 'ct_ws_events_total 1'
	run curl -si "$url/stats"
	[[ $output == *"Access-Control-Allow-Origin: *"* ]]
	[ "$(curl -s "$url/stats" | jq -c '[.hub, .events, .precert, .clients, .workers, .processed_certificates]')" = '["connected",1,1,0,{"log.example/a":1},1]' ]
	[[ $(curl -s "$url/stats") != *127.0.0.1* ]]
}

# says SED-PATTERN: succeeds when a line of /metrics matches.
says()
{
	curl -s "$url/metrics" | grep -q "$1"
}

@test "status records of a real feed become metrics, and promtool accepts them" {
	skip_without curl jq
	start_log -n 300 -l alder=rfc6962,birch=tiled
	export CT_BUS=ipc://$BATS_TEST_TMPDIR/bus
	port=$(free_port)
	url=http://127.0.0.1:$port
	spawn ws ct-ws -p "$port"
	spawn_sh feed "ct-fetch -q -S 1 -s 0 -L '$log_dir/log_list.json' --list-key '$log_dir/list-key.pem' |
	    ct-parse | ct-hub -S 1"
	wait_until 20 says "^ct_log_verified_entries{log=\"Test log 'alder'\",.*} 300$"
	wait_until 20 says "^ct_log_verified_entries{log=\"Test log 'birch'\",.*} 300$"
	wait_until 10 says '^certstreamservergo_certs_by_log_total{url="127.0.0.1:[0-9]*/alder",operator="North Wood"} 300$'
	says '^ct_fetch_answers_total{producer="[0-9a-f]*",outcome="good"} [1-9]'
	wait_until 10 says '^ct_parse_entries_total{producer="[0-9a-f]*"} [1-9]'
	wait_until 10 says '^ct_hub_events_total [1-9]'
	says "^certstream_ct_log_lag_entries{log=\"Test log 'birch'\"} 0$"
	says '^ct_log_head_proven{.*} 1$'
	[ "$(curl -s "$url/health/deep" | jq -c '[.status, .feed.logs, .feed.lagging]')" = '["ok",2,[]]' ]
	skip_without promtool
	curl -s "$url/metrics" | promtool check metrics
}

# unhealthy WORD: succeeds when /health/deep answers with 503 and has this word in its reason.
unhealthy()
{
	[ "$(status_of "$url/health/deep")" = 503 ] && [[ $(curl -s "$url/health/deep" | jq -r .why) == *"$1"* ]]
}

@test "a hub that brings no certificate for --stale seconds is bad health, until one comes" {
	start_ws -s 1
	wait_until 10 unhealthy 'no certificate has come from the hub for 1 seconds'
	[ "$(curl -s "$url/health/deep" | jq -r .hub)" = connected ]
	metric 'ct_ws_healthy 0'
	metric 'ct_ws_bus_connected 1'
	send 1
	wait_until 5 metric 'ct_ws_healthy 1'
}

@test "HEAD of a stream has its type and no length" {
	start_ws
	run raw 'HEAD /sse HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
	[[ $output == "HTTP/1.1 200 "*"Content-Type: text/event-stream"* ]]
	[[ $output != *Content-Length* ]]
	run raw 'HEAD /stream.ndjson HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
	[[ $output == "HTTP/1.1 200 "*"Content-Type: application/x-ndjson"* ]]
}

@test "a wrong stream is refused in words that pages of other sites can read" {
	start_ws
	run curl -si "$url/sse?stream=none"
	[[ $output == "HTTP/1.1 400 "*"Access-Control-Allow-Origin: *"* ]]
	[ "$(status_of -I "$url/sse?stream=none")" = 400 ]
	for query in stream=%zz 'stream=' seq=%4 since=% 'skipped=no'; do
		[ "$(status_of -m 1 "$url/sse?$query")" = 400 ]
	done
}
