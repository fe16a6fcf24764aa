/*
 * Bytes made from other bytes, kept so that they need not be made again: the
 * key is what they were made from, all of it, and of which kind.
 *
 * The store is one ring that holds keys and values side by side and overwrites
 * the oldest. It allocates nothing after memo_open, and a key that an enemy
 * has chosen costs no more than one that is not there.
 */
#ifndef BASE_MEMO_H
#define BASE_MEMO_H

#include "base/span.h"

struct memo;

/* Room for so many bytes, keys included, and so many items; both powers of two, 16 at least. */
struct memo *memo_open(size_t bytes, size_t items);
void memo_free(struct memo *);

/* The value kept for a key of this kind, if there is one; valid until memo_keep. */
bool memo_find(const struct memo *, unsigned kind, struct span key, struct span *value);

/* Keeps a value that memo_find has not found. What takes more than 1/16 of the room is not kept. */
void memo_keep(struct memo *, unsigned kind, struct span key, struct span value);

#endif
