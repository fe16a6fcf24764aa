/* What stands behind the question mark of a URL, and decimal numbers. */
#ifndef LOG_QUERY_H
#define LOG_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Finds `name` in a query and unescapes its value into out; false if absent or too long. */
bool query_text(const char *query, const char *name, char *out, size_t size);
/* The same for a decimal number. */
bool query_number(const char *query, const char *name, uint64_t *out);
/* Digits only, no leading zeros, and not beyond 64 bits. */
bool query_decimal(const char *text, uint64_t *out);

#endif
