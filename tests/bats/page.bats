# The page of ct-ws in a real browser: feed, filter, pause, charts, detail, phones, hostile texts.

load setup

setup()
{
	skip_without_browser
	skip_without curl jq
	PATH=/usr/bin:$PATH python3 -c 'import websockets' 2>/dev/null || skip "no websockets of python3 here"
	export CT_BUS=ipc://$BATS_TEST_TMPDIR/bus
	feed=$BATS_TEST_TMPDIR/feed
	mkfifo "$feed"
	spawn_sh hub "exec ct-hub -w 0 <>'$feed'"
	port=$(free_port)
	url=http://127.0.0.1:$port
	spawn ws ct-ws -p "$port"
	wait_until 10 metric 'ct_ws_bus_connected 1'
	folder=$BATS_TEST_TMPDIR/browser
	spawn browser "$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
	    --disable-background-networking --disable-component-update --disable-sync \
	    --user-data-dir="$folder" --remote-debugging-port=0 about:blank
	wait_until 20 test -s "$folder/DevToolsActivePort"
}

metric()
{
	curl -s "$url/metrics" | grep -qxF "$1"
}

# real N [FROM]: prints N events of the certificates of our own log, as ct-fetch and ct-parse make them,
# logged and seen now.
real()
{
	[ -e "$BATS_FILE_TMPDIR/entries" ] ||
	    ct-log entries -l alder=rfc6962 -n 300 -B 0 >"$BATS_FILE_TMPDIR/entries"
	tail -n "+${2-1}" "$BATS_FILE_TMPDIR/entries" | head -n "$1" | ct-parse |
	    jq -c --argjson from "${2-1}" '.data.cert_index = $from + input_line_number |
	        .data.seen = now | .data.source = {name: "Test log '\''alder'\''", url: "https://alder.example/",
	        timestamp: now, type: "rfc6962"}'
}

# one NAME [JQ]: prints an event of one certificate with this name, changed by a jq program.
one()
{
	real 1 20 | jq -c --arg name "$1" ".data.leaf_cert.all_domains = [\$name] | ${2-.}"
}

# page WIDTH PATH STEP...: drives the page of ct-ws, see page.py.
page()
{
	run env PATH="/usr/bin:$PATH" python3 "$ROOT/tests/bats/page.py" "$folder" "$url$2" "$1" "${@:3}"
	echo "$output"
	[ "$status" = 0 ]
}

# quiet: succeeds when the page asked nobody but ct-ws, and nothing stood on the console.
quiet()
{
	[[ $output != *console:* ]]
	[ "$(grep '^origin: ' <<<"$output")" = "origin: 127.0.0.1:$port" ]
}

# keep_sending: sends an event about ten times a second, and one of each for the name odd.example.
keep_sending()
{
	real 60 10 >"$BATS_TEST_TMPDIR/many"
	one odd.example >"$BATS_TEST_TMPDIR/odd"
	spawn_sh sender "while :; do while read -r line; do echo \"\$line\"; cat '$BATS_TEST_TMPDIR/odd'
	    sleep 0.1; done <'$BATS_TEST_TMPDIR/many'; done >'$feed'"
}

@test "the feed moves, the charts draw, and nothing leaves the origin or stands on the console" {
	keep_sending
	echo '{"message_type":"status","stage":"ct-fetch","logs":[{"name":"Test log '\''alder'\''","url":"https://alder.example/","state":"live","lag":321,"behind":4,"trouble":0}]}' >"$feed"
	page 1200 / "byId('state').textContent == 'live'" \
	    "(globalThis.first = rows.get(byId('rows').rows[0])) !== undefined" \
	    "rows.get(byId('rows').rows[0]) != first && byId('rows').rows.length > 20" \
	    "parseFloat(byId('rate').textContent) > 1" \
	    "document.querySelector('#chart .line').getAttribute('d').split('L').length > 3" \
	    "document.querySelector('#logs .owed').textContent == '321, 4 s'" \
	    "document.querySelector('#logs path').getAttribute('d').includes('L')" \
	    "byId('disc').getContext('2d').getImageData(0, 0, 520, 520).data.some(n => n > 0)"
	quiet
}

@test "the server filters, and what it still has of the filter is there at once" {
	real 40 10 >"$feed"
	one some.odd.example >"$feed"
	real 40 50 >"$feed"
	wait_until 5 metric 'ct_log_events_total{log="Test log '\''alder'\''",url="alder.example"} 81'
	page 1200 / "byId('rows').rows.length > 20" \
	    "do byId('filter').value = 'domain:odd.example'; byId('filter').dispatchEvent(new Event('input'))" \
	    "byId('rows').rows.length == 1 && byId('rows').rows[0].cells[0].innerHTML == 'some.<mark>odd.example</mark>'" \
	    "location.hash == '#domain=odd.example' && byId('shell').textContent.includes('domain=odd.example')" \
	    "fetch('stats').then(a => a.json()).then(s => s.streams.some(t => t.stream == 'lite' && t.filtered == 1))"
	quiet
}

@test "a filter that is wrong is answered with the words of the server" {
	words=$(curl -s "$url/stream.ndjson?regex=(")
	page 1200 '/#regex=(' "byId('wrong').textContent == $(jq -Rs 'rtrimstr("\n")' <<<"$words")" \
	    "byId('filter').getAttribute('aria-invalid') == 'true' && !byId('wrong').hidden" \
	    "do byId('filter').value = 'odd'; byId('controls').requestSubmit()" \
	    "byId('wrong').hidden && byId('state').textContent == 'live'"
}

@test "a filter that turns out wrong while the feed runs is refused without ado, and can be mended" {
	page 1200 '/#match=a' "byId('state').textContent == 'live'" \
	    "do byId('filter').value = 'precert:maybe'; byId('controls').requestSubmit()" \
	    "byId('wrong').textContent.includes('precert') && byId('state').textContent == 'no filter'" \
	    "do byId('filter').value = ''; byId('controls').requestSubmit()" \
	    "byId('wrong').hidden && byId('state').textContent == 'live'"
	quiet
}

@test "pause stops the feed, counts what passes, and goes on with the newest" {
	keep_sending
	page 1200 / "byId('rows').rows.length > 20" "do byId('pause').click()" \
	    "(globalThis.first = rows.get(byId('rows').rows[0])) !== undefined" \
	    "parseInt(byId('passed').textContent.match(/[0-9]+/)) > 20" \
	    "rows.get(byId('rows').rows[0]) == first && byId('pause').getAttribute('aria-pressed') == 'true'" \
	    "do byId('pause').click()" \
	    "rows.get(byId('rows').rows[0]) != first && byId('passed').textContent == ''"
	quiet
}

@test "the feed holds still while it is scrolled or has the keyboard, and says what passed" {
	keep_sending
	page 1200 / "byId('rows').rows.length > 40" "do byId('feed').scrollTop = 100" "held && passed > 3" \
	    "byId('passed').textContent.startsWith('Held while you read')" "do byId('feed').scrollTop = 0" \
	    "!held && passed == 0" "do byId('rows').rows[2].focus()" "held && passed > 3" \
	    "do document.activeElement.blur()" "!held && passed == 0"
	quiet
}

@test "a row opens by key and by tap, with chain, fingerprints and a link to the log" {
	one odd.example '.data.cert_link = "https://alder.example/ct/v1/get-entries?start=1&end=1"' >"$BATS_TEST_TMPDIR/event"
	sha256=$(jq -r .data.leaf_cert.sha256 "$BATS_TEST_TMPDIR/event")
	cat "$BATS_TEST_TMPDIR/event" >"$feed"
	chain=$(jq '.data.chain | length' "$BATS_TEST_TMPDIR/event")
	[ "$chain" -ge 1 ]
	page 1200 '/#match=odd' "byId('rows').rows.length == 1" "do byId('feed').focus()" \
	    "do for (const key of ['ArrowDown', 'Enter']) document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))" \
	    "byId('detail').open && byId('title').textContent == 'odd.example'" \
	    "document.querySelectorAll('#body ol li').length == $chain" \
	    "byId('body').textContent.includes('$sha256')" \
	    "document.querySelector('#body a').href.startsWith('https://alder.example/')" \
	    "do byId('close').click()" "!byId('detail').open"
	quiet
	page 390 '/' "byId('rows').rows.length == 1" "tap #rows td" \
	    "byId('detail').open && document.querySelectorAll('#body ol li').length == $chain" \
	    "held" "tap #close" "!byId('detail').open && !held"
	quiet
}

@test "hostile texts of certificates show as text, in the feed, the detail and the charts" {
	evil='<img src=x onerror=alert(1)><script>alert(2)</script>'
	one "$evil" '.data.leaf_cert.issuer.O = $name | .data.leaf_cert.subject.CN = $name |
	    .data.source.name = $name | .data.cert_link = "javascript:alert(3)" |
	    .data.leaf_cert.extensions.subjectAltName = $name | .data.chain[0].subject.O = $name' >"$feed"
	page 1200 / "byId('rows').rows.length == 1" \
	    "byId('rows').rows[0].cells[0].textContent == $(jq -Rn --arg s "$evil" '$s')" \
	    "byId('logs').textContent.includes('<img')" "do byId('rows').rows[0].click()" \
	    "byId('title').textContent.includes('<script>') && document.querySelector('#body ol')?.textContent.includes('<img')" \
	    "document.querySelectorAll('#rows img, #rows script, #logs img, dialog img, dialog script').length == 0" \
	    "[...document.links].every(a => /^https?:/.test(a.protocol))"
	quiet
}

@test "on a phone nothing is wider than the screen, figures are one line, and names have the full width" {
	one "a-name-that-is-longer-than-the-screen-of-a-phone.and-goes-on.for-some-labels.example" >"$feed"
	page 390 / "byId('rows').rows.length == 1" "document.documentElement.scrollWidth <= 390" \
	    "document.querySelector('.figures').offsetHeight < 40" \
	    "byId('rows').rows[0].cells[0].offsetWidth > 320" \
	    "byId('rows').rows[0].cells[0].scrollWidth <= byId('rows').rows[0].cells[0].offsetWidth" \
	    "byId('rows').rows[0].cells[2].offsetTop > byId('rows').rows[0].cells[0].offsetTop"
	quiet
}

@test "the lines to take along have the address of this server" {
	page 1200 '/#issuer=Acme' "byId('python').textContent.includes('url=\"ws://127.0.0.1:$port/?issuer=Acme\"')" \
	    "byId('shell').textContent.includes('http://127.0.0.1:$port/stream.ndjson?stream=domains&issuer=Acme')" \
	    "byId('script').textContent.includes('http://127.0.0.1:$port/sse?stream=lite&issuer=Acme')" \
	    "document.querySelectorAll('button.copy').length == 3"
	quiet
}

@test "the page stays small and quick at 500 certificates a second" {
	real 100 10 >"$BATS_TEST_TMPDIR/many"
	spawn_sh sender "while :; do for i in 1 2 3 4 5; do cat '$BATS_TEST_TMPDIR/many'; done; sleep 1; done >'$feed'"
	page 1200 / "seen > 2500" "byId('share').textContent.startsWith('One in ')" \
	    "byId('rows').rows.length == 80 && waiting.length <= 400" \
	    "document.querySelectorAll('*').length < 1500"
	quiet
}
