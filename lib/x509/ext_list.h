/*
 * Reads extensions that hold lists, item by item. value is the contents of extnValue, and
 * ext_open begins a walk over the list in it. Each ext_next_... function takes the next item off
 * the walk list. It returns true with its results set, or false when no item is left. Elements
 * that are not such an item are passed over. Every function sets *odd when something could not be
 * read or was passed over, and never clears it. All spans point into value.
 */
#ifndef X509_EXT_LIST_H
#define X509_EXT_LIST_H

#include "x509/san.h"

/*
 * Begins a walk over the elements of the SEQUENCE in value. Returns true with *list set, or false
 * when value does not hold a SEQUENCE.
 */
bool ext_open(struct der *list, struct span value, bool *odd);

/* An AccessDescription of authorityInfoAccess: RFC 5280 4.2.2.1. */
struct ext_access {
	struct span method;	/* contents of the OID */
	struct san location;
};

/* Takes the next AccessDescription off list into *access. */
bool ext_next_access(struct der *list, struct ext_access *access, bool *odd);

/*
 * Takes the next PolicyInformation of certificatePolicies: RFC 5280 4.2.1.4. *oid becomes the
 * contents of its OID, and *qualifiers a walk for ext_next_qualifier, which may be empty.
 */
bool ext_next_policy(struct der *list, struct span *oid, struct der *qualifiers, bool *odd);

/*
 * Takes the next PolicyQualifierInfo of a policy: RFC 5280 4.2.1.4. *oid becomes the contents of
 * its OID, and *qualifier the element behind that; qualifier->tag is 0 when no element is there.
 */
bool ext_next_qualifier(struct der *qualifiers, struct span *oid, struct der_item *qualifier,
    bool *odd);

/* A DistributionPoint: RFC 5280 4.2.1.13. p is NULL in a member that is absent. */
struct ext_point {
	struct span full_name;	/* contents of GeneralNames, for san_next */
	struct span relative;	/* contents of a RelativeDistinguishedName */
	struct span reasons;	/* contents of the BIT STRING */
	struct span issuer;	/* contents of GeneralNames */
};

/* Takes the next DistributionPoint of cRLDistributionPoints. */
bool ext_next_point(struct der *list, struct ext_point *point, bool *odd);

/* An AuthorityKeyIdentifier: RFC 5280 4.2.1.1. p is NULL in a member that is absent. */
struct ext_key_id {
	struct span key;	/* contents of keyIdentifier */
	struct span issuer;	/* contents of GeneralNames */
	struct span serial;	/* contents of the INTEGER */
};

/*
 * Reads an AuthorityKeyIdentifier, whose parts may come in any order. Returns true with *id set,
 * or false with all members of *id absent when value does not hold a SEQUENCE.
 */
bool ext_key_id(struct ext_key_id *id, struct span value, bool *odd);

#endif
