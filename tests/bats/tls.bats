# ct-ws with TLS: from the first connection, through new certificates, to handshakes that never end.

load setup
load doors

setup()
{
	skip_without curl openssl python3
	make_pair first
	cp "$BATS_TEST_TMPDIR/first.pem" "$BATS_TEST_TMPDIR/cert.pem"
	cp "$BATS_TEST_TMPDIR/first.key" "$BATS_TEST_TMPDIR/key.pem"
}

# start_tls OPTION...: starts a ct-ws that speaks TLS, at $secure.
start_tls()
{
	start_ws -a 127.0.0.1 -C "$BATS_TEST_TMPDIR/cert.pem" -K "$BATS_TEST_TMPDIR/key.pem" "$@"
	secure=https://localhost:$port
	fetch=(curl -s --cacert "$BATS_TEST_TMPDIR/first.pem" "$secure/metrics")
}

# shows NAME: succeeds when the certificate that is shown has this organization.
shows()
{
	openssl s_client -connect "127.0.0.1:$port" </dev/null 2>/dev/null | grep -q "O = $1,"
}

# put NAME: replaces the pair as a careless program does: one file after the other, in place.
put()
{
	cp "$BATS_TEST_TMPDIR/$1.pem" "$BATS_TEST_TMPDIR/cert.pem"
	cp "$BATS_TEST_TMPDIR/$1.key" "$BATS_TEST_TMPDIR/key.pem"
}

@test "HTTP is answered over TLS 1.3 and 1.2, with ALPN http/1.1" {
	start_tls
	run curl -sv --cacert "$BATS_TEST_TMPDIR/first.pem" "$secure/health"
	[ "$status" -eq 0 ]
	[[ $output == *OK* ]]
	[[ $output == *"TLSv1.3"* ]]
	[[ $output == *"server accepted http/1.1"* ]]
	[ "$(curl -s --tls-max 1.2 --cacert "$BATS_TEST_TMPDIR/first.pem" "$secure/health")" = OK ]
	run openssl s_client -connect "127.0.0.1:$port" -tls1_1 -cipher DEFAULT@SECLEVEL=0
	[ "$status" -ne 0 ]
}

@test "the metrics say when the certificate ends" {
	start_tls
	ends=$(date -d "$(openssl x509 -noout -enddate -in "$BATS_TEST_TMPDIR/first.pem" | cut -d= -f2)" +%s)
	curl -s --cacert "$BATS_TEST_TMPDIR/first.pem" "$secure/metrics" |
	    grep -qxF "ct_ws_certificate_end_timestamp_seconds $ends"
}

@test "a WebSocket over TLS gets events and 1001 at the end" {
	start_hub
	start_tls
	spawn reader python3 "$ROOT/tests/bats/wss.py" "$BATS_TEST_TMPDIR/first.pem" "$port" /full-stream 1000
	reader=$spawned
	wait_until 10 grep -q open "$BATS_TEST_TMPDIR/reader.out"
	for n in 1 2 3; do
		event "$n" >"$feed"
	done
	wait_until 10 grep -q '"cert_index":3,' "$BATS_TEST_TMPDIR/reader.out"
	kill "$ws"
	ends 10 "$reader"
	[ "$(grep -c certificate_update "$BATS_TEST_TMPDIR/reader.out")" -eq 3 ]
	[ "$(tail -1 "$BATS_TEST_TMPDIR/reader.out")" = "close 1001" ]
}

@test "what stands in one TLS record behind a filter that is compiled is read behind it" {
	start_tls
	[ "$(status_of -m 1 --cacert "$BATS_TEST_TMPDIR/first.pem" "$secure/sse?regex=a")" != 400 ] ||
	    skip "built without a library for patterns"
	run timeout 20 python3 "$ROOT/tests/bats/regexes.py" "$port" order "$BATS_TEST_TMPDIR/first.pem"
	[ "$status" -eq 0 ]
	[ "$output" = $'regex\npong\ndomain' ]
}

@test "a client that falls behind over TLS is skipped ahead to whole texts" {
	skip_without jq
	start_hub
	start_tls -r 64k
	spawn reader python3 "$ROOT/tests/bats/wss.py" "$BATS_TEST_TMPDIR/first.pem" "$port" /full-stream 100000 \
	    "$BATS_TEST_TMPDIR/go"
	wait_until 10 grep -q open "$BATS_TEST_TMPDIR/reader.out"
	for n in $(seq 3000); do
		event "$n"
	done >"$feed"
	wait_until 20 eval '[ "$(curl -s --cacert "$BATS_TEST_TMPDIR/first.pem" "$secure/example.json" | jq .data.cert_index)" = 3000 ]'
	: >"$BATS_TEST_TMPDIR/go"
	wait_until 20 grep -q '"cert_index":3000,' "$BATS_TEST_TMPDIR/reader.out"
	run jq -s 'map(select(.message_type == "skipped").count) + map(select(.data).data | 1) | add' \
	    <(grep -v -e '^open$' -e heartbeat "$BATS_TEST_TMPDIR/reader.out")
	[ "$output" = 3000 ]
	grep -q '"message_type":"skipped"' "$BATS_TEST_TMPDIR/reader.out"
}

@test "a large answer comes whole over TLS to one who reads slowly" {
	start_tls
	for path in /page.js /; do
		curl -s --limit-rate 20k --cacert "$BATS_TEST_TMPDIR/first.pem" "$secure$path" >"$BATS_TEST_TMPDIR/slow"
		curl -s --cacert "$BATS_TEST_TMPDIR/first.pem" "$secure$path" >"$BATS_TEST_TMPDIR/fast"
		cmp "$BATS_TEST_TMPDIR/slow" "$BATS_TEST_TMPDIR/fast"
	done
}

@test "plain HTTP on the port of TLS gets 400 and an end" {
	start_tls
	run curl -s -m 10 "http://localhost:$port/"
	[ "$status" -eq 0 ]
	[ "$output" = "This port speaks TLS." ]
	refused tls 1
}

@test "a Unix socket beside TLS is plain" {
	start_tls -a "unix:$BATS_TEST_TMPDIR/socket"
	[ "$(curl -s --unix-socket "$BATS_TEST_TMPDIR/socket" http://x/health)" = OK ]
}

@test "a new pair is used soon after it is complete, without a signal" {
	start_tls
	shows first
	make_pair second
	put second
	wait_until 10 shows second
	[ "$(curl -s --cacert "$BATS_TEST_TMPDIR/second.pem" "$secure/health")" = OK ]
}

@test "HUP reads the pair anew" {
	start_tls
	make_pair second
	put second
	kill -HUP "$ws"
	wait_until 10 shows second
}

@test "a pair that does not fit, or is half written, keeps the old one and tells" {
	start_tls
	make_pair second
	cp "$BATS_TEST_TMPDIR/second.key" "$BATS_TEST_TMPDIR/key.pem"
	wait_until 10 grep -q 'warning: key .*key.pem: .*the certificate before stays in use' "$BATS_TEST_TMPDIR/ws.err"
	shows first
	head -c 300 "$BATS_TEST_TMPDIR/second.pem" >"$BATS_TEST_TMPDIR/cert.pem"
	wait_until 10 grep -q 'warning: certificate .*cert.pem: ' "$BATS_TEST_TMPDIR/ws.err"
	shows first
	put second
	wait_until 10 shows second
}

@test "a pair that does not fit at the start ends with 111" {
	make_pair second
	run ct-ws -C "$BATS_TEST_TMPDIR/first.pem" -K "$BATS_TEST_TMPDIR/second.key"
	[ "$status" -eq 111 ]
	[[ $output == *"key values mismatch"* ]]
	run ct-ws -C "$BATS_TEST_TMPDIR/nothing.pem"
	[ "$status" -eq 111 ]
	[[ $output == *"No such file"* ]]
}

@test "a certificate and its key may be in one file" {
	cat "$BATS_TEST_TMPDIR/first.key" >>"$BATS_TEST_TMPDIR/cert.pem"
	start_ws -a 127.0.0.1 -C "$BATS_TEST_TMPDIR/cert.pem"
	[ "$(curl -s --cacert "$BATS_TEST_TMPDIR/first.pem" "https://localhost:$port/health")" = OK ]
}

@test "handshakes that are never finished are dropped in time, and others are served meanwhile" {
	start_tls
	spawn idle python3 -c "
import socket, sys, time
start = time.monotonic()
open_ = [socket.create_connection(('127.0.0.1', $port)) for _ in range(100)]
for s in open_[:50]:
    s.sendall(b'\\x16\\x03\\x01\\x02\\x00')
for s in open_:
    s.settimeout(30)
    try:
        while s.recv(100):
            pass
    except ConnectionResetError:
        pass
print('dropped after', int(time.monotonic() - start), flush=True)"
	wait_until 10 eval '"${fetch[@]}" | grep -q "^ct_ws_connections 101"'
	[ "$(curl -s -m 2 --cacert "$BATS_TEST_TMPDIR/first.pem" "$secure/health")" = OK ]
	wait_until 30 grep -q 'dropped after 1[0-3]' "$BATS_TEST_TMPDIR/idle.out"
	refused tls 100
}

# streams N: succeeds when N streams have been begun.
streams()
{
	[ "$(grep -c 'reads the stream' "$BATS_TEST_TMPDIR/ws.err")" = "$1" ]
}

@test "at the maximum a client is told so over TLS, and the health still answers; beyond four such it is closed" {
	start_tls -v -m 2
	for i in 1 2; do
		spawn "c$i" curl -sN --cacert "$BATS_TEST_TMPDIR/first.pem" "$secure/stream.ndjson"
	done
	wait_until 10 streams 2
	run curl -s -w ' %{http_code}' --cacert "$BATS_TEST_TMPDIR/first.pem" "$secure/latest.json"
	[ "$output" = $'Too many clients; come again.\n 503' ]
	[ "$(curl -s --cacert "$BATS_TEST_TMPDIR/first.pem" "$secure/health")" = OK ]
	run python3 - "$port" "$BATS_TEST_TMPDIR/first.pem" <<-'END'
	import socket, ssl, sys
	context = ssl.create_default_context(cafile=sys.argv[2])
	spare = [socket.create_connection(("127.0.0.1", int(sys.argv[1])), 20) for _ in range(4)]
	try:
	    context.wrap_socket(socket.create_connection(("127.0.0.1", int(sys.argv[1])), 20), server_hostname="localhost")
	except OSError as e:
	    print(type(e).__name__)
	END
	[ "$status" -eq 0 ]
	[[ $output == *Error* ]]
	wait_until 10 eval '"${fetch[@]}" | grep -q "^ct_ws_refused_total{reason=\"max_clients\"} [2-9]"'
}

@test "a PROXY header comes before TLS" {
	start_tls --trust-proxy 127.0.0.1 --proxy-protocol --deny 192.0.2.0/24
	run python3 - "$port" "$BATS_TEST_TMPDIR/first.pem" <<-'END'
	import socket, ssl, sys
	for client in "198.51.100.7", "192.0.2.7":
	    s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=20)
	    s.sendall(f"PROXY TCP4 {client} 127.0.0.1 1 2\r\n".encode())
	    try:
	        t = ssl.create_default_context(cafile=sys.argv[2]).wrap_socket(s, server_hostname="localhost")
	        t.sendall(b"GET /health HTTP/1.0\r\n\r\n")
	        print(t.makefile("rb").readline().decode().strip())
	    except OSError:
	        print("closed")
	END
	[ "${lines[0]}" = "HTTP/1.1 200 OK" ]
	[ "${lines[1]}" = closed ]
}
