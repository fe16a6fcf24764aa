#!/usr/bin/env bats
# ct-fetch --since: where a log begins by the time of its entries; and -H, how much waits for a proof.

bats_require_minimum_version 1.5.0
load setup

setup()
{
	cd "$BATS_TEST_TMPDIR" || return
	unset CT_CONTACT
}

# fetch_log NAME OPTION...
fetch_log()
{
	local name=$1

	shift
	timeout 60 ct-fetch -u "$log_url$name/" -K "$log_dir/$name.pem" "$@"
}

# indexes: of the entry records on stdin.
indexes()
{
	jq -r 'select(.message_type == "entry").index'
}

# times OPTION...: of the entries of ct-log, the ms since 1970 in each leaf_input, a line each.
times()
{
	ct-log entries "$@" | python3 -c '
import base64, json, sys
for line in sys.stdin:
    print(int.from_bytes(base64.b64decode(json.loads(line)["leaf_input"])[2:10], "big"))'
}

# rfc3339 MS: the second that it is in.
rfc3339()
{
	date -u -d "@$(($1 / 1000))" +%Y-%m-%dT%H:%M:%SZ
}

# fetch_listed NAME OPTION...: by a list in which every log has a maximum merge delay of a minute.
fetch_listed()
{
	local name=$1

	shift
	sed 's/"mmd": 86400/"mmd": 60/' "$log_dir/log_list.json" >list.json
	timeout 60 ct-fetch -L list.json --unsigned-list -l "Test log '$name'" "$@"
}

# begins_rightly FIRST WANT: the entry with that index is the first that is as late as WANT, in ms since 1970.
begins_rightly()
{
	[ "$1" = "$(awk -v want="$2" '$1 >= want { print NR - 1; exit }' times)" ]
}

@test "--since leaves out no entry of that time, by either protocol" {
	skip_without python3
	start_log -l alder=rfc6962,birch=tiled -n 3000
	for name in alder birch; do
		case $name in alder) type=rfc6962 ;; *) type=tiled ;; esac
		times -l $name=$type -n 3000 >times
		at=$(rfc3339 "$(sed -n 1702p times)")
		fetch_listed $name --since "$at" -o >out
		indexes <out >got
		first=$(head -n 1 got)
		begins_rightly "$first" "$(date -u -d "$at" +%s)000"
		seq "$first" 2999 | cmp - got
		[ "$(jq -r 'select(.message_type == "head").verified' out | sort -u)" = true ]
	done
}

@test "a log that no list names may take a day to put an entry in, so a day more is looked through" {
	skip_without python3
	start_log -l alder=rfc6962 -n 300 -A "$PWD/asked"
	times -l alder=rfc6962 -n 300 >times
	[ -z "$(fetch_log alder --since "$(rfc3339 $(($(tail -n 1 times) + 86300000)))" -o)" ]
	grep -q 'get-entries?start=0&end=299' asked
	: >asked
	[ -z "$(fetch_log alder --since "$(rfc3339 $(($(tail -n 1 times) + 86403000)))" -o)" ]
	run ! grep -q 'get-entries?start=0&end=299' asked
}

@test "--since takes what is put in later, whatever its time" {
	skip_without python3
	start_log -l alder=rfc6962 -n 300 -r 50 -m 400
	fetch_log alder --since 2036-01-01T00:00:00Z -e 400 | indexes >got
	[ "$(tail -n 1 got)" = 399 ]
	[ "$(head -n 1 got)" -ge 300 ]
}

@test "--since before the first entry takes all, and after the last takes what is new" {
	start_log -l alder=rfc6962 -n 300
	fetch_log alder --since 2001-01-01T00:00:00Z -o | indexes | cmp - <(seq 0 299)
	[ -z "$(fetch_log alder --since 2036-01-01T00:00:00Z -o)" ]
}

@test "--since takes an age" {
	start_log -l alder=rfc6962 -n 300
	fetch_log alder --since 3650d -o | indexes | cmp - <(seq 0 299)
	[ -z "$(fetch_log alder --since 1s -o)" ]
}

@test "a place that is stored comes before --since" {
	start_log -l alder=rfc6962 -n 300
	mkdir state
	fetch_log alder -s 290 -o -d state >/dev/null
	[ -z "$(fetch_log alder --since 2001-01-01T00:00:00Z -o -d state)" ]
}

# stop_among_the_early: runs ct-fetch with --since the time of entry 2000, which it leaves in at, and stops it
# among the entries in front, which it fetches too.
stop_among_the_early()
{
	skip_without python3
	echo 'alder get-entries 1000-1400 status 500' >rules
	start_log -l alder=rfc6962 -n 3000 -P 64 -F rules
	times -l alder=rfc6962 -n 3000 >times
	at=$(rfc3339 "$(sed -n 2000p times)")
	spawn fetch ct-fetch -u "${log_url}alder/" -K "$log_dir/alder.pem" --since "$at" -d state
	wait_until 30 jq -e '.logs[0] | .since > 0 and .next > 0 and .next < 1900' state/mark
	kill -TERM "$spawned"
	ends 5 "$spawned"
	[ -z "$(indexes <fetch.out)" ]
	: >rules
}

# went_on: what came by the next run, in got, is what --since asked for, and nothing is looked for any more.
went_on()
{
	begins_rightly "$(head -n 1 got)" "$(date -u -d "$at" +%s)000"
	seq "$(head -n 1 got)" 2999 | cmp - got
	run ! jq -e '.logs[0].since' state/mark
}

@test "a run that ends in front of what --since asks for goes on looking for it" {
	stop_among_the_early
	fetch_log alder -d state -o | indexes >got
	went_on
}

@test "it goes on looking for it in a gap when the log has grown so far that it begins at its head" {
	stop_among_the_early
	spawn again ct-fetch -u "${log_url}alder/" -K "$log_dir/alder.pem" -d state --backlog 100
	wait_until 30 grep -q '"message_type":"gap"' again.out
	wait_until 30 jq -e '.logs[0] | .next == 3000 and (.gaps // [] | length) == 0' state/mark
	kill -TERM "$spawned"
	ends 5 "$spawned"
	indexes <again.out | sort -n >got
	went_on
}

@test "--since looks at few entries" {
	skip_without python3
	start_log -l alder=rfc6962 -n 3000 -A "$PWD/asked"
	times -l alder=rfc6962 -n 3000 >times
	fetch_listed alder --since "$(rfc3339 "$(sed -n 2990p times)")" -o >/dev/null
	[ "$(grep -c get-entries asked)" -le 12 ]
}

@test "--since passes by entries that cannot be had" {
	skip_without python3
	start_log -l alder=rfc6962 -n 3000 -f 'alder get-entries 1490-1510 status 500'
	times -l alder=rfc6962 -n 3000 >times
	at=$(rfc3339 "$(sed -n 2000p times)")
	fetch_listed alder --since "$at" -o >out
	begins_rightly "$(indexes <out | head -n 1)" "$(date -u -d "$at" +%s)000"
}

@test "--since that is no time is refused with 100, and so is -s beside it" {
	ct-log key -l dill >dill.pem
	for options in "--since yesterday" "--since 5" "--since 99999d" "--since 2026-13-01T00:00:00Z" \
	    "--since 2h -s 5" "-H 0" "-H x"; do
		# shellcheck disable=SC2086 # they are several words
		run ct-fetch -u file:///x -K dill.pem $options
		[ "$status" -eq 100 ] || { echo "$options: $status"; false; }
	done
}

@test "-H says how many entries wait for a proof" {
	start_log -l alder=rfc6962 -n 3000 -P 32 -A "$PWD/asked"
	fetch_log alder -s 0 -o -H 320 | indexes | cmp - <(seq 0 2999)
	few=$(grep -c consistency asked)
	: >asked
	fetch_log alder -s 0 -o -H 2000 | indexes | cmp - <(seq 0 2999)
	[ "$(grep -c consistency asked)" -lt "$few" ]
}
