/*
 * ct-log: a Certificate Transparency log for the tests and the demo. This file reads
 * the command line and calls what carries it out.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/log/entries.h"
#include "tests/log/fail.h"
#include "tests/log/fault_kind.h"
#include "tests/log/folder.h"
#include "tests/log/query.h"
#include "tests/log/serve.h"

struct options {
	struct serve serve;	/* seed, dir, size and broken are for all commands */
	const char *name;	/* -l of a command for one log */
	const char *origin;
	const char *root;	/* hex */
	uint64_t time;		/* ms; 0 is now */
	bool list;
};

static const char help[] =
    "ct-log: a Certificate Transparency log on loopback, made from a seed\n"
    "\n"
    "ct-log serve [-p PORT] [-H HOSTS] [-S] [-s SEED] [-l NAME=TYPE,...] [-n SIZE] [-r RATE]\n"
    "             [-m MOST] [-P PAGE] [-B PERCENT] [-d DIR] [-F FILE] [-f RULE]...\n"
    "             [-A FILE]\n"
    "  -p, --port N      0, the default, is any; the line 'ready URL' tells\n"
    "  -l, --logs LIST   TYPE is rfc6962, tiled or both, then maybe :SIZE or :SIZE:RATE\n"
    "                    (default alder=rfc6962,birch=tiled,cedar=both)\n"
    "  -S, --same        logs of a type hold the entries of the first of them: quick to make\n"
    "  -n, --size N      entries of each log at the start (default 1000)\n"
    "  -H, --hosts N     spread the logs over 127.0.0.1 to 127.0.0.N (default 1)\n"
    "  -r, --rate R      entries a second and log (default 0)\n"
    "  -m, --most N      stop growing at\n"
    "  -P, --page N      most entries that get-entries gives (default 256)\n"
    "  -d, --dir DIR     write log_list.json, log_list.sig, list-key.pem, NAME.pem\n"
    "  -F, --faults FILE rules of faults, one a line, read again when the file changes\n"
    "  -f, --fault RULE  one more, which stays\n"
    "  -A, --requests FILE\n"
    "                    append a line for each request: time, port, method, target,\n"
    "                    status, bytes, endpoint, entries\n"
    "ct-log faults       how rules are written, and all faults\n"
    "ct-log entries [-l NAME=TYPE] [-s SEED] [-n SIZE] [-B PERCENT]\n"
    "                    the entries of a log, a line of JSON each\n"
    "ct-log write -d DIR [-s SEED] [-l NAME] [-o ORIGIN] [-n SIZE] [-B PERCENT]\n"
    "                    one tiled log as a folder of files\n"
    "ct-log sign -o ORIGIN -n SIZE -R ROOTHEX [-s SEED] [-l NAME] [-t MS]\n"
    "                    a checkpoint over any tree\n"
    "ct-log key [-s SEED] [-l NAME | --list]\n"
    "                    public key of a log, or of the log list, as PEM\n"
    "ct-log tree         size and root of the 32-byte leaf hashes on stdin\n"
    "\n"
    "  -s, --seed TEXT   where all keys and entries come from (default ct)\n"
    "  -B, --broken P    percent of certificates with a defect (default 1)\n"
    "  -h, --help\n";

static const struct option long_options[] = {
	{ "port", required_argument, NULL, 'p' },
	{ "seed", required_argument, NULL, 's' },
	{ "logs", required_argument, NULL, 'l' },
	{ "log", required_argument, NULL, 'l' },
	{ "size", required_argument, NULL, 'n' },
	{ "same", no_argument, NULL, 'S' },
	{ "hosts", required_argument, NULL, 'H' },
	{ "rate", required_argument, NULL, 'r' },
	{ "most", required_argument, NULL, 'm' },
	{ "page", required_argument, NULL, 'P' },
	{ "broken", required_argument, NULL, 'B' },
	{ "dir", required_argument, NULL, 'd' },
	{ "faults", required_argument, NULL, 'F' },
	{ "fault", required_argument, NULL, 'f' },
	{ "requests", required_argument, NULL, 'A' },
	{ "origin", required_argument, NULL, 'o' },
	{ "root", required_argument, NULL, 'R' },
	{ "time", required_argument, NULL, 't' },
	{ "list", no_argument, NULL, 'L' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static uint64_t
main_number(char option, const char *text, uint64_t least, uint64_t most)
{
	uint64_t n;

	if (!query_decimal(text, &n) || n < least || n > most)
		fail_usage("-%c takes a number from %llu to %llu, not '%s'", option,
		    (unsigned long long)least, (unsigned long long)most, text);
	return n;
}

static double
main_fraction(char option, const char *text, double most)
{
	char *end;
	double x = strtod(text, &end);

	if (end == text || *end != '\0' || !(x >= 0 && x <= most))
		fail_usage("-%c takes a number from 0 to %g, not '%s'", option, most, text);
	return x;
}

static void
main_option(struct options *o, char option, const char *value)
{
	switch (option) {
	case 'p':
		o->serve.port = (unsigned)main_number(option, value, 0, 65535);
		break;
	case 's':
		o->serve.seed = value;
		break;
	case 'l':
		o->serve.logs = o->name = value;
		break;
	case 'n':
		o->serve.size = main_number(option, value, 0, UINT32_MAX);
		break;
	case 'S':
		o->serve.same = true;
		break;
	case 'H':
		o->serve.hosts = (unsigned)main_number(option, value, 1, SERVE_HOSTS);
		break;
	case 'r':
		o->serve.rate = main_fraction(option, value, 1e6);
		break;
	case 'm':
		o->serve.most = main_number(option, value, 0, UINT32_MAX);
		break;
	case 'P':
		o->serve.page = main_number(option, value, 1, 100000);
		break;
	case 'B':
		o->serve.broken = (uint32_t)(main_fraction(option, value, 100) * 100 + 0.5);
		break;
	case 'd':
		o->serve.dir = value;
		break;
	case 'F':
		o->serve.rules_file = value;
		break;
	case 'f':
		if (o->serve.rules == SERVE_RULES)
			fail_usage("-f is given at most %d times", SERVE_RULES);
		o->serve.rule[o->serve.rules++] = value;
		break;
	case 'A':
		o->serve.requests = value;
		break;
	case 'o':
		o->origin = value;
		break;
	case 'R':
		o->root = value;
		break;
	case 't':
		o->time = main_number(option, value, 1, INT64_MAX);
		break;
	case 'L':
		o->list = true;
		break;
	}
}

/* Reads the options of a command. letters are those it has, written as for getopt, with 'h' among them. */
static void
main_options(struct options *o, int argc, char **argv, const char *letters)
{
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, letters, long_options, NULL)) != -1) {
		if (c == 'h') {
			fputs(help, stdout);
			exit(0);
		}
		if (c == '?' || c == ':' || strchr(letters, c) == NULL)
			fail_usage("option '%s' is not one of ct-log %s, or lacks its value",
			    argv[optind - 1], argv[0]);
		main_option(o, (char)c, optarg);
	}
	if (optind < argc)
		fail_usage("ct-log %s does not take '%s'", argv[0], argv[optind]);
}

static void
main_print(const struct bytes *b)
{
	if (fwrite(b->at, 1, b->len, stdout) != b->len || fflush(stdout) != 0)
		fail_world("cannot write to stdout");
}

static void
main_serve(struct options *o)
{
	serve_run(&o->serve);
}

static void
main_set_origin(const struct options *o, struct log *l)
{
	const char *origin = o->origin;

	if (origin == NULL) {
		snprintf(l->origin, sizeof(l->origin), "%s.log.example", l->name);
		return;
	}
	if (*origin == '\0' || strlen(origin) >= sizeof(l->origin) ||
	    strpbrk(origin, " +\n") != NULL)
		fail_usage("'%s' cannot be an origin", origin);
	snprintf(l->origin, sizeof(l->origin), "%s", origin);
}

static void
main_write(struct options *o)
{
	static struct log l;
	static struct pki pki;

	if (o->serve.dir == NULL)
		fail_usage("ct-log write needs -d DIR");
	log_check_name(o->name);
	pki_init(&pki, o->serve.seed);
	log_init(&l, &pki, o->name, LOG_TILED, o->serve.broken);
	main_set_origin(o, &l);
	log_grow(&l, o->serve.size);
	log_publish(&l, log_clock());
	folder_write(&l, o->serve.dir);
}

static void
main_sign(struct options *o)
{
	static struct log l;
	struct head head = { .size = o->serve.size, .timestamp = o->time };
	struct bytes out = { 0 };
	unsigned i, byte;

	if (o->origin == NULL || o->root == NULL || strlen(o->root) != 64 ||
	    strspn(o->root, "0123456789abcdefABCDEF") != 64)
		fail_usage("ct-log sign needs -o ORIGIN and -R with 64 hex digits");
	main_set_origin(o, &l);
	for (i = 0; i < 32 && sscanf(o->root + 2 * i, "%2x", &byte) == 1; i++)
		head.root[i] = (unsigned char)byte;
	if (head.timestamp == 0)
		head.timestamp = log_clock();
	log_check_name(o->name);
	log_init_key(&l.key, o->serve.seed, o->name);
	head_sign(&head, &l.key);
	head_put_checkpoint(&head, &l.key, l.origin, o->serve.seed, &out);
	main_print(&out);
	bytes_free(&out);
}

static void
main_key(struct options *o)
{
	static struct pki pki;
	struct bytes out = { 0 };
	struct key key;

	if (o->list) {
		pki_init_list_key(&pki, o->serve.seed);
		key_put_pem(&pki.list_key, &out);
	} else {
		log_check_name(o->name);
		log_init_key(&key, o->serve.seed, o->name);
		key_put_pem(&key, &out);
	}
	main_print(&out);
	bytes_free(&out);
}

static void
main_tree(struct options *o)
{
	unsigned char hash[TREE_HASH];
	struct tree tree = { 0 };
	struct bytes out = { 0 };
	size_t n;

	(void)o;
	while ((n = fread(hash, 1, sizeof(hash), stdin)) == sizeof(hash))
		tree_put_hash(&tree, hash);
	if (n != 0 || ferror(stdin))
		fail_world("stdin does not end with a whole hash of %d bytes", TREE_HASH);
	bytes_printf(&out, "%llu ", (unsigned long long)tree.size);
	tree_root(&tree, tree.size, hash);
	bytes_put_hex(&out, hash, sizeof(hash));
	bytes_put_byte(&out, '\n');
	main_print(&out);
	bytes_free(&out);
	tree_free(&tree);
}

static void
main_faults(struct options *o)
{
	struct bytes out = { 0 };

	(void)o;
	fault_kind_list(&out);
	main_print(&out);
	bytes_free(&out);
}

static void
main_entries(struct options *o)
{
	entries_print(o->serve.seed, o->name, o->serve.size, o->serve.broken);
}

static const struct {
	const char *name, *letters;
	void (*run)(struct options *);
} commands[] = {
	{ "serve", "hp:H:Ss:l:n:r:m:P:B:d:F:f:A:", main_serve },
	{ "faults", "h", main_faults },
	{ "entries", "hs:l:n:B:", main_entries },
	{ "write", "hs:l:n:B:d:o:", main_write },
	{ "sign", "hs:l:n:o:R:t:", main_sign },
	{ "key", "hs:l:L", main_key },
	{ "tree", "h", main_tree },
};

int
main(int argc, char **argv)
{
	struct options o = {
		.serve = { .seed = "ct", .logs = "alder=rfc6962,birch=tiled,cedar=both",
		    .size = 1000, .most = UINT32_MAX, .page = 256, .broken = 100, .hosts = 1 },
		.name = "birch",
	};
	size_t i;

	if (argc >= 2 && (strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "--help") == 0)) {
		fputs(help, stdout);
		return 0;
	}
	for (i = 0; argc >= 2 && i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(argv[1], commands[i].name) != 0)
			continue;
		main_options(&o, argc - 1, argv + 1, commands[i].letters);
		commands[i].run(&o);
		return 0;
	}
	fail_usage(argc < 2 ? "no command given" : "no command '%s'", argv[1]);
}
