#!/usr/bin/env bats
# ct-fetch and log lists that are wrong, and servers of lists that do wrong. The section "lists" of
# tests/faults.md has a table of cases: each row is a list of its own, with one log, and what becomes of
# that list. One ct-fetch follows all of them; no log may end, what is wrong must be told, and each list
# that is good again must be taken.

bats_require_minimum_version 1.5.0
load setup

setup()
{
	cd "$BATS_TEST_TMPDIR" || return
	unset CT_CONTACT
	mkdir www odd
}

# start_lists: at $lists_url, a server of the files in www. Where odd has a file of that name, its
# first line says what to do instead: "STATUS [HEADER: VALUE]" answers so, with the file of www where
# that is 200; a word does what it says; anything else goes out as it is, with 200. It writes what
# it answers to lists.out, and "odd" besides where that is what odd says.
start_lists()
{
	skip_without python3 openssl jq
	lists_port=$(free_port)
	cat >lists.py <<-'EOT'
		import gzip, http.server, os, socket, struct, sys, time
		class Lists(http.server.BaseHTTPRequestHandler):
		    def log_message(self, *a):
		        pass
		    def give(self, status, headers, body):
		        print(f"{self.path} {status}\n", end="", flush=True)
		        self.send_response(status)
		        for name, value in headers:
		            self.send_header(name, value)
		        self.end_headers()
		        self.wfile.write(body)
		    def answer(self, status, headers, body):
		        self.give(status, headers + [("Content-Length", str(len(body)))], body)
		    def do_word(self, word, body):
		        if word == "hang":
		            print(f"{self.path} hangs\n", end="", flush=True)
		            while os.path.exists("odd" + self.path):
		                time.sleep(0.05)
		            self.answer(200, [], open("www" + self.path, "rb").read())
		        elif word == "hang-304":
		            print(f"{self.path} hangs\n", end="", flush=True)
		            while os.path.exists("odd" + self.path):
		                time.sleep(0.05)
		            self.answer(304, [], b"")
		        elif word == "cut":
		            self.give(200, [("Content-Length", str(len(body)))], body[:len(body) // 2])
		        elif word == "cut-chunk":
		            self.give(200, [("Transfer-Encoding", "chunked")], b"40\r\n" + body[:64] + b"\r\n99\r\nx")
		        elif word == "reset":
		            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
		            self.connection.close()
		        elif word == "noise":
		            self.wfile.write(b"\0\1\2\r\n\r\n")
		        elif word == "packed":
		            self.answer(200, [], gzip.compress(body))
		        elif word == "bomb":
		            self.answer(200, [("Content-Encoding", "gzip")], gzip.compress(b" " * (20 << 20)))
		        elif word == "long":
		            self.answer(200, [], b" " * (20 << 20))
		        elif word == "loop":
		            self.answer(302, [("Location", self.path)], b"")
		        elif word == "headers":
		            self.give(200, [("X", "y" * 1000)] * 1000, body)
		        else:
		            return False
		        return True
		    def do_GET(self):
		        try:
		            body = open("www" + self.path, "rb").read()
		        except FileNotFoundError:
		            return self.answer(404, [], b"")
		        try:
		            odd = open("odd" + self.path, "rb").read()
		        except FileNotFoundError:
		            etag = '"%d"' % hash(body)
		            if self.headers["If-None-Match"] == etag:
		                return self.answer(304, [("ETag", etag)], b"")
		            return self.answer(200, [("ETag", etag)], body)
		        print(f"{self.path} odd\n", end="", flush=True)
		        first = odd.decode("latin-1").split("\n")[0]
		        if first[:3].isdigit():
		            status, _, header = first.partition(" ")
		            headers = [tuple(header.split(": ", 1))] if header else []
		            self.answer(int(status), headers, body if status == "200" else b"")
		        elif not self.do_word(first, body):
		            self.answer(200, [], odd)
		class Server(http.server.ThreadingHTTPServer):
		    daemon_threads = True
		    request_queue_size = 200
		    def handle_error(self, *a):
		        pass
		Server(("127.0.0.1", int(sys.argv[1])), Lists).serve_forever()
	EOT
	spawn lists python3 lists.py "$lists_port"
	wait_until 10 listens "$lists_port"
	lists_url=http://127.0.0.1:$lists_port/
}

# wait_until_again LINE: waits until the server has answered so twice more, the second time to a request
# that was made after the first answer.
wait_until_again()
{
	local before

	before=$(grep -c -- "$1" lists.out || true)
	wait_until 10 sh -c '[ "$(grep -c -- "$1" lists.out)" -ge "$2" ]' - "$1" "$((before + 2))"
}

# only NAME...: the log list of the running log, with these logs only.
only()
{
	jq --arg want "$*" '($want | split(" ")) as $w |
	    def kept: map(select((.url // .monitoring_url) | rtrimstr("/") | split("/") | last | IN($w[])));
	    .operators |= map(.logs |= kept | .tiled_logs |= kept)' "$log_dir/log_list.json"
}

# publish NAME [KEY]: makes standard input the list www/NAME.json, signed by that key, of which the
# public half is in KEY.pub; by our own in list.pub when none is named.
publish()
{
	local key=${2:-list}

	# Drawn once for all tests: to look for the primes takes longest. It has its name when it is whole.
	[ -e "$BATS_FILE_TMPDIR/$key.key" ] || {
		openssl genrsa -out "$BATS_FILE_TMPDIR/$key.key.next" 2048 2>/dev/null
		mv "$BATS_FILE_TMPDIR/$key.key.next" "$BATS_FILE_TMPDIR/$key.key"
	}
	[ -e "$key.key" ] || {
		cp "$BATS_FILE_TMPDIR/$key.key" "$key.key"
		openssl pkey -in "$key.key" -pubout -out "$key.pub"
	}
	cat >next.json
	openssl dgst -sha256 -sign "$key.key" -out next.sig next.json
	mv next.sig "${site:-www}/$1.sig"
	mv next.json "${site:-www}/$1.json"
}

# follow NAME... [-- OPTION...]: spawns ct-fetch with these lists; fetch is its process.
follow()
{
	local lists=()

	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		lists+=(-L "$lists_url$1.json" --list-key list.pub)
		shift
	done
	spawn fetch ct-fetch "${lists[@]}" --poll 0.3 -s 0 "${@:2}"
	fetch=$spawned
}

# has NAME TO: the entries of that log in fetch.out are 0..TO-1, each once and in order.
has()
{
	grep -F "/$1/\"" fetch.out | jq -r 'select(.message_type == "entry").index' >indexes
	seq 0 "$(($2 - 1))" | cmp - indexes
}

# told WORDS: ct-fetch has said that.
told()
{
	grep -qE -- "$1" fetch.err
}

# cases: the rows of the table, as words between tabs: case, fault, what is told.
cases()
{
	awk -F ' *[|] *' '/^## / { on = $0 == "## lists" }
	    on && /^[|] [a-z]/ && $2 != "case" { gsub(/`/, ""); print $2 "\t" $3 "\t" $4 }' "$ROOT/tests/faults.md"
}

# spoil CASE FAULT: the list of that case becomes in $site as the table says; odder is what odd is to be.
spoil()
{
	local how=${2%% *} what=${2#* }

	case $how in
	list) jq "$what" "good/$1" | publish "$1" ;;
	text) printf '%b' "$what" | publish "$1" ;;
	foreign) jq '.version = "2"' "good/$1" | publish "$1" foreign ;;
	signature) jq '.version = "2"' "good/$1" | publish "$1" && printf '%b' "$what" >"$site/$1.sig" ;;
	json | sig) jq '.version = "2"' "good/$1" | publish "$1" && printf '%b\n' "$what" >"odder/$1.$how" ;;
	*) return 1 ;;
	esac
}

# said CASE WORDS: what is wrong with that list, or its log, has been told in such words; - stands for none.
said()
{
	[ "$2" = - ] || grep -E "/$1\.(json|sig)|Test log '$1'" fetch.err | grep -qE -- "$2"
}

# all_said: every case has been told as the table says. Names those that have not in unsaid.
all_said()
{
	cases | while IFS=$'\t' read -r case _ words; do
		said "$case" "$words" || echo "$case: $words"
	done >unsaid
	[ ! -s unsaid ]
}

# all_served N: behind line N of lists.out, the fault of every case has been served. Names those in unserved
# that have not.
all_served()
{
	tail -n "+$(($1 + 1))" lists.out | sort -u >served
	cases | while IFS=$'\t' read -r case fault _; do
		case $fault in
		json\ * | sig\ *) echo "/$case.${fault%% *} odd" ;;
		*) echo "/$case.json 200" ;;
		esac
	done | sort | comm -23 - served >unserved
	[ ! -s unserved ]
}

# all_marked WORD: the mark has each case's log as "WORD log 'CASE'". Names the others in missing.
all_marked()
{
	jq -r '.logs[].name' state/mark | sort >marked
	cases | cut -f 1 | sed "s/.*/$1 log '&'/" | sort | comm -23 - marked >missing
	[ ! -s missing ]
}

@test "whatever is wrong with a list or its server, its log goes on, it is told, and a good list is taken" {
	local names lines

	names=$(cases | cut -f 1)
	start_log -l "$(awk '{ print $0 "=rfc6962" }' <<<"$names" | paste -sd ,)" -n 1
	start_lists
	# All lists change at once, so that little time passes: one that is refused is taken a day later,
	# which is 24 times what --refresh says.
	rmdir www odd
	mkdir good odder none first spoilt later
	for name in $names; do
		only "$name" >"good/$name"
		site=first publish "$name" <"good/$name"
		jq --arg t "$(date -u -d '1 hour' +%Y-%m-%dT%H:%M:%SZ)" '.log_list_timestamp = $t |
		    .operators[].logs[].description |= sub("Test"; "Good")' "good/$name" | site=later publish "$name"
	done
	while IFS=$'\t' read -r case fault _; do
		site=spoilt spoil "$case" "$fault"
	done < <(cases)
	ln -s none odd
	ln -s first www
	# shellcheck disable=SC2086 # they are several words
	follow $names -- --refresh 3 -d state
	wait_until 60 all_marked Test
	ln -sfn odder odd
	ln -sfn spoilt www
	lines=$(wc -l <lists.out)
	wait_until 60 all_served "$lines" || { cat unserved; false; }
	wait_until 60 all_said || { cat unsaid; false; }
	ln -sfn later www
	ln -sfn none odd
	wait_until 60 all_marked Good || { cat missing; false; }
	kill -TERM "$fetch"
	ends 10 "$fetch"
	run ! grep -E 'ends here|not followed' fetch.err
	[ "$(grep -c '"message_type":"entry"' fetch.out)" -eq "$(wc -l <<<"$names")" ]
}

@test "a server of lists that asks for a pause gets it, until HUP" {
	start_log -l l1=rfc6962 -n 1
	start_lists
	only l1 | publish list
	follow list -- --refresh 0.2
	wait_until 10 has l1 1
	echo '429 Retry-After: 3600' >odd/list.json
	wait_until 10 told 'list.json: HTTP 429'
	sleep 1.5
	[ "$(grep -c 'list.json 429' lists.out)" -eq 1 ]
	kill -HUP "$fetch"
	wait_until 10 sh -c '[ "$(grep -c "list.json 429" lists.out)" -eq 2 ]'
}

# Of the first failure of a list that is got every hour, the next get is a minute later, by a sixth more or
# less: 50 to 70 s, where no server asks for 70.
@test "lists whose server asks for a pause are got again at any time from its end on, not all at once" {
	local names

	names=$(seq -f 'l%.0f' 20)
	start_log -l l1=rfc6962 -n 1
	start_lists
	only l1 >first
	for name in $names; do
		publish "$name" <first
	done
	# shellcheck disable=SC2086 # they are several words
	follow $names -- -v
	wait_until 20 has l1 1
	for name in $names; do
		echo '429 Retry-After: 70' >"odd/$name.json"
	done
	kill -HUP "$fetch"
	paused() { [ "$(grep -c 'to be got again in [0-9]* s$' fetch.err)" -eq 20 ]; }
	wait_until 20 paused
	sed -n 's/.*to be got again in \([0-9]*\) s$/\1/p' fetch.err | sort -n >seconds
	[ "$(head -n 1 seconds)" -ge 70 ]
	[ "$(tail -n 1 seconds)" -le 94 ]
	[ "$(sort -u seconds | wc -l)" -gt 3 ]
}

@test "a first list without any log is a failure of the world, and the kept one goes before it" {
	start_log -l l1=rfc6962 -n 1
	start_lists
	only l1 | publish list
	ct-fetch -q -L "${lists_url}list.json" --list-key list.pub -d state -s 0 -o >/dev/null
	only | publish list
	run -111 --separate-stderr ct-fetch -L "${lists_url}list.json" --list-key list.pub -o
	[[ $stderr == *"no log list has a log"* ]]
	run -0 --separate-stderr ct-fetch -L "${lists_url}list.json" --list-key list.pub -d state -o
	[[ $stderr == *"the log list stays as it was: ${lists_url}list.json: it has no log"* ]]
	[[ $stderr == *"following 1 log"* ]]
}

# follow_damaged: follows l1, l2 and l3 by a list in which l2 and l3 come to be damaged, and stay.
follow_damaged()
{
	start_log -l l1=rfc6962,l2=rfc6962,l3=rfc6962 -n 1
	start_lists
	only l1 l2 l3 | publish list
	follow list -- --refresh 0.5
	wait_until 10 has l3 1
	only l1 l2 l3 | jq '(.operators[].logs[] | select(.url | endswith("l2/"))).key = 5 |
	    (.operators[].logs[] | select(.url | endswith("l3/"))).state = {frozen: {}}' | publish list
	wait_until 10 told 'of these logs 2 stay as they were'
}

@test "HUP ends a log whose entry is damaged, also when the list is the same as before" {
	follow_damaged
	wait_until_again 'list.json 304'
	run ! told 'ends here'
	kill -HUP "$fetch"
	wait_until 10 told "l2.*ends here, at 1: it is not listed any more"
	wait_until 10 told "l3.*ends here, at 1: its list gives it no state that is known"
	wait_until_again 'list.json 304'
}

@test "HUP ends a log whose entry is damaged, also while the answer that the list is the same is on its way" {
	follow_damaged
	echo hang-304 >odd/list.json
	wait_until 10 grep -q 'hangs' lists.out
	kill -HUP "$fetch"
	rm odd/list.json
	wait_until 10 told "l2.*ends here, at 1: it is not listed any more"
}

@test "HUP ends a log whose entry is damaged, also after a list that was refused" {
	follow_damaged
	only | publish list
	wait_until 10 told 'it has no log; HUP takes it'
	only l1 l2 l3 | jq '(.operators[].logs[] | select(.url | endswith("l2/"))).key = 5 |
	    (.operators[].logs[] | select(.url | endswith("l3/"))).state = {frozen: {}}' | publish list
	wait_until_again 'list.json 304'
	run ! told 'ends here'
	kill -HUP "$fetch"
	wait_until 10 told "l2.*ends here, at 1: it is not listed any more"
}

@test "a signed list that is read while it is rewritten is read again" {
	start_log -l l1=rfc6962 -n 1
	start_lists
	only l1 | publish list
	: >odd/list.json
	spawn fetch ct-fetch -L "${lists_url}list.json" --list-key list.pub -s 0 -o
	wait_until 10 grep -q 'list.sig' lists.out
	rm odd/list.json
	wait_until 10 has l1 1
	run ! told 'not JSON'
}

@test "a log that has less than its list says it has ended with is one error" {
	start_log -l l1=rfc6962 -n 1
	start_lists
	only l1 | jq '.operators[].logs[].state = {readonly: {final_tree_head: {tree_size: 9,
	    sha256_root_hash: "dpLDrTVAu4A8Ags67mbNiIcSMjTqDG5xQ8Ct1z/0Me0="}}}' | publish list
	follow list -- -v -S 1
	wait_until 10 sh -c '[ "$(grep -c "it has 1 entries, and the list says" fetch.err)" -ge 3 ]'
	grep -c '"message_type":"status"' fetch.out >before || true
	wait_until 10 sh -c '[ "$(grep -c "\"message_type\":\"status\"" fetch.out)" -gt "$(cat before)" ]'
	kill -TERM "$fetch"
	ends 5 "$fetch"
	[ "$(grep -c 'warning: .*it has 1 entries, and the list says' fetch.err)" -eq 1 ]
	grep '"message_type":"status"' fetch.out | tail -n 1 | jq -e '.logs[0].errors == 1'
}

@test "HUP while a list is on its way takes that one, whatever it ends" {
	start_log -l l1=rfc6962,l2=rfc6962,l3=rfc6962,l4=rfc6962,l5=rfc6962 -n 1
	start_lists
	only l1 l2 l3 l4 l5 | publish list
	follow list -- --refresh 0.2
	wait_until 10 has l5 1
	only l1 | publish list
	echo hang >odd/list.json
	wait_until 10 grep -q 'hangs' lists.out
	kill -HUP "$fetch"
	rm odd/list.json
	wait_until 10 told "l5.*ends here, at 1"
}

@test "the kept list is used when the list has not come in ten seconds" {
	start_log -l l1=rfc6962,l2=rfc6962 -n 1
	start_lists
	only l1 | publish list
	ct-fetch -q -L "${lists_url}list.json" --list-key list.pub -d state -s 0 -o >/dev/null
	only l1 l2 | publish list
	echo hang >odd/list.json
	follow list -- -d state
	wait_until 20 told "list.json: the log list has not come yet; going on with the list that was kept"
	wait_until 10 told 'following 1 log'
	rm odd/list.json
	wait_until 10 has l2 1
}

@test "a log that leaves a list says why" {
	start_log -l l1=rfc6962,l2=rfc6962,l3=rfc6962,l4=rfc6962,l5=rfc6962,l6=rfc6962 -n 1
	start_lists
	only l1 l2 l3 l4 l5 l6 | publish list
	follow list -- --refresh 0.2
	wait_until 10 has l6 1
	only l1 l3 l4 l5 l6 | jq '(.operators[].logs[] | select(.url | endswith("l3/"))).state = {pending: {}}' |
	    jq '(.operators[].logs[] | select(.url | endswith("l4/"))).log_type = "test"' | publish list
	wait_until 10 told "l2.*ends here, at 1: it is not listed any more"
	wait_until 10 told "l3.*ends here, at 1: its list calls it pending"
	wait_until 10 told "l4.*ends here, at 1: its list calls it a test log"
	only l1 l5 l6 | jq '(.operators[].logs[] | select(.url | endswith("l5/"))).state = {retired: {}}' |
	    jq 'del((.operators[].logs[] | select(.url | endswith("l6/"))).state)' | publish list
	wait_until 10 told "l5.*ends here, at 1: its list calls it retired"
	wait_until 10 told "l6.*ends here, at 1: its list gives it no state that is known"
}

@test "a log that comes back into the list goes on at its place" {
	start_log -l l1=rfc6962,l2=rfc6962 -n 20 -r 10
	start_lists
	only l1 l2 | publish list
	follow list -- --refresh 0.2
	wait_until 10 grep -q 'l2/.*"index":25,' fetch.out
	only l1 | publish list
	wait_until 10 told 'l2.*ends here, at'
	only l1 l2 | publish list
	wait_until 20 grep -q 'l2/.*"index":60,' fetch.out
	kill -TERM "$fetch"
	ends 5 "$fetch"
	has l2 "$(grep -c '"message_type":"entry".*/l2/"' fetch.out)"
}

@test "a list that cannot be kept is told once, and used" {
	start_log -l l1=rfc6962,l2=rfc6962 -n 1
	start_lists
	only l1 | publish list
	mkdir state
	touch state/lists
	follow list -- --refresh 0.2 -d state
	wait_until 10 has l1 1
	told 'warning: state/lists/[0-9a-f]*: the log list cannot be kept for the next start: Not a directory'
	only l1 l2 | publish list
	wait_until 10 has l2 1
	[ "$(grep -c 'cannot be kept' fetch.err)" -eq 1 ]
}

@test "the table of a list shows no character that steers a terminal or turns a line round" {
	start_log -l l1=rfc6962 -n 1
	skip_without jq
	jq '.operators[].logs[].description = "a\u001b[2J\u202eb\u0085\u00fc"' "$log_dir/log_list.json" >list.json
	run -0 ct-fetch -L list.json --unsigned-list --list
	[[ $output == 'a?[2J???b??ü '* ]]
}
