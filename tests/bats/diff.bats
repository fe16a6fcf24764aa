# lib/event against OpenSSL, member by member; the table is shown when it fails.

load setup

openssl_agrees()
{
	"$ROOT/tests/diff/openssl"
}

@test "certificates of our own log read and print as OpenSSL does it, broken ones too" {
	start_log -l cedar=rfc6962 -s diff -n 2000 -B 10
	for start in 0 256 512 768 1024 1280 1536 1792; do
		curl -fsS "${log_url}cedar/ct/v1/get-entries?start=$start&end=$((start + 255))" |
		    jq -c '.entries[]'
	done >"$BATS_TEST_TMPDIR/entries"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/entries")" -eq 2000 ]
	openssl_agrees <"$BATS_TEST_TMPDIR/entries"
	ct-parse -f calidog <"$BATS_TEST_TMPDIR/entries" >"$BATS_TEST_TMPDIR/events"
	"$ROOT/tests/diff/print" <"$BATS_TEST_TMPDIR/events"
	"$ROOT/tests/diff/order" <"$BATS_TEST_TMPDIR/events"
}

@test "certificates of the corpus read as OpenSSL reads them" {
	skip_without_corpus certs/suite.ndjson.gz
	zcat "$CT_CORPUS"/certs/*.ndjson.gz >"$BATS_TEST_TMPDIR/certificates"
	run openssl_agrees <"$BATS_TEST_TMPDIR/certificates"
	echo "$output"
	[ "$status" -eq 0 ]
	# All that OpenSSL reads is shown.
	[[ $output != *"ct-parse says in parse_error"* ]]
}

@test "entries of the corpus read as OpenSSL reads them, with their chains" {
	skip_without_corpus entries/rfc6962.ndjson.gz
	zcat "$CT_CORPUS/entries/rfc6962.ndjson.gz" | openssl_agrees
}

@test "extensions of the corpus print as OpenSSL prints them, but for listed departures" {
	skip_without python3
	skip_without_corpus certs/suite.ndjson.gz
	zcat "$CT_CORPUS"/certs/*.ndjson.gz | python3 "$ROOT/tests/diff/hostile.py" wrap |
	    ct-parse -f calidog | "$ROOT/tests/diff/print"
}

@test "aggregated and all_domains of format calidog are in the order of the certificate" {
	skip_without python3
	skip_without_corpus certs/suite.ndjson.gz
	zcat "$CT_CORPUS"/certs/*.ndjson.gz | python3 "$ROOT/tests/diff/hostile.py" wrap |
	    ct-parse -f calidog >"$BATS_TEST_TMPDIR/events"
	"$ROOT/tests/diff/order" <"$BATS_TEST_TMPDIR/events"
	zcat "$CT_CORPUS/entries/rfc6962.ndjson.gz" | ct-parse -f calidog | "$ROOT/tests/diff/order"
}

@test "the comparison of order sees two names that change places" {
	ct-parse -f calidog <"$ROOT/tests/data/entries.ndjson" >"$BATS_TEST_TMPDIR/events"
	"$ROOT/tests/diff/order" <"$BATS_TEST_TMPDIR/events"
	for swap in '.all_domains |= (.[1:] + .[:1])' \
	    '.subject.aggregated |= ("/" + (.[1:] | split("/") | reverse | join("/")))' \
	    '.issuer.aggregated |= ("/" + (.[1:] | split("/") | reverse | join("/")))'; do
		run "$ROOT/tests/diff/order" < <(jq -c ".data.leaf_cert |= ($swap)" \
		    "$BATS_TEST_TMPDIR/events")
		[ "$status" -eq 1 ]
	done
}

@test "quotes, big numbers and OIDs with names print as OpenSSL prints them, without exception" {
	skip_without python3
	python3 "$ROOT/tests/diff/hostile.py" wrap <"$ROOT/tests/data/texts.ndjson" |
	    ct-parse -f calidog | "$ROOT/tests/diff/print" >"$BATS_TEST_TMPDIR/table"
	awk '$1 ~ /^[a-z].*[A-Za-z]$/ && NF == 4 { same += $2; not += $3 } END { exit !(same == 6 && not == 0) }' \
	    "$BATS_TEST_TMPDIR/table"
}
