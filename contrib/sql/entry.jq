# What both loaders make of the records of a stream: what becomes a row, and when it is committed.

# A name with its labels from right to left, so that what is below a domain stands together. What
# is longer than 255 characters is no name of the DNS, and is cut.
def reversed: ascii_downcase | split(".") | reverse | join(".") | .[:255];

# The columns of an event.
def entry: .data | [
	.source.url, .cert_index, .update_type == "PrecertLogEntry", .seen, .source.timestamp,
	(.leaf_cert | .sha256, .serial_number, .not_before, .not_after,
		(.issuer | .O // .CN), .subject.CN)];

# {entry, names} of each event and {mark} of each mark, with an {end} where what came before it is
# to be committed: behind a mark, when the second of "seen" changes, and at the end.
def rows: foreach (inputs, null) as $record ({};
	if $record == null then {out: [{end: true}]}
	elif $record.message_type == "mark" then .out = [{mark: ($record | tojson)}, {end: true}]
	elif ($record.data | type) != "object" then .out = []
	else ($record.data.seen | floor) as $second |
		.out = [if .second != $second then {end: true} else empty end,
			($record | {entry: entry, names: .data.leaf_cert.all_domains})] |
		.second = $second
	end; .out[]);
