/*
 * Head records and gap records.
 *
 * in: what has been proven, and what is owed
 * out: records (ct-entry(5))
 */
#include "ct-fetch/proof/ledger.h"

#include "ct-fetch/log/source.h"
#include "enc/b64.h"
#include "enc/json_put.h"

static void
ledger_put_number(struct buf *b, const char *name, uint64_t n)
{
	buf_putf(b, ",\"%s\":", name);
	buf_put_u64(b, n);
}

static void
ledger_put_bytes(struct buf *b, const char *name, struct span bytes)
{
	buf_putf(b, ",\"%s\":\"", name);
	b64_put(b, bytes);
	buf_putc(b, '"');
}

static void
ledger_begin(struct buf *b, const char *type, const struct source *s)
{
	buf_putf(b, "{\"message_type\":\"%s\"", type);
	ledger_put_bytes(b, "log_id", span_of(s->id, sizeof(s->id)));
	buf_puts(b, ",\"name\":");
	json_put_str(b, s->name);
}

void
ledger_put_head(struct buf *b, const struct source *s, const struct head *h, uint64_t next,
    bool verified)
{
	ledger_begin(b, "head", s);
	ledger_put_number(b, "tree_size", h->size);
	ledger_put_number(b, "timestamp", h->timestamp);
	ledger_put_bytes(b, "root", span_of(h->root, sizeof(h->root)));
	ledger_put_bytes(b, "signature", span_of(h->signature, h->signature_n));
	buf_puts(b, verified ? ",\"verified\":true" : ",\"verified\":false");
	ledger_put_number(b, "next", next);
	buf_puts(b, "}\n");
}

void
ledger_put_gap(struct buf *b, const struct source *s, uint64_t from, uint64_t to,
    const char *reason, bool closed)
{
	ledger_begin(b, "gap", s);
	ledger_put_number(b, "from", from);
	ledger_put_number(b, "to", to);
	buf_puts(b, ",\"reason\":");
	json_put_str(b, reason);
	buf_puts(b, closed ? ",\"closed\":true}\n" : "}\n");
}
