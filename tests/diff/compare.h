/* Compares what ct-parse and OpenSSL read in one certificate, member by member. */
#ifndef DIFF_COMPARE_H
#define DIFF_COMPARE_H

#include <jansson.h>
#include <openssl/x509.h>

#include "base/span.h"

enum compare_result {
	COMPARE_AGREE,
	COMPARE_UNEXPLAINED,
	/* These differ for a reason, which explain_text puts into words. */
	COMPARE_REFUSED,
	COMPARE_NO_PURPOSE,
	COMPARE_TOLD,
	COMPARE_RESULTS,	/* how many results there are */
};

/* A certificate and both readings of it, each a flat object as x509_reading makes it. */
struct compare {
	X509 *x;
	json_t *ours, *theirs;
	json_t *names;		/* those that OpenSSL reads: x509_every_name; NULL: not known */
	struct span der;
	const char *told;	/* the parse_error that ct-parse wrote, or NULL */
};

/*
 * Makes both readings. leaf is the object that ct-parse made of the certificate
 * der; submitted is the bytes whose fingerprints it holds, which for a
 * precertificate differ from der. Returns true, and then the caller ends the
 * comparison with compare_close, while leaf and der are still there; returns false
 * when OpenSSL refuses der.
 */
bool compare_open(struct compare *, json_t *leaf, struct span der, struct span submitted,
    bool is_precert);
void compare_close(struct compare *);

/*
 * Returns how the member of that name ("serial_number", "subject.CN") compares. It may be missing in one
 * of the readings.
 */
enum compare_result compare_member(const struct compare *, const char *name);

/*
 * Returns a name that OpenSSL reads and all_domains does not have, which no reason excuses, or NULL.
 * The name is one of c->names.
 */
const json_t *compare_missing_name(const struct compare *);

/*
 * explain returns why the member of that name differs: COMPARE_UNEXPLAINED, or one
 * of the results behind it. explain_text returns a sentence about a result.
 */
enum compare_result explain(const struct compare *, const char *name);
const char *explain_text(enum compare_result);

/* Prints how many members had each result that is a reason, unless none had any. */
void explain_report(const unsigned long results[COMPARE_RESULTS]);

/* Returns true for a member that is a digest of the certificate: no reason can excuse it. */
bool explain_is_hash(const char *name);

/*
 * Returns true when told, a parse_error, begins with the clause of the member of that name, or of one
 * that this member is made from.
 */
bool explain_is_told(const char *told, const char *name);

#endif
