# The joints of the bus under several producers, dead readers, and restarts in any order.

bats_require_minimum_version 1.5.0
load setup
load serve
load machines

setup()
{
	skip_without curl jq python3
	export CT_BUS=ipc://$BATS_TEST_TMPDIR/bus
	cd "$BATS_TEST_TMPDIR" || return
}

# status_is JQ-EXPRESSION: of the hub's own status.
status_is()
{
	ct-latest -s status | jq -e "select(.stage == \"ct-hub\") | $1"
}

# events LOG FROM TO: numbered events of a log, of some 1 KB.
events()
{
	seq "$2" "$3" | awk -v log_name="$1" 'BEGIN { pad = sprintf("%1000s", ""); gsub(/ /, "x", pad) } {
	    printf "{\"data\":{\"cert_index\":%d,\"log\":\"%s\",\"pad\":\"%s\"},\"message_type\":\"certificate_update\"}\n", $1, log_name, pad }'
}

# read_bus NAME [FILE]: spawns a reader, as bus.py says. Its lines are EPOCH, SEQ, log and index, or missing N.
read_bus()
{
	spawn "$1" python3 -u "$ROOT/tests/bats/bus.py" "$CT_BUS" "${@:2}"
}

# counts_to READER TOTAL: what it has got and what it knows to be missing are so many.
counts_to()
{
	[ "$(awk '$1 == "missing" { n += $2; next } { n++ } END { print n + 0 }' "$1.out")" = "$2" ]
}

# begin_publishing: starts a hub, whose events are written to descriptor 7, and the reader good.
begin_publishing()
{
	mkfifo in
	spawn hub bash -c 'exec ct-hub -w 0 -Q 4m <in'
	exec 7>in
	wait_until 5 ct-latest -n 0
	read_bus good
}

# publish FROM TO: events of log a, of which the reader good has all. It is given less at a time than the hub
# holds for a reader, so that it loses nothing however slow this machine is.
publish()
{
	local n
	for ((n = $1; n <= $2; n += 2000)); do
		events a "$n" "$((n + 1999 < $2 ? n + 1999 : $2))" >&7
		wait_until 20 counts_to good "$((n + 1999 < $2 ? n + 1999 : $2))"
	done
	[ "$(missing good)" = 0 ]
}

# missing READER...: how many records they know to be missing, all together.
missing()
{
	awk '$1 == "missing" { n += $2 } END { print n + 0 }' "${@/%/.out}"
}

# push FIFO: spawns a process that pushes the lines of the FIFO as a plain push socket does, many at a time.
push()
{
	spawn "push.$1" python3 -c '
import os, socket, struct, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
s.sendall(b"\0SP\0" + struct.pack(">HH", 0x50, 0))
s.recv(8, socket.MSG_WAITALL)
lines = os.open(sys.argv[2], os.O_RDONLY)
rest = b""
while True:
    whole, lf, rest = (rest + os.read(lines, 65536)).rpartition(b"\n")
    if lf:
        s.sendall(b"\1" + struct.pack(">Q", len(whole) + 1) + whole + b"\n")' "$BATS_TEST_TMPDIR/bus.in" "$1"
}

@test "of four producers every record comes, each log's in order, and no number is left out" {
	local log to
	spawn hub ct-hub -w 0 -i
	wait_until 5 ct-latest -n 0
	read_bus got
	wait_until 5 status_is '.readers == 1'
	mkfifo a b c d
	exec 4<>a 5<>b 6<>c 7<>d	# so that none of them ends
	spawn leaf.a bash -c "exec ct-hub -w 0 -b 'ipc://$BATS_TEST_TMPDIR/leaf.a' -o '$CT_BUS' <a"
	spawn leaf.b bash -c "exec ct-hub -w 0 -b 'ipc://$BATS_TEST_TMPDIR/leaf.b' -o '$CT_BUS' <b"
	push c
	push d
	# Each of them goes on when all have sent a part, so that their records are mixed.
	for to in 1000 2000 3000 4000; do
		for log in a b c d; do
			events "$log" $((to - 999)) "$to" >"$log" 3>&- &
		done
		wait_until 20 counts_to got $((to * 4))
	done
	[ "$(missing got)" = 0 ]
	[ "$(cut -d' ' -f1 got.out | sort -u | wc -l)" = 1 ]
	cut -d' ' -f2 got.out | cmp - <(seq 16000)
	for log in a b c d; do
		awk -v log_name="$log" '$3 == log_name { print $4 }' got.out | cmp - <(seq 4000)
	done
	status_is '.records == 16000 and .dropped == 0'
}

@test "a reader that is killed holds nobody up and is gone" {
	local killed
	begin_publishing
	read_bus killed
	killed=$spawned
	wait_until 5 status_is '.readers == 2'
	events a 1 1 >&7
	wait_until 5 counts_to killed 1
	kill -STOP "$killed"
	publish 2 1000
	status_is '.behind > 100000 and .dropped == 0'
	kill -KILL "$killed"
	wait_until 5 status_is '.readers == 1 and .behind == 0'
	publish 1001 20000
	status_is '.dropped == 0'
	exec 7>&-
}

@test "readers that are stopped or stand still hold nobody up, and the hub counts what each of them lost" {
	local stopped
	begin_publishing
	read_bus stopped
	stopped=$spawned
	read_bus still go
	wait_until 5 status_is '.readers == 3'
	events a 1 1 >&7
	wait_until 5 counts_to stopped 1
	kill -STOP "$stopped"
	publish 2 20000
	kill -CONT "$stopped"
	: >go
	publish 20001 20001
	for reader in stopped still; do
		wait_until 20 counts_to "$reader" 20001
	done
	[ "$(missing stopped)" -gt 0 ]
	[ "$(missing still)" -gt 0 ]
	status_is ".dropped == $(missing stopped still)"
	exec 7>&-
}

@test "a reader whose cable is pulled holds nobody up, and is told what it lost when that heals" {
	start_machines
	CT_BUS=tcp://10.99.0.1:7000
	mkfifo in
	spawn hub nsenter -t "$far" -n bash -c "exec '$(command -v ct-hub)' -w 0 -Q 4m <in"
	exec 7>in
	wait_until 5 nsenter -t "$far" -n "$(command -v ct-latest)" -n 0
	spawn good nsenter -t "$far" -n python3 -u "$ROOT/tests/bats/bus.py" "$CT_BUS"
	spawn cut nsenter -t "$near" -n python3 -u "$ROOT/tests/bats/bus.py" "$CT_BUS"
	wait_until 5 far_status_is '.readers == 2'
	events a 1 1 >&7
	wait_until 5 counts_to cut 1
	swallow "$far" 10.99.0.2
	publish 2 20000
	far_status_is '.readers == 2 and .dropped > 0'
	heal "$far" 10.99.0.2
	wait_until 30 counts_to cut 20000
	far_status_is ".dropped == $(missing cut)"
	exec 7>&-
}

far_status_is()
{
	nsenter -t "$far" -n "$(command -v ct-latest)" -s status | jq -e "select(.stage == \"ct-hub\") | $1"
}

# ---- restarts ----

# start_part PART: hub, ws, latest or feed; its process id is then in ${pid[PART]}. The hub reads nothing
# before both readers are there. The feed sends events without an end, and notes how far it has come.
start_part()
{
	case $1 in
	hub) spawn_sh hub "exec ct-hub -w 2 -k mark <>'$feed' 9<&-" ;;
	ws) spawn ws ct-ws -p "$port" ;;
	latest) spawn "latest.$((++latest))" ct-latest -f -n 0 ;;
	feed) spawn_sh feed "$(declare -f event); trap 'stop=1' TERM; n=\$(cat sent)
	    while [ -z \"\$stop\" ]; do event \$((n + 1)) \$((n + 5)) >'$feed'; echo \$((n += 5)) >sent; sleep 0.02; done" ;;
	esac
	pid[$1]=$spawned
}

# restart PART: ends it and starts it again at once. Of the hub only what it has taken must be published.
restart()
{
	case $1 in
	hub|feed) kill -TERM "${pid[$1]}" ;;
	*) kill -KILL "${pid[$1]}" ;;
	esac
	wait_until 10 ended "${pid[$1]}"
	start_part "$1"
}

# untold FILE: prints where numbers are left out, or come again, that were not told; of the last line only
# a part may be there.
untold()
{
	awk 'NR > 1 && $1 > 0 && $1 != next_at { print FILENAME ":" NR ": " $1 " came instead of " next_at }
	    { next_at = $1 > 0 ? $1 + 1 : next_at - $1 }' "$1"
}

# numbers_of FILE: what ct-latest has written, as returns.py says it.
numbers_of()
{
	jq -rR 'fromjson? | if .message_type == "skipped" then -.count else .data.cert_index end' "$1"
}

# has_come FILE N: the last number is that one.
has_come()
{
	[ "$(tail -n 1 "$1")" -ge "$2" ]
}

@test "in whatever order hub, ct-ws, ct-latest and feed are begun anew, nobody misses anything untold" {
	local -A pid
	local latest=0 step part parts=(- hub ws latest feed)
	port=$(free_port)
	feed=$BATS_TEST_TMPDIR/feed
	mkfifo feed
	exec 9<>feed		# what the hub has not read stays
	echo 0 >sent
	for part in hub ws latest feed; do
		start_part "$part"
	done
	wait_until 10 listens "$port"
	spawn client python3 "$ROOT/tests/bats/returns.py" "$port"
	wait_until 10 has_come client.out 1
	# Each of the 24 orders of four is a part of this row.
	for step in 1 2 3 4 1 2 3 1 4 2 3 1 2 4 3 1 2 1 3 4 2 1 3 2 4 1 3 2 1 4 3 2 1; do
		restart "${parts[step]}"
		sleep "0.$((RANDOM % 3))"
	done
	kill -TERM "${pid[feed]}"
	wait_until 5 ended "${pid[feed]}"
	wait_until 20 has_come client.out "$(cat sent)"
	wait_until 20 follower_has "$(cat sent)"
	for part in $(seq "$latest"); do
		numbers_of "latest.$part.out" >"latest.$part"
		untold "latest.$part"
	done >untold
	untold client.out >>untold
	cat untold
	[ ! -s untold ]
	exec 9<&-
}

follower_has()
{
	numbers_of "latest.$latest.out" >newest
	has_come newest "$1"
}
