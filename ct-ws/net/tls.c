/*
 * The certificate, its key, and what all sessions of TLS have in common. Door to libssl.
 *
 * in: two files
 * out: contexts for sessions
 * standard: RFC 8446, RFC 7301 for ALPN, RFC 9325 for what is offered
 */
#include "ct-ws/net/tls.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/die.h"
#include "base/tell.h"
#include "ct-ws/net/tls_session.h"

/* How a file was when it was looked at; all zero for one that was not there. */
struct tls_stamp {
	dev_t dev;
	ino_t ino;
	off_t size;
	struct timespec modified, changed;
};

struct tls {
	SSL_CTX *context;
	const char *cert, *key;		/* borrowed */
	struct tls_stamp seen[2];	/* of cert and key, just before they were read */
	uint64_t tickets;		/* when their keys were made; 0 before the first look */
	int64_t ends;
};

/* ---- what is offered ---- */

static int
tls_choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *n, const unsigned char *in,
    unsigned in_n, void *cookie)
{
	static const unsigned char ours[] = "\x08http/1.1";
	unsigned char *chosen;

	(void)ssl;
	(void)cookie;
	if (SSL_select_next_proto(&chosen, n, ours, sizeof(ours) - 1, in, in_n) !=
	    OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_ALERT_FATAL;	/* RFC 7301 section 3.2 */
	*out = chosen;
	return SSL_TLSEXT_ERR_OK;
}

/* Keeps OpenSSL from asking for a password on the terminal, and notes in the bool at cookie that it would. */
static int
tls_no_password(char *out, int most, int writes, void *cookie)
{
	bool *asked = cookie;

	(void)out;
	(void)most;
	(void)writes;
	if (asked != NULL)
		*asked = true;
	return -1;
}

/* Returns a context without certificate, or NULL. */
static SSL_CTX *
tls_context(void)
{
	static const unsigned char name[] = "ct-ws";
	SSL_CTX *c = SSL_CTX_new(TLS_server_method());

	if (c == NULL)
		return NULL;
	SSL_CTX_set_options(c, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_ENABLE_KTLS |
	    SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
	SSL_CTX_set_mode(c, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
	    SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_default_passwd_cb(c, tls_no_password);
	SSL_CTX_set_alpn_select_cb(c, tls_choose_protocol, NULL);
	/* Sessions are resumed by tickets, which take no memory here. */
	SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
	if (SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION) == 1 &&
	    SSL_CTX_set_cipher_list(c, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1 &&
	    SSL_CTX_set_session_id_context(c, name, sizeof(name) - 1) == 1)
		return c;
	SSL_CTX_free(c);
	return NULL;
}

/* ---- the files ---- */

static void
tls_stamp_take(struct tls_stamp *s, const char *path)
{
	struct stat is;

	memset(s, 0, sizeof(*s));
	if (stat(path, &is) == 0) {
		s->dev = is.st_dev;
		s->ino = is.st_ino;
		s->size = is.st_size;
		s->modified = is.st_mtim;
		s->changed = is.st_ctim;
	}
}

static bool
tls_has_changed(const struct tls *t)
{
	struct tls_stamp now[2];

	tls_stamp_take(&now[0], t->cert);
	tls_stamp_take(&now[1], t->key);
	return memcmp(now, t->seen, sizeof(now)) != 0;
}

/* Appends "what file: why", where OpenSSL has left the reason. */
static void
tls_put_why(struct buf *why, const char *what, const char *file)
{
	unsigned long e = ERR_peek_error();
	const char *reason = e == 0 ? NULL : ERR_SYSTEM_ERROR(e) ? strerror(ERR_GET_REASON(e)) :
	    ERR_reason_error_string(e);

	buf_putf(why, "%s %s: %s", what, file, reason != NULL ? reason : "cannot be used");
	ERR_clear_error();
}

/* Reads the time when the certificate of the context ends. Returns 0 when it has no such time. */
static int64_t
tls_end_of(SSL_CTX *c)
{
	X509 *x = SSL_CTX_get0_certificate(c);
	struct tm t;

	if (x == NULL || ASN1_TIME_to_tm(X509_get0_notAfter(x), &t) != 1)
		return 0;
	return (int64_t)timegm(&t);
}

/* Loads the key of the certificate into c. Returns false with the reason appended to why when that fails. */
static bool
tls_load_key(SSL_CTX *c, const char *file, struct buf *why)
{
	bool asked = false, good, empty;

	SSL_CTX_set_default_passwd_cb_userdata(c, &asked);
	good = SSL_CTX_use_PrivateKey_file(c, file, SSL_FILETYPE_PEM) == 1;
	SSL_CTX_set_default_passwd_cb_userdata(c, NULL);
	empty = !good && ERR_GET_REASON(ERR_peek_error()) == ERR_R_UNSUPPORTED;
	if (good && SSL_CTX_check_private_key(c) == 1)
		return true;
	if (asked)
		buf_putf(why, "key %s: it has a password; ct-ws needs it without one", file);
	else if (empty)
		buf_putf(why, "key %s: it holds no private key in PEM", file);
	else
		tls_put_why(why, "key", file);
	ERR_clear_error();
	return false;
}

/* Returns a context with what is in the files now, or NULL with the reason appended to why. */
static SSL_CTX *
tls_load(struct tls *t, struct buf *why)
{
	SSL_CTX *c;

	ERR_clear_error();
	tls_stamp_take(&t->seen[0], t->cert);
	tls_stamp_take(&t->seen[1], t->key);
	c = tls_context();
	if (c == NULL)
		tls_put_why(why, "TLS", "of this system");
	else if (SSL_CTX_use_certificate_chain_file(c, t->cert) != 1)
		tls_put_why(why, "certificate", t->cert);
	else if (tls_load_key(c, t->key, why))
		return c;
	SSL_CTX_free(c);
	return NULL;
}

static bool
tls_use(struct tls *t, struct buf *why)
{
	SSL_CTX *c = tls_load(t, why);

	if (c == NULL)
		return false;
	SSL_CTX_free(t->context);	/* lives on in its sessions */
	t->context = c;
	t->tickets = 0;
	t->ends = tls_end_of(c);
	if (t->ends != 0 && t->ends <= time(NULL))
		tell(TELL_WARNING, "certificate %s: it has expired; clients will refuse it", t->cert);
	return true;
}

struct tls *
tls_open(const char *cert, const char *key, struct buf *why)
{
	struct tls *t = calloc(1, sizeof(*t));

	if (t == NULL)
		die_world("out of memory for TLS");
	t->cert = cert;
	t->key = key;
	if (tls_use(t, why))
		return t;
	free(t);
	return NULL;
}

void
tls_free(struct tls *t)
{
	if (t == NULL)
		return;
	SSL_CTX_free(t->context);
	free(t);
}

bool
tls_reload(struct tls *t)
{
	struct buf why;
	bool used;

	buf_init(&why);
	used = tls_use(t, &why);
	if (used)
		tell(TELL_INFO, "certificate %s is read anew", t->cert);
	else
		tell(TELL_WARNING, "%s; the certificate before stays in use", buf_str(&why));
	buf_free(&why);
	return used;
}

/* Makes new keys for tickets; who comes with an older ticket needs a whole handshake. */
static void
tls_renew_tickets(struct tls *t)
{
	long n = SSL_CTX_get_tlsext_ticket_keys(t->context, NULL, 0);
	uint8_t keys[256];

	if (n <= 0 || n > (long)sizeof(keys) || RAND_bytes(keys, (int)n) != 1 ||
	    SSL_CTX_set_tlsext_ticket_keys(t->context, keys, n) != 1)
		tell(TELL_WARNING, "the keys of TLS tickets cannot be renewed");
	explicit_bzero(keys, sizeof(keys));
	ERR_clear_error();
}

void
tls_look(struct tls *t, uint64_t now)
{
	if (tls_has_changed(t))
		(void)tls_reload(t);
	if (t->tickets == 0)
		t->tickets = now;
	if (now - t->tickets < (uint64_t)TLS_TICKETS_S * 1000)
		return;
	tls_renew_tickets(t);
	t->tickets = now;
}

int64_t
tls_ends(const struct tls *t)
{
	return t->ends;
}

struct tls_session *
tls_begin(struct tls *t, int fd)
{
	return tls_session_open(t->context, fd);
}
