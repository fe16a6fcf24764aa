# ct-parse: the filter as its users call it.

load setup

# A bare entry whose certificate is no certificate, but whose framing is right.
odd='{"leaf_input":"AAAAAAGLz+VoewAAAAABAAAA","extra_data":"AAAA"}'

@test "help and version go to stdout with 0" {
	run ct-parse --help
	[ "$status" -eq 0 ]
	[[ $output == "usage: ct-parse"* ]]
	run ct-parse -V
	[ "$status" -eq 0 ]
	[[ $output =~ ^ct-parse\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
}

@test "a wrong call ends with 100 and says what to do" {
	run ct-parse --no-such-option
	[ "$status" -eq 100 ]
	[[ $output == *"try ct-parse --help"* ]]
	run ct-parse -s everything
	[ "$status" -eq 100 ]
	[[ $output == *"full, lite or domains"* ]]
	run ct-parse -f rust
	[ "$status" -eq 100 ]
	[[ $output == *"go or calidog"* ]]
	run ct-parse file.ndjson
	[ "$status" -eq 100 ]
	[[ $output == *"on stdin"* ]]
}

@test "a bare entry becomes an event that names what is wrong with it" {
	run ct-parse <<<"$odd"
	[ "$status" -eq 0 ]
	[ "$(jq -r .message_type <<<"$output")" = certificate_update ]
	[[ $(jq -r .data.leaf_cert.parse_error <<<"$output") == "RFC 5280"* ]]
}

@test "control records pass unchanged and in their place" {
	printf '%s\n' '{"message_type":"head","x":1}' "$odd" '{"message_type":"mark","logs":[]}' |
	    ct-parse -s domains >"$BATS_TEST_TMPDIR/out"
	run cat "$BATS_TEST_TMPDIR/out"
	[ "${lines[0]}" = '{"message_type":"head","x":1}' ]
	[ "${lines[1]}" = '{"data":[],"message_type":"dns_entries"}' ]
	[ "${lines[2]}" = '{"message_type":"mark","logs":[]}' ]
}

@test "a status record is followed by that of ct-parse" {
	run ct-parse <<<"$odd"$'\n''{"message_type":"status","stage":"ct-fetch"}'
	[ "${#lines[@]}" -eq 3 ]
	[ "$(jq -c '[.stage,.entries,.malformed,.passed]' <<<"${lines[2]}")" = '["ct-parse",1,0,1]' ]
}

@test "CRLF, spaces and a last line without newline are taken" {
	run bash -c "printf '%s\r\n  %s' '$odd' '$odd' | ct-parse | wc -l"
	[ "$output" -eq 2 ]
}

@test "a whole get-entries response on one line gives an event an entry" {
	run bash -c "printf '{\"entries\":[%s, %s ,%s]}\n' '$odd' '$odd' '$odd' | ct-parse | wc -l"
	[ "$output" -eq 3 ]
}

@test "a response with long chains is written as it is read, not held in memory" {
	local chain item
	(ulimit -v 120000 && ct-parse -V >/dev/null 2>&1) || skip "a sanitizer takes more than that"
	chain=$(printf 'AAAA%.0s' {1..1000})	# of certificates of no bytes; its length is AAu4
	item="{\"leaf_input\":\"AAAAAAGLz+VoewAAAAABAAAA\",\"extra_data\":\"AAu4$chain\"}"
	{ printf '{"entries":[%s' "$item"; yes ",$item" | head -300; echo ']}'; } |
	    tr -d '\n' >"$BATS_TEST_TMPDIR/in"
	# 200 MB of events, and libraries for most of what is allowed.
	run bash -c "ulimit -v 120000; ct-parse <'$BATS_TEST_TMPDIR/in' | wc -l"
	[ "$output" -eq 301 ]
}

@test "an entry whose framing is broken becomes a malformed record with its bytes" {
	run ct-parse <<<'{"index":9,"source":{"name":"L"},"leaf_input":"AAAA","extra_data":""}'
	[ "$status" -eq 0 ]
	[ "$(jq -c '[.message_type,.index,.source.name,.leaf_input]' <<<"$output")" = \
	    '["malformed",9,"L","AAAA"]' ]
	[[ $(jq -r .reason <<<"$output") == "RFC 6962 3.4"* ]]
}

@test "a line that is no record is told with its number and left out" {
	run ct-parse <<<"$odd"$'\nhello\n'"$odd"
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 3 ]
	[[ $output == *"ct-parse: error: line 2: RFC 8259"*"left out"* ]]
}

@test "strict stops with 1 at the first malformed entry, behind what came before" {
	run ct-parse -x <<<"$odd"$'\n{"leaf_input":"AAAA","extra_data":""}\n'"$odd"
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 3 ]
	[[ $output == *"line 2: RFC 6962"* ]]
}

@test "a line above 16 MiB is told and left out, the next is read" {
	run bash -c "{ head -c 17000000 /dev/zero | tr '\0' x; echo; echo '$odd'; } | ct-parse -s domains"
	[ "$status" -eq 0 ]
	[[ $output == *"line 1: longer than 16 MiB"* ]]
	[ "${lines[-1]}" = '{"data":[],"message_type":"dns_entries"}' ]
}

@test "a reader that leaves early ends it with 0" {
	run bash -c "set -o pipefail; yes '$odd' | head -100000 | ct-parse 2>&1 | head -1 | wc -l
	    echo \${PIPESTATUS[2]}"
	[ "${lines[1]}" -eq 0 ]
}

@test "a stdout that does not block is waited for" {
	skip_without python3
	yes "$odd" | head -2000 >"$BATS_TEST_TMPDIR/in"
	run python3 -c '
import os, subprocess, sys, time
r, w = os.pipe()
os.set_blocking(w, False)
p = subprocess.Popen(["ct-parse"], stdin=open(sys.argv[1]), stdout=w)
os.close(w)
time.sleep(0.3)
print(open(r, "rb").read().count(b"\n"), p.wait())' "$BATS_TEST_TMPDIR/in"
	[ "$output" = "2000 0" ]
}

@test "a response that breaks off gives what stands before the break" {
	run ct-parse <<<"{\"entries\":[$odd,$odd,{\"leaf_input\":}]}"
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 3 ]
	[[ $output == *"RFC 8259"*"the rest of the line is left out"* ]]
}

@test "an item that is no entry is told and left out, and what is behind it is read" {
	run ct-parse <<<"{\"entries\":[$odd,null,{\"leaf_input\":\"\"},$odd]}"
	[ "$status" -eq 0 ]
	[ "$(grep -c certificate_update <<<"$output")" -eq 2 ]
	[ "$(grep -c "line 1: RFC 6962 4.6: .*; the item is left out" <<<"$output")" -eq 2 ]
}

# response COUNT: COUNT entries as one line, which is 20 MB for 20000.
response()
{
	awk -v odd="$odd" -v count="$1" -v fill="$(printf '%01000d' 0)" 'BEGIN {
		printf "{\"entries\":["
		for (i = 0; i < count; i++)
			printf "%s%s", i == 0 ? "" : ",{\"x\":\"" fill "\"" ",", i == 0 ? odd : substr(odd, 2)
		print "]}"
	}'
}

@test "a response of any length is read as it comes, in little memory" {
	skip_without python3
	[ -z "${EMULATOR-}" ] || skip "the memory would be that of $EMULATOR"
	response 20000 >"$BATS_TEST_TMPDIR/in"
	[ "$(wc -c <"$BATS_TEST_TMPDIR/in")" -gt $((16 << 20)) ]
	run python3 - "$BATS_TEST_TMPDIR/in" "$ROOT/ct-parse/ct-parse" <<-'EOF'
		import resource, subprocess, sys
		out = subprocess.run([sys.argv[2], '-s', 'lite'], stdin=open(sys.argv[1]),
		    stdout=subprocess.PIPE, check=True).stdout
		print(out.count(b'\n'), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
	EOF
	echo "$output"
	[ "$status" -eq 0 ]
	[ "${output% *}" -eq 20000 ]
	[ "${output#* }" -lt 16000 ]
}

# beside PAD FIRST: a response of more than 16 MiB, PAD bytes in front of its
# entries and FIRST in the first of them.
beside()
{
	python3 - "$1" "$2" <<-'EOF'
		import sys
		pad, first = map(int, sys.argv[1:])
		small = ',{"leaf_input":"AAAA","extra_data":"AAAA"}'
		print('{"pad":"%s","entries":[{"leaf_input":"%s","extra_data":"AAAA"}%s]}' % (
		    'x' * pad, 'A' * first, small * 450000))
	EOF
}

@test "a response is read as it comes whatever stands before its entries, and however long the first is" {
	skip_without python3
	beside 300000 4 >"$BATS_TEST_TMPDIR/in"
	[ "$(wc -c <"$BATS_TEST_TMPDIR/in")" -gt $((16 << 20)) ]
	[ "$(ct-parse -q <"$BATS_TEST_TMPDIR/in" | wc -l)" -eq 450001 ]
	beside 0 400000 >"$BATS_TEST_TMPDIR/in"
	[ "$(ct-parse -q <"$BATS_TEST_TMPDIR/in" | wc -l)" -eq 450001 ]
	beside 5000000 5000000 >"$BATS_TEST_TMPDIR/in"
	[ "$(ct-parse -q <"$BATS_TEST_TMPDIR/in" | wc -l)" -eq 450001 ]
}

@test "control records that are no JSON, or no UTF-8, are told and left out" {
	printf '%s\n' '{"message_type":"mark","x":' '{"data":junk' \
	    $'{"message_type":"mark","x":"\xff"}' '{"message_type":"mark","x":"\q"}' \
	    '{"message_type":"mark","x":1}' >"$BATS_TEST_TMPDIR/in"
	run ct-parse <"$BATS_TEST_TMPDIR/in"
	[ "$status" -eq 0 ]
	[ "$(grep -c '; the line is left out$' <<<"$output")" -eq 4 ]
	[ "$(grep -c '^{' <<<"$output")" -eq 1 ]
}

@test "an entry whose first key is one that an event begins with is still parsed" {
	run ct-parse <<<"{\"data\":{\"a\":1},${odd#?}"
	[ "$status" -eq 0 ]
	[[ $output == *'"message_type":"certificate_update"}' ]]
}

@test "TERM ends it with 0 after what it has read is written" {
	mkfifo "$BATS_TEST_TMPDIR/in"
	spawn_sh parse "exec ct-parse -s domains <'$BATS_TEST_TMPDIR/in'"
	exec 9>"$BATS_TEST_TMPDIR/in"
	echo "$odd" >&9
	wait_until 5 grep -q dns_entries "$BATS_TEST_TMPDIR/parse.out"
	kill -TERM "$spawned"
	ends 5 "$spawned"
	exec 9>&-
	[ "$status" -eq 0 ]
}

@test "every entry of the corpus becomes an event jq reads" {
	skip_without_corpus entries/rfc6962.ndjson.gz
	zcat "$CT_CORPUS/entries/rfc6962.ndjson.gz" >"$BATS_TEST_TMPDIR/in"
	ct-parse <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/out"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/in")" -eq 2188 ]
	[ "$(jq -r .message_type "$BATS_TEST_TMPDIR/out" | sort | uniq -c | xargs)" = \
	    "2188 certificate_update" ]
	[ "$(jq -c 'select(.data.leaf_cert.parse_error)' "$BATS_TEST_TMPDIR/out" | wc -l)" -eq 0 ]
}

@test "the leaf hashes of the corpus are those its collector computed" {
	skip_without_corpus entries/rfc6962.ndjson.gz
	zcat "$CT_CORPUS/entries/rfc6962.ndjson.gz" >"$BATS_TEST_TMPDIR/in"
	jq -r .leaf_sha256 "$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/expected"
	ct-parse -s lite <"$BATS_TEST_TMPDIR/in" |
	    jq -r '.data.leaf_cert.sha256 | gsub(":"; "") | ascii_downcase' >"$BATS_TEST_TMPDIR/got"
	cmp "$BATS_TEST_TMPDIR/expected" "$BATS_TEST_TMPDIR/got"
}

@test "live entries agree with the Rust server on every value the formats share" {
	skip_without_corpus certstream/rust-live.ndjson.gz
	zcat "$CT_CORPUS/certstream/rust-live.ndjson.gz" >"$BATS_TEST_TMPDIR/in"
	jq -c '{message_type:"entry",source:{log_id:"",name:.log_name,operator:"",url:.log_url,
	    type:"rfc6962"},index:.cert_index,seen:1700000000,leaf_input,extra_data}' \
	    "$BATS_TEST_TMPDIR/in" | ct-parse >"$BATS_TEST_TMPDIR/full"
	# What differs by format: times and URLs of the source, null keys, EKU names, SCTs,
	# the order of domains and access locations, as_der of the chain, CRL points and
	# the extensions by OID.
	jq -n -c --slurpfile rust "$BATS_TEST_TMPDIR/in" --slurpfile ours "$BATS_TEST_TMPDIR/full" '
	    def certificate: del(.as_der) | .extensions |= (del(.extendedKeyUsage, .ctlSignedCertificateTimestamp,
	        .crlDistributionPoints, .issuerAltName, .extra)
	        | if .authorityInfoAccess then .authorityInfoAccess |= (split(", ") | sort) else . end)
	        | if .all_domains then .all_domains |= sort else . end
	        | .subject |= with_entries(select(.value != null))
	        | .issuer |= with_entries(select(.value != null));
	    def event: .data | .seen |= floor | del(.submission_timestamp, .source)
	        | .leaf_cert |= certificate
	        | .chain |= map(certificate | del(.all_domains));
	    [range(35) | select(($rust[.].expected_full | fromjson | event) != ($ours[.] | event))]' \
	    >"$BATS_TEST_TMPDIR/differ"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/full")" -eq 35 ]
	[ "$(cat "$BATS_TEST_TMPDIR/differ")" = "[]" ]
}

@test "as_der is the certificate that was submitted" {
	skip_without_corpus certstream/rust-live.ndjson.gz
	zcat "$CT_CORPUS/certstream/rust-live.ndjson.gz" >"$BATS_TEST_TMPDIR/in"
	jq -r '.expected_full | fromjson | .data.leaf_cert.as_der' "$BATS_TEST_TMPDIR/in" \
	    >"$BATS_TEST_TMPDIR/expected"
	ct-parse <"$BATS_TEST_TMPDIR/in" | jq -r .data.leaf_cert.as_der >"$BATS_TEST_TMPDIR/got"
	cmp "$BATS_TEST_TMPDIR/expected" "$BATS_TEST_TMPDIR/got"
}

@test "malformed certificates of the corpus lose no line and break no JSON" {
	skip_without_corpus malformed.ndjson.gz
	skip_without python3
	python3 - "$CT_CORPUS/malformed.ndjson.gz" >"$BATS_TEST_TMPDIR/in" <<-'PY'
		import base64, gzip, json, sys
		for line in gzip.open(sys.argv[1]):
		    der = base64.b64decode(json.loads(line)["der"])
		    leaf = bytes(12) + len(der).to_bytes(3, "big") + der + bytes(2)
		    chain = (len(der) + 3).to_bytes(3, "big") + len(der).to_bytes(3, "big") + der
		    print(json.dumps({"leaf_input": base64.b64encode(leaf).decode(),
		                      "extra_data": base64.b64encode(chain).decode()}))
	PY
	ct-parse <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/out"
	[ "$(jq -r .message_type "$BATS_TEST_TMPDIR/out" | sort | uniq -c | xargs)" = \
	    "$(wc -l <"$BATS_TEST_TMPDIR/in") certificate_update" ]
}

@test "the golden entries are byte for byte as expected in both formats and all forms" {
	for format in go calidog; do
		for form in full lite domains; do
			ct-parse -f "$format" -s "$form" <"$ROOT/tests/data/entries.ndjson" |
			    cmp - "$ROOT/tests/data/$format/$form.ndjson"
		done
	done
}

@test "unique leaves out what the last events had, and tells how many" {
	{ cat "$ROOT/tests/data/entries.ndjson" "$ROOT/tests/data/entries.ndjson"
	    echo '{"message_type":"status"}'; } | ct-parse -u 1000 >"$BATS_TEST_TMPDIR/out"
	[ "$(grep -c certificate_update "$BATS_TEST_TMPDIR/out")" -eq 18 ]
	[ "$(tail -1 "$BATS_TEST_TMPDIR/out" | jq -c '[.entries,.dropped]')" = '[36,18]' ]
	cat "$ROOT/tests/data/entries.ndjson" "$ROOT/tests/data/entries.ndjson" |
	    ct-parse -u 17 >"$BATS_TEST_TMPDIR/out"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/out")" -eq 36 ]
	run ct-parse -u 0
	[ "$status" -eq 100 ]
}

@test "a final certificate is left out when its precertificate has passed" {
	start_log -l alder=rfc6962 -n 600 -B 0
	ct-fetch -q -L "$log_dir/log_list.json" --list-key "$log_dir/list-key.pem" -s 0 -o |
	    grep '^{"message_type":"entry"' >"$BATS_TEST_TMPDIR/in"
	ct-parse -s lite <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/all"
	ct-parse -s lite -u 600 <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/unique"
	key='.data.leaf_cert | [.issuer.aggregated, .serial_number] | join(" ")'
	[ "$(jq -r "$key" "$BATS_TEST_TMPDIR/unique" | sort | uniq -d | wc -l)" -eq 0 ]
	cmp <(jq -r "$key" "$BATS_TEST_TMPDIR/all" | sort -u) \
	    <(jq -r "$key" "$BATS_TEST_TMPDIR/unique" | sort)
	[ "$(wc -l <"$BATS_TEST_TMPDIR/unique")" -lt "$(wc -l <"$BATS_TEST_TMPDIR/all")" ]
}

@test "an entry that is not its precertificate is marked and counted" {
	jq -c -n --slurpfile e "$ROOT/tests/data/entries.ndjson" '
	    [$e[] | select(.leaf_input[14:16] == "AB")] | .[0] + {extra_data: .[1].extra_data}' \
	    >"$BATS_TEST_TMPDIR/in"
	echo '{"message_type":"status"}' >>"$BATS_TEST_TMPDIR/in"
	run ct-parse -s lite <"$BATS_TEST_TMPDIR/in"
	[[ $(jq -r .data.leaf_cert.mismatch <<<"${lines[0]}") == "RFC 6962 3.2"* ]]
	[ "$(jq .mismatched <<<"${lines[2]}")" -eq 1 ]
}

@test "no real entry disagrees with its precertificate or chain" {
	skip_without_corpus entries/rfc6962.ndjson.gz
	run bash -c "zcat '$CT_CORPUS/entries/rfc6962.ndjson.gz' | ct-parse -s lite | grep -c mismatch"
	[ "$output" -eq 0 ]
}

@test "it runs confined once it has started" {
	[ -z "${EMULATOR-}" ] || skip "no seccomp under $EMULATOR"
	grep -q '^Seccomp:' /proc/self/status || skip "no seccomp here"
	mkfifo "$BATS_TEST_TMPDIR/in"
	spawn_sh parse "exec ct-parse -s domains <'$BATS_TEST_TMPDIR/in'"
	exec 9>"$BATS_TEST_TMPDIR/in"
	echo "$odd" >&9
	wait_until 5 grep -q dns_entries "$BATS_TEST_TMPDIR/parse.out"
	run cat "/proc/$spawned/status"
	exec 9>&-
	[[ $output == *"NoNewPrivs:	1"* ]]
	[[ $output == *"Seccomp:	2"* ]]
}
