/* What kinds of renditions there are: form, wire form and compression. */
#ifndef CT_WS_STREAM_KIND_H
#define CT_WS_STREAM_KIND_H

#include "ct-ws/stream/wire.h"
#include "event/form.h"

enum pack {
	PACK_PLAIN,	/* not compressed */
	PACK_SHARED,	/* messages compressed with those before them as context: for all who read all */
	PACK_SINGLE,	/* each message compressed by itself: for those who read some */
	PACKS,		/* how many ways there are */
};

struct kind {
	enum form form;
	enum wire_form wire;
	enum pack pack;
	bool numbered;	/* each text has a member "seq" with its place on the bus */
	bool quiet;	/* its readers are not told what they have missed (skipped=0) */
};

/* What is counted of a kind, also after its rendition was given back. */
struct kind_totals {
	uint64_t opened;	/* readers that have joined */
	uint64_t texts;		/* frames with a text that were made */
	uint64_t skipped;	/* records missed by readers who have left */
	uint64_t sent;		/* bytes sent to readers who have left */
};

enum { KINDS = FORMS * WIRES * PACKS * 4 };	/* how many kinds there are */

/* Returns the number of a kind, 0 to KINDS - 1, different for each. */
static inline size_t
kind_index(const struct kind *k)
{
	return ((((size_t)k->form * WIRES + k->wire) * PACKS + k->pack) * 2 + k->numbered) * 2 + k->quiet;
}

/* Returns true when the whole connection is compressed, not message by message. */
static inline bool
kind_is_packed(const struct kind *k)
{
	return k->pack != PACK_PLAIN && k->wire != WIRE_WEBSOCKET;
}

#endif
