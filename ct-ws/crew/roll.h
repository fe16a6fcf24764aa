/*
 * Counts that several worker processes share, by keys of 16 bytes: how many connections each address
 * has, or how many streams each token. So a limit holds for all workers together, whichever of them
 * the kernel gives a connection to. What a worker has counted goes when it has ended.
 */
#ifndef CT_WS_CREW_ROLL_H
#define CT_WS_CREW_ROLL_H

#include <stdbool.h>

#include "enc/hash.h"

enum { ROLL_KEY = 16 };	/* bytes of a key */

struct roll;

/*
 * Returns a roll for `workers` workers, which share it when they are forked after this, and for at most
 * `most` keys at once. hash, whose secret key they then share too, must live until roll_close. When
 * memory runs out, the process ends with 111. roll_close unmaps the roll in one process; NULL is allowed.
 */
struct roll *roll_open(size_t workers, size_t most, struct hash *hash);
void roll_close(struct roll *r);

/*
 * roll_take counts one more of key for this worker. It returns true, or false with nothing counted when
 * all workers together have `most` of it already (0: no limit), or when the roll has no room for one more
 * key. roll_drop counts one less.
 */
bool roll_take(struct roll *r, size_t worker, const uint8_t key[ROLL_KEY], uint32_t most);
void roll_drop(struct roll *r, size_t worker, const uint8_t key[ROLL_KEY]);

/* Returns how many of key all workers have. */
uint32_t roll_count(struct roll *r, const uint8_t key[ROLL_KEY]);

/* To be called by the parent when worker number `worker` has ended: forgets what it has counted. */
void roll_retire(struct roll *r, size_t worker);

#endif
