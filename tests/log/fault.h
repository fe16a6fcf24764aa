/*
 * Faults that a test injects: what logs, their hosts and networks do wrong. A rule says
 * which requests meet a fault:
 *
 *	LOG ENDPOINT [full|partial] [FIRST[-LAST]] FAULT [ARGUMENT...] [CONDITION...]
 *
 * LOG is a name or *. ENDPOINT is one of target.c. With indexes it is only for requests
 * that are about one of these entries. FAULT and its arguments are in fault_kind.c. The
 * conditions, in any order:
 *
 *	after N		not the first N requests that the rule is for
 *	every N		of the others the first, and then each Nth
 *	times N		of those only the first N
 *	from SECS	from so many seconds after the rule was read
 *	to SECS		until so many seconds after the rule was read
 *	agent TEXT	only clients whose User-Agent has this text in it
 *
 * All rules that fit a request act on it, in their order. A file of rules is read again
 * when it changes, before the next request is answered; a rule that stays in it goes on
 * counting. A file that does not end in a line feed is still being written, and is not
 * read. Lines that are empty or begin with # are passed over.
 */
#ifndef LOG_FAULT_H
#define LOG_FAULT_H

#include <pthread.h>
#include <sys/stat.h>

#include "tests/log/target.h"

#define FAULT_WORDS 8	/* most arguments of a fault */
#define FAULT_RULES 256	/* most rules at a time */

struct fault_kind;

/* A rule. Once made it lives as long as the process, because threads may be at work with it. */
struct fault {
	char *text;		/* as it was written, which tells whether it is still the same */
	char *words;		/* its memory for what follows */
	const char *log;
	unsigned endpoints;
	bool full_only, partial_only;
	bool ranged;
	uint64_t first, last;
	const struct fault_kind *kind;
	const char *word[FAULT_WORDS];
	uint64_t number[FAULT_WORDS];	/* the same, where the kind wants numbers */
	unsigned count;		/* of words */
	uint64_t after, every, times;
	uint64_t from, to;	/* ms after began */
	const char *agent;	/* or NULL */

	uint64_t began;		/* ms of the clock that never is set back */
	pthread_mutex_t lock;	/* over what follows */
	uint64_t seen;		/* requests that it was for */
	void *state;		/* of its kind */
};

/* A request while it is answered. */
struct fault_case {
	const struct http_request *request;
	const struct target *target;
	struct log *log;	/* the one that answers, which a fault may replace; NULL as in the target */
	struct bend bend;
	struct http_response *response;
	struct fault *hit[FAULT_RULES];	/* the rules that fit */
	size_t hits;
};

struct faults {
	pthread_mutex_t lock;
	const char *file;	/* or NULL; borrowed */
	struct stat was;	/* of the file, when it was read last; all zeros before */
	struct fault *fixed[FAULT_RULES];	/* of the command line */
	size_t fixed_count;
	struct fault *read[FAULT_RULES];	/* of the file */
	size_t read_count;
};

/*
 * Starts with the count rules, and with those in the file called file, which may be NULL.
 * A rule that cannot be understood ends the process with 100.
 */
void faults_init(struct faults *f, const char *const *rules, size_t count, const char *file);
/*
 * Applies what has to be done before a request is answered, and returns true when it has
 * been answered so. request, target, log, bend and response of the case are set.
 */
bool faults_before(struct faults *f, struct fault_case *c);
/* Applies to the answer of c what the rules that it has met do to answers. */
void faults_after(struct fault_case *c);
/* Returns the rule that now gives the log called name its state in the list, or NULL. */
const struct fault *faults_state(struct faults *f, const char *name);

#endif
