# ct-ws held to RFC 6455 by clients that do what is right and what is wrong. The cases are those of
# Autobahn's test suite (see tests/interop/rfc6455.py); what counts is that a connection is never
# closed wrongly and never left open wrongly.

load setup

setup()
{
	skip_without python3
	export CT_BUS=ipc://$BATS_TEST_TMPDIR/bus
	port=$(free_port)
	spawn ws ct-ws -q -p "$port"
	wait_until 10 listens "$port"
}

# holds GROUP...: succeeds when ct-ws does what is right in all cases of the groups.
holds()
{
	run python3 "$ROOT/tests/interop/rfc6455.py" "$port" / "$@"
	echo "$output"
	[ "$status" = 0 ]
}

on_the_bus()
{
	curl -s "http://127.0.0.1:$port/metrics" | grep -qxF 'ct_ws_bus_connected 1'
}

@test "texts and binary messages of any length and cut are taken" {
	holds framing
}

@test "pings get their pongs, and pongs go by" {
	holds pings
}

@test "reserved bits and unknown opcodes end the connection with 1002" {
	holds reserved opcodes
}

@test "fragments are put together, also with pings between, and misplaced ones end with 1002" {
	holds fragmentation
}

@test "a text that is not UTF-8 ends with 1007 as soon as that is certain" {
	holds utf8
}

@test "a Close is answered by its code, and a wrong one by 1002 or 1007" {
	holds closing
}

@test "messages of 16 MiB and a thousand at once go by, and one without end is refused" {
	holds limits
}

@test "compressed messages are taken after every kind of offer, and wrong ones refused" {
	holds compression
}

# An independent client, of Debian's python3-websockets. It reads the same events with compression
# and without, and sends what a push server ignores.
@test "websockets for Python reads the same with compression, and may send what it wants" {
	PATH=/usr/bin:$PATH
	python3 -c 'import websockets' 2>/dev/null || skip "no websockets of python3 here"
	mkfifo "$BATS_TEST_TMPDIR/feed"
	spawn_sh hub "exec ct-hub -q -w 0 <>'$BATS_TEST_TMPDIR/feed'"
	wait_until 10 on_the_bus
	run python3 "$ROOT/tests/interop/compressed.py" "$port" "$BATS_TEST_TMPDIR/feed"
	echo "$output"
	[ "$status" = 0 ]
	[[ $output == *"300 of 300"* ]]
}
