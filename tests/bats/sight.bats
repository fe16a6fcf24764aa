#!/usr/bin/env bats
# What ct-fetch shows of a run while it goes on: status records, messages, and the live table.

bats_require_minimum_version 1.5.0
load setup
load terminal

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
	# Without a line, jq -e of Debian 12 succeeds.
	grep -q '"message_type":"status"' fetch.out || return
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

@test "a status record has the requests of each host, and at which rate it is asked" {
	start_log -l alder=rfc6962 -n 30
	host=${log_url#http://}
	watch_logs -S 1 --rate "${host%/}=50" --rate other.test=1
	wait_until 10 status_is '.logs[0].next == 30'
	status_is ".hosts | length == 1 and .[0].name == \"${log_url%/}\""
	status_is '.hosts[0] | .rate == 50 and .good >= 2 and .limited == 0 and .pause == 0 and .paused_time == null'
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
	wait_until 20 status_is '.seen as $now | .logs[0] | .trouble > 2 and .behind > 2 and
	    $now - .last_success > 2 and $now - .last_error_time < 30'
	status_is '.logs[0] | .state == "paused" and .lag == 0 and .failed > 0 and .errors > 0'
	status_is '.logs[0].last_error | startswith("ct/v1/get-sth: ")'
}

@test "the lag of a log that never answered is null" {
	ct-log key -l dill >dill.pem
	spawn fetch ct-fetch -u "http://127.0.0.1:$(free_port)/" -K dill.pem -S 1
	wait_until 10 status_is '.logs[0].errors > 0'
	status_is '.logs[0] | .lag == null and .behind == null and .head_age == null and .last_success == null'
	status_is '.logs[0].state == "paused"'
}


# terminal COLUMNS LINES OPTION...: runs ct-fetch on all logs of the running ct-log in a terminal of
# this size. Its standard output goes to out. What the terminal shows is what screen prints.
terminal()
{
	skip_without tmux pkill
	cat >run <<-EOT
		cd "$PWD"
		ct-fetch -L "$log_dir/log_list.json" --list-key "$log_dir/list-key.pem" -s 0 --poll 0.2 ${*:3} >out
		echo "ended with \$?"
		sleep 60
	EOT
	show "$1" "$2" run
}

# Sends ct-fetch in the terminal a signal. Its shell is the process of the pane.
kill_signal()
{
	pkill "-$1" -P "$(tmux -S "$BATS_TEST_TMPDIR/tmux" list-panes -F '#{pane_pid}')" ct-fetch
}

teardown()
{
	# Not by closing the terminal: HUP lets ct-fetch read the list again.
	if [ -S "$BATS_TEST_TMPDIR/tmux" ]; then
		kill_signal KILL || :
		tmux -S "$BATS_TEST_TMPDIR/tmux" kill-server
	fi
	stop_spawned
}

@test "on a terminal a table shows each log with its place and state, in one place" {
	start_log -l alder=rfc6962,birch=tiled -n 30
	terminal 80 24
	wait_until 20 screen_has '^60 entries, .* 2 of 2 logs live$' \
	    "^Test log 'alder' +30 +0 +[0-9]+ s +[0-9.]+/s  live$" "^Test log 'birch' +30 +0 .* live$"
	sleep 2.5
	[ "$(screen -S - | grep -c '^LOG ')" -eq 1 ]
}

@test "the table fits the terminal, also when its size changes" {
	start_log -n 5 -l "$(seq -f 'l%02g=rfc6962' -s , 30)"
	terminal 100 40
	wait_until 20 screen_has '30 of 30 logs live' "^Test log 'l01' " "^Test log 'l30' "
	tmux -S "$PWD/tmux" resize-window -x 30 -y 10
	wait_until 20 screen_has "^Test log 'l01' .*live$" '^and [0-9]+ more, all well$'
	[ "$(grep -c . shown)" -le 10 ]
	! grep -q l30 shown
	tmux -S "$PWD/tmux" resize-window -x 30 -y 3
	wait_until 5 sh -c '! tmux -S tmux capture-pane -p | grep -q "^LOG"'
	screen_has '^150 entries, '
}

@test "a log in trouble is shown before those that are well, with its reason" {
	start_log -n 5 -l "$(seq -f 'l%02g=rfc6962' -s , 30)"
	ct-log key -l dill >dill.pem
	terminal 120 10 -u http://127.0.0.1:9/dead/ -K dill.pem
	wait_until 20 screen_has '^127.0.0.1:9/dead/ .* paused [0-9]+ s: .*connect to' '^and [0-9]+ more, all well$'
}

@test "a message is whole and stays above the table" {
	start_log -n 5 -l alder=rfc6962
	terminal 100 24
	wait_until 20 screen_has '1 of 1 logs live'
	kill -KILL "$spawned"
	wait_until 20 screen_has "^ct-fetch: warning: Test log 'alder': ct/v1/get-sth: .*connect to" \
	    "^Test log 'alder' .* paused [0-9]+ s: ct/v1/get-sth: "
	sleep 1.5
	screen >shown
	[ "$(grep -n '^LOG ' shown | cut -d: -f1)" -gt "$(grep -n '^ct-fetch: warning: ' shown | cut -d: -f1)" ]
	[ "$(grep -c '^LOG ' shown)" -eq 1 ]
}

@test "the table is gone when the run has ended" {
	start_log -n 5 -l alder=rfc6962
	terminal 80 24
	wait_until 20 screen_has '1 of 1 logs live'
	kill_signal TERM
	wait_until 10 screen_has '^ended with 0$'
	! screen_has '^LOG |logs live'
}

@test "there is no table with -q, or where standard error is no terminal" {
	start_log -n 5 -l alder=rfc6962
	watch_logs -S 1
	terminal 80 24 -q
	wait_until 20 grep -q '"index":4,' out
	wait_until 10 status_is '.logs[0].next == 5'
	! screen_has .
	! grep -q 'LOG' fetch.err
}

@test "USR1 prints the table once, with all logs, whether or not there is a terminal" {
	start_log -n 5 -l "$(seq -f 'l%02g=rfc6962' -s , 30)"
	watch_logs -S 1
	wait_until 20 status_is '[.logs[] | .entries == 5] | length == 30 and all'
	kill -USR1 "$spawned"
	wait_until 5 grep -q "^Test log 'l30' \+5 " fetch.err
	sleep 1.2
	[ "$(grep -c '^LOG ' fetch.err)" -eq 1 ]
	[ "$(grep -c "^Test log 'l[0-9]*' \+5 " fetch.err)" -eq 30 ]
	terminal 80 10
	wait_until 20 screen_has '^150 entries, .* of 30 logs live'
	kill_signal USR1
	wait_until 5 sh -c 'tmux -S tmux capture-pane -p -S - | grep -q "^Test log .l30. \+5 "'
}
