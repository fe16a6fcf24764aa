"""Log entries made of certificates, as RFC 6962 3.1 to 3.4 and 4.6 have them."""
import base64
import hashlib

POISON = bytes.fromhex("060a2b06010401d679020403")
EXTENSIONS = 0xa3


def u24(data):
    return len(data).to_bytes(3, "big") + data


def elements(der):
    """Tag, contents and whole of each; definite lengths alone."""
    while der:
        size, at = der[1], 2
        if size & 0x80:
            at += size & 0x7f
            size = int.from_bytes(der[2:at], "big")
        yield der[0], der[at:at + size], der[:at + size]
        der = der[at + size:]


def element(tag, contents):
    n = len(contents)
    if n < 0x80:
        return bytes([tag, n]) + contents
    size = n.to_bytes((n.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + contents


def fields(der):
    """The elements of the TBSCertificate."""
    (_, certificate, _), = elements(der)
    _, tbs, _ = next(elements(certificate))
    return list(elements(tbs))


def without_poison(der):
    """The TBSCertificate as the log signed it."""
    out = b""
    for tag, contents, whole in fields(der):
        if tag == EXTENSIONS:
            (_, extensions, _), = elements(contents)
            kept = [w for _, c, w in elements(extensions) if not c.startswith(POISON)]
            whole = element(EXTENSIONS, element(0x30, b"".join(kept)))
        out += whole
    return element(0x30, out)


def key_hash(der):
    """SHA-256 of the subjectPublicKeyInfo, the seventh field of what has a version."""
    return hashlib.sha256(fields(der)[6][2]).digest()


def base64_pair(leaf_input, extra_data):
    return {"leaf_input": base64.b64encode(leaf_input).decode(),
            "extra_data": base64.b64encode(extra_data).decode()}


def x509(der, chain):
    return base64_pair(bytes(12) + u24(der) + bytes(2), u24(b"".join(map(u24, chain))))


def precert(der, chain):
    """Signed by the first of the chain itself, no precertificate signing CA."""
    leaf_input = bytes(11) + b"\1" + key_hash(chain[0]) + u24(without_poison(der)) + bytes(2)
    return base64_pair(leaf_input, u24(der) + u24(b"".join(map(u24, chain))))
