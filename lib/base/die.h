/*
 * How a tool speaks to its user and how it ends.
 *
 * A line a fact on stderr: "ct-fetch: warning: argon2026h1: HTTP 429; again
 * in 30 s". Bytes that are not printable ASCII or well-formed UTF-8 from
 * U+00A0 on, and what breaks lines or turns them round, are written as \xNN, so
 * that text from the network can be passed in as it came. Lines are cut at 4 KiB.
 *
 * Exit codes of every tool:
 *   0    done as asked (also after TERM or INT)
 *   1    worked, but the answer is no
 *   100  called wrongly, never will work
 *   101  our bug
 *   111  the world failed; try later
 */
#ifndef BASE_DIE_H
#define BASE_DIE_H

enum {
	DIE_NO = 1,
	DIE_USAGE = 100,
	DIE_BUG = 101,
	DIE_WORLD = 111,
};

/* Sets the name before every line; main calls it once, name must live on. */
void die_init(const char *name);

/* Each ends the process; a format ending in ':' gets strerror(errno) behind it. */
_Noreturn void die_usage(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void die_bug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void die_world(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
