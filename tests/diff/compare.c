/*
 * Compares two readings of a certificate. In: the object that ct-parse made of it, and its DER, which
 * OpenSSL reads. Out: for each member, how the two compare.
 */
#include "tests/diff/compare.h"

#include <stdio.h>

#include "tests/diff/x509.h"

/* Makes leaf_cert flat, as x509_reading is: a member of an inner object gets a name with a dot. */
static json_t *
compare_flat(json_t *leaf)
{
	json_t *flat = json_object(), *value, *inner;
	const char *key, *name;
	char both[128];

	json_object_foreach (leaf, key, value) {
		json_object_set(flat, key, value);
		json_object_foreach (value, name, inner) {
			snprintf(both, sizeof(both), "%s.%s", key, name);
			json_object_set(flat, both, inner);
		}
	}
	json_object_del(flat, "as_der");
	json_object_del(flat, "extensions");
	json_object_del(flat, "issuer");
	json_object_del(flat, "mismatch");
	json_object_del(flat, "parse_error");
	json_object_del(flat, "subject");
	return flat;
}

bool
compare_open(struct compare *c, json_t *leaf, struct span der, struct span submitted,
    bool is_precert)
{
	const unsigned char *p = der.p;

	*c = (struct compare){ .x = d2i_X509(NULL, &p, (long)der.n), .der = der };
	if (c->x == NULL)
		return false;
	c->told = json_string_value(json_object_get(leaf, "parse_error"));
	c->ours = compare_flat(leaf);
	c->theirs = x509_reading(c->x, submitted, is_precert);
	c->names = x509_every_name(c->x);
	return true;
}

void
compare_close(struct compare *c)
{
	json_decref(c->ours);
	json_decref(c->theirs);
	json_decref(c->names);
	X509_free(c->x);
}

enum compare_result
compare_member(const struct compare *c, const char *name)
{
	const json_t *ours = json_object_get(c->ours, name), *theirs = json_object_get(c->theirs, name);

	return ours == theirs || json_equal(ours, theirs) ? COMPARE_AGREE : explain(c, name);
}

const json_t *
compare_missing_name(const struct compare *c)
{
	const json_t *all = json_object_get(c->ours, "all_domains"), *name;
	size_t i;

	json_array_foreach (c->names, i, name)
		if (!x509_holds(all, name))
			return name;
	return NULL;
}
