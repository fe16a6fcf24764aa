#!/usr/bin/env python3
"""
Changes the address of a page that is open in a browser of the Chromium family:

    address.py FOLDER HASH TEXT

in: FOLDER, the --user-data-dir of a browser with --remote-debugging-port=0, which
has the page open; and HASH, the new end of its address. out: exits 0 as soon as the
page shows TEXT, and 1 when it does not within twenty seconds.
"""
import asyncio
import json
import sys
import time
import urllib.request

import websockets


async def evaluate(page, script):
    await page.send(json.dumps({"id": 1, "method": "Runtime.evaluate", "params": {"expression": script}}))
    while (answer := json.loads(await page.recv())).get("id") != 1:
        pass
    return answer["result"]["result"].get("value")


async def main(folder, end, text):
    until = time.monotonic() + 20
    port = open(f"{folder}/DevToolsActivePort").readline().strip()
    targets = json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list"))
    address = [t["webSocketDebuggerUrl"] for t in targets if t["type"] == "page"][0]
    async with websockets.connect(address, max_size=None) as page:
        # Before it has loaded, the address is still that of an empty page.
        ready = "location.protocol == 'http:' && document.readyState == 'complete'"
        while time.monotonic() < until and not await evaluate(page, ready):
            await asyncio.sleep(0.1)
        await evaluate(page, f"location.hash = {json.dumps(end)}")
        while time.monotonic() < until:
            if text in (await evaluate(page, "document.body.innerHTML") or ""):
                return 0
            await asyncio.sleep(0.1)
    return 1


sys.exit(asyncio.run(main(*sys.argv[1:])))
