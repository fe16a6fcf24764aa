# Every command shown in README.md works as it is pasted. A comment before each
# block of sh says how it is run here:
#
#	<!-- run: demo -->		beside scripts/start --demo, in the shell it offers
#	<!-- run: own bus -->		the same, but with a bus and a port of its own
#	<!-- not run: reason -->
#
# "needs X" leaves a block out where X is not installed; "may be silent" lets
# it have no output. What does not end by itself has some seconds.

load setup

setup()
{
	skip_without curl jq timeout
	export TMPDIR=$BATS_TEST_TMPDIR/tmp
	mkdir "$TMPDIR" "$BATS_TEST_TMPDIR/here"
	cd "$BATS_TEST_TMPDIR/here"
	ln -s "$ROOT/contrib" "$ROOT/man" .
	mkfifo terminal		# nobody types, nobody closes it
	exec 7<>terminal
	port=$(free_port)
	other=$(free_port)
	if "$ROOT/tests/interop/setup" python >/dev/null 2>&1; then
		PATH=$ROOT/tests/interop/venv/bin:$PATH
	fi
	blocks
}

# block-N.sh for each block of sh, with its comment as the first line.
blocks()
{
	awk -v folder="$BATS_TEST_TMPDIR" '
	/^<!-- (not )?run: .* -->$/ { how = $0 }
	/^```sh$/ { file = sprintf("%s/block-%02d.sh", folder, ++n); print "# " how >file; inside = 1; next }
	/^```$/ { inside = 0; how = "" }
	inside { print >file }' "$ROOT/README.md"
}

told_or_ended()
{
	grep -q Ctrl-C "$BATS_TEST_TMPDIR/start.out" || ended "$spawned"
}

start_demo()
{
	spawn start "$ROOT/scripts/start" --demo -p "$port"
	wait_until 120 told_or_ended
	grep -q Ctrl-C "$BATS_TEST_TMPDIR/start.out" || {
		cat "$BATS_TEST_TMPDIR/start.out" "$BATS_TEST_TMPDIR/start.err"
		false
	}
	home=$(echo "$TMPDIR"/ct-start.*)
	log=$(sed -n 's/^ready //p' "$home/log/said")
	. "$home/env"
}

# The block as a reader of the README has it, at the addresses of this test.
pasted()
{
	sed "s,localhost:8080,localhost:$port,g; s,-p 8080,-p $other,; s,8081,$other,
	    s,https://ct.googleapis.com/logs/us1/,$log,; s,argon2026h2,alder2026h2,g" "$1"
}

runs()
{
	local needs

	needs=$(sed -n '1s/.*needs \([a-z0-9-]*\).*/\1/p' "$1")
	if [ -n "$needs" ] && ! command -v "$needs" >/dev/null; then
		echo "# left out without $needs: $(sed -n 2p "$1")" >&3
		return
	fi
	pasted "$1" >pasted.sh
	status=0
	timeout 6 bash -e pasted.sh <&7 >out 2>err || status=$?
	if [ "$status" != 0 ] && [ "$status" != 124 ] || grep -qi 'not found\|fatal' err ||
	    { [ ! -s out ] && ! grep -q 'may be silent' "$1"; }; then
		echo "ended with $status:"
		cat pasted.sh err out
		return 1
	fi
}

@test "every block of the README says whether it is run" {
	[ "$(grep -c '' <(ls "$BATS_TEST_TMPDIR"/block-*.sh))" -gt 10 ]
	for block in "$BATS_TEST_TMPDIR"/block-*.sh; do
		head -n 1 "$block" | grep -qE '^# <!-- (run: (demo|own bus)|not run: .+)'
	done
}

@test "the commands of the README that need a server work beside the demo" {
	start_demo
	for block in $(grep -l '^# <!-- run: demo' "$BATS_TEST_TMPDIR"/block-*.sh); do
		runs "$block"
	done
}

@test "the commands of the README that are a server work" {
	start_demo
	for block in $(grep -l '^# <!-- run: own bus' "$BATS_TEST_TMPDIR"/block-*.sh); do
		export CT_BUS=ipc://$BATS_TEST_TMPDIR/bus$RANDOM
		mkdir -p state
		runs "$block"
	done
	[ -s state/mark ]
}

@test "the README names every manual page and every tool" {
	for page in "$ROOT"/man/*.[157]; do
		name=${page##*/}
		grep -qF "${name%.*}(${name##*.})" "$ROOT/README.md"
	done
}
