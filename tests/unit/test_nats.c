/* lib/bus/nats: addresses, identities, windows and parts; and the engine before a real nats-server. */
#include "unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bus/engine.h"
#include "bus/nats/nats_address.h"
#include "bus/nats/nats_answer.h"
#include "bus/nats/nats_identity.h"
#include "bus/nats/nats_parts.h"
#include "bus/nats/nats_stream.h"
#include "bus/nats/nats_window.h"
#include "enc/json.h"
#include "event/event.h"

/* ---- addresses ---- */

static void
an_address_names_servers_a_stream_and_settings(void)
{
	struct nats_address a;

	CHECK(nats_address_parse(&a, "nats://h") == NULL);
	CHECK(a.count == 1 && strcmp(a.servers[0], "nats://h") == 0);
	CHECK(strcmp(a.stream, "CT") == 0 && strcmp(a.prefix, "ct") == 0 && !a.tls);
	CHECK(strcmp(a.shown, "nats://h/CT") == 0);
	nats_address_free(&a);
	CHECK(nats_address_parse(&a, "tls://u:p@h:1,[::1]:2,tls://k/Big_1?replicas=3&max-age=36h&max-bytes=50g"
	    "&duplicates=10m&discard=new&storage=memory&history=1m&domain=hub") == NULL);
	CHECK(a.count == 3 && a.tls);
	CHECK(strcmp(a.servers[0], "tls://u:p@h:1") == 0);
	CHECK(strcmp(a.servers[1], "tls://u:p@[::1]:2") == 0);
	CHECK(strcmp(a.servers[2], "tls://u:p@k") == 0);
	CHECK(strcmp(a.stream, "Big_1") == 0 && strcmp(a.prefix, "big_1") == 0);
	CHECK(a.settings.replicas == 3 && a.settings.max_age == 36 * 3600 * 1000000000ull);
	CHECK(a.settings.max_bytes == 50ull << 30 && a.settings.duplicates == 600 * 1000000000ull);
	CHECK(strcmp(a.settings.discard, "new") == 0 && strcmp(a.settings.storage, "memory") == 0);
	CHECK(a.history == 1 << 20 && strcmp(a.domain, "hub") == 0);
	nats_address_free(&a);
}

static void
an_address_is_shown_without_its_password(void)
{
	struct nats_address a;

	CHECK(nats_address_parse(&a, "nats://user:secret@h:4222,g/X?replicas=1") == NULL);
	CHECK(strcmp(a.shown, "nats://h:4222,g/X") == 0);
	nats_address_free(&a);
}

static void
a_text_that_is_not_an_address_is_refused_with_a_reason(void)
{
	static const char *const bad[] = {
		"nats://", "nats://h:0", "nats://h:65536", "nats://h:x", "nats://h,", "nats://,h", "nats://h/a.b",
		"nats://h/a b", "nats://h/123456789012345678901234567890123", "nats://h?replicas=0",
		"nats://h?replicas=6", "nats://h?max-age=5", "nats://h?max-age=h", "nats://h?max-bytes=1x",
		"nats://h?max-bytes=99999999999999t", "nats://h?what=1", "nats://h?discard=some", "nats://[::1",
		"nats://1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17",
	};
	struct nats_address a;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CHECK(nats_address_parse(&a, bad[i]) != NULL);
		CHECK(nats_engine.refuses(bad[i]) != NULL);
	}
	CHECK(nats_engine.refuses("nats://h:4222/CT?replicas=3") == NULL);
}

/* ---- identities ---- */

static struct buf id, subject;

static const char *
id_of(const char *line)
{
	buf_reset(&id);
	return nats_identity_id(&id, span_str(line)) ? buf_str(&id) : NULL;
}

static const char *
subject_of(const char *line)
{
	buf_reset(&subject);
	nats_identity_subject(&subject, span_str(line));
	return buf_str(&subject);
}

#define ENTRY(index, seen, leaf) "{\"message_type\":\"entry\",\"source\":{\"log_id\":\"AAEC\",\"name\":\"A 'log' 1\"," \
	"\"operator\":\"O\",\"url\":\"https://a.example/\",\"type\":\"rfc6962\"},\"index\":" index ",\"seen\":" seen "," \
	"\"leaf_input\":\"" leaf "\",\"extra_data\":\"\"}"

static void
an_entry_is_known_by_log_index_and_leaf(void)
{
	CHECK_TEXT(span_str(id_of(ENTRY("7", "1.5", "AAAA"))), "e:AAEC:7:AAAA");
	CHECK_TEXT(span_str(id_of(ENTRY("7", "2.5", "AAAA"))), "e:AAEC:7:AAAA");
	CHECK_TEXT(span_str(id_of(ENTRY("7", "2.5", "AAAB"))), "e:AAEC:7:AAAB");
	CHECK_TEXT(span_str(subject_of(ENTRY("7", "1.5", "AAAA"))), "entry.A_log_1");
}

static void
records_without_an_entry_have_no_id(void)
{
	static const char *const none[] = {
		"", "x", "{\"message_type\":\"status\",\"stage\":\"ct-fetch\"}", "{\"message_type\":\"mark\",\"version\":2}",
		"{\"data\":[\"a.example\"],\"message_type\":\"dns_entries\"}", "{\"data\":{\"cert_index\":7,",
		"{\"data\":{\"cert_index\":0,\"cert_link\":\"\",\"leaf_cert\":{\"sha256\":\"A\"},\"seen\":0,\"source\":{\"name\":"
		"\"\",\"url\":\"\",\"timestamp\":1,\"type\":\"\"},\"update_type\":\"X\"},\"message_type\":\"certificate_update\"}",
		"{\"leaf_input\":\"AAAA\"}",
		"{\"message_type\":\"malformed\",\"source\":{\"name\":\"\",\"url\":\"\",\"log_id\":\"\"},\"index\":null,"
		"\"reason\":\"x\",\"leaf_input\":\"A\"}",
	};

	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		CHECK(id_of(none[i]) == NULL && id.n == 0);
	CHECK(id_of(ENTRY("7", "1", "A\r\nX: y")) == NULL);	/* would be a header of its own */
}

static void
subjects_have_type_and_log_and_no_character_of_their_own_syntax(void)
{
	CHECK_TEXT(span_str(subject_of("{\"message_type\":\"status\",\"stage\":\"ct-fetch\"}")), "status.ct-fetch");
	CHECK_TEXT(span_str(subject_of("{\"message_type\":\"mark\",\"version\":2}")), "mark.-");
	CHECK_TEXT(span_str(subject_of("{\"message_type\":\"head\",\"log_id\":\"A\",\"name\":\"..*> \\\"q\"}")), "head.q");
	CHECK_TEXT(span_str(subject_of("anything")), "other.-");
	CHECK_TEXT(span_str(subject_of("{\"message_type\":\"gap\",\"name\":\"...\"}")), "gap.-");
}

/* Reads the index, URL and fingerprint of an event the long way. */
static void
value_of(struct span event, const char *path, struct buf *out)
{
	struct span value = SPAN("");

	(void)nats_answer_find(event, path, &value);
	buf_reset(out);
	for (size_t i = 0; i < value.n; i++)
		if (value.p[i] != '"' && value.p[i] != ':')
			buf_putc(out, (char)value.p[i]);
}

/* Holds the id of one real event against what a JSON reader finds. */
static void
check_event(struct span line, const char *kind, const char *fingerprint, const char *url)
{
	struct buf expected, value;

	buf_init(&expected);
	buf_init(&value);
	buf_puts(&expected, kind);
	value_of(line, "data.source.url", &value);
	buf_putf(&expected, ":%s%s:", url, buf_str(&value) + (*url != '\0' ? strlen("https//") : 0));
	value_of(line, "data.cert_index", &value);
	buf_putf(&expected, "%s:", buf_str(&value));
	value_of(line, fingerprint, &value);
	value.n = value.n > 64 ? 64 : value.n;
	buf_puts(&expected, buf_str(&value));
	buf_reset(&id);
	/* The id has the first 64 bytes of the fingerprint before the colons are left out. */
	CHECK(nats_identity_id(&id, line));
	CHECK(id.n > 30 && id.n <= expected.n && memcmp(id.p, expected.p, id.n) == 0);
	buf_free(&expected);
	buf_free(&value);
}

static unsigned
check_events(const char *path, const char *kind, const char *fingerprint, const char *url)
{
	char *text = NULL;
	size_t room = 0;
	ssize_t n;
	unsigned count = 0;
	FILE *f = fopen(path, "r");
	struct buf index;

	if (f == NULL)
		return 0;
	buf_init(&index);
	while ((n = getline(&text, &room, f)) > 0) {
		struct span line = span_of(text, (size_t)n - 1), link = SPAN("");

		value_of(line, "data.cert_index", &index);
		(void)nats_answer_text(line, "data.cert_link", &link);
		if (strcmp(buf_str(&index), "0") == 0 && link.n == 0)
			continue;	/* has no id: it may be one without an index */
		check_event(line, kind, fingerprint, url);
		count++;
	}
	free(text);
	fclose(f);
	buf_free(&index);
	return count;
}

static void
real_events_of_both_formats_and_forms_are_known_by_log_index_and_certificate(void)
{
	CHECK(check_events("tests/data/go/full.ndjson", "gf", "data.leaf_cert.sha256", "https://") > 10);
	CHECK(check_events("tests/data/go/lite.ndjson", "gl", "data.leaf_cert.sha256", "https://") > 10);
	CHECK(check_events("tests/data/calidog/full.ndjson", "cf", "data.leaf_cert.fingerprint", "") > 10);
	CHECK(check_events("tests/data/calidog/lite.ndjson", "cl", "data.leaf_cert.fingerprint", "") > 10);
}

/* ---- windows ---- */

static struct nats_window window;
static struct nats_chunk *chunk;

static void
fill_window(unsigned records)
{
	chunk = nats_chunk_open(16);
	memcpy(chunk->bytes, "abcdefgh", 8);
	for (unsigned i = 0; i < records; i++)
		nats_window_put(&window, chunk, span_of(chunk->bytes, 3));
}

static void
empty_window(void)
{
	nats_window_free(&window);
	CHECK(chunk->users == 1);
	nats_chunk_leave(chunk);
}

static void
the_base_of_a_window_moves_when_the_oldest_is_stored(void)
{
	uint64_t n;

	fill_window(3);
	CHECK(window.bytes == 12);
	for (uint64_t i = 0; i < 3; i++)
		CHECK(nats_window_send(&window, &n) && n == i);
	CHECK(!nats_window_send(&window, &n));
	CHECK(!nats_window_stored(&window, 1, 1) && window.base == 0);
	CHECK(nats_window_stored(&window, 0, 1) && window.base == 2);
	CHECK(!nats_window_stored(&window, 0, 1) && !nats_window_stored(&window, 9, 1));
	CHECK(nats_window_stored(&window, 2, 1) && window.base == 3 && window.bytes == 0 && window.flying == 0);
	empty_window();
}

static void
after_a_failure_what_is_not_stored_is_sent_again_in_order(void)
{
	uint64_t n;

	fill_window(4);
	for (int i = 0; i < 4; i++)
		CHECK(nats_window_send(&window, &n));
	nats_window_failed(&window, 1, 1);
	CHECK(window.failed && window.flying == 3);
	CHECK(!nats_window_stored(&window, 2, 1));
	nats_window_rewind(&window);
	CHECK(!window.failed && window.flying == 0);
	CHECK(nats_window_send(&window, &n) && n == 0);
	CHECK(nats_window_send(&window, &n) && n == 1);
	CHECK(nats_window_send(&window, &n) && n == 3);
	CHECK(!nats_window_send(&window, &n));
	nats_window_failed(&window, 1, 1);	/* of the first attempt: too late */
	CHECK(!window.failed);
	CHECK(nats_window_stored(&window, 0, 1));	/* of the first attempt: stored all the same */
	CHECK(nats_window_stored(&window, 1, 2) && window.base == 3);
	empty_window();
}

static void
a_line_in_parts_is_stored_when_all_parts_of_one_attempt_are(void)
{
	uint64_t n;

	fill_window(1);
	CHECK(nats_window_send(&window, &n));
	nats_window_slot(&window, 0)->parts = 2;
	CHECK(!nats_window_stored(&window, 0, 1));
	nats_window_rewind(&window);
	CHECK(nats_window_send(&window, &n));
	nats_window_slot(&window, 0)->parts = 2;
	CHECK(!nats_window_stored(&window, 0, 1));
	CHECK(!nats_window_stored(&window, 0, 2));
	CHECK(nats_window_stored(&window, 0, 2));
	empty_window();
}

static void
a_window_grows_and_keeps_its_order(void)
{
	uint64_t n;

	fill_window(700);
	for (uint64_t i = 0; i < 500; i++)
		CHECK(nats_window_send(&window, &n) && nats_window_stored(&window, i, 1));
	for (unsigned i = 0; i < 5000; i++)
		nats_window_put(&window, chunk, span_of(chunk->bytes, 2));
	for (uint64_t i = 500; i < 5700; i++)
		CHECK(nats_window_send(&window, &n) && n == i);
	CHECK(nats_window_slot(&window, 5699)->line.n == 2 && nats_window_slot(&window, 500)->line.n == 3);
	empty_window();
}

/* ---- parts ---- */

static void
parts_are_joined_in_any_order_and_once(void)
{
	struct nats_parts *p = nats_parts_open();
	struct span line;

	CHECK(nats_parts_take(p, "r", "3/3", SPAN("c"), true, 0, &line) == NATS_PART_MORE);
	CHECK(nats_parts_take(p, "s", "1/2", SPAN("x"), true, 0, &line) == NATS_PART_MORE);
	CHECK(nats_parts_take(p, "r", "1/3", SPAN("aa"), true, 0, &line) == NATS_PART_MORE);
	CHECK(nats_parts_take(p, "r", "1/3", SPAN("aa"), true, 0, &line) == NATS_PART_MORE);
	CHECK(nats_parts_take(p, "r", "2/3", SPAN("b"), true, 0, &line) == NATS_PART_WHOLE);
	CHECK_TEXT(line, "aabc");
	CHECK(nats_parts_take(p, "r", "2/3", SPAN("b"), true, 0, &line) == NATS_PART_MORE);
	CHECK(nats_parts_take(p, "s", "2/2", SPAN("y"), true, 0, &line) == NATS_PART_WHOLE);
	CHECK_TEXT(line, "xy");
	CHECK(nats_parts_expire(p, 10 * NATS_PARTS_MS) == 0);
	nats_parts_free(p);
}

static void
lines_that_are_never_whole_are_counted_and_bounded(void)
{
	struct nats_parts *p = nats_parts_open();
	struct span line;
	char name[16];

	for (int i = 0; i < NATS_OPEN + 3; i++) {
		snprintf(name, sizeof(name), "n%d", i);
		CHECK(nats_parts_take(p, name, "1/2", SPAN("x"), i > 0, (uint64_t)i, &line) == NATS_PART_MORE);
	}
	CHECK(nats_parts_expire(p, NATS_OPEN + 3) == 2);
	CHECK(nats_parts_expire(p, NATS_OPEN + 3 + NATS_PARTS_MS) == NATS_OPEN);
	CHECK(nats_parts_take(p, NULL, "1/2", SPAN("x"), true, 0, &line) == NATS_PART_BROKEN);
	CHECK(nats_parts_take(p, "z", "0/2", SPAN("x"), true, 0, &line) == NATS_PART_BROKEN);
	CHECK(nats_parts_take(p, "z", "3/2", SPAN("x"), true, 0, &line) == NATS_PART_BROKEN);
	CHECK(nats_parts_take(p, "z", "1/99999999", SPAN("x"), true, 0, &line) == NATS_PART_BROKEN);
	CHECK(nats_parts_take(p, "z", "1/2", SPAN("x"), true, 0, &line) == NATS_PART_MORE);
	CHECK(nats_parts_take(p, "z", "1/3", SPAN("x"), true, 0, &line) == NATS_PART_BROKEN);
	nats_parts_free(p);
}

/* ---- answers of JetStream ---- */

static void
the_reply_subject_of_a_message_has_its_numbers(void)
{
	struct nats_delivered d;

	CHECK(nats_delivered_parse(&d, "$JS.ACK.CT.abc.1.22.3.1700000000000000000.44"));
	CHECK(d.stream_seq == 22 && d.consumer_seq == 3 && d.pending == 44);
	CHECK(nats_delivered_parse(&d, "$JS.ACK.hub.acc.CT.abc.1.5.6.1700000000000000000.7.token"));
	CHECK(d.stream_seq == 5 && d.consumer_seq == 6 && d.pending == 7);
	CHECK(!nats_delivered_parse(&d, NULL));
	CHECK(!nats_delivered_parse(&d, "$JS.ACK.CT.abc.1.22.3"));
	CHECK(!nats_delivered_parse(&d, "_INBOX.x"));
	CHECK(!nats_delivered_parse(&d, "$JS.ACK.CT.abc.1.x.3.1.44"));
}

static void
an_answer_says_whether_a_message_is_stored(void)
{
	struct nats_stored s = nats_answer_stored(SPAN("{\"stream\":\"CT\",\"seq\":12}"));
	uint64_t code;
	char text[64];

	CHECK(s.stored && s.seq == 12 && !s.repeated);
	s = nats_answer_stored(SPAN("{\"stream\":\"CT\",\"domain\":\"x\", \"seq\":7,\"duplicate\": true}"));
	CHECK(s.stored && s.seq == 7 && s.repeated);
	s = nats_answer_stored(SPAN("{\"error\":{\"code\":503,\"err_code\":10077,\"description\":\"maximum bytes "
	    "exceeded\"},\"stream\":\"CT\",\"seq\":0}"));
	CHECK(!s.stored);
	CHECK(!nats_answer_stored(SPAN("")).stored);
	CHECK(nats_answer_failed(SPAN("{\"error\":{\"code\":503,\"err_code\":10077,\"description\":\"full\"}}"), &code,
	    text, sizeof(text)) && code == 10077 && strcmp(text, "full") == 0);
	CHECK(!nats_answer_failed(SPAN("{\"seq\":1}"), &code, text, sizeof(text)));
}

int
main(void)
{
	RUN(an_address_names_servers_a_stream_and_settings);
	RUN(an_address_is_shown_without_its_password);
	RUN(a_text_that_is_not_an_address_is_refused_with_a_reason);
	RUN(an_entry_is_known_by_log_index_and_leaf);
	RUN(records_without_an_entry_have_no_id);
	RUN(subjects_have_type_and_log_and_no_character_of_their_own_syntax);
	RUN(real_events_of_both_formats_and_forms_are_known_by_log_index_and_certificate);
	RUN(the_base_of_a_window_moves_when_the_oldest_is_stored);
	RUN(after_a_failure_what_is_not_stored_is_sent_again_in_order);
	RUN(a_line_in_parts_is_stored_when_all_parts_of_one_attempt_are);
	RUN(a_window_grows_and_keeps_its_order);
	RUN(parts_are_joined_in_any_order_and_once);
	RUN(lines_that_are_never_whole_are_counted_and_bounded);
	RUN(the_reply_subject_of_a_message_has_its_numbers);
	RUN(an_answer_says_whether_a_message_is_stored);
	buf_free(&id);
	buf_free(&subject);
	return unit_end();
}
