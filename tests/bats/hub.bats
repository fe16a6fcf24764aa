#!/usr/bin/env bats
# ct-hub: from a pipe to the bus.

load setup

setup()
{
	cd "$BATS_TEST_TMPDIR" || return
	export CT_BUS=ipc://$BATS_TEST_TMPDIR/run/bus
}

# events FROM TO: numbered event lines.
events()
{
	seq -f '{"data":{"cert_index":%.0f},"message_type":"certificate_update"}' "$1" "$2"
}

# wide COUNT: the same, 2 KB each.
wide()
{
	awk -v n="$1" 'BEGIN {
		pad = sprintf("%1900s", ""); gsub(/ /, "x", pad)
		for (i = 1; i <= n; i++)
			printf "{\"data\":{\"cert_index\":%d,\"pad\":\"%s\"},\"message_type\":\"certificate_update\"}\n", i, pad
	}'
}

# start_hub OPTION...: a hub that reads what is written to descriptor 7.
# It does not wait for readers, so that what is written is published at once.
start_hub()
{
	rm -f in
	mkfifo in
	spawn hub bash -c 'exec ct-hub -w 0 "$@" <in' hub "$@"
	hub=$spawned
	exec 7>in
	wait_until 5 ct-latest -n 0
}

# A follower whose lines go to NAME.out; waits until it is there.
start_follower()
{
	spawn "$1" ct-latest -v -f "${@:2}" 7>&-
	follower=$spawned
	wait_until 5 follows "$1"
}

# follows NAME: the follower is on the bus, and what is published from now on reaches it.
follows()
{
	grep -q 'follows the bus' "$1.err"
}

# holds FILE N: it has that many lines.
holds()
{
	[ "$(wc -l <"$1")" -ge "$2" ]
}

# status_is JQ-EXPRESSION: of the hub's own status.
status_is()
{
	ct-latest -s status | jq -e "$1"
}

# push LINES|@FILE...: sends them to the ingest side as an nng push socket does.
push()
{
	python3 - "${CT_BUS#ipc://}.in" "$@" <<'PY'
import socket, struct, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
s.sendall(b"\0SP\0" + struct.pack(">HH", 0x50, 0))
s.recv(8, socket.MSG_WAITALL)
for line in sys.argv[2:]:
    if line.startswith("@"):
        line = open(line[1:]).read()
    s.sendall(b"\1" + struct.pack(">Q", len(line)) + line.encode())
s.shutdown(socket.SHUT_WR)
s.recv(1)
PY
}

# ask QUESTION: prints the hub's answer, as an nng req socket gets it.
ask()
{
	python3 - "${CT_BUS#ipc://}.ask" "$1" <<'PY'
import socket, struct, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
s.sendall(b"\0SP\0" + struct.pack(">HH", 0x30, 0))
s.recv(8, socket.MSG_WAITALL)
question = struct.pack(">I", 0x80000001) + sys.argv[2].encode()
s.sendall(b"\1" + struct.pack(">Q", len(question)) + question)
n, = struct.unpack(">xQ", s.recv(9, socket.MSG_WAITALL))
sys.stdout.buffer.write(s.recv(n, socket.MSG_WAITALL)[4:])
PY
}

@test "help goes to stdout and fits a screen" {
	run ct-hub --help
	[ "$status" = 0 ]
	[ "${#lines[@]}" -le 24 ]
	[[ $output == usage:* ]]
	run ct-hub -V
	[[ $output == "ct-hub "* ]]
}

@test "a wrong call exits 100 and says to try --help" {
	run ct-hub --nonsense
	[ "$status" = 100 ]
	[[ $output == *"try ct-hub --help"* ]]
	run ct-hub file
	[ "$status" = 100 ]
	run ct-hub -n many
	[ "$status" = 100 ]
	run ct-hub -w long
	[ "$status" = 100 ]
	run ct-hub -Q 1k
	[ "$status" = 100 ]
	run ct-hub -H 2g
	[ "$status" = 100 ]
	run ct-hub -b amqp://127.0.0.1
	[ "$status" = 100 ]
	[[ $output == *"begins with ipc://, tcp://, nats:// or tls://"* ]]
	run ct-hub -b 'nats://127.0.0.1?replicas=9'
	[ "$status" = 100 ]
	[[ $output == *"replicas= is a number from 1 to 5"* ]]
}

@test "long lines that no reader takes do not fill the memory" {
	export ASAN_OPTIONS=quarantine_size_mb=1	# where it is built so, what is freed counts too
	start_hub
	start_follower stopped -n 0
	events 1 1 >&7
	wait_until 5 holds stopped.out 1
	kill -STOP "$follower"
	head -c 8000000 /dev/zero | tr '\0' x >long
	echo >>long
	for _ in $(seq 40); do cat long; done >&7
	wait_until 30 status_is '.records == 41'
	[ "$(awk '$1 == "VmRSS:" { print $2 }' "/proc/$hub/status")" -lt 150000 ]
	kill -CONT "$follower"
	events 42 42 >&7
	wait_until 10 grep -q '"cert_index":42}' stopped.out
	[ "$(jq .count <(grep '"skipped"' stopped.out) | jq -s add)" -ge 25 ]
}

@test "what came since a place is answered with its number, also what is no event" {
	start_hub
	events 1 3 >&7
	echo '{"message_type":"mark","n":1}' >&7
	events 4 5 >&7
	wait_until 5 status_is '.records == 6'
	epoch=$(ct-latest -s status | jq .epoch)
	[ "$(ask "since $epoch 3")" = "$epoch 3
$(events 3 3)
{\"message_type\":\"mark\",\"n\":1}
$(events 4 5)" ]
	[ "$(ask "since $epoch 7")" = "$epoch 7" ]
	[ "$(ask "since $epoch 99")" = "$epoch 7" ]
	[ "$(ask 'since 0 0' | head -n 2)" = "$epoch 1
$(events 1 1)" ]
	[ "$(ask 'since 5 3' | head -n 1)" = "$epoch 1" ]
	[[ $(ask 'since 5') == *'unknown question'* ]]
}

@test "the runs of numbers that a hub knows are answered, the newest first" {
	start_hub -k mark
	events 1 5 >&7
	wait_until 5 status_is '.records == 5'
	first=$(ct-latest -s status | jq .epoch)
	[ "$(ask lives)" = "$first 6" ]
	kill -KILL "$hub"
	wait_until 5 ended "$hub"
	start_hub -k mark
	events 1 2 >&7
	wait_until 5 status_is '.records == 2'
	second=$(ct-latest -s status | jq .epoch)
	[ "$(ask lives)" = "$second 3
$first 1" ]
	exec 7>&-
	ends 5 "$hub"
	start_hub -k mark
	[ "$(ask lives)" = "$second 3
$first 1" ]
}

@test "what is kept is asked for piece by piece, and what is too old is not kept" {
	start_hub -H 1m
	wide 1000 >&7
	wait_until 5 status_is '.records == 1000'
	epoch=$(ct-latest -s status | jq .epoch)
	next=0
	: >all
	while ask "since $epoch $next" >answer && [ "$(wc -l <answer)" -gt 1 ]; do
		[ "$(wc -c <answer)" -le 262200 ]
		read -r _ at <answer
		[ "$next" = 0 ] || [ "$at" = "$next" ]
		next=$((at + $(wc -l <answer) - 1))
		tail -n +2 answer >>all
	done
	[ "$next" = 1001 ]
	kept=$(wc -l <all)
	[ "$kept" -gt 500 ]
	[ "$kept" -lt 540 ]
	wide 1000 | tail -n "$kept" | cmp - all
}

@test "with a history of 0 nothing is kept" {
	start_hub -H 0
	events 1 3 >&7
	wait_until 5 status_is '.records == 3'
	[[ $(ask 'since 0 0') =~ ^[0-9]+\ 4$ ]]
}

@test "the hub with its full history takes less than 16 MB" {
	[ -z "${EMULATOR-}" ] || skip "the memory would be that of $EMULATOR"
	start_hub
	[ -z "$(nm -D "$(command -v ct-hub)" | grep __asan)" ] || skip "the memory would be that of ASan"
	wide 10000 >&7
	wait_until 10 status_is '.records == 10000'
	ask 'since 0 0' | wc -c
	ask 'since 0 0' | wc -c
	[ "$(awk '$1 == "VmRSS:" { print $2 }' "/proc/$hub/status")" -lt 16000 ]
}

@test "lines reach a subscriber in order" {
	start_hub
	start_follower got -n 0
	events 1 1000 >&7
	wait_until 5 holds got.out 1000
	events 1 1000 | cmp - got.out
}

@test "every line counts as a record, and only certificates as events" {
	start_hub
	{
		events 1 3
		echo '{"message_type":"mark","n":1}'
		echo '{"message_type":"head"}'
		echo 'anything'
	} >&7
	wait_until 5 status_is '.records == 6 and .events == 3 and .marks == 1'
}

@test "a line is published at once while the stream is slow" {
	start_hub
	start_follower got -n 0
	for i in 1 2 3; do
		events "$i" "$i" >&7
		wait_until 2 holds got.out "$i"
	done
}

@test "a last line without its end is published with one" {
	start_hub -i
	printf '{"data":{},"message_type":"certificate_update"}' >&7
	exec 7>&-
	wait_until 5 status_is '.records == 1'
	[ "$(ct-latest | wc -l)" = 1 ]
}

@test "the end of a pipe, an empty file and /dev/null end it with 0" {
	events 1 3 | ct-hub -w 0
	: >empty
	ct-hub -w 0 <empty
	ct-hub </dev/null
}

@test "a stdin that is closed is an error" {
	run sh -c 'exec ct-hub <&-'
	[ "$status" = 111 ]
	[[ $output == *stdin* ]]
}

@test "a regular file is published to its end" {
	wide 3000 >file
	spawn_sh hub 'exec ct-hub -w 0 -i <file'
	wait_until 10 status_is '.records == 3000'
	[ "$(ct-latest -n 1 | jq .data.cert_index)" = 3000 ]
}

@test "a line of more than 16 MiB is left out and told by its number" {
	start_hub
	{
		events 1 1
		head -c 17000000 /dev/zero | tr '\0' x
		echo
		events 3 3
	} >&7
	wait_until 10 status_is '.records == 2 and .broken == 1'
	grep -q 'line 2: longer than 16 MiB' hub.err
	[ "$(ct-latest | jq -c .data.cert_index | xargs)" = "1 3" ]
}

@test "the latest 25 events are kept, or as many as asked for" {
	start_hub
	events 1 100 >&7
	wait_until 5 status_is '.events == 100'
	ct-latest -n 1000 | cmp - <(events 76 100)
	exec 7>&-
	ends 5 "$hub"
	start_hub -n 3
	events 1 100 >&7
	wait_until 5 status_is '.events == 100'
	ct-latest -n 1000 | cmp - <(events 98 100)
}

@test "a second hub at the address is refused and the first goes on" {
	start_hub
	run ct-hub </dev/null
	[ "$status" = 111 ]
	[[ $output == *"$CT_BUS: it is served already"* ]]
	events 1 1 >&7
	wait_until 5 status_is '.events == 1'
}

@test "the socket of a hub that was killed is replaced" {
	start_hub
	kill -KILL "$hub"
	wait_until 5 ended "$hub"
	[ -S run/bus ]
	start_hub
	events 1 1 >&7
	wait_until 5 status_is '.events == 1'
}

@test "a file in the place of the socket is left alone" {
	mkdir run
	echo precious >run/bus
	run ct-hub </dev/null
	[ "$status" = 111 ]
	[[ $output == *"not a socket"* ]]
	[ "$(cat run/bus)" = precious ]
}

# occupy N: opens that many connections to the side for questions, and keeps them.
occupy()
{
	spawn occupy python3 -c "
import socket, sys, time
all = [socket.socket(socket.AF_UNIX) for i in range($1)]
for i, s in enumerate(all):
    s.settimeout(2)
    try:
        s.connect('${CT_BUS#ipc://}.ask')
    except OSError:
        break
print('there', flush=True)
time.sleep(60)"
	wait_until 10 grep -q there occupy.out
}

@test "connections do not take the descriptors that marks are stored with" {
	skip_without python3
	mkfifo in
	spawn hub bash -c 'ulimit -n 48; exec ct-hub -w 0 -k mark <in'
	exec 7>in
	wait_until 5 ct-latest -n 0
	occupy 100
	echo '{"message_type":"mark","version":2,"logs":[]}' >&7
	wait_until 5 test -e mark
	exec 7>&-
}

@test "a folder that cannot be made is told with the address" {
	run ct-hub -b ipc:///proc/nowhere/bus </dev/null
	[ "$status" = 111 ]
	[[ $output == *"ipc:///proc/nowhere/bus"*folder* ]]
}

@test "owner and group may connect, others may not" {
	start_hub -i
	[ "$(stat -c %a run)" = 750 ]
	[ "$(stat -c %a run/bus run/bus.ask run/bus.in | xargs)" = "660 660 660" ]
}

@test "marks are stored whole, the last one always" {
	start_hub -k mark
	{
		events 1 10
		echo '{"message_type":"mark","n":1}'
	} >&7
	wait_until 5 grep -q '"n":1' mark
	echo '{"message_type":"mark","n":2}' >&7
	echo '{"message_type":"mark","n":3}' >&7
	events 11 11 >&7
	exec 7>&-
	ends 5 "$hub"
	[ "$(cat mark)" = '{"message_type":"mark","n":3}' ]
	[ ! -e mark.tmp ]
}

@test "a long mark passes ct-parse and the hub, and is stored as it was made" {
	start_hub -k mark
	for n in 200000 15000000; do
		{
			printf '{"message_type":"mark","version":2,"logs":[{"name":"'
			head -c $n /dev/zero | tr '\0' x
			echo '"}]}'
		} >made
		ct-parse <made >&7
		wait_until 20 cmp made mark
	done
}

@test "TERM stores the mark of what was read and exits 0" {
	start_hub -k mark
	echo '{"message_type":"mark","n":1}' >&7
	wait_until 5 status_is '.marks == 1'
	kill -TERM "$hub"
	ends 3 "$hub"
	[ "$(cat mark)" = '{"message_type":"mark","n":1}' ]
	[ ! -e run/bus ]
}

@test "TERM inside a line waits a moment for its rest" {
	start_hub
	start_follower got -n 0
	events 1 2 | head -c 80 >&7
	wait_until 5 holds got.out 1
	{ sleep 0.02; events 1 2 | tail -c +81 >&7; } &
	kill -TERM "$hub"
	ends 3 "$hub"
	wait_until 5 holds got.out 2
	events 1 2 | cmp - got.out
}

@test "a mark that cannot be stored is told and ends in 111" {
	mkdir state
	start_hub -k state/mark
	events 1 1 >&7
	wait_until 5 status_is ".records == 1"
	mv state gone
	echo '{"message_type":"mark","n":1}' >&7
	wait_until 5 grep -q 'the mark cannot be stored in state/mark' hub.err
	exec 7>&-
	ends 5 "$hub" || [ "$status" = 111 ]
	[ "$status" = 111 ]
}

# As in ct-fetch -d state | ... | ct-hub -k state/mark, whoever of them is first.
@test "the folder for the marks is made when it is not there" {
	run bash -c 'seq 3 | ct-hub -w 0 -k state/mark'
	[ "$status" = 0 ]
	[ -s state/mark.lives ]
}

@test "a place for marks where nothing can be stored is refused at the start, and nothing is read" {
	run bash -c 'events() { seq 3; }; events | { ct-hub -w 0 -k nowhere/deep/mark; echo "ended $?"; cat; }'
	[[ $output == *"nowhere/deep/mark.lives cannot be stored; let this user write in its folder"*"ended 111
1
2
3" ]]
	[ ! -e run/bus ]
}

@test "a damaged file of lives is refused with what to do, stays as it is, and nothing is read" {
	printf '8 501 end\n7 30' >mark.lives
	run bash -c 'seq 3 | { ct-hub -w 0 -k mark; echo "ended $?"; cat; }'
	[[ $output == *"mark.lives: its last line has no end; put a good copy in its place, or move it away"*"ended 111
1
2
3" ]]
	[ "$(cat mark.lives)" = '8 501 end
7 30' ]
}

@test "a second hub at the address leaves the first one's file of lives alone" {
	start_hub -k mark
	events 1 5 >&7
	wait_until 5 status_is '.records == 5'
	cp mark.lives before
	run ct-hub -k mark </dev/null
	[ "$status" = 111 ]
	cmp before mark.lives
}

@test "of hubs that begin at once at one address one serves it, and the others say so" {
	local round pids pid
	mkdir run
	for round in {1..12}; do
		# The socket of a hub that was killed lies there, which each of them would replace.
		python3 -c 'import socket, sys
for end in "", ".ask":
    socket.socket(socket.AF_UNIX).bind("run/bus" + end)'
		pids=()
		for hub in 1 2 3 4 5 6; do
			spawn "hub$hub" bash -c 'until [ -e go ]; do :; done; exec ct-hub -w 0 -i'
			pids+=("$spawned")
		done
		sleep 0.1
		: >go
		wait_until 10 one_of_them_serves
		sleep 0.1
		one_of_them_serves
		ct-latest -n 0
		status_is '.records == 0'
		for pid in "${pids[@]}"; do
			kill -KILL "$pid" 2>/dev/null || :
		done
		for pid in "${pids[@]}"; do
			wait_until 5 ended "$pid"
		done
		rm go run/bus run/bus.ask run/bus.in	# all of them are there
	done
}

# one_of_them_serves: of those that were begun at once all but one have ended and told why.
one_of_them_serves()
{
	[ "$(grep -l 'it is served already' hub?.err | wc -l)" = 5 ]
	[ "$(for pid in "${pids[@]}"; do ended "$pid" || echo "$pid"; done | wc -l)" = 1 ]
}

@test "with -i it stays after the end of stdin and takes what others push" {
	skip_without python3
	start_hub -i
	exec 7>&-
	start_follower got -n 0
	push "$(events 1 2)" "$(events 3 3)"
	wait_until 5 holds got.out 3
	events 1 3 | cmp - got.out
	kill -0 "$hub"
}

@test "a pushed line of more than 16 MiB is left out and breaks no reader" {
	skip_without python3
	start_hub -i
	start_follower got -n 0
	head -c 16800000 /dev/zero | tr '\0' x >long
	push "$(events 1 1)" @long "$(events 2 2)"
	wait_until 10 holds got.out 2
	events 1 2 | cmp - got.out
	status_is '.broken == 1 and .records == 2'
	grep -q 'pushed line: longer than 16 MiB' hub.err
}

@test "lines pushed one by one travel together" {
	skip_without python3
	start_hub -i
	start_follower got -n 0
	mapfile -t many < <(events 1 2000)
	push "${many[@]}"
	wait_until 10 holds got.out 2000
	events 1 2000 | cmp - got.out
	status_is '.messages < 200'
}

@test "a mark that others push is not stored in the file of those from stdin" {
	skip_without python3
	own='{"message_type":"mark","version":2,"logs":[]}'
	start_hub -i -k mark
	push '{"message_type":"mark","version":2,"logs":["of another"]}'
	wait_until 5 status_is '.marks == 1'
	echo "$own" >&7
	wait_until 5 status_is '.marks_stored >= 1'
	status_is '.marks == 2 and .marks_stored == 1'
	[ "$(cat mark)" = "$own" ]
}

@test "without -i there is no ingest side" {
	start_hub
	[ ! -e run/bus.in ]
}

@test "-S publishes a status record of its own" {
	start_hub -S 1
	start_follower got -s status
	events 1 5 >&7
	wait_until 5 grep -q '"stage":"ct-hub".*"events":5' got.out
}

@test "the same over tcp" {
	port=$(free_port)
	export CT_BUS=tcp://127.0.0.1:$port
	start_hub
	start_follower got -n 0
	events 1 100 >&7
	wait_until 5 holds got.out 100
	events 1 100 | cmp - got.out
}

@test "a tcp port that is taken is told with the address" {
	port=$(free_port)
	export CT_BUS=tcp://127.0.0.1:$port
	start_hub
	run ct-hub </dev/null
	[ "$status" = 111 ]
	[[ $output == *"$CT_BUS: it is served already"* ]]
}

@test "a fast stream reaches readers that keep up whole, to its last line" {
	wide 50000 >wide
	start_hub
	start_follower one -n 0
	start_follower two -n 0
	wait_until 5 status_is '.readers == 2'
	cat wide >&7
	exec 7>&-
	ends 30 "$hub"
	wait_until 10 holds one.out 50000
	wait_until 10 holds two.out 50000
	cmp wide one.out
	cmp wide two.out
}

@test "a reader that is stopped does not stop the stream, and learns what it missed" {
	wide 100000 >wide
	start_hub
	start_follower stopped -n 0
	events 0 0 >&7
	wait_until 5 holds stopped.out 1
	kill -STOP "$follower"
	cat wide >&7
	wait_until 20 status_is '.records == 100001'
	kill -CONT "$follower"
	wait_until 20 grep -q '"cert_index":100000,' stopped.out
	got=$(grep -c '"data"' stopped.out)
	missed=$(jq -s 'map(.count // 0) | add' stopped.out)
	[ "$missed" -gt 0 ]
	[ $((got + missed)) = 100001 ]
	grep -q 'records missed' stopped.err
}

@test "a reader that waits for a hub gets all of a replay, from the first record on" {
	wide 60000 >saved
	spawn one ct-latest -f -n 0
	spawn two ct-latest -f -n 0
	wait_until 10 grep -q 'waiting for it' one.err
	sleep 4		# by now they look for a hub every two seconds at most
	ct-hub <saved
	wait_until 10 holds one.out 60000
	wait_until 10 holds two.out 60000
	cmp saved one.out
	cmp saved two.out
}

@test "a hub begun anew is taken up from its first record, and nobody is told of a loss" {
	spawn got ct-latest -f -n 0
	for life in 1 2 3; do
		events "${life}00001" "${life}05000" >saved
		ct-hub <saved
		cat saved >>all
	done
	wait_until 5 holds got.out 15000
	cmp all got.out
	[ "$(grep -c missed got.err)" = 0 ]
}

@test "a hub with fewer records behind it is not taken for the one before" {
	start_hub
	start_follower got -n 0
	events 1 500 >&7
	wait_until 5 holds got.out 500
	kill -KILL "$hub"
	wait_until 5 ended "$hub"
	start_hub
	wait_until 5 status_is '.readers == 1'
	events 501 1100 >&7
	wait_until 5 holds got.out 1100
	events 1 1100 | cmp - got.out
}

@test "what a hub said before a reader found it is told as missed" {
	start_hub
	start_follower got -n 0
	events 1 10 >&7
	wait_until 5 holds got.out 10
	kill -STOP "$follower"
	exec 7>&-
	ends 5 "$hub"
	start_hub
	events 1 300 >&7
	wait_until 5 status_is '.records == 300'
	kill -CONT "$follower"
	wait_until 10 grep -q skipped got.out
	events 301 301 >&7
	wait_until 10 grep -q '"cert_index":301}' got.out
	[ "$(jq -s 'map(.count // 0) | add' got.out)" = 300 ]
}

@test "a reader that is stopped for 20 seconds at 400 events a second misses nothing" {
	skip_without python3
	start_hub
	start_follower stopped -n 0
	stopped=$follower
	start_follower beside -n 0
	kill -STOP "$stopped"
	wide 8800 >wide
	python3 -c 'import sys, time
start = time.monotonic()
for n, line in enumerate(open("wide")):
    time.sleep(max(0, start + n / 400 - time.monotonic()))
    sys.stdout.write(line)
    sys.stdout.flush()' >&7 &
	sleep 20
	kill -CONT "$stopped"
	wait_until 20 holds beside.out 8800
	wait_until 20 holds stopped.out 8800
	cmp beside.out stopped.out
	[ "$(grep -c missed stopped.err)" = 0 ]
}

@test "a reader that is gone is no longer waited for" {
	start_hub
	start_follower got -n 0
	status_is '.readers == 1'
	kill -KILL "$follower"
	wait_until 10 status_is '.readers == 0'
}

@test "a hub says where it is even without news" {
	start_hub
	start_follower got -n 0
	sleep 17	# longer than a reader takes silence for death
	[ "$(grep -c 'nothing was heard' got.err)" = 0 ]
}

@test "a bus that goes dead without a word is told and dialled anew" {
	skip_without python3
	port=$(free_port)
	far=$(free_port)
	CT_BUS=tcp://127.0.0.1:$port start_hub
	spawn relay python3 "$ROOT/tests/interop/relay.py" "$far" "$port"
	relay=$spawned
	wait_until 5 listens "$far"
	export CT_BUS=tcp://127.0.0.1:$far
	start_follower got -n 0
	events 1 1 >&7
	wait_until 5 holds got.out 1
	kill -USR1 "$relay"
	wait_until 25 grep -q 'nothing was heard from the hub' got.err
	wait_until 10 grep -q 'is there' got.err
	sleep 0.5
	events 2 2 >&7
	wait_until 10 holds got.out 2
}

@test "a reader that waits for a hub looks for one a few times a second at most" {
	skip_without python3
	mkdir run
	spawn door python3 -u -c 'import socket, sys
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
s.listen(50)
while True:
    s.accept()[0].close()
    print("knock")' run/bus
	spawn got ct-latest -f
	wait_until 10 test -s door.out
	sleep 5		# until it has become patient
	before=$(wc -l <door.out)
	sleep 5
	[ $(($(wc -l <door.out) - before)) -le 25 ]
}
