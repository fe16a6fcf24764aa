/*
 * Addresses of clients.
 *
 * in: what accept has filled in, or text
 * out: sixteen bytes, whichever family the address is of
 * standard: RFC 4291 sections 2.2 and 2.5.5.2
 */
#include "ct-ws/net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

static const uint8_t address_mapped[12] = { [10] = 0xff, 0xff };

struct address
address_of_ipv4(const uint8_t ip[4])
{
	struct address a = { .kind = ADDRESS_IP };

	memcpy(a.ip, address_mapped, sizeof(address_mapped));
	memcpy(a.ip + sizeof(address_mapped), ip, 4);
	return a;
}

struct address
address_of_ipv6(const uint8_t ip[16])
{
	struct address a = { .kind = ADDRESS_IP };

	memcpy(a.ip, ip, sizeof(a.ip));
	return a;
}

struct address
address_of(const struct sockaddr_storage *from, socklen_t n)
{
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)from;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)from;

	if (n >= sizeof(from->ss_family) && from->ss_family == AF_UNIX)
		return (struct address){ .kind = ADDRESS_LOCAL };
	if (n >= sizeof(*v4) && from->ss_family == AF_INET)
		return address_of_ipv4((const uint8_t *)&v4->sin_addr);
	if (n >= sizeof(*v6) && from->ss_family == AF_INET6)
		return address_of_ipv6((const uint8_t *)&v6->sin6_addr);
	return (struct address){ .kind = ADDRESS_UNKNOWN };
}

bool
address_parse(struct span text, struct address *address)
{
	char s[INET6_ADDRSTRLEN];
	uint8_t ip[16];

	if (text.n == 0 || text.n >= sizeof(s) || memchr(text.p, '\0', text.n) != NULL)
		return false;
	memcpy(s, text.p, text.n);
	s[text.n] = '\0';
	if (inet_pton(AF_INET, s, ip) == 1)
		*address = address_of_ipv4(ip);
	else if (inet_pton(AF_INET6, s, ip) == 1)
		*address = address_of_ipv6(ip);
	else
		return false;
	return true;
}

bool
address_is_ipv4(const struct address *a)
{
	return a->kind == ADDRESS_IP && memcmp(a->ip, address_mapped, sizeof(address_mapped)) == 0;
}

bool
address_eq(const struct address *a, const struct address *b)
{
	return a->kind == b->kind && memcmp(a->ip, b->ip, sizeof(a->ip)) == 0;
}

void
address_put(struct buf *out, const struct address *a)
{
	bool v4 = address_is_ipv4(a);
	char s[INET6_ADDRSTRLEN];

	if (a->kind != ADDRESS_IP)
		buf_puts(out, a->kind == ADDRESS_LOCAL ? "unix" : "unknown");
	else if (inet_ntop(v4 ? AF_INET : AF_INET6, v4 ? a->ip + sizeof(address_mapped) : a->ip, s,
	    sizeof(s)) != NULL)
		buf_puts(out, s);
}
