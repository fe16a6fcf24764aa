# What the tests of the doors of ct-ws have in common; to be loaded behind setup.

# start_hub: starts a hub that takes lines from $feed.
start_hub()
{
	export CT_BUS=ipc://$BATS_TEST_TMPDIR/bus
	feed=$BATS_TEST_TMPDIR/feed
	mkfifo "$feed"
	spawn_sh hub "exec ct-hub -w 0 <>'$feed'"
}

# start_ws OPTION...: starts a ct-ws at $port of this machine, and waits until it listens. Sets $ws.
start_ws()
{
	export CT_BUS=${CT_BUS:-ipc://$BATS_TEST_TMPDIR/bus}
	port=$(free_port)
	url=http://127.0.0.1:$port
	spawn ws ct-ws -p "$port" "$@"
	ws=$spawned
	wait_until 10 grep -q listening "$BATS_TEST_TMPDIR/ws.err"
}

# make_pair NAME: makes a certificate for localhost, whose organization is NAME, and its key.
make_pair()
{
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/O=$1/CN=localhost" \
	    -addext subjectAltName=DNS:localhost,IP:127.0.0.1 \
	    -keyout "$BATS_TEST_TMPDIR/$1.key" -out "$BATS_TEST_TMPDIR/$1.pem" 2>/dev/null
}

# event N: prints an event.
event()
{
	echo '{"data":{"cert_index":'"$1"',"cert_link":"","chain":[{"as_der":"AAAA"}],"leaf_cert":{"all_domains":["n'"$1"'.example"],"as_der":"AAAA","subject":{"CN":"n'"$1"'.example"},"issuer":{"O":null}},"seen":1700000000.5,"source":{"name":"A log","url":"https://log.example"},"update_type":"X509LogEntry"},"message_type":"certificate_update"}'
}

# status_of ARGUMENT...: prints the status that curl gets.
status_of()
{
	curl -s -o /dev/null -w '%{http_code}' "$@"
}

# refused REASON N: succeeds when so many have been refused for that reason. $fetch gets the metrics.
refused()
{
	"${fetch[@]}" | grep -qxF "ct_ws_refused_total{reason=\"$1\"} $2"
}
