/*
 * A CT log: a key, entries, their Merkle tree and the latest signed head.
 * Entries depend on the seed, the name, the share of broken ones and whether
 * the log is tiled, on nothing else; the head's time is the clock's.
 *
 * One thread makes entries and publishes heads; any number of others read.
 * What is below a published size never changes.
 */
#ifndef LOG_LOG_H
#define LOG_LOG_H

#include <pthread.h>
#include <stdbool.h>

#include "tests/log/pki.h"
#include "tests/log/tree.h"

#define LOG_NAME_MAX   32
#define LOG_CHECKPOINT 2048
#define LOG_PEERS      4

enum log_type { LOG_RFC6962 = 1, LOG_TILED = 2, LOG_BOTH = 3 };	/* the second bit: tiled */

struct entry {
	const struct chain *chain;	/* the certificates above it */
	size_t leaf_len;
	size_t pre_len;		/* of the precertificate; 0 for a certificate */
	unsigned char at[];	/* MerkleTreeLeaf, then the precertificate */
};

struct head {			/* RFC 6962 section 3.5 */
	uint64_t size;
	uint64_t timestamp;	/* ms since 1970 */
	unsigned char root[TREE_HASH];
	unsigned char signature[80];	/* TLS DigitallySigned */
	size_t signature_len;
};

struct log {
	char name[LOG_NAME_MAX];
	enum log_type type;
	const struct pki *pki;
	struct key key;
	uint32_t broken;	/* of 10,000 certificates */
	char origin[256];	/* first line of its checkpoints */
	struct key peer[LOG_PEERS];	/* of logs whose SCTs its certificates carry too */

	pthread_rwlock_t lock;	/* over all that follows */
	struct entry **entry;
	size_t room;		/* of entry */
	struct tree tree;	/* its size may be ahead of the head's */
	struct head head;
	char checkpoint[LOG_CHECKPOINT];
};

/* Ends the process (100) unless name is 1 to 31 of a-z, 0-9 and '-'. */
void log_check_name(const char *name);
/* pki must outlive the log; the name has been checked. */
void log_init(struct log *, const struct pki *, const char *name, enum log_type, uint32_t broken);
/* Only the key of the log `name`. */
void log_init_key(struct key *, const char *seed, const char *name);
/* Makes entries until there are `size`; not yet visible to readers. */
void log_grow(struct log *, uint64_t size);
/* Signs a head over all entries, at `now` (ms since 1970). */
void log_publish(struct log *, uint64_t now);

/* Readers hold the lock shared while they use what these return. */
void log_read_lock(struct log *);
void log_unlock(struct log *);
/* The TimestampedEntry with what follows it in a data tile (static-ct-api, Log Entries). */
void log_put_tile_entry(const struct entry *, struct bytes *out);
void log_put_extra_data(const struct entry *, struct bytes *out);	/* RFC 6962 section 4.6 */

/* head.c: signs and writes one head, as a struct and as a checkpoint. */
void head_sign(struct head *, const struct key *);
void head_put_checkpoint(const struct head *, const struct key *, const char *origin,
    const char *seed, struct bytes *out);

/* sct.c: appends an SCT (RFC 6962 section 3.2) over a precertificate, to `list`. */
void sct_put(struct bytes *list, const struct key *log, uint64_t timestamp,
    const struct bytes *extensions, const struct key *issuer, const struct bytes *tbs);

uint64_t log_clock(void);	/* ms since 1970 */

#endif
