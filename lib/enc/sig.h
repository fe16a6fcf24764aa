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
 * Make a key: sig_key_parse of a SubjectPublicKeyInfo in DER, sig_key_parse_pem of
 * the first PUBLIC KEY block in a PEM text. They refuse curves other than P-256,
 * RSA keys of less than 2048 or more than 8192 bits, and bytes behind the DER. On
 * success *key is a new key, which the caller frees with sig_key_free; on failure
 * *key is left alone. The key holds a copy of the input.
 */
const char *sig_key_parse(struct span der, struct sig_key **key);
const char *sig_key_parse_pem(struct span pem, struct sig_key **key);

/* Frees key, which may be NULL. */
void sig_key_free(struct sig_key *key);

/* Returns the SubjectPublicKeyInfo that key was made of, in DER; it is valid as long as key. */
struct span sig_key_der(const struct sig_key *key);

/*
 * Checks that signature is a signature of message by the owner of key. signature
 * is a DER Ecdsa-Sig-Value, or for RSA the signature octets, without a header.
 * Returns NULL when it is, else a static reason.
 */
const char *sig_verify(const struct sig_key *key, struct span message, struct span signature);

/*
 * Checks a signature of message by the owner of key that stands in a DigitallySigned
 * (RFC 5246 section 4.7). digitally_signed must hold hash 4 (sha256), the algorithm of
 * key (3 for ecdsa, 1 for rsa), a length and the signature, and nothing behind it.
 * Returns NULL when the signature is right, else a static reason.
 */
const char *sig_verify_tls(const struct sig_key *key, struct span message,
    struct span digitally_signed);

#endif
