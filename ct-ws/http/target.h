/*
 * The target of a request, in the forms of RFC 9112 section 3.2, and the host that
 * it or the field Host names. A server of one site has no use for the host, but one
 * that is broken must be refused.
 */
#ifndef CT_WS_HTTP_TARGET_H
#define CT_WS_HTTP_TARGET_H

#include "base/span.h"

enum { MAX_TARGET_PATH = 128 };	/* bytes of a path that target_normal undoes escapes in */

/* The spans point into the bytes that were parsed. */
struct target {
	struct span path;	/* begins with "/", with its escapes; or is "*" */
	struct span query;	/* what is behind the first "?", with its escapes; empty without one */
};

/*
 * Reads a target in origin form (/path?query), in absolute form (http://host/path?query, also with
 * https), which every server must take, or "*". Returns NULL with *t set, or a static reason:
 * the text has none of these forms, its host is not one, or a "%" in its path is not followed by two
 * hexadecimal digits. An absolute form without a path has the path "/".
 */
const char *target_parse(struct span text, struct target *t);

/*
 * Returns true when text is a host with or without a port, as the field Host has it (RFC 9110
 * section 7.2): a name, an address of IPv4, or one of IPv6 in brackets. An empty text is
 * one too: it stands for a target without a host.
 */
bool target_is_host(struct span text);

/*
 * Returns path with the escapes undone that stand for letters, digits, "-", ".", "_" or "~",
 * since only these mean the same with and without an escape (RFC 3986 section 6.2.2.2): so
 * /full%2Dstream is /full-stream, but /health%2Fdeep is not /health/deep. The result is in room,
 * or is path itself when there is nothing to undo or path is longer than room.
 */
struct span target_normal(struct span path, uint8_t room[MAX_TARGET_PATH]);

#endif
