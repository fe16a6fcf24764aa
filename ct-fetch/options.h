/* The options: what the command line and the environment ask for, checked. See ct-fetch(1). */
#ifndef CT_FETCH_OPTIONS_H
#define CT_FETCH_OPTIONS_H

#include "base/buf.h"
#include "ct-fetch/list/choice.h"
#include "ct-fetch/net/preset.h"

struct protocol;

/* A log list that -L names, or the default one, with its --list-key or --unsigned-list. */
struct options_list {
	const char *where;	/* file or URL */
	const char *key_file;	/* with the key that signs it; NULL: the built-in key */
	bool is_unsigned;	/* it needs no signature */
};

/* A log that -u names, with its -K and -t. */
struct options_log {
	const char *url;
	const char *key_file;
	const struct protocol *protocol;	/* NULL: found by asking */
};

struct options {
	struct options_list *lists;	/* owned: the log lists, the first of which has precedence */
	size_t lists_n;		/* 0: no list is needed */
	unsigned refresh;	/* ms between two gets of a list, on average */
	struct choice choice;
	struct options_log *logs;	/* owned: one for each -u */
	size_t logs_n;		/* how many -u there were, which is also how many logs are filled */
	size_t keys_n;		/* how many -K there were; the n-th belongs to the n-th -u */
	bool has_start;
	uint64_t start;		/* index of the first entry */
	uint64_t since;		/* ms since 1970: when the first entry was logged; 0: not given */
	uint64_t end;		/* index behind the last entry; UINT64_MAX: no limit */
	bool once;		/* stop at the head seen at the start */
	uint64_t backlog;	/* entries behind, beyond which a log goes on at its head; 0: never */
	uint64_t hold;		/* entries that wait for a proof before one is asked for; 0: by the host */
	unsigned partial;	/* ms that an incomplete tile is left alone; UINT_MAX: by the host */
	unsigned patience;	/* ms that a page may fail before it is left out */
	bool unproven;		/* entries that a log does not prove are wanted too */
	unsigned poll;		/* ms between heads; 0: as often as the log grows */
	struct preset *rates;	/* owned: one for each --rate */
	size_t rates_n;
	const char *state;	/* folder of the places; NULL: they are not stored */
	bool external_marks;	/* places go into the stream */
	unsigned status;	/* seconds between status records; 0: none are wanted */
	bool list;		/* only show which logs would be followed */
	struct buf agent;	/* the User-Agent */
	bool has_contact;	/* agent names whom to ask about this client */
};

/*
 * Fills options from the command line (argc and argv as main has them) and $CT_CONTACT. The strings
 * in options are those of argv. Ends the process with 0 for -h and -V, and with 100 and a message
 * when something is wrong.
 */
void options_parse(struct options *options, int argc, char **argv);

/* Frees what options owns; the strings of argv stay. */
void options_free(struct options *options);

#endif
