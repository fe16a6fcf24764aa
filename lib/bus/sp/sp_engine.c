/*
 * The engine for ipc:// and tcp://: sockets that speak SP, the protocols of nanomsg and nng. In:
 * addresses. Out: publishers, subscribers and questions, which are in files of their own.
 */
#include "bus/sp/sp_engine.h"

#include "bus/sp/sp_address.h"

static const char *
sp_engine_refuses(const char *address)
{
	struct sp_address a;
	const char *why;

	return sp_address_parse(&a, address, SP_RECORDS, &why) ? NULL : why;
}

const struct bus_engine sp_engine = {
	.refuses = sp_engine_refuses,
	.publisher_open = sp_publisher_open,
	.relay_open = sp_pusher_open,
	.subscriber_open = sp_subscriber_open,
	.question_open = sp_question_open,
};
