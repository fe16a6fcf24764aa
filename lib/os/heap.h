/* Gives memory that the process has freed back to the system, which malloc would otherwise keep. */
#ifndef OS_HEAP_H
#define OS_HEAP_H

enum {
	HEAP_LARGE = 128 << 10,	/* bytes of a block from which on it goes back at once */
};

/*
 * From now on free() gives each block of HEAP_LARGE bytes or more back to the system at once. glibc by
 * itself raises that size to that of the largest block freed so far. To be called at the start.
 */
void heap_init(void);

/*
 * Gives the memory that malloc holds and nothing uses back to the system, as far as it is whole
 * pages. It takes about a millisecond for some ten megabytes, so call it once a second at most.
 * Where the C library has no such call, it does nothing.
 */
void heap_trim(void);

#endif
