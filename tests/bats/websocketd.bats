#!/usr/bin/env bats
# contrib/websocketd: the streams and /latest.json by websocketd and ct-latest, without ct-ws.

load setup
load serve

setup()
{
	cd "$BATS_TEST_TMPDIR" || return
	export CT_BUS=ipc://$BATS_TEST_TMPDIR/bus
	skip_without websocketd curl python3
	for python in python3 /usr/bin/python3; do
		"$python" -c 'import websockets' 2>/dev/null && break
	done || skip "no python3 with websockets here"
	port=$(free_port)
	start_hub
	wait_until 5 ct-latest -n 0
	spawn websocketd websocketd --port="$port" --address=127.0.0.1 --passenv=CT_BUS,PATH \
	    --cgidir="$ROOT/contrib/websocketd/cgi" "$ROOT/contrib/websocketd/stream"
	websocketd=$spawned
	wait_until 10 listens "$port"
}

# clients PATH MANY COUNT: connects so many clients, each of which writes the first COUNT
# messages that it gets to got.NUMBER.
clients()
{
	spawn clients "$python" -c '
import asyncio, sys, websockets

async def client(url, count, file):
    async with websockets.connect(url, max_size=None, open_timeout=60) as server:
        for _ in range(count):
            print(await asyncio.wait_for(server.recv(), 60), file=file)

async def main(url, many, count):
    files = [open(f"got.{i}", "w") for i in range(many)]
    await asyncio.gather(*(client(url, count, f) for f in files))

asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
' "ws://127.0.0.1:$port$1" "$2" "$3"
	clients=$spawned
}

followers()
{
	ct-latest -s status | jq -e "select(.stage == \"ct-hub\").readers == $1"
}

@test "twenty clients each get all events, in order" {
	clients / 20 1000
	wait_until 60 followers 20
	send 1 1000
	ends 60 "$clients"
	event 1 1000 | lite >wanted
	for i in $(seq 0 19); do
		jq -c . "got.$i" | cmp - wanted
	done
}

@test "the path chooses the stream" {
	send 1 3
	wait_until 5 sh -c 'ct-latest -n 1 | grep -q "\"cert_index\":3,"'
	clients /full-stream 1 3
	ends 20 "$clients"
	event 1 3 | cmp - got.0
	clients /domains-only 1 3
	ends 20 "$clients"
	jq -c . got.0 | cmp - <(event 1 3 | domains)
}

@test "a path that names no stream gets nothing" {
	send 1 3
	for path in '/nonsense' '/full-stream/x' '/-s'; do
		clients "$path" 1 1
		run ends 20 "$clients"
		[ ! -s got.0 ]
	done
}

@test "/latest.json has the newest events, a form of choice, and a tag" {
	send 1 3
	wait_until 5 sh -c 'ct-latest -n 1 | grep -q "\"cert_index\":3,"'
	at=http://127.0.0.1:$port/latest.json
	[ "$(curl -s "$at")" = "$(ct-latest -j)" ]
	[ "$(curl -s "$at?stream=domains" | jq -c '.messages[0].data')" = '["n3.example","t3.test"]' ]
	[ "$(curl -s "$at?-b+ipc:///nowhere" | jq '.messages | length')" = 3 ]
	[ "$(status_of "$at?stream=all")" = 400 ]
	tag=$(curl -si "$at" | tr -d '\r' | sed -n 's/^[Ee][Tt]ag: //p')
	[ -n "$tag" ]
	[ "$(status_of -H "If-None-Match: $tag" "$at")" = 304 ]
}

# unit_command FILE: the command of the unit, on the port of the test.
unit_command()
{
	sed -n '/^ExecStart=/{ :a; /\\$/{ N; ba; }; s/\\\n//g; s/^ExecStart=//p; }' "$1" |
	    sed "s/--port=8080/--port=$port --address=127.0.0.1/"
}

@test "the installed unit serves all paths of the recipe, with the tools that are installed with it" {
	kill "$websocketd"
	ends 5 "$websocketd" || :
	make -C "$ROOT" -s install PREFIX="$PWD/opt" >/dev/null
	command=$(unit_command opt/lib/systemd/system/ct-websocketd.service)
	[[ $command == *"$PWD/opt/libexec/ct/websocketd/stream" ]]
	grep -rl 'exec .*ct-latest' opt/libexec | wc -l | grep -qx 2
	send 1 3
	wait_until 5 sh -c 'ct-latest -n 1 | grep -q "\"cert_index\":3,"'
	# As systemd runs it: without the folders of the test in PATH.
	spawn unit env -i CT_BUS="$CT_BUS" PATH="$(dirname "$(command -v websocketd)"):/usr/bin:/bin" sh -c "exec $command"
	wait_until 10 listens "$port"
	for path in / /full-stream /domains-only; do
		clients "$path" 1 3
		ends 20 "$clients"
		mv got.0 "got${path//\//_}"
	done
	event 1 3 | lite | cmp - <(jq -c . got_)
	event 1 3 | cmp - got_full-stream
	event 1 3 | domains | cmp - <(jq -c . got_domains-only)
	[ "$(curl -s "http://127.0.0.1:$port/latest.json?stream=domains" | jq '.messages | length')" = 3 ]
	[ "$(status_of "http://127.0.0.1:$port/nonsense.json")" = 404 ]
}
