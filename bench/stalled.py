"""What clients that do not read cost ct-ws, and what a good client notices of them.

Usage: stalled.py PORT PID LITE FULL PIPELINES SECONDS [SPELLS]

Opens LITE WebSockets on /, FULL on /full-stream, and PIPELINES connections that ask for
/full-stream/latest.json again and again; none of them reads. A good client reads / meanwhile; each
event has the monotonic time of its making in its name (events.py). Prints one line: events the
good client got and missed, its latency, the CPU time and memory of PID and its workers, and the memory
of the kernel for TCP. With SPELLS, a file that bench/spells has written meanwhile, a second line has the
latency of the events that were not on their way when the machine itself copied memory slowly, nor in the
SPELL_MS after that, in which what waited is caught up with.
"""
import bisect
import os
import re
import resource
import selectors
import socket
import sys
import time

SPELL_MS = 100
UPGRADE = ("GET %s HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
LATEST = "GET /full-stream/latest.json HTTP/1.1\r\nHost: x\r\n\r\n" * 20


def connect(port, text, small=True):
    s = socket.socket()
    if small:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    s.connect(("127.0.0.1", port))
    s.sendall(text.encode())
    return s


def kernel_memory():
    text = open("/proc/net/sockstat").read()
    return int(re.search(r"TCP:.* mem (\d+)", text).group(1)) * os.sysconf("SC_PAGE_SIZE")


def family(pid):
    return [pid, *map(int, open(f"/proc/{pid}/task/{pid}/children").read().split())]


def cpu(pid):
    ticks = 0
    for one in family(pid):
        fields = open(f"/proc/{one}/stat").read().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def resident(pid):
    return sum(int(re.search(r"VmRSS:\s+(\d+)", open(f"/proc/{one}/status").read()).group(1))
               for one in family(pid))


def percentiles(late):
    late = sorted(late)
    return " ".join(f"p{k}={late[len(late) * k // 100]:.1f}ms" for k in (50, 90, 99))


def print_outside(spells, got, late):
    """Prints the latency of events without those that a moment of the file spells has touched."""
    slow = sorted(int(one.split()[0]) / 1e6 for one in open(spells))
    outside = []
    for at, ms in zip(got, late):
        k = bisect.bisect_left(slow, at - ms - SPELL_MS)
        if k == len(slow) or slow[k] > at:
            outside.append(ms)
    share = 100 * len(outside) // len(late)
    print(f"       outside of slow spells of the machine: {share}% of them",
          percentiles(outside) if outside else "")


def main(port, pid, lite, full, pipelines, seconds, spells=None):
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    before = kernel_memory()
    good = connect(port, UPGRADE % "/", small=False)
    good.setblocking(False)
    poll = selectors.DefaultSelector()
    poll.register(good, selectors.EVENT_READ)
    stalled = [connect(port, UPGRADE % "/") for _ in range(lite)]
    stalled += [connect(port, UPGRADE % "/full-stream") for _ in range(full)]
    stalled += [connect(port, LATEST) for _ in range(pipelines)]
    began, used, most, rss, tail = time.monotonic(), cpu(pid), 0, 0, b""
    numbers, came, late = [], [], []
    look = began
    while (now := time.monotonic()) < began + seconds:
        for _ in poll.select(0.05):
            data = tail + good.recv(1 << 20)
            got = time.monotonic_ns()
            for n, at in re.findall(rb"n(\d+)-t(\d+)\.example", data):
                if int(at) < began * 1e9:
                    continue  # made while the others connected
                numbers.append(int(n))
                came.append(got / 1e6)
                late.append((got - int(at)) / 1e6)
            tail = data[-60:] if not data.endswith(b"\n") else b""
        if now > look:
            look = now + 0.25
            most = max(most, kernel_memory() - before)
            rss = max(rss, resident(pid))
    numbers = sorted(set(numbers))
    missed = numbers[-1] - numbers[0] + 1 - len(numbers)
    print(f"good={len(numbers)} missed={missed} {percentiles(late)} "
          f"cpu={100 * (cpu(pid) - used) / seconds:.1f}% "
          f"rss={rss}K kernel={most / 1e6:.0f}MB")
    if spells:
        print_outside(spells, came, late)


main(*map(int, sys.argv[1:7]), *sys.argv[7:])
