/*
 * The example that is shown until the first certificate comes.
 *
 * in: nothing
 * out: one event in format go
 *
 * The certificate and its issuer were made for this with OpenSSL, and ct-parse made the event of
 * them, so all parts of it belong together. Their keys have been thrown away.
 */
#include "ct-ws/site/example.h"

static const char text[] =
	"{\"data\":{\"cert_index\":0,\"cert_link\":\"https://log.example.com/ct/v1/get-entries?"
	"start=0&end=0\",\"chain\":[{\"all_domains\":[],\"as_der\":\"MIIBmjCCAT+gAwIBAgIBATAKBg"
	"gqhkjOPQQDAjA0MR0wGwYDVQQKDBRNYWRlLXVwIENlcnRpZmljYXRlczETMBEGA1UEAwwKTWFkZS11cCBDQTAe"
	"Fw0yNjExMjcyMDU2MzhaFw0zNjExMjQyMDU2MzhaMDQxHTAbBgNVBAoMFE1hZGUtdXAgQ2VydGlmaWNhdGVzMR"
	"MwEQYDVQQDDApNYWRlLXVwIENBMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE/jMIbs3O6NUkkWcpKxeh3uxu"
	"ObftAqaaVwSizq43HNY0o4S2nanMov63P5GXhdeG9y3okRC7GshKrBIgxyJSsqNCMEAwDwYDVR0TAQH/BAUwAw"
	"EB/zAOBgNVHQ8BAf8EBAMCAQYwHQYDVR0OBBYEFGcq5VuV85iQJkkF/izcgofwCCB8MAoGCCqGSM49BAMCA0kA"
	"MEYCIQD6w0FGfesH0DrWsbkZeZjDJAOVgmKfEW9cJx8znnpBKQIhANVPhIb1ioOUERkeBr582UN6RxOPaL8e3A"
	"etTg5z2zHr\",\"extensions\":{\"basicConstraints\":\"CA:TRUE\",\"keyUsage\":\"Certifica"
	"te Signing, CRL Signing\",\"subjectKeyIdentifier\":\"keyid:67:2a:e5:5b:95:f3:98:90:26:"
	"49:05:fe:2c:dc:82:87:f0:08:20:7c\"},\"fingerprint\":\"3B:5F:C7:D8:3D:45:10:4B:22:C9:14"
	":0C:B1:C0:C5:10:44:B7:64:4A\",\"sha1\":\"3B:5F:C7:D8:3D:45:10:4B:22:C9:14:0C:B1:C0:C5:"
	"10:44:B7:64:4A\",\"sha256\":\"D6:45:F8:09:BC:9B:FB:56:79:AF:98:8B:F1:5F:BA:A1:AD:7F:70"
	":AA:D5:D1:25:85:19:AF:CC:7C:3C:97:62:6D\",\"not_after\":2111172998,\"not_before\":1795"
	"812998,\"serial_number\":\"01\",\"signature_algorithm\":\"ecdsa, sha256\",\"subject\":"
	"{\"C\":null,\"CN\":\"Made-up CA\",\"L\":null,\"O\":\"Made-up Certificates\",\"OU\":nul"
	"l,\"ST\":null,\"aggregated\":\"/CN=Made-up CA/O=Made-up Certificates\",\"email_address"
	"\":null},\"issuer\":{\"C\":null,\"CN\":\"Made-up CA\",\"L\":null,\"O\":\"Made-up Certi"
	"ficates\",\"OU\":null,\"ST\":null,\"aggregated\":\"/CN=Made-up CA/O=Made-up Certificat"
	"es\",\"email_address\":null},\"is_ca\":true}],\"leaf_cert\":{\"all_domains\":[\"no-cer"
	"tificate-seen-yet.example.com\",\"*.example.com\",\"example.com (made up; no certifica"
	"te has been seen yet)\"],\"as_der\":\"MIICmTCCAj6gAwIBAgIIASNFZ4mrze8wCgYIKoZIzj0EAwIw"
	"NDEdMBsGA1UECgwUTWFkZS11cCBDZXJ0aWZpY2F0ZXMxEzARBgNVBAMMCk1hZGUtdXAgQ0EwHhcNMjYxMTI3Mj"
	"A1NjM4WhcNMjcxMTI3MjA1NjM4WjBCMUAwPgYDVQQDDDdleGFtcGxlLmNvbSAobWFkZSB1cDsgbm8gY2VydGlm"
	"aWNhdGUgaGFzIGJlZW4gc2VlbiB5ZXQpMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEluHPqmB3WCpdwtZvx2"
	"JcGTLUjVezdKcuqshyXe0t84e9y1KahI62eB+YGgo7ZaBHpJnOFDg9M7swyyJdnuznB6OCASowggEmMAwGA1Ud"
	"EwEB/wQCMAAwDgYDVR0PAQH/BAQDAgeAMBMGA1UdJQQMMAoGCCsGAQUFBwMBMB0GA1UdDgQWBBTg3/ylIM/fTN"
	"S+CBdqIr8BhZyv9zAfBgNVHSMEGDAWgBRnKuVblfOYkCZJBf4s3IKH8AggfDATBgNVHSAEDDAKMAgGBmeBDAEC"
	"ATBdBggrBgEFBQcBAQRRME8wIwYIKwYBBQUHMAGGF2h0dHA6Ly9vY3NwLmV4YW1wbGUuY29tMCgGCCsGAQUFBz"
	"AChhxodHRwOi8vY2EuZXhhbXBsZS5jb20vY2EuZGVyMD0GA1UdEQQ2MDSCI25vLWNlcnRpZmljYXRlLXNlZW4t"
	"eWV0LmV4YW1wbGUuY29tgg0qLmV4YW1wbGUuY29tMAoGCCqGSM49BAMCA0kAMEYCIQDNXcrLVZVt0CLV6mgwqe"
	"0vuYFxzAUpf7yrIuneWH1W5AIhAK2phRzwu4n1KGxtJj/6cMXXnhb5v8CKjl3HH+i5eqQ7\",\"extensions\""
	":{\"authorityInfoAccess\":\"URI:http://ca.example.com/ca.der, URI:http://ocsp.example."
	"com\",\"authorityKeyIdentifier\":\"keyid:67:2a:e5:5b:95:f3:98:90:26:49:05:fe:2c:dc:82:"
	"87:f0:08:20:7c\",\"basicConstraints\":\"CA:FALSE\",\"certificatePolicies\":\"Policy: 2"
	".23.140.1.2.1\\n\",\"extendedKeyUsage\":\"TLS Web Server Authentication\",\"keyUsage\""
	":\"Digital Signature\",\"subjectAltName\":\"DNS:no-certificate-seen-yet.example.com, D"
	"NS:*.example.com\",\"subjectKeyIdentifier\":\"keyid:e0:df:fc:a5:20:cf:df:4c:d4:be:08:1"
	"7:6a:22:bf:01:85:9c:af:f7\"},\"fingerprint\":\"E4:68:4B:B6:AC:7F:3D:2C:81:9E:31:AA:C7:"
	"86:03:82:B5:8E:0D:4B\",\"sha1\":\"E4:68:4B:B6:AC:7F:3D:2C:81:9E:31:AA:C7:86:03:82:B5:8"
	"E:0D:4B\",\"sha256\":\"A9:45:2B:84:B2:E2:F1:4C:3F:05:8B:7F:E1:23:6E:A8:20:55:AC:10:14:"
	"CB:9A:4C:6D:BA:09:68:51:AC:DC:C2\",\"not_after\":1827348998,\"not_before\":1795812998,"
	"\"serial_number\":\"0123456789ABCDEF\",\"signature_algorithm\":\"ecdsa, sha256\",\"sub"
	"ject\":{\"C\":null,\"CN\":\"example.com (made up; no certificate has been seen yet)\","
	"\"L\":null,\"O\":null,\"OU\":null,\"ST\":null,\"aggregated\":\"/CN=example.com (made u"
	"p; no certificate has been seen yet)\",\"email_address\":null},\"issuer\":{\"C\":null,"
	"\"CN\":\"Made-up CA\",\"L\":null,\"O\":\"Made-up Certificates\",\"OU\":null,\"ST\":nul"
	"l,\"aggregated\":\"/CN=Made-up CA/O=Made-up Certificates\",\"email_address\":null},\"i"
	"s_ca\":false},\"seen\":1795813000.5,\"source\":{\"name\":\"A made-up log\",\"url\":\"h"
	"ttps://log.example.com\",\"timestamp\":1795812999,\"type\":\"rfc6962\"},\"update_type\""
	":\"X509LogEntry\"},\"message_type\":\"certificate_update\"}";

const struct span example_event = { (const uint8_t *)text, sizeof(text) - 1 };
