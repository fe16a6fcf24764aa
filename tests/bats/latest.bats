#!/usr/bin/env bats
# ct-latest: tail for the bus.

load setup
load terminal

setup()
{
	cd "$BATS_TEST_TMPDIR" || return
	export CT_BUS=ipc://$BATS_TEST_TMPDIR/run/bus
	unset GATEWAY_INTERFACE REQUEST_METHOD
}

# events FROM TO: numbered events in the full form.
events()
{
	awk -v from="$1" -v to="$2" 'BEGIN {
		for (i = from; i <= to; i++)
			printf "{\"data\":{\"cert_index\":%d,\"chain\":[{\"as_der\":\"AA==\"}]," \
			    "\"leaf_cert\":{\"all_domains\":[\"%d.example\"],\"as_der\":\"BB==\"}}," \
			    "\"message_type\":\"certificate_update\"}\n", i, i
	}'
}

# A hub that reads what is written to descriptor 7.
start_hub()
{
	rm -f in
	mkfifo in
	spawn hub bash -c 'exec ct-hub -w 0 <in'
	hub=$spawned
	exec 7>in
	wait_until 5 ct-latest -n 0
}

status_is()
{
	ct-latest -s status | jq -e "$1"
}

# published FROM TO: writes these events and waits until the hub has them.
published()
{
	events "$1" "$2" >&7
	wait_until 5 status_is ".events >= $2"
}

# start_follower NAME OPTION...: waits until it is on the bus.
start_follower()
{
	spawn "$1" ct-latest -v -f "${@:2}" 7>&-
	follower=$spawned
	wait_until 5 grep -q 'follows the bus' "$1.err"
}

holds()
{
	[ "$(wc -l <"$1")" -ge "$2" ]
}

# contiguous FILE: numbered lines without a hole, and none twice.
contiguous()
{
	jq .data.cert_index "$1" | awk 'NR > 1 && $1 != last + 1 { exit 1 } { last = $1 }'
}

@test "help goes to stdout and fits a screen" {
	run ct-latest --help
	[ "$status" = 0 ]
	[ "${#lines[@]}" -le 24 ]
	[[ $output == usage:* ]]
	run ct-latest --version
	[[ $output == "ct-latest "* ]]
}

@test "a wrong call exits 100" {
	run ct-latest --nonsense
	[ "$status" = 100 ]
	[[ $output == *"try ct-latest --help"* ]]
	run ct-latest -s everything
	[ "$status" = 100 ]
	run ct-latest -n -1
	[ "$status" = 100 ]
	run ct-latest -f -j
	[ "$status" = 100 ]
	run ct-latest -b /run/ct/bus
	[ "$status" = 100 ]
}

@test "without a hub it exits 111 and says how to start one" {
	run ct-latest
	[ "$status" = 111 ]
	[[ $output == *"$CT_BUS: no hub serves it"*ct-hub* ]]
	port=$(free_port)
	run ct-latest -b "tcp://127.0.0.1:$port"
	[ "$status" = 111 ]
	[[ $output == *"tcp://127.0.0.1:$port: no hub serves it"* ]]
}

@test "a hub that is stopped is told within seconds" {
	start_hub
	kill -STOP "$hub"
	run timeout 6 ct-latest
	kill -CONT "$hub"
	[ "$status" = 111 ]
	[[ $output == *"$CT_BUS: no hub answers"* ]]
}

@test "a bus that is not open to this user is told as such" {
	local as=()

	[ "$(id -u)" != 0 ] || as=(setpriv --reuid nobody --clear-groups)
	"${as[@]}" test -x "$ROOT/ct-latest/ct-latest" || skip 'others may not run the tools here'
	mkdir -m 0 "$BATS_TEST_TMPDIR/closed"
	run "${as[@]}" "$ROOT/ct-latest/ct-latest" -b "ipc://$BATS_TEST_TMPDIR/closed/bus"
	chmod 700 "$BATS_TEST_TMPDIR/closed"
	[ "$status" = 111 ]
	[[ $output == *"closed/bus: permission denied; the bus of the units is for the group ct"* ]]
	[[ $output != *"start one"* ]]
}

@test "the newest events come oldest first, as many as asked for" {
	start_hub
	published 1 40
	ct-latest | cmp - <(events 16 40)
	ct-latest -n 3 | cmp - <(events 38 40)
	[ -z "$(ct-latest -n 0)" ]
}

@test "-j is one object with the newest first" {
	start_hub
	[ "$(ct-latest -j)" = '{"messages":[]}' ]
	published 1 40
	[ "$(ct-latest -j | jq -c '[.messages[].data.cert_index]')" = "$(seq 40 -1 16 | jq -sc .)" ]
	[ "$(ct-latest -j -n 2 | jq -c '[.messages[].data.cert_index]')" = '[40,39]' ]
	[ "$(ct-latest -j | wc -l)" = 1 ]
}

@test "the lite form lacks chain and as_der" {
	start_hub
	published 1 1
	[ "$(ct-latest -s lite)" = '{"data":{"cert_index":1,"leaf_cert":{"all_domains":["1.example"]}},"message_type":"certificate_update"}' ]
}

@test "the domains form has the names alone, whichever form the bus has" {
	start_hub
	published 1 1
	[ "$(ct-latest -s domains | jq -c .)" = '{"data":["1.example"],"message_type":"dns_entries"}' ]
	echo '{"data":["2.example"],"message_type":"dns_entries"}' >&7
	wait_until 5 status_is '.events == 2'
	[ "$(ct-latest -n 1 -s domains)" = '{"data":["2.example"],"message_type":"dns_entries"}' ]
	[ "$(ct-latest -s lite | wc -l)" = 1 ]
}

@test "-s status asks the hub, and with -f follows all stages" {
	start_hub
	published 1 2
	[ "$(ct-latest -s status | jq .events)" = 2 ]
	spawn status ct-latest -f -s status
	wait_until 5 holds status.out 1
	echo '{"message_type":"status","stage":"ct-fetch","entries":5}' >&7
	published 3 3
	wait_until 5 holds status.out 2
	[ "$(jq -r .stage status.out | xargs)" = 'ct-hub ct-fetch' ]
}

# fetch_status NEXT [REST]: a status record of a ct-fetch with two logs, of which the second is in trouble.
fetch_status()
{
	printf '{"message_type":"status","stage":"ct-fetch","seen":%s,"entries":%d,"logs":[%s,%s%s]}\n' \
	    "$(date +%s)" "$1" \
	    '{"log_id":"A","name":"Log '\''alder'\''","state":"live","next":'"$1"',"verified":'"$1"',"lag":2,"gaps":0,"behind":1,"rate":4,"errors":1,"last_error":"","trouble":0}' \
	    '{"log_id":"B","name":"b\u001b[2J","state":"paused","next":7,"verified":7,"lag":90000,"gaps":5,"behind":100,"rate":0,"errors":12,"last_error":"HTTP 503\u0007","last_error_time":1,"trouble":130}' \
	    "${2-}"
}

# terminal COLUMNS LINES COMMAND: runs the command line in a terminal of this size. What that shows is what screen
# prints.
terminal()
{
	skip_without tmux
	printf 'cd "%s"; export PATH="%s" CT_BUS="%s"\n%s\necho "ended with $?"; sleep 60\n' "$PWD" "$PATH" \
	    "$CT_BUS" "$3" >run.sh
	show "$1" "$2" run.sh
}

teardown()
{
	[ ! -S "$BATS_TEST_TMPDIR/tmux" ] || tmux -S "$BATS_TEST_TMPDIR/tmux" kill-server
	stop_spawned
}

# has_status NEXT: the hub has the status record of fetch_status with this number.
has_status()
{
	ct-latest -s status | grep -q "\"entries\":$1,"
}

@test "-s status on a terminal is a line for each stage and a table of the logs, without control characters" {
	start_hub
	fetch_status 4321 >&7
	wait_until 5 has_status 4321
	terminal 100 24 'ct-latest -s status'
	wait_until 10 screen_has '^ended with 0$'
	screen_has '^ct-hub: 0 certificates in [0-9]+ records?' '^ct-fetch: 4,321 entries, 4.0/s, 1 of 2 logs live, 1 in trouble' \
	    "^LOG +NEXT +LAG +BEHIND +RATE +VERIFIED +OWED +ERRORS +STATE$" \
	    "^Log 'alder' +4,321 +2 +1 s +4.0/s +all +0 +1 +live$" \
	    '^b\?\[2J +7 +90,000 +100 s +0.0/s +all +5 +12 +paused, for 2 min: HTTP 5'
	! grep -q message_type shown
	[ "$(sed -n '/^ended/q;p' shown | grep -c .)" = 5 ]
}

@test "-s status on a low and narrow terminal shows what is in trouble, and how many logs there are besides" {
	local more

	start_hub
	more=$(for i in $(seq 40); do printf ',{"log_id":"%d","name":"log%d","state":"live","lag":0}' "$i" "$i"; done)
	fetch_status 5 "$more" >&7
	wait_until 5 has_status 5
	terminal 40 8 'ct-latest -s status'
	wait_until 10 screen_has '^ended with 0$'
	screen -S - >shown
	grep -q '^b?\[2J .*paused' shown
	grep -q '^and 39 more, all well$' shown
	[ "$(grep -c . shown)" -le 8 ]
}

@test "-s status is records with -j, and where standard output is no terminal" {
	start_hub
	fetch_status 4321 >&7
	wait_until 5 has_status 4321
	terminal 200 50 'ct-latest -s status -j >object; ct-latest -s status -j; ct-latest -s status | cat'
	wait_until 10 screen_has '^ended with 0$'
	[ "$(jq -r '[.messages[].stage] | join(" ")' object)" = 'ct-hub ct-fetch' ]
	screen_has '^\{"messages":\[' '^\{"message_type":"status","stage":"ct-fetch"'
	! grep -q '^LOG' shown
}

@test "-f -s status draws the table again in its place, in the size of the terminal, and leaves it at Ctrl-C" {
	start_hub
	fetch_status 4321 >&7
	wait_until 5 has_status 4321
	terminal 100 24 'ct-latest -f -s status'
	wait_until 10 screen_has "^Log 'alder' +4,321 "
	fetch_status 5432 >&7
	wait_until 10 screen_has "^Log 'alder' +5,432 " '^ct-fetch: 5,432 '
	[ "$(screen -S - | grep -c '^LOG ')" = 1 ]
	tmux -S "$PWD/tmux" resize-window -x 60 -y 12
	wait_until 10 screen_has '^LOG +LAG .*STATE$'
	tmux -S "$PWD/tmux" send-keys C-c
	wait_until 10 screen_has 'ended with'
	screen_has '^ended with 0$' '^ct-hub: '
	[ "$(screen | grep -n '^ended' | cut -d: -f1)" = 6 ]
	[ "$(screen | grep -c '^LOG ')" = 1 ]
}

@test "-f -s status says that there is no hub, shows the table when one comes, and what it had when it has gone" {
	terminal 300 24 'ct-latest -f -s status'
	wait_until 10 screen_has "no hub serves it; waiting for it$"
	start_hub
	fetch_status 77 >&7
	wait_until 20 screen_has "^Log 'alder' +77 "
	! screen_has 'waiting for it'
	exec 7>&-
	ends 5 "$hub"
	wait_until 20 screen_has '^ipc://.*: no hub serves it; waiting for it; what was heard [0-9]+ s ago:$' "^Log 'alder' +77 "
}

@test "-f -s status on a terminal that cannot write in place writes records" {
	start_hub
	fetch_status 4321 >&7
	wait_until 5 has_status 4321
	terminal 200 50 'TERM=dumb ct-latest -f -s status'
	wait_until 10 screen_has '^\{"message_type":"status","stage":"ct-hub"'
}

@test "-f shows the newest events and goes on with those to come" {
	start_hub
	published 1 40
	start_follower got -n 5
	wait_until 5 holds got.out 5
	published 41 43
	wait_until 5 holds got.out 8
	events 36 43 | cmp - got.out
}

@test "records that are no events are not shown" {
	start_hub
	start_follower got
	published 1 1
	printf '%s\n' '{"message_type":"mark"}' '{"message_type":"head"}' 'noise' '' >&7
	published 2 2
	wait_until 5 holds got.out 2
	events 1 2 | cmp - got.out
}

# numbers: prints the numbers of events, in one line.
numbers()
{
	jq -r '.data.cert_index // "\(.message_type) \(.count)"' | xargs
}

@test "--since shows the records from a number on, and ends" {
	start_hub
	published 1 40
	ct-latest --since 36 | cmp - <(events 36 40)
	ct-latest --since 1 | cmp - <(events 1 40)
	[ "$(ct-latest --since 40 -s domains | jq -c .)" = '{"data":["40.example"],"message_type":"dns_entries"}' ]
	[ -z "$(ct-latest --since 41)" ]
}

@test "--since takes the place that -v has said, which names the run of numbers" {
	start_hub
	published 1 4
	ct-latest -v --since 1 >/dev/null 2>told
	place=$(sed -n 's/.*the next record is \([0-9]*-5\)$/\1/p' told)
	[ -n "$place" ]
	published 5 7
	ct-latest --since "$place" | cmp - <(events 5 7)
	ct-latest --since "${place%-*}-7" | cmp - <(events 7 7)
}

@test "--since shows records in more than one piece, each once" {
	start_hub
	published 1 5000
	[ "$(ct-latest --since 1 | wc -c)" -gt $((2 * 262144)) ]
	ct-latest --since 1 | cmp - <(events 1 5000)
}

@test "--since counts what the hub no longer keeps" {
	rm -f in
	mkfifo in
	spawn hub bash -c 'exec ct-hub -w 0 -H 1k <in'
	exec 7>in
	wait_until 5 ct-latest -n 0
	for i in $(seq 1 30); do
		published "$i" "$i"
	done
	ct-latest --since 3 >got 2>told
	missed=$(head -n 1 got | jq -e 'select(.message_type == "skipped").count')
	[ "$missed" -gt 0 ]
	tail -n +2 got | cmp - <(events $((3 + missed)) 30)
	grep -q "$missed records missed" told
}

@test "--since with the place of a hub that has ended says what was lost, and shows the next" {
	rm -f in
	mkfifo in
	spawn hub bash -c 'exec ct-hub -w 0 -k marks <in'
	hub=$spawned
	exec 7>in
	wait_until 5 ct-latest -n 0
	published 1 5
	sleep 1.2
	ct-latest -v --since 1 2>told | cmp - <(events 1 5)
	epoch=$(sed -n 's/.*the next record is \([0-9]*\)-6$/\1/p' told)
	kill -KILL "$hub"
	wait_until 5 ended "$hub"
	exec 7>&-
	start_hub
	published 1 2
	[ "$(ct-latest --since "$epoch-3" 2>told | numbers)" = '1 2' ]
	grep -q 'what was lost is not known' told
}

@test "--since a number that is yet to come shows nothing and warns" {
	start_hub
	published 1 2
	[ -z "$(ct-latest --since 9 2>told)" ]
	grep -q 'record 9 is yet to come; the next one is 3' told
}

@test "--since with -f goes on with what is published, each record once" {
	start_hub
	published 1 40
	start_follower got --since 30
	wait_until 5 holds got.out 11
	published 41 43
	wait_until 5 holds got.out 14
	events 30 43 | cmp - got.out
}

@test "--since ends at the place where the stream was, also while it goes on" {
	start_hub
	published 1 1000
	(for i in $(seq 1001 9000); do events "$i" "$i"; done) >&7 &
	feeder=$!
	timeout 20 ct-latest --since 900 >got
	kill "$feeder"
	contiguous got
	[ "$(wc -l <got)" -ge 101 ]
	[ "$(head -n 1 got | jq .data.cert_index)" = 900 ]
}

@test "--since ends with its reader" {
	start_hub
	published 1 5000
	timeout 10 bash -c 'ct-latest --since 1 | head -n 1; exit "${PIPESTATUS[0]}"'
}

@test "--since that is no place, or beside -n or -j, is a wrong call" {
	for since in 0 -1 x 1-0 0-1 1- 5x ''; do
		run ct-latest --since "$since"
		[ "$status" = 100 ]
		[[ $output == *"--since $since: it is SEQ or EPOCH-SEQ"* ]]
	done
	run ct-latest --since 1 -n 5
	[ "$status" = 100 ]
	run ct-latest --since 1 -j
	[ "$status" = 100 ]
	run ct-latest --since 1
	[ "$status" = 111 ]
	[[ $output == *"no hub serves it"* ]]
}

@test "followers that join a fast stream miss nothing and see nothing twice" {
	start_hub
	(for i in $(seq 0 199); do events $((i * 200 + 1)) $((i * 200 + 200)); done) >&7 &
	feeder=$!
	for i in 1 2 3 4 5 6; do
		spawn "got$i" ct-latest -f -n 10 7>&-
		sleep 0.1
	done
	wait "$feeder"
	for i in 1 2 3 4 5 6; do
		wait_until 10 grep -q '"cert_index":40000,' "got$i.out"
		contiguous "got$i.out"
		[ "$(grep -c missed "got$i.err")" = 0 ]
	done
}

@test "a slow reader gets whole lines, and is told how many it missed" {
	start_hub
	spawn_sh slow 'ct-latest -f -n 0 | { until [ -e taken ]; do sleep 0.1; done; cat; }' 7>&-
	wait_until 5 status_is '.readers >= 1'
	events 1 1000000 >&7
	wait_until 60 status_is '.events == 1000000'
	touch taken
	wait_until 30 grep -q '"cert_index":1000000,' slow.out
	got=$(grep -c '"data"' slow.out)
	missed=$(jq -s 'map(.count // 0) | add' <(grep '"skipped"' slow.out))
	[ "$missed" -gt 0 ]
	[ $((got + missed)) = 1000000 ]
	grep -q 'records missed' slow.err
}

@test "-f waits for a hub, says so once, and starts when it comes" {
	spawn got ct-latest -f
	follower=$spawned
	wait_until 5 grep -q "no hub at $CT_BUS; waiting" got.err
	start_hub
	published 1 3
	wait_until 5 holds got.out 3
	[ "$(grep -c waiting got.err)" = 1 ]
	kill -0 "$follower"
}

@test "-f that waits for a hub gets all of what that publishes, however fast it begins" {
	events 1 30000 >saved
	spawn got ct-latest -f
	wait_until 5 grep -q waiting got.err
	ct-hub -w 1 <saved
	wait_until 20 holds got.out 30000
	cmp saved got.out
}

@test "-f goes on with the hub that comes after" {
	start_hub
	published 1 3
	start_follower got
	wait_until 5 holds got.out 3
	exec 7>&-
	ends 5 "$hub"
	start_hub
	for i in $(seq 1 100); do
		events "$i" "$i" >&7
		holds got.out 6 && break
		sleep 0.05
	done
	wait_until 5 holds got.out 6
}

@test "-f ends with its reader, at once and with 0" {
	start_hub
	published 1 1
	timeout 5 bash -c 'ct-latest -f | head -n 1; exit "${PIPESTATUS[0]}"'
}

@test "TERM and INT end -f with 0, also while its reader does not read" {
	start_hub
	start_follower got
	kill -TERM "$follower"
	ends 2 "$follower"
	mkfifo stuck
	spawn stuck bash -c 'exec ct-latest -f -n 0 >stuck' 7>&-
	exec 8<stuck
	wait_until 5 status_is '.readers == 1'
	events 1 50000 >&7
	wait_until 10 status_is '.events == 50000'
	kill -INT "$spawned"
	ends 2 "$spawned"
	exec 8<&-
}

@test "as a CGI program it answers with headers and the object" {
	start_hub
	published 1 3
	GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET ct-latest | tr -d '\r' >answer
	sed '/^$/q' answer >head
	grep -qx 'Content-Type: application/json' head
	grep -qx 'Cache-Control: no-cache' head
	grep -qx 'Access-Control-Allow-Origin: \*' head
	[ "$(grep -c ^Status head)" = 0 ]
	[ "$(sed '1,/^$/d' answer | jq -c '[.messages[].data.cert_index]')" = '[3,2,1]' ]
	GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=HEAD ct-latest | tr -d '\r' | cmp - head
	[ "$(GATEWAY_INTERFACE=CGI/1.1 ct-latest -n 1 | jq .data.cert_index)" = 3 ]
}

# cgi VARIABLE=VALUE...: the answer of ct-latest to a request, without CRs.
cgi()
{
	env GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET "$@" ct-latest | tr -d '\r'
}

@test "a CGI answer has a tag, by which the client asks whether it has changed" {
	start_hub
	published 1 3
	tag=$(cgi | sed -n 's/^ETag: //p')
	[[ $tag =~ ^\"[0-9a-f]{24}\"$ ]]
	[ "$(cgi | sed -n 's/^ETag: //p')" = "$tag" ]
	for tags in "$tag" "W/$tag" '"x", W/"y" ,'"$tag" '*'; do
		cgi HTTP_IF_NONE_MATCH="$tags" >answer
		[ "$(head -n 1 answer)" = 'Status: 304 Not Modified' ]
		grep -qxF "ETag: $tag" answer
		[ -z "$(sed '1,/^$/d' answer)" ]
	done
	cgi HTTP_IF_NONE_MATCH='"x", ' >answer
	[ "$(tail -n 1 answer | jq '.messages | length')" = 3 ]
	[ "$(cgi QUERY_STRING=stream=lite HTTP_IF_NONE_MATCH="$tag" | grep -c ^Status)" = 0 ]
	published 4 4
	cgi HTTP_IF_NONE_MATCH="$tag" >answer
	[ "$(grep -c ^Status answer)" = 0 ]
	[ "$(sed -n 's/^ETag: //p' answer)" != "$tag" ]
	[ "$(tail -n 1 answer | jq '.messages[0].data.cert_index')" = 4 ]
}

@test "a CGI request chooses the form of the events, by the names of ct-ws" {
	start_hub
	published 1 1
	[ "$(cgi QUERY_STRING='x=1&stream=lite' | tail -n 1 | jq -c .messages)" = "[$(ct-latest -s lite)]" ]
	for name in domains domains-only; do
		[ "$(cgi QUERY_STRING="stream=$name" | tail -n 1 | jq -c '.messages[0].data')" = '["1.example"]' ]
	done
	for name in full full-stream; do
		[ "$(cgi QUERY_STRING="stream=$name" | tail -n 1)" = "$(ct-latest -j)" ]
	done
	for name in status '' Lite 'lite%00'; do
		cgi QUERY_STRING="stream=$name" >answer
		[ "$(head -n 1 answer)" = 'Status: 400 Bad Request' ]
		[ "$(tail -n 1 answer | jq -r .error)" = 'stream= is one of lite, full and domains' ]
	done
}

@test "a CGI request with another method than GET and HEAD is refused, and says which there are" {
	start_hub
	published 1 3
	for method in POST PUT DELETE OPTIONS TRACE get 'GET /'; do
		cgi REQUEST_METHOD="$method" HTTP_IF_NONE_MATCH='*' >answer
		[ "$(head -n 1 answer)" = 'Status: 405 Method Not Allowed' ]
		grep -qx 'Allow: GET, HEAD' answer
		[ "$(tail -n 1 answer | jq -r .error)" = 'only GET and HEAD are answered' ]
	done
	env -u REQUEST_METHOD GATEWAY_INTERFACE=CGI/1.1 ct-latest | grep -q '^{"messages"'
}

@test "an answer to HEAD has the headers of that to GET, and no body, whatever the answer is" {
	start_hub
	published 1 3
	for request in A=b HTTP_IF_NONE_MATCH='*' QUERY_STRING=stream=no; do
		cgi "$request" | sed '/^$/q' >wanted
		cgi "$request" REQUEST_METHOD=HEAD | cmp - wanted
	done
	cgi CT_BUS=ipc:///nowhere/bus REQUEST_METHOD=HEAD >answer
	[ "$(head -n 1 answer)" = 'Status: 503 Service Unavailable' ]
	[ -z "$(sed '1,/^$/d' answer)" ]
}

@test "tags of others, broken ones and parts of ours do not count as the tag of a CGI answer" {
	start_hub
	published 1 3
	tag=$(cgi | sed -n 's/^ETag: //p')
	bare=${tag//\"/}
	for tags in '' '"' ',' ',,,' 'W/' 'W/W/'"$tag" "w/$tag" "W/ $tag" "$bare" "\"$bare" "$bare\"" "'$bare'" \
	    "\"x$bare\"" "\"${bare^^}\"" "$tag$tag" '"x" *' '"x", *' '**' "\"a,$bare\"" "\"$bare,a\"" \
	    "$(printf 'x%.0s' $(seq 20000))"; do
		cgi HTTP_IF_NONE_MATCH="$tags" >answer
		[ "$(grep -c ^Status answer)" = 0 ] || { echo "taken: $tags"; false; }
		[ "$(tail -n 1 answer | jq '.messages | length')" = 3 ]
	done
	for tags in "\"a,b\",$tag" ",$tag" " $tag ," "$(printf '\t')W/$tag$(printf '\t')" "\"x\",W/\"y,z\" , $tag" \
	    "\"unclosed, $tag" ' * '; do
		[ "$(cgi HTTP_IF_NONE_MATCH="$tags" | head -n 1)" = 'Status: 304 Not Modified' ] ||
		    { echo "not taken: $tags"; false; }
	done
}

@test "of a query that has stream= more than once the first counts, and odd queries choose nothing" {
	start_hub
	published 1 1
	cgi QUERY_STRING='stream=lite&stream=no' | cmp - <(cgi QUERY_STRING='stream=lite')
	[ "$(cgi QUERY_STRING='stream=no&stream=lite' | head -n 1)" = 'Status: 400 Bad Request' ]
	for query in '&' '&&&=' '=' '=stream=lite' 'xstream=lite' 'Stream=lite' 'x=stream=lite' '%' '%zz=%' \
	    'a=%0d%0aStatus:+500' "a=$(printf '\r\n\033')" "$(printf '&%.0s' $(seq 50000))="; do
		cgi QUERY_STRING="$query" | cmp - <(cgi)
	done
	for query in 'stream=lite;x' 'stream=lite%0d%0aX:y' 'stream==' 'stream= lite' "stream=$(printf 'lite\r\nX: y')"; do
		cgi QUERY_STRING="$query" >answer
		[ "$(head -n 1 answer)" = 'Status: 400 Bad Request' ]
		! grep -q '^X' answer
	done
}

@test "a CGI request does not choose the bus or the number of events" {
	start_hub
	published 1 3
	for query in 'bus=ipc:///nowhere' 'b=ipc:///nowhere&n=1' 'CT_BUS=ipc:///nowhere' 'since=3' 'f=1'; do
		[ "$(cgi QUERY_STRING="$query" | tail -n 1 | jq '.messages | length')" = 3 ]
	done
}

@test "the query of a CGI request is not taken for options" {
	start_hub
	published 1 3
	export GATEWAY_INTERFACE=CGI/1.1
	QUERY_STRING=-n1 ct-latest -n1 | tr -d '\r' >answer
	grep -qx 'Content-Type: application/json' answer
	[ "$(tail -n 1 answer | jq '.messages | length')" = 3 ]
	QUERY_STRING=-f timeout 5 ct-latest -f | tr -d '\r' | cmp - answer
	QUERY_STRING=n=1 ct-latest -n1 | jq -e '.data.cert_index == 3'
}

@test "a stdout that does not block gets all" {
	skip_without python3
	start_hub
	python3 -c 'for i in range(25): print("{\"data\":\"%s\"}" % ("x" * 100000))' >&7
	wait_until 5 status_is '.events == 25'
	python3 - <<-'PY'
		import os, subprocess, time
		r, w = os.pipe()
		os.set_blocking(w, False)
		p = subprocess.Popen(["ct-latest"], stdout=w)
		os.close(w)
		time.sleep(0.5)
		n = sum(len(b) for b in iter(lambda: os.read(r, 1 << 16), b""))
		assert p.wait() == 0 and n == 25 * 100012, (p.returncode, n)
	PY
}

# blocks FD: O_NONBLOCK is not set on the open file behind this descriptor of the test.
blocks()
{
	local flags

	flags=$(sed -n 's/^flags:[[:space:]]*//p' "/proc/$BASHPID/fdinfo/$1")
	[ $((flags & 04000)) = 0 ]
}

@test "a pipe shared with others still blocks for them, while -f runs and after kill -9" {
	start_hub
	published 1 3
	mkfifo shared
	exec 8<>shared
	spawn follower bash -c 'exec ct-latest -f >&8' 7>&-
	wait_until 5 status_is '.readers >= 1'
	read -r -t 5 <&8
	blocks 8
	kill -KILL "$spawned"
	wait_until 5 ended "$spawned"
	blocks 8
	exec 8>&-
}

@test "a stdout that is closed is an error" {
	run sh -c 'exec ct-latest >&-'
	[ "$status" = 111 ]
	[[ $output == *"cannot write to stdout: Bad file"* ]]
}

@test "TERM lets the reader have whole lines" {
	start_hub
	mkfifo stuck
	spawn stuck bash -c 'exec ct-latest -f -n 0 >stuck' 7>&-
	exec 8<stuck
	wait_until 5 status_is '.readers >= 1'
	events 1 3000 >&7
	wait_until 10 status_is '.events == 3000'
	sleep 0.3
	kill -TERM "$spawned"
	cat <&8 >got
	exec 8<&-
	ends 3 "$spawned"
	[ -s got ]
	[ "$(tail -c 1 got | od -An -tx1 | tr -d " ")" = 0a ]
	contiguous got
}

@test "as a CGI program without a hub it answers 503" {
	run env GATEWAY_INTERFACE=CGI/1.1 ct-latest
	[ "$status" = 0 ]
	[[ ${lines[0]} == "Status: 503 Service Unavailable"* ]]
	[ "$(tail -n 1 <<<"$output" | jq -r .error)" = 'no hub serves it' ]
}

# clients: how many ct-latest of this test's bus there are.
clients()
{
	grep -lsz "^CT_BUS=$CT_BUS\$" /proc/[0-9]*/environ | sed 's,/environ$,/comm,' |
		xargs cat 2>/dev/null | grep -c '^ct-latest$'
}

no_clients()
{
	[ "$(clients)" = 0 ]
}

start_websocketd()
{
	skip_without websocketd python3
	for python in python3 /usr/bin/python3; do
		"$python" -c 'import websockets' 2>/dev/null && break
	done || skip "no python3 with websockets here"
	port=$(free_port)
	start_hub
	spawn websocketd websocketd --port="$port" --address=127.0.0.1 --passenv=CT_BUS,PATH \
		ct-latest -f -s lite 7>&-
	websocketd=$spawned
	wait_until 10 listens "$port"
}

# A real client that prints the first messages it gets.
client()
{
	"$python" - "$port" "$1" <<'PY'
import asyncio, sys, websockets

async def main(port, count):
    async with websockets.connect(f"ws://127.0.0.1:{port}/") as server:
        for _ in range(int(count)):
            print(await asyncio.wait_for(server.recv(), 10), flush=True)

asyncio.run(main(*sys.argv[1:]))
PY
}

@test "under websocketd a client gets the stream" {
	start_websocketd
	published 1 10
	client 10 >got
	[ "$(jq .data.cert_index got | xargs)" = '1 2 3 4 5 6 7 8 9 10' ]
	[ "$(grep -c as_der got)" = 0 ]
}

@test "no process stays behind when a client goes" {
	start_websocketd
	published 1 1
	client 1
	wait_until 5 no_clients
}

@test "no process stays behind when websocketd is killed" {
	start_websocketd
	published 1 1
	spawn client bash -c "$(declare -f client); python=$python port=$port; client 2"
	wait_until 5 test -s client.out
	[ "$(clients)" = 1 ]
	kill -KILL "$websocketd"
	wait_until 5 no_clients
}

@test "TERM at any moment of the start ends -f" {
	start_hub
	for i in $(seq 150); do
		spawn "started$i" ct-latest -f 7>&-
		echo "$spawned" >>started
		sleep "0.0$((RANDOM % 9))"
		kill -TERM "$spawned"
	done
	wait_until 5 groups_ended started
}
