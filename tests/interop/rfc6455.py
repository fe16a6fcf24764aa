"""Holds a WebSocket server that only sends (a push server) to RFC 6455 and RFC 7692.

Usage: rfc6455.py PORT PATH GROUP... runs the cases of the groups, named as in GROUPS
below, each on a connection of its own. The cases are those of Autobahn's test suite, in
our own words: a client sends what is right or wrong, and since the server answers no
text, what counts is that a connection is never closed wrongly and never left open
wrongly. Prints a line for each case that went wrong, and how many went right. Exits with
1 when one went wrong. Needs nothing but Python.
"""
import itertools
import os
import socket
import struct
import sys
import zlib

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
RSV1, RSV2, RSV3, MORE = 0x40, 0x20, 0x10, 0x100  # MORE: not the final fragment
WAIT = 20  # seconds; no answer takes as long on a machine that is not overloaded


def frame(kind, payload=b""):
    """A frame as a client sends it. kind is the opcode with bits of RSV and MORE."""
    head = bytes([(0 if kind & MORE else 0x80) | kind & 0xFF])
    n = len(payload)
    if n < 126:
        head += bytes([0x80 | n])
    elif n < 65536:
        head += struct.pack(">BH", 0xFE, n)
    else:
        head += struct.pack(">BQ", 0xFF, n)
    key = os.urandom(4)
    mask = int.from_bytes((key * (n // 4 + 1))[:n], "big")
    return head + key + (int.from_bytes(payload, "big") ^ mask).to_bytes(n, "big")


def close(code, reason=b""):
    return frame(CLOSE, struct.pack(">H", code) + reason)


def fragments(kind, payload, size):
    """The frames of a message, with at most size bytes of payload each."""
    pieces = [payload[i : i + size] for i in range(0, len(payload), size)] or [b""]
    kinds = [kind] + [CONTINUATION] * (len(pieces) - 1)
    return b"".join(
        frame(k if i == len(pieces) - 1 else k | MORE, piece)
        for i, (k, piece) in enumerate(zip(kinds, pieces))
    )


def chopped(data, size):
    """The same bytes, each piece in a segment of its own."""
    return [data[i : i + size] for i in range(0, len(data), size)]


class Wrong(Exception):
    pass


class Client:
    def __init__(self, port, path, offer=None):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=WAIT)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.stream = self.socket.makefile("rb")
        self.agreed = self.shake_hands(path, offer)
        self.pongs = []
        self.texts = []
        self.code = None  # of the server's Close: 0 where it has none, None before it
        self.inflater = zlib.decompressobj(-15)

    def shake_hands(self, path, offer):
        offered = f"Sec-WebSocket-Extensions: {offer}\r\n" if offer else ""
        self.socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"{offered}Sec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
        )
        status = self.stream.readline().split()[1]
        if status != b"101":
            raise Wrong(f"the handshake was answered with {status.decode()}")
        agreed = ""
        while (line := self.stream.readline()) != b"\r\n":
            name, _, value = line.decode().partition(":")
            if name.lower() == "sec-websocket-extensions":
                agreed = value.strip()
        return agreed

    def send(self, pieces):
        for piece in [pieces] if isinstance(pieces, bytes) else pieces:
            self.socket.sendall(piece)

    def read(self):
        """Takes the next frame of the server, which must be one that it may send. False at the end."""
        head = self.stream.read(2)
        if len(head) < 2:
            return False
        n = head[1]
        if n in (126, 127):
            n = int.from_bytes(self.stream.read(2 if n == 126 else 8), "big")
        payload = self.stream.read(n)
        opcode = head[0] & 0x0F
        if self.code is not None:
            raise Wrong("a frame behind the server's Close")
        if not head[0] & 0x80 or head[1] & 0x80 or head[0] & (RSV2 | RSV3):
            raise Wrong(f"the server sent a frame that begins {head.hex()}")
        if opcode == CLOSE:
            self.code = struct.unpack(">H", payload[:2])[0] if payload else 0
            payload[2:].decode()
        elif opcode == PONG:
            self.pongs.append(payload)
        elif opcode == TEXT:
            self.texts.append(self.text(head[0] & RSV1, payload))
        return True

    def text(self, is_deflated, payload):
        if is_deflated and not self.agreed:
            raise Wrong("a compressed message although nothing was agreed")
        if is_deflated and "server_no_context_takeover" in self.agreed:
            self.inflater = zlib.decompressobj(-15)
        if is_deflated:
            payload = self.inflater.decompress(payload + b"\0\0\xff\xff")
        return payload.decode()

    def stays_open(self):
        """The server answers a ping, and then a Close, after which it closes the connection."""
        last = os.urandom(8)
        self.send(frame(PING, last))
        while last not in self.pongs:
            if not self.read() or self.code is not None:
                raise Wrong(f"closed with {self.code}")
        self.pongs.remove(last)
        self.send(close(1000))
        self.is_closed(1000)

    def is_closed(self, *codes):
        """The server sends a Close with one of these codes, and closes the connection."""
        while self.code is None:
            if not self.read():
                raise Wrong("the connection ended without a Close")
        if self.code not in codes:
            raise Wrong(f"closed with {self.code}, not {' or '.join(map(str, codes))}")
        try:
            self.send(close(self.code or 1000))
        except OSError:
            pass  # what it closed is closed
        try:
            self.read()
        except ConnectionResetError:
            pass


# A case is (name, pieces to send, what must come of it, pongs that must come). What must
# come is OPEN, or the codes of which one must be in the server's Close.
OPEN = None
INVALID, NOT_UTF8, TOO_BIG = (1002,), (1007,), (1009,)

GREEK = b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5"  # characters of 2 and 3 bytes


def framing():
    for kind, name in ((TEXT, "text"), (BINARY, "binary")):
        for n in (0, 125, 126, 127, 128, 65535, 65536):
            yield f"{name} of {n} bytes", frame(kind, b"*" * n), OPEN
        yield f"{name} in pieces of 997", chopped(frame(kind, b"*" * 65536), 997), OPEN


def pings():
    for payload in (b"", b"Hello, world!", b"\0\xff\xfe\xfd\xfc\xfb\0\xff", b"\xfe" * 125):
        yield f"a ping of {len(payload)} bytes", frame(PING, payload), OPEN, [payload]
    yield "a ping of 126 bytes", frame(PING, b"\xfe" * 126), INVALID
    yield "a ping in single bytes", chopped(frame(PING, b"\xfe" * 125), 1), OPEN, [b"\xfe" * 125]
    yield "a pong that nobody asked for", frame(PONG), OPEN
    yield "a pong with a payload", frame(PONG, b"unsolicited"), OPEN
    yield "a pong, then a ping", frame(PONG, b"unsolicited") + frame(PING, b"p"), OPEN, [b"p"]
    ten = [b"payload-%d" % i for i in range(10)]
    yield "ten pings", b"".join(frame(PING, p) for p in ten), OPEN, ten
    yield "ten pings in single bytes", chopped(b"".join(frame(PING, p) for p in ten), 1), OPEN, ten


def reserved():
    for bits in range(1, 8):
        for kind in (TEXT, BINARY, PING, PONG, CLOSE):
            bad = frame(kind | bits << 4, b"" if kind == CLOSE else b"Hello")
            yield f"reserved bits {bits} on {kind}", frame(TEXT, b"good") + bad, INVALID
        bad = frame(TEXT | bits << 4, b"Hello")
        yield f"reserved bits {bits} in single bytes", chopped(frame(PING) + bad, 1), INVALID, [b""]


def opcodes():
    for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15):
        for payload in (b"", b"unknown"):
            bad = frame(opcode, payload)
            yield f"opcode {opcode}", bad, INVALID
            yield f"opcode {opcode} behind a text", frame(TEXT, b"good") + bad + frame(PING), INVALID


def fragmentation():
    one, two = frame(TEXT | MORE, b"fragment1"), frame(CONTINUATION, b"fragment2")
    for kind in (PING, PONG):
        yield f"{kind} in fragments", frame(kind | MORE, b"a") + frame(CONTINUATION, b"b"), INVALID
    yield "a text in two", one + two, OPEN
    yield "a text in two, with a ping between", one + frame(PING, b"p") + two, OPEN, [b"p"]
    yield "a text in two, in single bytes", chopped(one + frame(PING, b"p") + two, 1), OPEN, [b"p"]
    for name, bits in (("final", 0), ("not final", MORE)):
        bad = frame(CONTINUATION | bits, b"non-continuation payload")
        yield f"a continuation of nothing, {name}", bad + frame(TEXT, b"text"), INVALID
        yield f"the same in single bytes, {name}", chopped(bad + frame(TEXT, b"text"), 1), INVALID
        yield f"a continuation behind a whole text, {name}", frame(TEXT, b"text") + bad, INVALID
    yield "a text within a text", one + frame(TEXT, b"fragment2"), INVALID
    yield "a binary within a text", one + frame(BINARY | MORE, b"x"), INVALID
    five = [frame(TEXT | MORE, b"1")] + [frame(CONTINUATION | MORE, b"%d" % i) for i in (2, 3, 4)]
    last = frame(CONTINUATION, b"5")
    yield "a text in five", b"".join(five) + last, OPEN
    between = [frame(PING, b"a"), frame(PING, b"b")]
    mixed = five[0] + five[1] + between[0] + five[2] + five[3] + between[1] + last
    yield "a text in five, with pings between", mixed, OPEN, [b"a", b"b"]
    yield "the same in single bytes", chopped(mixed, 1), OPEN, [b"a", b"b"]
    yield "empty fragments", frame(TEXT | MORE) + frame(CONTINUATION | MORE) + frame(CONTINUATION), OPEN
    yield "empty fragments but one", frame(TEXT | MORE) + frame(CONTINUATION, b"x"), OPEN


def utf8_texts():
    greek = GREEK
    valid = [b"", b"Hello-\xc2\xb5@\xc3\x9f\xc3\xb6\xc3\xa4\xc3\xbc\xc3\xa0\xc3\xa1-UTF-8!!", greek]
    valid += [chr(c).encode() for c in (
        0, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFD, 0xFFFE, 0xFFFF, 0x10000, 0x10FFFF)]
    for plane in range(17):  # characters that are none, which UTF-8 may carry all the same
        valid += [chr(plane * 65536 + c).encode() for c in (0xFFFE, 0xFFFF)]
    invalid = [greek + b"\xed\xa0\x80edited", greek + b"\xf4\x90\x80\x80edited"]
    invalid += [greek[:n] for n in (1, 3, 4, 6, 8, 10)]
    invalid += [bytes([c]) * n for c in (0x80, 0xBF) for n in range(1, 8)] + [bytes(range(0x80, 0xC0))]
    for first in range(0xC0, 0x100):
        invalid += [bytes([first]), bytes([first]) + b" "]
    invalid += [b"\xfe\xfe\xff\xff", b"\xf8\x88\x80\x80\x80", b"\xfc\x84\x80\x80\x80\x80"]
    for text in ("\x00", "/", "\x7f", "\u07ff", "\uffff"):  # too long for what they say
        c = ord(text)
        forms = [bytes([0xC0 | c >> 6, 0x80 | c & 0x3F])] if c < 0x80 else []
        forms += [bytes([0xE0 | c >> 12, 0x80 | c >> 6 & 0x3F, 0x80 | c & 0x3F])] if c < 0x800 else []
        forms += [bytes([0xF0, 0x80 | c >> 12, 0x80 | c >> 6 & 0x3F, 0x80 | c & 0x3F])]
        invalid += forms
    surrogates = [struct.pack(">BBB", 0xE0 | c >> 12, 0x80 | c >> 6 & 0x3F, 0x80 | c & 0x3F)
                  for c in (0xD800, 0xDB7F, 0xDB80, 0xDBFF, 0xDC00, 0xDF80, 0xDFFF)]
    invalid += surrogates + [a + b for a, b in itertools.product(surrogates[:4], surrogates[4:])]
    return valid, invalid


def utf8():
    valid, invalid = utf8_texts()
    for name, texts, outcome in (("UTF-8", valid, OPEN), ("not UTF-8", invalid, NOT_UTF8)):
        for text in texts:
            yield f"{name}: {text.hex()}", frame(TEXT, text), outcome
            yield f"{name} in fragments: {text.hex()}", fragments(TEXT, text, 1), outcome
    yield "not UTF-8, but binary", frame(BINARY, b"\xff\xfe"), OPEN
    yield "characters cut by a ping", frame(TEXT | MORE, b"\xe2") + frame(PING, b"\xff") + \
        frame(CONTINUATION, b"\x82\xac"), OPEN, [b"\xff"]
    # As early as it is certain: what would follow never comes.
    greek, bad = GREEK, b"\xf4\x90"
    yield "refused before the message ends", frame(TEXT | MORE, greek) + frame(
        CONTINUATION | MORE, bad), NOT_UTF8
    yield "refused before the frame ends", frame(TEXT, greek + bad + b"\x80\x80edited")[: -8], NOT_UTF8


def closing():
    yield "a Close", close(1000), (1000,)
    yield "two of them", close(1000) + close(1001), (1000,)
    yield "a Close, then a ping", close(1000) + frame(PING, b"p"), (1000,)
    yield "a Close, then a text", close(1000) + frame(TEXT, b"text"), (1000,)
    yield "a Close within a text", frame(TEXT | MORE, b"1") + close(1000) + frame(
        CONTINUATION, b"2"), (1000,)
    yield "256 KiB, a Close, a ping", frame(TEXT, b"x" * 262144) + close(1000) + frame(PING), (1000,)
    yield "a Close without a payload", frame(CLOSE), (0, 1000)
    yield "a Close of one byte", frame(CLOSE, b"a"), INVALID
    yield "a reason", close(1000, b"Hello World!"), (1000,)
    yield "a reason of 123 bytes", close(1000, b"*" * 123), (1000,)
    yield "a reason of 124 bytes", close(1000, b"*" * 124), INVALID
    yield "a reason that is not UTF-8", close(1000, GREEK + b"\xed\xa0\x80x"), NOT_UTF8
    for code in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999):
        yield f"code {code}", close(code), (code,)
    for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535):
        yield f"code {code}", close(code), INVALID


def limits():
    for kind, name in ((TEXT, "text"), (BINARY, "binary")):
        for kib in (64, 256, 1024, 4096, 16384):
            yield f"{name} of {kib} KiB", frame(kind, b"*" * (kib << 10)), OPEN
        for size in (64, 256, 4096, 65536, 1 << 20):
            yield f"{name} of 1 MiB in frames of {size}", fragments(kind, b"*" * (1 << 20), size), OPEN
        for size in (64, 512, 2048):
            yield f"{name} of 128 KiB in pieces of {size}", chopped(
                frame(kind, b"*" * (128 << 10)), size), OPEN
        for n in (0, 16, 256, 4096):
            yield f"a thousand {name}s of {n} bytes", frame(kind, b"*" * n) * 1000, OPEN
    yield "a frame of 2^62 bytes", struct.pack(">BBQ", 0x82, 0xFF, 1 << 62) + b"1234", TOO_BIG
    yield "a length with its highest bit set", struct.pack(">BBQ", 0x82, 0xFF, 1 << 63) + b"1234", INVALID
    yield "a text of 64 KiB in frames of 1300", fragments(TEXT, b"*" * 65536, 1300), OPEN


def deflated(payload, level=6, window=-15, more=b""):
    packer = zlib.compressobj(level, zlib.DEFLATED, window)
    return (packer.compress(payload) + packer.flush(zlib.Z_SYNC_FLUSH))[:-4] + more


OFFERS = (
    "permessage-deflate",
    "permessage-deflate; client_max_window_bits",
    "permessage-deflate; client_max_window_bits=9",
    "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
    "permessage-deflate; server_max_window_bits=15; client_max_window_bits",
    'foo; bar="x", permessage-deflate; server_max_window_bits=9, permessage-deflate',
)
WORDS = "".join(f"message {i} of «{i * i}»; " for i in range(8000)).encode()


def compressed_texts():
    for n in (16, 64, 256, 1024, 4096, 8192, 16384, 32768, 65536, 131072):
        text = WORDS[:n].decode(errors="ignore").encode()
        yield f"a thousand texts of {n} bytes", frame(TEXT | RSV1, deflated(text)) * (
            1000 if n < 8192 else 100), OPEN
        yield f"a text of {n} bytes in fragments of 256", fragments(
            TEXT | RSV1, deflated(text), 256), OPEN
        yield f"noise of {n} bytes", frame(BINARY | RSV1, deflated(os.urandom(n))), OPEN


def compression():
    hello = deflated(b"Hello")
    yield "RFC 7692 7.2.3.1", frame(TEXT | RSV1, bytes.fromhex("f248cdc9c90700")), OPEN
    yield "in two fragments", frame(TEXT | RSV1 | MORE, hello[:3]) + frame(CONTINUATION, hello[3:]), OPEN
    yield "in a stored block", frame(TEXT | RSV1, bytes.fromhex("000500faff48656c6c6f00")), OPEN
    yield "with a last block", frame(TEXT | RSV1, bytes.fromhex("f348cdc9c9070000")), OPEN
    yield "in two blocks", frame(TEXT | RSV1, bytes.fromhex("f248050000 00ffffcac9c90700")), OPEN
    yield "an empty text", frame(TEXT | RSV1, b"\0"), OPEN
    yield "a small window", frame(TEXT | RSV1, deflated(WORDS[:6], window=-9)), OPEN
    yield "one that is not compressed", frame(TEXT, b"Hello") + frame(TEXT | RSV1, hello), OPEN
    yield "not UTF-8", frame(TEXT | RSV1, deflated(b"\xce\xba\xed\xa0\x80")), NOT_UTF8
    yield "cut within a character", frame(TEXT | RSV1, deflated(b"\xe2\x82")), NOT_UTF8
    yield "not DEFLATE", frame(TEXT | RSV1, b"\xff\xff\xff\xff"), (1002, 1007)
    yield "cut", frame(TEXT | RSV1, hello[:-3]), (1002, 1007)
    yield "100 MB in 100 KB", frame(TEXT | RSV1, deflated(b"*" * 10**8)), OPEN
    yield "2 MB in 2 KB", frame(TEXT | RSV1, deflated(b"*" * 2 * 10**6)), TOO_BIG
    for kind in (PING, PONG):
        yield f"RSV1 on {kind}", frame(kind | RSV1, b"x"), INVALID
    yield "RSV1 on a continuation", frame(TEXT | RSV1 | MORE, hello) + frame(
        CONTINUATION | RSV1, b""), INVALID
    yield "RSV1 and RSV2", frame(TEXT | RSV1 | RSV2, hello), INVALID
    yield from compressed_texts()


GROUPS = {
    "framing": framing,
    "pings": pings,
    "reserved": reserved,
    "opcodes": opcodes,
    "fragmentation": fragmentation,
    "utf8": utf8,
    "closing": closing,
    "limits": limits,
    "compression": compression,
}


def run(port, path, offer, pieces, outcome, pongs=()):
    client = Client(port, path, offer)
    if offer and not client.agreed:
        raise Wrong("permessage-deflate was not agreed")
    try:
        client.send(pieces)
    except (BrokenPipeError, ConnectionResetError):
        pass  # it was closed before all was sent; with what code is read below
    if outcome is OPEN:
        client.stays_open()
    else:
        client.is_closed(*outcome)
    if client.pongs != list(pongs):
        raise Wrong(f"pongs {client.pongs}, not {list(pongs)}")


def main(port, path, *groups):
    good = bad = 0
    for group in groups:
        for offer in OFFERS if group == "compression" else (None,):
            for name, *case in GROUPS[group]():
                try:
                    run(int(port), path, offer, *case)
                    good += 1
                except (Wrong, OSError, UnicodeDecodeError, zlib.error) as error:
                    bad += 1
                    print(f"{group}: {name}: {error or type(error).__name__}", f"({offer})" if offer else "")
    print(f"{good} right, {bad} wrong")
    return bad > 0 or good == 0


sys.exit(main(*sys.argv[1:]))
