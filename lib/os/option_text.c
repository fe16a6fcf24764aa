/*
 * Writes what --help prints. In: a table of options. Out: text.
 */
#include "os/option.h"

#include <string.h>

static void
option_put_blanks(struct buf *out, size_t n)
{
	while (n-- > 0)
		buf_putc(out, ' ');
}

/* Appends the names of an option and what it takes. */
static void
option_put_names(struct buf *out, const struct option_entry *e)
{
	if (e->letter > ' ' && e->letter < OPTION_LONG)
		buf_putf(out, "-%c, ", e->letter);
	buf_putf(out, "--%s", e->name);
	if (e->argument != NULL)
		buf_putf(out, " %s", e->argument);
}

/* Appends what stands behind the names, which have taken `used` columns; each line of it begins at column. */
static void
option_put_lines(struct buf *out, const char *help, size_t used, size_t column)
{
	if (*help != '\n')
		option_put_blanks(out, used + 2 < column ? column - used : 2);
	for (; *help != '\0'; help++) {
		buf_putc(out, *help);
		if (*help == '\n')
			option_put_blanks(out, column);
	}
	buf_putc(out, '\n');
}

void
option_put_help(struct buf *out, const struct option_table *table)
{
	struct option_entry all[MAX_OPTIONS];
	size_t n = option_all(table, all), line = 0;
	bool begins = true;

	buf_puts(out, table->usage);
	for (size_t i = 0; i < n; i++) {
		const struct option_entry *e = &all[i];

		if (begins)
			line = out->n;
		if (begins)
			option_put_blanks(out, e->letter > ' ' && e->letter < OPTION_LONG ? 2 : 6);
		else
			buf_puts(out, ", ");
		option_put_names(out, e);
		begins = e->help != NULL;
		if (begins)
			option_put_lines(out, e->help, out->n - line, table->column);
	}
	buf_puts(out, table->notes);
}
