#!/usr/bin/env bats
# Where ct-fetch has the issuers of a tiled log's certificates from, and what goes out without them.

bats_require_minimum_version 1.5.0
load setup

setup()
{
	cd "$BATS_TEST_TMPDIR" || return
	unset CT_CONTACT
	skip_without python3
	ct-log write -d folder -l dill -n 40 >/dev/null
	ct-log key -l dill >dill.pem
}

# start_server: serves folder/ at $server_url, below a first part of the path that says what
# becomes of its issuers: "late" gives each after 9 seconds. What it is asked goes to server.out.
start_server()
{
	local port

	port=$(free_port)
	cat >server.py <<-'EOT'
		import http.server, sys, time
		class Server(http.server.BaseHTTPRequestHandler):
		    def log_message(self, *a):
		        pass
		    def answer(self, status, body, **headers):
		        self.send_response(status)
		        for name, value in headers.items():
		            self.send_header(name.replace("_", "-"), value)
		        self.send_header("Content-Length", str(len(body)))
		        self.end_headers()
		        self.wfile.write(body)
		    def do_GET(self):
		        print(self.path, flush=True)
		        _, how, path = self.path.split("/", 2)
		        if "issuer/" in path and how == "late":
		            time.sleep(9)
		        try:
		            body = open("folder/" + path, "rb").read()
		        except OSError:
		            return self.answer(404, b"")
		        self.answer(200, body)
		http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Server).serve_forever()
	EOT
	spawn server python3 server.py "$port"
	wait_until 10 listens "$port"
	server_url=http://127.0.0.1:$port/
}

# fetch HOW OPTION...: all entries from the server.
fetch()
{
	local how=$1

	shift
	ct-fetch -u "$server_url$how/" -K dill.pem -t tiled -s 0 -o "$@"
}

# chains: for each entry record of standard input a line with its index, the SHA-256 of each
# certificate of its chain, a bar, and what its chain_missing names.
chains()
{
	python3 -c '
import base64, hashlib, json, sys
for line in sys.stdin:
    r = json.loads(line)
    extra = base64.b64decode(r["extra_data"])
    at, words = 0, [str(r["index"])]
    if base64.b64decode(r["leaf_input"])[11] == 1:
        at = 3 + int.from_bytes(extra[:3], "big")
    at += 3
    while at < len(extra):
        n = int.from_bytes(extra[at:at + 3], "big")
        words.append(hashlib.sha256(extra[at + 3:at + 3 + n]).hexdigest())
        at += 3 + n
    print(*words, "|", *r.get("chain_missing", []))'
}

# The whole chains, as the folder has them.
whole_chains()
{
	ct-fetch -q -u "file://$PWD/folder/" -K dill.pem -s 0 -o | chains
}

@test "an entry waits 5 seconds for its issuers and then names them in chain_missing" {
	whole_chains | sed 's/ |.*//' >want
	start_server
	SECONDS=0
	fetch late >out
	[ "$SECONDS" -ge 5 ]
	[ "$SECONDS" -lt 9 ]
	chains <out >got
	[ "$(grep -c '| [0-9a-f]' got)" -gt 30 ]
	sed 's/ | / /; s/ |$//' got | cmp - want
}

@test "ct-parse makes the same event of an entry with chain_missing as of one without" {
	ct-fetch -q -u "file://$PWD/folder/" -K dill.pem -s 0 -o >whole
	rm folder/issuer/*
	ct-fetch -q -u "file://$PWD/folder/" -K dill.pem -s 0 -o >out
	[ "$(grep -c '"chain_missing":\["[0-9a-f]' out)" -gt 30 ]
	ct-parse <out >events
	sed 's/,"chain_missing":[^]]*]//' out | ct-parse | cmp - events
	[ "$(jq -r .data.leaf_cert.sha256 events)" = "$(ct-parse <whole | jq -r .data.leaf_cert.sha256)" ]
}
