/*
 * Remembers the newest records of the bus.
 *
 * in: lines with their places
 * out: the lines behind a place
 */
#include "ct-ws/stream/journal.h"

/* What stands in front of the line of a record. */
struct journal_head {
	struct bus_place place;
	uint64_t lost, hole;	/* the journal's lost and hole when it came */
};

void
journal_init(struct journal *j, size_t bytes)
{
	*j = (struct journal){ .count = 0 };
	ring_init(&j->ring, bytes);
}

void
journal_free(struct journal *j)
{
	ring_free(&j->ring);
}

void
journal_resize(struct journal *j, size_t bytes)
{
	if (bytes != j->ring.size)
		ring_resize(&j->ring, bytes);
}

void
journal_pass(struct journal *j, struct bus_place place)
{
	if (place.epoch == 0)
		return;
	if (j->count == 0 || j->epochs[j->count - 1].epoch != place.epoch) {
		if (j->count == JOURNAL_EPOCHS)
			memmove(&j->epochs[0], &j->epochs[1], --j->count * sizeof(j->epochs[0]));
		j->epochs[j->count].epoch = place.epoch;
		j->epochs[j->count].seq = j->count == 0 ? place.seq : 1;
		j->epochs[j->count++].first = j->ring.next;
		j->hole = place.seq;
	}
	j->next = place.seq;
}

void
journal_miss(struct journal *j, uint64_t records)
{
	j->lost += records;
	j->hole = j->next + records;
}

/* Returns true when place is of the newest life, and what stands there has been put or passed. */
static bool
journal_has_passed(const struct journal *j, struct bus_place place)
{
	return j->count > 0 && j->epochs[j->count - 1].epoch == place.epoch && place.seq < j->next;
}

void
journal_put(struct journal *j, struct bus_place place, struct span line)
{
	struct journal_head head = { .place = place };
	const struct span parts[] = { { (const uint8_t *)&head, sizeof(head) }, line };

	if (place.epoch == 0 || journal_has_passed(j, place))
		return;
	journal_pass(j, place);
	head.lost = j->lost;
	head.hole = j->hole;
	if (!ring_put(&j->ring, parts, 2, 1))
		journal_miss(j, 1);	/* it is larger than the journal */
	j->next++;
}

void
journal_reach(struct journal *j, struct bus_place place)
{
	if (j->count > 0 && j->epochs[j->count - 1].epoch == place.epoch && place.seq > j->next)
		journal_miss(j, place.seq - j->next);
	journal_pass(j, place);
}

void
journal_begin(struct journal *j)
{
	j->begun = true;
}

void
journal_learn(struct journal *j, const struct bus_place *lives, size_t count)
{
	j->current = true;
	j->lives_count = 0;
	while (j->lives_count < count && j->lives_count < JOURNAL_LIVES && lives[j->lives_count].seq > 0) {
		j->lives[j->lives_count] = lives[j->lives_count];
		j->lives_count++;
	}
}

void
journal_part(struct journal *j)
{
	j->current = false;
}

/* Returns the index of that life in epochs, or count when it is not there. */
static size_t
journal_life(const struct journal *j, uint64_t epoch)
{
	size_t i = 0;

	while (i < j->count && j->epochs[i].epoch != epoch)
		i++;
	return i;
}

bool
journal_knows(const struct journal *j, struct bus_place since)
{
	return j->begun && (j->current || journal_life(j, since.epoch) < j->count);
}

/* Copies n bytes of the ring from the place `at` on to p. */
static void
journal_copy(const struct journal *j, uint64_t at, size_t n, uint8_t *p)
{
	while (n > 0) {
		struct span s = ring_get(&j->ring, at, n);

		memcpy(p, s.p, s.n);
		at += s.n;
		n -= s.n;
		p += s.n;
	}
}

static struct journal_head
journal_head(const struct journal *j, uint64_t number)
{
	struct journal_head head;

	journal_copy(j, ring_place(&j->ring, number), sizeof(head), (uint8_t *)&head);
	return head;
}

/* Returns the number of the first frame from low to high (exclusive) whose seq is above seq, or high. */
static uint64_t
journal_search(const struct journal *j, uint64_t low, uint64_t high, uint64_t seq)
{
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (journal_head(j, middle).place.seq <= seq)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Returns what journal.lost was when the frame with this number came, or is now if it is yet to come. */
static uint64_t
journal_lost(const struct journal *j, uint64_t number)
{
	return number == j->ring.next ? j->lost : journal_head(j, number).lost;
}

/* Returns how many records stand between these two of one life. */
static uint64_t
journal_between(uint64_t seq, uint64_t later)
{
	return later > seq ? later - seq - 1 : 0;
}

/*
 * Sets at->lost for a reader that has had all up to since, where the journal has all that came
 * behind it. What was lost between the last event that it has had and the next one is still to be told
 * it, but for what stands before since: that it has had from another server, or knows to be lost.
 */
static void
journal_settle(const struct journal *j, struct bus_place since, struct journal_at *at)
{
	uint64_t before = at->number > j->ring.first ? journal_lost(j, at->number - 1) : 0;
	uint64_t lost = journal_lost(j, at->number), unknown = lost - before, room;
	struct bus_place next = { j->epochs[j->count - 1].epoch, j->next };
	uint64_t hole = j->hole;

	if (at->number < j->ring.next) {
		next = journal_head(j, at->number).place;
		hole = journal_head(j, at->number).hole;
	}
	room = journal_between(since.seq, hole < next.seq ? hole : next.seq);
	if (next.epoch == since.epoch && unknown > room)
		unknown = room;
	at->lost = lost - unknown;
}

/* Is journal_find for a place of life number i. */
static uint64_t
journal_find_in(const struct journal *j, size_t i, struct bus_place since, struct journal_at *at)
{
	bool whole = j->ring.first == 0, newest = i + 1 == j->count;
	uint64_t high, low, oldest;

	low = j->epochs[i].first < j->ring.first ? j->ring.first : j->epochs[i].first;
	high = newest ? j->ring.next : j->epochs[i + 1].first;
	/* Of a life of which no frame is left, nobody knows how far it went. */
	if (!newest && !whole && high <= j->ring.first)
		return JOURNAL_UNKNOWN;
	at->number = journal_search(j, low, high, since.seq);
	if (whole || at->number > j->ring.first) {
		journal_settle(j, since, at);
		oldest = j->epochs[i].seq;
		return journal_between(since.seq, oldest);
	}
	oldest = low < high ? journal_head(j, low).place.seq : j->next;
	at->lost = journal_lost(j, at->number);
	return journal_between(since.seq, oldest);
}

/*
 * Is journal_find for a place of a life of which nothing is here: counts what was lost of it, and of
 * those behind it, up to the first one that is here. What a life has brought behind its end comes
 * again in the next one, and is not lost.
 */
static uint64_t
journal_find_before(const struct journal *j, struct bus_place since, struct journal_at *at)
{
	uint64_t between = 0, had = 0, found;
	size_t k = 0, i = j->count;

	while (k < j->lives_count && j->lives[k].epoch != since.epoch)
		k++;
	if (k == j->lives_count)
		return JOURNAL_UNKNOWN;
	if (j->lives[k].seq > since.seq)
		between = j->lives[k].seq - since.seq - 1;
	else
		had = since.seq - (j->lives[k].seq - 1);
	while (k-- > 0 && (i = journal_life(j, j->lives[k].epoch)) == j->count)
		between += j->lives[k].seq - 1;
	if (i == j->count)
		return JOURNAL_UNKNOWN;
	found = journal_find_in(j, i, (struct bus_place){ j->epochs[i].epoch, 0 }, at);
	if (found == JOURNAL_UNKNOWN)
		return found;
	return found + (between > had ? between - had : 0);
}

uint64_t
journal_find(const struct journal *j, struct bus_place since, struct journal_at *at)
{
	size_t i = journal_life(j, since.epoch);

	*at = (struct journal_at){ j->ring.first, journal_lost(j, j->ring.first) };
	return i < j->count ? journal_find_in(j, i, since, at) : journal_find_before(j, since, at);
}

uint64_t
journal_skip(const struct journal *j, struct journal_at *at)
{
	uint64_t skipped = at->number < j->ring.first ? j->ring.first - at->number : 0;

	at->number += skipped;
	return skipped;
}

bool
journal_next(const struct journal *j, struct journal_at *at, struct journal_record *record,
    uint64_t *missed, struct buf *out)
{
	struct journal_head head = { .lost = j->lost };
	bool more = at->number < j->ring.next;
	uint64_t from, to;

	if (more)
		head = journal_head(j, at->number);
	*missed = head.lost - at->lost;
	at->lost = head.lost;
	if (!more)
		return false;
	from = ring_place(&j->ring, at->number) + sizeof(head);
	to = ring_place(&j->ring, ++at->number);
	record->place = head.place;
	record->line = ring_get(&j->ring, from, (size_t)(to - from));
	if (record->line.n < to - from) {
		buf_reset(out);
		journal_copy(j, from, (size_t)(to - from), buf_reserve(out, (size_t)(to - from)));
		buf_commit(out, (size_t)(to - from));
		record->line = buf_span(out);
	}
	return true;
}
