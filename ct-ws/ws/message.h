/*
 * The messages that one client sends: checked as they come, and kept when they are texts that are
 * short. Nothing is allocated but for bytes of a text that have come, and nothing is kept from one
 * message to the next.
 */
#ifndef CT_WS_WS_MESSAGE_H
#define CT_WS_WS_MESSAGE_H

#include "base/buf.h"
#include "base/utf8.h"
#include "enc/gz.h"

enum {
	MESSAGE_FIRST = 32,			/* bytes kept of a text that is too long to be kept whole */
	MAX_MESSAGE_KEPT = 16 * 1024,		/* bytes of a text, and of what it is unpacked from */
	MAX_MESSAGE_INFLATED = 1024 * 1024,	/* bytes: a short message may not unpack to much work */
	MAX_MESSAGE_IN = 64 * 1024 * 1024,	/* bytes as sent: a message may not go on for ever */
};

/* All zero before the first message. */
struct message {
	struct buf kept;	/* the text, as far as it has come; as sent while it is not whole */
	struct utf8_end end;	/* how a text that is not compressed has ended so far */
	uint32_t n;		/* bytes that have come or are announced, at most MAX_MESSAGE_IN */
	bool is_open;		/* a message has begun and not ended */
	bool is_text;
	bool is_deflated;
	bool is_long;		/* it is a text that is too long: kept has its first bytes, or nothing */
};

/* What is found in a message. */
enum message_got {
	MESSAGE_GOOD,		/* nothing is wrong with it so far */
	MESSAGE_NOT_UTF8,	/* it is a text and cannot be UTF-8 */
	MESSAGE_DAMAGED,	/* it is compressed and cannot be unpacked */
	MESSAGE_TOO_BIG,	/* it is, or unpacks to, more bytes than are taken */
};

/*
 * Begins a message; the one before must have been freed. is_text says that it is a text, and not binary;
 * is_deflated that it is compressed.
 */
void message_begin(struct message *m, bool is_text, bool is_deflated);

/*
 * To be called when a frame of the message announces n bytes. Returns MESSAGE_GOOD, or
 * MESSAGE_TOO_BIG when all its frames together have more than MAX_MESSAGE_IN bytes.
 */
enum message_got message_announce(struct message *m, uint64_t n);

/*
 * Takes the next bytes of a text, unmasked and cut anywhere. Returns MESSAGE_GOOD, or, where it is
 * not compressed, MESSAGE_NOT_UTF8 as soon as that is certain.
 */
enum message_got message_put(struct message *m, struct span bytes);

/*
 * Ends a message. A compressed text is unpacked with gz, of the form GZ_MESSAGE, and checked, unless it is
 * too long. Returns MESSAGE_GOOD, or what is wrong with it. With MESSAGE_GOOD, kept holds the text until
 * message_free; or where is_long is true, the first MESSAGE_FIRST bytes of it, or nothing when it was not
 * unpacked.
 */
enum message_got message_end(struct message *m, struct gz *gz);

/* Frees what is kept. The message is then all zero. */
void message_free(struct message *m);

#endif
