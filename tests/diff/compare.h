/* One certificate read twice, member by member. */
#ifndef DIFF_COMPARE_H
#define DIFF_COMPARE_H

#include <jansson.h>
#include <openssl/x509.h>

#include "base/span.h"

enum compare_result {
	COMPARE_AGREE,
	COMPARE_UNEXPLAINED,
	/* Differences with a reason: explain.c */
	COMPARE_REFUSED,
	COMPARE_NO_PURPOSE,
	COMPARE_TOLD,
	COMPARE_RESULTS,
};

/* What is compared: the certificate, and both readings, flat as x509.h has it. */
struct compare {
	X509 *x;
	json_t *ours, *theirs;
	struct span der;
	const char *told;	/* parse_error of ours, or NULL */
};

/*
 * Reads both: leaf is the object ct-parse made, submitted what its fingerprints
 * are of. False when OpenSSL refuses der; else compare_close is due, before
 * leaf and der go.
 */
bool compare_open(struct compare *, json_t *leaf, struct span der, struct span submitted,
    bool is_precert);
void compare_close(struct compare *);

/* How a member compares: "serial_number", "subject.CN"; also one that only one side has. */
enum compare_result compare_member(const struct compare *, const char *name);

/* In explain.c: the reason for a difference, and a sentence about it. */
enum compare_result explain(const struct compare *, const char *name);
const char *explain_text(enum compare_result);

/* How many differences have each reason, where any has. */
void explain_report(const unsigned long results[COMPARE_RESULTS]);

/* Made of the bytes as they came, whatever stands in them. */
bool explain_is_hash(const char *name);

/* A parse_error that begins with the clause of this member, or of what it is made from. */
bool explain_is_told(const char *told, const char *name);

#endif
