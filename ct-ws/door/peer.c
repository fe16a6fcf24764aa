/*
 * Reads what proxies say of their clients.
 *
 * in: the first bytes of a connection, or the values of X-Forwarded-For
 * out: the address of the client
 * standard: the PROXY protocol, sections 2.1 and 2.2
 */
#include "ct-ws/door/peer.h"

#include "enc/token.h"

enum {
	PEER_LINE = 107,	/* section 2.1: bytes of the longest header of version 1, with its CRLF */
	PEER_HEAD = 16,		/* section 2.2: bytes in front of the addresses of version 2 */
};

static enum peer_got
peer_bad(struct peer_header *h, const char *why)
{
	h->why = why;
	return PEER_BAD;
}

static bool
peer_is_port(struct span s)
{
	unsigned v = 0;

	if (s.n == 0 || s.n > 5 || (s.n > 1 && s.p[0] == '0'))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		v = v * 10 + (s.p[i] - '0');
	}
	return v <= 65535;
}

/* Reads the line of version 1, without "PROXY " and CRLF. */
static enum peer_got
peer_take_line(struct span line, struct peer_header *h)
{
	struct span family = token_cut(&line, ' ');
	struct span from = token_cut(&line, ' '), to = token_cut(&line, ' ');
	struct span from_port = token_cut(&line, ' ');
	bool v4 = span_eq(family, SPAN("TCP4"));
	struct address ours;

	if (span_eq(family, SPAN("UNKNOWN")))
		return PEER_ITSELF;
	if (!v4 && !span_eq(family, SPAN("TCP6")))
		return peer_bad(h, "2.1: the family is not TCP4, TCP6 or UNKNOWN");
	if (!address_parse(from, &h->address) || !address_parse(to, &ours) ||
	    v4 != (memchr(from.p, ':', from.n) == NULL) || v4 != (memchr(to.p, ':', to.n) == NULL))
		return peer_bad(h, "2.1: an address is not one of its family");
	if (!peer_is_port(from_port) || !peer_is_port(line))
		return peer_bad(h, "2.1: a port is not a number up to 65535");
	return PEER_ADDRESS;
}

static enum peer_got
peer_parse_line(struct span bytes, struct peer_header *h)
{
	struct span front = span_of(bytes.p, bytes.n < PEER_LINE ? bytes.n : PEER_LINE);
	const uint8_t *end = memmem(front.p, front.n, "\r\n", 2);

	if (end == NULL)
		return front.n < PEER_LINE ? PEER_MORE :
		    peer_bad(h, "2.1: the line does not end within 107 bytes");
	h->length = (size_t)(end + 2 - bytes.p);
	return peer_take_line(span_of(bytes.p + 6, h->length - 8), h);
}

/* Reads the addresses of version 2, the bytes in block, whose family and protocol are in byte. */
static enum peer_got
peer_take_block(unsigned byte, struct span block, struct peer_header *h)
{
	switch (byte) {
	case 0x00:	/* unspecified */
	case 0x31:	/* a Unix socket: some process beside the proxy */
		return PEER_ITSELF;
	case 0x11:	/* TCP over IPv4: two addresses, two ports */
		if (block.n < 12)
			break;
		h->address = address_of_ipv4(block.p);
		return PEER_ADDRESS;
	case 0x21:	/* TCP over IPv6 */
		if (block.n < 36)
			break;
		h->address = address_of_ipv6(block.p);
		return PEER_ADDRESS;
	default:
		return peer_bad(h, "2.2: the protocol is not that of a stream");
	}
	return peer_bad(h, "2.2: the length leaves no room for the addresses");
}

static enum peer_got
peer_parse_binary(struct span bytes, struct peer_header *h)
{
	size_t n;

	if (bytes.n < PEER_HEAD)
		return PEER_MORE;
	if (bytes.p[12] != 0x20 && bytes.p[12] != 0x21)
		return peer_bad(h, "2.2: the version is not 2, or the command is unknown");
	n = (size_t)bytes.p[14] << 8 | bytes.p[15];
	if (PEER_HEAD + n > MAX_PEER_HEADER)
		return peer_bad(h, "2.2: the header is longer than 2048 bytes");
	if (bytes.n < PEER_HEAD + n)
		return PEER_MORE;
	h->length = PEER_HEAD + n;
	if (bytes.p[12] == 0x20)	/* LOCAL: the proxy asks for its own sake */
		return PEER_ITSELF;
	return peer_take_block(bytes.p[13], span_of(bytes.p + PEER_HEAD, n), h);
}

enum peer_got
peer_parse(struct span bytes, struct peer_header *h)
{
	static const struct span line = { (const uint8_t *)"PROXY ", 6 };
	static const struct span binary = { (const uint8_t *)"\r\n\r\n\0\r\nQUIT\n", 12 };

	*h = (struct peer_header){ .length = 0 };
	if (span_starts(bytes, binary))
		return peer_parse_binary(bytes, h);
	if (span_starts(bytes, line))
		return peer_parse_line(bytes, h);
	if (span_starts(binary, bytes) || span_starts(line, bytes))
		return PEER_MORE;
	return peer_bad(h, "2: the connection does not begin with a PROXY header");
}

/* ---- X-Forwarded-For ---- */

/* Reads one member of the list: an address, with or without brackets and port. */
static bool
peer_take_member(struct span s, struct address *a)
{
	struct span host, port;

	if (address_parse(s, a))
		return true;
	if (s.n > 0 && s.p[0] == '[') {
		port = span_from(s, 1);
		host = token_cut(&port, ']');
		if (port.n == 0)
			return s.p[s.n - 1] == ']' && address_parse(host, a);
		return port.p[0] == ':' && peer_is_port(span_from(port, 1)) && address_parse(host, a);
	}
	port = s;
	host = token_cut(&port, ':');
	return peer_is_port(port) && address_parse(host, a);
}

/* Cuts the last member off the list. */
static struct span
peer_cut_last(struct span *list)
{
	const uint8_t *comma = list->n > 0 ? memrchr(list->p, ',', list->n) : NULL;
	struct span last = *list;

	if (comma != NULL)
		last = span_from(*list, (size_t)(comma - list->p) + 1);
	list->n = comma != NULL ? (size_t)(comma - list->p) : 0;
	return token_trim(last);
}

struct address
peer_forwarded(const struct span *values, size_t n, const struct cidrs *trusted,
    const struct address *from)
{
	struct address found = *from, next;

	for (size_t i = n; i-- > 0;) {
		struct span list = values[i];

		while (list.n > 0) {
			struct span member = peer_cut_last(&list);

			if (member.n == 0)
				continue;	/* RFC 9110 section 5.6.1.2: an empty member is none */
			if (cidrs_longest(trusted, &found) < 0 || !peer_take_member(member, &next))
				return found;
			found = next;
		}
	}
	return found;
}
