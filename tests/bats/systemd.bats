# contrib/systemd: what systemd thinks of the units, and what the feed does
# when a part of it dies.

load setup

setup()
{
	cd "$BATS_TEST_TMPDIR" || return
	units=$BATS_TEST_TMPDIR/units
	mkdir "$units"
	cp "$ROOT"/contrib/systemd/* "$units"
	# As after make install: systemd looks for commands in its own path only.
	sed -i "s,^ExecStart=ct-ws,ExecStart=$ROOT/ct-ws/ct-ws," "$units/ct-ws.service"
	sed -i "s,^ExecStart=ct-latest,ExecStart=$ROOT/ct-latest/ct-latest," "$units/ct-latest@.service"
}

# The feed's pipeline as its unit has it, on a state folder of ours.
feed()
{
	sed -n "s/^ExecStart=[^ ]* -o pipefail -c '\(.*\)'$/\1/p" "$ROOT/contrib/systemd/ct-feed.service" |
	    sed "s,/var/lib/ct,$BATS_TEST_TMPDIR/state,g; s/\\\$\\\$/\$/g"
}

start_feed()
{
	mkdir -p "$BATS_TEST_TMPDIR/state"
	export CT_BUS=ipc://$BATS_TEST_TMPDIR/bus
	spawn feed bash -o pipefail -c "$(feed)"
}

@test "systemd accepts the units" {
	skip_without systemd-analyze
	for unit in ct.target ct-feed.service ct-ws.service ct-ws.socket ct-latest.socket ct-latest@.service; do
		run systemd-analyze verify --man=no "$units/$unit"
		[ "$status" = 0 ]
		[ -z "$output" ]
	done
}

@test "systemd accepts the websocketd unit" {
	skip_without systemd-analyze websocketd
	run systemd-analyze verify --man=no "$units/ct-websocketd.service"
	[ "$status" = 0 ]
	[ -z "$output" ]
}

@test "systemd finds the services well confined" {
	skip_without systemd-analyze
	systemd-analyze security --help | grep -q -- --offline || skip "this systemd cannot tell offline"
	for unit in "$units"/*.service; do
		systemd-analyze security --no-pager --offline=yes --threshold=15 "$unit" >/dev/null
	done
}

@test "systemd-sysusers and systemd-tmpfiles make the user and the folders" {
	skip_without systemd-sysusers systemd-tmpfiles
	mkdir -p root/etc root/usr/lib/sysusers.d root/usr/lib/tmpfiles.d
	cp "$units/ct.sysusers" root/usr/lib/sysusers.d/ct.conf
	cp "$units/ct.tmpfiles" root/usr/lib/tmpfiles.d/ct.conf
	[ "$(id -u)" = 0 ] || skip 'wants root'
	systemd-sysusers --root="$PWD/root"
	grep -q '^ct:.*:/var/lib/ct:' root/etc/passwd
	systemd-tmpfiles --root="$PWD/root" --create
	[ "$(stat -c %a root/var/lib/ct)" = 750 ]
	[ "$(stat -c %u root/var/lib/ct)" = "$(grep '^ct:' root/etc/passwd | cut -d: -f3)" ]
	[ -d root/run/ct ]
}

# knobs TOOL: prints the options of the tool that ct.default names.
knobs()
{
	awk -v "tool=$1:" '/^# ----/ { inside = $3 == tool; next } inside && /^#\t/' "$units/ct.default" |
	    grep -oE -- '(\s|,)--[a-z-]+' | grep -oE -- '--[a-z-]+' | sort -u
}

@test "ct.default has every option that a service may have, and no other" {
	# What the units set themselves, what ends a run, and what prints something.
	local fixed=' --state --external-marks --marks --end --once --list --help --version --completion '
	for tool in ct-fetch ct-parse ct-hub ct-ws; do
		"$tool" --completion bash | sed -n "s/.*compgen -W '\(--[^']*\)'.*/\1/p" | tr ' ' '\n' |
		    while read -r option; do
			[[ $fixed == *" $option "* ]] || echo "$option"
		done | sort -u >"$tool.has"
		knobs "$tool" | diff "$tool.has" -
	done
}

@test "what is commented in ct.default can be set" {
	sed 's/^#\([A-Z]\)/\1/' "$units/ct.default" >settings
	while IFS='=' read -r name value; do
		value=${value%\"}
		case $name in
		CT_FETCH_OPTIONS) run ct-fetch ${value#\"} -L /nonexistent ;;
		CT_PARSE_OPTIONS) run ct-parse ${value#\"} </dev/null ;;
		CT_HUB_OPTIONS) run ct-hub -b ipc:///nonexistent/bus ${value#\"} </dev/null ;;
		CT_WS_OPTIONS) run ct-ws ${value#\"} -C /nonexistent ;;
		*) continue ;;
		esac
		[ "$status" != 100 ] || { echo "$name: $output"; false; }
	done < <(grep '^[A-Z]' settings)
	run grep -c '^[A-Z_]*_OPTIONS=' settings
	[ "$output" = 4 ]
}

@test "a wrong option of the feed ends it with 100, which systemd does not retry" {
	grep -q '^RestartPreventExitStatus=100$' "$ROOT/contrib/systemd/ct-feed.service"
	export CT_FETCH_OPTIONS=--no-such-option
	start_feed
	ends 10 "$spawned" || :
	[ "$status" = 100 ]
}

@test "when a part of the feed dies, all of it ends and says so" {
	start_log -n 200 -r 20 -l a=rfc6962
	export CT_FETCH_OPTIONS="-L $log_dir/log_list.json --list-key $log_dir/list-key.pem"
	for part in ct-fetch ct-parse ct-hub; do
		start_feed
		wait_until 10 ct-latest -n 1
		kill_part "$spawned" "$part"
		ends 10 "$spawned" || :
		[ "$status" = 137 ]
		wait_until 5 groups_ended <(echo "$spawned")
		rm -f "$BATS_TEST_TMPDIR"/bus*
	done
}

@test "the feed keeps a mark and goes on from it" {
	start_log -n 500 -l a=rfc6962
	export CT_FETCH_OPTIONS="-L $log_dir/log_list.json --list-key $log_dir/list-key.pem -s 0 --once"
	start_feed
	ends 20 "$spawned"
	run jq -c '[.logs[].next]' "$BATS_TEST_TMPDIR/state/mark"
	[ "$output" = "[500]" ]
	CT_FETCH_OPTIONS="-L $log_dir/log_list.json --list-key $log_dir/list-key.pem --once"
	ct-fetch -E -d "$BATS_TEST_TMPDIR/state" $CT_FETCH_OPTIONS >"$BATS_TEST_TMPDIR/again"
	run grep -c '"message_type":"entry"' "$BATS_TEST_TMPDIR/again"
	[ "$output" = 0 ]
}

# manage NAME MS COMMAND...: spawns the command as a service that is to give a sign of life within MS
# milliseconds, and as NAME.notify what a service manager would hear from it, a line each.
manage()
{
	local name=$1 ms=$2 socket=$BATS_TEST_TMPDIR/$1.socket

	shift 2

	spawn "$name.notify" python3 -c 'import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print("bound", flush=True)
while True:
    print(s.recv(100).decode(), flush=True)' "$socket"
	wait_until 5 grep -q bound "$BATS_TEST_TMPDIR/$name.notify.out"
	WATCHDOG_USEC=${ms}000 NOTIFY_SOCKET=$socket spawn "$name" "$@"
}

# signs NAME: prints how many signs of life have come from what was spawned by that name.
signs()
{
	grep -c WATCHDOG=1 "$BATS_TEST_TMPDIR/$1.notify.out"
}

more_signs()
{
	[ "$(signs "$1")" -gt "$2" ]
}

@test "every tool with a loop says that it is ready, and then gives signs of life" {
	skip_without python3
	start_log -n 10 -l a=rfc6962
	export CT_BUS=ipc://$BATS_TEST_TMPDIR/bus
	manage hub 900 bash -c 'exec ct-hub < <(sleep 60)'
	wait_until 10 ct-latest -n 0
	manage fetch 900 ct-fetch -d "$BATS_TEST_TMPDIR/state" -L "$log_dir/log_list.json" \
	    --list-key "$log_dir/list-key.pem"
	manage ws 900 ct-ws -p 0
	manage workers 900 ct-ws -p 0 -w 2
	manage latest 900 ct-latest -f
	for tool in hub fetch ws workers latest; do
		wait_until 10 grep -q READY=1 "$BATS_TEST_TMPDIR/$tool.notify.out"
		wait_until 10 more_signs "$tool" 4
	done
}

@test "the feed gives signs of life without news, and none while a part of it hangs" {
	skip_without python3
	start_log -n 10 -l a=rfc6962
	export CT_BUS=ipc://$BATS_TEST_TMPDIR/bus WATCHDOG_PID=1
	export CT_FETCH_OPTIONS="-L $log_dir/log_list.json --list-key $log_dir/list-key.pem"
	mkdir "$BATS_TEST_TMPDIR/state"
	manage feed 6000 bash -o pipefail -c "$(feed | sed 's/ct-hub/& -w 0/')"
	feed=$spawned
	wait_until 10 test -e "$BATS_TEST_TMPDIR/state/mark"
	wait_until 20 more_signs feed "$(($(signs feed) + 3))"	# more than come without a mark
	for part in ct-fetch ct-parse; do
		kill_part "$feed" "$part" STOP
		sleep 5		# two signs may come until the missing mark is noticed
		before=$(signs feed)
		sleep 3
		[ "$(signs feed)" = "$before" ]
		kill_part "$feed" "$part" CONT
		wait_until 10 more_signs feed "$before"
	done
}
