/* Reasons for differences from OpenSSL. In: a member of both readings. Out: the reason, if any. */
#include "tests/diff/compare.h"

#include "tests/diff/x509.h"

/* Item by item the same, but for some that are a number in ours. */
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

	if (json_is_object(theirs))
		return COMPARE_REFUSED;
	if (strcmp(name, "extensions.extendedKeyUsage") == 0 && ours != NULL && theirs != NULL &&
	    explain_is_no_purpose(json_string_value(ours), json_string_value(theirs)))
		return COMPARE_NO_PURPOSE;
	if (c->told)
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
