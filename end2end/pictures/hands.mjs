// What is done on a page before its picture is taken.

import { PASSWORD } from "./town.mjs";

/** Fills in and sends a form, whatever the browser thinks of it. */
export async function submit(page, fields, button) {
  await page.evaluate(() => [...document.forms].forEach((form) => (form.noValidate = true)));
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(value);
  await page.getByRole("button", { name: button }).click();
  await page.waitForLoadState("networkidle");
}

/** The same, to be done later. */
export const submits = (fields, button) => (page) => submit(page, fields, button);

/** Presses what opens something. */
export const opens = (words) => (page) => page.getByText(words, { exact: true }).first().click();

export const goes = (page, path) => page.goto(new URL(path, page.url()).href);

export async function signIn(page, email, password = PASSWORD) {
  await goes(page, "/signin");
  await submit(page, { "E-mail": email, Password: password }, /^Sign in$/);
}

/** A device that knows its person's finger, and says yes by itself. */
export async function device(page) {
  const here = new URL(page.url());
  const cookies = await page.context().cookies();
  await page.context().addCookies(cookies.map((cookie) => ({ ...cookie, domain: "localhost" })));
  here.hostname = "localhost";
  await page.goto(here.href);
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true };
  await session.send("WebAuthn.addVirtualAuthenticator", { options: { ...options, automaticPresenceSimulation: true } });
}

export async function addPasskey(page, name) {
  await page.getByLabel("Passkey’s name").fill(name);
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.getByText("The passkey is added.").waitFor();
  await page.waitForLoadState("networkidle");
}

/** Leaves for the provider, and comes back from it as this somebody. */
export async function comesBack(page, button, email, answer = "It is me", verified = true) {
  await page.getByRole("button", { name: button }).click();
  await page.getByLabel("Address").fill(email);
  if (verified) await page.getByLabel("verified").check();
  await page.getByRole("button", { name: answer }).click();
  await page.waitForLoadState("networkidle");
}
