/*
 * What a precertificate, its log entry and the final certificate have in
 * common: the TBSCertificate but for the poison and the SCT list (RFC 6962
 * sections 3.1 to 3.3).
 */
#ifndef CT_TBS_H
#define CT_TBS_H

#include "base/span.h"

/* Returns the whole TBSCertificate element of a Certificate; n is 0 when there is none. */
struct span tbs_of(struct span cert);

enum { MAX_TBS_PARTS = 8 };

/*
 * Sets parts to the bytes of tbs that all three share, in their order: the fields
 * before the extensions, then the extensions except poison and SCT lists. The
 * lengths around the extensions are left out, since those two change them. Bytes
 * that cannot be read are one part. Returns how many parts there are, at most
 * MAX_TBS_PARTS.
 */
size_t tbs_parts(struct span tbs, struct span parts[MAX_TBS_PARTS]);

/*
 * Compares tbs, the TBSCertificate in a log entry, with that of precert, the
 * precertificate: they must be the same but for the poison, of which precert has one
 * (RFC 6962 3.1 and 3.2). delegated says that a precertificate signing certificate
 * signed precert; issuer and authorityKeyIdentifier of tbs are then those of the
 * final issuer and may differ. Returns NULL, or a static reason.
 */
const char *tbs_differs(struct span tbs, struct span precert, bool delegated);

/*
 * Tells whether extended_key_usage, the value of that extension in a chain
 * certificate, names precertificate signing (RFC 6962 3.1).
 */
bool tbs_signs_precerts(struct span extended_key_usage);

#endif
