# scripts/ct-run: the server that lives and dies as one, as in a container.

load setup

setup()
{
	cd "$BATS_TEST_TMPDIR"
	PATH=$ROOT/scripts:$PATH
	export CT_BUS=ipc://$PWD/bus CT_STATE=$PWD/state CT_WS_OPTIONS="-a 127.0.0.1 -p 0"
	export TMPDIR=$PWD/temporary
	mkdir temporary
}

# start_run OPTION...: starts it on a log that grows, and waits until events come through.
start_run()
{
	start_log -n 300 -r 20 -l a=rfc6962
	CT_FETCH_OPTIONS="-L $log_dir/log_list.json --list-key $log_dir/list-key.pem"
	export CT_FETCH_OPTIONS
	spawn run ct-run "$@"
	run=$spawned
	wait_until 20 ct-latest -n 1
	wait_until 20 ws_answers
}

ws_answers()
{
	port=$(sed -n 's/.*listening on port \([0-9]*\).*/\1/p' run.err)
	[ -n "$port" ] && curl -sf "http://127.0.0.1:$port/health"
}

# part NAME: prints the process id of that part of the run.
part()
{
	cat temporary/*/"$1"
}

# all_ended: succeeds when nothing of the run lives, and no file of it is left.
all_ended()
{
	reap
	! kill -0 -- "-$run" 2>/dev/null && [ -z "$(ls temporary)" ]
}

# next: prints where the mark says that the log is to be gone on with.
next()
{
	jq '.logs[0].next' state/mark
}

@test "events come through all parts to a client" {
	start_run -s 200
	wait_until 10 ws_has_events
}

ws_has_events()
{
	[ "$(curl -s "http://127.0.0.1:$port/latest.json" | jq '.messages | length')" -gt 0 ]
}

# reached N: succeeds when an event from that place in the log or behind it has come.
reached()
{
	[ "$(ct-latest -n 1 | jq .data.cert_index)" -ge "$1" ]
}

# kills PART: kills it, and expects the run to end with 137 within seconds.
kills()
{
	start_run
	kill -KILL "$(part "$1")"
	ends 10 "$run" || :
	[ "$status" = 137 ]
	all_ended
	grep -q "^ct-run: $1 ended with 137$" run.err
	[ "$(grep -c '^ct-run:' run.err)" = 1 ]
}

@test "when ct-fetch is killed, all end and the exit code tells" { kills ct-fetch; }
@test "when ct-parse is killed, all end and the exit code tells" { kills ct-parse; }
@test "when ct-hub is killed, all end and the exit code tells" { kills ct-hub; }
@test "when ct-ws is killed, all end and the exit code tells" { kills ct-ws; }

@test "after a part was killed, what was in the pipes is in the mark" {
	start_run -s 0
	wait_until 20 reached 299
	kill -KILL "$(part ct-ws)"
	ends 10 "$run" || :
	[ "$(next)" -ge 300 ]
}

@test "TERM ends all parts with 0 and stores the mark, so that the next run misses and repeats nothing" {
	spawn follow ct-latest -f -n 0
	start_run -s 0
	began=$SECONDS
	kill -TERM "$run"
	ends 10 "$run"
	[ $((SECONDS - began)) -le 8 ]
	all_ended
	from=$(next)
	spawn run ct-run
	run=$spawned
	wait_until 20 has_index $((from + 20))
	kill -TERM "$run"
	ends 10 "$run"
	indexes | cmp - <(seq 0 $(($(next) - 1)))
}

# Prints the place in the log of each event that was followed.
indexes()
{
	jq -c 'select(.message_type == "certificate_update") | .data.cert_index' follow.out
}

# has_index N
has_index()
{
	indexes | grep -qx "$1"
}

@test "TERM to all processes at once, as of a terminal, ends them with 0 too" {
	start_run
	wait_until 10 test -s state/mark
	kill -TERM -- "-$run"
	ends 10 "$run"
	all_ended
}

@test "a part that ends by itself without a failure ends all with 111" {
	start_run
	kill -TERM "$(part ct-ws)"
	ends 10 "$run" || :
	[ "$status" = 111 ]
	all_ended
	grep -q '^ct-run: ct-ws ended with 0$' run.err
}

@test "a part that does not end is killed, and that is told" {
	start_run
	kill -STOP "$(part ct-parse)"
	kill -TERM "$run"
	ends 60 "$run" || :
	[ "$status" = 111 ]
	all_ended
	grep -q '^ct-run: ct-parse does not end; it is killed$' run.err
}

@test "a second TERM waits for nothing" {
	start_run
	kill -STOP "$(part ct-parse)"
	began=$SECONDS
	kill -TERM "$run"
	sleep 0.5
	kill -TERM "$run"
	ends 10 "$run" || :
	[ $((SECONDS - began)) -le 3 ]
	all_ended
}

@test "HUP goes to ct-fetch, and ends nothing" {
	start_run -v
	kill -HUP "$run"
	sleep 1
	kill -0 "$(part ct-fetch)" "$(part ct-parse)" "$(part ct-hub)" "$(part ct-ws)"
	kill -TERM "$run"
	ends 10 "$run"
}

@test "when ct-fetch has done what it was asked, all end with 0 behind the last entry" {
	start_log -n 300 -l a=rfc6962
	export CT_FETCH_OPTIONS="-L $log_dir/log_list.json --list-key $log_dir/list-key.pem"
	spawn run ct-run -s 0 --once
	run=$spawned
	ends 20 "$run"
	all_ended
	[ "$(next)" = 300 ]
}

@test "a wrong option of a part ends all with 100" {
	# A list that cannot be had would end ct-fetch first, with another code.
	start_log -n 1 -l a=rfc6962
	export CT_FETCH_OPTIONS="-L $log_dir/log_list.json --list-key $log_dir/list-key.pem"
	for variable in CT_FETCH_OPTIONS CT_PARSE_OPTIONS CT_HUB_OPTIONS CT_WS_OPTIONS; do
		run env "$variable=--no-such-option" timeout 60 ct-run
		[ "$status" = 100 ]
		[[ $output == *"no-such-option"* ]]
	done
	[ -z "$(ls temporary)" ]
}

@test "a state folder that cannot be made is told with 111" {
	echo file >state
	run ct-run
	[ "$status" = 111 ]
	[[ $output == *"ct-run: cannot write into the folder $CT_STATE; CT_STATE names another one"* ]]
}

@test "it tells the version of the tools, and helps" {
	[ "$(ct-run -V)" = "ct-run $(sed -n 's/.*CT_VERSION "\(.*\)"/\1/p' "$ROOT/lib/base/version.h")" ]
	run ct-run --help
	[ "$status" = 0 ]
	[[ $output == *CT_FETCH_OPTIONS* ]]
}
