/*
 * The door to libnats. In: addresses, requests and messages. Out: connections, answers and messages that
 * have come. The library has threads of its own. It does not restore a connection that is cut: the caller
 * makes a new one, and sends again what was on its way.
 */
#include "bus/nats/nats.h"

#ifdef HAVE_NATS

#include <errno.h>
#include <nats/nats.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/die.h"

enum {
	NATS_CONNECT_MS = 2000,		/* for each server */
	NATS_PING_MS = 5000,		/* a connection that does not answer two of them is dead */
	NATS_WRITE_MS = 10000,		/* how long a server may not read */
	NATS_END_MS = 1000,		/* for the last calls of the library */
	NATS_BUFFER = 128 << 10,	/* bytes read and written at a time */
	MAX_NATS_ENDED = 32,		/* inboxes that have ended on one connection and wait for its end */
};

struct nats {
	const struct nats_address *address;
	natsOptions *options;
	natsConnection *connection;	/* owned; NULL before nats_connect */
	natsSubscription *ended[MAX_NATS_ENDED];	/* owned; see nats_bury */
	unsigned ended_count;
	void (*changed)(void *cookie);
	void *cookie;
	pthread_mutex_t lock;		/* of what follows */
	pthread_cond_t moved;
	unsigned connections;
	bool connected, closed;
	char *learnt[MAX_NATS_SERVERS];	/* owned: servers that the cluster has named, beside the address's */
	unsigned count;			/* of them */
};

struct nats_inbox {
	struct nats *nats;
	natsSubscription *subscription;
	void (*came)(void *cookie, struct nats_message *);
	void *cookie;
	pthread_mutex_t lock;		/* of ended */
	pthread_cond_t moved;
	bool ended;
};

/* What a struct nats_message is. */
static natsMsg *
nats_held(const struct nats_message *m)
{
	return (natsMsg *)(uintptr_t)m;
}

static bool
nats_failed(natsStatus status, char *why)
{
	const char *text, *source;

	if (status == NATS_OK)
		return false;
	text = nats_GetLastError(NULL);
	if (text == NULL || *text == '\0')
		text = natsStatus_GetText(status);
	/* "(conn.c:2088): " is about the library and not about what is wrong. */
	source = *text == '(' ? strstr(text, "): ") : NULL;
	snprintf(why, NATS_WHY, "%s", source != NULL ? source + 3 : text);
	return true;
}

/* ---- what the library tells ---- */

static void
nats_on_closed(natsConnection *connection, void *cookie)
{
	struct nats *n = cookie;

	(void)connection;
	pthread_mutex_lock(&n->lock);
	n->connected = false;
	pthread_mutex_unlock(&n->lock);
	n->changed(n->cookie);
	/* The last thing the library does: from now on nats_free may free n. */
	pthread_mutex_lock(&n->lock);
	n->closed = true;
	pthread_cond_broadcast(&n->moved);
	pthread_mutex_unlock(&n->lock);
}

/* Errors also show in what fails because of them; the library would print them otherwise. */
static void
nats_on_error(natsConnection *connection, natsSubscription *subscription, natsStatus status,
    void *cookie)
{
	(void)connection;
	(void)subscription;
	(void)status;
	(void)cookie;
}

/* ---- options ---- */

static const char *
nats_environment(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && *value != '\0' ? value : NULL;
}

/* Certificates: those of the system, or of NATS_CA; and our own, of NATS_CERT and NATS_KEY. */
static const char *
nats_set_tls(natsOptions *o, bool tls)
{
	const char *ca = nats_environment("NATS_CA"), *cert = nats_environment("NATS_CERT"),
	    *key = nats_environment("NATS_KEY");

	if ((tls || ca != NULL || cert != NULL) && natsOptions_SetSecure(o, true) != NATS_OK)
		return "the NATS library has no TLS";
	if (ca != NULL && natsOptions_LoadCATrustedCertificates(o, ca) != NATS_OK)
		return "the certificates in the file of NATS_CA cannot be used";
	if ((cert == NULL) != (key == NULL))
		return "of NATS_CERT and NATS_KEY only one is set";
	if (cert != NULL && natsOptions_LoadCertificatesChain(o, cert, key) != NATS_OK)
		return "the files of NATS_CERT and NATS_KEY are not a certificate and its key";
	return NULL;
}

static const char *
nats_set_credentials(natsOptions *o)
{
	const char *creds = nats_environment("NATS_CREDS"), *user = nats_environment("NATS_USER"),
	    *password = nats_environment("NATS_PASSWORD");

	if (creds != NULL && natsOptions_SetUserCredentialsFromFiles(o, creds, NULL) != NATS_OK)
		return "the file of NATS_CREDS cannot be used";
	if (user != NULL && password != NULL)
		return natsOptions_SetUserInfo(o, user, password) == NATS_OK ? NULL :
		    "NATS_USER cannot be used";
	if (user != NULL || password != NULL)
		return natsOptions_SetToken(o, user != NULL ? user : password) == NATS_OK ? NULL :
		    "NATS_USER cannot be used";
	return NULL;
}

static natsStatus
nats_set_waits(struct nats *n, natsOptions *o)
{
	natsStatus s = NATS_OK;

	s |= natsOptions_SetServers(o, (const char **)n->address->servers, (int)n->address->count);
	s |= natsOptions_SetTimeout(o, NATS_CONNECT_MS);
	/* The library would send what is published meanwhile before what was lost with the connection. */
	s |= natsOptions_SetAllowReconnect(o, false);
	s |= natsOptions_SetPingInterval(o, NATS_PING_MS);
	s |= natsOptions_SetMaxPingsOut(o, 2);
	s |= natsOptions_SetWriteDeadline(o, NATS_WRITE_MS);
	s |= natsOptions_SetFailRequestsOnDisconnect(o, true);
	s |= natsOptions_SetIOBufSize(o, NATS_BUFFER);
	s |= natsOptions_SetName(o, program_invocation_short_name);
	s |= natsOptions_SetClosedCB(o, nats_on_closed, n);
	s |= natsOptions_SetErrorHandler(o, nats_on_error, n);
	return s;
}

struct nats *
nats_open(const struct nats_address *address, void (*changed)(void *cookie), void *cookie, const char **why)
{
	struct nats *n = calloc(1, sizeof(*n));
	const char *wrong;

	if (n == NULL || natsOptions_Create(&n->options) != NATS_OK)
		die_world("out of memory for the bus");
	n->address = address;
	n->changed = changed;
	n->cookie = cookie;
	pthread_mutex_init(&n->lock, NULL);
	pthread_cond_init(&n->moved, NULL);
	wrong = nats_set_waits(n, n->options) == NATS_OK ? NULL : "the NATS library refuses its options";
	if (wrong == NULL)
		wrong = nats_set_tls(n->options, address->tls);
	if (wrong == NULL)
		wrong = nats_set_credentials(n->options);
	if (wrong == NULL)
		return n;
	*why = wrong;
	nats_free(n);
	return NULL;
}

/* ---- the connection ---- */

static void
nats_wait(pthread_cond_t *moved, pthread_mutex_t *lock, const bool *done)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += NATS_END_MS / 1000;
	while (!*done && pthread_cond_timedwait(moved, lock, &until) == 0)
		;
}

/* The part of a URL behind scheme, user and password. */
static const char *
nats_host_of(const char *url)
{
	const char *at = strrchr(url, '@'), *slashes = strstr(url, "://");

	return at != NULL ? at + 1 : slashes != NULL ? slashes + 3 : url;
}

static bool
nats_knows(const struct nats *n, const char *host)
{
	for (unsigned i = 0; i < n->address->count; i++)
		if (strcmp(nats_host_of(n->address->servers[i]), host) == 0)
			return true;
	for (unsigned i = 0; i < n->count; i++)
		if (strcmp(nats_host_of(n->learnt[i]), host) == 0)
			return true;
	return false;
}

/* Remembers a server that the cluster has named; user and password are those of the address. */
static void
nats_learn(struct nats *n, const char *host)
{
	const char *first = n->address->servers[0];
	struct buf url;

	if (n->count == MAX_NATS_SERVERS || nats_knows(n, host))
		return;
	buf_init(&url);
	buf_put(&url, span_of(first, (size_t)(nats_host_of(first) - first)));
	buf_puts(&url, host);
	n->learnt[n->count] = strdup(buf_str(&url));
	buf_free(&url);
	if (n->learnt[n->count++] == NULL)
		die_world("out of memory for the bus");
}

/* Adds the servers of the cluster that the connection has heard of to those that are tried next. */
static void
nats_learn_servers(struct nats *n)
{
	const char *all[2 * MAX_NATS_SERVERS];
	char **servers = NULL;
	int count = 0;
	unsigned k = 0;

	if (natsConnection_GetServers(n->connection, &servers, &count) != NATS_OK)
		return;
	for (int i = 0; i < count; i++) {
		nats_learn(n, nats_host_of(servers[i]));
		free(servers[i]);
	}
	free(servers);
	for (unsigned i = 0; i < n->address->count; i++)
		all[k++] = n->address->servers[i];
	for (unsigned i = 0; i < n->count; i++)
		all[k++] = n->learnt[i];
	(void)natsOptions_SetServers(n->options, all, (int)k);
}

/*
 * Destroys a subscription that has ended, once the library does not use it any more. Its thread that
 * reads the connection (in 3.4) finds the subscription of a message, and looks into it without any hold
 * on it, also when that was ended meanwhile. When an answer has come behind the end, that thread is
 * past it; without one, the end of the connection is waited for.
 */
static void
nats_bury(struct nats *n, natsSubscription *subscription)
{
	if (subscription == NULL)
		return;
	if (natsConnection_FlushTimeout(n->connection, NATS_END_MS) == NATS_OK)
		natsSubscription_Destroy(subscription);
	else if (n->ended_count < MAX_NATS_ENDED)
		n->ended[n->ended_count++] = subscription;
	/* Else it is left to the library. */
}

/* Ends the connection, if there is one. Returns false when the library may still call. */
static bool
nats_disconnect(struct nats *n)
{
	bool closed;

	if (n->connection == NULL)
		return true;
	natsConnection_Close(n->connection);
	nats_learn_servers(n);
	pthread_mutex_lock(&n->lock);
	nats_wait(&n->moved, &n->lock, &n->closed);
	closed = n->closed;
	pthread_mutex_unlock(&n->lock);
	for (; closed && n->ended_count > 0; n->ended_count--)
		natsSubscription_Destroy(n->ended[n->ended_count - 1]);
	n->ended_count = 0;
	natsConnection_Destroy(n->connection);
	n->connection = NULL;
	return closed;
}

bool
nats_connect(struct nats *n, char *why)
{
	if (!nats_disconnect(n)) {
		snprintf(why, NATS_WHY, "the NATS library does not end the connection before");
		return false;
	}
	pthread_mutex_lock(&n->lock);
	n->closed = false;
	pthread_mutex_unlock(&n->lock);
	if (nats_failed(natsConnection_Connect(&n->connection, n->options), why)) {
		n->connection = NULL;
		return false;
	}
	pthread_mutex_lock(&n->lock);
	n->connected = !n->closed;
	n->connections++;
	pthread_mutex_unlock(&n->lock);
	return true;
}

void
nats_free(struct nats *n)
{
	if (n == NULL || !nats_disconnect(n))
		return;	/* what the library may still use is left to it */
	natsOptions_Destroy(n->options);
	for (unsigned i = 0; i < n->count; i++)
		free(n->learnt[i]);
	pthread_mutex_destroy(&n->lock);
	pthread_cond_destroy(&n->moved);
	free(n);
	nats_ReleaseThreadMemory();
}

bool
nats_connected(struct nats *n)
{
	bool connected;

	pthread_mutex_lock(&n->lock);
	connected = n->connected;
	pthread_mutex_unlock(&n->lock);
	return connected;
}

unsigned
nats_connections(struct nats *n)
{
	unsigned connections;

	pthread_mutex_lock(&n->lock);
	connections = n->connections;
	pthread_mutex_unlock(&n->lock);
	return connections;
}

size_t
nats_max_payload(struct nats *n)
{
	int64_t most = natsConnection_GetMaxPayload(n->connection);

	return most > 0 ? (size_t)most : 0;
}

/* ---- messages ---- */

bool
nats_request(struct nats *n, const char *subject, struct span body, unsigned ms, struct buf *answer,
    char *why)
{
	natsMsg *m = NULL;

	if (nats_failed(natsConnection_Request(&m, n->connection, subject, body.p, (int)body.n, (int64_t)ms),
	    why))
		return false;
	buf_reset(answer);
	buf_put(answer, span_of(natsMsg_GetData(m), (size_t)natsMsg_GetDataLength(m)));
	natsMsg_Destroy(m);
	return true;
}

void
nats_inbox_name(struct buf *out)
{
	natsInbox *inbox;

	if (natsInbox_Create(&inbox) != NATS_OK)
		die_world("out of memory for the bus");
	buf_puts(out, inbox);
	natsInbox_Destroy(inbox);
}

static void
nats_inbox_came(natsConnection *connection, natsSubscription *subscription, natsMsg *m, void *cookie)
{
	struct nats_inbox *i = cookie;

	(void)connection;
	(void)subscription;
	i->came(i->cookie, (struct nats_message *)m);
}

static void
nats_inbox_ended(void *cookie)
{
	struct nats_inbox *i = cookie;

	pthread_mutex_lock(&i->lock);
	i->ended = true;
	pthread_cond_broadcast(&i->moved);
	pthread_mutex_unlock(&i->lock);
}

struct nats_inbox *
nats_listen(struct nats *n, const char *subject, void (*came)(void *cookie, struct nats_message *),
    void *cookie, char *why)
{
	struct nats_inbox *i = calloc(1, sizeof(*i));
	natsStatus s;

	if (i == NULL)
		die_world("out of memory for the bus");
	*i = (struct nats_inbox){ .nats = n, .came = came, .cookie = cookie };
	pthread_mutex_init(&i->lock, NULL);
	pthread_cond_init(&i->moved, NULL);
	s = natsConnection_Subscribe(&i->subscription, n->connection, subject, nats_inbox_came, i);
	/* What waits here is limited by the flow control of the server instead. */
	if (s == NATS_OK)
		s = natsSubscription_SetPendingLimits(i->subscription, -1, -1);
	if (s == NATS_OK)
		s = natsSubscription_SetOnCompleteCB(i->subscription, nats_inbox_ended, i);
	if (!nats_failed(s, why))
		return i;
	i->ended = i->subscription == NULL;
	nats_inbox_free(i);
	return NULL;
}

void
nats_inbox_free(struct nats_inbox *i)
{
	bool ended;

	if (i == NULL)
		return;
	if (i->subscription != NULL)
		(void)natsSubscription_Unsubscribe(i->subscription);
	pthread_mutex_lock(&i->lock);
	nats_wait(&i->moved, &i->lock, &i->ended);
	ended = i->ended;
	pthread_mutex_unlock(&i->lock);
	nats_bury(i->nats, i->subscription);
	if (!ended)
		return;	/* what the library may still use is left to it */
	pthread_mutex_destroy(&i->lock);
	pthread_cond_destroy(&i->moved);
	free(i);
}

bool
nats_publish(struct nats *n, const char *subject, const char *reply, const struct nats_header *headers,
    unsigned count, struct span body, char *why)
{
	natsMsg *m = NULL;
	natsStatus s = NATS_CONNECTION_DISCONNECTED;

	if (natsConnection_Status(n->connection) == NATS_CONN_STATUS_CONNECTED)
		s = natsMsg_Create(&m, subject, reply, (const char *)body.p, (int)body.n);
	for (unsigned i = 0; i < count && s == NATS_OK; i++)
		s = natsMsgHeader_Set(m, headers[i].name, headers[i].value);
	if (s == NATS_OK)
		s = natsConnection_PublishMsg(n->connection, m);
	natsMsg_Destroy(m);
	return !nats_failed(s, why);
}

const char *
nats_message_subject(const struct nats_message *m)
{
	return natsMsg_GetSubject(nats_held(m));
}

const char *
nats_message_reply(const struct nats_message *m)
{
	return natsMsg_GetReply(nats_held(m));
}

const char *
nats_message_header(struct nats_message *m, const char *name)
{
	const char *value = NULL;

	return natsMsgHeader_Get(nats_held(m), name, &value) == NATS_OK ? value : NULL;
}

struct span
nats_message_body(const struct nats_message *m)
{
	return span_of(natsMsg_GetData(nats_held(m)), (size_t)natsMsg_GetDataLength(nats_held(m)));
}

bool
nats_message_unheard(struct nats_message *m)
{
	return natsMsg_IsNoResponders(nats_held(m));
}

void
nats_message_free(struct nats_message *m)
{
	natsMsg_Destroy(nats_held(m));
}

#endif
