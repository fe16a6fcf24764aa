/*
 * The public key that checks the signatures of Google's log lists, log_list.sig, and that check.
 *
 * in: a list and its signature
 * out: whether it is one; the key. It is built in, because a key that is fetched from the place of
 * the list would prove nothing. The SHA-256 of its SubjectPublicKeyInfo is
 * f1d8b68e50210d8e73d9a3e97f571773c52d7f28c0b1a71beee81d8562e6fd85.
 */
#include "base/die.h"
#include "ct/loglist_key.h"

static const char loglist_pem[] =
	"-----BEGIN PUBLIC KEY-----\n"
	"MIICIjANBgkqhkiG9w0BAQEFAAOCAg8AMIICCgKCAgEAsu0BHGnQ++W2CTdyZyxv\n"
	"HHRALOZPlnu/VMVgo2m+JZ8MNbAOH2cgXb8mvOj8flsX/qPMuKIaauO+PwROMjiq\n"
	"fUpcFm80Kl7i97ZQyBDYKm3MkEYYpGN+skAR2OebX9G2DfDqFY8+jUpOOWtBNr3L\n"
	"rmVcwx+FcFdMjGDlrZ5JRmoJ/SeGKiORkbbu9eY1Wd0uVhz/xI5bQb0OgII7hEj+\n"
	"i/IPbJqOHgB8xQ5zWAJJ0DmG+FM6o7gk403v6W3S8qRYiR84c50KppGwe4YqSMkF\n"
	"bLDleGQWLoaDSpEWtESisb4JiLaY4H+Kk0EyAhPSb+49JfUozYl+lf7iFN3qRq/S\n"
	"IXXTh6z0S7Qa8EYDhKGCrpI03/+qprwy+my6fpWHi6aUIk4holUCmWvFxZDfixox\n"
	"K0RlqbFDl2JXMBquwlQpm8u5wrsic1ksIv9z8x9zh4PJqNpCah0ciemI3YGRQqSe\n"
	"/mRRXBiSn9YQBUPcaeqCYan+snGADFwHuXCd9xIAdFBolw9R9HTedHGUfVXPJDiF\n"
	"4VusfX6BRR/qaadB+bqEArF/TzuDUr6FvOR4o8lUUxgLuZ/7HO+bHnaPFKYHHSm+\n"
	"+z1lVDhhYuSZ8ax3T0C3FZpb7HMjZtpEorSV5ElKJEJwrhrBCMOD8L01EoSPrGlS\n"
	"1w22i9uGHMn/uGQKo28u7AsCAwEAAQ==\n"
	"-----END PUBLIC KEY-----\n";

struct sig_key *
loglist_google_key(void)
{
	struct sig_key *key;
	const char *why = sig_key_parse_pem(span_str(loglist_pem), &key);

	if (why != NULL)
		die_bug("the built-in log list key: %s", why);
	return key;
}

const char *
loglist_verify(struct span json, struct span sig, const struct sig_key *key)
{
	return sig_verify(key, json, sig) == NULL ? NULL
	    : "log list v3: log_list.sig is not a signature of this list";
}
