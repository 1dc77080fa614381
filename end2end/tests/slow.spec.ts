// Where the line is slow or broken, or somebody was quicker elsewhere: nothing that was written is lost.

import type { Page } from "@playwright/test";
import { add, axe, check, expect, hasJavaScript, hydrated, row, test } from "./house";

/** Holds what the script of this page sends to this path until it is let go. Not by a route of the test's, which loses what is sent with `keepalive`. */
async function held(page: Page, path: string) {
  await page.evaluate((path) => {
    const fetch = window.fetch.bind(window);
    const gone = new Promise<void>((done) => Object.assign(window, { letGo: done }));
    window.fetch = async (address, options) => {
      if (String(address).endsWith(path)) await gone;
      return fetch(address, options);
    };
  }, path);
  return () => page.evaluate(() => (window as unknown as { letGo: () => void }).letGo());
}

/** A window so low that the list and what stands above it are never seen at once. */
const low = (page: Page) => page.setViewportSize({ width: 900, height: 220 });

const newTask = (page: Page) => page.getByLabel("New task");

async function write(page: Page, title: string) {
  await newTask(page).fill(title);
  await newTask(page).press("Enter");
}

test("with a script the line is free for the next task while the last one is on its way", async ({ person: { page } }) => {
  test.skip(!hasJavaScript(), "this is what scripts are for");
  await hydrated(page);
  const letGo = await held(page, "/action/tasks/create");
  await write(page, "Bread");
  await expect(newTask(page)).toHaveValue("");
  await write(page, "Bread");
  await write(page, "Butter");
  await newTask(page).pressSequentially("Hon");
  await letGo();
  await expect(row(page, "Butter")).toBeVisible();
  await expect(row(page, "Bread")).toHaveCount(2);
  await expect(newTask(page)).toHaveValue("Hon");
  await expect(newTask(page)).toBeFocused();
});

test("with a script what could not be saved is kept beside what is being written, until it is tried again", async ({ person: { page }, complaints }) => {
  test.skip(!hasJavaScript(), "this is what scripts are for");
  await hydrated(page);
  await page.context().setOffline(true);
  const letGo = await held(page, "/action/tasks/create");
  await write(page, "Candles");
  await newTask(page).fill("Lamp oil");
  await letGo();
  await expect(page.getByRole("alert")).toContainText("“Candles” is kept.");
  await page.context().setOffline(false);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(row(page, "Candles")).toHaveCount(1);
  await expect(newTask(page)).toHaveValue("Lamp oil");
  // The browser says that it was offline, as it was.
  expect(complaints.every((complaint) => complaint.startsWith("net::ERR_INTERNET_DISCONNECTED"))).toBe(true);
  complaints.length = 0;
});

test("with a script a task that is refused while the next one waits comes back, and the server’s own reason is said", async ({ person: { page }, expectedFailures }) => {
  test.skip(!hasJavaScript(), "this is what scripts are for");
  expectedFailures.push("422 /action/tasks/create");
  await hydrated(page);
  await newTask(page).evaluate((field) => field.removeAttribute("maxlength"));
  const letGo = await held(page, "/action/tasks/create");
  const long = "Paper ".repeat(100).trim();
  await write(page, long);
  await write(page, "Scissors");
  await letGo();
  await expect(row(page, "Scissors")).toBeVisible();
  await expect(page.getByRole("alert")).toContainText("This was not saved. A task needs a title of 1 to 200 characters.");
  await expect(newTask(page)).toHaveValue(long);
});

test("with a script the browser asks before an edit is left that is not saved", async ({ person: { page } }) => {
  test.skip(!hasJavaScript(), "this is what scripts are for");
  await add(page, "Wax the floor");
  await hydrated(page);
  const asked: string[] = [];
  page.on("dialog", (dialog) => {
    asked.push(dialog.type());
    void dialog.accept();
  });
  await page.getByRole("link", { name: "Wax the floor" }).first().click();
  await expect(page.getByLabel("Notes")).toBeVisible();
  await page.reload();
  await hydrated(page);
  expect(asked).toEqual([]);
  await page.getByLabel("Notes").fill("With the grain.");
  await page.reload();
  expect(asked).toEqual(["beforeunload"]);
});

test("with a script what is written while an edit is being saved stays", async ({ person: { page } }) => {
  test.skip(!hasJavaScript(), "this is what scripts are for");
  await add(page, "Label the jars");
  await hydrated(page);
  await page.getByRole("link", { name: "Label the jars" }).first().click();
  const notes = page.getByLabel("Notes");
  await notes.fill("Plum");
  const letGo = await held(page, "/action/tasks/change");
  await page.getByRole("button", { name: "Save" }).click();
  await notes.press("End");
  await notes.pressSequentially(", quince");
  await letGo();
  await expect(page.locator(".toast")).toBeVisible();
  await expect(notes).toHaveValue("Plum, quince");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(notes).toHaveCount(0);
  await page.getByRole("link", { name: "Label the jars" }).first().click();
  await expect(notes).toHaveValue("Plum, quince");
});

test("with a script an edit is saved by whatever leads on, but not by its own Cancel", async ({ person: { page } }) => {
  test.skip(!hasJavaScript(), "this is what scripts are for");
  await add(page, "Prune the vine");
  await add(page, "Fix the tap");
  await hydrated(page);
  await page.getByRole("link", { name: "Prune the vine" }).first().click();
  await page.getByLabel("Notes").fill("Above the second leaf.");
  await page.getByRole("link", { name: "Fix the tap" }).first().click();
  await expect(page.getByRole("form", { name: "Edit: Fix the tap" })).toBeVisible();
  await page.getByLabel("Notes").fill("Not wanted");
  await page.getByRole("link", { name: "Cancel" }).click();
  await page.getByRole("link", { name: "Prune the vine" }).first().click();
  await expect(page.getByLabel("Notes")).toHaveValue("Above the second leaf.");
  await page.getByRole("link", { name: "Fix the tap" }).first().click();
  await expect(page.getByRole("form", { name: "Edit: Fix the tap" }).getByLabel("Notes")).toHaveValue("");
});

test("with a script Escape asks before it throws an edit away, and Control with Enter saves it", async ({ person: { page } }) => {
  test.skip(!hasJavaScript(), "this is what scripts are for");
  await add(page, "Oil the hinge");
  await hydrated(page);
  await page.getByRole("link", { name: "Oil the hinge" }).first().click();
  const notes = page.getByLabel("Notes");
  await notes.fill("Thin oil.");
  let asked = "";
  page.once("dialog", (dialog) => {
    asked = dialog.message();
    void dialog.dismiss();
  });
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  expect(asked).toBe("Discard what you changed?");
  await expect(notes).toHaveValue("Thin oil.");
  await notes.press("Control+Enter");
  await expect(row(page, "Oil the hinge").getByText("Notes")).toBeVisible();
});

test("with a script a row in hand is deleted by its key, and single letters can be turned off", async ({ person: { page } }) => {
  test.skip(!hasJavaScript(), "this is what scripts are for");
  await add(page, "Old receipt");
  await hydrated(page);
  await page.keyboard.press("Escape");
  await page.locator("#main").focus();
  await page.keyboard.press("j");
  await page.keyboard.press("Delete");
  await expect(row(page, "Old receipt")).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(row(page, "Old receipt")).toBeVisible();
  await page.locator("#main").focus();
  await page.keyboard.press("?");
  await page.getByLabel("Keys of a single letter").uncheck();
  await axe(page);
  await page.keyboard.press("Escape");
  await page.locator("#main").focus();
  await page.keyboard.press("n");
  await expect(newTask(page)).not.toBeFocused();
});

test("a task that was deleted elsewhere is gone from the list, and the page says so", async ({ person: { page }, expectedFailures }) => {
  expectedFailures.push(/^404 \/action\/tasks\/(complete|change)$/);
  await add(page, "Shared list");
  await add(page, "Spare key");
  const elsewhere = await page.context().newPage();
  await elsewhere.goto("/dashboard");
  for (const title of ["Shared list", "Spare key"]) {
    await elsewhere.getByRole("link", { name: title }).first().click();
    await elsewhere.getByRole("form", { name: `Edit: ${title}` }).getByRole("button", { name: "Delete" }).click();
    await expect(row(elsewhere, title)).toHaveCount(0);
  }
  await low(page);
  await check(page, "Shared list").click();
  await expect(page.getByRole("alert")).toContainText("There is no such task, or no longer.");
  await expect(page.getByRole("alert")).toBeInViewport();
  await expect(row(page, "Shared list")).toHaveCount(0);
  await axe(page);
});

test("what is written into a task that is gone is shown again", async ({ person: { page }, expectedFailures }) => {
  expectedFailures.push("404 /action/tasks/change");
  await add(page, "Letter to Jo");
  await page.getByRole("link", { name: "Letter to Jo" }).first().click();
  const elsewhere = await page.context().newPage();
  await elsewhere.goto("/dashboard");
  await elsewhere.getByRole("link", { name: "Letter to Jo" }).first().click();
  await elsewhere.getByRole("form", { name: /^Edit: / }).getByRole("button", { name: "Delete" }).click();
  await expect(row(elsewhere, "Letter to Jo")).toHaveCount(0);
  await low(page);
  await page.getByLabel("Notes").fill("Dear Jo,\n\nthe key is below the stone.");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toContainText("There is no such task");
  await expect(page.getByRole("alert")).toBeInViewport();
  await expect(page.getByLabel("What you wrote")).toHaveValue("Letter to Jo\n\nDear Jo,\n\nthe key is below the stone.");
  await axe(page);
});

test("what is written when the session is over is not lost, and the page says why", async ({ person: { page }, expectedFailures }) => {
  expectedFailures.push("401 /action/tasks/create");
  await hydrated(page);
  await page.context().clearCookies();
  await newTask(page).fill("Ring the doctor");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("signed out, so this was not saved.");
  if (hasJavaScript()) {
    await expect(newTask(page)).toHaveValue("Ring the doctor");
  } else {
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await expect(page.getByLabel("What you wrote")).toHaveValue("Ring the doctor");
    await axe(page);
  }
});

test("what was done is said once: not again when the page is loaded anew", async ({ person: { page } }) => {
  test.skip(!hasJavaScript(), "an address cannot be put right without a script");
  await hydrated(page);
  await add(page, "Say it once");
  await expect(page.locator(".toast")).toBeVisible();
  await expect(page).toHaveURL("/dashboard");
  await page.reload();
  await expect(row(page, "Say it once")).toBeVisible();
  await expect(page.locator(".toast")).toHaveCount(0);
});

test("a search says what it is, and there is a way out of it", async ({ person: { page } }) => {
  for (const title of ["Quince jelly", "Quince tart"]) await add(page, title);
  await check(page, "Quince tart").click();
  await expect(row(page, "Quince tart")).toHaveCount(0);
  await page.goto("/dashboard?q=quince");
  await expect(page).toHaveTitle("“quince” · Open · latchkey");
  await expect(page.getByText("“quince” in Open")).toBeVisible();
  await page.getByRole("link", { name: "Search everything" }).click();
  await expect(page.locator("li.task")).toHaveCount(2);
  await axe(page);
  await page.getByRole("link", { name: "Clear the search" }).click();
  await expect(page).toHaveURL("/dashboard?filter=all");
});

test("a page that is not there knows who is signed in", async ({ person: { page }, expectedFailures }) => {
  expectedFailures.push("404 /no-such-page");
  await page.goto("/no-such-page");
  await page.getByRole("link", { name: "Go to your tasks" }).click();
  await expect(page).toHaveURL("/dashboard");
});
