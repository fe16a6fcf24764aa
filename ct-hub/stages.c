/* Remembers how programs are. In: their status records. Out: the newest of each. */
#include "ct-hub/stages.h"

/* Returns the name of the stage in a status record, or an empty span when it has none. */
static struct span
stages_name(struct span record)
{
	const struct span key = SPAN("\"stage\":\"");
	const uint8_t *p = memmem(record.p, record.n, key.p, key.n), *end;

	if (p == NULL)
		return SPAN("");
	p += key.n;
	end = memchr(p, '"', (size_t)(record.p + record.n - p));
	return end == NULL ? SPAN("") : span_of(p, (size_t)(end - p));
}

/* Returns the place of that program; a new one gets that of the one that was not heard for longest. */
static struct stage *
stages_find(struct stages *s, struct span name, uint64_t producer)
{
	struct stage *oldest = s->stages;

	for (size_t i = 0; i < s->count; i++) {
		if (s->stages[i].producer == producer && span_eq(s->stages[i].name, name))
			return &s->stages[i];
		if (s->stages[i].put < oldest->put)
			oldest = &s->stages[i];
	}
	if (s->count < MAX_STAGES) {
		oldest = &s->stages[s->count++];
		buf_init(&oldest->record);
	}
	oldest->producer = producer;
	return oldest;
}

void
stages_put(struct stages *s, struct span record, uint64_t producer)
{
	struct span name = stages_name(record);
	struct stage *stage;

	if (name.n == 0 || record.n > MAX_STAGE_RECORD)
		return;
	stage = stages_find(s, name, producer);
	stage->put = ++s->puts;
	buf_reset(&stage->record);
	buf_put(&stage->record, record);
	stage->name = stages_name(buf_span(&stage->record));
}

void
stages_write(const struct stages *s, struct buf *out)
{
	for (size_t i = 0; i < s->count; i++)
		buf_put(out, buf_span(&s->stages[i].record));
}

void
stages_free(struct stages *s)
{
	for (size_t i = 0; i < s->count; i++)
		buf_free(&s->stages[i].record);
}
