/*
 * What stands at which index of a log. This depends only on the seed, the log's name
 * and the index, which are taken in blocks of 16. So a log can be made from any index
 * on, and the index of a precertificate is known whether or not it has been made yet,
 * as its SCT needs it.
 */
#ifndef LOG_ORDER_H
#define LOG_ORDER_H

#include <stdint.h>

#define ORDER_BLOCK 16

enum slot_kind {
	SLOT_PRE,	/* a precertificate */
	SLOT_FINAL,	/* the certificate of a precertificate earlier in this log */
	SLOT_ALONE,	/* a certificate without a precertificate in this log */
	SLOT_AUTHORITY	/* a CA certificate, numbered as in struct pki; in the first blocks only */
};

struct slot {
	enum slot_kind kind;
	int shared;		/* 1: of the stream that all logs of the seed share; 0: of the log's own */
	uint64_t number;	/* of the certificate in its stream */
};

/* Writes to out the slots of that block of the log called name: indexes 16 * block to 16 * block + 15. */
void order_block(const char *seed, const char *name, uint64_t block, struct slot out[ORDER_BLOCK]);
/* Returns the block that has the precertificate of a SLOT_PRE or SLOT_FINAL with this shared and number. */
uint64_t order_block_of(int shared, uint64_t number);
/* Returns the index of that precertificate (the one with this shared and number) in the log called name. */
uint64_t order_index(const char *seed, const char *name, int shared, uint64_t number);

#endif
