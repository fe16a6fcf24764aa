#!/usr/bin/env bats
# ct-fetch and log lists over time: got again, wrong, gone, merged, kept.

bats_require_minimum_version 1.5.0
load setup

setup()
{
	cd "$BATS_TEST_TMPDIR" || return
	unset CT_CONTACT
	mkdir www once
}

# start_lists: at $lists_url, a server of the files in www. It gives each of them an
# ETag, and a file in once instead, one time. What it answers goes to lists.out. Below
# /held/ it passes requests on to the running log: those for entries once there is a file go.
start_lists()
{
	skip_without python3 openssl
	lists_port=${lists_port:-$(free_port)}
	cat >lists.py <<-'EOT'
		import hashlib, http.server, os, sys, time, urllib.request
		class Lists(http.server.BaseHTTPRequestHandler):
		    def log_message(self, *a):
		        pass
		    def answer(self, status, body, etag=None):
		        print(f"{self.path} {status}\n", end="", flush=True)
		        self.send_response(status)
		        if etag:
		            self.send_header("ETag", etag)
		        self.send_header("Content-Length", str(len(body)))
		        self.end_headers()
		        self.wfile.write(body)
		    def do_GET(self):
		        name = self.path.lstrip("/")
		        if name.startswith("held/"):
		            while "get-entries" in name and not os.path.exists("go"):
		                time.sleep(0.05)
		            return self.answer(200, urllib.request.urlopen(sys.argv[2] + name[5:]).read())
		        if os.path.exists("once/" + name):
		            body = open("once/" + name, "rb").read()
		            os.rename("once/" + name, "gave")
		        elif os.path.exists("www/" + name):
		            body = open("www/" + name, "rb").read()
		        else:
		            return self.answer(404, b"")
		        etag = '"' + hashlib.sha256(body).hexdigest() + '"'
		        if self.headers["If-None-Match"] == etag:
		            return self.answer(304, b"", etag)
		        self.answer(200, body, etag)
		http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Lists).serve_forever()
	EOT
	spawn lists python3 lists.py "$lists_port" "${log_url:-}"
	lists=$spawned
	wait_until 10 listens "$lists_port"
	lists_url=http://127.0.0.1:$lists_port/
}

# only NAME...: the log list of the running log, with these logs only.
only()
{
	jq --arg want "$*" '($want | split(" ")) as $w |
	    def kept: map(select((.url // .monitoring_url) | rtrimstr("/") | split("/") | last | IN($w[])));
	    .operators |= map(.logs |= kept | .tiled_logs |= kept)' "$log_dir/log_list.json"
}

# publish NAME: makes standard input the list www/NAME.json, signed by our own key,
# whose public half is in list.pub. The signature comes first.
publish()
{
	# Drawn once for all tests: to look for the primes takes longest. It has its name when it is whole.
	[ -e "$BATS_FILE_TMPDIR/list.key" ] || {
		openssl genrsa -out "$BATS_FILE_TMPDIR/list.key.next" 2048 2>/dev/null
		mv "$BATS_FILE_TMPDIR/list.key.next" "$BATS_FILE_TMPDIR/list.key"
	}
	[ -e list.key ] || {
		cp "$BATS_FILE_TMPDIR/list.key" list.key
		openssl pkey -in list.key -pubout -out list.pub
	}
	cat >next.json
	openssl dgst -sha256 -sign list.key -out next.sig next.json
	mv next.sig "www/$1.sig"
	mv next.json "www/$1.json"
}

# follow OPTION...: spawns ct-fetch with the list at the server; fetch is its process.
follow()
{
	spawn fetch ct-fetch -L "${lists_url}list.json" --list-key list.pub --poll 0.2 "$@"
	fetch=$spawned
}

# has NAME FROM TO: the entries of that log in fetch.out are FROM..TO-1, each once and in order.
has()
{
	jq -r --arg u "/$1/" 'select(.message_type == "entry" and (.source.url | endswith($u))).index' \
	    fetch.out >indexes
	seq "$2" "$(($3 - 1))" | cmp - indexes
}

# The server has given at least N answers like PATTERN.
answered()
{
	[ "$(grep -c -- "$2" lists.out)" -ge "$1" ]
}

@test "a list at a URL is got again, and only if it has changed" {
	start_log -l l1=rfc6962,l2=tiled -n 5
	start_lists
	only l1 | publish list
	follow -s 0 --refresh 0.4
	wait_until 10 has l1 0 5
	wait_until 10 answered 2 'list.json 304'
	[ "$(grep -c 'list.json 200' lists.out)" -eq 1 ]
	[ "$(grep -c 'list.sig' lists.out)" -eq 1 ]
	only l1 l2 | publish list
	wait_until 10 has l2 0 5
	answered 2 'list.json 200'
}

@test "lists are got again after 50 to 70 minutes when nothing else is said" {
	start_log -l l1=rfc6962 -n 5
	start_lists
	for name in list other third; do
		only l1 | publish $name
	done
	follow -v -s 0 -L "${lists_url}other.json" --list-key list.pub -L "${lists_url}third.json" --list-key list.pub
	wait_until 10 has l1 0 5
	sed -n 's/.*json: to be got again in \([0-9]*\) min$/\1/p' fetch.err >minutes
	[ "$(wc -l <minutes)" -eq 3 ]
	while read -r n; do
		[ "$n" -ge 50 ] && [ "$n" -le 70 ]
	done <minutes
	[ "$(grep -c 'json 200' lists.out)" -eq 3 ]
}

@test "a list in a file is read again when it has changed" {
	start_log -l l1=rfc6962,l2=tiled -n 5
	only l1 >list.json
	spawn fetch ct-fetch -L list.json --unsigned-list -s 0
	wait_until 10 has l1 0 5
	only l1 l2 >list.json
	wait_until 20 has l2 0 5
}

@test "a log that is new in a list begins at its first entry, the first logs at their heads" {
	start_log -l l1=rfc6962,l2=tiled,l3=rfc6962 -n 5
	start_lists
	only l1 | publish list
	follow --refresh 0.3
	wait_until 10 grep -q 'following 1 log' fetch.err
	wait_until 10 answered 2 'list.json 304'
	only l1 l2 | publish list
	wait_until 10 has l2 0 5
	only l1 l2 l3 | publish list
	wait_until 10 has l3 0 5
	has l1 0 0
}

@test "a log that has come into the list between two runs begins at its first entry" {
	start_log -l l1=rfc6962,l2=tiled,l3=rfc6962 -n 5
	for logs in "l1" "l1 l2" "l1 l2 l3"; do
		# shellcheck disable=SC2086 # they are several words
		only $logs >list.json
		ct-fetch -q -L list.json --unsigned-list -d state -o >>fetch.out
	done
	has l1 0 0
	has l2 0 5
	has l3 0 5
}

# stalled NAME: spawns a reader of the fifo NAME that takes nothing, and makes the file full once the
# fifo is full.
stalled()
{
	mkfifo "$1"
	cat >stalled.py <<-'EOT'
		import os, select, signal, sys, time
		look = select.poll()
		look.register(os.open(sys.argv[1], os.O_RDWR | os.O_NONBLOCK), select.POLLOUT)
		while look.poll(0):
		    time.sleep(0.05)
		open("full", "w").close()
		signal.pause()
	EOT
	spawn stalled python3 stalled.py "$1"
}

# kill_with_newcomer OPTION...: l2 comes into the list while ct-fetch, with these options, cannot write;
# then it is killed. What it wrote is gone, and no mark has l2.
kill_with_newcomer()
{
	start_log -l l1=rfc6962,l2=rfc6962 -n 2000
	start_lists
	only l1 | publish list
	ct-fetch -q -L "${lists_url}list.json" --list-key list.pub -d state -s 0 -e 1 -o >/dev/null
	stalled pipe
	spawn_sh fetch "exec ct-fetch -L ${lists_url}list.json --list-key list.pub -d state --refresh 0.3 $* >pipe"
	fetch=$spawned
	wait_until 20 test -e full
	only l1 l2 | publish list
	wait_until 10 grep -q "/l2/" state/lists/*
	kill -KILL "$fetch"
	ends 5 "$fetch" || :
	grep -q "'l1'" state/mark
	! grep -q "'l2'" state/mark
}

@test "a log that is new in a list begins at its first entry also after a kill" {
	kill_with_newcomer
	ct-fetch -q -L "${lists_url}list.json" --list-key list.pub -d state -o >fetch.out
	has l1 1 2000
	has l2 0 2000
}

@test "a log that is new in a list begins at its first entry also after a kill, with marks in the stream" {
	kill_with_newcomer -E
	ct-fetch -q -L "${lists_url}list.json" --list-key list.pub -d state -E -o >fetch.out
	has l1 1 2000
	has l2 0 2000
}

@test "a log that is new in a list is noted until a mark has it" {
	start_log -l l1=rfc6962,l2=rfc6962,l3=rfc6962 -n 5
	for logs in "l1" "l1 l2" "l1 l2 l3"; do
		# shellcheck disable=SC2086 # they are several words
		only $logs >list.json
		ct-fetch -q -L list.json --unsigned-list -d state -o >/dev/null
	done
	[ "$(tail -n +2 state/newcomers)" = "$(jq -r '.logs[] | select(.name | test("l3")).log_id' state/mark)" ]
}

@test "a note of new logs that is damaged ends ct-fetch with 111, and stays as it is" {
	start_log -l l1=rfc6962,l2=rfc6962 -n 5
	for logs in "l1" "l1 l2"; do
		# shellcheck disable=SC2086 # they are several words
		only $logs >list.json
		ct-fetch -q -L list.json --unsigned-list -d state -o >/dev/null
	done
	cp state/newcomers whole
	for damage in '1s/1$/2/' '2s/=$//' '2s/^./!/' '2s/=$/A/'; do
		sed "$damage" whole >damaged
		! cmp -s whole damaged
		cp damaged state/newcomers
		run -111 --separate-stderr ct-fetch -L list.json --unsigned-list -d state -o
		[[ $stderr == *"state/newcomers: it "* ]]
		cmp damaged state/newcomers
	done
	cp whole state/newcomers
	ct-fetch -q -L list.json --unsigned-list -d state -o
}

@test "a log that the list had and the user did not want begins at its head" {
	start_log -l l1=rfc6962,l2=tiled -n 5
	ct-fetch -q -L "$log_dir/log_list.json" --unsigned-list -d state -o -l '*l1*' >fetch.out
	ct-fetch -q -L "$log_dir/log_list.json" --unsigned-list -d state -o >>fetch.out
	[ ! -s fetch.out ]
}

@test "a list that is replaced between the requests for it and its signature is got once more" {
	start_log -l l1=rfc6962 -n 5
	start_lists
	only l1 | publish list
	echo older >once/list.sig
	run --separate-stderr ct-fetch -L "${lists_url}list.json" --list-key list.pub -s 0 -o
	[ "$status" -eq 0 ]
	[ "$(grep -c '"message_type":"entry"' <<<"$output")" -eq 5 ]
	[[ $stderr != *signature* ]]
	[ "$(grep -c 'list.json 200' lists.out)" -eq 2 ]
	[ "$(grep -c 'list.sig 200' lists.out)" -eq 2 ]
}

@test "a wrong signature leaves the last good list in use, and is told as an error, again with its age" {
	start_log -l l1=rfc6962,l2=rfc6962 -n 5
	start_lists
	only l1 | publish list
	follow -s 0 --refresh 0.5
	wait_until 10 has l1 0 5
	only l1 l2 >www/list.json
	wait_until 20 grep -q 'error: the log list stays as it was: .*list.json: its signature' fetch.err
	wait_until 20 grep -q 'error: the log list stays as it was: .*(so for [0-9]* s)' fetch.err
	has l2 0 0
	only l1 l2 | publish list
	wait_until 20 has l2 0 5
	grep -q 'list.json: the log list can be had again' fetch.err
}

@test "a list that cannot be had leaves the last good one in use, and is told" {
	start_log -l l1=rfc6962 -n 5
	start_lists
	only l1 | publish list
	follow -s 0 --refresh 0.3
	wait_until 10 has l1 0 5
	mv www/list.json away
	wait_until 10 grep -q 'warning: the log list stays as it was: .*list.json: HTTP 404' fetch.err
	echo '<html>' | publish list
	wait_until 10 grep -q 'warning: the log list stays as it was: .*list.json: log list v3: not JSON' fetch.err
	only l1 | publish list
	wait_until 10 grep -q 'can be had again' fetch.err
}

@test "an older list that is sent again is not taken" {
	start_log -l l1=rfc6962,l2=rfc6962 -n 5
	start_lists
	only l1 l2 | publish list
	follow -s 0 --refresh 0.3
	wait_until 10 has l2 0 5
	only l1 | jq '.log_list_timestamp = "2026-01-01T00:00:00Z"' | publish list
	wait_until 10 grep -q 'warning: the log list stays as it was: .*older' fetch.err
	kill -HUP "$fetch"
	wait_until 10 grep -q "l2.*ends here, at 5" fetch.err
}

@test "several lists are one: the first names a log, and it is followed if any of them says so" {
	start_log -l l1=rfc6962,l2=tiled,l3=rfc6962 -n 5
	start_lists
	only l1 l2 | jq 'walk(if type == "object" and has("usable") then {rejected: .usable} else . end)' |
	    publish list
	only l1 l3 | jq 'walk(if type == "object" and has("description") then
	    .description |= "Another " + . else . end)' >other.json
	ct-fetch -L "${lists_url}list.json" --list-key list.pub -L other.json --unsigned-list --list >table
	[ "$(wc -l <table)" -eq 2 ]
	grep -q "^Test log 'l1' .*usable" table
	grep -q "^Another Test log 'l3'" table
	ct-fetch -q -L other.json --unsigned-list -L "${lists_url}list.json" --list-key list.pub -s 0 -o >fetch.out
	has l1 0 5
	has l3 0 5
	[ "$(jq -r 'select(.source).source.name' fetch.out | sort -u)" = "Another Test log 'l1'
Another Test log 'l3'" ]
}

@test "a key or --unsigned-list is for the list before it" {
	start_log -l l1=rfc6962 -n 1
	start_lists
	only l1 | publish list
	only l1 >other.json
	run ct-fetch -L www/list.json --list-key list.pub -L other.json --list
	[ "$status" -eq 111 ]
	[[ $output == *"other.sig"* ]]
	run ct-fetch --unsigned-list -L other.json --list
	[ "$status" -eq 100 ]
	[[ $output == *"behind the -L"* ]]
	run ct-fetch -L other.json --unsigned-list -L other.json --list
	[ "$status" -eq 100 ]
	[[ $output == *"twice"* ]]
}

@test "without network the list that was kept is used, with a warning that says its age" {
	start_log -l l1=rfc6962 -n 5
	start_lists
	only l1 | publish list
	ct-fetch -q -L "${lists_url}list.json" --list-key list.pub -d state -s 0 -o >/dev/null
	grep -aq "^from ${lists_url}list.json" state/lists/*
	touch -d '3 days ago' state/lists/*
	kill "$lists"
	ends 5 "$lists" || :
	run -0 --separate-stderr ct-fetch -L "${lists_url}list.json" --list-key list.pub -d state -o
	[[ $stderr == *"warning: ${lists_url}list.json: "*"the list that was kept 3 d ago"* ]]
	run -111 ct-fetch -L "${lists_url}list.json" --list-key list.pub -o
	run -111 ct-fetch -L "${lists_url}other.json" --list-key list.pub -d state -o
	sed -i 's/Test log/Best log/' state/lists/*
	run -111 --separate-stderr ct-fetch -L "${lists_url}list.json" --list-key list.pub -d state -o
	[[ $stderr == *"warning: state/lists/"*"is not used: log list v3: log_list.sig is not a signature"* ]]
}

@test "a run that began with the kept list takes the new one when the network is there" {
	start_log -l l1=rfc6962,l2=rfc6962 -n 5
	start_lists
	only l1 | publish list
	ct-fetch -q -L "${lists_url}list.json" --list-key list.pub -d state -s 0 -o >/dev/null
	kill "$lists"
	ends 5 "$lists" || :
	follow -d state --refresh 0.5
	wait_until 10 grep -q 'was kept' fetch.err
	only l1 l2 | publish list
	start_lists
	wait_until 10 has l2 0 5
	grep -q 'can be had again' fetch.err
}

@test "what is wrong with a kept list is told, and it is not used" {
	start_log -l l1=rfc6962 -n 5
	only l1 >list.json
	ct-fetch -q -L list.json --unsigned-list -d state -o
	for damage in '1s/1$/2/' '2s/list/lost/' '3s/0/x/' '3s/0/99999999/'; do
		cp state/lists/* kept
		sed -i "$damage" state/lists/*
		run -0 --separate-stderr ct-fetch -L list.json --unsigned-list -d state -o
		[[ $stderr == *"warning: state/lists/"*": the kept log list is not used: it is "* ]]
		cmp kept state/lists/*
	done
}

@test "a list that would end most logs is refused, until HUP" {
	start_log -l l1=rfc6962,l2=rfc6962,l3=rfc6962,l4=rfc6962,l5=tiled,l6=tiled,l7=tiled,l8=tiled -n 5
	start_lists
	only l1 l2 l3 l4 l5 l6 l7 l8 | publish list
	follow -s 0 -d state --refresh 0.3
	wait_until 10 has l8 0 5
	only l1 l2 l3 | publish list
	wait_until 10 grep -q 'error: the log list stays as it was: .*it would end 5 of 8 logs' fetch.err
	wait_until 10 grep -q 'would end 5 of 8 logs (so for' fetch.err
	! grep -q 'ends here' fetch.err
	kill -TERM "$fetch"
	ends 5 "$fetch"
	follow -s 0 -d state --refresh 0.3
	wait_until 10 grep -q 'following 8 logs' fetch.err
	kill -HUP "$fetch"
	wait_until 10 grep -q 'l8.*ends here, at 5' fetch.err
	[ "$(grep -c 'ends here' fetch.err)" -eq 5 ]
}

@test "a list that ends half of the logs is taken at once" {
	start_log -l l1=rfc6962,l2=rfc6962,l3=rfc6962,l4=rfc6962,l5=tiled,l6=tiled,l7=tiled,l8=tiled -n 5
	start_lists
	only l1 l2 l3 l4 l5 l6 l7 l8 | publish list
	follow -s 0 --refresh 0.3
	wait_until 10 has l8 0 5
	only l1 l2 l3 l4 | publish list
	wait_until 10 grep -q 'l8.*ends here, at 5' fetch.err
	! grep -q 'stays as it was' fetch.err
}

@test "a list that would end most logs is taken when it has been there for a day" {
	start_log -l l1=rfc6962,l2=rfc6962,l3=rfc6962,l4=rfc6962,l5=tiled,l6=tiled,l7=tiled,l8=tiled -n 5
	start_lists
	only l1 l2 l3 l4 l5 l6 l7 l8 | publish list
	follow -s 0 --refresh 0.05
	wait_until 10 has l8 0 5
	: >lists.out
	only l1 l2 | publish list
	wait_until 20 grep -q 'l8.*ends here, at 5' fetch.err
	grep -q 'would end 6 of 8 logs' fetch.err
	answered 25 'list.json 200'
}

@test "a list older than a week is told at the start and daily, a younger one is not" {
	start_log -l l1=rfc6962 -n 5
	start_lists
	for days in 6 8; do
		only l1 | jq --arg t "$(date -u -d "$days days ago" +%Y-%m-%dT%H:%M:%SZ)" '.log_list_timestamp = $t' |
		    publish $days
	done
	run -0 --separate-stderr ct-fetch -L www/6.json --list-key list.pub --list
	[ -z "$stderr" ]
	run -0 --separate-stderr ct-fetch -L www/8.json --list-key list.pub --list
	[[ $stderr == *"warning: www/8.json: this log list is 8 d old"* ]]
	spawn fetch ct-fetch -L www/8.json --list-key list.pub --refresh 0.05
	wait_until 10 sh -c '[ "$(grep -c "is 8 d old" fetch.err)" -ge 3 ]'
}

@test "what a list leaves out is told, but placeholders are not" {
	start_log -l l1=rfc6962,l2=tiled -n 1
	jq '.operators[0].logs += [{"description": "Bogus", "url": "https://ct.example.com/bogus/",
	    "log_id": .operators[1].tiled_logs[0].log_id, "key": .operators[1].tiled_logs[0].key}] |
	    .operators[1].paper_logs = .operators[1].tiled_logs | .operators[1].tiled_logs = []' \
	    "$log_dir/log_list.json" >list.json
	run -0 --separate-stderr ct-fetch -L list.json --unsigned-list --list
	[ "${#lines[@]}" -eq 1 ]
	[[ $stderr == *"warning: list.json: 1 wrong in the list, the first: paper_logs of South Wood: "* ]]
	[[ $stderr != *Bogus* ]]
	run -0 --separate-stderr ct-fetch -v -L list.json --unsigned-list --list
	[[ $stderr == *"left out: Bogus: log list v3: placeholder under example.com"* ]]
}

@test "a log that is gone from the list is finished and keeps its place" {
	start_log -l l1=rfc6962,l2=rfc6962 -n 300 -r 10
	start_lists
	only l1 l2 | jq --arg log "$log_url" --arg held "${lists_url}held/" 'walk(
	    if type == "string" then sub($log + "l1"; $held + "l1") else . end)' | publish list
	follow -s 0 -d state --refresh 0.3
	wait_until 10 grep -q 'l2.*"index":299,' fetch.out
	only l2 | publish list
	wait_until 10 grep -q "l1.*not listed any more: ends at" fetch.err
	end=$(sed -n 's/.*not listed any more: ends at //p' fetch.err)
	[ "$end" -ge 300 ]
	has l1 0 0
	sleep 1
	touch go
	wait_until 10 grep -q "l1.*ends here, at $end" fetch.err
	kill -TERM "$fetch"
	ends 5 "$fetch"
	has l1 0 "$end"
	[ "$(jq -c '.logs[] | select(.name | endswith("\u0027l1\u0027")).next' state/mark)" = "$end" ]
}

@test "a log that is renamed and moved goes on where it is, without a restart" {
	start_log -l l1=rfc6962 -n 20 -r 20
	start_lists
	touch go
	only l1 | publish list
	follow -s 0 --refresh 0.3
	wait_until 10 grep -q '"index":30,' fetch.out
	only l1 | jq --arg log "$log_url" --arg held "${lists_url}held/" 'walk(
	    if type == "string" then sub($log; $held) | sub("Test log"; "Moved log") |
	    sub("Wood"; "Forest") else . end)' | publish list
	wait_until 10 grep -q 'Moved log' fetch.out
	sleep 1
	kill -TERM "$fetch"
	ends 5 "$fetch"
	has l1 0 "$(grep -c '"message_type":"entry"' fetch.out)"
	[ "$(jq -r 'select(.source).source | .name + "," + .operator + "," + .url' fetch.out | uniq)" = \
	    "Test log 'l1',North Wood,${log_url}l1/
Moved log 'l1',North Forest,${lists_url}held/l1/" ]
	grep -q "Test log 'l1': goes on at [0-9]*: the list has changed" fetch.err
}

# readonly_log NAME SIZE ROOT: standard input, a log list, where that log has ended with this tree.
readonly_log()
{
	jq --arg log "/$1/" --argjson size "$2" --arg root "$3" 'walk(
	    if type == "object" and ((.url // .monitoring_url // "") | tostring | endswith($log)) then
	    .state = {readonly: {timestamp: "2026-01-01T00:00:00Z",
	    final_tree_head: {tree_size: $size, sha256_root_hash: $root}}} else . end)'
}

# head_of NAME: sets size and root to those of the tree that this log, of RFC 6962, signs now.
head_of()
{
	curl -s "$log_url$1/ct/v1/get-sth" >sth
	size=$(jq .tree_size sth)
	root=$(jq -r .sha256_root_hash sth)
}

wrong_root=dpLDrTVAu4A8Ags67mbNiIcSMjTqDG5xQ8Ct1z/0Me0=

# hold_first_log: follows l1, which grows, and lets it wait with all its entries before size.
hold_first_log()
{
	start_log -l l1=rfc6962,l2=rfc6962 -n 20 -r 10
	start_lists
	only l1 l2 | jq --arg log "$log_url" --arg held "${lists_url}held/" 'walk(
	    if type == "string" then sub($log + "l1"; $held + "l1") else . end)' >held.json
	touch go
	publish list <held.json
	follow -s 0 -d state --refresh 0.3
	wait_until 10 grep -q 'l1.*"index":25,' fetch.out
	rm go
	sleep 1
	head_of l1
}

@test "a log that becomes readonly ends at its final size, and its tree is compared" {
	hold_first_log
	readonly_log l1 "$size" "$root" <held.json | publish list
	wait_until 10 grep -q "Test log 'l1': goes on at" fetch.err
	touch go
	wait_until 10 grep -q "l1.*: ends at $size, with the tree that the list says" fetch.err
	wait_until 20 grep -q "l2.*\"index\":$((size + 20))," fetch.out
	has l1 0 "$size"
	[ ! -e state/evidence ]
}

@test "a readonly log that ends in another tree than the list says is told, and kept as evidence" {
	hold_first_log
	readonly_log l1 "$size" "$wrong_root" <held.json | publish list
	wait_until 10 grep -q "Test log 'l1': goes on at" fetch.err
	touch go
	wait_until 10 grep -q "error: Test log 'l1': final root differs: .*of size $size, the list says 7692c3ad" \
	    fetch.err
	wait_until 10 has l1 0 "$size"
	jq -e --argjson size "$size" '.kind == "final root differs" and .heads[0].tree_size >= $size' \
	    state/evidence/*/*-final-root-differs.json
}

@test "readonly logs of both protocols are compared with the list, also when they are at their end" {
	start_log -l l1=rfc6962,l2=tiled -n 300
	head_of l1
	ct-fetch -q -L "$log_dir/log_list.json" --unsigned-list -d state -s 0 -o >fetch.out
	tiled=$(jq -r 'select(.message_type == "head" and (.name | endswith("\u0027l2\u0027"))) |
	    "\(.tree_size) \(.root)"' fetch.out | tail -n 1)
	[ "$tiled" = "300 ${tiled#* }" ]
	readonly_log l1 300 "$root" <"$log_dir/log_list.json" | readonly_log l2 300 "${tiled#* }" >right.json
	readonly_log l1 300 "$wrong_root" <"$log_dir/log_list.json" |
	    readonly_log l2 300 "$wrong_root" >wrong.json
	for begin in "-s 0" "-d state" ""; do
		# shellcheck disable=SC2086 # they are several words
		run -0 --separate-stderr ct-fetch -L right.json --unsigned-list $begin -o
		[ "$(grep -c 'ends at 300, with the tree that the list says' <<<"$stderr")" -eq 2 ]
		[[ $stderr != *differs* ]]
		# shellcheck disable=SC2086
		run -0 --separate-stderr ct-fetch -L wrong.json --unsigned-list $begin -o
		[ "$(grep -c 'error: .*final root differs' <<<"$stderr")" -eq 2 ]
	done
	[ "$(find state/evidence -name '*-final-root-differs.json' | wc -l)" -eq 2 ]
}

@test "every log list of the corpus loads, or fails with the right message" {
	skip_without_corpus loglists/google-v3-log_list-85.92.json
	while read -r name logs why; do
		run --separate-stderr ct-fetch -L "$CT_CORPUS/loglists/$name" --unsigned-list --all-states --list
		# shellcheck disable=SC2154 # stderr is of run
		echo "$name: $status, ${#lines[@]} lines, $stderr"
		case $logs in
		-) [ "$status" -eq 111 ] && [[ $stderr == *"$name: log list v3: $why"* ]] ;;
		0) [ "$status" -eq 0 ] && [ -z "$output" ] && [[ $stderr == *"$why"* ]] ;;
		*) [ "$status" -eq 0 ] && [ "${#lines[@]}" -eq "$logs" ] && [[ $stderr == *"$why"* ]] ;;
		esac
	done <<-'EOT'
		apple-current_log_list.json 166
		apple-log_list_schema_v4.json - operators missing
		bimi-v3-approved_logs_list.json 1 old: logs may have come and gone
		crtsh-v3-active_logs_list.json 152
		crtsh-v3-all_logs_list.json 309
		google-log_list_schema.json - operators missing
		google-v3-all_logs_list-50.19.json 175 old: logs may have come and gone
		google-v3-all_logs_list-53.34.json 181 old: logs may have come and gone
		google-v3-all_logs_list-54.12.json 184 old: logs may have come and gone
		google-v3-all_logs_list.json 115 old: logs may have come and gone
		google-v3-log_list-54.12.json 42 old: logs may have come and gone
		google-v3-log_list-80.14.json 73 old: logs may have come and gone
		google-v3-log_list-81.14.json 73 old: logs may have come and gone
		google-v3-log_list-85.92.json 54 old: logs may have come and gone
		mimics-log_mimics_list.json 0 no log is chosen
		mozilla-v3-known_logs_list.json 0 48 wrong in the list, the first: Google 'Argon2026h2' log: log list v3: url missing
		test/ct-go-loglist3.json 6 old: logs may have come and gone
		test/log_list_incomplete.json - not JSON
		test/log_list_no_operator_name.json 19 10 wrong in the list
		test/log_list_tiled_logs.json 44 old: logs may have come and gone
		test/log_list_valid_until.json 4 old: logs may have come and gone
	EOT
}

@test "the signed lists of the corpus verify with the key built in, the others do not" {
	skip_without_corpus loglists/google-v3-log_list-85.92.json
	for name in google-v3-log_list-85.92 google-v3-log_list-80.14 google-v3-all_logs_list; do
		run -0 ct-fetch -L "$CT_CORPUS/loglists/$name.json" --list
	done
	for name in google-v3-log_list-81.14 apple-current_log_list; do
		run -111 ct-fetch -L "$CT_CORPUS/loglists/$name.json" --list
		[[ $output == *"$name.sig: No such file"* ]]
	done
	cp "$CT_CORPUS/loglists/google-v3-log_list-81.14.json" .
	cp "$CT_CORPUS/loglists/google-v3-log_list-80.14.sig" google-v3-log_list-81.14.sig
	run -111 ct-fetch -L google-v3-log_list-81.14.json --list
	[[ $output == *"81.14.json: its signature does not verify"* ]]
}

@test "Apple's list goes beside Google's" {
	skip_without_corpus loglists/google-v3-log_list-85.92.json
	google=$CT_CORPUS/loglists/google-v3-log_list-85.92.json
	apple=$CT_CORPUS/loglists/apple-current_log_list.json
	ct-fetch -q -L "$google" -L "$apple" --unsigned-list --list >both 2>/dev/null
	ct-fetch -q -L "$google" --list 2>/dev/null >one
	ct-fetch -q -L "$apple" --unsigned-list --list 2>/dev/null >other
	[ "$(awk '{ print $NF }' one other | sort -u | wc -l)" -eq "$(wc -l <both)" ]
	[ "$(wc -l <both)" -gt 52 ]
}
