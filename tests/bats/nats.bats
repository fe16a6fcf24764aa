# The bus in NATS JetStream: the tools with a real server, and with a cluster of three.

load setup
load nats

setup()
{
	skip_without_nats
	cd "$BATS_TEST_TMPDIR"
}

# holds FILE N: it has that many lines.
holds()
{
	[ "$(wc -l <"$1")" -ge "$2" ]
}

# start_ws NAME OPTION...: a ct-ws that is connected; sets port to where it listens.
start_ws()
{
	port=$(free_port)
	spawn "$1" ct-ws -p "$port" "${@:2}"
	wait_until 20 metric 'ct_ws_bus_connected 1'
}

# has_newest N: the newest event has this index.
has_newest()
{
	[ "$(ct-latest -n 1 | indexes)" = "$1" ]
}

metric()
{
	curl -s "http://127.0.0.1:$port/metrics" | grep -qxF "$1"
}

# another_leads K: the stream is led by another server than the K-th.
another_leads()
{
	local now

	now=$(leader) && [ "$now" != "$1" ]
}

# start_client NAME COUNT: a client of the ct-ws at $port, which ends when it has so many events.
start_client()
{
	spawn "$1" "$ROOT/bench/wsload" -o -c "$2" -t 200 127.0.0.1 "$port" /
	client=$spawned
	wait_until 10 metric 'certstreamservergo_clients_total{type="lite"} 1'
}

@test "the whole pipeline goes through a NATS server, and every certificate arrives once and in order" {
	start_nats
	start_log -n 2000 -l a=rfc6962,b=tiled
	make_stream
	start_follower follower -s lite
	start_ws ws
	start_client client 4000
	ct-fetch -q -L "$log_dir/log_list.json" --list-key "$log_dir/list-key.pem" -s 0 --once | ct-parse | ct-hub
	ends 60 "$client"
	for log in a b; do
		jq -r "select(.message_type == \"certificate_update\" and (.data.source.name | endswith(\"'$log'\"))) |
		    .data.cert_index" client.out | cmp - <(seq 0 1999)
	done
	wait_until 10 holds follower.out 4000
	[ "$(grep . client.out | sort -u | wc -l)" = 4000 ]
	[ "$(curl -s "http://127.0.0.1:$port/latest.json" | jq '.messages | length')" = 25 ]
	! grep -i 'warning.*missed' ws.err
}

@test "the stream is made with the settings of the address, and one that differs is used with a warning" {
	start_nats
	certificates 1 10 | ct-hub -b "$CT_BUS/LOGS?max-age=2h&max-bytes=20m&duplicates=1m&discard=new&storage=memory"
	stream '.name == "LOGS" and .config.subjects == ["logs.>"] and .config.max_age == 7200000000000 and
	    .config.max_bytes == 20971520 and .config.duplicate_window == 60000000000 and .config.discard == "new" and
	    .config.storage == "memory" and .state.messages == 10'
	certificates 11 11 | ct-hub -b "$CT_BUS/LOGS?max-age=3h&storage=memory" 2>told
	grep -q 'used as it is: max-age is 7200 s, not 10800 s$' told
	stream '.config.max_age == 7200000000000 and .state.messages == 11'
}

@test "subjects have the type and the log of a record" {
	start_nats
	{
		certificates 1 3
		echo '{"message_type":"head","log_id":"A","name":"A log"}'
		echo '{"message_type":"status","stage":"ct-fetch"}'
		echo anything
	} | ct-hub
	[ "$(curl -s "$nats_http/jsz?streams=1&config=1" |
	    jq '.account_details[0].stream_detail[0].state.num_subjects')" = 4 ]
}

@test "a server with too little room for the stream is told, with what makes it smaller" {
	nats_room=1GB
	start_nats
	certificates 1 3 >events
	spawn_sh hub 'ct-hub <events'
	wait_until 30 grep 'takes nothing: insufficient storage.*max-bytes=' hub.err
	timeout 60 ct-hub -b "$CT_BUS?max-bytes=100m" <events
	[ "$(ct-latest -n 3 -b "$CT_BUS?max-bytes=100m" | wc -l)" = 3 ]
}

@test "what is published again is removed by the server, whatever was seen when" {
	start_nats
	certificates 1 100 | ct-hub
	certificates 51 150 | sed 's/1700000000.5/1700000099.25/' | ct-hub
	stream '.state.messages == 150'
	[ "$(ct-latest -n 1000 | indexes | wc -l)" = 150 ]
}

@test "the newest events are had without a hub" {
	start_nats
	certificates 1 1000 | ct-hub
	ct-latest | cmp - <(certificates 976 1000)
	ct-latest -n 3 | cmp - <(certificates 998 1000)
}

@test "--since shows the records of the stream from a number on, and ends at the place where it was" {
	start_nats
	certificates 1 5000 | ct-hub
	ct-latest --since 4996 | cmp - <(certificates 4996 5000)
	ct-latest --since 1 | cmp - <(certificates 1 5000)
	[ -z "$(ct-latest --since 5001)" ]
	[ -z "$(ct-latest --since 6000 2>told)" ]
	grep -q 'record 6000 is yet to come; the next one is 5001' told
	place=$(ct-latest -v --since 5000 2>&1 >/dev/null | sed -n 's/.*the next record is \([0-9]*-5001\)$/\1/p')
	[ -n "$place" ]
	certificates 5001 5003 | ct-hub
	ct-latest --since "$place" | cmp - <(certificates 5001 5003)
}

@test "--since reads a stream in many pieces, again and again, while it goes on" {
	start_nats
	pad=8000
	certificates 1 600 | ct-hub
	spawn_sh feeder "$(declare -f certificates)"'; pad=8000
	    for i in $(seq 601 9000); do certificates "$i" "$i"; sleep 0.01; done | ct-hub'
	for i in $(seq 15); do
		ct-latest --since 1 >got
		indexes <got >came
		[ "$(wc -l <came)" -ge 600 ]
		cmp came <(seq "$(wc -l <came)")
	done
}

@test "--since counts the parts of a long certificate as records, and shows it whole" {
	start_nats
	certificates 1 2 | ct-hub
	pad=3000000
	certificates 3 3 >long
	pad=0
	ct-hub <long
	certificates 4 4 | ct-hub
	ct-latest --since 2 >got 2>told
	cmp got <(certificates 2 2; cat long; certificates 4 4)
	[ ! -s told ]
}

@test "--since counts what the limits of the stream have removed" {
	start_nats
	export CT_BUS="$CT_BUS?max-bytes=100k"
	pad=1000
	certificates 1 300 | ct-hub
	ct-latest --since 5 >got 2>told
	missed=$(head -n 1 got | jq -e 'select(.message_type == "skipped").count')
	[ "$missed" -gt 100 ]
	grep -q "$missed records missed" told
	tail -n +2 got | cmp - <(certificates $((5 + missed)) 300)
}

@test "--since with the place of a stream that is gone says so, and shows the whole of the one that is there" {
	start_nats
	certificates 1 3 | ct-hub
	place=$(ct-latest -v --since 1 2>&1 >/dev/null | sed -n 's/.*the next record is \([0-9]*-4\)$/\1/p')
	kill "$nats"
	ends 10 "$nats" || :
	rm -r js
	start_nats
	certificates 11 14 | ct-hub
	CT_BUS=${CT_BUS/127/nobody:secret@127}
	ct-latest --since "$place" >got 2>told
	cmp got <(certificates 11 14)
	grep -q "record $place belongs to a run of numbers that is not remembered; what was lost is not known" told
	! grep secret told
}

@test "--since with -f goes on with what is published, each record once" {
	start_nats
	certificates 1 40 | ct-hub
	spawn got ct-latest -f --since 30
	wait_until 10 holds got.out 11
	certificates 41 43 | ct-hub
	wait_until 10 holds got.out 14
	cmp got.out <(certificates 30 43)
}

@test "--relay sends all records into the stream too, and stores marks when they are stored there" {
	nats_port=$(free_port)
	mark='{"message_type":"mark","version":2,"logs":[]}'
	leaf=ipc://$BATS_TEST_TMPDIR/leaf
	mkfifo in
	spawn leaf bash -c "exec ct-hub -w 0 -b '$leaf' -o 'nats://someone:secret@127.0.0.1:$nats_port' -k mark <in"
	leaf_pid=$spawned
	exec 7>in
	certificates 1 1000 >&7
	echo "$mark" >&7
	wait_until 10 grep -q "127.0.0.1:$nats_port.*records wait" leaf.err
	ct-latest -b "$leaf" -n 1 | cmp - <(certificates 1000 1000)
	sleep 1.5
	[ ! -e mark ]
	! grep secret leaf.err
	start_nats --user someone --pass secret 7>&-
	export NATS_USER=someone NATS_PASSWORD=secret
	wait_until 20 test -e mark
	[ "$(cat mark)" = "$mark" ]
	certificates 1001 1500 >&7
	exec 7>&-
	ends 20 "$leaf_pid"
	ct-latest --since 1 | cmp - <(certificates 1 1500)
}

@test "two leaves relay into one stream while its server is killed and started again, and nothing is missing" {
	start_nats
	make_stream
	leaves=()
	start_follower reader
	for k in 1 2; do
		for i in $(seq 20); do
			certificates $(((k - 1) * 4000 + (i - 1) * 200 + 1)) $(((k - 1) * 4000 + i * 200))
			sleep 0.1
		done | ct-hub -w 0 -b "ipc://$BATS_TEST_TMPDIR/leaf$k" -o "$CT_BUS" 3>&- &
		leaves[k]=$!
	done
	wait_until 20 holds reader.out 400
	kill -KILL "$nats"
	wait_until 5 ended "$nats"
	start_nats
	wait "${leaves[1]}"
	wait "${leaves[2]}"
	wait_until 30 is_all reader.out 8000
}

@test "-s status has the newest record of each stage, and of each shard of ct-fetch" {
	start_nats
	for n in 1 2; do
		for shard in 1/2 2/2; do
			echo '{"message_type":"status","stage":"ct-fetch","producer":"ab","shard":"'$shard'","entries":'$n'}'
		done
		echo '{"message_type":"status","stage":"ct-parse","entries":'$n'}'
	done | ct-hub
	ct-latest -s status | jq -r '"\(.stage) \(.shard) \(.entries)"' | sort >got
	cmp got <(printf '%s\n' 'ct-fetch 1/2 2' 'ct-fetch 2/2 2' 'ct-parse null 2')
}

@test "a certificate of several megabytes travels in parts and arrives whole" {
	start_nats
	start_hub
	start_ws ws
	start_client client 3
	pad=5000000
	certificates 2 2 >long
	pad=0
	certificates 1 1 >&7
	cat long >&7
	certificates 3 3 >&7
	ends 30 "$client"
	[ "$(indexes <client.out | xargs)" = '1 2 3' ]
	ct-latest -n 3 | cmp - <(certificates 1 1; cat long; certificates 3 3)
	metric 'ct_ws_bus_missed_total 0'
	stream '.state.messages > 5'
}

@test "a stream that is full holds the hub back, which says so once, and nothing is lost" {
	start_nats
	pad=3000
	CT_BUS="$CT_BUS?max-bytes=2m&discard=new&max-age=4s&duplicates=4s"
	make_stream
	start_follower follower
	start_hub
	certificates 1 1500 >&7
	exec 7>&-
	wait_until 20 grep -q 'takes nothing: maximum bytes exceeded; the records wait' hub.err
	wait_until 60 ended "$hub"
	wait_until 20 is_all follower.out 1500
	[ "$(grep -c 'takes nothing' hub.err)" -ge 1 ]
	[ "$(grep -c 'takes nothing' hub.err)" = "$(grep -c 'takes records again' hub.err)" ]
}

@test "wrong credentials are told without the password, and right ones come from the environment" {
	start_nats --user someone --pass secret
	spawn_sh hub 'echo {} | exec ct-hub -w 0 -b nats://someone:guess@127.0.0.1:'"$nats_port"
	wait_until 10 grep -q 'takes nothing: Authorization Violation' hub.err
	! grep -e guess -e secret hub.err
	NATS_USER=someone NATS_PASSWORD=secret ct-hub <<<'{}'
	ct-hub -b "nats://someone:secret@127.0.0.1:$nats_port" <<<'{}'
	stream '.state.messages == 2'
}

@test "a server with TLS is checked by the certificates of NATS_CA, and shown those of NATS_CERT" {
	skip_without openssl
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 2 \
	    -subj /CN=ca 2>/dev/null
	for name in server client; do
		openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$name.key" -out "$name.csr" \
		    -subj "/CN=$name" 2>/dev/null
		openssl x509 -req -in "$name.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out "$name.pem" \
		    -extfile <(echo subjectAltName=DNS:ct.example,IP:127.0.0.1) 2>/dev/null
	done
	start_nats --tlsverify --tlscert server.pem --tlskey server.key --tlscacert ca.pem
	export CT_BUS=tls://127.0.0.1:$nats_port
	spawn_sh hub 'echo {} | exec ct-hub -w 0'
	wait_until 10 grep -q 'takes nothing: SSL handshake error: .*local issuer' hub.err
	NATS_CA=ca.pem NATS_CERT=client.pem NATS_KEY=client.key ct-hub <<<'{}'
	stream '.state.messages == 1'
	NATS_CA=ca.pem NATS_CERT=client.pem NATS_KEY=client.key spawn_sh other \
	    'echo {} | exec ct-hub -w 0 -b tls://localhost:'"$nats_port"
	wait_until 10 grep -q 'takes nothing: .*hostname mismatch' other.err
	run env NATS_CA=missing.pem ct-hub <<<'{}'
	[ "$status" = 111 ]
	[[ $output == *NATS_CA* ]]
	run env NATS_CERT=client.pem ct-hub <<<'{}'
	[ "$status" = 111 ]
	[[ $output == *NATS_KEY* ]]
}

@test "a server that is killed and started again interrupts readers, and loses nothing" {
	start_nats
	start_hub
	start_ws ws
	start_client client 3000
	certificates 1 1000 >&7
	kill -KILL "$nats"
	wait_until 5 ended "$nats"
	certificates 1001 2000 >&7
	wait_until 10 metric 'ct_ws_bus_connected 0'
	start_nats
	certificates 2001 3000 >&7
	ends 60 "$client"
	is_all client.out 3000
	metric 'ct_ws_bus_missed_total 0'
}

@test "a hub that is killed again and again goes on from its marks, with nothing missing and nothing twice" {
	start_nats
	start_log -n 200 -r 20 -l a=rfc6962,b=tiled
	mkdir state
	spawn reader ct-latest -f -n 0
	wait_until 10 grep -q 'there is no stream CT yet; waiting for it' reader.err
	for i in 1 2 3 4; do
		spawn_sh feed "ct-fetch -q -E -d state -s 0 -L '$log_dir/log_list.json' \
		    --list-key '$log_dir/list-key.pem' | ct-parse | ct-hub -k state/mark"
		feed=$spawned
		sleep "$((RANDOM % 4 + 1)).$((RANDOM % 10))"
		[ "$i" = 4 ] || kill_part "$feed" ct-hub
		echo "$feed" >feed.pid
		[ "$i" = 4 ] || wait_until 20 groups_ended feed.pid
	done
	size=$(curl -s "${log_url}a/ct/v1/get-sth" | jq .tree_size)
	wait_until 60 jq -e --argjson size "$size" '.logs | length == 2 and all(.next >= $size)' state/mark
	for log in a b; do
		jq -r "select(.message_type == \"certificate_update\" and (.data.source.name | endswith(\"'$log'\"))) |
		    .data.cert_index" reader.out >came
		# Entry 0 of a tiled log looks like one without an index, so its repetitions are not known.
		grep -vx 0 came | head -n $((size - 1)) | cmp - <(seq 1 $((size - 1)))
	done
}

@test "a cluster of three loses nothing when a server is killed, and then the leader; clients stay connected" {
	start_cluster
	start_hub -k marks
	certificates 1 1 >&7
	wait_until 20 has_newest 1
	start_ws ws
	start_client client 29999
	(
		for i in $(seq 0 59); do
			certificates $((i * 500 + 2)) $(((i + 1) * 500 + (i < 59)))
			sleep 0.5
		done
	) | head -n 29999 >&7 7>&- &
	sleep 4
	first=$(leader)
	follower=$(((first + 1) % 3))
	kill -KILL "${members[follower]}"
	sleep 4
	start_member "$follower"
	wait_until 60 is_healthy 0 1 2
	second=$(leader)
	kill -KILL "${members[second]}"
	wait_until 60 another_leads "$second"
	start_member "$second"
	ends 120 "$client"
	{
		certificates 1 1
		cat client.out
	} >all
	is_all all 30000
	! grep -q 'went away\|closed' client.err
	metric 'ct_ws_bus_missed_total 0'
}

@test "two shards of ct-fetch and two ct-ws share a NATS server, and each ct-ws has every certificate" {
	start_nats
	start_log -n 500 -l a=rfc6962,b=tiled,c=rfc6962,d=tiled
	make_stream
	start_ws ws1
	start_client client1 2000
	one=$client
	start_ws ws2
	start_client client2 2000
	for k in 1 2; do
		spawn_sh "feed$k" "ct-fetch -q -N $k/2 -L '$log_dir/log_list.json' --list-key '$log_dir/list-key.pem' \
		    -s 0 --once | ct-parse | ct-hub"
	done
	ends 60 "$one"
	ends 60 "$client"
	for log in a b c d; do
		for k in 1 2; do
			jq -r "select(.data.source.name | endswith(\"'$log'\")) | .data.cert_index" "client$k.out" |
			    cmp - <(seq 0 499)
		done
	done
}
