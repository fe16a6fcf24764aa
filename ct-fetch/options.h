/* What the command line and the environment ask for. See ct-fetch(1). */
#ifndef CT_FETCH_OPTIONS_H
#define CT_FETCH_OPTIONS_H

#include "base/buf.h"
#include "ct-fetch/choice.h"

struct protocol;

/* A log of -u, with its -K and -t. */
struct options_log {
	const char *url;
	const char *key_file;
	const struct protocol *protocol;	/* NULL: found by asking */
};

struct options {
	const char *log_list;	/* NULL: none is needed */
	const char *list_key;	/* NULL: the one built in */
	bool unsigned_list;
	struct choice choice;
	struct options_log *logs;
	size_t logs_n, keys_n;	/* the n-th -K goes with the n-th -u */
	bool has_start;
	uint64_t start, end;
	bool once;
	unsigned poll;		/* ms, 0: adaptive */
	const char *state;	/* NULL: places are not stored */
	bool external_marks;
	unsigned status;	/* seconds, 0: none */
	bool list;		/* only show what would be followed */
	struct buf agent;	/* User-Agent */
	bool has_contact;
};

/* Ends the process for -h, -V and whatever is wrong. argv must live on. */
void options_parse(struct options *, int argc, char **argv);
void options_free(struct options *);

#endif
