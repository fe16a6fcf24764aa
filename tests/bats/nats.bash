# What the tests of the bus in NATS share: real servers, which the tests start and end. It is loaded after
# setup.

# skip_without_nats: skips the test where the tools lack NATS, or no server is installed.
skip_without_nats()
{
	skip_without nats-server curl jq
	nm -D "$(command -v ct-hub)" | grep -q natsConnection_ || skip "the tools are built without libnats"
	unset NATS_CREDS NATS_USER NATS_PASSWORD NATS_CA NATS_CERT NATS_KEY
}

# jetstream FOLDER: the part of a configuration by which a server stores streams there. It gives them $nats_room
# bytes, whatever is free: without a limit that is three quarters, and a stream reserves 8 GiB.
jetstream()
{
	echo "jetstream { store_dir: \"$1\", max_file_store: ${nats_room-64GB} }"
}

# start_nats OPTION...: starts a server with JetStream, whose address $CT_BUS then is. $nats is its process id.
start_nats()
{
	jetstream "$BATS_TEST_TMPDIR/js" >"$BATS_TEST_TMPDIR/nats.conf"
	nats_port=${nats_port-$(free_port)}
	nats_http=http://127.0.0.1:$((nats_port + 1))
	spawn nats nats-server -a 127.0.0.1 -p "$nats_port" -m $((nats_port + 1)) -c "$BATS_TEST_TMPDIR/nats.conf" "$@"
	nats=$spawned
	export CT_BUS=nats://127.0.0.1:$nats_port
	wait_until 20 curl -sf "$nats_http/healthz"
}

# start_member K: starts the K-th server of a cluster of three, which ports of cluster_ports belong to.
start_member()
{
	local port=${cluster_ports[$1]}

	cat >"member$1.conf" <<-end
		server_name: member$1
		listen: 127.0.0.1:$port
		http: 127.0.0.1:$((port + 1))
		$(jetstream "$BATS_TEST_TMPDIR/js$1")
		cluster {
			name: tests
			listen: 127.0.0.1:$((port + 2))
			routes: [ nats://127.0.0.1:$((cluster_ports[0] + 2)), nats://127.0.0.1:$((cluster_ports[1] + 2)),
				nats://127.0.0.1:$((cluster_ports[2] + 2)) ]
		}
	end
	spawn "member$1" nats-server -c "member$1.conf"
	members[$1]=$spawned
}

# start_cluster: three servers; $CT_BUS names them all, and asks for three copies of everything.
start_cluster()
{
	local k

	cluster_ports=("$(free_port)" "$(free_port)" "$(free_port)")
	members=()
	for k in 0 1 2; do
		start_member "$k"
	done
	CT_BUS=nats://127.0.0.1:${cluster_ports[0]},127.0.0.1:${cluster_ports[1]}
	export CT_BUS=$CT_BUS,127.0.0.1:${cluster_ports[2]}'?replicas=3'
	wait_until 60 is_healthy 0 1 2
}

# is_healthy K...: these servers say that they are in order.
is_healthy()
{
	local k

	for k; do
		curl -sf "http://127.0.0.1:$((cluster_ports[k] + 1))/healthz" || return
	done
}

# leader: prints which of the servers leads the stream.
leader()
{
	local k name

	for k in 0 1 2; do
		name=$(curl -sf "http://127.0.0.1:$((cluster_ports[k] + 1))/jsz?streams=1" |
		    jq -r '.account_details[0].stream_detail[0].cluster.leader // empty') || continue
		[ -z "$name" ] || break
	done
	[ -n "$name" ] && echo "${name#member}"
}

# stream JQ-EXPRESSION: of what the server says about the first stream.
stream()
{
	curl -sf "$nats_http/jsz?streams=1&config=1" | jq -e ".account_details[0].stream_detail[0] | $1"
}

# certificates FROM TO: events with these indexes, as ct-parse writes them; $pad bytes more make them longer.
certificates()
{
	seq "$1" "$2" | awk -v pad="${pad-0}" '
	BEGIN { while (length(fill) < pad) fill = fill "A" fill }
	{ printf "{\"data\":{\"cert_index\":%d,\"cert_link\":\"\",\"chain\":[{\"as_der\":\"AAAA\"}],\"leaf_cert\":{\"all_domains\":[\"n%d.example\"],\"as_der\":\"%s\",\"extensions\":{},\"sha256\":\"%08X\"},\"seen\":1700000000.5,\"source\":{\"name\":\"A log\",\"url\":\"https://log.example\",\"timestamp\":1,\"type\":\"rfc6962\"},\"update_type\":\"X509LogEntry\"},\"message_type\":\"certificate_update\"}\n", $1, $1, fill, $1 }'
}

# indexes: those of the events of stdin, a line each.
indexes()
{
	grep -o '"cert_index":[0-9]*' | cut -d : -f 2
}

# is_all FILE TO: the events in FILE are those from 1 on, each once, in any order.
is_all()
{
	indexes <"$1" | sort -n | cmp - <(seq 1 "$2")
}

# make_stream: makes the stream of $CT_BUS, with a record that is no event.
make_stream()
{
	ct-hub <<<'{"message_type":"status","stage":"test"}'
}

# start_follower NAME OPTION...: a ct-latest that prints all that goes into the stream from now on: it is waited
# for until it has a consumer, so that it has chosen its place before anything else is sent.
start_follower()
{
	spawn "$1" ct-latest -f -n 0 "${@:2}"
	wait_until 20 stream '.state.consumer_count > 0'
}

# start_hub OPTION...: a hub that reads what is written to descriptor 7.
start_hub()
{
	rm -f in
	mkfifo in
	spawn hub bash -c 'exec ct-hub -w 0 "$@" <in' hub "$@"
	hub=$spawned
	exec 7>in
}
