// One's own settings.

import { axe, expect, hasJavaScript, hydrated, test, unchecked } from "./house";

test("a person changes the name and finds it everywhere", async ({ person: { page } }) => {
  await page.goto("/settings");
  await axe(page);
  await page.getByLabel("Name", { exact: true }).fill("Grace Hopper");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page).toHaveURL("/settings?saved=name");
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Grace Hopper");
  await expect(page.getByRole("navigation", { name: "Lists" }).getByText("Grace Hopper")).toBeVisible();
});

test("a refused name stays as it was typed", async ({ person: { page }, expectedFailures }) => {
  expectedFailures.push("400 /api/auth/update-user");
  await page.goto("/settings");
  await unchecked(page);
  await page.getByLabel("Name", { exact: true }).fill("   ");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByLabel("Name", { exact: true })).toHaveAttribute("aria-invalid", "true");
  await axe(page);
});

test("a person who wants it dark gets it dark", async ({ person: { page } }) => {
  await page.goto("/settings");
  await page.getByLabel("Dark", { exact: true }).check();
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL("/settings?saved=look");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await axe(page);
});

test("the token on the page opens the API, until its session ends", async ({ person: { page }, request, expectedFailures }) => {
  await page.goto("/settings/api");
  const token = await page.locator("#token").innerText();
  const headers = { authorization: `Bearer ${token.trim()}` };
  expect((await request.get("/api/tasks", { headers })).status()).toBe(200);
  expectedFailures.push("401 /api/tasks");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL("/signin?done=signed-out");
  expect((await request.get("/api/tasks", { headers })).status()).toBe(401);
});

test("the settings are pages with one navigation", async ({ person: { page } }) => {
  await page.goto("/settings");
  const chapters = page.getByRole("navigation", { name: "Settings" });
  for (const [name, path] of [
    ["Security", "/settings/security"],
    ["Sessions", "/settings/sessions"],
    ["API", "/settings/api"],
    ["Activity", "/settings/activity"],
    ["Profile", "/settings"],
  ]) {
    await chapters.getByRole("link", { name }).click();
    await expect(page).toHaveURL(path);
    await expect(chapters.locator("[aria-current=page]")).toHaveText(name);
    await axe(page);
  }
});

test("a person sees what happened to the account", async ({ person: { page } }) => {
  await page.goto("/settings/activity");
  await expect(page.getByRole("rowheader", { name: /Signed up/ })).toBeVisible();
});

test("with a script a token is copied with one press", async ({ person: { page } }) => {
  await page.goto("/settings/api");
  const copy = page.getByRole("button", { name: "Copy token" });
  if (!hasJavaScript()) return expect(copy).toBeHidden();
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await hydrated(page);
  await copy.click();
  await expect(page.getByRole("status").filter({ hasText: "Copied" }).first()).toBeAttached();
  const token = (await page.locator("#token").innerText()).trim();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(token);
});
