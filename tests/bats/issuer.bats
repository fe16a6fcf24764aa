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

# start_server: serves this folder at $server_url, below a first part of the path that says what
# becomes of the issuers in it: each comes "late", after 9 seconds, or "encoded" in gzip, or
# "zipped", which is the same without a Content-Encoding, or "swapped" for another one; "none"
# are there; and "all" come as they are. What it is asked goes to server.out.
start_server()
{
	local port

	port=$(free_port)
	cat >server.py <<-'EOT'
		import glob, gzip, http.server, os, sys, time
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
		        headers = {}
		        issuer = "/issuer/" in path
		        if issuer and how == "late":
		            time.sleep(9)
		        if issuer and how == "swapped":
		            beside = sorted(glob.glob(os.path.dirname(path) + "/*"))
		            path = beside[beside.index(path) - 1]
		        try:
		            body = open(path, "rb").read()
		        except OSError:
		            return self.answer(404, b"")
		        if issuer and how == "none":
		            return self.answer(404, b"")
		        if issuer and how in ("encoded", "zipped"):
		            body = gzip.compress(body)
		        if issuer and how == "encoded":
		            headers = { "Content_Encoding": "gzip" }
		        self.answer(200, body, **headers)
		http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Server).serve_forever()
	EOT
	spawn "${1:-server}" python3 server.py "$port"
	wait_until 10 listens "$port"
	server_url=http://127.0.0.1:$port/
}

# fetch HOW OPTION...: all entries from the server.
fetch()
{
	local how=$1

	shift
	ct-fetch -u "$server_url$how/folder/" -K dill.pem -t tiled -s 0 -o "$@"
}

# chains: for each entry record of standard input a line with its index, the SHA-256 of each
# certificate of its chain, a bar, and what its chain_missing names.
chains()
{
	python3 -c '
import base64, hashlib, json, sys
for line in sys.stdin:
    r = json.loads(line)
    if r["message_type"] != "entry":
        continue
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

# write_fern N: the log fern of N entries in the folder of its name, beside the log dill.
write_fern()
{
	ct-log write -d fern -l fern -n "$1" >/dev/null
	ct-log key -l fern >fern.pem
}

# begin_beside URL: begins to follow the log dill at URL, and fern at $server_url, which has no checkpoint yet.
begin_beside()
{
	mv fern/checkpoint checkpoint
	spawn fetch ct-fetch -u "$1" -K dill.pem -t tiled \
	    -u "${server_url}all/fern/" -K fern.pem -t tiled -s 0 --poll 0.2
}

# fern_is_whole LAST SECONDS: gives fern its checkpoint, and compares the chains of its entries up to the index
# LAST, which come within SECONDS, with the file want.
fern_is_whole()
{
	mv checkpoint fern
	wait_until "$2" grep -q "/all/fern/.*\"index\":$1," fetch.out
	grep /all/fern/ fetch.out | chains | cmp - want
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

@test "an issuer is read in gzip, whether its encoding is named or not" {
	whole_chains >want
	start_server
	fetch encoded | chains | cmp - want
	fetch zipped | chains | cmp - want
}

@test "another certificate in an issuer's place is told with both hashes, and asked for at other logs" {
	local swapped

	write_fern 600
	whole_chains >want
	start_server
	swapped=$server_url
	start_server honest
	ct-fetch -u "${swapped}swapped/folder/" -K dill.pem -u "${server_url}all/fern/" -K fern.pem \
	    -s 0 -o >out 2>err
	jq -c --arg from "$swapped" 'select(.message_type == "entry" and (.source.url | startswith($from)))' out | chains | cmp - want
	[ "$(grep -c '"message_type":"entry"' out)" -eq 640 ]
	grep '/issuer/[0-9a-f]*: static-ct-api: it does not hash to its name but to [0-9a-f]*$' err >told
	while read -r _ _ url rest; do
		test -s "folder/issuer/$(basename "${url%:}")"
		test -s "folder/issuer/${rest##* }"
	done <told
}

@test "an issuer that one log does not have is not missing in the chains of another" {
	local none

	write_fern 40
	ct-fetch -q -u "file://$PWD/fern/" -K fern.pem -s 0 -o | chains >want
	start_server
	none=$server_url
	start_server honest
	begin_beside "${none}none/folder/"
	wait_until 30 sh -c '[ "$(grep -c "chains go out without it" fetch.err)" -ge 3 ]'
	fern_is_whole 39 20
}

@test "issuers are fetched once: the next run takes them from the state folder" {
	whole_chains >want
	start_server
	fetch all -d state >/dev/null
	[ "$(find state/issuers -type f | wc -l)" -gt 3 ]
	for issuer in state/issuers/*; do
		[ "$(sha256sum <"$issuer")" = "$(basename "$issuer")  -" ]
	done
	rm state/mark
	: >server.out
	fetch none -d state | chains | cmp - want
	! grep issuer/ server.out
}

@test "a kept issuer that was damaged is told, removed and fetched again" {
	whole_chains >want
	start_server
	fetch all -d state >/dev/null
	rm state/mark
	for issuer in state/issuers/*; do
		echo damaged >"$issuer"
	done
	fetch all -d state 2>err | chains | cmp - want
	grep -q "issuers/[0-9a-f]*: its SHA-256 is $(echo damaged | sha256sum | cut -c 1-64); removed" err
	for issuer in state/issuers/*; do
		[ "$(sha256sum <"$issuer")" = "$(basename "$issuer")  -" ]
	done
}

@test "issuers that cannot be kept are told once, and the run goes on" {
	whole_chains >want
	start_server
	mkdir state
	touch state/issuers
	fetch all -d state 2>err | chains | cmp - want
	[ "$(grep -c issuers err)" -eq 1 ]
}

# hostile_chains FOLDER: gives each leaf of its data tiles 32 issuers that nobody has. The tree does not
# cover chains, so the log's signatures still hold.
hostile_chains()
{
	python3 - "$1" <<-'EOT'
		import glob, os, sys
		for name in glob.glob(sys.argv[1] + "/tile/data/**", recursive=True):
		    if not os.path.isfile(name):
		        continue
		    tile, out, at = open(name, "rb").read(), b"", 0
		    def opaque(at, size):
		        return at + size + int.from_bytes(tile[at:at + size], "big")
		    while at < len(tile):
		        begin, precert = at, tile[at + 9] == 1
		        at = opaque(opaque(at + 10 + 32 * precert, 3), 2)
		        at = opaque(at, 3) if precert else at
		        out += tile[begin:at] + (32 * 32).to_bytes(2, "big") + os.urandom(32 * 32)
		        at = opaque(at, 2)
		    open(name, "wb").write(out)
	EOT
}

# beside_hostile HOW: the log fern has its whole chains though a log beside it names 8,192 issuers a tile,
# which its server answers as HOW says.
beside_hostile()
{
	local hostile

	write_fern 600
	ct-fetch -q -u "file://$PWD/fern/" -K fern.pem -s 0 -o | chains >want
	rm -r folder
	ct-log write -d folder -l dill -n 600 >/dev/null
	hostile_chains folder
	start_server
	hostile=$server_url
	start_server honest
	begin_beside "$hostile$1/folder/"
	wait_until 30 sh -c '[ "$(grep -c /issuer/ server.out)" -ge 4 ]'
	fern_is_whole 599 30
	grep -q "$1/folder/: it names more issuers than can be waited for" fetch.err
}

@test "a log that names issuers without end, and keeps silent about them, costs another log no chain" {
	beside_hostile late
}

@test "a log that names issuers without end, and has none, costs another log no chain" {
	beside_hostile none
}
