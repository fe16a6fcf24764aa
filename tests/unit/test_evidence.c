/* ct-fetch/state/evidence: what is kept of a log that contradicts itself, and how much of it. */
#include "unit.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "ct-fetch/state/evidence.h"
#include "enc/b64.h"
#include "os/store.h"

static const uint8_t id[HASH_SHA256] = { 0xab, 1, 2, 3, 4, 5, 6, 0xff, 9 };
static char dir[64], heard[] = "/tmp/test_evidence_heard.XXXXXX";

/* Gives each test a folder of its own; dir is then its name. */
static void
begin(void)
{
	snprintf(dir, sizeof(dir), "/tmp/test_evidence.XXXXXX");
	CHECK(mkdtemp(dir) != NULL);
}

/* Returns how many lines have been told so far; what is told goes to a file of its own. */
static int
told(void)
{
	struct buf text = { 0 };
	int n = 0;

	CHECK(store_read(heard, 1 << 20, &text) == 0);
	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == '\n';
	buf_free(&text);
	return n;
}

static void
end(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -r '%s'", dir);
	CHECK(system(command) == 0);
}

/* Returns how many files the log has in dir, and appends the content of the last to text. */
static int
files(struct buf *text, char *name, size_t most)
{
	struct buf folder = { 0 };
	struct dirent *entry;
	DIR *d;
	int n = 0;

	buf_putf(&folder, "%s/evidence/ab010203040506ff", dir);
	d = opendir(buf_str(&folder));
	while (d != NULL && (entry = readdir(d)) != NULL) {
		char path[512];

		if (entry->d_name[0] == '.')
			continue;
		n++;
		snprintf(name, most, "%s", entry->d_name);
		snprintf(path, sizeof(path), "%s/%s", buf_str(&folder), entry->d_name);
		buf_reset(text);
		CHECK(store_read(path, MAX_EVIDENCE_BYTES, text) == 0);
	}
	if (d != NULL)
		closedir(d);
	buf_free(&folder);
	return n;
}

/* Keeps an incident about entry i, at a time in ms. */
static void
keep(struct evidence *e, uint64_t now, uint64_t i, struct span body)
{
	evidence_keep(e, now, &(struct evidence_incident){ .name = "elm", .id = id,
	    .kind = "a wrong leaf", .from = i, .to = i + 1, .answers = { { "http://elm/", body } } });
}

static bool
holds(const struct buf *text, const char *part)
{
	return memmem(text->p, text->n, part, strlen(part)) != NULL;
}

static void
an_incident_becomes_a_file_with_all_that_was_seen(void)
{
	struct head one = { .size = 7, .timestamp = 5, .root = { 1 }, .signature_n = 1, .signature = "a" };
	struct head two = { .size = 7, .timestamp = 6, .root = { 2 }, .signature_n = 1, .signature = "b" };
	struct evidence *e;
	struct buf text = { 0 };
	char name[256] = "";

	begin();
	e = evidence_open(dir);
	evidence_keep(e, 1, &(struct evidence_incident){ .name = "el\"m", .id = id,
	    .kind = "two roots for one size", .detail = "seen by two", .heads = { &one, &two },
	    .from = 3, .to = 7, .answers = { { "http://elm/a", SPAN("x\n") }, { "http://elm/b", SPAN("") } } });
	CHECK(files(&text, name, sizeof(name)) == 1);
	CHECK(strlen(name) == strlen("20261127T000000Z-two-roots-for-one-size.json"));
	CHECK(strcmp(name + 16, "-two-roots-for-one-size.json") == 0);
	CHECK(holds(&text, "{\"log_id\":\"qwECAwQFBv8JAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\",\"name\":\"el\\\"m\","
	    "\"kind\":\"two roots for one size\",\"detail\":\"seen by two\",\"seen\":"));
	CHECK(holds(&text, ",\"from\":3,\"to\":7,\"heads\":[{\"tree_size\":7,\"timestamp\":5,"));
	CHECK(holds(&text, "\"tree_head_signature\":\"YQ==\"},{\"tree_size\":7,\"timestamp\":6,"));
	CHECK(holds(&text, "],\"answers\":[{\"url\":\"http://elm/a\",\"bytes\":2,\"body\":\"eAo=\"},"
	    "{\"url\":\"http://elm/b\",\"bytes\":0,\"body\":\"\"}]}\n"));
	CHECK(evidence_count(e) == 1);
	evidence_free(e);
	buf_free(&text);
	end();
}

static void
the_same_incident_is_kept_once_and_others_beside_it(void)
{
	struct evidence *e;
	struct buf text = { 0 };
	char name[256];

	begin();
	e = evidence_open(dir);
	for (uint64_t now = 0; now < 10; now++)
		keep(e, now, 5, SPAN("body"));
	CHECK(files(&text, name, sizeof(name)) == 1);
	keep(e, 10, 6, SPAN("body"));
	keep(e, 10, 7, SPAN("body"));
	CHECK(files(&text, name, sizeof(name)) == 3);
	CHECK(evidence_count(e) == 12);
	evidence_free(e);
	buf_free(&text);
	end();
}

static void
the_same_incident_is_told_once_and_again_after_an_hour(void)
{
	struct evidence *e = evidence_open(NULL);
	int before = told();

	for (uint64_t minute = 0; minute < 60; minute++)
		keep(e, minute * 60000, 1, SPAN(""));
	CHECK(told() == before + 1);
	keep(e, 3600000, 1, SPAN(""));
	CHECK(told() == before + 2);
	keep(e, 3600001, 1, SPAN(""));
	CHECK(told() == before + 2);
	evidence_free(e);
}

static void
a_long_answer_is_cut_and_its_length_kept(void)
{
	struct evidence *e;
	struct buf text = { 0 }, body = { 0 };
	char name[256];

	begin();
	memset(buf_reserve(&body, 3 << 20), 'x', 3 << 20);
	buf_commit(&body, 3 << 20);
	e = evidence_open(dir);
	keep(e, 0, 1, buf_span(&body));
	CHECK(files(&text, name, sizeof(name)) == 1);
	CHECK(holds(&text, "\"bytes\":3145728,"));
	CHECK(text.n > b64_encoded(1 << 20) && text.n < b64_encoded(1 << 20) + 1000);
	evidence_free(e);
	buf_free(&text);
	buf_free(&body);
	end();
}

static void
a_log_cannot_fill_the_disk_in_one_run_or_in_many(void)
{
	struct buf text = { 0 }, body = { 0 };
	char name[256];

	begin();
	memset(buf_reserve(&body, 1 << 20), 'x', 1 << 20);
	buf_commit(&body, 1 << 20);
	for (unsigned run = 0; run < 3; run++) {
		struct evidence *e = evidence_open(dir);

		for (uint64_t i = 0; i < 30; i++)
			keep(e, i, run * 100 + i, buf_span(&body));
		CHECK(evidence_count(e) == 30);
		evidence_free(e);
	}
	/* 64 MiB are 47 answers of 1 MiB in base64. */
	CHECK(files(&text, name, sizeof(name)) == 47);
	buf_free(&text);
	buf_free(&body);
	end();
}

static void
not_more_than_so_many_incidents_are_kept(void)
{
	struct evidence *e;
	struct buf text = { 0 };
	char name[256];

	begin();
	e = evidence_open(dir);
	for (uint64_t i = 0; i < 200; i++)
		keep(e, i, i, SPAN(""));
	CHECK(files(&text, name, sizeof(name)) == MAX_EVIDENCE);
	CHECK(evidence_count(e) == 200);
	evidence_free(e);
	buf_free(&text);
	end();
}

static void
incidents_are_counted_by_their_log_also_beyond_the_limit(void)
{
	struct evidence *e = evidence_open(NULL);
	uint8_t other[HASH_SHA256] = { 1 };

	CHECK(evidence_count_of(e, id) == 0);
	for (uint64_t i = 0; i < 2 * MAX_EVIDENCE; i++)
		keep(e, i, i, SPAN(""));
	keep(e, 1, 0, SPAN(""));
	CHECK(evidence_count_of(e, id) == 2 * MAX_EVIDENCE + 1);
	CHECK(evidence_count_of(e, other) == 0);
	evidence_free(e);
}

static void
without_a_folder_evidence_is_counted_and_nothing_is_written(void)
{
	struct evidence *e = evidence_open(NULL);

	keep(e, 0, 1, SPAN("body"));
	CHECK(evidence_count(e) == 1);
	evidence_free(e);
}

int
main(void)
{
	int fd = mkstemp(heard);

	if (fd < 0 || dup2(fd, STDERR_FILENO) < 0)
		return 111;
	RUN(an_incident_becomes_a_file_with_all_that_was_seen);
	RUN(the_same_incident_is_kept_once_and_others_beside_it);
	RUN(the_same_incident_is_told_once_and_again_after_an_hour);
	RUN(a_long_answer_is_cut_and_its_length_kept);
	RUN(a_log_cannot_fill_the_disk_in_one_run_or_in_many);
	RUN(not_more_than_so_many_incidents_are_kept);
	RUN(incidents_are_counted_by_their_log_also_beyond_the_limit);
	RUN(without_a_folder_evidence_is_counted_and_nothing_is_written);
	unlink(heard);
	return unit_end();
}
