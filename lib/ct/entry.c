/*
 * Reads entries in RFC 6962 form. In: leaf_input and extra_data of one entry, base64
 * decoded, or the TimestampedEntry in a data tile; not trusted. Out: the parts, as
 * spans of the input. Standard: RFC 6962 3.1 to 3.4 and 4.6.
 */
#include "ct/entry.h"

const char *
entry_take(struct entry *e, struct rd *r)
{
	uint64_t type;

	memset(e, 0, sizeof(*e));
	if (!rd_uint(r, 8, &e->timestamp) || !rd_uint(r, 2, &type))
		return "RFC 6962 3.4: the entry is shorter than its header";
	if (type != ENTRY_X509 && type != ENTRY_PRECERT)
		return "RFC 6962 3.1: entry_type is neither x509_entry nor precert_entry";
	e->type = (enum entry_type)type;
	if (e->type == ENTRY_PRECERT && !rd_bytes(r, 32, &e->issuer_key_hash))
		return "RFC 6962 3.2: issuer_key_hash is cut off";
	if (!rd_opaque(r, 3, e->type == ENTRY_PRECERT ? &e->tbs : &e->cert))
		return e->type == ENTRY_PRECERT ? "RFC 6962 3.2: tbs_certificate is cut off" :
		    "RFC 6962 3.1: the certificate is cut off";
	return rd_opaque(r, 2, &e->extensions) ? NULL : "RFC 6962 3.4: extensions are cut off";
}

const char *
entry_parse_leaf(struct entry *e, struct span leaf_input)
{
	struct rd r = rd_of(leaf_input);
	uint64_t version, leaf_type;
	const char *why;

	if (!rd_uint(&r, 1, &version) || !rd_uint(&r, 1, &leaf_type))
		return "RFC 6962 3.4: leaf_input is shorter than its header";
	if (version != 0)
		return "RFC 6962 3.4: leaf_input is not of version v1";
	if (leaf_type != 0)
		return "RFC 6962 3.4: leaf_type is not timestamped_entry";
	why = entry_take(e, &r);
	return why != NULL || rd_done(&r) ? why : "RFC 6962 3.4: bytes behind the leaf";
}

const char *
entry_parse_extra(struct entry *e, struct span extra_data)
{
	struct rd r = rd_of(extra_data);
	struct span chain, cert;

	if (e->type == ENTRY_PRECERT && !rd_opaque(&r, 3, &e->precert))
		return "RFC 6962 4.6: pre_certificate is cut off";
	if (!rd_opaque(&r, 3, &e->chain))
		return "RFC 6962 4.6: the chain is cut off";
	if (!rd_done(&r))
		return "RFC 6962 4.6: bytes behind the chain";
	for (chain = e->chain; entry_issuer(&chain, &cert);)
		;
	return chain.n == 0 ? NULL : "RFC 6962 4.6: a chain certificate is cut off";
}

const char *
entry_parse(struct entry *e, struct span leaf_input, struct span extra_data)
{
	const char *why = entry_parse_leaf(e, leaf_input);

	return why != NULL ? why : entry_parse_extra(e, extra_data);
}

bool
entry_issuer(struct span *chain, struct span *cert)
{
	struct rd r = rd_of(*chain);

	if (!rd_opaque(&r, 3, cert))
		return false;
	*chain = span_of(r.p, rd_left(&r));
	return true;
}
