/* Makes signed certificate timestamps (RFC 6962 sections 3.2 and 3.3). In: a precertificate. Out: an SCT. */
#include "tests/log/log.h"

static void
sct_put_message(struct bytes *out, uint64_t timestamp, const struct bytes *extensions,
    const struct key *issuer, const struct bytes *tbs)
{
	bytes_put_uint(out, 0, 2);	/* v1, certificate_timestamp */
	bytes_put_uint(out, timestamp, 8);
	bytes_put_uint(out, 1, 2);	/* precert_entry */
	bytes_put(out, issuer->id, sizeof(issuer->id));
	bytes_put_uint(out, tbs->len, 3);
	bytes_put(out, tbs->at, tbs->len);
	bytes_put_uint(out, extensions->len, 2);
	bytes_put(out, extensions->at, extensions->len);
}

void
sct_put(struct bytes *list, const struct key *log, uint64_t timestamp,
    const struct bytes *extensions, const struct key *issuer, const struct bytes *tbs)
{
	struct bytes sct = { 0 }, message = { 0 };

	bytes_put_byte(&sct, 0);
	bytes_put(&sct, log->id, sizeof(log->id));
	bytes_put_uint(&sct, timestamp, 8);
	bytes_put_uint(&sct, extensions->len, 2);
	bytes_put(&sct, extensions->at, extensions->len);
	sct_put_message(&message, timestamp, extensions, issuer, tbs);
	key_sign_tls(log, message.at, message.len, &sct);
	bytes_put_uint(list, sct.len, 2);
	bytes_put(list, sct.at, sct.len);
	bytes_free(&message);
	bytes_free(&sct);
}
