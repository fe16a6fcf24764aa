/*
 * Reads command lines. In: argv and a table of options. Out: letters, settings of base/tell,
 * numbers, or the end of the process.
 */
#include "os/option.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/digits.h"
#include "base/tell.h"
#include "base/version.h"

enum { LETTER_COMPLETION = 1 };	/* no tool has it */

/* What every tool has; ct(7) describes it. */
static const struct option_entry option_common[] = {
	{ 'q', "quiet", NULL, NULL },
	{ 'v', "verbose", NULL, "tell warnings only; tell more (-vv: everything)" },
	{ 'h', "help", NULL, NULL },
	{ 'V', "version", NULL, NULL },
	{ LETTER_COMPLETION, "completion", "bash|zsh", "print one of these and exit" },
};

/* What getopt_long wants to know. */
struct option_getopt {
	char letters[2 * MAX_OPTIONS + 2];
	struct option names[MAX_OPTIONS + 1];
};

size_t
option_all(const struct option_table *table, struct option_entry *all)
{
	size_t n = 0, common = sizeof(option_common) / sizeof(option_common[0]);

	while (table->entries[n].name != NULL)
		if (n++ == MAX_OPTIONS - common)
			die_bug("a tool has more than %d options", MAX_OPTIONS);
	memcpy(all, table->entries, n * sizeof(*all));
	memcpy(all + n, option_common, sizeof(option_common));
	return n + common;
}

static void
option_list(struct option_getopt *g, const struct option_entry *all, size_t n)
{
	char *letter = g->letters;

	*letter++ = ':';	/* getopt_long leaves it to us to say what is wrong */
	for (size_t i = 0; i < n; i++) {
		const struct option_entry *e = &all[i];
		bool takes = e->argument != NULL;

		g->names[i] = (struct option){
			e->name, takes ? required_argument : no_argument, NULL, e->letter,
		};
		if (e->letter > ' ' && e->letter < OPTION_LONG)
			*letter++ = (char)e->letter;
		if (takes && letter[-1] == e->letter)
			*letter++ = ':';
	}
	*letter = '\0';
	g->names[n] = (struct option){ NULL, 0, NULL, 0 };
}

/* Ends the process for what getopt_long has not understood, c, in a line that names it. */
_Noreturn static void
option_refuse(const char *tool, const struct option_entry *all, size_t n, int c, char **argv)
{
	const char *word = argv[optind - 1];

	for (size_t i = 0; i < n; i++) {
		if (all[i].letter != optopt)
			continue;
		if (c == ':')
			die_usage("--%s wants a value, %s; try %s --help", all[i].name,
			    all[i].argument, tool);
		die_usage("%s: --%s takes no value; try %s --help", word, all[i].name, tool);
	}
	if (optopt != 0)
		die_usage("-%c: unknown option; try %s --help", optopt, tool);
	die_usage("%s: unknown option; try %s --help", word, tool);
}

_Noreturn static void
option_print(struct buf *text)
{
	if (fwrite(text->p, 1, text->n, stdout) != text->n || fflush(stdout) != 0)
		die_world("cannot write to stdout:");
	buf_free(text);
	exit(0);
}

/* Carries out an option that every tool has. Returns false when c is another one. */
static bool
option_take(const struct option_table *table, int c)
{
	struct buf text;

	buf_init(&text);
	switch (c) {
	case 'q':
		tell_quieter();
		return true;
	case 'v':
		tell_louder();
		return true;
	case 'h':
		option_put_help(&text, table);
		option_print(&text);
	case 'V':
		buf_putf(&text, "%s %s\n", table->tool, CT_VERSION);
		option_print(&text);
	case LETTER_COMPLETION:
		if (!option_put_completion(&text, table, optarg))
			die_usage("--completion %s: it is bash or zsh", optarg);
		option_print(&text);
	default:
		return false;
	}
}

int
option_next(const struct option_table *table, int argc, char **argv)
{
	struct option_entry all[MAX_OPTIONS];
	struct option_getopt g;
	size_t n = option_all(table, all);
	int c;

	option_list(&g, all, n);
	opterr = 0;
	do {
		c = getopt_long(argc, argv, g.letters, g.names, NULL);
		if (c == '?' || c == ':')
			option_refuse(table->tool, all, n, c, argv);
	} while (option_take(table, c));
	if (c == -1 && optind < argc)
		die_usage("%s: %s; try %s --help", argv[optind], table->operands, table->tool);
	return c;
}

uint64_t
option_number(const char *name, const char *text, uint64_t least, uint64_t most,
    const char *suffixes)
{
	uint64_t n = 0;
	struct span rest = span_str(text);
	bool fits = digits_take(&rest, &n);
	const char *suffix = rest.n == 1 ? strchr(suffixes, rest.p[0]) : NULL;

	if (suffix != NULL) {
		unsigned shift = 10 * (unsigned)(suffix - suffixes + 1);

		rest = span_from(rest, 1);
		fits &= n <= most >> shift;
		n <<= shift;
	}
	if (!fits || rest.n > 0 || n < least || n > most)
		die_usage("%s %s: it is a number from %llu to %llu", name, text,
		    (unsigned long long)least, (unsigned long long)most);
	return n;
}
