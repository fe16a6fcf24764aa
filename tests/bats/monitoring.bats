#!/usr/bin/env bats
# What there is to watch a running server with: the metrics, and contrib/prometheus and contrib/grafana.

bats_require_minimum_version 1.5.0
load setup
load serve

setup()
{
	skip_without curl jq
	cd "$BATS_TEST_TMPDIR" || return
}

# sum NAME: prints the sum of all samples of a metric.
sum()
{
	curl -s "$url/metrics" | awk -v name="$1" '$1 ~ "^" name "([{]|$)" { n += $2 } END { print n + 0 }'
}

# sums_to N NAME
sums_to()
{
	[ "$(sum "$2")" = "$1" ]
}

# follow NAME OPTION...: spawns ct-fetch with these options and a ct-parse behind it, both for the hub.
follow()
{
	local name=$1

	shift
	spawn_sh "$name" "ct-fetch -L log/log_list.json --list-key log/list-key.pem -s 0 -S 1 ${*@Q} |
	    ct-parse >'$feed'"
}

@test "two shards on one hub each keep their own totals, by producer and shard" {
	start_log -l a=rfc6962,b=rfc6962,c=tiled,d=tiled,e=rfc6962,f=tiled -n 300
	start_ws
	follow one -N 1/2
	follow two -N 2/2
	wait_until 30 sums_to 1800 ct_fetch_entries_total
	wait_until 5 sums_to 1800 ct_parse_entries_total
	[ "$(curl -s "$url/metrics" | grep -c '^ct_fetch_entries_total{producer="[0-9a-f]\{16\}",shard="[12]/2"} ')" = 2 ]
	[ "$(curl -s "$url/metrics" | grep -c '^ct_parse_entries_total{producer="[0-9a-f]\{16\}"} ')" = 2 ]
	[ "$(curl -s "$url/metrics" | grep -c '^ct_log_lag_entries{.*} 0$')" = 6 ]
}

@test "a shard that is begun anew stands in for its run before" {
	start_log -l a=rfc6962,b=tiled -n 50
	start_ws
	follow one
	wait_until 30 sums_to 100 ct_fetch_entries_total
	kill -KILL -- "-$spawned"
	follow two
	wait_until 30 sums_to 200 ct_fetch_entries_total
	wait_until 20 sums_to 100 ct_fetch_entries_total
}

@test "the status of ct-fetch says how old the log list is, and what was kept against a log" {
	start_log -l a=rfc6962 -n 50
	now=$(date +%s)
	ct-fetch -L log/log_list.json --list-key log/list-key.pem -s 0 -S 1 >out 2>/dev/null &
	pid=$!
	wait_until 20 grep -q '"stage":"ct-fetch"' out
	kill "$pid"
	wait "$pid"
	jq -e -s --argjson now "$now" 'map(select(.stage == "ct-fetch"))[0] | .evidence == 0 and .logs[0].evidence == 0
	    and (.list_time - $now | fabs) < 60 and (.list_current_time - $now | fabs) < 60' out
}
