/*
 * Public keys and the two signature schemes Certificate Transparency uses
 * (RFC 6962 section 2.1.4): ECDSA over P-256 and RSA PKCS#1 v1.5, both with
 * SHA-256. A reason is a static string; NULL is fine.
 */
#ifndef ENC_SIG_H
#define ENC_SIG_H

#include "base/span.h"

struct sig_key;

/*
 * A key from a DER SubjectPublicKeyInfo, or from the first PUBLIC KEY block of
 * a PEM text. Anything behind the DER, a curve other than P-256 and RSA below
 * 2048 or above 8192 bits are refused. *key is set only on success; the caller
 * frees it. The input is copied.
 */
const char *sig_key_parse(struct span der, struct sig_key **key);
const char *sig_key_parse_pem(struct span pem, struct sig_key **key);
void sig_key_free(struct sig_key *);	/* NULL is fine */

/* The SubjectPublicKeyInfo as it was given; valid as long as the key. */
struct span sig_key_der(const struct sig_key *);

/* The bare signature: DER Ecdsa-Sig-Value or RSA octets, as the key is. */
const char *sig_verify(const struct sig_key *, struct span message, struct span signature);

/*
 * The signature inside a DigitallySigned of RFC 5246 section 4.7: hash 4
 * (sha256), algorithm 3 (ecdsa) or 1 (rsa) as the key is, length, signature,
 * and nothing behind it.
 */
const char *sig_verify_tls(const struct sig_key *, struct span message,
    struct span digitally_signed);

#endif
