/* ct-fetch/net/preset: rates known beforehand, and --rate. */
#include "unit.h"

#include "base/span.h"
#include "ct-fetch/net/preset.h"

static bool
is_near(double a, double b)
{
	return a > b * 0.999999 && a < b * 1.000001;
}

static double
rate_of(const char *text)
{
	struct preset p = { 0 };
	const char *why = preset_parse(text, &p);

	if (why != NULL)
		printf("# %s: %s\n", text, why);
	return why == NULL ? p.most : -1;
}

static const char *
fault_of(const char *text)
{
	struct preset p;
	const char *why = preset_parse(text, &p);

	return why != NULL ? why : "";
}

static void
a_rate_is_by_the_second_the_minute_or_the_hour(void)
{
	CHECK(is_near(rate_of("ct.test=2"), 2));
	CHECK(is_near(rate_of("ct.test=2/s"), 2));
	CHECK(is_near(rate_of("ct.test=30/m"), 0.5));
	CHECK(is_near(rate_of("ct.test=1.5/m"), 0.025));
	CHECK(is_near(rate_of("ct.test=7200/h"), 2));
}

static void
the_host_of_a_rate_ends_at_the_last_equals_sign(void)
{
	struct preset p;

	CHECK(preset_parse("[::1]:80=2", &p) == NULL);
	CHECK_TEXT(span_of(p.host, p.host_n), "[::1]:80");
}

static void
what_is_wrong_with_a_rate_is_said(void)
{
	CHECK_TEXT(span_str(fault_of("ct.test")), "it wants HOST=N");
	CHECK_TEXT(span_str(fault_of("=5")), "it wants HOST=N");
	CHECK_TEXT(span_str(fault_of("https://ct.test/=5")), "it wants the name of a host, not a URL");
	CHECK_TEXT(span_str(fault_of("ct.test=")), "N is not a number");
	CHECK_TEXT(span_str(fault_of("ct.test=-1")), "N is not a number");
	CHECK_TEXT(span_str(fault_of("ct.test=nan")), "N is not a number");
	CHECK_TEXT(span_str(fault_of("ct.test=5/d")), "behind the number goes /s, /m or /h");
	CHECK_TEXT(span_str(fault_of("ct.test=5 /s")), "behind the number goes /s, /m or /h");
	CHECK_TEXT(span_str(fault_of("ct.test=0")), "N is not between 1/h and 10000/s");
	CHECK_TEXT(span_str(fault_of("ct.test=1e9")), "N is not between 1/h and 10000/s");
}

static bool
is_for(const char *rate, const char *url)
{
	struct preset p;

	return preset_parse(rate, &p) == NULL && preset_is_for(&p, url);
}

static void
a_preset_is_for_a_host_on_every_port_or_on_one(void)
{
	CHECK(is_for("ct.test=1", "https://CT.test/log/"));
	CHECK(is_for("ct.test=1", "http://ct.test:8080/log/"));
	CHECK(is_for("ct.test:8080=1", "http://ct.test:8080/log/"));
	CHECK(!is_for("ct.test:8080=1", "http://ct.test/log/"));
	CHECK(!is_for("ct.test=1", "http://a.ct.test/"));
	CHECK(is_for("*.test=1", "http://a.ct.test:1/"));
	CHECK(!is_for("*.test=1", "http://a.ct.tests/"));
	CHECK(is_for("[::1]=1", "http://[::1]:8080/"));
	CHECK(is_for("[::1]:8080=1", "http://[::1]:8080/"));
	CHECK(!is_for("[::2]=1", "http://[::1]/"));
}

static void
every_operator_known_has_its_preset(void)
{
	CHECK(preset_find("https://wyvern.ct.digicert.com/2026h1/")->start * 60 < 35);
	CHECK(preset_find("https://wyvern.ct.digicert.com/2026h1/")->most * 60 < 35);
	CHECK(preset_find("https://ct.googleapis.com/logs/us1/argon2026h1/")->start == 10);
	CHECK(preset_find("https://elephant2026h1.ct.sectigo.com/")->most == 30);
	CHECK(preset_find("https://ct.cloudflare.com/logs/nimbus2026/")->start == 5);
	CHECK(preset_find("https://ct2026-a.trustasia.com/log2026a/")->most == 8);
	CHECK(preset_find("https://tuscolo2026h1.skylight.geomys.org/")->most == 25);
	CHECK(preset_find("https://mon.sycamore.ct.letsencrypt.org/2026h1/")->most == 20);
	CHECK(preset_find("https://gouda2026h1.mon.ct.ipng.ch/")->most == 20);
	CHECK(preset_find("https://digicert.com.ct.test/")->start == 4);
}

int
main(void)
{
	RUN(a_rate_is_by_the_second_the_minute_or_the_hour);
	RUN(the_host_of_a_rate_ends_at_the_last_equals_sign);
	RUN(what_is_wrong_with_a_rate_is_said);
	RUN(a_preset_is_for_a_host_on_every_port_or_on_one);
	RUN(every_operator_known_has_its_preset);
	return unit_end();
}
