/*
 * ct-ws/stream against a model: clients of all kinds, with and without filters, join, read at
 * random speeds, come back to an earlier place, change their filters and leave. What each of them
 * has received, unpacked and taken apart, and what it was told it has missed must together be what
 * was published and it wanted, in order.
 */
#include "unit.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ct-ws/stream/rendition_round.h"
#include "ct-ws/stream/renditions.h"
#include "ct-ws/stream/replay.h"
#include "enc/deflate.h"
#include "enc/gz.h"

enum {
	EVENTS = 1200,		/* of one run, with what the bus has lost */
	MEMBERS = 14,
	GROUPS = 4,		/* an event is of one, and a filter asks for some of them */
	EVERY_GROUP = 15,
	RING = 48 * 1024,
	JOURNAL = 24 * 1024,
	CHUNK = 20000,
};

#define NEVER UINT64_MAX

/* What came on the bus: an event of a group, or a number of records that are lost. */
struct published {
	struct bus_place place;
	unsigned group;
	uint64_t lost;
};

/* A client, and the model of what it should be sent. */
struct member {
	struct reader reader;
	struct sock sock;
	struct kind kind;
	int peer;			/* the client's end of the socket */
	bool joined, ended, ending;
	unsigned groups;		/* bits: those it wants */
	struct gz *gz;			/* unpacks its connection, or its messages */
	struct buf wire, got;		/* bytes as they came; the same, unpacked, not a whole frame yet */
	uint64_t should[EVENTS];	/* by event: how many records it should know of before this one; or NEVER */
	uint64_t count;			/* how many it should know of in all */
	uint64_t knows;			/* how many it has been sent or told of */
	uint64_t last;			/* number of the last event it got, plus 1 */
	bool filtered;			/* it has or had a filter: notices may come early */
	bool loose;			/* what it is told may be more: of a replay, whatever its filter */
	bool unknown;			/* it was told that nobody knows how many it has missed */
	bool lost_track;		/* its filter changed in a replay: only the order is checked */
	unsigned texts, beats, own, own_due;
};

static struct member members[MEMBERS];
static struct published published[EVENTS];
static size_t published_n;
static struct renditions all;
static unsigned seed, bad;

#define EXPECT(m, cond) \
	do { \
		if (!(cond) && bad++ < 5) \
			printf("# line %d: member %d, event %u: not so: %s\n", __LINE__, \
			    (int)((m) - members), (unsigned)published_n, #cond); \
	} while (0)

static unsigned
chance(unsigned n)
{
	return (unsigned)rand_r(&seed) % n;
}

/* ---- what a client receives ---- */

/* Takes an event, which must have been wanted. */
static void
member_take_event(struct member *m, uint64_t n, struct span text)
{
	char seq[64];

	EXPECT(m, n < published_n && n >= m->last);
	if (n >= published_n)
		return;
	m->texts++;
	m->last = n + 1;
	snprintf(seq, sizeof(seq), "{\"seq\":\"%u-%u\",", (unsigned)published[n].place.epoch,
	    (unsigned)published[n].place.seq);
	EXPECT(m, m->kind.numbered == span_starts(text, SPAN("{\"seq\"")));
	EXPECT(m, !m->kind.numbered || span_starts(text, span_str(seq)));
	if (m->lost_track)
		return;
	EXPECT(m, m->should[n] != NEVER);
	if (m->should[n] == NEVER)
		return;
	if (m->unknown)
		m->knows = m->should[n];
	m->unknown = false;
	EXPECT(m, m->kind.quiet || m->should[n] <= m->knows);	/* nothing lies untold before it */
	EXPECT(m, m->kind.quiet || m->filtered || m->should[n] == m->knows);
	m->knows++;
}

/* Takes a text: an event, a notice of what is missing, or one of those that count for nothing. */
static void
member_take_text(struct member *m, struct span text)
{
	unsigned long long n;
	char *s = strndup((const char *)text.p, text.n), *name = strstr(s, "\"n");

	EXPECT(m, !m->ended);
	if (strstr(s, "\"message_type\":\"skipped\"") != NULL) {
		EXPECT(m, sscanf(strstr(s, "\"count\":"), "\"count\":%llu", &n) == 1);
		EXPECT(m, !m->kind.quiet);
		m->knows += n;
		m->unknown |= strstr(s, "not known") != NULL;
	} else if (strstr(s, "heartbeat") == NULL && strstr(s, "{\"own\":1}") == NULL) {
		while (name != NULL && sscanf(name, "\"n%llu.g", &n) != 1)
			name = strstr(name + 1, "\"n");
		EXPECT(m, name != NULL);
		if (name != NULL)
			member_take_event(m, n, text);
	}
	m->own += strstr(s, "{\"own\":1}") != NULL;
	m->beats += strstr(s, "heartbeat") != NULL;
	free(s);
}

/* Unpacks s to the end of got. */
static void
member_unpack(struct member *m, struct span s)
{
	EXPECT(m, gz_put(m->gz, &m->got, s, SIZE_MAX / 2) == GZ_OPEN);
}

/* Takes a frame of WebSocket off the front of *s. Returns false when it is not there as a whole. */
static bool
member_take_frame(struct member *m, struct span *s)
{
	size_t head = s->n < 2 ? 2 : s->p[1] == 126 ? 4 : s->p[1] == 127 ? 10 : 2, n = 0;

	for (size_t i = head == 2 ? 1 : 2; i < head && i < s->n; i++)
		n = n << 8 | s->p[i];
	if (s->n < head || s->n < head + n)
		return false;
	EXPECT(m, s->p[0] == 0x81 || s->p[0] == 0x88 || s->p[0] == 0x89 ||
	    (s->p[0] == 0xc1 && m->kind.pack != PACK_PLAIN));
	if (s->p[0] == 0xc1) {
		buf_reset(&m->got);
		member_unpack(m, span_of(s->p + head, n));
		member_unpack(m, SPAN("\0\0\xff\xff"));
		member_take_text(m, buf_span(&m->got));
	} else if (s->p[0] == 0x81)
		member_take_text(m, span_of(s->p + head, n));
	m->ended |= s->p[0] == 0x88;
	*s = span_from(*s, head + n);
	return true;
}

/* Takes a block of SSE off the front of *s. */
static bool
member_take_block(struct member *m, struct span *s)
{
	const uint8_t *end = memmem(s->p, s->n, "\n\n", 2);
	struct span block, line;

	if (s->n == 0 || end == NULL)
		return false;
	block = span_of(s->p, (size_t)(end + 1 - s->p));
	*s = span_from(*s, block.n + 1);
	while (span_line(&block, &line))
		if (span_starts(line, SPAN("data: ")))
			member_take_text(m, span_from(line, 6));
		else
			EXPECT(m, span_starts(line, SPAN("id: ")) || span_starts(line, SPAN("event: ")) ||
			    span_eq(line, SPAN(":")));
	return true;
}

static bool
member_take_line(struct member *m, struct span *s)
{
	struct span line;

	if (s->n == 0 || memchr(s->p, '\n', s->n) == NULL || !span_line(s, &line))
		return false;
	member_take_text(m, line);
	return true;
}

/* Takes all whole frames that have come. */
static void
member_take(struct member *m)
{
	struct buf *b = m->kind.wire == WIRE_WEBSOCKET ? &m->wire : &m->got;
	struct span s;

	if (b == &m->got && m->gz != NULL) {
		member_unpack(m, buf_span(&m->wire));
		buf_reset(&m->wire);
	} else if (b == &m->got) {
		buf_put(b, buf_span(&m->wire));
		buf_reset(&m->wire);
	}
	s = buf_span(b);
	while (m->kind.wire == WIRE_WEBSOCKET ? member_take_frame(m, &s) :
	    m->kind.wire == WIRE_SSE ? member_take_block(m, &s) : member_take_line(m, &s))
		;
	buf_drop(b, b->n - s.n);
}

/* Receives at most `most` bytes. Returns how many came. */
static size_t
member_read(struct member *m, size_t most)
{
	ssize_t n = read(m->peer, buf_reserve(&m->wire, most), most);

	if (n <= 0)
		return 0;
	buf_commit(&m->wire, (size_t)n);
	member_take(m);
	return (size_t)n;
}

/* ---- how a client comes and goes ---- */

static void
member_blocked(struct reader *r, bool on)
{
	(void)r;
	(void)on;
}

static void
member_over(struct reader *r, bool ended)
{
	struct member *m = r->owner;

	EXPECT(m, ended == m->ending);
	m->joined = false;
	renditions_leave(&all, r);
}

static const struct rendition_calls calls = { member_blocked, member_over };

static unsigned
groups_choose(void)
{
	return chance(3) == 0 ? EVERY_GROUP : chance(1 << GROUPS) | 1;
}

/* Makes a filter for these groups; for all of them it is empty. */
static void
filter_make(struct filter *f, unsigned groups)
{
	struct buf query, why;

	buf_init(&query);
	buf_init(&why);
	for (unsigned g = 0; g < GROUPS && groups != EVERY_GROUP; g++)
		if (groups & 1U << g)
			buf_putf(&query, "%s*.g%u.example", query.n == 0 ? "domain=" : ",", g);
	CHECK(filter_parse_query(f, buf_span(&query), &why));
	buf_free(&query);
	buf_free(&why);
}

/* Lets the model expect event n, or what was lost in its stead. */
static void
member_expect(struct member *m, size_t n)
{
	m->should[n] = NEVER;
	if (published[n].lost > 0)
		m->count += published[n].lost;
	else if (m->groups & 1U << published[n].group)
		m->should[n] = m->count++;
}

/* Lets the client come back to event n, so that it should know all that came since. */
static void
member_come_back(struct member *m, struct renditions_wish *wish, size_t n)
{
	if (published[n].lost > 0)
		return;
	wish->since = published[n].place;
	m->loose = m->groups != EVERY_GROUP;
	m->last = n + 1;
	while (++n < published_n)
		member_expect(m, n);
}

/* Lets a client join; behind event `since`, or with NEVER at the next one. */
static void
member_open(struct member *m, struct kind kind, unsigned groups, size_t since)
{
	int fd[2], small = 4096;
	struct renditions_wish wish = { .kind = kind };
	struct filter filter;
	const char *why;

	*m = (struct member){ .kind = kind, .joined = true, .groups = groups,
		.filtered = groups != EVERY_GROUP };
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fd) < 0)
		abort();
	sock_open(&m->sock, fd[0], SOCK_ROOM_LEAST);
	setsockopt(fd[0], SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
	m->peer = fd[1];
	m->reader = (struct reader){ .owner = m, .sock = &m->sock };
	filter_make(&filter, groups);
	wish.filter = &filter;
	if (since != NEVER)
		member_come_back(m, &wish, since);
	CHECK(renditions_join(&all, &m->reader, &wish, &why));
	if (m->reader.rendition->kind.pack == PACK_PLAIN)
		m->kind.pack = PACK_PLAIN;	/* there are enough compressors */
	if (m->kind.pack != PACK_PLAIN)
		m->gz = gz_open(GZ_DEFLATE);
	rendition_serve(&m->reader);
	filter_free(&filter);
}

static void
member_join(struct member *m)
{
	const struct kind kind = { (enum form)chance(FORMS), (enum wire_form)chance(WIRES),
		(enum pack)chance(PACKS), chance(4) == 0, chance(6) == 0 };
	bool comes_back = published_n > 0 && chance(2) == 0;

	member_open(m, kind, groups_choose(), comes_back ?
	    published_n - 1 - chance(published_n > 200 ? 200 : (unsigned)published_n) : NEVER);
}

static void
member_leave(struct member *m)
{
	if (m->joined)
		renditions_leave(&all, &m->reader);
	sock_close(&m->sock, false);
	close(m->peer);
	gz_close(m->gz);
	buf_free(&m->wire);
	buf_free(&m->got);
	*m = (struct member){ .joined = false };
}

/* Receives all that there is for the client, and checks that it then knows all it should. */
static void
member_drain(struct member *m)
{
	if (m->joined)
		rendition_serve(&m->reader);
	while (member_read(m, CHUNK) > 0 || (m->joined && m->reader.blocked))
		if (m->joined && m->reader.blocked)
			rendition_serve(&m->reader);
	if (!m->joined)
		return;
	EXPECT(m, m->wire.n == 0);
	EXPECT(m, m->kind.wire == WIRE_WEBSOCKET || m->got.n == 0);
	EXPECT(m, m->own == m->own_due);
	if (!m->kind.quiet && !m->lost_track)
		EXPECT(m, m->loose ? m->knows >= m->count : m->knows == m->count);
}

/* ---- what happens ---- */

/* Publishes an event with about fill bytes more than it needs, or lets the bus lose some. */
static void
publish_filled(unsigned fill)
{
	struct published *p = &published[published_n];
	struct buf line;

	*p = (struct published){ .place = { 7, 1 }, .group = chance(GROUPS) };
	if (published_n > 0) {
		p->place = p[-1].place;
		p->place.seq++;
	}
	if (chance(400) == 0)
		p->place = (struct bus_place){ p->place.epoch + 1, 1 };
	if (chance(60) == 0)
		p->lost = 1 + chance(9);
	p->place.seq += p->lost > 0 ? p->lost - 1 : 0;
	for (size_t i = 0; i < MEMBERS; i++)
		if (members[i].joined)
			member_expect(&members[i], published_n);
	published_n++;
	if (p->lost > 0) {
		renditions_miss(&all, p->lost);
		renditions_pass(&all, (struct bus_place){ p->place.epoch, p->place.seq + 1 });
		return;
	}
	buf_init(&line);
	buf_putf(&line, "{\"data\":{\"cert_index\":%u,\"chain\":[],\"leaf_cert\":{\"all_domains\":"
	    "[\"n%u.g%u.example\"", (unsigned)published_n, (unsigned)published_n - 1, p->group);
	for (unsigned i = 0; i < fill; i += 12)
		buf_putf(&line, ",\"%08x.f\"", (unsigned)rand_r(&seed));
	buf_puts(&line, "],\"as_der\":\"MIIB\"}},\"message_type\":\"certificate_update\"}");
	renditions_put(&all, p->place, buf_span(&line));
	buf_free(&line);
}

static void
publish(void)
{
	publish_filled(chance(20) == 0 ? 6000 : chance(600));
}

/* Lets the client change its filter, as WebSocket clients may. */
static void
member_change(struct member *m, unsigned groups)
{
	struct filter filter;
	const char *why;

	m->lost_track |= m->reader.replay != NULL;
	m->groups = groups;
	filter_make(&filter, groups);
	m->filtered |= m->groups != EVERY_GROUP;
	CHECK(renditions_filter(&all, &m->reader, &filter, &why));
	filter_free(&filter);
}

/* Puts a text for this client alone, as answers to its messages are. */
static void
member_put_own(struct member *m)
{
	struct wire_text t = { .event = WIRE_SUBSCRIBED, .text = SPAN("{\"own\":1}") };
	struct buf frame;

	buf_init(&frame);
	wire_put(m->reader.wire, &frame, &t, false);
	reader_put(&m->reader, &m->reader.rendition->ring, buf_span(&frame));
	buf_free(&frame);
	m->own_due++;
	rendition_serve(&m->reader);
}

static void
member_end(struct member *m)
{
	m->ending = true;
	reader_end(&m->reader, &m->reader.rendition->ring, SPAN("\x88\0"));
	rendition_serve(&m->reader);
	member_drain(m);
	EXPECT(m, !m->joined && m->ended && m->wire.n == 0);
	member_leave(m);
}

/* Something happens to a client. */
static void
member_live(struct member *m, size_t speed)
{
	bool websocket = m->kind.wire == WIRE_WEBSOCKET;

	if (m->peer == 0) {
		if (chance(20) == 0)
			member_join(m);
		return;
	}
	if (!m->joined) {
		member_leave(m);
		return;
	}
	if (chance(2 + 6 * (unsigned)speed) == 0) {
		member_read(m, 1 + chance(CHUNK));
		rendition_serve(&m->reader);
	}
	if (m->joined && websocket && chance(60) == 0)
		member_change(m, groups_choose());
	if (m->joined && websocket && chance(30) == 0)
		member_put_own(m);
	if (m->joined && chance(300) == 0) {
		if (chance(2) == 0)
			member_leave(m);
		else if (websocket)
			member_end(m);
		else
			shutdown(m->sock.fd, SHUT_RDWR);
	}
}

static void
begin_with(unsigned run, size_t journal, size_t journal_alone)
{
	seed = run;
	bad = 0;
	published_n = 0;
	renditions_init(&all, &(struct renditions_sizes){ RING, journal, journal_alone }, &calls);
	for (size_t i = 0; i < MEMBERS; i++)
		members[i] = (struct member){ .joined = false };
}

static void
begin(unsigned run, size_t journal)
{
	begin_with(run, journal, journal);
}

/* Sends all that there is. */
static void
flush(void)
{
	renditions_begin(&all);
	renditions_go_on(&all, SIZE_MAX);
}

/* All that the hub has from before has come. */
static void
hear(void)
{
	journal_begin(&all.journal);
	renditions_resume(&all);
}

static void
end(unsigned run)
{
	flush();
	for (size_t i = 0; i < MEMBERS; i++)
		if (members[i].peer != 0) {
			if (members[i].joined)
				member_drain(&members[i]);
			member_leave(&members[i]);
		}
	renditions_free(&all);
	CHECK(bad == 0);
	if (bad > 0)
		printf("# run %u\n", run);
}

static void
live(unsigned run)
{
	size_t heard = run % 2 == 0 ? run * 60 : 0;

	begin(run, JOURNAL);
	while (published_n < EVENTS) {
		if (published_n == heard)
			hear();
		publish();
		if (chance(8) == 0)
			renditions_begin(&all);
		renditions_go_on(&all, chance(4));
		if (chance(40) == 0)
			for (unsigned n = chance(35); n > 0; n--)
				renditions_second(&all, 1000);
		for (size_t i = 0; i < MEMBERS; i++)
			member_live(&members[i], i);
	}
	end(run);
}

static void
what_clients_of_all_kinds_get_and_are_told_is_what_was_published(void)
{
	for (unsigned run = 1; run <= 10; run++)
		live(run);
}

/* The ring has just gone round since the client came back: the first frame of then is overwritten. */
static void
a_filter_that_changes_in_a_long_replay_brings_nothing_of_the_ring(void)
{
	const struct kind full = { .form = FORM_FULL };

	begin(1, 1 << 20);
	hear();
	while (published_n < 400)
		publish();
	member_open(&members[0], full, EVERY_GROUP, 0);
	member_open(&members[1], full, EVERY_GROUP, NEVER);
	while (members[0].reader.rendition->ring.tail <= members[0].reader.at) {
		publish();
		member_read(&members[1], CHUNK);
		rendition_serve(&members[1].reader);
	}
	CHECK(members[0].reader.replay != NULL);
	member_change(&members[0], 1);
	member_put_own(&members[0]);
	end(1);
}

/*
 * Event 1 is in the journal and in the rings, and not flushed yet, when members come back behind event
 * 0; event 2 comes before they have been sent all. Each of them gets each once.
 */
static void
who_comes_back_between_an_event_and_its_flush_gets_it_once(void)
{
	begin(1, 1 << 20);
	hear();
	publish();
	member_open(&members[0], (struct kind){ .form = FORM_FULL }, EVERY_GROUP, NEVER);
	member_open(&members[1], (struct kind){ .form = FORM_FULL }, 1, NEVER);
	publish();
	CHECK(rendition_has_news(members[0].reader.rendition));
	for (unsigned i = 2; i < 8; i++)
		member_open(&members[i], (struct kind){ .form = FORM_FULL, .pack = i / 4 ? PACK_SHARED :
		    PACK_PLAIN, .numbered = i % 2 }, i % 3 ? EVERY_GROUP : 15 - 8, 0);
	publish();
	for (unsigned i = 2; i < 8; i++)
		CHECK(members[i].joined);
	end(1);
}

/* Opens members of each wire, with and without a filter and compression, that come back behind event 0. */
static void
members_come_back(void)
{
	for (unsigned i = 0; i < 12; i++)
		member_open(&members[i], (struct kind){ .form = FORM_FULL, .wire = (enum wire_form)(i % WIRES),
		    .pack = i / 6 ? PACK_SHARED : PACK_PLAIN }, i / 3 % 2 ? 5 : EVERY_GROUP, 0);
}

static void
members_drain(void)
{
	for (size_t i = 0; i < MEMBERS; i++)
		while (members[i].joined && (member_read(&members[i], CHUNK) > 0 || members[i].reader.blocked))
			if (members[i].reader.blocked)
				rendition_serve(&members[i].reader);
}

/* What has come from before is not all yet, so nobody can say what they have missed. */
static void
who_comes_back_before_the_journal_has_begun_waits_with_heartbeats_and_gets_each_event_once(void)
{
	begin(3, 1 << 20);
	while (published_n < 100)
		publish();
	members_come_back();
	member_open(&members[12], (struct kind){ .form = FORM_FULL }, EVERY_GROUP, NEVER);
	while (published_n < 110)
		publish();
	flush();
	for (unsigned n = 0; n < 40; n++)
		renditions_second(&all, 1000);
	flush();
	members_drain();
	for (unsigned i = 0; i < 12; i++)
		CHECK(members[i].texts == 0 && members[i].beats >= 2 && !members[i].reader.blocked);
	CHECK(members[12].texts == 10);
	hear();
	CHECK(rendition_has_news(members[0].reader.rendition));
	flush();
	members_drain();
	for (unsigned i = 0; i < 12; i++)
		CHECK(members[i].texts > 0 && members[i].reader.replay == NULL);
	while (published_n < 120)
		publish();
	end(3);
}

/*
 * The ring has no room for the last event before it has sent what it has; only then can those who wait be
 * sent what came from before, and the journal has that event already.
 */
static void
who_comes_back_while_a_ring_makes_room_for_an_event_gets_it_once(void)
{
	const int much = 1 << 20;

	begin(2, 1 << 20);
	publish();
	members_come_back();
	for (unsigned i = 0; i < 12; i++)
		setsockopt(members[i].sock.fd, SOL_SOCKET, SO_SNDBUF, &much, sizeof(much));
	while (published_n < 5)
		publish_filled(600);
	hear();
	publish_filled(43000);
	for (unsigned i = 0; i < 6; i++)
		CHECK(members[i].reader.rendition->flushed > 0);
	end(2);
}

/* A client that is not behind misses nothing when it changes its filter. */
static void
a_filter_that_changes_lets_the_client_have_what_came_before(void)
{
	begin(4, 1 << 20);
	hear();
	member_open(&members[0], (struct kind){ .form = FORM_FULL }, EVERY_GROUP, NEVER);
	while (published_n < 3)
		publish_filled(100);
	member_change(&members[0], 1);
	CHECK(!members[0].reader.blocked && members[0].reader.skipped == 0);
	end(4);
}

/* One with a filter counts as much as one without, and it is a few of all renditions together. */
static void
what_is_for_more_readers_than_a_few_waits_for_a_round(void)
{
	begin(4, 1 << 20);
	hear();
	for (unsigned i = 0; i < 8; i++)
		member_open(&members[i], (struct kind){ .form = i < 6 ? FORM_FULL : FORM_LITE },
		    i < 4 ? EVERY_GROUP - 1 : EVERY_GROUP, NEVER);
	while (published_n < 8)
		publish_filled(20);
	CHECK(rendition_ready(members[0].reader.rendition) == 6);
	CHECK(renditions_settle(&all, 5) && rendition_has_news(members[0].reader.rendition));
	CHECK(!rendition_has_news(members[7].reader.rendition));
	publish_filled(20);
	CHECK(renditions_settle(&all, 7) && !renditions_settle(&all, 8));
	end(4);
}

static size_t
compressors(void)
{
	size_t n = 0;

	for (size_t i = 0; i < KINDS; i++)
		n += all.of[i] != NULL && all.of[i]->deflate != NULL;
	return n;
}

/* Members ask for kinds that compress, each for another one, until there is no compressor for more. */
static void
readers_beyond_the_compressors_that_there_may_be_are_sent_plain_bytes(void)
{
	struct kind kind = { .form = FORM_LITE, .pack = PACK_SHARED };
	size_t n = 0;

	begin(1, 1 << 20);
	for (unsigned k = 0; k < MEMBERS; k++) {
		kind.wire = (enum wire_form)(k % WIRES);
		kind.numbered = k / WIRES % 2 > 0;
		kind.form = k / WIRES / 2 % 2 > 0 ? FORM_FULL : FORM_LITE;
		kind.quiet = k / WIRES / 4 > 0;
		member_open(&members[k], kind, EVERY_GROUP, NEVER);
		n += members[k].kind.pack != PACK_PLAIN;
	}
	CHECK(n == MAX_RENDITIONS_PACKED && compressors() == n && all.count == MEMBERS);
	publish();
	/* One that is given back is there for others, and what is in use is shared for nothing. */
	member_leave(&members[1]);
	renditions_second(&all, 1000);
	CHECK(compressors() == MAX_RENDITIONS_PACKED - 1 && all.count == MEMBERS - 1);
	member_open(&members[1], kind, EVERY_GROUP, NEVER);
	CHECK(members[1].kind.pack == PACK_SHARED && compressors() == MAX_RENDITIONS_PACKED);
	publish();
	end(1);
}

/* A reader of 300 events leaves, and this many seconds go by. */
static void
leave_alone(unsigned seconds)
{
	hear();
	member_open(&members[0], (struct kind){ .form = FORM_FULL }, EVERY_GROUP, NEVER);
	while (published_n < 300)
		publish_filled(600);
	member_leave(&members[0]);
	while (seconds-- > 0)
		renditions_second(&all, 1000);
}

static void
the_journal_stays_whole_for_ten_minutes_after_the_last_reader(void)
{
	begin_with(1, 1 << 20, JOURNAL);
	leave_alone(599);
	CHECK(all.journal.ring.first == 0);
	member_open(&members[1], (struct kind){ .form = FORM_FULL }, EVERY_GROUP, 0);
	end(1);
}

static void
the_journal_then_gets_as_small_as_was_asked_for(void)
{
	begin_with(1, 1 << 20, JOURNAL);
	leave_alone(600);
	CHECK(all.journal.ring.size == JOURNAL && all.journal.ring.first > 0);
	member_open(&members[1], (struct kind){ .form = FORM_FULL }, EVERY_GROUP, 0);
	CHECK(all.journal.ring.size == 1 << 20);
	end(1);
}

static void
a_journal_that_is_to_stay_whole_has_all_when_nobody_has_read_for_long(void)
{
	begin(1, 1 << 20);
	leave_alone(1300);
	CHECK(all.journal.ring.first == 0);
	member_open(&members[1], (struct kind){ .form = FORM_FULL }, EVERY_GROUP, 0);
	end(1);
}

int
main(void)
{
	RUN(who_comes_back_between_an_event_and_its_flush_gets_it_once);
	RUN(readers_beyond_the_compressors_that_there_may_be_are_sent_plain_bytes);
	RUN(a_filter_that_changes_in_a_long_replay_brings_nothing_of_the_ring);
	RUN(who_comes_back_before_the_journal_has_begun_waits_with_heartbeats_and_gets_each_event_once);
	RUN(who_comes_back_while_a_ring_makes_room_for_an_event_gets_it_once);
	RUN(a_filter_that_changes_lets_the_client_have_what_came_before);
	RUN(what_is_for_more_readers_than_a_few_waits_for_a_round);
	RUN(the_journal_stays_whole_for_ten_minutes_after_the_last_reader);
	RUN(the_journal_then_gets_as_small_as_was_asked_for);
	RUN(a_journal_that_is_to_stay_whole_has_all_when_nobody_has_read_for_long);
	RUN(what_clients_of_all_kinds_get_and_are_told_is_what_was_published);
	return unit_end();
}
