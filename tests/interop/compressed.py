"""Reads ct-ws with websockets for Python, compressed and not.

Usage: compressed.py PORT FEED publishes 300 events through FEED, the input of ct-hub, and
reads them by three clients: without compression, with it, and with it but without a
context between messages. All must get the same, while they send texts, fragments, binary
messages and pings. Prints how many events were the same. Exits with 1 when not all were.
"""
import asyncio
import json
import sys

import websockets
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory as Factory

COUNT = 300
KINDS = {
    "plain": {"compression": None},
    "shared": {},
    "alone": {"compression": None, "extensions": [Factory(server_no_context_takeover=True)]},
}


def event(i):
    names = [f"host{k}.n{i}.example" for k in range(1 + i % 9)]
    leaf = {"all_domains": names, "as_der": "AAAA", "subject": {"CN": names[0]}, "issuer": {"O": "Ä"}}
    source = {"name": "A log", "url": "https://log.example"}
    data = {"cert_index": i, "chain": [], "leaf_cert": leaf, "seen": 1.5, "source": source,
            "update_type": "X509LogEntry", "cert_link": ""}
    return json.dumps({"data": data, "message_type": "certificate_update"}, ensure_ascii=False)


async def read(kind, port, joined, all_joined):
    got = []
    async with websockets.connect(f"ws://127.0.0.1:{port}/", max_queue=None, **KINDS[kind]) as client:
        agreed = client.response_headers.get("Sec-WebSocket-Extensions", "")
        if ("permessage-deflate" in agreed) != (kind != "plain"):
            sys.exit(f"{kind}: what was agreed is {agreed!r}")
        joined[kind].set()
        await all_joined.wait()
        while len(got) < COUNT:
            text = await asyncio.wait_for(client.recv(), 30)
            if text.startswith('{"message_type":"'):
                continue
            got.append(text)
            if len(got) % 100 == 50:
                await client.send("«text» " * 300)
                await client.send(["frag", "ments ", "« »"])
                await client.send(b"\xff" * 1000)
                await asyncio.wait_for(await client.ping(), 30)
    if client.close_code != 1000:
        sys.exit(f"{kind}: closed with {client.close_code}")
    return got


async def main(port, feed):
    joined = {kind: asyncio.Event() for kind in KINDS}
    all_joined = asyncio.Event()
    readers = [asyncio.create_task(read(kind, port, joined, all_joined)) for kind in KINDS]
    await asyncio.wait_for(asyncio.gather(*(e.wait() for e in joined.values())), 30)
    all_joined.set()
    with open(feed, "w", encoding="utf-8") as f:
        for i in range(COUNT):
            f.write(event(i) + "\n")
            f.flush()
            await asyncio.sleep(0)
    plain, shared, alone = await asyncio.gather(*readers)
    same = sum(a == b == c for a, b, c in zip(plain, shared, alone))
    print(f"{same} of {COUNT} events are the same")
    return same != COUNT


sys.exit(asyncio.run(main(*sys.argv[1:])))
