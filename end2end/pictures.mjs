// Pictures of every page in every state, phone and desktop, light and dark: to be looked at, and the README's from among them.
// bin/pictures runs it.

import { chromium } from "@playwright/test";
import { mkdirSync } from "node:fs";
import { House } from "../bench/house.mjs";

const folder = process.argv[2] ?? "target/pictures";
mkdirSync(folder, { recursive: true });

const day = (offset) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
const TASKS = [
  { title: "Send the signed lease back to the agency", priority: "high", dueDate: day(-2) },
  { title: "Renew the parking permit", dueDate: day(-1), priority: "medium" },
  { title: "Call the plumber about the kitchen tap", priority: "high", dueDate: day(0), description: "He is in from eight to ten." },
  { title: "Water the basil and the tomatoes", dueDate: day(0) },
  { title: "Book the train to Lyon", priority: "medium", dueDate: day(3), description: "Window seats, and a table if there is one." },
  { title: "Bring the bicycle in for its service before the winter sale ends and everybody else comes too", dueDate: day(6) },
  { title: "Find a present for Ines", priority: "low", dueDate: day(12) },
  { title: "Read the book that Tom lent me" },
  { title: "Sort the photographs of the summer", priority: "low" },
];

const house = await House.open({});
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const full = await house.signUp("Maya Lindqvist");
const auth = { authorization: `Bearer ${full.token}` };
const made = [];
for (const task of TASKS) made.push(await (await house.post("/api/tasks", task, auth)).json());
for (const title of ["Take the bottles away", "Answer Ruth’s letter", "Pay the electricity bill"]) await house.post("/api/tasks", { title, completed: true }, auth);
const empty = await house.signUp("Ada Lovelace");

const submit = async (page, fields, button) => {
  await page.evaluate(() => [...document.forms].forEach((form) => (form.noValidate = true)));
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(value);
  await page.getByRole("button", { name: button, exact: true }).click();
  await page.waitForLoadState("networkidle");
};

const PAGES = {
  landing: ["/"],
  signup: ["/signup"],
  "signup-refused": ["/signup", undefined, (page) => submit(page, { Name: "", "E-mail": "maya@", Password: "short" }, "Make an account")],
  signin: ["/signin"],
  "signin-refused": ["/signin", undefined, (page) => submit(page, { "E-mail": "maya@example.org", Password: "not this one" }, "Sign in")],
  reset: ["/reset-password?token=x"],
  "not-found": ["/nothing-here"],
  docs: ["/api/docs"],
  dashboard: ["/dashboard", full],
  "dashboard-edit": [`/dashboard?edit=${made[2].id}`, full],
  "dashboard-undo": [`/dashboard?added=${made[3].id}`, full],
  "dashboard-done": ["/dashboard?filter=done", full],
  "dashboard-all": ["/dashboard?filter=all&sort=title", full],
  "dashboard-nothing-found": ["/dashboard?q=violin", full],
  "dashboard-empty": ["/dashboard", empty],
  "dashboard-menu": ["/dashboard", full, (page) => page.getByLabel("Due and priority").click()],
  "dashboard-keys": ["/dashboard", full, async (page) => {
    await page.waitForSelector("html[data-alive]");
    await page.keyboard.press("?");
  }],
  settings: ["/settings", full],
  "settings-security": ["/settings/security", full],
  "settings-security-refused": ["/settings/security", full, (page) => submit(page, { "Current password": "not this one", "New password": "three other words" }, "Change the password")],
  "settings-sessions": ["/settings/sessions", full],
  "settings-api": ["/settings/api", full],
  "settings-activity": ["/settings/activity", full],
  "settings-token": ["/settings/api", full, async (page) => {
    await page.getByLabel("Read, add and change tasks", { exact: true }).check();
    await submit(page, { "Token’s name": "Home server" }, "Make a token");
  }],
  "settings-revoke": ["/settings/api", full, (page) => page.getByText("Revoke", { exact: true }).first().click()],
  "settings-token-refused": ["/settings/api", full, (page) => submit(page, { "Token’s name": "Robot", "Or after this day": "2020-02-02" }, "Make a token")],
};
const SCREENS = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };

for (const [screen, viewport] of Object.entries(SCREENS)) {
  for (const colorScheme of ["light", "dark"]) {
    for (const [name, [path, person, act]] of Object.entries(PAGES)) {
      if (process.argv[3] && !name.startsWith(process.argv[3])) continue;
      const context = await browser.newContext({ viewport, colorScheme, deviceScaleFactor: screen === "phone" ? 2 : 1, hasTouch: screen === "phone", isMobile: screen === "phone" });
      if (person) {
        const [cookie, value] = person.cookie.split("=");
        await context.addCookies([{ name: cookie, value, url: house.address }]);
      }
      const page = await context.newPage();
      await page.goto(house.address + path, { waitUntil: "networkidle" });
      await act?.(page);
      await page.waitForTimeout(250);
      await page.screenshot({ path: `${folder}/${name}-${screen}-${colorScheme}.png`, fullPage: name.startsWith("settings") || name === "docs" || name === "landing" });
      await context.close();
    }
  }
}
await browser.close();
await house.close();
