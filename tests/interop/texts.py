"""Prints the first texts that a WebSocket server sends, one a line.

Usage: texts.py PORT PATH N. Puts fragments together, as a server may cut a
text into frames (RFC 6455 section 5.4). Ends with 1 after ten silent seconds.
"""
import socket
import struct
import sys


def frames(stream):
    while len(head := stream.read(2)) == 2:
        length = head[1] & 0x7F
        if length == 126:
            (length,) = struct.unpack(">H", stream.read(2))
        elif length == 127:
            (length,) = struct.unpack(">Q", stream.read(8))
        yield head[0] & 0x80, head[0] & 0x0F, stream.read(length)


def texts(stream):
    whole = b""
    for final, opcode, payload in frames(stream):
        if opcode <= 1:
            whole += payload
            if final:
                yield whole.decode()
                whole = b""


def main(port, path, count):
    with socket.create_connection(("127.0.0.1", int(port)), timeout=10) as s:
        s.sendall(
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
        )
        stream = s.makefile("rb")
        while stream.readline() != b"\r\n":
            pass
        for _, text in zip(range(int(count)), texts(stream)):
            print(text, flush=True)


try:
    main(*sys.argv[1:])
except (TimeoutError, ConnectionResetError) as error:
    sys.exit(f"texts.py: {error}")
