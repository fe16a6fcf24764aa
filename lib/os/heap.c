/*
 * Free memory given back. In: nothing. Out: a smaller process, with the C library of GNU; that of
 * musl gives memory back by itself.
 */
#include "os/heap.h"

#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

void
heap_init(void)
{
#ifdef __GLIBC__
	(void)mallopt(M_MMAP_THRESHOLD, HEAP_LARGE);
#endif
}

void
heap_trim(void)
{
#ifdef __GLIBC__
	(void)malloc_trim(0);
#endif
}
