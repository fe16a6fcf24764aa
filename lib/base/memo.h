/*
 * A store of bytes that were made from other bytes, so that they need not be
 * made again. The key of an item is all the bytes that its value was made
 * from; its kind says what was made from them.
 *
 * The store has a fixed size and overwrites its oldest items. It allocates
 * nothing after memo_open. Keys are compared whole, so a key that an attacker
 * has chosen never finds another key's value. At worst such keys push others
 * out, and the caller then makes those values again.
 */
#ifndef BASE_MEMO_H
#define BASE_MEMO_H

#include "base/span.h"

struct memo;

/*
 * Makes a store whose keys and values together take at most bytes bytes, and
 * which holds at most items items. Both are powers of two and at least 16.
 * Never returns NULL: when memory runs out the process ends with exit code
 * 111. The caller ends the store with memo_free.
 */
struct memo *memo_open(size_t bytes, size_t items);

/* Frees the store m, and with it all values that memo_find has returned. m may be NULL. */
void memo_free(struct memo *m);

/*
 * Looks up the value that was kept for key under kind. Returns true and points
 * *value into the store, where it stays valid until the next memo_keep.
 * Returns false and leaves *value alone when nothing is kept for that key and kind.
 */
bool memo_find(const struct memo *m, unsigned kind, struct span key, struct span *value);

/*
 * Copies key and value into the store, so that memo_find finds value for key
 * under kind until newer items overwrite it. To be called only after memo_find
 * has returned false for them. Does nothing when key and value together are
 * longer than 1/16 of the store's bytes.
 */
void memo_keep(struct memo *m, unsigned kind, struct span key, struct span value);

#endif
