#!/usr/bin/env python3
"""Relays a tcp:// bus, and lets it go dead without a word.

    relay.py PORT TO        both and the two ports above, on 127.0.0.1

After SIGUSR1 nothing goes through any connection that stands, and none of
them is closed: as when a cable is pulled. New connections work.
"""
import signal
import socket
import sys
import threading
import time

generation = 0


def pump(source, sink, born):
    try:
        while data := source.recv(65536):
            while born != generation:
                time.sleep(3600)
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def serve(port, to):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(50)
    while True:
        near, _ = listener.accept()
        try:
            far = socket.create_connection(("127.0.0.1", to))
        except OSError:
            near.close()
            continue
        for ends in (near, far), (far, near):
            threading.Thread(target=pump, args=(*ends, generation), daemon=True).start()


def cut(*_):
    global generation
    generation += 1


signal.signal(signal.SIGUSR1, cut)
port, to = map(int, sys.argv[1:])
for offset in range(3):
    threading.Thread(target=serve, args=(port + offset, to + offset), daemon=True).start()
while True:
    signal.pause()
