# What packagers read agrees with the tree: debian/, Containerfile and compose.yaml. That the
# package can be built, installed and removed, scripts/package shows.

load setup

tools='ct-fetch ct-hub ct-latest ct-parse ct-run ct-ws'

setup()
{
	cd "$ROOT"
}

# places: lists what debian/rules lets make install, as paths on a Debian system.
places()
{
	local words

	words=$(sed -n 's/^PLACES = //p' debian/rules)
	[ -n "$words" ] || return 1
	# shellcheck disable=SC2086 # the variables are words
	make -s -n install DESTDIR= $words | sed -n 's,put$,list,p' | sh
}


@test "the version of the Debian package is that of the tools" {
	version=$(sed -n 's/.*CT_VERSION "\(.*\)"/\1/p' lib/base/version.h)
	run sed -n '1s/^certstream-toolkit (\([^)]*\)) .*/\1/p' debian/changelog
	[ "$output" = "$version" ]
}

@test "the Debian package has every tool, manual page, completion and unit" {
	places >"$BATS_TEST_TMPDIR/places"
	for tool in $tools; do
		grep -qx "/usr/bin/$tool" "$BATS_TEST_TMPDIR/places"
		grep -qx "/usr/share/man/man1/$tool.1" "$BATS_TEST_TMPDIR/places"
		[ "$tool" = ct-run ] || grep -qx "/usr/share/bash-completion/completions/$tool" "$BATS_TEST_TMPDIR/places"
		[ "$tool" = ct-run ] || grep -qx "/usr/share/zsh/vendor-completions/_$tool" "$BATS_TEST_TMPDIR/places"
	done
	for page in man/*.[157]; do
		grep -qx "/usr/share/man/man${page##*.}/${page#man/}" "$BATS_TEST_TMPDIR/places"
	done
	for unit in contrib/systemd/*.service contrib/systemd/*.target; do
		grep -qx "/lib/systemd/system/${unit##*/}" "$BATS_TEST_TMPDIR/places"
	done
	grep -qx /etc/default/ct "$BATS_TEST_TMPDIR/places"	# which debhelper makes a conffile
	run grep -v -e '^/usr/' -e '^/lib/systemd/system/' -e '^/etc/default/ct$' "$BATS_TEST_TMPDIR/places"
	[ -z "$output" ]
}

@test "the package is built with what scripts/setup installs, and with nothing else" {
	sed -n "/^wanted='/,/^'/p" scripts/setup | awk -F '\t' '
	$1 == "build" || $1 == "may" {
		if ($4 == "gcc" || $4 == "libc6-dev" || $4 == "make")
			next	# build-essential, which is always there
		if ($4 == "ca-certificates")
			next	# to run, not to build
		print $4
	}' | sort >"$BATS_TEST_TMPDIR/setup"
	sed -n '/^Build-Depends:/,/^$/p' debian/control | sed '1d; /^#/d; /nocheck/d; s/\[.*//; s/(.*//; s/[ ,]//g; /^$/d; /^debhelper/d; /^dh-/d' |
	    sort | diff "$BATS_TEST_TMPDIR/setup" -
	sed -n '/^Package:/,$p' debian/control | grep -qx ' ca-certificates,'
}

@test "libraries that Debian has for x86-64 alone are wanted there alone" {
	for package in libhyperscan-dev libipsec-mb-dev libisal-dev; do
		grep -qx " $package \[amd64\]," debian/control
	done
}

@test "debian/copyright has the words of LICENSE" {
	sed -n 's/^ \.$//; /^License: ISC$/,$ s/^ //p' debian/copyright | tr -s ' \n' ' ' >"$BATS_TEST_TMPDIR/debian"
	sed -n '/^Permission/,$p' LICENSE | tr -s ' \n' ' ' >"$BATS_TEST_TMPDIR/ours"
	[ "$(wc -c <"$BATS_TEST_TMPDIR/ours")" -gt 600 ]
	grep -qF "$(sed 's/ $//' "$BATS_TEST_TMPDIR/ours")" "$BATS_TEST_TMPDIR/debian"
	holder=$(sed -n 's/^Copyright (c) //p' LICENSE)
	grep -qx "Copyright: $holder" debian/copyright
}

@test "every file that debian/ takes along is there" {
	cat debian/*.docs debian/*.examples >"$BATS_TEST_TMPDIR/files"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/files")" -ge 5 ]
	while read -r file; do
		[ -e "$file" ] || {
			echo "no $file"
			exit 1
		}
	done <"$BATS_TEST_TMPDIR/files"
}

@test "the Debian package brings all texts of the tree, and all of contrib that is not installed otherwise" {
	for text in *.md NEWS; do
		[ "$text" = PACKAGING.md ] || grep -qx "$text" debian/*.docs || { echo "no $text"; false; }
	done
	for folder in contrib/*/; do
		folder=${folder%/}
		case $folder in
		contrib/completions|contrib/systemd|contrib/websocketd) continue ;;
		esac
		grep -qx "$folder" debian/*.examples || { echo "no $folder"; false; }
	done
}

@test "the Debian package brings the scripts by which a user moves over and replays" {
	for script in $(grep -oE '^ +(sudo )?\./scripts/[a-z-]+' MIGRATING.md | sed 's,.*\./,,' | sort -u) scripts/replay; do
		[ -x "$script" ]
		grep -qx "$script" debian/*.examples || { echo "no $script"; false; }
	done
}

@test "the image runs ct-run, and not as root" {
	[ "$(grep -c '^ENTRYPOINT' Containerfile)" = 1 ]
	grep -qx 'ENTRYPOINT \["ct-run"\]' Containerfile
	user=$(sed -n 's/^USER \([1-9][0-9]*\):\([1-9][0-9]*\)$/\1/p' Containerfile)
	[ -n "$user" ]
	grep -q "useradd .*-u $user " Containerfile
	grep -q "/run/ct:uid=$user,gid=$user," compose.yaml
}

@test "every option in compose.yaml is one of its tool" {
	sed -n 's/^ *CT_\([A-Z]*\)_OPTIONS: \(.*\)/\1 \2/p' compose.yaml >"$BATS_TEST_TMPDIR/options"
	[ -s "$BATS_TEST_TMPDIR/options" ]
	while read -r tool options; do
		for word in $options; do
			[[ $word != -* ]] || "ct-${tool,,}" --help | grep -q -e "$word "
		done
	done <"$BATS_TEST_TMPDIR/options"
}

@test "compose.yaml mounts folders of the tree that are there" {
	[ -d contrib/prometheus ] && [ -d contrib/grafana ] || skip "contrib/prometheus and contrib/grafana are not in this tree"
	sed -n 's,^ *- \./\([^:]*\):.*,\1,p' compose.yaml >"$BATS_TEST_TMPDIR/mounted"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/mounted")" -ge 3 ]
	while read -r folder; do
		[ -d "$folder" ]
	done <"$BATS_TEST_TMPDIR/mounted"
}

@test "ct-latest can be built static with musl, as PACKAGING.md says" {
	skip_without musl-gcc
	[ "$(uname -m)" = x86_64 ] || skip "the folder of the headers is that of x86-64"
	mkdir "$BATS_TEST_TMPDIR/copy"
	tar -cf - Makefile contrib ct-* lib man scripts tests/unit tests/log tests/fuzz | tar -C "$BATS_TEST_TMPDIR/copy" -xf -
	sed -n '/^## Static builds/,$ { /^```sh/,/^```$/ { /^```/d; p; } }' PACKAGING.md >"$BATS_TEST_TMPDIR/commands"
	cd "$BATS_TEST_TMPDIR/copy"
	# As a reader runs them, but for the last, which removes what is tried here.
	[ "$(sed -n '$p' "$BATS_TEST_TMPDIR/commands")" = 'make clean' ]
	sed '$d' "$BATS_TEST_TMPDIR/commands" | sh -e
	run ldd ct-latest/ct-latest
	[ "$status" != 0 ]
	export CT_BUS=ipc://$BATS_TEST_TMPDIR/bus
	spawn_sh hub "(cat '$ROOT/tests/data/go/full.ndjson'; sleep 30) | ct-hub -w 0"
	wait_until 10 ct-latest/ct-latest -n 1
	run ct-latest/ct-latest -n 5
	[ "${#lines[@]}" = 5 ]
}

@test "scripts/package says what is wrong with its words, with 100" {
	for words in nothing "-o" "--no-such-option"; do
		run scripts/package $words
		[ "$status" = 100 ]
		[[ $output == *"usage: scripts/package"* ]]
	done
}
