// Where a person is signed in, and what they hear of a device that is new.

import type { Page } from "@playwright/test";
import { axe, expect, hydrated, signIn, test, type Person } from "./house";

const SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";

/** The same person, signed in on this page of another program. */
async function elsewhere(page: Page, person: Person) {
  await signIn(page, person.email, person.password);
  await expect(page).toHaveURL("/dashboard");
  return page;
}

const sessions = (page: Page) => page.getByRole("list", { name: "Sessions" }).getByRole("listitem");

test("a person sees another session and signs it out", async ({ person, another }) => {
  const { page } = person;
  const phone = await elsewhere(await another({ userAgent: SAFARI }), person);
  await page.goto("/settings/sessions");
  await hydrated(page);
  await expect(sessions(page)).toHaveCount(2);
  await expect(sessions(page).first()).toContainText("This one");
  await expect(sessions(page).nth(1)).toContainText("Safari on iPhone");
  await axe(page);
  await page.getByRole("button", { name: /^Sign out: Safari on iPhone/ }).click();
  await expect(page.getByText("The session has ended.")).toBeVisible();
  await expect(sessions(page)).toHaveCount(1);
  await phone.goto("/settings");
  await expect(phone).toHaveURL("/signin?next=%2Fsettings");
});

test("a person signs out everywhere else, and then here too", async ({ person, another }) => {
  const { page } = person;
  const phone = await elsewhere(await another({ userAgent: SAFARI }), person);
  await page.goto("/settings/sessions");
  await page.getByRole("button", { name: "Sign out everywhere else" }).click();
  await expect(page.getByText("Every other session has ended.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Sign out everywhere else" })).toHaveCount(0);
  await phone.goto("/dashboard");
  await expect(phone).toHaveURL("/signin?next=%2Fdashboard");
  await page.getByRole("button", { name: "Sign out everywhere, here too" }).click();
  await expect(page).toHaveURL("/signin?done=signed-out-everywhere");
  await expect(page.getByText("You are signed out everywhere.")).toBeVisible();
});

test("a sign-in from a new device is told, and answered with one press", async ({ person, another }) => {
  const { page } = person;
  await page.goto("/dashboard");
  await expect(page.getByText("Was that you?")).toHaveCount(0);
  const phone = await elsewhere(await another({ userAgent: SAFARI }), person);
  await expect(phone.getByText("Was that you?")).toHaveCount(0);
  await page.goto("/dashboard");
  await hydrated(page);
  await expect(page.getByText("New sign-in from Safari on iPhone")).toBeVisible();
  await axe(page);
  await page.getByRole("button", { name: "Yes, that was me" }).click();
  await expect(page.getByText("Was that you?")).toHaveCount(0);
  await page.reload();
  await expect(page.getByText("Was that you?")).toHaveCount(0);
  await phone.reload();
  await expect(phone).toHaveURL("/dashboard");
});

test("whoever it was not is signed out, and the password’s page opens", async ({ person, another }) => {
  const { page } = person;
  const phone = await elsewhere(await another({ userAgent: SAFARI }), person);
  await page.goto("/dashboard");
  await hydrated(page);
  await page.getByRole("button", { name: "No, sign it out" }).click();
  await expect(page).toHaveURL("/settings/security?done=denied");
  await expect(page.getByText("They knew your password: change it now")).toBeVisible();
  await expect(page.getByLabel("Current password")).toBeVisible();
  await phone.reload();
  await expect(phone).toHaveURL("/signin?next=%2Fdashboard");
});
