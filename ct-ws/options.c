/*
 * Reads the command line.
 *
 * in: argv, and PORT of the environment
 * out: what to serve, where and to whom
 */
#include "ct-ws/options.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/die.h"
#include "os/option.h"

enum {
	MIN_RING = 4096,	/* bytes; a quarter of it still holds a heartbeat */
	MAX_CLIENTS = 1000000,
	MAX_STALE = 100 * 24 * 3600,	/* seconds */
};

/* The options without a letter. */
enum {
	OPTION_PER_ADDRESS = OPTION_LONG,
	OPTION_TRUST_PROXY,
	OPTION_PROXY_PROTOCOL,
	OPTION_ALLOW,
	OPTION_DENY,
	OPTION_TOKEN_FILE,
};

static const struct option_entry options_entries[] = {
	{ 'b', "bus", "ADDR", "the bus to read ($CT_BUS, else as ct-bus(5) says)" },
	{ 'a', "address", "ADDR", "listen here, or at unix:PATH; may be repeated (all)" },
	{ 'p', "port", "N", "listen on this port ($PORT, else 8080; 0: a free one)" },
	{ 'C', "cert", "FILE", "speak TLS with this certificate and its chain (PEM)" },
	{ 'K', "key", "FILE", "its key (default: in the file of --cert)" },
	{ 'm', "max-clients", "N", "connections at once (10000)" },
	{ 'w', "workers", "N", "serve with N processes (one, without a parent)" },
	{ 'r', "ring", "BYTES[k|m|g]", "how far a slow client may fall behind (16m)" },
	{ 'H', "history", "BYTES[k|m|g]", "events kept for clients that come back (8m)" },
	{ 's', "stale", "SECONDS", "health is bad so long after a certificate (300)" },
	{ OPTION_PER_ADDRESS, "per-address", "N", "connections at once of one address, of IPv6 by /64" },
	{ OPTION_ALLOW, "allow", "CIDR[,...]", "let only these addresses in; may be repeated" },
	{ OPTION_DENY, "deny", "CIDR[,...]", "keep these addresses out; the longest prefix decides" },
	{ OPTION_TRUST_PROXY, "trust-proxy", "CIDR[,...]",
	    "believe X-Forwarded-For of these (or unix)" },
	{ OPTION_PROXY_PROTOCOL, "proxy-protocol", NULL, "trusted proxies begin with a PROXY header" },
	{ OPTION_TOKEN_FILE, "token-file", "FILE", "let only those in who bring a token of this file" },
	{ 0, NULL, NULL, NULL },
};

static const struct option_table options_table = {
	.tool = "ct-ws",
	.usage = "usage: ct-ws [-b BUS] [-a ADDRESS]... [-p PORT] [-C CERT -K KEY] [OPTION]...\n",
	.entries = options_entries,
	.column = 27,
	.notes = "\n"
		 "WebSockets: / (lite) /full-stream /domains-only; also /sse /stream.ndjson,\n"
		 "filters as in /?domain=example.com; / is a page. See ct-ws(1).\n",
	.operands = "arguments are not taken, only options",
};

static void
options_add_address(struct options *o, const char *address)
{
	const char *colon = strchr(address, ':');

	if (o->address_count == OPTIONS_ADDRESSES)
		die_usage("--address: at most %d addresses are listened on", OPTIONS_ADDRESSES);
	if (address[0] == '\0')
		die_usage("--address: the address is missing");
	if (strcmp(address, "unix:") == 0)
		die_usage("--address unix:: the path of the socket is missing");
	/* An address of IPv6 has two colons at least, a name none. */
	if (strncmp(address, "unix:", 5) != 0 && colon != NULL && strchr(colon + 1, ':') == NULL)
		die_usage("--address %s: the port stands in --port", address);
	o->addresses[o->address_count++] = address;
}

static void
options_add_cidrs(const char *name, struct cidrs *list, const char *text)
{
	const char *why = cidrs_add(list, span_str(text));

	if (why != NULL)
		die_usage("%s %s: %s", name, text, why);
}

/* Takes an option of the door. */
static void
options_take_door(struct door *d, int c)
{
	switch (c) {
	case OPTION_PER_ADDRESS:
		d->census.most = (uint32_t)option_number("--per-address", optarg, 1, MAX_CLIENTS, "");
		break;
	case OPTION_ALLOW:
		options_add_cidrs("--allow", &d->allowed, optarg);
		break;
	case OPTION_DENY:
		options_add_cidrs("--deny", &d->denied, optarg);
		break;
	case OPTION_TRUST_PROXY:
		options_add_cidrs("--trust-proxy", &d->trusted, optarg);
		break;
	case OPTION_PROXY_PROTOCOL:
		d->proxy_protocol = true;
		break;
	case OPTION_TOKEN_FILE:
		d->token_file = optarg;
		break;
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
		o->server.sizes.ring =
		    (size_t)option_number("--ring", optarg, MIN_RING, SIZE_MAX / 8, "kmg");
		break;
	case 'H':
		o->server.sizes.journal = o->server.sizes.journal_alone =
		    (size_t)option_number("--history", optarg, MIN_RING, SIZE_MAX / 8, "kmg");
		break;
	case 's':
		o->server.stale = option_number("--stale", optarg, 0, MAX_STALE, "");
		break;
	default:
		options_take_door(&o->door, c);
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
		.server = { .max_clients = 10000,
			.sizes = { .ring = 16 << 20, .journal = 8 << 20, .journal_alone = 1 << 20 },
			.stale = HEALTH_STALE_S, .door = &o->door },
		.door = { .hash = hash_open() },
	};
	census_init(&o->door.census, o->door.hash, 0);
	while ((c = option_next(&options_table, argc, argv)) != -1)
		options_take_one(o, c);
	options_check(o);
}
