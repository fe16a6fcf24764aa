#!/usr/bin/env bats
# What ct-fetch shows of a run while it goes on: status records, messages, and the live table.

bats_require_minimum_version 1.5.0
load setup

setup()
{
	cd "$BATS_TEST_TMPDIR" || return
	unset CT_CONTACT
}

# watch_logs OPTION...: spawns ct-fetch on all logs of the running ct-log, from their first entries.
watch_logs()
{
	spawn fetch ct-fetch -L "$log_dir/log_list.json" --list-key "$log_dir/list-key.pem" -s 0 --poll 0.2 "$@"
}

# status_is FILTER: the newest status record in fetch.out makes that jq filter true.
status_is()
{
	grep '"message_type":"status"' fetch.out | tail -n 1 | jq -e "$1"
}

@test "a status record has the requests of the run and of each log by outcome" {
	start_log -l alder=rfc6962,birch=tiled -n 30
	watch_logs -S 1
	wait_until 10 status_is '[.logs[] | .entries == 30 and .state == "live"] | all'
	status_is '.entries == 60 and .requests >= .good and .good >= 4 and .errors == 0'
	status_is '[.cut, .limited, .refused, .failed, .chains_missing] == [0, 0, 0, 0, 0]'
	status_is '[.logs[] | .good >= 2 and .bytes > 1000] | all'
	status_is '.bytes >= ([.logs[].bytes] | add)'
}

@test "the status of a log that is well has its place, its lag and the age of its head" {
	start_log -l alder=rfc6962,birch=tiled -n 30
	watch_logs -S 1
	wait_until 10 status_is '[.logs[] | .next == 30] | all'
	status_is '[.logs[] | .size == 30 and .lag == 0 and .gaps == 0 and .behind < 3] | all'
	status_is '[.logs[] | .head_age >= 0 and .head_age < 60] | all'
	status_is '[.logs[] | .trouble == 0 and .last_error == "" and .last_error_time == null] | all'
	status_is '.seen as $now | [.logs[] | $now - .last_success < 3] | all'
}

@test "the status of a log that died tells since when, and why, though nothing is owed" {
	start_log -l alder=rfc6962 -n 30
	local log=$spawned

	watch_logs -S 1
	wait_until 10 status_is '.logs[0].next == 30'
	kill -KILL "$log"
	wait_until 20 status_is '.logs[0].trouble > 2 and .logs[0].behind > 2'
	status_is '.logs[0] | .state == "paused" and .lag == 0 and .failed > 0 and .errors > 0'
	status_is '.logs[0].last_error | startswith("ct/v1/get-sth: ")'
	status_is '.seen as $now | .logs[0] | $now - .last_success > 2 and $now - .last_error_time < 30'
}

@test "the lag of a log that never answered is null" {
	ct-log key -l dill >dill.pem
	spawn fetch ct-fetch -u "http://127.0.0.1:$(free_port)/" -K dill.pem -S 1
	wait_until 10 status_is '.logs[0].errors > 0'
	status_is '.logs[0] | .lag == null and .behind == null and .head_age == null and .last_success == null'
	status_is '.logs[0].state == "paused"'
}

