/* The memory of the process that is free: it grows by what was needed once, and stays so. */
#ifndef OS_HEAP_H
#define OS_HEAP_H

enum {
	HEAP_LARGE = 128 << 10,
};

/*
 * Lets free() give each block of HEAP_LARGE bytes or more back to the system at once. glibc does so only
 * until the first of them is freed, and keeps later ones up to that size. To be called at the start.
 */
void heap_init(void);

/*
 * Gives the memory that malloc holds and nothing uses back to the system, as far as it is whole
 * pages. It takes about a millisecond for some ten megabytes, so call it once a second at most.
 * Where the C library has no such call, it does nothing.
 */
void heap_trim(void);

#endif
