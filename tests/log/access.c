/* Writes the list of requests. In: what was asked and how it was answered. Out: a line of a file. */
#include "tests/log/access.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "tests/log/fail.h"

int
access_open(const char *path)
{
	int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);

	if (file < 0)
		fail_world("cannot open %s: %s", path, strerror(errno));
	return file;
}

/* One call writes the line, so that lines of many threads do not mix (O_APPEND). */
void
access_put(int file, const struct access *a)
{
	struct bytes line = { 0 };

	if (file < 0)
		return;
	bytes_printf(&line, "%lld.%03ld %u %s %s%s%s %d %llu %s %llu\n", (long long)a->when.tv_sec,
	    a->when.tv_nsec / 1000000, a->port, a->method, a->path, *a->query == '\0' ? "" : "?",
	    a->query, a->status, (unsigned long long)a->bytes,
	    a->endpoint == NULL ? "-" : a->endpoint, (unsigned long long)a->entries);
	if (write(file, line.at, line.len) != (ssize_t)line.len)
		fail_world("cannot write to the list of requests: %s", strerror(errno));
	bytes_free(&line);
}
