"""Opens an EventSource in a browser of the Chromium family.

Usage: eventsource.py FOLDER URL. FOLDER is the --user-data-dir of a browser with
--remote-debugging-port=0. Prints the number of each certificate that onmessage gets, and -N for an
event "skipped" that counts N, as they come.
"""
import asyncio
import json
import sys
import urllib.request

import websockets

SCRIPT = """
var got = [], source = new EventSource(%s);
source.onmessage = e => got.push(JSON.parse(e.data).data.cert_index);
source.addEventListener("skipped", e => got.push(-JSON.parse(e.data).count));
"""


async def evaluate(page, script):
    params = {"expression": script, "returnByValue": True}
    await page.send(json.dumps({"id": 1, "method": "Runtime.evaluate", "params": params}))
    while (answer := json.loads(await page.recv())).get("id") != 1:
        pass
    return answer["result"]["result"].get("value")


async def main(folder, url):
    port = open(f"{folder}/DevToolsActivePort").readline().strip()
    targets = json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list"))
    address = [t["webSocketDebuggerUrl"] for t in targets if t["type"] == "page"][0]
    async with websockets.connect(address, max_size=None) as page:
        await evaluate(page, SCRIPT % json.dumps(url))
        while True:
            for number in await evaluate(page, "got.splice(0)"):
                print(number, flush=True)
            await asyncio.sleep(0.1)


asyncio.run(main(*sys.argv[1:]))
