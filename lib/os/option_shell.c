/*
 * Writes completions for shells. In: a table of options. Out: the text of a file that bash or zsh
 * reads: for bash a function and the order to use it (Bash Reference Manual 8.6), for zsh a call of
 * _arguments (zshcompsys(1)).
 */
#include "os/option.h"

#include <string.h>

enum argument { ARGUMENT_NONE, ARGUMENT_FILE, ARGUMENT_DIR, ARGUMENT_WORDS, ARGUMENT_ANY };

/* Tells by what --help calls the argument of an option what it is. */
static enum argument
shell_argument(const struct option_entry *e)
{
	const char *a = e->argument;

	if (a == NULL)
		return ARGUMENT_NONE;
	if (strncmp(a, "FILE", 4) == 0)
		return ARGUMENT_FILE;
	if (strncmp(a, "DIR", 3) == 0)
		return ARGUMENT_DIR;
	if (strchr(a, '|') != NULL && a[strspn(a, "abcdefghijklmnopqrstuvwxyz0123456789|")] == '\0')
		return ARGUMENT_WORDS;
	return ARGUMENT_ANY;
}

static bool
shell_has_letter(const struct option_entry *e)
{
	return e->letter > ' ' && e->letter < OPTION_LONG;
}

/* Appends text with each character of `from` as `to`. */
static void
shell_put(struct buf *out, const char *text, char from, const char *to)
{
	for (; *text != '\0'; text++)
		if (*text == from)
			buf_puts(out, to);
		else
			buf_putc(out, *text);
}

/* ---- bash ---- */

/* Appends the branch of the options whose arguments are of this kind; of words, that of one option. */
static void
shell_put_branch(struct buf *out, const struct option_entry *all, size_t n, enum argument kind,
    const char *action)
{
	const char *between = "\t";

	for (size_t i = 0; i < n; i++) {
		if (shell_argument(&all[i]) != kind)
			continue;
		buf_puts(out, between);
		if (shell_has_letter(&all[i]))
			buf_putf(out, "-%c|", all[i].letter);
		buf_putf(out, "--%s", all[i].name);
		between = "|";
	}
	if (*between == '|')
		buf_putf(out, ")%s ;;\n", action);
}

static void
shell_put_bash(struct buf *out, const struct option_table *table)
{
	struct option_entry all[MAX_OPTIONS];
	size_t n = option_all(table, all);

	buf_putf(out, "# bash completion for %s; written by: %s --completion bash\n_", table->tool,
	    table->tool);
	shell_put(out, table->tool, '-', "_");
	buf_puts(out, "()\n{\n"
	    "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}\n\n"
	    "\tCOMPREPLY=()\n"
	    "\t[ \"$cur\" != = ] || cur=\n"
	    "\t[ \"$prev\" != = ] || prev=${COMP_WORDS[COMP_CWORD - 2]}\n"
	    "\tcase $prev in\n");
	shell_put_branch(out, all, n, ARGUMENT_FILE,
	    " compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")");
	shell_put_branch(out, all, n, ARGUMENT_DIR,
	    " compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- \"$cur\")");
	for (size_t i = 0; i < n; i++)
		if (shell_argument(&all[i]) == ARGUMENT_WORDS) {
			struct buf words = { 0 };

			buf_puts(&words, " mapfile -t COMPREPLY < <(compgen -W '");
			shell_put(&words, all[i].argument, '|', " ");
			buf_puts(&words, "' -- \"$cur\")");
			shell_put_branch(out, &all[i], 1, ARGUMENT_WORDS, buf_str(&words));
			buf_free(&words);
		}
	shell_put_branch(out, all, n, ARGUMENT_ANY, "");
	buf_puts(out, "\t*) mapfile -t COMPREPLY < <(compgen -W '");
	for (size_t i = 0; i < n; i++)
		buf_putf(out, "%s--%s", i > 0 ? " " : "", all[i].name);
	buf_putf(out, "' -- \"$cur\") ;;\n\tesac\n}\ncomplete -F _");
	shell_put(out, table->tool, '-', "_");
	buf_putf(out, " %s\n", table->tool);
}

/* ---- zsh ---- */

/* Appends help as one line, in a text between single quotes and square brackets. */
static void
shell_put_description(struct buf *out, const char *help)
{
	for (help += *help == '\n'; *help != '\0'; help++)
		switch (*help) {
		case '\n':
			buf_putc(out, ' ');
			break;
		case '\'':
			buf_puts(out, "'\\''");
			break;
		case '[':
		case ']':
		case '\\':
			buf_putc(out, '\\');
			/* fall through */
		default:
			buf_putc(out, *help);
		}
}

static void
shell_put_action(struct buf *out, const struct option_entry *e)
{
	enum argument kind = shell_argument(e);

	if (kind == ARGUMENT_NONE)
		return;
	buf_putc(out, ':');
	shell_put(out, e->argument, ':', "\\:");
	buf_putc(out, ':');
	if (kind == ARGUMENT_FILE)
		buf_puts(out, "_files");
	if (kind == ARGUMENT_DIR)
		buf_puts(out, "_files -/");
	if (kind == ARGUMENT_WORDS) {
		buf_putc(out, '(');
		shell_put(out, e->argument, '|', " ");
		buf_putc(out, ')');
	}
}

static void
shell_put_zsh(struct buf *out, const struct option_table *table)
{
	struct option_entry all[MAX_OPTIONS];
	size_t n = option_all(table, all);

	buf_putf(out, "#compdef %s\n# zsh completion for %s; written by: %s --completion zsh\n"
	    "_arguments -s -S", table->tool, table->tool, table->tool);
	for (size_t i = 0; i < n; i++) {
		const struct option_entry *e = &all[i], *told = e;
		bool takes = e->argument != NULL;

		while (told->help == NULL)	/* it is described with one of the next */
			told++;
		buf_puts(out, " \\\n\t");
		if (shell_has_letter(e))
			buf_putf(out, "'*'{-%c%s,--%s%s}'[", e->letter, takes ? "+" : "", e->name,
			    takes ? "=" : "");
		else
			buf_putf(out, "'*--%s%s[", e->name, takes ? "=" : "");
		shell_put_description(out, told->help);
		buf_putc(out, ']');
		shell_put_action(out, e);
		buf_putc(out, '\'');
	}
	buf_putc(out, '\n');
}

bool
option_put_completion(struct buf *out, const struct option_table *table, const char *shell)
{
	if (strcmp(shell, "bash") == 0)
		shell_put_bash(out, table);
	else if (strcmp(shell, "zsh") == 0)
		shell_put_zsh(out, table);
	else
		return false;
	return true;
}
