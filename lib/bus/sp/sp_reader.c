/* Sends the journal to one reader. In: messages of the journal. Out: bytes of its connection. */
#include "bus/sp/sp_reader.h"

enum {
	SP_READER_MESSAGES = 32,	/* that one write takes */
	SP_READER_PARTS = 2 * SP_READER_MESSAGES,
};

void
sp_reader_begin(struct sp_reader *r, const struct sp_journal *j, uint64_t now)
{
	char place[SP_PLACE + 1];

	r->open = true;
	r->next = j->end;
	r->moved = now;
	sp_link_send(r->link, span_of(place, sp_message_head(place, j->next)), SPAN(""));
}

/* Returns the frame and head of m, as this reader's transport has it. */
static struct span
sp_reader_head(const struct sp_reader *r, const struct sp_journal_message *m)
{
	return span_from(span_of(m->head, m->head_n), r->link->kind.tcp);
}

/* Adds the part of s behind the first *skip bytes, and takes from *skip what was left out. */
static int
sp_reader_add(struct iovec *part, struct span s, size_t *skip)
{
	size_t left_out = *skip < s.n ? *skip : s.n;

	*skip -= left_out;
	s = span_from(s, left_out);
	*part = (struct iovec){ (void *)s.p, s.n };
	return s.n > 0;
}

/* Fills parts with what is to be sent next. Returns how many there are, and sets *bytes. */
static int
sp_reader_gather(const struct sp_reader *r, const struct sp_journal *j,
    struct iovec parts[SP_READER_PARTS], size_t *bytes)
{
	size_t skip = r->sent;
	int n = 0;

	for (uint64_t m = r->next; m < j->end && n + 2 <= SP_READER_PARTS; m++) {
		const struct sp_journal_message *message = sp_journal_at(j, m);

		n += sp_reader_add(&parts[n], sp_reader_head(r, message), &skip);
		n += sp_reader_add(&parts[n], span_of(message->p, message->n), &skip);
	}
	*bytes = 0;
	for (int i = 0; i < n; i++)
		*bytes += parts[i].iov_len;
	return n;
}

/* Takes note that n more bytes have left. */
static void
sp_reader_advance(struct sp_reader *r, const struct sp_journal *j, size_t n)
{
	r->sent += n;
	while (r->next < j->end) {
		const struct sp_journal_message *m = sp_journal_at(j, r->next);
		size_t whole = sp_reader_head(r, m).n + m->n;

		if (r->sent < whole)
			return;
		r->sent -= whole;
		r->next++;
	}
}

void
sp_reader_send(struct sp_reader *r, const struct sp_journal *j, uint64_t now)
{
	struct iovec parts[SP_READER_PARTS];
	size_t bytes, n;
	int count;

	while (r->open && r->next < j->end && sp_link_waiting(r->link) == 0) {
		count = sp_reader_gather(r, j, parts, &bytes);
		n = sp_link_write(r->link, parts, count);
		if (n > 0)
			r->moved = now;
		sp_reader_advance(r, j, n);
		if (n < bytes)
			return;
	}
	if (r->next == j->end && sp_link_waiting(r->link) == 0)
		r->moved = now;
}

/* Copies the rest of the message that has left in part, so that the journal need not keep it. */
static void
sp_reader_finish(struct sp_reader *r, const struct sp_journal *j)
{
	const struct sp_journal_message *m = sp_journal_at(j, r->next);
	struct iovec part;
	size_t skip = r->sent;

	if (skip == 0)
		return;
	if (sp_reader_add(&part, sp_reader_head(r, m), &skip))
		sp_link_queue(r->link, span_of(part.iov_base, part.iov_len));
	if (sp_reader_add(&part, span_of(m->p, m->n), &skip))
		sp_link_queue(r->link, span_of(part.iov_base, part.iov_len));
	r->sent = 0;
	r->next++;
}

uint64_t
sp_reader_skip(struct sp_reader *r, const struct sp_journal *j, size_t backlog)
{
	uint64_t to, lost;

	if (!r->open)
		return 0;
	if (sp_journal_behind(j, r->next) <= backlog) {
		r->slow = r->slow && sp_journal_behind(j, r->next) > backlog / 4;
		return 0;
	}
	sp_reader_finish(r, j);
	to = sp_journal_skip(j, r->next, backlog);
	if (to == j->end && to > r->next)
		to--;		/* the newest message stays, however long it is */
	if (to <= r->next)
		return 0;
	lost = sp_journal_at(j, to)->seq - sp_journal_at(j, r->next)->seq;
	r->next = to;
	r->slow = true;
	return lost;
}

bool
sp_reader_is_through(const struct sp_reader *r, const struct sp_journal *j)
{
	return r->next == j->end && sp_link_waiting(r->link) == 0;
}
