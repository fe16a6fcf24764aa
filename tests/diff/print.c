/*
 * Compares the texts of extensions in format calidog with what OpenSSL prints. In:
 * full events of ct-parse -f calidog. Out: a table of how many are the same once
 * the differences that ct-event(5) lists under DEPARTURES are undone, and why the
 * others are not. Exits with 1 when a difference has no reason.
 */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"
#include "tests/diff/compare.h"
#include "tests/diff/x509.h"

enum result {
	SAME,
	UNEXPLAINED,
	TOLD,
	OTHER_NAME,
	ENDED,
	LONG,
	DOTTED,
	RESULTS,
};

/* How two texts compare; all results behind the first are items of DEPARTURES in ct-event(5). */
static const char *const reason[RESULTS] = {
	[TOLD] = "odd BER, of which ct-parse says in parse_error that it cannot be read",
	[OTHER_NAME] = "an otherName that OpenSSL 3 shows, and OpenSSL 1.1 did not",
	[ENDED] = "OpenSSL shows bytes up to the first NUL; ct-parse shows all characters",
	[LONG] = "OpenSSL ends a long name or OID where its buffer does; ct-parse shows all",
	[DOTTED] = "OpenSSL prints a dot for a byte that is no printable ASCII",
};

enum { MOST_TOLD = 20 };	/* most differences without a reason that are shown */

struct print {
	unsigned long same[X509_KINDS], explained[X509_KINDS], unexplained[X509_KINDS], results[RESULTS];
	unsigned long certificates, refused, told;
};

/*
 * Reads an escape in a directory name that OpenSSL printed, where ct-parse writes the character itself.
 * Returns how many characters the escape takes. In the form with slashes these are \xC3, \/ and \+, in
 * the form with commas \C3; any other backslash stands in both texts.
 */
static size_t
print_escape(const char *p, size_t n, bool commas, char *byte)
{
	size_t x = commas ? 1 : 2;
	unsigned v;

	*byte = p[0];
	if (n > x + 1 && (commas || p[1] == 'x') && strspn(p + x, "0123456789ABCDEF") >= 2 &&
	    sscanf(p + x, "%2X", &v) == 1) {
		*byte = (char)v;
		return x + 2;
	}
	if (commas || n < 2 || (p[1] != '/' && p[1] != '+'))
		return 1;
	*byte = p[1];
	return 2;
}

/* Appends text as UTF-8; one that is not UTF-8 is read as ISO 8859-1. */
static void
print_put_latin1(struct buf *out, struct span s)
{
	unsigned char utf8[4];
	unsigned long c;
	int k;

	for (size_t i = 0; i < s.n; i += (size_t)k) {
		k = UTF8_getc(s.p + i, (int)(s.n - i), &c);
		if (k > 0)
			continue;
		for (i = 0; i < s.n; i++)
			buf_put(out, span_of(utf8, (size_t)UTF8_putc(utf8, 4, s.p[i])));
		return;
	}
	buf_put(out, s);
}

/* Appends a line that OpenSSL printed, with its escapes undone. */
static void
print_put_line(struct buf *out, const char *p, size_t n, bool commas)
{
	const char *name = memmem(p, n, "DirName:", 8);	/* only these have escapes */
	struct buf b;
	size_t k;
	char byte;

	buf_init(&b);
	for (size_t i = 0; i < n; i += k) {
		byte = p[i];
		k = 1;
		if (byte == '\\' && name != NULL && p + i > name)
			k = print_escape(p + i, n - i, commas, &byte);
		buf_putc(&b, byte);
		if (k == 1 && byte == '\\' && commas && i + 1 < n)	/* what it escapes */
			buf_putc(&b, p[i + k++]);
	}
	print_put_latin1(out, buf_span(&b));
	buf_putc(out, '\n');
	buf_free(&b);
}

/* Appends such a line as two where OpenSSL 3.0 forgets to end the first. */
static void
print_put_lines(struct buf *out, const char *p, size_t n, bool commas)
{
	const char *next = memmem(p, n, "CRL Issuer:", 11);

	if (next == NULL && n > 8 && memcmp(p + n - 8, "Reasons:", 8) == 0)
		next = p + n - 8;
	if (next != NULL && next > p) {
		print_put_line(out, p, (size_t)(next - p), commas);
		n -= (size_t)(next - p);
		p = next;
	}
	print_put_line(out, p, n, commas);
}

/* Appends what OpenSSL prints, without empty lines. Returns false when it has no text for the value. */
static bool
print_theirs(struct buf *out, X509_EXTENSION *e, bool commas)
{
	BIO *bio = BIO_new(BIO_s_mem());
	bool ok = X509V3_EXT_print(bio, e, X509V3_EXT_DEFAULT, 0);
	char *text, *end, *lf;
	long n = BIO_get_mem_data(bio, &text);

	for (end = text + n; ok && text < end; text = lf + 1) {
		lf = memchr(text, '\n', (size_t)(end - text));
		lf = lf != NULL ? lf : end;
		if (lf - text > 0 && !(lf - text == 7 && memcmp(text, "<EMPTY>", 7) == 0))
			print_put_lines(out, text, (size_t)(lf - text), commas);
	}
	BIO_free(bio);
	return ok;
}

/*
 * Appends our text without empty lines, and without a "keyid:" that nothing follows, where OpenSSL 3
 * prints none.
 */
static void
print_ours(struct buf *out, const json_t *value)
{
	const char *text = json_string_value(value);

	for (size_t i = 0; i < json_string_length(value); i++)
		if (text[i] != '\n' || (out->n > 0 && out->p[out->n - 1] != '\n'))
			buf_putc(out, text[i]);
	if (out->n > 0 && out->p[out->n - 1] != '\n')
		buf_putc(out, '\n');
	if (span_starts(buf_span(out), SPAN("keyid:")) && memchr(out->p, '\n', out->n - 1) == NULL)
		buf_drop(out, 6);
}

/* Takes the first item off a text. In lists of names and purposes a comma ends it, elsewhere the line. */
static struct span
print_take(struct span *s, bool commas)
{
	size_t n = 0;
	struct span item;

	while (n < s->n && s->p[n] != '\n' && !(commas && n + 1 < s->n && memcmp(s->p + n, ", ", 2) == 0))
		n++;
	item = span_of(s->p, n);
	*s = span_from(*s, n);
	while (s->n > 0 && strchr(", \n", s->p[0]) != NULL && s->p[0] != '\0')
		*s = span_from(*s, 1);
	return item;
}

/* Tells whether theirs has dots where ours has characters: one for each byte of UTF-8, or of Latin-1. */
static bool
print_is_dotted(struct span ours, struct span theirs, bool latin1)
{
	struct buf b;
	unsigned long c;
	size_t k;
	bool same;

	buf_init(&b);
	for (; ours.n > 0; ours = span_from(ours, k)) {
		k = (size_t)UTF8_getc(ours.p, (int)ours.n, &c);
		if ((c >= ' ' && c <= '~') || c == '\r')
			buf_putc(&b, (char)c);
		else
			buf_put(&b, span_of("....", latin1 ? 1 : k));
	}
	same = span_eq(buf_span(&b), theirs);
	buf_free(&b);
	return same;
}

/* Tells whether theirs is cut off at the first NUL byte that ours, behind its label, has in UTF-16. */
static bool
print_is_wide(struct span ours, struct span theirs)
{
	const uint8_t *label = memmem(ours.p, ours.n, ": ", 2);
	struct buf b, text;
	unsigned long c;
	bool same;

	buf_init(&b);
	buf_init(&text);
	buf_put(&b, span_of(ours.p, label != NULL ? (size_t)(label + 2 - ours.p) : 0));
	ours = span_from(ours, b.n);
	while (ours.n > 0) {
		ours = span_from(ours, (size_t)UTF8_getc(ours.p, (int)ours.n, &c));
		if (c > 0xffff || c < 0x100)	/* the corpus has no surrogates */
			break;
		buf_putc(&b, (char)(c >> 8));
		if ((c & 0xff) == 0)
			break;
		buf_putc(&b, (char)c);
	}
	print_put_latin1(&text, buf_span(&b));
	same = label != NULL && span_eq(buf_span(&text), theirs);
	buf_free(&b);
	buf_free(&text);
	return same;
}

/*
 * Tells whether theirs is cut off for its length: an OID to fit 80 bytes, or a name of more than 256 in
 * front of an attribute.
 */
static bool
print_is_long(struct span ours, struct span theirs)
{
	size_t room = 0;

	if (!span_starts(ours, theirs) || ours.n == theirs.n)
		return false;
	if (!span_starts(ours, SPAN("DirName:")))
		return theirs.n >= 79;
	for (size_t i = 8; i < ours.n; i++)
		room += ours.p[i] >= ' ' && ours.p[i] <= '~' ? 1 : 4;
	return room >= 256 && strchr("/+", ours.p[theirs.n]) != NULL;
}

/* Returns why an item of OpenSSL's means what ours does. */
static enum result
print_item(struct span ours, struct span theirs)
{
	const uint8_t *nul = memchr(ours.p, '\0', ours.n);

	if (span_eq(ours, theirs))
		return SAME;
	if (span_eq(ours, SPAN("othername:<unsupported>")) && span_starts(theirs, SPAN("othername:")))
		return OTHER_NAME;
	if (print_is_dotted(ours, theirs, false) || print_is_dotted(ours, theirs, true))
		return DOTTED;
	if ((nul != NULL && span_eq(span_of(ours.p, (size_t)(nul - ours.p)), theirs)) ||
	    print_is_wide(ours, theirs))
		return ENDED;
	if (print_is_long(ours, theirs))
		return LONG;
	return UNEXPLAINED;
}

/* Compares two texts item by item. Returns the reason of the last item that has one. */
static enum result
print_compare(struct span ours, struct span theirs, bool commas)
{
	enum result all = SAME, one;
	struct span a, b, rest;

	while (ours.n > 0 && theirs.n > 0) {
		a = print_take(&ours, commas);
		rest = theirs;
		b = print_take(&theirs, commas);
		one = print_item(a, b);
		if (one == UNEXPLAINED && all == ENDED) {	/* a further line of that text */
			theirs = rest;
			continue;
		}
		if (one == UNEXPLAINED)
			return UNEXPLAINED;
		all = one != SAME ? one : all;
	}
	return ours.n == theirs.n ? all : UNEXPLAINED;
}

static void
print_extension(struct print *t, unsigned kind, X509_EXTENSION *e, const json_t *text,
    const char *told)
{
	int nid = x509_kinds[kind].nid;
	bool names = nid == NID_subject_alt_name || nid == NID_issuer_alt_name;
	struct buf ours, theirs;
	char member[64];
	enum result result;

	buf_init(&ours);
	buf_init(&theirs);
	print_ours(&ours, text);
	snprintf(member, sizeof(member), "extensions.%s", x509_kinds[kind].key);
	if (print_theirs(&theirs, e, nid == NID_crl_distribution_points)) {
		result = print_compare(buf_span(&ours), buf_span(&theirs),
		    names || nid == NID_ext_key_usage);
		if (result == UNEXPLAINED && explain_is_told(told, member))
			result = TOLD;
		t->results[result]++;
		t->same[kind] += result == SAME;
		t->unexplained[kind] += result == UNEXPLAINED;
		t->explained[kind] += result > UNEXPLAINED;
		if (result == UNEXPLAINED && t->told++ < MOST_TOLD)
			fprintf(stderr, "%s: ours\n%sOpenSSL's\n%s\n", x509_kinds[kind].key,
			    buf_str(&ours), buf_str(&theirs));
	}
	buf_free(&ours);
	buf_free(&theirs);
}

static void
print_certificate(struct print *t, const json_t *leaf)
{
	const json_t *as_der = json_object_get(leaf, "as_der");
	const json_t *extensions = json_object_get(leaf, "extensions");
	unsigned char *der = malloc(json_string_length(as_der) + 1);
	const unsigned char *p = der;
	int n = EVP_DecodeBlock(der, (const unsigned char *)json_string_value(as_der),
	    (int)json_string_length(as_der));
	X509 *x = d2i_X509(NULL, &p, n);
	X509_EXTENSION *e;

	t->certificates++;
	t->refused += x == NULL;
	for (unsigned i = 0; x != NULL && i < X509_KINDS; i++) {
		e = x509_extension(x, x509_kinds[i].nid);
		if (e != NULL)
			print_extension(t, i, e, json_object_get(extensions, x509_kinds[i].key),
			    json_string_value(json_object_get(leaf, "parse_error")));
	}
	X509_free(x);
	free(der);
}

/* Tells whether every difference has a reason. */
static bool
print_report(const struct print *t)
{
	printf("%lu certificates, %lu of them refused by OpenSSL\n\n", t->certificates, t->refused);
	printf("%-26s %9s %9s %11s\n", "", "same", "explained", "unexplained");
	for (unsigned i = 0; i < X509_KINDS; i++)
		printf("%-26s %9lu %9lu %11lu\n", x509_kinds[i].key, t->same[i], t->explained[i],
		    t->unexplained[i]);
	printf("\n");
	for (unsigned i = UNEXPLAINED + 1; i < RESULTS; i++)
		if (t->results[i] > 0)
			printf("%9lu  %s\n", t->results[i], reason[i]);
	return t->certificates > 0 && t->results[UNEXPLAINED] == 0 &&
	    20 * (t->results[TOLD] + t->results[ENDED]) <= t->results[SAME];
}

int
main(void)
{
	struct print t = { .told = 0 };
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	json_t *event, *data, *leaf;

	while ((n = getline(&line, &room, stdin)) > 0) {
		event = json_loadb(line, (size_t)n, JSON_ALLOW_NUL, NULL);
		data = json_object_get(event, "data");
		leaf = json_object_get(data, "leaf_cert");
		if (leaf == NULL)
			die_usage("a line is no event");
		/* In a precertificate, as_der is not what the extensions were read from. */
		if (strcmp(json_string_value(json_object_get(data, "update_type")), "X509LogEntry") == 0)
			print_certificate(&t, leaf);
		json_decref(event);
	}
	free(line);
	return print_report(&t) ? 0 : 1;
}
