# Format calidog against what CaliDog's own servers made of real certificates.

load setup

# Bare entries, one for each certificate of the corpus, and the expectations.
setup_certificates()
{
	skip_without python3
	skip_without_corpus certstream/easyssl-expected.ndjson.gz
	zcat "$CT_CORPUS"/certs/*.ndjson.gz >"$BATS_TEST_TMPDIR/certificates"
	zcat "$CT_CORPUS/certstream/easyssl-expected.ndjson.gz" >"$BATS_TEST_TMPDIR/expected"
	python3 -c '
import base64, json, sys
for line in sys.stdin:
    der = base64.b64decode(json.loads(line)["der"])
    leaf = bytes(12) + len(der).to_bytes(3, "big") + der + bytes(2)
    print(json.dumps({"leaf_input": base64.b64encode(leaf).decode(), "extra_data": "AAAA"}))' \
	    <"$BATS_TEST_TMPDIR/certificates" >"$BATS_TEST_TMPDIR/entries"
}

@test "EasySSL agrees on every field of every certificate, but for its known corruptions" {
	setup_certificates
	ct-parse -f calidog -s lite <"$BATS_TEST_TMPDIR/entries" >"$BATS_TEST_TMPDIR/events"
	run "$ROOT/tests/calidog/easyssl.py" "$BATS_TEST_TMPDIR/certificates" \
	    "$BATS_TEST_TMPDIR/expected" <"$BATS_TEST_TMPDIR/events"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *"fingerprint "*" 8956 agree"* ]]
}

@test "the comparison with EasySSL sees one wrong value" {
	setup_certificates
	ct-parse -f calidog -s lite <"$BATS_TEST_TMPDIR/entries" |
	    sed '100s/"serial_number":"/&1/' >"$BATS_TEST_TMPDIR/events"
	run "$ROOT/tests/calidog/easyssl.py" "$BATS_TEST_TMPDIR/certificates" \
	    "$BATS_TEST_TMPDIR/expected" <"$BATS_TEST_TMPDIR/events"
	[ "$status" -eq 1 ]
	[ "$(grep -c ^unexplained <<<"$output")" -eq 1 ]
}

@test "a parse_error excuses no wrong value of what could be read" {
	setup_certificates
	ct-parse -f calidog -s lite <"$BATS_TEST_TMPDIR/entries" | jq -c '
	    (.data.leaf_cert | select(.parse_error)) |= (.serial_number += "1" |
	        .fingerprint += ":00" | .issuer.C = "wrong" | .all_domains += ["wrong"])' \
	    >"$BATS_TEST_TMPDIR/events"
	jq -r 'select(.leaf_cert).sha256' "$BATS_TEST_TMPDIR/expected" | sort >"$BATS_TEST_TMPDIR/read"
	told=$(paste <(jq -r .sha256 "$BATS_TEST_TMPDIR/certificates") \
	    <(jq '.data.leaf_cert | has("parse_error")' "$BATS_TEST_TMPDIR/events") |
	    sed -n 's/\ttrue$//p' | sort | comm -12 - "$BATS_TEST_TMPDIR/read" | wc -l)
	[ "$told" -gt 0 ]
	run "$ROOT/tests/calidog/easyssl.py" "$BATS_TEST_TMPDIR/certificates" \
	    "$BATS_TEST_TMPDIR/expected" <"$BATS_TEST_TMPDIR/events"
	[ "$status" -eq 1 ]
	for field in serial_number fingerprint issuer.C all_domains; do
		[ "$(grep -c "^unexplained: .* '$field' " <<<"$output")" -eq "$told" ]
	done
}

# captured entries|compare: what tests/calidog/captured.py makes of the captured messages.
captured()
{
	"$ROOT/tests/calidog/captured.py" "$1" "$CT_CORPUS/certstream/captured.ndjson" \
	    "$CT_CORPUS"/certs/*.ndjson.gz
}

# Events of all that can be made anew: four messages with their leaf, four more
# with their chain alone.
setup_captured()
{
	skip_without python3
	skip_without_corpus certstream/captured.ndjson
	captured entries | ct-parse -f calidog >"$BATS_TEST_TMPDIR/events"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/events")" -eq 8 ]
}

@test "captured messages come out as they were, but for what ct-event(5) lists" {
	setup_captured
	run captured compare <"$BATS_TEST_TMPDIR/events"
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(awk '{ n += $(NF - 3) } END { print n }' <<<"$output")" -eq 18 ]
}

@test "the comparison with captured messages sees one wrong value of any kind" {
	setup_captured
	for wrong in '.update_type = "X509LogEntry"' '.cert_index += 1' '.cert_link += "x"' \
	    '.seen += 1' '.source.name += "x"' '.source.url += "x"' '.chain[1].subject.C = "XX"' \
	    '.chain[0].serial_number += "0"' '.chain[0].extensions.keyUsage = "CRL Sign"' \
	    '.leaf_cert.mismatch = "RFC 6962 3.2"'; do
		jq -c "if .data.update_type == \"PrecertLogEntry\" then .data |= ($wrong) else . end" \
		    "$BATS_TEST_TMPDIR/events" >"$BATS_TEST_TMPDIR/wrong"
		run captured compare <"$BATS_TEST_TMPDIR/wrong"
		[ "$status" -eq 1 ]
		[ "$(grep -c ^unexplained <<<"$output")" -eq 3 ]
	done
	sed '1s/"DNS:/&x/' "$BATS_TEST_TMPDIR/events" >"$BATS_TEST_TMPDIR/wrong"
	run captured compare <"$BATS_TEST_TMPDIR/wrong"
	[ "$status" -eq 1 ]
}
