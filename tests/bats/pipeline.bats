# The tools together, from our own log to clients.

load setup

setup()
{
	skip_without curl jq
	export CT_BUS=ipc://$BATS_TEST_TMPDIR/bus
	port=$(free_port)
	cd "$BATS_TEST_TMPDIR"
}

# ct-fetch on the logs of start_log.
fetch()
{
	ct-fetch -q -L "$log_dir/log_list.json" --list-key "$log_dir/list-key.pem" "$@"
}

# The hub, fed from a FIFO that `feed` opens, and ct-ws, subscribed to it.
start_server()
{
	mkfifo feed
	spawn ct-hub sh -c 'exec ct-hub <feed'
	exec 7>feed
	spawn ct-ws ct-ws -p "$port" "$@"
	wait_until 10 is_subscribed
}

# The whole feed, following the logs of start_log.
start_feed()
{
	spawn_sh feed "ct-fetch -q -L '$log_dir/log_list.json' --list-key '$log_dir/list-key.pem' |
	    ct-parse | ct-hub"
}

is_subscribed()
{
	curl -s "http://127.0.0.1:$port/metrics" | grep -q '^ct_ws_bus_connected 1'
}

clients()
{
	curl -s "http://127.0.0.1:$port/metrics" | grep -q "^certstreamservergo_clients_total{type=\"$1\"} $2\$"
}

# What tells one event from all others, a line each.
events()
{
	jq -r 'select(.message_type == "certificate_update") |
	    [.data.source.name, .data.cert_index, .data.leaf_cert.fingerprint] | @tsv'
}

@test "every certificate of 20,000-entry logs reaches a client once and in order" {
	start_log -n 20000 -l a=rfc6962,b=tiled
	start_server
	spawn client "$ROOT/bench/wsload" -o -c 40000 -t 240 127.0.0.1 "$port" /
	client=$spawned
	wait_until 10 clients lite 1
	fetch -s 0 --once | ct-parse >&7
	ends 240 "$client"
	events <client.out >came
	[ "$(wc -l <came)" = 40000 ]
	for log in a b; do
		fetch -l "*'$log'" -s 0 --once | ct-parse -s lite | events >"$log.want"
		[ "$(wc -l <"$log.want")" = 20000 ]
		cut -f2 "$log.want" | cmp - <(seq 0 19999)
		grep "'$log'" came | cmp - "$log.want"
	done
}

@test "both kinds of log give the same entries" {
	start_log -n 1500 -l a=both
	ct-fetch -q -u "${log_url}a/" -t rfc6962 -K "$log_dir/a.pem" -s 0 --once |
	    jq -c 'select(.index) | [.index, .leaf_input, .extra_data]' >rfc6962
	ct-fetch -q -u "${log_url}a/" -t tiled -K "$log_dir/a.pem" -s 0 --once |
	    jq -c 'select(.index) | [.index, .leaf_input, .extra_data]' >tiled
	[ "$(wc -l <rfc6962)" = 1500 ]
	cmp rfc6962 tiled
}

@test "a growing log is followed to clients of every stream and of the bus" {
	start_log -n 100 -r 50 -l a=rfc6962,b=tiled
	start_feed
	spawn ct-ws ct-ws -p "$port"
	wait_until 10 is_subscribed
	for path in / /full-stream /domains-only; do
		"$ROOT/bench/wsload" -o -c 30 -t 30 127.0.0.1 "$port" "$path" | head -n 30 >"client.${path#/}"
	done
	jq -e '.data.chain == null and .data.leaf_cert.as_der == null' client. >/dev/null
	jq -e '(.data.chain | length > 0) and .data.leaf_cert.as_der != null' client.full-stream >/dev/null
	jq -e '.message_type == "dns_entries" and (.data | type) == "array"' client.domains-only >/dev/null
	[ "$(ct-latest -f | head -n 10 | wc -l)" = 10 ]
	[ "$(curl -s "http://127.0.0.1:$port/latest.json" | jq '.messages | length')" = 25 ]
}

@test "the feed and grep work as typed" {
	start_log -n 300 -l a=rfc6962,b=tiled
	fetch -s 0 --once | ct-parse | grep -c '"update_type":"PrecertLogEntry"' >precertificates
	fetch -s 0 --once | ct-parse | grep -c '"update_type":"X509LogEntry"' >certificates
	[ $(($(cat precertificates) + $(cat certificates))) = 600 ]
	fetch -s 0 --once | ct-parse -s domains | jq -r '.data[]' | grep -q '^\*\.'
}

@test "websocketd serves the same stream from ct-latest" {
	skip_without websocketd python3
	start_log -n 100 -r 50 -l a=rfc6962
	start_feed
	spawn websocketd websocketd --port="$port" --address=127.0.0.1 --passenv=CT_BUS,PATH ct-latest -f -s lite
	wait_until 10 listens "$port"
	python3 "$ROOT/tests/interop/texts.py" "$port" / 30 >client
	first=$(head -n 1 client | jq .data.cert_index)
	jq .data.cert_index client | cmp - <(seq "$first" $((first + 29)))
	jq -e '.data.leaf_cert.fingerprint != null and .data.chain == null' client >/dev/null
}

@test "a saved stream plays again as it was" {
	start_log -n 200 -l a=tiled
	fetch -s 0 --once >saved
	ct-parse <saved >once
	ct-parse <saved >twice
	cmp once twice
	grep '^{"data":' once >events
	[ "$(wc -l <events)" = 200 ]
	start_server
	cat once >&7
	wait_until 10 sh -c '[ "$(ct-latest -n 25 | wc -l)" = 25 ]'
	ct-latest -n 25 | cmp - <(tail -n 25 events)
}

@test "what curl gets from a log is parsed as it is" {
	start_log -n 64 -l a=rfc6962
	curl -s "${log_url}a/ct/v1/get-entries?start=0&end=31" | jq -c '.entries[]' | ct-parse >parsed
	fetch -s 0 -e 32 --once | ct-parse | grep '^{"data":' >fetched
	[ "$(wc -l <parsed)" = 32 ]
	cmp <(jq -r .data.leaf_cert.fingerprint parsed) <(jq -r .data.leaf_cert.fingerprint fetched)
}
