/*
 * Decides what stands where in a log. In: the seed, a log's name and the number of a
 * block. Out: its 16 slots.
 *
 * Each block begins 8 certificates of the log's own and 3 shared ones. Of those that
 * begin with a precertificate, two have the certificate in the same block, three have it
 * in the next, and the others never have one.
 */
#include "tests/log/order.h"

#include <stdbool.h>
#include <stdio.h>

#include "tests/log/fail.h"
#include "tests/log/pki.h"
#include "tests/log/rand.h"

#define ORDER_OWN    8
#define ORDER_SHARED 3

struct plan {
	enum slot_kind kind;
	int shared;
	unsigned number;	/* within the block */
	bool late;		/* certificates whose precertificates are in the block before, also in block 0 */
};

/* Here a certificate in the same block comes right behind its precertificate. */
static const struct plan plans[ORDER_BLOCK] = {
	{ SLOT_PRE, 0, 0, false }, { SLOT_FINAL, 0, 0, false },
	{ SLOT_PRE, 0, 1, false }, { SLOT_FINAL, 0, 1, false },
	{ SLOT_PRE, 0, 2, false }, { SLOT_FINAL, 0, 2, true },
	{ SLOT_PRE, 0, 3, false }, { SLOT_FINAL, 0, 3, true },
	{ SLOT_PRE, 1, 0, false }, { SLOT_FINAL, 1, 0, true },
	{ SLOT_PRE, 0, 4, false }, { SLOT_PRE, 0, 5, false }, { SLOT_PRE, 1, 1, false },
	{ SLOT_AUTHORITY, 0, 6, false }, { SLOT_ALONE, 0, 7, false }, { SLOT_ALONE, 1, 2, false },
};

static uint64_t
order_per_block(int shared)
{
	return shared ? ORDER_SHARED : ORDER_OWN;
}

uint64_t
order_block_of(int shared, uint64_t number)
{
	return number / order_per_block(shared) - 1;
}

/* Block 0 starts with the numbers of a second block, so that its certificates from before have numbers. */
static struct slot
order_slot(const struct plan *plan, uint64_t block)
{
	struct slot slot = { plan->kind, plan->shared, 0 };

	slot.number = (block + !plan->late) * order_per_block(plan->shared) + plan->number;
	if (plan->kind == SLOT_AUTHORITY && block < PKI_CERTIFICATES)
		slot.number = block;
	else if (plan->kind == SLOT_AUTHORITY || (plan->late && block == 0))
		slot.kind = SLOT_ALONE;
	return slot;
}

void
order_block(const char *seed, const char *name, uint64_t block, struct slot out[ORDER_BLOCK])
{
	unsigned at[ORDER_BLOCK], i, j, swap;
	char stream[64];
	struct rand r;

	snprintf(stream, sizeof(stream), "order of %s", name);
	rand_init(&r, seed, stream, block);
	for (i = 0; i < ORDER_BLOCK; i++)
		at[i] = i;
	for (i = ORDER_BLOCK - 1; i > 0; i--) {
		j = rand_below(&r, i + 1);
		swap = at[i];
		at[i] = at[j];
		at[j] = swap;
	}
	for (i = 0; i < ORDER_BLOCK; i++) {
		if (plans[i].kind == SLOT_FINAL && !plans[i].late && at[i] < at[i - 1]) {
			swap = at[i];
			at[i] = at[i - 1];
			at[i - 1] = swap;
			out[at[i - 1]] = order_slot(&plans[i - 1], block);
		}
		out[at[i]] = order_slot(&plans[i], block);
	}
}

uint64_t
order_index(const char *seed, const char *name, int shared, uint64_t number)
{
	uint64_t block = order_block_of(shared, number);
	struct slot slots[ORDER_BLOCK];
	unsigned i;

	order_block(seed, name, block, slots);
	for (i = 0; i < ORDER_BLOCK; i++)
		if (slots[i].kind == SLOT_PRE && slots[i].shared == shared &&
		    slots[i].number == number)
			return block * ORDER_BLOCK + i;
	fail_bug("certificate %llu is not in its block of %s", (unsigned long long)number, name);
}
