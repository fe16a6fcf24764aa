/*
 * The extensions that hold lists, item by item. A walk begins with san_open,
 * which opens any SEQUENCE OF; it ends at the end or at an item that cannot be
 * read, and der_done tells which. All spans point into the extension's value.
 */
#ifndef CT_EXT_LIST_H
#define CT_EXT_LIST_H

#include "ct/san.h"

/* AccessDescription: RFC 5280 4.2.2.1. */
struct ext_access {
	struct span method;	/* OID */
	struct san location;
};

bool ext_next_access(struct der *list, struct ext_access *);

/* PolicyInformation: RFC 5280 4.2.1.4; qualifiers is a walk for ext_next_qualifier. */
bool ext_next_policy(struct der *list, struct span *oid, struct der *qualifiers);

/* PolicyQualifierInfo; the qualifier's tag is 0 when there is none. */
bool ext_next_qualifier(struct der *qualifiers, struct span *oid, struct der_item *qualifier);

/* DistributionPoint: RFC 5280 4.2.1.13. What is absent has p NULL. */
struct ext_point {
	struct span full_name;	/* contents of GeneralNames, for san_next */
	struct span relative;	/* contents of a RelativeDistinguishedName */
	struct span reasons;	/* contents of the BIT STRING */
	struct span issuer;	/* contents of GeneralNames */
};

bool ext_next_point(struct der *list, struct ext_point *);

#endif
