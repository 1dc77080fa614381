// Access tokens: made on the settings page, shown once, and dead when they are revoked.

import type { Page } from "@playwright/test";
import { axe, expect, hasJavaScript, hydrated, test, unchecked } from "./house";

const tokens = (page: Page) => page.getByRole("list", { name: "Access tokens" }).getByRole("listitem");

/** Makes a token that may do this, and reads it where it is shown. */
async function make(page: Page, name: string, may: string) {
  await page.getByLabel("Token’s name").fill(name);
  await page.getByLabel(may, { exact: true }).check();
  await page.getByRole("button", { name: "Make a token" }).click();
  await expect(page.getByRole("group", { name: new RegExp(`“${name}” is made`) })).toBeVisible();
  return (await page.locator("#access-token").innerText()).trim();
}

test("a token is made, does what it may, and is dead once revoked", async ({ person: { page }, request, expectedFailures }) => {
  await page.goto("/settings/api");
  await hydrated(page);
  await expect(page.getByText("There are no access tokens yet.")).toBeVisible();
  const token = await make(page, "Home server", "Read tasks");
  expect(token).toMatch(/^lk_[\w-]{49}$/);
  await expect(page.locator("#made")).toBeFocused();
  await expect(page.locator("#access-command")).toContainText(`curl -H "Authorization: Bearer ${token}"`);
  await axe(page);

  const headers = { authorization: `Bearer ${token}` };
  expect((await request.get("/api/tasks", { headers })).status()).toBe(200);
  const refused = await request.post("/api/tasks", { headers, data: { title: "Not allowed" } });
  expect(refused.status()).toBe(403);
  expect(refused.headers()["www-authenticate"]).toContain('scope="tasks:write"');

  // Not a word of it on any later page.
  await page.goto("/settings/api");
  await hydrated(page);
  expect(await page.content()).not.toContain(token);
  await expect(tokens(page)).toHaveCount(1);
  await expect(tokens(page)).toContainText("Read tasks");

  await tokens(page).getByText("Revoke", { exact: true }).click();
  await axe(page);
  await page.getByRole("button", { name: "Revoke “Home server”" }).click();
  await expect(page.getByText("The token is revoked.")).toBeVisible();
  await expect(tokens(page)).toHaveCount(0);
  expectedFailures.push("401 /api/tasks");
  expect((await request.get("/api/tasks", { headers })).status()).toBe(401);
});

test("a reload after a token was made makes no second one", async ({ person: { page }, expectedFailures }) => {
  await page.goto("/settings/api");
  await hydrated(page);
  const token = await make(page, "Calendar", "Read, add and change tasks");
  expectedFailures.push("409 /action/tokens/create");
  await page.reload();
  await expect(tokens(page)).toHaveCount(1);
  expect(await page.content()).not.toContain(token);
  if (!hasJavaScript()) await expect(page.getByRole("alert")).toContainText("made already");
});

test("a refused token’s form keeps what was typed", async ({ person: { page }, expectedFailures }) => {
  expectedFailures.push("422 /action/tokens/create");
  await page.goto("/settings/api");
  await hydrated(page);
  await unchecked(page);
  await page.getByLabel("Token’s name").fill("Robot");
  await page.getByLabel("Add and change tasks", { exact: true }).check();
  await page.getByLabel("Or after this day").fill("2020-02-02");
  await page.getByRole("button", { name: "Make a token" }).click();
  const day = page.getByLabel("Or after this day");
  await expect(day).toHaveAttribute("aria-invalid", "true");
  await expect(day).toBeFocused();
  await expect(day).toHaveValue("2020-02-02");
  await expect(page.getByLabel("Token’s name")).toHaveValue("Robot");
  await expect(page.getByLabel("Add and change tasks", { exact: true })).toBeChecked();
  await expect(page.getByText("There are no access tokens yet.")).toBeVisible();
  await axe(page);
});

test("with a script an access token is copied with one press", async ({ person: { page } }) => {
  await page.goto("/settings/api");
  await hydrated(page);
  const token = await make(page, "Home server", "Read tasks");
  const copy = page.getByRole("button", { name: "Copy access token" });
  if (!hasJavaScript()) return expect(copy).toBeHidden();
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await copy.click();
  await expect(page.getByRole("status").filter({ hasText: "Copied" }).first()).toBeAttached();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(token);
});
