/*
 * A body: the bytes of an HTTP answer, whose Content-Encoding is undone and which may not become
 * longer than was agreed, so that neither a long body nor a packed one fills memory. Nothing in it is
 * trusted.
 *
 * A packed body is kept as it comes, since it is a third as long so, and unpacked as a whole when it
 * has ended: while many bodies come at the same time, hardly more than one is unpacked. Where more
 * than MAX_PACKED bytes come, or more than it may become unpacked, it is unpacked from there on while it
 * arrives, so that one that becomes too long is found out soon.
 *
 * gzip and deflate are undone. A body that is said to be gzip and does not begin like it is taken as
 * it is, because proxies are known to unpack a body and leave the header.
 */
#ifndef CT_FETCH_BODY_H
#define CT_FETCH_BODY_H

#include "enc/gz.h"

enum {
	MAX_PACKED = 1 << 20,	/* bytes of a packed body that are kept as they came */
};

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
	struct buf bytes;	/* owned: what has come, unpacked; of a packed body, after body_end */
	struct buf packed;	/* owned: what has come and has not been unpacked yet */
	size_t most;		/* how long bytes may become */
	bool guess;		/* gzip is undone also where no header tells of it */
	enum body_coding coding;	/* set it before the first body_put */
	enum body_state state;	/* once it is not BODY_GOOD, nothing more is taken */
	bool begun;		/* is_packed and form are known */
	bool is_packed;
	enum gz_form form;	/* how it is packed */
	uint8_t first[2];	/* its first bytes, until begun is true */
	unsigned first_n;	/* how many of these have come */
	struct gz *gz;		/* NULL: nothing has been unpacked yet */
};

/*
 * Makes body an empty one that may become `most` bytes long, of coding BODY_PLAIN. guess is as in the
 * struct. The memory of both buffers is used again. Before the first call body must be all zeros.
 */
void body_reset(struct body *body, size_t most, bool guess);

/* Frees the bytes; body may be reset again. */
void body_free(struct body *body);

/*
 * Takes the next bytes as they came. Returns the state, which is never BODY_CUT; that a packed body is
 * damaged or too long may become known in body_end only.
 */
enum body_state body_put(struct body *body, struct span bytes);

/* Returns true when body_end will put what it unpacks into body->bytes, which is empty until then. */
bool body_wants_room(const struct body *body);

/* Says that no more bytes come, and unpacks what waits. Returns the last state. */
enum body_state body_end(struct body *body);

/*
 * Returns what value, that of a header Content-Encoding, says. It may be a list, in upper or lower case,
 * in which all members but one are identity.
 */
enum body_coding body_coding(struct span value);

#endif
