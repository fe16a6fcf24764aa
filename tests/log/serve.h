/* ct-log serve: growing logs on a loopback port, until TERM or INT. */
#ifndef LOG_SERVE_H
#define LOG_SERVE_H

#include "tests/log/log.h"

struct serve {
	const char *seed;
	const char *logs;	/* NAME=TYPE[,NAME=TYPE...] */
	const char *dir;	/* for the list and the keys; NULL for none */
	unsigned port;		/* 0 is any */
	uint64_t size;		/* entries of each log at the start */
	uint64_t most;		/* where a log stops growing */
	double rate;		/* entries a second, of each log */
	uint64_t page;
	uint32_t broken;	/* of 10,000 */
};

/* Prints one line, "ready URL", when it listens; ends the process with 0. */
_Noreturn void serve_run(const struct serve *);

#endif
