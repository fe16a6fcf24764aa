/* What the command lines of all tools have in common; ct(7) describes it. */
#ifndef OS_OPTION_H
#define OS_OPTION_H

#include <stdint.h>

/*
 * Carries out an option that every tool has, where c is what getopt_long returned:
 * -q and -v change what base/tell.h tells, -h prints help and -V prints tool and
 * its version on stdout, after which both end the process with 0. For any other c
 * the process ends with 100 and points to tool --help; so a tool calls this for
 * every c that it does not know itself.
 */
void option_take(int c, const char *tool, const char *help);

/*
 * Returns the whole number that text, the argument of the option called name, is.
 * Behind its digits may stand one character of suffixes, of which the first
 * multiplies by 2^10, the second by 2^20 and so on. When text is anything else, or
 * the number is less than least or more than most, the process ends with 100 and
 * says so.
 */
uint64_t option_number(const char *name, const char *text, uint64_t least, uint64_t most,
    const char *suffixes);

#endif
