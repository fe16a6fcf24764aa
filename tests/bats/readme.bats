# Every command shown in README.md works as it is pasted: tests/bats/paste.py says
# how, and what the comment before each block means. Nothing of the text is
# changed, so it runs in a copy of this folder and on the ports that it names.

bats_require_minimum_version 1.5.0
load setup

setup()
{
	skip_without curl jq python3
	export TMPDIR=$BATS_TEST_TMPDIR/tmp
	mkdir "$TMPDIR" "$BATS_TEST_TMPDIR/copy"
}

# A copy of this folder as it is built, which becomes the current one. What its user has made by pasting
# the commands before stays behind: a state of other logs would have ct-fetch wait for them to grow.
copy_house()
{
	tar -C "$ROOT" --exclude=./.git --exclude=./build --exclude=./tests/interop \
	    --exclude=./tests/reallogs --exclude=./state --exclude=./saved.ndjson.gz --exclude=./venv -cf - . |
	    tar -C "$BATS_TEST_TMPDIR/copy" -xf -
	cd "$BATS_TEST_TMPDIR/copy"
}

told_or_ended()
{
	grep -q Ctrl-C "$BATS_TEST_TMPDIR/start.out" || ended "$spawned"
}

# What the README begins with, in a terminal of its own.
start_demo()
{
	local port

	for port in 8080 8081 8082; do
		! listens "$port" || skip "port $port, which the README uses, is taken here"
	done
	spawn start bash -c "$(sed -n '/first terminal/,/^```$/ { /^[<`]/d; p; }' README.md)"
	wait_until 120 told_or_ended
	grep -q Ctrl-C "$BATS_TEST_TMPDIR/start.out" || {
		cat "$BATS_TEST_TMPDIR/start.out" "$BATS_TEST_TMPDIR/start.err"
		false
	}
}

@test "the commands of the README work as they are pasted" {
	copy_house
	start_demo
	without=()
	# The commands of Debian before others of the same name.
	PATH=/usr/bin:$PATH
	python3 -c 'import websockets' 2>/dev/null || without+=(--without websockets)
	command -v websocketd >/dev/null || without+=(--without websocketd)
	if "$ROOT/tests/interop/setup" -n python >/dev/null; then
		export PIP_NO_INDEX=1 PIP_FIND_LINKS=$ROOT/tests/interop/venv/wheels
	else
		without+=(--without 'the Python client')
	fi
	PATH=$(echo "$PATH" | tr : '\n' | grep -vF "$ROOT/" | paste -sd:)
	spawn paste python3 "$ROOT/tests/bats/paste.py" "${without[@]}" \
	    --line "$(grep '^\. ' "$BATS_TEST_TMPDIR/start.out")" \
	    README.md bash --norc --noediting -i
	ends 600 "$spawned" || {
		cat "$BATS_TEST_TMPDIR/paste.out" "$BATS_TEST_TMPDIR/paste.err"
		false
	}
	sed -n 's/^ok [0-9]* - \(.* # skip no .* here\)$/# left out: \1/p' "$BATS_TEST_TMPDIR/paste.out" >&3
	[ "$(grep -c '^ok' "$BATS_TEST_TMPDIR/paste.out")" -gt 20 ]
	cat "$BATS_TEST_TMPDIR/paste.out"
	[ -s state/mark ]
}

@test "every block of the README says whether it is run" {
	[ "$(grep -c '^```sh$' "$ROOT/README.md")" -gt 10 ]
	[ "$(grep -c '^```sh$' "$ROOT/README.md")" = "$(grep -cE '^<!-- (run|not run: .+|run: .+) -->$' "$ROOT/README.md")" ]
	[ -z "$(awk '/^```sh$/ && before !~ /^<!-- (not )?run.* -->$/ { print NR } { before = $0 }' "$ROOT/README.md")" ]
}

@test "the README names every manual page and every tool" {
	for page in "$ROOT"/man/*.[157]; do
		name=${page##*/}
		grep -qF "${name%.*}(${name##*.})" "$ROOT/README.md"
	done
}

# The texts of the tree: those that people read first, and the manual.
texts()
{
	cd "$ROOT"
	ls *.md NEWS contrib/*.md tests/*.md tests/data/*.md man/*.[157]
}

@test "every file, test, limit, page and heading that a text names is there" {
	run --separate-stderr python3 "$ROOT/tests/bats/named.py" $(texts)
	echo "$output$stderr"
	[ "$status" = 0 ]
	[ -z "$output" ]
	for kind in files limits links pages tests; do
		n=$(grep -oE "[0-9]+ $kind" <<<"$stderr" | cut -d' ' -f1)
		[ "$n" -ge 15 ]
	done
}

@test "what a text names and the tree does not have is found" {
	cd "$ROOT"
	cat >"$BATS_TEST_TMPDIR/text.md" <<-'END'
		# A heading
		See [that](#another-heading) and [this](#a-heading), [a file](no.md), `lib/enc/none.c`, lib/enc/der.c,
		./scripts/nothing, `tests/fuzz/*.none`, `MAX_NOTHING_AT_ALL`, `MAX_PAGE`, ct-none(1) and ct-ws(1).
		<img src="no.png">
		`hub.bats`: "no such test" `test_sig`: "keys of other kinds are refused" "nor this", `none.bats`.
	END
	run --separate-stderr python3 tests/bats/named.py "$BATS_TEST_TMPDIR/text.md"
	sed "s,.*text.md: ,," <<<"$output" | sort >"$BATS_TEST_TMPDIR/found"
	sort >"$BATS_TEST_TMPDIR/expected" <<-'END'
		no file lib/enc/none.c
		no file no.md
		no file no.png
		no file scripts/nothing
		no file tests/fuzz/*.none
		no heading #another-heading
		no limit MAX_NOTHING_AT_ALL
		no page ct-none(1)
		no test in hub.bats: no such test
		no test in test_sig: nor this
		no tests none.bats
	END
	diff "$BATS_TEST_TMPDIR/expected" "$BATS_TEST_TMPDIR/found"
}

@test "every text that lies in the tree is linked from the README" {
	cd "$ROOT"
	for text in *.md NEWS LICENSE contrib/README.md; do
		[ "$text" = README.md ] || grep -qF "]($text" README.md || { echo "no link to $text"; false; }
	done
}

@test "the pictures of the README are small, and as large as scripts/picture draws them" {
	cd "$ROOT"
	for scheme in light dark; do
		[ "$(wc -c <"doc/page-$scheme.png")" -lt 150000 ]
		[ "$(od -An -tx1 -j16 -N8 "doc/page-$scheme.png" | tr -d ' ')" = 000004b000000320 ]
		grep -q "page-$scheme.png" README.md
	done
}
