# What every file of bats tests loads first, with `load setup`. It puts the tools
# on PATH under their own names. What a test starts with spawn is ended at the end
# of the test, also when the test fails.
#
# CT_CORPUS names the corpus: a folder of real entries and certificates that only
# the machines of the project have, because it holds the data of others.

ROOT=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)
CT_CORPUS=${CT_CORPUS:-$ROOT/../shared/corpus}
PATH=$ROOT/ct-fetch:$ROOT/ct-parse:$ROOT/ct-hub:$ROOT/ct-ws:$ROOT/ct-latest:$ROOT/tests/log:$PATH
# Servers that scripts/setup unpacked instead of installing.
PATH=$PATH:$ROOT/build/servers/usr/sbin:$ROOT/build/servers/usr/bin
export ROOT CT_CORPUS PATH
unset CT_BUS http_proxy https_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY all_proxy

# skip_without COMMAND...: skips the test when one of the commands is not installed.
skip_without()
{
	local command

	for command; do
		command -v "$command" >/dev/null || skip "no $command here"
	done
}

# shellcheck disable=SC2034 # the test reads it
# Sets $browser to a browser of the Chromium family, or skips the test without one.
skip_without_browser()
{
	browser=$(command -v chromium-headless-shell || command -v chromium || command -v chromium-browser ||
	    command -v google-chrome) || skip "no chromium here"
}

# skip_without_corpus PATH: skips the test when the corpus does not hold that file.
skip_without_corpus()
{
	[ -e "$CT_CORPUS/$1" ] || skip "needs the corpus of real entries, which only the machines of the project have"
}

# wait_until SECONDS COMMAND...: runs the command again and again until it succeeds.
# Returns 1, and names the command on stderr, when it did not within SECONDS.
wait_until()
{
	local until=$((SECONDS + $1))

	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$until" ] || {
			echo "never came true: $*" >&2
			return 1
		}
		rest
	done
}

# rest: waits 50 ms without starting a process, as all waits together would start some ten thousand: nobody
# writes to the pipe that it reads.
rest()
{
	local pipe=$BATS_FILE_TMPDIR/rest

	if [ -p "$pipe" ] || mkfifo "$pipe" 2>/dev/null; then
		read -rt 0.05 <>"$pipe" || :
	else
		sleep 0.05
	fi
}

# Prints a TCP port on which nobody listens now, and another one at each call in a
# file of tests. The three behind it are not given to others: a bus takes three. Suites
# that scripts/check runs side by side draw from 300 ports of their own, by their
# number. All lie below those that the kernel gives out itself.
free_port()
{
	local first=20000 many=12000 drawn=$BATS_FILE_TMPDIR/port port

	[ -z "${CHECK_NUMBER-}" ] || first=$((20000 + CHECK_NUMBER % 40 * 300)) many=300
	port=$(cat "$drawn" 2>/dev/null) || port=$((first + (RANDOM * 32768 + RANDOM) % (many / 4) * 4))
	while :; do
		port=$((first + (port + 4 - first) % many))
		listens "$port" || break
	done
	echo "$port" | tee "$drawn"
}

# listens PORT: succeeds when somebody listens on that TCP port of this machine.
listens()
{
	(: <>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# spawn NAME COMMAND...: starts the command in the background, in a process group
# of its own, without input and with its output in NAME.out and NAME.err in the
# folder of the test. Sets $spawned to its process id, which names the group too.
spawn()
{
	local at=$BATS_TEST_TMPDIR/$1

	shift
	: >"$at.out" 2>"$at.err"	# whoever waits for a word there must not find that of an earlier process
	setsid "$@" </dev/null >"$at.out" 2>"$at.err" 3>&- &
	spawned=$!
	echo "$spawned" >>"$BATS_TEST_TMPDIR/spawned"
}

# spawn_sh NAME 'PIPELINE': spawns a shell that runs the line.
spawn_sh()
{
	spawn "$1" bash -c "$2"
}

# reap: forks once, at which the shell takes note of all children that have ended. When two end at once it
# may not note the second one before, and a process that has ended is there until then.
reap()
{
	(:)
}

# ended PID: succeeds when no such process lives.
ended()
{
	reap
	! kill -0 "$1" 2>/dev/null
}

# ends SECONDS PID: waits for the end of a spawned process, sets $status to its exit
# code and returns that; returns 1 when it lives on. It cannot be called by run: the
# subshell of run is not the parent of what was spawned.
ends()
{
	wait_until "$1" ended "$2" || return
	status=0
	wait "$2" || status=$?
	return "$status"
}

# groups_ended FILE: succeeds when no process lives in any of the process groups
# whose numbers are in FILE, one a line.
groups_ended()
{
	local group

	while read -r group; do
		reap
		! kill -0 -- "-$group" 2>/dev/null || return 1
	done <"$1"
}

# kill_part GROUP NAME [SIGNAL]: kills the process of that name in that process group.
kill_part()
{
	local stat pid rest words

	for stat in /proc/[0-9]*/stat; do
		read -r pid rest 2>/dev/null <"$stat" || continue
		[[ $rest == "($2) "* ]] || continue
		read -r -a words <<<"${rest##*) }"
		[ "${words[2]}" != "$1" ] || kill "-${3-KILL}" "$pid"
	done
}

# Ends all that the test has spawned, and kills what has not ended five seconds later.
stop_spawned()
{
	local list=$BATS_TEST_TMPDIR/spawned group

	[ -e "$list" ] || return 0
	while read -r group; do
		kill -TERM -- "-$group" 2>/dev/null || :
	done <"$list"
	wait_until 5 groups_ended "$list" 2>/dev/null || while read -r group; do
		kill -KILL -- "-$group" 2>/dev/null || :
	done <"$list"
	rm -f "$list"
}

# start_log OPTION...: spawns the test log (tests/log) with these options and waits
# until it serves. Sets log_url to its URL and log_dir to its folder, which holds
# log_list.json, log_list.sig, list-key.pem and the key NAME.pem of each log.
start_log()
{
	log_dir=$BATS_TEST_TMPDIR/log
	mkdir -p "$log_dir"
	spawn ct-log ct-log serve -p 0 -d "$log_dir" "$@"
	wait_until 240 grep -q '^ready ' "$BATS_TEST_TMPDIR/ct-log.out"
	log_url=$(sed -n 's/^ready //p' "$BATS_TEST_TMPDIR/ct-log.out")
	export log_dir log_url
}

teardown()
{
	stop_spawned
}
