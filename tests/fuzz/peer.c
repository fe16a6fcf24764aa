/*
 * Fuzz target: what proxies say of their clients. In: any bytes, read as the PROXY header at
 * the front of a connection, and as the value of X-Forwarded-For. Demands that a header lies
 * within the bytes, that it is found as soon as its last byte has come and not before, and
 * that the rest of the connection does not change it.
 */
#include "ct-ws/door/peer.h"
#include "tests/fuzz/judge.h"

static void
check_header(struct span bytes)
{
	struct peer_header h, again;
	enum peer_got got = peer_parse(bytes, &h);

	DEMAND(got != PEER_MORE || bytes.n < MAX_PEER_HEADER);
	DEMAND(got != PEER_BAD || h.why != NULL);
	if (got != PEER_ADDRESS && got != PEER_ITSELF)
		return;
	DEMAND(h.length > 0 && h.length <= bytes.n && h.length <= MAX_PEER_HEADER);
	DEMAND(got != PEER_ADDRESS || h.address.kind == ADDRESS_IP);
	DEMAND(peer_parse(span_of(bytes.p, h.length), &again) == got);
	DEMAND(again.length == h.length && address_eq(&again.address, &h.address));
	DEMAND(peer_parse(span_of(bytes.p, h.length - 1), &again) == PEER_MORE);
}

static void
check_forwarded(struct span value)
{
	struct address from = address_of_ipv4((const uint8_t[]){ 10, 0, 0, 1 }), client;
	struct span values[2] = { value, value };
	struct cidrs trusted = { .count = 0 };

	DEMAND(cidrs_add(&trusted, SPAN("10.0.0.0/8,fd00::/8")) == NULL);
	client = peer_forwarded(values, 2, &trusted, &from);
	DEMAND(client.kind == ADDRESS_IP);
	if (cidrs_longest(&trusted, &client) < 0)
		client = peer_forwarded(values, 2, &trusted, &client);
	cidrs_free(&trusted);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	check_header(span_of(p, n));
	check_forwarded(span_of(p, n));
	return 0;
}
