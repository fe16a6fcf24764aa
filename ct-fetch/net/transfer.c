/*
 * One request of libcurl's and its answer; door to libcurl, with http.c.
 *
 * in: headers and bytes of the body as libcurl hands them over, ticks of a clock, and libcurl's word
 * at the end
 * out: status, content, and what went wrong
 *
 * The status is looked at before the body. An answer with a status other than 200 is a refusal, whatever
 * its body is like, so that the pause that it asks for is kept.
 */
#include "ct-fetch/net/transfer.h"

#include <stdio.h>

enum {
	MAX_DRAIN = 16 << 10,	/* bytes of a refusal that are read so that its connection can stay */
	UNSENT_TICKS = 12,	/* a minute: it may have to wait for the connection of another, too */
	SENT_TICKS = PACE_SLOTS,	/* from the request to the status */
	REFUSED_TICKS = 2,	/* from there to the end of the body, when the status is not 200 */
};

int
transfer_status(const struct transfer *t)
{
	long status = 0;

	if (t->file)
		return 200;
	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	return status < 200 ? 0 : (int)status;	/* 1xx only announces another */
}

bool
transfer_is_sent(const struct transfer *t)
{
	curl_off_t us = 0;

	curl_easy_getinfo(t->easy, CURLINFO_PRETRANSFER_TIME_T, &us);
	return us > 0;
}

static size_t
transfer_header(char *p, size_t size, size_t n, void *cookie)
{
	struct transfer *t = cookie;

	header_put(&t->header, span_of(p, size * n));
	return size * n;
}

/* Takes bytes of a body. Returns their number, or another one to end the transfer. */
static size_t
transfer_body(char *p, size_t size, size_t n, void *cookie)
{
	struct transfer *t = cookie;
	size_t got = size * n;
	int status = transfer_status(t);
	enum body_state state;

	t->body.coding = t->header.coding;	/* all headers have come */
	t->body.most = status == 200 ? t->most : MAX_REFUSAL;
	pace_put(&t->pace, got);
	state = body_put(&t->body, span_of(p, got));
	if (status == 200) {
		if (state == BODY_GOOD)
			return got;
		t->end = TRANSFER_UNUSABLE;
		return 0;
	}
	t->drained += got;
	if (t->drained <= MAX_DRAIN)
		return got;
	t->end = TRANSFER_LEFT;
	return 0;
}

void
transfer_reset(struct transfer *t)
{
	header_reset(&t->header);
	body_reset(&t->body, t->most, t->guess);
	pace_reset(&t->pace);
	t->stage = TRANSFER_UNSENT;
	t->ticks = 0;
	t->drained = 0;
	t->end = TRANSFER_GOES;
	t->error[0] = '\0';
	curl_easy_setopt(t->easy, CURLOPT_ERRORBUFFER, t->error);
	curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, transfer_body);
	curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_HEADERFUNCTION, transfer_header);
	curl_easy_setopt(t->easy, CURLOPT_HEADERDATA, t);
}

void
transfer_free(struct transfer *t)
{
	curl_easy_cleanup(t->easy);
	body_free(&t->body);
}

static enum transfer_stage
transfer_stage(const struct transfer *t)
{
	int status = transfer_status(t);

	if (status == 200)
		return TRANSFER_TAKING;
	if (status != 0)
		return TRANSFER_REFUSED;
	return transfer_is_sent(t) ? TRANSFER_SENT : TRANSFER_UNSENT;
}

bool
transfer_tick(struct transfer *t)
{
	enum transfer_stage stage = transfer_stage(t);

	if (t->file)
		return true;
	if (stage != t->stage)
		t->ticks = 0;
	t->stage = stage;
	t->ticks++;	/* the first one comes at any time after the beginning of the stage */
	if ((stage == TRANSFER_UNSENT && t->ticks > UNSENT_TICKS) ||
	    (stage == TRANSFER_SENT && t->ticks > SENT_TICKS))
		t->end = TRANSFER_SILENT;
	else if (stage == TRANSFER_REFUSED && t->ticks > REFUSED_TICKS)
		t->end = TRANSFER_LEFT;
	else if (stage == TRANSFER_TAKING && !pace_tick(&t->pace))
		t->end = TRANSFER_SLOW;
	return t->end == TRANSFER_GOES;
}

void
transfer_escape(char *out, const char *text)
{
	size_t n = 0;

	for (; *text != '\0' && n + 5 < MAX_WHY; text++) {
		if (*text >= ' ' && *text <= '~')
			out[n++] = *text;
		else
			n += (size_t)snprintf(out + n, MAX_WHY - n, "\\x%02x", (uint8_t)*text);
	}
	out[n] = '\0';
}

/* Says why the transfer ended before the answer did. */
static void
transfer_explain(const struct transfer *t, CURLcode code, char why[MAX_WHY])
{
	if (t->end == TRANSFER_SILENT && t->stage == TRANSFER_UNSENT)
		snprintf(why, MAX_WHY, "no connection for %d s", UNSENT_TICKS * PACE_TICK / 1000);
	else if (t->end == TRANSFER_SILENT)
		snprintf(why, MAX_WHY, "no answer for %d s", SENT_TICKS * PACE_TICK / 1000);
	else if (t->end == TRANSFER_SLOW)
		snprintf(why, MAX_WHY, "less than %d bytes a second for %d s", PACE_LEAST,
		    PACE_SLOTS * PACE_TICK / 1000);
	else
		transfer_escape(why, t->error[0] != '\0' ? t->error : curl_easy_strerror(code));
}

/* Judges an answer with status 200 by its body. */
static void
transfer_judge_body(struct transfer *t, CURLcode code, struct http_answer *a)
{
	enum body_state body = body_end(&t->body);

	if (body == BODY_TOO_LONG || body == BODY_UNKNOWN) {
		a->status = 0;
		a->too_long = body == BODY_TOO_LONG;
	} else {
		a->cut = body != BODY_GOOD || code != CURLE_OK;
	}
	if (body == BODY_TOO_LONG)
		snprintf(a->why, MAX_WHY, "the body is longer than %zu bytes", t->most);
	else if (body == BODY_UNKNOWN)
		snprintf(a->why, MAX_WHY, "the body has a Content-Encoding that was not asked for");
	else if (body == BODY_DAMAGED)
		snprintf(a->why, MAX_WHY, "the body cannot be unpacked");
	else if (code != CURLE_OK)
		transfer_explain(t, code, a->why);
	else if (body == BODY_CUT)
		snprintf(a->why, MAX_WHY, "the packed body ends too early");
}

void
transfer_judge(struct transfer *t, CURLcode code, struct http_answer *a)
{
	a->status = transfer_status(t);
	if (t->file && code == CURLE_FILE_COULDNT_READ_FILE)
		a->status = 404;
	if (a->status == 200)
		transfer_judge_body(t, code, a);
	else if (a->status == 0)
		transfer_explain(t, code, a->why);
}
