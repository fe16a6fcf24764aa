# Logs that nobody here wrote, as tests/reallogs/setup builds them: Sunlight with Skylight, TesseraCT
# behind nginx, and CTFE with Trillian. Each takes thousands of certificates while ct-fetch follows it
# and is ended again and again; then judge says whether all of it came.

load setup

setup()
{
	cd "$BATS_TEST_TMPDIR"
	PATH=$PATH:$ROOT/tests/reallogs/build/judge
}

# needs NAME: skips the test unless tests/reallogs/setup has built that log.
needs()
{
	local why

	why=$("$ROOT/tests/reallogs/setup" -n judge "$1") || skip "$why"
	PATH=$PATH:$ROOT/tests/reallogs/build/$1
}

# Writes what is submitted to `entries` and the roots of its chains to roots.pem.
make_submissions()
{
	ct-log entries -l real=rfc6962 -n 3000 -B 0 >entries
	judge roots <entries >roots.pem
}

# answers URL: succeeds when a GET of it is answered with 200.
answers()
{
	curl -sfo /dev/null "$1"
}

# Sunlight makes its files immutable where it may, and then nobody can remove them after the test.
mutable()
{
	if [ "$(id -u)" = 0 ]; then
		setpriv --bounding-set -linux_immutable "$@"
	else
		"$@"
	fi
}

# fetch NAME OPTION...: spawns ct-fetch on the log. What it writes goes to NAME.out.
fetch()
{
	local name=$1

	shift
	spawn "$name" ct-fetch -q -u "$url" -t "$type" -K "$key" -d state -s 0 --poll 1 \
	    -c reallogs@ct.test "$@"
}

# has_taken_all: succeeds when the log has signed a tree with all that it took.
has_taken_all()
{
	[ "$(judge size "$url")" -ge "$(sort -u taken | wc -l)" ]
}

# follow SUBMIT_URL N: submits everything, N at a time, and follows the log meanwhile: every other
# ct-fetch is killed, the others end by TERM and with 0. Then one goes up to the end. url, type and key
# say where and how the log is read.
follow()
{
	local runs=0 submitting

	spawn_sh submit "judge submit '$1' $2 <entries >taken"
	submitting=$spawned
	until ended "$submitting" && [ "$runs" -ge 6 ]; do
		runs=$((runs + 1))
		fetch "$(printf run%02d "$runs")"
		sleep "$((RANDOM % 3)).$((RANDOM % 8 + 2))"
		if [ $((runs % 2)) = 0 ]; then
			kill -KILL "$spawned"
			wait_until 5 ended "$spawned"
		else
			kill -TERM "$spawned"
			ends 5 "$spawned"
		fi
	done
	ends 1 "$submitting"
	[ "$(wc -l <taken)" -ge 2500 ]
	[ "$(cat run*.out | wc -l)" -ge 1000 ]
	wait_until 20 has_taken_all
	fetch last --once
	ends 20 "$spawned"
	[ ! -s last.err ]
}

# Prints what judge says of all runs; fails when anything is missing, twice or not as it was submitted.
judged()
{
	judge check "$url" taken run*.out last.out
}

@test "of Sunlight, read from Skylight, everything comes through kills and restarts" {
	needs sunlight
	skip_without python3 setpriv
	local write read
	make_submissions
	write=$(free_port)
	read=$((write + 1))
	head -c 32 /dev/urandom >seed
	python3 - <<-EOT
		import sqlite3
		sqlite3.connect("checkpoints.db").execute(
		    "CREATE TABLE checkpoints (logID BLOB PRIMARY KEY, body BLOB NOT NULL) STRICT")
	EOT
	cat >sunlight.yaml <<-EOT
		listen: [ "127.0.0.1:$write" ]
		checkpoints: $PWD/checkpoints.db
		logs:
		  - shortname: sun
		    inception: $(date +%F)
		    period: 200
		    submissionprefix: https://localhost/sun
		    monitoringprefix: http://localhost:$read/sun
		    roots: $PWD/roots.pem
		    secret: $PWD/seed
		    cache: $PWD/cache.db
		    localdirectory: $PWD/log
		    notafterstart: 2000-01-01T00:00:00Z
		    notafterlimit: 2100-01-01T00:00:00Z
	EOT
	cat >skylight.yaml <<-EOT
		listen: [ "127.0.0.1:$read" ]
		logs:
		  - shortname: sun
		    monitoringprefix: https://localhost/sun
		    localdirectory: $PWD/log
	EOT
	mutable true || skip "setpriv cannot drop a capability here"
	spawn sunlight bash -c "$(declare -f mutable); mutable sunlight -c sunlight.yaml"
	wait_until 20 answers "http://localhost:$write/sun/log.v3.json"
	spawn skylight skylight -c skylight.yaml
	url=http://localhost:$read/sun/ type=tiled key=$PWD/key.der
	wait_until 20 answers "${url}checkpoint"
	curl -s "http://localhost:$write/sun/log.v3.json" | jq -r .key | base64 -d >key.der
	follow "http://localhost:$write/sun/" 128
	judged
}

@test "of TesseraCT, behind nginx, everything comes through kills and restarts" {
	needs tesseract
	skip_without nginx
	local write read
	make_submissions
	write=$(free_port)
	read=$((write + 1))
	judge key key
	spawn tesseract posix --http_endpoint="127.0.0.1:$write" --origin=localhost/tess --path_prefix=tess \
	    --storage_dir="$PWD/log" --private_key=key --roots_pem_file=roots.pem \
	    --checkpoint_interval=300ms --batch_max_age=200ms --logtostderr
	cat >nginx.conf <<-EOT
		daemon off;
		user $(id -un) $(id -gn);
		pid $PWD/nginx.pid;
		error_log $PWD/error.log;
		events {}
		http {
		    access_log off;
		    client_body_temp_path $PWD/body;
		    proxy_temp_path $PWD/proxy;
		    fastcgi_temp_path $PWD/fastcgi;
		    uwsgi_temp_path $PWD/uwsgi;
		    scgi_temp_path $PWD/scgi;
		    server {
		        listen 127.0.0.1:$read;
		        location /tess/ { alias $PWD/log/; }
		    }
		}
	EOT
	spawn nginx nginx -p "$PWD" -c "$PWD/nginx.conf"
	url=http://127.0.0.1:$read/tess/ type=tiled key=$PWD/key.pub
	wait_until 20 answers "${url}checkpoint"
	wait_until 20 listens "$write"
	follow "http://127.0.0.1:$write/tess/" 128
	judged
}

@test "of CTFE with Trillian everything comes through kills and restarts" {
	needs ctfe
	local store port
	make_submissions
	store=$(free_port)
	port=$((store + 1))
	judge key key
	spawn trillian trillian "127.0.0.1:$store" "$PWD" real
	wait_until 20 test -e ctfe.cfg
	spawn ctfe ct_server --log_config=ctfe.cfg --log_rpc_server="127.0.0.1:$store" \
	    --http_endpoint="127.0.0.1:$port" --max_get_entries=100 --logtostderr
	url=http://127.0.0.1:$port/real/ type=rfc6962 key=$PWD/key.pub
	wait_until 20 answers "${url}ct/v1/get-sth"
	follow "$url" 8		# with more, its storage in memory answers no reader meanwhile
	judged
}
