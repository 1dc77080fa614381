// People for the tests of Better Auth's client.

import { expect } from "@playwright/test";
import { randomBytes } from "node:crypto";
import { browser } from "./client";

/** Somebody without an account. */
export function newcomer(name = "Ada Lovelace") {
  const salt = randomBytes(8).toString("hex");
  return { name, email: `ada.${salt}@example.com`, password: `three words ${salt}` };
}

/** Somebody with an account, signed in. */
export async function signedUp(site: string) {
  const person = newcomer();
  const window = browser(site);
  const { error } = await window.client.signUp.email(person);
  expect(error).toBeNull();
  return { person, ...window };
}

/** A further browser of a person, signed in. */
export async function alsoSignedIn(site: string, { email, password }: { email: string; password: string }) {
  const window = browser(site);
  const { error } = await window.client.signIn.email({ email, password });
  expect(error).toBeNull();
  return window;
}
