/*
 * Writes metrics for Prometheus.
 *
 * in: families, and samples with their labels
 * out: text
 * standard: OpenMetrics 1.0.0, and the text format 0.0.4 of Prometheus
 */
#include "ct-ws/site/expo.h"

#include <inttypes.h>

void
expo_init(struct expo *e, struct buf *out, bool openmetrics)
{
	*e = (struct expo){ .out = out, .openmetrics = openmetrics };
}

const char *
expo_content_type(bool openmetrics)
{
	return openmetrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8" :
	    "text/plain; version=0.0.4; charset=utf-8";
}

void
expo_family(struct expo *e, const char *name, enum expo_type type, const char *help)
{
	e->name = name;
	e->type = type;
	e->help = help;
	e->told = false;
}

/* In OpenMetrics, the family of the counter x_total is x; else the two have one name. */
static void
expo_tell_family(struct expo *e)
{
	static const char *const types[] = { "counter", "gauge", "unknown" };
	size_t n = strlen(e->name);
	const char *type = types[e->type];

	if (e->openmetrics && e->type == EXPO_COUNTER)
		n -= strlen("_total");
	if (!e->openmetrics && e->type == EXPO_UNKNOWN)
		type = "untyped";
	buf_putf(e->out, "# HELP %.*s %s\n# TYPE %.*s %s\n", (int)n, e->name, e->help, (int)n,
	    e->name, type);
	e->told = true;
}

static void
expo_put_value(struct buf *out, const char *value)
{
	for (; *value; value++)
		if (*value == '\n')
			buf_puts(out, "\\n");
		else if (*value == '"' || *value == '\\')
			buf_putf(out, "\\%c", *value);
		else
			buf_putc(out, *value);
}

static void
expo_begin_sample(struct expo *e, const struct expo_label *labels, size_t n)
{
	if (!e->told)
		expo_tell_family(e);
	buf_puts(e->out, e->name);
	for (size_t i = 0; i < n; i++) {
		buf_putf(e->out, "%c%s=\"", i == 0 ? '{' : ',', labels[i].name);
		expo_put_value(e->out, labels[i].value);
		buf_putc(e->out, '"');
	}
	buf_puts(e->out, n > 0 ? "} " : " ");
}

void
expo_count(struct expo *e, uint64_t value, const struct expo_label *labels, size_t n)
{
	expo_begin_sample(e, labels, n);
	buf_putf(e->out, "%" PRIu64 "\n", value);
}

void
expo_real(struct expo *e, double value, const struct expo_label *labels, size_t n)
{
	expo_begin_sample(e, labels, n);
	buf_putf(e->out, "%.15g\n", value);
}

void
expo_one(struct expo *e, const char *name, enum expo_type type, const char *help, uint64_t value)
{
	expo_family(e, name, type, help);
	expo_count(e, value, NULL, 0);
}

void
expo_end(struct expo *e)
{
	if (e->openmetrics)
		buf_puts(e->out, "# EOF\n");
}
