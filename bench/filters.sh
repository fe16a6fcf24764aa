#!/bin/sh
# What it costs ct-ws to find out which clients an event is for, by the number and
# the kind of filters, on one core. Events are made of the corpus's entries where it
# is there ($CT_CORPUS), else of those of our own log. bench/filters.c says what a row has.
set -eu
cd "$(dirname "$0")/.."
make -s -j2 all tests/log/ct-log bench/filters
corpus=${CT_CORPUS:-../shared/corpus}/entries/rfc6962.ndjson.gz
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

if [ -e "$corpus" ]; then
	gzip -dc "$corpus" >"$work/entries"
else
	tests/log/ct-log write -d "$work/log" -n 2000
	ct-fetch/ct-fetch -q -u "file://$work/log/" -K "$work/log/key.pem" -s 0 -o >"$work/entries"
fi
for form in full lite; do
	ct-parse/ct-parse -q -s "$form" <"$work/entries" | grep -v '^{"message_type"' >"$work/events"
	echo "ct-ws filters, form $form, one core:"
	taskset -c 0 bench/filters "$work/events"
done
