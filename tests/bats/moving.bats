#!/usr/bin/env bats
# Moving over from another certstream server: its places (scripts/import-index) and its
# configuration (scripts/from-config).

bats_require_minimum_version 1.5.0
load setup

setup()
{
	skip_without jq
	cd "$BATS_TEST_TMPDIR" || return
	unset CT_CONTACT
}

# import OPTION... FILE: imports FILE into the folder state, with the list of the running log.
import()
{
	"$ROOT/scripts/import-index" "$@" state -L "$log_dir/log_list.json" --list-key "$log_dir/list-key.pem"
}

# follow OPTION...: spawns ct-fetch, which goes on from the folder state; its entries go to fetch.out.
follow()
{
	spawn fetch ct-fetch -q -L "$log_dir/log_list.json" --list-key "$log_dir/list-key.pem" -d state --poll 0.2 "$@"
}

# indexes NAME: the entries of that log in fetch.out.
indexes()
{
	jq -r --arg url "${log_url}$1/" 'select(.message_type == "entry" and .source.url == $url).index' fetch.out
}

# has NAME FROM TO: the entries of that log are FROM..TO-1, each once and in order, and maybe later ones.
has()
{
	indexes "$1" >have
	[ "$(wc -l <have)" -ge $(($3 - $2)) ]
	seq "$2" $(($2 + $(wc -l <have) - 1)) | cmp - have
}

# go_index ALDER BIRCH CEDAR: an index of certstream-server-go: the host and path of each log, and its last entry.
go_index()
{
	local at=${log_url#http://}

	jq -n --arg at "$at" --argjson a "$1" --argjson b "$2" --argjson c "$3" \
	    '{($at + "alder"): $a, ($at + "birch"): $b, ($at + "cedar"): $c}' >ct_index.json
}

# rust_state ALDER BIRCH CEDAR: a state of certstream-server-rust: the URL of each log, and its next entry.
rust_state()
{
	jq -cn --arg at "$log_url" --argjson a "$1" --argjson b "$2" --argjson c "$3" \
	    'def log: {current_index: ., tree_size: (. + 9), last_success: 1764000000};
	    {version: 1, logs: {($at + "alder"): ($a | log), ($at + "birch"): ($b | log), ($at + "cedar"): ($c | log)}}' \
	    >certstream_state.json
}

@test "ct-fetch goes on where certstream-server-go has ended, in logs that grow, without loss" {
	start_log -n 700 -r 40
	go_index 499 500 612
	run -0 import ct_index.json
	[[ $output == *"state/mark: logs placed: 3"* ]]
	follow
	wait_until 20 has alder 499 740
	wait_until 20 has birch 500 740
	wait_until 20 has cedar 612 740
}

@test "with -s the last entries that certstream-server-go has sent do not come again" {
	start_log -n 700 -r 40
	go_index 499 511 612
	run -0 import -s ct_index.json
	follow
	wait_until 20 has alder 500 740
	wait_until 20 has birch 512 740
	wait_until 20 has cedar 613 740
}

@test "ct-fetch goes on exactly where certstream-server-rust has ended" {
	start_log -n 700 -r 40
	rust_state 500 512 700
	run -0 import certstream_state.json
	follow
	wait_until 20 has alder 500 740
	wait_until 20 has birch 512 740
	wait_until 20 has cedar 700 740
}

@test "what comes behind an imported place is proven, and further runs go on behind it" {
	start_log -n 20000 -S -l alder=rfc6962,birch=tiled,cedar=both
	# Beyond 16384 entries a log is not read from its first entry, so it must prove the place.
	rust_state 19000 19100 19999
	run -0 import certstream_state.json
	follow -o
	ends 60 "$spawned"
	has alder 19000 20000
	has birch 19100 20000
	has cedar 19999 20000
	[ "$(jq -c 'select(.message_type == "head" and .next == 20000) | [.tree_size, .verified]' fetch.out)" = \
	    $'[20000,true]\n[20000,true]\n[20000,true]' ]
	run -1 grep '"verified":false' fetch.out
	jq -e '.logs | length == 3 and all(.next == 20000 and .nodes and .head)' state/mark
	follow -o
	ends 60 "$spawned"
	[ -z "$(indexes alder)$(indexes birch)$(indexes cedar)" ]
}

@test "the whole pipeline goes on from an imported place" {
	start_log -n 700
	rust_state 600 600 600
	run -0 import certstream_state.json
	export CT_BUS=ipc://$PWD/bus
	spawn hub sh -c "ct-fetch -q -L '$log_dir/log_list.json' --list-key '$log_dir/list-key.pem' -E -d state |
	    ct-parse | tee events | ct-hub -w 0 -k state/mark"
	wait_until 20 jq -e '.logs | length == 3 and all(.next == 700)' state/mark
	[ "$(jq -s 'map(select(.data.cert_index)) | length' events)" = 300 ]
}

@test "a log at 0 in ct_index.json begins at its end, and comes whole with -w" {
	start_log -n 60
	go_index 50 0 0
	run -0 import ct_index.json
	[[ $output == *"Test log 'birch': is at 0"*"Test log 'cedar': is at 0"* ]]
	follow -o
	ends 20 "$spawned"
	has alder 50 60
	[ -z "$(indexes birch)$(indexes cedar)" ]
	rm -r state
	run -0 import -w ct_index.json
	follow -o
	ends 20 "$spawned"
	has birch 0 60
	has cedar 0 60
}

@test "a log that no list has, and one that is not in the file, are named" {
	start_log -n 60
	echo "{\"${log_url#http://}alder\":30,\"gone.example/2021\":5}" >ct_index.json
	run -0 import ct_index.json
	[[ $output == *"gone.example/2021: no list has this log; left out"* ]]
	[[ $output == *"Test log 'birch': not in the file; begins at its end"* ]]
	[ "$(jq -c '[.logs[] | [.name, .next]]' state/mark)" = '[["Test log '"'alder'"'",30]]' ]
}

@test "a log is found by any spelling of its URL" {
	start_log -n 60
	local host=${log_url#http://}
	for url in "https://${host}alder" "http://${host}alder/" "${host}alder//"; do
		echo "{\"$url\":30}" >ct_index.json
		rm -rf state
		run -0 import ct_index.json
		[ "$(jq '.logs[0].next' state/mark)" = 30 ]
	done
}

@test "two spellings of one log in a file are placed at the smaller index" {
	start_log -n 60
	local host=${log_url#http://}
	echo "{\"${host}alder\":40,\"https://${host}alder/\":30}" >ct_index.json
	run -0 import ct_index.json
	[ "$(jq -c '[.logs[].next]' state/mark)" = '[30]' ]
}

@test "a log of -u is placed too" {
	start_log -n 60 -l alder=rfc6962
	echo "{\"${log_url#http://}alder\":30}" >ct_index.json
	run -0 "$ROOT/scripts/import-index" ct_index.json state -u "${log_url}alder" -K "$log_dir/alder.pem"
	spawn fetch ct-fetch -q -u "${log_url}alder/" -K "$log_dir/alder.pem" -d state -o
	ends 20 "$spawned"
	has alder 30 60
}

@test "a file that is no index is refused, with what is wrong with it, and writes nothing" {
	start_log -n 1 -l alder=rfc6962
	local n=0 body want
	while IFS='	' read -r body want; do
		n=$((n + 1))
		echo "$body" >bad
		run -100 import bad
		[[ $output == "import-index: bad: "*"$want"* ]]
		[ ! -e state ]
	done <<-'end'
		[]	is neither ct_index.json nor certstream_state.json
		{}	names no log
		{	is not JSON
		{"a.example/x":"5"}	a.example/x is no index: "5"
		{"a.example/x":-1}	a.example/x cannot be an index: -1
		{"a.example/x":1.5}	a.example/x cannot be an index: 1.5
		{"version":2,"logs":{}}	version 2
		{"version":1,"logs":{"https://a.example":{}}}	https://a.example is no index: null
		{"a.example/x":5}	places none of the logs
		{} {}	holds 2 JSON texts
	end
	[ "$n" = 10 ]
	run -111 import nowhere
	[[ $output == *"nowhere: cannot be read"* ]]
	run -100 "$ROOT/scripts/import-index" bad
	[[ $output == *usage:* ]]
}

@test "a mark that is there already stays as it is" {
	start_log -n 60
	go_index 10 10 10
	mkdir state
	echo mine >state/mark
	run -111 import ct_index.json
	[[ $output == *"state/mark is there already"* ]]
	[ "$(cat state/mark)" = mine ]
	[ "$(ls state)" = mark ]
}

@test "an imported place beyond the end of its log is told, and waits for the log to reach it" {
	start_log -n 60 -r 20 -l alder=rfc6962,birch=tiled
	echo "{\"${log_url#http://}alder\":100000000,\"${log_url#http://}birch\":90}" >ct_index.json
	run -0 import ct_index.json
	follow
	wait_until 10 grep -q "warning: Test log 'alder': its place is entry 100000000, and its tree has" fetch.err
	wait_until 20 has birch 90 110
	[ -z "$(indexes alder)" ]
}

# ---- scripts/from-config ----

# convert FILE: converts it; options are in out, and what has no counterpart in notes.
convert()
{
	python3 -c 'import yaml' 2>/dev/null || skip "no yaml of python3 here"
	status=0
	"$ROOT/scripts/from-config" -d keys "$1" >out 2>notes || status=$?
}

# option TOOL: prints the options of that tool, as the units would read them.
option()
{
	sed -n "s/^CT_$1_OPTIONS='\(.*\)'$/\1/p" out
}

# noted KEY TEXT: succeeds when something is said of that key, and has the text in it.
noted()
{
	grep -F "from-config: $1" notes | grep -qF -- "$2"
}

# Each key that the sample configuration of certstream-server-go has, and those of its code, none at its default.
go_config()
{
	cat <<-'end'
		webserver:
		  listen_addr: 192.0.2.7
		  listen_port: 8443
		  real_ip: true
		  trusted_proxies: [10.0.0.1, "2001:db8::/32"]
		  whitelist: [192.0.2.0/24, 198.51.100.4]
		  full_url: /all
		  lite_url: /lite
		  domains_only_url: /names
		  cert_path: /etc/ssl/chain.pem
		  cert_key_path: /etc/ssl/key.pem
		  compression_enabled: true
		prometheus:
		  enabled: true
		  listen_addr: 127.0.0.1
		  listen_port: 9191
		  metrics_url: /prom
		  expose_system_metrics: true
		  real_ip: true
		  trusted_proxies: [10.0.0.1]
		  whitelist: [127.0.0.1/8]
		  cert_path: /etc/ssl/m.pem
		  cert_key_path: /etc/ssl/m.key
		general:
		  disable_default_logs: true
		  additional_logs:
		    - url: https://ct.example/first
		      operator: Example
		      description: The first
		  additional_tiled_logs:
		    - url: https://ct.example/second/
		  excluded_logs: [{operator: Example}]
		  buffer_sizes:
		    websocket: 5000
		    ctlog: 2000
		    broadcastmanager: 20000
		    dispatcher: 7
		  drop_old_logs: false
		  recovery:
		    enabled: true
		    ct_index_file: /data/index.json
		streamprocessing:
		  kafka: []
	end
}

@test "each key of certstream-server-go becomes an option, or is said to have no counterpart" {
	go_config >go.yaml
	convert go.yaml
	[ "$status" = 0 ]
	[ "$(option WS)" = "-a 192.0.2.7 -p 8443 --allow 192.0.2.0/24,198.51.100.4 -r 48m --trust-proxy 10.0.0.1,2001:db8::/32 -C /etc/ssl/chain.pem -K /etc/ssl/key.pem" ]
	[ "$(option FETCH)" = "-u https://ct.example/first -t rfc6962 -K keys/ct.example-first.key -u https://ct.example/second/ -t tiled -K keys/ct.example-second.key" ]
	[ -z "$(option PARSE)" ]
	noted webserver.full_url 'the path is /full-stream'
	noted webserver.lite_url 'the path is /'
	noted webserver.domains_only_url 'the path is /domains-only'
	for key in listen_addr listen_port real_ip trusted_proxies whitelist cert_path cert_key_path; do
		noted "prometheus.$key" 'ct-ws has one port'
	done
	noted prometheus.metrics_url 'the path is /metrics'
	noted prometheus.expose_system_metrics 'no go_* and process_* metrics'
	noted 'general.additional_logs https://ct.example/first' 'keys/ct.example-first.key'
	noted 'general.additional_logs https://ct.example/first operator' 'by its URL'
	noted 'general.additional_logs https://ct.example/first description' 'by its URL'
	noted 'general.additional_tiled_logs https://ct.example/second/' 'keys/ct.example-second.key'
	for key in ctlog broadcastmanager dispatcher; do
		noted "general.buffer_sizes.$key" 'no queue to size'
	done
	noted general.excluded_logs 'no list from which'
	noted general.drop_old_logs 'always ends a log'
	noted general.recovery.ct_index_file 'scripts/import-index /data/index.json'
	noted streamprocessing Kafka
	# What is not said is done: these, and the keys that have become options.
	[ "$(wc -l <notes)" = 23 ]
}

@test "logs that certstream-server-go leaves out are left out, and its additional logs come to those of the list" {
	cat <<-'end' >go.yaml
		general:
		  excluded_logs: [{operator: "Let's Encrypt"}, {url: "https://ct.example/2024/"}]
		  additional_logs: [{url: "https://ct.example/first"}]
	end
	convert go.yaml
	[ "$(option FETCH)" = "-L https://www.gstatic.com/ct/log_list/v3/log_list.json -l !Let?s?Encrypt -l !*://ct.example/2024/ -u https://ct.example/first -t rfc6962 -K keys/ct.example-first.key" ]
}

@test "a log that certstream-server-go leaves out by operator and URL is left out, and no other of the operator" {
	cat <<-'end' >go.yaml
		general:
		  excluded_logs: [{operator: Example, url: "https://ct.example/2024", description: an old one}]
	end
	convert go.yaml
	[ "$status" = 0 ]
	[ "$(option FETCH)" = "-l !*://ct.example/2024/" ]
	noted general.excluded_logs 'other logs of Example are not'
}

@test "the patterns that leave logs out fit what ct-fetch shows of them" {
	start_log -n 1 -l alder=rfc6962,birch=tiled,cedar=both
	printf '%s\n' 'general:' "  excluded_logs: [{operator: South Wood}, {url: \"${log_url}alder\"}]" >go.yaml
	convert go.yaml
	set -f
	# shellcheck disable=SC2046 # the units split them at blanks too
	run -0 ct-fetch -L "$log_dir/log_list.json" --list-key "$log_dir/list-key.pem" $(option FETCH) --list
	[[ $output == *cedar/ && ${#lines[@]} = 1 ]]
}

@test "proxies are believed only when certstream-server-go believes them" {
	echo 'webserver: {real_ip: true}' >go.yaml
	convert go.yaml
	noted webserver.real_ip '--trust-proxy and their addresses'
	echo 'webserver: {trusted_proxies: [10.0.0.1]}' >go.yaml
	convert go.yaml
	[ -z "$(option WS)" ]
	noted webserver.trusted_proxies 'real_ip is off'
}

# Each key of certstream-server-rust, none at its default.
rust_config()
{
	cat <<-'end'
		host: 192.0.2.7
		port: 8443
		log_level: debug
		buffer_size: 9000
		tls_cert: /etc/ssl/chain.pem
		tls_key: /etc/ssl/key.pem
		protocols: {websocket: false, sse: true, metrics: false, health: false, example_json: false, api: true}
		streams: {full: false, lite: false, domains_only: false, v2: true}
		ct_log:
		  retry_max_attempts: 4
		  retry_initial_delay_ms: 2000
		  retry_max_delay_ms: 60000
		  request_timeout_secs: 60
		  healthy_threshold: 3
		  unhealthy_threshold: 6
		  health_check_interval_secs: 30
		  state_file: /data/state.json
		  state_recovery: fail
		  batch_size: 512
		  poll_interval_ms: 2500
		  fetch_concurrency: 8
		  start_overlap_leaves: 512
		  rfc6962_enabled: false
		  static_ct_enabled: false
		  default_operator_rate_limit_ms: 250
		  operator_rate_limits: {digicert: 2000}
		  checkpoint_signature_mode: other
		  catalog_authority_overrides: {google_v3_usable: false, google_v3_all: true, apple: true}
		  partial_tile_wait_secs: 20
		  max_catchup_lag_entries: 50000
		  max_catchup_lag_secs: 600
		  log_refresh_interval_secs: 1800
		  removed_log_policy: keep
		  merkle_verification: full
		  names_tiles: prefer
		  user_agent: "me/1.0 (+mailto:ct@ops.example.org)"
		  force_http1_operators: [digicert]
		  excluded_operators: [Sectigo]
		  excluded_logs: [argon2025]
		custom_logs:
		  - {name: One, url: "https://ct.example/one", expected_log_id: QUJD, batch_size: 9, poll_interval_ms: 7}
		static_logs:
		  - {name: Two, url: "https://mon.ct.example/two/", log_origin: log.ct.example/two, key: TUZrdw==,
		     tree_size_source: get_sth, operator: Example}
		dedup: {capacity: 300000, ttl_secs: 60}
		api: {cache_capacity: 5}
		connection_limit: {enabled: true, max_connections: 500, per_ip_limit: 20}
		trusted_proxies: [10.0.0.0/8]
		auth: {enabled: true, tokens: [abc-123, "with blank", ""], header_name: X-Token}
		rate_limit: {enabled: true, max_tokens: 5, free_max_tokens: 5, refill_rate: 2, free_refill_rate: 2, burst: 3, free_burst: 3,
		  window_seconds: 9, window_max_requests: 9, burst_window_seconds: 9}
		hot_reload: {enabled: true, watch_path: /etc/x}
		nats: {enabled: true}
	end
}

@test "each key of certstream-server-rust becomes an option, or is said to have no counterpart" {
	rust_config >rust.yaml
	convert rust.yaml
	[ "$status" = 0 ]
	lists='-L https://www.gstatic.com/ct/log_list/v3/all_logs_list.json -L https://valid.apple.com/ct/log_list/current_log_list.json --unsigned-list'
	logs='-u https://ct.example/one -t rfc6962 -K keys/ct.example-one.key -u https://mon.ct.example/two/ -t tiled -K keys/mon.ct.example-two.key'
	[ "$(option FETCH)" = "$lists -l !Sectigo -l !*argon2025* $logs --poll 2.5 --partial 20 --backlog 50000 --refresh 1800 -c ct@ops.example.org -v" ]
	[ "$(option PARSE)" = '-s domains -u 300000 -v' ]
	[ "$(option WS)" = '-a 192.0.2.7 -p 8443 -r 86m --trust-proxy 10.0.0.0/8 -C /etc/ssl/chain.pem -K /etc/ssl/key.pem -m 500 --per-address 20 --token-file keys/tokens -v' ]
	grep -qxF "# keys/mon.ct.example-two.key is made by: echo TUZrdw== | base64 -d >keys/mon.ct.example-two.key" out
	grep -qxF "# mkdir -p keys" out
	grep -qxF "# keys/tokens is made by: printf '%s\\n' abc-123 >keys/tokens" out
	local key why
	while IFS='	' read -r key why; do
		noted "$key:" "$why"
	done <<-'end'
		protocols.websocket	always serves it
		protocols.metrics	always serves it
		protocols.health	always serves it
		protocols.example_json	always serves it
		protocols.api	no /api
		streams.full	has the path /full-stream
		streams.lite	has the path /;
		streams.domains_only	has the path /domains-only
		streams.v2	no /v2
		ct_log.retry_max_attempts	for ever
		ct_log.retry_initial_delay_ms	for ever
		ct_log.retry_max_delay_ms	for ever
		ct_log.request_timeout_secs	30 seconds
		ct_log.healthy_threshold	for ever
		ct_log.unhealthy_threshold	for ever
		ct_log.health_check_interval_secs	for ever
		ct_log.state_file	scripts/import-index /data/state.json
		ct_log.batch_size	learns it
		ct_log.fetch_concurrency	learns it
		ct_log.start_overlap_leaves	--since
		ct_log.rfc6962_enabled	by protocol
		ct_log.static_ct_enabled	by protocol
		ct_log.default_operator_rate_limit_ms	--rate HOST=4
		ct_log.operator_rate_limits.digicert	--rate HOST=0.5
		ct_log.checkpoint_signature_mode	always enforces
		ct_log.max_catchup_lag_secs	--backlog
		ct_log.removed_log_policy	always ends a log
		ct_log.names_tiles	cannot prove
		ct_log.user_agent	-c ct@ops.example.org
		ct_log.force_http1_operators	by itself
		custom_logs https://ct.example/one	keys/ct.example-one.key
		custom_logs https://ct.example/one name	by its URL
		custom_logs https://ct.example/one expected_log_id	SHA-256 of the key
		custom_logs https://ct.example/one batch_size	learns it
		custom_logs https://ct.example/one poll_interval_ms	for all logs
		static_logs https://mon.ct.example/two/ name	by its URL
		static_logs https://mon.ct.example/two/ log_origin	whose checkpoint
		static_logs https://mon.ct.example/two/ tree_size_source	checkpoint only
		static_logs https://mon.ct.example/two/ operator	by its URL
		dedup.ttl_secs	however old
		api.cache_capacity	/api/cert
		auth.enabled	need a token too
		auth.tokens	the others are left out
		auth.header_name	Authorization: Bearer
		rate_limit.enabled	bounds connections
		rate_limit.max_tokens	bounds connections
		rate_limit.free_max_tokens	bounds connections
		rate_limit.refill_rate	bounds connections
		rate_limit.free_refill_rate	bounds connections
		rate_limit.burst	bounds connections
		rate_limit.free_burst	bounds connections
		rate_limit.window_seconds	bounds connections
		rate_limit.window_max_requests	bounds connections
		rate_limit.burst_window_seconds	bounds connections
		hot_reload.enabled	on HUP
		hot_reload.watch_path	at the start
		nats	JetStream
	end
	[ "$(wc -l <notes)" = 57 ]
}

@test "our tools take all options that come out" {
	local name
	for name in go rust; do
		"${name}_config" >config.yaml
		convert config.yaml
		set -f
		# shellcheck disable=SC2046 # the units split them at blanks too
		run -0 ct-fetch $(option FETCH) -V
		# shellcheck disable=SC2046
		run -0 ct-parse $(option PARSE) -V
		# shellcheck disable=SC2046
		run -0 ct-ws $(option WS) -V
		set +f
	done
}

@test "a configuration at its defaults needs no option, but the duplicates that the other server drops" {
	echo 'webserver: {listen_port: 8080, lite_url: "/"}' >go.yaml
	convert go.yaml
	[ "$status$(option FETCH)$(option PARSE)$(option WS)" = 0 ]
	echo 'port: 8080' >rust.yaml
	convert rust.yaml
	[ "$status$(option FETCH)$(option PARSE)$(option WS)" = '0-u 200000' ]
	[ ! -s notes ]
}

@test "what the command line that comes out serves is what the configuration names" {
	skip_without curl
	start_log -n 300 -r 20 -l alder=rfc6962,birch=tiled
	local port line
	port=$(free_port)
	cat >go.yaml <<-end
		Webserver: {Listen_Addr: 127.0.0.1, listen_port: $port}
		general:
		  disable_default_logs: true
		  additional_logs: [{url: "${log_url}alder"}]
		  additional_tiled_logs: [{url: "${log_url}birch/"}]
	end
	convert go.yaml
	[ "$status" = 0 ]
	mkdir keys state
	sed -n 's/.* into \(keys[^ ]*\) (PEM.*/\1/p' notes >wanted
	cp "$log_dir/alder.pem" "$(sed -n 1p wanted)"
	cp "$log_dir/birch.pem" "$(sed -n 2p wanted)"
	export CT_BUS=ipc://$PWD/bus
	line=$(sed -n 's/^# \(ct-fetch .*\) &$/\1/p' out)
	spawn_sh feed "$line"
	line=$(sed -n 's/^# \(ct-ws .*\)/\1/p' out)
	spawn_sh ws "exec $line"
	wait_until 20 sh -c "curl -s http://127.0.0.1:$port/latest.json | jq -e '[.messages[].data.source.type] | unique == [\"rfc6962\", \"tiled\"]'"
}

@test "a key that neither server knows is named, and ends with 1" {
	printf '%s\n' 'webserver: {listen_prot: 1, listen_port: 9000}' 'general: {recovery: {enabled: true, file: x}}' \
	    'surprise: 1' >go.yaml
	convert go.yaml
	[ "$status" = 1 ]
	noted webserver.listen_prot 'not known'
	noted general.recovery.file 'not known'
	noted surprise 'not known'
	[ "$(option WS)" = '-p 9000' ]
	printf '%s\n' 'port: 9000' 'custom_logs: [{url: "https://ct.example/x", uri: y}]' \
	    'ct_log: {catalog_authority_overrides: {mozilla: true}}' >rust.yaml
	convert rust.yaml
	[ "$status" = 1 ]
	noted 'custom_logs https://ct.example/x uri' 'not known'
	noted ct_log.catalog_authority_overrides.mozilla 'no list that is known'
}

@test "a file that is no configuration of either server ends with 100 and the reason" {
	local n=0 body want
	while IFS='	' read -r body want; do
		n=$((n + 1))
		printf '%b\n' "$body" >bad.yaml
		convert bad.yaml
		[ "$status" = 100 ]
		[ ! -s out ]
		grep -qF -- "$want" notes
	done <<-'end'
		[1, 2]	bad.yaml: holds no keys
		a: [	bad.yaml: is not YAML
		x: 1	bad.yaml: has top keys of neither
		port: 1\nwebserver: {}	bad.yaml: has top keys of both
		webserver: 5	webserver: should have keys below it
		webserver: {listen_port: many}	webserver.listen_port: 'many' cannot be understood
		webserver: {whitelist: 127.0.0.1}	webserver.whitelist: should be a list
		port: 1\ncustom_logs: [5]	custom_logs
	end
	[ "$n" = 8 ]
	convert nowhere
	[ "$status" = 111 ]
	grep -qF 'nowhere: No such file' notes
}

@test "a value that the units would split or a shell would read is not passed on in silence" {
	printf '%s\n' 'tls_cert: "/my certs/c.pem"' 'tls_key: /k.pem' \
	    'static_logs: [{url: "https://x.example/$(touch gone)/"}, {url: "https://y.example/", key: "A;touch gone"}]' >rust.yaml
	convert rust.yaml
	[ "$status" = 0 ]
	noted 'ct-ws /my certs/c.pem' 'split options at blanks'
	noted 'static_logs https://x.example/$(touch gone)/' 'is left out'
	run -1 grep touch out
}

@test "without the YAML reader from-config says which package has it" {
	echo 'port: 1' >rust.yaml
	mkdir none
	echo 'raise ImportError' >none/yaml.py
	PYTHONPATH=none run -111 "$ROOT/scripts/from-config" rust.yaml
	[[ $output == *python3-yaml* ]]
}

# ---- MIGRATING.md ----

@test "MIGRATING.md names options that our tools have" {
	local tool words word n=0
	while read -r tool words; do
		for word in ${words%%|*}; do
			[[ $word == -[a-zA-Z]* || $word == --[a-z]* ]] || continue
			n=$((n + 1))
			"$tool" --help | grep -qE -- "(^|[ ,])$word([ ,=|]|$)" || {
				echo "$tool has no $word"
				return 1
			}
		done
	done < <(grep -o '`ct-[a-z]* -[^`]*`' "$ROOT/MIGRATING.md" | tr -d '`')
	[ "$n" -ge 40 ]
}

@test "MIGRATING.md names metrics that ct-ws has" {
	local name n=0
	for name in $(grep '^|' "$ROOT/MIGRATING.md" | cut -d '|' -f 3 | grep -o '`ct_[a-z_]*`' | tr -d '`' | sort -u) \
	    $(grep -o '`certstreamservergo_[a-z_]*`' "$ROOT/MIGRATING.md" | tr -d '`' | sort -u) \
	    $(grep '^| .*the same names\{0,1\}' "$ROOT/MIGRATING.md" | cut -d '|' -f 2 | grep -o '`[a-z_]*`' | tr -d '`' | sed 's/^/certstream_/'); do
		n=$((n + 1))
		cat "$ROOT"/ct-ws/site/*.c | grep -qF "\"$name\"" || {
			echo "there is no metric $name"
			return 1
		}
	done
	[ "$n" -ge 30 ]
}

@test "MIGRATING.md has each key that from-config knows, and each that it has is known" {
	skip_without python3
	run -0 python3 -B - "$ROOT" <<-'EOT'
		import re, runpy, sys
		root = sys.argv[1]
		own = runpy.run_path(root + "/scripts/from-config")
		text = open(root + "/MIGRATING.md").read()
		parts = {"GO": text[text.index("### certstream-server-go"):text.index("### certstream-server-rust")],
		         "RUST": text[text.index("### certstream-server-rust"):text.index("## Paths")]}
		def leaves(rules):
		    for name, rule in rules.items():
		        yield from leaves(rule) if isinstance(rule, dict) else [name]
		for server, part in parts.items():
		    words = set(re.findall(r"[a-z_0-9]+", " ".join(re.findall(r"`([^`]*)`", part))))
		    groups = {"rate_limit": "rate_limit.*", "hot_reload": "hot_reload.*"}
		    for top, rule in own[server].items():
		        if top in groups and groups[top] in part:
		            continue
		        for name in leaves({top: rule}):
		            assert name in words, f"{server}: {name} is not in MIGRATING.md"
		    for path in re.findall(r"^\| (?:\*later\* )?`([a-z_]+(?:\.[a-z_]+)+)`", part, re.M):
		        rules = own[server]
		        for step in path.split("."):
		            rules = rules.get(step, {}) if isinstance(rules, dict) else {}
		        assert rules or path.startswith("ct_log.catalog"), f"{server}: from-config does not know {path}"
	EOT
}
