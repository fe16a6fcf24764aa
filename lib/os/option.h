/* What the command lines of all tools share: ct(7). */
#ifndef OS_OPTION_H
#define OS_OPTION_H

#include <stdint.h>

/*
 * The options every tool keeps: -q and -v set what is told, -h and -V print to
 * stdout and end the process. Anything else is none of the tool's: it ends
 * with 100 and points to --help. For the default of the tool's own switch.
 */
void option_take(int c, const char *tool, const char *help);

/*
 * The argument of the named option as a whole number from least to most. One
 * of the suffixes may stand behind it: the first multiplies by 2^10, the next
 * by 2^20 and so on. What is no such number ends the process with 100.
 */
uint64_t option_number(const char *name, const char *text, uint64_t least, uint64_t most,
    const char *suffixes);

#endif
