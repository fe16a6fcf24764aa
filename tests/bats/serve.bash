# What the tests of ct-ws behind a real ct-hub share. It is loaded after setup.

# start_ws OPTION...: starts a hub that takes lines from $feed, and a ct-ws at $url that is connected to it.
start_ws()
{
	export CT_BUS=ipc://$BATS_TEST_TMPDIR/bus
	start_hub
	port=$(free_port)
	url=http://127.0.0.1:$port
	at=ws://127.0.0.1:$port
	serve "$@"
}

# start_hub OPTION...: starts a hub on $CT_BUS, and sets hub to its process id.
start_hub()
{
	feed=$BATS_TEST_TMPDIR/feed
	[ -p "$feed" ] || mkfifo "$feed"
	spawn_sh hub "exec ct-hub -w 0 ${*@Q} <>'$feed'"
	hub=$spawned
}

# serve OPTION...: starts a ct-ws on $port and waits until it hears the hub. Sets ws to its process id.
serve()
{
	spawn ws ct-ws -p "$port" "$@"
	ws=$spawned
	wait_until 10 metric 'ct_ws_bus_connected 1'
}

# metric 'NAME VALUE': succeeds when this is a line of /metrics.
metric()
{
	curl -s "$url/metrics" | grep -qxF "$1"
}

# value NAME: prints the value of a metric.
value()
{
	curl -s "$url/metrics" | sed -n "s/^$1 //p"
}

# readers STREAM WIRE N: succeeds when N clients read this stream over that wire.
readers()
{
	[ "$(curl -s "$url/stats" |
	    jq "[.streams[] | select(.stream == \"$1\" and .wire == \"$2\") | .clients] | add")" = "$3" ]
}

# event FROM [TO]: prints the events with these numbers, in the form full. Their names are nN.example and
# tM.test, where M is N modulo 10; what stands in $pad makes them longer.
event()
{
	seq "$1" "${2-$1}" | awk -v pad="${pad-}" '{ printf "{\"data\":{\"cert_index\":%d,\"cert_link\":\"\",\"chain\":[{\"as_der\":\"AAAA\"}],\"leaf_cert\":{\"all_domains\":[\"n%d.example\",\"t%d.test\"],\"as_der\":\"%s\",\"subject\":{\"CN\":\"n%d.example\"},\"issuer\":{\"O\":\"An issuer\"}},\"seen\":1700000000.5,\"source\":{\"name\":\"A log\",\"url\":\"https://log.example\"},\"update_type\":\"%s\"},\"message_type\":\"certificate_update\"}\n", $1, $1, $1 % 10, pad, $1, $1 % 2 ? "PrecertLogEntry" : "X509LogEntry" }'
}

# lite, domains: bring full events into that form.
lite()
{
	jq -c 'del(.data.chain, .data.leaf_cert.as_der)'
}

domains()
{
	jq -c '{data: .data.leaf_cert.all_domains, message_type: "dns_entries"}'
}

# send FROM [TO]: publishes the events with these numbers.
send()
{
	event "$@" >"$feed"
}

# latest: prints the number of the newest event.
latest()
{
	curl -s "$url/example.json" | jq .data.cert_index
}

# latest_is N: succeeds when the newest event has this number.
latest_is()
{
	[ "$(latest)" = "$1" ]
}

# has_lines FILE N: succeeds when that output of a spawned process has N lines with an event.
has_lines()
{
	[ "$(grep -c '"message_type":"\(certificate_update\|dns_entries\)"' "$BATS_TEST_TMPDIR/$1.out")" -ge "$2" ]
}

status_of()
{
	curl -s -o /dev/null -w '%{http_code}' "$@"
}
