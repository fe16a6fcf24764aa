#!/bin/sh
# Measures how long an event takes from the moment it is written to ct-hub until
# a WebSocket client has it, beside so many other clients that read, at 1,600
# events a second of 2 KiB; and what CPU time ct-ws takes meanwhile. The other clients let
# the kernel drop what comes, since on one machine what they do with it costs ct-ws time. The
# environment may choose the port in PORT.
set -eu
cd "$(dirname "$0")/.."
make -s -j2 all bench/wsload
port=${PORT:-18097}
seconds=${SECONDS_EACH:-10}
work=$(mktemp -d)
export CT_BUS="ipc://$work/bus"
trap 'kill $feed $ws 2>/dev/null || :; rm -rf "$work"' EXIT INT TERM
python3 bench/events.py 1600 1900 0 | ct-hub/ct-hub -q -w 0 &
feed=$!
ct-ws/ct-ws -q -p "$port" &
ws=$!
sleep 4
for clients in 10 100 300 1000; do
	printf '%-6s ' "$clients"
	bench/wsload -d -n "$clients" -t $((seconds + 3)) 127.0.0.1 "$port" / >"$work/load" &
	load=$!
	sleep 2
	python3 bench/stalled.py "$port" "$ws" 0 0 0 "$seconds"
	wait "$load" || cat "$work/load"
done
