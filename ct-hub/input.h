/*
 * Standard input of the hub: lines that are read into the draft of a publisher and published from
 * there.
 */
#ifndef CT_HUB_INPUT_H
#define CT_HUB_INPUT_H

#include "bus/publisher.h"
#include "ct-hub/tally.h"

struct input {
	struct publisher *to;
	struct publisher *relay;	/* gets a copy; NULL: there is none */
	struct tally *tally;	/* counts the lines */
	int fd;
	bool ended;		/* end of file was read */
	bool skipping;		/* inside a line that is too long */
	size_t scanned;		/* bytes at the front of the draft that are known to have no LF */
	uint64_t number;	/* lines read so far */
};

/*
 * Prepares to read fd, which stays the caller's, and to publish what is read to `to`, and a copy to relay
 * unless that is NULL. tally counts the lines. A pipe is made to hold 1 MiB where the system allows it.
 */
void input_init(struct input *in, int fd, struct publisher *to, struct publisher *relay,
    struct tally *tally);

/*
 * Reads once, no more than most bytes, and publishes the lines that are whole by then; at the end of
 * the file also a last one without LF. A line of more than MAX_LINE bytes is left out, and told as an error.
 * Returns the bytes read, 0 at the end of the file, or -1 with errno.
 */
ptrdiff_t input_read(struct input *in, size_t most);

/* Returns true when part of a line has been read, and not its end. */
bool input_has_part(const struct input *in);

#endif
