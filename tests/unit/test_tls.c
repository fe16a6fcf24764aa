/* ct-ws/tls and ct-ws/sock: handshakes with OpenSSL's client, records that wait, certificates read anew. */
#include "unit.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ct-ws/net/sock.h"

static char folder[] = "/tmp/test_tls.XXXXXX", cert[64], key[64];

/* ---- certificates ---- */

static void
write_key(const char *path, EVP_PKEY *k, const char *password)
{
	FILE *f = fopen(path, "w");

	CHECK(f != NULL && PEM_write_PrivateKey(f, k, password != NULL ? EVP_aes_128_cbc() : NULL, NULL,
	    0, NULL, (void *)(uintptr_t)password) == 1);
	fclose(f);
}

/* Writes a certificate of that name, which signs itself, and its key; either path may be NULL. */
static void
make_pair(const char *name, const char *cert_path, const char *key_path, const char *password)
{
	EVP_PKEY *k = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	X509_NAME *n = X509_get_subject_name(x);
	FILE *f;

	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_gmtime_adj(X509_getm_notBefore(x), -60);
	X509_gmtime_adj(X509_getm_notAfter(x), 86400);
	X509_set_pubkey(x, k);
	X509_NAME_add_entry_by_txt(n, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0);
	X509_set_issuer_name(x, n);
	CHECK(X509_sign(x, k, EVP_sha256()) > 0);
	if (cert_path != NULL) {
		f = fopen(cert_path, "w");
		CHECK(f != NULL && PEM_write_X509(f, x) == 1);
		fclose(f);
	}
	if (key_path != NULL)
		write_key(key_path, k, password);
	X509_free(x);
	EVP_PKEY_free(k);
}

static struct tls *
open_tls(void)
{
	struct buf why;
	struct tls *t;

	buf_init(&why);
	t = tls_open(cert, key, &why);
	if (t == NULL)
		printf("# %s\n", buf_str(&why));
	CHECK(t != NULL);
	buf_free(&why);
	return t;
}

/* ---- both ends of a connection ---- */

struct ends {
	struct sock sock;
	SSL_CTX *context;
	SSL *client;
	int fd;		/* of the client */
};

static void
connect_ends(struct ends *e, struct tls *tls, int most, const char *alpn)
{
	int pair[2];

	CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) == 0);
	sock_open(&e->sock, pair[0], SOCK_ROOM);
	sock_begin_tls(&e->sock, tls);
	e->fd = pair[1];
	e->context = SSL_CTX_new(TLS_client_method());
	SSL_CTX_set_security_level(e->context, 0);
	SSL_CTX_set_min_proto_version(e->context, 0);
	SSL_CTX_set_max_proto_version(e->context, most);
	e->client = SSL_new(e->context);
	if (alpn != NULL)
		SSL_set_alpn_protos(e->client, (const unsigned char *)alpn, (unsigned)strlen(alpn));
	SSL_set_fd(e->client, e->fd);
	SSL_set_connect_state(e->client);
}

/* Lets both sides go on until the server's is through with it. Returns what that came to. */
static enum tls_got
shake(struct ends *e)
{
	enum tls_got got = TLS_READ;
	int done = 0;

	for (int i = 0; i < 20 && ((got != TLS_DONE && got < TLS_PLAIN) || done != 1); i++) {
		ERR_clear_error();
		if (done != 1)
			done = SSL_do_handshake(e->client);
		if (got != TLS_DONE && got < TLS_PLAIN)
			got = sock_shake(&e->sock);
		if (got >= TLS_PLAIN)
			break;
	}
	return got == TLS_DONE && done != 1 ? TLS_FAILED : got;
}

static void
close_ends(struct ends *e)
{
	SSL_shutdown(e->client);	/* else OpenSSL would not resume the session */
	if (e->sock.fd >= 0)
		sock_close(&e->sock, false);
	SSL_free(e->client);
	SSL_CTX_free(e->context);
	close(e->fd);
}

static ptrdiff_t
client_read(struct ends *e, void *p, int most)
{
	ERR_clear_error();
	return SSL_read(e->client, p, most);
}

static enum tls_got
shake_once(struct tls *tls, int most, const char *alpn, char name[64])
{
	struct ends e;
	enum tls_got got;
	X509 *x;

	connect_ends(&e, tls, most, alpn);
	got = shake(&e);
	x = got == TLS_DONE ? SSL_get1_peer_certificate(e.client) : NULL;
	name[0] = '\0';
	if (x != NULL)
		X509_NAME_get_text_by_NID(X509_get_subject_name(x), NID_commonName, name, 64);
	X509_free(x);
	close_ends(&e);
	return got;
}

/* ---- handshakes ---- */

static void
TLS_1_2_and_1_3_are_spoken_and_nothing_older(void)
{
	struct tls *t = open_tls();
	char name[64];

	CHECK(shake_once(t, TLS1_3_VERSION, NULL, name) == TLS_DONE && strcmp(name, "first") == 0);
	CHECK(shake_once(t, TLS1_2_VERSION, NULL, name) == TLS_DONE);
	CHECK(shake_once(t, TLS1_1_VERSION, NULL, name) == TLS_FAILED);
	tls_free(t);
}

static void
HTTP_1_1_is_chosen_by_ALPN(void)
{
	const unsigned char *chosen;
	struct tls *t = open_tls();
	struct ends e;
	unsigned n;
	char name[64];

	connect_ends(&e, t, TLS1_3_VERSION, "\2h2\10http/1.1");
	CHECK(shake(&e) == TLS_DONE);
	SSL_get0_alpn_selected(e.client, &chosen, &n);
	CHECK_TEXT(span_of(chosen, n), "http/1.1");
	close_ends(&e);
	CHECK(shake_once(t, TLS1_3_VERSION, "\2h2", name) == TLS_FAILED);
	tls_free(t);
}

static void
a_session_is_resumed_by_its_ticket(void)
{
	struct tls *t = open_tls();
	SSL_SESSION *ticket;
	struct ends e;
	char byte;

	connect_ends(&e, t, TLS1_3_VERSION, NULL);
	CHECK(shake(&e) == TLS_DONE && !SSL_session_reused(e.client));
	client_read(&e, &byte, 1);	/* tickets come behind the handshake */
	ticket = SSL_get1_session(e.client);
	close_ends(&e);
	connect_ends(&e, t, TLS1_3_VERSION, NULL);
	SSL_set_session(e.client, ticket);
	CHECK(shake(&e) == TLS_DONE && SSL_session_reused(e.client));
	close_ends(&e);
	SSL_SESSION_free(ticket);
	tls_free(t);
}

static void
HTTP_without_TLS_is_known_and_can_be_answered(void)
{
	static const char request[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
	struct tls *t = open_tls();
	struct ends e;
	char got[16];

	connect_ends(&e, t, TLS1_3_VERSION, NULL);
	CHECK(send(e.fd, request, sizeof(request) - 1, 0) > 0);
	CHECK(sock_shake(&e.sock) == TLS_PLAIN);
	sock_end_tls(&e.sock);
	CHECK(sock_send(&e.sock, SPAN("HTTP"), false) == 4);
	CHECK(recv(e.fd, got, sizeof(got), 0) == 4 && memcmp(got, "HTTP", 4) == 0);
	close_ends(&e);
	tls_free(t);
}

static void
what_is_neither_TLS_nor_HTTP_is_refused_with_a_reason(void)
{
	struct tls *t = open_tls();
	struct ends e;

	connect_ends(&e, t, TLS1_3_VERSION, NULL);
	CHECK(sock_shake(&e.sock) == TLS_READ);
	CHECK(send(e.fd, "\x16\x03\x01\xff\xff" "not a hello", 16, 0) == 16);
	CHECK(sock_shake(&e.sock) == TLS_FAILED && tls_why(e.sock.tls) != NULL);
	CHECK(sock_send(&e.sock, SPAN("x"), false) == -1);
	CHECK(sock_recv(&e.sock, (uint8_t[1]){ 0 }, 1) == -1);
	close_ends(&e);
	tls_free(t);
}

/* ---- bytes ---- */

static void
fill(uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(i * 7 + i / 251);
}

/*
 * Sends the bytes to a client that reads little at a time, each time from a copy elsewhere of at most
 * `most` bytes, by sock_send or by sock_sendv. Returns true when the client gets the same bytes.
 */
static bool
goes_through(struct tls *t, size_t total, size_t most, bool parts)
{
	uint8_t *all = malloc(total), *got = malloc(total), *copy;
	size_t sent = 0, came = 0, waits = 0;
	struct ends e;
	ptrdiff_t n;
	bool same;

	fill(all, total);
	connect_ends(&e, t, TLS1_3_VERSION, NULL);
	CHECK(shake(&e) == TLS_DONE);
	while (came < total) {
		size_t left = total - sent < most ? total - sent : most;

		copy = malloc(left + 1);
		memcpy(copy, all + sent, left);
		n = parts && left > 3 ? sock_sendv(&e.sock, (struct span[]){ { copy, 1 }, { copy + 1, 0 },
		    { copy + 1, left / 2 }, { copy + 1 + left / 2, left - 1 - left / 2 } }, 4) :
		    sock_send(&e.sock, span_of(copy, left), false);
		free(copy);
		CHECK(n >= 0 && (size_t)n <= left);
		sent += n > 0 ? (size_t)n : 0;
		CHECK(sock_owed(&e.sock) <= 1 && sent + sock_owed(&e.sock) <= total);
		waits += sock_owed(&e.sock);
		n = client_read(&e, got + came, total - came > 5000 ? 5000 : (int)(total - came));
		came += n > 0 ? (size_t)n : 0;
	}
	CHECK(waits > 0 && sent == total && sock_owed(&e.sock) == 0);
	same = memcmp(all, got, total) == 0;
	close_ends(&e);
	free(all);
	free(got);
	return same;
}

static void
a_slow_client_gets_all_bytes_in_order(void)
{
	struct tls *t = open_tls();

	CHECK(goes_through(t, 3000000, 1000000, false));
	CHECK(goes_through(t, 3000000, 100000, true));
	tls_free(t);
}

static void
a_record_longer_than_what_is_read_is_told(void)
{
	struct tls *t = open_tls();
	uint8_t p[10000], got[4096];
	struct ends e;

	fill(p, sizeof(p));
	connect_ends(&e, t, TLS1_3_VERSION, NULL);
	CHECK(shake(&e) == TLS_DONE && !sock_has(&e.sock));
	CHECK(sock_recv(&e.sock, got, sizeof(got)) == 0);
	CHECK(SSL_write(e.client, p, sizeof(p)) == sizeof(p));
	for (size_t at = 0; at < sizeof(p); at += 4096) {
		size_t n = sizeof(p) - at < 4096 ? sizeof(p) - at : 4096;

		CHECK(sock_recv(&e.sock, got, sizeof(got)) == (ptrdiff_t)n);
		CHECK(memcmp(got, p + at, n) == 0 && sock_has(&e.sock) == (at + n < sizeof(p)));
	}
	close_ends(&e);
	tls_free(t);
}

static void
an_end_is_told_by_both_sides(void)
{
	struct tls *t = open_tls();
	struct ends e;
	uint8_t byte;

	connect_ends(&e, t, TLS1_3_VERSION, NULL);
	CHECK(shake(&e) == TLS_DONE && sock_shut(&e.sock) == 0);
	CHECK(client_read(&e, &byte, 1) == 0 && SSL_get_shutdown(e.client) == SSL_RECEIVED_SHUTDOWN);
	SSL_shutdown(e.client);
	CHECK(sock_recv(&e.sock, &byte, 1) == -1);
	close_ends(&e);
	tls_free(t);
}

/* ---- certificates read anew ---- */

static void
a_new_pair_is_used_as_soon_as_it_is_complete(void)
{
	struct tls *t = open_tls();
	char name[64];

	make_pair("second", cert, NULL, NULL);		/* the key is still that of the first */
	tls_look(t, 1000);
	CHECK(shake_once(t, TLS1_3_VERSION, NULL, name) == TLS_DONE && strcmp(name, "first") == 0);
	make_pair("third", cert, key, NULL);
	tls_look(t, 2000);
	CHECK(shake_once(t, TLS1_3_VERSION, NULL, name) == TLS_DONE && strcmp(name, "third") == 0);
	CHECK(truncate(cert, 200) == 0);
	tls_look(t, 3000);
	CHECK(!tls_reload(t) && unlink(cert) == 0 && !tls_reload(t));
	CHECK(shake_once(t, TLS1_3_VERSION, NULL, name) == TLS_DONE && strcmp(name, "third") == 0);
	make_pair("first", cert, key, NULL);
	CHECK(tls_reload(t) && tls_ends(t) > 0);
	CHECK(shake_once(t, TLS1_3_VERSION, NULL, name) == TLS_DONE && strcmp(name, "first") == 0);
	tls_free(t);
}

static void
an_open_session_goes_on_when_the_pair_is_replaced(void)
{
	struct tls *t = open_tls();
	struct ends e;
	char got[8];

	connect_ends(&e, t, TLS1_3_VERSION, NULL);
	CHECK(shake(&e) == TLS_DONE && tls_reload(t));
	CHECK(sock_send(&e.sock, SPAN("hello"), false) == 5);
	CHECK(client_read(&e, got, sizeof(got)) == 5);
	tls_free(t);
	CHECK(sock_send(&e.sock, SPAN("again"), false) == 5);
	CHECK(client_read(&e, got, sizeof(got)) == 5 && memcmp(got, "again", 5) == 0);
	close_ends(&e);
}

static void
tickets_get_new_keys_in_time(void)
{
	struct tls *t = open_tls();
	SSL_SESSION *ticket;
	struct ends e;
	char byte;

	tls_look(t, 1000);
	connect_ends(&e, t, TLS1_3_VERSION, NULL);
	CHECK(shake(&e) == TLS_DONE);
	client_read(&e, &byte, 1);
	ticket = SSL_get1_session(e.client);
	close_ends(&e);
	tls_look(t, 1000 + (uint64_t)TLS_TICKETS_S * 1000);
	connect_ends(&e, t, TLS1_3_VERSION, NULL);
	SSL_set_session(e.client, ticket);
	CHECK(shake(&e) == TLS_DONE && !SSL_session_reused(e.client));
	close_ends(&e);
	SSL_SESSION_free(ticket);
	tls_free(t);
}

static void
a_key_with_a_password_is_refused_without_asking(void)
{
	char locked[80];
	struct buf why;

	snprintf(locked, sizeof(locked), "%s/locked", folder);
	make_pair("locked", NULL, locked, "secret");
	buf_init(&why);
	CHECK(tls_open(cert, locked, &why) == NULL);
	CHECK(strstr(buf_str(&why), locked) != NULL);
	CHECK(strstr(buf_str(&why), "it has a password") != NULL);
	buf_reset(&why);
	CHECK(tls_open("/nowhere/cert.pem", key, &why) == NULL);
	CHECK(strcmp(buf_str(&why), "certificate /nowhere/cert.pem: No such file or directory") == 0);
	buf_free(&why);
	unlink(locked);
}

static void
a_file_without_a_key_is_told(void)
{
	struct buf why;

	buf_init(&why);
	CHECK(tls_open(cert, cert, &why) == NULL);
	CHECK(strstr(buf_str(&why), ": it holds no private key in PEM") != NULL);
	buf_free(&why);
}

/* A peer that is gone without a word is found when it acknowledges nothing. */
static void
a_connection_that_nobody_acknowledges_breaks_after_90_seconds(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(at), size = sizeof(unsigned);
	int server = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
	unsigned ms = 0;
	struct sock s;

	CHECK(bind(server, (struct sockaddr *)&at, n) == 0 && listen(server, 1) == 0);
	CHECK(getsockname(server, (struct sockaddr *)&at, &n) == 0);
	CHECK(connect(client, (struct sockaddr *)&at, n) == 0);
	sock_open(&s, accept4(server, NULL, NULL, SOCK_NONBLOCK), SOCK_ROOM);
	CHECK(getsockopt(s.fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, &size) == 0);
	CHECK(ms == 90000);
	sock_close(&s, true);
	close(client);
	close(server);
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	if (mkdtemp(folder) == NULL)
		return 111;
	snprintf(cert, sizeof(cert), "%s/cert.pem", folder);
	snprintf(key, sizeof(key), "%s/key.pem", folder);
	make_pair("first", cert, key, NULL);
	RUN(TLS_1_2_and_1_3_are_spoken_and_nothing_older);
	RUN(HTTP_1_1_is_chosen_by_ALPN);
	RUN(a_session_is_resumed_by_its_ticket);
	RUN(HTTP_without_TLS_is_known_and_can_be_answered);
	RUN(what_is_neither_TLS_nor_HTTP_is_refused_with_a_reason);
	RUN(a_slow_client_gets_all_bytes_in_order);
	RUN(a_record_longer_than_what_is_read_is_told);
	RUN(an_end_is_told_by_both_sides);
	RUN(a_new_pair_is_used_as_soon_as_it_is_complete);
	RUN(an_open_session_goes_on_when_the_pair_is_replaced);
	RUN(tickets_get_new_keys_in_time);
	RUN(a_key_with_a_password_is_refused_without_asking);
	RUN(a_file_without_a_key_is_told);
	RUN(a_connection_that_nobody_acknowledges_breaks_after_90_seconds);
	unlink(cert);
	unlink(key);
	rmdir(folder);
	return unit_end();
}
