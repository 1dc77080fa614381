// Coming in with the identity provider that serve.sh starts beside the server.

import type { Page } from "@playwright/test";
import { axe, expect, signIn, signOut, stranger, test, touched } from "./house";

const NAME = "Example ID";

/** Says who one is, on the provider's page. */
async function says(page: Page, email: string, isVerified: boolean) {
  await expect(page.getByRole("heading", { name: NAME })).toBeVisible();
  await page.getByLabel("Address").fill(email);
  if (isVerified) await page.getByLabel("verified").check();
  await page.getByRole("button", { name: "It is me" }).click();
}

test("a stranger comes in with the provider, and the next time too", async ({ page }) => {
  const { email } = stranger();
  await page.goto("/signin?next=%2Fsettings%2Fsecurity");
  await axe(page);
  await page.getByRole("button", { name: `Continue with ${NAME}` }).click();
  await says(page, email, true);
  await expect(page).toHaveURL("/settings/security");
  await expect(page.getByText("It is your only way in.")).toBeVisible();
  await axe(page);
  await signOut(page);
  await page.goto("/signup");
  await page.getByRole("button", { name: `Continue with ${NAME}` }).click();
  await says(page, email, false);
  await expect(page).toHaveURL("/dashboard");
});

test("whoever says no at the provider is told so, and can begin again", async ({ page }) => {
  await page.goto("/signin");
  await page.getByRole("button", { name: `Continue with ${NAME}` }).click();
  await page.getByLabel("Address").fill("somebody@example.com");
  await page.getByRole("button", { name: "Not now" }).click();
  await expect(page).toHaveURL("/signin?provider=declined");
  await expect(page.getByRole("alert")).toHaveText(/did not let you through/);
  await axe(page);
});

test("an account with that address is connected with its password", async ({ person: { page, email, password }, expectedFailures }) => {
  expectedFailures.push("401 /link");
  await signOut(page);
  await page.getByRole("button", { name: `Continue with ${NAME}` }).click();
  await says(page, email, true);
  await expect(page).toHaveURL("/link");
  await expect(page.getByText(`There is an account with the address ${email}.`)).toBeVisible();
  await touched(page);
  await axe(page);
  await page.getByLabel("Password", { exact: true }).fill("not the right one");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByRole("alert")).toHaveText(/not its password/);
  await expect(page.getByLabel("Password", { exact: true })).toBeFocused();
  await axe(page);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page).toHaveURL("/dashboard");
});

test("a person connects in the settings, comes in with it, and disconnects again", async ({ person: { page, email, password } }) => {
  const other = stranger().email;
  await page.goto("/settings/security");
  await page.getByRole("button", { name: `Connect with ${NAME}` }).click();
  await says(page, other, false);
  await expect(page).toHaveURL(/\/settings\/security\?provider=connected/);
  await expect(page.getByRole("status").filter({ hasText: "From now on you come in either way." })).toBeVisible();
  await axe(page);
  await signOut(page);
  await page.getByRole("button", { name: `Continue with ${NAME}` }).click();
  await says(page, other, false);
  await expect(page).toHaveURL("/dashboard");
  await page.goto("/settings/security");
  await page.getByRole("button", { name: "Disconnect", exact: true }).click();
  await expect(page.getByRole("status").filter({ hasText: "Your account is disconnected." })).toBeVisible();
  await signOut(page);
  await signIn(page, email, password);
  await expect(page).toHaveURL("/dashboard");
});
