/*
 * The certificates that fill the logs. All of a certificate is drawn from the stream with
 * its name and number, so each of its forms has the same bytes every time.
 */
#ifndef LOG_CERT_H
#define LOG_CERT_H

#include "tests/log/names.h"
#include "tests/log/pki.h"

enum cert_form {
	CERT_BARE,	/* the TBSCertificate in a precertificate's leaf (RFC 6962 section 3.2) */
	CERT_PRE,	/* the precertificate, which has the poison */
	CERT_FINAL	/* the certificate, which has the SCT list that it is given */
};

/* What is wrong with a certificate, as in real logs. The entry that holds it is right. */
enum defect {
	DEFECT_NONE,
	DEFECT_SUBJECT_UTF8,		/* UTF8String that is not UTF-8 */
	DEFECT_SUBJECT_BMP,		/* BMPString of an odd length */
	DEFECT_SERIAL_NEGATIVE,
	DEFECT_SERIAL_LONG,		/* 30 octets */
	DEFECT_TIME_NO_ZONE,		/* UTCTime without Z */
	DEFECT_BOOLEAN_ONE,		/* critical TRUE as 01, not ff */
	DEFECT_KEY_USAGE_PADDING,	/* unused bits set */
	DEFECT_VALUE_GARBAGE,		/* extnValue that is not DER */
	DEFECT_VALUE_CUT,		/* SEQUENCE that promises more than there is */
	DEFECT_EXTENSION_TWICE,
	DEFECT_SAN_EMPTY,
	DEFECT_SAN_NUL,
	DEFECT_SAN_SPACE,
	DEFECT_SAN_URL,			/* a URL as dNSName */
	DEFECT_SAN_LATIN,		/* bytes beyond ASCII */
	DEFECT_SAN_ADDRESS,		/* iPAddress of 5 octets */
	DEFECTS
};

enum subject_kind {
	SUBJECT_EMPTY,
	SUBJECT_HOST,
	SUBJECT_ORGANISATION,
	SUBJECT_EXTENDED,	/* CA/Browser Forum EV Guidelines */
	SUBJECT_ODD,		/* every string type, multi-valued and repeated RDNs */
	SUBJECT_PERSON		/* e-mail certificates */
};

struct cert {
	const struct pki *pki;
	const struct issuer *issuer;
	enum defect defect;
	enum subject_kind kind;
	bool by_precert_ca;		/* a precertificate signing CA signs the precertificate */
	int64_t not_before, not_after;	/* seconds since 1970 */
	unsigned char serial[30];
	size_t serial_len;
	struct bytes subject;		/* DER Name */
	struct bytes names;		/* DER GeneralNames */
	struct bytes spki;
	struct rand rand;		/* the stream that the extensions are drawn from */
};

/*
 * Draws into *c the certificate with this number in the stream, with an issuer of pki. It is issued at
 * about `when`, in seconds since 1970, and broken is how many certificates of 10,000 have a defect. *c is
 * all zeros, or holds an earlier certificate, whose memory is used again.
 */
void cert_draw(struct cert *c, const struct pki *pki, const char *stream, uint64_t number,
    int64_t when, uint32_t broken);
/* Frees what c holds. */
void cert_free(struct cert *c);
/*
 * Appends to out the TBSCertificate of c in this form. scts, here and below, is a
 * SignedCertificateTimestampList, or NULL for none.
 */
void cert_put_tbs(const struct cert *c, enum cert_form form, const struct bytes *scts,
    struct bytes *out);
/* Appends to out the signed certificate c in this form, CERT_PRE or CERT_FINAL. */
void cert_put(const struct cert *c, enum cert_form form, const struct bytes *scts,
    struct bytes *out);
/* Returns the certificates above c, as they are submitted with this form of it. */
const struct chain *cert_chain(const struct cert *c, enum cert_form form);

/* In draft.c: appends to out the extensions of c in this form, with their tag [3]. */
void draft_put(const struct cert *c, enum cert_form form, const struct bytes *scts,
    struct bytes *out);
/* In subject.c: appends to out a Name of this kind, drawn from r, with this defect. host is from san_put. */
void subject_put(struct bytes *out, struct rand *r, enum subject_kind kind, enum defect defect,
    const char *host);
/*
 * In san.c: appends to out GeneralNames for a subject of this kind with this defect, drawn from r, and
 * writes the first DNS name, or "", to host.
 */
void san_put(struct bytes *out, struct rand *r, enum subject_kind kind, enum defect defect,
    char host[NAMES_MAX_HOST]);

#endif
