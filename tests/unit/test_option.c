/* os/option: a table of options as getopt_long, people and shells want it. What ends the process is in options.bats. */
#include "unit.h"

#include <unistd.h>

#include "os/option.h"

enum { OPTION_RATE = OPTION_LONG };

static const struct option_entry entries[] = {
	{ 'k', "key", "FILE", "the key" },
	{ 'd', "state", "DIR", NULL },
	{ 'o', "once", NULL, "where, and\nhow often" },
	{ OPTION_RATE, "rate", "HOST=N", "as N says" },
	{ 's', "stream", "full|lite", "\nthe form [it's one]" },
	{ 0, NULL, NULL, NULL },
};

static const struct option_table table = {
	.tool = "ct-test",
	.usage = "usage: ct-test\n",
	.entries = entries,
	.column = 20,
	.notes = "\nThe end.\n",
	.operands = "none are taken",
};

/* Reads the next option of a command line of up to seven words, which ends with NULL. */
static int
next(char **words)
{
	int n = 0;

	while (words[n] != NULL)
		n++;
	return option_next(&table, n, words);
}

static void
letters_and_names_are_the_same_option(void)
{
	char *words[] = { "ct-test", "-kone", "--key=two", "--key", "three", "-ok", "four", NULL };
	static const char *const values[] = { "one", "two", "three" };

	optind = 1;
	for (int i = 0; i < 3; i++) {
		CHECK(next(words) == 'k');
		CHECK_TEXT(span_str(optarg), values[i]);
	}
	CHECK(next(words) == 'o');
	CHECK(next(words) == 'k');
	CHECK_TEXT(span_str(optarg), "four");
	CHECK(next(words) == -1);
}

static void
an_option_without_a_letter_has_its_name_alone(void)
{
	char *words[] = { "ct-test", "--rate", "a=1", "--ra=b=2", NULL };

	optind = 1;
	CHECK(next(words) == OPTION_RATE);
	CHECK_TEXT(span_str(optarg), "a=1");
	CHECK(next(words) == OPTION_RATE);	/* a beginning of the name is enough */
	CHECK_TEXT(span_str(optarg), "b=2");
	CHECK(next(words) == -1);
}

static void
what_every_tool_has_is_carried_out_and_not_returned(void)
{
	char *words[] = { "ct-test", "-q", "-v", "-qo", NULL };

	optind = 1;
	CHECK(next(words) == 'o');
	CHECK(next(words) == -1);
}

static void
help_has_a_line_for_each_option_or_for_several(void)
{
	struct buf out = { 0 };

	option_put_help(&out, &table);
	CHECK_TEXT(buf_span(&out),
	    "usage: ct-test\n"
	    "  -k, --key FILE    the key\n"
	    "  -d, --state DIR, -o, --once  where, and\n"
	    "                    how often\n"
	    "      --rate HOST=N  as N says\n"
	    "  -s, --stream full|lite\n"
	    "                    the form [it's one]\n"
	    "  -q, --quiet, -v, --verbose  tell warnings only; tell more (-vv: everything)\n"
	    "  -h, --help, -V, --version, --completion bash|zsh  print one of these and exit\n"
	    "\nThe end.\n");
	buf_free(&out);
}

/* Returns true when the completion for this shell has the text. */
static bool
completes(const char *shell, const char *text)
{
	struct buf out = { 0 };
	bool has = option_put_completion(&out, &table, shell) && strstr(buf_str(&out), text) != NULL;

	buf_free(&out);
	return has;
}

static void
bash_is_told_what_each_argument_is(void)
{
	CHECK(completes("bash", "\t-k|--key) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f "));
	CHECK(completes("bash", "\t-d|--state) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d "));
	CHECK(completes("bash", "\t-s|--stream) mapfile -t COMPREPLY < <(compgen -W 'full lite' -- "));
	CHECK(completes("bash", "\t--rate) ;;\n"));
	CHECK(completes("bash", "complete -F _ct_test ct-test\n"));
}

static void
zsh_is_told_what_each_argument_is(void)
{
	CHECK(completes("zsh", "#compdef ct-test\n"));
	CHECK(completes("zsh", "\t'*'{-k+,--key=}'[the key]:FILE:_files' \\\n"));
	CHECK(completes("zsh", "\t'*'{-d+,--state=}'[where, and how often]:DIR:_files -/' \\\n"));
	CHECK(completes("zsh", "\t'*'{-o,--once}'[where, and how often]' \\\n"));
	CHECK(completes("zsh", "\t'*--rate=[as N says]:HOST=N:' \\\n"));
	CHECK(completes("zsh", "'[the form \\[it'\\''s one\\]]:full|lite:(full lite)' \\\n"));
}

static void
another_shell_is_refused(void)
{
	struct buf out = { 0 };

	CHECK(!option_put_completion(&out, &table, "fish"));
	CHECK(out.n == 0);
	buf_free(&out);
}

int
main(void)
{
	RUN(letters_and_names_are_the_same_option);
	RUN(an_option_without_a_letter_has_its_name_alone);
	RUN(what_every_tool_has_is_carried_out_and_not_returned);
	RUN(help_has_a_line_for_each_option_or_for_several);
	RUN(bash_is_told_what_each_argument_is);
	RUN(zsh_is_told_what_each_argument_is);
	RUN(another_shell_is_refused);
	return unit_end();
}
