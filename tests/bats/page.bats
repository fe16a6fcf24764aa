# The page of ct-ws in a real browser: feed, filter, pause, charts, detail, phones, hostile texts.

bats_require_minimum_version 1.5.0
load setup

# start_browser NAME OPTION...: starts a browser, and sets $folder to its folder.
start_browser()
{
	folder=$BATS_TEST_TMPDIR/$1
	spawn "$1" "$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
	    --disable-background-networking --disable-component-update --disable-sync "${@:2}" \
	    --user-data-dir="$folder" --remote-debugging-port=0 about:blank
	wait_until 20 test -s "$folder/DevToolsActivePort"
}

# One browser for all tests: to begin costs it more than a test. Each test has a server at a port of its own,
# which is an origin of its own, and page.py leaves what was open before. Where the browser has ended, or
# answers no more, the next test starts another one.
setup_file()
{
	missing=
	skip() { missing=$1; }
	skip_without_browser
	[ -n "$missing" ] || PATH=/usr/bin:$PATH python3 -c 'import websockets' 2>/dev/null ||
	    missing="no websockets of python3 here"
	folder=$BATS_FILE_TMPDIR/browser
	export missing browser folder
}

# browser_answers: succeeds when the browser of all tests has a page.
browser_answers()
{
	local port

	read -r port 2>/dev/null <"$folder/DevToolsActivePort" &&
	    curl -fsm 10 "http://127.0.0.1:$port/json/list" | grep -q '"type": "page"'
}

teardown_file()
{
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR stop_spawned
}

setup()
{
	[ -z "$missing" ] || skip "$missing"
	skip_without curl jq
	browser_answers || {
		BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR stop_spawned
		rm -rf "$folder"
		BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR start_browser browser
	}
	export CT_BUS=ipc://$BATS_TEST_TMPDIR/bus
	feed=$BATS_TEST_TMPDIR/feed
	mkfifo "$feed"
	spawn_sh hub "exec ct-hub -w 0 <>'$feed'"
	port=$(free_port)
	url=http://127.0.0.1:$port
	spawn ws ct-ws -p "$port"
	wait_until 10 metric 'ct_ws_bus_connected 1'
}

metric()
{
	curl -s "$url/metrics" | grep -qxF "$1"
}

# real N [FROM]: prints N events of the certificates of our own log, as ct-fetch and ct-parse make them,
# logged and seen now.
real()
{
	[ -e "$BATS_FILE_TMPDIR/entries" ] || {
		ct-log entries -l alder=rfc6962 -n 300 -B 0 >"$BATS_FILE_TMPDIR/entries.next"
		mv "$BATS_FILE_TMPDIR/entries.next" "$BATS_FILE_TMPDIR/entries"
	}
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
	# Before the others are sent: two that write at once may write into each other's lines.
	echo '{"message_type":"status","stage":"ct-fetch","logs":[{"name":"Test log '\''alder'\''","url":"https://alder.example/","state":"live","lag":321,"behind":7300,"trouble":0}]}' >"$feed"
	keep_sending
	page 1200 / "byId('state').textContent == 'live'" \
	    "(globalThis.first = rows.get(byId('rows').rows[0])) !== undefined" \
	    "rows.get(byId('rows').rows[0]) != first && byId('rows').rows.length > 20" \
	    "parseFloat(byId('rate').textContent) > 1" \
	    "document.querySelector('#chart .line').getAttribute('d').split('L').length > 3" \
	    "document.querySelector('#logs .owed').textContent == '321, 2 h'" \
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
	quiet
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

@test "characters that turn a name around, or hide in it, show as what they are" {
	one '\u202egnp.exe' '.data.leaf_cert.all_domains = ["\u202egnp.exe", "a\u200b.example"] |
	    .data.leaf_cert.issuer.O = "\u2067Acme\u0007" | .data.leaf_cert.issuer.CN = null' >"$feed"
	page 1200 / "byId('rows').rows.length == 1" \
	    "byId('rows').rows[0].cells[0].textContent == '\\\\u{202e}gnp.exe and 1 more'" \
	    "byId('rows').rows[0].cells[2].textContent == '\\\\u{2067}Acme\\\\u{7}'" \
	    "do byId('rows').rows[0].click()" "byId('title').textContent == '\\\\u{202e}gnp.exe'" \
	    "[...document.querySelectorAll('#body .names li')].map(e => e.textContent).join() == '\\\\u{202e}gnp.exe,a\\\\u{200b}.example'" \
	    "!/\\p{Cf}/u.test(document.body.textContent) && [...document.querySelectorAll('[title]')].every(e => !/\\p{Cf}/u.test(e.title))"
	quiet
}

@test "what Punycode says stands behind the name, marked for a filter in the same characters" {
	one xn--pypal-4ve.example >"$feed"
	one xn--4dbrk0ce.example >"$feed"
	for name in xn--abc-.example xn--zzzzzzz99999.example xn--ab-g1t.example; do
		one "$name" >"$feed"
	done
	page 1200 / "byId('rows').rows.length == 5" \
	    "[...byId('rows').rows].map(r => r.cells[0].querySelector('bdi')?.textContent).join() == ',,,ישראל.example,pаypal.example'" \
	    "[...byId('rows').rows].map(r => r.cells[0].firstChild.data).join().startsWith('xn--ab-g1t.example,xn--zzzzzzz99999.example,xn--abc-.example,')" \
	    "do byId('filter').value = 'pаy'; byId('filter').dispatchEvent(new Event('input'))" \
	    "byId('rows').rows.length == 1 && byId('rows').rows[0].cells[0].innerHTML == 'xn--pypal-4ve.example <bdi class=\"said\"><mark>pаy</mark>pal.example</bdi>'" \
	    "do byId('rows').rows[0].click()" \
	    "byId('detail').open && document.querySelector('#body .names li').textContent == 'xn--pypal-4ve.example pаypal.example'"
	quiet
}

@test "of a certificate with many names those that fit the filter stand first, in the feed and in the detail" {
	one z '.data.leaf_cert.all_domains = ["a.example", "b.example", "odd.example", "c.example"]' >"$feed"
	page 1200 '/#match=odd' "byId('rows').rows.length == 1 && byId('rows').rows[0].cells[0].textContent == 'odd.example and 3 more'" \
	    "do byId('rows').rows[0].click()" \
	    "[...document.querySelectorAll('#body .names li')].map(e => e.textContent).join() == 'odd.example,a.example,b.example,c.example'" \
	    "document.querySelector('#body .names mark').textContent == 'odd'"
	quiet
}

@test "while the page is hidden, its title counts what fits the filter" {
	one odd.example >"$feed"
	page 1200 '/#match=odd' "byId('rows').rows.length == 1" "document.title == 'Logwood: certificates, live'" \
	    "do Object.defineProperty(document, 'hidden', { value: true, configurable: true })" \
	    "do take(JSON.stringify({ seq: '1-1', data: rows.get(byId('rows').rows[0]).data }))" \
	    "document.title == '(1) Logwood: certificates, live'" \
	    "do Object.defineProperty(document, 'hidden', { value: false }); document.dispatchEvent(new Event('visibilitychange'))" \
	    "document.title == 'Logwood: certificates, live'"
	quiet
}

@test "an example of a filter is a tap away" {
	page 1200 / "byId('state').textContent == 'live'" "do document.querySelector('#try a').click()" \
	    "byId('filter').value == 'login' && wants.join() == 'match,login' && byId('state').textContent == 'live'"
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

@test "over TLS the page reads its feed by wss, and asks nobody else" {
	skip_without openssl
	keep_sending
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
	    -keyout "$BATS_TEST_TMPDIR/key" -out "$BATS_TEST_TMPDIR/cert" 2>/dev/null
	key=$(openssl x509 -in "$BATS_TEST_TMPDIR/cert" -pubkey -noout | openssl pkey -pubin -outform der |
	    openssl dgst -sha256 -binary | base64)
	port=$(free_port)
	spawn tls ct-ws -p "$port" -C "$BATS_TEST_TMPDIR/cert" -K "$BATS_TEST_TMPDIR/key"
	start_browser trusting --ignore-certificate-errors-spki-list="$key"
	url=https://127.0.0.1:$port
	page 1200 / "byId('state').textContent == 'live' && socket.url.startsWith('wss://127.0.0.1:$port/')" \
	    "byId('rows').rows.length > 5 && byId('shell').textContent.includes('wss://127.0.0.1:$port/')"
	quiet
}

@test "a screen reader is told what everything is, and what changes is announced" {
	keep_sending
	page 1200 / "byId('state').textContent == 'live' && byId('rows').rows.length > 5" tree
	# Regions, a heading of the first level, and names for what can be used.
	for line in 'main: ' 'contentinfo: ' 'searchbox: ..*' 'button: Pause' 'table: ..*' 'columnheader: ..*' \
	    'heading: ..*' 'button: Copy the lines for a shell'; do
		grep -q "^$line" <<<"$output" || { echo "lacks $line"; false; }
	done
	# Nothing that can be used is without a name.
	run ! grep -E '^(button|searchbox|textbox|link|checkbox|combobox|image|img|table|columnheader): *$' <<<"$output"
	page 1200 / "document.documentElement.lang == 'en' && document.title != ''" \
	    "document.querySelectorAll('h1').length == 1" \
	    "byId('wrong').getAttribute('role') == 'alert'" \
	    "[...document.querySelectorAll('h1, h2, h3')].every((h, i, all) => i == 0 || h.tagName[1] - all[i - 1].tagName[1] <= 1)"
}

@test "the Tab key goes through the page in the order in which it is seen, and shows where it is" {
	page 1200 / "byId('state').textContent != ''" \
	    "do globalThis.seen_at = []; addEventListener('focusin', e => seen_at.push(e.target)); globalThis.bare = []; addEventListener('focusin', e => { const s = getComputedStyle(e.target); if (s.outlineStyle == 'none' && s.boxShadow == 'none') bare.push(e.target.outerHTML.slice(0, 80)); })" \
	    'key Tab' 'key Tab' 'key Tab' 'key Tab' 'key Tab' 'key Tab' 'key Tab' 'key Tab' \
	    "seen_at.length >= 5" \
	    "seen_at.every((e, i) => i == 0 || seen_at[i - 1].compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING)" \
	    "seen_at.includes(byId('filter'))" "bare.length == 0 || bare.join()"
	[[ $output == True* ]]
}

# contrast: an expression for those texts whose contrast with what is behind them is too small (WCAG 2.2, 1.4.3).
contrast()
{
	cat <<'END'
(() => {
	const numbers = c => { const x = document.createElement("canvas").getContext("2d");
		x.fillStyle = c; x.fillRect(0, 0, 1, 1); return [...x.getImageData(0, 0, 1, 1).data]; };
	const light = c => { const [r, g, b] = c.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 :
		((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
	const behind = e => { for (; e !== null; e = e.parentElement) {
		const c = numbers(getComputedStyle(e).backgroundColor); if (c[3] === 255) return c; }
		return numbers(getComputedStyle(document.documentElement).colorScheme.includes("dark") &&
		    matchMedia("(prefers-color-scheme: dark)").matches ? "#121212" : "#fff"); };
	const bad = [];
	for (const e of document.querySelectorAll("body *")) {
		const own = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim() !== "");
		const style = getComputedStyle(e);
		if (!own || !e.checkVisibility() || e.closest(".unseen, svg, noscript") || e.disabled) continue;
		const [a, b] = [light(numbers(style.color)), light(behind(e))];
		const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
		const large = parseFloat(style.fontSize) >= 24;
		if (ratio < (large ? 3 : 4.5))
			bad.push(`${e.tagName}.${e.className}#${e.id} ${ratio.toFixed(2)} ${e.textContent.slice(0, 30)}`);
	}
	return bad.length === 0 || bad.join("; ");
})()
END
}

@test "every text has enough contrast, in both schemes" {
	keep_sending
	for scheme in light dark; do
		page 1200 / "scheme $scheme" "byId('state').textContent == 'live' && byId('rows').rows.length > 5" "$(contrast)"
		[[ $output == True* ]]
	done
}
