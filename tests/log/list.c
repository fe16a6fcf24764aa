/*
 * Writes log lists as JSON (log_list_schema.json, version 3). In: logs. Out: text. The
 * strings are names of logs or from this file, so none needs escapes.
 */
#include "tests/log/list.h"

#include <string.h>
#include <time.h>

#define LIST_OPERATORS 2	/* one after the other gets the next log */

static const struct {
	const char *name, *email;
} operators[LIST_OPERATORS] = {
	{ "North Wood", "ct@north.example" },
	{ "South Wood", "ct@south.example" },
};

/* A list has each log only once, so one that speaks both protocols is listed as tiled. */
static bool
list_is_tiled(const struct log *l)
{
	return l->type & LOG_TILED;
}

static void
list_put_state(const struct listing *listing, struct bytes *out)
{
	static const char since[] = "2026-01-01T00:00:00Z";
	const struct head *h = &listing->final_head;

	if (listing->state == LIST_READONLY) {
		bytes_printf(out, "\"state\": {\"readonly\": {\"timestamp\": \"%s\", "
		    "\"final_tree_head\": {\"sha256_root_hash\": \"", since);
		bytes_put_base64(out, h->root, sizeof(h->root));
		bytes_printf(out, "\", \"tree_size\": %llu}}}", (unsigned long long)h->size);
		return;
	}
	bytes_printf(out, "\"state\": {\"%s\": {\"timestamp\": \"%s\"}}",
	    listing->state == LIST_RETIRED ? "retired" : "usable", since);
}

static void
list_put_fields(const struct log *l, const struct listing *listing, const char *url,
    struct bytes *out)
{
	bytes_printf(out, "\"description\": \"Test log '%s'\", \"log_id\": \"", l->name);
	bytes_put_base64(out, l->key.id, sizeof(l->key.id));
	bytes_put_text(out, "\", \"key\": \"");
	bytes_put_base64(out, l->key.spki.at, l->key.spki.len);
	bytes_put_text(out, "\", ");
	if (list_is_tiled(l))
		bytes_printf(out, "\"submission_url\": \"%s\", \"monitoring_url\": \"%s\", "
		    "\"mmd\": 60, ", url, url);
	else
		bytes_printf(out, "\"url\": \"%s\", \"mmd\": 86400, ", url);
	bytes_put_text(out, "\"temporal_interval\": {"
	    "\"start_inclusive\": \"2026-01-01T00:00:00Z\", "
	    "\"end_exclusive\": \"2036-01-01T00:00:00Z\"}, ");
	list_put_state(listing, out);
}

static void
list_put_logs(const struct log *logs, const struct listing *listings, size_t count,
    size_t operator, bool tiled, struct bytes *out)
{
	const char *before = "";
	size_t i;

	bytes_printf(out, "\"%s\": [", tiled ? "tiled_logs" : "logs");
	for (i = operator; i < count; i += LIST_OPERATORS) {
		if (list_is_tiled(&logs[i]) != tiled || listings[i].state == LIST_GONE)
			continue;
		bytes_printf(out, "%s\n        {", before);
		list_put_fields(&logs[i], &listings[i], logs[i].url, out);
		bytes_put_byte(out, '}');
		before = ",";
	}
	bytes_put_byte(out, ']');
}

void
list_put(const struct log *logs, const struct listing *listings, size_t count, uint64_t now,
    struct bytes *out)
{
	time_t seconds = (time_t)(now / 1000);
	char when[32];
	struct tm tm;
	size_t i;

	gmtime_r(&seconds, &tm);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &tm);
	bytes_printf(out, "{\n  \"version\": \"1.0\",\n  \"log_list_timestamp\": \"%s\",\n", when);
	bytes_put_text(out, "  \"operators\": [");
	for (i = 0; i < LIST_OPERATORS; i++) {
		bytes_printf(out, "%s\n    {\"name\": \"%s\", \"email\": [\"%s\"],\n      ",
		    i == 0 ? "" : ",", operators[i].name, operators[i].email);
		list_put_logs(logs, listings, count, i, false, out);
		bytes_put_text(out, ",\n      ");
		list_put_logs(logs, listings, count, i, true, out);
		bytes_put_byte(out, '}');
	}
	bytes_put_text(out, "\n  ]\n}\n");
}

void
list_put_metadata(const struct log *l, const char *url, struct bytes *out)
{
	const struct listing usable = { .state = LIST_USABLE };

	bytes_put_text(out, "{");
	list_put_fields(l, &usable, url, out);
	bytes_put_text(out, ", \"status\": \"active\"}\n");
}
