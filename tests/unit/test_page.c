/* ct-fetch/log/page: the records of entries. */
#include "unit.h"

#include "ct-fetch/log/page.h"
#include "ct-fetch/log/protocol.h"
#include "os/lines.h"
#include "world.h"

static void
page_told(void *cookie, struct page *p, enum page_news news, const char *why)
{
	(void)cookie;
	(void)p;
	(void)news;
	(void)why;
}

/* Puts out one entry with so many characters of extra_data. Returns the length of its line. */
static size_t
put(size_t extra)
{
	struct page *p;
	size_t n;

	world_open(&protocol_rfc6962, protocol_rfc6962.log_bytes);
	buf_puts(&world.source.record, "{\"index\":");
	p = page_open(&world.source, 0, 1, 1, page_told, NULL);
	buf_puts(&p->body, "{\"entries\":[{\"leaf_input\":\"AAAAAAAAAAAAAAAA\",\"extra_data\":\"");
	memset(buf_reserve(&p->body, extra), 'A', extra);
	buf_commit(&p->body, extra);
	buf_puts(&p->body, "\"}]}");
	CHECK(protocol_rfc6962.page_take(p) == NULL && p->n == 1);
	p->state = PAGE_HELD;
	world.fetch.waiting = p->body.n;
	CHECK(page_put(p, UINT64_MAX, 0));
	out_send(&world.out);
	page_free(p);
	n = (size_t)lseek(world.out.fd.fd, 0, SEEK_CUR);
	world_close();
	return n;
}

static void
a_record_is_no_longer_than_a_line_may_be(void)
{
	size_t rest = put(0), most = (MAX_LINE + 1 - rest) & ~(size_t)3;

	CHECK(put(400) == rest + 400);
	CHECK(put(most) == rest + most);
	CHECK(put(most + 4) == rest);	/* without its extra_data */
	CHECK(put(2 * most) == rest);
}

int
main(void)
{
	RUN(a_record_is_no_longer_than_a_line_may_be);
	return unit_end();
}
