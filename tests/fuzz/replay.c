/*
 * Runs a fuzz target over all files of a folder, without a fuzzer, so that inputs
 * that once did harm are tried again. Prints TAP, with one test for the folder. When
 * a demand does not hold the process aborts, and the last line names the file.
 */
#include <dirent.h>
#include <stdio.h>

#include "tests/fuzz/judge.h"

enum { MOST_BYTES = 1 << 20 };

/* Returns false when the file cannot be read. */
static bool
replay_file(const char *folder, const char *name)
{
	struct buf b;
	char path[4096];
	FILE *f;

	buf_init(&b);
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "rb");
	if (f == NULL)
		return false;
	buf_commit(&b, fread(buf_reserve(&b, MOST_BYTES), 1, MOST_BYTES, f));
	fclose(f);
	printf("# %s\n", path);
	fflush(stdout);
	LLVMFuzzerTestOneInput(b.p, b.n);
	buf_free(&b);
	return true;
}

int
main(int argc, char **argv)
{
	const char *folder = argc == 2 ? argv[1] : ".";
	DIR *d = opendir(folder);
	struct dirent *entry;
	unsigned n = 0;
	bool ok = d != NULL;

	while (ok && (entry = readdir(d)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		ok = replay_file(folder, entry->d_name);
		n++;
	}
	printf("%sok 1 - %u inputs of %s do no harm\n1..1\n", ok && n > 0 ? "" : "not ", n, folder);
	return !ok || n == 0;
}
