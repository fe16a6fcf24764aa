/*
 * What stands at which index of a log. The index alone decides, in blocks of
 * 16: so a log can be made from any point on, and it is known where a
 * precertificate is (for its SCT) before or after it is made.
 */
#ifndef LOG_ORDER_H
#define LOG_ORDER_H

#include <stdint.h>

#define ORDER_BLOCK 16

enum slot_kind {
	SLOT_PRE,	/* a precertificate */
	SLOT_FINAL,	/* the certificate of a precertificate that stands before it here */
	SLOT_ALONE,	/* a certificate that came without one */
	SLOT_AUTHORITY	/* the CA certificate `number` of struct pki; in the first blocks only */
};

struct slot {
	enum slot_kind kind;
	int shared;		/* of the stream that every log of the seed draws from */
	uint64_t number;	/* of the certificate, in its stream */
};

/* The slots of block `block` (indexes 16 * block and on) of the log `name`. */
void order_block(const char *seed, const char *name, uint64_t block, struct slot out[ORDER_BLOCK]);
/* The block that holds the precertificate of a number with slot kind PRE or FINAL. */
uint64_t order_block_of(int shared, uint64_t number);
/* The index of that precertificate in the log `name`. */
uint64_t order_index(const char *seed, const char *name, int shared, uint64_t number);

#endif
