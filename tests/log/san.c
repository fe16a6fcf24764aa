/*
 * Draws subject alternative names in the mix that real logs have (RFC 5280 section
 * 4.2.1.6). In: a stream of numbers. Out: GeneralNames in DER.
 */
#include <stdio.h>
#include <string.h>

#include "tests/log/cert.h"
#include "tests/log/der.h"

enum { SAN_EMAIL = DER_CONTEXT | 1, SAN_DNS = DER_CONTEXT | 2, SAN_URI = DER_CONTEXT | 6,
	SAN_IP = DER_CONTEXT | 7, SAN_REGISTERED = DER_CONTEXT | 8 };

/* How many names there are: mostly 1 to 3, and seldom up to 250, as hosters of many sites have them. */
static unsigned
san_count(struct rand *r)
{
	uint32_t kind = rand_below(r, 1000);

	if (kind < 800)
		return 1 + rand_below(r, 3);
	if (kind < 940)
		return 4 + rand_below(r, 7);
	if (kind < 985)
		return 11 + rand_below(r, 40);
	if (kind < 998)
		return 51 + rand_below(r, 200);
	return 250;
}

static void
san_put_hosts(struct der *d, struct rand *r, char host[NAMES_MAX_HOST])
{
	unsigned count = san_count(r), i, number = 0, domain_ends = 0;
	char domain[NAMES_MAX_HOST], name[NAMES_MAX_HOST];

	for (i = 0; i < count; i++) {
		if (i == domain_ends) {
			names_domain(r, domain);
			domain_ends = i + 1 + rand_below(r, 6);
			number = 0;
		}
		names_host(r, domain, number++, name);
		if (number == 1 && rand_chance(r, 150))
			snprintf(name, sizeof(name), "*.%.*s", NAMES_MAX_HOST - 3, domain);
		else if (number == 1 && rand_chance(r, 20))
			name[0] = (char)(name[0] >= 'a' && name[0] <= 'z' ? name[0] - 32 : name[0]);
		if (i == 0)
			memcpy(host, name, sizeof(name));
		der_put_text(d, SAN_DNS, name);
	}
}

static void
san_put_addresses(struct der *d, struct rand *r)
{
	unsigned char address[16];

	names_ipv4(r, address);
	der_put(d, SAN_IP, address, 4);
	if (rand_chance(r, 500)) {
		names_ipv6(r, address);
		der_put(d, SAN_IP, address, 16);
	}
}

/* Appends an otherName with a Microsoft user principal name, a directoryName and a registeredID. */
static void
san_put_rare(struct der *d, struct rand *r)
{
	switch (rand_below(r, 3)) {
	case 0:
		der_open(d, DER_CONTEXT_CONSTRUCTED | 0);
		der_put_oid(d, "1.3.6.1.4.1.311.20.2.3");
		der_open(d, DER_CONTEXT_CONSTRUCTED | 0);
		der_put_text(d, DER_UTF8, "someone@corp.example");
		der_close(d);
		der_close(d);
		break;
	case 1:
		der_open(d, DER_CONTEXT_CONSTRUCTED | 4);
		subject_put(d->out, r, SUBJECT_ORGANISATION, DEFECT_NONE, "directory.example");
		der_close(d);
		break;
	default:
		der_put(d, SAN_REGISTERED, "\x88\x37\x01", 3);	/* 2.999.1 */
	}
}

static void
san_put_others(struct der *d, struct rand *r, const char *host)
{
	char text[NAMES_MAX_HOST + 32];

	if (rand_chance(r, 20))
		san_put_addresses(d, r);
	if (rand_chance(r, 10)) {
		snprintf(text, sizeof(text), "webmaster@%s", *host == '*' ? host + 2 : host);
		der_put_text(d, SAN_EMAIL, text);
	}
	if (rand_chance(r, 15)) {
		snprintf(text, sizeof(text), "https://%s/id?a=1&b=%%20",
		    *host == '*' ? host + 2 : host);
		der_put_text(d, SAN_URI, text);
	}
	if (rand_chance(r, 10))
		san_put_rare(d, r);
}

static void
san_put_defect(struct der *d, enum defect defect)
{
	static const char nul[] = "login.example.com\0.evil.example";

	switch (defect) {
	case DEFECT_SAN_NUL:
		der_put(d, SAN_DNS, nul, sizeof(nul) - 1);
		break;
	case DEFECT_SAN_SPACE:
		der_put_text(d, SAN_DNS, "two words.example.net ");
		break;
	case DEFECT_SAN_URL:
		der_put_text(d, SAN_DNS, "https://www.example.com:8443/path");
		break;
	case DEFECT_SAN_LATIN:
		der_put_text(d, SAN_DNS, "b\xfc" "cher.example");
		break;
	case DEFECT_SAN_ADDRESS:
		der_put(d, SAN_IP, "\xc0\x00\x02\x01\x00", 5);
		break;
	default:
		break;
	}
}

static void
san_put_names(struct der *d, struct rand *r, enum subject_kind kind, char host[NAMES_MAX_HOST])
{
	if (kind == SUBJECT_PERSON) {
		der_put_text(d, SAN_EMAIL, "someone@example.org");
	} else if (rand_chance(r, 10)) {
		san_put_addresses(d, r);
	} else {
		san_put_hosts(d, r, host);
		san_put_others(d, r, host);
	}
}

void
san_put(struct bytes *out, struct rand *r, enum subject_kind kind, enum defect defect,
    char host[NAMES_MAX_HOST])
{
	struct der d;

	host[0] = '\0';
	der_init(&d, out);
	der_open(&d, DER_SEQUENCE);
	if (defect != DEFECT_SAN_EMPTY)
		san_put_names(&d, r, kind, host);
	san_put_defect(&d, defect);
	der_close(&d);
}
