// Making an account.

import { axe, expect, hasJavaScript, hydrated, signUp, stranger, test, unchecked } from "./house";

test("whoever signs up is signed in at once and stands on an empty list", async ({ page }) => {
  await signUp(page);
  await expect(page.getByRole("heading", { name: "A clean page" })).toBeVisible();
  await axe(page);
});

test("the sign-up page has no violations", async ({ page }) => {
  await page.goto("/signup");
  await axe(page);
});

test("a refused sign-up keeps what was typed, never the password, and stands on the first fault", async ({ page, expectedFailures }) => {
  expectedFailures.push("400 /signup");
  await page.goto("/signup");
  await page.getByLabel("Name", { exact: true }).fill("Ada");
  await page.getByLabel("E-mail", { exact: true }).fill("nobody");
  await page.getByLabel("Password", { exact: true }).fill("short");
  await unchecked(page);
  await page.getByRole("button", { name: "Make an account" }).click();

  const email = page.getByLabel("E-mail", { exact: true });
  await expect(email).toHaveAttribute("aria-invalid", "true");
  await expect(email).toBeFocused();
  await expect(email).toHaveValue("nobody");
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Ada");
  await expect(page.getByLabel("Password", { exact: true })).toHaveValue("");
  await expect(page.getByLabel("Password", { exact: true })).toHaveAttribute("aria-invalid", "true");
  expect(page.url()).not.toContain("nobody");
  await axe(page);
});

test("an address has one account", async ({ person, newcomer, expectedFailures }) => {
  expectedFailures.push("422 /signup");
  const { page } = await newcomer();
  await page.context().clearCookies();
  await page.goto("/signup");
  await page.getByLabel("Name", { exact: true }).fill("Somebody else");
  await page.getByLabel("E-mail", { exact: true }).fill(person.email.toUpperCase());
  await page.getByLabel("Password", { exact: true }).fill(stranger().password);
  await page.getByRole("button", { name: "Make an account" }).click();
  await expect(page.getByLabel("E-mail", { exact: true })).toHaveAttribute("aria-invalid", "true");
});

test("with a script a password can be shown", async ({ page }) => {
  await page.goto("/signup");
  const show = page.getByRole("button", { name: "Show password" });
  if (!hasJavaScript()) return expect(show).toBeHidden();
  await page.getByLabel("Password", { exact: true }).fill("three words apart");
  await show.click();
  await hydrated(page);
  await expect(page.locator("#password")).toHaveAttribute("type", "text");
  await expect(page.getByRole("button", { name: "Hide password" })).toBeVisible();
});
