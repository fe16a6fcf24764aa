/*
 * The command lines of all tools. A tool lists its options once, in a table, from which come what
 * getopt_long takes, the text of --help, and the completions of the shells.
 */
#ifndef OS_OPTION_H
#define OS_OPTION_H

#include <stdint.h>

#include "base/buf.h"

enum {
	OPTION_LONG = 256,	/* an option without a short name has a number from here on as its letter */
	MAX_OPTIONS = 64,	/* options of one tool, those that every tool has included */
};

/* An option, as a tool lists it. */
struct option_entry {
	int letter;		/* its short name; from OPTION_LONG on: it has none */
	const char *name;	/* its long name, without -- */
	const char *argument;	/* what it takes, as --help calls it (see below); NULL: nothing */
	const char *help;	/* one line or more, for --help; NULL: the next option's help describes it */
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
	size_t column;		/* where help begins in a line of --help, counted from 0 */
	const char *notes;	/* the last lines of --help */
	const char *operands;	/* what is told when an argument is not an option */
};

/*
 * Reads the next option of the command line, argc and argv as main has them, and carries out those
 * that every tool has: -q and -v change what base/tell.h tells; -h, -V and --completion print
 * something and end the process with 0. Returns the letter of any other option, whose argument is in
 * optarg then, or -1 when there are no more. When an option is not in the table or lacks its
 * argument, or there is an argument that is not an option, the process says so and ends with 100.
 */
int option_next(const struct option_table *table, int argc, char **argv);

/* Appends the text of --help to out. */
void option_put_help(struct buf *out, const struct option_table *table);

/*
 * Appends to out the completion for shell, which is "bash" or "zsh". Returns true, or false with
 * nothing appended when it is another one.
 */
bool option_put_completion(struct buf *out, const struct option_table *table, const char *shell);

/*
 * Copies the entries of table and then those that every tool has into all, which has room for
 * MAX_OPTIONS. Returns how many they are.
 */
size_t option_all(const struct option_table *table, struct option_entry *all);

/*
 * Returns the whole number in text, the argument of the option called name. Behind its
 * digits may stand one character of suffixes; the first character there multiplies by
 * 2^10, the second by 2^20 and so on. When text is anything else, or
 * the number is less than least or more than most, the process ends with 100 and
 * says so.
 */
uint64_t option_number(const char *name, const char *text, uint64_t least, uint64_t most,
    const char *suffixes);

#endif
