/*
 * The certificates that fill the logs. A certificate is drawn from a stream
 * and a number alone; each of its forms then has the same bytes every time.
 */
#ifndef LOG_CERT_H
#define LOG_CERT_H

#include "tests/log/names.h"
#include "tests/log/pki.h"

enum cert_form {
	CERT_BARE,	/* what a precertificate's leaf holds (RFC 6962 section 3.2): TBS only */
	CERT_PRE,	/* with the poison, perhaps under a precertificate signing CA */
	CERT_FINAL	/* with an SCT list, if given one */
};

/* What is wrong with a certificate, as seen in real logs. The entry around it is sound. */
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
	bool by_precert_ca;		/* the precertificate is */
	int64_t not_before, not_after;	/* seconds since 1970 */
	unsigned char serial[30];
	size_t serial_len;
	struct bytes subject;		/* DER Name */
	struct bytes names;		/* DER GeneralNames */
	struct bytes spki;
	struct rand rand;		/* where the extensions draw from */
};

/*
 * Draws certificate `number` of a stream, issued about `when`. broken: how
 * many of 10,000 have a defect. c is all zeros or holds an earlier one.
 */
void cert_draw(struct cert *c, const struct pki *, const char *stream, uint64_t number,
    int64_t when, uint32_t broken);
void cert_free(struct cert *);
void cert_put_tbs(const struct cert *, enum cert_form, const struct bytes *scts, struct bytes *out);
/* Appends the signed certificate. scts: a SignedCertificateTimestampList or NULL. */
void cert_put(const struct cert *, enum cert_form, const struct bytes *scts, struct bytes *out);
/* The certificates above the form, as submitted with it. */
const struct chain *cert_chain(const struct cert *, enum cert_form);

/* draft.c: the extensions, tag [3] and all. */
void draft_put(const struct cert *, enum cert_form, const struct bytes *scts, struct bytes *out);
/* subject.c: a Name; host as from san_put, perhaps "". */
void subject_put(struct bytes *out, struct rand *, enum subject_kind, enum defect,
    const char *host);
/* san.c: GeneralNames; the first DNS name, or "", is left in host. */
void san_put(struct bytes *out, struct rand *, enum subject_kind, enum defect,
    char host[NAMES_MAX_HOST]);

#endif
