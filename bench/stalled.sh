#!/bin/sh
# Measures what clients that do not read cost ct-ws, and what a good client
# notices of them: bench/stalled.py has the columns. Events of 10 KiB come 200
# a second. The environment may choose the port in PORT.
set -eu
cd "$(dirname "$0")/.."
make -s -j2 all
port=${PORT:-18098}
work=$(mktemp -d)
export CT_BUS="ipc://$work/bus"
trap 'kill $feed $ws 2>/dev/null || :; rm -rf "$work"' EXIT INT TERM
python3 bench/events.py 200 2000 8000 | ct-hub/ct-hub -q -w 0 &
feed=$!
ct-ws/ct-ws -q -p "$port" &
ws=$!
sleep 4
for clients in "0 0 0" "0 1000 0" "3500 0 0" "3500 1000 0" "0 0 500"; do
	printf '%-12s ' "$clients"
	# shellcheck disable=SC2086 # three numbers
	python3 bench/stalled.py "$port" "$ws" $clients "${SECONDS_EACH:-20}"
	sleep 1
done
