# contrib: the filters, and nginx in front of ct-ws.

load setup

event()
{
	printf '{"data":{"leaf_cert":{"all_domains":%s,"issuer":{"O":"%s"}}},"message_type":"certificate_update"}\n' "$1" "${2-A}"
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
