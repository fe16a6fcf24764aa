/*
 * Holds the extension texts of format calidog against what OpenSSL prints. In:
 * full events of ct-parse -f calidog. Out: a table of how many are the same,
 * once the departures that ct-event(5) lists are undone, and why the others
 * are not. Exits 1 for a difference without a reason.
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
	CUT,
	DOTTED,
	NAMED,
	BIG,
	RESULTS,
};

static const char *const reason[RESULTS] = {
	[TOLD] = "odd BER, of which ct-parse says in parse_error that it cannot be read",
	[OTHER_NAME] = "an otherName that OpenSSL 3 shows, and OpenSSL 1.1 did not",
	[CUT] = "OpenSSL ends at a NUL or where its buffer does; ct-parse shows all",
	[DOTTED] = "OpenSSL prints a dot for a byte that is no printable ASCII",
	[NAMED] = "OpenSSL has a name for the OID; ct-parse shows its number",
	[BIG] = "a number above 64 bits, which ct-parse writes in hex without leading zeros",
};

enum { MOST_TOLD = 20 };	/* unexplained differences that are shown */

struct print {
	unsigned long same[X509_KINDS], explained[X509_KINDS], unexplained[X509_KINDS], results[RESULTS];
	unsigned long certificates, refused, told;
};

/* The byte behind a backslash, written as itself, xC3 or C3; returns the characters it takes. */
static size_t
print_escape(const char *p, size_t n, char *byte)
{
	size_t x = n > 1 && p[1] == 'x' ? 2 : 1;
	unsigned v;

	if (n >= x + 2 && strspn(p + x, "0123456789ABCDEF") >= 2 && sscanf(p + x, "%2X", &v) == 1) {
		*byte = (char)v;
		return x + 2;
	}
	*byte = n > 1 ? p[1] : p[0];
	return n > 1 ? 2 : 1;
}

/* A line of OpenSSL's: without its escapes, and as Latin-1 where it is not UTF-8. */
static void
print_put_line(struct buf *out, const char *p, size_t n)
{
	unsigned char utf8[4];
	const char *names = memmem(p, n, "DirName:", 8);	/* escapes stand in these alone */
	bool latin1 = false;
	unsigned long c;
	struct buf b;
	size_t k;
	char byte;

	buf_init(&b);
	for (size_t i = 0; i < n; i += k) {
		byte = p[i];
		k = byte == '\\' && names != NULL && p + i > names ?
		    print_escape(p + i, n - i, &byte) : 1;
		buf_putc(&b, byte != '\0' ? byte : '.');
	}
	for (size_t i = 0; i < b.n && !latin1; i += k) {
		k = (size_t)UTF8_getc(b.p + i, (int)(b.n - i), &c);
		latin1 = k > 4;
	}
	for (size_t i = 0; i < b.n; i++)
		buf_put(out, latin1 ? span_of(utf8, (size_t)UTF8_putc(utf8, 4, b.p[i])) :
		    span_of(b.p + i, 1));
	buf_putc(out, '\n');
	buf_free(&b);
}

/* The same, on two lines where OpenSSL 3.0 forgets to end the first. */
static void
print_put_lines(struct buf *out, const char *p, size_t n)
{
	const char *next = memmem(p, n, "CRL Issuer:", 11);

	if (next == NULL && n > 8 && memcmp(p + n - 8, "Reasons:", 8) == 0)
		next = p + n - 8;
	if (next != NULL && next > p) {
		print_put_line(out, p, (size_t)(next - p));
		n -= (size_t)(next - p);
		p = next;
	}
	print_put_line(out, p, n);
}

/* What OpenSSL prints, without empty lines; false when it has no text for the value. */
static bool
print_theirs(struct buf *out, X509_EXTENSION *e)
{
	BIO *bio = BIO_new(BIO_s_mem());
	bool ok = X509V3_EXT_print(bio, e, X509V3_EXT_DEFAULT, 0);
	char *text, *end, *lf;
	long n = BIO_get_mem_data(bio, &text);

	for (end = text + n; ok && text < end; text = lf + 1) {
		lf = memchr(text, '\n', (size_t)(end - text));
		lf = lf != NULL ? lf : end;
		if (lf - text > 0 && !(lf - text == 7 && memcmp(text, "<EMPTY>", 7) == 0)) {
			print_put_lines(out, text, (size_t)(lf - text));
		}
	}
	BIO_free(bio);
	return ok;
}

/* Ours without empty lines, and without the "keyid:" that OpenSSL 3 has only before more. */
static void
print_ours(struct buf *out, const json_t *value)
{
	const char *text = json_string_value(value);

	for (size_t i = 0; i < json_string_length(value); i++)
		if (text[i] != '\n' || (out->n > 0 && out->p[out->n - 1] != '\n'))
			buf_putc(out, text[i] != '\0' ? text[i] : '.');
	if (out->n > 0 && out->p[out->n - 1] != '\n')
		buf_putc(out, '\n');
	if (span_starts(buf_span(out), SPAN("keyid:")) && memchr(out->p, '\n', out->n - 1) == NULL)
		buf_drop(out, 6);
}

/* Bytes of the item in front: names and purposes end at a comma, all else with the line. */
static size_t
print_item(const char *s, bool commas)
{
	const char *comma = commas ? strstr(s, ", ") : NULL;
	size_t n = strcspn(s, "\n");

	return comma != NULL && (size_t)(comma - s) < n ? (size_t)(comma - s) : n;
}

/* The next byte from *i on that is printable ASCII and no dot; 0 at the end. */
static uint8_t
print_plain(struct span s, size_t *i)
{
	while (*i < s.n && (s.p[*i] < ' ' || s.p[*i] > '~' || s.p[*i] == '.'))
		++*i;
	return *i < s.n ? s.p[(*i)++] : 0;
}

static bool
print_plain_is(struct span a, struct span b)
{
	size_t i = 0, k = 0;
	uint8_t c;

	do
		c = print_plain(a, &i);
	while (c == print_plain(b, &k) && c != 0);
	return c == 0 && k == b.n;
}

/* But for what they have in common at both ends, ours is an OID. */
static bool
print_is_named(struct span ours, struct span theirs)
{
	while (ours.n > 0 && theirs.n > 0 && ours.p[0] == theirs.p[0]) {
		ours = span_from(ours, 1);
		theirs = span_from(theirs, 1);
	}
	while (ours.n > 0 && theirs.n > 0 && ours.p[ours.n - 1] == theirs.p[theirs.n - 1]) {
		ours.n--;
		theirs.n--;
	}
	for (size_t i = 0; i < ours.n; i++)
		if ((ours.p[i] < '0' || ours.p[i] > '9') && ours.p[i] != '.')
			return false;
	return ours.n > 0;
}

/* One item of OpenSSL's stands for ours because of how. */
static bool
print_item_is(struct span ours, struct span theirs, enum result how)
{
	struct span notice = SPAN("Explicit Text: ");

	switch (how) {
	case CUT:
		if (span_starts(ours, theirs) || (span_starts(ours, notice) && span_starts(theirs, notice)))
			return true;
		/* FALLTHROUGH */
	case OTHER_NAME:
		return span_starts(theirs, SPAN("othername:")) &&
		    span_eq(ours, SPAN("othername:<unsupported>"));
	case DOTTED:
		return print_plain_is(ours, theirs);
	case NAMED:
		return print_is_named(ours, theirs);
	case BIG:
		return memmem(ours.p, ours.n, "0x", 2) != NULL && memmem(theirs.p, theirs.n, ":", 1) != NULL;
	default:
		return false;
	}
}

/* Item by item they are the same, or differ in how; behind a cut, lines of ours may follow. */
static bool
print_differs_only(const char *ours, const char *theirs, bool commas, enum result how)
{
	struct span a, b;
	bool cut = false;

	while (*ours != '\0') {
		a = span_of(ours, print_item(ours, commas));
		b = span_of(theirs, print_item(theirs, commas));
		ours += a.n + strspn(ours + a.n, ", \n");
		if (*theirs != '\0' && (span_eq(a, b) || print_item_is(a, b, how))) {
			cut = how == CUT && a.n != b.n;
			theirs += b.n + strspn(theirs + b.n, ", \n");
		} else if (!cut) {
			return false;
		}
	}
	return *theirs == '\0';
}

static enum result
print_compare(const char *ours, const char *theirs, int nid, bool told)
{
	bool names = nid == NID_subject_alt_name || nid == NID_issuer_alt_name;
	bool purposes = nid == NID_ext_key_usage;

	if (strcmp(ours, theirs) == 0)
		return SAME;
	if (names && print_differs_only(ours, theirs, true, OTHER_NAME))
		return OTHER_NAME;
	if (print_differs_only(ours, theirs, names || purposes, CUT))
		return CUT;
	if (print_differs_only(ours, theirs, false, DOTTED))
		return DOTTED;
	if (print_differs_only(ours, theirs, names || purposes, NAMED) ||
	    print_differs_only(ours, theirs, false, NAMED))
		return NAMED;
	if (nid == NID_basic_constraints && print_differs_only(ours, theirs, true, BIG))
		return BIG;
	return told ? TOLD : UNEXPLAINED;
}

static void
print_extension(struct print *t, unsigned kind, X509_EXTENSION *e, const json_t *text,
    const char *told)
{
	struct buf ours, theirs;
	char member[64];
	enum result result;

	buf_init(&ours);
	buf_init(&theirs);
	print_ours(&ours, text);
	snprintf(member, sizeof(member), "extensions.%s", x509_kinds[kind].key);
	if (print_theirs(&theirs, e)) {
		result = print_compare(buf_str(&ours), buf_str(&theirs), x509_kinds[kind].nid,
		    explain_is_told(told, member));
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

/* True when every difference has its reason. */
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
	    20 * (t->results[TOLD] + t->results[CUT]) <= t->results[SAME];
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
		/* Of a precertificate, as_der is not what the extensions were read from. */
		if (strcmp(json_string_value(json_object_get(data, "update_type")), "X509LogEntry") == 0)
			print_certificate(&t, leaf);
		json_decref(event);
	}
	free(line);
	return print_report(&t) ? 0 : 1;
}
