#!/bin/sh
# How long an entry takes from its log to a client: three logs of our own, an RFC 6962 log and two
# tiled ones, grow by 100 entries a second each; ct-fetch asks each for its head once a second; a
# WebSocket client of ct-ws notes when each event comes. An entry is there from when the log first serves
# a head with it, which is seen by asking for the head 50 times a second. Prints percentiles for each
# log in milliseconds. Half a second of the middle one is the wait for the next poll. The environment
# may choose the time that is measured in SECONDS_EACH.
set -eu
cd "$(dirname "$0")/.."
make -s -j2 all tests/log/ct-log bench/wsload bench/stamp
seconds=${SECONDS_EACH:-30}
port=${PORT:-18099}
work=$(mktemp -d)
CT_BUS="ipc://$work/bus"
export CT_BUS
pids=
# shellcheck disable=SC2086 # pids is a list
trap 'kill $pids 2>/dev/null || :; rm -rf "$work"' EXIT INT TERM

# wait_for COMMAND...: until it succeeds.
wait_for() {
	until "$@" >/dev/null 2>&1; do
		sleep 0.1
	done
}

# poll NAME PATH: asks a log for its head 50 times a second, and notes when which size came.
poll() {
	curl -sN -w '\n' --rate 3000/m "$url$1/$2?[1-$(((seconds + 2) * 50))]" | bench/stamp |
	    awk -v log_name="$1" '
	    match($0, /"tree_size":[0-9]+/) { print log_name, $1, substr($0, RSTART + 12, RLENGTH - 12) }
	    $2 ~ /^[0-9]+$/ && NF == 2 { print log_name, $1, $2 }' >"$work/heads.$1"
}

tests/log/ct-log serve -p 0 -d "$work" -l a=rfc6962,b=tiled,c=tiled -n 1000 -r 100 >"$work/ready" &
pids=$!
wait_for grep -q ready "$work/ready"
url=$(sed -n 's/^ready //p' "$work/ready")
ct-ws/ct-ws -q -p "$port" &
pids="$pids $!"
ct-fetch/ct-fetch -q --poll 1 -L "$work/log_list.json" --list-key "$work/list-key.pem" |
    ct-parse/ct-parse -q | ct-hub/ct-hub -q &
pids="$pids $!"
wait_for ct-latest/ct-latest -n 0
sleep 5		# the hub waits for readers before it begins
for log in a:ct/v1/get-sth b:checkpoint c:checkpoint; do
	poll "${log%%:*}" "${log#*:}" &
	pids="$pids $!"
done
bench/wsload -o -t "$seconds" 127.0.0.1 "$port" / 2>/dev/null | bench/stamp >"$work/got"

echo "from the first head with an entry to the client, in ms:"
printf '%-14s %8s %6s %6s %6s %6s\n' log entries p50 p90 p99 most
awk 'FILENAME != "-" { n = ++heads[$1]; when[$1, n] = $2; size[$1, n] = $3; next }
    match($0, /"cert_index":[0-9]+/) {
	i = substr($0, RSTART + 13, RLENGTH - 13)
	match($0, /Test log .[a-z]/)
	l = substr($0, RSTART + RLENGTH - 1, 1)
	if (at[l] == 0)
		at[l] = 1
	while (at[l] < heads[l] && size[l, at[l]] <= i)
		at[l]++
	if (at[l] > 1 && size[l, at[l]] > i)
		print l, ($1 - when[l, at[l]]) * 1000
    }' "$work/heads.a" "$work/heads.b" "$work/heads.c" - <"$work/got" >"$work/took"
for log in a b c '[abc]'; do
	grep "^$log" "$work/took" | cut -d ' ' -f 2 | sort -n | awk -v of="$log" '
	    BEGIN { name["a"] = "get-entries"; name["b"] = name["c"] = "tiles"; name["[abc]"] = "all" }
	    { ms[NR] = $1 }
	    function part(p) { return ms[int(p * (NR - 1)) + 1] }
	    END { printf "%-14s %8d %6.0f %6.0f %6.0f %6.0f\n", name[of], NR, part(0.5), part(0.9), part(0.99), part(1) }'
done
