#!/bin/sh
# Measures how many messages and bytes a second ct-ws sends to many clients
# from one core, and how much memory it needs. wsfeed stands for ct-ws in all
# rows but the last, without the bus, at full speed and at a steady pace; the
# last row is ct-ws itself behind ct-hub. The clients are wsload, on another
# core. The environment may choose the port in PORT.
# shellcheck disable=SC2086 # pids is a list
set -eu
cd "$(dirname "$0")/.."
make -s -j2 all bench/wsfeed bench/wsload
port=${PORT:-18099}
seconds=${SECONDS_EACH:-5}
work=$(mktemp -d)
pids=
trap 'kill $pids 2>/dev/null || :; rm -rf "$work"' EXIT INT TERM

# value KEY FILE: what stands behind KEY= in the file.
value() {
	sed -n "s,.*$1=\([^ ]*\).*,\1,p" "$2"
}

row() {
	printf '%-8s %-6s %-8s %-10s %-12s %-8s %-8s %-10s %s\n' "$@"
}

# feed STREAM PATH BYTES CLIENTS EVENTS-A-SECOND: measures wsfeed; 0 events is full speed.
feed() {
	taskset -c 0 bench/wsfeed -p "$port" -s "$3" -n "$4" -r "$5" -t $((seconds + 10)) \
	    >"$work/feed" 2>&1 &
	pids=$!
	sleep 0.5
	taskset -c 1 bench/wsload -n "$4" -t "$seconds" 127.0.0.1 "$port" "$2" >"$work/load"
	wait "$pids" || :
	pids=
	row "$1" "$3" "$4" "$([ "$5" = 0 ] && echo full || echo "$5/s")" \
	    "$(value messages/s "$work/load")" "$(value GB/s "$work/load")" \
	    "$(value cpu "$work/feed")" "$(value us/message "$work/feed")" "$(value rss "$work/feed")"
}

# bus STREAM PATH BYTES CLIENTS EVENTS-A-SECOND: measures ct-ws behind ct-hub.
bus() {
	export CT_BUS="ipc://$work/bus"
	bench/wsfeed -s "$3" -r "$5" -t $((seconds + 10)) -o | ct-hub/ct-hub -q -w 0 &
	pids=$!
	taskset -c 0 ct-ws/ct-ws -q -p "$port" &
	ws=$!
	pids="$pids $ws"
	sleep 1
	taskset -c 1 bench/wsload -n "$4" -t "$seconds" 127.0.0.1 "$port" "$2" >"$work/load" &
	sleep 1
	before=$(awk '{ print $14 + $15 }' "/proc/$ws/stat")
	sleep $((seconds - 2))
	after=$(awk '{ print $14 + $15 }' "/proc/$ws/stat")
	rss=$(awk '/VmRSS/ { print $2 "K" }' "/proc/$ws/status")
	wait $!
	kill $pids
	wait $pids 2>/dev/null || :
	pids=
	row "$1" "$3" "$4" "$5/s bus" "$(value messages/s "$work/load")" \
	    "$(value GB/s "$work/load")" "$(((after - before) / (seconds - 2)))%" - "$rss"
}

echo "ct-ws, one core; us is its CPU time a delivered message:"
row stream bytes clients pace messages/s GB/s cpu us rss
feed lite / 2048 100 0
feed lite / 2048 1000 0
feed lite / 2048 5000 0
feed full /full-stream 10240 1000 0
feed domains /domains-only 150 1000 0
feed lite / 2048 1000 400
feed full /full-stream 10240 1000 400
bus lite / 2048 1000 400
