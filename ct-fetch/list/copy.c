/*
 * Copies of log lists.
 *
 * in: lists that were good, and files of earlier runs
 * out: files, each with a list and its signature; what such a file holds
 */
#include "ct-fetch/list/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "ct/loglist.h"
#include "enc/hex.h"
#include "os/store.h"

enum {
	MAX_COPY = MAX_LOGLIST + (64 << 10),	/* bytes of the file */
	NAME_BYTES = 8,				/* of the hash that names the file */
};

#define COPY_TITLE "ct-fetch log list 1"

const char copy_none[] = "there is no copy";

void
copy_path(struct buf *out, const char *dir, const char *where, struct hash *h)
{
	uint8_t id[HASH_SHA256];

	hash_sha256(h, span_str(where), id);
	buf_putf(out, "%s/lists/", dir);
	hex_put(out, span_of(id, NAME_BYTES));
}

/* Takes the first line off *rest. Returns it without its LF; it is empty at the end of *rest. */
static struct span
copy_line(struct span *rest)
{
	const uint8_t *lf = rest->n > 0 ? memchr(rest->p, '\n', rest->n) : NULL;
	struct span line = span_of(rest->p, lf != NULL ? (size_t)(lf - rest->p) : rest->n);

	*rest = span_from(*rest, lf != NULL ? line.n + 1 : line.n);
	return line;
}

/* Takes a line "WORD VALUE" off *rest. Returns false when it is another line. */
static bool
copy_value(struct span *rest, struct span word, struct span *value)
{
	struct span line = copy_line(rest);

	if (!span_starts(line, word))
		return false;
	*value = span_from(line, word.n);
	return true;
}

static bool
copy_number(struct span digits, size_t *n)
{
	*n = 0;
	for (size_t i = 0; i < digits.n; i++) {
		if (digits.p[i] < '0' || digits.p[i] > '9' || *n > MAX_COPY)
			return false;
		*n = *n * 10 + (digits.p[i] - '0');
	}
	return digits.n > 0;
}

static const char *
copy_parse(struct span rest, const char *where, struct copy *c)
{
	struct span value;
	size_t n;

	if (!span_eq(copy_line(&rest), SPAN(COPY_TITLE)))
		return "it is not a log list kept by this version of ct-fetch";
	if (!copy_value(&rest, SPAN("from "), &value) || !span_eq(value, span_str(where)))
		return "it is a copy of another list";
	if (!copy_value(&rest, SPAN("signature "), &value) || !copy_number(value, &n) ||
	    copy_line(&rest).n != 0 || n > rest.n)
		return "it is damaged";
	c->sig = span_of(rest.p, n);
	c->json = span_from(rest, n);
	return NULL;
}

const char *
copy_read(const char *path, const char *where, struct buf *bytes, struct copy *c)
{
	struct stat s;
	size_t before = bytes->n;

	*c = (struct copy){ 0 };
	if (stat(path, &s) < 0 || store_read(path, MAX_COPY, bytes) < 0)
		return errno == ENOENT ? copy_none : "it cannot be read";
	c->time = s.st_mtime;
	return copy_parse(span_from(buf_span(bytes), before), where, c);
}

int
copy_write(const char *path, const char *where, const struct copy *c)
{
	struct buf b = { 0 };
	int result;

	buf_putf(&b, COPY_TITLE "\nfrom %s\nsignature %zu\n\n", where, c->sig.n);
	buf_put(&b, c->sig);
	buf_put(&b, c->json);
	store_make_folder(path);
	result = store_write(path, buf_span(&b));
	buf_free(&b);
	return result;
}

int
copy_touch(const char *path)
{
	return utimensat(AT_FDCWD, path, NULL, 0);
}
