#!/usr/bin/env python3
"""Captured messages, their certificates made anew.

	captured.py entries captured.ndjson          the entries of those that hold DER
	captured.py compare captured.ndjson < events  exits 1 unless each comes out as it was

Messages are compared in the format they came in: what the README's server sent
as it stands; what the later server sent, where it has the README's values; both
less what ct-event(5) lists as departures.
"""
import base64
import json
import sys

sys.dont_write_bytecode = True
import easyssl  # noqa: E402, beside this file


def captured(path):
    """The messages whose leaf is there as DER."""
    with open(path) as f:
        for line in map(json.loads, f):
            data = line["message"].get("data", {})
            try:
                der = base64.b64decode(data["leaf_cert"]["as_der"], validate=True)
            except (KeyError, ValueError):
                continue
            if len(der) > 100:	# some authors wrote a word in its place
                yield line["format"], data, der


def u24(data):
    return len(data).to_bytes(3, "big") + data


def entry(data, der):
    """A precertificate stands as a certificate: what its log signed is not in the message."""
    chain = [base64.b64decode(c["as_der"]) for c in data.get("chain", [])]
    certificates = u24(b"".join(map(u24, chain)))
    return {
        "source": {"name": data["source"]["name"], "url": "https://" + data["source"]["url"] + "/"},
        "index": data["cert_index"], "seen": data["seen"],
        "leaf_input": base64.b64encode(bytes(12) + u24(der) + bytes(2)).decode(),
        "extra_data": base64.b64encode(certificates).decode(),
    }


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
    flat = easyssl.flatten(dict(ours, all_domains=ours.get("all_domains", [])), True)
    other = easyssl.flatten(dict({"issuer": {}, "signature_algorithm": None, "all_domains": []},
                                 **theirs), None)
    return {k: v for k, v in flat.items() if k in other and other[k] is not None}, other


def differences(form, ours, theirs):
    if "server 20" in form:
        flat, other = server_cert(ours, theirs)
        return [(k, flat.get(k), v) for k, v in other.items() if v is not None and v != [] and
                flat.get(k) != v and easyssl.reason(k, flat.get(k), v, ours, theirs) is None]
    ours = readme_cert(ours, theirs)
    found = [(k, ours[k], theirs[k]) for k in theirs if ours[k] != theirs[k]]
    for k in ("subject", "extensions"):
        if list(ours[k]) != list(theirs[k]):
            found.append((f"order of {k}", list(ours[k]), list(theirs[k])))
    return found


def compare(path):
    bad = 0
    for (form, data, _), event in zip(captured(path), sys.stdin, strict=True):
        event = json.loads(event)["data"]
        pairs = [(event["leaf_cert"], data["leaf_cert"])]
        pairs += zip(event["chain"], data.get("chain", []), strict=True)
        found = [d for ours, theirs in pairs for d in differences(form, ours, theirs)]
        found += [(k, event[k], data[k]) for k in ("cert_index", "seen")
                  if event[k] != data[k]]
        if event["source"]["url"] != data["source"]["url"].rstrip("/"):
            found.append(("url", event["source"]["url"], data["source"]["url"]))
        print(f"{form}: {len(pairs)} certificates, {len(found)} differences")
        for it in found:
            print("unexplained:", *map(repr, it))
        bad += len(found)
    return 1 if bad else 0


if __name__ == "__main__":
    if sys.argv[1] == "compare":
        sys.exit(compare(sys.argv[2]))
    for _, data, der in captured(sys.argv[2]):
        print(json.dumps(entry(data, der)))
