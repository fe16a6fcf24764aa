#!/bin/sh
# Measures what it costs to compress the messages of each form on one core, and
# how small they get, with a context of one, 8 and 64 messages. isa-l compresses
# where the build has found it; the second table is by zlib. Messages are made
# of the corpus where it is there ($CT_CORPUS), else of our own log.
set -eu
cd "$(dirname "$0")/.."
make -s -j2 all tests/log/ct-log bench/deflate
corpus=${CT_CORPUS:-../shared/corpus}/entries/rfc6962.ndjson.gz
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

if [ -e "$corpus" ]; then
	gzip -dc "$corpus" >"$work/entries"
	from="real entries"
else
	tests/log/ct-log write -d "$work/log" -n 2000
	ct-fetch/ct-fetch -q -u "file://$work/log/" -K "$work/log/key.pem" -s 0 -o >"$work/entries"
	from="entries of our own log"
fi
for form in lite full domains; do
	ct-parse/ct-parse -q -s "$form" <"$work/entries" >"$work/$form"
done

# table PROGRAM
table()
{
	printf '%-8s %-6s %7s %8s %8s %7s %9s\n' form level context bytes packed ratio us
	for form in lite full domains; do
		taskset -c 0 "$1" "$form" "$work/$form"
	done
}

library=zlib
! ldd bench/deflate | grep -q libisal || library=isa-l
echo "deflate: $from, by $library"
table bench/deflate
[ "$library" = isa-l ] || exit 0
# shellcheck disable=SC2046 # flags are words
${CC:-cc} -O2 -std=c11 -D_GNU_SOURCE -Ilib -I. -o "$work/deflate" bench/deflate.c lib/enc/deflate.c \
    lib/base/buf.c lib/base/die.c lib/base/tell.c $(pkg-config --libs zlib)
echo "deflate: $from, by zlib"
table "$work/deflate"
