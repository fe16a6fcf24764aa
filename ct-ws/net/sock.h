/*
 * The socket of one connection. All bytes that ct-ws sends to clients and reads from them
 * pass through here. What the kernel may hold for a client that does not read is bounded from
 * the start: to SOCK_ROOM bytes or less, and to more only for a client that has shown that it reads fast.
 */
#ifndef CT_WS_NET_SOCK_H
#define CT_WS_NET_SOCK_H

#include "ct-ws/net/tls.h"

enum {
	SOCK_ROOM = 64 * 1024,		/* bytes of SO_SNDBUF at first; the kernel doubles it */
	SOCK_ROOM_LEAST = 8 * 1024,	/* bytes of it when there are very many connections */
	SOCK_ROOM_MOST = 1024 * 1024,	/* bytes of SO_SNDBUF of a client that reads fast */
	SOCK_PARTS = 64,		/* parts that one sock_sendv takes */
	SOCK_SILENCE_MS = 90 * 1000,	/* that bytes may wait for the other side to acknowledge them */
};

struct sock {
	int fd;
	unsigned room;		/* SO_SNDBUF in bytes, as it was asked for */
	struct tls_session *tls;	/* owned; NULL on a plain connection */
};

/*
 * Takes over fd, a connected socket that does not block, and sets its options. room is SO_SNDBUF in
 * bytes, SOCK_ROOM_LEAST to SOCK_ROOM. A TCP connection whose other side has acknowledged nothing for
 * SOCK_SILENCE_MS, though something was sent, breaks then: the kernel would try for a quarter of an hour.
 */
void sock_open(struct sock *s, int fd, unsigned room);

/*
 * Begins TLS as the server, with the certificate of tls. Nothing else may be sent or received until
 * sock_shake has returned TLS_DONE.
 */
void sock_begin_tls(struct sock *s, struct tls *tls);

/* Goes on with the handshake that sock_begin_tls began. Returns how far that has come: see enum tls_got. */
enum tls_got sock_shake(struct sock *s);

/* Makes the connection plain again, after sock_shake has returned TLS_PLAIN. */
void sock_end_tls(struct sock *s);

/*
 * Sends bytes, or the count parts at parts one behind the other, as far as the socket takes them
 * now. count is at most SOCK_PARTS. more says that further bytes will follow at once, so that
 * small packets are joined. Each returns how many bytes were taken, 0 when the socket takes none
 * now (or there are none), or -1 with errno when the connection is broken.
 */
ptrdiff_t sock_send(struct sock *s, struct span bytes, bool more);
ptrdiff_t sock_sendv(struct sock *s, const struct span *parts, size_t count);

/*
 * Returns how many of the bytes that the last send did not take must be the first ones of the
 * next send, unchanged: 0 for a plain socket. (A record of TLS that was begun has to be finished:
 * then it is 1, since all other bytes of the record count as taken.)
 */
size_t sock_owed(const struct sock *s);

/*
 * Reads at most `most` bytes, which must be more than 0, into p. Returns how many came, 0 when
 * none has come yet, or -1 when the other side has ended or the connection is broken.
 */
ptrdiff_t sock_recv(struct sock *s, uint8_t *p, size_t most);

/*
 * Returns true when there are bytes that sock_recv would return at once although the socket is
 * not readable, because a record of TLS has more bytes than were asked for.
 */
bool sock_has(const struct sock *s);

/*
 * Reads at most `most` bytes into p and returns what sock_recv returns, but leaves the bytes to be read
 * again. Only for a connection without TLS, or on which TLS has not begun yet.
 */
ptrdiff_t sock_peek(struct sock *s, uint8_t *p, size_t most);

/*
 * Doubles the room in the kernel, up to SOCK_ROOM_MOST. Returns by how many bytes the kernel may
 * now hold more.
 */
size_t sock_widen(struct sock *s);

/* Returns how many bytes the kernel may hold for this connection at most. */
size_t sock_holds(const struct sock *s);

/* Ends the sending side, that of TLS too. Returns 0, or -1 when the connection is broken. */
int sock_shut(struct sock *s);

/*
 * Closes the connection. With drop, what the kernel still holds for the client is thrown away and
 * the client sees a reset; otherwise the kernel goes on sending it.
 */
void sock_close(struct sock *s, bool drop);

#endif
