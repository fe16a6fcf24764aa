/* Finds out why a reading differs from OpenSSL's. In: both readings and a member. Out: the reason, if any. */
#include "tests/diff/compare.h"

#include "tests/diff/x509.h"

/* Which members a parse_error is about, by how it begins and how their names begin. */
static const struct {
	const char *told, *member;
} explain_clause[] = {
	{ "RFC 5280 4.1: the certificate is ", "" },
	{ "RFC 5280 4.1: TBSCertificate is ", "" },
	{ "RFC 5280 4.1: TBSCertificate cannot be read to its end", "extensions." },
	{ "RFC 5280 4.1.2.2:", "serial_number" },
	{ "RFC 5280 4.1.2.3:", "signature_algorithm" },
	{ "RFC 5280 4.1.2.4:", "issuer." },
	{ "RFC 5280 4.1.2.4:", "subject." },
	{ "RFC 5280 4.1.2.5: validity", "not_" },
	{ "RFC 5280 4.1.2.5: notBefore", "not_before" },
	{ "RFC 5280 4.1.2.5: notAfter", "not_after" },
	{ "RFC 5280 4.1.2.6:", "subject." },
	{ "RFC 5280 4.1.2.9:", "extensions." },
	{ "RFC 5280 4.2:", "extensions." },
	{ "RFC 5280 4.2.1.1:", "extensions.authorityKeyIdentifier" },
	{ "RFC 5280 4.2.1.2:", "extensions.subjectKeyIdentifier" },
	{ "RFC 5280 4.2.1.3:", "extensions.keyUsage" },
	{ "RFC 5280 4.2.1.4:", "extensions.certificatePolicies" },
	{ "RFC 5280 4.2.1.6:", "extensions.subjectAltName" },
	{ "RFC 5280 4.2.1.7:", "extensions.issuerAltName" },
	{ "RFC 5280 4.2.1.9:", "extensions.basicConstraints" },
	{ "RFC 5280 4.2.1.12:", "extensions.extendedKeyUsage" },
	{ "RFC 5280 4.2.1.13:", "extensions.crlDistributionPoints" },
	{ "RFC 5280 4.2.2.1:", "extensions.authorityInfoAccess" },
};

enum {
	EXPLAIN_CLAUSES = sizeof(explain_clause) / sizeof(explain_clause[0]),
};

bool
explain_is_hash(const char *name)
{
	return strcmp(name, "fingerprint") == 0 || strncmp(name, "sha", 3) == 0;
}

static bool
explain_starts(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* Tells whether told is about the member itself. */
static bool
explain_is_told_of(const char *told, const char *name)
{
	for (unsigned i = 0; i < EXPLAIN_CLAUSES; i++)
		if (explain_starts(told, explain_clause[i].told) &&
		    explain_starts(name, explain_clause[i].member))
			return true;
	return false;
}

bool
explain_is_told(const char *told, const char *name)
{
	if (told == NULL || explain_is_hash(name) || strcmp(name, "all_domains") == 0)
		return false;
	if (strcmp(name, "is_ca") == 0)
		name = "extensions.basicConstraints";
	return explain_is_told_of(told, name);
}

/* Tells whether the lists have the same items, except that ours shows some as a number. */
static bool
explain_is_no_purpose(const char *ours, const char *theirs)
{
	const char *a, *b;
	size_t n, m;

	do {
		a = strstr(ours, ", ");
		b = strstr(theirs, ", ");
		n = a != NULL ? (size_t)(a - ours) : strlen(ours);
		m = b != NULL ? (size_t)(b - theirs) : strlen(theirs);
		if ((n != m || memcmp(ours, theirs, n) != 0) && (*ours < '0' || *ours > '9'))
			return false;
		ours += n + 2;
		theirs += m + 2;
	} while (a != NULL && b != NULL);
	return a == NULL && b == NULL;
}

enum compare_result
explain(const struct compare *c, const char *name)
{
	const json_t *ours = json_object_get(c->ours, name), *theirs = json_object_get(c->theirs, name);

	if (strcmp(name, "all_domains") == 0 && compare_missing_name(c) != NULL)
		return COMPARE_UNEXPLAINED;
	if (json_is_object(theirs))
		return COMPARE_REFUSED;
	if (strcmp(name, "extensions.extendedKeyUsage") == 0 && ours != NULL && theirs != NULL &&
	    explain_is_no_purpose(json_string_value(ours), json_string_value(theirs)))
		return COMPARE_NO_PURPOSE;
	if (explain_is_told(c->told, name))
		return COMPARE_TOLD;
	return COMPARE_UNEXPLAINED;
}

const char *
explain_text(enum compare_result result)
{
	static const char *const text[COMPARE_RESULTS] = {
		[COMPARE_REFUSED] =
		    "OpenSSL refuses the value; ct-parse shows what can be read of it",
		[COMPARE_NO_PURPOSE] =
		    "OpenSSL has a name for the OID, which is no key purpose; ct-parse shows its number",
		[COMPARE_TOLD] =
		    "odd BER that OpenSSL reads; ct-parse says in parse_error that it does not",
	};

	return text[result];
}

void
explain_report(const unsigned long results[COMPARE_RESULTS])
{
	for (unsigned i = COMPARE_UNEXPLAINED + 1; i < COMPARE_RESULTS; i++)
		if (results[i] > 0)
			printf("%9lu  %s\n", results[i], explain_text(i));
}
