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
#ifndef CT_WS_DOOR_TOKEN_H
#define CT_WS_DOOR_TOKEN_H

#include "enc/hash.h"

enum {
	MAX_TOKENS = 10000,	/* in a file: each request is compared with all of them */
	MAX_TOKEN = 512,	/* characters of one token */
	MAX_TOKEN_NAME = 64,	/* characters of the name of one */
	TOKEN_STREAMS = 7,	/* all bits of token.streams */
};

/* One token, which the table has, and each connection that came with it. */
struct token {
	unsigned refs;
	uint8_t digest[HASH_SHA256];
	char name[MAX_TOKEN_NAME + 1];	/* for people; "line N" where the file gives none */
	unsigned streams;	/* 1 << a number of enum form for each stream that it may read */
	uint32_t most;		/* streams open at once; 0 for any number */
	uint32_t count;		/* streams open now */
	bool gone;		/* the file that was read last does not have it any more */
};

struct tokens {
	struct token **list;	/* owned */
	size_t count;
};

/* Why a file was refused. */
struct tokens_flaw {
	unsigned line;		/* counted from 1; 0 where it is no line's fault */
	const char *why;	/* static text */
};

/*
 * Reads text, the content of a token file, and puts its tokens in the place of those in
 * *tokens, which is all zero before the first call. A token that was there before goes on with
 * its count, and with what the new file says of it; one that is not there any more is `gone`.
 * Returns true, or false with *flaw set and *tokens as it was: a token or a word behind it is
 * not well formed, a token comes twice, there are more than MAX_TOKENS, or there is none.
 */
bool tokens_take(struct tokens *, struct hash *hash, struct span text, struct tokens_flaw *flaw);

/*
 * Returns the token whose characters are given, or NULL when there is none. The time it takes
 * depends on the length of given and on how many tokens there are, and on nothing else. The token
 * belongs to the table; who keeps it calls token_take.
 */
struct token *tokens_find(const struct tokens *, struct hash *hash, struct span given);

/* Gives all tokens back; those that connections have live on until these have dropped them. */
void tokens_free(struct tokens *);

/* Adds a reference and returns the token. */
struct token *token_take(struct token *);

/* Gives a reference back, and frees the token with the last one. NULL is allowed. */
void token_drop(struct token *);

/*
 * Counts one more open stream. Returns true, after which token_leave is to be called at its end,
 * or false when `most` are open.
 */
bool token_enter(struct token *);
void token_leave(struct token *);

#endif
