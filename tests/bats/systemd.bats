# contrib/systemd: what systemd thinks of the units, and what the feed does
# when a part of it dies.

load setup

setup()
{
	units=$BATS_TEST_TMPDIR/units
	mkdir "$units"
	cp "$ROOT"/contrib/systemd/* "$units"
	# As after make install: systemd looks for commands in its own path only.
	sed -i "s,^ExecStart=ct-ws,ExecStart=$ROOT/ct-ws/ct-ws," "$units/ct-ws.service"
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
	for unit in ct.target ct-feed.service ct-ws.service; do
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
		systemd-analyze security --no-pager --offline=yes --threshold=20 "$unit" >/dev/null
	done
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
