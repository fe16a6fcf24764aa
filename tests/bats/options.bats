# The command lines of the tools, which all come from tables of options (lib/os/option.h).

load setup

bats_require_minimum_version 1.5.0

setup()
{
	cd "$BATS_TEST_TMPDIR"
}

tools="ct-fetch ct-parse ct-hub ct-ws ct-latest"

@test "the help of every tool fits a screen of 24 lines and 80 columns, with a line for the prompt" {
	for tool in $tools; do
		"$tool" --help >help
		[ "$(wc -l <help)" -le 23 ] || { echo "$tool --help has $(wc -l <help) lines"; false; }
		run awk 'length > 80' help
		[ -z "$output" ]
	done
}

@test "no line of a help ends in a blank" {
	for tool in $tools; do
		run grep -n ' $' <("$tool" --help)
		[ -z "$output" ]
	done
}

@test "what is wrong with an option is said in one line that names it" {
	while read -r option message; do
		for tool in $tools; do
			run -100 "$tool" "$option"
			[ "$output" = "$tool: usage: $message; try $tool --help" ]
		done
	done <<-'END'
		-Z -Z: unknown option
		-qZ -Z: unknown option
		--nonsense --nonsense: unknown option
		--ver --ver: unknown option
		--quiet=no --quiet=no: --quiet takes no value
		--completion --completion wants a value, bash|zsh
	END
	run -100 ct-fetch -oL
	[ "$output" = "ct-fetch: usage: --log-list wants a value, FILE|URL; try ct-fetch --help" ]
	run -100 ct-ws --completion fish
	[ "$output" = "ct-ws: usage: --completion fish: it is bash or zsh" ]
}

@test "what does not fit onto a full disk is an error" {
	[ -e /dev/full ] || skip "no /dev/full here"
	for option in --help --version '--completion=bash'; do
		run -111 bash -c "ct-hub $option >/dev/full"
	done
}

@test "the completions in the tree are what the tools print" {
	for tool in $tools; do
		"$tool" --completion bash | cmp - "$ROOT/contrib/completions/bash/$tool" ||
		    { echo "run scripts/completions"; false; }
		"$tool" --completion zsh | cmp - "$ROOT/contrib/completions/zsh/_$tool"
	done
}

# completed SHELL SETUP LINE...: types each line into the shell, in a folder with a file and a folder, and
# prints the words that it became.
completed()
{
	local shell=$1 setup=$2 tool

	shift 2
	mkdir -p 'my folder' && : >'my list.json'
	for tool in $tools; do
		setup="$setup; $tool() { printf '<begin>'; printf '[%s]' \"\$@\"; echo '<end>'; }"
	done
	python3 "$ROOT/tests/bats/complete.py" "$shell" "$setup" "$@"
}

@test "bash completes names of options, files, folders and words" {
	skip_without python3
	run completed bash "for f in '$ROOT'/contrib/completions/bash/*; do . \"\$f\"; done" \
	    'ct-fetch --log-l<TAB>x' 'ct-hub --inge<TAB>' 'ct-ws --proxy-p<TAB>--trust<TAB>' \
	    'ct-fetch -L my\ l<TAB>' 'ct-fetch --state my<TAB>' 'ct-fetch --type=t<TAB>' 'ct-parse -s d<TAB>' \
	    'ct-latest --stream st<TAB>-<TAB>' 'ct-fetch -s m<TAB>' 'ct-ws --completion z<TAB>'
	echo "$output"
	[ "${lines[0]}" = '[--log-list][x]' ]
	[ "${lines[1]}" = '[--ingest]' ]
	[ "${lines[2]}" = '[--proxy-protocol][--trust-proxy]' ]
	[ "${lines[3]}" = '[-L][my list.json]' ]
	[ "${lines[4]}" = '[--state][my folder/]' ]
	[ "${lines[5]}" = '[--type=tiled]' ]
	[ "${lines[6]}" = '[-s][domains]' ]
	[ "${lines[7]}" = '[--stream][status][--]' ]
	[ "${lines[8]}" = '[-s][m]' ]		# a number is not completed
	[ "${lines[9]}" = '[--completion][zsh]' ]
}

@test "zsh completes names of options, files, folders and words" {
	skip_without zsh python3
	run completed zsh "fpath=('$ROOT/contrib/completions/zsh' \$fpath); autoload -Uz compinit
	    compinit -u -D; setopt noautolist" \
	    'ct-fetch --log-l<TAB>x' 'ct-hub --inge<TAB>' 'ct-ws --proxy-p<TAB>--token<TAB>x' \
	    'ct-fetch -L my\ l<TAB>' 'ct-fetch --state my<TAB>' 'ct-fetch --type=t<TAB>' 'ct-parse -s d<TAB>' \
	    'ct-latest --stream st<TAB>' 'ct-fetch -s m<TAB>' 'ct-ws --completion z<TAB>'
	echo "$output"
	[ "${lines[0]}" = '[--log-list=x]' ]
	[ "${lines[1]}" = '[--ingest]' ]
	[ "${lines[2]}" = '[--proxy-protocol][--token-file=x]' ]
	[ "${lines[3]}" = '[-L][my list.json]' ]
	[ "${lines[4]}" = '[--state][my folder]' ]
	[ "${lines[5]}" = '[--type=tiled]' ]
	[ "${lines[6]}" = '[-s][domains]' ]
	[ "${lines[7]}" = '[--stream][status]' ]
	[ "${lines[8]}" = '[-s][m]' ]
	[ "${lines[9]}" = '[--completion][zsh]' ]
}

# has TOOL: prints all options of the tool, with their letters, as a manual page lists them: -b, --bus.
has()
{
	"$1" --completion zsh | sed -n "s/.*{-\(.\)+\{0,1\},--\([a-z-]*\)=\{0,1\}}.*/-\1, --\2/p
	    s/.*'\*--\([a-z-]*\)=\{0,1\}\[.*/--\1/p" | sort
}

@test "every option of a tool is an item of its manual page, and every such item is an option" {
	for tool in $tools; do
		sed -n '/^\.It Fl/{s/^\.It Fl //; s/ \(Ar\|Cm\|Ns\) .*//; s/^-/--/; s/^\([A-Za-z]\) , -/-\1, --/p; /^--/p;}' \
		    "$ROOT/man/$tool.1" | sort >items
		has "$tool" | diff - items || { echo "$tool"; false; }
	done
}

@test "no text gives a tool an option that it does not have" {
	skip_without python3
	for tool in $tools; do
		"$tool" --completion zsh >"$tool.zsh"
	done
	cd "$ROOT"
	run --separate-stderr python3 tests/bats/mentions.py "$BATS_TEST_TMPDIR" *.md man/*.[157] contrib/*.md \
	    $(find contrib/systemd contrib/nginx contrib/filters contrib/completions scripts -type f) .ci/run
	echo "$output"
	[ -z "$output" ]
	[ "${stderr%% *}" -gt 30 ]
}

@test "a text that gives a tool a wrong option is found" {
	skip_without python3
	for tool in $tools; do
		"$tool" --completion zsh >"$tool.zsh"
	done
	cat >text <<-'END'
		ct-fetch -qE --nonsense | ct-parse -s full -Z
		Say `ct-hub -b x -y`, or --like-this; ct-ws -p --odd -r 1m
	END
	cd "$ROOT"
	run --separate-stderr python3 tests/bats/mentions.py "$BATS_TEST_TMPDIR" "$BATS_TEST_TMPDIR/text"
	[[ $output == *"text:1: ct-fetch has no --nonsense"* ]]
	[[ $output == *"text:1: ct-parse has no -Z"* ]]
	[[ $output == *"text:2: ct-hub has no -y"* ]]
	[[ $output == *"text:2: nothing has --like-this"* ]]
	[[ $output != *"ct-ws"* ]]
}
