# The Makefile: what is built, installed, removed and packed.

load setup

tools='ct-fetch ct-hub ct-latest ct-parse ct-ws'

install_here()
{
	make -C "$ROOT" -s install DESTDIR="$BATS_TEST_TMPDIR/stage" PREFIX=/usr
}

# The sources alone, as a stranger has them.
copy_sources()
{
	mkdir "$BATS_TEST_TMPDIR/copy"
	(cd "$ROOT" && find ct-* tests/unit tests/fuzz tests/diff tests/log -type f -perm -100 ! -name '*.*') \
	    >"$BATS_TEST_TMPDIR/programs"
	tar -C "$ROOT" --exclude='*.o' --exclude='*.a' --exclude=tests/interop -X "$BATS_TEST_TMPDIR/programs" \
	    -cf - Makefile contrib ct-* lib man tests scripts | tar -C "$BATS_TEST_TMPDIR/copy" -xf -
	cd "$BATS_TEST_TMPDIR/copy"
	make -s clean
}

# copy_built [PATTERN]: the sources of the tools with their objects and programs, but for the objects of the
# files that have what grep -E finds; no header may have it. So make compiles only these.
copy_built()
{
	local source

	make -C "$ROOT" -s all
	mkdir "$BATS_TEST_TMPDIR/copy"
	tar -C "$ROOT" -cf - Makefile ct-* lib scripts | tar -C "$BATS_TEST_TMPDIR/copy" -xf -
	cd "$BATS_TEST_TMPDIR/copy"
	[ $# -gt 0 ] || return 0
	! grep -rlE --include='*.h' -e "$1" lib ct-* || return 1
	for source in $(grep -rlE --include='*.c' -e "$1" lib ct-*); do
		rm "${source%.c}.o"
	done
}

@test "install puts every tool and manual page where it is told" {
	install_here
	cd "$BATS_TEST_TMPDIR/stage/usr"
	for tool in $tools; do
		[ -x "bin/$tool" ]
		[ -f "share/man/man1/$tool.1" ]
	done
	[ -x bin/ct-run ]
	[ -f share/man/man7/ct.7 ]
	[ -f share/man/man5/ct-entry.5 ]
	[ -f share/man/man5/ct-event.5 ]
}

@test "uninstall removes what install put and nothing else" {
	install_here
	echo mine >"$BATS_TEST_TMPDIR/stage/usr/bin/ct-mine"
	make -C "$ROOT" -s uninstall DESTDIR="$BATS_TEST_TMPDIR/stage" PREFIX=/usr
	run find "$BATS_TEST_TMPDIR/stage" -type f
	[ "$output" = "$BATS_TEST_TMPDIR/stage/usr/bin/ct-mine" ]
}

@test "install prints the path of every file that it has put, and puts no other" {
	install_here | sort >"$BATS_TEST_TMPDIR/said"
	find "$BATS_TEST_TMPDIR/stage" ! -type d | sort | cmp - "$BATS_TEST_TMPDIR/said"
}

@test "every place of install has a variable of its own" {
	cd "$BATS_TEST_TMPDIR"
	mkdir stage
	for variable in $(sed -n 's/^\([A-Z]*\) ?= \$(PREFIX).*/\1/p' "$ROOT/Makefile"); do
		echo "$variable=/its/$variable"
	done >variables
	[ "$(wc -l <variables)" -ge 5 ]
	make -C "$ROOT" -s install DESTDIR="$PWD/stage" $(cat variables) >/dev/null
	stage/its/BINDIR/ct-run -V
	run ls stage stage/its/SYSTEMDUNITDIR
	[[ $output == *ct-feed.service* && $output == *ct.target* && $output != *usr* ]]
	make -C "$ROOT" -s uninstall DESTDIR="$PWD/stage" $(cat variables)
	run find stage ! -type d
	[ -z "$output" ]
}

@test "install puts the completions of every tool where the shells look for them" {
	[ -d "$ROOT/contrib/completions" ] || skip "no completions here"
	install_here
	for tool in $tools; do
		[ -f "$BATS_TEST_TMPDIR/stage/usr/share/bash-completion/completions/$tool" ]
		[ -f "$BATS_TEST_TMPDIR/stage/usr/share/zsh/site-functions/_$tool" ]
	done
}

@test "every unit that is installed runs the tools that are installed with it" {
	cd "$BATS_TEST_TMPDIR"
	make -C "$ROOT" -s install DESTDIR="$PWD/stage" PREFIX=/opt/ct >/dev/null
	units=stage/opt/ct/lib/systemd/system
	[ "$(ls "$units" | sort)" = "$(cd "$ROOT/contrib/systemd" && ls -d *.service *.socket *.target 2>/dev/null | sort)" ]
	# Commands, which may go over several lines, with each word that begins with ct- on a line.
	sed -n ':a; /^Exec.*\\$/{ N; ba; }; /^Exec/p' "$units"/*.service |
	    tr " \t\"'=()|;" '\n' | grep -E '(^|/)ct-(fetch|hub|latest|parse|run|ws)$' >words
	[ "$(wc -l <words)" -ge 5 ]
	run grep -vE '^/opt/ct/bin/ct-[a-z]+$' words
	[ -z "$output" ]
	while read -r word; do
		[ -x "stage$word" ]
	done <words
}

@test "install leaves units out, and says so, where their commands could not name the tools" {
	run make -C "$ROOT" -s install DESTDIR="$BATS_TEST_TMPDIR/stage" PREFIX="/a b"
	[ "$status" = 0 ]
	[[ $output == *"install: leaves out ct-ws.service: /a b/bin cannot stand in a unit"* ]]
	run find "$BATS_TEST_TMPDIR/stage" -name '*.service'
	[ -z "$output" ]
}

@test "install fails with 111 and a reason where it may not write" {
	echo file >"$BATS_TEST_TMPDIR/stage"
	run make -C "$ROOT" -s install DESTDIR="$BATS_TEST_TMPDIR/stage" PREFIX=/usr
	[[ $output == *"install: cannot install $BATS_TEST_TMPDIR/stage/usr/bin/ct-fetch"*"Error 111"* ]]
}

@test "install puts the options of the units where the units look for them" {
	install_here
	cmp "$BATS_TEST_TMPDIR/stage/etc/default/ct" "$ROOT/contrib/systemd/ct.default"
	make -C "$ROOT" -s install DESTDIR="$BATS_TEST_TMPDIR/other" PREFIX=/usr DEFAULTDIR=/etc/sysconfig >/dev/null
	[ -f "$BATS_TEST_TMPDIR/other/etc/sysconfig/ct" ]
	for unit in "$BATS_TEST_TMPDIR"/other/usr/lib/systemd/system/*.service; do
		! grep -q default/ct "$unit"
	done
	grep -qx 'EnvironmentFile=-/etc/sysconfig/ct' "$BATS_TEST_TMPDIR/other/usr/lib/systemd/system/ct-feed.service"
}

@test "install leaves options that are there as they are, says so, and uninstall leaves them too" {
	mkdir -p "$BATS_TEST_TMPDIR/stage/etc/default"
	echo CT_CONTACT=me >"$BATS_TEST_TMPDIR/stage/etc/default/ct"
	run install_here
	[ "$status" = 0 ]
	[[ $output == *"install: leaves $BATS_TEST_TMPDIR/stage/etc/default/ct as it is"* ]]
	[ "$(grep -c "^$BATS_TEST_TMPDIR/stage/etc/default/ct\$" <<<"$output")" = 0 ]
	run make -C "$ROOT" -s uninstall DESTDIR="$BATS_TEST_TMPDIR/stage" PREFIX=/usr
	[ "$status" = 0 ]
	[[ $output == *"install: leaves $BATS_TEST_TMPDIR/stage/etc/default/ct, which has been changed"* ]]
	run find "$BATS_TEST_TMPDIR/stage" ! -type d
	[ "$output" = "$BATS_TEST_TMPDIR/stage/etc/default/ct" ]
	[ "$(cat "$output")" = CT_CONTACT=me ]
}

@test "uninstall removes options that nobody has changed" {
	install_here
	make -C "$ROOT" -s uninstall DESTDIR="$BATS_TEST_TMPDIR/stage" PREFIX=/usr
	[ ! -e "$BATS_TEST_TMPDIR/stage/etc/default/ct" ]
}

# For who installs into a folder of their own, without being root.
@test "install goes on, and says so, where only root could write the options of the units" {
	as=
	if [ "$(id -u)" = 0 ]; then
		skip_without setpriv
		# Like anyone else, it may then write only what its permissions let it.
		as='setpriv --bounding-set -dac_override'
	fi
	make -C "$ROOT" -s all
	mkdir -p "$BATS_TEST_TMPDIR/stage/etc"
	chmod 555 "$BATS_TEST_TMPDIR/stage/etc"
	run $as make -C "$ROOT" -s install DESTDIR="$BATS_TEST_TMPDIR/stage" PREFIX=/home
	[ "$status" = 0 ]
	[[ $output == *"install: leaves out $BATS_TEST_TMPDIR/stage/etc/default/ct, which only root can write"* ]]
	[ -x "$BATS_TEST_TMPDIR/stage/home/bin/ct-fetch" ]
	[ ! -e "$BATS_TEST_TMPDIR/stage/etc/default" ]
}

@test "every tool helps and tells its version on stdout, with 0" {
	for tool in $tools; do
		"$tool" --help 2>&1 >/dev/null | cmp - /dev/null
		"$tool" --help | grep -q "^usage: $tool"
		[ "$("$tool" -V)" = "$tool $(sed -n 's/.*CT_VERSION "\(.*\)"/\1/p' "$ROOT/lib/base/version.h")" ]
	done
}

@test "every manual page that is installed names the version, and none in the tree does" {
	version=$(sed -n 's/.*CT_VERSION "\(.*\)"/\1/p' "$ROOT/lib/base/version.h")
	install_here
	for page in "$BATS_TEST_TMPDIR"/stage/usr/share/man/man*/*; do
		grep -qx "\.Os certstream-toolkit $version" "$page"
	done
	run grep -L '^\.Os$' "$ROOT"/man/*.[157]
	[ -z "$output" ]
}

@test "NEWS begins with the version of the tools" {
	version=$(sed -n 's/.*CT_VERSION "\(.*\)"/\1/p' "$ROOT/lib/base/version.h")
	run grep -m 1 -oE '^[0-9]+\.[0-9]+\.[0-9]+' "$ROOT/NEWS"
	[ "$output" = "$version" ]
}

@test "every tool refuses an unknown option with 100 and a pointer to --help" {
	for tool in $tools; do
		run "$tool" --no-such-option
		[ "$status" = 100 ]
		[[ $output == *--help* ]]
	done
}

@test "every option of a tool's help is in its manual page" {
	skip_without mandoc
	for tool in $tools; do
		"$tool" --help | grep -oE -- '--[a-z][a-z-]+' | sort -u | while read -r option; do
			mandoc -T ascii "$ROOT/man/$tool.1" | sed 's/.\x08//g' | grep -q -- "$option" || {
				echo "$tool.1 does not have $option"
				exit 1
			}
		done
	done
}

# The commands of a manual page as its source has them, a line each.
commands()
{
	sed -n 's/^\.Dl \(\$ .*\)/\1/p; /^\$ /p' "$1" | sed 's/\\(dq/"/g; s/\\e/\\/g; s/\\&//g'
}

@test "no command of a manual page is folded, so each can be pasted" {
	skip_without mandoc
	for page in "$ROOT"/man/*.[157]; do
		mandoc -T ascii -O width=78 "$page" | sed 's/.\x08//g; s/^ *//' >"$BATS_TEST_TMPDIR/shown"
		commands "$page" | while read -r command; do
			grep -qxF -- "$command" "$BATS_TEST_TMPDIR/shown" || {
				echo "${page##*/}: $command"
				exit 1
			}
		done
	done
	[ "$(for page in "$ROOT"/man/*.[157]; do commands "$page"; done | wc -l)" -gt 15 ]
}

@test "every command of a manual page is explained" {
	for page in "$ROOT"/man/*.[157]; do
		awk '/^\.Sh EXAMPLES/ { inside = 1; told = 0; next } /^\.Sh/ { inside = 0 }
		inside && /^\.Dl \$|^\.Bd/ && !told { print FILENAME ": " $0; bad = 1 }
		inside && /^[^.]/ && !literal { told = 1 }
		/^\.Bd/ { literal = 1 } /^\.Ed/ { literal = 0; told = 0 }
		/^\.Pp/ && shown { told = 0 } { shown = /^\.Dl|^\.Ed/ }
		END { exit bad }' "$page"
	done
}

@test "a packager's flags reach the compiler beside those the code needs" {
	run make -C "$ROOT" -B -n CC=mycc CFLAGS=-O3 CPPFLAGS=-DMINE LDFLAGS=-Wl,--mine ct-parse/ct-parse
	[[ $output == *"mycc "*-DMINE*-O3*-std=c11*"-o ct-parse/main.o"* ]]
	[[ $output == *"mycc "*-O3*-Wl,--mine*"-o ct-parse/ct-parse"* ]]
}

@test "objects are built anew when a header changes" {
	make -C "$ROOT" -s all
	run make -C "$ROOT" -n -W lib/base/span.h all
	for object in lib/base/buf.o ct-parse/main.o ct-ws/main.o; do
		[[ $output == *"-o $object"* ]]
	done
}

# each_make ARGUMENT...: runs it by every make that is here, alone and four at a
# time. The build must end in failure before anything is compiled. Leaves what
# was said about it, without what make itself adds, in $output.
each_make()
{
	local maker said

	copy_sources
	output=
	for maker in make "make -j4" bmake "bmake -j4"; do
		command -v "${maker% *}" >/dev/null || continue
		! $maker "$@" all >said 2>&1 || return 1
		cat said
		! grep -q -e ' -c -o ' -e 'page_' said || return 1
		said=$(grep -c 'make: missing' said) || :
		[ "$said" -le 1 ] || return 1
		output+=$(grep -e 'make: missing' -e 'make: the C compiler' said)$'\n'
	done
	output=$(sort -u <<<"$output" | sed '/^$/d')
}

setup_installs='run scripts/setup, which installs'

@test "make says in a line which libraries are missing, and stops" {
	each_make PKG_CONFIG=false
	[ "$output" = "make: missing: libcrypto libssl libcurl jansson zlib; $setup_installs what the build needs" ]
}

# No file of the tools includes it, so nothing is compiled; one that did, in any spelling, would be, and fail.
@test "make needs no nng, which only a test is held against" {
	mkdir -p "$BATS_TEST_TMPDIR/none/nng"
	echo '#error none' | tee "$BATS_TEST_TMPDIR/none/nng.h" >"$BATS_TEST_TMPDIR/none/nng/nng.h"
	copy_built 'include.*[<"/]nng[./].*h[">]'
	rm lib/found
	for tool in $tools; do
		rm "$tool/$tool"
	done
	make -s CPPFLAGS="-I$BATS_TEST_TMPDIR/none" lib/found
	touch -d @0 lib/found
	make -s CPPFLAGS="-I$BATS_TEST_TMPDIR/none" all
	for tool in $tools; do
		ldd "$tool/$tool"
	done >libraries
	[ "$(grep -c libnng libraries)" = 0 ]
}

@test "make without pkg-config says so and nothing of libraries it cannot know of" {
	each_make PKG_CONFIG=no-such-command
	[ "$output" = "make: missing: no-such-command; $setup_installs what the build needs" ]
}

@test "make says that the C library's headers are missing" {
	mkdir "$BATS_TEST_TMPDIR/none"
	echo '#error none' | tee "$BATS_TEST_TMPDIR/none/stdio.h" >"$BATS_TEST_TMPDIR/none/stdint.h"
	each_make CPPFLAGS="-I$BATS_TEST_TMPDIR/none"
	[ "$output" = "make: missing: libc; $setup_installs what the build needs" ]
}

@test "make says that the C compiler is missing" {
	each_make CC=no-such-compiler
	[ "$output" = "make: missing: the C compiler no-such-compiler; $setup_installs cc" ]
}

@test "make blames no library for flags that the compiler refuses" {
	each_make CFLAGS=--no-such-flag
	[ "$output" = "make: the C compiler does not take CPPFLAGS and CFLAGS, see above" ]
}

@test "a packager's _FORTIFY_SOURCE stays as it is, without a warning" {
	copy_sources
	for variable in CFLAGS CPPFLAGS; do
		run make "$variable=-O2 -Werror -D_FORTIFY_SOURCE=3" lib/base/buf.o
		[ "$status" = 0 ]
		[[ $output == *_FORTIFY_SOURCE=3* && $output != *_FORTIFY_SOURCE=2* ]]
		rm lib/base/buf.o
	done
	run make CFLAGS=-O2 lib/base/buf.o
	[[ $output == *_FORTIFY_SOURCE=2* ]]
}

@test "a packager who wants no _FORTIFY_SOURCE gets none" {
	copy_sources
	for make in make bmake; do
		command -v "$make" >/dev/null || continue
		run "$make" CFLAGS="-O2 -U_FORTIFY_SOURCE" lib/base/buf.o
		[ "$status" = 0 ]
		[[ $output == *-U_FORTIFY_SOURCE* && $output != *-D_FORTIFY_SOURCE* ]]
		rm lib/base/buf.o
	done
}

@test "install makes folders that all can read, and leaves those that are there as they are" {
	mkdir -p "$BATS_TEST_TMPDIR/stage/usr/share/man"
	chmod 2775 "$BATS_TEST_TMPDIR/stage/usr/share/man"
	(umask 077 && install_here)
	run find "$BATS_TEST_TMPDIR/stage/usr" -type d ! -perm -755
	[ -z "$output" ]
	[ "$(stat -c %a "$BATS_TEST_TMPDIR/stage/usr/share/man")" = 2775 ]
}

@test "flags that make the compiler write files leave none but the objects' own" {
	copy_sources
	for flag in -MMD --coverage -fstack-usage; do
		make -s "CFLAGS=$flag" lib/base/buf.o
		run find . -maxdepth 1 -type f ! -name Makefile
		[ -z "$output" ]
		make -s clean
	done
	run find . -name '*.[od]' -o -name '*.gcno' -o -name found
	[ -z "$output" ]
}

@test "install and uninstall take folders with blanks in their names" {
	stage="$BATS_TEST_TMPDIR/c d"
	make -C "$ROOT" -s install PREFIX="/a b" DESTDIR="$stage"
	for tool in $tools; do
		[ -x "$stage/a b/bin/$tool" ]
		[ -f "$stage/a b/share/man/man1/$tool.1" ]
	done
	make -C "$ROOT" -s uninstall PREFIX="/a b" DESTDIR="$stage"
	run find "$stage" ! -type d
	[ -z "$output" ]
}

@test "a room inside a room is built, and its headers are heeded" {
	copy_built
	mkdir ct-parse/deep lib/enc/deep
	for room in ct-parse lib/enc; do
		echo '#include "'"${room#lib/}"'/deep/deep.h"' >$room/deep/deep.c
		echo 'extern int deep_number;' >$room/deep/deep.h
	done
	echo 'int deep_number;' >>ct-parse/deep/deep.c
	touch -d @0 ct-parse/deep/deep.h lib/enc/deep/deep.h
	make -s ct-parse/ct-parse
	ar t ct-parse/ct-parse.a | grep -qx deep.o
	ar t lib/libct.a | grep -qx deep.o
	run make -n -W lib/enc/deep/deep.h ct-parse/ct-parse
	[[ $output == *"-o ct-parse/main.o"* ]]
}

@test "BSD make builds the tools without a warning" {
	skip_without bmake
	copy_sources
	bmake -j2 all >out 2>err || {
		cat err
		false
	}
	run cat err
	[ -z "$output" ]
	./ct-parse/ct-parse -V
}

@test "ct-parse is built with libipsec-mb where it is there" {
	[ "$(uname -m)" = x86_64 ] || skip "no x86-64 here"
	[ -e /usr/include/intel-ipsec-mb.h ] || skip "no libipsec-mb here"
	ldd "$ROOT/ct-parse/ct-parse" | grep -q libIPSec_MB
}

@test "without libipsec-mb ct-parse writes the same events" {
	for i in $(seq 20); do
		cat "$ROOT/tests/data/entries.ndjson"
	done >"$BATS_TEST_TMPDIR/entries"
	copy_built HAVE_IPSEC_MB
	make -s ct-parse/ct-parse IPSEC_MB_CFLAGS= IPSEC_MB_LIBS=
	run ldd ct-parse/ct-parse
	[ "$status" = 0 ]
	[[ $output != *IPSec* ]]
	for format in go calidog; do
		"$ROOT/ct-parse/ct-parse" -f $format <"$BATS_TEST_TMPDIR/entries" >here
		ct-parse/ct-parse -f $format <"$BATS_TEST_TMPDIR/entries" >without
		[ "$(wc -l <here)" -gt 300 ]
		cmp here without
	done
}

@test "messages are compressed, and bodies unpacked, with isa-l where it is there" {
	pkg-config --exists libisal || skip "no isa-l here"
	ldd "$ROOT/tests/unit/test_deflate" | grep -q libisal
	ldd "$ROOT/ct-fetch/ct-fetch" | grep -q libisal
}

# Without isa-l zlib does it; the unit tests hold for both.
@test "without isa-l messages are compressed and bodies unpacked as well" {
	copy_sources
	for room in deflate inflate gz; do
		${CC:-cc} -std=c11 -D_GNU_SOURCE -Ilib -I. -Itests/unit -o "$room" "tests/unit/test_$room.c" \
		    lib/enc/deflate.c lib/enc/inflate.c lib/enc/gz.c lib/base/*.c $(pkg-config --libs zlib)
		run ldd "$room"
		[[ $output != *libisal* ]]
		run "./$room"
		[ "$status" = 0 ]
		[[ $output != *"not ok"* ]]
	done
}

@test "filters have regexes by hyperscan where it is there" {
	pkg-config --exists libhs || skip "no hyperscan here"
	ldd "$ROOT/tests/unit/test_filter" | grep -q libhs
}

# Without hyperscan a filter with a regex is refused, and all others work.
@test "without hyperscan filters work but for regexes" {
	copy_sources
	for test in filter matcher; do
		${CC:-cc} -std=c11 -D_GNU_SOURCE -Ilib -I. -Itests/unit -o $test tests/unit/test_$test.c \
		    ct-ws/filter/*.c ct-ws/http/query.c lib/base/*.c lib/enc/{json,json_put,json_str,hash}.c \
		    lib/enc/{lower,punycode}.c $(pkg-config --libs libcrypto) -pthread
		run ldd $test
		[[ $output != *libhs* ]]
		run ./$test
		[ "$status" = 0 ]
		[[ $output != *"not ok"* ]]
		[[ $output == *"skip built without hyperscan"* ]]
	done
}

# A repository with the tree as it is now, whose only commit is of this second.
commit_copy()
{
	copy_sources
	cp "$ROOT"/{LICENSE,NEWS} .
	git init -q
	git add -A
	git -c user.name=A -c user.email=a@example.com commit -qm all
}

@test "dist packs the tree as committed" {
	skip_without git
	commit_copy
	echo later >later
	echo changed >>NEWS
	run make -s dist
	[ "$status" = 0 ]
	tarball=${lines[${#lines[@]} - 1]}
	[ "$tarball" = "certstream-toolkit-$(sed -n 's/.*CT_VERSION "\(.*\)"/\1/p' lib/base/version.h).tar.gz" ]
	tar -xzf "$tarball"
	git checkout -q NEWS
	git ls-files | sort >tracked
	(cd "${tarball%.tar.gz}" && find . -type f | sed 's,^\./,,' | sort) | cmp - tracked
	git checkout-index -a --prefix=committed/
	diff -r committed "${tarball%.tar.gz}"
	for tree in committed "${tarball%.tar.gz}"; do
		(cd "$tree" && find . -type f -perm -100 | sort) >"executable-$tree"
	done
	[ -s executable-committed ]
	cmp executable-*
}

@test "dist packs the same bytes again, elsewhere and under another umask" {
	skip_without git
	commit_copy
	make -s dist
	mkdir "$BATS_TEST_TMPDIR/else"
	git clone -q . "$BATS_TEST_TMPDIR/else/clone"
	sleep 1.1
	(umask 077 && TZ=Asia/Tokyo LC_ALL=C.UTF-8 make -s -C "$BATS_TEST_TMPDIR/else/clone" dist)
	cmp certstream-toolkit-*.tar.gz "$BATS_TEST_TMPDIR"/else/clone/certstream-toolkit-*.tar.gz
}

@test "dist takes the time that SOURCE_DATE_EPOCH says" {
	skip_without git
	commit_copy
	SOURCE_DATE_EPOCH=1700000000 make -s dist
	run env TZ=UTC tar -tvzf certstream-toolkit-*.tar.gz
	[ "$(echo "$output" | grep -c 'certstream-toolkit')" -gt 100 ]
	[ -z "$(echo "$output" | grep -v ' 0/0 .* 2023-11-14 22:13 ')" ]
}

@test "dist says that it needs a repository" {
	skip_without git
	copy_sources
	run make -s dist
	[ "$status" != 0 ]
	[[ $output == *"dist: this is no git repository, and what is packed is a commit"* ]]
	run find . -name '*.tar.gz'
	[ -z "$output" ]
}
