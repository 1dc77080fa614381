// What a first visit costs: every byte that comes over the wire, headers too, until the page rests.

import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";

const { chromium } = createRequire(new URL("../end2end/package.json", import.meta.url))("@playwright/test");

/** Opens the page with an empty cache, as the person whose cookie is given, or as a stranger. */
export async function firstVisit(address, path, cookie) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
  try {
    const context = await browser.newContext();
    if (cookie) {
      const pairs = cookie.split("; ").map((pair) => pair.match(/^([^=]+)=(.*)$/));
      await context.addCookies(pairs.map(([, name, value]) => ({ name, value, url: address })));
    }
    const page = await context.newPage();
    const wire = await context.newCDPSession(page);
    await wire.send("Network.enable");
    const urls = new Map();
    const visit = { bytes: 0, requests: 0, wasm: 0 };
    wire.on("Network.requestWillBeSent", ({ requestId, request }) => urls.set(requestId, request.url));
    wire.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      if (encodedDataLength === 0) return;
      visit.bytes += encodedDataLength;
      visit.requests += 1;
      if (urls.get(requestId)?.endsWith(".wasm")) visit.wasm += encodedDataLength;
    });
    await page.goto(address + path, { waitUntil: "networkidle" });
    await sleep(1000);
    return visit;
  } finally {
    await browser.close();
  }
}
