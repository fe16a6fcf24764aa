# The feed is ended and begun anew under its readers, as systemd does after a
# crash: nobody misses a certificate. CT_RESTARTS=30 does it more often.

load setup

setup()
{
	skip_without curl jq
	export CT_BUS=ipc://$BATS_TEST_TMPDIR/bus
	port=$(free_port)
	restarts=${CT_RESTARTS:-2}
	cd "$BATS_TEST_TMPDIR"
}

# start_feed: the pipeline of ct-feed.service; the hub's process id is then in $hub.
start_feed()
{
	spawn_sh feed "ct-fetch -q -E -d state -L '$log_dir/log_list.json' \
	    --list-key '$log_dir/list-key.pem' | ct-parse | { echo \$BASHPID >hub.pid; exec ct-hub -k state/mark; }"
	feed=$spawned
	wait_until 5 ct-latest -n 0
	hub=$(cat hub.pid)
}

# The readers, running before any feed does.
start_readers()
{
	spawn latest ct-latest -f -n 0
	spawn ct-ws ct-ws -p "$port"
	wait_until 10 listens "$port"
	spawn client "$ROOT/bench/wsload" -o -t 7200 127.0.0.1 "$port" /full-stream
}

# has FILE COUNT: it has at least so many events.
has()
{
	[ "$(grep -c '"certificate_update"' "$1")" -ge "$2" ]
}

# complete FILE: of each log, every index from the first seen to the last is there; nothing was skipped.
complete()
{
	grep '"skipped"' "$1" && return 1
	jq -r 'select(.message_type == "certificate_update") |
	    [.data.source.name, .data.cert_index] | @tsv' "$1" | sort -u | sort -t "$(printf '\t')" -k1,1 -k2,2n |
	    awk -F '\t' '
	$1 == log_name && $2 != last + 1 { print $1 ": nothing from " last + 1 " to " $2 - 1; missing++ }
	{ log_name = $1; last = $2 }
	END { exit missing > 0 || NR == 0 }'
}

# survive SIGNAL: ends the hub by it again and again, and looks whether all has come.
survive()
{
	start_log -n 300 -r 75 -l a=rfc6962,b=tiled
	mkdir state
	start_readers
	for i in $(seq "$restarts"); do
		start_feed
		sleep "$((RANDOM % 3 + 3)).$((RANDOM % 10))"
		kill "-$1" "$hub"
		echo "$feed" >feed.pid
		wait_until 20 groups_ended feed.pid
		sleep "$((RANDOM % 3)).$((RANDOM % 10))"
	done
	start_feed
	before=$(grep -c . latest.out)
	wait_until 30 has latest.out $((before + 500))
	wait_until 10 has client.out "$(grep -c '"certificate_update"' latest.out)"
	complete latest.out
	complete client.out
}

@test "a hub that is stopped again and again costs its readers nothing" {
	survive TERM
}

@test "a hub that is killed again and again costs its readers nothing" {
	survive KILL
}
