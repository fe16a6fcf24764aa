#!/usr/bin/env bats
# ct-fetch and servers whose answers are slow, packed, broken, endless or lead elsewhere.

bats_require_minimum_version 1.5.0
load setup

setup()
{
	skip_without python3
	cd "$BATS_TEST_TMPDIR" || return
	unset CT_CONTACT
}

# start_faults: in front of the running log, at $fault_url, a server whose paths begin with what is
# wrong with it, mostly with the first answer for each page. Each request goes to faults.out.
start_faults()
{
	local port

	port=$(free_port)
	cat >faults.py <<-'EOT'
		import gzip, http.server, sys, time, urllib.error, urllib.request, zlib
		seen, broken = set(), {}
		def deflate(body):
		    c = zlib.compressobj(wbits=-15)
		    return c.compress(body) + c.flush()
		packed = {
		    "gzip": (gzip.compress, "gzip"),
		    "bare": (gzip.compress, None),
		    "zlib": (zlib.compress, "deflate"),
		    "deflate": (deflate, "Deflate, identity"),
		    "lying": (bytes, "gzip"),
		}
		class Faults(http.server.BaseHTTPRequestHandler):
		    def log_message(self, *a):
		        pass
		    def head(self, status, n, **headers):
		        self.send_response(status)
		        for name, value in headers.items():
		            self.send_header(name.replace("_", "-"), value)
		        self.send_header("Content-Length", str(n))
		        self.end_headers()
		    def answer(self, status, body, **headers):
		        self.head(status, len(body), **headers)
		        self.wfile.write(body)
		    def drip(self, status, body, now, **headers):
		        self.head(status, len(body), **headers)
		        self.wfile.write(body[:now])
		        for c in body[now:]:
		            self.wfile.write(bytes([c]))
		            time.sleep(0.5)
		    def endless(self):
		        sent = 0
		        self.head(503, 1 << 40, Retry_After="1")
		        try:
		            while True:
		                sent += self.wfile.write(b"x" * 4096)
		        except OSError:
		            print("endless ended after", sent, flush=True)
		    def fail(self, fault, body):
		        if fault == "dripping":
		            self.drip(200, body, len(body) * 2 // 3)
		        elif fault == "refusing":
		            self.drip(429, b"x" * 5000, 10, Retry_After="1")
		        elif fault == "endless":
		            self.endless()
		        elif fault == "bogus":
		            self.answer(404, b"<html>", Content_Encoding="gzip")
		        elif fault == "cut":
		            body = gzip.compress(body)
		            self.head(200, len(body), Content_Encoding="gzip")
		            self.wfile.write(body[:len(body) * 2 // 3])
		        elif fault == "bomb":
		            self.answer(200, gzip.compress(bytes(300 << 20), 1), Content_Encoding="gzip")
		        elif fault == "silent":
		            time.sleep(300)
		    def do_GET(self):
		        print(self.path, flush=True)
		        _, fault, path = self.path.split("/", 2)
		        first = self.path not in seen
		        seen.add(self.path)
		        if fault == "away":
		            return self.answer(302, b"", Location="http://elsewhere.test/a\x1b[1m\xe9")
		        if fault == "round":
		            return self.answer(302, b"", Location=self.path)
		        if fault == "moved":
		            return self.answer(308, b"", Location="../" * path.count("/") + "../here/" + path)
		        try:
		            body = urllib.request.urlopen(sys.argv[2] + path).read()
		        except urllib.error.HTTPError as e:
		            return self.answer(e.code, b"")
		        fault, _, kind = fault.partition("-")
		        kinds = {"head": ["get-sth", "checkpoint"], "issuer": ["issuer/"],
		            "page": ["get-entries", "tile/data"]}[kind or "page"]
		        if first and any(k in path for k in kinds) and broken.get(fault, 0) < 3:
		            broken[fault] = broken.get(fault, 0) + 1
		            self.fail(fault, body)
		            if fault in ("dripping", "refusing", "endless", "bogus", "cut", "bomb", "silent"):
		                return
		        if fault in packed:
		            pack, name = packed[fault]
		            return self.answer(200, pack(body), **({"Content_Encoding": name} if name else {}))
		        self.answer(200, body)
		http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Faults).serve_forever()
	EOT
	spawn faults python3 faults.py "$port" "$log_url"
	wait_until 10 listens "$port"
	fault_url=http://127.0.0.1:$port/
}

# fetch_fault FAULT TYPE OPTION...: the log cedar behind that fault.
fetch_fault()
{
	ct-fetch -u "$fault_url$1/cedar/" -K "$log_dir/cedar.pem" -t "$2" -s 0 "${@:3}"
}

# The indexes in FILE are FROM..TO-1, each once and in order.
is_range()
{
	jq -r 'select(.message_type == "entry").index' "$1" >indexes
	seq "$2" "$(($3 - 1))" | cmp - indexes
}

# What of the entry records on stdin does not depend on where they came from.
content()
{
	jq -c '[.index, .leaf_input, .extra_data]'
}

# KiB of resident memory at most so far.
memory_peak()
{
	awk '/VmHWM/ { print $2 }' "/proc/$1/status"
}

# A minute for all of them together: they run side by side.
@test "answers that drip or never come are given up after half a minute, and asked for again" {
	start_log -l cedar=both -n 300
	start_faults
	for fault in dripping dripping-head refusing silent silent-head; do
		spawn $fault ct-fetch -u "$fault_url$fault/cedar/" -K "$log_dir/cedar.pem" -t rfc6962 -s 0 -o
		echo "$spawned" >>pids
	done
	spawn dripping-issuer ct-fetch -u "${fault_url}dripping-issuer/cedar/" -K "$log_dir/cedar.pem" \
	    -t tiled -s 0 -o
	echo "$spawned" >>pids
	while read -r pid; do
		ends 70 "$pid"
	done <pids
	for fault in dripping dripping-head refusing silent silent-head dripping-issuer; do
		is_range $fault.out 0 300
	done
	grep -q 'get-entries 0-299: HTTP 429; asking again' refusing.err
	grep -q 'get-entries 0-299: no answer for 30 s; asking again' silent.err
	grep -q 'get-sth: .* timed out' dripping-head.err
	# What had come of the page that dripped was kept.
	grep dripping/ faults.out | grep -q 'get-entries?start=[1-9]'
}

@test "an endless refusal is left at once, and counts as what its status says" {
	start_log -l cedar=both -n 300
	start_faults
	timeout 20 ct-fetch -u "${fault_url}endless/cedar/" -K "$log_dir/cedar.pem" -t rfc6962 -s 0 -o >out 2>err
	is_range out 0 300
	grep -q 'get-entries 0-299: HTTP 503; asking again' err
	# What the server got rid of lies in the buffers of the two sockets.
	sent=$(sed -n 's/^endless ended after //p' faults.out | sort -n | tail -n 1)
	[ "$sent" -lt 16000000 ]
}

@test "every kind of body may be packed, whatever the header says of it" {
	start_log -l cedar=both -n 300
	start_faults
	for type in rfc6962 tiled; do
		fetch_fault whole $type -q -o | content >want
		for fault in gzip bare zlib deflate lying; do
			fetch_fault $fault $type -q -o 2>err | content >out
			cmp want out
			[ ! -s err ]
		done
	done
	jq -r '.[2]' want | head -n 1 | base64 -d | tail -c 3 | od -An -tx1 >chain
	! grep -q '00 00 00' chain
	grep -q gzip/.*issuer/ faults.out
}

@test "a refusal whose Content-Encoding is wrong is no trouble of the connection" {
	start_log -l cedar=both -n 300
	start_faults
	fetch_fault bogus rfc6962 -o -S 1 >out 2>err
	is_range out 0 300
	grep -q 'get-entries 0-299: HTTP 404' err
}

@test "of a packed answer that is cut, the whole entries before the cut are used" {
	start_log -l cedar=both -n 300
	start_faults
	fetch_fault cut rfc6962 -q -o >out
	is_range out 0 300
	grep cut/ faults.out | grep 'get-entries?start=' | sed 's/.*start=//; s/&.*//' >starts
	[ "$(head -n 1 starts)" -eq 0 ]
	[ "$(sed -n 2p starts)" -gt 50 ]
	[ "$(grep -cx 0 starts)" -eq 1 ]
}

@test "a packed answer that would fill memory is stopped while it is unpacked" {
	start_log -l cedar=both -n 300
	start_faults
	spawn bomb ct-fetch -u "${fault_url}bomb-head/cedar/" -K "$log_dir/cedar.pem" -t rfc6962 -s 0
	wait_until 20 grep -q '"index":299,' bomb.out
	grep -q 'get-sth: the body is longer than 65536 bytes' bomb.err
	[ "$(memory_peak "$spawned")" -lt 24000 ]
	spawn page ct-fetch -u "${fault_url}bomb/cedar/" -K "$log_dir/cedar.pem" -t tiled -s 0
	wait_until 40 grep -q '"index":299,' page.out
	grep -q 'data tile 0-255: the body is longer than' page.err
	[ "$(memory_peak "$spawned")" -lt 200000 ]
}

@test "redirects are followed on the same host only, and told with where they lead" {
	start_log -l cedar=both -n 300
	start_faults
	fetch_fault moved rfc6962 -q -o >out
	is_range out 0 300
	run fetch_fault round rfc6962 -q -o
	[ "$status" -eq 111 ]
	[[ $output == *"get-sth: HTTP 302 leads to ${fault_url}round/cedar/ct/v1/get-sth; given up"* ]]
	[ "$(grep -c round faults.out)" -le 20 ]
	run fetch_fault away rfc6962 -q -o
	[ "$status" -eq 111 ]
	[[ $output == *'HTTP 302 leads to http://elsewhere.test/a\x1b[1m\xe9; given up'* ]]
}

@test "schemes and host names may be written in capitals" {
	start_log -l cedar=both -n 300
	for type in rfc6962 tiled; do
		ct-fetch -q -u "HTTP://LOCALHOST:${log_url##*:}cedar/" -K "$log_dir/cedar.pem" -t $type -s 0 -o >out
		is_range out 0 300
	done
	ct-log write -d folder -l dill -n 300 >/dev/null
	ct-log key -l dill >dill.pem
	ct-fetch -q -u "FILE://$PWD/folder/" -K dill.pem -s 0 -o >out
	is_range out 0 300
}

# start_tls: nginx in front of the running log, by TLS and HTTP/2, behind a gate at $tls_url. What
# nginx is asked goes to access.log. With no2 the gate breaks every connection that offers HTTP/2
# after its handshake; else, when a file named freeze is made, nothing more passes on the connections
# there are, which stay open.
start_tls()
{
	local tls gate

	skip_without nginx openssl
	tls=$(free_port)
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
	    -addext subjectAltName=DNS:localhost -keyout tls.key -out tls.pem 2>/dev/null
	cat >nginx.conf <<-EOT
		daemon off;
		pid $PWD/nginx.pid;
		error_log $PWD/error.log;
		events {}
		http {
		    access_log $PWD/access.log;
		    client_body_temp_path $PWD/body;
		    proxy_temp_path $PWD/proxy;
		    fastcgi_temp_path $PWD/fastcgi;
		    uwsgi_temp_path $PWD/uwsgi;
		    scgi_temp_path $PWD/scgi;
		    server {
		        listen 127.0.0.1:$tls ssl http2;
		        ssl_certificate $PWD/tls.pem;
		        ssl_certificate_key $PWD/tls.key;
		        location / { proxy_pass $log_url; }
		    }
		}
	EOT
	cat >gate.py <<-'EOT'
		import os, socket, sys, threading, time
		port, to, no2 = int(sys.argv[1]), int(sys.argv[2]), "no2" in sys.argv
		def frozen(began):
		    return os.path.exists("freeze") and os.path.getmtime("freeze") > began
		def pump(a, b, began, judged):
		    first = sent = 0
		    while data := a.recv(65536):
		        while frozen(began):
		            time.sleep(1)
		        first = first or len(data)
		        judged = judged and (sent > 0 or b"\x02h2" in data)
		        sent += len(data)
		        if judged and sent > first + 100:
		            break
		        b.sendall(data)
		    for s in (a, b):
		        try:
		            s.shutdown(socket.SHUT_RDWR)
		        except OSError:
		            pass
		def quiet(*args):
		    try:
		        pump(*args)
		    except OSError:
		        pass
		gate = socket.create_server(("127.0.0.1", port))
		while True:
		    a, _ = gate.accept()
		    b = socket.create_connection(("127.0.0.1", to))
		    for args in ((a, b, time.time(), no2), (b, a, time.time(), False)):
		        threading.Thread(target=quiet, args=args, daemon=True).start()
	EOT
	spawn nginx nginx -p "$PWD" -c "$PWD/nginx.conf"
	wait_until 10 listens "$tls"
	gate=$(free_port)
	spawn gate python3 gate.py "$gate" "$tls" "$@"
	wait_until 10 listens "$gate"
	tls_url=https://localhost:$gate/
}

# The index of the newest entry in FILE, or -1.
newest()
{
	local last

	last=$(grep -c '"message_type":"entry"' "$1") || :
	echo $((last - 1))
}

has_grown()
{
	[ "$(newest "$1")" -gt "$2" ]
}

@test "a connection that has gone silent is left by all that use it" {
	start_log -l cedar=rfc6962 -n 100 -r 30
	start_tls
	spawn fetch env SSL_CERT_FILE="$PWD/tls.pem" ct-fetch -u "${tls_url}cedar/" -K "$log_dir/cedar.pem" \
	    -t rfc6962 -s 0 --poll 0.5
	wait_until 20 has_grown fetch.out 120
	grep -q 'HTTP/2.0" 200' access.log
	touch freeze
	sleep 2
	reached=$(newest fetch.out)
	wait_until 60 has_grown fetch.out $((reached + 100))
	kill -TERM "$spawned"
	ends 5 "$spawned"
	is_range fetch.out 0 $(($(newest fetch.out) + 1))
}

@test "HTTP/1.1 is used where HTTP/2 is offered and does not work" {
	start_log -l cedar=rfc6962 -n 300
	start_tls no2
	SSL_CERT_FILE=$PWD/tls.pem ct-fetch -u "${tls_url}cedar/" -K "$log_dir/cedar.pem" -t rfc6962 \
	    -s 0 -o >out 2>err
	is_range out 0 300
	grep -q 'get-sth HTTP/1.1" 200' access.log
	! grep -q 'HTTP/2.0' access.log
}

# shows FILE: nginx, which takes a new certificate a moment after HUP, shows that of FILE.
shows()
{
	at=${tls_url#https://}
	cmp -s <(openssl s_client -connect "${at%%/*}" </dev/null 2>/dev/null | openssl x509 -outform der) \
	    <(openssl x509 -outform der -in "$1")
}

@test "a server whose certificate does not verify is told, and followed once one does" {
	start_log -l cedar=rfc6962 -n 100
	start_tls
	cp tls.pem good.pem
	cp tls.key good.key
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
	    -addext subjectAltName=DNS:localhost -keyout tls.key -out tls.pem 2>/dev/null
	kill -HUP "$(cat nginx.pid)"
	wait_until 10 shows tls.pem
	spawn fetch env SSL_CERT_FILE="$PWD/good.pem" ct-fetch -u "${tls_url}cedar/" -K "$log_dir/cedar.pem" \
	    -t rfc6962 -s 0 --poll 0.5
	wait_until 20 grep -q 'cedar.*certificate' fetch.err
	! [ -s fetch.out ]
	! grep -q get- access.log
	cp good.pem tls.pem
	cp good.key tls.key
	kill -HUP "$(cat nginx.pid)"
	wait_until 60 has_grown fetch.out 98
	is_range fetch.out 0 100
}
