# Any stage of the feed is killed at a random moment, again and again, while logs of both kinds grow:
# nothing is lost, nothing is unproven, and only what came after the last mark comes twice. CT_KILLS=1000
# does it more often; it takes four seconds for each.

load setup

setup()
{
	skip_without curl jq
	export CT_BUS=ipc://$BATS_TEST_TMPDIR/bus
	kills=${CT_KILLS:-4}
	cd "$BATS_TEST_TMPDIR"
}

# start_feed: the pipeline of ct-feed.service; what ct-parse writes is also kept in the file run.
start_feed()
{
	spawn_sh feed "ct-fetch -q -E -S 1 -d state -s 0 -L '$log_dir/log_list.json' \
	    --list-key '$log_dir/list-key.pem' | ct-parse | tee run | ct-hub -k state/mark"
	feed=$spawned
}

# indexes JQ-OPTION...: the events of stdin as log and index, a line each. The last line of a killed
# tool may be cut.
indexes()
{
	jq -rR "$@" 'fromjson? | if .message_type == "certificate_update" then
	    [.data.source.name[-2:-1], .data.cert_index] elif .message_type == "malformed" then
	    [.source.name[-2:-1], .index] else empty end | @tsv'
}

# marked: the place of each log in the stored mark, and whether it is behind the signed head there.
marked()
{
	[ ! -s state/mark ] ||
	    jq -r '.logs[] | [.name[-2:-1], .next, .next <= .head.tree_size] | @tsv' state/mark
}

# goes_on FROM: all entries of the file run follow one another, from the places in FROM on.
goes_on()
{
	indexes <run | awk -v from="$1" '
	    BEGIN { while ((getline line <from) > 0) { split(line, place); next_at[place[1]] = place[2] } }
	    $2 != next_at[$1] + 0 { print "killed", $0, "came instead of", next_at[$1] + 0; exit 1 }
	    { next_at[$1]++; n++ }
	    END { print n + 0 >>"counts" }'
}

# proves: each head in the file run is verified and proves what it says, and never was more put
# out than was proven.
proves()
{
	jq -R 'fromjson? | select(.message_type == "head" and (.verified and .next <= .tree_size | not)),
	    (select(.message_type == "status") | .logs[]? | select(.verified < .next))' run >unproven
	! [ -s unproven ]
}

# reached SIZE: the stored mark is that far in both logs.
reached()
{
	jq -e --argjson size "$1" '.logs | length == 2 and all(.next >= $size)' state/mark
}

# killed NAME: kills that stage, which may not have begun yet, and succeeds once all of the feed has
# ended for it.
killed()
{
	kill_part "$feed" "$1" || :
	groups_ended feed.pid
}

# whole UNTIL: the reader has all entries before UNTIL of both logs.
whole()
{
	sort -u got | awk -v until="$1" '$2 < until { n++ } END { exit(n != 2 * until) }'
}

@test "no kill -9 of any stage at any moment loses an entry, or lets an unproven one out" {
	start_log -n 200 -r 20 -l a=rfc6962,b=tiled
	mkdir state
	: >got
	# jq would keep up to 4096 bytes of it to itself, which is 20 seconds of this feed.
	spawn_sh reader "$(declare -f indexes); ct-latest -f -n 0 | indexes --unbuffered >>got"
	wait_until 20 grep -q 'no hub at .*; waiting' reader.err
	stages=(ct-fetch ct-parse ct-hub)
	for i in $(seq "$kills"); do
		marked >from
		! grep false from
		start_feed
		sleep "$((RANDOM % 6)).$((RANDOM % 10))$((RANDOM % 10))"
		echo "$feed" >feed.pid
		wait_until 20 killed "${stages[RANDOM % 3]}"
		goes_on from
		proves
	done
	size=$(curl -s "${log_url}a/ct/v1/get-sth" | jq .tree_size)
	marked >from
	start_feed
	wait_until 60 reached "$size"
	wait_until 20 whole "$size"
	goes_on from
	proves
	came=$(grep -c . got)
	once=$(sort -u got | grep -c .)
	echo "# $kills kills: $once entries, $((came - once)) of them again; all proven" >&3
}
