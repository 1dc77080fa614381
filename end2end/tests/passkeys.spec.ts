// Passkeys, with an authenticator that Chromium plays. They belong to a name, so all of this is at localhost.

import type { Page } from "@playwright/test";
import { axe, expect, hasJavaScript, hydrated, signOut, test } from "./house";

const port = process.env.E2E_PORT ?? "3210";

test.use({ baseURL: `http://localhost:${port}` });

const passkeys = (page: Page) => page.getByRole("list", { name: "Passkeys" }).getByRole("listitem");
const said = (page: Page) => page.locator("[data-passkey-said]");

/** A device that knows its person's finger, and says yes by itself. */
async function device(page: Page) {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  const options = {
    protocol: "ctap2",
    transport: "internal",
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
    automaticPresenceSimulation: true,
  } as const;
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", { options });
  const credentials = async () => (await session.send("WebAuthn.getCredentials", { authenticatorId })).credentials;
  return { credentials };
}

/** A browser that does not offer passkeys by itself, so that the button is what counts. */
async function withoutOffers(page: Page) {
  await page.addInitScript(() => {
    PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);
  });
}

async function add(page: Page, name: string) {
  await page.goto("/settings/security");
  await hydrated(page);
  await page.getByLabel("Passkey’s name").fill(name);
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await expect(page.getByRole("status").filter({ hasText: "The passkey is added." })).toBeVisible();
}

test("a passkey is added, signs in, gets another name and goes", async ({ person: { page } }) => {
  test.skip(!hasJavaScript(), "passkeys are made with JavaScript");
  await withoutOffers(page);
  const { credentials } = await device(page);
  await add(page, "Laptop");
  await expect(passkeys(page)).toHaveCount(1);
  await expect(passkeys(page)).toContainText("Never used");
  expect(await credentials()).toMatchObject([{ isResidentCredential: true, rpId: "localhost" }]);
  await hydrated(page);
  await axe(page);

  await signOut(page);
  await page.goto("/signin?next=%2Fsettings%2Fsecurity");
  await axe(page);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page).toHaveURL("/settings/security");
  await expect(passkeys(page)).toContainText("Last used");

  await hydrated(page);
  await passkeys(page).getByText("Change", { exact: true }).click();
  await passkeys(page).getByLabel("Name").fill("Old laptop");
  await axe(page);
  await page.getByRole("button", { name: "Save name" }).click();
  await expect(passkeys(page).getByRole("heading", { name: "Old laptop" })).toBeVisible();
  await passkeys(page).getByText("Change", { exact: true }).click();
  await page.getByRole("button", { name: "Remove “Old laptop”" }).click();
  await expect(page.getByText("There are no passkeys yet.")).toBeVisible();
});

test("a passkey is offered where the address is typed", async ({ person: { page } }) => {
  test.skip(!hasJavaScript(), "passkeys are made with JavaScript");
  await device(page);
  await add(page, "Laptop");
  await page.goto("/settings");
  await page.getByRole("button", { name: "Sign out" }).click();
  // The device says yes to what the page offers: nobody pressed anything.
  await expect(page).toHaveURL("/dashboard");
});

test("a passkey that is removed here opens nothing any more", async ({ person: { page }, expectedFailures }) => {
  test.skip(!hasJavaScript(), "passkeys are made with JavaScript");
  expectedFailures.push("401 /api/auth/passkey/verify-authentication");
  await withoutOffers(page);
  await device(page);
  await add(page, "Laptop");
  await hydrated(page);
  await passkeys(page).getByText("Change", { exact: true }).click();
  await page.getByRole("button", { name: "Remove “Laptop”" }).click();
  await expect(page.getByText("There are no passkeys yet.")).toBeVisible();
  await signOut(page);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(said(page)).toContainText("opens no account here");
  await axe(page);
});

test("whoever says no to the browser is told that nothing was done", async ({ page }) => {
  test.skip(!hasJavaScript(), "passkeys are used with JavaScript");
  await withoutOffers(page);
  await page.addInitScript(() => {
    navigator.credentials.get = () => Promise.reject(new DOMException("", "NotAllowedError"));
  });
  await page.goto("/signin");
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(said(page)).toContainText("Nothing was done");
  await expect(page.getByRole("button", { name: "Sign in with a passkey" })).not.toHaveAttribute("aria-busy", "true");
});

test("at an address of numbers the page leads to the name", async ({ page }) => {
  test.skip(!hasJavaScript(), "passkeys are used with JavaScript");
  await page.goto(`http://127.0.0.1:${port}/signin?next=%2Fsettings`);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await said(page).getByRole("link").click();
  await expect(page).toHaveURL("/signin?next=%2Fsettings");
});

test("without a script the pages say why there are no passkeys", async ({ person: { page } }) => {
  const why = page.getByText("JavaScript, which is off");
  await page.goto("/settings/security");
  await hydrated(page);
  if (hasJavaScript()) await expect(why).toBeHidden();
  else await expect(why).toBeVisible();
  await expect(page.getByRole("button", { name: "Add a passkey" })).toBeVisible({ visible: hasJavaScript() });
  await axe(page);
  await signOut(page);
  if (hasJavaScript()) await expect(why).toBeHidden();
  else await expect(why).toBeVisible();
  await expect(page.getByRole("button", { name: "Sign in with a passkey" })).toBeVisible({ visible: hasJavaScript() });
  await axe(page);
});
