/*
 * Knows the numbers of status records.
 *
 * in: members of status records, as ct-entry(5), ct-parse(1) and ct-hub(1) describe them
 * out: numbers by their place in a table
 */
#include "ct-ws/site/figures.h"

#include <math.h>
#include <stdlib.h>

enum { FIGURE_TEXT = 40 };	/* characters of a number, more than any of ours has */

#define OUTCOMES(name, help) \
	{ "good", name, EXPO_COUNTER, help, true }, \
	{ "cut", name, EXPO_COUNTER, help, true }, \
	{ "limited", name, EXPO_COUNTER, help, true }, \
	{ "refused", name, EXPO_COUNTER, help, true }, \
	{ "failed", name, EXPO_COUNTER, help, true }

static const struct figure fetch[] = {
	{ "entries", "ct_fetch_entries_total", EXPO_COUNTER,
	    "Entries that ct-fetch has written.", false },
	{ "bytes", "ct_fetch_received_bytes_total", EXPO_COUNTER,
	    "Bytes received from logs.", false },
	{ "requests", "ct_fetch_requests_total", EXPO_COUNTER, "Requests sent to logs.", false },
	OUTCOMES("ct_fetch_answers_total", "Requests to logs by what came of them."),
	{ "errors", "ct_fetch_errors_total", EXPO_COUNTER,
	    "Requests to logs that brought nothing.", false },
	{ "issuers", "ct_fetch_issuers_total", EXPO_COUNTER,
	    "Issuers fetched for tiled logs.", false },
	{ "issuers_missing", "ct_fetch_issuers_missing_total", EXPO_COUNTER,
	    "Issuers given up.", false },
	{ "chains_missing", "ct_fetch_chains_missing_total", EXPO_COUNTER,
	    "Entries that went out without all of their chain.", false },
	{ "evidence", "ct_fetch_evidence_total", EXPO_COUNTER,
	    "Incidents in which logs contradicted what they had signed.", false },
	{ "list_time", "ct_fetch_list_timestamp_seconds", EXPO_GAUGE,
	    "The date of the log list in use, of several the oldest.", false },
	{ "list_current_time", "ct_fetch_list_current_timestamp_seconds", EXPO_GAUGE,
	    "When the log list in use was last known to be the current one.", false },
};

static const struct figure of_log[] = {
	{ "next", "ct_log_next_index", EXPO_GAUGE,
	    "Index of the entry that goes out next, by log.", false },
	{ "size", "ct_log_size_entries", EXPO_GAUGE,
	    "Entries under the largest tree head, by log.", false },
	{ "verified", "ct_log_verified_entries", EXPO_GAUGE,
	    "Size up to which entries have been proven, by log.", false },
	{ "lag", "ct_log_lag_entries", EXPO_GAUGE,
	    "Entries owed between the next one and the tree head, by log.", false },
	{ "gaps", "ct_log_gap_entries", EXPO_GAUGE,
	    "Entries owed before the next one, by log.", false },
	{ "behind", "ct_log_behind_seconds", EXPO_GAUGE,
	    "For how long something has been owed, by log.", false },
	{ "head_age", "ct_log_head_age_seconds", EXPO_GAUGE,
	    "How long ago the log signed its tree head.", false },
	{ "rate", "ct_log_entries_per_second", EXPO_GAUGE,
	    "Entries written a second lately, by log.", false },
	{ "entries", "ct_log_entries_total", EXPO_COUNTER, "Entries written, by log.", false },
	{ "bytes", "ct_log_received_bytes_total", EXPO_COUNTER, "Bytes received, by log.", false },
	{ "requests", "ct_log_requests_total", EXPO_COUNTER, "Requests sent, by log.", false },
	OUTCOMES("ct_log_answers_total", "Requests by log and what came of them."),
	{ "errors", "ct_log_errors_total", EXPO_COUNTER,
	    "Requests and answers that brought nothing of use, by log.", false },
	{ "evidence", "ct_log_evidence_total", EXPO_COUNTER,
	    "Incidents in which the log contradicted what it had signed.", false },
	{ "last_success", "ct_log_last_success_timestamp_seconds", EXPO_GAUGE,
	    "When the last good answer came, by log.", false },
	{ "last_error_time", "ct_log_last_error_timestamp_seconds", EXPO_GAUGE,
	    "When the last error came, by log.", false },
	{ "trouble", "ct_log_trouble_seconds", EXPO_GAUGE,
	    "For how long there have been only errors, by log.", false },
};

static const struct figure host[] = {
	{ "rate", "ct_host_limit_requests_per_second", EXPO_GAUGE,
	    "How many requests a second the host is sent at most.", false },
	{ "granted", "ct_host_granted_requests_per_second", EXPO_GAUGE,
	    "Requests a second that the host granted in the last minute.", false },
	{ "width", "ct_host_width_requests", EXPO_GAUGE,
	    "How many requests the host is sent at a time at most.", false },
	{ "running", "ct_host_running_requests", EXPO_GAUGE,
	    "Requests that wait for the host.", false },
	{ "latency", "ct_host_latency_seconds", EXPO_GAUGE,
	    "How long the host takes for an answer.", false },
	OUTCOMES("ct_host_answers_total", "Requests by host and what came of them."),
	{ "pause", "ct_host_pause_seconds", EXPO_GAUGE,
	    "For how much longer the host is left alone.", false },
	{ "paused_time", "ct_host_paused_timestamp_seconds", EXPO_GAUGE,
	    "When the host was last left alone.", false },
};

static const struct figure parse[] = {
	{ "entries", "ct_parse_entries_total", EXPO_COUNTER,
	    "Entries that ct-parse has read.", false },
	{ "malformed", "ct_parse_malformed_total", EXPO_COUNTER,
	    "Entries that became malformed records.", false },
	{ "dropped", "ct_parse_dropped_total", EXPO_COUNTER,
	    "Entries left out because they repeat a certificate.", false },
	{ "mismatched", "ct_parse_mismatched_total", EXPO_COUNTER,
	    "Precertificates that did not agree with their entry or chain.", false },
	{ "passed", "ct_parse_passed_total", EXPO_COUNTER, "Lines passed on unchanged.", false },
	{ "broken", "ct_parse_broken_total", EXPO_COUNTER, "Lines left out.", false },
};

static const struct figure hub[] = {
	{ "records", "ct_hub_records_total", EXPO_COUNTER,
	    "Lines that ct-hub has published.", false },
	{ "events", "ct_hub_events_total", EXPO_COUNTER,
	    "Certificates that ct-hub has published.", false },
	{ "bytes", "ct_hub_published_bytes_total", EXPO_COUNTER,
	    "Bytes of the published lines.", false },
	{ "messages", "ct_hub_messages_total", EXPO_COUNTER,
	    "Messages they were published in.", false },
	{ "marks", "ct_hub_marks_total", EXPO_COUNTER, "Marks among the published lines.", false },
	{ "marks_stored", "ct_hub_marks_stored_total", EXPO_COUNTER, "Marks stored.", false },
	{ "broken", "ct_hub_broken_total", EXPO_COUNTER,
	    "Lines left out because they were too long.", false },
	{ "readers", "ct_hub_readers", EXPO_GAUGE, "Readers that the hub waits for.", false },
};

#define TABLE(rows) { rows, sizeof(rows) / sizeof(*(rows)) }

const struct figure_table figures_fetch = TABLE(fetch);
const struct figure_table figures_log = TABLE(of_log);
const struct figure_table figures_host = TABLE(host);
const struct figure_table figures_parse = TABLE(parse);
const struct figure_table figures_hub = TABLE(hub);

/* Returns the number that text, a number of JSON, stands for; or a negative one when it is too long. */
static double
figures_number(struct span text)
{
	char copy[FIGURE_TEXT];

	if (text.n >= sizeof(copy))
		return -1;
	memcpy(copy, text.p, text.n);
	copy[text.n] = '\0';
	return strtod(copy, NULL);
}

void
figures_take(struct figures *f, const struct figure_table *table, struct json_str key,
    struct json *j)
{
	bool is_number = json_peek(j) == JSON_NUMBER;
	struct span text;
	double value;

	if (!json_skip(j, &text))
		return;
	for (size_t i = 0; i < table->n; i++) {
		if (!json_is(key, table->rows[i].member))
			continue;
		value = is_number ? figures_number(text) : -1;
		f->known &= ~(1u << i);
		/* None of ours is negative or infinite, and a counter must not be. */
		if (value >= 0 && isfinite(value)) {
			f->value[i] = value;
			f->known |= 1u << i;
		}
	}
}

double
figures_get(const struct figures *f, const struct figure_table *table, const char *member,
    double otherwise)
{
	for (size_t i = 0; i < table->n; i++)
		if (strcmp(table->rows[i].member, member) == 0 && (f->known & 1u << i))
			return f->value[i];
	return otherwise;
}
