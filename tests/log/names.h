/*
 * Plausible names that belong to nobody: host names end in example, test or
 * example.com/.net/.org (RFC 2606), addresses are of the documentation ranges
 * (RFC 5737, RFC 3849). Each call draws from the stream and appends.
 */
#ifndef LOG_NAMES_H
#define LOG_NAMES_H

#include "tests/log/bytes.h"
#include "tests/log/rand.h"

#define NAMES_MAX_HOST 128	/* room for the longest name plus its NUL */

struct place {		/* all UTF-8, static */
	const char *country, *state, *locality, *street, *postcode;
};

/* A registrable domain such as "copper-heron.example". */
void names_domain(struct rand *, char out[NAMES_MAX_HOST]);
/* A host below it; number 0 is the domain itself, 1 usually www. */
void names_host(struct rand *, const char *domain, unsigned number, char out[NAMES_MAX_HOST]);
void names_person(struct rand *, char out[NAMES_MAX_HOST]);
/* An organisation in ASCII, or with letters beyond it (all of them in Latin-1). */
const char *names_organisation(struct rand *);
const char *names_latin(struct rand *);
/* An organisation in letters of any script of the Basic Multilingual Plane. */
const char *names_script(struct rand *);
const char *names_unit(struct rand *);
const struct place *names_place(struct rand *);
void names_ipv4(struct rand *, unsigned char out[4]);
void names_ipv6(struct rand *, unsigned char out[16]);

#endif
