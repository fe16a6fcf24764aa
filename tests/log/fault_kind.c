/* The table of the kinds of faults. In: a name. Out: what carries the fault out. */
#include "tests/log/fault_kind.h"

#include <string.h>

static const char *
fault_state_check(const struct fault *f)
{
	static const char *const states[] = { "usable", "readonly", "retired", "gone" };
	size_t i;

	if (f->count == 2 && (strcmp(f->word[0], "readonly") != 0 || strcmp(f->word[1], "wrong") != 0))
		return "only readonly takes: wrong";
	for (i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (strcmp(f->word[0], states[i]) == 0)
			return NULL;
	return "a state is usable, readonly, retired or gone";
}

static const struct fault_kind kinds[] = {
	{ "status", "w?w+", "CODE [html|json|empty] [retry-after SECS [FORM]] [location URL]\n"
	    "an error, or with 200 a page that is none; FORM: seconds imf rfc850 asctime utc cet cest",
	    true, fault_status, NULL, fault_status_check },
	{ "limit", "n?w+", "N [CODE ...]\nranges over N entries are refused, with 400 or CODE",
	    true, fault_limit, NULL, fault_limit_check },
	{ "limiter", "n?w+", "N [per SECS] [counting] [CODE ...]\n"
	    "N requests a client in any minute, or SECS; others get 429 or CODE, and count as well",
	    true, fault_limiter, NULL, fault_limiter_check },
	{ "cache", "n?w", "SECS [path]\nthe first answer is given again for SECS; path: to any query",
	    true, fault_cache, fault_cache_keep, fault_cache_check },
	{ "bomb", "n", "MB\na body of 200 that grows to so many megabytes when it is unpacked",
	    true, fault_bomb, NULL, NULL },

	{ "behind", "n", "N\nthe answer of a replica that lacks the newest N entries",
	    false, fault_bend_behind, NULL, NULL },
	{ "future", "n", "SECS\na head of so many seconds later", false, fault_bend_future, NULL, NULL },
	{ "stale", "n", "SECS\na head of so many seconds ago", false, fault_bend_stale, NULL, NULL },
	{ "foreign-key", "", "\na head that another key has signed",
	    false, fault_bend_key, NULL, NULL },
	{ "bad-signature", "", "\na head with one bit of its signature flipped",
	    false, fault_bend_signature, NULL, NULL },

	{ "page", "n", "N\nget-entries gives at most N and ends at multiples of N",
	    false, fault_bend_page, NULL, NULL },
	{ "short", "n", "N\nat most N entries, wherever they begin",
	    false, fault_bend_short, NULL, NULL },
	{ "empty", "", "\nno entry at all, with 200", false, fault_bend_empty, NULL, NULL },
	{ "cached-tiles", "?n", "[N]\nas CF_CTile: never over the end of a tile of 256, and no entry "
	    "of the newest N", false, fault_bend_cached_tiles, NULL, NULL },
	{ "more", "n", "N\nN entries more than were asked for", false, fault_bend_more, NULL, NULL },
	{ "ignore-start", "?n", "[I]\nentries from I, or from 0, whatever was asked for",
	    false, fault_bend_elsewhere, NULL, NULL },
	{ "reverse", "", "\nthe last entry first", false, fault_bend_reverse, NULL, NULL },
	{ "extra-data", "w", "null|missing|garbage\n"
	    "no usable extra_data, or chain in a tile, for the entries of the rule's range",
	    false, fault_bend_extra, NULL, fault_bend_extra_check },
	{ "swap-issuer", "", "\nthe certificate of another issuer",
	    false, fault_bend_issuer, NULL, NULL },

	{ "flip-leaf", "w?w+", "I... [signed]\n"
	    "a bit of these entries is flipped; signed: in the tree as well",
	    false, fault_tree, NULL, fault_tree_check },
	{ "flip-hash", "w?w+", "I...\nthe tree has hashes of these entries with a bit flipped",
	    false, fault_tree, NULL, fault_tree_check },
	{ "drop-leaf", "w?w", "I [signed]\nentry I is left out, and those behind it in its tile move up",
	    false, fault_tree, NULL, fault_tree_check },
	{ "swap-leaves", "ww?w", "I J [signed]\ntwo entries stand in each other's place",
	    false, fault_tree, NULL, fault_tree_check },
	{ "leaf-index", "ww?w", "I J [signed]\nthe leaf_index of entry I says J",
	    false, fault_tree, NULL, fault_tree_check },
	{ "break-leaf", "w?w+", "I... [signed]\nthe framing of these entries cannot be read",
	    false, fault_tree, NULL, fault_tree_check },
	{ "fork", "w", "I\nanother tree, signed, with other entries from I on",
	    false, fault_tree, NULL, fault_tree_check },
	{ "rewind", "w", "N\nonly the first N entries, signed as the newest head",
	    false, fault_tree, NULL, fault_tree_check },

	{ "latency", "n", "MS\nthe answer comes so much later", false, fault_send_latency, NULL, NULL },
	{ "cut", "w", "BYTES|PERCENT%\nthe connection is closed there in the body",
	    false, fault_send_cut, NULL, fault_send_cut_check },
	{ "cut-walk", "n", "STEP\ncut at 0, at STEP, at two STEPs and so on",
	    false, fault_send_cut_walk, NULL, NULL },
	{ "stall", "?w", "[BYTES|PERCENT%]\nnothing comes, or nothing from there on",
	    false, fault_send_stall, NULL, fault_send_stall_check },
	{ "drip", "nn", "BYTES MS\nso many bytes of the body at a time, and a pause",
	    false, fault_send_drip, NULL, NULL },
	{ "reset", "", "\nthe connection is reset", false, fault_send_reset, NULL, NULL },
	{ "endless", "", "\nthe body never ends", false, fault_send_endless, NULL, NULL },
	{ "chunked", "", "\nthe body goes in chunks, which is no fault",
	    false, fault_send_chunked, NULL, NULL },
	{ "gzip", "?w", "[unsaid]\ncompressed, whatever was asked for; unsaid: and no header says so",
	    false, fault_send_gzip, NULL, fault_send_gzip_check },
	{ "coding", "w", "WORD\na Content-Encoding that is not true",
	    false, fault_send_coding, fault_send_plain, NULL },
	{ "type", "w", "TEXT\nanother Content-Type", false, NULL, fault_send_type, NULL },
	{ "trailing", "n", "BYTES\nso many bytes behind the body", false, NULL, fault_trailing, NULL },

	{ "state", "w?w", "usable|readonly|retired|gone [wrong]\n"
	    "what the log list says of the log; wrong: of its final tree head, another root",
	    false, NULL, NULL, fault_state_check },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

const struct fault_kind *
fault_kind_find(const char *name)
{
	size_t i;

	for (i = 0; i < KINDS; i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

static const char grammar[] =
    "A rule says which requests meet a fault:\n"
    "\n"
    "    LOG ENDPOINT [full|partial] [FIRST[-LAST]] FAULT [ARGUMENT...] [CONDITION...]\n"
    "\n"
    "LOG         a name, or * for all\n"
    "ENDPOINT    get-sth get-entries get-sth-consistency get-proof-by-hash\n"
    "            get-entry-and-proof get-roots checkpoint tile/data tile/0 tile/1 tile/2\n"
    "            issuer log.v3.json list list.sig, or several: head (get-sth, checkpoint)\n"
    "            page (get-entries, tile/data) tile tile/hash any\n"
    "full        only full tiles; partial: only partial tiles\n"
    "FIRST-LAST  only requests that are about one of these entries\n"
    "CONDITION   after N: not the first N requests; every N: each Nth of the others;\n"
    "            times N: N of those; from SECS, to SECS: since the rule was read;\n"
    "            agent TEXT: only clients with that in their User-Agent\n"
    "\n"
    "All rules that fit a request act on it, in their order. The faults:\n"
    "\n";

void
fault_kind_list(struct bytes *out)
{
	size_t i;

	bytes_put_text(out, grammar);
	for (i = 0; i < KINDS; i++) {
		int arguments = (int)strcspn(kinds[i].help, "\n");

		bytes_printf(out, "%s%s%.*s\n    %s\n", kinds[i].name, arguments == 0 ? "" : " ",
		    arguments, kinds[i].help, kinds[i].help + arguments + 1);
	}
}
