#!/usr/bin/env python3
"""Captured messages, their certificates made anew.

	captured.py entries captured.ndjson certs.ndjson.gz...   the entries of those
	                                             whose certificates are to be had
	captured.py compare captured.ndjson certs.ndjson.gz... < events
	                                             exits 1 unless each comes out as it was

A certificate stands in the message, or is found by its fingerprint. Where the
leaf is neither, the chain is compared, and its first certificate stands in for
the leaf. Of the others nothing can be made: neither leaf nor chain is there
(certstream-server-go 2022, whose as_der and chain are left out of its README;
calidog-server 2022 and 2024).

Messages are compared in the format they came in: what the README's server sent
as it stands; what the later server sent, where it has the README's values; both
less what ct-event(5) lists as departures.
"""
import base64
import gzip
import hashlib
import json
import sys

sys.dont_write_bytecode = True
import easyssl  # noqa: E402, beside this file
import entry  # noqa: E402


class Message:
    """One that can be made anew; leaf is None where something stands in for it."""

    def __init__(self, form, data, by_fingerprint):
        self.form, self.data = form, data
        self.leaf = certificate(data["leaf_cert"], by_fingerprint)
        self.chain = [certificate(c, by_fingerprint) for c in data.get("chain", [])]

    def entry(self):
        """A precertificate as the log had it, without its poison."""
        make = entry.precert if self.data["update_type"] == "PrecertLogEntry" else entry.x509
        url = "https://" + self.data["source"]["url"] + "/"
        if "cert_link" in self.data:	# with its scheme, which the url has not
            url = self.data["cert_link"].partition("ct/v1/")[0]
        return {"source": {"name": self.data["source"]["name"], "url": url},
                "index": self.data["cert_index"], "seen": self.data["seen"],
                **make(self.leaf or self.chain[0], self.chain)}


def certificate(cert, by_fingerprint):
    try:
        der = base64.b64decode(cert["as_der"], validate=True)
    except (KeyError, ValueError):
        der = b""	# some authors wrote a word in its place
    return der if len(der) > 100 else by_fingerprint.get(cert["fingerprint"])


def captured(path, certificates):
    by_fingerprint = {}
    for name in certificates:
        with gzip.open(name) as f:
            for der in (base64.b64decode(json.loads(line)["der"]) for line in f):
                sha1 = hashlib.sha1(der).hexdigest().upper()
                by_fingerprint[":".join(sha1[i:i + 2] for i in range(0, 40, 2))] = der
    with open(path) as f:
        for line in map(json.loads, f):
            data = line["message"].get("data", line["message"])
            if "leaf_cert" not in data:
                continue	# a heartbeat
            message = Message(line["format"], data, by_fingerprint)
            if message.leaf or message.chain and None not in message.chain:
                yield message


def readme_cert(ours, theirs):
    """What the README's server did not send is not compared; its serials were in lower case."""
    cert = {key: ours.get(key) for key in theirs}
    cert["subject"] = {k: v for k, v in cert["subject"].items() if k in theirs["subject"]}
    cert["extensions"] = {k: v for k, v in cert["extensions"].items()
                          if k not in ("ctlSignedCertificateTimestamp", "extra")}
    if "serial_number" in cert:
        cert["serial_number"] = cert["serial_number"].lower()
    return cert


def server_cert(ours, theirs):
    """Both flat. What a server of that year did not send is not compared."""
    absent = {"issuer": {}, "signature_algorithm": None, "all_domains": None}
    missing = {k for k in absent if k not in theirs}
    other = easyssl.flatten(dict(absent, **theirs), None)
    flat = easyssl.flatten(dict(ours, all_domains=ours.get("all_domains", [])), True)
    flat = {k: v for k, v in flat.items() if k in other or k in ours["extensions"]}
    for both in (flat, other):
        for k in missing | {"extra"}:
            both.pop(k, None)
    return flat, other


def differences(form, ours, theirs):
    if form.startswith("calidog-server"):
        flat, other = server_cert(ours, theirs)
        found = [(k, flat.get(k), other.get(k)) for k in sorted(flat.keys() | other.keys())
                 if flat.get(k) != other.get(k) and
                 easyssl.reason(k, flat.get(k), other.get(k), ours, theirs) is None]
        if len(theirs.get("as_der", "")) > 100 and ours["as_der"] != theirs["as_der"]:
            found.append(("as_der", ours["as_der"], theirs["as_der"]))
        return found
    ours = readme_cert(ours, theirs)
    found = [(k, ours[k], theirs[k]) for k in theirs if ours[k] != theirs[k]]
    for k in ("subject", "extensions"):
        if list(ours[k]) != list(theirs[k]):
            found.append((f"order of {k}", list(ours[k]), list(theirs[k])))
    return found


UNPOISONED = "RFC 6962 3.1: the precertificate does not have exactly one valid poison extension"


def outside(event, message):
    """
    What stands beside the certificates; the later server kept the slash of the
    URL. A CA certificate that stands in for a precertificate is not poisoned.
    """
    data = message.data
    precert = data["update_type"] == "PrecertLogEntry"
    pairs = [(k, event[k], data[k])
             for k in ("update_type", "cert_index", "cert_link", "seen") if k in data]
    pairs.append(("name", event["source"]["name"], data["source"]["name"]))
    pairs.append(("url", event["source"]["url"], data["source"]["url"].rstrip("/")))
    pairs.append(("mismatch", event["leaf_cert"].get("mismatch"),
                  UNPOISONED if precert and not message.leaf else None))
    pairs.append(("parse_error", event["leaf_cert"].get("parse_error"), None))
    return [(k, ours, theirs) for k, ours, theirs in pairs if ours != theirs]


def compare(messages):
    bad = 0
    for message, event in zip(messages, sys.stdin, strict=True):
        event = json.loads(event)["data"]
        pairs = list(zip(event["chain"], message.data.get("chain", []), strict=True))
        if message.leaf:
            pairs.append((event["leaf_cert"], message.data["leaf_cert"]))
        found = [d for ours, theirs in pairs for d in differences(message.form, ours, theirs)]
        found += outside(event, message)
        print(f"{message.form}: {len(pairs)} certificates, {len(found)} differences")
        for it in found:
            print("unexplained:", *map(repr, it))
        bad += len(found)
    return 1 if bad else 0


if __name__ == "__main__":
    found = captured(sys.argv[2], sys.argv[3:])
    if sys.argv[1] == "compare":
        sys.exit(compare(found))
    for message in found:
        print(json.dumps(message.entry()))
