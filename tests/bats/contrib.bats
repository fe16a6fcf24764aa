# contrib: the filters, the watch with a webhook, and nginx in front of ct-ws.

bats_require_minimum_version 1.5.0
load setup
load serve

# event NAMES [ORGANIZATION [SEEN [MEMBERS]]]
event()
{
	printf '{"data":{"leaf_cert":{"all_domains":%s,"issuer":{"O":"%s","CN":"R1"}},"seen":%s},"message_type":"certificate_update"%s}\n' \
	    "$1" "${2-A}" "${3-0}" "${4-}"
}

# heartbeat: a record without names.
heartbeat()
{
	echo '{"message_type":"heartbeat","timestamp":1}'
}

# a_label TEXT: prints it as it stands in certificates.
a_label()
{
	python3 -c 'import sys; print("xn--" + sys.argv[1].encode("punycode").decode())' "$1"
}

# Rules of the public suffix list of every kind.
suffix_list()
{
	skip_without python3
	export PUBLIC_SUFFIX_LIST=$BATS_TEST_TMPDIR/suffixes
	cat <<-'end' >"$PUBLIC_SUFFIX_LIST"
		// a comment
		com
		uk
		co.uk   // and what stands behind a rule
		jp
		*.kawasaki.jp
		!city.kawasaki.jp
		公司.cn
		cn
		github.io
		io
	end
}

@test "names has every name of every form of event" {
	run "$ROOT/contrib/filters/names" < <(
		event '["a.example","b.example"]'
		echo '{"data":["c.example"],"message_type":"dns_entries"}'
	)
	[ "$output" = $'a.example\nb.example\nc.example' ]
}

@test "brand finds a brand in the names of others and leaves its own alone" {
	run "$ROOT/contrib/filters/brand" paypal.com < <(
		event '["www.paypal.com","paypal.com"]'
		event '["ok.example","PayPal.com.evil.example"]'
		event '["notpaypal.com"]'
		event '["pay.example"]'
	)
	[ "${#lines[@]}" = 2 ]
	[[ ${lines[0]} == *evil.example* ]]
	[[ ${lines[1]} == *notpaypal.com* ]]
}

@test "wildcards passes what has no other name" {
	run "$ROOT/contrib/filters/wildcards" < <(
		event '["*.a.example"]'
		event '["*.b.example","b.example"]'
		event '[]'
	)
	[ "${#lines[@]}" = 1 ]
	[[ $output == *a.example* ]]
}

@test "issuers counts who issued" {
	run "$ROOT/contrib/filters/issuers" < <(event '[]' X; event '[]' Y; event '[]' X)
	[ "$(echo "$output" | tr -s ' ')" = $' 2 X\n 1 Y' ]
}

@test "suffix passes what is one of the domains or below it, in events of any form" {
	run "$ROOT/contrib/filters/suffix" Example.com gov.uk < <(
		event '["www.example.COM"]'
		event '["a.example","example.com"]'
		event '["notexample.com","example.com.evil.test"]'
		echo '{"data":["x.gov.uk"],"message_type":"dns_entries"}'
		event '[]'
	)
	[ "$status" = 0 ]
	[ "${#lines[@]}" = 3 ]
	[[ ${lines[0]} == *www.example.COM* && ${lines[1]} == *a.example* && ${lines[2]} == *x.gov.uk* ]]
}

@test "issuer passes by a text in organization or common name, in any case" {
	run "$ROOT/contrib/filters/issuer" "let's encrypt" r1 < <(event '["a"]' "Let's Encrypt"; event '["b"]' B)
	[ "${#lines[@]}" = 2 ]
	run "$ROOT/contrib/filters/issuer" "let's ENCRYPT" < <(event '["a"]' "Let's Encrypt"; event '["b"]' B)
	[ "${#lines[@]}" = 1 ]
	[[ $output == *'"a"'* ]]
}

@test "minutes draws each minute when it is over" {
	run -0 "$ROOT/contrib/filters/minutes" < <(
		event '["a"]' X 60.5
		event '["a"]' X 70
		event '["a"]' Y 119.9
		heartbeat
		event '["a"]' Z 120
	)
	[ "${lines[0]}" = '1970-01-01 00:01  3' ]
	[ "${lines[1]}" = '      2  X                                ########################################' ]
	[ "${lines[2]}" = '      1  Y                                ####################' ]
	[ "${lines[3]}" = '1970-01-01 00:02  1' ]
	[ "${#lines[@]}" = 5 ]
}

@test "minutes does not wait for the end" {
	cd "$BATS_TEST_TMPDIR"
	event '["a"]' X 60 >events
	event '["a"]' X 120 >>events
	spawn_sh minutes "(cat events; sleep 60) | '$ROOT/contrib/filters/minutes'"
	wait_until 10 grep -q '00:01  1' minutes.out
}

@test "registered knows every kind of rule of the public suffix list" {
	suffix_list
	run -0 "$ROOT/contrib/filters/registered" < <(
		event '["a.b.Example.com","*.example.co.uk","co.uk","com"]'
		event "[\"x.y.kawasaki.jp\",\"www.city.kawasaki.jp\",\"a.$(a_label 公司).cn\",\"foo.github.io\",\"a.b.unlisted\",\"\"]"
		heartbeat
	)
	[ "$output" = "example.com
example.co.uk
x.y.kawasaki.jp
city.kawasaki.jp
a.$(a_label 公司).cn
foo.github.io
b.unlisted" ]
}

@test "registered prints a domain once, and with a file in all runs" {
	suffix_list
	cd "$BATS_TEST_TMPDIR"
	run -0 "$ROOT/contrib/filters/registered" seen < <(event '["a.x.com"]'; event '["b.x.com","y.com"]')
	[ "$output" = $'x.com\ny.com' ]
	run -0 "$ROOT/contrib/filters/registered" seen < <(event '["c.x.com","z.com"]')
	[ "$output" = z.com ]
	[ "$(cat seen)" = $'x.com\ny.com\nz.com' ]
}

@test "registered reads the list of Debian, and says where it is when it is missing" {
	skip_without python3
	PUBLIC_SUFFIX_LIST=/nowhere run -1 "$ROOT/contrib/filters/registered"
	[[ $output == *'/nowhere: No such file'*'package publicsuffix'* ]]
	[ -e /usr/share/publicsuffix/public_suffix_list.dat ] || skip "no publicsuffix here"
	run -0 "$ROOT/contrib/filters/registered" < <(event '["www.example.co.uk"]')
	[ "$output" = example.co.uk ]
}

@test "lookalikes finds homoglyphs, typing errors and borrowed names, and leaves the domain's own alone" {
	suffix_list
	local n=0 name why
	while read -r name why; do
		[[ $name != *[!\ -~]* ]] || name=$(a_label "${name%%.*}").${name#*.}
		n=$((n + 1))
		run -0 "$ROOT/contrib/filters/lookalikes" paypal.com < <(event "[\"$name\"]"; heartbeat)
		[ "$(jq -r '[.name, .like, .why] | join(" ")' <<<"$output")" = "${why:+$name paypal.com $why}" ]
	done <<-'end'
		www.paypal.com
		*.paypal.com
		paypal.co.uk looks the same
		paypa1.com looks the same
		PAYPAL.io looks the same
		раураl.com looks the same
		ρaypal.com looks the same
		àpaypal.io differs by one character
		paypal-login.com is a part of it
		paypal.com.evil.com stands in front of another domain
		login-paypal.evil.co.uk stands in front of another domain
		paypol.com differs by one character
		payal.com differs by one character
		payppal.com differs by one character
		pyapal.com differs by one character
		mypaypals.com is in it
		pay.com
		papyal.co.uk differs by one character
		example.com
		xn--99999999999.com
		com
	end
	[ "$n" = 21 ]
	run -0 "$ROOT/contrib/filters/lookalikes" morgan.com < <(event '["rnorgan.com"]')
	[ "$(jq -r .why <<<"$output")" = 'looks the same' ]
}

@test "lookalikes tells a domain once of each event, and takes brands from a file" {
	suffix_list
	cd "$BATS_TEST_TMPDIR"
	printf '%s\n' paypal.com example.co.uk >brands
	run -0 "$ROOT/contrib/filters/lookalikes" @brands < <(event '["paypa1.com","www.paypa1.com","examp1e.com"]' X 5)
	[ "$(jq -c '[.name, .like, .seen, .issuer]' <<<"$output")" = $'["paypa1.com","paypal.com",5,"X"]\n["examp1e.com","example.co.uk",5,"X"]' ]
}

@test "with -p lookalikes tells the place behind what it found, of each hundredth event, and of what is missing" {
	suffix_list
	run -0 "$ROOT/contrib/filters/lookalikes" -p paypal.com < <(
		event '["paypa1.com","paypa1.io"]' X 5 ',"seq":"7-1"'
		for n in $(seq 2 101); do event '["a.com"]' X 5 ",\"seq\":\"7-$n\""; done
		echo '{"message_type":"skipped","count":3}'
	)
	[ "$(jq -c 'del(.like, .why, .seen, .issuer, .sha256)' <<<"$output")" = '{"seq":"7-1","name":"paypa1.com"}
{"seq":"7-1","name":"paypa1.io"}
{"seq":"7-1"}
{"seq":"7-101"}
{"message_type":"skipped","count":3}' ]
}

@test "filters in Python pass over names that no DNS can hold, in no time" {
	suffix_list
	{
		jq -cn '{data: [("a." * 200000) + "com", "xn--" + ("9z" * 200000) + ".paypal.com"]}'
		event '["paypa1.com"]'
	} >"$BATS_TEST_TMPDIR/long"
	run -0 timeout 10 "$ROOT/contrib/filters/registered" <"$BATS_TEST_TMPDIR/long"
	[ "$output" = paypa1.com ]
	run -0 timeout 10 "$ROOT/contrib/filters/lookalikes" paypal.com <"$BATS_TEST_TMPDIR/long"
	[ "${#lines[@]}" = 1 ]
}

@test "filters in Python end without a word when their reader leaves" {
	suffix_list
	cd "$BATS_TEST_TMPDIR"
	for n in $(seq 5000); do event "[\"a$n.com\"]"; done | "$ROOT/contrib/filters/registered" 2>err | head -n 1
	[ ! -s err ]
}

# ---- the watch ----

# start_hook: a webhook at $hook. What it takes goes to hook.out, a line each; it answers with the
# statuses in the file statuses first, one a line, and then with 200.
start_hook()
{
	skip_without python3 sha256sum
	hook_port=$(free_port)
	hook=http://127.0.0.1:$hook_port/hook
	cat >hook.py <<-'EOT'
		import http.server, os, sys
		class Hook(http.server.BaseHTTPRequestHandler):
		    def log_message(self, *a):
		        pass
		    def do_POST(self):
		        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
		        left = open("statuses").read().split() if os.path.exists("statuses") else []
		        status = int(left.pop(0)) if left else 200
		        open("statuses", "w").write("\n".join(left))
		        print(status, self.headers["Idempotency-Key"], self.headers["Content-Type"], body, flush=True)
		        self.send_response(status)
		        self.end_headers()
		http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Hook).serve_forever()
	EOT
	spawn hook python3 hook.py "$hook_port"
	wait_until 10 listens "$hook_port"
}

# start_watch: watches for names like paypal.com.
start_watch()
{
	spawn watch "$ROOT/contrib/phishing/watch" place "$url" "$hook" paypal.com
	watch=$spawned
	wait_until 10 readers lite ndjson 1
}

# sends N...: publishes an event for each, of which the odd ones look like paypal.com.
sends()
{
	local n

	for n; do
		if [ $((n % 2)) = 1 ]; then
			event "[\"n$n.paypa1.com\"]"
		else
			event "[\"n$n.example.com\"]"
		fi
	done >"$feed"
}

# took 'N...': succeeds when the webhook has taken exactly the names with these numbers, each at least once.
took()
{
	[ "$(sed -n 's/^200 .*"name": "n\([0-9]*\)\.paypa1.*/\1/p' hook.out | sort -nu | tr '\n' ' ')" = "$1 " ]
}

@test "the watch posts each name that looks like a brand's to a webhook, as JSON" {
	suffix_list
	cd "$BATS_TEST_TMPDIR"
	start_ws
	start_hook
	start_watch
	sends 1 2 3
	wait_until 10 took '1 3'
	read -r status key type body <hook.out
	[ "$status $type" = '200 application/json' ]
	[ "${#key}" = 32 ]
	[ "$(jq -r '[.name, .like, .why] | join(" ")' <<<"$body")" = 'n1.paypa1.com paypal.com looks the same' ]
}

@test "the watch tries again while the webhook fails, with the same key, and goes on when it refuses" {
	suffix_list
	cd "$BATS_TEST_TMPDIR"
	start_ws
	start_hook
	printf '%s\n' 503 429 200 400 >statuses
	start_watch
	sends 1 3 5
	wait_until 20 took '1 5'
	[ "$(cut -d ' ' -f 1 hook.out | tr '\n' ' ')" = '503 429 200 400 200 ' ]
	[ "$(sed -n '1,3s/^[0-9]* \([^ ]*\).*/\1/p' hook.out | sort -u | wc -l)" = 1 ]
	[ "$(cut -d ' ' -f 2 hook.out | sort -u | wc -l)" = 3 ]
	grep -q 'watch: refused with 400: .*n3.paypa1.com' watch.err
}

@test "a watch that is killed goes on where it was, and misses nothing" {
	suffix_list
	cd "$BATS_TEST_TMPDIR"
	start_ws
	start_hook
	sends 2
	wait_until 5 has_seq
	start_watch
	sends 1 4 3
	wait_until 10 took '1 3'
	kill -KILL -- "-$watch"
	wait_until 5 ended "$watch"
	sends 5 6 7
	# What fails in the moment of the kill comes again.
	printf '%s\n' 503 503 503 >statuses
	start_watch
	wait_until 10 grep -q '^503' hook.out
	kill -KILL -- "-$watch"
	wait_until 5 ended "$watch"
	sends 8 9
	start_watch
	wait_until 20 took '1 3 5 7 9'
}

# ct-ws tells the place of an event.
has_seq()
{
	curl -sI "$url/latest.json" | grep -qi certstream-seq
}

@test "a watch outlives a webhook that is away, and a ct-ws that begins anew" {
	suffix_list
	cd "$BATS_TEST_TMPDIR"
	start_ws
	start_hook
	sends 2
	wait_until 5 has_seq
	start_watch
	kill "$(tail -n 2 spawned | head -n 1)"
	wait_until 5 sh -c "! curl -s http://127.0.0.1:$hook_port/"
	sends 1
	wait_until 10 grep -q 'status 000; again' watch.err
	kill -KILL "$ws"
	wait_until 5 ended "$ws"
	serve
	sends 3
	spawn hook2 python3 hook.py "$hook_port"
	wait_until 40 grep -q n3.paypa1.com hook2.out
	grep -q n1.paypa1.com hook2.out
}

@test "nginx serves the stream under TLS as contrib has it" {
	skip_without nginx openssl curl
	cd "$BATS_TEST_TMPDIR"
	behind=$(free_port)
	front=$(free_port)
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost \
	    -keyout key.pem -out cert.pem 2>/dev/null
	{
		echo "pid $PWD/nginx.pid; error_log $PWD/error.log; daemon off;"
		echo 'events {} http { access_log off;'
		for folder in client_body proxy fastcgi uwsgi scgi; do
			echo "${folder}_temp_path $PWD/$folder;"
		done
		sed "s,127.0.0.1:8080,127.0.0.1:$behind,
		    s,listen .*443,listen 127.0.0.1:$front,
		    s,[^ ]*/fullchain.pem,$PWD/cert.pem,
		    s,[^ ]*/privkey.pem,$PWD/key.pem," "$ROOT/contrib/nginx/certstream.conf" |
		    awk '!seen[$0]++ || !/listen/'
		echo '}'
	} >nginx.conf
	export CT_BUS=ipc://$PWD/bus
	spawn ct-hub sh -c 'sleep 60 | exec ct-hub'
	spawn ct-ws ct-ws -p "$behind"
	spawn nginx nginx -c "$PWD/nginx.conf"
	wait_until 10 listens "$behind"
	wait_until 10 listens "$front"
	run curl -sk "https://localhost:$front/latest.json"
	[ "$(echo "$output" | jq -c .messages)" = '[]' ]
	run curl -sk -m 1 -o /dev/null -w '%{http_code}' -H 'Connection: Upgrade' -H 'Upgrade: websocket' \
	    -H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==' --http1.1 \
	    "https://localhost:$front/domains-only"
	[ "$output" = 101 ]
}
