/*
 * Tells the user facts, a line each on stderr:
 *
 *	ct-fetch: warning: argon2026h1: HTTP 429; again in 30 s
 *
 * A text may hold bytes from the network. Printable UTF-8 is written as it is.
 * Every other byte is written as \xNN, and so are the bytes of characters that
 * steer a terminal, break the line or change its direction. A text is cut after
 * 2,047 bytes, and its line after 4,096.
 */
#ifndef BASE_TELL_H
#define BASE_TELL_H

#include <stdarg.h>

#include "base/span.h"

enum tell_level {
	TELL_ERROR,	/* something that was asked for was not done */
	TELL_WARNING,	/* the tool goes on, but a person should know */
	TELL_INFO,	/* starts, stops and turning points; the level at the start */
	TELL_DEBUG,	/* wanted with -v */
	TELL_TRACE,	/* wanted with -vv: each request and each message */
};

/*
 * The level is one for the whole process: facts up to it are told. tell_quieter
 * (for -q) sets it to TELL_WARNING, and tell_louder (for each -v) raises it by
 * one, up to TELL_TRACE. Call them before another thread exists.
 */
void tell_quieter(void);
void tell_louder(void);

/* Returns true when facts of this level are told, for those that are costly to put together. */
bool tell_is_on(enum tell_level);

/*
 * Tells a fact, made as by printf from fmt, if its level is told. When fmt ends
 * in ':', strerror(errno) stands behind it. errno stays as it was.
 */
void tell(enum tell_level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * For base/die.h. tell_name sets what each line begins with; name is not copied.
 * tell_line writes "name: ", then word, then the text of fmt, whatever the level.
 */
void tell_name(const char *name);
void tell_line(const char *word, const char *fmt, va_list) __attribute__((format(printf, 2, 0)));

#endif
