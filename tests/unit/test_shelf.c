/* Unit tests of the issuers that ct-fetch keeps in its state folder. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "ct-fetch/state/shelf.h"
#include "ct/tile.h"
#include "enc/hash.h"
#include "os/store.h"
#include "tests/unit/unit.h"

static struct hash *hash;
static char dir[] = "/tmp/test_shelf.XXXXXX";

/* Removes the folder of the test and what is in it. */
static void
shelf_wipe(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", dir);
	CHECK(system(command) == 0);
}

static struct shelf *
shelf_fresh(void)
{
	strcpy(strrchr(dir, '.'), ".XXXXXX");
	CHECK(mkdtemp(dir) != NULL);
	return shelf_open(dir);
}

/* Writes the path of the file for fingerprint number i, none of which is the hash of its bytes. */
static const char *
path_of(unsigned i, const char *end)
{
	static char path[256];
	char name[MAX_TILE_FINGERPRINT];
	uint8_t fp[HASH_SHA256] = { (uint8_t)(i >> 8), (uint8_t)i };

	tile_fingerprint(name, fp);
	snprintf(path, sizeof(path), "%s/issuers/%s%s", dir, name, end);
	return path;
}

/* Makes file number i of so many bytes, last used i seconds after 2001 began. */
static void
make_file(unsigned i, off_t bytes)
{
	struct timespec used[2] = { { .tv_sec = 978307200 + i }, { .tv_sec = 978307200 + i } };
	int fd = open(path_of(i, ""), O_CREAT | O_WRONLY, 0644);

	CHECK(fd >= 0 && ftruncate(fd, bytes) == 0 && futimens(fd, used) == 0 && close(fd) == 0);
}

static bool
has_file(unsigned i, const char *end)
{
	return access(path_of(i, end), F_OK) == 0;
}

static void
what_was_put_is_taken_by_its_fingerprint_also_in_the_next_run(void)
{
	struct shelf *s = shelf_fresh();
	struct span der = SPAN("a certificate");
	uint8_t fp[HASH_SHA256], other[HASH_SHA256] = { 0 };
	struct buf out = { 0 };

	hash_sha256(hash, der, fp);
	shelf_put(s, fp, der);
	shelf_free(s);
	s = shelf_open(dir);
	buf_puts(&out, "> ");
	CHECK(!shelf_take(s, hash, other, &out) && out.n == 2);
	CHECK(shelf_take(s, hash, fp, &out));
	CHECK_TEXT(buf_span(&out), "> a certificate");
	buf_free(&out);
	shelf_free(s);
	shelf_wipe();
}

static void
a_file_whose_bytes_do_not_have_its_name_is_not_taken_but_removed(void)
{
	struct shelf *s = shelf_fresh();
	uint8_t fp[HASH_SHA256] = { 0, 1 };
	struct buf out = { 0 };

	make_file(1, 20);
	CHECK(!shelf_take(s, hash, fp, &out) && out.n == 0);
	CHECK(!has_file(1, ""));
	buf_free(&out);
	shelf_free(s);
	shelf_wipe();
}

static void
of_too_many_files_those_used_longest_ago_are_removed(void)
{
	struct shelf *s = shelf_fresh();

	for (unsigned i = 0; i <= MAX_SHELF; i++)
		make_file(i, 1);
	shelf_free(s);
	s = shelf_open(dir);
	CHECK(!has_file(0, "") && !has_file(MAX_SHELF / 8, ""));
	CHECK(has_file(MAX_SHELF / 8 + 1, "") && has_file(MAX_SHELF, ""));
	shelf_free(s);
	shelf_wipe();
}

static void
of_too_many_bytes_those_used_longest_ago_are_removed(void)
{
	struct shelf *s = shelf_fresh();
	unsigned most = MAX_SHELF_BYTES / MAX_SHELF_FILE;

	for (unsigned i = 0; i <= most; i++)
		make_file(i, MAX_SHELF_FILE);
	shelf_free(s);
	s = shelf_open(dir);
	CHECK(!has_file(0, "") && !has_file(most / 8, ""));
	CHECK(has_file(most / 8 + 1, "") && has_file(most, ""));
	shelf_free(s);
	shelf_wipe();
}

static void
taking_an_issuer_counts_as_its_use(void)
{
	struct shelf *s = shelf_fresh();
	uint8_t fp[HASH_SHA256];
	struct buf out = { 0 }, path = { 0 };
	char name[MAX_TILE_FINGERPRINT];
	struct timespec old[2] = { { .tv_sec = 978307200 }, { .tv_sec = 978307200 } };
	struct stat st;

	hash_sha256(hash, SPAN("x"), fp);
	shelf_put(s, fp, SPAN("x"));
	tile_fingerprint(name, fp);
	buf_putf(&path, "%s/issuers/%s", dir, name);
	CHECK(utimensat(AT_FDCWD, buf_str(&path), old, 0) == 0);
	CHECK(shelf_take(s, hash, fp, &out));
	CHECK(stat(buf_str(&path), &st) == 0 && st.st_mtim.tv_sec > 978307200);
	buf_free(&out);
	buf_free(&path);
	shelf_free(s);
	shelf_wipe();
}

static void
what_a_killed_run_left_is_removed_and_other_files_are_not(void)
{
	struct shelf *s = shelf_fresh();
	struct buf path = { 0 };

	CHECK(store_write(path_of(1, ".tmp"), SPAN("half")) == 0);
	buf_putf(&path, "%s/issuers/README", dir);
	CHECK(store_write(buf_str(&path), SPAN("mine")) == 0);
	shelf_free(s);
	s = shelf_open(dir);
	CHECK(!has_file(1, ".tmp") && access(buf_str(&path), F_OK) == 0);
	buf_free(&path);
	shelf_free(s);
	shelf_wipe();
}

int
main(void)
{
	hash = hash_open();
	RUN(what_was_put_is_taken_by_its_fingerprint_also_in_the_next_run);
	RUN(a_file_whose_bytes_do_not_have_its_name_is_not_taken_but_removed);
	RUN(of_too_many_files_those_used_longest_ago_are_removed);
	RUN(of_too_many_bytes_those_used_longest_ago_are_removed);
	RUN(taking_an_issuer_counts_as_its_use);
	RUN(what_a_killed_run_left_is_removed_and_other_files_are_not);
	hash_free(hash);
	return unit_end();
}
