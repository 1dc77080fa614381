// The page of tasks: many, none, and what is said above them.

import { SAFARI, moves, signsIn } from "./town.mjs";

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
const DONE = ["Take the bottles away", "Answer Ruth’s letter", "Pay the electricity bill"];

/** What is saved for a task that was deleted on another machine. */
async function goesElsewhere(page, person) {
  const { house, bearer } = person;
  const task = await (await house.post("/api/tasks", { title: "Ask Jo about the spare key" }, bearer)).json();
  await page.goto(`${house.address}/dashboard?edit=${task.id}`);
  await fetch(`${house.address}/api/tasks/${task.id}`, { method: "DELETE", headers: bearer });
  await page.getByLabel("Notes").fill("It is below the stone.");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("alert").waitFor();
}

async function offline(page) {
  await page.waitForSelector("html[data-alive]");
  await page.context().setOffline(true);
  await page.getByLabel("New task").fill("Candles for the cellar");
  await page.getByLabel("New task").press("Enter");
  await page.getByRole("alert").waitFor();
}

/** As somebody without a script sends the form. */
async function signedOut(page) {
  await page.context().clearCookies();
  await page.getByLabel("New task").fill("Ring the doctor about the results");
  await page.evaluate(() => document.querySelector(".quick").submit());
  await page.getByLabel("What you wrote").waitFor();
}

export async function tasks(town) {
  const { open } = town;
  const maya = await moves(open, "Maya Lindqvist", "maya@example.org");
  const made = [];
  for (const task of TASKS) made.push(await (await open.post("/api/tasks", task, maya.bearer)).json());
  for (const title of DONE) await open.post("/api/tasks", { title, completed: true }, maya.bearer);
  const empty = await moves(open, "Ada Lovelace");
  const startled = await moves(open, "Ines Moreau");
  await signsIn(startled, SAFARI, "198.51.100.7");

  return {
    dashboard: ["/dashboard", maya],
    "dashboard-edit": [`/dashboard?edit=${made[2].id}`, maya],
    "dashboard-undo": [`/dashboard?added=${made[3].id}`, maya],
    "dashboard-done": ["/dashboard?filter=done", maya],
    "dashboard-all": ["/dashboard?filter=all&sort=title", maya],
    "dashboard-nothing-found": ["/dashboard?q=violin", maya],
    "dashboard-found": ["/dashboard?q=the", maya],
    "dashboard-gone": ["/dashboard", maya, (page) => goesElsewhere(page, maya)],
    "dashboard-not-saved": ["/dashboard", maya, offline],
    "sign-in-kept": ["/dashboard", await moves(open, "Jo Berg"), signedOut],
    "dashboard-empty": ["/dashboard", empty],
    "dashboard-menu": ["/dashboard", maya, (page) => page.getByLabel("Due and priority").click()],
    "dashboard-keys": ["/dashboard", maya, async (page) => {
      await page.waitForSelector("html[data-alive]");
      await page.keyboard.press("?");
    }],
    "dashboard-new-device": ["/dashboard", startled],
    "dashboard-unconfirmed": ["/dashboard", () => town.comes("Otto Meyer")],
  };
}
