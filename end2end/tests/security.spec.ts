// Another password, a copy of everything, and the end of an account.

import { readFile } from "node:fs/promises";
import { add, axe, expect, signIn, signUp, test, unchecked } from "./house";

const CHOSEN = "four other words of mine";

test("a new password works, the old one does not, and other sessions are over", async ({ person, another, expectedFailures }) => {
  const { page, email, password } = person;
  const other = await another();
  await signIn(other, email, password);
  await expect(other).toHaveURL("/dashboard");
  await page.goto("/settings/security");
  await axe(page);
  await page.getByLabel("Current password", { exact: true }).fill(password);
  await page.getByLabel("New password", { exact: true }).fill(CHOSEN);
  await page.getByRole("button", { name: "Change the password" }).click();
  await expect(page).toHaveURL("/settings/security?done=password");
  await expect(page.getByText("Your password is changed")).toBeVisible();

  await other.reload();
  await expect(other).toHaveURL("/signin?next=%2Fdashboard");
  expectedFailures.push("401 /signin");
  await signIn(other, email, password);
  await expect(other.getByRole("alert")).toBeVisible();
  await signIn(other, email, CHOSEN);
  await expect(other).toHaveURL("/dashboard");
});

test("a wrong current password is said beside its field", async ({ person: { page }, expectedFailures }) => {
  expectedFailures.push("400 /api/auth/change-password");
  await page.goto("/settings/security");
  await page.getByLabel("Current password", { exact: true }).fill("not this one");
  await page.getByLabel("New password", { exact: true }).fill(CHOSEN);
  await page.getByRole("button", { name: "Change the password" }).click();
  const current = page.getByLabel("Current password", { exact: true });
  await expect(current).toHaveAttribute("aria-invalid", "true");
  await expect(current).toBeFocused();
  await expect(current).toHaveValue("");
  await expect(page.getByText("That is not your password.")).toBeVisible();
  await axe(page);
});

test("a copy of everything is downloaded as one file", async ({ person: { page, email } }) => {
  await add(page, "Water the plants");
  await page.goto("/settings");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Download my data" }).click()]);
  expect(download.suggestedFilename()).toMatch(/^latchkey-\d{4}-\d{2}-\d{2}\.json$/);
  const whole = JSON.parse(await readFile(await download.path(), "utf8"));
  expect(whole.profile.email).toBe(email);
  expect(whole.tasks.map(({ title }: { title: string }) => title)).toEqual(["Water the plants"]);
});

test("whoever leaves is gone, and the address is free again", async ({ person, expectedFailures }) => {
  const { page, name, email, password } = person;
  expectedFailures.push("400 /api/auth/delete-user", "401 /signin");
  await page.goto("/settings");
  await unchecked(page);
  await page.getByLabel("Your e-mail address").fill("somebody.else@example.com");
  await page.getByLabel("Your password").fill(password);
  await page.getByRole("button", { name: "Delete my account" }).click();
  await expect(page.getByLabel("Your e-mail address")).toHaveAttribute("aria-invalid", "true");
  await axe(page);

  await page.getByLabel("Your e-mail address").fill(email);
  await page.getByLabel("Your password").fill(password);
  await page.getByRole("button", { name: "Delete my account" }).click();
  await expect(page).toHaveURL("/?done=deleted");
  await expect(page.getByText("Your account is deleted")).toBeVisible();
  await axe(page);
  await signIn(page, email, password);
  await expect(page.getByRole("alert")).toBeVisible();
  await signUp(page, { name, email, password });
});

test("the session is a cookie that no script reads, and nothing of it lies in the browser’s storage", async ({ person: { page } }) => {
  await add(page, "Water the plants");
  await page.goto("/settings/api");
  const [session] = (await page.context().cookies()).filter(({ name }) => name.endsWith("latchkey_session"));
  expect(session?.httpOnly).toBe(true);
  const seen = await page.evaluate(async () => ({
    cookies: document.cookie,
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
    html: document.documentElement.outerHTML,
  }));
  expect(seen.cookies).not.toContain("latchkey_session");
  expect(seen.html).not.toContain(session.value);
  expect([seen.local, seen.session, seen.databases, seen.caches]).toEqual([[], [], 0, 0]);
});
