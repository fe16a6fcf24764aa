# Every command shown in README.md works as it is pasted: tests/bats/paste.py says
# how, and what the comment before each block means. Nothing of the text is
# changed, so it runs in a copy of this folder and on the ports that it names.

load setup

setup()
{
	skip_without curl jq python3
	export TMPDIR=$BATS_TEST_TMPDIR/tmp
	mkdir "$TMPDIR" "$BATS_TEST_TMPDIR/copy"
}

# A copy of this folder as it is built, which becomes the current one.
copy_house()
{
	tar -C "$ROOT" --exclude=./.git --exclude=./build --exclude=./tests/interop \
	    --exclude=./tests/reallogs -cf - . |
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
