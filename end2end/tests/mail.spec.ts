// What comes by mail, and what is done with it. There is no mail server here: letters lie in the outbox.

import { axe, expect, linkIn, signIn, signOut, test } from "./house";

test("a forgotten password is set anew by the link of a letter", async ({ person: { page, email } }) => {
  await signOut(page);
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await expect(page.getByRole("heading", { name: "Forgot your password?" })).toBeVisible();
  await expect(page.getByText("No mail leaves this server.")).toBeVisible();
  await axe(page);
  const asked = await page.request.post("/api/auth/request-password-reset", { data: { email } });
  expect(asked.status()).toBe(200);

  await page.goto(await linkIn("Set a new password", email));
  await axe(page);
  await page.getByLabel("New password", { exact: true }).fill("four words apart here");
  await page.getByRole("button", { name: "Set the password" }).click();
  await expect(page).toHaveURL("/signin?done=password");
  await signIn(page, email, "four words apart here");
  await expect(page).toHaveURL("/dashboard");
});

test("an address is confirmed by a button, and not by opening the page", async ({ person: { page, email } }) => {
  const link = await linkIn("Confirm your e-mail address", email);
  await page.goto(link);
  await expect(page.getByRole("heading", { name: "Confirm your address" })).toBeVisible();
  await axe(page);
  const confirmed = async () => ((await (await page.request.get("/api/auth/get-session")).json()) as { user: { emailVerified: boolean } }).user.emailVerified;
  expect(await confirmed()).toBe(false);
  await page.getByRole("button", { name: "Yes, it is mine" }).click();
  await expect(page).toHaveURL("/settings?saved=verified");
  await expect(page.getByRole("status").filter({ hasText: "Your address is confirmed." })).toBeVisible();
  expect(await confirmed()).toBe(true);
});

test("a link that is not whole says how to get another", async ({ page, expectedFailures }) => {
  expectedFailures.push("401 /verify-email");
  await page.goto("/verify-email?token=nothing");
  await page.getByRole("button", { name: "Yes, it is mine" }).click();
  await expect(page.getByRole("alert")).toContainText("too old");
  await expect(page.getByRole("button", { name: "Send again" })).toBeVisible();
  await axe(page);
});

test("a person signs in with another address", async ({ person: { page, email, password } }) => {
  await page.goto("/settings");
  await page.getByLabel("New address", { exact: true }).fill(`new.${email}`);
  await page.getByLabel("Current password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Change the address" }).click();
  await expect(page).toHaveURL("/settings?saved=address");
  await axe(page);
  await signOut(page);
  await signIn(page, `new.${email}`, password);
  await expect(page).toHaveURL("/dashboard");
});

test("a wrong password changes no address, and is told beside its field", async ({ person: { page, email }, expectedFailures }) => {
  expectedFailures.push("400 /api/auth/change-email");
  await page.goto("/settings");
  await page.getByLabel("New address", { exact: true }).fill(`new.${email}`);
  await page.getByLabel("Current password", { exact: true }).fill("not the right one");
  await page.getByRole("button", { name: "Change the address" }).click();
  await expect(page.getByLabel("New address", { exact: true })).toHaveValue(`new.${email}`);
  await expect(page.getByLabel("Current password", { exact: true })).toBeFocused();
  await expect(page.getByText("That is not your password.")).toBeVisible();
  await axe(page);
});
