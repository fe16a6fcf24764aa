/*
 * What a precertificate, its log entry and the final certificate have in
 * common: the TBSCertificate but for the poison and the SCT list (RFC 6962
 * sections 3.1 to 3.3).
 */
#ifndef CT_TBS_H
#define CT_TBS_H

#include "base/span.h"

/* The TBSCertificate element of a Certificate; n 0 when there is none. */
struct span tbs_of(struct span cert);

enum { MAX_TBS_PARTS = 8 };

/*
 * The bytes that all three share, as spans of tbs in order: the fields before
 * the extensions, then the extensions without poison and SCT lists (without
 * the lengths around them, which these two change). Never more than
 * MAX_TBS_PARTS; bytes that cannot be walked are one part. Returns how many.
 */
size_t tbs_parts(struct span tbs, struct span parts[MAX_TBS_PARTS]);

/*
 * RFC 6962 3.2: tbs must be the TBSCertificate of precert without its poison,
 * of which there is one (3.1). When a precertificate signing certificate signed it (delegated), issuer and
 * authorityKeyIdentifier are those of the final issuer and may differ here.
 * NULL, or the reason.
 */
const char *tbs_differs(struct span tbs, struct span precert, bool delegated);

/* extendedKeyUsage of a chain certificate names precertificate signing (3.1). */
bool tbs_signs_precerts(struct span extended_key_usage);

#endif
