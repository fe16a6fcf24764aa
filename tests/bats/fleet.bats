# scripts/fleet: two fetch machines, a NATS server and two ct-ws, begun and ended by one command.

load setup
load nats

setup()
{
	skip_without_nats
	export TMPDIR=$BATS_TEST_TMPDIR/tmp
	mkdir "$TMPDIR"
	cd "$BATS_TEST_TMPDIR"
}

told_or_ended()
{
	grep -q Ctrl-C fleet.out || ended "$fleet"
}

# start_fleet: sets urls to the addresses of its two servers.
start_fleet()
{
	spawn fleet "$ROOT/scripts/fleet" -p 0
	fleet=$spawned
	wait_until 120 told_or_ended
	mapfile -t urls < <(grep -o 'http://localhost:[0-9]*' fleet.out)
	[ "${#urls[@]}" = 2 ] || {
		cat fleet.out fleet.err
		false
	}
}

# read_from NAME URL: a client of that server, whose lines are in NAME.out.
read_from()
{
	spawn "$1" curl -sSN "$2/stream.ndjson"
}

# places FILE: prints LOG INDEX of each event in it, in order.
places()
{
	jq -r 'select(.message_type == "certificate_update") | "\(.data.source.name) \(.data.cert_index)"' "$1"
}

# has_all_logs FILE N: each of the four logs has so many events in it.
has_all_logs()
{
	places "$1" | awk -v enough="$2" '{ NF--; n[$0]++ } END { for (i in n) full += n[i] >= enough; exit full != 4 }'
}

# is_complete FILE: the events of each log follow one another without a hole and without repetition.
is_complete()
{
	places "$1" | awk '{
		i = $NF
		NF--
		if (($0 in last) && i != last[$0] + 1) { print $0, last[$0], i; bad = 1 }
		last[$0] = i
	} END { exit bad }'
}

@test "each of two servers has every certificate of four logs, which two machines fetch" {
	start_fleet
	read_from one "${urls[0]}"
	read_from two "${urls[1]}"
	for name in one two; do
		wait_until 60 has_all_logs "$name.out" 50
	done
	is_complete one.out
	is_complete two.out
	eval "$(grep '^\. ' fleet.out)"
	[ "$(ct-latest -s status | jq -r 'select(.stage == "ct-fetch") | .shard' | sort | tr '\n' ' ')" = '1/2 2/2 ' ]
}

@test "TERM ends the fleet with 0, and leaves nothing" {
	start_fleet
	kill -TERM "$fleet"
	ends 30 "$fleet"
	wait_until 5 groups_ended spawned
	[ -z "$(ls -A "$TMPDIR")" ]
}

@test "a part that is killed ends the fleet, which says so" {
	start_fleet
	pkill -KILL -g "$fleet" -x ct-parse
	ends 30 "$fleet" || :
	[ "$status" != 0 ]
	grep -q '^fleet: ct-' fleet.err
	wait_until 5 groups_ended spawned
	[ -z "$(ls -A "$TMPDIR")" ]
}

@test "without a NATS server it says what to install" {
	mkdir none
	for program in sh dirname sed cat; do
		ln -s "$(command -v "$program")" "none/$program"
	done
	sed 's,^PATH=.*,PATH='"$PWD"'/none,' "$ROOT/scripts/fleet" >fleet
	run sh fleet
	[ "$status" = 111 ]
	[[ $output == *"no nats-server here"* ]]
}

@test "a wrong port is refused with 100" {
	for port in 65535 x ''; do
		run "$ROOT/scripts/fleet" -p "$port"
		[ "$status" = 100 ]
		[[ $output == *"-p $port is no port"* ]]
	done
}
