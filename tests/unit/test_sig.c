/* lib/enc/sig: public keys and signatures. */
#include "unit.h"

#include "cut.h"
#include "enc/sig.h"
#include "hex.h"

/* Keys made for this test, and what they signed: "a tree head". */
static const char p256[] =
	"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE2NOSeSGlr3/L4E7S8dH1nloJqWSvkJBX2I+sdm5r"
	"YYp1cQyk6MQiFhhHxad2QOnu1tGf74xpmqCCj0im74t7aA==";

static const char p256_sig[] =
	"MEYCIQCoaQJurOSG/ndnUtiNe5xIZsKiIKDhsU+9eE/j0bjalQIhAMcmGxXwsHynEtI55ChYYEw8"
	"H1rN3VPWzuA6hbz1oS9g";

static const char rsa[] =
	"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA3njwmReBWIF6QoOC9ggLPwSzkf95NdeY"
	"qXePnJJ46JEjmtxFOZ0o5JT/abQ66c9RQd5EHZUTiCYIeu9UcBpn8EszNuSPuLrxbJIfHJ+CnV2G"
	"NrNfj63eUn/92AeujDN/QeV5kFlNTamUeYPxHcLDhTYQwUfMlRFrMK87coc48e510eK/Rv9Vbezt"
	"OZrQGRYcQPF86QtNmnjyIDqU+6oP9uBba+MrddQKD5mVCCIFF3Q3kczTbjygoaGCZd4wdLbuQAq7"
	"U1ZdD3DV+rq8nsDhA1/zdAgWpkPwKx0n740dt83WX+9I3Kh+zOAtI8eqAnqDMENgO1Axu76YK63R"
	"HorbDwIDAQAB";

static const char rsa_sig[] =
	"m6XA2XzxIwYkxqEEVKJ/gCoyNQ0KGxDbw15j+s9UT8hT+ZteCYnE24UYaBcU+Fy4/5Eoz1SPLZfg"
	"c7nBmp2KUtx65buihSnL0YH8mI6GRMGNN4bzdwphOOO9uq+K3JBYjZVsGHUuMLykd5Kk6pV7svGe"
	"f9EvMeVhyLNICzIa77xt9JQqk7DoJbzZpZFqipczsjfOUdF3HBzxLqSdAZGmSpVGNvdu3vE2UT8P"
	"ISoKR8wsN7Qoh+KDFxQIxjEcP9dNfIhdb6dJ8qeNf+GXBLzIFyyzibJDEob1HpG/szaguIjR1vUE"
	"QmDyYpRdjw9UPttottvhXXtlZJanbfjsYyUh3w==";

/* Keys of kinds that no log may have. */
static const char p384[] =
	"MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEgqOaySSaM28l3PC+XewjIG5piK1Q9FxIMpepqm0wtKC4"
	"tFK7GqOoLAMFGElC1WHMFLyMeoZnnDfAW/F5K8TVkbKIeYoArLGyJ+QoCV1d25b6TYt6vFiv3KKB"
	"3pyzg8OL";

static const char rsa1024[] =
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC0Bq7CeZGU31/OlPeAZ1KWzPP8TIyvzhbN2r6V"
	"3FHuhMn+VD8XF5tvAqDUSKK+IhNviRuLojd7JSwVaTCGT0Df8iX6A0T/I4SMjmPtdGGTcmJcaJL7"
	"H9tg0mdU+QNKGWLeKypz6S/s/7qez2c6BcajmRuFyE8UK16lLn4LjYHFQwIDAQAB";

static const char ed25519[] =
	"MCowBQYDK2VwAyEA2CPE0jNZyrM/rdskM8UumRKHKfCMVRPRW1Y3ZVdCX3U=";

static const char pem[] =
	"# a comment before it\n"
	"-----BEGIN PUBLIC KEY-----\n"
	"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE2NOSeSGlr3/L4E7S8dH1nloJqWSv\n"
	"kJBX2I+sdm5rYYp1cQyk6MQiFhhHxad2QOnu1tGf74xpmqCCj0im74t7aA==\n"
	"-----END PUBLIC KEY-----\n";

#define MESSAGE SPAN("a tree head")

static struct arena arena;

static struct span
b64(const char *text)
{
	return hex_b64(&arena, span_str(text));
}

static struct sig_key *
key_of(const char *text)
{
	struct sig_key *key = NULL;

	CHECK(sig_key_parse(b64(text), &key) == NULL);
	return key;
}

/* DigitallySigned around a signature. */
static struct span
tls(unsigned hash, unsigned algorithm, struct span sig)
{
	uint8_t *p = arena_take(&arena, sig.n + 4);

	p[0] = (uint8_t)hash;
	p[1] = (uint8_t)algorithm;
	p[2] = (uint8_t)(sig.n >> 8);
	p[3] = (uint8_t)sig.n;
	memcpy(p + 4, sig.p, sig.n);
	return span_of(p, sig.n + 4);
}

static void
both_kinds_of_key_verify_what_they_signed(void)
{
	struct sig_key *ec = key_of(p256), *r = key_of(rsa);

	CHECK(sig_verify(ec, MESSAGE, b64(p256_sig)) == NULL);
	CHECK(sig_verify(r, MESSAGE, b64(rsa_sig)) == NULL);
	sig_key_free(ec);
	sig_key_free(r);
}

static void
another_message_key_or_signature_does_not_verify(void)
{
	struct sig_key *ec = key_of(p256), *r = key_of(rsa);
	struct span sig = b64(p256_sig);

	CHECK(sig_verify(ec, SPAN("A tree head"), sig) != NULL);
	CHECK(sig_verify(r, MESSAGE, sig) != NULL);
	CHECK(sig_verify(ec, MESSAGE, b64(rsa_sig)) != NULL);
	CHECK(sig_verify(ec, MESSAGE, SPAN("")) != NULL);
	CHECK(sig_verify(r, MESSAGE, SPAN("")) != NULL);
	for (size_t n = 0; n < sig.n; n++)
		CHECK(sig_verify(ec, MESSAGE, span_of(sig.p, n)) != NULL);
	sig_key_free(ec);
	sig_key_free(r);
}

static void
bytes_behind_an_ecdsa_signature_are_refused(void)
{
	struct sig_key *ec = key_of(p256);
	struct span sig = b64(p256_sig);
	uint8_t longer[128];

	memcpy(longer, sig.p, sig.n);
	longer[sig.n] = 0;
	CHECK(sig_verify(ec, MESSAGE, span_of(longer, sig.n + 1)) != NULL);
	sig_key_free(ec);
}

static void
digitally_signed_says_how_it_was_signed(void)
{
	struct sig_key *ec = key_of(p256), *r = key_of(rsa);
	struct span sig = b64(p256_sig), rs = b64(rsa_sig);

	CHECK(sig_verify_tls(ec, MESSAGE, tls(4, 3, sig)) == NULL);
	CHECK(sig_verify_tls(r, MESSAGE, tls(4, 1, rs)) == NULL);
	CHECK(sig_verify_tls(ec, MESSAGE, tls(4, 1, sig)) != NULL);
	CHECK(sig_verify_tls(r, MESSAGE, tls(4, 3, rs)) != NULL);
	CHECK(sig_verify_tls(ec, MESSAGE, tls(5, 3, sig)) != NULL);
	CHECK(sig_verify_tls(ec, MESSAGE, tls(4, 3, SPAN(""))) != NULL);
	sig_key_free(ec);
	sig_key_free(r);
}

static void
digitally_signed_is_exactly_as_long_as_it_says(void)
{
	struct sig_key *ec = key_of(p256);
	struct span whole = tls(4, 3, b64(p256_sig));
	uint8_t longer[128];

	for (size_t n = 0; n < whole.n; n++)
		CHECK(sig_verify_tls(ec, MESSAGE, span_of(whole.p, n)) != NULL);
	memcpy(longer, whole.p, whole.n);
	longer[whole.n] = 0;
	CHECK(sig_verify_tls(ec, MESSAGE, span_of(longer, whole.n + 1)) != NULL);
	sig_key_free(ec);
}

static void
keys_of_other_kinds_are_refused(void)
{
	static const char *const bad[] = { p384, rsa1024, ed25519 };
	struct sig_key *key = NULL;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CHECK(b64(bad[i]).n > 0);
		CHECK(sig_key_parse(b64(bad[i]), &key) != NULL);
	}
	CHECK(key == NULL);
}

static void
refuse_key(struct span cut)
{
	struct sig_key *key;

	CHECK(sig_key_parse(cut, &key) != NULL);
}

static void
a_key_with_bytes_missing_added_or_changed_is_refused(void)
{
	struct span der = b64(p256);
	struct sig_key *key = NULL;
	uint8_t longer[128];

	cut_each(der, refuse_key);
	memcpy(longer, der.p, der.n);
	longer[der.n] = 0;
	CHECK(sig_key_parse(span_of(longer, der.n + 1), &key) != NULL);
	longer[der.n - 1] ^= 1;		/* off the curve */
	CHECK(sig_key_parse(span_of(longer, der.n), &key) != NULL);
	CHECK(key == NULL);
}

static void
a_pem_file_holds_the_same_key(void)
{
	struct sig_key *key = NULL;

	CHECK(sig_key_parse_pem(span_str(pem), &key) == NULL);
	CHECK(key != NULL && span_eq(sig_key_der(key), b64(p256)));
	CHECK(sig_verify(key, MESSAGE, b64(p256_sig)) == NULL);
	sig_key_free(key);
}

static void
a_pem_file_without_a_public_key_is_refused(void)
{
	struct sig_key *key = NULL;

	CHECK(sig_key_parse_pem(SPAN(""), &key) != NULL);
	CHECK(sig_key_parse_pem(SPAN("-----BEGIN CERTIFICATE-----\nAAAA\n"
	    "-----END CERTIFICATE-----\n"), &key) != NULL);
	CHECK(sig_key_parse_pem(span_of(pem, sizeof(pem) / 2), &key) != NULL);
	CHECK(key == NULL);
	sig_key_free(NULL);
}

int
main(void)
{
	arena_init(&arena);
	RUN(both_kinds_of_key_verify_what_they_signed);
	RUN(another_message_key_or_signature_does_not_verify);
	RUN(bytes_behind_an_ecdsa_signature_are_refused);
	RUN(digitally_signed_says_how_it_was_signed);
	RUN(digitally_signed_is_exactly_as_long_as_it_says);
	RUN(keys_of_other_kinds_are_refused);
	RUN(a_key_with_bytes_missing_added_or_changed_is_refused);
	RUN(a_pem_file_holds_the_same_key);
	RUN(a_pem_file_without_a_public_key_is_refused);
	arena_free(&arena);
	return unit_end();
}
