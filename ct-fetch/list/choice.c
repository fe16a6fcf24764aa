/*
 * Choosing logs by glob and by state. Pure.
 *
 * in: the globs of -l, and logs of a list
 * out: whether to follow a log
 */
#include "ct-fetch/list/choice.h"

#include <fnmatch.h>

enum { MAX_GLOB_URL = 1024 };	/* bytes; of a longer URL only the whole is compared */

static bool
choice_glob(const char *glob, const char *name, const char *operator, const char *url)
{
	const char *texts[] = { name, operator, url, NULL, NULL };
	char bare[MAX_GLOB_URL];
	size_t n = strlen(url);

	if (n > 1 && n < sizeof(bare) && url[n - 1] == '/') {
		memcpy(bare, url, n - 1);
		bare[n - 1] = '\0';
		texts[3] = bare;
		texts[4] = strrchr(bare, '/') != NULL ? strrchr(bare, '/') + 1 : NULL;
	}
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i] != NULL && fnmatch(glob, texts[i], FNM_CASEFOLD) == 0)
			return true;
	return false;
}

bool
choice_matches(const struct choice *c, const char *name, const char *operator, const char *url)
{
	bool asked = false, matched = false;

	for (size_t i = 0; i < c->n; i++) {
		const char *glob = c->globs[i];

		if (glob[0] == '!') {
			if (choice_glob(glob + 1, name, operator, url))
				return false;
			continue;
		}
		asked = true;
		matched = matched || choice_glob(glob, name, operator, url);
	}
	return matched || !asked;
}

/* Log IDs are hashes, so any of their bits share logs out evenly, and always in the same way. */
static bool
choice_shares(const struct choice *c, const uint8_t id[HASH_SHA256])
{
	uint64_t n = 0;

	for (unsigned i = 0; i < 8; i++)
		n = n << 8 | id[i];
	return c->shares == 0 || n % c->shares + 1 == c->share;
}

bool
choice_takes(const struct choice *c, const struct loglist_log *l)
{
	bool live = l->state == LOGLIST_QUALIFIED || l->state == LOGLIST_USABLE ||
	    l->state == LOGLIST_READONLY;

	if (!c->all_states && (!live || l->use == LOGLIST_TEST))
		return false;
	return choice_shares(c, l->id) && choice_matches(c, l->description, l->operator, l->url);
}

const struct loglist_log *
choice_find(const struct choice *c, const struct loglist *list, const uint8_t id[HASH_SHA256])
{
	const struct loglist_log *l = loglist_find(list, id);

	return l != NULL && choice_takes(c, l) ? l : NULL;
}
