// The office: administrators look after people, and everybody else finds nothing there.

import { axe, expect, hasJavaScript, promote, signIn, stranger, test, unchecked } from "./house";
import { confirm, open } from "./office";

test("a member finds no office", async ({ person: _first, newcomer, expectedFailures }) => {
  // Whoever is the first of all in the house looks after it: this is somebody else.
  const { page } = await newcomer();
  await page.goto("/dashboard");
  await expect(page.getByRole("link", { name: "People" })).toHaveCount(0);
  expectedFailures.push("404 /admin");
  await page.goto("/admin");
  await expect(page.getByRole("heading", { name: "There is no page behind this door" })).toBeVisible();
});

test("an administrator finds the way to the people, on a wide page and on a phone", async ({ person }) => {
  promote(person);
  const { page } = person;
  await page.goto("/dashboard");
  await page.getByRole("link", { name: "People" }).click();
  await expect(page).toHaveURL("/admin");
  await expect(page.getByRole("heading", { name: "People", level: 1 })).toBeVisible();
  await axe(page);
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto("/settings");
  await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "People" }).click();
  await expect(page).toHaveURL("/admin");
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(360);
});

test("a link that an administrator makes sets a new password, and is shown once", async ({ person, newcomer }) => {
  promote(person);
  const maya = await newcomer();
  const { page } = person;
  await open(page, maya);
  await axe(page);
  await page.getByText("Make a link …", { exact: true }).click();
  await axe(page);
  await page.getByRole("button", { name: "Make a link: " }).click();
  await expect(page.locator("#made")).toBeFocused();
  const link = (await page.locator("#reset-link").innerText()).trim();
  await axe(page);
  const copy = page.getByRole("button", { name: "Copy link" });
  if (hasJavaScript()) await expect(copy).toBeVisible();
  else await expect(copy).toBeHidden();
  await open(page, maya);
  expect(await page.content()).not.toContain(link);

  await maya.page.context().clearCookies();
  await maya.page.goto(link);
  await maya.page.getByLabel("New password", { exact: true }).fill("another three words");
  await maya.page.getByRole("button", { name: "Set the password" }).click();
  await signIn(maya.page, maya.email, "another three words");
  await expect(maya.page).toHaveURL("/dashboard");
  await maya.page.goto("/settings/activity");
  await expect(maya.page.getByRole("row").filter({ hasText: "Password link made" })).toContainText("By an administrator");
});

test("somebody is shut out at once, and let in again", async ({ person, newcomer, expectedFailures }) => {
  promote(person);
  const maya = await newcomer();
  const { page } = person;
  await open(page, maya);
  await confirm(page, "Disable");
  await expect(page.getByText("The account is disabled.")).toBeVisible();
  await axe(page);
  await maya.page.goto("/dashboard");
  await expect(maya.page).toHaveURL(/\/signin/);
  expectedFailures.push("401 /signin");
  await signIn(maya.page, maya.email, maya.password);
  await expect(maya.page.getByRole("alert")).toBeVisible();
  await confirm(page, "Enable");
  await expect(page.getByText("The account is enabled.")).toBeVisible();
  await signIn(maya.page, maya.email, maya.password);
  await expect(maya.page).toHaveURL("/dashboard");
});

test("an account is deleted only with its address", async ({ person, newcomer, expectedFailures }) => {
  promote(person);
  const maya = await newcomer();
  const { page } = person;
  await open(page, maya);
  await page.getByText("Delete the account …", { exact: true }).click();
  expectedFailures.push("400 /action/admin/people/delete");
  const field = page.getByLabel("To be sure, write the account’s e-mail");
  await field.fill(person.email);
  await page.getByRole("button", { name: "Delete the account: " }).click();
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(field).toBeFocused();
  await axe(page);
  await field.fill(maya.email);
  await page.getByRole("button", { name: "Delete the account: " }).click();
  await expect(page.getByText("The account is deleted")).toBeVisible();
  await maya.page.goto("/dashboard");
  await expect(maya.page).toHaveURL(/\/signin/);
});

test("an invitation lets one person in, and another is revoked", async ({ person }) => {
  promote(person);
  const { page } = person;
  const invited = stranger("Grace Hopper");
  await page.goto("/admin/invitations");
  await axe(page);
  await page.getByLabel("E-mail", { exact: true }).fill(invited.email);
  await page.getByLabel("Note", { exact: true }).fill("From the choir");
  await page.getByLabel("Good for").selectOption("7");
  await page.getByRole("button", { name: "Make an invitation" }).click();
  await expect(page.locator("#made")).toBeFocused();
  const link = (await page.locator("#invitation-link").innerText()).trim();
  await axe(page);

  const other = stranger();
  await page.goto("/admin/invitations");
  expect(await page.content()).not.toContain(link);
  await page.getByLabel("E-mail", { exact: true }).fill(other.email);
  await page.getByRole("button", { name: "Make an invitation" }).click();
  const row = page.getByRole("listitem").filter({ hasText: other.email });
  await row.getByText("Revoke", { exact: true }).click();
  await row.getByRole("button", { name: "Revoke the invitation" }).click();
  await expect(page.getByText("The invitation is revoked.")).toBeVisible();
  await expect(row).toHaveCount(0);

  await page.context().clearCookies();
  await page.goto(link);
  await expect(page.getByText("You are invited.")).toBeVisible();
  await expect(page.getByLabel("E-mail", { exact: true })).toHaveValue(invited.email);
  await axe(page);
  await page.getByLabel("Name", { exact: true }).fill(invited.name);
  await page.getByLabel("Password", { exact: true }).fill(invited.password);
  await page.getByRole("button", { name: "Make an account" }).click();
  await expect(page).toHaveURL("/dashboard");
});

test("a refused invitation keeps what was typed", async ({ person, expectedFailures }) => {
  promote(person);
  const { page } = person;
  expectedFailures.push("400 /action/admin/invitations/create");
  await page.goto("/admin/invitations");
  await unchecked(page);
  await page.getByLabel("E-mail", { exact: true }).fill("nobody");
  await page.getByLabel("Note", { exact: true }).fill("From the choir");
  await page.getByRole("button", { name: "Make an invitation" }).click();
  await expect(page.getByLabel("E-mail", { exact: true })).toBeFocused();
  await expect(page.getByLabel("E-mail", { exact: true })).toHaveValue("nobody");
  await expect(page.getByLabel("Note", { exact: true })).toHaveValue("From the choir");
  await axe(page);
});

test("the activity of the house is chosen by kind", async ({ person }) => {
  promote(person);
  const { page } = person;
  await page.goto("/admin/activity");
  await axe(page);
  await page.getByLabel("Kind").selectOption("role_changed");
  await page.getByRole("button", { name: "Show" }).click();
  const rows = page.getByRole("rowheader");
  await expect(rows.first()).toContainText("Role changed");
  await axe(page);
});
