/*
 * Names OIDs. In: the contents of an OID. Out: what OpenSSL 3.0 calls it. OpenSSL
 * names 1,104 OIDs. The table has those of them that occur in the extensions and
 * names of the certificates in the corpus, and others under the same arcs. The unit
 * tests compare each with OpenSSL.
 */
#include "x509/oid.h"

#include "enc/text.h"

enum { LONGEST = 11 };

/* In the order of their bytes, for the binary search. */
static const struct oid_name {
	char oid[LONGEST];
	uint8_t n;
	const char *brief, *name;
} oid_names[] = {
	{ "\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01", 10, "UID", "userId" },
	{ "\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x03", 10, "mail", "rfc822Mailbox" },
	{ "\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19", 10, "DC", "domainComponent" },
	{ "\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x2c", 10, "uid", "uniqueIdentifier" },
	{ "\x2a\x85\x03\x03\x81\x03\x01\x01", 8, "INN", "INN" },
	{ "\x2a\x85\x03\x64\x01", 5, "OGRN", "OGRN" },
	{ "\x2a\x85\x03\x64\x03", 5, "SNILS", "SNILS" },
	{ "\x2a\x85\x03\x64\x05", 5, "OGRNIP", "OGRNIP" },
	{ "\x2a\x85\x03\x64\x6f", 5, "subjectSignTool", "Signing Tool of Subject" },
	{ "\x2a\x85\x03\x64\x70", 5, "issuerSignTool", "Signing Tool of Issuer" },
	{ "\x2a\x85\x03\x64\x71", 5, "classSignTool", "Class of Signing Tool" },
	{ "\x2a\x85\x03\x64\x71\x01", 6, "classSignToolKC1", "Class of Signing Tool KC1" },
	{ "\x2a\x85\x03\x64\x71\x02", 6, "classSignToolKC2", "Class of Signing Tool KC2" },
	{ "\x2a\x85\x03\x64\x71\x03", 6, "classSignToolKC3", "Class of Signing Tool KC3" },
	{ "\x2a\x85\x03\x64\x71\x04", 6, "classSignToolKB1", "Class of Signing Tool KB1" },
	{ "\x2a\x85\x03\x64\x71\x05", 6, "classSignToolKB2", "Class of Signing Tool KB2" },
	{ "\x2a\x85\x03\x64\x71\x06", 6, "classSignToolKA1", "Class of Signing Tool KA1" },
	{ "\x2a\x86\x48\x86\xf7\x0d", 6, "rsadsi", "RSA Data Security, Inc." },
	{ "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01", 9, "emailAddress", "emailAddress" },
	{ "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x02", 9, "unstructuredName", "unstructuredName" },
	{ "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x08", 9, "unstructuredAddress", "unstructuredAddress" },
	{ "\x2b", 1, "ORG", "org" },
	{ "\x2b\x06\x01\x04\x01\x82\x37\x02\x01\x15", 10, "msCodeInd", "Microsoft Individual Code Signing" },
	{ "\x2b\x06\x01\x04\x01\x82\x37\x02\x01\x16", 10, "msCodeCom", "Microsoft Commercial Code Signing" },
	{ "\x2b\x06\x01\x04\x01\x82\x37\x0a\x03\x01", 10, "msCTLSign", "Microsoft Trust List Signing" },
	{ "\x2b\x06\x01\x04\x01\x82\x37\x0a\x03\x03", 10, "msSGC", "Microsoft Server Gated Crypto" },
	{ "\x2b\x06\x01\x04\x01\x82\x37\x0a\x03\x04", 10, "msEFS", "Microsoft Encrypted File System" },
	{ "\x2b\x06\x01\x04\x01\x82\x37\x14\x02\x02", 10, "msSmartcardLogin", "Microsoft Smartcard Login" },
	{ "\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x01", 11, "jurisdictionL", "jurisdictionLocalityName" },
	{ "\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x02", 11,
	    "jurisdictionST", "jurisdictionStateOrProvinceName" },
	{ "\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x03", 11, "jurisdictionC", "jurisdictionCountryName" },
	{ "\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x04", 10, "ct_precert_signer", "CT Precertificate Signer" },
	{ "\x2b\x06\x01\x05\x02\x03\x04", 7, "pkInitClientAuth", "PKINIT Client Auth" },
	{ "\x2b\x06\x01\x05\x02\x03\x05", 7, "pkInitKDC", "Signing KDC Response" },
	{ "\x2b\x06\x01\x05\x05\x07\x01\x01", 8, "authorityInfoAccess", "Authority Information Access" },
	{ "\x2b\x06\x01\x05\x05\x07\x01\x02", 8, "biometricInfo", "Biometric Info" },
	{ "\x2b\x06\x01\x05\x05\x07\x01\x03", 8, "qcStatements", "qcStatements" },
	{ "\x2b\x06\x01\x05\x05\x07\x01\x04", 8, "ac-auditEntity", "ac-auditEntity" },
	{ "\x2b\x06\x01\x05\x05\x07\x01\x05", 8, "ac-targeting", "ac-targeting" },
	{ "\x2b\x06\x01\x05\x05\x07\x01\x06", 8, "aaControls", "aaControls" },
	{ "\x2b\x06\x01\x05\x05\x07\x01\x07", 8, "sbgp-ipAddrBlock", "sbgp-ipAddrBlock" },
	{ "\x2b\x06\x01\x05\x05\x07\x01\x08", 8, "sbgp-autonomousSysNum", "sbgp-autonomousSysNum" },
	{ "\x2b\x06\x01\x05\x05\x07\x01\x09", 8, "sbgp-routerIdentifier", "sbgp-routerIdentifier" },
	{ "\x2b\x06\x01\x05\x05\x07\x01\x0a", 8, "ac-proxying", "ac-proxying" },
	{ "\x2b\x06\x01\x05\x05\x07\x01\x0b", 8, "subjectInfoAccess", "Subject Information Access" },
	{ "\x2b\x06\x01\x05\x05\x07\x01\x0e", 8, "proxyCertInfo", "Proxy Certificate Information" },
	{ "\x2b\x06\x01\x05\x05\x07\x01\x18", 8, "tlsfeature", "TLS Feature" },
	{ "\x2b\x06\x01\x05\x05\x07\x01\x1c", 8, "sbgp-ipAddrBlockv2", "sbgp-ipAddrBlockv2" },
	{ "\x2b\x06\x01\x05\x05\x07\x01\x1d", 8, "sbgp-autonomousSysNumv2", "sbgp-autonomousSysNumv2" },
	{ "\x2b\x06\x01\x05\x05\x07\x02\x01", 8, "id-qt-cps", "Policy Qualifier CPS" },
	{ "\x2b\x06\x01\x05\x05\x07\x02\x02", 8, "id-qt-unotice", "Policy Qualifier User Notice" },
	{ "\x2b\x06\x01\x05\x05\x07\x02\x03", 8, "textNotice", "textNotice" },
	{ "\x2b\x06\x01\x05\x05\x07\x03\x01", 8, "serverAuth", "TLS Web Server Authentication" },
	{ "\x2b\x06\x01\x05\x05\x07\x03\x02", 8, "clientAuth", "TLS Web Client Authentication" },
	{ "\x2b\x06\x01\x05\x05\x07\x03\x03", 8, "codeSigning", "Code Signing" },
	{ "\x2b\x06\x01\x05\x05\x07\x03\x04", 8, "emailProtection", "E-mail Protection" },
	{ "\x2b\x06\x01\x05\x05\x07\x03\x05", 8, "ipsecEndSystem", "IPSec End System" },
	{ "\x2b\x06\x01\x05\x05\x07\x03\x06", 8, "ipsecTunnel", "IPSec Tunnel" },
	{ "\x2b\x06\x01\x05\x05\x07\x03\x07", 8, "ipsecUser", "IPSec User" },
	{ "\x2b\x06\x01\x05\x05\x07\x03\x08", 8, "timeStamping", "Time Stamping" },
	{ "\x2b\x06\x01\x05\x05\x07\x03\x09", 8, "OCSPSigning", "OCSP Signing" },
	{ "\x2b\x06\x01\x05\x05\x07\x03\x0a", 8, "DVCS", "dvcs" },
	{ "\x2b\x06\x01\x05\x05\x07\x03\x11", 8, "ipsecIKE", "ipsec Internet Key Exchange" },
	{ "\x2b\x06\x01\x05\x05\x07\x03\x12", 8, "capwapAC", "Ctrl/provision WAP Access" },
	{ "\x2b\x06\x01\x05\x05\x07\x03\x13", 8, "capwapWTP", "Ctrl/Provision WAP Termination" },
	{ "\x2b\x06\x01\x05\x05\x07\x03\x15", 8, "secureShellClient", "SSH Client" },
	{ "\x2b\x06\x01\x05\x05\x07\x03\x16", 8, "secureShellServer", "SSH Server" },
	{ "\x2b\x06\x01\x05\x05\x07\x03\x17", 8, "sendRouter", "Send Router" },
	{ "\x2b\x06\x01\x05\x05\x07\x03\x18", 8, "sendProxiedRouter", "Send Proxied Router" },
	{ "\x2b\x06\x01\x05\x05\x07\x03\x19", 8, "sendOwner", "Send Owner" },
	{ "\x2b\x06\x01\x05\x05\x07\x03\x1a", 8, "sendProxiedOwner", "Send Proxied Owner" },
	{ "\x2b\x06\x01\x05\x05\x07\x03\x1b", 8, "cmcCA", "CMC Certificate Authority" },
	{ "\x2b\x06\x01\x05\x05\x07\x03\x1c", 8, "cmcRA", "CMC Registration Authority" },
	{ "\x2b\x06\x01\x05\x05\x07\x03\x1d", 8, "cmcArchive", "CMC Archive Server" },
	{ "\x2b\x06\x01\x05\x05\x07\x03\x1e", 8, "id-kp-bgpsec-router", "BGPsec Router" },
	{ "\x2b\x06\x01\x05\x05\x07\x03\x1f", 8,
	    "id-kp-BrandIndicatorforMessageIdentification",
	    "Brand Indicator for Message Identification" },
	{ "\x2b\x06\x01\x05\x05\x07\x03\x20", 8, "cmKGA", "Certificate Management Key Generation Authority" },
	{ "\x2b\x06\x01\x05\x05\x07\x0e\x02", 8, "ipAddr-asNumber", "ipAddr-asNumber" },
	{ "\x2b\x06\x01\x05\x05\x07\x0e\x03", 8, "ipAddr-asNumberv2", "ipAddr-asNumberv2" },
	{ "\x2b\x06\x01\x05\x05\x07\x30\x01", 8, "OCSP", "OCSP" },
	{ "\x2b\x06\x01\x05\x05\x07\x30\x02", 8, "caIssuers", "CA Issuers" },
	{ "\x2b\x06\x01\x05\x05\x07\x30\x03", 8, "ad_timestamping", "AD Time Stamping" },
	{ "\x2b\x06\x01\x05\x05\x07\x30\x04", 8, "AD_DVCS", "ad dvcs" },
	{ "\x2b\x06\x01\x05\x05\x07\x30\x05", 8, "caRepository", "CA Repository" },
	{ "\x2b\x06\x01\x05\x05\x07\x30\x0a", 8, "rpkiManifest", "RPKI Manifest" },
	{ "\x2b\x06\x01\x05\x05\x07\x30\x0b", 8, "signedObject", "Signed Object" },
	{ "\x2b\x06\x01\x05\x05\x07\x30\x0d", 8, "rpkiNotify", "RPKI Notify" },
	{ "\x55\x04\x03", 3, "CN", "commonName" },
	{ "\x55\x04\x04", 3, "SN", "surname" },
	{ "\x55\x04\x05", 3, "serialNumber", "serialNumber" },
	{ "\x55\x04\x06", 3, "C", "countryName" },
	{ "\x55\x04\x07", 3, "L", "localityName" },
	{ "\x55\x04\x08", 3, "ST", "stateOrProvinceName" },
	{ "\x55\x04\x09", 3, "street", "streetAddress" },
	{ "\x55\x04\x0a", 3, "O", "organizationName" },
	{ "\x55\x04\x0b", 3, "OU", "organizationalUnitName" },
	{ "\x55\x04\x0c", 3, "title", "title" },
	{ "\x55\x04\x0d", 3, "description", "description" },
	{ "\x55\x04\x0e", 3, "searchGuide", "searchGuide" },
	{ "\x55\x04\x0f", 3, "businessCategory", "businessCategory" },
	{ "\x55\x04\x10", 3, "postalAddress", "postalAddress" },
	{ "\x55\x04\x11", 3, "postalCode", "postalCode" },
	{ "\x55\x04\x12", 3, "postOfficeBox", "postOfficeBox" },
	{ "\x55\x04\x13", 3, "physicalDeliveryOfficeName", "physicalDeliveryOfficeName" },
	{ "\x55\x04\x14", 3, "telephoneNumber", "telephoneNumber" },
	{ "\x55\x04\x15", 3, "telexNumber", "telexNumber" },
	{ "\x55\x04\x16", 3, "teletexTerminalIdentifier", "teletexTerminalIdentifier" },
	{ "\x55\x04\x17", 3, "facsimileTelephoneNumber", "facsimileTelephoneNumber" },
	{ "\x55\x04\x18", 3, "x121Address", "x121Address" },
	{ "\x55\x04\x19", 3, "internationaliSDNNumber", "internationaliSDNNumber" },
	{ "\x55\x04\x1a", 3, "registeredAddress", "registeredAddress" },
	{ "\x55\x04\x1b", 3, "destinationIndicator", "destinationIndicator" },
	{ "\x55\x04\x1c", 3, "preferredDeliveryMethod", "preferredDeliveryMethod" },
	{ "\x55\x04\x1d", 3, "presentationAddress", "presentationAddress" },
	{ "\x55\x04\x1e", 3, "supportedApplicationContext", "supportedApplicationContext" },
	{ "\x55\x04\x1f", 3, "member", "member" },
	{ "\x55\x04\x20", 3, "owner", "owner" },
	{ "\x55\x04\x21", 3, "roleOccupant", "roleOccupant" },
	{ "\x55\x04\x22", 3, "seeAlso", "seeAlso" },
	{ "\x55\x04\x23", 3, "userPassword", "userPassword" },
	{ "\x55\x04\x24", 3, "userCertificate", "userCertificate" },
	{ "\x55\x04\x25", 3, "cACertificate", "cACertificate" },
	{ "\x55\x04\x26", 3, "authorityRevocationList", "authorityRevocationList" },
	{ "\x55\x04\x27", 3, "certificateRevocationList", "certificateRevocationList" },
	{ "\x55\x04\x28", 3, "crossCertificatePair", "crossCertificatePair" },
	{ "\x55\x04\x29", 3, "name", "name" },
	{ "\x55\x04\x2a", 3, "GN", "givenName" },
	{ "\x55\x04\x2b", 3, "initials", "initials" },
	{ "\x55\x04\x2c", 3, "generationQualifier", "generationQualifier" },
	{ "\x55\x04\x2d", 3, "x500UniqueIdentifier", "x500UniqueIdentifier" },
	{ "\x55\x04\x2e", 3, "dnQualifier", "dnQualifier" },
	{ "\x55\x04\x2f", 3, "enhancedSearchGuide", "enhancedSearchGuide" },
	{ "\x55\x04\x30", 3, "protocolInformation", "protocolInformation" },
	{ "\x55\x04\x31", 3, "distinguishedName", "distinguishedName" },
	{ "\x55\x04\x32", 3, "uniqueMember", "uniqueMember" },
	{ "\x55\x04\x33", 3, "houseIdentifier", "houseIdentifier" },
	{ "\x55\x04\x34", 3, "supportedAlgorithms", "supportedAlgorithms" },
	{ "\x55\x04\x35", 3, "deltaRevocationList", "deltaRevocationList" },
	{ "\x55\x04\x36", 3, "dmdName", "dmdName" },
	{ "\x55\x04\x41", 3, "pseudonym", "pseudonym" },
	{ "\x55\x04\x48", 3, "role", "role" },
	{ "\x55\x04\x61", 3, "organizationIdentifier", "organizationIdentifier" },
	{ "\x55\x04\x62", 3, "c3", "countryCode3c" },
	{ "\x55\x04\x63", 3, "n3", "countryCode3n" },
	{ "\x55\x04\x64", 3, "dnsName", "dnsName" },
	{ "\x55\x1d\x11", 3, "subjectAltName", "X509v3 Subject Alternative Name" },
	{ "\x55\x1d\x20\x00", 4, "anyPolicy", "X509v3 Any Policy" },
	{ "\x55\x1d\x25\x00", 4, "anyExtendedKeyUsage", "Any Extended Key Usage" },
	{ "\x60\x86\x48\x01\x86\xf8\x42\x04\x01", 9, "nsSGC", "Netscape Server Gated Crypto" },
};

static const struct oid_name *
oid_find(struct span oid)
{
	size_t low = 0, high = sizeof(oid_names) / sizeof(oid_names[0]), at;
	int c;

	while (low < high) {
		at = (low + high) / 2;
		c = span_cmp(oid, span_of(oid_names[at].oid, oid_names[at].n));
		if (c == 0)
			return &oid_names[at];
		if (c < 0)
			high = at;
		else
			low = at + 1;
	}
	return NULL;
}

const char *
oid_short(struct span oid)
{
	const struct oid_name *found = oid_find(oid);

	return found != NULL ? found->brief : NULL;
}

void
oid_put(struct buf *b, struct span oid)
{
	const struct oid_name *found = oid_find(oid);

	if (found != NULL)
		buf_puts(b, found->name);
	else
		text_put_oid(b, oid);
}
