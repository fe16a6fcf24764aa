/*
 * The store of memo.h. In: keys, and the values that were made from them. Out:
 * the value kept for a key. A hash of the key chooses four slots of a table, and each slot says
 * where in the ring its key and value lie.
 */
#include "base/memo.h"

#include <stdlib.h>

#include "base/die.h"

enum {
	MEMO_WAYS = 4,		/* slots that a key may use, so that keys with one hash fit side by side */
	MEMO_FRONT = 32,	/* bytes at the front of a long key that are hashed */
	MEMO_BACK = 64,		/* and at its end, where certificates have a signature */
};

/* One item of the ring: its key, and its value right behind it. */
struct memo_slot {
	uint64_t at;			/* offset of the key; it only grows, modulo the ring's size */
	uint32_t key_n, value_n;	/* bytes of the key and of the value */
	uint32_t kind;			/* the kind plus 1; 0 in a slot that was never used */
};

struct memo {
	uint64_t head;		/* offset of the next item */
	size_t bytes;		/* size of ring, a power of two */
	size_t buckets;		/* number of groups of MEMO_WAYS slots, a power of two */
	uint8_t *ring;
	struct memo_slot *slot;
};

struct memo *
memo_open(size_t bytes, size_t items)
{
	struct memo *m = calloc(1, sizeof(*m));

	if (m != NULL) {
		m->bytes = bytes;
		m->buckets = items / MEMO_WAYS;
		m->ring = malloc(bytes);
		m->slot = calloc(items, sizeof(*m->slot));
	}
	if (m == NULL || m->ring == NULL || m->slot == NULL)
		die_world("out of memory to keep %zu bytes", bytes);
	return m;
}

void
memo_free(struct memo *m)
{
	if (m == NULL)
		return;
	free(m->ring);
	free(m->slot);
	free(m);
}

/* The two halves of the 128-bit product of a and b, exclusive-ored: all bits of both count. */
static uint64_t
memo_product(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
#else
	/* Compilers for 32-bit machines have no 128-bit number: long multiplication, digits of 32 bits. */
	uint64_t al = (uint32_t)a, ah = a >> 32, bl = (uint32_t)b, bh = b >> 32;
	uint64_t low = al * bl, middle = ah * bl + (low >> 32), carry = al * bh + (uint32_t)middle;

	return (carry << 32 | (uint32_t)low) ^ (ah * bh + (middle >> 32) + (carry >> 32));
#endif
}

static uint64_t
memo_mix(uint64_t h, uint64_t a, uint64_t b)
{
	return memo_product(h ^ a, b ^ 0x9e3779b97f4a7c15ull);
}

static uint64_t
memo_mix_run(uint64_t h, struct span s)
{
	uint64_t word[2] = { 0, 0 };
	const uint8_t *last;

	if (s.n <= sizeof(word)) {
		if (s.n > 0)
			memcpy(word, s.p, s.n);
		return memo_mix(h, word[0], word[1]);
	}
	last = s.p + s.n - sizeof(word);
	for (const uint8_t *p = s.p; p < last; p += sizeof(word)) {
		memcpy(word, p, sizeof(word));
		h = memo_mix(h, word[0], word[1]);
	}
	memcpy(word, last, sizeof(word));	/* the last two words may overlap the two before them */
	return memo_mix(h, word[0], word[1]);
}

/* The first of the MEMO_WAYS slots that this key may use. */
static struct memo_slot *
memo_bucket(const struct memo *m, unsigned kind, struct span key)
{
	uint64_t h = memo_mix(0, kind, key.n);

	if (key.n > MEMO_FRONT + MEMO_BACK) {
		h = memo_mix_run(h, span_of(key.p, MEMO_FRONT));
		key = span_from(key, key.n - MEMO_BACK);
	}
	return &m->slot[MEMO_WAYS * (memo_mix_run(h, key) & (m->buckets - 1))];
}

static bool
memo_holds(const struct memo *m, const struct memo_slot *s, unsigned kind, struct span key)
{
	return s->kind == kind + 1 && s->key_n == key.n && s->at + m->bytes >= m->head &&
	    (key.n == 0 || memcmp(m->ring + (s->at & (m->bytes - 1)), key.p, key.n) == 0);
}

bool
memo_find(const struct memo *m, unsigned kind, struct span key, struct span *value)
{
	const struct memo_slot *s = memo_bucket(m, kind, key);

	for (unsigned i = 0; i < MEMO_WAYS; i++, s++) {
		if (!memo_holds(m, s, kind, key))
			continue;
		*value = span_of(m->ring + (s->at & (m->bytes - 1)) + s->key_n, s->value_n);
		return true;
	}
	return false;
}

/* Of the MEMO_WAYS slots from s on, one that was never used, or else the one with the oldest item. */
static struct memo_slot *
memo_oldest(struct memo_slot *s)
{
	struct memo_slot *oldest = s;

	for (unsigned i = 1; i < MEMO_WAYS; i++)
		if (s[i].kind == 0 || (oldest->kind != 0 && s[i].at < oldest->at))
			oldest = &s[i];
	return oldest;
}

void
memo_keep(struct memo *m, unsigned kind, struct span key, struct span value)
{
	size_t need = key.n + value.n, room = m->bytes - (m->head & (m->bytes - 1));
	uint8_t *to;

	if (need < key.n || need > m->bytes / 16)
		return;
	if (room < need)	/* an item never wraps round the end of the ring */
		m->head += room;
	to = m->ring + (m->head & (m->bytes - 1));
	if (key.n > 0)
		memcpy(to, key.p, key.n);
	if (value.n > 0)
		memcpy(to + key.n, value.p, value.n);
	*memo_oldest(memo_bucket(m, kind, key)) = (struct memo_slot){ m->head, (uint32_t)key.n,
		(uint32_t)value.n, kind + 1 };
	m->head += need;
}
