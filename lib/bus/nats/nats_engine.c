/*
 * The engine of the bus for nats:// and tls://: records in a stream of NATS JetStream. In: addresses.
 * Out: publishers, subscribers and questions, which are in files of their own. Without libnats it
 * refuses to open anything and says what is missing.
 */
#include "bus/nats/nats_engine.h"

#include "bus/nats/nats_address.h"

static const char *
nats_engine_refuses(const char *address)
{
	struct nats_address a;
	const char *why = nats_address_parse(&a, address);

	if (why == NULL)
		nats_address_free(&a);
	return why;
}

#ifdef HAVE_NATS

const struct bus_engine nats_engine = {
	.refuses = nats_engine_refuses,
	.publisher_open = nats_publisher_open,
	.relay_open = nats_publisher_open,	/* another hub's records are published like one's own */
	.subscriber_open = nats_subscriber_open,
	.question_open = nats_question_open,
};

#else

#define NATS_LACKS "this build lacks NATS; install libnats (Debian: libnats-dev) and build again"

static struct publisher *
nats_no_publisher(struct loop *loop, const char *address, const struct publisher_options *options,
    const struct publisher_calls *calls, void *cookie, const char **why)
{
	(void)loop, (void)address, (void)options, (void)calls, (void)cookie;
	*why = NATS_LACKS;
	return NULL;
}

static struct subscriber *
nats_no_subscriber(struct loop *loop, const char *address, const struct subscriber_start *start,
    const struct subscriber_calls *calls, void *cookie, const char **why)
{
	(void)loop, (void)address, (void)start, (void)calls, (void)cookie;
	*why = NATS_LACKS;
	return NULL;
}

static struct question *
nats_no_question(struct loop *loop, const char *address, struct span text, unsigned ms,
    void (*answered)(void *cookie, struct span answer, const char *why), void *cookie, const char **why)
{
	(void)loop, (void)address, (void)text, (void)ms, (void)answered, (void)cookie;
	*why = NATS_LACKS;
	return NULL;
}

const struct bus_engine nats_engine = {
	.refuses = nats_engine_refuses,
	.publisher_open = nats_no_publisher,
	.relay_open = nats_no_publisher,
	.subscriber_open = nats_no_subscriber,
	.question_open = nats_no_question,
};

#endif
