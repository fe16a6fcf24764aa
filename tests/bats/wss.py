#!/usr/bin/env python3
"""
Opens a WebSocket over TLS and prints the texts that come:

    wss.py CA PORT PATH COUNT [FILE]

in: CA, the certificate to trust; the rest says what is asked of localhost. With FILE,
nothing is read before there is such a file. out: "open", then COUNT
texts, each as it came, and then "close CODE" when a close frame comes before. Exits
with 0 then, and with 1 when the WebSocket was refused, whose status line it prints.
"""
import os
import socket
import ssl
import struct
import sys
import time


def main(ca, port, path, count, wait=None):
    context = ssl.create_default_context(cafile=ca)
    context.set_alpn_protocols(["http/1.1"])
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.settimeout(20)
    raw.connect(("127.0.0.1", int(port)))
    file = context.wrap_socket(raw, server_hostname="localhost").makefile("rwb")
    file.write((f"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n").encode())
    file.flush()
    status = file.readline()
    while (line := file.readline()) not in (b"\r\n", b""):
        pass
    if b" 101 " not in status:
        print(status.decode().strip())
        return 1
    print("open", flush=True)
    while wait and not os.path.exists(wait):
        time.sleep(0.05)
    while count > 0:
        first, length = file.read(2)
        if length >= 126:
            length = struct.unpack(">H" if length == 126 else ">Q", file.read(2 if length == 126 else 8))[0]
        body = file.read(length)
        if first == 0x88:
            print("close", struct.unpack(">H", body[:2])[0])
            return 0
        if first == 0x81:
            print(body.decode(), end="", flush=True)
            count -= 1
    return 0


sys.exit(main(*sys.argv[1:4], int(sys.argv[4]), *sys.argv[5:]))
