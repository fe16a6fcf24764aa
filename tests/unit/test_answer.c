/* ct-ws/answer, file and accept: the bytes of answers, tags of files, and what clients accept. */
#include "unit.h"

#include "ct-ws/http/accept.h"
#include "ct-ws/http/file.h"

/* The head of the answer, without the line of the date. */
static struct span
head_of(const struct answer *a, struct buf *out)
{
	uint8_t *date, *end;

	buf_reset(out);
	answer_put_head(a, true, out);
	date = memmem(out->p, out->n, "Date: ", 6);
	end = memmem(date, out->n - (size_t)(date - out->p), "\r\n", 2);
	memmove(date, end + 2, out->n - (size_t)(end + 2 - out->p));
	out->n -= (size_t)(end + 2 - date);
	return buf_span(out);
}

static void
an_answer_has_status_type_length_and_its_fields(void)
{
	struct answer a = answer_line(404, "Nothing.", "X-Y: z\r\n");
	struct buf out;

	buf_init(&out);
	CHECK_TEXT(head_of(&a, &out), "HTTP/1.1 404 Not Found\r\nServer: ct-ws\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\n"
	    "Content-Length: 9\r\nX-Y: z\r\nConnection: keep-alive\r\n\r\n");
	CHECK_TEXT(buf_span(&a.body->bytes), "Nothing.\n");
	body_drop(a.body);
	buf_free(&out);
}

static void
an_answer_without_content_has_no_length_either(void)
{
	struct answer a = answer_text(204, "text/plain", SPAN(""), "Allow: GET\r\n");
	struct buf out;

	buf_init(&out);
	CHECK_TEXT(head_of(&a, &out), "HTTP/1.1 204 No Content\r\nServer: ct-ws\r\nAllow: GET\r\n"
	    "Connection: keep-alive\r\n\r\n");
	body_drop(a.body);
	buf_free(&out);
}

/* A request for the file with these header fields. Returns the status of the answer. */
static unsigned
file_status(const struct file *f, const char *fields)
{
	struct request r;
	struct answer a;
	char text[400];

	snprintf(text, sizeof(text), "GET / HTTP/1.1\r\nHost: a\r\n%s\r\n", fields);
	CHECK(request_parse(span_str(text), &r) == REQUEST_REQUEST);
	a = file_answer(f, &r);
	CHECK(a.body->bytes.n == (a.status == 200 ? 5 : 0));
	body_drop(a.body);
	return a.status;
}

static void
a_file_is_spared_a_client_that_names_its_tag(void)
{
	struct hash *hash = hash_open();
	char fields[200];
	struct file f;

	file_open(&f, "text/plain", "", SPAN("hello"), hash);
	CHECK_TEXT(span_str(f.tag), "\"2cf24dba5fb0a30e26e83b2a\"");
	CHECK(file_status(&f, "") == 200);
	CHECK(file_status(&f, "If-None-Match: \"other\"\r\n") == 200);
	CHECK(file_status(&f, "If-None-Match: 2cf24dba5fb0a30e26e83b2a\r\n") == 200);
	CHECK(file_status(&f, "If-None-Match: *\r\n") == 304);
	snprintf(fields, sizeof(fields), "If-None-Match: %s\r\n", f.tag);
	CHECK(file_status(&f, fields) == 304);
	snprintf(fields, sizeof(fields), "If-None-Match: \"a\", W/%s\r\n", f.tag);
	CHECK(file_status(&f, fields) == 304);
	snprintf(fields, sizeof(fields), "If-None-Match: \"a\"\r\nIf-None-Match: %s\r\n", f.tag);
	CHECK(file_status(&f, fields) == 304);
	file_close(&f);
	hash_free(hash);
}

static void
the_tag_of_a_file_is_in_both_answers(void)
{
	struct hash *hash = hash_open();
	struct request r;
	struct answer a;
	struct file f;
	struct buf out;

	buf_init(&out);
	file_open(&f, "text/plain", "Cache-Control: no-cache\r\n", SPAN("hello"), hash);
	CHECK(request_parse(SPAN("GET / HTTP/1.1\r\nHost: a\r\nIf-None-Match: *\r\n\r\n"), &r) ==
	    REQUEST_REQUEST);
	a = file_answer(&f, &r);
	CHECK_TEXT(head_of(&a, &out), "HTTP/1.1 304 Not Modified\r\nServer: ct-ws\r\n"
	    "ETag: \"2cf24dba5fb0a30e26e83b2a\"\r\nCache-Control: no-cache\r\n"
	    "Connection: keep-alive\r\n\r\n");
	body_drop(a.body);
	file_close(&f);
	hash_free(hash);
	buf_free(&out);
}

static void
a_weight_is_read_in_thousandths(void)
{
	static const struct {
		const char *list;
		unsigned weight;
	} cases[] = {
		{ "a/b", 1000 }, { "a/b;q=1.000", 1000 }, { "a/b;q=0.75", 750 }, { "A/B ; Q=0.5", 500 },
		{ "x/y, a/b;q=0.001", 1 }, { "a/b;q=0", 0 }, { "a/b;q=1.1", 0 }, { "a/b;q=.5", 0 },
		{ "a/b;q=", 0 }, { "a/b;q=0.1234", 0 }, { "a/b;q=0.1, a/b;q=0.2", 200 }, { "", 0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (accept_weight(span_str(cases[i].list), "a/b", NULL) != cases[i].weight)
			CHECK_TEXT(SPAN("weighed wrongly"), cases[i].list);
}

static void
a_member_of_another_version_does_not_count(void)
{
	struct span list = SPAN("a/b;version=2.0;q=0.9, a/b;version=1.0.0;q=0.4;x=y");

	CHECK(accept_weight(list, "a/b", "1.0.0") == 400);
	CHECK(accept_weight(list, "a/b", "3") == 0);
	CHECK(accept_weight(SPAN("a/b;q=0.3"), "a/b", "1.0.0") == 300);
}

int
main(void)
{
	RUN(an_answer_has_status_type_length_and_its_fields);
	RUN(an_answer_without_content_has_no_length_either);
	RUN(a_file_is_spared_a_client_that_names_its_tag);
	RUN(the_tag_of_a_file_is_in_both_answers);
	RUN(a_weight_is_read_in_thousandths);
	RUN(a_member_of_another_version_does_not_count);
	return unit_end();
}
