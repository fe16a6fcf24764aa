/*
 * Records as lines of JSON, for curl -N and whatever reads lines.
 *
 * in: nothing but the texts
 * out: a line feed behind each
 */
#include "ct-ws/stream/wire.h"

const struct wire ndjson_wire = {
	.name = "ndjson",
	.end = { (const uint8_t *)"\n", 1 },
};
