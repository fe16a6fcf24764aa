#!/usr/bin/env python3
"""What CaliDog's EasySSL makes of each certificate, held against format calidog.

	easyssl.py certificates.ndjson expected.ndjson < events

The n-th event is of the n-th certificate. Prints a row a field: how many agree
as they are, how many once EasySSL's known corruption is done to our value, and
how many differ for a reason that is told apart but not done here. Exits 1 when
a difference has no reason.
"""
import collections
import json
import re
import sys

ORDER = ("C", "CN", "L", "O", "OU", "ST", "emailAddress")
PURPOSES = {
    "TLS Web Server Authentication": "TLS Web server authentication",
    "TLS Web Client Authentication": "TLS Web client authentication",
    "Code Signing": "Code signing", "E-mail Protection": "E-mail protection",
    "IPSec End System": "IP security end system", "IPSec User": "IP security user",
    "IPSec Tunnel": "IP security tunnel termination", "Time Stamping": "Timestamping",
    "OCSP Signing": "OCSPstamping",
}



def as_latin1(value):
    """8-bit strings are taken for ISO 8859-1 even where they are UTF-8."""
    if isinstance(value, list):
        return [as_latin1(v) for v in value]
    return value.encode().decode("latin1") if isinstance(value, str) else value


def undo(value):
    """The expectations hold each byte of UTF-8 as a character of its own."""
    if isinstance(value, str):
        return value.encode("latin1").decode()
    if isinstance(value, list):
        return [undo(v) for v in value]
    return {k: undo(v) for k, v in value.items()} if isinstance(value, dict) else value


def names(text):
    """The list is reversed, labels differ, and of most types nothing is shown."""
    out = []
    for name in text.split(", "):
        label, _, value = name.partition(":")
        if label in ("DNS", "URI"):
            out.append(name)
        elif label == "email":
            out.append("RFC 822Name:" + value)
        elif label == "IP Address" and ":" in value:
            pairs = [int(group, 16) for group in value.split(":")]
            out.append("IP:" + ".".join(f"{p >> 8}.{p & 255}" for p in pairs))
        elif label == "IP Address":
            out.append("IP:" + value)
    return ", ".join(reversed(out))


def access(text):
    """Reversed; URIs alone; methods but two have no label."""
    out = []
    for line in text.split("\n")[:-1]:
        method, _, location = line.partition(" - ")
        if location.startswith("URI:"):
            known = method in ("OCSP", "CA Issuers")
            out.append(f"{method} - {location}" if known else location[3:])
    return "\n".join(reversed(out)) + "\n"


def policies(text):
    """A policy with qualifiers takes the place of all before it, one without goes in front."""
    out = []
    for policy in re.split(r"(?m)^(?=Policy: )", text)[1:]:
        policy = policy.replace("X509v3 Any Policy", "2.5.29.32.0", 1)
        policy = policy.replace("ipAddr-asNumber", "1.3.6.1.5.5.7.14.2", 1)
        policy = policy.replace("qcStatements", "1.3.6.1.5.5.7.1.3", 1)
        lines = re.split(r"\n(?=  \S|$)", policy)[:-1]
        out = [lines[0]] + out if len(lines) == 1 else lines
    return "\n".join(out)


def points(text):
    """Points with reasons or issuer are dropped, and the list is turned round at each."""
    out = []
    for point in text[1:-1].split("\n\n"):
        lines = re.split(r"\n(?=  )", point)
        if lines[0] != "Full Name:" or "\nReasons:\n" in point or "\nCRL Issuer:\n" in point:
            continue
        shown = ["" if name.startswith("  DirName:") else
                 name[1:].replace(" email:", " RFC 822 Name: ", 1) for name in lines[1:]]
        out = (["\n".join(shown), "Full Name:"] + out)[::-1]
    return "\n".join(out)


def key_identifier(text):
    """Without issuer and serial; not there without a key identifier."""
    return text.split("\n")[0] + "\n" if text.startswith("keyid:") else None


CORRUPTION = {
    "authorityInfoAccess": access,
    "authorityKeyIdentifier": key_identifier,
    "basicConstraints": lambda text: text.split(",")[0],
    "certificatePolicies": policies,
    "crlDistributionPoints": points,
    "extendedKeyUsage": lambda text: ", ".join(PURPOSES.get(p, "") for p in text.split(", ")),
    "extra": lambda oids: oids[::-1],
    "issuerAltName": names,
    "keyUsage": lambda text: text.replace("Certificate Sign", "Key Cert Sign").replace(
        "CRL Sign", "C R L Sign"),
    "subjectAltName": names,
}


def aggregated(name):
    """In a fixed order, of repeated attributes the last, "/" of none. As EasySSL has
    no other order, ours is held against OpenSSL's, that of domains too: tests/diff/order."""
    return "/" + "/".join(f"{k}={name[k]}" for k in ORDER if name.get(k) is not None)


def time(seconds):
    """A whole number, but a word for the last second of 9999."""
    if seconds == 253402300799:
        return "no_expiration"
    return seconds if seconds is None else int(seconds)


def flatten(cert, corrupt):
    """The fields of a leaf_cert by name; ours as EasySSL would have them if corrupt."""
    out = {}
    for key in ("subject", "issuer"):
        name = dict(cert[key])
        if corrupt:
            name["aggregated"] = aggregated(name)
        out.update({f"{key}.{k}": v for k, v in name.items()})
    for key, value in cert["extensions"].items():
        if corrupt and key in CORRUPTION:
            value = CORRUPTION[key](value)
        out[key] = value
    for key in ("not_before", "not_after"):
        out[key] = time(cert[key]) if corrupt else cert[key]
    for key in ("fingerprint", "serial_number", "signature_algorithm"):
        out[key] = cert[key]
    out["all_domains"] = sorted(set(cert["all_domains"])) if corrupt else cert["all_domains"]
    return out


def letters(text):
    return re.sub("[^A-Za-z]", "", text)


def same_but_notices(ours, theirs):
    """User Notices lack their first bytes, what is not printable, and their structure."""
    parts = re.split(r"(?ms)^  User Notice:\n(.*?)(?=^Policy: |^  \S|\Z)", ours + "\n")
    pattern = "".join(r"  User Notice: (.*)\n" if i % 2 else re.escape(part)
                      for i, part in enumerate(parts))
    found = re.fullmatch(pattern, theirs + "\n", re.S)
    if found is None or len(parts) == 1:
        return False
    for notice, shown in zip(parts[1::2], found.groups()):
        wide = any(ord(c) > 255 for c in notice)  # both bytes of each character are shown
        notice = letters(re.sub("(?m)^    [A-Z][A-Za-z ]*: ", "", notice))
        if not wide and not notice.endswith(letters(shown)[-12:]) and \
                notice[-12:] not in letters(shown):
            return False
    return True


def reason(field, ours, theirs, cert, other):
    """Why EasySSL's value is another, where it cannot be had from ours; None if unknown."""
    if field == "all_domains" and sorted(theirs) == ours:
        return "more than 32, in the order of a hash table"
    if field == "all_domains" and set(ours) <= set(theirs) | {
            name for name in ours if as_latin1(name) in theirs} and \
            set(theirs) <= set(ours) | set(as_latin1(ours)):
        return "8-bit text taken for ISO 8859-1"
    if field == "all_domains" and set(theirs) <= set(ours) and \
            set(ours) - set(theirs) <= set(cert["subject"]["aggregated"].split("/CN=")):
        return "common names before the last"
    if as_latin1(ours) == theirs:
        return "8-bit text taken for ISO 8859-1"
    common = {cert["subject"]["CN"], other["subject"]["CN"]}
    if field == "all_domains" and len(common) > 1 and set(ours) - common == set(theirs) - common:
        return "by another common name"
    if theirs == "" and ours and field.startswith(("subject.", "issuer.")):
        return "BMPString and UniversalString are empty"
    if field.endswith(".aggregated") and theirs == aggregated(other[field.split(".")[0]]):
        return "by other attributes"
    if field == "certificatePolicies" and same_but_notices(ours, theirs):
        return "User Notices lack their first bytes"
    if field == "subjectAltName" and theirs and \
            set(theirs.split(", ")) <= set(ours.split(", ")) and \
            cert.get("parse_error", "").endswith("there is more than one subjectAltName"):
        return "the names of all of several"
    if field == "subjectAltName" and "IP:<invalid" in ours and theirs.count(", ") == ours.count(", "):
        return "addresses of any length are shown"
    return None


def compare(row, field, plain, corrupt, theirs, cert, other):
    if plain == theirs:
        row["agree"] += 1
    elif corrupt == theirs:
        row["corrupted"] += 1
    else:
        why = reason(field, corrupt, theirs, cert, other)
        row[why or "UNEXPLAINED"] += 1
        return why is not None
    return True


def main(certificates, expected):
    table = collections.defaultdict(collections.Counter)
    unexplained = []
    crashed = 0
    with open(expected) as f:
        easyssl = {line["sha256"]: undo(line.get("leaf_cert")) for line in map(json.loads, f)}
    with open(certificates) as f:
        for certificate, event in zip(f, sys.stdin, strict=True):
            sha256 = json.loads(certificate)["sha256"]
            theirs = easyssl[sha256]
            if theirs is None:
                crashed += 1
                continue
            cert = json.loads(event)["data"]["leaf_cert"]
            plain, corrupt = flatten(cert, False), flatten(cert, True)
            flat = flatten(theirs, None)
            for field in sorted(plain.keys() | flat.keys()):
                if not compare(table[field], field, plain.get(field), corrupt.get(field),
                               flat.get(field), cert, theirs):
                    unexplained.append((sha256, field, corrupt.get(field), flat.get(field),
                                        cert.get("parse_error")))
    for field in sorted(table):
        row = table[field]
        print(f"{field:32} {row.pop('agree', 0):6} agree {row.pop('corrupted', 0):6} corrupted "
              + "; ".join(f"{n} {why}" for why, n in sorted(row.items())))
    print(f"{crashed} certificates that EasySSL cannot read")
    for it in unexplained:
        print("unexplained:", *map(repr, it))
    return 1 if unexplained or not table else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
