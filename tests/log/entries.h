/* What ct-log entries does: it prints what a log holds, so that a test can compare. */
#ifndef LOG_ENTRIES_H
#define LOG_ENTRIES_H

#include <stdint.h>

/*
 * Prints the first size entries of the log that the seed, the name and type in spec
 * ("NAME=TYPE", or a NAME that is tiled) and broken make: on each line an object with index,
 * leaf_input and extra_data. Ends the process with 100 or 111 when it cannot.
 */
void entries_print(const char *seed, const char *spec, uint64_t size, uint32_t broken);

#endif
