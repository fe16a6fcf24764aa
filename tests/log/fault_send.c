/* Faults of transport. In: a rule. Out: members of struct fault_wire, which fault_wire.h explains. */
#include <string.h>

#include "tests/log/fault_kind.h"

bool
fault_send_latency(struct fault *f, struct fault_case *c)
{
	c->response->wire.latency = (unsigned)f->number[0];
	return false;
}

const char *
fault_send_cut_check(const struct fault *f)
{
	size_t digits = strspn(f->word[0], "0123456789");
	bool percent = strcmp(f->word[0] + digits, "%") == 0;

	if (digits == 0 || digits > 9 || (!percent && f->word[0][digits] != '\0'))
		return "a cut is at BYTES or at PERCENT%";
	return NULL;
}

static void
fault_send_end(enum fault_end end, const char *word, struct fault_wire *w)
{
	uint64_t n = 0;

	w->end = end;
	for (; *word >= '0' && *word <= '9'; word++)
		n = n * 10 + (uint64_t)(*word - '0');
	if (*word == '%' && n > 0)
		w->percent = (unsigned)n;
	else
		w->keep = n;
}

bool
fault_send_cut(struct fault *f, struct fault_case *c)
{
	fault_send_end(FAULT_END_CUT, f->word[0], &c->response->wire);
	return false;
}

/* Cuts the first answer at its first step, the next one a step later, and so on. */
bool
fault_send_cut_walk(struct fault *f, struct fault_case *c)
{
	struct fault_wire *w = &c->response->wire;

	w->end = FAULT_END_CUT;
	pthread_mutex_lock(&f->lock);
	w->keep = (f->seen - f->after - 1) / f->every * f->number[0];
	pthread_mutex_unlock(&f->lock);
	return false;
}

const char *
fault_send_stall_check(const struct fault *f)
{
	return f->count == 0 ? NULL : fault_send_cut_check(f);
}

bool
fault_send_stall(struct fault *f, struct fault_case *c)
{
	if (f->count == 0)
		c->response->wire.end = FAULT_END_MUTE;
	else
		fault_send_end(FAULT_END_STALL, f->word[0], &c->response->wire);
	return false;
}

bool
fault_send_drip(struct fault *f, struct fault_case *c)
{
	c->response->wire.drip = f->number[0] == 0 ? 1 : (unsigned)f->number[0];
	c->response->wire.drip_pause = (unsigned)f->number[1];
	return false;
}

bool
fault_send_reset(struct fault *f, struct fault_case *c)
{
	(void)f;
	c->response->wire.end = FAULT_END_RESET;
	return false;
}

bool
fault_send_endless(struct fault *f, struct fault_case *c)
{
	(void)f;
	c->response->wire.end = FAULT_END_ENDLESS;
	c->response->wire.chunked = true;
	return false;
}

bool
fault_send_chunked(struct fault *f, struct fault_case *c)
{
	(void)f;
	c->response->wire.chunked = true;
	return false;
}

const char *
fault_send_gzip_check(const struct fault *f)
{
	return f->count == 1 && strcmp(f->word[0], "unsaid") != 0 ? "gzip takes: unsaid" : NULL;
}

bool
fault_send_gzip(struct fault *f, struct fault_case *c)
{
	c->response->wire.gzip = true;
	c->response->wire.unsaid = f->count == 1;
	return false;
}

bool
fault_send_coding(struct fault *f, struct fault_case *c)
{
	c->response->wire.coding = f->word[0];
	return false;
}

/* The body is not compressed, so that the coding that is said is wrong. */
void
fault_send_plain(struct fault *f, struct fault_case *c)
{
	(void)f;
	c->response->coding = HTTP_PLAIN;
}

void
fault_send_type(struct fault *f, struct fault_case *c)
{
	c->response->type = f->word[0];
}
