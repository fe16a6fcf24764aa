/*
 * Compares TBSCertificates. A precertificate, its log entry and the final certificate
 * have the same TBSCertificate, except that the precertificate has the poison
 * extension and the final certificate has the extension with the SCT list (RFC 6962
 * sections 3.1 to 3.3).
 */
#ifndef CT_TBS_H
#define CT_TBS_H

#include "base/span.h"

/* Returns the first element in cert, a Certificate: the TBSCertificate. Empty if there is none. */
struct span tbs_of(struct span cert);

enum { MAX_TBS_PARTS = 8 };	/* more than certificates have; bounds the work on hostile ones */

/*
 * Finds the parts of tbs, a TBSCertificate, that the precertificate, the log entry and
 * the final certificate share, and sets parts to them, in their order: the fields
 * before the extensions, then the extensions without poison and SCT list. The lengths
 * of the elements around the extensions are left out, because poison and SCT list
 * change them. When tbs cannot be read, all of it is one part. Returns the number of
 * parts, 1 to MAX_TBS_PARTS; they point into tbs.
 */
size_t tbs_parts(struct span tbs, struct span parts[MAX_TBS_PARTS]);

/*
 * Compares tbs, the TBSCertificate in a log entry, with the TBSCertificate of precert,
 * the precertificate in DER. That must be equal to tbs, except that it has exactly one
 * poison extension (RFC 6962 3.1 and 3.2). delegated is true when precert was signed
 * by a precertificate signing certificate. In that case the issuer and
 * authorityKeyIdentifier may differ too, because in tbs they are those of the final
 * issuer. Returns NULL when all this holds, else a static reason.
 */
const char *tbs_differs(struct span tbs, struct span precert, bool delegated);

/*
 * Returns true when extended_key_usage, the value (contents of extnValue) of that
 * extension, has the purpose of precertificate signing (RFC 6962 3.1).
 */
bool tbs_signs_precerts(struct span extended_key_usage);

#endif
