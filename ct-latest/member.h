/*
 * Members of a JSON object, found by name. What cannot be read is as if it were not there: a record of
 * the bus may be of another version, or of somebody else.
 */
#ifndef CT_LATEST_MEMBER_H
#define CT_LATEST_MEMBER_H

#include "enc/json.h"

/* Lets j come to the value of object's member of this name. Returns false when it has none. */
bool member_find(struct span object, const char *name, struct json *j);

/* Returns the number that this member is, or otherwise when it is none, negative or too large. */
double member_number(struct span object, const char *name, double otherwise);

/* The same, rounded down; 0 when it is none. */
uint64_t member_count(struct span object, const char *name);

/* Sets *s to the string that this member is. Returns false when it is none. */
bool member_string(struct span object, const char *name, struct json_str *s);

/* Appends the text that this member is, of any characters; nothing when it is none. */
void member_put_text(struct buf *out, struct span object, const char *name);

/* Returns true when this member is that text. */
bool member_is(struct span object, const char *name, const char *text);

#endif
