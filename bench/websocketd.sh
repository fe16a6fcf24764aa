#!/bin/sh
# Measures what the stream lite costs by websocketd with ct-latest, which starts a process
# for each client, and by ct-ws, which serves all from one: messages a second that reach
# the clients, CPU and memory. Events of 2 KB come from wsfeed through a hub, at a steady
# pace; websocketd sends longer ones in several frames, which wsload does not take. Memory is PSS, which counts what processes share once; all processes of the server
# are counted, the hub and the clients are not.
#
#	bench/websocketd.sh [CLIENTS...]	(20)
#
# The environment may choose the port in PORT, events a second in PACE (400), and the
# seconds of a row in SECONDS_EACH (10).
set -eu
cd "$(dirname "$0")/.."
command -v websocketd >/dev/null || { echo 'websocketd.sh: websocketd is not installed' >&2; exit 111; }
make -s -j2 all bench/wsfeed bench/wsload
PATH=$PWD/ct-latest:$PWD/ct-hub:$PWD/ct-ws:$PATH
port=${PORT:-18099}
seconds=${SECONDS_EACH:-10}
pace=${PACE:-400}
work=$(mktemp -d)
pids=
stop() {
	# shellcheck disable=SC2086 # it is a list
	kill $pids 2>/dev/null || :
	wait
	pids=
}
trap 'stop; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
export PATH CT_BUS="ipc://$work/bus"

# value KEY FILE: what stands behind KEY= in the file.
value() {
	sed -n "s,.*$1=\([^ ]*\).*,\1,p" "$2"
}

# family PID: this process and its children, whose children have none.
family() {
	echo "$1"
	cat "/proc/$1"/task/*/children 2>/dev/null || :
}

# used PID: the ticks of CPU that the family has used.
used() {
	for pid in $(family "$1"); do
		cat "/proc/$pid/stat" 2>/dev/null || :
	done | sed 's/.*) //' | awk '{ n += $12 + $13 } END { print n + 0 }'
}

# memory PID: KiB that the family has in memory.
memory() {
	for pid in $(family "$1"); do
		cat "/proc/$pid/smaps_rollup" 2>/dev/null || :
	done | awk '/^Pss:/ { n += $2 } END { print n + 0 }'
}

# row NAME CLIENTS COMMAND...: measures a server.
row() {
	name=$1 clients=$2
	shift 2
	{ bench/wsfeed -s 2048 -r "$pace" -t $((seconds + 20)) -o | ct-hub -q -w 0; } &
	pids=$!
	"$@" >"$work/server" 2>&1 &
	server=$!
	pids="$pids $server"
	sleep 1
	bench/wsload -n "$clients" -t $((seconds + 4)) 127.0.0.1 "$port" / >"$work/load" &
	load=$!
	sleep 3
	before=$(used "$server")
	sleep "$seconds"
	after=$(used "$server")
	kib=$(memory "$server")
	wait "$load" || echo "websocketd.sh: a client of $name was cut off" >&2
	stop
	printf '%-12s %-8s %-12s %-6s %s\n' "$name" "$clients" "$(value messages/s "$work/load")" \
	    "$(((after - before) * 100 / ($(getconf CLK_TCK) * seconds)))%" "${kib}K"
}

printf '%-12s %-8s %-12s %-6s %s\n' server clients messages/s cpu memory
for clients in "${@:-20}"; do
	row websocketd "$clients" websocketd --port="$port" --address=127.0.0.1 --loglevel=error \
	    --passenv=CT_BUS,PATH contrib/websocketd/stream
	row ct-ws "$clients" ct-ws -q -a 127.0.0.1 -p "$port"
done
