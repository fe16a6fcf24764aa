/*
 * Makes names that look real and belong to nobody: host names end in example, test,
 * example.com, example.net or example.org (RFC 2606), and addresses are from the
 * ranges for documentation (RFC 5737, RFC 3849). Each call draws from the stream.
 */
#ifndef LOG_NAMES_H
#define LOG_NAMES_H

#include "tests/log/bytes.h"
#include "tests/log/rand.h"

#define NAMES_MAX_HOST 128	/* room for the longest name plus its NUL */

struct place {		/* static strings in UTF-8 */
	const char *country, *state, *locality, *street, *postcode;
};

/* Writes to out a domain as it is registered, such as "copper-heron.example". */
void names_domain(struct rand *r, char out[NAMES_MAX_HOST]);
/* Writes to out a host name of domain. Number 0 is the domain itself, and number 1 is usually www. */
void names_host(struct rand *r, const char *domain, unsigned number, char out[NAMES_MAX_HOST]);
/* Writes to out the name of a person. */
void names_person(struct rand *r, char out[NAMES_MAX_HOST]);
/* Return the name of an organisation: in ASCII, or with other letters of Latin-1. */
const char *names_organisation(struct rand *r);
const char *names_latin(struct rand *r);
/* Returns the name of an organisation in any script of the Basic Multilingual Plane. */
const char *names_script(struct rand *r);
/* Returns the name of a department. */
const char *names_unit(struct rand *r);
/* Returns where an organisation is. */
const struct place *names_place(struct rand *r);
/* Write the bytes of an address to out. */
void names_ipv4(struct rand *r, unsigned char out[4]);
void names_ipv6(struct rand *r, unsigned char out[16]);

#endif
