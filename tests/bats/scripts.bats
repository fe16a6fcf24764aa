# scripts/setup and scripts/rooms.

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
	[[ ${lines[0]} == *missing:*cc*make*nng/nng.h*libcurl* ]]
	[[ $output == *installing*gcc*make*libnng-dev*libssl-dev* ]]
	[ ! -e "$BATS_TEST_TMPDIR/calls" ]
}

@test "setup asks for libipsec-mb on x86-64 alone" {
	bare_path
	pretend apt-get
	printf '#!/bin/sh\necho x86_64\n' >"$BATS_TEST_TMPDIR/bin/uname"
	chmod +x "$BATS_TEST_TMPDIR/bin/uname"
	run bare_setup -n build
	[[ $output == *installing*libipsec-mb-dev* ]]
	printf '#!/bin/sh\necho aarch64\n' >"$BATS_TEST_TMPDIR/bin/uname"
	run bare_setup -n build
	[[ $output == *installing*libssl-dev* ]]
	[[ $output != *ipsec* ]]
}

@test "setup installs with the package manager that is there" {
	bare_path env
	pretend dnf
	run bare_setup build
	case $(id -u) in
	0) grep -q '^dnf install .*gcc.*nng-devel' "$BATS_TEST_TMPDIR/calls" ;;
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
	chmod +x "$BATS_TEST_TMPDIR"/bin/*
}

@test "setup neither asks for a password nor fails for libipsec-mb alone" {
	only_libipsec_mb_missing 1000
	run bare_setup build
	[ "$status" = 0 ]
	[[ $output == *"not needed: intel-ipsec-mb.h"*"goes on without"*libipsec-mb-dev* ]]
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
	[[ $output == *libnng-dev* ]]
}

@test "setup passes over what a system does not package and says so" {
	bare_path
	pretend apk
	run bare_setup -n check
	[[ $output == *"not packaged here"*websocketd* ]]
	[[ $output != *"installing"*" - "* ]]
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
	echo '#include "ct-ws/frame.h"' >>ct-parse/filter.c
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
