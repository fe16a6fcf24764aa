/*
 * Makes numbers from a seed. In: the seed, the name of a stream and a number, whose
 * SHA-256 is the state of a xoshiro256** generator (Blackman and Vigna). Out: numbers
 * that look random. They are no secret, and neither are keys made of them.
 */
#include "tests/log/rand.h"

#include <openssl/sha.h>
#include <string.h>

#include "tests/log/bytes.h"

static uint64_t
rand_left(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

void
rand_init(struct rand *r, const char *seed, const char *stream, uint64_t number)
{
	struct bytes text = { 0 };
	unsigned char digest[32];
	int i;

	bytes_put(&text, seed, strlen(seed) + 1);
	bytes_put(&text, stream, strlen(stream) + 1);
	bytes_put_uint(&text, number, 8);
	SHA256(text.at, text.len, digest);
	bytes_free(&text);
	memset(r, 0, sizeof(*r));
	for (i = 0; i < 32; i++)
		r->s[i / 8] = r->s[i / 8] << 8 | digest[i];
}

uint64_t
rand_next(struct rand *r)
{
	uint64_t out = rand_left(r->s[1] * 5, 7) * 9;
	uint64_t t = r->s[1] << 17;

	r->s[2] ^= r->s[0];
	r->s[3] ^= r->s[1];
	r->s[1] ^= r->s[2];
	r->s[0] ^= r->s[3];
	r->s[2] ^= t;
	r->s[3] = rand_left(r->s[3], 45);
	return out;
}

uint32_t
rand_below(struct rand *r, uint32_t n)
{
	return (uint32_t)((rand_next(r) >> 32) * n >> 32);
}

bool
rand_chance(struct rand *r, uint32_t permille)
{
	return rand_below(r, 1000) < permille;
}

void
rand_fill(struct rand *r, void *to, size_t len)
{
	unsigned char *p = to;

	for (; len > 0; len--)
		*p++ = (unsigned char)(rand_next(r) >> 56);
}

const char *
rand_word(struct rand *r, const char *const *words, size_t count)
{
	return words[rand_below(r, (uint32_t)count)];
}
