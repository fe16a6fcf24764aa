"""Made-up events, each with the monotonic time of its making in its name.

Usage: events.py RATE BYTES DER

Writes RATE events a second to stdout, without end: BYTES of filling in the leaf, and DER more as
as_der, which the form lite leaves out.
"""
import sys
import time


def main(rate, filling, der):
    filling = "A" * filling
    as_der = ',"as_der":"%s"' % ("A" * der) if der else ""
    n, began = 0, time.monotonic()
    while True:
        while n < (time.monotonic() - began) * rate:
            n += 1
            print('{"data":{"cert_index":%d,"leaf_cert":{"all_domains":["n%d-t%d.example"],'
                  '"filling":"%s"%s},"seen":1},"message_type":"certificate_update"}'
                  % (n, n, time.monotonic_ns(), filling, as_der), flush=True)
        time.sleep(0.4 / rate)


try:
    main(*map(int, sys.argv[1:]))
except BrokenPipeError:     # the reader has ended
    sys.stderr.close()

