#!/bin/sh
# ct-fetch: entries a second that it fetches, proves and writes on one core, for a tiled log as files,
# for the same files behind nginx, and for an RFC 6962 log of our own, behind nginx too, which keeps its
# answers and has none compressed, because the log alone would be the slower one. Beside it curl,
# which fetches the same bytes to /dev/null, and where the time goes, where perf may look. The servers
# are on another core. The environment may choose how many entries in ENTRIES.
set -eu
cd "$(dirname "$0")/.."
make -s -j2 all tests/log/ct-log bench/took
count=${ENTRIES:-100000}
port=${PORT:-18100}
work=$(mktemp -d)
chmod 755 "$work"
pids=
# shellcheck disable=SC2086 # pids is a list
trap 'kill $pids 2>/dev/null || :; rm -rf "$work"' EXIT INT TERM

# best COMMAND...: of what bench/took says in 7 runs, that of the fewest microseconds, as in parse.sh.
best() {
	run=0
	while [ "$run" -lt 7 ]; do
		"$@" 2>&1 >/dev/null | grep 'us each'
		run=$((run + 1))
	done | awk '{ for (i = 2; i <= NF; i++) if ($i == "us" && (NR == 1 || $(i - 1) < us)) { us = $(i - 1); line = $0 } }
	    END { print line }'
}

# fetch URL KEY: the whole log, each entry proven.
fetch() {
	bench/took "$count" taskset -c 0 ct-fetch/ct-fetch -q -u "$1" -K "$2" -s 0 -e "$count" -o
}

# same URLS: what ct-fetch asked for, by curl.
same() {
	bench/took "$count" taskset -c 0 curl -s -K "$1"
}

# row NAME URL KEY TYPE: both of them, and the stages.
row() {
	printf '%-12s ct-fetch  ' "$1"
	best fetch "$2" "$3"
	sed "s,.*,url = \"$2&\"\noutput = /dev/null," "$work/paths.$4" >"$work/curl"
	printf '%-12s curl      ' "$1"
	best same "$work/curl"
	stages "$2" "$3"
}

# stages URL KEY: the share of each of our rooms and of each library in the samples of perf.
stages() {
	perf record -q -F 4000 -o "$work/perf" -- taskset -c 0 ct-fetch/ct-fetch -q -u "$1" -K "$2" \
	    -s 0 -e "$count" -o >/dev/null 2>&1 || return 0
	perf report -i "$work/perf" --stdio -q --sort dso,symbol 2>/dev/null | awk '
	    NF < 4 { next }
	    { part = $1; sub(/%/, "", part); name = $4 }
	    $2 !~ /ct-fetch/ { name = $2 }
	    /b64/ { name = "base64" }
	    /sha|SHA|hash|tree_/ { name = "hashes and tree" }
	    /memcpy|memmove/ { name = "copies" }
	    $2 ~ /ct-fetch/ && name == $4 { sub(/_.*/, "", name) }
	    { sum[name] += part }
	    END { for (name in sum) if (sum[name] >= 1) printf "%22.1f %%  %s\n", sum[name], name }' | sort -rn
}

tests/log/ct-log write -d "$work/files" -l a -n "$count"
tests/log/ct-log serve -p 0 -d "$work" -l a=rfc6962 -n "$count" -P 256 -A "$work/asked" >"$work/ready" &
pids=$!
until grep -q ready "$work/ready"; do
	sleep 0.2
done
taskset -cp 1 "$pids" >/dev/null
url=$(sed -n 's/^ready //p' "$work/ready")a/
last=$(((count - 1) / 256))
seq 0 "$last" | awk -v n="$count" '{ m = int($1 / 1000); k = sprintf("%03d", $1 % 1000)
    print "tile/data/" (m ? sprintf("x%03d/", m) : "") k (($1 + 1) * 256 > n ? ".p/" n % 256 : "") }' >"$work/paths.tiles"
seq 0 "$last" | awk -v n="$count" '{ end = ($1 + 1) * 256 < n ? ($1 + 1) * 256 : n
    print "ct/v1/get-entries?start=" $1 * 256 "&end=" end - 1 }' >"$work/paths.entries"

echo "ct-fetch, $count entries of our own log, all proven, one core, the best of 7 runs:"
row 'files' "file://$work/files/" "$work/files/key.pem" tiles
if command -v nginx >/dev/null; then
	cat >"$work/nginx.conf" <<-EOT
		daemon off;
		pid $work/nginx.pid;
		error_log $work/error.log;
		events {}
		http {
		    access_log off;
		    sendfile on;
		    keepalive_requests 1000000;
		    client_body_temp_path $work/body;
		    proxy_temp_path $work/proxy;
		    fastcgi_temp_path $work/fastcgi;
		    uwsgi_temp_path $work/uwsgi;
		    scgi_temp_path $work/scgi;
		    proxy_cache_path $work/cache keys_zone=cache:16m;
		    server {
		        listen 127.0.0.1:$port;
		        root $work/files;
		        location /a/ {
		            proxy_pass $url;
		            proxy_set_header Accept-Encoding "";
		            proxy_cache cache;
		            proxy_cache_valid 200 1h;
		        }
		    }
		}
	EOT
	taskset -c 1 nginx -p "$work" -c "$work/nginx.conf" 2>/dev/null &
	pids="$pids $!"
	sleep 1
	row 'tiles' "http://127.0.0.1:$port/" "$work/files/key.pem" tiles
	url=http://127.0.0.1:$port/a/
	fetch "$url" "$work/a.pem" >/dev/null 2>&1 # fills the cache
fi
row 'get-entries' "$url" "$work/a.pem" entries
