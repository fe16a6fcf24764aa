/*
 * Tokens: who may read. A token file has a token a line, and behind it, separated by
 * blanks, what holds for it:
 *
 *	# comment
 *	TOKEN [name=NAME] [streams=full,lite,domains] [max-clients=N]
 *
 * Only digests of tokens are kept and compared, so neither the time that a comparison takes nor
 * a core dump shows a token.
 */
#ifndef CT_WS_DOOR_PERMIT_H
#define CT_WS_DOOR_PERMIT_H

#include "enc/hash.h"

enum {
	MAX_TOKENS = 10000,	/* in a file: each request is compared with all of them */
	MAX_TOKEN = 512,	/* characters of one token */
	MAX_TOKEN_NAME = 64,	/* characters of the name of one */
	PERMIT_STREAMS = 7,	/* all bits of permit.streams */
};

/* One token. The table holds a reference to it, and so does each connection that came with it. */
struct permit {
	unsigned refs;		/* how many references there are */
	uint8_t digest[HASH_SHA256];
	char name[MAX_TOKEN_NAME + 1];	/* for people; "line N" where the file gives none */
	unsigned streams;	/* 1 << a number of enum form for each stream that it may read */
	uint32_t most;		/* streams open at once; 0 for any number */
	uint32_t count;		/* streams open now */
	bool gone;		/* the file that was read last does not have it any more */
};

struct permits {
	struct permit **list;	/* owned */
	size_t count;
};

/* Why a file was refused. */
struct permits_flaw {
	unsigned line;		/* counted from 1; 0: the fault is not in one line */
	const char *why;	/* static text */
};

/*
 * Reads text, the content of a token file, and puts its tokens in the place of those in *s, which is all
 * zero before the first call. hash is used during the call only. A token that was there before keeps its
 * count, and gets what the new file says of it; one that is not there any more is `gone`. Returns true, or
 * false with *flaw set and *s unchanged: a token or a word behind it is not well formed, a token comes
 * twice, there are more than MAX_TOKENS, or there is none.
 */
bool permits_take(struct permits *s, struct hash *hash, struct span text,
    struct permits_flaw *flaw);

/*
 * Returns the token whose characters are given, or NULL when *s does not have it. hash is used during the
 * call only. The time that this takes depends only on the length of given and on how many tokens there
 * are. The token belongs to the table; whoever keeps it calls permit_take.
 */
struct permit *permits_find(const struct permits *s, struct hash *hash, struct span given);

/* Gives all tokens back; those that connections have live on until these have dropped them. */
void permits_free(struct permits *s);

/* Adds a reference and returns the token. */
struct permit *permit_take(struct permit *t);

/* Gives a reference back, and frees the token with the last one. NULL is allowed. */
void permit_drop(struct permit *t);

/*
 * permit_enter counts one more open stream of the token. It returns true, and then permit_leave is to be
 * called when that stream ends; or false when as many as `most` says are open.
 */
bool permit_enter(struct permit *t);
void permit_leave(struct permit *t);

#endif
