#!/bin/sh
# Measures how long an event takes from the moment it is written to ct-hub until a WebSocket client has it,
# beside so many other clients that read, at 1,600 events a second of 2 KiB; and what CPU time ct-ws takes
# meanwhile. ct-ws has one core, all others have the other. The other clients let the kernel drop what comes,
# since on one machine what they do with it costs ct-ws time. Moments in which the machine itself copies memory
# several times slower (bench/spells) are looked for meanwhile, and a second line leaves them out.
# The environment may choose the numbers of clients in CLIENTS, events a second in RATE, the port in PORT, and the workers of ct-ws in WORKERS, which
# then may run on all cores.
set -eu
cd "$(dirname "$0")/.."
make -s -j2 all bench/wsload bench/spells
port=${PORT:-18097}
seconds=${SECONDS_EACH:-10}
workers=${WORKERS:-1}
work=$(mktemp -d)
export CT_BUS="ipc://$work/bus"
trap 'kill $feed $ws 2>/dev/null || :; rm -rf "$work"' EXIT INT TERM
elsewhere='taskset -c 1'
here='taskset -c 0'
[ "$workers" = 1 ] || here='' elsewhere=''
$elsewhere python3 bench/events.py "${RATE:-1600}" 1900 0 | $elsewhere ct-hub/ct-hub -q -w 0 &
feed=$!
$here ct-ws/ct-ws -q -p "$port" -w "$workers" -m 15000 &
ws=$!
sleep 4
for clients in ${CLIENTS:-10 100 300 1000}; do
	printf '%-6s ' "$clients"
	$elsewhere bench/wsload -d -n "$clients" -t $((seconds + 3 + clients / 1000)) 127.0.0.1 "$port" / >"$work/load" &
	load=$!
	$elsewhere bench/spells $((seconds + 2 + clients / 1000)) >"$work/spells" &
	spells=$!
	sleep $((2 + clients / 1000))
	$elsewhere python3 bench/stalled.py "$port" "$ws" 0 0 0 "$seconds" "$work/spells"
	wait "$spells"
	wait "$load" || cat "$work/load"
done
