/* Calls lib/event for the comparison. In: the line of an entry. Out: the event that ct-parse makes of it. */
#include "tests/diff/ours.h"

#include "enc/b64.h"
#include "event/event.h"

struct event_writer *
ours_open(void)
{
	return event_open(&(struct event_options){ .form = FORM_FULL });
}

const char *
ours_put_event(struct event_writer *w, struct buf *out, struct span line)
{
	struct raw_line entries;
	struct raw raw;
	const char *why;

	raw_open(&entries, line);
	if (raw_next(&entries, &raw, &why) && why == NULL)
		why = event_put(w, out, &raw);
	return why;
}

/* A MerkleTreeLeaf (RFC 6962 section 3.4) around the certificate, and an extra_data (4.6) with no chain. */
void
ours_put_line(struct buf *line, struct span der)
{
	struct buf leaf;

	buf_init(&leaf);
	buf_put(&leaf, span_of("\0\0\0\0\0\0\0\0\0\0\0\0", 12));
	buf_putc(&leaf, (char)(der.n >> 16));
	buf_putc(&leaf, (char)(der.n >> 8));
	buf_putc(&leaf, (char)der.n);
	buf_put(&leaf, der);
	buf_put(&leaf, span_of("\0\0", 2));
	buf_puts(line, "{\"leaf_input\":\"");
	b64_put(line, buf_span(&leaf));
	buf_puts(line, "\",\"extra_data\":\"AAAA\"}");
	buf_free(&leaf);
}
