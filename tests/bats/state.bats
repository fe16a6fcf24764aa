#!/usr/bin/env bats
# The state folder of ct-fetch: who may use it, and what happens when it is damaged, read-only or full.

bats_require_minimum_version 1.5.0
load setup

setup()
{
	cd "$BATS_TEST_TMPDIR" || return
	unset CT_CONTACT
	skip_without jq
}

# fetch OPTION...: from the log alder, with its places in state/.
fetch()
{
	ct-fetch -u "${log_url}alder/" -K "$log_dir/alder.pem" -d state "$@"
}

# spawn_fetch OPTION...: the same in the background, as fetch.out and fetch.err.
spawn_fetch()
{
	spawn fetch ct-fetch -u "${log_url}alder/" -K "$log_dir/alder.pem" -d state "$@"
}

# refuses_mark PART: ct-fetch ends with 111 and a message that names the file and holds PART; it
# writes nothing, and leaves the file as it was.
refuses_mark()
{
	cp state/mark before
	run -111 --separate-stderr fetch -q -s 0 -o
	[ -z "$output" ]
	[[ $stderr == *"state/mark: at byte "[0-9]*" of "[0-9]*": $1"* ]]
	[[ $stderr == *"move it away"* ]]
	cmp before state/mark
}

# skip_without_namespaces: skips the test when this user may not mount anything in a name space.
skip_without_namespaces()
{
	skip_without unshare
	unshare -rm true 2>/dev/null || skip "no user name spaces here"
}

@test "a second ct-fetch on a state folder ends with 100 and names the first" {
	start_log -l alder=rfc6962 -n 3
	spawn_fetch -s 0
	wait_until 10 grep -q '"next":3' state/mark
	for options in "" "-E"; do
		# shellcheck disable=SC2086 # none or one word
		run -100 --separate-stderr fetch -q -s 0 -o $options
		[ -z "$output" ]
		[[ $stderr == "ct-fetch: "*"state is used by ct-fetch, process $spawned;"* ]]
	done
	[ "$(cat state/lock)" = "$spawned" ]
}

@test "with -E the folder is locked too" {
	start_log -l alder=rfc6962 -n 3
	spawn_fetch -s 0 -E
	wait_until 10 grep -q '"next":3' fetch.out
	run -100 fetch -q -s 0 -o
	[[ $output == *"process $spawned;"* ]]
}

@test "no lock is left by a ct-fetch that was killed" {
	start_log -l alder=rfc6962 -n 3
	for _ in 1 2 3; do
		spawn_fetch -s 0
		wait_until 10 grep -q "^$spawned\$" state/lock
		wait_until 10 test -s state/mark
		kill -KILL "$spawned"
		fetch -q -s 0 -o
		wait "$spawned" || :
	done
}

@test "a mark that is cut anywhere is refused" {
	start_log -l alder=rfc6962 -n 3
	fetch -q -s 0 -o >out
	cp state/mark whole
	[ "$(wc -c <whole)" -gt 100 ]
	for n in 1 20 60 100 $(($(wc -c <whole) - 2)); do
		head -c "$n" whole >state/mark
		refuses_mark ""
	done
	: >state/mark
	refuses_mark "it is empty"
}

@test "garbage in place of a mark is refused" {
	start_log -l alder=rfc6962 -n 3
	mkdir state
	head -c 4096 /dev/zero >state/mark
	refuses_mark "it is not a JSON object"
	echo '{"message_type":"entry"}' >state/mark
	refuses_mark "it is not a mark record"
	printf '{"message_type":"mark","version":2,"logs":[{"log_id":"%s","next":5,"nodes":""}]}\n' \
	    AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= >state/mark
	refuses_mark "nodes in it are not as many as a tree of that size has"
}

@test "a mark of a newer version is refused, and both versions are clear" {
	start_log -l alder=rfc6962 -n 3
	mkdir state
	echo '{"message_type":"mark","version":3,"logs":{"new":true}}' >state/mark
	refuses_mark "it was written by a newer version of ct-fetch; this one reads marks up to version 2"
}

@test "a mark of the first version is gone on from" {
	start_log -l alder=rfc6962 -n 9
	fetch -q -s 0 -o >out
	jq -c '{message_type, logs: [.logs[] | {log_id, name, next: 4}]}' state/mark >first
	cp first state/mark
	fetch -q -s 0 -o >out
	[ "$(jq -r 'select(.message_type == "entry").index' out | xargs)" = "4 5 6 7 8" ]
	[ "$(jq -c '[.version, .logs[0].next]' state/mark)" = '[2,9]' ]
}

@test "a start without a mark says that every log begins anew" {
	start_log -l alder=rfc6962 -n 3
	run -0 --separate-stderr fetch -s 0 -o
	[[ $stderr == *"state/mark: not there yet, so every log begins anew"* ]]
	run -0 --separate-stderr fetch -s 0 -o
	[[ $stderr != *"begins anew"* ]]
}

@test "a folder that cannot be written to is told at the start" {
	start_log -l alder=rfc6962 -n 3
	: >file
	for folder in /proc/self file nowhere/state; do
		for options in "" "-E"; do
			# shellcheck disable=SC2086 # none or one word
			run -111 --separate-stderr ct-fetch -q -u "${log_url}alder/" \
			    -K "$log_dir/alder.pem" -d $folder -s 0 -o $options
			[ -z "$output" ]
			[[ $stderr == "ct-fetch: "*"$folder: "*"choose another"*" folder with -d: "* ||
			    $stderr == "ct-fetch: "*"$folder: "*"choose another one with -d: "* ]]
		done
	done
}

@test "a read-only folder is told at the start, and no entry goes out" {
	skip_without_namespaces
	start_log -l alder=rfc6962 -n 3
	fetch -q -s 0 -o -e 1 >/dev/null
	run -111 --separate-stderr unshare -rm sh -c 'mount --bind state state &&
	    mount -o remount,bind,ro state && exec ct-fetch -q -u "$0alder/" -K "$1" -d state -s 0 -o' \
	    "$log_url" "$log_dir/alder.pem"
	[ -z "$output" ]
	[[ $stderr == *"state: nothing can be stored there"*"Read-only file system"* ]]
	[ "$(jq '.logs[0].next' state/mark)" = 1 ]
}

@test "a full disk is told, and places are stored again when there is room" {
	skip_without_namespaces
	start_log -l alder=rfc6962 -n 10 -r 20
	mkdir state
	spawn fetch unshare -rm sh -c 'mount -t tmpfs -o size=64k state state &&
	    exec ct-fetch -u "$0alder/" -K "$1" -d state -s 0 --poll 0.2' "$log_url" "$log_dir/alder.pem"
	inside=/proc/$spawned/root$PWD/state
	wait_until 10 test -s "$inside/mark"
	cat /dev/zero >"$inside/fill" 2>/dev/null || :
	wait_until 10 grep -q 'warning: state/mark: the places cannot be stored.*No space left' fetch.err
	was=$(jq '.logs[0].next' "$inside/mark")
	sleep 2
	[ "$(jq '.logs[0].next' "$inside/mark")" = "$was" ]
	[ "$(grep -c 'cannot be stored' fetch.err)" -eq 1 ]
	rm "$inside/fill"
	wait_until 10 grep -q 'state/mark: the places are stored again' fetch.err
	wait_until 10 sh -c "[ \"\$(jq '.logs[0].next' '$inside/mark')\" -gt $((was + 20)) ]"
}

@test "places that cannot be stored at the end are a failure" {
	start_log -l alder=rfc6962 -n 5
	mkdir -p state/mark.tmp
	run -111 --separate-stderr fetch -q -s 0 -o
	[ "$(grep -c '^{"message_type":"entry"' <<<"$output")" -eq 5 ]
	[[ $stderr == *"state/mark: the places cannot be stored"* ]]
}
