"""Reads /sse of ct-ws and comes back with the last id whenever that ends: returns.py PORT.

Prints the cert_index of each event, and -N for N that are told as skipped.
"""
import http.client
import json
import sys
import time



def take(record):
    if record["message_type"] == "skipped":
        print(-record["count"], flush=True)
    elif record["message_type"] == "certificate_update":
        print(record["data"]["cert_index"], flush=True)


last = None
while True:
    try:
        c = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=30)
        c.request("GET", "/sse", headers={"Last-Event-ID": last} if last else {})
        came, record = last, None
        for line in c.getresponse():
            key, _, value = line.decode().rstrip("\n").partition(": ")
            if key == "id":
                came = value
            elif key == "data":
                record = json.loads(value)
            elif key == "" and record is not None:
                last = came  # as EventSource does, when the whole event has come
                take(record)
                record = None
    except (OSError, http.client.HTTPException, ValueError):
        pass
    time.sleep(0.02)
