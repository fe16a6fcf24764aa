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
