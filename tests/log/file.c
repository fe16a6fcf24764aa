/* Writes whole files. In: bytes. Out: a file, and the folders it lies in. */
#include "tests/log/file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/log/fail.h"

/* Makes each folder that path names in front of its last slash. */
static void
file_make_folders(char *path)
{
	char *slash = path;

	while ((slash = strchr(slash + 1, '/')) != NULL) {
		*slash = '\0';
		if (mkdir(path, 0777) != 0 && errno != EEXIST)
			fail_world("cannot make folder %s: %s", path, strerror(errno));
		*slash = '/';
	}
}

void
file_write(const char *dir, const char *path, const struct bytes *b)
{
	struct bytes name = { 0 };
	FILE *f;

	bytes_printf(&name, "%s/%s", dir, path);
	bytes_put_byte(&name, 0);
	file_make_folders((char *)name.at);
	f = fopen((const char *)name.at, "wb");
	if (f == NULL || fwrite(b->at, 1, b->len, f) != b->len || fclose(f) != 0)
		fail_world("cannot write %s: %s", (const char *)name.at, strerror(errno));
	bytes_free(&name);
}
