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

# ---- Prometheus, which scrapes a feed like that of scripts/start ----

# watch: writes the configuration of contrib/prometheus, but for its pace and its targets, and starts
# Prometheus with it. The second target speaks TLS with a certificate that nobody has signed.
watch()
{
	local port

	mkdir prometheus
	sed -e 's/: 15s/: 1s/' -e 's/^    file_sd_configs:/    tls_config: {insecure_skip_verify: true}\n&/' \
	    "$ROOT/contrib/prometheus/prometheus.yml" >prometheus/prometheus.yml
	cp "$ROOT/contrib/prometheus/rules.yml" prometheus/
	printf '%s\n' "- targets: ['${url#http://}']" "- targets: ['${tls_url#https://}']" \
	    '  labels: {__scheme__: https}' >prometheus/targets.yml
	port=$(free_port)
	prometheus=http://127.0.0.1:$port
	spawn prometheus prometheus --config.file=prometheus/prometheus.yml --storage.tsdb.path=prometheus/stored \
	    --web.listen-address="127.0.0.1:$port"
	wait_until 30 curl -sf "$prometheus/-/ready"
}

# A log of each kind, a feed, two ct-ws that serve it, one with workers and clients, and one with TLS.
setup_file()
{
	command -v curl jq openssl prometheus >/dev/null || return 0
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR
	cd "$BATS_TEST_TMPDIR" || return
	start_log -l a=rfc6962,b=rfc6962,c=tiled -n 300 -r 8
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out cert.pem \
	    -days 30 -subj /CN=localhost 2>/dev/null
	export CT_BUS=ipc://$PWD/bus
	port=$(free_port) url=http://127.0.0.1:$port
	spawn ws ct-ws -w 2 -p "$port"
	port=$(free_port) tls_url=https://127.0.0.1:$port
	spawn wss ct-ws -C cert.pem -K key.pem -p "$port"
	spawn_sh feed "ct-fetch -L log/log_list.json --list-key log/list-key.pem -s 200 -S 1 -E -d . \
	    --rate 127.0.0.1=40 | ct-parse | ct-hub -S 1 -k mark"
	wait_until 30 metric 'ct_ws_healthy 1'
	spawn reader curl -sN "$url/sse"
	watch
	export url tls_url prometheus
}

teardown_file()
{
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR
	stop_spawned
}

# asks PATH JQ-FILTER: succeeds when the filter is true of what Prometheus answers.
asks()
{
	curl -s "$prometheus/api/v1/$1" | jq -e "$2" >/dev/null
}

# has_scraped: waits until Prometheus has scraped both targets, and told the rules of it, a few times.
has_scraped()
{
	wait_until 30 asks 'query?query=min(count_over_time(ct_log_events_total\[5m\]))' \
	    '.data.result[0].value[1] | tonumber >= 4'
	wait_until 30 asks rules 'all(.data.groups[].rules[]; .health == "ok")'
}

# metrics_of FILE: lists the names of metrics in it, but for those that Prometheus makes itself.
metrics_of()
{
	grep -oE '\b(ct|certstream|certstreamservergo)_[a-z_]+' "$1" | sort -u
}

# Those that ct-ws can show, as its source has them.
all_metrics()
{
	grep -ohE '"(ct|certstream|certstreamservergo)_[a-z_]+"' "$ROOT"/ct-ws/site/*.c | tr -d '"' | sort -u
}

# shown: those that both ct-ws show now.
shown()
{
	{ curl -s "$url/metrics"; curl -sk "$tls_url/metrics"; } | sed -n 's/^# TYPE \([a-z_]*\) .*/\1/p' | sort -u
}

@test "promtool takes the configuration and the rules" {
	skip_without promtool
	promtool check config "$ROOT/contrib/prometheus/prometheus.yml"
	promtool check rules "$ROOT/contrib/prometheus/rules.yml"
}

@test "each alert fires in one case and stays silent in another" {
	skip_without promtool
	promtool test rules "$ROOT/contrib/prometheus/rules_test.yml"
	sed -n 's/^ *- alert: //p' "$ROOT/contrib/prometheus/rules.yml" | sort >alerts
	[ "$(wc -l <alerts)" -ge 10 ]
	awk '$2 == "alertname:" { name = $3 } $1 == "exp_alerts:" { print name, ($2 == "[]" ? "silent" : "fires") }' \
	    "$ROOT/contrib/prometheus/rules_test.yml" | sort -u >cases
	{ sed 's/$/ fires/' alerts; sed 's/$/ silent/' alerts; } | sort | diff - cases
}

@test "Prometheus scrapes a running server, all rules can be evaluated, and none fires" {
	skip_without prometheus jq
	has_scraped
	asks targets '[.data.activeTargets[] | .health, .lastError] == ["up", "", "up", ""]'
	asks rules '[.data.groups[].rules[] | .lastError // ""] | all(. == "") and length >= 10'
	asks rules 'all(.data.groups[].rules[]; .state == "inactive")'
}

@test "every metric that an alert or a panel asks for is there" {
	skip_without prometheus jq
	has_scraped
	curl -s "$prometheus/api/v1/label/__name__/values" | jq -r '.data[]' | sort >there
	metrics_of "$ROOT/contrib/prometheus/rules.yml" >asked
	jq -r '.. | .expr? // empty' "$ROOT/contrib/grafana/dashboards/certstream.json" >queries
	metrics_of queries >>asked
	[ "$(sort -u asked | comm -23 - there)" = '' ]
}

@test "every query of the dashboard brings something, and the dashboard can be drawn" {
	skip_without prometheus jq python3
	has_scraped
	"$ROOT/contrib/grafana/draw" -p "$prometheus" -m 1 >dashboard.svg 2>nothing
	[ "$(cat nothing)" = '' ]
	python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' dashboard.svg
	[ "$(grep -c '<polyline' dashboard.svg)" -ge 40 ]
}

@test "draw names each query that brings nothing, and says why it cannot ask" {
	skip_without prometheus jq python3
	jq '.panels |= [.[1]] | .panels[0].targets[0].expr = "no_such_metric"' \
	    "$ROOT/contrib/grafana/dashboards/certstream.json" >one.json
	run --separate-stderr "$ROOT/contrib/grafana/draw" -p "$prometheus" -j one.json
	[ "$status" = 0 ] && [ "$stderr" = $'Answers\tno_such_metric' ]
	run "$ROOT/contrib/grafana/draw" -p http://127.0.0.1:1
	[ "$status" = 111 ] && [[ $output == *http://127.0.0.1:1:*refused* ]]
	run "$ROOT/contrib/grafana/draw" -m x
	[ "$status" = 100 ]
}

@test "every metric is in ct-ws(1), and on the dashboard or listed as not shown" {
	skip_without prometheus jq
	{ all_metrics; shown; } | sort -u >metrics
	[ "$(wc -l <metrics)" -ge 90 ]
	sed -n 's/^\.It Li \([a-z_]*\).*/\1/p' "$ROOT/man/ct-ws.1" | sort -u >documented
	[ "$(comm -23 metrics documented)" = '' ]
	jq -r '.. | .expr? // empty' "$ROOT/contrib/grafana/dashboards/certstream.json" >queries
	{ metrics_of queries; sed 's/[[:space:]].*//; /^#/d' "$ROOT/contrib/grafana/not-shown"; } | sort >spoken_of
	[ "$(uniq -d spoken_of)" = '' ]
	diff metrics spoken_of
}
