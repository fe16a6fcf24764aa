/* Prints entries as get-entries gives them, with their indexes. In: which log. Out: lines on stdout. */
#include "tests/log/entries.h"

#include <stdio.h>
#include <string.h>

#include "tests/log/fail.h"
#include "tests/log/log.h"

static void
entries_put(const struct log *l, uint64_t index, struct bytes *line)
{
	const struct entry *e = l->entry[index];
	struct bytes extra = { 0 };

	log_put_extra_data(e, &extra);
	bytes_printf(line, "{\"index\":%llu,\"leaf_input\":\"", (unsigned long long)index);
	bytes_put_base64(line, e->at, e->leaf_len);
	bytes_put_text(line, "\",\"extra_data\":\"");
	bytes_put_base64(line, extra.at, extra.len);
	bytes_put_text(line, "\"}\n");
	bytes_free(&extra);
}

void
entries_print(const char *seed, const char *spec, uint64_t size, uint32_t broken)
{
	static struct log l;
	static struct pki pki;
	char name[LOG_NAME_MAX + 1];
	const char *type = strchr(spec, '=');
	struct bytes line = { 0 };
	uint64_t i;

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(spec, "="), spec);
	log_check_name(name);
	pki_init(&pki, seed);
	log_init(&l, &pki, name, type == NULL ? LOG_TILED : log_type_parse(type + 1), broken);
	log_grow(&l, size);
	for (i = 0; i < size; i++) {
		bytes_reset(&line);
		entries_put(&l, i, &line);
		if (fwrite(line.at, 1, line.len, stdout) != line.len)
			fail_world("cannot write to stdout");
	}
	if (fflush(stdout) != 0)
		fail_world("cannot write to stdout");
	bytes_free(&line);
}
