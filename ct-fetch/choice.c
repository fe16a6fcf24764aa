/* In: the globs of -l and logs of a list. Out: yes or no. Pure. */
#include "ct-fetch/choice.h"

#include <fnmatch.h>

static bool
choice_glob(const char *glob, const char *name, const char *operator, const char *url)
{
	char bare[1024];
	size_t n = strlen(url);

	if (fnmatch(glob, name, FNM_CASEFOLD) == 0 || fnmatch(glob, operator, FNM_CASEFOLD) == 0 ||
	    fnmatch(glob, url, FNM_CASEFOLD) == 0)
		return true;
	if (n < 2 || n >= sizeof(bare) || url[n - 1] != '/')
		return false;
	memcpy(bare, url, n - 1);
	bare[n - 1] = '\0';
	return fnmatch(glob, bare, FNM_CASEFOLD) == 0;
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

bool
choice_takes(const struct choice *c, const struct loglist_log *l)
{
	bool live = l->state == LOGLIST_QUALIFIED || l->state == LOGLIST_USABLE ||
	    l->state == LOGLIST_READONLY;

	if (!c->all_states && (!live || l->use == LOGLIST_TEST))
		return false;
	return choice_matches(c, l->description, l->operator, l->url);
}
