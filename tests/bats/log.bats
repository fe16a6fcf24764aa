#!/usr/bin/env bats
# Our own CT log, judged with openssl, python3, curl and jq: with nothing of ours.

load setup

setup()
{
	skip_without curl jq openssl
	cd "$BATS_TEST_TMPDIR" || return
}

# entries NAME START END: one page of get-entries.
entries()
{
	curl -fsS "${log_url}$1/ct/v1/get-entries?start=$2&end=$3"
}

# leaf_hashes NAME START END: of the entries of a page, 32 bytes each.
leaf_hashes()
{
	entries "$@" | python3 -c 'import base64, hashlib, json, sys
for entry in json.load(sys.stdin)["entries"]:
    leaf = base64.b64decode(entry["leaf_input"])
    sys.stdout.buffer.write(hashlib.sha256(b"\0" + leaf).digest())'
}

# tile NAME PATH: not compressed.
tile()
{
	curl -fsS -H 'Accept-Encoding: identity' "${log_url}$1/tile/$2"
}

# Bytes to one line of hex, and back.
hex()
{
	od -An -v -tx1 | tr -d ' \n'
	echo
}

unhex()
{
	printf '%b' "$(sed 's/../\\x&/g')"
}

sha256()
{
	openssl dgst -sha256 -binary
}

# verify KEY SIGNATURE MESSAGE: files.
verify()
{
	openssl dgst -sha256 -verify "$1" -signature "$2" "$3" >/dev/null
}

# message TIMESTAMP SIZE ROOT-BASE64: what a tree head's signature is over (RFC 6962 section 3.5).
message()
{
	printf '0001%016x%016x' "$1" "$2" | unhex
	echo "$3" | base64 -d
}

# root_of: the root of the 32-byte leaf hashes on stdin, by python alone.
root_of()
{
	python3 -c 'import hashlib, sys
rest = sys.stdin.buffer.read()
row = [rest[i:i + 32] for i in range(0, len(rest), 32)]
while len(row) > 1:
    pairs = [row[i:i + 2] for i in range(0, len(row), 2)]
    row = [hashlib.sha256(b"\1" + b"".join(p)).digest() if len(p) == 2 else p[0] for p in pairs]
print(row[0].hex())'
}

@test 'the list is signed by the list key and names every log' {
	start_log -n 10
	curl -fsS "${log_url}log_list.json" -o list.json
	curl -fsS "${log_url}log_list.sig" -o list.sig
	verify "$log_dir/list-key.pem" list.sig list.json
	cmp list.json "$log_dir/log_list.json"
	ct-log key --list | cmp - "$log_dir/list-key.pem"
	jq -r '.operators[] | .logs[].url, .tiled_logs[].monitoring_url' list.json | sort >urls
	printf "${log_url}%s/\n" alder birch cedar | cmp - urls
}

@test 'a log ID in the list is the hash of its key' {
	start_log -n 10
	jq -r '.operators[] | (.logs + .tiled_logs)[] | .key + " " + .log_id' \
	    "$log_dir/log_list.json" >keys
	[ "$(wc -l <keys)" -eq 3 ]
	while read -r key id; do
		[ "$(echo "$key" | base64 -d | sha256 | base64)" = "$id" ]
	done <keys
}

@test 'a tree head is signed by the log and the root is that of its entries' {
	skip_without python3
	start_log -n 37
	curl -fsS "${log_url}alder/ct/v1/get-sth" -o sth
	message "$(jq .timestamp sth)" "$(jq .tree_size sth)" "$(jq -r .sha256_root_hash sth)" >message
	jq -r .tree_head_signature sth | base64 -d >digitally-signed
	[ "$(head -c 2 digitally-signed | hex)" = 0403 ]
	tail -c +5 digitally-signed >signature
	verify "$log_dir/alder.pem" signature message
	leaf_hashes alder 0 36 >hashes
	[ "$(root_of <hashes)" = "$(jq -r .sha256_root_hash sth | base64 -d | hex)" ]
}

@test 'a checkpoint has one signature that is of the log, among others that are noise' {
	local origin id line signature

	start_log -n 300
	curl -fsS "${log_url}birch/checkpoint" -o checkpoint
	origin=$(sed -n 1p checkpoint)
	[ "http://$origin/" = "${log_url}birch/" ]
	[ "$(sed -n 2p checkpoint)" = 300 ]
	id=$(openssl pkey -pubin -in "$log_dir/birch.pem" -outform DER | sha256 | hex)
	id=$({ printf '%s\n\5' "$origin"; echo "$id" | unhex; } | sha256 | head -c 4 | hex)
	[ "$(sed 1,4d checkpoint | wc -l)" -eq 3 ]
	sed 1,4d checkpoint | cut -d ' ' -f 3 | while read -r line; do
		echo "$line" | base64 -d | hex
	done >signatures
	[ "$(grep -c "^$id" signatures)" -eq 1 ]
	signature=$(grep "^$id" signatures)
	message "0x${signature:8:16}" 300 "$(sed -n 3p checkpoint)" >message
	echo "${signature:32}" | unhex >signature
	verify "$log_dir/birch.pem" signature message
}

@test 'a level-0 tile holds the hashes of the entries and a level-1 tile their roots' {
	skip_without python3
	start_log -n 300
	leaf_hashes cedar 0 255 >hashes
	tile cedar 0/000 | cmp - hashes
	[ "$(tile cedar 1/000.p/1 | hex)" = "$(ct-log tree <hashes | cut -d ' ' -f 2)" ]
}

@test 'ct-log tree finds the root that python finds' {
	skip_without python3
	seq 100 | while read -r n; do echo "$n" | sha256; done >hashes
	[ "$(ct-log tree <hashes)" = "100 $(root_of <hashes)" ]
	[ "$(ct-log tree </dev/null)" = "0 $(printf '' | sha256 | hex)" ]
}

@test 'both protocols of one log give the same leaves' {
	start_log -n 20
	entries cedar 0 19 | jq -r '.entries[].leaf_input' | while read -r leaf; do
		echo "$leaf" | base64 -d | tail -c +3 | hex
	done >leaves
	tile cedar data/000.p/20 | hex >data
	[ "$(wc -l <leaves)" -eq 20 ]
	while read -r leaf; do
		grep -q "$leaf" data
	done <leaves
}

@test 'the issuers of a tiled log hash to their names' {
	local print

	start_log -n 16
	# Fingerprints stand at the end of each entry; the last one is a root's, on any chain.
	print=$(tile birch data/000.p/16 | tail -c 32 | hex)
	[ "$(curl -fsS "${log_url}birch/issuer/$print" | sha256 | hex)" = "$print" ]
	curl -fsS "${log_url}birch/ct/v1/get-roots" | jq -r '.certificates[]' | while read -r root; do
		echo "$root" | base64 -d | sha256 | hex
	done | grep -qx "$print"
}

@test 'get-entries ends a full page on a multiple of the page' {
	start_log -n 300 -P 100
	[ "$(entries alder 0 299 | jq '.entries | length')" -eq 100 ]
	[ "$(entries alder 30 299 | jq '.entries | length')" -eq 70 ]
	[ "$(entries alder 30 128 | jq '.entries | length')" -eq 99 ]
	[ "$(entries alder 30 129 | jq '.entries | length')" -eq 70 ]
	[ "$(entries alder 290 900 | jq '.entries | length')" -eq 10 ]
}

@test 'get-entries refuses to start beyond the tree' {
	start_log -n 300
	run curl -s -o body -w '%{http_code}' "${log_url}alder/ct/v1/get-entries?start=300&end=301"
	[ "$output" = 400 ]
	grep -q 'need tree size' body
}

@test 'an inclusion proof leads from a leaf to the root' {
	local hash proof path node

	skip_without python3
	start_log -n 8
	curl -fsS "${log_url}alder/ct/v1/get-sth" -o sth
	hash=$(leaf_hashes alder 0 0 | base64)
	proof=$(curl -fsS -G --data-urlencode "hash=$hash" \
	    "${log_url}alder/ct/v1/get-proof-by-hash?tree_size=8")
	[ "$(echo "$proof" | jq .leaf_index)" -eq 0 ]
	# The first leaf of eight is the left one at each of three joints.
	node=$hash
	path=$(echo "$proof" | jq -r '.audit_path[]')
	[ "$(echo "$path" | wc -l)" -eq 3 ]
	for right in $path; do
		node=$({ printf '\1'; echo "$node" | base64 -d; echo "$right" | base64 -d; } | sha256 | base64)
	done
	[ "$node" = "$(jq -r .sha256_root_hash sth)" ]
}

@test 'a consistency proof leads from an old root to a new one' {
	local proof

	skip_without python3
	start_log -n 8
	proof=$(curl -fsS "${log_url}alder/ct/v1/get-sth-consistency?first=4&second=8" |
	    jq -r '.consistency[]')
	[ "$(echo "$proof" | wc -l)" -eq 1 ]
	# Of four in eight it is the right half; the left half is the old root.
	[ "$(echo "$proof" | base64 -d | hex)" = "$(leaf_hashes alder 4 7 | root_of)" ]
}

@test 'entries are compressed for those who ask' {
	start_log -n 100
	curl -fsS -D plain.head "${log_url}alder/ct/v1/get-entries?start=0&end=99" -o plain
	curl -fsS -D gzip.head -H 'Accept-Encoding: gzip' \
	    "${log_url}alder/ct/v1/get-entries?start=0&end=99" -o gzip
	[ "$(grep -ci content-encoding plain.head)" -eq 0 ]
	grep -qi '^content-encoding: gzip' gzip.head
	gzip -dc <gzip | cmp - plain
}

@test 'data tiles come compressed without being asked for it' {
	start_log -n 100
	curl -fsS -D head -H 'Accept-Encoding:' "${log_url}birch/tile/data/000.p/100" -o gzip
	grep -qi '^content-encoding: gzip' head
	tile birch data/000.p/100 >plain
	gzip -dc <gzip | cmp - plain
}

@test 'a log of one type does not answer for the other' {
	start_log -n 10
	run curl -s -o /dev/null -w '%{http_code} ' "${log_url}alder/checkpoint" -o /dev/null \
	    "${log_url}birch/ct/v1/get-sth" -o /dev/null "${log_url}cedar/checkpoint" \
	    -o /dev/null "${log_url}cedar/ct/v1/get-sth"
	[ "$output" = '404 404 200 200 ' ]
}

@test 'a log without entries has the root of an empty tree' {
	start_log -n 0
	curl -fsS "${log_url}alder/ct/v1/get-sth" -o sth
	[ "$(jq -r .sha256_root_hash sth)" = "$(printf '' | sha256 | base64)" ]
	[ "$(curl -fsS "${log_url}birch/checkpoint" | sed -n 2p)" = 0 ]
}

@test 'a log grows at the rate asked for, up to the size asked for' {
	start_log -n 10 -r 50 -m 40
	grown() { [ "$(curl -fsS "${log_url}alder/ct/v1/get-sth" | jq .tree_size)" -eq 40 ]; }
	wait_until 10 grown
	[ "$(entries alder 0 99 | jq '.entries | length')" -eq 40 ]
}

@test 'a written log has the tiles of the served one of its name' {
	local path

	start_log -n 300
	ct-log write -d written -n 300 -l birch
	for path in data/000 data/001.p/44 0/000 0/001.p/44 1/000.p/1; do
		tile birch "$path" | cmp - "written/tile/$path"
	done
	cmp written/key.pem "$log_dir/birch.pem"
}

@test 'the same seed writes the same log twice, another seed another' {
	ct-log write -d one -n 200 -s pepper
	ct-log write -d two -n 200 -s pepper
	ct-log write -d three -n 200 -s salt
	rm one/checkpoint two/checkpoint
	diff -r one two
	! cmp -s one/tile/0/000.p/200 three/tile/0/000.p/200
}

# The digests are of what was written when no prime of a seed was known beforehand (pki.c).
@test 'a seed writes the keys and entries that it always wrote' {
	[ "$({ ct-log key --list && ct-log entries -n 300; } | sha256 | hex)" = \
	    8d4857f217d3c4f5fb459328aa830ffa4255e7a3954247907e0cb4da8d56bae2 ]
	[ "$({ ct-log key --list -s pepper && ct-log entries -n 300 -s pepper; } | sha256 | hex)" = \
	    cafeac142d88a1bb2f3c7432eecaca2af5b40166ce8c7ff1102459d2fb8e9383 ]
}

@test 'a checkpoint can be signed over a foreign tree' {
	local root=923d67c6dbc520a0c654734c9c1429e1c1a23f55b1e56aea3b9c3a3c694a0720

	ct-log sign -l birch -o foreign.example/log -n 205 -R "$root" -t 1767139200000 >checkpoint
	[ "$(sed -n 1p checkpoint)" = foreign.example/log ]
	[ "$(sed -n 2p checkpoint)" = 205 ]
	[ "$(sed -n 3p checkpoint | base64 -d | hex)" = "$root" ]
	ct-log key -l birch >key.pem
	message 1767139200000 205 "$(sed -n 3p checkpoint)" >message
	sed 1,4d checkpoint | cut -d ' ' -f 3 | while read -r line; do
		echo "$line" | base64 -d | tail -c +17 >signature
		! verify key.pem signature message 2>/dev/null || echo good
	done >verdicts
	[ "$(cat verdicts)" = good ]
}

@test 'openssl verifies certificates up to the roots, through the cross certificate too' {
	local checked=0 crossed=0 issuers

	start_log -n 400 -B 0
	curl -fsS "${log_url}alder/ct/v1/get-roots" | jq -r '.certificates[]' | while read -r der; do
		echo "$der" | base64 -d | openssl x509 -inform der
	done >roots.pem
	entries alder 0 255 >page
	# uint24 at byte 12 of a leaf of type 0 is the length of its certificate.
	jq -r '.entries[] | .leaf_input + " " + .extra_data' page | while read -r leaf extra; do
		leaf=$(echo "$leaf" | base64 -d | hex)
		[ "${leaf:20:4}" = 0000 ] || continue
		echo "${leaf:30:$((2 * 0x${leaf:24:6}))} $(echo "$extra" | base64 -d | hex)"
	done >certificates
	while read -r leaf extra; do
		extra=${extra:6}
		echo "$leaf" | unhex | openssl x509 -inform der >leaf.pem
		cp roots.pem chain.pem
		issuers=0
		while [ -n "$extra" ]; do
			echo "${extra:6:$((2 * 0x${extra:0:6}))}" | unhex | openssl x509 -inform der >>chain.pem
			extra=${extra:$((6 + 2 * 0x${extra:0:6}))}
			issuers=$((issuers + 1))
		done
		openssl verify -no_check_time -CAfile roots.pem -untrusted chain.pem leaf.pem
		[ "$issuers" -lt 3 ] || crossed=$((crossed + 1))
		checked=$((checked + 1))
	done < <(head -n 40 certificates)
	[ "$checked" -eq 40 ]
	[ "$crossed" -gt 0 ]
}

@test 'a request that is too long or not GET is refused' {
	start_log -n 1
	run curl -s -o /dev/null -w '%{http_code}' -H "X: $(printf '%9000s' x)" "${log_url}log_list.json"
	[ "$output" = 431 ]
	run curl -s -o /dev/null -w '%{http_code}' -X DELETE "${log_url}log_list.json"
	[ "$output" = 405 ]
}

@test 'TERM ends the server at once with 0' {
	start_log -n 10 -r 5
	kill -TERM "$spawned"
	ends 2 "$spawned"
}

@test 'a wrong call ends with 100 and one line that points to --help' {
	for call in 'nonsense' 'serve -l x' 'serve -l x=y' 'serve -n -1' 'serve -R 00' 'write' \
	    'sign' 'key -l X' 'tree x'; do
		# shellcheck disable=SC2086 # the words of a call
		run ct-log $call
		[ "$status" -eq 100 ]
		[ "${#lines[@]}" -eq 1 ]
		[[ $output == *--help ]]
	done
	run ct-log --help
	[ "$status" -eq 0 ]
}
