/*
 * The regular expressions in use, which change at any time, tried on names. One that is all ASCII is
 * tried on the spelling of a name with A-labels; any other on that with U-labels, where a dot stands
 * for one character.
 *
 * A pattern is compiled alone at first, by a compiler, and tried alone. Once there
 * are PATTERN_FEW of these they are compiled together, and with them as many of the small packs there
 * are that each pattern is compiled anew only about log2 of their number times. Since that takes
 * half a second and more, a thread does it, and until it is done they are tried as before.
 */
#ifndef CT_WS_FILTER_PATTERN_H
#define CT_WS_FILTER_PATTERN_H

#include "ct-ws/filter/compiler.h"

enum {
	PATTERN_FEW = 17,	/* single patterns that are worth a pack: more than one filter has, so
				 * that a client that resumes, which has a set of its own, begins no thread */
	PATTERN_PACK = 256,	/* patterns in a pack: bounds what the thread takes */
};

struct pattern;
struct pattern_set;

/*
 * Makes an empty set, which the caller frees with pattern_set_free. The compiler must live until then.
 * Never returns NULL.
 */
struct pattern_set *pattern_set_open(struct compiler *compiler);

/*
 * Frees the set and what is in it. Does not wait for its threads, which free what is theirs when they have
 * compiled it, unless the process ends before. NULL is allowed.
 */
void pattern_set_free(struct pattern_set *set);

/*
 * Adds the pattern text, which regex_check has found good, with `what`, any pointer of the caller. Returns
 * the pattern, valid until pattern_drop, or NULL when the library cannot compile it or too many patterns
 * wait to be compiled. Waits until the compiler is done with text.
 */
struct pattern *pattern_add(struct pattern_set *set, struct span text, void *what);

/* Takes p out of the set. */
void pattern_drop(struct pattern_set *set, struct pattern *p);

/* Takes over the packs that the thread has compiled, and makes it begin the next one. */
void pattern_turn(struct pattern_set *set);

/* Waits until the thread has nothing to do. For tests and measurements. */
void pattern_settle(struct pattern_set *set);

/*
 * Tries all patterns of the set on a name, given in both spellings (ct-ws/filter/spelling.h): a with
 * A-labels and u with U-labels. Calls hit(cookie, what) once for each pattern that is found, with the
 * pointer given to pattern_add.
 */
void pattern_scan(struct pattern_set *set, struct span a, struct span u,
    void (*hit)(void *cookie, void *what), void *cookie);

#endif
