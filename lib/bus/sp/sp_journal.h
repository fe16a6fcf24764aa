/*
 * The messages that a hub has published and that are still wanted: by readers that are behind, by
 * those who ask for older records, and for the newest events. Lines lie where they were read to; they
 * are not copied again, however many readers they leave for.
 *
 * Lines come into the journal in two ways: they are read to its draft, of which the front is then
 * published, or they are put, and copied. Messages are numbered from 0 on. Nothing here does I/O.
 */
#ifndef BUS_SP_SP_JOURNAL_H
#define BUS_SP_SP_JOURNAL_H

#include "bus/publisher.h"
#include "bus/sp/sp_frame.h"
#include "bus/sp/sp_message.h"

enum {
	SP_SLAB = 512 << 10,	/* bytes of a piece of memory for lines; a longer line has one of its own */
	SP_SLABS_KEPT = 4,	/* free slabs that are kept for the next lines */
	MAX_SP_KEPT = 16 << 20,	/* bytes of newest events that are kept for `latest` at most */
};

/* A piece of memory for lines. */
struct sp_slab {
	struct sp_slab *next;	/* among the free ones */
	size_t size, used;	/* bytes at p; and how many of them are taken */
	size_t messages;	/* how many messages lie in it */
	bool open;		/* lines can still be added */
	uint8_t p[];
};

struct sp_journal_message {
	struct sp_slab *slab;	/* NULL when it has no lines */
	const uint8_t *p;	/* its lines */
	size_t n;		/* bytes of them */
	uint64_t at;		/* bytes of all messages before it, as sp_journal_cost counts them */
	uint64_t seq;		/* number of the first line, or of the next record when there is none */
	unsigned records, events;
	uint8_t head_n;		/* bytes of head */
	uint8_t head[SP_HEAD + SP_PLACE + 1];	/* frame of a local socket, and head of the message */
};

struct sp_journal {
	size_t history;		/* bytes to keep for those who ask */
	unsigned keep;		/* newest events to keep */
	struct bus_place next;	/* of the next record */
	struct sp_journal_message *ring;	/* owned: message m is ring[m % size] */
	size_t size;		/* a power of 2 */
	uint64_t first, end;	/* numbers of the oldest message that is kept, and of the next one */
	uint64_t closed;	/* messages before this number do not change any more */
	uint64_t bytes;		/* the `at` of the next message */
	uint64_t events;	/* how many events the kept messages have */
	struct sp_slab *draft, *put;	/* the slabs that lines are read to, and copied to */
	size_t draft_from;	/* offset where the draft begins in its slab; it ends at `used` */
	struct sp_slab *free;
	unsigned free_count;
};

/*
 * Makes j an empty journal. It will keep `history` bytes of the newest lines and `keep` of the newest
 * events for those who ask. first is the place of the first record.
 */
void sp_journal_init(struct sp_journal *j, struct bus_place first, size_t history, unsigned keep);

/* Frees the memory of j. */
void sp_journal_free(struct sp_journal *j);

/* The draft. These do what publisher_space, _fill, _draft and _discard of publisher.h do. */
uint8_t *sp_journal_space(struct sp_journal *j, size_t *room);
void sp_journal_fill(struct sp_journal *j, size_t n);
struct span sp_journal_draft(const struct sp_journal *j);
void sp_journal_discard(struct sp_journal *j, size_t n);

/* Makes a message of lines, which are the front of the draft. */
void sp_journal_publish(struct sp_journal *j, struct publisher_lines lines);

/*
 * Makes a message of a copy of lines, which begin at p; without lines, an empty message. Lines that
 * are put one after the other are joined to one message, up to BUS_BATCH bytes, until it is closed.
 */
void sp_journal_put(struct sp_journal *j, const uint8_t *p, struct publisher_lines lines);

/* Closes all messages, so that they do not change any more. To be called before a reader reads them. */
void sp_journal_close(struct sp_journal *j);

/* Returns message number m, which must be one of those kept: first <= m < end. */
const struct sp_journal_message *sp_journal_at(const struct sp_journal *j, uint64_t m);

/* Returns how many bytes a reader is behind for which message number m is the next. */
uint64_t sp_journal_behind(const struct sp_journal *j, uint64_t m);

/* Returns the number of the first message from m on at which a reader is at most backlog bytes behind. */
uint64_t sp_journal_skip(const struct sp_journal *j, uint64_t m, uint64_t backlog);

/* Drops the oldest messages, but none from number m on, which readers want, and none kept for questions. */
void sp_journal_trim(struct sp_journal *j, uint64_t m);

/*
 * Appends to out a message with the newest events, count of them at most, out of those in front of
 * record number `before`, or out of all when that is 0: "EPOCH SEQ" of the record behind them, LF and
 * the lines. A message must begin at record `before`.
 */
void sp_journal_latest(const struct sp_journal *j, unsigned count, uint64_t before,
    struct buf *out);

/*
 * Appends to out a message with the kept lines from record number seq on: as many whole lines as most
 * bytes hold, but at least one if there is one.
 */
void sp_journal_since(const struct sp_journal *j, uint64_t seq, size_t most, struct buf *out);

#endif
