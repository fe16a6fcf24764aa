/*
 * The audit of a log (log_audit.c): what is asked about its heads, to compare them with each other. It is
 * a part of struct log; log_parts.h has its functions.
 */
#ifndef CT_FETCH_LOG_LOG_AUDIT_H
#define CT_FETCH_LOG_LOG_AUDIT_H

#include "ct-fetch/proof/proof.h"

/* Whether the head of a log's mark has been compared with the best one. */
enum log_recall {
	RECALL_OPEN,	/* not yet */
	RECALL_ASKED,	/* the log has been asked */
	RECALL_DONE,	/* yes, or there is none to compare */
	RECALL_FAILED,	/* the log did not say */
};

struct log_audit {
	struct proof proof;	/* asks whether an old head belongs to the tree of the best one */
	struct head head;	/* that head */
	enum log_recall recall;
	uint64_t recall_until;	/* loop ms: until when its answer is waited for; 0: not asked yet */
};

#endif
