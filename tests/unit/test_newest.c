/* ct-ws/newest and example: the documents of the newest events, and the one that is made up. */
#include "unit.h"

#include "ct-ws/site/example.h"
#include "ct-ws/site/newest.h"
#include "event/event.h"

#define EVENT(n) "{\"data\":{\"cert_index\":" #n ",\"chain\":[],\"leaf_cert\":{\"all_domains\":[\"a" #n \
	".example\"],\"as_der\":\"AA\"}},\"message_type\":\"certificate_update\"}"
#define LITE(n) "{\"data\":{\"cert_index\":" #n ",\"leaf_cert\":{\"all_domains\":[\"a" #n \
	".example\"]}},\"message_type\":\"certificate_update\"}"

static struct bus_place place;	/* what newest_all has said last */

static void
before_the_first_event_the_list_is_empty_and_there_is_no_newest(void)
{
	struct newest l;

	newest_init(&l);
	CHECK_TEXT(buf_span(&newest_all(&l, FORM_LITE, 0, &place)->bytes), "{\"messages\":[]}\n");
	CHECK(newest_one(&l, FORM_FULL, 0) == NULL);
	newest_free(&l);
}

static void
the_newest_come_first_and_in_the_form_that_is_asked_for(void)
{
	struct newest l;

	newest_init(&l);
	newest_put(&l, (struct bus_place){ 7, 1 }, SPAN(EVENT(1)));
	newest_put(&l, (struct bus_place){ 7, 2 }, SPAN(EVENT(2)));
	CHECK_TEXT(buf_span(&newest_all(&l, FORM_LITE, 0, &place)->bytes),
	    "{\"messages\":[" LITE(2) "," LITE(1) "]}\n");
	CHECK(place.epoch == 7 && place.seq == 2);
	CHECK_TEXT(buf_span(&newest_one(&l, FORM_FULL, 0)->bytes), EVENT(2) "\n");
	CHECK_TEXT(buf_span(&newest_one(&l, FORM_DOMAINS, 0)->bytes),
	    "{\"data\":[\"a2.example\"],\"message_type\":\"dns_entries\"}\n");
	newest_free(&l);
}

static void
a_document_is_made_anew_after_a_tenth_of_a_second_at_the_soonest(void)
{
	struct body *first;
	struct newest l;

	newest_init(&l);
	newest_put(&l, (struct bus_place){ 7, 1 }, SPAN(EVENT(1)));
	first = newest_one(&l, FORM_LITE, 1000);
	newest_put(&l, (struct bus_place){ 7, 2 }, SPAN(EVENT(2)));
	CHECK(newest_one(&l, FORM_LITE, 1000 + NEWEST_MS - 1) == first);
	CHECK_TEXT(buf_span(&newest_one(&l, FORM_LITE, 1000 + NEWEST_MS)->bytes), LITE(2) "\n");
	newest_free(&l);
}

static void
the_made_up_event_is_valid_in_each_form_and_says_what_it_is(void)
{
	struct span full = example_event;
	struct buf lite;
	struct newest l;

	newest_init(&l);
	buf_init(&lite);
	CHECK_TEXT(buf_span(&newest_made_up(&l, FORM_DOMAINS)->bytes),
	    "{\"data\":[\"no-certificate-seen-yet.example.com\",\"*.example.com\","
	    "\"example.com (made up; no certificate has been seen yet)\"],"
	    "\"message_type\":\"dns_entries\"}\n");
	CHECK(span_starts(buf_span(&newest_made_up(&l, FORM_FULL)->bytes), full));
	CHECK(event_put_lite(&lite, full));
	CHECK(span_starts(buf_span(&newest_made_up(&l, FORM_LITE)->bytes), buf_span(&lite)));
	CHECK(newest_made_up(&l, FORM_LITE) == newest_made_up(&l, FORM_LITE));
	CHECK(newest_one(&l, FORM_LITE, 0) == NULL);
	buf_free(&lite);
	newest_free(&l);
}

int
main(void)
{
	RUN(before_the_first_event_the_list_is_empty_and_there_is_no_newest);
	RUN(the_newest_come_first_and_in_the_form_that_is_asked_for);
	RUN(a_document_is_made_anew_after_a_tenth_of_a_second_at_the_soonest);
	RUN(the_made_up_event_is_valid_in_each_form_and_says_what_it_is);
	return unit_end();
}
