"""Sends a WebSocket server what no client library would.

Usage: frames.py PORT PATH HEX|@N... prints the frames that come back, one a
line: a close as "close CODE REASON", a pong as "pong PAYLOAD". Texts and
pings are left out. HEX is sent as it is; @N is a masked text frame of N
zeros. Ends with the connection, or 1 after ten seconds.
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
        yield head[0], stream.read(length)


def sent(argument):
    if argument.startswith("@"):
        length = int(argument[1:])
        return struct.pack(">BBQ", 0x81, 0xFF, length) + bytes(4 + length)
    return bytes.fromhex(argument)


def main(port, path, *arguments):
    with socket.create_connection(("127.0.0.1", int(port)), timeout=10) as s:
        s.sendall(
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
        )
        stream = s.makefile("rb")
        while stream.readline() != b"\r\n":
            pass
        for argument in arguments:
            s.sendall(sent(argument))
        for first, payload in frames(stream):
            if first == 0x88:
                code = struct.unpack(">H", payload[:2])[0] if payload else 0
                print("close", code, payload[2:].decode())
            elif first == 0x8A:
                print("pong", payload.decode())


try:
    main(*sys.argv[1:])
except (TimeoutError, ConnectionResetError) as error:
    sys.exit(f"frames.py: {error}")
