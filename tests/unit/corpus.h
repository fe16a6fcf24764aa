/*
 * The corpus for unit tests. It is a folder of real entries and certificates that
 * lies beside the repository, in ../shared/corpus, or where the environment
 * variable CT_CORPUS says. Only the machines of the project have it: it holds
 * the data of others and is not given away. Tests run from the root of the
 * repository; a test that needs the corpus is skipped where there is none.
 */
#ifndef CORPUS_H
#define CORPUS_H

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"

/* Why such a test is skipped. */
#define NO_CORPUS "needs the corpus of real entries, which only the machines of the project have"

/*
 * Appends to b the whole file of the corpus whose path below its folder is name.
 * Returns true, or false without a change to b when there is no such file.
 */
static inline bool
corpus_read(struct buf *b, const char *name)
{
	const char *root = getenv("CT_CORPUS");
	char path[4096];
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", root != NULL ? root : "../shared/corpus", name);
	f = fopen(path, "rb");
	if (f == NULL)
		return false;
	while ((n = fread(buf_reserve(b, 65536), 1, 65536, f)) > 0)
		buf_commit(b, n);
	fclose(f);
	return true;
}

#endif
