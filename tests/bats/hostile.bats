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
		"$ROOT/scripts/sanitize" "$ROOT/build/asan" ct-parse/ct-parse
		PARSE=$ROOT/build/asan/ct-parse/ct-parse
	fi
	export FILE PARSE
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR
	start_log -l cedar=rfc6962 -s hostile -n 200 -B 25
	curl -fsS "${log_url}cedar/ct/v1/get-entries?start=0&end=199" | jq -c '.entries[]' >"$FILE"
	stop_spawned
	[ "$(wc -l <"$FILE")" -eq 200 ]
}

# hostile COMMAND...: tests/diff/hostile.py
hostile()
{
	python3 "$ROOT/tests/diff/hostile.py" "$@"
}

# survive OPTION...: all of stdin through ct-parse; the records that come out are
# JSON, and with the broken lines they are as many as went in.
survive()
{
	local in=$BATS_TEST_TMPDIR/in out=$BATS_TEST_TMPDIR/out lines records

	cat >"$in"
	lines=$(wc -l <"$in")
	[ "$lines" -gt 0 ]
	{ cat "$in"; echo '{"message_type":"status","stage":"test"}'; } |
	    ASAN_OPTIONS=detect_leaks=0 "$PARSE" "$@" >"$out" 2>"$BATS_TEST_TMPDIR/err"
	hostile judge <"$out"
	records=$(($(wc -l <"$out") - 2))
	tail -1 "$out"
	[ "$(tail -1 "$out" | jq ".entries == $records and .entries + .broken == $lines")" = true ]
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
