"""Opens many connections to a server in one process, and tells how they end.

Usage: crowd.py PORT {N KIND PATH}... A KIND is

    websocket, stream, gzip   reads all that comes: messages, or an answer without end, plain or packed
    counted                   a websocket whose end also tells how many texts it had: "close CODE after N"
    stalled                   upgrades to a WebSocket and never reads
    head                      sends the beginning of a request and nothing more
    garbage                   sends random bytes
    half                      upgrades to a WebSocket, ends its side and reads on

Prints "open N" when all have been answered as far as they can be, and at the end how many of each
kind ended how: "N websocket close CODE", "N stream end", "N stream reset". Ends when all
connections have ended, or after sixty seconds; stalled ones and heads are held so long.
"""
import collections
import os
import resource
import selectors
import socket
import struct
import sys
import time
import zlib

KEY = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
UPGRADE = "Connection: Upgrade\r\nUpgrade: websocket\r\n" + KEY


class Connection:
    def __init__(self, port, kind, path):
        self.kind, self.got, self.head, self.ended = kind, b"", b"", None
        self.socket = socket.socket()
        if kind == "stalled":
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.connect(("127.0.0.1", port))
        fields = UPGRADE if kind in ("websocket", "counted", "stalled", "half") else ""
        fields += "Accept-Encoding: gzip\r\n" if kind == "gzip" else ""
        request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n".encode()
        request = request[:-2] if kind == "head" else os.urandom(500) if kind == "garbage" else request
        self.socket.sendall(request)
        if kind == "half":
            self.socket.shutdown(socket.SHUT_WR)

    def is_open(self):
        return self.kind == "head" or b"\r\n\r\n" in self.head or self.ended is not None

    def read(self):
        """Returns False at the end of the connection."""
        try:
            data = self.socket.recv(65536)
        except OSError as error:
            self.ended = "reset" if isinstance(error, ConnectionResetError) else str(error)
            return False
        if not data:
            self.ended = self.end()
            return False
        if b"\r\n\r\n" not in self.head:
            self.head += data
            self.head, end, data = self.head.partition(b"\r\n\r\n")
            self.head += end
        self.got += data
        return True

    def end(self):
        if self.kind == "counted":
            return "%s after %d" % self.close_code()
        if self.kind in ("websocket", "half"):
            return self.close_code()[0]
        if self.kind == "gzip":
            unpacker = zlib.decompressobj(31)
            return "end" if unpacker.decompress(self.got).endswith(b"\n") else "cut"
        return "end" if not self.got or self.got.endswith(b"\n") else "cut"

    def close_code(self):
        """Returns how it was closed, and the number of texts before that."""
        at = texts = 0
        while at + 2 <= len(self.got):
            length, n = self.got[at + 1] & 0x7F, 2
            if length == 126:
                length, n = struct.unpack_from(">H", self.got, at + 2)[0], 4
            elif length == 127:
                length, n = struct.unpack_from(">Q", self.got, at + 2)[0], 10
            if self.got[at] == 0x88:
                return f"close {struct.unpack_from('>H', self.got, at + n)[0]}", texts
            texts += self.got[at] == 0x81
            at += n + length
        return "cut", texts


def main(port, groups):
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    selector = selectors.DefaultSelector()
    everyone = []
    for count, kind, path in groups:
        for _ in range(int(count)):
            c = Connection(port, kind, path)
            everyone.append(c)
            selector.register(c.socket, selectors.EVENT_READ, c)
    told, until = False, time.monotonic() + 60
    left = sum(c.kind not in ("stalled", "head") for c in everyone)
    holds = left < len(everyone)
    while (left > 0 or holds) and time.monotonic() < until:
        for key, _ in selector.select(0.2):
            c = key.data
            if not c.read():
                left -= c.kind not in ("stalled", "head")
                selector.unregister(c.socket)
            elif c.kind == "stalled":
                selector.unregister(c.socket)
        if not told and all(c.is_open() for c in everyone):
            told = True
            print("open", len(everyone), flush=True)
    ends = collections.Counter((c.kind, c.ended) for c in everyone)
    for (kind, ended), count in sorted(ends.items(), key=str):
        print(count, kind, ended or "open", flush=True)


main(int(sys.argv[1]), [sys.argv[i : i + 3] for i in range(2, len(sys.argv), 3)])
