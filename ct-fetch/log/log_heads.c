/*
 * The tree heads of one log.
 *
 * in: answers to requests for heads
 * out: requests for heads, and the largest head that is verified
 */
#include "base/tell.h"
#include "ct-fetch/log/log_parts.h"
#include "ct-fetch/log/protocol.h"
#include "enc/hex.h"
#include "os/wall.h"

enum {
	POLL_LOCAL = 1000,		/* ms between heads of a log on this machine */
	POLL_IDLE = 60 * 1000,		/* ms between heads of a log that does not grow */
	POLL_BEHIND = 30 * 1000,	/* ms between heads while much more is owed than was asked for */
	FAR_BEHIND = 4096,		/* entries owed, from which on that is so */
	POLL_SCARCE = 60 * 1000,	/* ms between heads where requests are scarce */
	POLL_SHARE = 10,		/* one of so many requests of its host may be for a log's heads ... */
	POLL_SHARE_SCARCE = 20,		/* ... and of so many where requests are scarce */
	MAX_DOUBLINGS = 8,		/* of the pause of 1 s after trouble: 256 s at most */
	MAX_SKEW = 5 * 60 * 1000,	/* ms that a log's clock may be ahead of ours */
	MAX_MERGE_DELAY = 24 * 3600 * 1000,	/* ms: the longest that RFC 6962 3 and log policies allow */
	REWOUND = 5,			/* later heads of smaller trees in a row, and none as large */
	FIRST_TRIES = 5,		/* requests for the first head with --once, in about 15 s */
	MORE_TRIES = 12,		/* failures in a row later, in more than 20 minutes */
};

static void log_head_done(void *cookie, struct http_answer *a);

void
log_heads_init(struct log *l)
{
	heads_init(&l->heads);
	log_audit_init(l);
	ask_init(&l->head_ask, l->fetch, l->source.host, log_head_done, l);
	l->head_ask.count = &l->source.count->asks;
}

static unsigned
log_poll_busy(const struct log *l)
{
	if (l->fetch->poll > 0)
		return l->fetch->poll;
	return host_is_local(l->source.host) ? POLL_LOCAL : l->source.protocol->poll;
}

/* Returns for how many ms a head must wait so that heads take a small part of the host's requests. */
static uint64_t
log_poll_share(const struct log *l, bool scarce, uint64_t now)
{
	unsigned share = scarce ? POLL_SHARE_SCARCE : POLL_SHARE;
	struct host_report host;

	host_report(l->source.host, now, &host);
	if (host.rate == 0)
		return 0;
	return host.rate * POLL_SCARCE <= share * 1000 ? POLL_SCARCE : (uint64_t)(share * 1000 / host.rate);
}

/*
 * Asks a log that stands still half as often each time, and one that grows at its full rate
 * again. While there is more to ask for than the host grants, a newer head would bring nothing;
 * it is asked for once all full pages of this one are. Where a gap waits for what is left of
 * the requests, that takes a minute at least.
 */
static void
log_set_poll(struct log *l)
{
	unsigned busy = log_poll_busy(l);
	uint64_t now = loop_now(l->fetch->loop), late = 0;
	bool scarce = host_load(l->source.host, now) >= HOST_SCARCE;
	uint64_t share = log_poll_share(l, scarce, now);

	if (!l->still || l->poll < busy)
		l->poll = busy;
	else if (l->fetch->poll == 0 && !host_is_local(l->source.host))
		l->poll = l->poll * 2 < POLL_IDLE ? l->poll * 2 : POLL_IDLE;
	if (share < l->poll)
		share = l->poll;
	if (scarce)
		late = POLL_SCARCE;
	else if (log_lag(l) > FAR_BEHIND)
		late = POLL_BEHIND;
	l->head_due = l->fetch->once ? HOST_NEVER : now + (share > late ? share : late);
	l->head_early = l->fetch->once || (scarce && l->lanes != NULL && l->lanes->other != NULL) ?
	    HOST_NEVER : now + share;
}

/* Returns when the next head is to be asked for. */
static uint64_t
log_head_time(const struct log *l)
{
	const struct lane *live = l->lanes;
	bool idle = live != NULL &&
	    l->source.protocol->page_end(&l->source, live->asked) > l->heads.best.size;

	return idle && l->head_early < l->head_due ? l->head_early : l->head_due;
}

static void
log_head_trouble(struct log *l, const char *what, const char *why)
{
	struct fetch *f = l->fetch;
	uint64_t now = loop_now(f->loop);

	log_trouble(l, &l->head_trouble, what, why);
	l->head_early = HOST_NEVER;
	l->head_due = now + hosts_backoff(f->hosts, (unsigned)l->head_trouble.row, MAX_DOUBLINGS);
	if (f->once && l->head_trouble.row >= (l->heads.has_best ? MORE_TRIES : FIRST_TRIES))
		log_give_up(l, what, why);
}

static void
log_first_head(struct log *l, const struct head *h)
{
	l->probing = false;
	source_settle(&l->source);
	if (l->fetch->once && h->size < l->end)
		l->end = h->size;
	tell(TELL_DEBUG, "%s: %s, %llu entries", l->source.name, l->source.protocol->name,
	    (unsigned long long)h->size);
}

/* Goes on with what the log shows now: entries of a larger tree that it has signed are not to be had. */
static void
log_yield(struct log *l, const struct head *h)
{
	heads_yield(&l->heads, h);
	l->smaller = 0;
	proof_cancel(&l->audit.proof);
	if (l->audit.recall == RECALL_ASKED)
		l->audit.recall = RECALL_FAILED;
	if (l->stage == LOG_SEEDS || l->seed.state != PROOF_IDLE) {
		proof_cancel(&l->seed);
		l->stage = l->stage == LOG_SEEDS ? LOG_WAITS : l->stage;
	}
	if (l->lanes != NULL)
		lane_shrink(l->lanes);
}

/*
 * Takes a head that is smaller than the best one. A server that lags behind may show it, even with a
 * newer timestamp; but when nothing else comes any more, the log has taken entries back.
 */
static void
log_take_smaller(struct log *l, const struct head *h)
{
	struct heads_root best = { .size = l->heads.best.size };

	if (h->timestamp > l->heads.best.timestamp && ++l->smaller == REWOUND) {
		memcpy(best.root, l->heads.best.root, TREE_HASH);
		log_equivocates(l, "a later head of a smaller tree", h, &best, &l->heads.best);
		log_yield(l, h);
	}
	log_audit(l, h);
}

/* Tells when the clock of the log, as its head shows it, stands still or is ahead of ours. */
static void
log_check_clock(struct log *l, const struct head *h)
{
	uint64_t now = wall_now();

	if (h->timestamp > now + MAX_SKEW)
		log_trouble(l, &l->clock_trouble, "timestamp of the tree head", "it is in the future");
	else if (now > h->timestamp + MAX_MERGE_DELAY && l->final_size == UINT64_MAX && !l->fetch->once)
		log_trouble(l, &l->clock_trouble, "timestamp of the tree head", "it is over a day old");
	else
		log_success(l, &l->clock_trouble);
}

/*
 * Takes a verified head. The servers of one log may be at different heads, so a smaller one is not
 * trouble. Two roots for one size mean that the log is forked. When that is so with the first head of a
 * run, the other one is that of its mark.
 */
static void
log_take_head(struct log *l, const struct head *h)
{
	struct heads_root other, unused;
	bool first = !l->heads.has_best;

	log_check_clock(l, h);
	if (first)
		log_first_head(l, h);
	switch (heads_take(&l->heads, h, &other)) {
	case HEADS_LARGER:
		l->still = false;
		l->smaller = 0;
		for (struct lane *lane = l->lanes; lane != NULL; lane = lane->other)
			lane_grown(lane);
		break;
	case HEADS_OLD:
		l->still = true;
		if (h->size < l->heads.best.size)
			log_take_smaller(l, h);
		else
			l->smaller = 0;
		break;
	case HEADS_FORKED:
		l->still = true;
		log_equivocates(l, "two roots for one size", h, &other, log_head_of(l, &other));
		if (first && l->fetch->once)
			log_give_up(l, l->source.protocol->head_path, "it is not the tree of its mark");
		else if (first)	/* what it has signed before may still be had from another of its servers */
			(void)heads_take(&l->heads, &l->place.head, &unused);
		break;
	}
	if (l->heads.has_best)
		log_compare_size(l, l->heads.best.size);
}

/* Guesses the other protocol; when both were wrong, that is trouble, and it begins anew. */
static void
log_probe(struct log *l, const char *why)
{
	bool last = l->source.protocol == &protocol_rfc6962;

	l->source.protocol = last ? &protocol_tiled : &protocol_rfc6962;
	l->head_due = 0;
	if (last)
		log_head_trouble(l, "neither a checkpoint nor get-sth", why);
}

static void
log_forged(struct log *l, const char *why)
{
	if (l->given && !l->heads.has_best)
		log_give_up(l, l->source.protocol->head_path, why);
	else
		log_head_trouble(l, l->source.protocol->head_path, why);
}

/*
 * Notes that the log has reached the head that was its goal, and makes this one the next. The
 * newest head would not do: in a log that grows all the time it is never reached.
 */
static void
log_set_goal(struct log *l, uint64_t size)
{
	if (log_next(l) < l->goal)
		return;
	l->whole_at = l->goal_came;
	l->goal = size;
	l->goal_came = l->head_came;
}

static void
log_head_done(void *cookie, struct http_answer *a)
{
	struct log *l = cookie;
	enum protocol_head got = PROTOCOL_HEAD_NONE;
	const char *why;
	struct head h;
	char text[MAX_WHY];

	if (a->status == 200 && !a->cut)
		got = l->source.protocol->head_take(&l->source, buf_span(&a->body), &h, &why);
	else
		why = ask_why(a, text);
	if (got == PROTOCOL_HEAD_FORGED) {
		log_forged(l, why);
	} else if (got == PROTOCOL_HEAD_NONE && l->probing && a->status != 0 &&
	    a->status != 429 && a->status < 500) {
		log_probe(l, why);
	} else if (got == PROTOCOL_HEAD_NONE) {
		log_head_trouble(l, l->source.protocol->head_path, why);
	} else {
		log_success(l, &l->head_trouble);
		l->head_came = loop_now(l->fetch->loop);
		log_set_goal(l, h.size);
		log_take_head(l, &h);
		log_set_poll(l);
	}
}

uint64_t
log_turn_head(struct log *l, uint64_t now)
{
	struct ask_request request = {
		.base = l->source.url, .path = l->source.protocol->head_path, .class = HOST_HEAD,
		.most = l->source.protocol->most_head, .deadline = ASK_SMALL,
	};
	uint64_t again = HOST_NEVER, due = log_head_time(l);

	proof_turn(&l->audit.proof, now, &again);
	if (l->head_ask.transfer != NULL)
		return again;
	if (now < due)
		return due < again ? due : again;
	(void)ask_start(&l->head_ask, &request, &again);
	return again;
}
