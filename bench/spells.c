/*
 * spells: finds the moments in which the machine copies memory much slower than it usually does.
 *
 *	spells SECONDS
 *
 * A virtual machine may have such moments, whatever runs on it. Every 5 ms this program copies 256 KiB to
 * memory that it has not used for a while. What a copy usually takes is learned from the first 200: three
 * quarters of them take more. For each later copy that takes more than twice as much CPU time, a line is
 * printed: CLOCK_MONOTONIC in ns, and how many times as long it took.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	SPELLS_COPY = 256 * 1024,
	SPELLS_AREA = 64 * 1024 * 1024,
	SPELLS_FIRST = 200,		/* copies from which the usual time is learned */
	SPELLS_SLOW = 2,		/* times the usual time */
	SPELLS_PAUSE_NS = 5 * 1000 * 1000,
};

static uint64_t
spells_clock(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* Copies once, to the place after the last one, and returns the CPU time in ns. */
static uint64_t
spells_copy(char *area, const char *from)
{
	static size_t at;
	uint64_t began = spells_clock(CLOCK_PROCESS_CPUTIME_ID);

	memcpy(area + at, from, SPELLS_COPY);
	at = (at + SPELLS_COPY) % SPELLS_AREA;
	return spells_clock(CLOCK_PROCESS_CPUTIME_ID) - began;
}

static int
spells_compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int
main(int argc, char **argv)
{
	uint64_t until = spells_clock(CLOCK_MONOTONIC), first[SPELLS_FIRST], took, usual = 0;
	const struct timespec pause = { .tv_nsec = SPELLS_PAUSE_NS };
	char *area = malloc(SPELLS_AREA), *from = malloc(SPELLS_COPY);
	size_t count = 0;

	if (argc != 2 || area == NULL || from == NULL) {
		fputs("usage: spells SECONDS\n", stderr);
		return 1;
	}
	memset(area, 1, SPELLS_AREA);
	memset(from, 2, SPELLS_COPY);
	until += (uint64_t)(strtod(argv[1], NULL) * 1e9);
	while (spells_clock(CLOCK_MONOTONIC) < until) {
		nanosleep(&pause, NULL);
		took = spells_copy(area, from);
		if (count < SPELLS_FIRST)
			first[count++] = took;
		else if (usual == 0) {
			qsort(first, SPELLS_FIRST, sizeof(first[0]), spells_compare);
			usual = first[SPELLS_FIRST / 4];
		} else if (took > SPELLS_SLOW * usual) {
			printf("%llu %llu\n", (unsigned long long)spells_clock(CLOCK_MONOTONIC),
			    (unsigned long long)(took / usual));
			fflush(stdout);
		}
	}
	return 0;
}
