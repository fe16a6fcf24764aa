#!/bin/sh
# What an event costs on its way: ct-fetch reads the tiles of our own log from files, ct-parse,
# ct-hub and ct-ws pass it on, and one WebSocket client reads /full-stream. Prints the microseconds
# of CPU time that each process took for an entry, in each of three runs.
# Then ct-hub alone, from a file to one ct-latest -f: events a second, beside cat, which copies the
# same bytes from the file through a pipe to another cat and does nothing else.
# The environment may choose how many entries there are, in ENTRIES, and the port in PORT.
set -eu
cd "$(dirname "$0")/.."
make -s -j2 all tests/log/ct-log bench/took bench/wsload
entries=${ENTRIES:-50000}
port=${PORT:-18096}
work=$(mktemp -d)
export CT_BUS="ipc://$work/bus"
pids=
# shellcheck disable=SC2086 # pids is a list
trap 'kill $pids 2>/dev/null || :; rm -rf "$work"' EXIT INT TERM

# spent PID: the CPU time that it has taken, in microseconds.
spent()
{
	awk -v hertz="$(getconf CLK_TCK)" '{ print ($14 + $15) / hertz * 1e6 }' "/proc/$1/stat"
}

# each NAME: of what bench/took wrote into the file NAME, the microseconds an entry.
each()
{
	awk '{ for (i = 2; i <= NF; i++) if ($i == "us") print $(i - 1) }' "$work/$1"
}

# chain: one run of all of them.
chain()
{
	ct-ws/ct-ws -q -p "$port" 2>/dev/null &
	ws=$!
	pids=$ws
	until bench/wsload -n 1 -t 0.1 127.0.0.1 "$port" /full-stream >/dev/null 2>&1; do
		sleep 0.1
	done
	bench/wsload -n 1 -t 300 -c "$entries" 127.0.0.1 "$port" '/full-stream?skipped=0' >"$work/load" &
	load=$!
	from=$(spent "$ws")
	bench/took "$entries" ct-fetch/ct-fetch -q -u "file://$work/log/" -K "$work/log/key.pem" -s 0 -o 2>"$work/fetch" |
	    bench/took "$entries" ct-parse/ct-parse -q 2>"$work/parse" |
	    bench/took "$entries" ct-hub/ct-hub -q -w 1 2>"$work/hub"
	wait "$load" || { cat "$work/load"; exit 1; }
	ws_each=$(awk -v a="$from" -v b="$(spent "$ws")" -v n="$entries" 'BEGIN { printf "%.2f", (b - a) / n }')
	kill "$ws"
	wait "$ws" || :
	printf '%8s %9s %9s %7s %6s\n' "$(each fetch)" "$(each parse)" "$(each hub)" "$ws_each" \
	    "$(echo "$(each fetch) $(each parse) $(each hub) $ws_each" | awk '{ print $1 + $2 + $3 + $4 }')"
}

# alone: the events through ct-hub to a reader of the bus.
alone()
{
	ct-latest/ct-latest -q -f -n 0 >"$work/got" 2>/dev/null &
	pids=$!
	bench/took "$entries" ct-hub/ct-hub -q -w 1 <"$work/events" 2>"$work/alone"
	until [ "$(tail -n 1 "$work/got" | cksum)" = "$last" ]; do
		sleep 0.1
	done
	kill "$pids"
	wait "$pids" || :
	cat "$work/alone"
}

tests/log/ct-log write -d "$work/log" -n "$entries"
echo "$entries entries; microseconds of CPU time for each:"
echo 'ct-fetch  ct-parse    ct-hub   ct-ws    all'
for _ in 1 2 3; do
	chain
done
ct-fetch/ct-fetch -q -u "file://$work/log/" -K "$work/log/key.pem" -s 0 -o |
    ct-parse/ct-parse -q | grep '"message_type":"certificate_update"' >"$work/events"
last=$(tail -n 1 "$work/events" | cksum)
echo "ct-hub alone, $(($(wc -c <"$work/events") / entries)) bytes an event, to ct-latest -f:"
for _ in 1 2 3; do
	alone
done
echo 'cat to cat, the same bytes:'
for _ in 1 2 3; do
	bench/took "$entries" cat <"$work/events" 2>"$work/alone" | cat >/dev/null
	cat "$work/alone"
done
