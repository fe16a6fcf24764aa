/*
 * Addresses of a bus in a NATS cluster. In: the text that the user gave. Out: URLs for the library, and
 * what the stream is to be like.
 */
#include "bus/nats/nats_address.h"

#include <stdlib.h>

#include "base/die.h"
#include "base/digits.h"

#define NATS_HISTORY (16 << 20)

/* Takes the bytes of *s up to the first of one of the characters in ends off its front. */
static struct span
nats_address_until(struct span *s, const char *ends)
{
	size_t n = 0;
	struct span taken;

	while (n < s->n && strchr(ends, s->p[n]) == NULL)
		n++;
	taken = span_of(s->p, n);
	*s = span_from(*s, n);
	return taken;
}

/* Takes one byte off the front of *s when it is c. */
static bool
nats_address_char(struct span *s, char c)
{
	if (s->n == 0 || s->p[0] != (uint8_t)c)
		return false;
	*s = span_from(*s, 1);
	return true;
}

static bool
nats_address_token(char out[MAX_NATS_STREAM + 1], struct span text)
{
	if (text.n == 0 || text.n > MAX_NATS_STREAM)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		uint8_t c = text.p[i];

		if (!(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z') &&
		    c != '-' && c != '_')
			return false;
	}
	memcpy(out, text.p, text.n);
	out[text.n] = '\0';
	return true;
}

/* Reads a number with one of the suffixes, which stand for the units behind them. */
static bool
nats_address_amount(uint64_t *amount, struct span text, const char *suffixes, const uint64_t *units)
{
	const char *suffix;

	if (!digits_take(&text, amount) || text.n != 1 || text.p[0] == '\0' ||
	    (suffix = strchr(suffixes, text.p[0])) == NULL)
		return false;
	if (*amount == 0 || *amount > (UINT64_MAX >> 1) / units[suffix - suffixes])
		return false;
	*amount *= units[suffix - suffixes];
	return true;
}

static bool
nats_address_time(uint64_t *ns, struct span text)
{
	static const uint64_t units[] = {
		1000000000, 60000000000, 3600000000000, 86400000000000,
	};

	return nats_address_amount(ns, text, "smhd", units);
}

static bool
nats_address_bytes(uint64_t *bytes, struct span text)
{
	static const uint64_t units[] = { 1 << 10, 1 << 20, 1 << 30, (uint64_t)1 << 40 };

	return nats_address_amount(bytes, text, "kmgt", units);
}

static bool
nats_address_choice(const char **chosen, struct span text, const char *one, const char *other)
{
	if (span_eq(text, span_str(one)))
		*chosen = one;
	else if (span_eq(text, span_str(other)))
		*chosen = other;
	else
		return false;
	return true;
}

static const char *
nats_address_setting(struct nats_address *a, struct span name, struct span value)
{
	struct nats_settings *s = &a->settings;

	if (span_eq(name, SPAN("replicas")))
		return digits_take(&value, &s->replicas) && value.n == 0 && s->replicas >= 1 &&
		    s->replicas <= 5 ? NULL : "replicas= is a number from 1 to 5";
	if (span_eq(name, SPAN("max-age")))
		return nats_address_time(&s->max_age, value) ? NULL :
		    "max-age= is a time such as 90s, 30m, 24h or 7d";
	if (span_eq(name, SPAN("duplicates")))
		return nats_address_time(&s->duplicates, value) ? NULL :
		    "duplicates= is a time such as 90s, 30m, 24h or 7d";
	if (span_eq(name, SPAN("max-bytes")))
		return nats_address_bytes(&s->max_bytes, value) ? NULL :
		    "max-bytes= is a size such as 512k, 100m, 50g or 1t";
	if (span_eq(name, SPAN("history")))
		return span_eq(value, SPAN("0")) ? (a->history = 0, NULL) :
		    nats_address_bytes(&a->history, value) ? NULL :
		    "history= is 0 or a size such as 512k, 100m or 1g";
	if (span_eq(name, SPAN("discard")))
		return nats_address_choice(&s->discard, value, "old", "new") ? NULL :
		    "discard= is old or new";
	if (span_eq(name, SPAN("storage")))
		return nats_address_choice(&s->storage, value, "file", "memory") ? NULL :
		    "storage= is file or memory";
	if (span_eq(name, SPAN("domain")))
		return nats_address_token(a->domain, value) ? NULL :
		    "domain= is the name of a JetStream domain";
	return "a NATS address has only the settings replicas, max-age, max-bytes, duplicates, discard, "
	    "storage, history and domain";
}

static const char *
nats_address_settings(struct nats_address *a, struct span text)
{
	const char *why = NULL;

	while (why == NULL && text.n > 0) {
		struct span name = nats_address_until(&text, "=&");
		struct span value = SPAN("");

		if (nats_address_char(&text, '='))
			value = nats_address_until(&text, "&");
		(void)nats_address_char(&text, '&');
		why = nats_address_setting(a, name, value);
	}
	return why;
}

/* Returns true when text is HOST or HOST:PORT; a host in brackets is an IPv6 address. */
static bool
nats_address_host_is(struct span text)
{
	uint64_t port;
	struct span host;

	if (nats_address_char(&text, '[')) {
		host = nats_address_until(&text, "]");
		if (!nats_address_char(&text, ']'))
			return false;
	} else {
		host = nats_address_until(&text, ":");
	}
	if (host.n == 0 || host.n > 255)
		return false;
	for (size_t i = 0; i < host.n; i++)
		if (host.p[i] <= ' ' || host.p[i] >= 0x7f)
			return false;
	if (text.n == 0)
		return true;
	return nats_address_char(&text, ':') && digits_take(&text, &port) && text.n == 0 && port >= 1 &&
	    port <= 65535;
}

/* Appends the server of this text, with the scheme of the address; user is empty or ends with '@'. */
static const char *
nats_address_server(struct nats_address *a, struct span user, struct span host)
{
	struct buf url;

	if (span_starts(host, SPAN("nats://")))
		host = span_from(host, 7);
	else if (span_starts(host, SPAN("tls://")))
		host = span_from(host, 6);
	if (!nats_address_host_is(host))
		return "a server is not HOST or HOST:PORT";
	if (a->count == MAX_NATS_SERVERS)
		return "more than 16 servers";
	buf_init(&url);
	buf_puts(&url, a->tls ? "tls://" : "nats://");
	buf_put(&url, user);
	buf_put(&url, host);
	a->servers[a->count] = strdup(buf_str(&url));
	buf_free(&url);
	if (a->servers[a->count++] == NULL)
		die_world("out of memory for the bus");
	return NULL;
}

static const char *
nats_address_servers(struct nats_address *a, struct span user, struct span hosts, struct buf *shown)
{
	const char *why;

	do {
		struct span host = nats_address_until(&hosts, ",");

		if ((why = nats_address_server(a, user, host)) != NULL)
			return why;
		if (a->count > 1)
			buf_putc(shown, ',');
		buf_put(shown, host);
	} while (nats_address_char(&hosts, ','));
	return NULL;
}

/* Returns the user and password in front of the hosts, with the '@', and takes them off *hosts. */
static struct span
nats_address_user(struct span *hosts)
{
	const uint8_t *at = hosts->n == 0 ? NULL : memrchr(hosts->p, '@', hosts->n);
	struct span user = SPAN("");

	if (at != NULL) {
		user = span_of(hosts->p, (size_t)(at - hosts->p) + 1);
		*hosts = span_from(*hosts, user.n);
	}
	return user;
}

static const char *
nats_address_take(struct nats_address *a, struct span text, struct buf *shown)
{
	struct span hosts, user, stream = SPAN("CT");
	const char *why;

	a->tls = span_starts(text, SPAN("tls://"));
	buf_puts(shown, a->tls ? "tls://" : "nats://");
	text = span_from(text, a->tls ? 6 : 7);
	/* Slashes of further schemes are not the one in front of the stream. */
	hosts = span_of(text.p, 0);
	for (; text.n > 0 && text.p[0] != '?'; text = span_from(text, 1), hosts.n++) {
		if (text.p[0] != '/')
			continue;
		if (hosts.n == 0 || text.p[-1] != ':' || text.n < 2 || text.p[1] != '/')
			break;
		text = span_from(text, 1);
		hosts.n++;
	}
	if (nats_address_char(&text, '/') && text.n > 0 && text.p[0] != '?')
		stream = nats_address_until(&text, "?");
	if (!nats_address_token(a->stream, stream))
		return "the name of a stream has 1 to 32 letters, digits, '-' and '_'";
	user = nats_address_user(&hosts);
	if ((why = nats_address_servers(a, user, hosts, shown)) != NULL)
		return why;
	buf_putc(shown, '/');
	buf_puts(shown, a->stream);
	(void)nats_address_char(&text, '?');
	return nats_address_settings(a, text);
}

const char *
nats_address_parse(struct nats_address *a, const char *address)
{
	const char *why;
	struct buf shown;

	*a = (struct nats_address){ .history = NATS_HISTORY };
	buf_init(&shown);
	why = nats_address_take(a, span_str(address), &shown);
	if (why == NULL && (a->shown = strdup(buf_str(&shown))) == NULL)
		die_world("out of memory for the bus");
	buf_free(&shown);
	for (size_t i = 0; i <= MAX_NATS_STREAM; i++)
		a->prefix[i] = (char)(a->stream[i] | (a->stream[i] >= 'A' && a->stream[i] <= 'Z' ? 0x20 : 0));
	if (why != NULL)
		nats_address_free(a);
	return why;
}

void
nats_address_free(struct nats_address *a)
{
	for (unsigned i = 0; i < a->count; i++)
		free(a->servers[i]);
	free(a->shown);
	*a = (struct nats_address){ .count = 0 };
}
