/* Between the two files of the door to libssl: how a session begins. Others include net/tls.h. */
#ifndef CT_WS_NET_TLS_SESSION_H
#define CT_WS_NET_TLS_SESSION_H

struct ssl_ctx_st;	/* OpenSSL's SSL_CTX */
struct tls_session;

/*
 * Begins a session with the settings of context on fd, and returns it. When memory runs out, the process
 * ends with 111.
 */
struct tls_session *tls_session_open(struct ssl_ctx_st *context, int fd);

#endif
