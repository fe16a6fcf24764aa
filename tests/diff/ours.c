/* lib/event as the comparison calls it. In: an entry, or a certificate. Out: what ct-parse makes of it. */
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

/* MerkleTreeLeaf and extra_data of RFC 6962 3.4 and 4.6. */
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
