/*
 * Agrees on permessage-deflate.
 *
 * in: what a client offers in Sec-WebSocket-Extensions
 * out: what is taken of it, and the answer
 * standard: RFC 6455 section 9.1 for the list, RFC 7692 section 7.1 for the parameters
 */
#include "ct-ws/ws/extension.h"

#include "enc/token.h"

enum {
	EXTENSION_WINDOW = 15,	/* bits: how far back enc/deflate may refer */
	EXTENSION_LONGEST = 2,	/* digits of the longest value that can be right */
};

/* The parameters of an offer, as bits of a set. */
enum {
	EXTENSION_SERVER_ALONE = 1 << 0,	/* server_no_context_takeover */
	EXTENSION_CLIENT_ALONE = 1 << 1,	/* client_no_context_takeover */
	EXTENSION_SERVER_WINDOW = 1 << 2,	/* server_max_window_bits */
	EXTENSION_CLIENT_WINDOW = 1 << 3,	/* client_max_window_bits */
};

struct extension_offer {
	unsigned has;		/* the set of its parameters */
	bool is_declined;	/* it cannot be kept to, or is not ours */
};

/* The value of a parameter: a token, which may have stood in quotes. */
struct extension_value {
	bool is_there;
	uint8_t text[EXTENSION_LONGEST];	/* its beginning */
	size_t n;				/* all of its characters */
};

static void
extension_skip_space(struct span *s)
{
	while (s->n > 0 && (s->p[0] == ' ' || s->p[0] == '\t'))
		*s = span_from(*s, 1);
}

/* Takes c and the space around it off the front of *s. Returns false where something else is there. */
static bool
extension_take(struct span *s, char c)
{
	extension_skip_space(s);
	if (s->n == 0 || s->p[0] != (uint8_t)c)
		return false;
	*s = span_from(*s, 1);
	extension_skip_space(s);
	return true;
}

/* Takes a token, which is empty when none is there. */
static struct span
extension_take_token(struct span *s)
{
	struct span token = { s->p, 0 };

	while (token.n < s->n && token_is(span_of(s->p + token.n, 1)))
		token.n++;
	*s = span_from(*s, token.n);
	return token;
}

/* Returns false unless c may stand in a token. */
static bool
extension_add(struct extension_value *v, uint8_t c)
{
	if (v->n < EXTENSION_LONGEST)
		v->text[v->n] = c;
	v->n++;
	return token_is(span_of(&c, 1));
}

/* Takes the rest of a value in quotes, which must be a token without them. Returns false when it is none. */
static bool
extension_take_quoted(struct span *s, struct extension_value *v)
{
	while (s->n > 0 && s->p[0] != '"') {
		if (s->p[0] == '\\')
			*s = span_from(*s, 1);
		if (s->n == 0 || !extension_add(v, s->p[0]))
			return false;
		*s = span_from(*s, 1);
	}
	return v->n > 0 && extension_take(s, '"');
}

/* Takes "=" and what follows it, if it is there. Returns false when what follows is no value. */
static bool
extension_take_value(struct span *s, struct extension_value *v)
{
	struct span token;

	*v = (struct extension_value){ .is_there = false };
	if (!extension_take(s, '='))
		return true;
	v->is_there = true;
	if (s->n > 0 && s->p[0] == '"') {
		*s = span_from(*s, 1);
		return extension_take_quoted(s, v);
	}
	token = extension_take_token(s);
	for (size_t i = 0; i < token.n; i++)
		extension_add(v, token.p[i]);
	return token.n > 0;
}

/* RFC 7692 section 7.1.2: 8 to 15, in decimal without leading zeros. Returns 0 for all else. */
static unsigned
extension_bits(const struct extension_value *v)
{
	if (v->n == 1 && (v->text[0] == '8' || v->text[0] == '9'))
		return (unsigned)v->text[0] - '0';
	if (v->n == 2 && v->text[0] == '1' && v->text[1] >= '0' && v->text[1] <= '5')
		return 10 + (unsigned)v->text[1] - '0';
	return 0;
}

/* Returns which parameter it is, or 0 for one that is unknown or whose value is wrong. */
static unsigned
extension_parameter(struct span name, const struct extension_value *v)
{
	if (span_eq(name, SPAN("server_no_context_takeover")))
		return v->is_there ? 0 : EXTENSION_SERVER_ALONE;
	if (span_eq(name, SPAN("client_no_context_takeover")))
		return v->is_there ? 0 : EXTENSION_CLIENT_ALONE;
	if (span_eq(name, SPAN("server_max_window_bits")))
		return extension_bits(v) == EXTENSION_WINDOW ? EXTENSION_SERVER_WINDOW : 0;
	if (span_eq(name, SPAN("client_max_window_bits")))
		return !v->is_there || extension_bits(v) != 0 ? EXTENSION_CLIENT_WINDOW : 0;
	return 0;
}

/* Takes one offer with its parameters. Returns false when it is none. */
static bool
extension_take_offer(struct span *s, struct extension_offer *o)
{
	struct span name = extension_take_token(s);

	*o = (struct extension_offer){ .is_declined = !span_eq(name, SPAN("permessage-deflate")) };
	if (name.n == 0)
		return false;
	while (extension_take(s, ';')) {
		struct span parameter = extension_take_token(s);
		struct extension_value v;
		unsigned bit;

		if (parameter.n == 0 || !extension_take_value(s, &v))
			return false;
		bit = extension_parameter(parameter, &v);
		o->is_declined |= bit == 0 || (o->has & bit) != 0;
		o->has |= bit;
	}
	return true;
}

/*
 * Section 7.1.1: the answer may ask for client_no_context_takeover though the offer does not
 * mention it. Section 7.1.2: server_max_window_bits must be confirmed, client_max_window_bits need
 * not be.
 */
static struct extension
extension_accept(const struct extension_offer *o)
{
	static const char *const answers[2][2] = {
		{ "permessage-deflate; client_no_context_takeover",
		  "permessage-deflate; client_no_context_takeover; server_max_window_bits=15" },
		{ "permessage-deflate; client_no_context_takeover; server_no_context_takeover",
		  "permessage-deflate; client_no_context_takeover; server_no_context_takeover; "
		  "server_max_window_bits=15" },
	};
	bool alone = (o->has & EXTENSION_SERVER_ALONE) != 0;

	return (struct extension){
		.deflate = alone ? EXTENSION_ALONE : EXTENSION_SHARED,
		.answer = answers[alone][(o->has & EXTENSION_SERVER_WINDOW) != 0],
	};
}

const char *
extension_choose(struct span offers, struct extension *chosen)
{
	struct extension first = { EXTENSION_NONE, NULL };

	*chosen = first;
	do {
		struct extension_offer o;

		extension_skip_space(&offers);
		if (offers.n == 0 || offers.p[0] == ',')
			continue;	/* RFC 9110 section 5.6.1.2: empty members are ignored */
		if (!extension_take_offer(&offers, &o))
			return "RFC 6455 9.1: Sec-WebSocket-Extensions is not a list of extensions";
		if (first.deflate == EXTENSION_NONE && !o.is_declined)
			first = extension_accept(&o);
	} while (extension_take(&offers, ','));
	if (offers.n > 0)
		return "RFC 6455 9.1: Sec-WebSocket-Extensions is not a list of extensions";
	*chosen = first;
	return NULL;
}
