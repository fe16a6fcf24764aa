/* ct-ws/target: which escapes in a path are undone, so that equal paths are found equal. */
#include "unit.h"

#include "ct-ws/http/target.h"

static void
check_normal(const char *path, const char *want)
{
	uint8_t room[MAX_TARGET_PATH];

	CHECK_TEXT(target_normal(span_str(path), room), want);
}

static void
escapes_of_letters_digits_and_four_marks_are_undone(void)
{
	check_normal("/full%2Dstream", "/full-stream");
	check_normal("/%66%75%6c%6C%2dstream%2Fx", "/full-stream%2Fx");
	check_normal("/%7E%5F%2E%39", "/~_.9");
	check_normal("/plain", "/plain");
}

static void
other_escapes_stay_as_they_are(void)
{
	check_normal("/health%2Fdeep", "/health%2Fdeep");
	check_normal("/%00%25%20%3F%80", "/%00%25%20%3F%80");
	check_normal("/%252D", "/%252D");
	check_normal("/%2", "/%2");
}

static void
a_path_that_is_longer_than_the_room_stays_as_it_is(void)
{
	char path[MAX_TARGET_PATH + 2] = "/%2D";

	memset(path + 4, 'a', sizeof(path) - 5);
	check_normal(path, path);
}

int
main(void)
{
	RUN(escapes_of_letters_digits_and_four_marks_are_undone);
	RUN(other_escapes_stay_as_they_are);
	RUN(a_path_that_is_longer_than_the_room_stays_as_it_is);
	return unit_end();
}
