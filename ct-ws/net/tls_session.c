/*
 * TLS on one connection. Door to libssl.
 *
 * in: bytes to send, and records of the client
 * out: records, and the bytes that the client has sent
 * standard: RFC 8446, RFC 5246
 */
#include "ct-ws/net/tls_session.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>

#include "base/die.h"
#include "ct-ws/net/tls.h"

struct tls_session {
	SSL *ssl;
	const char *why;	/* static; what was wrong last */
	uint8_t *begun;		/* owned: the bytes of a record that is not all sent; or NULL */
	size_t begun_n;
	bool done;		/* the handshake is over */
	bool broken;		/* no function of OpenSSL may be called any more */
	bool in_kernel;
};

struct tls_session *
tls_session_open(struct ssl_ctx_st *context, int fd)
{
	struct tls_session *t = calloc(1, sizeof(*t));

	if (t == NULL || (t->ssl = SSL_new(context)) == NULL || SSL_set_fd(t->ssl, fd) != 1)
		die_world("out of memory for a connection with TLS");
	SSL_set_accept_state(t->ssl);
	t->why = "no handshake came";
	return t;
}

/*
 * Returns what a function of OpenSSL means that has returned n: TLS_READ or TLS_WRITE when it
 * cannot go on now, else TLS_FAILED with why set.
 */
static enum tls_got
tls_trouble(struct tls_session *t, int n)
{
	int error = SSL_get_error(t->ssl, n);
	const char *reason;

	if (error == SSL_ERROR_WANT_READ)
		return TLS_READ;
	if (error == SSL_ERROR_WANT_WRITE)
		return TLS_WRITE;
	t->broken = error != SSL_ERROR_ZERO_RETURN;
	reason = error == SSL_ERROR_SSL ? ERR_reason_error_string(ERR_peek_error()) : NULL;
	t->why = reason != NULL ? reason : "the other side has closed the connection";
	return TLS_FAILED;
}

enum tls_got
tls_shake(struct tls_session *t)
{
	enum tls_got got = TLS_DONE;
	int n;

	ERR_clear_error();
	n = SSL_accept(t->ssl);
	if (n == 1) {
		t->done = true;
		t->in_kernel = BIO_get_ktls_send(SSL_get_wbio(t->ssl)) != 0;
		return TLS_DONE;
	}
	got = tls_trouble(t, n);
	if (got == TLS_FAILED && ERR_GET_REASON(ERR_peek_error()) == SSL_R_HTTP_REQUEST)
		got = TLS_PLAIN;
	ERR_clear_error();
	return got;
}

const char *
tls_why(const struct tls_session *t)
{
	return t->why;
}

bool
tls_in_kernel(const struct tls_session *t)
{
	return t->in_kernel;
}

/* Writes a record. Returns how many bytes it has, 0 when the socket does not take it now, or -1. */
static int
tls_write(struct tls_session *t, const uint8_t *p, size_t n)
{
	int written;

	ERR_clear_error();
	written = SSL_write(t->ssl, p, (int)n);
	if (written > 0)
		return written;
	written = tls_trouble(t, written) == TLS_FAILED ? -1 : 0;
	ERR_clear_error();
	return written;
}

/*
 * Sends what is left of the record that was begun. All its bytes but one count as taken already, so
 * 1 is returned when it is sent, 0 when the socket does not take it, or -1.
 */
static int
tls_finish(struct tls_session *t)
{
	int n = tls_write(t, t->begun, t->begun_n);

	if (n <= 0)
		return n;
	free(t->begun);
	t->begun = NULL;
	return 1;
}

/* Keeps the bytes of a record that OpenSSL has encrypted, and that it wants to see again. */
static void
tls_keep(struct tls_session *t, struct span record)
{
	t->begun = malloc(record.n);
	if (t->begun == NULL)
		die_world("out of memory for a record of TLS");
	memcpy(t->begun, record.p, record.n);
	t->begun_n = record.n;
}

ptrdiff_t
tls_send(struct tls_session *t, struct span bytes)
{
	size_t sent = 0;
	int n = 1;

	if (t->broken)
		return -1;
	if (bytes.n == 0)
		return 0;
	if (t->begun != NULL) {
		n = tls_finish(t);
		sent = n > 0 ? 1 : 0;
	}
	while (n > 0 && sent < bytes.n) {
		struct span record = span_from(bytes, sent);

		if (record.n > TLS_RECORD)
			record.n = TLS_RECORD;
		n = tls_write(t, record.p, record.n);
		if (n == 0) {
			tls_keep(t, record);
			sent += record.n - 1;
		}
		sent += n > 0 ? (size_t)n : 0;
	}
	return n < 0 ? -1 : (ptrdiff_t)sent;
}

size_t
tls_owed(const struct tls_session *t)
{
	return t->begun != NULL ? 1 : 0;
}

ptrdiff_t
tls_recv(struct tls_session *t, uint8_t *p, size_t most)
{
	int n;

	if (t->broken)
		return -1;
	ERR_clear_error();
	n = SSL_read(t->ssl, p, most > INT32_MAX ? INT32_MAX : (int)most);
	if (n > 0)
		return n;
	n = tls_trouble(t, n) == TLS_FAILED ? -1 : 0;
	ERR_clear_error();
	return n;
}

bool
tls_has(const struct tls_session *t)
{
	return !t->broken && SSL_pending(t->ssl) > 0;
}

void
tls_shut(struct tls_session *t)
{
	if (t->broken || !t->done || t->begun != NULL)
		return;
	ERR_clear_error();
	(void)SSL_shutdown(t->ssl);
	ERR_clear_error();
}

void
tls_close(struct tls_session *t)
{
	if (t == NULL)
		return;
	SSL_free(t->ssl);
	free(t->begun);
	free(t);
}
