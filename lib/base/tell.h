/*
 * Facts for the user, on stderr, one line each, in the form die.h describes.
 * A format ending in ':' gets strerror(errno) behind it.
 */
#ifndef BASE_TELL_H
#define BASE_TELL_H

#include <stdarg.h>

enum tell_level {
	TELL_ERROR,	/* something asked for was not done */
	TELL_WARNING,	/* it goes on, but a person should know */
	TELL_INFO,	/* the default: starts, stops, turning points */
	TELL_DEBUG,	/* -v */
	TELL_TRACE,	/* -vv: each request, each message */
};

/*
 * -q lowers the level to TELL_WARNING, each -v raises it by one; main calls
 * this while it reads its options, before any other thread exists.
 */
void tell_quieter(void);
void tell_louder(void);
int tell_is_on(enum tell_level);

void tell(enum tell_level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* What die.c needs: writes "name: word: text" whatever the level. */
void tell_name(const char *name);
void tell_line(const char *word, const char *fmt, va_list) __attribute__((format(printf, 2, 0)));

#endif
