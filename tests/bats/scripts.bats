# scripts/setup, scripts/check and scripts/rooms.

bats_require_minimum_version 1.5.0
load setup

# A folder with nothing but what the script itself runs on, and those named.
bare_path()
{
	mkdir "$BATS_TEST_TMPDIR/bin"
	for command in sh id "$@"; do
		ln -s "$(command -v "$command")" "$BATS_TEST_TMPDIR/bin/$command"
	done
}

# Stands in for a package manager: keeps what it was told to do.
pretend()
{
	printf '#!/bin/sh\necho "%s $*" >>"%s/calls"\n' "$1" "$BATS_TEST_TMPDIR" >"$BATS_TEST_TMPDIR/bin/$1"
	chmod +x "$BATS_TEST_TMPDIR/bin/$1"
}

# setup on a machine that has only that folder.
bare_setup()
{
	sed 's,^PATH=.*,,' "$ROOT/scripts/setup" >"$BATS_TEST_TMPDIR/setup"
	env PATH="$BATS_TEST_TMPDIR/bin" sh "$BATS_TEST_TMPDIR/setup" "$@"
}

@test "setup says and does nothing when nothing is missing" {
	run "$ROOT/scripts/setup" build
	[ "$status" = 0 ]
	[ -z "$output" ]
}

@test "setup names what is missing and the packages that have it" {
	bare_path
	pretend apt-get
	run bare_setup -n build
	[ "$status" = 0 ]
	[[ $output == *missing:*" cc "*" make "*" libcurl "* ]]
	[[ $output == *"would install"*gcc*make*libcurl4-openssl-dev*libssl-dev* ]]
	[[ $output != *installing* ]]
	[ ! -e "$BATS_TEST_TMPDIR/calls" ]
}

@test "setup says of each thing what it is for" {
	bare_path
	pretend apt-get
	for level in build readme check; do
		run bare_setup -n "$level"
		[ "$status" = 0 ]
		[ "$(echo "$output" | grep -c '^setup:   ')" -ge 10 ]
		[ -z "$(echo "$output" | grep '^setup:   ' | grep -vE '^setup:   [^ ]+( [^ ]+)* {2,}[^ ]+ [^ ]+')" ]
	done
}

# A machine whose user is not root and whose sudo refuses.
@test "setup asks once when sudo is refused" {
	bare_path env
	pretend apt-get
	pretend sudo
	echo 'exit 1' >>"$BATS_TEST_TMPDIR/bin/sudo"
	rm "$BATS_TEST_TMPDIR/bin/id"
	printf '#!/bin/sh\necho 1000\n' >"$BATS_TEST_TMPDIR/bin/id"
	chmod +x "$BATS_TEST_TMPDIR/bin/id"
	run bare_setup build
	[ "$status" = 111 ]
	[ "$(cat "$BATS_TEST_TMPDIR/calls")" = "sudo true" ]
}

# On Debian the packages of nginx and prometheus would start them, now and at every boot.
@test "setup unpacks servers on Debian and does not install them" {
	bare_path env mkdir
	pretend apt-get
	pretend dpkg
	[ "$(id -u)" = 0 ] || skip "setup installs with sudo here"
	run bare_setup check
	[[ $output == *"without installing: "*nginx* ]]
	grep '^apt-get install .* bats ' "$BATS_TEST_TMPDIR/calls"
	run grep -E '^apt-get install .* (nginx|prometheus|systemd)' "$BATS_TEST_TMPDIR/calls"
	[ "$status" = 1 ]
	grep '^apt-get download .* nginx$' "$BATS_TEST_TMPDIR/calls"
	grep '^dpkg -x nginx_' "$BATS_TEST_TMPDIR/calls"
	grep '^dpkg -x prometheus_' "$BATS_TEST_TMPDIR/calls"
}

@test "setup asks for libipsec-mb on x86-64 alone" {
	bare_path
	pretend apt-get
	printf '#!/bin/sh\necho x86_64\n' >"$BATS_TEST_TMPDIR/bin/uname"
	chmod +x "$BATS_TEST_TMPDIR/bin/uname"
	run bare_setup -n build
	[[ $output == *"would install"*libipsec-mb-dev* ]]
	printf '#!/bin/sh\necho aarch64\n' >"$BATS_TEST_TMPDIR/bin/uname"
	run bare_setup -n build
	[[ $output == *"would install"*libssl-dev* ]]
	[[ $output != *ipsec* ]]
}

@test "setup installs with the package manager that is there" {
	bare_path env
	pretend dnf
	run bare_setup build
	case $(id -u) in
	0) grep -q '^dnf install .*gcc.*jansson-devel' "$BATS_TEST_TMPDIR/calls" ;;
	*) [ "$status" = 111 ] && [[ $output == *"no sudo"* ]] ;;
	esac
}

# A machine where only libipsec-mb is missing, with a package manager and sudo.
only_libipsec_mb_missing()
{
	bare_path env
	pretend apt-get
	for command in cc make pkg-config uname; do
		printf '#!/bin/sh\necho x86_64\n' >"$BATS_TEST_TMPDIR/bin/$command"
	done
	cat >"$BATS_TEST_TMPDIR/bin/cc" <<-'end'
	#!/bin/sh
	read -r line
	case $line in *ipsec*) exit 1 ;; esac
	end
	for command in id sudo; do
		rm -f "$BATS_TEST_TMPDIR/bin/$command"
		printf '#!/bin/sh\necho %s\n' "$1" >"$BATS_TEST_TMPDIR/bin/$command"
	done
	find "$BATS_TEST_TMPDIR/bin" -type f -exec chmod +x {} +
}

@test "setup unpacks a server without sudo, and goes on when that fails" {
	only_libipsec_mb_missing 1000
	for command in chromium python3 $(awk -F '\t' '$1 == "check" && $2 == "command" { print $3 }' \
	    "$ROOT/scripts/setup"); do
		printf '#!/bin/sh\n' >"$BATS_TEST_TMPDIR/bin/$command"
	done
	rm "$BATS_TEST_TMPDIR/bin/sudo"
	pretend dpkg
	echo '[ "$1" != --print-architecture ] || echo amd64' >>"$BATS_TEST_TMPDIR/bin/dpkg"
	find "$BATS_TEST_TMPDIR/bin" -type f -exec chmod +x {} +
	ln -sf "$(command -v mkdir)" "$BATS_TEST_TMPDIR/bin/mkdir"
	run bare_setup check
	[ "$status" = 0 ]
	[[ $output == *"goes on without"*libipsec-mb-dev*"without installing: "*nginx* ]]
	grep '^apt-get download .* nginx$' "$BATS_TEST_TMPDIR/calls"
	run grep -E '^apt-get (update|install)' "$BATS_TEST_TMPDIR/calls"
	[ "$status" = 1 ]
	printf '#!/bin/sh\nexit 100\n' >"$BATS_TEST_TMPDIR/bin/apt-get"
	run bare_setup check
	[ "$status" = 0 ]
	[[ $output == *"goes on without: "*nginx*" could not be unpacked"* ]]
}

@test "setup neither asks for a password nor fails for libipsec-mb alone" {
	only_libipsec_mb_missing 1000
	run bare_setup build
	[ "$status" = 0 ]
	[[ $output == *" intel-ipsec-mb.h "*"(not needed)"*"goes on without"*libipsec-mb-dev* ]]
	[ ! -e "$BATS_TEST_TMPDIR/calls" ]
}

@test "setup goes on when root cannot install libipsec-mb" {
	only_libipsec_mb_missing 0
	printf '#!/bin/sh\nexit 100\n' >"$BATS_TEST_TMPDIR/bin/apt-get"
	run bare_setup build
	[ "$status" = 0 ]
	[[ $output == *"goes on without"*libipsec-mb-dev* ]]
}

@test "setup without a known package manager names the packages and fails" {
	bare_path
	run bare_setup build
	[ "$status" = 111 ]
	[[ $output == *libjansson-dev* ]]
}

@test "setup passes over what a system does not package and says so" {
	bare_path
	pretend apk
	run bare_setup -n check
	[[ $output == *"not packaged here"*websocketd* ]]
	[[ $output != *"would install"*" - "* ]]
}

# A small tree with scripts/check, whose suites are the tests/unit/test_* that
# follow, each with the lines of a script.
checked_tree()
{
	cd "$BATS_TEST_TMPDIR"
	mkdir -p tree/scripts tree/tests/unit tree/tests/interop tree/tests/fuzz/corpus
	cd tree
	cp "$ROOT/scripts/check" "$ROOT/scripts/suite" scripts
	printf 'all tests lint:\n\t@:; echo 1..0\n' >Makefile
	for script in scripts/setup scripts/rooms tests/interop/setup; do
		printf '#!/bin/sh\necho "$0 $*" >>"%s/ran"\necho 1..0\n' "$BATS_TEST_TMPDIR" >$script
		chmod +x $script
	done
	while [ $# -gt 0 ]; do
		touch "tests/unit/test_$1.c"
		printf '#!/bin/sh\n%s\n' "$2" >"tests/unit/test_$1"
		chmod +x "tests/unit/test_$1"
		shift 2
	done
}

@test "check says that -n installs nothing before it installs what is missing" {
	checked_tree good 'echo 1..1; echo ok 1'
	sed -i 's/^echo 1/case $* in check) echo installing ;; "-n check") echo would install ;; esac; &/' scripts/setup
	run scripts/check test_good
	[ "$status" = 0 ]
	[[ $output == *"with -n it installs nothing"*installing* ]]
	sed -i '/^case/d' scripts/setup
	run scripts/check test_good
	[[ $output != *"with -n"* ]]
}

@test "check ends a suite that hangs, names it and goes on" {
	checked_tree hang 'echo 1..2; echo ok 1; setsid sleep 300 & echo $! >pid; sleep 300' \
	    ok 'echo 1..1; echo ok 1'
	CHECK_SECONDS=1 run scripts/check -n tests/unit
	[ "$status" = 1 ]
	[[ $output == *"tests/unit/test_hang: 1 passed, 1 failed, 0 skipped"* ]]
	[[ $output == *"tests/unit/test_hang: took too long and was ended after 1 of 2 tests"* ]]
	[[ $output == *"tests/unit/test_ok: 1 passed, 0 failed"* ]]
	[[ ${lines[-1]} == *" passed, 1 failed, 0 skipped" ]]
	wait_until 5 ended "$(cat pid)"
}

# A suite of one test, which waits until another suite has begun too.
beside='touch "$0.began"; until [ -e "tests/unit/test_$1.began" ]; do sleep 0.05; done; echo 1..1; echo ok 1'

@test "check runs suites side by side" {
	checked_tree one "set -- two; $beside" two "set -- one; $beside"
	CHECK_SECONDS=20 run scripts/check -n -j 2 tests/unit
	[ "$status" = 0 ]
	[[ ${lines[-1]} == "5 passed, 0 failed, 0 skipped" ]]
}

@test "check -j 1 runs one suite after another" {
	checked_tree a 'mkdir alone && sleep 0.3 && rmdir alone && echo 1..1 && echo ok 1' \
	    b 'mkdir alone && sleep 0.3 && rmdir alone && echo 1..1 && echo ok 1'
	run scripts/check -n -j 1 tests/unit
	[ "$status" = 0 ]
}

@test "check goes on with other suites while one hangs" {
	checked_tree hang 'echo 1..1; touch hangs; sleep 300' \
	    good 'until [ -e hangs ]; do sleep 0.05; done; echo 1..1; echo ok 1'
	CHECK_SECONDS=5 run scripts/check -n -j 2 tests/unit
	[ "$status" = 1 ]
	[[ $output == *"tests/unit/test_good: 1 passed, 0 failed"*"tests/unit/test_hang: took too long"* ]]
}

@test "the reports of suites that fail side by side stay whole, and their counts add up" {
	failing='for i in $(seq 2000); do echo "# $0 tells line $i"; done; echo 1..3; echo ok 1; echo not ok 2; echo "ok 3 - c # skip none here"'
	checked_tree a "$failing" b "$failing" c "$failing" d "$failing"
	run scripts/check -n -j 4 tests/unit
	[ "$status" = 1 ]
	[[ ${lines[-1]} == "7 passed, 4 failed, 4 skipped" ]]
	[ "$(grep -c ': 1 passed, 1 failed, 1 skipped' <<<"$output")" = 4 ]
	[ "$(grep -c '^  tests/unit/test_[a-d]: c: none here$' <<<"$output")" = 4 ]
	# One change of name for each suite: no line of one lies between those of another.
	[ "$(sed -n 's,^# [./]*tests/unit/test_\(.\) tells .*,\1,p' <<<"$output" | uniq -c | awk '$1 == 2000' | wc -l)" = 4 ]
}

@test "a suite that is killed counts as a failure, and so do those that never began" {
	checked_tree a 'kill -KILL $PPID $(awk "{ print \$4 }" /proc/$PPID/stat)' b 'echo 1..1; echo ok 1'
	run scripts/check -n -j 1 tests/unit
	[ "$status" = 1 ]
	[[ $output == *"tests/unit/test_a: did not come to its end"* ]]
	[[ ${lines[-1]} == *" passed, "[12]" failed, 0 skipped" ]]
}

@test "check ends all that its suites have started when it is interrupted" {
	checked_tree a 'setsid sleep 300 & echo $! >pid_a; sleep 300' b 'setsid sleep 300 & echo $! >pid_b; sleep 300'
	# As Ctrl-C does it, to the whole group; a background job of a shell would ignore it.
	spawn check python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execvp(sys.argv[1], sys.argv[1:])' scripts/check -n -j 2 tests/unit
	wait_until 20 test -s pid_a -a -s pid_b
	kill -INT -- "-$spawned"
	ends 20 "$spawned" || :
	[ "$status" = 130 ]
	wait_until 5 ended "$(cat pid_a)"
	wait_until 5 ended "$(cat pid_b)"
	groups_ended "$BATS_TEST_TMPDIR/spawned"
}

@test "check refuses a number of jobs that is none" {
	for jobs in 0 two -1 ''; do
		run "$ROOT/scripts/check" -n -j "$jobs" tests/unit
		[ "$status" = 100 ]
		[[ $output == *"-j needs a number"* ]]
	done
}

@test "suites side by side draw from ports of their own" {
	drawn()
	{
		rm -f "$BATS_FILE_TMPDIR/port"
		for _ in $(seq 70); do CHECK_NUMBER=$1 free_port; done | sort -u
	}
	drawn 101 >"$BATS_TEST_TMPDIR/one"
	drawn 102 >"$BATS_TEST_TMPDIR/other"
	[ "$(cat "$BATS_TEST_TMPDIR"/one "$BATS_TEST_TMPDIR"/other | sort -u | wc -l)" = 140 ]
	# A bus on one of them takes the next two as well.
	for next in 1 2; do
		[ -z "$(awk -v next="$next" '{ print $1 + next }' "$BATS_TEST_TMPDIR"/one "$BATS_TEST_TMPDIR"/other |
		    grep -xFf "$BATS_TEST_TMPDIR/one" -f "$BATS_TEST_TMPDIR/other")" ]
	done
	[ "$(cat "$BATS_TEST_TMPDIR"/one "$BATS_TEST_TMPDIR"/other | awk '$1 < 20000 || $1 >= 32000' | wc -l)" = 0 ]
}

@test "check ends what a suite leaves running and counts it as a failure" {
	checked_tree stay 'setsid sleep 300 & echo $! >pid; echo 1..1; echo ok 1'
	run scripts/check -n tests/unit
	[ "$status" = 1 ]
	[[ $output == *"the tests leave no process behind"*"tests/unit/test_stay: sleep 300"* ]]
	wait_until 5 ended "$(cat pid)"
}

@test "check -n installs nothing and skips what is missing with its reason" {
	checked_tree ok 'echo 1..1; echo ok 1'
	mkdir tests/bats
	touch tests/bats/some.bats
	mkdir "$BATS_TEST_TMPDIR/bin"
	for command in sh awk cat comm cp date dirname env getconf grep make mkdir mktemp mv rm sed sleep sort timeout \
	    tr true wc xargs; do
		ln -s "$(command -v "$command")" "$BATS_TEST_TMPDIR/bin"
	done
	sed -i 's,^PATH=.*,,' scripts/check
	PATH=$BATS_TEST_TMPDIR/bin run scripts/check -n tests/unit tests/bats
	[ "$status" = 0 ]
	[[ $output == *"  tests/bats/some.bats: all of it: no bash here"* ]]
	[ "$(grep setup "$BATS_TEST_TMPDIR/ran")" = "./scripts/setup -n check" ]
}

@test "check without -n says what it installs before it does" {
	checked_tree ok 'echo 1..1; echo ok 1'
	run scripts/check tests/unit
	[ "$status" = 0 ]
	[ "$(head -n 2 "$BATS_TEST_TMPDIR/ran" | paste -sd,)" = "./scripts/setup -n check,./scripts/setup check" ]
}

@test "a script that stands for python3 is asked once which one it means" {
	skip_without python3
	python=$(python3 -c 'import sys; print(sys.executable)')
	checked_tree python 'echo 1..1; python3 -c 0 && python3 -c 0 && echo ok 1'
	mkdir "$BATS_TEST_TMPDIR/bin"
	printf '#!/bin/sh\necho asked >>"%s/asked"\nexec "%s" "$@"\n' "$BATS_TEST_TMPDIR" "$python" \
	    >"$BATS_TEST_TMPDIR/bin/python3"
	chmod +x "$BATS_TEST_TMPDIR/bin/python3"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH run scripts/check -n tests/unit
	[ "$status" = 0 ]
	[ "$(wc -l <"$BATS_TEST_TMPDIR/asked")" = 1 ]
}

@test "a suite finds an empty home" {
	checked_tree home 'echo 1..1; touch "$HOME/here" && [ -z "$XDG_CONFIG_HOME" ] && echo ok 1'
	mkdir "$BATS_TEST_TMPDIR/home"
	XDG_CONFIG_HOME=/x HOME=$BATS_TEST_TMPDIR/home run scripts/check -n tests/unit
	[ "$status" = 0 ]
	[ -z "$(ls -A "$BATS_TEST_TMPDIR/home")" ]
}

# confined_by COMPILER FLAG...: what sandbox_filter returns in a program that is built so.
confined_by()
{
	printf '#include "os/sandbox.h"\nint main(void) { return sandbox_filter(); }\n' >"$BATS_TEST_TMPDIR/main.c"
	"$@" -fPIE -pie -Wl,-z,now -DHAVE_SECCOMP -I"$ROOT/lib" -o "$BATS_TEST_TMPDIR/main" \
	    "$BATS_TEST_TMPDIR/main.c" "$ROOT/lib/os/sandbox.c" -lseccomp || return 99
	"$BATS_TEST_TMPDIR/main"
}

@test "the sandbox leaves every sanitizer alone, whichever compiler has it" {
	[ -e /usr/include/seccomp.h ] || skip "no libseccomp here"
	for compiler in gcc clang; do
		command -v "$compiler" >/dev/null || continue
		run confined_by "$compiler"
		[ "$status" = 0 ]
		for sanitizer in address undefined thread; do
			echo "$compiler $sanitizer"
			run confined_by "$compiler" "-fsanitize=$sanitizer"
			[ "$status" != 99 ] || continue		# this compiler has no such sanitizer
			[ "$status" = 1 ]
		done
	done
}

# bench/parse.sh repeats a table of the README, so it must work without make bench.
@test "the benches build what they run" {
	for bench in parse ws; do
		make -n -C "$ROOT" -B $(sed -n 's/^make -s -j2 //p' "$ROOT/bench/$bench.sh") >"$BATS_TEST_TMPDIR/made"
		for program in $(grep -oE '(bench|tests/log|ct-[a-z]*)/(took|stages|library|wsfeed|wsload|ct-[a-z]+)\b' "$ROOT/bench/$bench.sh"); do
			grep -qE -- "-o $program( |\$)" "$BATS_TEST_TMPDIR/made"
		done
	done
}

@test "picture draws the page in both schemes, with names of the demo, and leaves nothing" {
	skip_without_browser
	PATH=/usr/bin:$PATH python3 -c 'import websockets' 2>/dev/null || skip "no websockets of python3 here"
	skip_without jq curl
	mkdir "$BATS_TEST_TMPDIR/pictures" "$BATS_TEST_TMPDIR/tmp"
	TMPDIR=$BATS_TEST_TMPDIR/tmp run "$ROOT/scripts/picture" -t 1 "$BATS_TEST_TMPDIR/pictures"
	echo "$output"
	[ "$status" = 0 ]
	for scheme in light dark; do
		# The width and height in the head of a PNG: 1200 and 800.
		[ "$(od -An -tx1 -j16 -N8 "$BATS_TEST_TMPDIR/pictures/page-$scheme.png" | tr -d ' ')" = 000004b000000320 ]
	done
	! cmp -s "$BATS_TEST_TMPDIR/pictures/page-light.png" "$BATS_TEST_TMPDIR/pictures/page-dark.png"
	[ -z "$(ls -A "$BATS_TEST_TMPDIR/tmp")" ]
}

@test "picture says what is missing with 111, and what is wrong with its words with 100" {
	bare_path dirname
	PATH="$BATS_TEST_TMPDIR/bin" run "$ROOT/scripts/picture"
	[ "$status" = 111 ]
	[[ $output == *"no browser of the Chromium family here; scripts/setup check installs one"* ]]
	for words in -x '-t' '-t one' 'a b'; do
		run "$ROOT/scripts/picture" $words
		[ "$status" = 100 ]
		[[ $output == *"usage: scripts/picture"* ]]
	done
}

# What rooms says of one rule, on a copy of the house.
broken_house()
{
	make -C "$ROOT" -s all
	mkdir "$BATS_TEST_TMPDIR/house"
	cp -R "$ROOT"/lib "$ROOT"/ct-* "$ROOT"/scripts "$ROOT/DESIGN.md" "$BATS_TEST_TMPDIR/house"
	cd "$BATS_TEST_TMPDIR/house"
}

@test "rooms finds a file that looks to its right" {
	broken_house
	echo '#include "os/bus.h"' >>lib/enc/json.c
	run scripts/rooms
	[ "$status" = 1 ]
	[[ $output == *"lib/enc/json.c:"*"enc includes \"os/bus.h\""* ]]
}

@test "rooms finds a tool in another tool's room" {
	broken_house
	echo '#include "ct-ws/ws/frame.h"' >>ct-parse/filter.c
	run scripts/rooms
	[ "$status" = 1 ]
	[[ $output == *"ct-parse/filter.c:"*"another room"* ]]
}

@test "rooms finds a library named outside its door" {
	broken_house
	echo '#include <curl/curl.h>' >>ct-parse/filter.c
	run scripts/rooms
	[ "$status" = 1 ]
	[[ $output == *"ct-parse/filter.c: curl/curl.h belongs to curl"* ]]
}

@test "rooms finds a call past the door, a stray name and kept state" {
	broken_house
	echo 'extern int inflate(void); static int kept; int bump(void) { return kept++ + inflate(); }' >lib/enc/date.c
	cc -c -o lib/enc/date.o lib/enc/date.c
	run scripts/rooms
	[ "$status" = 1 ]
	[[ $output == *"lib/enc/date.o: inflate belongs to zlib"* ]]
	[[ $output == *"lib/enc/date.o: bump does not begin with date_"* ]]
	[[ $output == *"lib/enc/date.o: kept"* ]]
}

@test "rooms finds a function that is too long, one too deep, and a file without a plan" {
	broken_house
	{
		echo 'int' && echo 'stray_long(void)' && echo '{'
		for _ in $(seq 61); do echo '	stray_long();'; done
		printf '\t\t\t\t\tdeep();\n}\n'
	} >lib/enc/stray.c
	run scripts/rooms
	[ "$status" = 1 ]
	[[ $output == *"lib/enc/stray.c:3: stray_long has 62 lines"* ]]
	[[ $output == *"lib/enc/stray.c:65: 4 levels"* ]]
	[[ $output == *"lib/enc/stray.c: DESIGN.md does not say"* ]]
}

@test "rooms looks into rooms inside rooms" {
	broken_house
	mkdir ct-fetch/deep lib/enc/deep
	printf '#include <curl/curl.h>\n#include "ct-fetch/deep/far.h"\n#include "enc/der.h"\n' >ct-fetch/deep/far.c
	printf '#include "os/loop.h"\n#include "enc/deep/near.h"\ntypedef int t;\n' >lib/enc/deep/near.c
	echo 'int kept = 1;' >lib/enc/deep/state.c
	cc -c -o lib/enc/deep/state.o lib/enc/deep/state.c
	run scripts/rooms
	[ "$status" = 1 ]
	[[ $output == *"ct-fetch/deep/far.c: curl/curl.h belongs to curl"* ]]
	[[ $output == *"lib/enc/deep/near.c:1: enc includes \"os/loop.h\", which is to its right"* ]]
	[[ $output == *"lib/enc/deep/near.c:3:typedef int t;"* ]]
	[[ $output == *"lib/enc/deep/state.o: kept does not begin with state_"* ]]
	[[ $output == *"ct-fetch/deep/far.c: DESIGN.md does not say what it is for"* ]]
	[[ $output != *"far.c:2"* && $output != *"far.c:3"* && $output != *"near.c:2"* ]]
}

@test "rooms finds a room inside a room in the plan" {
	broken_house
	mkdir ct-fetch/deep
	printf '\tint x;\n' >ct-fetch/deep/far.c
	sed -i 's|^    ct-parse/ .*|    ct-fetch/deep/       what is far away\n      far.c             asks for it\n&|' DESIGN.md
	run scripts/rooms
	[ "$status" = 0 ]
	rm ct-fetch/deep/far.c
	run scripts/rooms
	[[ $output == *"ct-fetch/deep/far.c: in DESIGN.md, but not in the tree"* ]]
}

# sanitizable_house: goes to a copy of what sanitize copies.
sanitizable_house()
{
	mkdir -p "$BATS_TEST_TMPDIR/house/tests"
	cp -R "$ROOT"/Makefile "$ROOT"/lib "$ROOT"/ct-* "$ROOT"/scripts "$ROOT"/bench "$BATS_TEST_TMPDIR/house"
	cp -R "$ROOT"/tests/unit "$ROOT"/tests/log "$ROOT"/tests/fuzz "$ROOT"/tests/diff "$BATS_TEST_TMPDIR/house/tests"
	cd "$BATS_TEST_TMPDIR/house"
}

@test "sanitize copies rooms inside rooms, and drops what the tree no longer has" {
	sanitizable_house
	mkdir lib/base/deep
	echo 'extern int far; int far = 1;' >lib/base/deep/far.c
	scripts/sanitize "$BATS_TEST_TMPDIR/copy" lib/base/deep/far.o
	[ -e "$BATS_TEST_TMPDIR/copy/lib/base/deep/far.o" ]
	rm -r lib/base/deep
	scripts/sanitize "$BATS_TEST_TMPDIR/copy" lib/base/buf.o
	[ ! -e "$BATS_TEST_TMPDIR/copy/lib/base/deep/far.c" ]
}

@test "sanitize builds anew what was built with other flags, and only that" {
	sanitizable_house
	CFLAGS=-O0 scripts/sanitize "$BATS_TEST_TMPDIR/copy" lib/base/buf.o lib/base/arena.o
	cp -p "$BATS_TEST_TMPDIR/copy/lib/base/buf.o" before.o
	CFLAGS=-O0 scripts/sanitize "$BATS_TEST_TMPDIR/copy" lib/base/buf.o
	[ ! "$BATS_TEST_TMPDIR/copy/lib/base/buf.o" -nt before.o ]
	CFLAGS='-O0 -DMINE' scripts/sanitize "$BATS_TEST_TMPDIR/copy" lib/base/buf.o
	[ "$BATS_TEST_TMPDIR/copy/lib/base/buf.o" -nt before.o ]
	[ ! -e "$BATS_TEST_TMPDIR/copy/lib/base/arena.o" ]
}

@test "lint reads rooms inside rooms, tests and benches" {
	skip_without clang
	# A tree of these files alone; the whole one is read by the suite scripts/lint.
	cd "$BATS_TEST_TMPDIR"
	mkdir -p lib/enc/deep tests/unit bench scripts
	cp "$ROOT/Makefile" .
	cp "$ROOT/scripts/lint" scripts
	echo 'extern short narrow(int); short narrow(int i) { return i; }' >lib/enc/deep/narrow.c
	echo 'int main(void) { int unused; }' | tee tests/unit/test_bad.c >bench/bad.c
	run make -s lint ANALYZE=no
	[[ $output == *"lib/enc/deep/narrow.c:"*"-Wconversion"* ]]
	[[ $output == *"tests/unit/test_bad.c:"*"unused variable"* ]]
	[[ $output == *"bench/bad.c:"*"unused variable"* ]]
}

@test "cross refuses a machine it does not know before it builds for another" {
	run "$ROOT/scripts/cross" i386 vax
	[ "$status" = 100 ]
	[[ $output == *"no such machine: vax"* ]]
}

@test "cross says which compiler is missing and which package has it" {
	bare_path dirname
	run env PATH="$BATS_TEST_TMPDIR/bin" sh "$ROOT/scripts/cross" s390x
	[ "$status" = 111 ]
	[ "$output" = "cross: missing: s390x-linux-gnu-gcc; Debian has it in gcc-s390x-linux-gnu" ]
}

# client NAME: what tests/interop/setup says of a client, from a folder in which none is, with no
# other commands than those of $BATS_TEST_TMPDIR/bin.
client()
{
	mkdir -p "$BATS_TEST_TMPDIR/interop" "$BATS_TEST_TMPDIR/bin"
	cp "$ROOT/tests/interop/setup" "$ROOT"/tests/interop/*.go "$ROOT"/tests/interop/*.rs "$BATS_TEST_TMPDIR/interop"
	for command in sh cat chmod cmp cp grep mkdir mktemp rm tail timeout; do
		ln -sf "$(command -v $command)" "$BATS_TEST_TMPDIR/bin/$command"
	done
	PATH=$BATS_TEST_TMPDIR/bin run -1 "$BATS_TEST_TMPDIR/interop/setup" "$1"
}

@test "a client of others is not tried without the command that gets it" {
	client node
	[ "$output" = 'no npm here' ]
	client go
	[ "$output" = 'no go here' ]
	client rust
	[ "$output" = 'no cargo here' ]
}

@test "a client of others that cannot be got comes with the reason, and leaves nothing" {
	export TMPDIR=$BATS_TEST_TMPDIR/tmp
	mkdir "$TMPDIR" "$BATS_TEST_TMPDIR/bin"
	for command in npm go cargo; do
		printf '#!/bin/sh\necho trying\necho "no registry today" >&2\necho\nexit 1\n' >"$BATS_TEST_TMPDIR/bin/$command"
		chmod +x "$BATS_TEST_TMPDIR/bin/$command"
	done
	client node
	[[ $output == *"npm cannot get certstream: no registry today" ]]
	client go
	[[ $output == *"go cannot get gorilla/websocket: no registry today" ]]
	client rust
	[[ $output == *"cargo cannot get tokio-tungstenite: no registry today" ]]
	[ "$(ls "$BATS_TEST_TMPDIR/interop" | grep -vE '[.]go$|[.]rs$')" = setup ]
	[ -z "$(ls -A "$TMPDIR")" ]
}
