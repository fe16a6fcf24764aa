/*
 * The issuers in the state folder.
 *
 * in: certificates and their fingerprints
 * out: DIR/issuers/HEX; the time of its last use is the file's time of modification
 */
#include "ct-fetch/state/shelf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"
#include "base/tell.h"
#include "ct/tile.h"
#include "os/store.h"

/* What is left when there were too many: room for a while, so that this is seldom done. */
enum {
	KEPT_FILES = MAX_SHELF - MAX_SHELF / 8,
	KEPT_BYTES = MAX_SHELF_BYTES - MAX_SHELF_BYTES / 8,
};

/* One file of the folder. */
struct shelf_file {
	char name[MAX_TILE_FINGERPRINT];
	struct timespec used;
	uint64_t bytes;
};

struct shelf {
	struct buf folder;	/* DIR/issuers */
	uint64_t files;		/* in it, as far as is known */
	uint64_t bytes;
	bool failed;		/* it did not work, and that has been told */
};

/* Writes the path of the file with this name; the caller frees it. */
static struct buf
shelf_path(const struct shelf *s, const char *name)
{
	struct buf path = { 0 };

	buf_put(&path, buf_span(&s->folder));
	buf_putf(&path, "/%s", name);
	return path;
}

/* Tells, once until it works again, that path could not be used; the reason is in errno. */
static void
shelf_fail(struct shelf *s, const char *path)
{
	if (!s->failed)
		tell(TELL_WARNING, "%s: the issuers in it are not used:", path);
	s->failed = true;
}

static void
shelf_remove(const struct shelf *s, const char *name)
{
	struct buf path = shelf_path(s, name);

	if (unlink(buf_str(&path)) < 0)
		tell(TELL_DEBUG, "%s: cannot be removed:", buf_str(&path));
	buf_free(&path);
}

/* Returns true when name is a fingerprint, followed by rest. */
static bool
shelf_is_name(const char *name, const char *rest)
{
	size_t n = strspn(name, "0123456789abcdef");

	return n == MAX_TILE_FINGERPRINT - 1 && strcmp(name + n, rest) == 0;
}

static void
shelf_add_file(const struct shelf *s, const char *name, struct buf *files)
{
	struct shelf_file file = { .bytes = 0 };
	struct buf path = shelf_path(s, name);
	struct stat st;

	if (lstat(buf_str(&path), &st) == 0 && S_ISREG(st.st_mode)) {
		memcpy(file.name, name, sizeof(file.name));
		file.used = st.st_mtim;
		file.bytes = (uint64_t)st.st_size;
		buf_put(files, span_of((const uint8_t *)&file, sizeof(file)));
	}
	buf_free(&path);
}

/*
 * Appends a struct shelf_file for each file of the shelf to files. What a run that was killed
 * has left half written is removed; files of other names are not ours.
 */
static void
shelf_list(struct shelf *s, struct buf *files)
{
	DIR *d = opendir(buf_str(&s->folder));
	struct dirent *e;

	if (d == NULL) {
		shelf_fail(s, buf_str(&s->folder));
		return;
	}
	while ((e = readdir(d)) != NULL) {
		if (shelf_is_name(e->d_name, ""))
			shelf_add_file(s, e->d_name, files);
		else if (shelf_is_name(e->d_name, ".tmp"))
			shelf_remove(s, e->d_name);
	}
	closedir(d);
}

static int
shelf_order(const void *a, const void *b)
{
	const struct timespec *x = &((const struct shelf_file *)a)->used;
	const struct timespec *y = &((const struct shelf_file *)b)->used;

	if (x->tv_sec != y->tv_sec)
		return x->tv_sec < y->tv_sec ? -1 : 1;
	return (x->tv_nsec > y->tv_nsec) - (x->tv_nsec < y->tv_nsec);
}

/* Returns true when there are no more than so many files and bytes. */
static bool
shelf_fits(const struct shelf *s, uint64_t files, uint64_t bytes)
{
	return s->files <= files && s->bytes <= bytes;
}

/* Counts the files. When there are too many, removes those that were used longest ago. */
static void
shelf_tidy(struct shelf *s)
{
	struct buf list = { 0 };
	struct shelf_file *files;
	size_t n;

	shelf_list(s, &list);
	files = (struct shelf_file *)(void *)list.p;
	n = list.n / sizeof(*files);
	s->files = n;
	s->bytes = 0;
	for (size_t i = 0; i < n; i++)
		s->bytes += files[i].bytes;
	if (!shelf_fits(s, MAX_SHELF, MAX_SHELF_BYTES)) {
		qsort(files, n, sizeof(*files), shelf_order);
		for (size_t i = 0; i < n && !shelf_fits(s, KEPT_FILES, KEPT_BYTES); i++) {
			shelf_remove(s, files[i].name);
			s->files--;
			s->bytes -= files[i].bytes;
		}
	}
	buf_free(&list);
}

struct shelf *
shelf_open(const char *dir)
{
	struct shelf *s = calloc(1, sizeof(*s));

	if (s == NULL)
		die_world("out of memory");
	buf_putf(&s->folder, "%s/issuers", dir);
	if (mkdir(buf_str(&s->folder), 0777) < 0 && errno != EEXIST) {
		shelf_fail(s, buf_str(&s->folder));
		return s;
	}
	shelf_tidy(s);
	return s;
}

void
shelf_free(struct shelf *s)
{
	if (s == NULL)
		return;
	buf_free(&s->folder);
	free(s);
}

bool
shelf_take(struct shelf *s, struct hash *hash, const uint8_t fp[HASH_SHA256], struct buf *out)
{
	char name[MAX_TILE_FINGERPRINT], other[MAX_TILE_FINGERPRINT];
	uint8_t digest[HASH_SHA256];
	size_t before = out->n;
	struct buf path;
	bool got;

	tile_fingerprint(name, fp);
	path = shelf_path(s, name);
	got = store_read(buf_str(&path), MAX_SHELF_FILE, out) == 0;
	if (got)
		hash_sha256(hash, span_from(buf_span(out), before), digest);
	else if (errno != ENOENT)
		shelf_fail(s, buf_str(&path));
	if (got && memcmp(digest, fp, HASH_SHA256) != 0) {
		tile_fingerprint(other, digest);
		tell(TELL_WARNING, "%s: its SHA-256 is %s; removed", buf_str(&path), other);
		shelf_remove(s, name);
		out->n = before;
		got = false;
	}
	if (got && utimensat(AT_FDCWD, buf_str(&path), NULL, 0) < 0)
		tell(TELL_DEBUG, "%s: its use cannot be noted:", buf_str(&path));
	buf_free(&path);
	return got;
}

void
shelf_put(struct shelf *s, const uint8_t fp[HASH_SHA256], struct span der)
{
	char name[MAX_TILE_FINGERPRINT];
	struct buf path;

	tile_fingerprint(name, fp);
	path = shelf_path(s, name);
	if (store_write(buf_str(&path), der) == 0) {
		s->failed = false;
		s->files++;
		s->bytes += der.n;
		if (!shelf_fits(s, MAX_SHELF, MAX_SHELF_BYTES))
			shelf_tidy(s);
	} else {
		shelf_fail(s, buf_str(&path));
	}
	buf_free(&path);
}
