"""Reads a WebSocket with the library websockets of Python.

Usage: websockets_read.py [-z|-a] [-b BYTES] [-w FILE] URL N

Prints the first N messages as they came, each with an LF behind it. -z offers compression;
-a demands that each message is compressed by itself. -b gives the socket a small buffer. With
-w it stops to read after the first message until FILE is there. Ends with 1 after twenty
silent seconds, and when the connection breaks.
"""
import asyncio
import getopt
import os
import socket
import sys
import urllib.parse

import websockets
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory


async def wait_for(path):
    while not os.path.exists(path):
        await asyncio.sleep(0.02)


async def main(options, url, count):
    to = urllib.parse.urlsplit(url)
    sock = socket.socket()
    if "-b" in options:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, int(options["-b"]))
    sock.connect((to.hostname, to.port))
    factory = ClientPerMessageDeflateFactory(server_no_context_takeover="-a" in options)
    extensions = [factory] if "-z" in options or "-a" in options else None
    async with websockets.connect(
        url, sock=sock, compression=None, extensions=extensions, max_size=None, max_queue=2, ping_interval=None
    ) as client:
        for n in range(int(count)):
            message = await asyncio.wait_for(client.recv(), 20)
            sys.stdout.write(message + "\n")
            sys.stdout.flush()
            if n == 0 and "-w" in options:
                await wait_for(options["-w"])


options, arguments = getopt.getopt(sys.argv[1:], "zab:w:")
try:
    asyncio.run(main(dict(options), *arguments))
except (OSError, asyncio.TimeoutError, websockets.ConnectionClosed) as error:
    sys.exit(f"websockets_read.py: {error!r}")
