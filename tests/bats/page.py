#!/usr/bin/env python3
"""
Drives a page in a browser of the Chromium family:

    page.py FOLDER URL WIDTH STEP...

in: FOLDER, the --user-data-dir of a browser with --remote-debugging-port=0; URL, the
page; WIDTH of the window in CSS pixels, below 600 that of a phone with a touch screen;
and steps: a script that is run once when it begins with "do ", the selector of an element
that is touched when it begins with "tap ", else an expression that is waited for until it
holds. What was open before is left first. "key NAME" presses and releases a key, "scheme light" and "scheme dark" choose the colours, "shot FILE" writes a picture of the window as PNG, and
"tree" makes a string of what a screen reader is told: a line for each element with role and name. out: what the last step came to; then a line
"console: TEXT" for each error or warning, and "origin: ORIGIN" for each place that the
page has asked. Exits 1, and names the step, when one does not hold within twenty seconds;
and when the browser does not answer within a minute.
"""
import asyncio
import base64
import json
import sys
import time
import urllib.parse
import urllib.request

import websockets

TROUBLE = "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded", "Audits.issueAdded"


class Page:
    def __init__(self, wire):
        self.wire, self.count, self.console, self.origins = wire, 0, [], set()

    def notice(self, event):
        what, params = event.get("method"), event.get("params")
        if what in TROUBLE:
            self.console.append(json.dumps(params)[:500])
        elif what == "Network.requestWillBeSent":
            self.ask(params["request"]["url"])
        elif what == "Network.webSocketCreated":
            self.ask(params["url"])

    def ask(self, url):
        parts = urllib.parse.urlsplit(url)
        self.origins.add(parts.netloc or parts.scheme)

    async def call(self, method, **params):
        self.count += 1
        await self.wire.send(json.dumps({"id": self.count, "method": method, "params": params}))
        while (answer := json.loads(await self.receive(method))).get("id") != self.count:
            self.notice(answer)
        return answer.get("result", {})

    async def receive(self, method):
        try:
            return await asyncio.wait_for(self.wire.recv(), 60)
        except asyncio.TimeoutError:
            sys.exit(f"the browser never answered: {method}")

    async def evaluate(self, script):
        answer = await self.call("Runtime.evaluate", expression=script, awaitPromise=True,
                                 returnByValue=True, userGesture=True)
        return answer.get("result", {}).get("value")

    async def tap(self, selector):
        box = await self.evaluate(f"document.querySelector({json.dumps(selector)}).getBoundingClientRect().toJSON()")
        point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        await self.call("Input.dispatchTouchEvent", type="touchStart", touchPoints=[point])
        await self.call("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    async def key(self, name):
        key = {"key": name, "code": name, "windowsVirtualKeyCode": {"Tab": 9, "Enter": 13, "Escape": 27}[name]}
        await self.call("Input.dispatchKeyEvent", type="rawKeyDown", **key)
        await self.call("Input.dispatchKeyEvent", type="keyUp", **key)

    async def tree(self):
        nodes = (await self.call("Accessibility.getFullAXTree"))["nodes"]
        lines = []
        for node in nodes:
            role = node.get("role", {}).get("value", "")
            if not node.get("ignored") and role not in ("InlineTextBox", "StaticText", "LineBreak", "none"):
                lines.append(f"{role}: {node.get('name', {}).get('value', '')}")
        return "\n".join(lines)

    async def step(self, step):
        if step.startswith("do "):
            return await self.evaluate(step[3:])
        if step.startswith("tap "):
            return await self.tap(step[4:])
        if step.startswith("key "):
            return await self.key(step[4:])
        if step.startswith("shot "):
            picture = await self.call("Page.captureScreenshot", format="png")
            return open(step[5:], "wb").write(base64.b64decode(picture["data"]))
        if step.startswith("scheme "):
            return await self.call("Emulation.setEmulatedMedia", features=[
                {"name": "prefers-color-scheme", "value": step[7:]}])
        if step == "tree":
            return await self.tree()
        until = time.monotonic() + 20
        while not (value := await self.evaluate(step)):
            if time.monotonic() > until:
                sys.exit(f"never held: {step}\n" + "\n".join(self.console))
            await asyncio.sleep(0.1)
        return value


async def main(folder, url, width, *steps):
    port = open(f"{folder}/DevToolsActivePort").readline().strip()
    targets = json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list"))
    wire = [t["webSocketDebuggerUrl"] for t in targets if t["type"] == "page"][0]
    async with websockets.connect(wire, max_size=None) as connection:
        page = Page(connection)
        await page.call("Page.navigate", url="about:blank")
        # Before that the console would be told what happens to the page that is left.
        await page.step("location.href == 'about:blank'")
        for domain in "Runtime", "Log", "Network", "Page", "Audits":
            await page.call(f"{domain}.enable")
        await page.call("Emulation.setDeviceMetricsOverride", width=int(width), height=800,
                        deviceScaleFactor=1, mobile=int(width) < 600)
        await page.call("Emulation.setTouchEmulationEnabled", enabled=int(width) < 600)
        await page.call("Emulation.setFocusEmulationEnabled", enabled=True)
        await page.call("Page.navigate", url=url)
        last = None
        for step in ("document.readyState == 'complete' && location.protocol.startsWith('http')", *steps):
            last = await page.step(step)
        print(last)
        for text in page.console:
            print("console:", text)
        for origin in sorted(page.origins):
            print("origin:", origin)


asyncio.run(main(*sys.argv[1:]))
