/*
 * Shows to Prometheus what the stream says of itself.
 *
 * in: the newest status, head and gap records
 * out: metrics of the tools, the logs and the hosts
 */
#include "ct-ws/site/metrics_logs.h"

enum { MOST_LABELS = 5 };	/* log, url, producer, shard and one of its own */

/* Puts who has said it behind the n labels, as far as that is known, and returns how many there are now. */
static size_t
metrics_label_producer(const struct logs_producer *p, struct expo_label *labels, size_t n)
{
	if (p->name[0] != '\0')
		labels[n++] = (struct expo_label){ "producer", p->name };
	if (p->shard[0] != '\0')
		labels[n++] = (struct expo_label){ "shard", p->shard };
	return n;
}

/* Puts the number in row i, if it is known, with the n labels and maybe that of an outcome. */
static void
metrics_put_figure(struct expo *e, const struct figure_table *table, size_t i,
    const struct figures *f, const struct expo_label *labels, size_t n)
{
	struct expo_label all[MOST_LABELS];

	if (!(f->known & 1u << i))
		return;
	for (size_t k = 0; k < n; k++)
		all[k] = labels[k];
	if (table->rows[i].is_outcome)
		all[n++] = (struct expo_label){ "outcome", table->rows[i].member };
	expo_real(e, f->value[i], all, n);
}

/* Begins the family of row i, and returns the row behind its last one. */
static size_t
metrics_begin_figures(struct expo *e, const struct figure_table *table, size_t i)
{
	const struct figure *row = &table->rows[i];

	expo_family(e, row->name, row->type, row->help);
	while (i < table->n && strcmp(table->rows[i].name, row->name) == 0)
		i++;
	return i;
}

/* Puts the rows from i up to the one before end, which are one family, of each run of a tool. */
static void
metrics_put_of_stage(const struct report *r, struct expo *e, enum logs_stage stage, size_t i,
    size_t end)
{
	struct expo_label labels[MOST_LABELS];

	for (const struct logs_producer *p = logs_next(r->logs, stage, NULL); p != NULL;
	    p = logs_next(r->logs, stage, p))
		for (size_t row = i; row < end; row++)
			metrics_put_figure(e, logs_tables[stage], row, &p->figures, labels,
			    metrics_label_producer(p, labels, 0));
}

static void
metrics_put_ages(const struct report *r, struct expo *e, enum logs_stage stage, const char *name)
{
	for (const struct logs_producer *p = logs_next(r->logs, stage, NULL); p != NULL;
	    p = logs_next(r->logs, stage, p)) {
		struct expo_label labels[MOST_LABELS] = { { "stage", name } };

		expo_real(e, (double)(r->now - p->at) / 1000, labels,
		    metrics_label_producer(p, labels, 1));
	}
}

void
metrics_put_stages(const struct report *r, struct expo *e)
{
	static const char *const names[] = { "ct-fetch", "ct-parse", "ct-hub" };

	expo_family(e, "ct_status_records_total", EXPO_COUNTER, "Status records that came, by tool.");
	for (size_t k = 0; k < LOGS_STAGES; k++)
		expo_count(e, r->logs->records[k], &(struct expo_label){ "stage", names[k] }, 1);
	expo_family(e, "ct_status_age_seconds", EXPO_GAUGE,
	    "How long ago the newest status record came, by tool and its run.");
	for (size_t k = 0; k < LOGS_STAGES; k++)
		metrics_put_ages(r, e, k, names[k]);
	for (size_t k = 0; k < LOGS_STAGES; k++)
		for (size_t i = 0, end; i < logs_tables[k]->n; i = end) {
			end = metrics_begin_figures(e, logs_tables[k], i);
			metrics_put_of_stage(r, e, k, i, end);
		}
}

/* The URL tells logs apart. A log that has not told one yet has its log_id there. */
static void
metrics_label_log(const struct logs_log *g, struct expo_label labels[2])
{
	labels[0] = (struct expo_label){ "log", g->name };
	labels[1] = (struct expo_label){ "url", g->url[0] != '\0' ? g->url : g->id };
}

static void
metrics_put_states(const struct report *r, struct expo *e)
{
	expo_family(e, "ct_log_state", EXPO_GAUGE, "1 for what the log is about, as the label says.");
	for (size_t k = 0; k < r->logs->count * MAX_REPORTS; k++) {
		const struct logs_log *g = &r->logs->list[k / MAX_REPORTS];
		const struct logs_report *said = &g->reports[k % MAX_REPORTS];
		struct expo_label labels[MOST_LABELS];

		if (!logs_is_fresh(said->of, said->at, r->now))
			continue;
		metrics_label_log(g, labels);
		labels[2] = (struct expo_label){ "state", said->state };
		expo_count(e, 1, labels, metrics_label_producer(said->of, labels, 3));
	}
}

/* The numbers of logs that head and gap records and events tell, also without status records. */
enum metrics_told {
	METRICS_HEAD_SIZE,
	METRICS_HEAD_TIME,
	METRICS_HEAD_PROVEN,
	METRICS_NEWEST,
	METRICS_EVENTS,
	METRICS_OPENED,
	METRICS_CLOSED,
	METRICS_TOLD,
};

/* Returns false when the number is not known of the log. */
static bool
metrics_told(const struct logs_log *g, enum metrics_told what, double *value)
{
	switch (what) {
	case METRICS_HEAD_SIZE:
		*value = (double)g->head_size;
		return g->has_head;
	case METRICS_HEAD_TIME:
		*value = (double)g->head_time / 1000;
		return g->has_head;
	case METRICS_HEAD_PROVEN:
		*value = g->head_verified;
		return g->has_head;
	case METRICS_NEWEST:
		*value = (double)g->newest / 1000;
		return g->newest > 0;
	case METRICS_EVENTS:
		*value = (double)g->events;
		return true;
	case METRICS_OPENED:
		*value = (double)g->opened;
		return true;
	default:
		*value = (double)g->closed;
		return true;
	}
}

static void
metrics_put_told(const struct report *r, struct expo *e)
{
	static const struct {
		const char *name, *help;
		enum expo_type type;
	} rows[METRICS_TOLD] = {
		{ "ct_log_head_entries", "Entries under the newest head record, by log.", EXPO_GAUGE },
		{ "ct_log_head_timestamp_seconds", "When that head was signed, by log.", EXPO_GAUGE },
		{ "ct_log_head_proven", "1 where the entries before it are proven, by log.", EXPO_GAUGE },
		{ "ct_log_newest_entry_timestamp_seconds",
		    "When the newest certificate served was logged, by log.", EXPO_GAUGE },
		{ "ct_log_events_total", "Certificates served, by log.", EXPO_COUNTER },
		{ "ct_log_gaps_opened_total", "Gap records that said what is owed, by log.", EXPO_COUNTER },
		{ "ct_log_gaps_closed_total", "Gap records that said what has come, by log.", EXPO_COUNTER },
	};

	for (unsigned i = 0; i < METRICS_TOLD; i++) {
		expo_family(e, rows[i].name, rows[i].type, rows[i].help);
		for (size_t k = 0; k < r->logs->count; k++) {
			struct expo_label labels[2];
			double value;

			metrics_label_log(&r->logs->list[k], labels);
			if (metrics_told(&r->logs->list[k], (enum metrics_told)i, &value))
				expo_real(e, value, labels, 2);
		}
	}
}

/* Puts the rows from i up to the one before end, which are one family, of each log. */
static void
metrics_put_of_logs(const struct report *r, struct expo *e, size_t i, size_t end)
{
	for (size_t k = 0; k < r->logs->count * MAX_REPORTS; k++) {
		const struct logs_log *g = &r->logs->list[k / MAX_REPORTS];
		const struct logs_report *said = &g->reports[k % MAX_REPORTS];
		struct expo_label labels[MOST_LABELS];

		if (!logs_is_fresh(said->of, said->at, r->now))
			continue;
		metrics_label_log(g, labels);
		for (size_t row = i; row < end; row++)
			metrics_put_figure(e, &figures_log, row, &said->figures, labels,
			    metrics_label_producer(said->of, labels, 2));
	}
}

void
metrics_put_logs(const struct report *r, struct expo *e)
{
	uint64_t tiled = 0;

	for (size_t i = 0; i < r->logs->count; i++)
		tiled += r->logs->list[i].is_tiled;
	expo_family(e, "ct_ws_logs", EXPO_GAUGE, "Logs that the stream has told of, by protocol.");
	expo_count(e, r->logs->count - tiled, &(struct expo_label){ "type", "rfc6962" }, 1);
	expo_count(e, tiled, &(struct expo_label){ "type", "tiled" }, 1);
	expo_one(e, "ct_ws_logs_left_out_total", EXPO_COUNTER,
	    "Certificates of logs that there was no room to count.", r->logs->left_out);
	metrics_put_told(r, e);
	metrics_put_states(r, e);
	for (size_t i = 0, end; i < figures_log.n; i = end) {
		end = metrics_begin_figures(e, &figures_log, i);
		metrics_put_of_logs(r, e, i, end);
	}
}

static void
metrics_put_of_hosts(const struct report *r, struct expo *e, size_t i, size_t end)
{
	for (size_t k = 0; k < r->logs->host_count; k++) {
		const struct logs_host *h = &r->logs->hosts[k];
		struct expo_label labels[MOST_LABELS] = { { "host", h->name } };

		if (logs_is_fresh(h->of, h->at, r->now))
			for (size_t row = i; row < end; row++)
				metrics_put_figure(e, &figures_host, row, &h->figures, labels,
				    metrics_label_producer(h->of, labels, 1));
	}
}

void
metrics_put_hosts(const struct report *r, struct expo *e)
{
	for (size_t i = 0, end; i < figures_host.n; i = end) {
		end = metrics_begin_figures(e, &figures_host, i);
		metrics_put_of_hosts(r, e, i, end);
	}
}
