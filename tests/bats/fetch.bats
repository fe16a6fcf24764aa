#!/usr/bin/env bats
# ct-fetch against our own log: what comes out, where it goes on, when it ends.

bats_require_minimum_version 1.5.0
load setup

setup()
{
	cd "$BATS_TEST_TMPDIR" || return
	unset CT_CONTACT
}

# fetch_list OPTION...: from all logs of the running ct-log.
fetch_list()
{
	ct-fetch -q -L "$log_dir/log_list.json" --list-key "$log_dir/list-key.pem" "$@"
}

# fetch_log NAME OPTION...: from one of them.
fetch_log()
{
	local name=$1

	shift
	ct-fetch -q -u "$log_url$name/" -K "$log_dir/$name.pem" "$@"
}

# write_log DIR OPTION...: a static log as a folder, and its key beside it.
write_log()
{
	local dir=$1

	shift
	ct-log write -d "$dir" -l dill "$@" >/dev/null
	ct-log key -l dill >dill.pem
}

fetch_folder()
{
	local dir=$1

	shift
	ct-fetch -q -u "file://$PWD/$dir/" -K dill.pem "$@"
}

# The entry records in FILE; head records and marks stand between them.
entries()
{
	grep '^{"message_type":"entry"' "$1"
}

# The indexes in FILE are FROM..TO-1, each once and in order.
is_range()
{
	jq -r 'select(.message_type == "entry").index' "$1" >indexes
	seq "$2" "$(($3 - 1))" | cmp - indexes
}

# The mark of the only log in state/ has gone beyond N.
mark_is_past()
{
	[ "$(jq '.logs[0].next' state/mark)" -gt "$1" ]
}

# It has filled the pipe and does not work any more.
is_at_rest()
{
	local before

	[ "$(awk '/^wchar/ { print $2 }' "/proc/$1/io")" -gt 500000 ] || return
	before=$(cut -d' ' -f14 "/proc/$1/stat")
	sleep 0.3
	[ "$(cut -d' ' -f14 "/proc/$1/stat")" = "$before" ]
}

# start_faults: in front of the running log, at $fault_url, a server whose paths
# begin with what is wrong with it. What it is asked goes to faults.out.
start_faults()
{
	local port

	port=$(free_port)
	cat >faults.py <<-'EOT'
		import http.server, json, sys, time, urllib.error, urllib.request
		seen, cuts = set(), {}
		class Faults(http.server.BaseHTTPRequestHandler):
		    def log_message(self, *a):
		        pass
		    def answer(self, status, body, n=None, **headers):
		        self.send_response(status)
		        for name, value in headers.items():
		            self.send_header(name.replace("_", "-"), value)
		        self.send_header("Content-Length", str(len(body)))
		        self.end_headers()
		        self.wfile.write(body[:n])
		    def do_GET(self):
		        sys.stdout.write(self.path + "\n")	# at once: print lets other threads between
		        sys.stdout.flush()
		        _, fault, path = self.path.split("/", 2)
		        page = "get-entries" in path or "tile/data" in path
		        first = page and self.path not in seen
		        seen.add(self.path)
		        if fault == "hang":
		            time.sleep(60)
		        if fault == "busy" and first:
		            return self.answer(429, b"<html>", Retry_After="Wed, 01 Jan 2025 00:00:00 CET")
		        if fault == "parked" and first:
		            return self.answer(200, b"<html>")
		        if fault == "issuerless" and "issuer/" in path:
		            return self.answer(503, b"", Retry_After="600")
		        try:
		            body = urllib.request.urlopen(sys.argv[2] + path).read()
		        except urllib.error.HTTPError as e:
		            return self.answer(e.code, b"")
		        cuts[fault] = cuts.get(fault, 0) + first
		        if fault == "short" and "get-entries" in path:
		            entries = json.loads(body)["entries"]
		            body = json.dumps({"entries": entries[:len(entries) // 2 + 1]}).encode()
		        cut = fault.startswith("cut") and first and cuts[fault] <= 5
		        self.answer(200, body, len(body) * 2 // 3 if cut else None)
		http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Faults).serve_forever()
	EOT
	spawn faults python3 faults.py "$port" "$log_url"
	wait_until 10 listens "$port"
	fault_url=http://127.0.0.1:$port/
}

# list_with NAME=FAULT...: those logs of the log list, each behind that fault
# or, when that is empty, where it is.
list_with()
{
	jq --arg log "$log_url" --arg fault "${fault_url:-}" --arg want "$*" '
	    ($want | split(" ") | map(split("=") | {key: .[0], value: .[1]}) | from_entries) as $w |
	    def name: (.url // .monitoring_url) | rtrimstr("/") | split("/") | last;
	    def kept: map(select($w[name] != null) | $w[name] as $f | if $f == "" then . else
	        walk(if type == "string" and startswith($log)
	            then $fault + $f + "/" + ltrimstr($log) else . end) end);
	    .operators |= map(.logs |= kept | .tiled_logs |= kept)' "$log_dir/log_list.json"
}

# KiB of resident memory at most so far.
memory_peak()
{
	awk '/VmHWM/ { print $2 }' "/proc/$1/status"
}

@test "both protocols give the same entries" {
	start_log -l cedar=both -n 700
	fetch_log cedar -t rfc6962 -s 0 -o >rfc6962
	fetch_log cedar -t tiled -s 0 -o >tiled
	is_range rfc6962 0 700
	for type in rfc6962 tiled; do
		[ "$(entries $type | jq -r .source.type | sort -u)" = $type ]
		entries $type | jq -c '[.index, .source.log_id, .leaf_input, .extra_data]' >$type.entries
	done
	cmp rfc6962.entries tiled.entries
}

@test "--once writes every entry of every log once and in order, then exits 0" {
	start_log -l alder=rfc6962,birch=tiled,cedar=both -n 520
	fetch_list -s 0 -o >out
	for name in alder birch cedar; do
		entries out | jq -c --arg n "$name" 'select(.source.name | contains($n))' >"$name"
		is_range "$name" 0 520
	done
	[ "$(entries out | wc -l)" -eq 1560 ]
}

@test "an entry record has its members as ct-entry(5) says" {
	start_log -l cedar=both -n 3
	fetch_list -s 2 -o >all
	entries all >out
	[ "$(wc -l <out)" -eq 1 ]
	[ "$(jq -c 'keys_unsorted' out)" = '["message_type","source","index","seen","leaf_input","extra_data"]' ]
	[ "$(jq -c '.source | keys_unsorted' out)" = '["log_id","name","operator","url","type"]' ]
	[ "$(jq -r .source.url out)" = "${log_url}cedar/" ]
	grep -Eq '"seen":[0-9]{10}\.[0-9]{3},' out
}

@test "-s and -e give exactly that range, over tile and page boundaries" {
	start_log -l cedar=both -n 700
	for type in rfc6962 tiled; do
		fetch_log cedar -t $type -s 250 -e 515 >out
		is_range out 250 515
	done
}

@test "the protocol of a log is found by asking" {
	start_log -l alder=rfc6962,birch=tiled -n 5
	fetch_log alder -s 0 -o >alder
	fetch_log birch -s 0 -o >birch
	[ "$(entries alder | jq -r .source.type | sort -u)" = rfc6962 ]
	[ "$(entries birch | jq -r .source.type | sort -u)" = tiled ]
}

@test "without -s a log is followed from where it ends" {
	start_log -l cedar=both -n 300 -r 40
	spawn fetch ct-fetch -u "${log_url}cedar/" -K "$log_dir/cedar.pem" --poll 0.2
	wait_until 20 grep -q '"index":3[3-9][0-9],' fetch.out
	kill -TERM "$spawned"
	ends 5 "$spawned"
	first=$(entries fetch.out | jq -r .index | head -n 1)
	[ "$first" -ge 300 ]
	is_range fetch.out "$first" "$((first + $(entries fetch.out | wc -l)))"
}

@test "--list shows what would be followed and fetches nothing" {
	start_log -l alder=rfc6962,birch=tiled -n 1
	run fetch_list --list
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 2 ]
	[[ $output == *"Test log 'alder'"*rfc6962*usable*"${log_url}alder/"* ]]
	[[ $output == *"Test log 'birch'"*tiled*usable*"${log_url}birch/"* ]]
}

@test "--list has with -v the log ID of each log" {
	start_log -l alder=rfc6962,birch=tiled -n 1
	id=$(openssl pkey -pubin -in "$log_dir/alder.pem" -outform DER | openssl dgst -sha256 -binary | base64)
	run ct-fetch -v -L "$log_dir/log_list.json" --list-key "$log_dir/list-key.pem" --list
	[[ ${lines[0]} == *" usable  $id  ${log_url}alder/" ]]
	run ct-fetch -v -u "${log_url}alder/" -K "$log_dir/alder.pem" --list
	[ "$output" = "-  -  ?  given  $id  ${log_url}alder/" ]
}

@test "-l chooses by name, operator or URL, and ! excludes" {
	start_log -l alder=rfc6962,birch=tiled,cedar=both -n 1
	[ "$(fetch_list --list -l '*BIRCH*' | wc -l)" -eq 1 ]
	[ "$(fetch_list --list -l '*alder*' -l '*/cedar/' | wc -l)" -eq 2 ]
	[ "$(fetch_list --list -l '!*birch*' | grep -c birch)" -eq 0 ]
	run fetch_list -l nothing
	[ "$status" -eq 100 ]
	[[ $output == *"--list"* ]]
}

@test "a static log in a folder is read through file://" {
	write_log folder -n 600
	fetch_folder folder -s 0 -o >out
	is_range out 0 600
}

@test "a partial tile that is gone is taken from the full one" {
	write_log older -n 600
	write_log folder -n 768
	cp older/checkpoint folder/checkpoint
	[ ! -e folder/tile/data/002.p/88 ]
	fetch_folder folder -s 0 -o >out
	is_range out 0 600
	fetch_folder older -s 0 -o >want
	entries want | jq -c '[.leaf_input, .extra_data]' >want.entries
	entries out | jq -c '[.leaf_input, .extra_data]' | cmp - want.entries
}

@test "a gzipped tile is read although nobody asked for gzip" {
	write_log folder -n 256
	fetch_folder folder -s 0 -o | jq -c '[.leaf_input, .extra_data]' >want
	gzip folder/tile/data/000
	mv folder/tile/data/000.gz folder/tile/data/000
	fetch_folder folder -s 0 -o | jq -c '[.leaf_input, .extra_data]' | cmp - want
}

@test "a tile that stands in the place of another is not let through" {
	write_log folder -n 512
	cp folder/tile/data/001 folder/tile/data/000
	spawn fetch ct-fetch -u "file://$PWD/folder/" -K dill.pem -s 0
	wait_until 10 grep -q 'not those of the signed tree' fetch.err
	[ ! -s fetch.out ]
}

@test "an issuer that does not hash to its name is left out of the chain, and told" {
	write_log folder -n 20
	for issuer in folder/issuer/*; do
		echo forged >"$issuer"
	done
	run --separate-stderr fetch_folder folder -s 0 -o
	[ "$status" -eq 0 ]
	mapfile -t lines < <(entries <(echo "$output"))
	[ "${#lines[@]}" -eq 20 ]
	[[ $stderr == *"does not hash to its name"* ]]
	for line in "${lines[@]}"; do
		jq -r .extra_data <<<"$line" | base64 -d | tail -c 3 | od -An -tx1 | grep -q '00 00 00'
	done
}

@test "a restart goes on where the mark is: killed at any moment, nothing is missing" {
	start_log -l cedar=both -n 4000
	mkfifo pipe
	past=0
	for _ in 1 2 3; do
		spawn_sh reader 'while IFS= read -r line; do printf "%s\n" "$line"; sleep 0; done <pipe'
		reader=$spawned
		spawn_sh fetch "exec ct-fetch -q -u '${log_url}cedar/' -K '$log_dir/cedar.pem' \
		    -t tiled -s 0 -d state >pipe"
		wait_until 30 mark_is_past "$past"
		kill -KILL "$spawned"
		ends 30 "$reader"
		past=$(jq '.logs[0].next' state/mark)
		grep '}$' reader.out >>pieces
	done
	fetch_log cedar -s 0 -o -d state >>pieces
	entries pieces | jq -r .index | sort -nu >have
	seq 0 3999 | cmp - have
	[ "$(wc -l <pieces)" -lt 8000 ]
	grep -q '"next":4000' state/mark
}

@test "TERM stores the place of the last entry written and exits 0" {
	start_log -l cedar=both -n 300
	spawn fetch ct-fetch -u "${log_url}cedar/" -K "$log_dir/cedar.pem" -s 0 -d state
	wait_until 10 grep -q '"index":299,' fetch.out
	kill -TERM "$spawned"
	ends 5 "$spawned"
	[ "$(jq '.logs[0].next' state/mark)" -eq 300 ]
}

@test "the place of a log that is not followed now is kept" {
	start_log -l alder=rfc6962,birch=tiled -n 10
	fetch_list -s 0 -o -d state >/dev/null
	fetch_list -s 0 -o -d state -l '*alder*' >out
	[ ! -s out ]
	[ "$(jq -c '[.logs[].next]' state/mark)" = '[10,10]' ]
}

@test "-E writes marks into the stream, behind the entries they vouch for" {
	start_log -l alder=rfc6962 -n 40 -r 30
	spawn fetch ct-fetch -u "${log_url}alder/" -K "$log_dir/alder.pem" -s 0 -E --poll 0.2
	wait_until 20 sh -c '[ "$(grep -c ^.\"message_type\":\"mark fetch.out)" -ge 4 ]'
	kill -TERM "$spawned"
	ends 5 "$spawned"
	jq -n -e 'reduce inputs as $r ({seen: 0, good: true};
	    if $r.message_type == "entry" then .seen = $r.index + 1
	    elif $r.message_type == "head" then .
	    else .good = (.good and $r.logs[0].next == .seen) end) | .good' fetch.out
	[ "$(tail -n 1 fetch.out | jq -r .message_type)" = mark ]
}

@test "nothing is missing or twice behind cut, short, refused and wrong answers" {
	skip_without python3
	start_log -l cedar=both -n 700
	start_faults
	for type in rfc6962 tiled; do
		for fault in cut-$type busy parked; do
			ct-fetch -q -u "$fault_url$fault/cedar/" -K "$log_dir/cedar.pem" -t $type -s 0 -o >out
			is_range out 0 700
		done
	done
	ct-fetch -q -u "${fault_url}short/cedar/" -K "$log_dir/cedar.pem" -t rfc6962 -s 0 -o >out
	is_range out 0 700
}

@test "--rate keeps a host to that many requests a second, and says what is wrong with it" {
	start_log -l cedar=both -n 3000
	from=${EPOCHREALTIME/./}
	ct-fetch -vv -u "${log_url}cedar/" -K "$log_dir/cedar.pem" -t tiled -s 0 -o \
	    --rate other.test=1/h --rate 127.0.0.1=300/m >out 2>err
	took=$(((${EPOCHREALTIME/./} - from) / 1000))
	is_range out 0 3000
	requests=$(grep -c GET err)
	[ "$requests" -ge 12 ]
	[ "$took" -ge $(((requests - 3) * 200)) ]
	for rate in 5 ct.test= ct.test=0 ct.test=5/d https://ct.test/=5; do
		run -100 ct-fetch --rate "$rate" -u "${log_url}cedar/" -K "$log_dir/cedar.pem"
		[[ $output == *"--rate $rate: "* ]]
	done
}

@test "a limit that a host has shown is kept in the state folder; garbage there is told" {
	skip_without python3
	start_log -l cedar=both -n 700
	start_faults
	fault_log=("$fault_url"busy/cedar/ -K "$log_dir/cedar.pem" -t rfc6962 -s 0 -o -d state)
	ct-fetch -q -u "${fault_log[@]}" >out
	is_range out 0 700
	[ "$(jq -r '.hosts[0].host' state/hosts)/" = "$fault_url" ]
	[ "$(jq '.hosts[0].per_hour' state/hosts)" -gt 0 ]
	echo '{"hosts":[{' >state/hosts
	run --separate-stderr ct-fetch -u "${fault_log[@]}"
	[ "$status" -eq 0 ]
	[[ $stderr == *"state/hosts: "*"learned anew"* ]]
}

@test "a host that withholds issuers does not hold back the logs of others" {
	skip_without python3
	start_log -l birch=tiled,cedar=tiled -n 60
	start_faults
	list_with birch=issuerless >log_list.json
	spawn fetch ct-fetch -L log_list.json --unsigned-list -s 0
	wait_until 10 grep -q issuer/ faults.out
	[ ! -s fetch.out ]
	list_with birch=issuerless cedar= >log_list.json
	kill -HUP "$spawned"
	wait_until 10 grep -q 'cedar.*"index":59,' fetch.out
}

@test "a log that hangs and is dropped from the list makes room for others on its host" {
	skip_without python3
	start_log -l l1=tiled,l2=tiled,l3=tiled,l4=tiled,l5=tiled -n 5
	start_faults
	list_with l1=hang l2=hang l3=hang l4=hang l5=well >log_list.json
	spawn fetch ct-fetch -L log_list.json --unsigned-list -s 0
	wait_until 30 sh -c '[ "$(grep -c hang faults.out)" -ge 4 ]'
	list_with l5=well >log_list.json
	kill -HUP "$spawned"
	wait_until 10 grep -q '"index":4,' fetch.out
}

@test "a partial tile that a newer one has replaced is taken from the newer one" {
	write_log folder -n 600
	write_log newer -n 700
	rm -r folder/tile/data/002.p
	spawn fetch ct-fetch -u "file://$PWD/folder/" -K dill.pem -s 0 -e 700 --poll 0.2
	wait_until 10 grep -q 'data tile 512-599' fetch.err
	cp -R newer/tile newer/issuer folder
	cp newer/checkpoint folder/next
	mv folder/next folder/checkpoint
	ends 20 "$spawned"
	is_range fetch.out 0 700
}

@test "standard output is left as it is for those who share it" {
	start_log -l alder=rfc6962 -n 5
	for options in "-L missing.json" "-q -u ${log_url}alder/ -K $log_dir/alder.pem -s 0 -o"; do
		flags=$({ # shellcheck disable=SC2086 # they are several words
			ct-fetch $options 2>/dev/null
			cat /proc/self/fdinfo/1
		} | sed -n 's/^flags:[[:space:]]*//p')
		[ $((flags & 04000)) -eq 0 ]
	done
	spawn_sh fetch "{ ct-fetch -q -u '${log_url}alder/' -K '$log_dir/alder.pem' -s 0 &
	    sleep 1; cat /proc/self/fdinfo/1; kill %1; } | grep ^flags"
	ends 10 "$spawned"
	flags=$(sed 's/^flags:[[:space:]]*//' fetch.out)
	[ $((flags & 04000)) -eq 0 ]
}

@test "--list escapes what could steer a terminal, and may lose its reader" {
	start_log -l alder=rfc6962 -n 1
	jq '.operators[0].logs[0].description = "a\u001b[1mb\u009b1mc\u00e9"' "$log_dir/log_list.json" >list.json
	ct-fetch -L list.json --unsigned-list --list >out
	grep -q '^a?\[1mb??1mcé  ' out
	{
		sleep 0.5
		ct-fetch -L list.json --unsigned-list --list && echo 0 >status
	} | true
	[ -s status ]
}

@test "a list that was tampered with is refused with 111" {
	start_log -l alder=rfc6962 -n 1
	sed -i 's/North/Nerth/' "$log_dir/log_list.json"
	run fetch_list -s 0 -o
	[ "$status" -eq 111 ]
	[[ $output == *"log_list.json: its signature does not verify"* ]]
	rm "$log_dir/log_list.sig"
	run fetch_list -s 0 -o
	[ "$status" -eq 111 ]
	[[ $output == *"log_list.sig"* ]]
}

@test "an unsigned list is taken only when that was asked for" {
	start_log -l alder=rfc6962 -n 4
	rm "$log_dir/log_list.sig"
	ct-fetch -q -L "$log_dir/log_list.json" --unsigned-list -s 0 -o >out
	is_range out 0 4
}

@test "a list that cannot be had ends in seconds with 111, its URL and what to try" {
	run timeout 10 ct-fetch -L "http://127.0.0.1:$(free_port)/log_list.json"
	[ "$status" -eq 111 ]
	[[ $output == *"/log_list.json"*"-L FILE"* ]]
}

@test "Google's list of the corpus verifies with the key built in" {
	skip_without_corpus loglists/google-v3-log_list-85.92.json
	run --separate-stderr ct-fetch -L "$CT_CORPUS/loglists/google-v3-log_list-85.92.json" --list
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 52 ]
	[[ $output != *example.com* ]]
}

@test "a head that the given key did not sign is refused with 111" {
	start_log -l alder=rfc6962,birch=tiled -n 3
	for log in alder birch; do
		other=$([ $log = alder ] && echo birch || echo alder)
		run -111 --separate-stderr ct-fetch -u "$log_url$log/" -K "$log_dir/$other.pem" -s 0
		[ -z "$output" ]
		[[ $stderr == *"$log"*signature* ]]
	done
}

@test "a log that is not there yet is asked again until it is" {
	port=$(free_port)
	ct-log key -l alder >alder.pem
	spawn fetch ct-fetch -u "http://127.0.0.1:$port/alder/" -K alder.pem -s 0 -e 3
	fetch=$spawned
	wait_until 10 grep -q 'warning: .*asking again' fetch.err
	spawn ct-log ct-log serve -p "$port" -l alder=rfc6962 -n 3
	ends 20 "$fetch"
	is_range fetch.out 0 3
	grep -q 'answers again' fetch.err
}

@test "a reader that leaves early is no failure" {
	start_log -l alder=rfc6962 -n 2000
	fetch_log alder -s 0 | head -n 1 >out
	[ "${PIPESTATUS[0]}" -eq 0 ]
	is_range out 0 1
}

@test "an idle run notices that its reader has left" {
	start_log -l alder=rfc6962 -n 2
	spawn_sh fetch "ct-fetch -q -u '${log_url}alder/' -K '$log_dir/alder.pem' -s 0 | head -n 2"
	ends 10 "$spawned"
	is_range fetch.out 0 2
}

@test "a reader that takes nothing holds the log back, not the memory" {
	start_log -l cedar=both -n 8000
	for type in rfc6962 tiled; do
		mkfifo $type.pipe
		spawn_sh reader "exec sleep 60 <$type.pipe"
		spawn_sh $type "exec ct-fetch -q -u '${log_url}cedar/' -K '$log_dir/cedar.pem' -t $type \
		    -s 0 -S 1 >$type.pipe"
		wait_until 20 is_at_rest "$spawned"
		[ "$(memory_peak "$spawned")" -lt 48000 ]
		kill -TERM "$spawned"
		ends 5 "$spawned"
	done
}

@test "TERM while a finished run waits for its reader still lets out what is buffered" {
	write_log folder -n 500
	mkfifo pipe
	spawn fetch bash -c "exec ct-fetch -q -u 'file://$PWD/folder/' -K dill.pem -s 0 -o -d state >pipe"
	exec 8<pipe
	wait_until 20 is_at_rest "$spawned"
	kill -TERM "$spawned"
	sleep 0.3
	cat <&8 >out
	exec 8<&-
	ends 2 "$spawned"
	is_range out 0 500
	[ "$(jq '.logs[0].next' state/mark)" = 500 ]
}

@test "HUP reads the list again: logs that vanished end, new ones begin" {
	start_log -l alder=rfc6962,birch=tiled -n 5
	cp "$log_dir/log_list.json" whole.json
	jq '.operators |= map(.tiled_logs = [])' whole.json >log_list.json
	spawn fetch ct-fetch -L log_list.json --unsigned-list -s 0 -d state
	wait_until 10 grep -q '"index":4,' fetch.out
	cp whole.json log_list.json
	kill -HUP "$spawned"
	wait_until 10 grep -q "birch.*\"index\":4," fetch.out
	jq '.operators |= map(.logs = [])' whole.json >log_list.json
	kill -HUP "$spawned"
	wait_until 10 grep -q "alder.*ends here" fetch.err
	echo broken >log_list.json
	kill -HUP "$spawned"
	wait_until 10 grep -q "the log list stays as it was" fetch.err
	kill -TERM "$spawned"
	ends 5 "$spawned"
	[ "$(jq -c '[.logs[].next]' state/mark)" = '[5,5]' ]
}

@test "-S writes status records with the place of every log" {
	start_log -l alder=rfc6962,birch=tiled -n 30
	spawn fetch ct-fetch -L "$log_dir/log_list.json" --list-key "$log_dir/list-key.pem" -s 0 -S 1 --poll 0.1
	wait_until 10 grep -q '"message_type":"status"' fetch.out
	grep '"status"' fetch.out | head -n 1 >status
	[ "$(jq -c '[.stage, .entries, .errors, [.logs[] | .next, .size, .lag]]' status)" = \
	    '["ct-fetch",60,0,[30,30,0,30,30,0]]' ]
}

@test "https is verified and may be HTTP/2; redirects to other hosts are not followed" {
	skip_without nginx openssl
	start_log -l cedar=both -n 700
	port=$(free_port)
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
	    -addext subjectAltName=DNS:localhost -keyout tls.key -out tls.pem 2>/dev/null
	cat >nginx.conf <<-EOT
		daemon off;
		pid $PWD/nginx.pid;
		error_log $PWD/error.log;
		events {}
		http {
		    access_log $PWD/access.log;
		    client_body_temp_path $PWD/body;
		    proxy_temp_path $PWD/proxy;
		    fastcgi_temp_path $PWD/fastcgi;
		    uwsgi_temp_path $PWD/uwsgi;
		    scgi_temp_path $PWD/scgi;
		    server {
		        listen 127.0.0.1:$port ssl http2;
		        ssl_certificate $PWD/tls.pem;
		        ssl_certificate_key $PWD/tls.key;
		        location / { proxy_pass $log_url; }
		        location /moved/ { return 302 https://127.0.0.1:$port/cedar/; }
		    }
		}
	EOT
	spawn nginx nginx -p "$PWD" -c "$PWD/nginx.conf"
	wait_until 10 listens "$port"
	for type in rfc6962 tiled; do
		SSL_CERT_FILE=$PWD/tls.pem ct-fetch -q -u "https://localhost:$port/cedar/" \
		    -K "$log_dir/cedar.pem" -t $type -s 0 -o >out
		is_range out 0 700
	done
	grep -q 'get-entries.*HTTP/2.0" 200' access.log
	spawn untrusted ct-fetch -u "https://localhost:$port/cedar/" -K "$log_dir/cedar.pem" -s 0
	wait_until 10 grep -q 'warning: .*certificate' untrusted.err
	[ ! -s untrusted.out ]
	run env SSL_CERT_FILE="$PWD/tls.pem" ct-fetch -L "https://localhost:$port/moved/log_list.json"
	[ "$status" -eq 111 ]
	[[ $output == *"HTTP 302"* ]]
}

@test "the User-Agent carries the contact" {
	skip_without python3
	port=$(free_port)
	cat >server.py <<-'EOT'
		import http.server, sys
		class Handler(http.server.BaseHTTPRequestHandler):
		    def do_GET(self):
		        print(self.headers["User-Agent"], flush=True)
		        self.send_error(404)
		http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
	EOT
	spawn server python3 server.py "$port"
	wait_until 10 listens "$port"
	run ct-fetch -c me@here.test -L "http://127.0.0.1:$port/log_list.json"
	[ "$status" -eq 111 ]
	CT_CONTACT=https://here.test/ct run ct-fetch -L "http://127.0.0.1:$port/log_list.json"
	grep -Eqx 'ct-fetch/[0-9.]+ \(\+mailto:me@here.test\)' server.out
	grep -Eqx 'ct-fetch/[0-9.]+ \(\+https://here.test/ct\)' server.out
}

@test "what cannot work is refused with 100" {
	ct-log key -l dill >dill.pem
	for options in "-x" "-u gopher://x/ -K dill.pem" "-u file:///x" "-K dill.pem" "-s -1" "-s 5 -e 5" "-e 0" \
	    "-c nobody" "-c me@example.com" "--poll x" "-t tiled" "--list-key a --unsigned-list" "stray" \
	    "-u http:///x -K dill.pem" "-u http://x/?y -K dill.pem" \
	    "-u file:///x -K $BATS_TEST_FILENAME"; do
		# shellcheck disable=SC2086 # they are several words
		run timeout 10 ct-fetch $options
		[ "$status" -eq 100 ] || { echo "$options: $status"; false; }
		[ "${#lines[@]}" -eq 1 ]
	done
}

@test "a URL of -u with a user name or password is refused, and the password is not shown" {
	ct-log key -l dill >dill.pem
	for url in http://user:secret@127.0.0.1:1/ https://user@ct.test HTTP://:secret@ct.test/x \
	    http://user:secret@ct.test?x gopher://user:secret@ct.test/; do
		run -100 timeout 10 ct-fetch -u "$url" -K dill.pem
		[[ $output == *"-u wants a URL without a user name or password"* ]]
		[[ $output != *secret* ]]
	done
}

@test "an @ in the path of a URL of -u is no user name" {
	ct-log key -l dill >dill.pem
	run -111 ct-fetch -u file:///user@nowhere/ -K dill.pem -o
}

@test "--help and --version go to standard output" {
	run --separate-stderr ct-fetch --help
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -lt 24 ]
	run --separate-stderr ct-fetch -V
	[ "$status" -eq 0 ]
	[[ $output == "ct-fetch "[0-9]* ]]
}

@test "a real data tile comes through with its leaf hashes and whole, checked chains" {
	skip_without_corpus static-ct/tesseract-tile/tile/data/004.p/205
	skip_without python3
	local tile=$CT_CORPUS/static-ct/tesseract-tile

	mkdir folder
	cp -R "$tile/tile" "$tile/issuer" folder
	root=$(ct-log tree <"$tile/tile/0/004.p/205" | cut -d' ' -f2)
	ct-log sign -l dill -o tesseract.test -n 1229 -R "$root" >folder/checkpoint
	ct-log key -l dill >dill.pem
	# The tiles that would prove it are not here.
	fetch_folder folder -s 1024 -o --unproven >all
	[ "$(jq -s 'map(select(.message_type == "head").verified) | unique | tostring' all)" = '"[false]"' ]
	entries all >out
	is_range out 1024 1229
	cat >check.py <<-'EOT'
		import base64, hashlib, json, sys
		tile, out = sys.argv[1], sys.argv[2]
		issuers, hashes = set(), b""
		for line in open(out):
		    r = json.loads(line)
		    leaf, extra = (base64.b64decode(r[k]) for k in ("leaf_input", "extra_data"))
		    hashes += hashlib.sha256(b"\0" + leaf).digest()
		    at = 3 + int.from_bytes(extra[:3], "big")
		    assert at + 3 + int.from_bytes(extra[at:at + 3], "big") == len(extra)
		    at += 3
		    chain = []
		    while at < len(extra):
		        n = int.from_bytes(extra[at:at + 3], "big")
		        chain.append(hashlib.sha256(extra[at + 3:at + 3 + n]).hexdigest())
		        at += 3 + n
		    assert chain
		    issuers.update(chain)
		assert hashes == open(tile + "/tile/0/004.p/205", "rb").read()
		print(len(issuers))
	EOT
	run python3 check.py "$tile" out
	[ "$status" -eq 0 ]
	[ "$output" = "$(find "$tile/issuer" -type f | wc -l)" ]
}

# A look-up of a host name that takes a minute, as with a name server that does not answer.
slow_lookup()
{
	local cc=${CC:-cc}	# the one that ct-fetch is built with, maybe for another machine

	skip_without ${cc%% *}
	$cc -shared -fPIC -o slow.so -x c - <<-'C'
		#include <netdb.h>
		#include <unistd.h>

		int
		getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
		    struct addrinfo **found)
		{
			(void)name, (void)service, (void)hints, (void)found;
			write(2, "looking up\n", 11);
			sleep(60);
			return EAI_AGAIN;
		}
	C
	spawn "$1" env LD_PRELOAD="$PWD/slow.so" ct-fetch "${@:2}"
	wait_until 5 grep -q 'looking up' "$1.err"
}

@test "a signal does not wait for a host name that is being looked up" {
	start_log -l alder=rfc6962 -n 1
	slow_lookup log -u https://slow.test/ -K "$log_dir/alder.pem"
	kill -TERM "$spawned"
	ends 2 "$spawned"
	slow_lookup list -L https://slow.test/log_list.json
	kill -TERM "$spawned"
	ends 2 "$spawned"
}

# A run that follows alder with the folder state, and is ended once COMMAND succeeds.
follow_until()
{
	spawn fetch ct-fetch -u "${log_url}alder/" -K "$log_dir/alder.pem" -s 0 -d state
	wait_until 20 "$@"
	kill -TERM "$spawned"
	ends 5 "$spawned"
}

# The gap records of that run.
gaps()
{
	jq -c 'select(.message_type == "gap") | [.from, .to, .closed]' fetch.out
}

has_gap()
{
	gaps | grep -qxF "$1"
}

@test "a gap is told again by a run that cannot fill it, and closed by one that can" {
	echo 'alder get-entries flip-leaf 700' >rules
	start_log -l alder=rfc6962 -n 800 -F "$PWD/rules"
	follow_until has_gap '[700,701,null]'
	entries fetch.out | jq .index | cmp - <(seq 0 799 | grep -vx 700)
	follow_until has_gap '[700,701,null]'
	[ "$(gaps)" = '[700,701,null]' ]
	[ -z "$(entries fetch.out)" ]

	echo '* any latency 0' >rules.new
	mv rules.new rules
	follow_until has_gap '[700,701,true]'
	[ "$(entries fetch.out | jq .index)" = 700 ]
	[ "$(jq '.logs[0].gaps' state/mark)" = null ]
}

@test "a log that falls far behind while it is followed goes on at its head, and its gap is filled" {
	echo 'alder head behind 2900' >rules
	start_log -l alder=rfc6962 -n 3000 -F "$PWD/rules"
	spawn fetch ct-fetch -u "${log_url}alder/" -K "$log_dir/alder.pem" -s 0 --backlog 1000
	wait_until 20 grep -q '"index":99,' fetch.out
	echo '* any latency 0' >rules.new
	mv rules.new rules
	wait_until 20 has_gap '[100,3000,true]'
	kill -TERM "$spawned"
	ends 5 "$spawned"
	has_gap '[100,3000,null]'
	entries fetch.out | jq .index | sort -n | cmp - <(seq 0 2999)
	# A head record says under which head the gap was proven, in front of the one that closes it.
	jq -c '[.message_type, .verified, .tree_size, .next]' fetch.out | tail -n 2 | head -n 1 |
	    grep -qxF '["head",true,3000,3000]'
}

@test "entries that are lost one after the other are one gap" {
	start_log -l alder=rfc6962 -n 800 -f 'alder get-entries 700 status 500' -f 'alder get-entries 701 status 500' \
	    -f 'alder get-entries 702 status 500' -f 'alder get-entries 703 status 500'
	spawn fetch ct-fetch -u "${log_url}alder/" -K "$log_dir/alder.pem" -s 0 -d state --patience 2
	wait_until 60 has_gap '[700,704,null]'
	wait_until 20 grep -q '"index":799,' fetch.out
	kill -TERM "$spawned"
	ends 5 "$spawned"
	entries fetch.out | jq .index | cmp - <(seq 0 799 | grep -vx '70[0123]')
	[ "$(jq -c '[.logs[0].gaps[] | [.from, .to]]' state/mark)" = '[[700,704]]' ]
}

@test "a log that signs more than it has is followed by the heads that it shows then" {
	start_log -l birch=tiled -n 500 -r 5 -f 'birch head behind 300 after 1'
	spawn fetch ct-fetch -u "${log_url}birch/" -K "$log_dir/birch.pem" -s 0 --poll 0.2
	wait_until 20 grep -q 'a later head of a smaller tree' fetch.err
	wait_until 20 grep -q '"index":210,' fetch.out
	kill -TERM "$spawned"
	ends 5 "$spawned"
	last=$(entries fetch.out | jq .index | tail -n 1)
	entries fetch.out | jq .index | cmp - <(seq 0 "$last")
}

@test "of a tile that is always cut all comes, bit by bit, and proven" {
	start_log -l birch=tiled -n 3000 -f 'birch tile/data cut 70% every 2' -A "$PWD/asked"
	fetch_log birch -s 0 -o >out
	entries out | jq .index | cmp - <(seq 0 2999)
	[ "$(jq -r 'select(.message_type == "head").verified' out | sort -u)" = true ]
	[ -z "$(jq -c 'select(.message_type == "gap")' out)" ]
}

@test "a log that begins far behind comes in order" {
	start_log -l alder=rfc6962 -n 3000
	spawn fetch ct-fetch -u "${log_url}alder/" -K "$log_dir/alder.pem" -s 0 --backlog 1000 --poll 0.2
	wait_until 20 grep -q '"index":2999,' fetch.out
	kill -TERM "$spawned"
	ends 5 "$spawned"
	is_range fetch.out 0 3000
	[ -z "$(gaps)" ]
}

@test "a log that gives proofs again is proven again, in the same run" {
	echo '* get-sth-consistency status 500' >rules
	start_log -l alder=rfc6962 -n 2000 -r 20 -F "$PWD/rules"
	spawn fetch ct-fetch -u "${log_url}alder/" -K "$log_dir/alder.pem" -s 5 --unproven
	wait_until 30 grep -q '"verified":false' fetch.out
	echo '* any latency 0' >rules.new
	mv rules.new rules
	wait_until 30 grep -q 'gives proofs again' fetch.err
	wait_until 20 grep -q '"verified":true' fetch.out
	kill -TERM "$spawned"
	ends 5 "$spawned"
	is_range fetch.out 5 "$((5 + $(entries fetch.out | wc -l)))"
}
