/*
 * Reads the command line.
 *
 * in: argv, and PORT of the environment
 * out: what to serve, where and to whom
 */
#include "ct-ws/options.h"

#include <getopt.h>
#include <stdlib.h>

#include "base/die.h"
#include "os/option.h"

enum {
	MIN_RING = 4096,	/* bytes; a quarter of it still holds a heartbeat */
	MAX_CLIENTS = 1000000,
	MAX_STALE = 100 * 24 * 3600,	/* seconds */
};

/* The options without a letter. */
enum {
	OPTION_PER_ADDRESS = 256,
	OPTION_TRUST_PROXY,
	OPTION_PROXY_PROTOCOL,
	OPTION_ALLOW,
	OPTION_DENY,
	OPTION_TOKEN_FILE,
};

static const char help[] =
    "usage: ct-ws [-qv] [-b BUS] [-a ADDRESS]... [-p PORT] [-C CERT -K KEY] [OPTION...]\n"
    "  -b, --bus ADDR           the bus to read ($CT_BUS, else the default of ct-bus(5))\n"
    "  -a, --address ADDR       listen here, or at unix:PATH; may be repeated (all)\n"
    "  -p, --port N             listen on this port ($PORT, else 8080; 0: any free one)\n"
    "  -C, --cert FILE          speak TLS with this certificate and its chain (PEM)\n"
    "  -K, --key FILE           its key (default: in the file of --cert)\n"
    "  -m, --max-clients N      connections at once (10000)\n"
    "  -w, --workers N          serve with N processes (one, without a parent)\n"
    "  -r, --ring BYTES[k|m|g]  how far a slow client may fall behind (16m)\n"
    "  -H, --history BYTES[k|m|g]  events kept for clients that come back (8m)\n"
    "  -s, --stale SECONDS      health is bad after so long without a certificate (300)\n"
    "      --per-address N      connections at once of one address, of IPv6 by /64\n"
    "      --allow CIDR[,...]   let only these addresses in; may be repeated\n"
    "      --deny CIDR[,...]    keep these addresses out; the longest prefix decides\n"
    "      --trust-proxy CIDR[,...]  believe X-Forwarded-For of these (or unix)\n"
    "      --proxy-protocol     trusted proxies begin with a PROXY header\n"
    "      --token-file FILE    let only those in who bring a token of this file\n"
    "  -q, --quiet              tell errors and warnings only\n"
    "  -v, --verbose            tell more, -vv everything\n"
    "  -h, --help  -V, --version\n"
    "\n"
    "WebSockets: / (lite) /full-stream /domains-only; also /sse /stream.ndjson, filters as in\n"
    "/?domain=example.com; / is a page. See ct-ws(1).\n";

static const struct option options[] = {
	{ "bus", required_argument, NULL, 'b' },
	{ "address", required_argument, NULL, 'a' },
	{ "port", required_argument, NULL, 'p' },
	{ "cert", required_argument, NULL, 'C' },
	{ "key", required_argument, NULL, 'K' },
	{ "max-clients", required_argument, NULL, 'm' },
	{ "workers", required_argument, NULL, 'w' },
	{ "ring", required_argument, NULL, 'r' },
	{ "history", required_argument, NULL, 'H' },
	{ "stale", required_argument, NULL, 's' },
	{ "per-address", required_argument, NULL, OPTION_PER_ADDRESS },
	{ "allow", required_argument, NULL, OPTION_ALLOW },
	{ "deny", required_argument, NULL, OPTION_DENY },
	{ "trust-proxy", required_argument, NULL, OPTION_TRUST_PROXY },
	{ "proxy-protocol", no_argument, NULL, OPTION_PROXY_PROTOCOL },
	{ "token-file", required_argument, NULL, OPTION_TOKEN_FILE },
	{ "quiet", no_argument, NULL, 'q' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

static void
options_add_address(struct options *o, const char *address)
{
	if (o->address_count == OPTIONS_ADDRESSES)
		die_usage("--address: at most %d addresses are listened on", OPTIONS_ADDRESSES);
	o->addresses[o->address_count++] = address;
}

static void
options_add_cidrs(const char *name, struct cidrs *list, const char *text)
{
	const char *why = cidrs_add(list, span_str(text));

	if (why != NULL)
		die_usage("%s %s: %s", name, text, why);
}

/* Takes an option of the door. Returns false when c is another one. */
static bool
options_take_door(struct door *d, int c)
{
	switch (c) {
	case OPTION_PER_ADDRESS:
		d->census.most = (uint32_t)option_number("--per-address", optarg, 1, MAX_CLIENTS, "");
		return true;
	case OPTION_ALLOW:
		options_add_cidrs("--allow", &d->allowed, optarg);
		return true;
	case OPTION_DENY:
		options_add_cidrs("--deny", &d->denied, optarg);
		return true;
	case OPTION_TRUST_PROXY:
		options_add_cidrs("--trust-proxy", &d->trusted, optarg);
		return true;
	case OPTION_PROXY_PROTOCOL:
		d->proxy_protocol = true;
		return true;
	case OPTION_TOKEN_FILE:
		d->token_file = optarg;
		return true;
	default:
		return false;
	}
}

static void
options_take_one(struct options *o, int c)
{
	switch (c) {
	case 'b':
		o->bus = optarg;
		break;
	case 'a':
		options_add_address(o, optarg);
		break;
	case 'p':
		o->port = optarg;
		break;
	case 'C':
		o->cert = optarg;
		break;
	case 'K':
		o->key = optarg;
		break;
	case 'm':
		o->server.max_clients =
		    (size_t)option_number("--max-clients", optarg, 1, MAX_CLIENTS, "");
		break;
	case 'w':
		o->workers = (size_t)option_number("--workers", optarg, 1, MAX_WORKERS, "");
		break;
	case 'r':
		o->server.ring = (size_t)option_number("--ring", optarg, MIN_RING, SIZE_MAX / 8, "kmg");
		break;
	case 'H':
		o->server.history =
		    (size_t)option_number("--history", optarg, MIN_RING, SIZE_MAX / 8, "kmg");
		break;
	case 's':
		o->server.stale = option_number("--stale", optarg, 0, MAX_STALE, "");
		break;
	default:
		if (!options_take_door(&o->door, c))
			option_take(c, "ct-ws", help);
	}
}

/* Ends the process when what was given does not fit together. */
static void
options_check(struct options *o)
{
	option_number("--port", o->port, 0, 65535, "");
	if (o->key != NULL && o->cert == NULL)
		die_usage("--key: the certificate is missing; name it with --cert");
	if (o->key == NULL)
		o->key = o->cert;
	if (o->door.proxy_protocol && o->door.trusted.count == 0 && !o->door.trusted.local)
		die_usage("--proxy-protocol: name the proxies with --trust-proxy");
}

void
options_take(struct options *o, int argc, char **argv)
{
	const char *port = getenv("PORT");
	int c;

	*o = (struct options){
		.port = port != NULL && *port ? port : "8080",
		.server = { .max_clients = 10000, .ring = 16 << 20, .history = 8 << 20,
			.stale = HEALTH_STALE_S, .door = &o->door },
		.door = { .hash = hash_open() },
	};
	census_init(&o->door.census, o->door.hash, 0);
	while ((c = getopt_long(argc, argv, "b:a:p:C:K:m:w:r:H:s:qvhV", options, NULL)) != -1)
		options_take_one(o, c);
	if (optind < argc)
		die_usage("%s: arguments are not taken, only options; try ct-ws --help", argv[optind]);
	options_check(o);
}
