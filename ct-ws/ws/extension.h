/*
 * What is agreed on compression when a WebSocket is opened: permessage-deflate (RFC 7692), the
 * only extension that is spoken here. What we send is compressed once for all clients, so a client
 * cannot choose the window or the effort; it can only choose whether a message may refer to those
 * before it. What clients send is short, and each message must stand alone, so that nothing is
 * kept for a client between its messages.
 */
#ifndef CT_WS_WS_EXTENSION_H
#define CT_WS_WS_EXTENSION_H

#include "base/span.h"

enum extension_deflate {
	EXTENSION_NONE,		/* nothing is compressed, in either direction */
	EXTENSION_SHARED,	/* what we send may refer to messages before */
	EXTENSION_ALONE,	/* each message that we send stands alone: server_no_context_takeover */
};

/* What is agreed with one client. */
struct extension {
	enum extension_deflate deflate;
	/* The value of Sec-WebSocket-Extensions in the answer 101; NULL where nothing is agreed. */
	const char *answer;
};

/*
 * Chooses from offers, the value of Sec-WebSocket-Extensions, whose lines have been joined by
 * commas where there were several; it is empty where there was none. The first offer of
 * permessage-deflate that can be kept to is taken. Offers of other extensions are declined, and so
 * are offers with an unknown, repeated or wrong parameter, and those that want a window of less
 * than 15 bits from us. Returns NULL with *chosen set, or a static reason with nothing agreed in
 * *chosen when offers is not a list of extensions; the WebSocket must then be refused.
 */
const char *extension_choose(struct span offers, struct extension *chosen);

#endif
