#!/bin/sh
# What ct-fetch takes while it follows a fleet: 45 logs of our own, 27 of RFC 6962 and 18 tiled ones, each
# on a host of its own, which together grow by 1600 entries a second. Prints how many entries went
# out in a second, and the processor time and memory that ct-fetch took, once all logs are at their heads.
# Every entry is proven. The logs run on other cores where there are any. The environment may choose the
# time that is measured, in SECONDS_EACH, and how often heads are asked for, in POLL.
set -eu
cd "$(dirname "$0")/.."
make -s -j2 all tests/log/ct-log
seconds=${SECONDS_EACH:-60}
poll=${POLL:-5}
work=$(mktemp -d)
pids=
# shellcheck disable=SC2086 # pids is a list
trap 'kill $pids 2>/dev/null || :; rm -rf "$work"' EXIT INT TERM

# ticks PID: the processor time that it has taken, in clock ticks.
ticks() {
	awk '{ print $14 + $15 }' "/proc/$1/stat"
}

# entries: how many ct-fetch has put out, as its newest status says.
entries() {
	sed -n 's/.*"stage":"ct-fetch",.*"seen":[0-9.]*,"entries":\([0-9]*\),"bytes".*/\1/p' "$work/status" | tail -n 1
}

# lag: how many entries it is behind the heads that it has.
lag() {
	tail -n 1 "$work/status" | grep -o '"lag":[0-9]*' | awk -F: '{ n += $2 } END { print n + 0 }'
}

logs=$(awk 'BEGIN { for (i = 1; i <= 45; i++) printf("%sl%d=%s", (i > 1 ? "," : ""), i, (i <= 27 ? "rfc6962" : "tiled")) }')
tests/log/ct-log serve -p 0 -H 45 -S -d "$work" -l "$logs" -n 1000 -r 35.56 >"$work/ready" &
pids=$!
until grep -q ready "$work/ready"; do
	sleep 0.5
done
mkfifo "$work/pipe"
grep --line-buffered '^{"message_type":"status"' <"$work/pipe" >"$work/status" &
pids="$pids $!"
ct-fetch/ct-fetch -q --poll "$poll" -S 1 -L "$work/log_list.json" --list-key "$work/list-key.pem" \
    >"$work/pipe" 2>"$work/err" &
fetch=$!
pids="$pids $fetch"
sleep 15
before=$(entries) used=$(ticks "$fetch") since=$(date +%s.%N)
for _ in $(seq "$seconds"); do
	sleep 1
	grep VmRSS "/proc/$fetch/status" >>"$work/resident"
done
after=$(entries) used_then=$(ticks "$fetch") until=$(date +%s.%N)
awk -v n=$((after - before)) -v ticks=$((used_then - used)) -v hz="$(getconf CLK_TCK)" \
    -v since="$since" -v until="$until" -v lag="$(lag)" '
    /VmRSS/ { resident += $2 / 1024; samples++ }
    /VmHWM/ { most = $2 / 1024 }
    END {
	s = until - since
	printf "%.0f entries a second of 45 logs: %.2f %% of a core, %.1f us each; %.1f MB resident on average, %.1f at most; %d entries behind\n",
	    n / s, ticks / hz * 100 / s, ticks / hz * 1e6 / n, resident / samples, most, lag
    }' "$work/resident" "/proc/$fetch/status"
! grep . "$work/err"
