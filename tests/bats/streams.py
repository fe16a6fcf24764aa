"""
streams.py PORT COUNT [QUERY]: opens COUNT streams as lines, one behind the other, with QUERY in their
URL, where # stands for the number of the stream. Prints how many were answered with each status, as
"200 4 429 8", and the last line for people that came with a refusal. Keeps the streams open until it
is ended.
"""
import collections
import signal
import socket
import sys

port, count = int(sys.argv[1]), int(sys.argv[2])
query = sys.argv[3] if len(sys.argv) > 3 else ""
codes, kept, why = collections.Counter(), [], ""
for i in range(count):
    c = socket.create_connection(("127.0.0.1", port), 30)
    c.sendall(f"GET /stream.ndjson?{query.replace('#', str(i))} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    answer = c.recv(4096)
    code = int(answer.split()[1])
    codes[code] += 1
    if code == 200:
        kept.append(c)
    else:
        why = (answer + c.recv(4096)).decode().strip().split("\n")[-1]
print(*(f"{code} {n}" for code, n in sorted(codes.items())), why, flush=True)
signal.pause()
