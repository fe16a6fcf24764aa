/*
 * The command lines of all tools. A tool lists its options once, in a table, from which come what
 * getopt_long takes, the text of --help, and the completions of the shells.
 */
#ifndef OS_OPTION_H
#define OS_OPTION_H

#include <stdint.h>

#include "base/buf.h"

enum {
	OPTION_LONG = 256,	/* letters of options that have none begin here */
	MAX_OPTIONS = 64,	/* in a table, with those that every tool has */
};

/* An option, as a tool lists it. */
struct option_entry {
	int letter;		/* its short name; from OPTION_LONG on: it has none */
	const char *name;	/* its long name, without -- */
	const char *argument;	/* what it takes, as --help calls it (see below); NULL: nothing */
	const char *help;	/* one line or more, for --help; NULL: it is described with the next one */
};

/*
 * A command line. What an argument is called tells the shells what may be there: a file where it
 * begins with FILE, a folder where it begins with DIR, one of these words where it is like
 * "full|lite|domains", and else anything.
 */
struct option_table {
	const char *tool;	/* its name */
	const char *usage;	/* the first lines of --help */
	const struct option_entry *entries;	/* without those that every tool has; the last has no name */
	size_t column;		/* where help begins in a line of --help, at 0 the first */
	const char *notes;	/* the last lines of --help */
	const char *operands;	/* why it takes nothing but options */
};

/*
 * Reads the next option of the command line, and carries out those that every tool has: -q and -v
 * change what base/tell.h tells; -h, -V and --completion print something and end the process with
 * 0. Returns the letter of another option, whose argument is in optarg then, or -1 behind the last.
 * The process ends with 100 and says why when something is no option of the table, lacks its
 * argument, or is no option at all.
 */
int option_next(const struct option_table *table, int argc, char **argv);

/* Appends the text of --help. */
void option_put_help(struct buf *out, const struct option_table *table);

/* Appends the completion for a shell, "bash" or "zsh". Returns false when it is another one. */
bool option_put_completion(struct buf *out, const struct option_table *table, const char *shell);

/*
 * Copies the entries of table and then those that every tool has into all, which has room for
 * MAX_OPTIONS. Returns how many they are.
 */
size_t option_all(const struct option_table *table, struct option_entry *all);

/*
 * Returns the whole number that text, the argument of the option called name, is.
 * Behind its digits may stand one character of suffixes, of which the first
 * multiplies by 2^10, the second by 2^20 and so on. When text is anything else, or
 * the number is less than least or more than most, the process ends with 100 and
 * says so.
 */
uint64_t option_number(const char *name, const char *text, uint64_t least, uint64_t most,
    const char *suffixes);

#endif
