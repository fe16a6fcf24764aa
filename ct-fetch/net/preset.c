/*
 * What is known of hosts beforehand.
 *
 * in: URLs, and what --rate says
 * out: presets
 *
 * The figures are those of the operators' announcements and of what users of their logs saw up to
 * September 2026. They move by the month, so they are where learning begins (budget.c), not more.
 */
#include "ct-fetch/net/preset.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
	MAX_HOST = 256,		/* bytes of a name and port: DNS has no longer ones */
};

static const double preset_highest = 10000;	/* requests a second: beyond, it is a mistake */

#define NAMED(name) (name), sizeof(name) - 1

static const struct preset presets[] = {
	/*
	 * DigiCert allows a client 35 requests a minute (certspotter#126). 34.5 a minute, evenly
	 * spaced, are never more than 35 in any minute, even when one arrives 0.3 s late.
	 */
	{ NAMED("*.digicert.com"), 34.5 / 60, 34.5 / 60 },
	/* Google has published no number; bursts earn 429, and a page has only 32 entries. */
	{ NAMED("ct.googleapis.com"), 10, 60 },
	/* Sectigo: 3,000 a second and shard since July 2025, before that 30 from one address. */
	{ NAMED("*.ct.sectigo.com"), 10, 30 },
	/* Cloudflare has published no number. */
	{ NAMED("ct.cloudflare.com"), 5, 20 },
	/* TrustAsia announced 8 a second in 2021; in 2026 it is short of bandwidth. */
	{ NAMED("*.trustasia.com"), 2, 8 },
	/* Geomys (Skylight): 75 a second for all clients without a contact together. */
	{ NAMED("*.geomys.org"), 5, 25 },
	/* Let's Encrypt and IPng have published no number; others get along with 2 a second. */
	{ NAMED("*.letsencrypt.org"), 5, 20 },
	{ NAMED("*.ipng.ch"), 5, 20 },
};

static const struct preset preset_unknown = { NAMED("*"), 4, 20 };

/* Returns how many requests a second one of this unit is, or 0. */
static double
preset_unit(const char *text)
{
	if (text[0] == '\0' || strcmp(text, "/s") == 0)
		return 1;
	if (strcmp(text, "/m") == 0)
		return 1.0 / 60;
	return strcmp(text, "/h") == 0 ? 1.0 / 3600 : 0;
}

const char *
preset_parse(const char *text, struct preset *p)
{
	const char *number = strrchr(text, '=');
	char *end;
	double n, unit;

	if (number == NULL || number == text)
		return "it wants HOST=N";
	if (memchr(text, '/', (size_t)(number - text)) != NULL)
		return "it wants the name of a host, not a URL";
	if (number - text >= MAX_HOST)
		return "no host has so long a name";
	number++;
	errno = 0;
	n = strtod(number, &end);
	if (!isdigit((unsigned char)number[0]) || errno != 0)
		return "N is not a number";
	unit = preset_unit(end);
	if (unit == 0)
		return "behind the number goes /s, /m or /h";
	if (!(n * unit >= 1.0 / 3600 && n * unit <= preset_highest))
		return "N is not between 1/h and 10000/s";
	*p = (struct preset){ .host = text, .host_n = (size_t)(number - 1 - text), .start = n * unit,
		.most = n * unit };
	return NULL;
}

/* Copies s as a string. Returns false when it is too long to be a host. */
static bool
preset_copy(char out[MAX_HOST], const char *s, size_t n)
{
	if (n >= MAX_HOST)
		return false;
	memcpy(out, s, n);
	out[n] = '\0';
	return true;
}

bool
preset_is_for(const struct preset *p, const char *url)
{
	char host[MAX_HOST], pattern[MAX_HOST];
	const char *from = strstr(url, "://"), *port;

	from = from != NULL ? from + 3 : url;
	if (!preset_copy(host, from, strcspn(from, "/")) ||
	    !preset_copy(pattern, p->host, p->host_n))
		return false;
	if (strcasecmp(host, pattern) == 0 || fnmatch(pattern, host, FNM_CASEFOLD) == 0)
		return true;
	/* What stands behind the last colon is a port, unless that is inside the [] of IPv6. */
	port = strrchr(host, ':');
	if (port == NULL || strchr(port, ']') != NULL)
		return false;
	host[port - host] = '\0';
	return strcasecmp(host, pattern) == 0 || fnmatch(pattern, host, FNM_CASEFOLD) == 0;
}

const struct preset *
preset_find(const char *url)
{
	for (size_t i = 0; i < sizeof(presets) / sizeof(presets[0]); i++)
		if (preset_is_for(&presets[i], url))
			return &presets[i];
	return &preset_unknown;
}
