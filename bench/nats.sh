#!/bin/sh
# The bus in NATS on one machine: events of 2 and of 6 KB through ct-hub into JetStream, beside what libnats
# alone does with the same lines (bench/natsraw); the same while ct-latest -f reads; and what the two take. The server keeps its stream in memory, so that the disk is not what is measured, or with
# STORAGE=file on the disk. The environment may choose how many events there are, in EVENTS. Needs libnats and
# nats-server.
set -eu
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin:$PWD/build/servers/usr/sbin
make -s -j2 all bench/natsraw
command -v nats-server >/dev/null || { echo 'nats.sh: no nats-server here' >&2; exit 111; }
events=${EVENTS:-100000}
storage=${STORAGE:-memory}
port=${PORT:-18222}
work=$(mktemp -d)
pids=
# shellcheck disable=SC2086 # pids is a list
trap 'kill $pids 2>/dev/null || :; wait; rm -rf "$work"' EXIT INT TERM

# lines BYTES: events of about so many bytes.
lines()
{
	seq 1 "$events" | awk -v most="$1" '
	BEGIN { while (length(fill) < most - 350) fill = fill "A" }
	{ printf "{\"data\":{\"cert_index\":%d,\"cert_link\":\"\",\"leaf_cert\":{\"all_domains\":[\"n%d.example\"],\"as_der\":\"%s\",\"extensions\":{},\"sha256\":\"%08X\"},\"seen\":1700000000.5,\"source\":{\"name\":\"A log\",\"url\":\"https://log.example/%d\",\"timestamp\":1,\"type\":\"rfc6962\"},\"update_type\":\"X509LogEntry\"},\"message_type\":\"certificate_update\"}\n", $1, $1, fill, $1, most }'
}

# The stream is made anew for each run: its name is in the address.
bus()
{
	echo "nats://127.0.0.1:$port/$1?storage=$storage&max-bytes=1g&duplicates=10s"
}

# rate SECONDS WHAT: prints a line of the table.
rate()
{
	awk -v t="$1" -v n="$events" -v b="$bytes" -v what="$2" 'BEGIN {
		printf "%-32s %8.0f events/s %6.0f MB/s\n", what, n / t, b / t / 1e6 }'
}

now()
{
	date +%s.%N
}

echo '{"message_type":"status","stage":"bench"}' >"$work/first"
nats-server -a 127.0.0.1 -p "$port" -js -sd "$work/js" -l "$work/log" &
pids=$!
sleep 1
for size in 2000 6000; do
	lines "$size" >"$work/lines"
	bytes=$(wc -c <"$work/lines")
	echo "$events events of $size bytes, stream in $storage:"
	ct-hub/ct-hub -q -b "$(bus "RAW$size")" <"$work/first"
	printf '%-32s ' 'libnats alone'
	bench/natsraw "nats://127.0.0.1:$port" "raw$size.event.x" <"$work/lines"
	from=$(now)
	/usr/bin/env time -f '%U %S %M' -o "$work/took" ct-hub/ct-hub -q -b "$(bus "HUB$size")" <"$work/lines"
	rate "$(awk -v a="$from" -v b="$(now)" 'BEGIN { print b - a }')" ct-hub
	awk -v n="$events" '{ printf "  %.1f us of CPU an event, %d MB resident at most\n", ($1 + $2) / n * 1e6, $3 / 1024 }' \
	    "$work/took"
	ct-hub/ct-hub -q -b "$(bus "BOTH$size")" <"$work/first"
	: >"$work/told"	# it still says that the reader of the other size follows
	ct-latest/ct-latest -v -b "$(bus "BOTH$size")" -f -n 0 >"$work/got" 2>"$work/told" &
	reader=$!
	pids="$pids $reader"
	until grep -q 'follows the bus' "$work/told"; do
		sleep 0.1
	done
	from=$(now)
	ct-hub/ct-hub -q -b "$(bus "BOTH$size")" <"$work/lines"
	until [ "$(wc -l <"$work/got")" -ge "$events" ]; do
		sleep 0.05
	done
	rate "$(awk -v a="$from" -v b="$(now)" 'BEGIN { print b - a }')" 'ct-hub and ct-latest -f'
	awk -v n="$events" -v hertz="$(getconf CLK_TCK)" '{
		printf "  ct-latest: %.1f us of CPU an event\n", ($14 + $15) / hertz / n * 1e6 }' "/proc/$reader/stat"
	kill "$reader"
done
