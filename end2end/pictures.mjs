// Pictures of every page in every state, phone and desktop, light and dark: to be looked at, and the README's from among them.
// bin/pictures runs it.
//   node pictures.mjs FOLDER [BEGINNING OF NAMES]

import { chromium } from "@playwright/test";
import { mkdirSync } from "node:fs";
import { entrance } from "./pictures/entrance.mjs";
import { office } from "./pictures/office.mjs";
import { settings } from "./pictures/settings.mjs";
import { tasks } from "./pictures/tasks.mjs";
import { Town } from "./pictures/town.mjs";

const [folder = "target/pictures", wanted = ""] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });

const SCREENS = {
  phone: { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
  desktop: { viewport: { width: 1280, height: 800 } },
};
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
let faults = 0;

/** A page of a person in this state. */
async function stands(screen, [path, who, act]) {
  const person = await (typeof who === "function" ? who() : who);
  const { address } = person.house;
  const context = await browser.newContext({ ...SCREENS[screen], colorScheme: "light" });
  const [cookie, value] = person.cookie?.split("=") ?? [];
  if (cookie) await context.addCookies([{ name: cookie, value, url: address }]);
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  await page.goto(address + path);
  await act?.(page);
  return page;
}

async function pictures(screen, name, state) {
  const page = await stands(screen, state);
  const isWhole = !name.startsWith("dashboard");
  const { viewport } = SCREENS[screen];
  // As tall as the page, so that what keeps to the screen's edge keeps to the page's.
  const height = await page.evaluate(() => (document.querySelector(".bar") ? document.documentElement.scrollHeight : 0));
  if (isWhole) await page.setViewportSize({ ...viewport, height: Math.max(height, viewport.height) });
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await page.waitForTimeout(150);
    await page.screenshot({ path: `${folder}/${name}-${screen}-${colorScheme}.png`, fullPage: isWhole });
  }
  const [width, seen] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  if (width > seen) throw new Error(`${width - seen} px wider than the screen`);
  await page.context().close();
}

/** Every picture of one screen. */
async function look(screen, town) {
  for (const chapter of [entrance, tasks, settings, office]) {
    for (const [name, state] of Object.entries(await chapter(town))) {
      if (!name.startsWith(wanted)) continue;
      await pictures(screen, name, state).catch((error) => {
        faults += 1;
        console.error(`${name}, ${screen}: ${error.message}`);
      });
    }
  }
}

for (const screen of Object.keys(SCREENS)) {
  const town = await Town.open();
  await look(screen, town).finally(() => town.close());
}
await browser.close();
process.exitCode = faults > 0 ? 1 : 0;
