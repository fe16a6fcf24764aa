/*
 * How ct-log ends when it cannot go on. Each function prints one line, made as by
 * printf, on stderr and ends the process: fail_usage with 100 (called wrongly),
 * fail_bug with 101 (our own bug), fail_world with 111 (the world failed).
 */
#ifndef LOG_FAIL_H
#define LOG_FAIL_H

_Noreturn void fail_usage(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void fail_bug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void fail_world(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
