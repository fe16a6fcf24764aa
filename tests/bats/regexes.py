"""
regexes.py PORT COUNT: COUNT clients ask for lines with a regex each, all at once, which take some
milliseconds each to compile. Prints how many were answered with 200 and with 503, and how long the
slowest request for /health took meanwhile, as a part of the time until all were answered.

regexes.py PORT order: one client of a WebSocket sends a filter with a regex, a ping and a filter
without one, all at once. Prints what it is answered, in order: the keys of each filter, and "pong".

regexes.py PORT order CA: the same over TLS, with the request for a WebSocket, which has a regex too, in
the same record of TLS, behind long texts that are ignored, so that ct-ws must go on to read the record
after each time that it has waited. CA is the certificate to trust.
"""
import json
import select
import socket
import ssl
import sys
import time
import urllib.parse

port = int(sys.argv[1])


def request(path):
    return f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()


def connect():
    return socket.create_connection(("127.0.0.1", port), 30)


def frame(opcode, text):
    length = bytes([0x80 | len(text)]) if len(text) < 126 else b"\xfe" + len(text).to_bytes(2, "big")
    return bytes([0x80 | opcode]) + length + bytes(4) + text


def answers(c):
    """Yields the opcode and payload of each frame that comes; all are short."""
    f = c.makefile("rb")
    while f.readline().strip():
        pass
    while True:
        opcode, n = f.read(2)
        yield opcode & 15, f.read(n if n < 126 else int.from_bytes(f.read(2), "big"))


if sys.argv[2] == "order":
    c, path, between = connect(), "/", b""
    if len(sys.argv) > 3:
        c = ssl.create_default_context(cafile=sys.argv[3]).wrap_socket(c, server_hostname="localhost")
        path += "?regex=" + urllib.parse.quote("(b[a-f]{1,20}|[0-9]+z){1,4}z?[^q]{3,9}$")
        between = frame(1, b" " * 7000)
    c.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n".encode() +
              b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n" + between +
              frame(1, b'{"subscribe":{"regex":"(a[b-f]{1,20}|[0-9]+y){1,4}z?[^q]{3,9}$"}}') +
              frame(9, b"p") + between + frame(1, b'{"subscribe":{"domain":"b"}}'))
    for opcode, text in answers(c):
        print("pong" if opcode == 10 else " ".join(json.loads(text)["subscribe"]), flush=True)
        if b'"domain"' in text:
            sys.exit()
count = int(sys.argv[2])
clients = [connect() for _ in range(count)]
probe = connect()
begun = time.time()
for i, c in enumerate(clients):
    pattern = f"(x{i}[a-f]{{1,20}}|[0-9]+y){{1,4}}z?[^q]{{3,9}}$"
    c.sendall(request("/stream.ndjson?regex=" + urllib.parse.quote(pattern)))
waiting, codes, slowest = set(clients), {200: 0, 503: 0}, 0
while waiting:
    asked = time.time()
    probe.sendall(request("/health"))
    if not probe.recv(4096).startswith(b"HTTP/1.1 200"):
        sys.exit("no health")
    slowest = max(slowest, time.time() - asked)
    for c in select.select(list(waiting), [], [], 0.005)[0]:
        codes[int(c.recv(4096).split()[1])] += 1
        waiting.remove(c)
    if time.time() - begun > 60:
        sys.exit(f"{len(waiting)} are not answered after a minute")
print(codes[200], codes[503], round(slowest / (time.time() - begun), 3))
