/*
 * Keeping evidence against logs.
 *
 * in: incidents: heads, ranges and answers
 * out: a file for each, and messages on stderr
 */
#include "ct-fetch/state/evidence.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/tell.h"
#include "enc/b64.h"
#include "enc/hash.h"
#include "enc/hex.h"
#include "enc/json_put.h"
#include "os/store.h"
#include "os/wall.h"

enum {
	TELL_AGAIN = 3600 * 1000,	/* ms until the same incident is told again */
	EVIDENCE_PREFIX = 8,		/* bytes of the log ID in the name of a folder */
};

/* One incident that has been seen in this run. */
struct evidence_seen {
	uint8_t digest[HASH_SHA256];	/* of what makes it the same as another */
	uint64_t times;			/* that it was seen */
	uint64_t told;			/* loop ms when it was last told */
};

/* What has been seen of one log. */
struct evidence_log {
	uint8_t id[HASH_SHA256];
	struct evidence_seen seen[MAX_EVIDENCE];
	size_t seen_n;
	struct evidence_seen others;	/* all incidents for which seen had no room */
	unsigned files;			/* that are in its folder */
	uint64_t bytes;			/* that they have together */
};

struct evidence {
	struct buf dir;			/* DIR/evidence; empty: nothing is kept */
	struct hash *hash;
	struct evidence_log **logs;	/* those against which there is anything */
	size_t n;
	uint64_t count;
};

struct evidence *
evidence_open(const char *dir)
{
	struct evidence *e = calloc(1, sizeof(*e));

	if (e == NULL)
		die_world("out of memory");
	e->hash = hash_open();
	if (dir != NULL)
		buf_putf(&e->dir, "%s/evidence", dir);
	return e;
}

void
evidence_free(struct evidence *e)
{
	if (e == NULL)
		return;
	for (size_t i = 0; i < e->n; i++)
		free(e->logs[i]);
	free(e->logs);
	hash_free(e->hash);
	buf_free(&e->dir);
	free(e);
}

uint64_t
evidence_count(const struct evidence *e)
{
	return e->count;
}

uint64_t
evidence_count_of(const struct evidence *e, const uint8_t id[HASH_SHA256])
{
	uint64_t n = 0;

	for (size_t i = 0; i < e->n; i++) {
		const struct evidence_log *l = e->logs[i];

		if (memcmp(l->id, id, HASH_SHA256) != 0)
			continue;
		n = l->others.times;
		for (size_t k = 0; k < l->seen_n; k++)
			n += l->seen[k].times;
	}
	return n;
}

/* ---- what is there already ---- */

static void
evidence_put_folder(struct buf *b, const struct evidence *e, const uint8_t id[HASH_SHA256])
{
	buf_put(b, buf_span(&e->dir));
	buf_putc(b, '/');
	hex_put(b, span_of(id, EVIDENCE_PREFIX));
}

/* Counts the files that are in the folder of a log. */
static void
evidence_survey(struct evidence_log *l, const char *folder)
{
	DIR *d = opendir(folder);
	struct dirent *entry;
	struct stat st;

	if (d == NULL)
		return;
	while ((entry = readdir(d)) != NULL) {
		if (fstatat(dirfd(d), entry->d_name, &st, 0) < 0 || !S_ISREG(st.st_mode))
			continue;
		l->files++;
		l->bytes += (uint64_t)st.st_size;
	}
	(void)closedir(d);
}

static struct evidence_log *
evidence_log(struct evidence *e, const uint8_t id[HASH_SHA256])
{
	struct buf folder = { 0 };
	struct evidence_log *l, **logs;

	for (size_t i = 0; i < e->n; i++)
		if (memcmp(e->logs[i]->id, id, HASH_SHA256) == 0)
			return e->logs[i];
	l = calloc(1, sizeof(*l));
	logs = realloc(e->logs, (e->n + 1) * sizeof(*logs));
	if (l == NULL || logs == NULL)
		die_world("out of memory");
	e->logs = logs;
	e->logs[e->n++] = l;
	memcpy(l->id, id, HASH_SHA256);
	if (e->dir.n > 0) {
		evidence_put_folder(&folder, e, id);
		evidence_survey(l, buf_str(&folder));
		buf_free(&folder);
	}
	return l;
}

/* Writes to digest what two incidents of a log have in common when they are the same. */
static void
evidence_digest(struct evidence *e, const struct evidence_incident *in, uint8_t digest[HASH_SHA256])
{
	struct buf b = { 0 };

	buf_putf(&b, "%s\n%s\n%llu %llu\n", in->kind, in->detail != NULL ? in->detail : "",
	    (unsigned long long)in->from, (unsigned long long)in->to);
	for (int i = 0; i < EVIDENCE_HEADS; i++) {
		if (in->heads[i] == NULL)
			continue;
		buf_putf(&b, "%llu ", (unsigned long long)in->heads[i]->size);
		buf_put(&b, span_of(in->heads[i]->root, TREE_HASH));
	}
	hash_sha256(e->hash, buf_span(&b), digest);
	buf_free(&b);
}

/* Returns where an incident is counted; times is 0 there when it is new. */
static struct evidence_seen *
evidence_seen(struct evidence *e, struct evidence_log *l, const struct evidence_incident *in)
{
	uint8_t digest[HASH_SHA256];
	struct evidence_seen *s;

	evidence_digest(e, in, digest);
	for (size_t i = 0; i < l->seen_n; i++)
		if (memcmp(l->seen[i].digest, digest, HASH_SHA256) == 0)
			return &l->seen[i];
	if (l->seen_n == MAX_EVIDENCE)
		return &l->others;
	s = &l->seen[l->seen_n++];
	memcpy(s->digest, digest, HASH_SHA256);
	return s;
}

/* ---- the file ---- */

static void
evidence_put_answer(struct buf *b, const struct evidence_answer *a)
{
	size_t n = a->body.n < MAX_EVIDENCE_ANSWER ? a->body.n : MAX_EVIDENCE_ANSWER;

	buf_puts(b, "{\"url\":");
	json_put_str(b, a->url);
	buf_puts(b, ",\"bytes\":");
	buf_put_u64(b, a->body.n);
	buf_puts(b, ",\"body\":\"");
	b64_put(b, span_of(a->body.p, n));
	buf_puts(b, "\"}");
}

static void
evidence_put_lists(struct buf *b, const struct evidence_incident *in)
{
	const char *before = "";

	buf_puts(b, ",\"heads\":[");
	for (int i = 0; i < EVIDENCE_HEADS; i++) {
		if (in->heads[i] == NULL)
			continue;
		buf_puts(b, before);
		head_put_sth(b, in->heads[i]);
		before = ",";
	}
	before = "],\"answers\":[";
	buf_puts(b, before);
	before = "";
	for (int i = 0; i < EVIDENCE_ANSWERS; i++) {
		if (in->answers[i].url == NULL)
			continue;
		buf_puts(b, before);
		evidence_put_answer(b, &in->answers[i]);
		before = ",";
	}
	buf_putc(b, ']');
}

static void
evidence_put(struct buf *b, const struct evidence_incident *in, uint64_t seen)
{
	buf_puts(b, "{\"log_id\":\"");
	b64_put(b, span_of(in->id, HASH_SHA256));
	buf_puts(b, "\",\"name\":");
	json_put_str(b, in->name);
	buf_puts(b, ",\"kind\":");
	json_put_str(b, in->kind);
	if (in->detail != NULL) {
		buf_puts(b, ",\"detail\":");
		json_put_str(b, in->detail);
	}
	buf_puts(b, ",\"seen\":");
	wall_put(b, seen);
	if (in->from < in->to)
		buf_putf(b, ",\"from\":%llu,\"to\":%llu", (unsigned long long)in->from,
		    (unsigned long long)in->to);
	evidence_put_lists(b, in);
	buf_puts(b, "}\n");
}

/* Appends the name of a file that is not there yet: the time in UTC, then the words of kind. */
static void
evidence_put_name(struct buf *path, const char *kind, uint64_t seen)
{
	time_t seconds = (time_t)(seen / 1000);
	size_t before = path->n;
	char when[32];
	struct tm tm;

	(void)gmtime_r(&seconds, &tm);
	strftime(when, sizeof(when), "%Y%m%dT%H%M%SZ", &tm);
	for (int i = 1; i <= MAX_EVIDENCE; i++) {
		path->n = before;
		buf_putf(path, "/%s-", when);
		if (i > 1)
			buf_putf(path, "%d-", i);
		for (const char *s = kind; *s != '\0'; s++)
			buf_putc(path, (*s >= 'a' && *s <= 'z') || (*s >= '0' && *s <= '9') ? *s : '-');
		buf_puts(path, ".json");
		if (access(buf_str(path), F_OK) < 0)
			break;
	}
}

/*
 * Writes the file. Returns true with its name in path; or false, after having told why, unless
 * that is because the limits have been reached.
 */
static bool
evidence_store(struct evidence *e, struct evidence_log *l, const struct evidence_incident *in,
    struct buf *path)
{
	struct buf text = { 0 };
	uint64_t seen = wall_now();
	bool stored = false;

	evidence_put(&text, in, seen);
	if (l->files < MAX_EVIDENCE && l->bytes + text.n <= MAX_EVIDENCE_BYTES) {
		evidence_put_folder(path, e, l->id);
		(void)mkdir(buf_str(&e->dir), 0777);
		(void)mkdir(buf_str(path), 0777);
		evidence_put_name(path, in->kind, seen);
		stored = store_write(buf_str(path), buf_span(&text)) == 0;
		if (!stored)
			tell(TELL_ERROR, "%s: the evidence cannot be stored:", buf_str(path));
		l->files += stored;
		l->bytes += stored ? text.n : 0;
	}
	buf_free(&text);
	return stored;
}

/* ---- what is told ---- */

/* Appends the case in a line: its kind, what it concerns, and the detail. */
static void
evidence_put_line(struct buf *b, const struct evidence_incident *in)
{
	buf_putf(b, "%s: %s", in->name, in->kind);
	for (int i = 0; i < EVIDENCE_HEADS; i++)
		if (in->heads[i] != NULL)
			buf_putf(b, "%s %llu", i == 0 ? ": head of size" : " and of size",
			    (unsigned long long)in->heads[i]->size);
	if (in->from < in->to)
		buf_putf(b, ", entries %llu to %llu", (unsigned long long)in->from,
		    (unsigned long long)in->to - 1);
	if (in->detail != NULL)
		buf_putf(b, ", %s", in->detail);
}

void
evidence_keep(struct evidence *e, uint64_t now, const struct evidence_incident *in)
{
	struct evidence_log *l = evidence_log(e, in->id);
	struct evidence_seen *s = evidence_seen(e, l, in);
	struct buf line = { 0 }, path = { 0 };

	e->count++;
	s->times++;
	if (s->times > 1 && now - s->told < TELL_AGAIN)
		return;
	s->told = now;
	evidence_put_line(&line, in);
	if (s->times > 1)
		tell(TELL_ERROR, "%s; seen %llu times now", buf_str(&line),
		    (unsigned long long)s->times);
	else if (e->dir.n == 0)
		tell(TELL_ERROR, "%s; no evidence is kept without -d", buf_str(&line));
	else if (evidence_store(e, l, in, &path))
		tell(TELL_ERROR, "%s; evidence is in %s", buf_str(&line), buf_str(&path));
	else
		tell(TELL_ERROR, "%s; no evidence is kept of it", buf_str(&line));
	buf_free(&line);
	buf_free(&path);
}
