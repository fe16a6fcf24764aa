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
