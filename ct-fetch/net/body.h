/*
 * A body: the bytes of an HTTP answer, whose Content-Encoding is undone while they arrive and which
 * may not become longer than was agreed, so that neither a long body nor a packed one fills memory.
 * Nothing in it is trusted.
 *
 * gzip and deflate are undone. A body that is said to be gzip and does not begin like it is taken as
 * it is, because proxies are known to unpack a body and leave the header.
 */
#ifndef CT_FETCH_BODY_H
#define CT_FETCH_BODY_H

#include "base/buf.h"

struct gz;

/* What the header Content-Encoding says. */
enum body_coding {
	BODY_PLAIN,	/* nothing, or identity */
	BODY_GZIP,
	BODY_DEFLATE,
	BODY_FOREIGN,	/* an encoding that was not asked for, such as br */
};

/* What has become of a body. */
enum body_state {
	BODY_GOOD,	/* all that came is in bytes; of a packed body that ended, all there was */
	BODY_CUT,	/* it was packed, and ended too early */
	BODY_DAMAGED,	/* it was packed, and cannot be unpacked beyond what is in bytes */
	BODY_TOO_LONG,	/* it is longer than allowed; bytes holds its beginning */
	BODY_UNKNOWN,	/* its encoding is BODY_FOREIGN; bytes is empty */
};

struct body {
	struct buf bytes;	/* owned: what has come, unpacked */
	size_t most;		/* how long bytes may become */
	bool guess;		/* gzip is undone also where no header tells of it */
	enum body_coding coding;	/* set it before the first body_put */
	enum body_state state;	/* once it is not BODY_GOOD, nothing more is taken */
	bool begun;		/* it is known whether the body is packed */
	uint8_t first[2];	/* its first bytes, until that is known */
	unsigned first_n;
	struct gz *gz;		/* NULL: not packed, or not known yet */
};

/*
 * Makes body an empty one that may become `most` bytes long, of coding BODY_PLAIN. The memory of
 * body->bytes is used again. At first body must be all zeros.
 */
void body_reset(struct body *body, size_t most, bool guess);

/* Frees the bytes; body may be reset again. */
void body_free(struct body *body);

/* Takes the next bytes as they came. Returns the state, which is never BODY_CUT. */
enum body_state body_put(struct body *body, struct span bytes);

/* Says that no more bytes come. Returns the last state. */
enum body_state body_end(struct body *body);

/*
 * Reads the value of a header Content-Encoding: a list of encodings in upper or lower case, all but
 * one of which are identity.
 */
enum body_coding body_coding(struct span value);

#endif
