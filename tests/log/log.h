/*
 * A CT log: its key, its entries, a Merkle tree over them and the latest signed head.
 * The entries depend only on the seed, the log's name, whether it is tiled, and the
 * share of broken certificates. Heads have the time of the clock.
 *
 * One thread makes entries and publishes heads, and any number of others read. Entries
 * below a size that was published do not change any more.
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

enum log_type { LOG_RFC6962 = 1, LOG_TILED = 2, LOG_BOTH = 3 };	/* bits; LOG_BOTH has both */

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
	char url[96];		/* where it is served, with a slash at the end; "" for nowhere */
	char origin[256];	/* first line of its checkpoints */
	struct key peer[LOG_PEERS];	/* of logs whose SCTs its certificates carry too */

	pthread_rwlock_t lock;	/* over all that follows */
	struct entry **entry;
	size_t room;		/* of entry */
	struct tree tree;	/* its size may be ahead of the head's */
	struct head head;
	char checkpoint[LOG_CHECKPOINT];
};

/* Ends the process with 100 unless name has 1 to 31 characters, all of them a-z, 0-9 or '-'. */
void log_check_name(const char *name);
/* Reads "rfc6962", "tiled" or "both"; ends the process with 100 when it is none of them. */
enum log_type log_type_parse(const char *name);
/*
 * Makes *l an empty log of this type. name has passed log_check_name, pki must outlive the log, and broken
 * is how many certificates of 10,000 have a defect.
 */
void log_init(struct log *l, const struct pki *pki, const char *name, enum log_type type,
    uint32_t broken);
/* Makes *key the key that the log called name has with this seed. */
void log_init_key(struct key *key, const char *seed, const char *name);
/* Makes entries until there are `size` of them. Readers see them when they are published. */
void log_grow(struct log *l, uint64_t size);
/* Takes over entries of the log from, of the same type, until l has `size` of them or as many as from. */
void log_copy(struct log *l, struct log *from, uint64_t size);
/*
 * Appends the entry e, which must live as long as the log; the log never frees it. leaf_hash
 * stands for it in the tree; NULL stands for its true hash.
 */
void log_put(struct log *l, struct entry *e, const unsigned char *leaf_hash);
/* Publishes all entries: signs a head over them. now is its time, in milliseconds since 1970. */
void log_publish(struct log *l, uint64_t now);

/* Readers take the lock, which they share, before they look at the log, and give it back afterwards. */
void log_read_lock(struct log *l);
void log_unlock(struct log *l);
/* Appends the entry e to out as a data tile holds it (static-ct-api, Log Entries). */
void log_put_tile_entry(const struct entry *e, struct bytes *out);
/* Appends the extra_data of e to out (RFC 6962 section 4.6). */
void log_put_extra_data(const struct entry *e, struct bytes *out);

/*
 * In head.c: head_sign signs the head h with key. head_put_checkpoint appends h to out as a checkpoint of
 * the log with this key and origin.
 */
void head_sign(struct head *h, const struct key *key);
void head_put_checkpoint(const struct head *h, const struct key *key, const char *origin,
    const char *seed, struct bytes *out);

/*
 * In sct.c: appends to list an SCT (RFC 6962 section 3.2) of the log whose key is log, with this timestamp
 * and these extensions, for the precertificate tbs of the issuer whose key is issuer.
 */
void sct_put(struct bytes *list, const struct key *log, uint64_t timestamp,
    const struct bytes *extensions, const struct key *issuer, const struct bytes *tbs);

/* Returns the time of the clock in milliseconds since 1970. */
uint64_t log_clock(void);

#endif
