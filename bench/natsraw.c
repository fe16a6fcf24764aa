/*
 * What libnats alone makes of the lines of stdin: each is published to JetStream, with a message id, by the
 * library's own asynchronous call, with as many unanswered as ct-hub has. Prints how many lines a second were
 * stored.
 *
 *	natsraw URL SUBJECT <lines
 */
#include <stdio.h>

#ifdef HAVE_NATS

#include <nats/nats.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
must(natsStatus s, const char *what)
{
	if (s == NATS_OK)
		return;
	fprintf(stderr, "natsraw: %s: %s\n", what, natsStatus_GetText(s));
	exit(111);
}

int
main(int argc, char **argv)
{
	natsConnection *connection;
	jsCtx *js;
	jsOptions options;
	char *line = NULL, id[64];
	size_t room = 0, count = 0, bytes = 0;
	ssize_t n;
	double from;

	if (argc != 3) {
		fprintf(stderr, "usage: natsraw URL SUBJECT <lines\n");
		return 100;
	}
	must(natsConnection_ConnectTo(&connection, argv[1]), argv[1]);
	must(jsOptions_Init(&options), "options");
	options.PublishAsync.MaxPending = 8192;
	must(natsConnection_JetStream(&js, connection, &options), "JetStream");
	from = seconds();
	while ((n = getline(&line, &room, stdin)) > 0) {
		jsPubOptions publish;
		natsMsg *m;

		must(jsPubOptions_Init(&publish), "options");
		snprintf(id, sizeof(id), "raw:%zu:%.0f", count++, from * 1e6);
		publish.MsgId = id;
		must(natsMsg_Create(&m, argv[2], NULL, line, (int)n - 1), "message");
		must(js_PublishMsgAsync(js, &m, &publish), "publish");
		bytes += (size_t)n;
	}
	must(js_PublishAsyncComplete(js, NULL), "completion");
	from = seconds() - from;
	printf("%.0f lines/s, %.0f MB/s\n", (double)count / from, (double)bytes / from / 1e6);
	free(line);
	jsCtx_Destroy(js);
	natsConnection_Destroy(connection);
	nats_Close();
	return 0;
}

#else

int
main(void)
{
	fprintf(stderr, "natsraw: built without libnats\n");
	return 111;
}

#endif
