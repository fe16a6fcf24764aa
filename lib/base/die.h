/*
 * How a process ends when it cannot go on: a last line on stderr, as
 * base/tell.h writes it, and an exit code. All tools end with one of these:
 *
 *	0	done as asked; also after TERM or INT
 *	1	the tool worked, but the answer is no
 *	100	called wrongly; it will never work like this
 *	101	our own bug
 *	111	the world failed; try again later
 */
#ifndef BASE_DIE_H
#define BASE_DIE_H

enum {	/* these exit codes, for a tool that returns one from main */
	DIE_NO = 1,
	DIE_USAGE = 100,
	DIE_BUG = 101,
	DIE_WORLD = 111,
};

/*
 * Sets the name of the tool, with which every line on stderr begins. Until then
 * lines begin with "ct", so main calls this first. name is not copied and must
 * stay valid until the process ends.
 */
void die_init(const char *name);

/*
 * Each of these writes a line, made as by printf from fmt, and ends the
 * process: die_usage with exit code 100, die_bug with 101 and die_world with
 * 111. When fmt ends in ':', the text of strerror(errno) is appended. None of
 * them returns.
 */
_Noreturn void die_usage(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void die_bug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void die_world(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
