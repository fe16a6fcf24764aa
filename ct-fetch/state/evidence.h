/*
 * Evidence: what is kept when a log contradicts itself or what it has signed. Each incident
 * becomes one file, DIR/evidence/LOG/TIME-KIND.json, where LOG is the first 8 bytes of the log ID
 * in hexadecimal, and is told on stderr with the name of that file. ct-fetch(1) describes the form
 * of these files.
 *
 * One incident is kept once: the same one again is only counted, and told again after an hour.
 * Nothing that a log does can fill the disk: of each log at most MAX_EVIDENCE incidents and
 * MAX_EVIDENCE_BYTES are kept, those of earlier runs included; what comes after them is only told.
 */
#ifndef CT_FETCH_EVIDENCE_H
#define CT_FETCH_EVIDENCE_H

#include "base/span.h"
#include "ct/head.h"
#include "enc/hash.h"

struct evidence;

enum {
	MAX_EVIDENCE = 64,			/* incidents of a log */
	MAX_EVIDENCE_BYTES = 64 << 20,		/* of the files of a log */
	MAX_EVIDENCE_ANSWER = 1 << 20,		/* bytes kept of an answer */
	EVIDENCE_HEADS = 2,
	EVIDENCE_ANSWERS = 4,
};

/* What a log has answered to one request. */
struct evidence_answer {
	const char *url;	/* as asked for; NULL: there is no such answer */
	struct span body;	/* as received; only its first MAX_EVIDENCE_ANSWER bytes are kept */
};

/* What was seen. Nothing in it is kept after the call. Members that are 0 do not apply. */
struct evidence_incident {
	const char *name;	/* of the log */
	const uint8_t *id;	/* its log ID, HASH_SHA256 bytes */
	const char *kind;	/* a static text: "two roots for one size" */
	const char *detail;	/* more about this case, such as the root that was computed */
	const struct head *heads[EVIDENCE_HEADS];	/* signed by the log */
	uint64_t from, to;	/* the entries from <= i < to that are concerned; equal: none */
	struct evidence_answer answers[EVIDENCE_ANSWERS];
};

/*
 * Returns what keeps evidence in the folder dir, which must be there and locked; with NULL, evidence is
 * only told. dir is copied, and the folder is not touched before evidence_keep. Ends the process with
 * 111 when memory runs out.
 */
struct evidence *evidence_open(const char *dir);

/* Frees evidence, which may be NULL; the files stay. */
void evidence_free(struct evidence *evidence);

/*
 * Keeps an incident and tells it as an error, at the time now in loop ms. An incident is the same
 * as an earlier one of this run when kind, detail, range, and the sizes and roots of the heads are
 * the same. It blocks until the file is on the disk. When that fails, this is told too.
 *
 *	evidence_keep(f->evidence, now, &(struct evidence_incident){ .name = s->name, .id = s->id,
 *	    .kind = "two roots for one size", .heads = { &l->head, h }, .answers = { { url, body } } });
 */
void evidence_keep(struct evidence *evidence, uint64_t now,
    const struct evidence_incident *incident);

/*
 * Return how many incidents there have been in this run: of all logs, and of the log with the log ID id.
 * An incident that comes again counts again.
 */
uint64_t evidence_count(const struct evidence *evidence);
uint64_t evidence_count_of(const struct evidence *evidence, const uint8_t id[HASH_SHA256]);

#endif
