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
	TELL_INFO,	/* starts, stops and turning points; the level without -q and -v */
	TELL_DEBUG,	/* told with -v: details of what is done */
	TELL_TRACE,	/* told with -vv: each request and each message */
};

/*
 * The whole process has one level: a fact is told when its own level is not
 * above it in enum tell_level. The option -q calls tell_quieter, which sets the
 * level to TELL_WARNING. Each -v calls tell_louder, which raises the level by
 * one, up to TELL_TRACE. Both must be called while there is only one thread.
 */
void tell_quieter(void);
void tell_louder(void);

/*
 * Returns true when facts of level are told. A caller for whom a fact is costly
 * to put together asks this first.
 */
bool tell_is_on(enum tell_level level);

/*
 * Writes a fact, made as by printf from fmt, if facts of level are told. When
 * fmt ends in ':', the text of strerror(errno) is appended. errno is not changed.
 */
void tell(enum tell_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * From now on each line begins with text, written as it is: the control characters that remove a
 * progress bar from the terminal, for example. text must have less than 32 bytes; it is not copied
 * and must stay valid. "", which holds at first, writes nothing. This must not be called while
 * another thread tells something.
 */
void tell_over(const char *text);

/*
 * The parts of which base/die.h makes the last line. tell_name sets the name of
 * the tool, with which each line begins; name is not copied and must stay valid until
 * the process ends. tell_line writes the name and ": ", then word, then what vprintf
 * makes of fmt and its arguments, whatever the level is.
 */
void tell_name(const char *name);
void tell_line(const char *word, const char *fmt, va_list arguments)
    __attribute__((format(printf, 2, 0)));

#endif
