/*
 * Public keys, and the two signature schemes of Certificate Transparency (RFC
 * 6962 section 2.1.4): ECDSA over P-256 and RSA PKCS#1 v1.5, both with SHA-256.
 *
 * A function that returns const char * returns NULL when all is well, and else a
 * static string that says what is wrong.
 */
#ifndef ENC_SIG_H
#define ENC_SIG_H

#include "base/span.h"

struct sig_key;

/*
 * Make a key of a DER SubjectPublicKeyInfo, or of the first PUBLIC KEY block in a
 * PEM text. They refuse curves other than P-256, RSA keys of less than 2048 or
 * more than 8192 bits, and bytes behind the DER. On success *key is set, and the
 * caller ends it with sig_key_free; else it is left alone. The input is copied.
 */
const char *sig_key_parse(struct span der, struct sig_key **key);
const char *sig_key_parse_pem(struct span pem, struct sig_key **key);

/* Ends the key; NULL is allowed. */
void sig_key_free(struct sig_key *);

/* Returns the key's SubjectPublicKeyInfo as it was given; valid as long as the key. */
struct span sig_key_der(const struct sig_key *);

/*
 * Checks that signature is one of message by this key. signature has no header:
 * it is a DER Ecdsa-Sig-Value, or the octets of RSA.
 */
const char *sig_verify(const struct sig_key *, struct span message, struct span signature);

/*
 * Checks the signature in a DigitallySigned (RFC 5246 section 4.7): hash 4
 * (sha256), algorithm 3 (ecdsa) or 1 (rsa) as the key is, a length, the signature
 * itself and nothing behind it.
 */
const char *sig_verify_tls(const struct sig_key *, struct span message,
    struct span digitally_signed);

#endif
