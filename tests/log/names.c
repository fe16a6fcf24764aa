/* Makes names. In: lists of words, and a stream of numbers that chooses among them. Out: names. */
#include "tests/log/names.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const ends[] = { "example", "example", "test", "example.com", "example.com",
	"example.com", "example.net", "example.net", "example.org" };

static const char *const firsts[] = { "amber", "arctic", "autumn", "blue", "brisk", "bright",
	"calm", "cedar", "civic", "clear", "cloud", "coastal", "copper", "crisp", "daily", "delta",
	"early", "east", "fern", "first", "frost", "gentle", "golden", "granite", "green", "harbor",
	"hidden", "high", "iron", "ivory", "keen", "little", "lunar", "maple", "meadow", "mint",
	"modern", "noble", "north", "oak", "ocean", "open", "pine", "plain", "polar", "prime",
	"quiet", "rapid", "red", "river", "royal", "rustic", "silver", "smart", "solar", "south",
	"spring", "steady", "stone", "summit", "sunny", "swift", "union", "urban", "velvet",
	"violet", "west", "wild", "winter", "young" };

static const char *const seconds[] = { "anchor", "apple", "bakery", "bank", "barn", "beacon",
	"bike", "books", "bridge", "camp", "capital", "cargo", "clinic", "coffee", "craft", "data",
	"dental", "design", "energy", "farm", "field", "films", "finch", "forge", "garden", "goods",
	"guild", "harvest", "health", "heron", "home", "hosting", "hotel", "kitchen", "labs",
	"legal", "library", "lodge", "logic", "market", "media", "mill", "motors", "music",
	"network", "news", "orchard", "otter", "paper", "parts", "pay", "photo", "planet", "press",
	"print", "radio", "school", "secure", "shoes", "shop", "signal", "soft", "sport", "studio",
	"supply", "tools", "toys", "travel", "trust", "wheel", "works", "yoga" };

static const char *const idns[] = { "xn--bcher-kva", "xn--mnchen-3ya", "xn--caf-dma",
	"xn--fiqs8s", "xn--e1afmkfd", "xn--80ak6aa92e", "xn--zrich-kva", "xn--nxasmq6b",
	"xn--strae-oqa", "xn--mgbh0fb", "xn--wgbh1c", "xn--p1ai", "xn--r8jz45g" };

static const char *const hosts[] = { "mail", "api", "autodiscover", "cpanel", "webmail", "webdisk",
	"cpcontacts", "cpcalendars", "dev", "stage", "shop", "blog", "app", "admin", "cdn",
	"static",
	"vpn", "remote", "m", "git", "ci", "grafana", "login", "sso", "img", "ftp", "smtp", "imap",
	"status", "docs", "_acme", "portal", "www.dev", "api.eu", "api.us", "preview" };

static const char *const people[] = { "Ada Byron", "Grace Hopper-Lane", "Jan Novak", "Maria Silva",
	"Li Wei", "Aisha Khan", "Tom Becker", "Eva Lind", "Noor Haddad", "Sam Okafor" };

static const char *const organisations[] = { "Copper Heron GmbH", "Northfield Dental, P.C.",
	"Silver & Oak Ltd", "Harbor Freight Union", "Example Savings Bank, N.A.", "Quiet Otter LLC",
	"The Orchard Company", "Blue Mill B.V.", "Meadow Logic Inc.", "City of Springwater",
	"University of Eastmarch", "Ministry of Rivers", "Amber Radio S.A.", "Granite Hosting Oy",
	"O'Hara's \"Fine\" Goods", "First+Last; Partners <Legal>", "#1 Bike Shop", "ACME = More" };

static const char *const latins[] = { "M\u00fcller & S\u00f6hne AG", "Caf\u00e9 Ol\u00e9 S.L.",
	"Banco do Cora\u00e7\u00e3o", "Fr\u00f8ya \u00c6bler A/S", "Stra\u00dfenbau Gro\u00df KG",
	"Cr\u00e9dit Ga\u00fblois", "Pe\u00f1a Ib\u00e9rica", "\u00cdslensk \u00de\u00f3r ehf." };

static const char *const scripts[] = { "\u041f\u0440\u0438\u043c\u0435\u0440 \u041e\u041e\u041e",
	"\u682a\u5f0f\u4f1a\u793e\u30b5\u30f3\u30d7\u30eb",
	"\u793a\u4f8b\u79d1\u6280\u6709\u9650\u516c\u53f8",
	"\uc608\uc2dc \uc8fc\uc2dd\ud68c\uc0ac",
	"\u03a0\u03b1\u03c1\u03ac\u03b4\u03b5\u03b9\u03b3\u03bc\u03b1 \u0391\u0395",
	"\u0634\u0631\u0643\u0629 \u0645\u062b\u0627\u0644",
	"\u05d3\u05d5\u05d2\u05de\u05d4 \u05d1\u05e2\"\u05de",
	"\u0141\u00f3d\u017a Przyk\u0142ad sp. z o.o." };

static const char *const units[] = { "IT", "Web Operations", "Domain Control Validated",
	"PositiveSSL", "Hosted by Granite Hosting", "Security / PKI", "Unit 7, East", "R&D" };

static const struct place places[] = {
	{ "US", "California", "Springwater", "100 Example Way", "90000" },
	{ "US", "Texas", "San Ejemplo", "1 Main Street, Suite 400", "73301" },
	{ "DE", "Bayern", "M\u00fcnchen", "Musterstra\u00dfe 12", "80331" },
	{ "GB", "West Yorkshire", "Examplethorpe", "2 High Street", "LS1 1AA" },
	{ "JP", "\u6771\u4eac\u90fd", "\u5343\u4ee3\u7530\u533a", "1-2-3", "100-0001" },
	{ "FR", "\u00cele-de-France", "Paris", "3 rue de l'Exemple", "75001" },
	{ "BR", "S\u00e3o Paulo", "S\u00e3o Paulo", "Rua Exemplo, 45", "01000-000" },
	{ "PL", "mazowieckie", "Warszawa", "ul. Przyk\u0142adowa 5", "00-001" },
	{ "IN", "Karnataka", "Bengaluru", "7th Cross", "560001" },
	{ "CH", "Z\u00fcrich", "Z\u00fcrich", "Beispielgasse 9", "8001" },
};

void
names_domain(struct rand *r, char out[NAMES_MAX_HOST])
{
	const char *first = rand_word(r, firsts, COUNT(firsts));
	const char *second = rand_word(r, seconds, COUNT(seconds));
	const char *end = rand_word(r, ends, COUNT(ends));
	uint32_t kind = rand_below(r, 100);

	if (kind < 6)
		snprintf(out, NAMES_MAX_HOST, "%s.%s", rand_word(r, idns, COUNT(idns)), end);
	else if (kind < 40)
		snprintf(out, NAMES_MAX_HOST, "%s-%s.%s", first, second, end);
	else if (kind < 80)
		snprintf(out, NAMES_MAX_HOST, "%s%s.%s", first, second, end);
	else
		snprintf(out, NAMES_MAX_HOST, "%s%u.%s", second, rand_below(r, 3000), end);
}

void
names_host(struct rand *r, const char *domain, unsigned number, char out[NAMES_MAX_HOST])
{
	uint32_t kind = rand_below(r, 100);

	if (number == 0)
		snprintf(out, NAMES_MAX_HOST, "%s", domain);
	else if (number == 1 && kind < 70)
		snprintf(out, NAMES_MAX_HOST, "www.%s", domain);
	else if (kind < 60)
		snprintf(out, NAMES_MAX_HOST, "%s.%s", rand_word(r, hosts, COUNT(hosts)), domain);
	else if (kind < 90)
		snprintf(out, NAMES_MAX_HOST, "%s-%u.%s", rand_word(r, seconds, COUNT(seconds)),
		    number, domain);
	else
		snprintf(out, NAMES_MAX_HOST, "%08x%08x.k8s.%s", rand_below(r, UINT32_MAX),
		    rand_below(r, UINT32_MAX), domain);
}

void
names_person(struct rand *r, char out[NAMES_MAX_HOST])
{
	snprintf(out, NAMES_MAX_HOST, "%s", rand_word(r, people, COUNT(people)));
}

const char *
names_organisation(struct rand *r)
{
	return rand_word(r, organisations, COUNT(organisations));
}

const char *
names_latin(struct rand *r)
{
	return rand_word(r, latins, COUNT(latins));
}

const char *
names_script(struct rand *r)
{
	return rand_word(r, scripts, COUNT(scripts));
}

const char *
names_unit(struct rand *r)
{
	return rand_word(r, units, COUNT(units));
}

const struct place *
names_place(struct rand *r)
{
	return &places[rand_below(r, COUNT(places))];
}

void
names_ipv4(struct rand *r, unsigned char out[4])
{
	static const unsigned char nets[3][3] = {
		{ 192, 0, 2 },
		{ 198, 51, 100 },
		{ 203, 0, 113 },
	};

	memcpy(out, nets[rand_below(r, 3)], 3);
	out[3] = (unsigned char)rand_below(r, 256);
}

void
names_ipv6(struct rand *r, unsigned char out[16])
{
	memcpy(out, "\x20\x01\x0d\xb8", 4);
	rand_fill(r, out + 4, 12);
	if (rand_chance(r, 500))
		memset(out + 4, 0, 10);
}
