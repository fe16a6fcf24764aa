/*
 * TLS 1.2 and 1.3 for the connections of a listener, by OpenSSL. A struct tls has the
 * certificate and its key, and a struct tls_session is TLS on one connection. Where the kernel
 * can encrypt (kTLS), it does.
 */
#ifndef CT_WS_NET_TLS_H
#define CT_WS_NET_TLS_H

#include <sys/types.h>

#include "base/buf.h"

enum {
	TLS_RECORD = 16 * 1024,		/* bytes of the longest record (RFC 8446 section 5.1) */
	TLS_TICKETS_S = 12 * 3600,	/* seconds after which tickets get new keys (RFC 8446 4.6.1) */
};

struct tls;
struct tls_session;

/*
 * Reads the certificate with its chain from the file cert, and its key from the file key, both
 * PEM. Returns what the caller frees with tls_free, or NULL with the reason appended to why. The
 * strings cert and key must live until tls_free.
 */
struct tls *tls_open(const char *cert, const char *key, struct buf *why);

/* Frees t; sessions that are open go on. NULL is allowed. */
void tls_free(struct tls *t);

/*
 * Reads both files again, for the sessions to come. Returns true when they are in use now; false
 * when they are not a certificate and its key: then those before stay in use, and a warning says so.
 */
bool tls_reload(struct tls *t);

/*
 * To be called once a second: calls tls_reload when one of the files has changed since they were read,
 * and gives tickets new keys after TLS_TICKETS_S. now is the time of the loop's clock in ms.
 */
void tls_look(struct tls *t, uint64_t now);

/* Returns the time when the certificate in use ends, in seconds since 1970. */
int64_t tls_ends(const struct tls *t);

/* ---- one connection ---- */

/*
 * Begins TLS as the server on fd, which does not block, and which stays the caller's. Returns the
 * session, which the caller ends with tls_close. It never returns NULL.
 */
struct tls_session *tls_begin(struct tls *t, int fd);

/* What tls_shake has come to. */
enum tls_got {
	TLS_DONE,	/* the handshake is over, and bytes can be sent and received */
	TLS_READ,	/* it goes on when there is something to read */
	TLS_WRITE,	/* it goes on when something can be written */
	TLS_PLAIN,	/* the client speaks HTTP without TLS; nothing has been sent */
	TLS_FAILED,	/* it has failed; tls_why says why */
};

/* Goes on with the handshake as far as that is possible now. Returns what it has come to. */
enum tls_got tls_shake(struct tls_session *t);

/* Returns a static text that says what was wrong last, for people. */
const char *tls_why(const struct tls_session *t);

/* Returns true when the kernel encrypts: then bytes are sent by send and sendmsg, not by tls_send. */
bool tls_in_kernel(const struct tls_session *t);

/*
 * Sends bytes, as many as the socket takes now. Returns how many were taken, 0 when none, or -1
 * when the connection is broken. What tls_owed then returns is a promise of the caller: the
 * next bytes that are sent begin with that many bytes that were not taken this time. They are
 * encrypted and partly sent already, so nothing else can stand in their place.
 */
ptrdiff_t tls_send(struct tls_session *t, struct span bytes);

/* Returns 1 when the first byte not taken by the last tls_send has to be sent next, or 0. */
size_t tls_owed(const struct tls_session *t);

/*
 * Reads at most `most` bytes into p. Returns how many came, 0 when none has come yet, or -1 when
 * the other side has ended or the connection is broken.
 */
ptrdiff_t tls_recv(struct tls_session *t, uint8_t *p, size_t most);

/* Returns true when bytes have been decrypted that tls_recv would return at once. */
bool tls_has(const struct tls_session *t);

/* Says that nothing more will be sent (close_notify, RFC 8446 section 6.1), if the socket takes it. */
void tls_shut(struct tls_session *t);

/* Frees the session, and sends nothing. NULL is allowed. */
void tls_close(struct tls_session *t);

#endif
