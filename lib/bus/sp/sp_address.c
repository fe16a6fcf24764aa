/* Reads addresses of a bus. In: ipc:///path or tcp://host:port. Out: addresses of sockets. */
#include "bus/sp/sp_address.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>

static bool
sp_address_ipc(struct sp_address *a, const char *path, enum sp_use use, const char **why)
{
	static const char *const suffix[] = {
		[SP_RECORDS] = "",
		[SP_QUESTIONS] = ".ask",
		[SP_LINES] = ".in",
	};

	if (*path != '/') {
		*why = "an ipc address is ipc:// and an absolute path";
		return false;
	}
	if (strlen(path) + strlen(".ask") >= SP_PATH) {
		*why = "the path is longer than a socket's name may be";
		return false;
	}
	snprintf(a->path, sizeof(a->path), "%s%s", path, suffix[use]);
	return true;
}

static bool
sp_address_tcp(struct sp_address *a, const char *host, enum sp_use use, const char **why)
{
	const char *colon = strrchr(host, ':');
	unsigned long port = 0;
	char *end = NULL;
	size_t n;

	if (colon != NULL && colon > host && colon[1] >= '1' && colon[1] <= '9')
		port = strtoul(colon + 1, &end, 10);
	if (port == 0 || port > 65535 - SP_LINES || *end != '\0' || colon - host >= SP_HOST) {
		*why = "a tcp address is tcp://host:port, and the two ports above are used too";
		return false;
	}
	n = (size_t)(colon - host);
	if (host[0] == '[' && host[n - 1] == ']') {
		host++;
		n -= 2;
	}
	if (n == 0) {
		*why = "a tcp address has a host before its port";
		return false;
	}
	a->tcp = true;
	memcpy(a->host, host, n);
	a->port = (unsigned)port + use;
	return true;
}

bool
sp_address_parse(struct sp_address *a, const char *text, enum sp_use use, const char **why)
{
	*a = (struct sp_address){ .tcp = false };
	if (strncmp(text, "ipc://", 6) == 0)
		return sp_address_ipc(a, text + 6, use, why);
	if (strncmp(text, "tcp://", 6) == 0)
		return sp_address_tcp(a, text + 6, use, why);
	*why = "an address begins with ipc:// or tcp://";
	return false;
}

size_t
sp_address_find(const struct sp_address *a, bool passive, bool names, struct sp_sockaddr *found,
    size_t most)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV }, *all, *i;
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	char port[8];
	size_t n = 0;

	if (!a->tcp) {
		memcpy(un.sun_path, a->path, sizeof(un.sun_path));
		memcpy(&found[0].at, &un, sizeof(un));
		found[0].n = sizeof(un);
		return 1;
	}
	snprintf(port, sizeof(port), "%u", a->port);
	hints.ai_flags |= (passive ? AI_PASSIVE : 0) | (names ? 0 : AI_NUMERICHOST);
	if (getaddrinfo(strcmp(a->host, "*") == 0 ? NULL : a->host, port, &hints, &all) != 0)
		return 0;
	for (i = all; i != NULL && n < most; i = i->ai_next) {
		if (i->ai_addrlen > sizeof(found[n].at))
			continue;
		memcpy(&found[n].at, i->ai_addr, i->ai_addrlen);
		found[n++].n = i->ai_addrlen;
	}
	freeaddrinfo(all);
	return n;
}
