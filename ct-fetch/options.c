/*
 * The command line of ct-fetch.
 *
 * in: argv and $CT_CONTACT
 * out: struct options, checked, or the end of the process with 100
 */
#include "ct-fetch/options.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

#include "base/die.h"
#include "base/tell.h"
#include "base/version.h"
#include "ct-fetch/log/protocol.h"
#include "ct-fetch/list/roster.h"
#include "enc/date.h"
#include "os/age.h"
#include "os/option.h"
#include "os/wall.h"

enum {
	OPTION_LIST = OPTION_LONG,
	OPTION_LIST_KEY,
	OPTION_UNSIGNED_LIST,
	OPTION_ALL_STATES,
	OPTION_POLL,
	OPTION_RATE,
	OPTION_BACKLOG,
	OPTION_PARTIAL,
	OPTION_PATIENCE,
	OPTION_UNPROVEN,
	OPTION_REFRESH,
	OPTION_SINCE,
	REFRESH = 3600 * 1000,	/* ms */
	MAX_SECONDS = 86400,
	BACKLOG = 1000000,		/* entries behind, beyond which a log goes on at its head */
	PATIENCE = 7200 * 1000,		/* ms that a page may fail */
};

static const struct option_entry options_entries[] = {
	{ 'L', "log-list", "FILE|URL", "log list, its .sig beside it (default: Google's)" },
	{ OPTION_LIST_KEY, "list-key", "FILE", NULL },
	{ OPTION_UNSIGNED_LIST, "unsigned-list", NULL, "who signs the -L before: it, nobody" },
	{ OPTION_REFRESH, "refresh", "SECS", "get the lists again about this often (default: 3600)" },
	{ 'l', "log", "GLOB", "logs by name, operator or URL; !GLOB excludes" },
	{ 'N', "shard", "K/N", "only the K-th of N shares of the logs" },
	{ OPTION_ALL_STATES, "all-states", NULL, "also pending, retired, rejected and test logs" },
	{ 'u', "url", "URL", NULL },
	{ 'K', "key", "FILE", "a log outside the list, and its key" },
	{ 't', "type", "rfc6962|tiled", "protocol of the -u before (default: it asks)" },
	{ OPTION_LIST, "list", NULL, "show what would be followed, and exit" },
	{ 's', "start", "N", "begin at entry N (default: where the log ends now)," },
	{ OPTION_SINCE, "since", "TIME", "or so that all of 2026-05-29T13:00:00Z, or 2h, come" },
	{ 'e', "end", "N", NULL },
	{ 'o', "once", NULL, "stop before entry N, at the head seen at start" },
	{ 'd', "state", "DIR", "store each log's place in DIR; go on there next time" },
	{ 'E', "external-marks", NULL, "write the places into the stream, do not store them" },
	{ 'c', "contact", "WHO", "e-mail or URL for the User-Agent, or $CT_CONTACT" },
	{ OPTION_UNPROVEN, "unproven", NULL, "write also what a log does not prove" },
	{ OPTION_BACKLOG, "backlog", "N", NULL },
	{ OPTION_PARTIAL, "partial", "SECS", NULL },
	{ OPTION_PATIENCE, "patience", "SECS", NULL },
	{ 'H', "hold", "N", "limits" },
	{ OPTION_POLL, "poll", "SECS", NULL },
	{ OPTION_RATE, "rate", "HOST=N", "ask for heads, or HOST, this often (1, 35/m)" },
	{ 'S', "status", "SECS", "write a status record this often" },
	{ 0, NULL, NULL, NULL },
};

static const struct option_table options_table = {
	.tool = "ct-fetch",
	.usage = "usage: ct-fetch [OPTION]...              (see ct-fetch(1) for more on each)\n"
		 "Fetches Certificate Transparency logs and writes their entries, a line each.\n",
	.entries = options_entries,
	.column = 27,
	.notes = "",
	.operands = "arguments are not taken, only options",
};

/* Reads seconds, which may have a fraction, as ms, at least `least` of them. */
static unsigned
options_seconds(const char *name, const char *text, double least)
{
	char *end;
	double s;

	errno = 0;
	s = strtod(text, &end);
	if (!isdigit((unsigned char)text[0]) || *end != '\0' || errno != 0 || s < least ||
	    s > MAX_SECONDS)
		die_usage("%s wants seconds, not \"%s\"", name, text);
	return (unsigned)(s * 1000 + 0.5);
}

/* Reads a time of RFC 3339, or how long ago it was, as "2h". Returns it in ms since 1970, at least 1. */
static uint64_t
options_time(const char *text)
{
	uint64_t age, now = wall_now();
	int64_t seconds;

	if (age_parse(text, &age))
		return age < now ? now - age : 1;
	if (!date_parse(span_str(text), &seconds))
		die_usage("--since wants a time as 2026-05-29T13:42:48Z, or an age as 2h, not \"%s\"", text);
	return seconds > 0 ? (uint64_t)seconds * 1000 : 1;
}

/*
 * ct-fetch/1.0 (+mailto:me@site): log operators give clients that say whom to
 * ask a larger share. The text must not be able to end the header or comment.
 */
static void
options_agent(struct options *o, const char *contact)
{
	buf_puts(&o->agent, "ct-fetch/" CT_VERSION);
	if (contact == NULL || contact[0] == '\0')
		return;
	for (const char *s = contact; *s != '\0'; s++)
		if (*s <= ' ' || *s > '~' || *s == '(' || *s == ')')
			die_usage("the contact must be an e-mail address or a URL");
	if (strchr(contact, '@') == NULL && strstr(contact, "://") == NULL)
		die_usage("the contact must be an e-mail address or a URL");
	if (strcasestr(contact, "example.com") != NULL)
		die_usage("a contact at example.com reaches nobody");
	o->has_contact = true;
	buf_puts(&o->agent, " (+");
	if (strstr(contact, "://") == NULL && strncmp(contact, "mailto:", 7) != 0)
		buf_puts(&o->agent, "mailto:");
	buf_puts(&o->agent, contact);
	buf_putc(&o->agent, ')');
}

static void
options_add_list(struct options *o, const char *where)
{
	const struct options_list *l = &o->lists[o->lists_n];

	if (l->key_file != NULL || l->is_unsigned)
		die_usage("--list-key and --unsigned-list go behind the -L they belong to");
	o->lists[o->lists_n++].where = where;
}

/* Returns the list that --list-key and --unsigned-list belong to. */
static struct options_list *
options_last_list(struct options *o)
{
	return &o->lists[o->lists_n > 0 ? o->lists_n - 1 : 0];
}

static const struct protocol *
options_type(const char *text)
{
	if (strcmp(text, protocol_rfc6962.name) == 0)
		return &protocol_rfc6962;
	if (strcmp(text, protocol_tiled.name) == 0)
		return &protocol_tiled;
	die_usage("-t wants rfc6962 or tiled, not \"%s\"", text);
}

/* Returns true when url names a user, perhaps with a password, in front of its host. */
static bool
options_has_user(const char *url)
{
	const char *authority = strstr(url, "://");

	if (authority == NULL)
		return false;
	authority += 3;
	return memchr(authority, '@', strcspn(authority, "/?#")) != NULL;
}

static void
options_add_url(struct options *o, const char *url)
{
	if (options_has_user(url))	/* its password is not repeated here */
		die_usage("-u wants a URL without a user name or password: it stands in every record");
	if (strncasecmp(url, "http://", 7) != 0 && strncasecmp(url, "https://", 8) != 0 &&
	    strncasecmp(url, "file:///", 8) != 0)
		die_usage("-u wants a URL with http, https or file, not \"%s\"", url);
	if (strncasecmp(url, "file:", 5) != 0 && strcspn(strstr(url, "://") + 3, "/") == 0)
		die_usage("-u %s: it names no host", url);
	if (strpbrk(url, " ?#") != NULL)
		die_usage("-u %s: a log's URL has no query, fragment or blank", url);
	o->logs[o->logs_n++].url = url;
}

static void
options_add_rate(struct options *o, const char *text)
{
	const char *why = preset_parse(text, &o->rates[o->rates_n++]);

	if (why != NULL)
		die_usage("--rate %s: %s", text, why);
}

/* Reads K/N: the K-th of N shares. */
static void
options_take_share(struct options *o, const char *text)
{
	unsigned k, n;
	char end;

	if (!isdigit((unsigned char)text[0]) || sscanf(text, "%5u/%5u%c", &k, &n, &end) != 2 || k < 1 ||
	    k > n)
		die_usage("-N wants K/N, such as 1/3 for the first of three shares, not \"%s\"", text);
	o->choice.share = k;
	o->choice.shares = n;
}

/* Takes an option that says which logs to follow. Returns false when c is another option. */
static bool
options_take_source(struct options *o, int c, const char *arg)
{
	switch (c) {
	case 'L':
		options_add_list(o, arg);
		return true;
	case OPTION_LIST_KEY:
		options_last_list(o)->key_file = arg;
		return true;
	case OPTION_UNSIGNED_LIST:
		options_last_list(o)->is_unsigned = true;
		return true;
	case OPTION_REFRESH:
		o->refresh = options_seconds("--refresh", arg, 0.001);
		return true;
	case 'l':
		o->choice.globs[o->choice.n++] = arg;
		return true;
	case OPTION_ALL_STATES:
		o->choice.all_states = true;
		return true;
	case 'N':
		options_take_share(o, arg);
		return true;
	case 'u':
		options_add_url(o, arg);
		return true;
	case 'K':
		o->logs[o->keys_n++].key_file = arg;
		return true;
	case 't':
		if (o->logs_n == 0)
			die_usage("-t goes behind the -u it belongs to");
		o->logs[o->logs_n - 1].protocol = options_type(arg);
		return true;
	case OPTION_LIST:
		o->list = true;
		return true;
	default:
		return false;
	}
}

static void
options_take(struct options *o, int c, const char *arg, const char **contact)
{
	switch (c) {
	case 's':
		o->has_start = true;
		o->start = option_number("-s", arg, 0, MAX_TREE_SIZE, "");
		break;
	case OPTION_SINCE:
		o->since = options_time(arg);
		break;
	case 'H':
		o->hold = option_number("-H", arg, 1, MAX_TREE_SIZE, "");
		break;
	case 'e':
		o->end = option_number("-e", arg, 1, MAX_TREE_SIZE, "");
		break;
	case 'o':
		o->once = true;
		break;
	case 'd':
		o->state = arg;
		break;
	case 'E':
		o->external_marks = true;
		break;
	case 'c':
		*contact = arg;
		break;
	case OPTION_POLL:
		o->poll = options_seconds("--poll", arg, 0.001);
		break;
	case OPTION_BACKLOG:
		o->backlog = option_number("--backlog", arg, 0, MAX_TREE_SIZE, "");
		break;
	case OPTION_PARTIAL:
		o->partial = options_seconds("--partial", arg, 0);
		break;
	case OPTION_PATIENCE:
		o->patience = options_seconds("--patience", arg, 0.001);
		break;
	case OPTION_UNPROVEN:
		o->unproven = true;
		break;
	case OPTION_RATE:
		options_add_rate(o, arg);
		break;
	case 'S':
		o->status = (unsigned)option_number("-S", arg, 0, MAX_SECONDS, "");
		break;
	}
}

/* Checks the log lists, and adds the default one where it is wanted. */
static void
options_check_lists(struct options *o)
{
	if (o->lists_n == 0 && (o->logs_n == 0 || o->choice.n > 0))
		o->lists[o->lists_n++].where = ROSTER_DEFAULT;
	if (o->lists_n == 0 && (o->lists[0].key_file != NULL || o->lists[0].is_unsigned))
		die_usage("--list-key and --unsigned-list go with -L");
	for (size_t i = 0; i < o->lists_n; i++) {
		const struct options_list *l = &o->lists[i];

		if (l->key_file != NULL && l->is_unsigned)
			die_usage("--list-key and --unsigned-list exclude each other");
		for (size_t k = 0; k < i; k++)
			if (strcmp(l->where, o->lists[k].where) == 0)
				die_usage("-L %s is given twice", l->where);
	}
}

static void
options_check(struct options *o)
{
	if (o->has_start && o->since > 0)
		die_usage("-s and --since exclude each other");
	if (o->has_start && o->end <= o->start)
		die_usage("nothing lies between -s and -e");
	if (o->keys_n < o->logs_n)
		die_usage("-u %s wants the log's key: -K FILE", o->logs[o->keys_n].url);
	if (o->keys_n > o->logs_n)
		die_usage("-K %s belongs to no -u", o->logs[o->logs_n].key_file);
	options_check_lists(o);
}

void
options_parse(struct options *o, int argc, char **argv)
{
	const char *contact = getenv("CT_CONTACT");
	size_t most = (size_t)argc;
	int c;

	*o = (struct options){
		.end = UINT64_MAX, .backlog = BACKLOG, .partial = UINT_MAX, .patience = PATIENCE,
		.refresh = REFRESH,
	};
	o->choice.globs = calloc(most, sizeof(*o->choice.globs));
	o->logs = calloc(most, sizeof(*o->logs));
	o->rates = calloc(most, sizeof(*o->rates));
	o->lists = calloc(most + 1, sizeof(*o->lists));	/* one more: the default */
	if (o->choice.globs == NULL || o->logs == NULL || o->rates == NULL || o->lists == NULL)
		die_world("out of memory");
	while ((c = option_next(&options_table, argc, argv)) != -1)
		if (!options_take_source(o, c, optarg))
			options_take(o, c, optarg, &contact);
	options_check(o);
	options_agent(o, contact);
}

void
options_free(struct options *o)
{
	free(o->choice.globs);
	free(o->logs);
	free(o->rates);
	free(o->lists);
	buf_free(&o->agent);
}
