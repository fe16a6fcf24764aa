/*
 * The file DIR/hosts, in which the rates that were learned (budget.h) outlive a run. They are only
 * hints: what cannot be read is told and learned anew. The file is a JSON object,
 *
 *	{"hosts":[
 *	{"host":"https://ct.test","per_hour":2067,"ceiling":2067}
 *	]}
 *
 * where per_hour is the rate in requests an hour, or 0 for no limit, and ceiling, if it is not 0, is
 * the rate beyond which it is not to grow for now.
 */
#ifndef CT_FETCH_HOST_FILE_H
#define CT_FETCH_HOST_FILE_H

#include "base/buf.h"
#include "ct-fetch/net/host.h"

struct host_file;

/*
 * Reads the rates in the file hosts of the folder dir into hosts, which hosts_limit must have been
 * called for before; now is loop ms. Returns what host_file_tick and host_file_close take, or NULL
 * when dir is NULL: then nothing is kept. dir need not have the file yet.
 */
struct host_file *host_file_open(struct hosts *hosts, const char *dir, uint64_t now);

/*
 * Writes the file if a rate has changed and that was last done a minute ago or more. When that fails
 * it is told once, and tried again. file may be NULL.
 */
void host_file_tick(struct host_file *file, uint64_t now);

/* Writes the file if a rate has changed, and frees file, which may be NULL. hosts stays. */
void host_file_close(struct host_file *file);

/*
 * Reads text, the content of such a file, into hosts; now is loop ms. Returns NULL, or a static
 * reason why it cannot be read, and then the rates before the fault have been taken.
 */
const char *hosts_read(struct hosts *hosts, struct span text, uint64_t now);

/* Appends the content of such a file to out: the rates in hosts that were learned. */
void hosts_write(const struct hosts *hosts, struct buf *out);

#endif
