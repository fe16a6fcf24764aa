#!/bin/sh
# A log that answers 35 requests a minute, 256 entries a page, and grows by 130 entries a second
# leaves a reader 19 entries a second to spare. ct-fetch follows such logs of our own side by side:
#
#	known      its rate is known beforehand, as DigiCert's is
#	learned    it is learned from the log's 429s
#	counting   and the log counts also the requests that it has answered so
#	backlog    known, and 20,000 entries are owed at the start: it goes on at the head
#	shards     known, and two logs on the host grow by 65 entries a second each
#
# each as get-entries and as tiles. usage: tests/budget.sh [SECONDS [SCENARIO...]]; 600 seconds and all
# of them are the default, and what has come is kept in $BUDGET_DIR. Prints what was asked for and
# how far ct-fetch was behind; ends with 1 when an entry is missing, came twice or is unproven, less
# than 97 % of the pages were full, it fell behind, or the gap shrank by less than 9.5 a second.
# shellcheck disable=SC2317 # functions are called by their names
set -eu
cd "$(dirname "$0")/.."
make -s -j2 all tests/log/ct-log
PATH=$PWD/ct-fetch:$PWD/tests/log:$PATH
seconds=${1:-600}
[ $# -eq 0 ] || shift
scenarios=${*:-known learned counting backlog shards}
work=${BUDGET_DIR:-$(mktemp -d)}
mkdir -p "$work"
started="$work/started"
: >"$started"
start=$((20000 + $$ % 5000 * 2))	# the first port

# finish: ends what this script has started.
finish() {
	while read -r pid; do
		kill "$pid" 2>/dev/null || :
	done <"$started"
	[ -n "${BUDGET_DIR:-}" ] || rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM

# serve DIR PORT LOGS OPTION...: starts the log, and waits for it; its process id is in DIR/pid.
serve() {
	dir=$1 port=$2 logs=$3
	shift 3
	ct-log serve -p "$port" -d "$dir" -l "$logs" "$@" >"$dir/ready" &
	echo $! | tee "$dir/pid" >>"$started"
	until grep -q ready "$dir/ready"; do
		sleep 0.1
	done
}

# size DIR: entries that the log, or the first of two, has now.
size() {
	if grep -q checkpoint "$1/path"; then
		curl -sf "$(cat "$1/path")" | sed -n 2p
	else
		curl -sf "$(cat "$1/path")" | sed 's/.*"tree_size"://; s/,.*//'
	fi
}

# prepare DIR: a place 20,000 entries before where the log will be.
prepare() {
	serve "$1" "$2" "$3" -n 1000
	ct-fetch -q -L "$1/log_list.json" --list-key "$1/list-key.pem" -s 990 -o -d "$1/state" >/dev/null
	kill "$(cat "$1/pid")"
	wait "$(cat "$1/pid")" || :
}

# shorten: entry records to log ID and index, all else as it is.
shorten() {
	awk '/^\{"message_type":"entry"/ {
		front = substr($0, 1, 1000)
		match(front, /"log_id":"[^"]*/)
		id = substr(front, RSTART + 10, RLENGTH - 10)
		match(front, /"index":[0-9]*/)
		print id, substr(front, RSTART + 8, RLENGTH - 8)
		next
	}
	{ print; fflush() }'
}

# watch DIR: says now and then how large the log is.
watch() {
	end=$(($(date +%s) + seconds))
	while [ "$(date +%s)" -lt "$end" ]; do
		echo "$(date +%s) $(size "$1")" >>"$1/sizes"
		sleep 5
	done
}

# follow SCENARIO KIND PORT: one scenario from its beginning to its end.
follow() {
	size=3000
	dir=$work/$1-$2 rule='* any limiter 35 agent ct-fetch' rate=130 pace=34.5/m
	logs=a=rfc6962 path="ct/v1/get-sth?size"
	[ "$2" = get-entries ] || { logs=a=tiled path="checkpoint?size"; }
	mkdir -p "$dir/state"
	echo "http://127.0.0.1:$3/a/$path" >"$dir/path"
	set -- "$1" "$2" "$3" --poll 10
	case $1 in
	learned) pace='' ;;
	counting) pace='' rule='* any limiter 35 counting agent ct-fetch' ;;
	backlog) prepare "$dir" "$3" "$logs"; size=21000; set -- "$@" --backlog 10000 ;;
	shards) rate=65 logs="$logs,b=${logs#a=}" ;;
	esac
	[ -z "$pace" ] || set -- "$@" --rate "127.0.0.1=$pace"
	serve "$dir" "$3" "$logs" -n "$size" -r "$rate" -A "$dir/requests" -f "$rule"
	shift 3
	timeout "$seconds" ct-fetch -L "$dir/log_list.json" --list-key "$dir/list-key.pem" -S 5 \
	    -d "$dir/state" "$@" 2>"$dir/err" | shorten >"$dir/out" &
	watch "$dir"
	wait $! || :
	kill "$(cat "$dir/pid")"
}

# asked DIR: counts its requests. While a rate is learned, in the first two minutes, fewer pages are full.
asked() {
	learns=0
	case $1 in
	*/learned-* | */counting-*) learns=120 ;;
	esac
	awk -v learns="$learns" '
	    NR == 1 { since = $1 + learns }
	    $5 == 200 && $1 < since && $7 ~ /get-entries|tile\/data/ { early++; next }
	    $7 ~ /get-entries|tile\/data/ && $5 == 200 { pages++; full += $8 % 256 == 0 && $8 > 0 }
	    $5 == 429 { refused++ }
	    $7 ~ /get-sth$|checkpoint/ && $5 == 200 { heads++ }
	    $7 ~ /consistency|tile\/[0-9]/ && $5 == 200 { proofs++ }
	    $7 ~ /issuer/ { issuers++ }
	    END {
		printf "%d requests: %d pages at first, %d then, %d of these full (%.1f %%), %d heads, %d proofs, %d issuers, %d refused\n",
		    NR, early, pages, full, pages ? full * 100 / pages : 0, heads, proofs, issuers, refused
		exit(full < 0.97 * pages)
	    }' "$1/asked"
}

# proven DIR: looks at all that has come. No entry is missing between the first and the last of a
# lane, none came twice, and all are before the place of a verified head that came behind them.
proven() {
	awk '/^\{/ {
		if (/"message_type":"head"/) {
			unverified += !/"verified":true/
			id = $0; sub(/.*"log_id":"/, "", id); sub(/".*/, "", id)
			at = $0; sub(/.*"next":/, "", at); sub(/[,}].*/, "", at)
			next_at[id] = at + 0
			early += at - 1 > last[id]
		}
		if (/"message_type":"gap"/ && !/"closed":true/) {
			id = $0; sub(/.*"log_id":"/, "", id); sub(/".*/, "", id)
			at = $0; sub(/.*"from":/, "", at); from[id] = at + 0
			at = $0; sub(/.*"to":/, "", at); to[id] = at + 0
		}
		next
	}
	{
		n++
		if ($2 < to[$1]) {
			wrong += $2 != from[$1] + gap[$1]++
		} else {
			if ($1 in last)
				wrong += $2 != last[$1] + 1
			last[$1] = $2
		}
	}
	END {
		for (id in last)
			open += last[id] >= next_at[id] ? last[id] + 1 - next_at[id] : 0
		for (id in gap)
			filled += gap[id]
		printf "%d entries, %d of them in gaps; %d missing or twice, %d heads unverified, %d heads early, %d without a head yet\n",
		    n, filled, wrong, unverified, early, open
		exit(wrong + unverified + early > 0 || n == 0)
	}' "$1/out"
}

# behind DIR SECONDS: how many entries the log, or the first of two, is ahead of what ct-fetch has put
# out. That goes up and down with each head, so the most of each quarter tells whether it grows.
behind() {
	grep '"message_type":"status"' "$1/out" | sed -E 's/.*"seen":([0-9]+).*"name":"Test log .a."[^}]*"next":([0-9]+).*"gaps":([0-9]+).*/\1 \2 \3/' |
	    awk -v seconds="$2" 'NR == FNR { size[$1] = $2; next }
	    {
		for (t = $1; t > $1 - 12 && !(t in size); t--)
			;
		if (!(t in size) || $2 == 0)
			next
		began = began ? began : $1
		age = $1 - began
		lag = size[t] - $2
		q = int(age * 4 / (seconds + 1)) + 1
		most[q] = lag > most[q] ? lag : most[q]
		if (age > 60 && $3 > 0) {
			if (!owed) { owed = $3; since = age }
			left = $3
			until = age
		}
	    }
	    END {
		for (q = 1; q <= 4; q++)
			printf "%s %d", q == 1 ? "behind in each quarter by at most" : ",", most[q]
		if (until > since)
			printf "; the gap shrank by %.1f entries a second", (owed - left) / (until - since)
		print ""
		exit(!most[4] || most[4] > most[3] + 512 || (until > since && (owed - left) / (until - since) < 9.5))
	    }' "$1/sizes" -
}

i=0
for scenario in $scenarios; do
	for kind in get-entries tiles; do
		follow "$scenario" "$kind" $((start + i)) &
		i=$((i + 1))
	done
done
wait
bad=0
for scenario in $scenarios; do
	for kind in get-entries tiles; do
		dir=$work/$scenario-$kind
		grep -v 'log_list\|list.sig\|?size' "$dir/requests" >"$dir/asked" || :
		for say in asked proven behind; do
			printf '%-9s %-12s ' "$scenario" "$kind"
			$say "$dir" "$seconds" || { bad=1; echo "    ... which is not good enough"; }
		done
	done
done
exit "$bad"
