/*
 * Reads what clients accept.
 *
 * in: the value of Accept or Accept-Encoding
 * out: the weight of one coding or media type
 * standard: RFC 9110 sections 12.4.2, 12.5.1 and 12.5.3
 */
#include "ct-ws/http/accept.h"

#include "base/digits.h"
#include "enc/token.h"

/* RFC 9110 section 12.4.2: qvalue, in thousandths. */
static unsigned
accept_qvalue(struct span s)
{
	unsigned weight = 0, scale = 100;

	if (s.n == 0 || s.n > 5 || (s.p[0] != '0' && s.p[0] != '1') || (s.n > 1 && s.p[1] != '.'))
		return 0;
	for (size_t i = 2; i < s.n; i++, scale /= 10) {
		if (!digits_has(span_from(s, i)))
			return 0;
		weight += (unsigned)(s.p[i] - '0') * scale;
	}
	return s.p[0] == '1' ? (weight == 0 ? ACCEPT_FULL : 0) : weight;
}

/*
 * Reads the parameters of a member. Returns its weight, or -1 when it has another version than
 * the one asked for.
 */
static int
accept_parameters(struct span parameters, const char *version)
{
	unsigned weight = ACCEPT_FULL;

	while (parameters.n > 0) {
		struct span value = token_trim(token_cut(&parameters, ';'));
		struct span name = token_trim(token_cut(&value, '='));

		value = token_trim(value);
		if (token_eq(name, "q"))
			weight = accept_qvalue(value);
		else if (version != NULL && token_eq(name, "version") &&
		    !span_eq(value, span_str(version)))
			return -1;
	}
	return (int)weight;
}

unsigned
accept_weight(struct span list, const char *name, const char *version)
{
	int any = 0, named = -1;

	while (list.n > 0) {
		struct span member = token_cut(&list, ',');
		struct span what = token_trim(token_cut(&member, ';'));
		bool is_named = token_eq(what, name);
		int weight;

		if (!is_named && !token_eq(what, "*"))
			continue;
		weight = accept_parameters(member, version);
		if (is_named && weight > named)
			named = weight;
		else if (!is_named && weight > any)
			any = weight;
	}
	return (unsigned)(named >= 0 ? named : any);
}
