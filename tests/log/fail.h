/*
 * How ct-log ends when it cannot go on: one line on stderr and an exit code,
 * 100 called wrongly, 101 our bug, 111 the world failed.
 */
#ifndef LOG_FAIL_H
#define LOG_FAIL_H

_Noreturn void fail_usage(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void fail_bug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void fail_world(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
