/*
 * Walks the extensions that hold lists, item by item. A walk begins with ext_open;
 * an ext_next_... function takes the next item and returns false at the end. An
 * element that is not such an item is passed over. *odd is set, and never cleared,
 * when something could not be read or was passed over. All spans point into the
 * extension's value.
 */
#ifndef X509_EXT_LIST_H
#define X509_EXT_LIST_H

#include "x509/san.h"

/* Begins a walk over any SEQUENCE OF. Returns false when value does not hold a SEQUENCE. */
bool ext_open(struct der *list, struct span value, bool *odd);

/* AccessDescription: RFC 5280 4.2.2.1. */
struct ext_access {
	struct span method;	/* OID */
	struct san location;
};

bool ext_next_access(struct der *list, struct ext_access *, bool *odd);

/* PolicyInformation: RFC 5280 4.2.1.4; qualifiers is a walk for ext_next_qualifier. */
bool ext_next_policy(struct der *list, struct span *oid, struct der *qualifiers, bool *odd);

/* PolicyQualifierInfo: RFC 5280 4.2.1.4. qualifier->tag is 0 when it has an OID alone. */
bool ext_next_qualifier(struct der *qualifiers, struct span *oid, struct der_item *qualifier,
    bool *odd);

/* DistributionPoint: RFC 5280 4.2.1.13. What is absent has p NULL. */
struct ext_point {
	struct span full_name;	/* contents of GeneralNames, for san_next */
	struct span relative;	/* contents of a RelativeDistinguishedName */
	struct span reasons;	/* contents of the BIT STRING */
	struct span issuer;	/* contents of GeneralNames */
};

bool ext_next_point(struct der *list, struct ext_point *, bool *odd);

/* AuthorityKeyIdentifier: RFC 5280 4.2.1.1, its parts in any order. What is absent has p NULL. */
struct ext_key_id {
	struct span key;	/* contents of keyIdentifier */
	struct span issuer;	/* contents of GeneralNames */
	struct span serial;	/* contents of the INTEGER */
};

/* Reads an AuthorityKeyIdentifier. Returns false when value does not hold a SEQUENCE. */
bool ext_key_id(struct ext_key_id *, struct span value, bool *odd);

#endif
