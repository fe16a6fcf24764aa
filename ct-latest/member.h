/*
 * Members of a JSON object, found by name. object is always the text of the object. A member that cannot
 * be read counts as missing, because a record of the bus may come from another version or program.
 */
#ifndef CT_LATEST_MEMBER_H
#define CT_LATEST_MEMBER_H

#include "enc/json.h"

/* Finds the member called name. Returns true with j set so that its value comes next, or false. */
bool member_find(struct span object, const char *name, struct json *j);

/*
 * Returns the value of the member called name when that is a number, not negative and not too large, and
 * `otherwise` when it is not.
 */
double member_number(struct span object, const char *name, double otherwise);

/* Returns what member_number returns, rounded down, and 0 when the member is not such a number. */
uint64_t member_count(struct span object, const char *name);

/* Returns true with *s set to the value of the member called name, or false when that is not a string. */
bool member_string(struct span object, const char *name, struct json_str *s);

/* Appends to out the string that is the value of the member called name, or nothing when it is not one. */
void member_put_text(struct buf *out, struct span object, const char *name);

/* Returns true when the member called name is a string equal to text. */
bool member_is(struct span object, const char *name, const char *text);

#endif
