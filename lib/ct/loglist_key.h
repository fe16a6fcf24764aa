/* Who signed a log list: Google, whose key is built in, or whom the user trusts. */
#ifndef CT_LOGLIST_KEY_H
#define CT_LOGLIST_KEY_H

#include "enc/sig.h"

/*
 * Checks sig, the content of log_list.sig, against json, the exact bytes of the list. Returns
 * NULL when the owner of key signed them, else a static reason.
 */
const char *loglist_verify(struct span json, struct span sig, const struct sig_key *key);

/*
 * Returns the key that Google signs its lists with, which is built in; never NULL. The caller frees
 * it with sig_key_free.
 */
struct sig_key *loglist_google_key(void);

#endif
