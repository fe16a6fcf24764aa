/*
 * Hashes many texts side by side. In: texts. Out: SHA-1 and SHA-256 of each. This
 * file is the door to libipsec-mb. Built without that library, it uses libcrypto.
 *
 * The library calls its lanes a manager, and a text with one digest a job. A job
 * that is given to it comes back when it is done, often during a later call.
 */
#include "enc/hash_many.h"

#include <stdlib.h>

#ifdef HAVE_IPSEC_MB
#include <intel-ipsec-mb.h>
#endif

#include "base/die.h"

enum { HASH_FEW = 8 };	/* texts; with less, too many lanes are empty for it to be faster than libcrypto */

struct hash_many {
	struct hash *hash;
#ifdef HAVE_IPSEC_MB
	IMB_MGR *lanes;			/* NULL where the processor has no registers for it */
#endif
};

#ifdef HAVE_IPSEC_MB

static void
hash_lanes_free(struct hash_many *m)
{
	if (m->lanes != NULL)
		free_mb_mgr(m->lanes);
	m->lanes = NULL;
}

/*
 * The library looks only at what the processor has; __builtin_cpu_supports asks the system as well,
 * which may have switched wide registers off.
 */
static void
hash_lanes_open(struct hash_many *m)
{
	if (!__builtin_cpu_supports("avx2"))
		return;
	m->lanes = alloc_mb_mgr(0);
	if (m->lanes == NULL)
		die_world("out of memory for the lanes of libipsec-mb");
	if (__builtin_cpu_supports("avx512bw"))
		init_mb_mgr_auto(m->lanes, NULL);
	else
		init_mb_mgr_avx2(m->lanes);
	if (imb_get_errno(m->lanes) != 0)
		hash_lanes_free(m);
}

static bool
hash_fits_lane(struct span in)
{
	return in.n > 0 && in.n <= HASH_SHORT;
}

/* Returns how many jobs came back, 0 or 1. It need not be the job that was given last. */
static unsigned
hash_back(const IMB_JOB *job)
{
	if (job != NULL && job->status != IMB_STATUS_COMPLETED)
		die_bug("libipsec-mb failed to hash");
	return job != NULL;
}

/* Gives a job to the lanes. Returns how many came back. */
static unsigned
hash_submit(struct hash_many *m, IMB_HASH_ALG algorithm, struct span in, uint8_t *digest, size_t n)
{
	IMB_JOB *job = IMB_GET_NEXT_JOB(m->lanes);

	job->cipher_mode = IMB_CIPHER_NULL;
	job->cipher_direction = IMB_DIR_ENCRYPT;
	job->chain_order = IMB_ORDER_HASH_CIPHER;
	job->hash_alg = algorithm;
	job->src = in.p;
	job->hash_start_src_offset_in_bytes = 0;
	job->msg_len_to_hash_in_bytes = in.n;
	job->auth_tag_output = digest;
	job->auth_tag_output_len_in_bytes = n;
	return hash_back(IMB_SUBMIT_JOB(m->lanes));
}

/* Gives the jobs of one text to the lanes. Adds to *given how many there were; returns as above. */
static unsigned
hash_submit_wanted(struct hash_many *m, struct span in, enum hash_wanted wanted,
    struct hash_pair *out, unsigned *given)
{
	unsigned back = 0;

	if (wanted != HASH_ONLY_SHA256) {
		back += hash_submit(m, IMB_AUTH_SHA_1, in, out->sha1, HASH_SHA1);
		++*given;
	}
	if (wanted != HASH_ONLY_SHA1) {
		back += hash_submit(m, IMB_AUTH_SHA_256, in, out->sha256, HASH_SHA256);
		++*given;
	}
	return back;
}

/* Returns true, or false with nothing done when the texts are better hashed one by one. */
static bool
hash_side_by_side(struct hash_many *m, const struct span in[], unsigned n, enum hash_wanted wanted,
    struct hash_pair out[])
{
	unsigned given = 0, back = 0;

	if (m->lanes == NULL || n < HASH_FEW)
		return false;
	for (unsigned i = 0; i < n; i++) {
		if (hash_fits_lane(in[i]))
			back += hash_submit_wanted(m, in[i], wanted, &out[i], &given);
		else
			hash_pair(m->hash, in[i], wanted, &out[i]);
	}
	while (back < given && hash_back(IMB_FLUSH_JOB(m->lanes)) > 0)
		back++;
	if (back != given)
		die_bug("libipsec-mb gave %u of %u digests", back, given);
	return true;
}

#else

static void
hash_lanes_open(struct hash_many *m)
{
	(void)m;
}

static void
hash_lanes_free(struct hash_many *m)
{
	(void)m;
}

static bool
hash_side_by_side(struct hash_many *m, const struct span in[], unsigned n, enum hash_wanted wanted,
    struct hash_pair out[])
{
	(void)m, (void)in, (void)n, (void)wanted, (void)out;
	return false;
}

#endif

struct hash_many *
hash_many_open(struct hash *h)
{
	struct hash_many *m = calloc(1, sizeof(*m));

	if (m == NULL)
		die_world("out of memory for digests");
	m->hash = h;
	hash_lanes_open(m);
	return m;
}

void
hash_many_free(struct hash_many *m)
{
	if (m == NULL)
		return;
	hash_lanes_free(m);
	free(m);
}

void
hash_many(struct hash_many *m, const struct span in[], unsigned n, enum hash_wanted wanted,
    struct hash_pair out[])
{
	if (hash_side_by_side(m, in, n, wanted, out))
		return;
	for (unsigned i = 0; i < n; i++)
		hash_pair(m->hash, in[i], wanted, &out[i]);
}
