/*
 * Real Certificate Transparency data for unit tests: the folder CT_CORPUS, or
 * ../shared/corpus beside the repository. Tests run from the repository root
 * and skip when it is absent.
 */
#ifndef CORPUS_H
#define CORPUS_H

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"

#define NO_CORPUS "no corpus: set CT_CORPUS"

/* Reads a file of the corpus to the end of b; false when it is not there. */
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
