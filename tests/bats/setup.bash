# For every bats file: `load setup`. Tools are on PATH by their own names;
# what is started with spawn ends with the test, whatever happens in it.

ROOT=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)
CT_CORPUS=${CT_CORPUS:-$ROOT/../shared/corpus}
PATH=$ROOT/ct-fetch:$ROOT/ct-parse:$ROOT/ct-hub:$ROOT/ct-ws:$ROOT/ct-latest:$ROOT/tests/log:$PATH
export ROOT CT_CORPUS PATH
unset CT_BUS http_proxy https_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY all_proxy

# skip_without COMMAND...: skips the test where one of them is not installed.
skip_without()
{
	local command

	for command; do
		command -v "$command" >/dev/null || skip "no $command here"
	done
}

# skip_without_corpus PATH: skips where the corpus does not hold that file.
skip_without_corpus()
{
	[ -e "$CT_CORPUS/$1" ] || skip "no corpus: $1 is not in CT_CORPUS or ../shared/corpus"
}

# wait_until SECONDS COMMAND...: until it succeeds; fails when it never does.
wait_until()
{
	local until=$((SECONDS + $1))

	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$until" ] || {
			echo "never came true: $*" >&2
			return 1
		}
		sleep 0.05
	done
}

# A TCP port on which nobody listens now.
free_port()
{
	local port

	while :; do
		port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
		(: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
	done
	echo "$port"
}

# True when somebody listens on that port.
listens()
{
	(: <>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# spawn NAME COMMAND...: starts it in a process group of its own, with its
# output in NAME.out and NAME.err; its process id is then in $spawned.
spawn()
{
	local at=$BATS_TEST_TMPDIR/$1

	shift
	setsid "$@" </dev/null >"$at.out" 2>"$at.err" 3>&- &
	spawned=$!
	echo "$spawned" >>"$BATS_TEST_TMPDIR/spawned"
}

# spawn_sh NAME 'PIPELINE': the same for a line of shell.
spawn_sh()
{
	spawn "$1" bash -c "$2"
}

# True when the process has ended.
ended()
{
	! kill -0 "$1" 2>/dev/null
}

# ends SECONDS PID: waits for the end of a spawned process; returns its exit code
# and leaves it in $status. (Not under run, whose subshell has no children.)
ends()
{
	wait_until "$1" ended "$2" || return
	status=0
	wait "$2" || status=$?
	return "$status"
}

# True when nothing is left of the process groups in the file.
groups_ended()
{
	local group

	while read -r group; do
		! kill -0 -- "-$group" 2>/dev/null || return 1
	done <"$1"
}

# Ends all that was spawned; what does not obey within five seconds is killed.
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

# start_log OPTION...: our own log, listening. Sets log_url, and log_dir with
# log_list.json, log_list.sig, list-key.pem and a NAME.pem for each log.
start_log()
{
	log_dir=$BATS_TEST_TMPDIR/log
	mkdir -p "$log_dir"
	spawn ct-log ct-log serve -p 0 -d "$log_dir" "$@"
	wait_until 60 grep -q '^ready ' "$BATS_TEST_TMPDIR/ct-log.out"
	log_url=$(sed -n 's/^ready //p' "$BATS_TEST_TMPDIR/ct-log.out")
	export log_dir log_url
}

teardown()
{
	stop_spawned
}
