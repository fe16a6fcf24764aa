/* The memory of the process that is free: it grows by what was needed once, and stays so. */
#ifndef OS_HEAP_H
#define OS_HEAP_H

/*
 * Gives the memory that malloc holds and nothing uses back to the system, as far as it is whole
 * pages. It takes about a millisecond for some ten megabytes, so call it every few seconds at most.
 * Where the C library has no such call, it does nothing.
 */
void heap_trim(void);

#endif
