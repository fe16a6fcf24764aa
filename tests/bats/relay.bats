# ct-hub --relay: leaves on fetch machines send all records to one hub, and lose none of them.

bats_require_minimum_version 1.5.0
load setup
load machines

setup()
{
	export CT_BUS=ipc://$BATS_TEST_TMPDIR/centre
	leaf=ipc://$BATS_TEST_TMPDIR/leaf
	cd "$BATS_TEST_TMPDIR"
}

# events FROM TO [LOG]: writes events of these indexes, a line each.
events()
{
	seq "$1" "$2" | sed "s/.*/{\"data\":{\"cert_index\":&,\"source\":{\"name\":\"${3-a}\"}},\"message_type\":\"certificate_update\"}/"
}

# start_centre [OPTIONS]: a hub that takes what leaves push; its process id is then in $centre.
start_centre()
{
	spawn centre ct-hub -i "${@--w0}"
	centre=$spawned
	wait_until 5 ct-latest -n 0
}

# start_reader: it writes all records of the centre to got.out from now on.
start_reader()
{
	spawn got ct-latest -f -n 0
	wait_until 5 status_is '.readers >= 1'
}

# status_is JQ-EXPRESSION: of the centre's own status.
status_is()
{
	ct-latest -s status | jq -e "select(.stage == \"ct-hub\") | $1" >/dev/null
}

holds()
{
	[ "$(wc -l <"$1")" -ge "$2" ]
}

# has_all COUNT LOG: every event of the log, from 1 to COUNT, has reached the reader.
has_all()
{
	events 1 "$1" "$2" | sort >wanted
	sort -u got.out | comm -13 - wanted >missing
	[ ! -s missing ]
}

@test "the records of two leaves reach the reader of the other hub, each leaf's in order" {
	start_centre
	start_reader
	events 1 5000 a | ct-hub -w 0 -b "$leaf.a" -o "$CT_BUS" &
	events 1 5000 b | ct-hub -w 0 -b "$leaf.b" -o "$CT_BUS"
	wait $!
	wait_until 20 holds got.out 10000
	grep '"name":"a"' got.out | cmp - <(events 1 5000 a)
	grep '"name":"b"' got.out | cmp - <(events 1 5000 b)
}

@test "the leaf stores a mark only when what is in front of it has left the other hub" {
	mark='{"message_type":"mark","version":2,"logs":[]}'
	mkfifo in
	spawn leaf bash -c "exec ct-hub -w 0 -b '$leaf' -o '$CT_BUS' -k mark <in"
	exec 7>in
	events 1 10 >&7
	echo "$mark" >&7
	wait_until 5 grep -q 'cannot be reached' leaf.err
	sleep 2
	[ ! -e mark ]
	start_centre
	wait_until 20 test -e mark
	[ "$(cat mark)" = "$mark" ]
	exec 7>&-
}

@test "the other hub does not store the marks of its leaves" {
	start_centre -w0 -k centre.mark
	{ events 1 10; echo '{"message_type":"mark","version":2,"logs":[]}'; } |
	    ct-hub -w 0 -b "$leaf" -o "$CT_BUS" -k leaf.mark
	[ -e leaf.mark ]
	kill "$centre"
	ended "$centre" || wait_until 5 ended "$centre"
	[ ! -e centre.mark ]
}

@test "nothing is missing when the other hub is killed again and again" {
	start_centre
	start_reader
	mkfifo in
	spawn leaf bash -c "exec ct-hub -w 0 -b '$leaf' -o '$CT_BUS' <in"
	exec 7>in
	for i in 1 2 3 4 5; do
		events $((i * 2000 - 1999)) $((i * 2000)) >&7
		sleep 0.$((RANDOM % 9))
		kill -9 "$centre"
		wait_until 5 ended "$centre"
		start_centre -w1	# the reader has to find it first, as it does within the usual 3 s
	done
	wait_until 30 has_all 10000 a
	exec 7>&-
}

@test "a leaf that is ended by TERM has handed on all that it read" {
	start_centre
	start_reader
	mkfifo in
	spawn leaf bash -c "exec ct-hub -w 0 -b '$leaf' -o '$CT_BUS' <in"
	exec 7>in
	events 1 3000 >&7
	kill -TERM "$spawned"
	wait_until 5 ended "$spawned"
	lines=$(wc -l <got.out)
	events 1 "$lines" | cmp - got.out
	exec 7>&-
	[ "$lines" -eq 0 ] || grep -q . got.out
}

@test "a hub that takes no pushed lines is told to the user of the leaf" {
	mkfifo in records
	spawn centre bash -c "exec ct-hub -w 0 <>records"
	wait_until 5 ct-latest -n 0
	spawn leaf bash -c "exec ct-hub -w 0 -b '$leaf' -o '$CT_BUS' <in"
	exec 7>in
	events 1 1 >&7
	wait_until 5 grep -q 'needs --ingest' leaf.err
	exec 7>&-
}

@test "a hub that takes no pushed lines is told once, however long they are, and is not flooded" {
	spawn centre bash -c "exec ct-hub -w 0 < <(exec sleep 60)"
	wait_until 5 ct-latest -n 0
	mkfifo in
	spawn leaf bash -c "exec ct-hub -w 0 -b '$leaf' -o '$CT_BUS' <in"
	exec 7>in
	head -c 100000 /dev/zero | tr '\0' x >&7
	echo >&7
	wait_until 5 grep -q 'needs --ingest' leaf.err
	sleep 2
	[ "$(wc -l <leaf.err)" -le 3 ]
	exec 7>&-
}

@test "a leaf whose input ends before the other hub can be reached says what is lost, and ends with 111" {
	run -111 --separate-stderr ct-hub -w 0 -b "$leaf" -o "$CT_BUS" < <(events 1 3)
	[[ $stderr == *"3 records have not left, and are lost"* ]]
}

# leaf_says MEMBER: of its status record.
leaf_says()
{
	CT_BUS=$leaf ct-latest -s status | jq "select(.stage == \"ct-hub\") | .$1"
}

has_events()
{
	[ "$(leaf_says events)" -ge "$1" ]
}

# has_more_records N: the leaf has published that many, its own status records among them.
has_more_records()
{
	[ "$(leaf_says records)" -ge "$1" ]
}

@test "status records of a leaf do not pile up while the other hub is away, and come again with it" {
	mkfifo in
	spawn leaf bash -c "exec ct-hub -S 1 -w 0 -b '$leaf' -o '$CT_BUS' <in"
	exec 7>in
	head -c 1000000 /dev/zero | tr '\0' x >pad
	for i in {1..12}; do
		printf '{"data":{"pad":"'
		cat pad
		echo '"}}'
	done >&7 &
	wait_until 10 has_events 8
	sleep 1.5
	records=$(leaf_says records)
	sleep 3
	[ "$(leaf_says records)" -eq "$records" ]
	start_centre
	wait_until 10 has_events 12
	wait_until 10 has_more_records "$((records + 5))"
	exec 7>&-
}

@test "a leaf with status records goes on reading input that is faster than the other hub" {
	start_centre
	spawn leaf bash -c "yes '$(events 1 1)' | ct-hub -S 1 -w 0 -b '$leaf' -o '$CT_BUS'"
	wait_until 10 has_events 1
	for i in 1 2 3; do
		sleep 1.2	# a status record comes every second
		wait_until 5 has_events "$(($(leaf_says events) + 1))"
	done
}

@test "a leaf whose records the other hub has taken ends with 0, though a reader there is slow" {
	start_centre
	spawn slow bash -c 'ct-latest -f -n 0 | while head -c 50000 >/dev/null; do sleep 1; done'
	wait_until 5 status_is '.readers >= 1'
	pad=$(head -c 1000 /dev/zero | tr '\0' x)
	events 1 4000 "$pad" >in
	run -0 --separate-stderr ct-hub -w 0 -b "$leaf" -o "$CT_BUS" <in
	[ -z "$stderr" ]
	status_is '.events == 4000'
}

@test "two leaves that send the same log are told once" {
	start_centre
	id=$(head -c 32 /dev/zero | base64)
	head="{\"message_type\":\"head\",\"log_id\":\"$id\",\"name\":\"a\"}"
	mkfifo in.a in.b
	spawn a bash -c "exec ct-hub -q -w 0 -b '$leaf.a' -o '$CT_BUS' <in.a"
	spawn b bash -c "exec ct-hub -q -w 0 -b '$leaf.b' -o '$CT_BUS' <in.b"
	exec 7>in.a 8>in.b
	for i in 1 2 3; do
		echo "$head" >&7
		wait_until 5 status_is ".records == $((2 * i - 1))"
		echo "$head" >&8
		wait_until 5 status_is ".records == $((2 * i))"
	done
	exec 7>&- 8>&-
	wait_until 5 grep -q 'comes from two producers' centre.err
	[ "$(grep -c 'comes from two producers' centre.err)" -eq 1 ]
}

@test "a leaf that is begun anew is not told as another one" {
	start_centre
	id=$(head -c 32 /dev/zero | base64)
	for i in 1 2 3; do
		{ echo "{\"message_type\":\"head\",\"log_id\":\"$id\",\"name\":\"a\"}"; events "$i" "$i"; } |
		    ct-hub -q -w 0 -b "$leaf" -o "$CT_BUS"
	done
	status_is '.records == 6'
	! grep 'two producers' centre.err
}

@test "--relay and --ingest exclude each other, and a wrong address is told" {
	run -100 ct-hub -i -o "$CT_BUS"
	[[ $output == *"exclude each other"* ]]
	run -100 ct-hub -o http://x
	[[ $output == *"--relay http://x:"* ]]
}

@test "a link that is cut, swallows everything and heals loses nothing" {
	start_machines
	CT_BUS=tcp://10.99.0.1:7000
	spawn centre nsenter -t "$far" -n "$(command -v ct-hub)" -w 0 -i
	wait_until 5 nsenter -t "$far" -n "$(command -v ct-latest)" -n 0
	spawn got nsenter -t "$far" -n "$(command -v ct-latest)" -f -n 0
	mkfifo in
	spawn leaf bash -c "exec nsenter -t '$near' -n '$(command -v ct-hub)' -w 0 -b '$leaf' -o '$CT_BUS' <in"
	exec 7>in
	events 1 1000 >&7
	wait_until 10 has_all 1000 a
	nsenter -t "$far" -n ip link set cable down
	events 1001 2000 >&7
	sleep 2
	nsenter -t "$far" -n ip link set cable up
	wait_until 30 has_all 2000 a
	swallow "$near" 10.99.0.1
	swallow "$far" 10.99.0.2
	events 2001 3000 >&7
	sleep 17
	grep -q 'cannot be reached' leaf.err
	heal "$near" 10.99.0.1
	heal "$far" 10.99.0.2
	events 3001 4000 >&7
	wait_until 40 has_all 4000 a
	exec 7>&-
}
