/* lib/os/store: small files, of which either the old or the new bytes are read. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/store.h"

static char folder[] = "/tmp/ct-store-XXXXXX";
static char path[64], beside[64];

static void
a_file_is_replaced_whole_and_nothing_is_left_beside_it(void)
{
	struct buf b;

	buf_init(&b);
	CHECK(store_write(path, SPAN("a first and long state\n")) == 0);
	CHECK(store_write(path, SPAN("second\n")) == 0);
	CHECK(store_read(path, 100, &b) == 0);
	CHECK_TEXT(buf_span(&b), "second\n");
	CHECK(access(beside, F_OK) < 0 && errno == ENOENT);
	CHECK(store_write(path, SPAN("")) == 0);
	buf_reset(&b);
	CHECK(store_read(path, 100, &b) == 0 && b.n == 0);
	buf_free(&b);
}

static void
a_write_that_fails_leaves_the_old_file(void)
{
	struct buf b;

	buf_init(&b);
	CHECK(store_write(path, SPAN("old")) == 0);
	CHECK(mkdir(beside, 0700) == 0);
	CHECK(store_write(path, SPAN("new")) < 0 && errno == EISDIR);
	CHECK(rmdir(beside) == 0);
	CHECK(store_read(path, 100, &b) == 0);
	CHECK_TEXT(buf_span(&b), "old");
	buf_free(&b);
}

static void
a_missing_folder_is_told(void)
{
	CHECK(store_write("/nowhere/at/all", SPAN("x")) < 0 && errno == ENOENT);
}

static void
a_file_that_is_too_long_or_missing_appends_nothing(void)
{
	struct buf b;

	buf_init(&b);
	buf_puts(&b, "before");
	CHECK(store_write(path, SPAN("12345")) == 0);
	CHECK(store_read(path, 4, &b) < 0 && errno == EFBIG);
	CHECK(store_read("/nowhere", 4, &b) < 0 && errno == ENOENT);
	CHECK_TEXT(buf_span(&b), "before");
	CHECK(store_read(path, 5, &b) == 0);
	CHECK_TEXT(buf_span(&b), "before12345");
	buf_free(&b);
}

int
main(void)
{
	CHECK(mkdtemp(folder) != NULL);
	snprintf(path, sizeof(path), "%s/state", folder);
	snprintf(beside, sizeof(beside), "%s/state.tmp", folder);
	RUN(a_file_is_replaced_whole_and_nothing_is_left_beside_it);
	RUN(a_write_that_fails_leaves_the_old_file);
	RUN(a_missing_folder_is_told);
	RUN(a_file_that_is_too_long_or_missing_appends_nothing);
	unlink(path);
	rmdir(folder);
	return unit_end();
}
