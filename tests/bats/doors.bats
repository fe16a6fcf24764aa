# Who may come in to ct-ws, and from where: addresses, limits, proxies, tokens, Unix sockets.

load setup
load doors

setup()
{
	skip_without curl python3
}

# raw BYTES...: sends the bytes, which printf makes, to $port, and prints the first line of the answer.
raw()
{
	python3 - "$port" "$1" <<-'END'
	import socket, sys
	s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=20)
	s.sendall(sys.argv[2].encode("latin-1").decode("unicode_escape").encode("latin-1"))
	print(s.makefile("rb").readline().decode().strip())
	END
}

@test "several addresses and a Unix socket are listened on" {
	start_ws -a 127.0.0.1 -a 127.0.0.2 -a "unix:$BATS_TEST_TMPDIR/socket"
	[ "$(curl -s "http://127.0.0.1:$port/health")" = OK ]
	[ "$(curl -s "http://127.0.0.2:$port/health")" = OK ]
	[ "$(curl -s --unix-socket "$BATS_TEST_TMPDIR/socket" http://x/health)" = OK ]
	kill "$ws"
	ends 10 "$ws"
	[ ! -e "$BATS_TEST_TMPDIR/socket" ]
}

@test "the socket of a killed server is replaced, that of a living one is not" {
	start_ws -a "unix:$BATS_TEST_TMPDIR/socket"
	kill -KILL "$ws"
	wait_until 10 ended "$ws"
	[ -S "$BATS_TEST_TMPDIR/socket" ]
	spawn again ct-ws -a "unix:$BATS_TEST_TMPDIR/socket"
	wait_until 10 grep -q listening "$BATS_TEST_TMPDIR/again.err"
	run ct-ws -a "unix:$BATS_TEST_TMPDIR/socket"
	[ "$status" -eq 111 ]
	[[ $output == *"cannot listen on unix:"*"already in use"* ]]
	[ "$(curl -s --unix-socket "$BATS_TEST_TMPDIR/socket" http://x/health)" = OK ]
}

@test "a socket that the service manager has opened is listened on" {
	skip_without systemd-socket-activate
	export CT_BUS=ipc://$BATS_TEST_TMPDIR/bus
	port=$(free_port)
	spawn ws systemd-socket-activate -l "127.0.0.1:$port" "$ROOT/ct-ws/ct-ws" -p 1
	wait_until 10 listens "$port"
	[ "$(curl -s "http://127.0.0.1:$port/health")" = OK ]
	grep -q "listening on port $port" "$BATS_TEST_TMPDIR/ws.err"
}

@test "what does not fit together ends with 100" {
	run ct-ws --proxy-protocol
	[ "$status" -eq 100 ]
	[[ $output == *"--trust-proxy"* ]]
	run ct-ws --deny 10.0.0.1/8
	[ "$status" -eq 100 ]
	[[ $output == *"--deny 10.0.0.1/8: the address has bits behind the prefix"* ]]
	run ct-ws -K key.pem
	[ "$status" -eq 100 ]
}

@test "an address that is denied gets 403, and one that is allowed comes in" {
	fetch=(curl -s --unix-socket "$BATS_TEST_TMPDIR/socket" http://x/metrics)
	start_ws -a 127.0.0.1 -a "unix:$BATS_TEST_TMPDIR/socket" --allow 127.0.0.8/29 --deny 127.0.0.0/8
	[ "$(status_of "$url/health")" = 403 ]
	[ "$(status_of --interface 127.0.0.9 "$url/health")" = 200 ]
	refused denied 1
}

@test "an address gets no more connections than --per-address" {
	fetch=(curl -s --interface 127.0.0.7 "$url/metrics")
	start_ws -a 127.0.0.1 --per-address 2
	fetch=(curl -s --interface 127.0.0.7 "$url/metrics")
	exec 5<>"/dev/tcp/127.0.0.1/$port" 6<>"/dev/tcp/127.0.0.1/$port"
	wait_until 10 eval '[ "$(status_of "$url/health")" = 429 ]'
	wait_until 10 refused per_address 1
	exec 5>&- 6>&-
	wait_until 10 eval '[ "$(status_of "$url/health")" = 200 ]'
}

@test "a trusted proxy names the client, and nobody else does" {
	start_ws -a 127.0.0.1 --trust-proxy 127.0.0.1 --deny 192.0.2.0/24 --per-address 1
	[ "$(status_of -H 'X-Forwarded-For: 192.0.2.7' "$url/health")" = 403 ]
	[ "$(status_of -H 'X-Forwarded-For: 192.0.2.7, 198.51.100.7' "$url/health")" = 200 ]
	[ "$(status_of -H 'X-Forwarded-For: 198.51.100.7' -H 'X-Forwarded-For: 192.0.2.7' "$url/health")" = 403 ]
	[ "$(status_of --interface 127.0.0.7 -H 'X-Forwarded-For: 192.0.2.7' "$url/health")" = 200 ]
}

@test "a connection of a proxy counts for the client of each request" {
	start_ws -a 127.0.0.1 --trust-proxy 127.0.0.1 --per-address 1
	exec 5<>"/dev/tcp/127.0.0.1/$port"
	printf 'GET /health HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 198.51.100.7\r\n\r\n' >&5
	read -r line <&5
	[[ $line == *" 200 "* ]]
	[ "$(status_of -H 'X-Forwarded-For: 198.51.100.7' "$url/health")" = 429 ]
	[ "$(status_of -H 'X-Forwarded-For: 198.51.100.8' "$url/health")" = 200 ]
	exec 5>&-
}

@test "a PROXY header names the client, in both versions" {
	start_ws -a 127.0.0.1 --trust-proxy 127.0.0.1 --proxy-protocol --deny 192.0.2.0/24
	request='GET /health HTTP/1.0\r\n\r\n'
	[[ $(raw "PROXY TCP4 198.51.100.7 127.0.0.1 1 2\r\n$request") == *" 200 "* ]]
	[[ $(raw "PROXY TCP4 192.0.2.7 127.0.0.1 1 2\r\n$request") == *" 403 "* ]]
	v2='\r\n\r\n\x00\r\nQUIT\n'
	[[ $(raw "$v2\x21\x11\x00\x0c\xc0\x00\x02\x07\x7f\x00\x00\x01\x00\x01\x00\x02$request") == *" 403 "* ]]
	[[ $(raw "$v2\x20\x00\x00\x00$request") == *" 200 "* ]]
	[[ $(raw "PROXY UNKNOWN\r\n$request") == *" 200 "* ]]
}

@test "a proxy without its header is refused, and who is none needs no header" {
	start_ws -a 127.0.0.1 --trust-proxy 127.0.0.1 --proxy-protocol
	[[ $(raw 'GET /health HTTP/1.0\r\n\r\n') == *" 400 "* ]]
	[ "$(status_of --interface 127.0.0.7 "$url/health")" = 200 ]
	fetch=(curl -s --interface 127.0.0.7 "$url/metrics")
	refused proxy_header 1
}

@test "without a token only the page and the health are there" {
	echo 'Zm9v/bar+1=' >"$BATS_TEST_TMPDIR/tokens"
	start_ws -a 127.0.0.1 --token-file "$BATS_TEST_TMPDIR/tokens"
	for path in / /page.js /health /nothing; do
		[ "$(status_of "$url$path")" != 401 ]
	done
	for path in /latest.json /example.json /metrics /full-stream/latest.json /sse /stream.ndjson; do
		[ "$(status_of "$url$path")" = 401 ]
	done
	curl -si "$url/latest.json" | grep -qi '^www-authenticate: Bearer realm="ct-ws"'
	[ "$(status_of -H 'Connection: Upgrade' -H 'Upgrade: websocket' "$url/")" = 401 ]
}

@test "a token opens the door, as a field and in the query" {
	printf '# ours\nZm9v/bar+1= name=me\n' >"$BATS_TEST_TMPDIR/tokens"
	start_ws -a 127.0.0.1 --token-file "$BATS_TEST_TMPDIR/tokens"
	[ "$(status_of -H 'Authorization: Bearer Zm9v/bar+1=' "$url/latest.json")" = 200 ]
	[ "$(status_of "$url/latest.json?token=Zm9v%2Fbar%2B1%3D")" = 200 ]
	[ "$(status_of -H 'Authorization: Bearer Zm9v/bar' "$url/latest.json")" = 401 ]
	[ "$(status_of "$url/latest.json?token=")" = 401 ]
	fetch=(curl -s -H 'Authorization: Bearer Zm9v/bar+1=' "$url/metrics")
	refused bad_token 1
	refused no_token 1
}

@test "a token is for its streams only, and for so many of them at once" {
	echo 'abc streams=lite max-clients=1' >"$BATS_TEST_TMPDIR/tokens"
	start_ws -a 127.0.0.1 --token-file "$BATS_TEST_TMPDIR/tokens"
	[ "$(status_of "$url/full-stream/latest.json?token=abc")" = 403 ]
	[ "$(status_of "$url/sse?stream=full&token=abc")" = 403 ]
	[ "$(status_of -I "$url/sse?stream=full&token=abc")" = 403 ]
	[ "$(status_of -I "$url/stream.ndjson?token=abc")" = 200 ]
	fetch=(curl -s "$url/metrics?token=abc")
	spawn reader curl -sN "$url/sse?token=abc"
	wait_until 10 eval '"${fetch[@]}" | grep -q "^ct_ws_connections 2"'
	wait_until 10 eval '[ "$(curl -s -m 1 -o /dev/null -w "%{http_code}" "$url/sse?token=abc")" = 429 ]'
	kill "$spawned"
	[ "$(status_of "$url/latest.json?token=abc")" = 200 ]
}

@test "a page of another site may read why it was refused" {
	echo 'abc streams=lite' >"$BATS_TEST_TMPDIR/tokens"
	start_ws -a 127.0.0.1 --token-file "$BATS_TEST_TMPDIR/tokens"
	for path in /latest.json '/sse?token=no' '/sse?stream=full&token=abc'; do
		run curl -s -i -H 'Origin: https://a.example' "$url$path"
		[[ $output == "HTTP/1.1 40"[13]" "*"Access-Control-Allow-Origin: *"* ]]
	done
}

@test "HUP reads the token file anew; a bad one keeps the old tokens and tells" {
	echo one >"$BATS_TEST_TMPDIR/tokens"
	start_ws -a 127.0.0.1 --token-file "$BATS_TEST_TMPDIR/tokens"
	printf 'two\nname=nobody\n' >"$BATS_TEST_TMPDIR/tokens"
	kill -HUP "$ws"
	wait_until 10 grep -q 'warning: token file .*: line 2: ' "$BATS_TEST_TMPDIR/ws.err"
	[ "$(status_of "$url/latest.json?token=one")" = 200 ]
	echo two >"$BATS_TEST_TMPDIR/tokens"
	kill -HUP "$ws"
	wait_until 10 grep -q 'is read anew' "$BATS_TEST_TMPDIR/ws.err"
	[ "$(status_of "$url/latest.json?token=one")" = 401 ]
	[ "$(status_of "$url/latest.json?token=two")" = 200 ]
}

@test "a stream ends when its token is taken away" {
	echo one >"$BATS_TEST_TMPDIR/tokens"
	start_ws -a 127.0.0.1 --token-file "$BATS_TEST_TMPDIR/tokens"
	spawn reader curl -sN "$url/sse?token=one"
	fetch=(curl -s "$url/metrics?token=one")
	wait_until 10 eval '"${fetch[@]}" | grep -q "^ct_ws_connections 2"'
	echo two >"$BATS_TEST_TMPDIR/tokens"
	kill -HUP "$ws"
	wait_until 10 ended "$spawned"
}

@test "a token file that cannot be read ends ct-ws with 111" {
	run ct-ws --token-file "$BATS_TEST_TMPDIR/nothing"
	[ "$status" -eq 111 ]
	: >"$BATS_TEST_TMPDIR/empty"
	run ct-ws --token-file "$BATS_TEST_TMPDIR/empty"
	[ "$status" -eq 111 ]
	[[ $output == *"there is no token in the file"* ]]
}

@test "an address that cannot be one is refused before anything is done" {
	run -100 ct-ws -a unix:
	[ "$output" = "ct-ws: usage: --address unix:: the path of the socket is missing" ]
	run -100 ct-ws -a ''
	[ "$output" = "ct-ws: usage: --address: the address is missing" ]
	run -100 ct-ws -a 127.0.0.1:80
	[ "$output" = "ct-ws: usage: --address 127.0.0.1:80: the port stands in --port" ]
}
