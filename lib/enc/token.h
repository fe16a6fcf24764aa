/*
 * The small pieces of which the fields of HTTP are made: tokens, lists, and white space
 * (RFC 9110 section 5.6). Nothing here copies; what is returned lies in what was given.
 */
#ifndef ENC_TOKEN_H
#define ENC_TOKEN_H

#include "base/span.h"

/* Returns true when s is a token: one or more letters, digits and the marks of section 5.6.2. */
bool token_is(struct span s);

/* Returns true when s is the C string text; letters of either case count as equal. */
bool token_eq(struct span s, const char *text);

/* Returns s without the spaces and tabs at both of its ends. */
struct span token_trim(struct span s);

/*
 * Cuts *s at the first c. Returns what stands before it and leaves in *s what stands behind
 * it; without a c, returns all of *s and leaves *s empty.
 */
struct span token_cut(struct span *s, char c);

/*
 * Returns true when the C string name is a member of list, whose members are separated by commas.
 * Letters of either case count as equal.
 */
bool token_list_has(struct span list, const char *name);

/*
 * Returns true when tag, an entity tag with its quotes and without a comma, is a member of list, where
 * W/"x" counts as "x" (RFC 9110 section 13.1.2). The tags of others may have commas in them: their pieces
 * have a quote at one end only, and so are never taken for tag.
 */
bool token_list_has_tag(struct span list, struct span tag);

#endif
