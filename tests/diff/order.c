/*
 * Compares with OpenSSL the two members of format calidog that follow the order of
 * the certificate: aggregated and all_domains. In: full events of ct-parse -f
 * calidog. Out: a table of how many are the same, and for how many of these the
 * order matters, because it is not the sorted one. Exits with 1 when a difference
 * has no reason.
 *
 *	ct-parse -f calidog <entries | tests/diff/order
 */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"
#include "tests/diff/compare.h"
#include "tests/diff/x509.h"

enum { MOST_TOLD = 20 };	/* most differences without a reason that are shown */

static const char *const order_member[] = { "subject.aggregated", "issuer.aggregated",
	"all_domains" };

enum { ORDER_MEMBERS = sizeof(order_member) / sizeof(order_member[0]) };

struct order {
	unsigned long same[ORDER_MEMBERS], ordered[ORDER_MEMBERS], results[COMPARE_RESULTS];
	unsigned long explained[ORDER_MEMBERS], unexplained[ORDER_MEMBERS];
	unsigned long certificates, refused, told;
};

/* Returns what aggregated calls an attribute type; NULL for those it leaves out, which is all but seven. */
static const char *
order_key(int nid)
{
	switch (nid) {
	case NID_countryName:
		return "C";
	case NID_stateOrProvinceName:
		return "ST";
	case NID_localityName:
		return "L";
	case NID_organizationName:
		return "O";
	case NID_organizationalUnitName:
		return "OU";
	case NID_commonName:
		return "CN";
	case NID_pkcs9_emailAddress:
		return "emailAddress";
	}
	return NULL;
}

/* Appends a string as UTF-8; one that is not UTF-8 is read as ISO 8859-1. */
static void
order_put_bytes(struct buf *b, const ASN1_STRING *s)
{
	struct span bytes = span_of(ASN1_STRING_get0_data(s), (size_t)ASN1_STRING_length(s));
	unsigned char utf8[4];
	struct buf text;

	buf_init(&text);
	x509_put_text(&text, bytes.p, bytes.n);
	if (span_eq(buf_span(&text), bytes))
		buf_put(b, bytes);
	else
		for (size_t i = 0; i < bytes.n; i++)
			buf_put(b, span_of(utf8, (size_t)UTF8_putc(utf8, 4, bytes.p[i])));
	buf_free(&text);
}

/* Appends the text of a value. Returns false when OpenSSL refuses it. */
static bool
order_put_string(struct buf *b, const ASN1_STRING *s)
{
	int type = ASN1_STRING_type(s);

	if (type == V_ASN1_BMPSTRING || type == V_ASN1_UNIVERSALSTRING)
		return x509_put_string(b, s);
	order_put_bytes(b, s);
	return true;
}

/* Returns aggregated as ct-event(5) defines it, or {} when OpenSSL refuses an attribute. */
static json_t *
order_aggregated(const X509_NAME *name)
{
	const X509_NAME_ENTRY *e;
	const ASN1_STRING *value;
	const char *key;
	struct buf b;

	buf_init(&b);
	for (int i = 0; i < X509_NAME_entry_count(name); i++) {
		e = X509_NAME_get_entry(name, i);
		key = order_key(OBJ_obj2nid(X509_NAME_ENTRY_get_object(e)));
		value = X509_NAME_ENTRY_get_data(e);
		if (key == NULL || !x509_is_text(value))
			continue;
		buf_putf(&b, "/%s=", key);
		if (!order_put_string(&b, value)) {
			buf_free(&b);
			return json_object();
		}
	}
	return x509_take(&b);
}

/* Returns the last common name that is text; "" when there is none, {} when OpenSSL refuses it. */
static json_t *
order_common_name(X509 *x)
{
	X509_NAME *name = X509_get_subject_name(x);
	const ASN1_STRING *s, *last = NULL;
	struct buf b;

	for (int i = -1; (i = X509_NAME_get_index_by_NID(name, NID_commonName, i)) >= 0;) {
		s = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i));
		if (x509_is_text(s))
			last = s;
	}
	buf_init(&b);
	if (last == NULL || order_put_string(&b, last))
		return x509_take(&b);
	buf_free(&b);
	return json_object();
}

/*
 * Returns the common name, the dNSNames and then the other common names that look like host names, each
 * once; {} when OpenSSL refuses them.
 */
static json_t *
order_domains(X509 *x)
{
	json_t *all = json_array(), *cn = order_common_name(x);
	bool ok = !json_is_object(cn);

	if (json_string_length(cn) > 0)
		json_array_append(all, cn);
	json_decref(cn);
	ok &= x509_append_all_names(all, x, NULL, order_put_string);
	x509_append_hosts(all, x, order_put_string);
	if (ok)
		return all;
	json_decref(all);
	return json_object();
}

static void
order_set(json_t *flat, const char *key, const json_t *name)
{
	json_object_set(flat, key, json_object_get(name, "aggregated"));
}

/*
 * Makes both readings, as flat objects. Only a leaf has all_domains. The issuer is left out for a
 * precertificate: its own may differ from the one in the entry, which the event shows.
 */
static void
order_read(struct compare *c, const json_t *cert, bool is_leaf, bool is_precert)
{
	c->ours = json_object();
	c->theirs = json_object();
	order_set(c->ours, "subject.aggregated", json_object_get(cert, "subject"));
	json_object_set_new(c->theirs, "subject.aggregated",
	    order_aggregated(X509_get_subject_name(c->x)));
	if (!is_precert) {
		order_set(c->ours, "issuer.aggregated", json_object_get(cert, "issuer"));
		json_object_set_new(c->theirs, "issuer.aggregated",
		    order_aggregated(X509_get_issuer_name(c->x)));
	}
	json_object_set(c->ours, "all_domains", json_object_get(cert, "all_domains"));
	if (is_leaf)
		json_object_set_new(c->theirs, "all_domains", order_domains(c->x));
}

/* Tells whether value is not sorted: an attribute or a name in it is less than the one before. */
static bool
order_falls(const json_t *value)
{
	const char *text = json_string_value(value), *last = NULL, *next;

	if (text != NULL) {
		for (; *text != '\0'; text += strcspn(text + 1, "/") + 1) {
			if (last != NULL && strcmp(text, last) < 0)
				return true;
			last = text;
		}
		return false;
	}
	for (size_t i = 0; i < json_array_size(value); i++, last = next) {
		next = json_string_value(json_array_get(value, i));
		if (last != NULL && strcmp(next, last) < 0)
			return true;
	}
	return false;
}

static void
order_tell(struct order *t, const char *name, const struct compare *c)
{
	char *a = json_dumps(json_object_get(c->ours, name), JSON_ENCODE_ANY);
	char *b = json_dumps(json_object_get(c->theirs, name), JSON_ENCODE_ANY);

	if (t->told++ < MOST_TOLD)
		fprintf(stderr, "%s: ours %s, OpenSSL's %s\n", name, a ? a : "absent",
		    b ? b : "absent");
	free(a);
	free(b);
}

static void
order_compare(struct order *t, unsigned member, const struct compare *c)
{
	const char *name = order_member[member];
	enum compare_result result = compare_member(c, name);

	if (json_object_get(c->theirs, name) == NULL && json_object_get(c->ours, name) == NULL)
		return;
	t->results[result]++;
	if (result == COMPARE_AGREE) {
		t->same[member]++;
		t->ordered[member] += order_falls(json_object_get(c->ours, name));
	} else if (result == COMPARE_UNEXPLAINED) {
		t->unexplained[member]++;
		order_tell(t, name, c);
	} else {
		t->explained[member]++;
	}
}

static void
order_certificate(struct order *t, const json_t *cert, bool is_leaf, bool is_precert)
{
	const json_t *as_der = json_object_get(cert, "as_der");
	unsigned char *der = malloc(json_string_length(as_der) + 1);
	const unsigned char *p = der;
	int n = EVP_DecodeBlock(der, (const unsigned char *)json_string_value(as_der),
	    (int)json_string_length(as_der));
	struct compare c = { .x = n > 0 ? d2i_X509(NULL, &p, n) : NULL,
		.der = span_of(der, n > 0 ? (size_t)n : 0),
		.told = json_string_value(json_object_get(cert, "parse_error")) };

	t->certificates++;
	if (c.x != NULL) {
		order_read(&c, cert, is_leaf, is_precert);
		for (unsigned i = 0; i < ORDER_MEMBERS; i++)
			order_compare(t, i, &c);
		compare_close(&c);
	} else {
		t->refused++;
	}
	free(der);
}

static void
order_event(struct order *t, const json_t *data)
{
	const char *type = json_string_value(json_object_get(data, "update_type"));
	const json_t *chain = json_object_get(data, "chain");

	if (type == NULL)
		die_usage("a line is no event");
	order_certificate(t, json_object_get(data, "leaf_cert"), true,
	    strcmp(type, "PrecertLogEntry") == 0);
	for (size_t i = 0; i < json_array_size(chain); i++)
		order_certificate(t, json_array_get(chain, i), false, false);
}

/* Tells whether all is well: every difference has a reason, and the order mattered in some event. */
static bool
order_report(const struct order *t)
{
	bool fine = t->certificates > 0;

	printf("%lu certificates, %lu of them refused by OpenSSL\n\n", t->certificates, t->refused);
	printf("%-26s %9s %12s %9s %11s\n", "", "same", "not sorted", "explained", "unexplained");
	for (unsigned i = 0; i < ORDER_MEMBERS; i++) {
		printf("%-26s %9lu %12lu %9lu %11lu\n", order_member[i], t->same[i], t->ordered[i],
		    t->explained[i], t->unexplained[i]);
		fine &= t->ordered[i] > 0 && t->unexplained[i] == 0 &&
		    t->explained[i] * 100 <= t->same[i];
	}
	printf("\n");
	explain_report(t->results);
	return fine;
}

int
main(void)
{
	struct order t = { .told = 0 };
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	json_t *event;

	while ((n = getline(&line, &room, stdin)) > 0) {
		event = json_loadb(line, (size_t)n, JSON_ALLOW_NUL, NULL);
		order_event(&t, json_object_get(event, "data"));
		json_decref(event);
	}
	free(line);
	return order_report(&t) ? 0 : 1;
}
