/* lib/bus/sp/sp_journal: held against an array of lines that forgets nothing. */
#include "unit.h"

#include <stdlib.h>

#include "bus/sp/sp_journal.h"
#include "ct/record.h"

enum {
	EPOCH = 77,
	MOST_LINES = 200000,
	LARGE = 16 << 20,	/* the largest line */
};

#define EVENT "{\"data\":{"

/* The model: of each line published, its bytes, and which message has it. */
struct model {
	struct buf text;		/* all lines, one behind the other */
	size_t from[MOST_LINES + 1];	/* where line i begins; line i has number first + i */
	bool event[MOST_LINES];
	size_t count;
	uint64_t first;
};

static struct sp_journal j;
static struct model *model;
static unsigned long seed;

static unsigned
roll(unsigned n)
{
	seed = seed * 6364136223846793005ul + 1442695040888963407ul;
	return (unsigned)(seed >> 33) % n;
}

static void
begin(size_t history, unsigned keep, uint64_t first)
{
	model = calloc(1, sizeof(*model));
	CHECK(model != NULL);
	buf_init(&model->text);
	model->first = first;
	sp_journal_init(&j, (struct bus_place){ EPOCH, first }, history, keep);
}

static void
finish(void)
{
	sp_journal_free(&j);
	buf_free(&model->text);
	free(model);
}

/* Writes a line of n bytes and its LF, an event or not, to out. */
static void
write_line(struct buf *out, size_t n, bool event)
{
	struct span front = event ? SPAN(EVENT) : SPAN("");
	size_t at = out->n;

	if (n < front.n)
		front.n = 0;
	buf_put(out, front);
	memset(buf_reserve(out, n - front.n), 'a' + (int)roll(26), n - front.n);
	buf_commit(out, n - front.n);
	if (n >= front.n + 12)
		snprintf((char *)out->p + at + front.n, 12, "%010zu", model->count);
	if (n >= front.n + 12)
		out->p[at + front.n + 10] = 'x', out->p[at + front.n + 11] = 'x';
	buf_putc(out, '\n');
}

/* Takes note of lines that were published. */
static struct publisher_lines
note(struct span lines)
{
	struct publisher_lines l = { lines.n, 0, 0 };
	struct span line;

	while (span_line(&lines, &line)) {
		CHECK(model->count < MOST_LINES);
		model->from[model->count] = model->text.n;
		buf_put(&model->text, line);
		buf_putc(&model->text, '\n');
		model->event[model->count] = record_kind(line) == RECORD_EVENT;
		l.records++;
		l.events += model->event[model->count++];
		model->from[model->count] = model->text.n;
	}
	return l;
}

/* Reads bytes into the draft as a hub does, in reads of at most `read` bytes. */
static void
fill(struct span bytes, size_t read)
{
	while (bytes.n > 0) {
		size_t room, n;
		uint8_t *p = sp_journal_space(&j, &room);

		CHECK(room >= PUBLISHER_SPACE);
		n = bytes.n < room ? bytes.n : room;
		n = n < read ? n : read;
		memcpy(p, bytes.p, n);
		sp_journal_fill(&j, n);
		bytes = span_from(bytes, n);
	}
}

static void
publish(size_t n, bool event)
{
	struct buf b;

	buf_init(&b);
	write_line(&b, n, event);
	fill(buf_span(&b), SIZE_MAX);
	sp_journal_publish(&j, note(buf_span(&b)));
	buf_free(&b);
}

static void
put(size_t n, bool event)
{
	struct buf b;

	buf_init(&b);
	write_line(&b, n, event);
	sp_journal_put(&j, b.p, note(buf_span(&b)));
	buf_free(&b);
}

static struct span
model_line(size_t i)
{
	return span_of(model->text.p + model->from[i], model->from[i + 1] - model->from[i]);
}

/* Every message that is kept has the lines that its numbers say. */
static void
check_messages(void)
{
	uint64_t seq = j.first < j.end ? sp_journal_at(&j, j.first)->seq : j.next.seq, events = 0;

	CHECK(j.next.seq == model->first + model->count);
	for (uint64_t m = j.first; m < j.end; m++) {
		const struct sp_journal_message *message = sp_journal_at(&j, m);
		size_t i = (size_t)(seq - model->first);
		char head[SP_PLACE + 1];
		struct span body;
		size_t frame, n;

		CHECK(message->seq == seq);
		CHECK(message->n == model->from[i + message->records] - model->from[i]);
		CHECK(message->n == 0 || memcmp(message->p, model->text.p + model->from[i], message->n) == 0);
		n = sp_message_head(head, (struct bus_place){ EPOCH, seq });
		CHECK(message->head_n == SP_HEAD + n && memcmp(message->head + SP_HEAD, head, n) == 0);
		sp_frame_next(span_of(message->head, message->head_n), false, SIZE_MAX / 2, &body, &frame);
		CHECK(frame == SP_HEAD + n + message->n);
		seq += message->records;
		events += message->events;
	}
	CHECK(seq == j.next.seq && events == j.events);
}

/* The answer to latest is the newest events of the model, at least as many as had to be kept. */
static void
check_latest(unsigned count)
{
	struct sp_message m = { { 0, 0 }, SPAN("") };
	size_t i = model->count, n = 0, most = count == 0 || count > j.keep ? j.keep : count;
	struct buf answer;
	struct span line, lines;

	buf_init(&answer);
	sp_journal_latest(&j, count, 0, &answer);
	CHECK(sp_message_parse(&m, buf_span(&answer)) && m.place.epoch == EPOCH && m.place.seq == j.next.seq);
	for (lines = m.lines; span_line(&lines, &line); n++)
		;
	CHECK(n <= most && answer.n <= SP_PLACE + 2 * (size_t)MAX_SP_KEPT + 1);
	for (size_t found = 0, bytes = 0; i > 0 && found < n; ) {
		i--;
		found += model->event[i];
		bytes += model->event[i] ? model->from[i + 1] - model->from[i] : 0;
		CHECK(bytes <= m.lines.n);
	}
	for (lines = m.lines; span_line(&lines, &line); i++) {
		while (i < model->count && !model->event[i])
			i++;
		line.n++;
		CHECK(i < model->count && span_eq(line, model_line(i)));
	}
	while (i < model->count && !model->event[i])
		i++;
	CHECK(i == model->count);
	buf_free(&answer);
}

/* The answer to since is a run of lines of the model; none that is kept is left out. */
static void
check_since(uint64_t seq, size_t most)
{
	uint64_t oldest = j.history == 0 || j.first == j.end ? j.next.seq : sp_journal_at(&j, j.first)->seq;
	uint64_t begins = seq > j.next.seq ? j.next.seq : seq < oldest ? oldest : seq;
	struct sp_message m = { { 0, 0 }, SPAN("") };
	struct buf answer;
	struct span line;
	size_t i, n;

	buf_init(&answer);
	sp_journal_since(&j, seq, most, &answer);
	CHECK(sp_message_parse(&m, buf_span(&answer)) && m.place.epoch == EPOCH);
	CHECK(m.place.seq == begins);
	i = (size_t)(m.place.seq - model->first);
	n = m.lines.n;
	while (span_line(&m.lines, &line)) {
		line.n++;
		CHECK(i < model->count && span_eq(line, model_line(i)));
		i++;
	}
	CHECK(n <= most || i == m.place.seq - model->first + 1);
	CHECK(i == model->count || n + model_line(i).n > most);
	buf_free(&answer);
}

static size_t
roll_size(void)
{
	switch (roll(200)) {
	case 0:
		return roll(LARGE);
	case 1:
		return SP_SLAB - 20 + roll(40);
	case 2:
		return PUBLISHER_SPACE - 20 + roll(40);
	case 3: case 4: case 5: case 6:
		return roll(60000);
	default:
		return roll(4) == 0 ? 0 : roll(300);
	}
}

/* Counts what the journal has taken for lines, in bytes, each slab once. */
static size_t
slab_bytes(void)
{
	const struct sp_slab *seen[1024] = { j.draft, j.put };
	size_t count = 2, n = 0, i;

	for (uint64_t m = j.first; m < j.end; m++) {
		const struct sp_slab *s = sp_journal_at(&j, m)->slab;

		for (i = 0; i < count && seen[i] != s; i++)
			;
		if (s != NULL && i == count && count < 1024)
			seen[count++] = s;
	}
	for (i = 0; i < count; i++)
		n += seen[i] == NULL ? 0 : seen[i]->size;
	for (const struct sp_slab *s = j.free; s != NULL; s = s->next)
		n += s->size;
	return n;
}

/* Does one random thing. The reader of the model wants messages from number *reader on. */
static void
step(uint64_t *reader)
{
	switch (roll(12)) {
	case 0: case 1: case 2: case 3:
		publish(roll_size(), roll(3) > 0);
		break;
	case 4: case 5: case 6: case 7:
		put(roll_size(), roll(3) > 0);
		break;
	case 8:
		sp_journal_put(&j, NULL, (struct publisher_lines){ 0, 0, 0 });
		break;
	case 9:
		sp_journal_close(&j);
		*reader = *reader + roll((unsigned)(j.end - *reader) + 1);
		sp_journal_trim(&j, *reader);
		break;
	case 10:
		check_latest(roll(30));
		break;
	case 11:
		check_since(model->first + roll((unsigned)model->count + 5), roll(100000));
		break;
	}
	CHECK(j.first <= *reader && *reader <= j.end);
}

static void
run_model(unsigned long with, size_t history, unsigned keep, unsigned steps)
{
	uint64_t reader = 0;

	seed = with;
	begin(history, keep, 1 + roll(1000));
	for (unsigned i = 0; i < steps && unit_bad == 0; i++) {
		step(&reader);
		if (i % 50 == 0)
			check_messages();
		if (model->text.n > 400u << 20)
			break;
	}
	check_messages();
	if (unit_bad > 0)
		printf("# seed %lu, history %zu, keep %u\n", with, history, keep);
	finish();
}

static void
what_is_kept_is_what_was_published_whatever_comes(void)
{
	for (unsigned long with = 1; with <= 12; with++)
		run_model(with, (size_t[]){ 0, 1000, 1 << 20, 8 << 20 }[with % 4],
		    (unsigned[]){ 25, 0, 1000 }[with % 3], 1500);
}

static void
lines_of_no_bytes_are_lines(void)
{
	begin(1 << 20, 25, 1);
	for (int i = 0; i < 5; i++)
		publish(0, false);
	for (int i = 0; i < 5; i++)
		put(0, false);
	check_messages();
	CHECK(j.next.seq == 11);
	check_since(1, 100);
	check_since(3, 4);
	check_since(7, 1);
	finish();
}

static void
a_line_of_16_MiB_that_comes_in_small_reads_is_whole(void)
{
	struct buf b;

	begin(8 << 20, 25, 1);
	buf_init(&b);
	write_line(&b, 10, true);
	write_line(&b, LARGE, true);
	write_line(&b, 10, true);
	fill(buf_span(&b), 60000);
	CHECK(span_eq(sp_journal_draft(&j), buf_span(&b)));
	sp_journal_publish(&j, note(buf_span(&b)));
	check_messages();
	check_latest(3);
	CHECK(slab_bytes() <= 3 * (size_t)LARGE);
	buf_free(&b);
	finish();
}

static void
what_is_discarded_is_in_no_message(void)
{
	struct buf b;

	begin(1 << 20, 25, 1);
	buf_init(&b);
	write_line(&b, 20, false);
	fill(SPAN("garbage\n"), SIZE_MAX);
	fill(buf_span(&b), SIZE_MAX);
	sp_journal_discard(&j, 8);
	CHECK(span_eq(sp_journal_draft(&j), buf_span(&b)));
	sp_journal_publish(&j, note(buf_span(&b)));
	CHECK(sp_journal_draft(&j).n == 0);
	check_messages();
	buf_free(&b);
	finish();
}

static void
lines_that_are_put_share_a_message_until_it_is_closed_or_full(void)
{
	begin(1 << 20, 25, 1);
	for (int i = 0; i < 10; i++)
		put(100, true);
	CHECK(j.end == 1 && sp_journal_at(&j, 0)->records == 10);
	sp_journal_close(&j);
	put(100, true);
	CHECK(j.end == 2);
	publish(100, true);
	put(100, true);
	CHECK(j.end == 4);
	put(BUS_BATCH - 101 - 1, true);
	CHECK(j.end == 4);
	put(0, false);
	CHECK(j.end == 5);
	check_messages();
	finish();
}

static void
the_memory_is_bounded_by_what_is_wanted(void)
{
	size_t most = 0;

	begin(8 << 20, 25, 1);
	seed = 9;
	for (int i = 0; i < 60000; i++) {
		(i & 1 ? publish : put)(i % 3000 == 0 ? LARGE / 8 : 2000, true);
		sp_journal_close(&j);
		sp_journal_trim(&j, j.end);
		if (i % 20 == 0)
			most = slab_bytes() > most ? slab_bytes() : most;
	}
	/* The history, the newest line, two slabs that are open, four that are kept, and what is free in them. */
	CHECK(most > 8 << 20);
	CHECK(most <= (8 << 20) + 3 * (LARGE / 8) + 8 * SP_SLAB);
	check_messages();
	finish();
}

static void
tiny_lines_count_their_place_against_the_backlog(void)
{
	begin(0, 0, 1);
	for (int i = 0; i < 1000; i++) {
		publish(0, false);
		CHECK(sp_journal_behind(&j, (uint64_t)i) >= sizeof(struct sp_journal_message));
	}
	CHECK(sp_journal_behind(&j, 0) == 1000 * (1 + sizeof(struct sp_journal_message)));
	CHECK(sp_journal_behind(&j, 1000) == 0);
	finish();
}

static void
a_reader_skips_to_the_first_message_within_the_backlog(void)
{
	begin(0, 0, 1);
	seed = 4;
	for (int i = 0; i < 500; i++)
		publish(roll(3000), false);
	for (uint64_t backlog = 0; backlog < 800000; backlog += 9973) {
		uint64_t m = sp_journal_skip(&j, 0, backlog), n = 0;

		while (n < j.end && sp_journal_behind(&j, n) > backlog)
			n++;
		CHECK(m == n);
	}
	CHECK(sp_journal_skip(&j, 200, UINT64_MAX) == 200);
	finish();
}

static void
only_the_newest_events_are_kept_for_those_who_ask(void)
{
	begin(0, 25, 1);
	for (int i = 0; i < 1000; i++) {
		publish(100, i % 2 == 0);
		sp_journal_close(&j);
		sp_journal_trim(&j, j.end);
	}
	CHECK(j.end - j.first <= 51);
	check_latest(0);
	check_latest(25);
	check_latest(3);
	check_latest(1000);
	finish();
}

static void
the_newest_events_are_answered_with_32_MiB_at_most(void)
{
	struct buf answer;

	begin(200 << 20, 25, 1);
	for (int i = 0; i < 12; i++)
		publish(15 << 20, true);
	sp_journal_trim(&j, j.end);
	buf_init(&answer);
	sp_journal_latest(&j, 25, 0, &answer);
	CHECK(answer.n > 15 << 20 && answer.n <= 32 << 20);
	buf_free(&answer);
	check_latest(1);
	finish();
}

/* Publishes one event, as a message of its own. */
static void
publish_event(const char *line)
{
	sp_journal_put(&j, (const uint8_t *)line, (struct publisher_lines){ strlen(line), 1, 1 });
	sp_journal_close(&j);
}

static void
the_latest_before_a_record_leave_out_that_and_all_behind_it(void)
{
	struct buf answer;

	buf_init(&answer);
	sp_journal_init(&j, (struct bus_place){ EPOCH, 1 }, 1 << 20, 25);
	publish_event("{\"data\":1}\n");
	publish_event("{\"data\":2}\n");
	publish_event("{\"data\":3}\n");
	for (uint64_t before = 1; before <= 4; before++) {
		struct sp_message m = { { 0, 0 }, SPAN("") };

		buf_reset(&answer);
		sp_journal_latest(&j, 2, before, &answer);
		CHECK(sp_message_parse(&m, buf_span(&answer)) && m.place.seq == before);
		CHECK_TEXT(m.lines, before == 1 ? "" : before == 2 ? "{\"data\":1}\n" :
		    before == 3 ? "{\"data\":1}\n{\"data\":2}\n" : "{\"data\":2}\n{\"data\":3}\n");
	}
	sp_journal_free(&j);
	buf_free(&answer);
}

int
main(void)
{
	RUN(what_is_kept_is_what_was_published_whatever_comes);
	RUN(lines_of_no_bytes_are_lines);
	RUN(a_line_of_16_MiB_that_comes_in_small_reads_is_whole);
	RUN(what_is_discarded_is_in_no_message);
	RUN(lines_that_are_put_share_a_message_until_it_is_closed_or_full);
	RUN(the_memory_is_bounded_by_what_is_wanted);
	RUN(tiny_lines_count_their_place_against_the_backlog);
	RUN(a_reader_skips_to_the_first_message_within_the_backlog);
	RUN(only_the_newest_events_are_kept_for_those_who_ask);
	RUN(the_newest_events_are_answered_with_32_MiB_at_most);
	RUN(the_latest_before_a_record_leave_out_that_and_all_behind_it);
	return unit_end();
}
