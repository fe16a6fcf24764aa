# Entries as nobody should send them: ct-parse, built with sanitizers where the
# compiler has them, ends none of them badly, writes only JSON, loses no line.

load setup

# Entries of our own log, a line each, in $FILE; and which ct-parse is judged.
setup_file()
{
	FILE=$BATS_FILE_TMPDIR/entries
	PARSE=$ROOT/ct-parse/ct-parse
	if echo 'int main(void) { return 0; }' |
	    cc -fsanitize=address,undefined -x c -o "$BATS_FILE_TMPDIR/probe" - 2>/dev/null; then
		# Not optimized it is built in half the time, and no access that is wrong is optimized away.
		CFLAGS="${CFLAGS-} -O0" "$ROOT/scripts/sanitize" "$ROOT/build/asan" ct-parse/ct-parse
		PARSE=$ROOT/build/asan/ct-parse/ct-parse
	fi
	export FILE PARSE
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR
	start_log -l cedar=rfc6962 -s hostile -n 200 -B 25
	curl -fsS "${log_url}cedar/ct/v1/get-entries?start=0&end=199" | jq -c '.entries[]' >"$FILE"
	stop_spawned
	[ "$(wc -l <"$FILE")" -eq 200 ]
}

setup()
{
	skip_without python3
}

# hostile COMMAND...: tests/diff/hostile.py
hostile()
{
	python3 "$ROOT/tests/diff/hostile.py" "$@"
}

# survive OPTION...: all of stdin through ct-parse; the records that come out are
# JSON, as many as there are entries in what went in. Only what is no entry may be
# broken: it is told with its line, each once, and counted.
survive()
{
	local at=$BATS_TEST_TMPDIR units records told

	cat >"$at/in"
	hostile units <"$at/in" >"$at/units"
	units=$(wc -l <"$at/units")
	[ "$units" -gt 0 ]
	{ cat "$at/in"; echo '{"message_type":"status","stage":"test"}'; } |
	    ASAN_OPTIONS=detect_leaks=0 "$PARSE" "$@" >"$at/out" 2>"$at/err"
	hostile judge <"$at/out"
	records=$(($(wc -l <"$at/out") - 2))
	tail -1 "$at/out"
	sed -n 's/^ct-parse: error: line \([0-9]*\): .*/\1/p' "$at/err" | sort >"$at/told"
	told=$(wc -l <"$at/told")
	sed -n 's/^other //p' "$at/units" | sort | comm -13 - "$at/told" >"$at/lost"
	head "$at/lost"
	[ ! -s "$at/lost" ]
	[ "$(tail -1 "$at/out" | jq ".entries == $records and .broken == $told and
	    .entries + .broken == $units")" = true ]
}

@test "entries that end at every byte" {
	hostile cut <"$FILE" | survive
}

@test "entries with bits changed, in every form and format" {
	hostile flip 20 <"$FILE" >"$BATS_TEST_TMPDIR/flipped"
	survive <"$BATS_TEST_TMPDIR/flipped"
	survive -s lite <"$BATS_TEST_TMPDIR/flipped"
	survive -s domains <"$BATS_TEST_TMPDIR/flipped"
	survive -f calidog <"$BATS_TEST_TMPDIR/flipped"
}

@test "lines that are almost JSON" {
	hostile bend 20 <"$FILE" | survive -q
}

@test "responses with items between that are no entries" {
	hostile respond <"$FILE" >"$BATS_TEST_TMPDIR/responses"
	survive <"$BATS_TEST_TMPDIR/responses"
	survive -s domains <"$BATS_TEST_TMPDIR/responses"
	survive -f calidog <"$BATS_TEST_TMPDIR/responses"
}

@test "an item of a response that is no entry is told, and the next is read" {
	entry=$(head -1 "$FILE")
	for item in null '{}' '[]' 0 '"AAAA"' '{"leaf_input":0,"extra_data":""}' '{"leaf_input":"AAAA"}'; do
		echo "{\"entries\":[$entry,$item,$entry]}" | survive
		[ "$(tail -1 "$BATS_TEST_TMPDIR/out" | jq -c '[.entries,.malformed,.broken]')" = '[2,0,1]' ]
	done
}

@test "an item of a response whose base64 or framing is bad becomes a malformed record" {
	entry=$(head -1 "$FILE")
	for leaf in '' AAAA AAAAA AA=A '~~~~' '\u0000' '//////////8AAA=='; do
		echo "{\"entries\":[$entry,{\"leaf_input\":\"$leaf\",\"extra_data\":\"\"},$entry]}" |
		    survive
		[ "$(tail -1 "$BATS_TEST_TMPDIR/out" | jq -c '[.entries,.malformed,.broken]')" = '[3,1,0]' ]
	done
}

@test "a response that is no JSON from some item on gives what stands before" {
	entry=$(head -1 "$FILE")
	for item in '{' '{"leaf_input":}' nul "$entry$entry" "${entry%??}"; do
		echo "{\"entries\":[$entry,$entry,$item,$entry]}" >"$BATS_TEST_TMPDIR/in"
		echo '{"message_type":"status"}' >>"$BATS_TEST_TMPDIR/in"
		run "$PARSE" -q <"$BATS_TEST_TMPDIR/in"
		[ "$status" -eq 0 ]
		[[ $output == *"ct-parse: error: line 1: RFC 8259"* ]]
		[ "$(tail -1 <<<"$output" | jq '.entries >= 2 and .broken == 1')" = true ]
	done
}

@test "malformed certificates of the corpus" {
	skip_without_corpus malformed.ndjson.gz
	zcat "$CT_CORPUS/malformed.ndjson.gz" | hostile wrap | survive
}

@test "invalid entries of the corpus" {
	skip_without_corpus entries/invalid.ndjson
	survive <"$CT_CORPUS/entries/invalid.ndjson"
}

@test "real entries with bits changed" {
	skip_without_corpus entries/rfc6962.ndjson.gz
	zcat "$CT_CORPUS/entries/rfc6962.ndjson.gz" | awk 'NR % 4 == 0' >"$BATS_TEST_TMPDIR/some"
	hostile flip 3 <"$BATS_TEST_TMPDIR/some" | survive
	hostile cut <"$BATS_TEST_TMPDIR/some" | survive
}
