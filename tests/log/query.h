/* Reads the query of a URL, which stands behind its question mark, and decimal numbers. */
#ifndef LOG_QUERY_H
#define LOG_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Finds name in the query and writes its value to out, unescaped and with a NUL. Returns
 * true, or false when it is missing or does not fit into size bytes.
 */
bool query_text(const char *query, const char *name, char *out, size_t size);
/* Finds name in the query and reads its value as query_decimal does. Returns true with *out set, or false. */
bool query_number(const char *query, const char *name, uint64_t *out);
/*
 * Reads text, a decimal number without leading zeros that fits into 64 bits. Returns true with *out set, or
 * false when text is anything else.
 */
bool query_decimal(const char *text, uint64_t *out);

#endif
