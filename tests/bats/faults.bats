#!/usr/bin/env bats
# ct-fetch against logs that do wrong. tests/faults.md has a table of cases: each row is a log of
# its own, on a host of its own. All logs of a section are fetched by one ct-fetch when this file
# begins, and each test looks at what came out of some of them.
#
# All logs of a kind hold the same entries. The truth is asked for with curl: the faults are only
# for clients that call themselves ct-fetch.

bats_require_minimum_version 1.5.0
load setup

SIZE=600	# entries of each log

# cases SECTION: its rows, as words between tabs: case, kind, and the other columns.
cases()
{
	awk -F ' *[|] *' -v section="## $1" '
	/^## / { on = $0 == section }
	on && /^[|] [a-z]/ && $2 != "case" { print $2 "\t" $3 "\t" $4 "\t" $5 "\t" $6 }' \
	    "$ROOT/tests/faults.md"
}

# truth URL: all that get-entries gives of a log, page by page.
truth()
{
	local start

	for ((start = 0; start < SIZE; start += 256)); do
		echo "url=$1ct/v1/get-entries?start=$start&end=$((start + 255))"
	done | curl -fsS -A truth --compressed -K -
}

# fetch_section SECTION SECONDS OPTION...: leaves in the folder of that name what ct-fetch wrote
# in at most so many seconds.
fetch_section()
{
	local at=$BATS_FILE_TMPDIR/$1 case logs code=0 seconds=$2
	local BATS_TEST_TMPDIR=$at

	mkdir -p "$at"
	cases "$1" >"$at/cases"
	logs=$(awk -F '\t' '{ print $1 "=" ($2 == "tiled" ? "both" : $2) }' "$at/cases" | paste -sd ,)
	awk -F '\t' '{
		gsub(/`/, "", $3)
		n = split($3, rule, / *; */)
		for (i = 1; i <= n; i++)
			if (rule[i] != "")
				print $1, rule[i], (rule[i] ~ /^list/ ? "" : "agent ct-fetch")
	}' "$at/cases" >"$at/rules"
	start_log -S -n "$SIZE" -l "$logs" -H "$(wc -l <"$at/cases")" -F "$at/rules" -A "$at/requests"
	for case in $(awk -F '\t' '!seen[$2]++ { print $1 "," ($2 == "tiled" ? "tiled" : $2) }' "$at/cases"); do
		truth "$log_url${case%,*}/" >"$at/${case#*,}.truth"
	done
	: >"$at/requests"
	timeout -s TERM "$seconds" ct-fetch -L "${log_url}log_list.json" --list-key "$log_dir/list-key.pem" \
	    -s 0 -d "$at/state" "${@:3}" >"$at/fetched" 2>"$at/fetch.err" || code=$?
	awk -v at="$at" '/^{"message_type":"(mark|status)"/ { next } {
		name = substr($0, index($0, "Test log ") + 10)
		print >(at "/" substr(name, 1, index(name, "\047") - 1) ".records")
	}' "$at/fetched"
	rm "$at/fetched"
	echo "$code" >"$at/code"
}

# The sections are fetched while the first tests run.
setup_file()
{
	skip_without curl jq python3
	fetch_section whole 80 -e "$SIZE" >/dev/null 2>&1 3>&- &
	fetch_section holes 45 -e "$SIZE" --patience 5 >/dev/null 2>&1 3>&- &
	fetch_section forged 30 >/dev/null 2>&1 3>&- &
}

teardown_file()
{
	local section

	for section in whole holes forged; do
		BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR/$section stop_spawned
	done
}

setup()
{
	cd "$BATS_TEST_TMPDIR" || return
}

# section_of CASE: the section that has it, once that has been fetched; fails when none does.
section_of()
{
	local section

	for section in whole holes forged; do
		cases "$section" | cut -f 1 | grep -qxF -e "$1" || continue
		wait_until 120 test -e "$BATS_FILE_TMPDIR/$section/code" || return
		echo "$section"
		return
	done
	echo "no case $1 in faults.md" >&2
	return 1
}

# kind CASE: rfc6962 or tiled.
kind()
{
	awk -F '\t' -v c="$1" '$1 == c { print $2 }' "$BATS_FILE_TMPDIR/$(section_of "$1")/cases"
}

# records CASE: the file of what ct-fetch wrote about that log, without marks and status.
records()
{
	local file

	file=$BATS_FILE_TMPDIR/$(section_of "$1")/$1.records
	[ -e "$file" ] || : >"$file"
	echo "$file"
}

# told CASE: the lines of stderr about that log.
told()
{
	grep -F "Test log '$1'" "$BATS_FILE_TMPDIR/$(section_of "$1")/fetch.err"
}

# judge CASE MISSING: what came out, but for the ranges FROM-TO in MISSING, is what the
# log holds: each entry once, in order, and in front of a verified head that reaches it.
# MISSING may also be "some": any entries may be missing. Says what is wrong, or nothing.
judge()
{
	local at=$BATS_FILE_TMPDIR/$(section_of "$1")

	python3 - "$at/$(kind "$1").truth" "$(records "$1")" "$2" <<-'EOT'
		import json, sys
		pages, truth, at = open(sys.argv[1]).read(), [], 0
		while at < len(pages):
		    page, at = json.JSONDecoder().raw_decode(pages, at)
		    truth += [entry["leaf_input"] for entry in page["entries"]]
		records = [json.loads(line) for line in open(sys.argv[2])]
		some = sys.argv[3] == "some"
		holes = [] if some else [tuple(map(int, h.split("-"))) for h in sys.argv[3].split()]
		wanted = [i for i in range(len(truth)) if not any(a <= i < b for a, b in holes)]
		came, waiting, wrong, gaps = [], [], [], set()
		for r in records:
		    if r["message_type"] == "entry":
		        came.append(r["index"])
		        waiting.append(r["index"])
		        if truth[r["index"]:][:1] != [r["leaf_input"]]:
		            wrong.append("entry %d is not that of the log" % r["index"])
		    elif r["message_type"] == "head":
		        if not r["verified"]:
		            wrong.append("a head is not verified")
		        waiting = [i for i in waiting if i >= r["next"]]
		        if r["next"] > r["tree_size"]:
		            wrong.append("a head of %(tree_size)d has next %(next)d" % r)
		    else:
		        gap = (r["from"], r["to"])
		        if not r["reason"]:
		            wrong.append("a gap has no reason")
		        gaps.discard(gap) if r.get("closed") else gaps.add(gap)
		if len(truth) != 600:
		    wrong.append("the log has %d entries" % len(truth))
		if came != sorted(set(came)):
		    wrong.append("entries are out of order or twice")
		if not some and came != wanted:
		    missing, more = set(wanted) - set(came), set(came) - set(wanted)
		    wrong.append("%d came; missing %s; too many %s" %
		        (len(came), sorted(missing)[:5], sorted(more)[:5]))
		if waiting:
		    wrong.append("no head behind entry %d" % waiting[0])
		told = sorted({i for a, b in gaps for i in range(a, b)})
		if not some and told != sorted(set(range(len(truth))) - set(wanted)):
		    wrong.append("gaps are %s, not %s" % (sorted(gaps), holes))
		print(*wrong[:6], sep="\n")
		sys.exit(bool(wrong))
	EOT
}

# whole CASE...: all of each log came out.
whole()
{
	local case wrong=0

	for case; do
		judge "$case" '' || {
			echo "# $case"
			told "$case" | tail -5
			wrong=1
		}
	done
	return "$wrong"
}

# altered CASE INDEX: all of the log came out, and only that entry is not the one of the honest log.
altered()
{
	[ "$(judge "$1" '')" = "entry $2 is not that of the log" ]
}

# holed CASE...: all of each log but the hole that the table says came out.
holed()
{
	local case wrong=0

	for case; do
		judge "$case" "$(awk -F '\t' -v c="$case" '$1 == c { print $4 }' "$BATS_FILE_TMPDIR/holes/cases")" || {
			echo "# $case"
			told "$case" | tail -5
			wrong=1
		}
	done
	return "$wrong"
}

# caught CASE...: stderr names each log, evidence is kept and entries came out as the table says.
caught()
{
	local case entries evidence id wrong=0

	for case; do
		section_of "$case" >/dev/null
		IFS=$'\t' read -r _ _ _ entries evidence < <(awk -F '\t' -v OFS='\t' -v c="$case" \
		    '$1 == c { print $1, $2, $3, $4, $5 }' "$BATS_FILE_TMPDIR/forged/cases")
		case $entries in
		whole) judge "$case" '' ;;
		none) [ ! -s "$(records "$case")" ] ;;
		honest) judge "$case" some ;;
		*) echo "$case: entries are whole, none or honest"; false ;;
		esac || { echo "# $case: entries"; wrong=1; }
		told "$case" | grep -qE 'warning|error' || { echo "# $case: not told"; wrong=1; }
		id=$(openssl pkey -pubin -in "$BATS_FILE_TMPDIR/forged/log/$case.pem" -outform DER |
		    openssl dgst -sha256 -r | head -c 16)
		[ "$evidence" != kept ] || [ -n "$(ls "$BATS_FILE_TMPDIR/forged/state/evidence/$id" 2>/dev/null)" ] || {
			echo "# $case: no evidence"
			wrong=1
		}
		[ "$evidence" = kept ] || [ ! -e "$BATS_FILE_TMPDIR/forged/state/evidence/$id" ] || {
			echo "# $case: evidence against a log that was only unwell"
			wrong=1
		}
	done
	return "$wrong"
}

# issuers CASE: how many entries came with a whole chain, and how many did not.
issuers()
{
	jq -s -c '[.[] | select(.message_type == "entry")] |
	    [(map(select(has("chain_missing") | not)) | length), (map(select(has("chain_missing"))) | length)]' "$(records "$1")"
}

# fetch_alone OPTION...: from the log that start_log has started alone, to the file fetched.
fetch_alone()
{
	ct-fetch -L "${log_url}log_list.json" --list-key "$log_dir/list-key.pem" -d state "$@" \
	    >>fetched 2>>fetch.err
}

# rules RULE...: from now on these are the faults of that log.
rules()
{
	printf '%s\n' "$@" >rules.new
	mv rules.new rules
}

# is_log KIND SIZE: what was fetched is all of the log alder=KIND, once and in order, up to SIZE.
is_log()
{
	jq -r 'select(.message_type == "entry") | "\(.index) \(.leaf_input)"' fetched >came
	ct-log entries -l "alder=$1" -n "$2" | jq -r '"\(.index) \(.leaf_input)"' | cmp - came
	[ "$(jq -s 'map(select(.message_type == "head" and .verified).next) | max' fetched)" -ge "$2" ]
}

# has_come N: entry N-1 has.
has_come()
{
	[ "$(grep -c '^{"message_type":"entry"' fetched)" -ge "$1" ]
}

# forks_between KIND SIZE RULE OPTION...: fetches 500 of the 1000 entries of a log, which is begun again with so
# many entries and that fault, and then fetches the rest with these options in at most 60 seconds. What comes
# then, and what is told, is in the file both, in the order in which it was written. Sets code.
forks_between()
{
	local log

	rm -rf state both
	start_log -l "alder=$1" -n 1000
	log=$(tail -1 spawned)
	fetch_by "$1" -s 0 -e 500 >first
	[ "$(grep -c '^{"message_type":"entry"' first)" -eq 500 ]
	end_now "$log"
	start_log -l "alder=$1" -n "$2" -f "alder $3"
	code=0
	fetch_by "$1" "${@:4}" >>both 2>>both || code=$?
	end_now "$(tail -1 spawned)"
}

# fetch_by KIND OPTION...: from the log that start_log has started alone, of that kind, within $patience seconds.
fetch_by()
{
	timeout -s TERM "${patience-60}" ct-fetch -u "${log_url}alder/" -K "$log_dir/alder.pem" -t "$1" -d state "${@:2}"
}

# end_now PID: ends that process and waits for its end.
end_now()
{
	kill "$1"
	wait "$1" || :
}

# accused SIZE SIZE: the file both tells of a fork before an entry from 500 on that is not that of the honest log
# alder of that kind, and both signed heads, of these sizes, are kept.
accused()
{
	local forged

	ct-log entries -l alder=rfc6962 -n "$2" | jq -r .leaf_input >truth
	forged=$(grep '^{"message_type":"entry"' both | jq -r '"\(.index) \(.leaf_input)"' |
	    awk 'NR == FNR { truth[FNR - 1] = $0; next } truth[$1] != $2 { print $1; exit }' truth -)
	sed -n "/evidence/q; s/^{\"message_type\":\"entry\".*\"index\":\([0-9]*\),.*/\1/p" both >before
	[ -z "$forged" ] || ! grep -qx "$forged" before
	grep -q evidence both
	jq -e -s --argjson a "$1" --argjson b "$2" 'any(.[].heads; map(.tree_size) == [$a, $b] and
	    (map(.sha256_root_hash) | unique | length == 2) and
	    all(.[]; .tree_head_signature | length > 0))' state/evidence/*/*.json
}

@test 'an issuer that is another or missing is named, and one that is compressed is read' {
	local fault

	rules
	start_log -l alder=tiled -n 60 -F rules
	ct-log entries -l alder=tiled -n 60 | jq -r .extra_data >whole
	# A root has been logged without a chain, which lacks no issuer.
	grep -xn AAAA whole | cut -d : -f 1 >chainless
	for fault in swap-issuer 'status 404' gzip; do
		rules "alder issuer $fault"
		rm -rf fetched state
		fetch_alone -s 0 -o
		is_log tiled 60
		jq -r 'select(.message_type == "entry") | if has("chain_missing") then "" else .extra_data end' \
		    fetched >chains
		if [ "$fault" = gzip ]; then
			cmp whole chains
		else
			grep -n . chains | cut -d : -f 1 | cmp chainless -
		fi
	done
}

@test 'pages and heads that caches keep too long lose nothing' {
	start_log -l alder=rfc6962 -n 100 -r 100 -m 400 -f 'alder get-entries cache 60' \
	    -f 'alder get-sth cache 3'
	timeout 60 ct-fetch -u "${log_url}alder/" -K "$log_dir/alder.pem" -t rfc6962 -s 0 -e 400 -q >fetched
	is_log rfc6962 400
}

@test 'partial tiles that are gone are waited out' {
	start_log -l alder=tiled -n 500 -r 100 -m 768 -f 'alder tile partial status 404'
	timeout 60 ct-fetch -u "${log_url}alder/" -K "$log_dir/alder.pem" -t tiled -s 0 -e 768 -q >fetched
	is_log tiled 768
}

@test 'a log that is not there for a while is found again' {
	local port

	start_log -l alder=rfc6962 -n 300
	port=${log_url##*:} port=${port%/}
	spawn fetch ct-fetch -u "${log_url}alder/" -K "$log_dir/alder.pem" -t rfc6962 -s 0 -e 500
	ln -s fetch.out fetched
	wait_until 20 has_come 300
	kill "$(head -1 spawned)"
	wait_until 20 grep -q warning fetch.err
	start_log -l alder=rfc6962 -n 500 -p "$port"
	ends 60 "$(sed -n 2p spawned)"
	is_log rfc6962 500
}

@test 'a log that becomes readonly is read to its end' {
	start_log -l alder=rfc6962 -n 300 -f 'alder list state readonly'
	fetch_alone -s 0 -o
	is_log rfc6962 300
	run ! grep -E 'warning|error' fetch.err
}

@test 'a tree that is rewound for good takes nothing back, and is told' {
	rules
	start_log -l alder=rfc6962 -n 300 -r 20 -m 600 -F rules
	spawn fetch ct-fetch -u "${log_url}alder/" -K "$log_dir/alder.pem" -t rfc6962 -s 0 -e 600 -d state
	ln -s fetch.out fetched
	wait_until 20 has_come 320
	rules 'alder any rewind 100'
	wait_until 20 grep -qE '(warning|error): .*alder' fetch.err
	rules
	ends 60 "$spawned"
	is_log rfc6962 600
}

@test 'a log that forks between two runs behind its place is told before a forged entry leaves' {
	local kind

	for kind in rfc6962 tiled; do
		forks_between "$kind" 1100 'any fork 700' -o
		accused 1000 1100
		[ "$(grep -c '^{"message_type":"entry"' both)" -eq 600 ]
	done
}

@test 'a log that shows another tree of the same size in the next run is told, and that run ends' {
	local kind

	for kind in rfc6962 tiled; do
		forks_between "$kind" 1000 'any fork 300' -o
		[ "$code" -eq 111 ]
		accused 1000 1000
		run ! grep '^{"message_type":"entry"' both
	done
}

@test 'a log that shows another tree of the same size once in the next run goes on with the first one' {
	local kind

	for kind in rfc6962 tiled; do
		forks_between "$kind" 1000 'head fork 300 times 1' -e 1000
		[ "$code" -eq 0 ]
		accused 1000 1000
		[ "$(grep -c '^{"message_type":"entry"' both)" -eq 500 ]
	done
}

@test 'a log that does not say whether it continues the head of its mark is waited for a minute only' {
	patience=110
	forks_between rfc6962 1100 'get-sth-consistency status 503 retry-after 3600' -o
	[ "$code" -eq 0 ]
	grep -q 'warning: .*whether the head of size 1000 is an earlier one cannot be seen: no answer for a minute' both
	[ "$(grep -c '^{"message_type":"entry"' both)" -eq 600 ]
}

@test 'a log without faults comes out whole, by either protocol' {
	whole honest honest-tiled
	! told honest | grep -E 'warning|error'
}

@test 'short pages lose nothing' {
	whole short-page short-tile
}

@test 'an empty page means: not yet' {
	whole empty-page empty-tile cached-tiles
}

@test 'a page size is found, also when it shrinks' {
	whole aligned-page google-page shrinking-page
}

@test 'entries beyond those asked for are left alone' {
	whole more-entries more-in-tile
}

@test 'an answer that ignores start is caught' {
	whole ignores-start ignores-start-tiled
}

@test 'entries in the wrong order are caught' {
	whole reversed reversed-tiled
}

@test 'a head that goes backwards is a replica, no trouble' {
	whole backwards-head backwards-checkpoint
	run ! told backwards-head
	run ! told backwards-checkpoint
}

@test 'entries that come later than their head are waited for' {
	whole behind-head tiles-behind-head
}

@test 'ranges that are refused are made smaller' {
	whole refused-403 refused-400 refused-408 refused-413 refused-500
}

@test 'a signed leaf goes out without usable extra_data' {
	whole null-extra missing-extra garbage-extra
}

@test 'a tile entry goes out without a usable chain' {
	whole no-chain unknown-chain
	[ "$(issuers unknown-chain)" = '[599,1]' ]
}

@test '429 is waited out, whatever comes with it' {
	whole busy busy-empty
}

@test 'Retry-After is read in every form' {
	whole busy-seconds busy-imf busy-asctime busy-rfc850 busy-utc busy-cet busy-cest
}

@test 'a limiter is learned, even one that counts what it refuses' {
	whole limited limited-counting limited-tiled
}

@test 'errors now and then cost nothing' {
	whole errors errors-tiled reset
}

@test 'HTML with 200 is no answer' {
	whole html html-tiled redirected
}

@test 'a wrong Content-Type does no harm' {
	whole wrong-type
}

@test 'of a cut body, the whole entries are kept' {
	whole cut cut-tile cut-early cut-head
}

@test 'where long bodies are always cut, short ones do' {
	whole cut-always
}

@test 'a body that stops or drips is given up' {
	whole stalled stalled-tile dripping
}

@test 'slow and late answers are waited for' {
	whole slow late chunked
}

@test 'gzip is read wherever it is, said or not' {
	whole unasked-gzip unasked-gzip-tiled unsaid-gzip
}

@test 'a Content-Encoding that is not true is no end' {
	whole untrue-coding untrue-coding-tiled coded-error
}

@test 'bombs and endless bodies are stopped' {
	whole bomb bomb-tiled endless-error endless-page
}

@test 'bytes behind a body are no end' {
	whole trailing trailing-json
}

@test 'tiles that are lost for a while are waited for' {
	whole lost-tile lost-hashes
}

@test 'hash tiles that lie hold nothing up' {
	whole lying-partial lying-hashes
}

@test 'consistency proofs that lie or are refused hold nothing up' {
	whole lying-proof refused-proof missing-proof missing-proof-small-pages cached-proof
}

@test 'a page that was wrong for a while is fetched again' {
	whole flipped-once flipped-once-tiled
}

@test 'of two servers one may be wrong' {
	whole wrong-server wrong-server-tiled
}

@test 'hash tiles that are not there hold nothing up when a head is near' {
	whole no-hashes
}

@test 'a leaf that the log has signed goes out, whatever is in it' {
	altered flipped-signed 300
}

@test 'a leaf that the log has signed goes out, and is told as malformed, though its framing is broken' {
	altered broken-signed 300
	[ "$(ct-parse <"$(records broken-signed)" | jq 'select(.message_type == "malformed") | .index')" = 300 ]
}

@test 'a head that does not verify is asked for again' {
	whole bad-head-once bad-head-once-tiled
}

@test 'a log whose head is too old is told and goes on' {
	whole stale-head
	told stale-head | grep -qE 'warning|error'
}

@test 'one entry that no request brings is left out alone' {
	holed bad-entry bad-first-entry
	told bad-entry | grep -qF 'entry 500 cannot be had'
}

@test 'a tile that is lost for good is left out alone' {
	holed lost-for-good
}

@test 'of a tile with a broken leaf, what is before it goes out' {
	holed broken-signed-tiled
	told broken-signed-tiled | grep -F 'entries 300-511 are left out: ' | grep -q 'RFC 6962\|static-ct-api'
}

@test 'a flipped bit is found, and the rest goes on' {
	holed flipped flipped-tiled two-flipped flipped-first
}

@test 'a leaf hash flipped into the tree is found, and the rest goes on' {
	holed flipped-hash flipped-hash-tiled
}

@test 'leaves that were swapped are found, and the rest goes on' {
	holed swapped swapped-tiled
}

@test 'a leaf that was dropped is found, and the rest goes on' {
	holed dropped
}

@test 'a wrong leaf_index is found, and the rest goes on' {
	holed wrong-index
}

@test 'a head that the log did not sign lets nothing out' {
	caught bad-signature bad-signature-tiled foreign-key foreign-key-tiled
	run ! grep 'answers again' <(told bad-signature)
}

@test 'two roots for one size are told, kept, and no end' {
	caught two-roots two-roots-tiled
}

@test 'a forked tree is caught before a forged entry leaves' {
	caught forked forked-tiled
}

@test 'a head in the future is told' {
	caught future
}

@test 'a log that ended otherwise than its list says is told' {
	caught wrong-final-head
}

@test 'a log that vanishes is told' {
	caught vanished gone
}

@test 'a log without faults is asked for each page once' {
	local page case

	section_of honest
	for page in get-entries tile/data; do
		case=honest
		[ "$page" = get-entries ] || case=honest-tiled
		[ "$(awk -v p="$page" -v c="/$case/" '$7 == p && index($4, c) == 1' \
		    "$BATS_FILE_TMPDIR/whole/requests" | wc -l)" -eq 3 ]
	done
}

@test 'every case of the table has a test' {
	local section case

	for section in whole holes forged; do
		cases "$section" | cut -f 1 | while read -r case; do
			grep -qE "^	(whole|holed|altered|caught) (.* )?$case( |$)" "$BATS_TEST_FILENAME" || echo "$case"
		done
	done >without
	cat without
	[ ! -s without ]
}

@test 'every test of our log, and of hostile entries, has one row in the table, and each row has its test' {
	local file

	for file in logfaults.bats hostile.bats; do
		sed -n "s/^@test ['\"]\(.*\)['\"] {$/\1/p" "$ROOT/tests/bats/$file" | sort >tests
		awk -F ' *[|] *' -v section="## $file" '/^## / { on = $0 == section }
		    on && NF == 5 && $2 != "case" && $2 !~ /^-+/ && $3 != "" && $4 != "" { print $2 }' \
		    "$ROOT/tests/faults.md" | sort >rows
		grep -c '^@test ' "$ROOT/tests/bats/$file" | cmp - <(wc -l <tests)
		diff tests rows
	done
}
