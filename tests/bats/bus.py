"""Reads a bus as a sub socket of SP does: bus.py ADDRESS [FILE].

With FILE it stands still, once it has greeted, until that file is there. It prints for each record its
epoch, its number, and the members log and cert_index of its data; and "missing N" where N numbers are
left out.
"""
import json
import os
import socket
import struct
import sys
import time


def dial(address):
    """Returns a connection, and what stands in front of the length of a message."""
    scheme, _, place = address.partition("://")
    if scheme == "ipc":
        s = socket.socket(socket.AF_UNIX)
        s.connect(place)
        return s, 1
    host, _, port = place.rpartition(":")
    return socket.create_connection((host, int(port))), 0


def messages(s, extra):
    stream = s.makefile("rb", 1 << 16)
    stream.read(8)
    while True:
        head = stream.read(extra + 8)
        if len(head) < extra + 8:
            return
        yield stream.read(struct.unpack(">Q", head[extra:])[0])


connection, extra = dial(sys.argv[1])
connection.sendall(b"\0SP\0" + struct.pack(">HH", 0x21, 0))
while len(sys.argv) > 2 and not os.path.exists(sys.argv[2]):
    time.sleep(0.05)
expected = None
for message in messages(connection, extra):
    place, _, lines = message.partition(b"\n")
    epoch, seq = map(int, place.split())
    if expected is not None and expected[0] == epoch and seq > expected[1]:
        print("missing", seq - expected[1])
    for line in lines.splitlines():
        data = json.loads(line)["data"]
        print(epoch, seq, data["log"], data["cert_index"])
        seq += 1
    expected = epoch, seq
