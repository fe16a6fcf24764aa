/*
 * wsload: many WebSocket clients in one process, to load ct-ws and to check
 * it. It opens N connections to one path, checks every frame (it must be
 * final, not masked, and have the shortest form of its length), answers pings,
 * and at the end prints how many messages and bytes have come.
 *
 *	wsload [-n N] [-c RECORDS] [-t SECONDS] [-z SECONDS] [-b BYTES] [-dov] IPV4 PORT PATH
 *
 *	-n  connections (1)
 *	-c  records that each connection waits for, received or told as missing
 *	-t  seconds to run (10)
 *	-z  seconds at the start in which nothing is read, as by a slow client
 *	-b  bytes of the receive buffer of each connection
 *	-d  once all are open, let the kernel drop what comes, so that reading takes next to
 *	    no time: nothing is checked, no ping is answered, and only bytes are counted
 *	-o  write the texts of the first connection to stdout
 *	-v  say on stderr when the connections are open
 *
 * It exits with 0 when every connection has had its RECORDS, or without -c
 * when the time is over; with 1 when a frame was wrong, a connection ended
 * early, or the time was too short.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { READ_AT_ONCE = 1 << 20, HEAD = 10, START = 125, ANSWER = 1024 };

struct conn {
	int fd;
	bool is_open;
	uint8_t head[HEAD];
	unsigned head_n;
	uint64_t left;		/* payload bytes of this frame still to come */
	bool in_payload;
	uint8_t start[START + 1];	/* of the payload: all of it in a control frame */
	unsigned start_n;
	char *answer;		/* the HTTP answer so far; NULL once open */
	size_t answer_n;
	uint64_t records;	/* received, or told as missing */
	uint64_t told;		/* told as missing */
};

struct load {
	struct conn *conns;
	int count, open, epoll;
	int done;		/* connections that have had their records */
	uint64_t want;		/* records that each connection waits for; 0: no end */
	double seconds, sleep;
	int receive_buffer;
	bool print, verbose, drop;
	uint64_t texts, bytes, pings;
	struct sockaddr_in to;
	const char *path;
	uint8_t *buffer;
};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

_Noreturn static void
fail(const struct conn *c, const char *why)
{
	fprintf(stderr, "wsload: connection %d: %s\n", c->fd, why);
	exit(1);
}

static void
conn_open(struct load *l, struct conn *c)
{
	char request[1024];
	int n = snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: wsload\r\n"
	    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
	    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n", l->path);
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = c };

	c->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (l->receive_buffer > 0)
		setsockopt(c->fd, SOL_SOCKET, SO_RCVBUF, &l->receive_buffer,
		    sizeof(l->receive_buffer));
	if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&l->to, sizeof(l->to)) < 0 ||
	    write(c->fd, request, (size_t)n) != n ||
	    epoll_ctl(l->epoll, EPOLL_CTL_ADD, c->fd, &e) < 0) {
		fprintf(stderr, "wsload: cannot connect: %s\n", strerror(errno));
		exit(111);
	}
	c->answer = calloc(1, ANSWER);
}

/* Takes the answer to the handshake; what is left of the bytes are frames. */
static size_t
conn_take_answer(struct load *l, struct conn *c, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (c->answer_n == ANSWER - 1)
			fail(c, "no end to the answer");
		c->answer[c->answer_n++] = (char)p[i];
		if (c->answer_n < 4 || memcmp(c->answer + c->answer_n - 4, "\r\n\r\n", 4) != 0)
			continue;
		if (strncmp(c->answer, "HTTP/1.1 101 ", 13) != 0 ||
		    strstr(c->answer, "Sec-WebSocket-Accept: ICX+Yqv66kxgM0FcWaLWlFLwTAI=") == NULL)
			fail(c, "the handshake was not accepted");
		free(c->answer);
		c->answer = NULL;
		c->is_open = true;
		l->open++;
		return i + 1;
	}
	return n;
}

static void
conn_pong(struct conn *c)
{
	uint8_t frame[6 + START] = { 0x8a, (uint8_t)(0x80 | c->start_n) };	/* key 0 0 0 0 */

	memcpy(frame + 6, c->start, c->start_n);
	if (write(c->fd, frame, 6 + c->start_n) < 0)
		fail(c, "cannot answer a ping");
}

static void
conn_begin(struct conn *c, size_t head)
{
	unsigned opcode = c->head[0] & 0x0f;

	if ((c->head[0] & 0xf0) != 0x80)
		fail(c, "a frame that is not final, or with a reserved bit");
	if (opcode != 1 && opcode != 8 && opcode != 9 && opcode != 10)
		fail(c, "a frame that is not text");
	if (c->head[1] & 0x80)
		fail(c, "a frame that is masked");
	c->left = c->head[1];
	if (head > 2)
		c->left = 0;
	for (size_t i = 2; i < head; i++)
		c->left = c->left << 8 | c->head[i];
	if ((head == 4 && c->left < 126) || (head == 10 && c->left < 65536))
		fail(c, "a length that is not in the shortest form");
	c->start_n = 0;
	c->in_payload = true;
}

static void
conn_take_text(struct load *l, struct conn *c)
{
	static const char skipped[] = "{\"message_type\":\"skipped\",\"count\":";
	static const char heartbeat[] = "{\"message_type\":\"heartbeat\"";
	uint64_t n = 1, before = c->records;

	c->start[c->start_n] = '\0';
	if (memcmp(c->start, skipped, sizeof(skipped) - 1) == 0) {
		n = strtoull((const char *)c->start + sizeof(skipped) - 1, NULL, 10);
		c->told += n;
	} else if (memcmp(c->start, heartbeat, sizeof(heartbeat) - 1) == 0)
		n = 0;
	c->records += n;
	l->done += before < l->want && c->records >= l->want;
	l->texts++;
	if (l->print && c == l->conns)
		putchar('\n');
}

static void
conn_end(struct load *l, struct conn *c)
{
	unsigned opcode = c->head[0] & 0x0f;

	c->head_n = 0;
	c->in_payload = false;
	if (opcode == 1)
		conn_take_text(l, c);
	else if (opcode == 9) {
		l->pings++;
		conn_pong(c);
	} else if (opcode == 8)
		fail(c, "closed by the server");
}

static size_t
conn_take_payload(struct load *l, struct conn *c, const uint8_t *p, size_t n)
{
	size_t k = n < c->left ? n : (size_t)c->left;
	size_t kept = k < START - c->start_n ? k : START - c->start_n;

	memcpy(c->start + c->start_n, p, kept);
	c->start_n += (unsigned)kept;
	if (l->print && c == l->conns && (c->head[0] & 8) == 0)
		fwrite(p, 1, k, stdout);
	c->left -= k;
	if (c->left == 0)
		conn_end(l, c);
	return k;
}

static void
conn_take(struct load *l, struct conn *c, const uint8_t *p, size_t n)
{
	size_t at = 0, head;

	if (!c->is_open)
		at = conn_take_answer(l, c, p, n);
	while (at < n) {
		while (at < n && !c->in_payload) {
			c->head[c->head_n++] = p[at++];
			head = c->head_n < 2 || c->head[1] < 126 ? 2 : c->head[1] == 126 ? 4 : 10;
			if (c->head_n >= 2 && c->head_n == head)
				conn_begin(c, head);
		}
		if (c->in_payload)
			at += conn_take_payload(l, c, p + at, n - at);
	}
}

static void
conn_read(struct load *l, struct conn *c)
{
	bool drop = l->drop && l->open == l->count;
	ssize_t n = recv(c->fd, l->buffer, READ_AT_ONCE, MSG_DONTWAIT | (drop ? MSG_TRUNC : 0));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0)
		fail(c, n == 0 ? "ended by the server" : strerror(errno));
	l->bytes += (uint64_t)n;
	if (drop)
		return;
	conn_take(l, c, l->buffer, (size_t)n);
}

/* Reads until the time `until`, or until every connection has had its records. */
static void
load_read(struct load *l, double until, bool opening)
{
	struct epoll_event events[256];
	double left;

	while ((left = until - now()) > 0) {
		int n = epoll_wait(l->epoll, events, 256, left > 1 ? 1000 : (int)(left * 1000) + 1);

		for (int i = 0; i < n; i++)
			conn_read(l, events[i].data.ptr);
		if ((opening ? l->open : l->done) == l->count)
			return;
	}
	if (opening || l->want > 0) {
		fflush(stdout);
		fprintf(stderr, "wsload: out of time: %d open, %d done, %llu records\n", l->open,
		    l->done, (unsigned long long)l->conns[0].records);
		exit(1);
	}
}

static void
load_open(struct load *l)
{
	l->epoll = epoll_create1(0);
	l->buffer = malloc(READ_AT_ONCE);
	l->conns = calloc((size_t)l->count, sizeof(*l->conns));
	if (l->epoll < 0 || l->buffer == NULL || l->conns == NULL) {
		perror("wsload");
		exit(111);
	}
	for (int i = 0; i < l->count; i++)
		conn_open(l, &l->conns[i]);
	load_read(l, now() + 30, true);
}

static void
load_report(const struct load *l, double seconds, uint64_t texts, uint64_t bytes)
{
	uint64_t least = UINT64_MAX, most = 0, told = 0;

	for (int i = 0; i < l->count; i++) {
		least = l->conns[i].records < least ? l->conns[i].records : least;
		most = l->conns[i].records > most ? l->conns[i].records : most;
		told += l->conns[i].told;
	}
	fprintf(l->print ? stderr : stdout, "clients=%d seconds=%.2f messages=%llu bytes=%llu "
	    "messages/s=%.0f GB/s=%.3f least=%llu most=%llu told=%llu pings=%llu\n", l->count, seconds,
	    (unsigned long long)texts, (unsigned long long)bytes, (double)texts / seconds,
	    (double)bytes / seconds / 1e9, (unsigned long long)least, (unsigned long long)most,
	    (unsigned long long)told, (unsigned long long)l->pings);
}

static void
load_options(struct load *l, int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "n:c:t:z:b:dov")) != -1) {
		switch (c) {
		case 'n':
			l->count = atoi(optarg);
			break;
		case 'c':
			l->want = strtoull(optarg, NULL, 10);
			break;
		case 't':
			l->seconds = atof(optarg);
			break;
		case 'z':
			l->sleep = atof(optarg);
			break;
		case 'b':
			l->receive_buffer = atoi(optarg);
			break;
		case 'd':
			l->drop = true;
			break;
		case 'o':
			l->print = true;
			break;
		case 'v':
			l->verbose = true;
			break;
		default:
			exit(100);
		}
	}
	l->to.sin_family = AF_INET;
	if (argc - optind != 3 || l->count < 1 ||
	    inet_pton(AF_INET, argv[optind], &l->to.sin_addr) != 1) {
		fprintf(stderr, "usage: wsload [-n N] [-c RECORDS] [-t SECONDS] [-z SECONDS] "
		    "[-b BYTES] [-dov] IPV4 PORT PATH\n");
		exit(100);
	}
	l->to.sin_port = htons((uint16_t)atoi(argv[optind + 1]));
	l->path = argv[optind + 2];
}

int
main(int argc, char **argv)
{
	struct load l = { .count = 1, .seconds = 10 };
	uint64_t texts, bytes;
	struct rlimit files;
	double start;

	signal(SIGPIPE, SIG_IGN);
	load_options(&l, argc, argv);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	load_open(&l);
	if (l.verbose)
		fprintf(stderr, "wsload: %d open\n", l.open);
	usleep((useconds_t)(l.sleep * 1e6));
	texts = l.texts;
	bytes = l.bytes;
	start = now();
	load_read(&l, start + l.seconds, false);
	load_report(&l, now() - start, l.want > 0 ? l.texts : l.texts - texts,
	    l.want > 0 ? l.bytes : l.bytes - bytes);
	free(l.conns);
	free(l.buffer);
	return fflush(stdout) == 0 ? 0 : 111;
}
