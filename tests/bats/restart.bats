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
	    --list-key '$log_dir/list-key.pem' | ct-parse | tee -a all | { echo \$BASHPID >hub.pid; exec ct-hub -k state/mark; }"
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

# indexes: of each event, which log it is from and its index there, each pair once.
indexes()
{
	jq -r 'select(.message_type == "certificate_update") |
	    [.data.source.name, .data.cert_index] | @tsv' | sort -u
}

# complete FILE: everything in the file wanted is in it; what is not is then in FILE.missing.
complete()
{
	indexes <"$1" | comm -13 - wanted >"$1.missing"
	[ ! -s "$1.missing" ]
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
	grep '"certificate_update"' all | indexes >wanted
	for got in latest.out client.out; do
		wait_until 30 complete "$got" || {
			sed "s/^/$got lacks /" "$got.missing"
			return 1
		}
		if grep '"skipped"' "$got"; then
			return 1
		fi
	done
}

@test "a reader that was stopped when the hub ended is told how many it lost" {
	mkdir state
	spawn got ct-latest -v -f -n 0
	mkfifo in
	for life in 1 2; do
		spawn hub bash -c 'exec ct-hub -w 0 -k state/mark <in'
		exec 7>in
		wait_until 5 ct-latest -n 0
		wait_until 5 grep -q 'from record\|began anew\|is there' got.err
		seq -f '{"data":{"cert_index":%.0f},"message_type":"certificate_update"}' 1 100 >&7
		wait_until 10 has got.out $((life == 1 ? 100 : 101))
		[ "$life" = 1 ] || break
		kill -STOP "$(head -n 1 spawned)"
		seq -f '{"data":{"cert_index":%.0f,"pad":"xxxxxxxxxxxxxxxxxxxxxxxx"},"message_type":"certificate_update"}' 101 5000 >&7
		echo '{"message_type":"mark","n":1}' >&7
		exec 7>&-
		wait_until 10 grep -q mark state/mark
		ends 5 "$spawned"
		kill -CONT "$(head -n 1 spawned)"
	done
	wait_until 10 grep -q skipped got.out
	sleep 2
	came=$(grep -c '"certificate_update"' got.out)
	told=$(jq -s 'map(.count // 0) | add' got.out)
	[ $((came + told)) = 5101 ]	# the mark is a record too
}

@test "a hub that is stopped again and again costs its readers nothing" {
	survive TERM
}

@test "a hub that is killed again and again costs its readers nothing" {
	survive KILL
}
