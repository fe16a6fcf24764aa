/* What ct-log serve does: it serves logs that grow, on a port of loopback, until TERM or INT. */
#ifndef LOG_SERVE_H
#define LOG_SERVE_H

#include "tests/log/log.h"

#define SERVE_HOSTS 128	/* most addresses */
#define SERVE_RULES 64	/* most rules of faults on the command line */

struct serve {
	const char *seed;
	const char *logs;	/* NAME=TYPE[:SIZE[:RATE]], joined by commas */
	const char *dir;	/* where list and keys are written; NULL for nowhere */
	unsigned port;		/* 0 for any that is free */
	unsigned hosts;		/* loopback addresses that the logs are spread over, from 127.0.0.1 on */
	uint64_t size;		/* entries of each log at the start */
	uint64_t most;		/* entries at which a log stops growing */
	double rate;		/* entries a second that each log grows by */
	bool same;		/* all logs of a type hold the entries of the first of them */
	uint64_t page;		/* most entries that get-entries gives */
	uint32_t broken;	/* certificates with a defect, of 10,000 */
	const char *rule[SERVE_RULES];	/* of faults */
	size_t rules;
	const char *rules_file;	/* NULL for none */
	const char *requests;	/* file for the list of requests; NULL for none */
};

/*
 * Serves what s says, and never returns. Prints the line "ready URL" as soon as it listens. On TERM or INT
 * the process ends with 0.
 */
_Noreturn void serve_run(const struct serve *s);

#endif
