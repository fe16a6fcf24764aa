#!/usr/bin/env bats
# The faults of our own CT log, each seen with curl. One log runs for all of this file; a
# test writes the rules that it needs, and takes them back by writing others.

bats_require_minimum_version 1.5.0
load setup

# alder speaks RFC 6962 and birch is tiled, with 600 entries each; cedar is both over one tree.
setup_file()
{
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR
	RULES=$BATS_FILE_TMPDIR/rules
	REQUESTS=$BATS_FILE_TMPDIR/requests
	export RULES REQUESTS
	: >"$RULES"
	start_log -n 600 -F "$RULES" -A "$REQUESTS"
}

teardown_file()
{
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR
	stop_spawned
}

setup()
{
	skip_without curl jq openssl
	cd "$BATS_TEST_TMPDIR" || return
	faults
}

# faults RULE...: from now on these rules hold, and no others.
faults()
{
	printf '%s\n' "$@" >rules.new
	mv rules.new "$RULES"
}

# ask PATH OPTION...: the body.
ask()
{
	curl -sS -m 10 "${@:2}" "$log_url$1"
}

# status PATH OPTION...: only the status; 000 when there was none.
status()
{
	curl -s -m 10 -o body -w '%{http_code}' "${@:2}" "$log_url$1"
}

# field NAME PATH OPTION...: what the header of the answer has under that name.
field()
{
	curl -sS -m 10 -D - -o body "${@:3}" "$log_url$2" | tr -d '\r' | sed -n "s/^$1: //Ip"
}

# entries FIRST LAST: the leaves that alder gives, one a line.
entries()
{
	ask "alder/ct/v1/get-entries?start=$1&end=$2" | jq -r '.entries[].leaf_input'
}

# truth FIRST LAST: the leaves that alder has.
truth()
{
	ct-log entries -l alder=rfc6962 -n $(($2 + 1)) | tail -n +$(($1 + 1)) | jq -r .leaf_input
}

# tree_of NAME: size and root in base64 of the head that a log shows by either protocol.
tree_of()
{
	if [ "$1" = birch ]; then
		ask birch/checkpoint | sed -n 2,3p | paste -sd ' '
	else
		ask "$1/ct/v1/get-sth" | jq -r '"\(.tree_size) \(.sha256_root_hash)"'
	fi
}

unhex()
{
	printf '%b' "$(sed 's/../\\x&/g')"
}

# is_signed NAME: the key of the log has signed the head that get-sth shows (RFC 6962 section 3.5).
is_signed()
{
	ask "$1/ct/v1/get-sth" >sth
	jq -r .tree_head_signature sth | base64 -d | tail -c +5 >signature
	{
		printf '0001%016x%016x' "$(jq .timestamp sth)" "$(jq .tree_size sth)" | unhex
		jq -r .sha256_root_hash sth | base64 -d
	} >message
	openssl dgst -sha256 -verify "$log_dir/$1.pem" -signature signature message >/dev/null 2>&1
}

# note_is_signed NAME: one line of its checkpoint is signed by the key of the log (static-ct-api).
note_is_signed()
{
	local line signed=1

	ask "$1/checkpoint" >checkpoint
	while read -r line; do
		line=$(echo "$line" | base64 -d | od -An -v -tx1 | tr -d ' \n')
		{
			printf '0001%s%016x' "${line:8:16}" "$(sed -n 2p checkpoint)" | unhex
			sed -n 3p checkpoint | base64 -d
		} >message
		echo "${line:32}" | unhex >signature
		! openssl dgst -sha256 -verify "$log_dir/$1.pem" -signature signature message \
		    >/dev/null 2>&1 || signed=0
	done < <(sed 1,4d checkpoint | cut -d ' ' -f 3)
	return "$signed"
}

# leaf_hash NAME INDEX: of the entry that get-entries gives, in hex.
leaf_hash()
{
	{
		printf '\0'
		ask "$1/ct/v1/get-entries?start=$2&end=$2" | jq -r '.entries[0].leaf_input' | base64 -d
	} | openssl dgst -sha256 -binary | od -An -v -tx1 | tr -d ' \n'
}

# tree_hash INDEX: what tile/0 of cedar has for it, in hex.
tree_hash()
{
	local width=256

	[ $(($1 / 256)) -lt 2 ] || width=88
	ask "cedar/tile/0/00$(($1 / 256))$([ "$width" = 256 ] || echo .p/88)" |
	    tail -c +$((32 * ($1 % 256) + 1)) | head -c 32 | od -An -v -tx1 | tr -d ' \n'
}

@test 'a rule is only for its log, its endpoint and its entries' {
	faults 'alder get-entries 300-310 status 500' 'birch tile/data partial status 404'
	[ "$(status 'alder/ct/v1/get-entries?start=290&end=300')" = 500 ]
	[ "$(status 'alder/ct/v1/get-entries?start=311&end=320')" = 200 ]
	[ "$(status 'cedar/ct/v1/get-entries?start=290&end=300')" = 200 ]
	[ "$(status alder/ct/v1/get-sth)" = 200 ]
	[ "$(status birch/tile/data/001)" = 200 ]
	[ "$(status birch/tile/data/002.p/88)" = 404 ]
	[ "$(status birch/tile/0/002.p/88)" = 200 ]
}

@test 'a rule counts: after, every, times' {
	local got=

	faults 'alder get-sth status 503 after 2 every 3 times 2'
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		got="$got $(status alder/ct/v1/get-sth)"
	done
	[ "$got" = ' 200 200 503 200 200 503 200 200 200 200' ]
}

@test 'a rule has its time' {
	answers() { [ "$(status alder/ct/v1/get-sth)" = "$1" ]; }
	faults 'alder get-sth status 503 from 1 to 2'
	answers 200
	wait_until 5 answers 503
	wait_until 5 answers 200
}

@test 'a rule can be for some clients only' {
	faults 'alder get-sth status 403 agent robot'
	[ "$(status alder/ct/v1/get-sth -A 'a robot')" = 403 ]
	[ "$(status alder/ct/v1/get-sth)" = 200 ]
}

@test 'a rule that stays in the file goes on counting' {
	faults 'alder get-sth status 503 times 2'
	[ "$(status alder/ct/v1/get-sth)" = 503 ]
	faults '# another rule in front' '' 'birch checkpoint empty' 'alder get-sth status 503 times 2'
	[ "$(status alder/ct/v1/get-sth)" = 503 ]
	[ "$(status alder/ct/v1/get-sth)" = 200 ]
}

@test 'a file with a wrong rule is told and changes nothing' {
	faults 'alder get-sth status 503'
	[ "$(status alder/ct/v1/get-sth)" = 503 ]
	faults 'alder get-sth frobnicate'
	[ "$(status alder/ct/v1/get-sth)" = 503 ]
	grep -q "no such fault: 'alder get-sth frobnicate'" "$BATS_FILE_TMPDIR/ct-log.err"
}

@test 'a wrong rule on the command line ends ct-log with 100' {
	for rule in '' alder 'alder nothing status 500' 'alder any status 99' 'alder any short x' \
	    'alder any short' 'alder any short 1 2' 'alder any 9-8 empty' 'alder any cut x' \
	    'alder any empty times' 'alder any empty maybe' 'alder any extra-data none' \
	    'alder any status 429 retry-after' 'alder list state gone wrong' 'alder any limiter 0'; do
		run ct-log serve -n 0 -f "$rule"
		[ "$status" -eq 100 ]
		[[ $output == *--help ]]
	done
}

@test 'an error has the status and the body that are asked for' {
	faults 'alder get-sth status 500' 'birch checkpoint status 200 html' \
	    'cedar get-sth status 410 json' 'cedar checkpoint status 429 empty'
	[ "$(ask alder/ct/v1/get-sth)" = 'Internal Server Error' ]
	[ "$(status birch/checkpoint)" = 200 ]
	grep -q '^<html>' body
	[ "$(field content-type birch/checkpoint)" = 'text/html; charset=utf-8' ]
	[ "$(status cedar/ct/v1/get-sth)" = 410 ]
	[ "$(jq -r .error body)" = Gone ]
	[ "$(status cedar/checkpoint)" = 429 ]
	[ ! -s body ]
}

@test 'Retry-After comes in every form, and each means the same time' {
	local form value seconds

	for form in imf rfc850 asctime utc cet cest; do
		faults "alder get-sth status 503 retry-after 3600 $form"
		value=$(field retry-after alder/ct/v1/get-sth)
		# asctime has no zone and means GMT (RFC 9110 section 5.6.7); date knows CEST only by its offset.
		[ "$form" != asctime ] || value="$value GMT"
		seconds=$(($(TZ=UTC date -d "${value/CEST/+0200}" +%s) - $(date +%s)))
		[ "$seconds" -gt 3590 ]
		[ "$seconds" -le 3600 ]
	done
	faults 'alder get-sth status 429 html retry-after 30'
	[ "$(field retry-after alder/ct/v1/get-sth)" = 30 ]
	grep -q '^<html>' body
	faults 'alder get-sth status 429'
	[ -z "$(field retry-after alder/ct/v1/get-sth)" ]
}

@test 'a redirect leads elsewhere' {
	faults 'alder get-sth status 302 location http://elsewhere.example/'
	[ "$(field location alder/ct/v1/get-sth)" = http://elsewhere.example/ ]
}

@test 'a limiter answers so many requests of a client, all logs together' {
	faults '* any limiter 3 429 html retry-after 7'
	[ "$(status alder/ct/v1/get-sth)" = 200 ]
	[ "$(status birch/checkpoint)" = 200 ]
	[ "$(status alder/ct/v1/get-sth)" = 200 ]
	[ "$(status alder/ct/v1/get-sth)" = 429 ]
	[ "$(field retry-after birch/checkpoint)" = 7 ]
	[ "$(status alder/ct/v1/get-sth --interface 127.0.0.2)" = 200 ]
}

@test 'a refused request counts against a limiter only where that is asked for' {
	faults 'alder get-sth limiter 1 per 3' 'cedar get-sth limiter 1 per 3 counting'
	[ "$(status alder/ct/v1/get-sth)$(status cedar/ct/v1/get-sth)" = 200200 ]
	sleep 2
	[ "$(status alder/ct/v1/get-sth)$(status cedar/ct/v1/get-sth)" = 429429 ]
	sleep 1.5
	[ "$(status alder/ct/v1/get-sth)$(status cedar/ct/v1/get-sth)" = 200429 ]
}

@test 'a range over the limit is refused' {
	faults 'alder get-entries limit 64 413'
	[ "$(status 'alder/ct/v1/get-entries?start=0&end=63')" = 200 ]
	[ "$(status 'alder/ct/v1/get-entries?start=0&end=64')" = 413 ]
	faults 'alder get-entries limit 64'
	[ "$(status 'alder/ct/v1/get-entries?start=0&end=64')" = 400 ]
}

@test 'a cache gives the first answer again, until it is old' {
	local first

	faults 'alder get-sth-consistency cache 2'
	first=$(ask 'alder/ct/v1/get-sth-consistency?first=10&second=20')
	faults 'alder get-sth-consistency cache 2' 'alder get-sth-consistency flip-hash 0'
	[ "$(ask 'alder/ct/v1/get-sth-consistency?first=10&second=20')" = "$first" ]
	[ "$(ask 'alder/ct/v1/get-sth-consistency?first=10&second=21')" != "$first" ]
	changed() { [ "$(ask 'alder/ct/v1/get-sth-consistency?first=10&second=20')" != "$first" ]; }
	wait_until 5 changed
}

@test 'a cache can ignore the query' {
	local first

	faults 'alder get-sth-consistency cache 60 path'
	first=$(ask 'alder/ct/v1/get-sth-consistency?first=10&second=20')
	[ "$(ask 'alder/ct/v1/get-sth-consistency?first=11&second=30')" = "$first" ]
}

@test 'pages can be short, empty, long, displaced and in reverse' {
	faults 'alder page short 3'
	entries 10 19 | diff - <(truth 10 12)
	faults 'alder page empty'
	[ "$(ask 'alder/ct/v1/get-entries?start=10&end=19')" = '{"entries":[]}' ]
	faults 'alder page more 2'
	entries 10 19 | diff - <(truth 10 21)
	faults 'alder page ignore-start'
	entries 10 19 | diff - <(truth 0 9)
	faults 'alder page ignore-start 30'
	entries 10 19 | diff - <(truth 30 39)
	faults 'alder page reverse'
	entries 10 19 | diff - <(truth 10 19 | tac)
}

@test 'data tiles can be short, empty, long, displaced and in reverse' {
	ask birch/tile/data/000.p/1 --compressed >one
	ask birch/tile/data/000.p/2 --compressed >two
	ask birch/tile/data/000 --compressed >full
	tail -c +$(($(wc -c <one) + 1)) two | cat - one >reversed
	faults 'birch page short 2'
	ask birch/tile/data/000 --compressed | cmp - two
	faults 'birch page empty'
	[ "$(status birch/tile/data/000)" = 200 ]
	[ "$(gzip -dc <body | wc -c)" -eq 0 ]
	faults 'birch page more 1'
	ask birch/tile/data/000.p/1 --compressed | cmp - two
	faults 'birch page ignore-start'
	ask birch/tile/data/001 --compressed | cmp - full
	faults 'birch page reverse'
	ask birch/tile/data/000.p/2 --compressed | cmp - reversed
}

@test 'the page size can shrink' {
	faults 'alder get-entries page 32'
	[ "$(entries 0 255 | wc -l)" -eq 32 ]
	[ "$(entries 10 255 | wc -l)" -eq 22 ]
}

@test 'cached tiles end at 256, and have no entry beyond what is cached' {
	faults 'alder get-entries cached-tiles 20'
	[ "$(entries 250 511 | wc -l)" -eq 6 ]
	[ "$(entries 512 599 | wc -l)" -eq 68 ]
	[ "$(ask 'alder/ct/v1/get-entries?start=580&end=599')" = '{"entries":[]}' ]
}

@test 'extra_data can be null, missing or garbage for one entry' {
	extra() { ask 'alder/ct/v1/get-entries?start=49&end=51' | jq -c "$1"; }
	faults 'alder page 50 extra-data null'
	[ "$(extra '[.entries[].extra_data | type]')" = '["string","null","string"]' ]
	faults 'alder page 50 extra-data missing'
	[ "$(extra '[.entries[] | has("extra_data")]')" = '[true,false,true]' ]
	faults 'alder page 50 extra-data garbage'
	extra '.entries[1].extra_data' | grep -q '^"//*=*"$'
	extra '[.entries[].leaf_input]' | diff - <(truth 49 51 | jq -R . | jq -sc .)
}

@test 'a replica that is behind shows an older head, and refuses what it lacks' {
	faults 'alder any behind 100' 'birch any behind 100'
	[ "$(tree_of alder | cut -d ' ' -f 1)" -eq 500 ]
	is_signed alder
	[ "$(status 'alder/ct/v1/get-entries?start=500&end=510')" = 400 ]
	[ "$(entries 490 510 | wc -l)" -eq 10 ]
	[ "$(tree_of birch | cut -d ' ' -f 1)" -eq 500 ]
	[ "$(status birch/tile/data/002.p/88)" = 404 ]
	[ "$(status birch/tile/data/001.p/244)" = 200 ]
}

@test 'an older head is consistent with the newest one' {
	faults 'cedar get-sth behind 88'
	ask 'cedar/tile/0/000' >hashes
	ask 'cedar/tile/0/001' >>hashes
	[ "$(ct-log tree <hashes)" = "$(tree_of cedar | while read -r size root; do
		echo "$size $(echo "$root" | base64 -d | od -An -v -tx1 | tr -d ' \n')"
	done)" ]
}

@test 'heads can be of another time, and are signed all the same' {
	local now

	now=$(date +%s)
	faults 'alder head future 3600'
	[ $(($(ask alder/ct/v1/get-sth | jq .timestamp) / 1000 - now)) -gt 3500 ]
	is_signed alder
	faults 'alder head stale 90000'
	[ $((now - $(ask alder/ct/v1/get-sth | jq .timestamp) / 1000)) -gt 89000 ]
	is_signed alder
}

@test 'heads can be signed badly, or by another key' {
	is_signed alder
	note_is_signed birch
	faults 'alder head bad-signature'
	run ! is_signed alder
	faults 'alder head foreign-key'
	run ! is_signed alder
	faults 'birch head bad-signature'
	run ! note_is_signed birch
	faults 'birch head foreign-key'
	run ! note_is_signed birch
}

@test 'a flipped leaf differs from the tree, unless that was signed over it' {
	[ "$(leaf_hash cedar 300)" = "$(tree_hash 300)" ]
	faults 'cedar any flip-leaf 300'
	[ "$(leaf_hash cedar 300)" != "$(tree_hash 300)" ]
	[ "$(leaf_hash cedar 301)" = "$(tree_hash 301)" ]
	faults 'cedar any flip-leaf 300 signed'
	[ "$(leaf_hash cedar 300)" = "$(tree_hash 300)" ]
	is_signed cedar
}

@test 'a flipped hash is signed into the tree, and the leaf is whole' {
	local honest leaf

	honest=$(tree_of cedar) leaf=$(leaf_hash cedar 300)
	faults 'cedar any flip-hash 300'
	[ "$(tree_of cedar)" != "$honest" ]
	is_signed cedar
	[ "$(leaf_hash cedar 300)" = "$leaf" ]
	[ "$(tree_hash 300)" != "$leaf" ]
}

@test 'a rule for one endpoint alone makes that one lie' {
	local honest

	honest=$(tree_of cedar)
	faults 'cedar tile/0 flip-hash 300'
	[ "$(tree_of cedar)" = "$honest" ]
	[ "$(leaf_hash cedar 300)" != "$(tree_hash 300)" ]
	faults 'cedar get-sth-consistency flip-hash 300'
	ask 'cedar/ct/v1/get-sth-consistency?first=256&second=512' >lie
	faults
	ask 'cedar/ct/v1/get-sth-consistency?first=256&second=512' >truth
	[ "$(jq '.consistency | length' lie)" -eq "$(jq '.consistency | length' truth)" ]
	run ! cmp -s truth lie
}

@test 'a leaf can be dropped and two can be swapped' {
	faults 'alder any drop-leaf 300'
	entries 298 303 | diff - <(truth 298 299; truth 301 304)
	[ "$(entries 500 515)" = "$(truth 501 511; truth 511 515)" ]
	faults 'alder any swap-leaves 300 301'
	entries 299 302 | diff - <(truth 299 299; truth 301 301; truth 300 300; truth 302 302)
}

@test 'a leaf_index can be wrong, and framing can be broken' {
	leaf() { ask 'cedar/ct/v1/get-entries?start=300&end=300' | jq -r '.entries[0].leaf_input' | base64 -d; }
	leaf >whole
	faults 'cedar any leaf-index 300 77'
	[ "$(leaf | tail -c 8 | od -An -tx1)" = ' 00 00 05 00 00 00 00 4d' ]
	[ "$(leaf | head -c -8 | cmp - <(head -c -8 whole))" = '' ]
	faults 'cedar any break-leaf 300'
	leaf | od -An -v -tx1 | tr -d ' \n' | grep -q ffffff
	[ "$(leaf | wc -c)" -eq "$(wc -c <whole)" ]
}

@test 'a fork has the same past and another end, and both heads are signed' {
	local honest

	honest=$(tree_of alder)
	faults 'alder any fork 300 agent victim'
	[ "$(tree_of alder)" = "$honest" ]
	ask alder/ct/v1/get-sth -A victim >forged
	[ "$(jq .tree_size forged)" -eq 600 ]
	[ "$(jq -r .sha256_root_hash forged)" != "${honest#* }" ]
	faults 'alder any fork 300'
	is_signed alder
	entries 290 299 | diff - <(truth 290 299)
	[ "$(entries 300 300)" != "$(truth 300 300)" ]
}

@test 'a rewound tree is small and newly signed' {
	local before

	before=$(ask alder/ct/v1/get-sth | jq .timestamp)
	faults 'alder any rewind 100'
	[ "$(tree_of alder | cut -d ' ' -f 1)" -eq 100 ]
	is_signed alder
	[ "$(jq .timestamp sth)" -ge "$before" ]
	[ "$(status 'alder/ct/v1/get-entries?start=100&end=110')" = 400 ]
}

@test 'a body can be cut, at a byte, at a part of it, or ever later' {
	local whole

	whole=$(ask alder/ct/v1/get-sth)
	faults 'alder get-sth cut 20'
	run curl -s "${log_url}alder/ct/v1/get-sth"
	[ "$status" -eq 18 ]
	[ "$output" = "${whole:0:20}" ]
	faults 'alder get-sth cut 50%'
	[ "$(curl -s "${log_url}alder/ct/v1/get-sth" | wc -c)" -eq $((${#whole} / 2)) ]
	faults 'alder get-sth cut-walk 7'
	[ "$(curl -s "${log_url}alder/ct/v1/get-sth" | wc -c)" -eq 0 ]
	[ "$(curl -s "${log_url}alder/ct/v1/get-sth" | wc -c)" -eq 7 ]
	[ "$(curl -s "${log_url}alder/ct/v1/get-sth" | wc -c)" -eq 14 ]
}

@test 'an answer can stop before or within its body, and be reset' {
	faults 'alder get-sth stall'
	run curl -s -m 1 "${log_url}alder/ct/v1/get-sth"
	[ "$status" -eq 28 ]
	[ -z "$output" ]
	faults 'alder get-sth stall 20'
	run curl -s -N -m 1 "${log_url}alder/ct/v1/get-sth"
	[ "$status" -eq 28 ]
	[ "${#output}" -eq 20 ]
	faults 'alder get-sth reset'
	run curl -s -m 5 "${log_url}alder/ct/v1/get-sth"
	[ "$status" -eq 56 ]
}

@test 'an answer can be late and slow' {
	took() { curl -s -o body -w "%{$1}" "${log_url}alder/ct/v1/get-sth" | cut -d . -f 1; }
	faults 'alder get-sth latency 1000'
	[ "$(took time_starttransfer)" -ge 1 ]
	faults 'alder get-sth drip 100 500'
	[ "$(took time_total)" -ge 1 ]
	jq -e .tree_size body
}

@test 'a body can be endless' {
	faults 'alder get-sth status 500 html' 'alder get-sth endless'
	[ "$(curl -s "${log_url}alder/ct/v1/get-sth" | head -c 1000000 | wc -c)" -eq 1000000 ]
}

# An answer that is the same at any time: a head is signed anew every few seconds.
always='alder/ct/v1/get-sth-consistency?first=10&second=20'

@test 'a chunked body is whole' {
	local whole

	whole=$(ask "$always")
	faults 'alder get-sth-consistency chunked'
	[ "$(ask "$always")" = "$whole" ]
	[ "$(field transfer-encoding "$always")" = chunked ]
}

@test 'a coding can be unasked for, unsaid or untrue' {
	ask "$always" >plain
	faults 'alder get-sth-consistency gzip'
	[ "$(field content-encoding "$always")" = gzip ]
	gzip -dc <body | cmp - plain
	faults 'alder get-sth-consistency gzip unsaid'
	[ -z "$(field content-encoding "$always")" ]
	gzip -dc <body | cmp - plain
	faults 'alder get-sth-consistency coding gzip'
	[ "$(field content-encoding "$always")" = gzip ]
	cmp body plain
	faults 'alder get-sth-consistency status 429 html' 'alder get-sth-consistency coding br'
	[ "$(field content-encoding "$always")" = br ]
	grep -q '^<html>' body
}

@test 'a small body can grow to a large one' {
	faults 'alder get-entries bomb 30'
	[ "$(field content-encoding 'alder/ct/v1/get-entries?start=0&end=9')" = gzip ]
	[ "$(wc -c <body)" -lt 100000 ]
	[ "$(gzip -dc <body | wc -c)" -eq $((30 * 1048576)) ]
}

@test 'a type can be wrong, and bytes can follow the body' {
	ask birch/tile/0/000 >plain
	faults 'birch tile/0 type text/html' 'birch tile/0 trailing 3'
	[ "$(field content-type birch/tile/0/000)" = text/html ]
	[ "$(tail -c +8193 body | od -An -tx1)" = ' ff ff ff' ]
	head -c 8192 body | cmp - plain
}

@test 'an issuer can be another, missing or compressed' {
	local print

	print=$(ask birch/tile/data/000.p/1 --compressed | tail -c 32 | od -An -v -tx1 | tr -d ' \n')
	ask "birch/issuer/$print" >der
	[ "$(openssl dgst -sha256 -r der | cut -d ' ' -f 1)" = "$print" ]
	faults 'birch issuer swap-issuer'
	ask "birch/issuer/$print" >other
	openssl x509 -inform der -in other -noout
	run ! cmp -s der other
	faults 'birch issuer gzip'
	ask "birch/issuer/$print" | gzip -dc | cmp - der
	faults 'birch issuer status 404'
	[ "$(status "birch/issuer/$print")" = 404 ]
}

@test 'the list says what became of a log, and is signed anew' {
	local before head

	state() { ask log_list.json | jq -c '[.operators[] | (.logs + .tiled_logs)[] | select(.description | contains("alder")).state][0]'; }
	before=$(ask log_list.json | jq -r .log_list_timestamp)
	head=$(ask alder/ct/v1/get-sth | jq -r .sha256_root_hash)
	faults 'alder list state readonly'
	[ "$(state | jq -r .readonly.final_tree_head.sha256_root_hash)" = "$head" ]
	[ "$(state | jq -r .readonly.final_tree_head.tree_size)" -eq 600 ]
	[[ $(ask log_list.json | jq -r .log_list_timestamp) > $before ]]
	ask log_list.json >list
	ask log_list.sig >list.sig
	openssl dgst -sha256 -verify "$log_dir/list-key.pem" -signature list.sig list
	faults 'alder list state readonly wrong'
	[ "$(state | jq -r .readonly.final_tree_head.sha256_root_hash)" != "$head" ]
	faults 'alder list state retired'
	[ "$(state | jq -r 'keys[0]')" = retired ]
	faults 'alder list state gone'
	[ "$(state)" = null ]
}

@test 'the list of requests has a line for each, with what it brought' {
	faults
	: >"$REQUESTS"
	ask 'alder/ct/v1/get-entries?start=0&end=9' >page
	ask 'birch/tile/data/000' >tile
	status nowhere
	faults 'alder get-sth reset'
	status alder/ct/v1/get-sth || :
	all() { [ "$(wc -l <"$REQUESTS")" -eq 4 ]; }
	wait_until 5 all
	cut -d ' ' -f 3- "$REQUESTS" | diff - <(
		echo "GET /alder/ct/v1/get-entries?start=0&end=9 200 $(wc -c <page) get-entries 10"
		echo "GET /birch/tile/data/000 200 $(wc -c <tile) tile/data 256"
		echo "GET /nowhere 404 19 - 0"
		echo "GET /alder/ct/v1/get-sth 0 0 get-sth 0"
	)
	cut -d ' ' -f 1,2 "$REQUESTS" | grep -Eqx '[0-9]+\.[0-9]{3} [0-9]+'
}

@test 'ct-log entries prints what get-entries gives' {
	ct-log entries -l alder=rfc6962 -n 256 | jq -c '[.leaf_input, .extra_data]' >printed
	ask 'alder/ct/v1/get-entries?start=0&end=255' |
	    jq -c '.entries[] | [.leaf_input, .extra_data]' | cmp - printed
	[ "$(ct-log entries -l alder=rfc6962 -n 3 | jq -s -c '[.[].index]')" = '[0,1,2]' ]
}

@test 'each log can have a size and a rate of its own' {
	BATS_FILE_TMPDIR=$BATS_TEST_TMPDIR
	start_log -l alder=rfc6962:3,birch=tiled:5:50,cedar=both -n 7 -m 20
	size() { [ "$(tree_of "$1" | cut -d ' ' -f 1)" -eq "$2" ]; }
	wait_until 10 size birch 20
	size alder 3
	size cedar 7
}

@test 'logs can hold the same entries, each with a key and a growth of its own' {
	BATS_FILE_TMPDIR=$BATS_TEST_TMPDIR
	start_log -S -l alder=rfc6962:9,dill=rfc6962:5:50,birch=tiled -n 7 -m 9
	grown() { [ "$(tree_of dill)" = "$(tree_of alder)" ]; }
	wait_until 10 grown
	is_signed dill
	is_signed alder
	run ! cmp -s "$log_dir/alder.pem" "$log_dir/dill.pem"
	[ "$(tree_of birch | cut -d ' ' -f 1)" -eq 7 ]
}

@test 'logs can be spread over addresses of loopback' {
	BATS_FILE_TMPDIR=$BATS_TEST_TMPDIR
	start_log -l alder=rfc6962,birch=tiled,cedar=both -n 7 -H 2
	jq -r '.operators[] | (.logs + .tiled_logs)[] | .url // .monitoring_url' "$log_dir/log_list.json" |
	    cut -d / -f 3 | cut -d : -f 1 | sort | uniq -c | awk '{ print $1, $2 }' |
	    diff - <(printf '2 127.0.0.1\n1 127.0.0.2\n')
	[ "$(curl -fsS "${log_url/127.0.0.1/127.0.0.2}birch/checkpoint" | head -1)" = \
	    "$(cut -d / -f 3 <<<"${log_url/127.0.0.1/127.0.0.2}")/birch" ]
}

@test 'ct-log faults tells all that can go wrong' {
	ct-log faults >list
	for fault in status limit limiter cache behind flip-hash fork cut stall state; do
		grep -q "^$fault\b" list
	done
}
